// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Essentials
import Foundation
import Journal
import Storage

/// A row of another system's export, read.
public struct ImportedComplaint: Sendable {
    /// The other system's name and number of it.
    public let key: String
    /// What was reported.
    public let report: Report
    /// When it was filed there.
    public let filedAt: Instant
    /// When it was closed there; nil while it is open.
    public let closedAt: Instant?
    /// Its kind there, where the mapping does not name it; nil where it does.
    public let otherKind: String?
    /// Whether its story or address was longer than one may be, and is cut with a mark.
    public let isCut: Bool

    /// Reads a row; says in words why it cannot be taken.
    ///
    /// - Parameter now: nothing that is brought in lies ahead of it.
    public init(_ fields: [String: String], by mapping: ImportMapping, city: City, now: Instant) throws(ImportRefusal) {
        func value(_ name: String) -> String {
            mapping.columns[name].flatMap { fields[$0] }?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        }
        let id = value("id")
        guard !id.isEmpty else { throw ImportRefusal(reason: "no id") }
        guard let filedAt = mapping.date(value("filed")) else {
            throw ImportRefusal(reason: "filed: “\(value("filed"))” is no date of the form \(mapping.dateFormat.rawValue)")
        }
        let closed = value("closed")
        closedAt = mapping.date(closed)
        guard closed.isEmpty || closedAt != nil else {
            throw ImportRefusal(reason: "closed: “\(closed)” is no date of the form \(mapping.dateFormat.rawValue)")
        }
        for (name, date) in [("filed", filedAt), ("closed", closedAt ?? filedAt)] where date > now {
            throw ImportRefusal(reason: "\(name): “\(value(name))” lies ahead")
        }
        if let closedAt, closedAt < filedAt { throw ImportRefusal(reason: "closed before it was filed") }
        var report = Report()
        let category = mapping.category(of: value("kind"))
        otherKind = category == nil ? value("kind").plain(isOneLine: true) : nil
        report.category = category ?? mapping.defaultKind
        let (story, address) = (value("story").plain(isOneLine: false), value("address").plain(isOneLine: false))
        report.story = Self.cut(story.isEmpty ? value("kind") : story, to: Report.storyLimit)
        report.address = Self.cut(address, to: Report.addressLimit)
        isCut = story.count > Report.storyLimit || address.count > Report.addressLimit
        report.channel = "import"
        guard let isConfidential = mapping.isConfidential(type: value("type")) else {
            throw ImportRefusal(reason: "type: the mapping does not say whether “\(value("type"))” is confidential or public")
        }
        report.isConfidential = isConfidential
        let region = Self.subdistrict(value("subdistrict"), of: value("district"), in: city.regions)
        report.subdistrict = region?.code ?? ""
        report.district = region?.parent ?? ""
        if !value("latitude").isEmpty, !value("longitude").isEmpty {
            guard let place = Point(latitude: value("latitude"), longitude: value("longitude")) else {
                throw ImportRefusal(reason: "latitude and longitude are no place")
            }
            report.place = place
            if let located = city.regions.locate(place) {
                report.subdistrict = located.code
                report.district = located.parent ?? ""
            }
        }
        key = "import:\(mapping.source):\(id)"
        self.report = report
        self.filedAt = filedAt
    }

    /// What is cut says so to whoever reads it.
    private static func cut(_ text: String, to limit: Int) -> String {
        let mark = " […]"
        return text.count > limit ? text.prefix(limit - mark.count) + mark : text
    }

    /// The one subdistrict of a name; none where two have it and the district does not tell them apart.
    private static func subdistrict(_ name: String, of district: String, in regions: Regions) -> Regions.Region? {
        let (name, district) = (ImportMapping.folded(name), ImportMapping.folded(district))
        let fitting = regions.subdistricts.filter { region in
            region.name.lowercased() == name
                && (district.isEmpty || region.parent.flatMap { regions[$0]?.name.lowercased() } == district)
        }
        return fitting.count == 1 ? fitting.first : nil
    }
}

extension ImportedComplaint {
    /// Whether the time for which personal data is kept is over already, so that bringing it in would have it erased at once.
    public func isPastRetention(_ retention: ComplaintRules.Retention?, now: Instant) -> Bool {
        guard let retention else { return false }
        return closedAt.map { $0 < now.adding(seconds: -Int64(retention.handledDays) * 86_400) } ?? false
    }
}

extension ImportedComplaint {
    /// Whether a row is there already.
    public enum Standing: Sendable, Hashable {
        /// It is not.
        case new
        /// It is, with the same words, or since erased.
        case there
        /// A row of its name is, as this case, with other words or from another moment.
        case other(docket: String)
    }

    /// What it says; the same for rows of the same words and moment, within one run of the program.
    public var words: Int { Self.words(report.plain(), at: filedAt) }

    fileprivate static func words(_ report: Report, at filedAt: Instant) -> Int {
        var hasher = Hasher()
        hasher.combine(report.story)
        hasher.combine(report.address)
        hasher.combine(filedAt)
        return hasher.finalize()
    }
}

/// Why a row was not taken.
public struct ImportRefusal: Error, Sendable {
    /// The reason, in words.
    public let reason: String
}

extension Complaints {
    /// How each of many rows stands, before they are taken.
    public func standings(of rows: [ImportedComplaint]) async throws -> [ImportedComplaint.Standing] {
        try await journal.read { snapshot in try rows.map { try standing(of: $0, in: snapshot) } }
    }

    private func standing(of row: ImportedComplaint, in snapshot: Snapshot) throws -> ImportedComplaint.Standing {
        let docket = try snapshot.find("SELECT result FROM idempotency WHERE key = \(row.key)") { try $0(0, as: String.self) }
        guard let docket else { return .new }
        let filed = try journal.entries(of: "complaint/\(docket)", in: snapshot).first
        guard let filed, let said = filed.personal else { return .there }
        return ImportedComplaint.words(Report(json: said), at: filed.at) == row.words ? .there : .other(docket: docket)
    }

    /// Takes many rows in one durable step; a row that is there already is passed over.
    ///
    /// - Returns: how each stood before.
    public func take(_ rows: [ImportedComplaint]) async throws -> [ImportedComplaint.Standing] {
        try await journal.commit { act in
            var seen: Set<String> = []
            return try rows.map { row in
                guard seen.insert(row.key).inserted else { return .there }
                let standing = try standing(of: row, in: act.snapshot)
                if standing == .new { try take(row, in: act) }
                return standing
            }
        }
    }

    private func take(_ row: ImportedComplaint, in act: Act) throws {
        let docket = try newDocket(in: act)
        try open(
            row.report,
            docket: docket,
            person: Identifier(at: row.filedAt),
            accessHash: Identifier(at: act.now).description,
            at: row.filedAt,
            by: Actor(role: "integration"),
            isConfirmed: true,
            in: act
        )
        let classification = city.complaints.category(row.report.category)?.classification ?? .ordinary
        if let closedAt = row.closedAt { try closeElsewhere(docket, classification, filedAt: row.filedAt, at: closedAt, in: act) }
        // Kept for ever, unlike the keys of forms: an export may be brought in again years later.
        let forever = act.now.adding(seconds: 3_000_000_000)
        try act.operate { try $0.execute("INSERT INTO idempotency (key, result, at) VALUES (\(row.key), \(docket), \(forever))") }
    }

    private func closeElsewhere(
        _ docket: String,
        _ classification: ComplaintRules.Classification,
        filedAt: Instant,
        at: Instant,
        in act: Act
    ) throws {
        var clock = newClock(classification)
        for promise in ["verification", "resolution"] {
            clock.start(promise, at: filedAt)
            clock.meet(promise, at: at)
        }
        try act.append(
            "complaint.closed-elsewhere",
            to: "complaint/\(docket)",
            by: Actor(role: "integration"),
            facts: [
                "docket": .string(docket), "stage": .string(Stage.closed.rawValue), "outcome": .string(Outcome.fixed.rawValue),
                "clock": clock.json, "due": due(clock, stage: .closed, now: at),
            ],
            at: at
        )
    }
}
