// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Foundation
import Identity
import Journal
import Storage

/// What to look for.
public struct ComplaintFilter: Sendable, Hashable {
    /// Whose cases.
    public enum Scope: Sendable, Hashable {
        /// What the public may see.
        case everyone
        /// What an officer may see: of an agency, or of all; of some districts, or of all.
        case desk(agency: String?, districts: [String])
    }

    /// Whose.
    public var scope: Scope
    /// Open ones, ended ones, or both.
    public var isOpen: Bool?
    /// Where they stand.
    public var stage: Stage?
    /// The kind.
    public var category: String?
    /// Any of these kinds; every kind where there are none.
    public var categories: Set<String> = []
    /// The district.
    public var district: String?
    /// The subdistrict.
    public var subdistrict: String?
    /// The agency.
    public var agency: String?
    /// The officer.
    public var officer: String?
    /// Words, all of which must occur.
    public var words = ""
    /// Due before a moment.
    public var dueBefore: Instant?
    /// Due at or after a moment.
    public var dueFrom: Instant?
    /// At a moment, open for more than three times as long as the resolution may take.
    public var thriceOverdueAt: Instant?
    /// Filed at or after a moment.
    public var filedFrom: Instant?
    /// Filed before a moment.
    public var filedBefore: Instant?

    /// Everything in a scope.
    public init(_ scope: Scope) {
        self.scope = scope
    }

    /// All of it but the words.
    var condition: SQL { .all(conditions) }

    private var conditions: [SQL] {
        var conditions: [SQL] = []
        switch scope {
        case .everyone: conditions.append("is_public = 1")
        case .desk(let agency, let districts):
            if let agency { conditions.append("agency = \(agency)") }
            if !districts.isEmpty { conditions.append("(district IS NULL OR district IN \(in: districts))") }
            conditions.append("stage <> 'unconfirmed'")
        }
        if let isOpen { conditions.append("is_open = \(isOpen)") }
        if let stage { conditions.append("stage = \(stage.rawValue)") }
        if let category { conditions.append("category = \(category)") }
        if !categories.isEmpty { conditions.append("category IN \(in: categories.sorted())") }
        if let district { conditions.append("district = \(district)") }
        if let subdistrict { conditions.append("subdistrict = \(subdistrict)") }
        if let agency { conditions.append("agency = \(agency)") }
        if let officer { conditions.append("officer = \(officer)") }
        if let dueBefore { conditions.append("next_due < \(dueBefore)") }
        if let dueFrom { conditions.append("next_due >= \(dueFrom)") }
        if let moment = thriceOverdueAt {
            conditions.append("next_due < \(moment) AND \(moment) - filed_at > 3 * (resolution_due - filed_at)")
        }
        if let filedFrom { conditions.append("filed_at >= \(filedFrom)") }
        if let filedBefore { conditions.append("filed_at < \(filedBefore)") }
        return conditions
    }

    /// Whether it looks into a part of the city that an index of its own leads to.
    private var isNarrow: Bool {
        scope != .everyone || category != nil || !categories.isEmpty || district != nil || subdistrict != nil || agency != nil
            || officer != nil
    }

    /// Where to look, as SQL. An index of words that gives the newest first finds a page of them at once, however many there
    /// are. Where a word that many cases have meets a narrow filter, or the index has no order, it is quicker to read the
    /// filter's own cases from the newest on and look for the word in them. Beginnings of words count where no case has them
    /// whole.
    func selection(in snapshot: Snapshot) throws -> Selection {
        let words = ComplaintProjection.searchable(words).split(separator: " ").prefix(6).map(String.init)
        let byDate: SQL = "filed_at DESC, docket"
        guard !words.isEmpty else { return Selection(source: "complaint", condition: .all(conditions), newest: byDate) }
        let index = ComplaintTables.words
        let match: TextIndex.Match = try index.count(words, as: .whole, upTo: 1, in: snapshot) > 0 ? .whole : .beginning
        guard isNarrow || !index.isOrdered(in: snapshot), try index.count(words, as: match, upTo: Self.rare + 1, in: snapshot) > Self.rare
        else {
            let found = index.matches(words, as: match, in: snapshot)
            return Selection(source: found.source, condition: .all([found.condition] + conditions), newest: found.newest)
        }
        let likes = words.map { "' ' || search || ' ' LIKE \(match == .whole ? "% \($0) %" : "% \($0)%")" as SQL }
        return Selection(source: "complaint", condition: .all(conditions + likes), newest: byDate)
    }

    /// How many cases with the words of a search are few: where looking each of them up costs what reading by date does,
    /// measured over a million cases.
    private static let rare = 16_000
}

/// The order of a list.
public enum ComplaintOrder: String, Sendable, CaseIterable {
    /// The nearest due date first; what has none last.
    case due = "tenggat"
    /// The newest first.
    case newest = "terbaru"
    /// The most followed first.
    case followed = "dukungan"
}

/// One thing in the timeline of a case.
public struct ComplaintEvent: Sendable {
    /// The entry.
    public let entry: String
    /// Its place in the public log.
    public let sequence: Int
    /// What happened.
    public let kind: String
    /// When.
    public let at: Instant
    /// Who: `resident`, `officer`, `system`.
    public let role: String
    /// The agency of an officer.
    public let agency: String?
    /// The officer's number.
    public let number: Int?
    /// What is told of it.
    public let facts: JSON
    /// What was written.
    public let text: String?
    /// Whether only the staff may read it.
    public let isInternal: Bool
    /// Whether only the staff and the reporter may read it: a resident's reply that nobody has published.
    public let isPrivate: Bool
}

/// A look at a reporter's data.
public struct PersonalView: Sendable {
    /// When.
    public let at: Instant
    /// The officer's number.
    public let number: Int?
    /// The agency.
    public let agency: String?
    /// What for, by code.
    public let purpose: String
}

extension Complaints {
    /// A page of complaints.
    public func list(
        _ filter: ComplaintFilter,
        order: ComplaintOrder = .newest,
        page: PageNumber = .first,
        size: Int = 20
    ) async throws -> [Complaint] { try await list(filter, order: order, after: page.offset(of: size), size: size) }

    /// So many complaints after so many.
    public func list(_ filter: ComplaintFilter, order: ComplaintOrder = .newest, after offset: Int, size: Int) async throws -> [Complaint] {
        try await journal.read { snapshot in
            let found = try filter.selection(in: snapshot)
            let sort: SQL =
                switch order {
                case .due: "next_due IS NULL, next_due, docket"
                case .newest: found.newest
                case .followed: "followers DESC, filed_at DESC, docket"
                }
            return try snapshot.rows(
                "SELECT \(Complaint.columns) FROM \(found.source) WHERE \(found.condition) ORDER BY \(sort) LIMIT \(size) OFFSET \(offset)"
            ) { try Complaint($0) }
        }
    }

    /// How many complaints fit, counted up to a bound: beyond it a page says “more than”.
    public func count(_ filter: ComplaintFilter, upTo bound: Int = 1001) async throws -> Int {
        try await counts([filter], upTo: bound)[0]
    }

    /// How many complaints fit each of several filters at one moment, counted to a bound.
    public func counts(_ filters: [ComplaintFilter], upTo bound: Int = 1001) async throws -> [Int] {
        try await journal.read { snapshot in
            try filters.map {
                let found = try $0.selection(in: snapshot)
                // With words, the newest first: where few are wanted, they are mostly among these.
                let order: SQL = $0.words.isEmpty ? "" : "ORDER BY \(found.newest)"
                return try snapshot.count(
                    "SELECT count(*) FROM (SELECT 1 FROM \(found.source) WHERE \(found.condition) \(order) LIMIT \(bound)) AS found"
                )
            }
        }
    }

    /// How many complaints fit, for each value of a column.
    public func counts(_ filter: ComplaintFilter, by column: SchemaName) async throws -> [String: Int] {
        try await journal.read { snapshot in
            let found = try filter.selection(in: snapshot)
            let rows = try snapshot.rows(
                "SELECT \(name: column), count(*) FROM \(found.source) WHERE \(found.condition) AND \(name: column) IS NOT NULL GROUP BY \(name: column)"
            ) { (try $0(0, as: String.self), try $0(1, as: Int.self)) }
            return Dictionary(rows, uniquingKeysWith: { $1 })
        }
    }

    /// Open public complaints of a kind near a place, nearest first.
    public func near(_ place: Point, category code: String) async throws -> [(complaint: Complaint, metres: Int)] {
        guard let category = city.complaints.category(code), category.duplicateRadius > 0, !category.isConfidential else { return [] }
        let span = Double(category.duplicateRadius) / 111_000
        return try await journal.read { snapshot in
            try snapshot.rows(
                """
                SELECT \(Complaint.columns) FROM complaint WHERE category = \(code) AND is_open = 1 AND is_public = 1
                    AND latitude BETWEEN \(place.latitude - span) AND \(place.latitude + span)
                    AND longitude BETWEEN \(place.longitude - span) AND \(place.longitude + span) LIMIT 200
                """
            ) { try Complaint($0) }
        }
        .compactMap { complaint in complaint.place.map { (complaint, Int($0.distance(to: place))) } }
        .filter { $0.1 <= category.duplicateRadius }
        .sorted { $0.1 < $1.1 }
    }

    /// The timeline of a case, oldest first.
    ///
    /// - Parameter isPrivate: the asker is the reporter or on the staff: what is not for everybody is opened.
    public func timeline(of complaint: Complaint, isPrivate: Bool, isStaff: Bool) async throws -> [ComplaintEvent] {
        try await journal.read { snapshot in
            let hidden: SQL = "docket = \(complaint.docket) AND is_private = 1"
            var texts: [String: String] = [:]
            if isPrivate {
                // Nearly every case has nothing hidden, and its entries need not be opened.
                let isSealed =
                    try complaint.isConfidential || snapshot.count("SELECT count(*) FROM complaint_event WHERE \(hidden)") > 0
                for entry in isSealed ? try journal.entries(of: complaint.stream, in: snapshot) : [] {
                    texts[entry.id] = entry.inner?["text"]?.string ?? entry.personal?["text"]?.string
                }
            }
            return try snapshot.rows(
                """
                SELECT entry, seq, kind, at, role, complaint_event.agency, number, facts, text, is_internal, is_private
                FROM complaint_event LEFT JOIN account ON account.id = account
                WHERE docket = \(complaint.docket) AND (is_internal = 0 OR \(isStaff ? 1 : 0) = 1) ORDER BY version
                """
            ) { row in
                let entry = try row(0, as: String.self)
                let isHidden = try row(10, as: Bool.self)
                let isClosed = isHidden && !isPrivate
                let kind = try row(2, as: String.self)
                let facts = try JSON(parsing: try row(7, as: String.self).utf8)
                return ComplaintEvent(
                    entry: entry,
                    sequence: try row(1),
                    kind: kind,
                    at: try row(3),
                    role: try row(4),
                    agency: try row.optional(5),
                    number: try row.optional(6),
                    facts: isClosed ? .object((facts.object ?? [:]).filter { $0.key != "attached" }) : facts,
                    // Showing a reply repeats its words in an entry of its own; they are read where they were written.
                    text: isClosed || kind == "complaint.reply-published"
                        ? nil : try row.optional(8) ?? (isHidden || complaint.isConfidential ? texts[entry] : nil),
                    isInternal: try row(9),
                    isPrivate: isHidden
                )
            }
        }
    }

    /// Who looked at the reporter's data, newest first.
    public func views(of complaint: Complaint) async throws -> [PersonalView] {
        try await journal.read { snapshot in
            try snapshot.rows(
                "SELECT at, number, personal_view.agency, purpose FROM personal_view LEFT JOIN account ON account.id = account WHERE person = \(complaint.person.description) ORDER BY at DESC LIMIT 100"
            ) {
                PersonalView(at: try $0(0), number: try $0.optional(1), agency: try $0.optional(2), purpose: try $0(3))
            }
        }
    }

    /// Complaints that were split from one.
    public func parts(of docket: String) async throws -> [Complaint] {
        try await journal.read {
            try $0.rows(
                "SELECT \(Complaint.columns) FROM complaint WHERE parent = \(docket) AND outcome IS DISTINCT FROM 'duplicate' ORDER BY filed_at"
            ) { try Complaint($0) }
        }
    }

    /// Escalations that found no one, newest first.
    public func alarms() async throws -> [(docket: String, promise: String, at: Instant)] {
        try await journal.read { snapshot in
            try snapshot.rows(
                "SELECT escalation.docket, promise, at FROM escalation JOIN complaint ON complaint.docket = escalation.docket WHERE told IS NULL AND is_open = 1 ORDER BY at DESC LIMIT 100"
            ) {
                (docket: try $0(0), promise: try $0(1), at: try $0(2))
            }
        }
    }

    /// The leaf of a case's first entry, to which its receipt leads.
    public func filing(of docket: String) async throws -> (sequence: Int, leaf: [UInt8])? {
        try await journal.read {
            try $0.find("SELECT seq, leaf FROM entry WHERE stream = \("complaint/\(docket)") AND version = 1") {
                (sequence: try $0(0), leaf: try $0(1))
            }
        }
    }

    /// Figures about complaints filed in a time, each worked out from the same rows that the CSV gives.
    public struct Figures: Sendable {
        /// Filed and confirmed.
        public let filed: Int
        /// Still open.
        public let open: Int
        /// Open, and past the due date of their next promise.
        public let overdue: Int
        /// Ended as fixed.
        public let fixed: Int
        /// Ended as not fixed.
        public let notFixed: Int
        /// Fixed, and not later than the due date of the resolution.
        public let fixedInTime: Int
        /// Ended either way, with a due date.
        public let ended: Int
        /// Said not to be fixed by somebody after they were called fixed.
        public let challenged: Int
        /// Rated by their reporters.
        public let rated: Int
        /// Rated as good.
        public let ratedGood: Int
    }

    /// Figures about what a filter finds, public or not: numbers only.
    public func figures(_ filter: ComplaintFilter) async throws -> Figures {
        let now = journal.clock.now
        return try await journal.read { snapshot in
            let found = try filter.selection(in: snapshot)
            return try snapshot.find(
                """
                SELECT count(*), count(*) FILTER (WHERE is_open = 1), count(*) FILTER (WHERE is_open = 1 AND next_due < \(now)),
                    count(*) FILTER (WHERE outcome = 'fixed'), count(*) FILTER (WHERE outcome = 'not-fixed'),
                    count(*) FILTER (WHERE outcome = 'fixed' AND ended_at <= resolution_due),
                    count(*) FILTER (WHERE outcome IN ('fixed', 'not-fixed')),
                    count(*) FILTER (WHERE outcome = 'fixed' AND challenges > 0), count(rating), count(*) FILTER (WHERE rating = 3)
                FROM \(found.source) WHERE \(found.condition)
                """
            ) {
                Figures(
                    filed: try $0(0),
                    open: try $0(1),
                    overdue: try $0(2),
                    fixed: try $0(3),
                    notFixed: try $0(4),
                    fixedInTime: try $0(5),
                    ended: try $0(6),
                    challenged: try $0(7),
                    rated: try $0(8),
                    ratedGood: try $0(9)
                )
            }
                ?? Figures(
                    filed: 0,
                    open: 0,
                    overdue: 0,
                    fixed: 0,
                    notFixed: 0,
                    fixedInTime: 0,
                    ended: 0,
                    challenged: 0,
                    rated: 0,
                    ratedGood: 0
                )
        }
    }
}

extension Complaints {
    /// Public complaints to which something happened in a time, in its order.
    public func updated(from: Instant, until: Instant, limit: Int) async throws -> [Complaint] {
        try await journal.read { snapshot in
            try snapshot.rows(
                "SELECT \(Complaint.columns) FROM complaint WHERE is_public = 1 AND updated_at >= \(from) AND filed_at <= \(until) ORDER BY updated_at LIMIT \(limit)"
            ) { try Complaint($0) }
        }
    }
}
