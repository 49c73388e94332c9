// SPDX-License-Identifier: EUPL-1.2

/// The days on which the city's offices work, with the decree or reason for each day that they do not.
public struct WorkingCalendar: Sendable {
    /// A day off, and why.
    public struct Holiday: Hashable, Sendable {
        /// What the day is called.
        public let name: Text
        /// The decree that makes it a day off, such as “SKB 3 Menteri 2026”.
        public let decree: String
        /// Whether it is *cuti bersama*, joint leave of civil servants.
        public let isJointLeave: Bool

        /// A day off, and why.
        public init(name: Text, decree: String, isJointLeave: Bool) {
            self.name = name
            self.decree = decree
            self.isJointLeave = isJointLeave
        }
    }

    /// Opening and closing in minutes since midnight.
    public struct Hours: Hashable, Sendable {
        /// Minute of the day when the office opens.
        public let opens: Int
        /// Minute of the day when it closes; what comes later counts as received the next working day.
        public let closes: Int

        /// Opening and closing, in minutes since midnight.
        public init(opens: Int, closes: Int) {
            self.opens = opens
            self.closes = closes
        }
    }

    /// Hours that hold on some dates only, such as in Ramadan.
    public struct SpecialHours: Hashable, Sendable {
        /// First and last day.
        public let dates: ClosedRange<CivilDate>
        /// The hours on those days, by ISO weekday.
        public let hours: [Int: Hours]

        /// Hours that hold on some dates only.
        public init(dates: ClosedRange<CivilDate>, hours: [Int: Hours]) {
            self.dates = dates
            self.hours = hours
        }
    }

    /// A day off that can be worked out, for years that no decree has named yet.
    public struct Rule: Hashable, Sendable {
        /// When it falls.
        public enum When: Hashable, Sendable {
            /// Every year on the same date.
            case fixed(month: Int, day: Int)
            /// Days after Easter Sunday.
            case easter(offset: Int)
        }

        /// When it falls.
        public let when: When
        /// What it is.
        public let name: Text
        /// Why it counts before it is decreed.
        public let basis: Text

        /// A day off that can be worked out.
        public init(when: When, name: Text, basis: Text) {
            self.when = when
            self.name = name
            self.basis = basis
        }

        func falls(on date: CivilDate) -> Bool {
            switch when {
            case .fixed(let month, let day): date.parts.month == month && date.parts.day == day
            case .easter(let offset): CivilDate.easter(date.parts.year).adding(days: offset) == date
            }
        }
    }

    /// Days off by date, as decreed.
    public let holidays: [CivilDate: Holiday]
    /// Days off that hold after the last decree.
    public let rules: [Rule]
    /// Hours by ISO weekday (1 Monday … 7 Sunday); a weekday without hours is not a working day.
    public let hours: [Int: Hours]
    /// Exceptions to the hours.
    public let specialHours: [SpecialHours]
    /// The city's zone.
    public let zone: TimeZoneOffset
    /// The last day for which holidays have been decreed; later days know the week and the rules.
    public let decreedUntil: CivilDate
    /// A hash of everything above, so that a change can be noticed.
    public let fingerprint: String

    /// A calendar.
    public init(
        holidays: [CivilDate: Holiday],
        hours: [Int: Hours],
        specialHours: [SpecialHours] = [],
        rules: [Rule] = [],
        zone: TimeZoneOffset,
        decreedUntil: CivilDate,
        fingerprint: String
    ) {
        self.holidays = holidays
        self.hours = hours
        self.specialHours = specialHours
        self.rules = rules
        self.zone = zone
        self.decreedUntil = decreedUntil
        self.fingerprint = fingerprint
    }

    /// The day off that a date is: by decree, or by rule where there is no decree yet.
    public func holiday(on date: CivilDate) -> Holiday? {
        if let holiday = holidays[date] { return holiday }
        guard date > decreedUntil, let rule = rules.first(where: { $0.falls(on: date) }) else { return nil }
        return Holiday(name: rule.name, decree: rule.basis.id, isJointLeave: false)
    }

    /// The hours of a day; nil when offices are shut.
    public func hours(on date: CivilDate) -> Hours? {
        guard holiday(on: date) == nil else { return nil }
        if let special = specialHours.first(where: { $0.dates.contains(date) }) { return special.hours[date.weekday] }
        return hours[date.weekday]
    }

    /// Whether offices work that day.
    public func isWorkingDay(_ date: CivilDate) -> Bool { hours(on: date) != nil }

    /// Whether offices are open at a moment.
    public func isOpen(at instant: Instant) -> Bool {
        guard let hours = hours(on: instant.date(in: zone)) else { return false }
        return (hours.opens..<hours.closes).contains(instant.minuteOfDay(in: zone))
    }

    /// The first working day after a date.
    ///
    /// Looks at most two years ahead, so that a calendar with no working day at all cannot hang the program.
    public func workingDay(after date: CivilDate) -> CivilDate {
        var day = date.adding(days: 1)
        for _ in 0..<730 {
            if isWorkingDay(day) { return day }
            day = day.adding(days: 1)
        }
        return day
    }

    /// The day on which something that arrived at a moment counts as received: the same day until the office closes,
    /// else the next working day.
    public func dayOfReceipt(_ instant: Instant) -> CivilDate {
        let date = instant.date(in: zone)
        if let hours = hours(on: date), instant.minuteOfDay(in: zone) < hours.closes { return date }
        return workingDay(after: date)
    }

    /// The moment the office closes on a working day; the end of the day on any other.
    public func close(of date: CivilDate) -> Instant {
        Instant(date, minuteOfDay: hours(on: date)?.closes ?? 1440, zone: zone)
    }

    /// The end of further days that follow a due moment: those of the first limit count from where it would have ended, not from the
    /// day on which more were given.
    public func further(_ limit: Limit, after due: Instant) -> Instant {
        var date = due.date(in: zone)
        switch limit.unit {
        case .workingDays: for _ in 0..<limit.days { date = workingDay(after: date) }
        case .calendarDays:
            date = date.adding(days: limit.days)
            if !isWorkingDay(date) { date = workingDay(after: date) }
        }
        return close(of: date)
    }

    /// Working days from the day after one date up to and including another; negative when the other is earlier.
    public func workingDays(from start: CivilDate, to end: CivilDate) -> Int {
        if end < start { return -workingDays(from: end, to: start) }
        var count = 0
        var day = start
        while day < end {
            day = day.adding(days: 1)
            if isWorkingDay(day) { count += 1 }
        }
        return count
    }
}
