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
    ///   - isTrusted: the report needs no confirmation: a clerk, a telephone's operator or another program vouches for it.
    ///   - actor: who files.
    public func file(
        _ report: Report,
        person: Identifier,
        key: String,
        isTrusted: Bool = false,
        by actor: Actor = .resident,
        at filedAt: Instant? = nil
    ) async throws -> Receipt {
        let report = report.plain()
        let faults = report.faults(in: .review, city: city)
        guard faults.isEmpty else { throw Problem.fields(faults) }
        let needsConfirmation = !isTrusted && report.contact != .none
        // Derived, not drawn: a form that is sent twice must be given the same key twice.
        let accessKey = String(journal.vault.tokenHash("access:\(key)").prefix(22))
        let code = confirmationCode(key: key)
        // Only an operator vouches for the contact as well. A clerk mistypes, and another program knows its user, not the city.
        let isProven = report.channel == "sms"
        let isAsked = needsConfirmation || (report.contact != .none && Self.intakeChannels.contains { $0.code == report.channel })
        let result = try await journal.commit(once: "file:\(key)") { act in
            if !isTrusted { try requireNotBlocked(report.contact, in: act) }
            let docket = try newDocket(in: act)
            try open(
                report,
                docket: docket,
                person: person,
                accessHash: journal.vault.tokenHash(accessKey),
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
                        INSERT INTO complaint_code (docket, code_hash, expires_at, attempts)
                        VALUES (\(docket), \(journal.vault.tokenHash(code)), \(act.now.adding(seconds: 3 * 86_400)), 0)
                        """
                    )
                }
                try tellConfirmation(report, docket: docket, code: code, in: act)
            }
            return docket
        }
        return Receipt(docket: result.result, key: accessKey, needsConfirmation: needsConfirmation)
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

    // MARK: Drafts

    /// A report being written, kept for 30 days under a token that only its writer has.
    public struct Draft: Sendable {
        /// Whose key seals its photos, and will seal the report.
        public let person: Identifier
        /// The answers so far.
        public var report: Report

        /// A draft of a person.
        public init(person: Identifier, report: Report) {
            self.person = person
            self.report = report
        }
    }

    /// How long a draft is kept.
    public static let draftLifetime: Int64 = 30 * 86_400

    /// Starts a draft; gives its token.
    public func newDraft(language: Language) async throws -> String {
        let token = [UInt8].random(count: 16).base64URL
        var report = Report()
        report.language = language
        try await save(Draft(person: Identifier(at: journal.clock.now), report: report), token: token)
        return token
    }

    /// A draft by its token; nil when there is none or it is too old.
    public func draft(_ token: String) async throws -> Draft? {
        let hash = journal.vault.tokenHash(token)
        let oldest = journal.clock.now.adding(seconds: -Self.draftLifetime)
        let sealed = try await journal.read {
            try $0.find("SELECT sealed FROM complaint_draft WHERE token_hash = \(hash) AND updated_at > \(oldest)") {
                try $0(0, as: [UInt8].self)
            }
        }
        guard let sealed else { return nil }
        let json = try JSON(parsing: journal.vault.openPassing(sealed))
        guard let person = json["person"]?.string.flatMap({ Identifier($0) }) else { return nil }
        return Draft(person: person, report: Report(json: json["report"] ?? [:]))
    }

    /// Keeps a draft.
    public func save(_ draft: Draft, token: String) async throws {
        let sealed = try journal.vault.sealPassing(
            (["person": .string(draft.person.description), "report": draft.report.plain().json] as JSON).canonical
        )
        let hash = journal.vault.tokenHash(token)
        let now = journal.clock.now
        try await journal.operate { transaction in
            try transaction.execute(
                """
                INSERT INTO complaint_draft (token_hash, person, sealed, updated_at)
                VALUES (\(hash), \(draft.person.description), \(sealed), \(now))
                ON CONFLICT (token_hash) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at
                """
            )
        }
    }
}
