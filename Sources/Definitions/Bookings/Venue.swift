// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// Places that are booked under the same rules: a sports centre with its halls, the counters of an office, the consulting rooms
/// of a health service.
public struct Venue: Sendable {
    /// A short code, stable.
    public let code: String
    /// Its name.
    public let name: Text
    /// The agency whose it is.
    public let agency: String
    /// Whether who comes when stays out of the public log, and off the public pages.
    public let isConfidential: Bool
    /// How the days are divided.
    public let rules: Rules
    /// When it is open, by ISO weekday (1 Monday … 7 Sunday); a weekday without hours is closed.
    public let hours: [Int: [WorkingCalendar.Hours]]
    /// Whether it is open on holidays.
    public let opensOnHolidays: Bool
    /// What can be booked.
    public let resources: [Resource]
    /// The file that says so.
    public let source: String

    /// How the days of a venue are divided.
    public struct Rules: Sendable {
        /// Days ahead of today for which bookings are taken.
        public let ahead: Int
        /// Minutes before its start until which a booking is taken.
        public let notice: Int
        /// Minutes from one possible start to the next.
        public let step: Int
        /// Minutes that a booking may last.
        public let lengths: [Int]
        /// Weeks in a row for which one booking may be made at most; 1 where there are no series.
        public let weeks: Int
        /// Bookings ahead that one contact may hold without having paid for them, over all venues together.
        public let held: Int
        /// Minutes before a booking that are kept free, for preparing.
        public let before: Int
        /// Minutes after a booking that are kept free, for cleaning.
        public let after: Int
    }

    /// Something that can be booked.
    public struct Resource: Sendable {
        /// A short code, unique in the city.
        public let code: String
        /// Its name.
        public let name: Text
        /// Where it is.
        public let address: String?
        /// The resource that it is a part of: whoever books the whole has every part, and the other way round.
        public let within: String?
        /// Bookings side by side: counters, rooms.
        public let places: Int
        /// What an hour costs, the newest last; empty where nothing is owed.
        public let rates: [Rate]
    }

    /// What an hour costs from a day on.
    public struct Rate: Sendable {
        /// The first day.
        public let from: CivilDate
        /// Rupiah an hour from Monday to Friday.
        public let weekday: Int
        /// Rupiah an hour on Saturday and Sunday.
        public let weekend: Int
    }

    /// Minutes of a cell: what is booked is marked cell by cell, and no cell twice.
    public static let cell = 15

    /// Something that can be booked, by its code.
    public func resource(_ code: String) -> Resource? { resources.first { $0.code == code } }

    /// The smallest parts that a resource takes up: its own parts, or itself.
    public func units(of resource: Resource) -> [String] {
        let parts = resources.filter { $0.within == resource.code }
        return parts.isEmpty ? [resource.code] : parts.flatMap(units)
    }

    /// The resources that share a unit with one: itself, its parts, and what it is a part of.
    public func related(to resource: Resource) -> [Resource] {
        let own = Set(units(of: resource))
        return resources.filter { !own.isDisjoint(with: units(of: $0)) }
    }

    /// Minutes of a day at which a booking of some length may begin, whoever else is there.
    public func starts(on day: CivilDate, minutes: Int, calendar: WorkingCalendar) -> [Int] {
        guard opensOnHolidays || calendar.holiday(on: day) == nil else { return [] }
        return (hours[day.weekday] ?? []).flatMap { hours in
            Array(stride(from: hours.opens, through: hours.closes - minutes, by: rules.step))
        }
    }
}

extension Venue.Resource {
    /// What an hour costs on a day.
    public func rate(on day: CivilDate) -> Venue.Rate? { rates.last { $0.from <= day } }
}
