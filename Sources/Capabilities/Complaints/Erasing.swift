// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Identity
import Journal
import Notifications
import Storage

/// Erasing somebody whom complaints know.
extension Complaints {
    /// Erases the reporter's personal data (UU 27/2022 art 8, 43): the key is destroyed, the record of acts stays, and they are told.
    public func erase(_ docket: String, by actor: Actor, basis: String) async throws {
        try await journal.commit { act in
            let complaint = try Self.require(docket, in: act.snapshot)
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
            try erase(complaint.person, by: actor, basis: basis, in: act)
        }
    }

    /// Erases the reports that were made with any of these contacts, which have to be proven for each, and that have ended: those of
    /// which a part is still handled stay.
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
            } catch let problem as Problem where problem.code == Self.openCase {
                continue
            }
        }
    }

    private static let openCase = "erase.open-case"

    /// Erases a reporter or somebody who asked for news, and tells them where news went (UU 27/2022 art. 45).
    func erase(_ person: Identifier, by actor: Actor, basis: String, in act: Act) throws {
        let letters = try farewells(to: person, in: act.snapshot)
        try act.erase(person, by: actor, basis: basis)
        // Written after what waited for them was taken away.
        for letter in letters {
            let values = ["what": letter.what, "basis": Text(same: basis)]
            try tell(letter.contact, .erased, values, letter.language, docket: letter.docket, in: act)
        }
    }

    private struct Farewell {
        let contact: Report.Contact
        let language: Language
        let what: Text
        let docket: String
    }

    /// Whom to tell of what: a contact that was never confirmed may be a stranger's, and is told nothing.
    private func farewells(to person: Identifier, in snapshot: Snapshot) throws -> [Farewell] {
        try journal.entries(about: person, in: snapshot).compactMap { entry in
            switch entry.kind {
            case "complaint.filed":
                let docket = String(entry.stream.dropFirst("complaint/".count))
                let isConfirmed = entry.facts["stage"]?.string != Stage.unconfirmed.rawValue
                guard let personal = entry.personal, try isConfirmed || wasConfirmed(entry.stream, in: snapshot) else { return nil }
                let report = Report(json: personal)
                let what = Text(id: "laporan \(docket)", en: "report \(docket)")
                return Farewell(contact: report.contact, language: report.language, what: what, docket: docket)
            case "complaint.followed", "area.watched":
                guard let contact = entry.personal?["contact"]?.string.flatMap({ Report.Contact($0) }) else { return nil }
                let language = entry.personal?["language"]?.string.flatMap(Language.init) ?? .indonesian
                let what = Text(id: "kontak Anda untuk kabar", en: "your contact for news")
                return Farewell(contact: contact, language: language, what: what, docket: "")
            default: return nil
            }
        }
    }

    private func wasConfirmed(_ stream: String, in snapshot: Snapshot) throws -> Bool {
        try snapshot.count("SELECT count(*) FROM entry WHERE stream = \(stream) AND kind = 'complaint.confirmed'") > 0
    }
}
