// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Identity
import Journal
import Storage

/// What residents write to a case after it was filed is for those who work on it, until one of them publishes it: people write down
/// telephone numbers and names without thinking of who reads along.
extension Complaints {
    /// What residents write, by kind of entry.
    static let replyKinds: Set<String> = ["complaint.written", "complaint.rated", "complaint.disputed", "complaint.challenged"]

    /// Shows a resident's reply, with its photos, to everybody.
    ///
    /// - Parameter reply: the entry.
    public func publishReply(_ reply: String, of docket: String, key: String? = nil, by officer: Officer) async throws {
        try await act(on: docket, key: key) { act, complaint in
            try require(officer, mayWorkOn: complaint)
            guard !complaint.isConfidential else {
                throw Problem(
                    "complaint.confidential",
                    .conflict,
                    Text(id: "Laporan rahasia tidak ditampilkan", en: "A confidential report is not shown")
                )
            }
            let entry = try requireReply(reply, of: complaint, isPrivate: true, in: act.snapshot)
            guard let person = entry.person, let text = entry.personal?["text"]?.string else { throw Self.noReply }
            try act.append(
                "complaint.reply-published",
                to: complaint.stream,
                by: officer.actor,
                facts: .compact(["docket": .string(docket), "reply": .string(reply), "attached": entry.facts["attached"] ?? .null]),
                personal: Personal(of: person, ["text": .string(text)])
            )
        }
    }

    /// Takes a resident's reply, with its photos, out of public view again.
    public func hideReply(_ reply: String, of docket: String, key: String? = nil, by officer: Officer) async throws {
        try await act(on: docket, key: key) { act, complaint in
            try require(officer, mayWorkOn: complaint)
            let entry = try requireReply(reply, of: complaint, isPrivate: false, in: act.snapshot)
            try act.append(
                "complaint.reply-hidden",
                to: complaint.stream,
                by: officer.actor,
                facts: .compact(["docket": .string(docket), "reply": .string(reply), "withdrawn": entry.facts["attached"] ?? .null])
            )
        }
    }

    private func requireReply(_ reply: String, of complaint: Complaint, isPrivate: Bool, in snapshot: Snapshot) throws -> Entry {
        let known = try snapshot.count(
            "SELECT count(*) FROM complaint_event WHERE docket = \(complaint.docket) AND entry = \(reply) AND is_private = \(isPrivate)"
        )
        let entry = try journal.entries(of: complaint.stream, in: snapshot).first { $0.id == reply && Self.replyKinds.contains($0.kind) }
        guard known == 1, let entry else { throw Self.noReply }
        return entry
    }

    private static let noReply = Problem(
        "complaint.no-reply",
        .conflict,
        Text(id: "Balasan ini tidak ada, atau sudah diubah rekan", en: "There is no such reply, or a colleague has changed it"),
        remedy: Text(id: "Muat ulang halaman.", en: "Reload the page.")
    )
}
