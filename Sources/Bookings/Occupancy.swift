// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Storage

/// What is taken of a resource over some days: cells by unit and place, and closures.
struct Occupancy {
    private let venue: Venue
    private let resource: Venue.Resource
    private let units: [String]
    private let zone: TimeZoneOffset
    private let cells: Set<Cell>
    private let closures: [Closure]

    private struct Cell: Hashable {
        let unit: String
        let at: Int64
        let place: Int
    }

    /// Reads what is taken.
    ///
    /// - Parameter ignoring: a case whose own bookings do not count.
    init(
        _ resource: Venue.Resource,
        of venue: Venue,
        from first: CivilDate,
        through last: CivilDate,
        zone: TimeZoneOffset,
        ignoring docket: String? = nil,
        in snapshot: Snapshot
    ) throws {
        self.venue = venue
        self.resource = resource
        self.zone = zone
        let units = venue.units(of: resource)
        self.units = units
        // A day more on either side: what is kept free before and after may lie there.
        let from = Instant(first.adding(days: -1), minuteOfDay: 0, zone: zone)
        let until = Instant(last.adding(days: 2), minuteOfDay: 0, zone: zone)
        cells = try Set(
            snapshot.rows(
                """
                SELECT unit, starts_at, place FROM booking_cell
                WHERE unit IN \(in: units) AND starts_at >= \(from) AND starts_at < \(until) AND docket <> \(docket ?? "")
                """
            ) { Cell(unit: try $0(0), at: try $0(1), place: try $0(2)) }
        )
        // Closing the whole closes its parts, and the other way round.
        let related = venue.related(to: resource).map(\.code)
        closures = try snapshot.rows(
            "SELECT \(Closure.columns) FROM venue_closure WHERE resource IN \(in: related) AND ends_at > \(from) AND starts_at < \(until)"
        ) { try Closure($0) }
    }

    /// A place that is free for the whole time with what is kept free around it; nil where there is none.
    func freePlace(_ start: Slot.Start, minutes: Int) -> Int? {
        let begin = start.instant(in: zone)
        let from = begin.adding(seconds: -Int64(venue.rules.before) * 60).milliseconds
        let until = begin.adding(seconds: Int64(minutes + venue.rules.after) * 60).milliseconds
        return (0..<resource.places).first { place in
            units.allSatisfy { unit in
                stride(from: from, to: until, by: Venue.cell * 60_000).allSatisfy {
                    !cells.contains(Cell(unit: unit, at: $0, place: place))
                }
            }
        }
    }

    /// Why a time is not to be had; nil where it is.
    func refusal(_ start: Slot.Start, minutes: Int) -> Text? {
        let begin = start.instant(in: zone)
        let end = begin.adding(seconds: Int64(minutes) * 60)
        if let closure = closures.first(where: { $0.starts < end && $0.ends > begin }) { return Text(same: closure.reason) }
        return freePlace(start, minutes: minutes) == nil ? Text(id: "sudah dipesan", en: "booked already") : nil
    }
}
