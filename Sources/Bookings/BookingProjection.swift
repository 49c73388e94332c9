// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Journal
import Storage

/// What is booked and what is closed, worked out from entries. The key of a cell is what makes two bookings of one place at one
/// time impossible, whoever comes first.
public struct BookingProjection: Projection {
    /// The tables of bookings.
    public static let migrations = [
        Migration(
            "20261126-c-bookings",
            """
            CREATE TABLE booking (
                id TEXT NOT NULL PRIMARY KEY,
                docket TEXT NOT NULL,
                venue TEXT NOT NULL,
                resource TEXT NOT NULL,
                starts_at INTEGER NOT NULL,
                ends_at INTEGER NOT NULL,
                is_released INTEGER NOT NULL,
                is_reminded INTEGER NOT NULL
            );
            CREATE INDEX booking_docket ON booking (docket);
            CREATE INDEX booking_venue ON booking (venue, starts_at);
            CREATE INDEX booking_start ON booking (is_released, is_reminded, starts_at);
            CREATE TABLE booking_cell (
                unit TEXT NOT NULL,
                starts_at INTEGER NOT NULL,
                place INTEGER NOT NULL,
                docket TEXT NOT NULL,
                PRIMARY KEY (unit, starts_at, place)
            );
            CREATE INDEX booking_cell_docket ON booking_cell (docket);
            CREATE TABLE venue_closure (
                id TEXT NOT NULL PRIMARY KEY,
                venue TEXT NOT NULL,
                resource TEXT NOT NULL,
                starts_at INTEGER NOT NULL,
                ends_at INTEGER NOT NULL,
                reason TEXT NOT NULL
            );
            CREATE INDEX venue_closure_resource ON venue_closure (resource, ends_at);
            """
        )
    ]

    /// The tables that replay fills.
    public let tables: [SchemaName] = ["booking", "booking_cell", "venue_closure"]

    /// The projection.
    public init() {}

    /// Brings the tables up to date with one entry.
    public func apply(_ entry: Entry, in transaction: Transaction) throws {
        switch entry.kind {
        case "booking.made": try make(entry, in: transaction)
        case "booking.released":
            let docket = entry.facts["docket"]?.string ?? ""
            try transaction.execute("DELETE FROM booking_cell WHERE docket = \(docket) AND starts_at >= \(entry.at)")
            try transaction.execute("UPDATE booking SET is_released = 1 WHERE docket = \(docket) AND starts_at >= \(entry.at)")
        case "booking.reminded":
            try transaction.execute("UPDATE booking SET is_reminded = 1 WHERE id = \(entry.facts["booking"]?.string ?? "")")
        case "venue.closed":
            let facts = entry.facts
            try transaction.execute(
                """
                INSERT INTO venue_closure (id, venue, resource, starts_at, ends_at, reason)
                VALUES (\(entry.id), \(facts["venue"]?.string ?? ""), \(facts["resource"]?.string ?? ""), \(facts["starts"]?.integer ?? 0),
                    \(facts["ends"]?.integer ?? 0), \(facts["reason"]?.string ?? ""))
                """
            )
        case "venue.reopened":
            try transaction.execute("DELETE FROM venue_closure WHERE id = \(entry.facts["closure"]?.string ?? "")")
        default: break
        }
    }

    /// Everything that is marked stands in the entry: neither the pack nor the clock is asked again.
    private func make(_ entry: Entry, in transaction: Transaction) throws {
        let docket = entry.facts["docket"]?.string ?? ""
        guard let booking = entry.facts["booking"] ?? entry.inner?["booking"] else { return }
        let units = (booking["units"]?.array ?? []).compactMap(\.string)
        for (index, time) in (booking["times"]?.array ?? []).enumerated() {
            try transaction.execute(
                """
                INSERT INTO booking (id, docket, venue, resource, starts_at, ends_at, is_released, is_reminded)
                VALUES (\("\(entry.id).\(index)"), \(docket), \(booking["venue"]?.string ?? ""), \(booking["resource"]?.string ?? ""),
                    \(time["starts"]?.integer ?? 0), \(time["ends"]?.integer ?? 0), 0, 0)
                """
            )
            let (from, until) = (time["from"]?.integer ?? 0, time["until"]?.integer ?? 0)
            for unit in units {
                for cell in stride(from: from, to: until, by: Self.cell) {
                    try transaction.execute(
                        """
                        INSERT INTO booking_cell (unit, starts_at, place, docket)
                        VALUES (\(unit), \(cell), \(time["place"]?.integer ?? 0), \(docket))
                        """
                    )
                }
            }
        }
    }

    /// Milliseconds of a cell, as they were when the first booking was made: entries must replay alike for ever.
    private static let cell = 900_000
}
