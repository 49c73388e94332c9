// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Essentials
import Identity
import Journal
import Storage

/// Contacts that may not file for a while, because what came from them was abuse. The telephone and the counter stay open
/// to them: the right to complain does not end (UU 25/2009 art. 18).
extension Complaints {
    /// Days for which a contact stays blocked.
    public static let blockDays = 30

    /// A contact that is blocked; the contact itself is not told.
    public struct Block: Sendable {
        /// The entry that blocked it.
        public let entry: String
        /// The case that it was blocked for.
        public let docket: String
        /// Why.
        public let reason: String
        /// Until when.
        public let until: Instant
    }

    /// Blocks the contact of a case's reporter for ``blockDays`` days.
    public func blockContact(_ docket: String, reason: String, key: String? = nil, by officer: Officer) async throws {
        try await act(on: docket, key: key) { act, complaint in
            guard officer.roles.contains(.screener) else { throw Self.notAllowed }
            let reason = try require(reason, field: "text", limit: 300)
            let index = try act.snapshot.find("SELECT contact_index FROM complaint_contact WHERE docket = \(docket)") {
                try $0(0, as: String.self)
            }
            guard let index else {
                throw Problem(
                    "block.no-contact",
                    .conflict,
                    Text(id: "Laporan ini tidak punya kontak untuk diblokir", en: "This report has no contact to block")
                )
            }
            try act.append(
                "contact.blocked",
                to: "block/\(Identifier(at: act.now))",
                by: officer.actor,
                facts: ["docket": .string(docket)],
                inner: [
                    "reason": .string(reason),
                    "until": .integer(act.now.adding(seconds: Int64(Self.blockDays) * 86_400).milliseconds),
                ],
                // Under a key of its own: the block may outlive the report, and goes when it ends.
                personal: Personal(of: Identifier(at: act.now), ["contact": .string(index)])
            )
        }
    }

    /// Lets a blocked contact file again.
    public func unblock(_ entry: String, by officer: Officer) async throws {
        guard officer.roles.contains(.screener) else { throw Self.notAllowed }
        try await journal.commit { act in
            let person = try act.snapshot.find("SELECT person FROM contact_block WHERE entry = \(entry)") { try $0(0, as: String.self) }
            guard let person = person.flatMap({ Identifier($0) }) else { return }
            try act.append("contact.unblocked", to: "block/\(entry)", by: officer.actor, facts: ["block": .string(entry)])
            try act.erase(person, by: officer.actor, basis: "UU 27/2022 ps. 43")
        }
    }

    /// Erases the contacts whose block is over.
    func eraseEndedBlocks() async throws {
        let ended = DutyBook.Items("contact_block", key: "person", where: "until < \(journal.clock.now)")
        try await book.each("block.end", ended) { person in
            guard let person = Identifier(person) else { return nil }
            try await journal.commit { act in try act.erase(person, by: .system, basis: "UU 27/2022 ps. 43") }
            return nil
        }
    }

    /// Contacts that are blocked now.
    public func blocks() async throws -> [Block] {
        try await journal.read {
            try $0.rows(
                "SELECT entry, docket, reason, until FROM contact_block WHERE until > \(journal.clock.now) ORDER BY until DESC LIMIT 200"
            ) {
                Block(entry: try $0(0), docket: try $0(1), reason: try $0(2), until: try $0(3))
            }
        }
    }

    /// Refuses a contact that is blocked.
    func requireNotBlocked(_ contact: Report.Contact, in act: Act) throws {
        guard let address = contact.address else { return }
        let index = journal.vault.blindIndex(address)
        guard try act.snapshot.count("SELECT count(*) FROM contact_block WHERE contact_index = \(index) AND until > \(act.now)") > 0 else {
            return
        }
        throw Problem(
            "contact.blocked",
            .forbidden,
            Text(
                id: "Laporan dari kontak ini untuk sementara tidak bisa dikirim lewat web",
                en: "Reports from this contact cannot be sent online for now"
            ),
            remedy: Text(
                id: "Telepon \(city.contact.telephone) atau datang ke loket; hak Anda untuk mengadu tetap ada.",
                en: "Call \(city.contact.telephone) or come to a counter; your right to complain remains."
            )
        )
    }
}
