// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Identity
import Journal
import Notifications
import Storage

/// Erasing somebody whom complaints know.
extension Complaints {
    /// Erases the reporter’s personal data (UU 27/2022 art 8, 43): the key is destroyed, the record of acts stays, and they are told where
    /// their contact is proven.
    ///
    /// - Parameter allowed: throws where whoever has the proven contact of the report, which it is given by its blind index, must not have
    ///   it erased now.
    public func erase(
        _ docket: String,
        by actor: Actor,
        basis: String,
        if allowed: @escaping @Sendable (_ contact: String, _ snapshot: Snapshot) throws -> Void = { _, _ in }
    ) async throws {
        try await journal.commit { act in
            let complaint = try Self.require(docket, in: act.snapshot)
            let contact = try act.snapshot.find("SELECT contact_index FROM complaint_contact WHERE docket = \(docket) AND is_proven = 1") {
                try $0(0, as: String.self)
            }
            if let contact { try allowed(contact, act.snapshot) }
            // The parts of a report that was split share one key.
            let open = try act.snapshot.rows(
                "SELECT docket FROM complaint WHERE person = \(complaint.person.description) AND (is_open = 1 OR docket = \(docket))"
            ) { try $0(0, as: String.self) }.filter { try Self.require($0, in: act.snapshot).stage.isOpen }
            guard open.isEmpty else {
                throw Problem(
                    Self.openCase,
                    .conflict,
                    open == [docket]
                        ? Text(id: "Berkas ini masih berjalan", en: "This case is still open")
                        : Text(
                            id: "Bagian lain laporan Anda masih berjalan: \(open.joined(separator: ", "))",
                            en: "Another part of your report is still open: \(open.joined(separator: ", "))"
                        ),
                    remedy: Text(
                        id: "Tarik laporannya dulu, atau tunggu sampai ditutup (UU 27/2022 ps. 15).",
                        en: "Withdraw the report first, or wait until it is closed (Law 27/2022 art. 15)."
                    )
                )
            }
            if let kept = try evidence(of: complaint.person, in: act.snapshot) {
                throw Problem(Self.isEvidence, .conflict, Self.kept(kept), remedy: Self.keptUntil)
            }
            try erase(complaint.person, by: actor, ground: ErasureGround(basis), in: act)
        }
    }

    /// Erases the reports that were made with any of these contacts, which have to be proven for each, and that have ended: those of
    /// which a part is still handled stay, and those that are matter of a legal case.
    public func eraseEnded(of contacts: [Contact], basis: String) async throws {
        let indexes = contacts.compactMap(\.address).map { journal.vault.blindIndex($0) }
        let ended = try await journal.read { snapshot in
            try snapshot.rows(
                """
                SELECT docket FROM complaint WHERE is_open = 0
                    AND docket IN (SELECT docket FROM complaint_contact WHERE is_proven = 1 AND contact_index IN \(in: indexes))
                ORDER BY filed_at
                """
            ) { try $0(0, as: String.self) }
        }
        for docket in ended {
            do {
                try await erase(docket, by: .resident, basis: basis)
            } catch let problem as Problem where [Self.openCase, Self.isEvidence].contains(problem.code) {
                continue
            }
        }
    }

    /// Reports that were made with any of these contacts, which have to be proven for each, and that are not erased.
    public func staying(of contacts: [Contact]) async throws -> [String] {
        let indexes = contacts.compactMap(\.address).map { journal.vault.blindIndex($0) }
        return try await journal.read { snapshot in
            try snapshot.rows(
                """
                SELECT docket FROM complaint
                WHERE docket IN (SELECT docket FROM complaint_contact WHERE is_proven = 1 AND contact_index IN \(in: indexes))
                ORDER BY filed_at
                """
            ) { try $0(0, as: String.self) }
        }
    }

    private static let openCase = "erase.open-case"
    private static let isEvidence = "erase.evidence"

    /// Erases a reporter or somebody who asked for news, and tells them where news went (UU 27/2022 art. 45). The journal keeps the
    /// ground in Indonesian; the letter says it in its reader's language.
    func erase(_ person: Identifier, by actor: Actor, ground: ErasureGround, in act: Act) throws {
        let letters = try farewells(to: person, in: act.snapshot)
        try act.erase(person, by: actor, basis: ground.basis.id)
        // Written after what waited for them was taken away.
        for letter in letters {
            let words = city.erasedLetter(of: letter.what, ground: ground)
            try Written(words, letter.language).send(
                to: letter.contact,
                about: letter.dockets.first ?? "",
                outlivesErasure: true,
                in: act,
                vault: journal.vault
            )
        }
    }

    private struct Farewell {
        let contact: Report.Contact
        let language: Language
        var dockets: [String] = []
        var isFollower = false

        /// A mail lists every case; an SMS, which is short, names the first and counts the others.
        var what: Text {
            var parts: [Text] = []
            if case .phone = contact, dockets.count > 1 {
                let more = dockets.count - 1
                parts.append(Text(id: "laporan \(dockets[0]) dan \(more) lainnya", en: "report \(dockets[0]) and \(more) more"))
            } else if !dockets.isEmpty {
                parts.append(
                    Text(
                        id: dockets.map { "laporan \($0)" }.joined(separator: ", "),
                        en: dockets.map { "report \($0)" }.joined(separator: ", ")
                    )
                )
            }
            if isFollower { parts.append(Text(id: "kontak Anda untuk kabar", en: "your contact for news")) }
            return Text(id: parts.map(\.id).joined(separator: ", "), en: parts.map(\.en).joined(separator: ", "))
        }
    }

    /// Whom to tell of what: one letter for each contact that is known to be the person's own, by the code that its reporter wrote,
    /// by the operator who brought the SMS, or because its owner agreed to news. Any other may be a stranger's and is told nothing,
    /// also where an officer vouched for the report, or a merge made its reporter a follower.
    private func farewells(to person: Identifier, in snapshot: Snapshot) throws -> [Farewell] {
        var letters: [Farewell] = []
        func add(_ contact: Report.Contact, _ language: Language, _ change: (inout Farewell) -> Void) {
            if !letters.contains(where: { $0.contact == contact }) { letters.append(Farewell(contact: contact, language: language)) }
            for index in letters.indices where letters[index].contact == contact { change(&letters[index]) }
        }
        for entry in try journal.entries(about: person, in: snapshot) {
            guard let personal = entry.personal else { continue }
            switch entry.kind {
            case "complaint.filed":
                let docket = String(entry.stream.dropFirst("complaint/".count))
                let complaint = try Self.require(docket, in: snapshot)
                guard try isProven(complaint, in: snapshot), let report = try report(of: complaint, in: snapshot) else { continue }
                add(report.contact, report.language) { $0.dockets.append(docket) }
            case "complaint.followed", "area.watched":
                guard entry.isAgreed, let contact = personal["contact"]?.string.flatMap({ Report.Contact($0) }) else { continue }
                add(contact, personal["language"]?.string.flatMap(Language.init) ?? .indonesian) { $0.isFollower = true }
            default: continue
            }
        }
        return letters
    }
}
