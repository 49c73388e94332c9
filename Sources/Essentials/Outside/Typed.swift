// SPDX-License-Identifier: EUPL-1.2

import Foundation

/// What a person typed where a number or a day is asked for. Nothing is guessed: what could mean two things is refused with both.
public enum Typed<Value: Sendable & Hashable>: Sendable, Hashable {
    /// Nothing was typed.
    case nothing
    /// It can mean this and nothing else.
    case one(Value)
    /// It cannot be taken; says why, and what to write.
    case refused(Text)

    /// What it means, where it means one thing.
    public var value: Value? { if case .one(let value) = self { value } else { nil } }

    /// Why it cannot be taken; nil where it can, or nothing was typed.
    public var fault: Text? { if case .refused(let why) = self { why } else { nil } }

    func map<Other>(_ transform: (Value) -> Typed<Other>) -> Typed<Other> {
        switch self {
        case .nothing: .nothing
        case .one(let value): transform(value)
        case .refused(let why): .refused(why)
        }
    }
}

/// Characters as keyboards and other programs write them, brought to the ones that are read.
enum TypedText {
    /// Longer than anything that is meant as a number or a day.
    static let limit = 64

    /// Digits of every script as 0–9, every kind of space as one, marks and dashes of every width as `,` `.` `-`; nil where it is too
    /// long to be a number or a day.
    static func plain(_ text: String) -> String? {
        guard text.utf8.count <= 4 * limit else { return nil }
        var plain = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\u{066B}", "\u{FF0C}": plain += ","
            case "\u{066C}", "\u{FF0E}": plain += "."
            case "\u{2010}"..."\u{2015}", "\u{2212}", "\u{FF0D}": plain += "-"
            // Marks of direction, and what joins or parts letters, are not to be seen.
            case "\u{200B}"..."\u{200F}", "\u{202A}"..."\u{202E}", "\u{2060}", "\u{2066}"..."\u{2069}", "\u{FEFF}": continue
            case let scalar where scalar.properties.numericType == .decimal:
                plain += String(Int(scalar.properties.numericValue ?? 0))
            case let scalar where scalar.properties.isWhitespace: plain += " "
            default: plain.unicodeScalars.append(scalar)
            }
        }
        return plain.count <= limit ? plain.trimmingCharacters(in: .whitespaces) : nil
    }
}
