// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Identity
import Journal
import Storage

/// What makes a case confidential, and what opens it again. A kind that is always confidential makes every case of it so, whichever
/// way the case came by it; what its reporter asked to be confidential is nobody's to open.
extension Complaints {
    /// Takes a case out of public view, with a reason.
    public func makeConfidential(_ docket: String, reason: String, key: String? = nil, by officer: Officer) async throws {
        try await act(on: docket, key: key) { act, complaint in
            try require(officer, mayWorkOn: complaint)
            guard !complaint.isConfidential else { throw Self.isConfidentialAlready }
            let reason = try require(reason, field: "text", limit: 500)
            try hide(complaint, reason: reason, by: officer.actor, in: act)
            try hideBelonging(to: complaint, by: officer.actor, in: act)
        }
    }

    /// Opens a case again that staff made confidential, with a reason: an act of a supervisor.
    public func makePublic(_ docket: String, reason: String, key: String? = nil, by officer: Officer) async throws {
        try await act(on: docket, key: key) { act, complaint in
            guard officer.roles.contains(.supervisor) else { throw Self.notAllowed }
            guard complaint.isConfidential else {
                throw Problem("complaint.public", .conflict, Text(id: "Berkas ini sudah terbuka", en: "This case is public already"))
            }
            guard try mayOpen(complaint, in: act.snapshot) else {
                throw Problem(
                    "complaint.must-be-confidential",
                    .conflict,
                    Text(id: "Berkas ini harus tetap rahasia", en: "This case has to stay confidential"),
                    remedy: Text(
                        id: "Jenisnya selalu rahasia, atau pelapornya yang meminta.",
                        en: "Its kind is always confidential, or its reporter asked for it."
                    )
                )
            }
            let reason = try require(reason, field: "text", limit: 500)
            let entries = try journal.entries(of: complaint.stream, in: act.snapshot)
            // Officers' words from before come back. What was said in confidence stays so, and residents' replies stay private until
            // somebody publishes them again.
            let open = try act.snapshot.rows(
                "SELECT entry FROM complaint_event WHERE docket = \(docket) AND is_private = 0 AND is_internal = 0"
            ) { try $0(0, as: String.self) }
            var texts: [String: JSON] = [:]
            for entry in entries where open.contains(entry.id) { texts[entry.id] = entry.inner?["text"] }
            // What was taken out of the story stays out.
            let edited = entries.last { $0.kind == "complaint.redacted" }?.personal?["story"]
            let report = entries.first?.personal?.object.map { filed in filed.merging(edited.map { ["story": $0] } ?? [:]) { $1 } }
            try act.append(
                "complaint.made-public",
                to: complaint.stream,
                by: officer.actor,
                facts: ["docket": .string(docket), "confidential": false],
                inner: ["text": .string(reason), "texts": .object(texts)],
                personal: report.map { Personal(of: complaint.person, .object($0)) }
            )
        }
    }

    /// Whether neither the kind of a case nor its reporter asks for it to be confidential.
    func mayOpen(_ complaint: Complaint, in snapshot: Snapshot) throws -> Bool {
        guard city.complaints.category(complaint.category)?.isConfidential != true else { return false }
        return try report(of: complaint, in: snapshot)?.isConfidential == false
    }

    /// What the public may know of a confidential case in the place of its title: its kind.
    func confidentialFacts(_ category: String) -> [String: JSON] {
        ["confidential": true, "title": .string(city.complaints.category(category)?.name.id ?? category)]
    }

    private func hide(_ complaint: Complaint, reason: String? = nil, by actor: Actor, in act: Act) throws {
        try act.append(
            "complaint.made-confidential",
            to: complaint.stream,
            by: actor,
            facts: .object(confidentialFacts(complaint.category).merging(["docket": .string(complaint.docket)]) { $1 }),
            inner: reason.map { ["text": .string($0)] }
        )
    }

    /// What was split from a case or merged into it tells the same story, and goes with it.
    func hideBelonging(to complaint: Complaint, by actor: Actor, in act: Act) throws {
        var waiting = [complaint.docket]
        var seen: Set<String> = [complaint.docket]
        while let docket = waiting.popLast() {
            let others = try act.snapshot.rows("SELECT \(Complaint.columns) FROM complaint WHERE parent = \(docket)") { try Complaint($0) }
            for other in others where seen.insert(other.docket).inserted {
                if !other.isConfidential { try hide(other, by: actor, in: act) }
                waiting.append(other.docket)
            }
        }
    }

    /// Takes out of public view a case of what a pack has since made a confidential kind.
    func hideConfidentialKind(_ docket: String) async throws -> Instant? {
        try await act(on: docket, key: nil) { act, complaint in
            guard !complaint.isConfidential else { return }
            try hide(complaint, by: .system, in: act)
            try hideBelonging(to: complaint, by: .system, in: act)
        }
        return nil
    }

    /// What only the staff may read.
    static let internalKinds: Set<String> = [
        "complaint.noted", "complaint.assigned", "complaint.redacted", "complaint.reply-published", "complaint.reply-hidden",
    ]

    private static let isConfidentialAlready = Problem(
        "complaint.confidential",
        .conflict,
        Text(id: "Berkas ini sudah rahasia", en: "This case is confidential already")
    )
}
