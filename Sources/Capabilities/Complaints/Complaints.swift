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

/// Complaints, carried from report to answer.
public struct Complaints: Sendable {
    /// The one door for writes.
    public let journal: Journal
    /// The city.
    public let city: City
    /// Photos.
    public let files: FileStore
    /// What makes uploads safe before they are kept.
    let uploads: Uploads
    /// Where pages are found from outside, without a slash at the end.
    public let origin: String

    /// Complaints of a city.
    public init(journal: Journal, city: City, files: FileStore, uploads: Uploads, origin: String) {
        self.journal = journal
        self.city = city
        self.files = files
        self.uploads = uploads
        self.origin = origin
    }

    /// A complaint by its number; nil when there is none.
    public func find(_ docket: String) async throws -> Complaint? {
        try await journal.read { try Self.find(docket, in: $0) }
    }

    static func find(_ docket: String, in snapshot: Snapshot) throws -> Complaint? {
        try snapshot.find("SELECT \(Complaint.columns) FROM complaint WHERE docket = \(docket)") { try Complaint($0) }
    }

    static func require(_ docket: String, in snapshot: Snapshot) throws -> Complaint {
        guard let complaint = try find(docket, in: snapshot) else { throw noSuchCase }
        try complaint.requireClock()
        return complaint
    }

    static let noSuchCase = Problem(
        "complaint.not-found",
        .notFound,
        Text(id: "Berkas ini tidak ada", en: "There is no such case"),
        remedy: Text(
            id: "Periksa nomornya. Nomor berkas berbentuk LPR-26-7K3M-9QX.",
            en: "Check the number. A case number looks like LPR-26-7K3M-9QX."
        )
    )

    /// Runs an act on a complaint: reads it, lets `body` decide, appends.
    ///
    /// - Parameters:
    ///   - docket: the complaint.
    ///   - key: a key under which a repeated act finds its first result; nil when repeating does no harm.
    ///   - content: what is sent under the key, where its sender may have used it for something else.
    func act(
        on docket: String,
        key: String?,
        of content: JSON = .null,
        _ body: @escaping @Sendable (Act, Complaint) throws -> Void
    ) async throws {
        if let key {
            try await journal.commit(once: "\(docket):\(key)", of: content) { act in
                try body(act, try Self.require(docket, in: act.snapshot))
                return docket
            }
        } else {
            try await journal.commit { act in try body(act, try Self.require(docket, in: act.snapshot)) }
        }
    }

    /// The facts that say where a complaint stands after an act: stage, clocks, due dates. The reason of its end that makes it matter
    /// of a legal case goes with it through every act that says nothing of a reason: neither a dispute nor a merge ends that case.
    func state(
        _ complaint: Complaint,
        stage: Stage,
        clock: ClockLedger,
        now: Instant,
        outcome: Outcome? = nil,
        more: [String: JSON] = [:]
    ) -> JSON {
        var facts = more
        if facts["reason"] == nil { facts["reason"] = JSON(city.complaints.evidenceReasons.first { $0 == complaint.reason }) }
        facts["docket"] = .string(complaint.docket)
        facts["stage"] = .string(stage.rawValue)
        facts["outcome"] = JSON(outcome?.rawValue)
        facts["clock"] = clock.json
        facts["due"] = due(clock, stage: stage, now: now)
        return .compact(facts)
    }

    /// Due dates of a clock: of the resolution, and of the next open promise.
    func due(_ clock: ClockLedger, stage: Stage, now: Instant) -> JSON {
        var open: [Instant] = []
        var resolution: Instant?
        for (name, promise) in clock.promises {
            guard promise.start != nil, let deadline = clock.deadline(name, calendar: city.calendar, now: now) else { continue }
            if name == "resolution" { resolution = deadline.dueAt }
            // The reaction is the reporter's, not the city's; it ends a case by itself.
            if promise.met == nil, stage.isOpen ? name != "reaction" : name == "reaction" { open.append(deadline.dueAt) }
        }
        let next = clock.isPaused || stage == .closed || stage == .unconfirmed ? nil : open.min()
        return .compact([
            "next": next.map { .integer($0.milliseconds) } ?? .null, "resolution": resolution.map { .integer($0.milliseconds) } ?? .null,
        ])
    }

    /// Refuses an act that is not possible where a complaint stands, and says which are.
    func require(_ complaint: Complaint, in stages: Set<Stage>, _ act: Text) throws {
        guard !stages.contains(complaint.stage) else { return }
        throw Problem(
            "complaint.act-not-possible",
            .conflict,
            Text(
                id: "\(act.id) tidak bisa: berkas ini “\(complaint.stage.name.id)”",
                en: "\(act.en) is not possible: this case is “\(complaint.stage.name.en)”"
            ),
            remedy: Text(
                id: "Muat ulang halaman; mungkin orang lain sudah bertindak.",
                en: "Reload the page; somebody else may have acted."
            )
        )
    }

    /// Refuses an officer who may not change a complaint.
    func require(_ officer: Officer, mayWorkOn complaint: Complaint) throws {
        guard officer.mayWork(agency: complaint.agency, district: complaint.district) else {
            throw Problem(
                "complaint.not-yours",
                .forbidden,
                Text(id: "Berkas ini bukan tugas instansi Anda", en: "This case is not your agency’s"),
                remedy: Text(id: "Minta Diskominfo meneruskannya kepada Anda.", en: "Ask the screening office to forward it to you.")
            )
        }
    }

    /// Text that must be there.
    func require(_ text: String, field: String, limit: Int = Report.storyLimit) throws -> String {
        let trimmed = text.plain(isOneLine: false)
        if trimmed.isEmpty {
            throw Problem.fields([Problem.Field(field, Text(id: "Tulis sesuatu lebih dulu", en: "Write something first"))])
        }
        if trimmed.count > limit {
            throw Problem.fields([
                Problem.Field(
                    field,
                    Text(
                        id: "Paling panjang \(Language.indonesian.number(limit)) huruf",
                        en: "At most \(Language.english.number(limit)) characters"
                    )
                )
            ])
        }
        return trimmed
    }

    /// The office of a complaint's officer in the words of a timeline.
    public func agencyName(_ code: String?) -> String { code.map { city.agency($0).short } ?? city.name.id }
}
