// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Forms
import Identity
import Journal
import Notifications
import Storage

/// Looking at a resident's identity card, once, at a counter that the city names for it.
extension Residents {
    /// Seconds for which a code for the counter is good.
    public static let counterCodeLifetime: Int64 = 1800

    /// A code that the resident reads out at the counter, so that an officer finds the right account.
    ///
    /// - Parameter visitor: the browser that asks; a clerk's own would be the clerk's own account.
    public func counterCode(of resident: Resident, visitor: String? = nil) async throws -> String {
        try await journal.commit { act in
            try ContactCodes.issue(
                for: "counter:\(resident.id)",
                keeping: visitor ?? "",
                seconds: Self.counterCodeLifetime,
                in: act,
                vault: journal.vault
            )
        }
    }

    /// Whether an officer looks at identity cards: a clerk of a counter that the city names for it.
    public func mayIdentify(_ officer: Officer) -> Bool {
        officer.roles.contains(.clerk) && city.counterChecksIdentity(at: officer.agency)
    }

    /// Refuses an officer whose counter looks at no cards.
    public func requireMayIdentify(_ officer: Officer) throws {
        guard mayIdentify(officer) else {
            throw Problem(
                "identity.not-allowed",
                .forbidden,
                Text(id: "Loket Anda tidak memeriksa identitas", en: "Your counter does not check identities"),
                remedy: Text(id: "Kota menunjuk loket yang memeriksa KTP.", en: "The city names the counters that look at cards.")
            )
        }
    }

    /// Records that an officer looked at somebody's identity card. The officer learns nothing of it but that it is recorded: whether
    /// another account has the NIK is the resident's to know.
    ///
    /// - Parameters:
    ///   - contact: a contact of the account.
    ///   - code: what its owner read out.
    ///   - name: the name on the card.
    ///   - number: the NIK on the card.
    ///   - visitor: the browser at which the officer sits.
    public func identify(
        contact text: String,
        code: String,
        name: String,
        number digits: String,
        visitor: String? = nil,
        by officer: Officer
    ) async throws {
        try requireMayIdentify(officer)
        let number = try Self.checked(name, digits)
        guard !Self.isSame(name, officer.name) else { throw Self.ownCard }
        let vault = journal.vault
        let found = try await journal.commit { act -> Check in
            let index = vault.blindIndex(Contact(text)?.address ?? "")
            let owner = try act.snapshot.find("SELECT resident FROM resident_contact WHERE contact_index = \(index)") {
                try $0(0, as: String.self)
            }
            // The code comes first: nothing is said or looked up about a card whose owner is not here.
            guard let owner, let resident = Identifier(owner),
                let asker = try ContactCodes.take(code, for: "counter:\(resident)", in: act, vault: vault)
            else { return .wrongCode }
            guard asker.isEmpty || asker != visitor else { return .ownBrowser }
            let numberIndex = vault.blindIndex("nik:\(number.digits)")
            let other = try act.snapshot.find("SELECT resident FROM resident_number WHERE number_index = \(numberIndex)") {
                try $0(0, as: String.self)
            }
            if let other, other != owner {
                try act.append("resident.number-contested", to: "resident/\(resident)", by: officer.actor)
                try warn(other, in: act)
                return .recorded
            }
            try act.append(
                "resident.identified",
                to: "resident/\(resident)",
                by: officer.actor,
                personal: Personal(
                    of: resident,
                    ["details": ["name": .string(name), "resident-number": .string(number.digits)]]
                )
            )
            return .recorded
        }
        switch found {
        case .recorded: return
        case .wrongCode: throw ContactCodes.refused()
        case .ownBrowser: throw Self.ownCard
        }
    }

    private enum Check { case recorded, wrongCode, ownBrowser }

    /// Tells the account that has a NIK that somebody showed a card with it for another one.
    private func warn(_ other: String, in act: Act) throws {
        guard let owner = try Identifier(other).flatMap({ try resident($0, in: act.snapshot) }) else { return }
        let letter = city.messages(.numberElsewhere, ["link": Text(same: "\(origin)/saya")])
        for contact in owner.contacts {
            try Written(letter, .indonesian).send(to: contact, in: act, vault: journal.vault)
        }
    }

    private static func checked(_ name: String, _ digits: String) throws -> ResidentNumber {
        var faults: [Problem.Field] = []
        if name.isEmpty || name.count > 120 {
            faults.append(Problem.Field("name", Text(id: "Tulis nama seperti di KTP", en: "Write the name as it is on the card")))
        }
        let number = ResidentNumber(digits)
        if number == nil {
            faults.append(
                Problem.Field("number", Text(id: "NIK terdiri dari 16 angka; periksa lagi di KTP", en: "A NIK has 16 digits; look again"))
            )
        }
        guard let number, faults.isEmpty else { throw Problem.fields(faults) }
        return number
    }

    private static func isSame(_ one: String, _ other: String) -> Bool {
        func plain(_ name: String) -> String { name.lowercased().filter(\.isLetter) }
        return !plain(one).isEmpty && plain(one) == plain(other)
    }

    private static let ownCard = Problem(
        "identity.own",
        .conflict,
        Text(id: "Identitas Anda sendiri diperiksa rekan lain", en: "Your own identity is checked by a colleague"),
        remedy: Text(
            id: "Datang ke rekan yang bertugas memeriksa, dengan ponsel Anda sendiri.",
            en: "Go to a colleague who checks identities, with your own phone."
        )
    )
}
