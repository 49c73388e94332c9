// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Identity
import Journal
import Storage

/// Times in which something cannot be booked.
extension BookingOffice {
    /// Whether an officer looks after a venue.
    public func keeps(_ venue: Venue, _ officer: Officer) -> Bool {
        officer.agency == venue.agency && !officer.roles.isDisjoint(with: [.officer, .clerk, .head])
    }

    /// Closes a resource, for a reason that everybody reads.
    ///
    /// - Returns: bookings that fall into it; they stand until somebody moves or cancels them.
    public func close(
        _ resource: Venue.Resource,
        of venue: Venue,
        from start: Slot.Start,
        until end: Slot.Start,
        reason: String,
        by officer: Officer
    ) async throws -> [Booking] {
        guard keeps(venue, officer) else { throw Problem.notFound }
        var faults: [Problem.Field] = []
        if reason.isEmpty || reason.count > 200 {
            faults.append(
                Problem.Field("reason", Text(id: "Tulis sebabnya, paling panjang 200 huruf", en: "Write why, in at most 200 characters"))
            )
        }
        if end <= start {
            faults.append(
                Problem.Field("until", Text(id: "Akhirnya harus sesudah mulainya", en: "The end has to come after the beginning"))
            )
        }
        guard faults.isEmpty else { throw Problem.fields(faults) }
        let (from, until) = (start.instant(in: city.zone), end.instant(in: city.zone))
        let related = venue.related(to: resource).map(\.code)
        return try await journal.commit { act in
            try act.append(
                "venue.closed",
                to: "venue/\(venue.code)",
                by: officer.actor,
                facts: [
                    "venue": .string(venue.code), "resource": .string(resource.code), "starts": .integer(from.milliseconds),
                    "ends": .integer(until.milliseconds), "reason": .string(reason),
                ]
            )
            return try act.snapshot.rows(
                """
                SELECT \(Booking.columns) FROM booking WHERE venue = \(venue.code) AND resource IN \(in: related) AND is_released = 0
                    AND starts_at < \(until) AND ends_at > \(from) ORDER BY starts_at
                """
            ) { try Booking($0) }
        }
    }

    /// Opens again what was closed.
    public func reopen(_ closure: String, of venue: Venue, by officer: Officer) async throws {
        guard keeps(venue, officer) else { throw Problem.notFound }
        try await journal.commit { act in
            let count = try act.snapshot.count("SELECT count(*) FROM venue_closure WHERE id = \(closure) AND venue = \(venue.code)")
            guard count == 1 else { return }
            try act.append("venue.reopened", to: "venue/\(venue.code)", by: officer.actor, facts: ["closure": .string(closure)])
        }
    }

    /// Closures of a venue that have not passed, the earliest first.
    public func closures(of venue: Venue) async throws -> [Closure] {
        let now = journal.clock.now
        return try await journal.read { snapshot in
            try snapshot.rows(
                "SELECT \(Closure.columns) FROM venue_closure WHERE venue = \(venue.code) AND ends_at > \(now) ORDER BY starts_at LIMIT 200"
            ) { try Closure($0) }
        }
    }
}
