// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Identity
import Journal
import Storage

/// Bookings of a city's venues: what is free, what is kept for a case, what is closed.
public struct BookingOffice: Sendable {
    /// The one door for writes.
    public let journal: Journal
    /// The city.
    public let city: City

    /// The bookings of a city.
    public init(journal: Journal, city: City) {
        self.journal = journal
        self.city = city
    }

    // MARK: What is free

    /// A time that can be chosen, with those of a series that cannot.
    public struct Choice: Sendable {
        /// What would be booked.
        public let slot: Slot
        /// Starts of the series that are left out, and why.
        public let leftOut: [(start: Slot.Start, reason: Text)]
    }

    /// Times at which a resource can be booked from a day on.
    ///
    /// - Parameters:
    ///   - minutes: how long each lasts.
    ///   - weeks: weeks in a row.
    public func choices(
        _ resource: Venue.Resource,
        of venue: Venue,
        on day: CivilDate,
        minutes: Int,
        weeks: Int = 1
    ) async throws -> [Choice] {
        let now = journal.clock.now
        return try await journal.read { snapshot in
            let days = (0..<weeks).map { day.adding(days: 7 * $0) }
            let taken = try Occupancy(resource, of: venue, from: day, through: days.last ?? day, zone: city.zone, in: snapshot)
            return venue.starts(on: day, minutes: minutes, calendar: city.calendar).compactMap { minute in
                var free: [Slot.Start] = []
                var leftOut: [(Slot.Start, Text)] = []
                for day in days {
                    let start = Slot.Start(day: day, minute: minute)
                    let reason = refusal(start, minutes: minutes, of: venue, now: now) ?? taken.refusal(start, minutes: minutes)
                    if let reason { leftOut.append((start, reason)) } else { free.append(start) }
                }
                // A series begins on the day that was asked for.
                guard free.first?.day == day, let slot = Slot(resource: resource.code, starts: free, minutes: minutes) else { return nil }
                return Choice(slot: slot, leftOut: leftOut)
            }
        }
    }

    /// The next days, at most so many, on which something is free.
    public func nextDays(
        _ resource: Venue.Resource,
        of venue: Venue,
        after day: CivilDate,
        minutes: Int,
        most: Int
    ) async throws -> [(day: CivilDate, count: Int)] {
        let now = journal.clock.now
        let last = now.date(in: city.zone).adding(days: venue.rules.ahead)
        let end = min(last, day.adding(days: 31))
        guard day < end else { return [] }
        return try await journal.read { snapshot in
            let taken = try Occupancy(resource, of: venue, from: day, through: end, zone: city.zone, in: snapshot)
            var found: [(CivilDate, Int)] = []
            var day = day
            while day < end, found.count < most {
                day = day.adding(days: 1)
                let count = venue.starts(on: day, minutes: minutes, calendar: city.calendar).count { minute in
                    let start = Slot.Start(day: day, minute: minute)
                    return refusal(start, minutes: minutes, of: venue, now: now) == nil && taken.refusal(start, minutes: minutes) == nil
                }
                if count > 0 { found.append((day, count)) }
            }
            return found
        }
    }

    /// Why a venue takes no booking at a time, whoever else is there; nil where it does.
    private func refusal(_ start: Slot.Start, minutes: Int, of venue: Venue, now: Instant) -> Text? {
        let rules = venue.rules
        guard venue.starts(on: start.day, minutes: minutes, calendar: city.calendar).contains(start.minute) else {
            let holiday = venue.opensOnHolidays ? nil : city.calendar.holiday(on: start.day)?.name
            return holiday ?? Text(id: "tutup", en: "closed")
        }
        if start.instant(in: city.zone) < now.adding(seconds: Int64(rules.notice) * 60) { return Text(id: "terlalu dekat", en: "too soon") }
        if start.day > now.date(in: city.zone).adding(days: rules.ahead) { return Text(id: "belum dibuka", en: "not open yet") }
        return nil
    }

    // MARK: Keeping and giving back

    /// Keeps what an answer asks for, within the act that needs it; all of it, or nothing.
    ///
    /// - Parameters:
    ///   - question: the question that asked, which a refusal names.
    ///   - own: whether the case gives back in the same act what it had.
    /// - Throws: a problem that names the times that somebody else has by now.
    public func reserve(
        _ slot: Slot,
        of venue: Venue,
        for docket: String,
        question: String,
        givingBack own: Bool = false,
        by actor: Actor,
        in act: Act
    ) throws {
        guard let resource = venue.resource(slot.resource), venue.rules.lengths.contains(slot.minutes),
            slot.starts.count <= venue.rules.weeks, let first = slot.starts.first, let last = slot.starts.last
        else { throw Self.notThere(question) }
        if own { try release(docket, by: actor, in: act) }
        let taken = try Occupancy(
            resource,
            of: venue,
            from: first.day,
            through: last.day,
            zone: city.zone,
            ignoring: own ? docket : nil,
            in: act.snapshot
        )
        var times: [JSON] = []
        var refused: [Text] = []
        for start in slot.starts {
            if let reason = refusal(start, minutes: slot.minutes, of: venue, now: act.now) ?? taken.refusal(start, minutes: slot.minutes) {
                let when = "\(start.day.short(.indonesian)) \(Slot.span(start.minute, slot.minutes, .indonesian))"
                let english = "\(start.day.short(.english)) \(Slot.span(start.minute, slot.minutes, .english))"
                refused.append(Text(id: "\(when): \(reason.id)", en: "\(english): \(reason.en)"))
                continue
            }
            let starts = start.instant(in: city.zone)
            let ends = starts.adding(seconds: Int64(slot.minutes) * 60)
            times.append([
                "starts": .integer(starts.milliseconds), "ends": .integer(ends.milliseconds),
                "from": .integer(starts.adding(seconds: -Int64(venue.rules.before) * 60).milliseconds),
                "until": .integer(ends.adding(seconds: Int64(venue.rules.after) * 60).milliseconds),
                "place": JSON(taken.freePlace(start, minutes: slot.minutes) ?? 0),
            ])
        }
        guard refused.isEmpty else {
            let (id, en) = (refused.map(\.id).joined(separator: "; "), refused.map(\.en).joined(separator: "; "))
            throw Problem.fields([
                Problem.Field(
                    question,
                    Text(id: "Waktu ini tidak bisa lagi (\(id)). Pilih waktu lain", en: "This time is gone (\(en)). Choose another")
                )
            ])
        }
        let booking: JSON = [
            "venue": .string(venue.code), "resource": .string(resource.code), "units": .array(venue.units(of: resource).map(JSON.string)),
            "times": .array(times),
        ]
        var facts: [String: JSON] = ["docket": .string(docket)]
        if !venue.isConfidential { facts["booking"] = booking }
        try act.append(
            "booking.made",
            to: "case/\(docket)",
            by: actor,
            facts: .object(facts),
            inner: venue.isConfidential ? ["booking": booking] : nil
        )
    }

    /// Gives back what a case has ahead of it, within the act that ends it; nothing where it has nothing.
    public func release(_ docket: String, by actor: Actor, in act: Act) throws {
        let ahead = try act.snapshot.count(
            "SELECT count(*) FROM booking WHERE docket = \(docket) AND is_released = 0 AND starts_at >= \(act.now)"
        )
        guard ahead > 0 else { return }
        try act.append("booking.released", to: "case/\(docket)", by: actor, facts: ["docket": .string(docket)])
    }

    static func notThere(_ question: String) -> Problem {
        Problem.fields([Problem.Field(question, Text(id: "Pilih waktu dari daftar", en: "Choose a time of the list"))])
    }

    // MARK: Reminding

    /// Seconds before its start at which a booking is reminded of.
    static let reminder: Int64 = 86_400

    /// What begins within a day and has not been reminded of.
    public var isToBeReminded: SQL {
        let now = journal.clock.now
        return """
            is_released = 0 AND is_reminded = 0 AND starts_at > \(now) AND starts_at <= \(now.adding(seconds: Self.reminder))
            """
    }

    /// A booking by its name; nil where there is none.
    public func find(_ id: String, in snapshot: Snapshot) throws -> Booking? {
        try snapshot.find("SELECT \(Booking.columns) FROM booking WHERE id = \(id)") { try Booking($0) }
    }

    /// Marks a booking as reminded of, within an act.
    ///
    /// - Returns: whether it had not been before, and still stands.
    public func remind(_ booking: Booking, in act: Act) throws -> Bool {
        let isOpen = try act.snapshot.count(
            "SELECT count(*) FROM booking WHERE id = \(booking.id) AND is_reminded = 0 AND is_released = 0"
        )
        guard isOpen == 1 else { return false }
        try act.append(
            "booking.reminded",
            to: "case/\(booking.docket)",
            by: .system,
            facts: ["docket": .string(booking.docket), "booking": .string(booking.id)]
        )
        return true
    }

    // MARK: What is kept

    /// What is kept for a case, the earliest first.
    public static func bookings(of docket: String, in snapshot: Snapshot) throws -> [Booking] {
        try snapshot.rows("SELECT \(Booking.columns) FROM booking WHERE docket = \(docket) AND is_released = 0 ORDER BY starts_at") {
            try Booking($0)
        }
    }

    /// What is kept at a venue on a day, the earliest first.
    public func agenda(_ venue: Venue, on day: CivilDate) async throws -> [Booking] {
        let (from, until) = span(of: day)
        return try await journal.read { snapshot in
            try snapshot.rows(
                """
                SELECT \(Booking.columns) FROM booking
                WHERE venue = \(venue.code) AND is_released = 0 AND starts_at >= \(from) AND starts_at < \(until) ORDER BY starts_at, resource
                """
            ) { try Booking($0) }
        }
    }

    /// Times at which each resource of a venue is free on a day, for bookings of its shortest length.
    public func board(_ venue: Venue, on day: CivilDate) async throws -> [(resource: Venue.Resource, free: [Int])] {
        let shortest = venue.rules.lengths.min() ?? Venue.cell
        var rows: [(Venue.Resource, [Int])] = []
        for resource in venue.resources {
            let choices = try await choices(resource, of: venue, on: day, minutes: shortest)
            rows.append((resource, choices.compactMap { $0.slot.starts.first?.minute }))
        }
        return rows
    }

    private func span(of day: CivilDate) -> (Instant, Instant) {
        (Instant(day, minuteOfDay: 0, zone: city.zone), Instant(day.adding(days: 1), minuteOfDay: 0, zone: city.zone))
    }
}
