// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Documents
import Essentials
import Foundation
import Identity
import Journal
import Notifications
import Storage

extension Complaints {
    /// What a reporter is given at filing.
    public struct Receipt: Sendable, Hashable {
        /// The number of the case.
        public let docket: String
        /// The key with which the reporter alone opens the private part of the case.
        public let key: String
        /// Whether the contact has still to be confirmed.
        public let needsConfirmation: Bool
    }

    /// Files a report. The same key files it once, however often it is sent.
    ///
    /// - Parameters:
    ///   - report: checked again here.
    ///   - person: whose key seals it; the drafts's person, so that its photos open with the same key.
    ///   - key: the idempotency key of the form.
    ///   - seconds: within which the same key finds its first case, and only while that is open and its reporter not erased; after it
    ///     the key files another report. Without it the first case is found for as long as keys are kept, 90 days.
    ///   - isTrusted: the report needs no confirmation: a clerk, a telephone's operator or another program vouches for it.
    ///   - actor: who files.
    ///   - network: whence a resident sends it, for the limit on messages.
    public func file(
        _ report: Report,
        person: Identifier,
        key: String,
        within seconds: Int64? = nil,
        isTrusted: Bool = false,
        by actor: Actor = .resident,
        at filedAt: Instant? = nil,
        network: String? = nil
    ) async throws -> Receipt {
        let report = report.plain()
        let faults = report.faults(in: .review, city: city)
        guard faults.isEmpty else { throw Problem.fields(faults) }
        let needsConfirmation = !isTrusted && report.contact != .none
        let code = confirmationCode(key: key)
        // Only an operator vouches for the contact as well. A clerk mistypes, and another program knows its user, not the city.
        let isProven = report.channel == "sms"
        let isAsked = needsConfirmation || (report.contact != .none && Self.intakeChannels.contains { $0.code == report.channel })
        // Counted before the act, which may run more than once.
        let heldUntil =
            isAsked ? MessageBudget.take(for: report.contact, from: network, vault: journal.vault, now: journal.clock.now) : nil
        @Sendable func stands(_ act: Act, _ docket: String, _ at: Instant) throws -> Bool {
            guard let seconds else { return true }
            return try at.adding(seconds: seconds) > act.now && goesOn(docket, in: act.snapshot)
        }
        let result = try await journal.commit(once: "file:\(key)", of: report.words, while: stands) { act in
            if !isTrusted { try requireNotBlocked(report.contact, in: act) }
            let docket = try newDocket(in: act)
            try open(
                report,
                docket: docket,
                person: person,
                accessHash: journal.vault.tokenHash(accessKey(filedUnder: key, as: docket)),
                at: filedAt ?? act.now,
                by: actor,
                isConfirmed: !needsConfirmation,
                isProven: isProven,
                in: act
            )
            if isAsked {
                try act.operate { transaction in
                    try transaction.execute(
                        """
                        INSERT INTO complaint_code (docket, code_hash, expires_at, attempts, held_until)
                        VALUES (\(docket), \(journal.vault.tokenHash(code)), \(act.now.adding(seconds: 3 * 86_400)), 0, \(heldUntil))
                        """
                    )
                }
                if heldUntil == nil { try tellConfirmation(report, docket: docket, code: code, in: act) }
            }
            return docket
        }
        let docket = result.result
        return Receipt(docket: docket, key: accessKey(filedUnder: key, as: docket), needsConfirmation: needsConfirmation)
    }

    /// Whether somebody still waits for something in a case: it is open, which one that was merged away is not, and its reporter is
    /// not erased.
    private func goesOn(_ docket: String, in snapshot: Snapshot) throws -> Bool {
        let complaint = try Self.require(docket, in: snapshot)
        return try complaint.stage.isOpen && journal.vault.personKey(complaint.person, in: snapshot) != nil
    }

    /// Derived, not drawn: a form that is sent twice must be given the same key twice. The docket is part of it: a key that files
    /// again later opens only its second case with what it is given then.
    func accessKey(filedUnder key: String, as docket: String) -> String {
        String(journal.vault.tokenHash("access", parts: [key, docket]).prefix(22))
    }

    private func confirmationCode(key: String) -> String {
        let bytes = Array(journal.vault.tokenHash("code:\(key)").utf8)
        return (bytes.reduce(0) { ($0 &* 131 &+ Int($1)) & 0x7FFF_FFFF } % 1_000_000).padded(6)
    }

    func newDocket(in act: Act) throws -> String {
        var generator = SystemRandomNumberGenerator()
        let year = act.now.date(in: city.zone).parts.year
        for _ in 0..<20 {
            let docket = Docket(kind: "LPR", year: year, using: &generator).description
            if try act.snapshot.count("SELECT count(*) FROM complaint WHERE docket = \(docket)") == 0 { return docket }
        }
        throw Problem.unavailable(cause: nil)
    }

    func open(
        _ report: Report,
        docket: String,
        person: Identifier,
        accessHash: String,
        at: Instant,
        by actor: Actor,
        isConfirmed: Bool,
        isProven: Bool = false,
        parent: String? = nil,
        agency chosen: String? = nil,
        in act: Act
    ) throws {
        guard let category = city.complaints.category(report.category) else { throw Problem.notFound }
        let report = report.plain()
        let district = city.regions[report.subdistrict]?.parent
        let route = city.complaints.route(category, district: district, city: city.agencies)
        let isConfidential = report.isConfidential || category.isConfidential
        let title = report.title(category, region: report.subdistrict.isEmpty ? "" : city.regions[report.subdistrict]?.name ?? "")
        var personal = report.json.object ?? [:]
        personal["title"] = .string(title)
        personal["text"] = .string(report.story)
        let beginning = isConfirmed ? beginning(category.classification, at: at) : ["stage": .string(Stage.unconfirmed.rawValue)]
        try act.append(
            "complaint.filed",
            to: "complaint/\(docket)",
            by: actor,
            facts: .compact(
                beginning.merging([
                    "docket": .string(docket), "category": .string(category.code),
                    "classification": .string(category.classification.rawValue),
                    "agency": .string(chosen ?? route?.agency ?? city.complaints.screeningAgency), "rule": JSON(route?.rule.number ?? 0),
                    "district": JSON(district), "subdistrict": JSON(report.subdistrict.isEmpty ? nil : report.subdistrict),
                    "confidential": .bool(isConfidential), "channel": .string(report.channel), "title": .string(category.name.id),
                    "pack": .string(city.fingerprint), "parent": JSON(parent), "photos": JSON(report.photos.count),
                    "reference": JSON(report.reference.isEmpty ? nil : report.reference), "proven": isProven ? true : .null,
                ]) { $1 }
            ),
            inner: ["access": .string(accessHash)],
            personal: Personal(of: person, .object(personal)),
            at: at
        )
        try attach(report.photos, to: docket, in: act)
    }

    /// The clocks of a new complaint, not yet running: the promises in force now govern it.
    func newClock(_ classification: ComplaintRules.Classification) -> ClockLedger {
        ClockLedger(["verification", "answer", "resolution", "reaction"].map { ($0, city.complaints.promise($0, for: classification)) })
    }

    /// Where a complaint stands when its clocks begin: received, with the promises now in force and their rules.
    func beginning(_ classification: ComplaintRules.Classification, at start: Instant) -> [String: JSON] {
        var clock = newClock(classification)
        clock.start("verification", at: start)
        clock.start("resolution", at: start)
        return [
            "stage": .string(Stage.received.rawValue), "clock": clock.json, "due": due(clock, stage: .received, now: start),
        ]
    }

    /// From when on a code may be asked for that could not be sent; nil where one was sent.
    public func codeHeldUntil(_ docket: String) async throws -> Instant? {
        try await journal.read {
            try $0.find("SELECT held_until FROM complaint_code WHERE docket = \(docket)") { try $0.optional(0, as: Instant.self) } ?? nil
        }
    }

    /// Sends another code to the contact of an unconfirmed report; the one before is good no more.
    public func sendCodeAgain(_ docket: String, network: String?) async throws {
        guard let complaint = try await find(docket), complaint.stage == .unconfirmed,
            let report = try await journal.read({ try report(of: complaint, in: $0) })
        else { return }
        if let later = MessageBudget.take(for: report.contact, from: network, vault: journal.vault, now: journal.clock.now) {
            throw MessageBudget.refused(until: later, zone: city.zone)
        }
        let code = confirmationCode(key: [UInt8].random(count: 16).base64URL)
        try await journal.commit { act in
            try act.operate {
                try $0.execute(
                    """
                    UPDATE complaint_code SET code_hash = \(journal.vault.tokenHash(code)), attempts = 0, held_until = NULL,
                        expires_at = \(act.now.adding(seconds: 3 * 86_400)) WHERE docket = \(docket)
                    """
                )
            }
            try tellConfirmation(report, docket: docket, code: code, in: act)
        }
    }
}
