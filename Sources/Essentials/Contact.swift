// SPDX-License-Identifier: EUPL-1.2

import Foundation

/// How somebody can be reached.
public enum Contact: Sendable, Hashable {
    /// Not at all.
    case none
    /// By mail.
    case mail(String)
    /// By SMS, in international form.
    case phone(String)

    /// The address or number; nil where there is none.
    public var address: String? {
        switch self {
        case .none: nil
        case .mail(let address), .phone(let address): address
        }
    }
}

/// A telephone number or mail address brought into one form, so that the same person is always the same bytes.
extension Contact {
    /// Reads a mail address or an Indonesian telephone number; nil when it is neither.
    public init?(_ text: String) {
        let trimmed = text.trimmingCharacters(in: .whitespaces)
        if trimmed.contains("@") {
            let parts = trimmed.split(separator: "@", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, parts[1].contains("."), !parts[1].hasPrefix("."), !parts[1].hasSuffix("."),
                trimmed.utf8.count <= 254,
                trimmed.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x3C && $0 != 0x3E && $0 != 0x22 && $0 != 0x2C && $0 != 0x3B }
                )
            else { return nil }
            // Mail servers tell no capitals apart, and people write them either way.
            self = .mail(trimmed.lowercased())
            return
        }
        let digits = trimmed.filter { $0 != "-" && $0 != " " && $0 != "." && $0 != "(" && $0 != ")" }
        var national: Substring
        if digits.hasPrefix("+62") {
            national = digits.dropFirst(3)
        } else if digits.hasPrefix("62") {
            national = digits.dropFirst(2)
        } else if digits.hasPrefix("0") {
            national = digits.dropFirst()
        } else {
            return nil
        }
        if national.hasPrefix("0") { national = national.dropFirst() }
        guard (8...12).contains(national.count), national.utf8.allSatisfy({ (0x30...0x39).contains($0) }), national.first == "8" else {
            return nil
        }
        self = .phone("+62\(national)")
    }

    /// Reads a contact that somebody was asked for.
    ///
    /// - Throws: a problem that names the field and says how to write it.
    public init(required text: String, field: String = "contact") throws(Problem) {
        guard let contact = Contact(text) else { throw Problem.fields([Problem.Field(field, Self.howToWrite)]) }
        self = contact
    }

    /// How a contact is written, for whoever wrote it otherwise.
    public static let howToWrite = Text(
        id: "Tulis nomor HP seperti 0812-3456-7890, atau alamat email",
        en: "Write a mobile number such as 0812-3456-7890, or an e-mail address"
    )

    /// The contact with most of it hidden: `08••-••••-••27`, `s•••@contoh.id`.
    public var masked: String { masked(showing: 1) }

    /// The contact with as little shown as tells it from others of the same account.
    public func masked(among others: [Contact]) -> String {
        let others = others.filter { $0 != self }
        let telling = (1...4).first { letters in !others.contains { $0.masked(showing: letters) == masked(showing: letters) } }
        return masked(showing: telling ?? 1)
    }

    /// - Parameter letters: how many letters of an address are shown, or pairs of digits of a number.
    private func masked(showing letters: Int) -> String {
        switch self {
        case .none: return "–"
        case .mail(let address): return "\(address.prefix(letters))•••@\(address.split(separator: "@").last ?? "")"
        case .phone(let number):
            let end = String(repeating: "•", count: 10 - 2 * letters) + number.suffix(2 * letters)
            return "0\(number.dropFirst(3).prefix(1))\(end.prefix(2))-\(end.dropFirst(2).prefix(4))-\(end.suffix(4))"
        }
    }
}
