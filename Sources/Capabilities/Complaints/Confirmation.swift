// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Essentials
import Identity
import Journal
import Notifications
import Storage

/// Whether the contact of a report is its reporter's. Whoever has the code confirms the report, and its clocks begin; but a code
/// alone proves nothing about the reporter, since a mistyped address belongs to a stranger. Only the code and the reporter's key
/// together do, and only then does anything that opens the case go to the contact, or show on the page of whoever signs in with it.
extension Complaints {
    /// Confirms a report with the code that was sent to its contact.
    ///
    /// - Parameter holder: the reporter's key, where the browser has one.
    public func confirm(_ docket: String, code: String, holder: String? = nil) async throws {
        let hash = journal.vault.tokenHash(code.filter { $0 != " " && $0 != "-" })
        let isRight = try await journal.operate { transaction -> Bool? in
            let now = journal.clock.now
            let found = try transaction.find(
                "SELECT code_hash FROM complaint_code WHERE docket = \(docket) AND expires_at > \(now) AND attempts < 10"
            ) { try $0(0, as: String.self) }
            guard let found else { return nil }
            if constantTimeEqual(Array(found.utf8), Array(hash.utf8)) { return true }
            try transaction.execute("UPDATE complaint_code SET attempts = attempts + 1 WHERE docket = \(docket)")
            return false
        }
        let known = try await find(docket)
        guard isRight == true else {
            if let known, known.stage != .unconfirmed, isRight == nil { return }
            throw Self.codeRefused(isTooOld: isRight == nil)
        }
        try await act(on: docket, key: nil) { act, complaint in
            let isProof = try holds(holder, of: complaint) && !isProven(complaint, in: act.snapshot)
            if complaint.stage == .unconfirmed {
                var facts = beginning(complaint.classification, at: act.now)
                facts["docket"] = .string(docket)
                if isProof { facts["proven"] = true }
                try act.append("complaint.confirmed", to: complaint.stream, by: .resident, facts: .object(facts))
            } else if isProof {
                try act.append(
                    "complaint.contact-proven",
                    to: complaint.stream,
                    by: .resident,
                    facts: ["docket": .string(docket), "proven": true]
                )
            }
            guard isProof else { return }
            try act.operate { try $0.execute("DELETE FROM complaint_code WHERE docket = \(docket)") }
            try tellPrivatePage(complaint, holder: holder, in: act)
        }
    }

    /// Whether the contact of a case waits for its code, as its reporter is asked for it.
    public func awaitsProof(_ docket: String) async throws -> Bool {
        let now = journal.clock.now
        return try await journal.read {
            try $0.count("SELECT count(*) FROM complaint_code WHERE docket = \(docket) AND expires_at > \(now) AND attempts < 10") > 0
        }
    }

    func isProven(_ complaint: Complaint, in snapshot: Snapshot) throws -> Bool {
        try snapshot.count("SELECT count(*) FROM complaint_contact WHERE docket = \(complaint.docket) AND is_proven = 1") > 0
    }

    /// A telephone has the page open.
    private func tellPrivatePage(_ complaint: Complaint, holder: String?, in act: Act) throws {
        guard let key = holder, let report = try report(of: complaint, in: act.snapshot),
            case .mail = report.contact
        else { return }
        let values = ["docket": Text(same: complaint.docket), "link": Text(same: "\(origin)/berkas/\(complaint.docket)?kunci=\(key)")]
        try tell(report.contact, .confirmed, values, report.language, docket: complaint.docket, in: act)
    }

    private static func codeRefused(isTooOld: Bool) -> Problem {
        Problem.fields([
            Problem.Field(
                "code",
                isTooOld
                    ? Text(
                        id: "Kode ini sudah kedaluwarsa atau terlalu sering salah. Buat laporan baru",
                        en: "This code has expired or was wrong too often. Make a new report"
                    )
                    : Text(
                        id: "Kode tidak cocok. Tulis enam angka dari pesan kami",
                        en: "The code does not match. Write the six digits from our message"
                    )
            )
        ])
    }
}
