// SPDX-License-Identifier: EUPL-1.2

/// How long something may take.
public struct Limit: Hashable, Sendable {
    /// What a day is.
    public enum Unit: String, Sendable {
        /// Days on which the offices work.
        case workingDays = "working-days"
        /// Every day; a due date on a day off moves to the next working day (UU 30/2014 art 58(3)).
        case calendarDays = "calendar-days"
    }

    /// How many days.
    public let days: Int
    /// What a day is.
    public let unit: Unit

    /// A number of days.
    public init(days: Int, unit: Unit) {
        self.days = days
        self.unit = unit
    }

    /// The limit in words: “14 hari kerja”.
    public var text: Text {
        switch unit {
        case .workingDays: Text(id: "\(days) hari kerja", en: "\(days) working day\(days == 1 ? "" : "s")")
        case .calendarDays: Text(id: "\(days) hari kalender", en: "\(days) calendar day\(days == 1 ? "" : "s")")
        }
    }
}

/// A statutory clock worked out: the due date, and for every day why it counts or does not.
///
/// A pure function of (start, limit, pauses, extensions, calendar): the same entries always give the same answer, and
/// the answer explains itself.
public struct Deadline: Sendable {
    /// A time during which the clock stood still. Open-ended while it still does.
    public struct Pause: Hashable, Sendable {
        /// When it stopped.
        public let from: Instant
        /// When it ran again; nil while it stands.
        public let until: Instant?
        /// Why, in words for the resident.
        public let reason: Text

        /// A time during which the clock stood still.
        public init(from: Instant, until: Instant?, reason: Text) {
            self.from = from
            self.until = until
            self.reason = reason
        }
    }

    /// Days added by an act with a reason.
    public struct Extension: Hashable, Sendable {
        /// How many days, of the limit's unit.
        public let days: Int
        /// Why, in words for the resident.
        public let reason: Text

        /// Days added by an act with a reason.
        public init(days: Int, reason: Text) {
            self.days = days
            self.reason = reason
        }
    }

    /// One day of the explanation.
    public struct Day: Hashable, Sendable {
        /// What the day did to the clock.
        public enum Kind: String, Sendable {
            /// The day of receipt, which does not count.
            case received
            /// Counts.
            case counted
            /// Counts, and was added by an extension.
            case extended
            /// Saturday or Sunday.
            case weekend
            /// A holiday or joint leave.
            case holiday
            /// The clock stood still.
            case paused
            /// The due date fell on a day off and moved.
            case rolled
        }

        /// The date.
        public let date: CivilDate
        /// What it did to the clock.
        public let kind: Kind
        /// Its number among the days that count, from 1; nil for a day that does not.
        public let number: Int?
        /// Why, with the decree where there is one.
        public let reason: Text
    }

    /// The limit in force when the clock started, which governs.
    public let limit: Limit
    /// Every day from receipt to the due date.
    public let days: [Day]
    /// The last day.
    public let due: CivilDate
    /// The last moment: when the office closes on the last day.
    public let dueAt: Instant
    /// Whether the clock stands still now, so that the due date will still move.
    public let isPaused: Bool
    /// Whether the due date lies beyond the last day for which holidays are decreed.
    public let isBeyondDecree: Bool

    /// Works out a clock.
    ///
    /// - Parameters:
    ///   - start: when it began, usually the moment of receipt.
    ///   - limit: the promise in force at that moment.
    ///   - pauses: in the order they happened.
    ///   - extensions: in the order they were granted.
    ///   - calendar: whose days count.
    ///   - now: for a pause that is still open: how far it has reached.
    public init(
        start: Instant,
        limit: Limit,
        pauses: [Pause] = [],
        extensions: [Extension] = [],
        calendar: WorkingCalendar,
        now: Instant
    ) {
        let receipt = calendar.dayOfReceipt(start)
        var days = Self.lead(from: start.date(in: calendar.zone), to: receipt, calendar: calendar)
        let total = limit.days + extensions.reduce(0) { $0 + $1.days }
        var number = 0
        var date = receipt
        // Two calendar years past the limit is longer than any clock in law; the bound keeps a bad calendar from hanging.
        for _ in 0..<(total * 3 + 1500) where number < total {
            date = date.adding(days: 1)
            if limit.unit == .workingDays, let off = Self.dayOff(date, calendar) {
                days.append(off)
                continue
            }
            if let pause = Self.pause(on: date, in: pauses, calendar: calendar, now: now) {
                days.append(Day(date: date, kind: .paused, number: nil, reason: pause.reason))
                continue
            }
            number += 1
            if number <= limit.days {
                days.append(Day(date: date, kind: .counted, number: number, reason: Text(id: "Dihitung", en: "Counts")))
            } else {
                days.append(Day(date: date, kind: .extended, number: number, reason: Self.reason(number, limit, extensions)))
            }
        }
        // A limit in calendar days that ends on a day off moves to the next working day (UU 30/2014 art 58(3)).
        if limit.unit == .calendarDays {
            while !calendar.isWorkingDay(date), let off = Self.dayOff(date, calendar) {
                let reason = Text(
                    id: "\(off.reason.id): tenggat pindah ke hari kerja berikutnya (UU 30/2014 ps. 58(3))",
                    en: "\(off.reason.en): the due date moves to the next working day (UU 30/2014 art. 58(3))"
                )
                days[days.count - 1] = Day(date: date, kind: .rolled, number: days.last?.number, reason: reason)
                date = date.adding(days: 1)
                days.append(Day(date: date, kind: .counted, number: nil, reason: Text(id: "Hari kerja", en: "Working day")))
            }
        }
        self.limit = limit
        self.days = days
        due = date
        dueAt = calendar.close(of: date)
        isPaused = pauses.last.map { $0.until == nil } ?? false
        isBeyondDecree = date > calendar.decreedUntil
    }

    /// Days that counted up to and including a date.
    public func used(by date: CivilDate) -> Int {
        days.last { $0.number != nil && $0.date <= date }?.number ?? 0
    }

    /// Days that have still to pass from a date to the due date; negative when it is overdue.
    public func remaining(on date: CivilDate, calendar: WorkingCalendar) -> Int {
        limit.unit == .workingDays ? calendar.workingDays(from: date, to: due) : due.days - date.days
    }

    private static func lead(from first: CivilDate, to receipt: CivilDate, calendar: WorkingCalendar) -> [Day] {
        var days: [Day] = []
        var date = first
        while date < receipt {
            let reason = dayOff(date, calendar)?.reason ?? Text(id: "Masuk setelah kantor tutup", en: "Arrived after closing time")
            let kind = dayOff(date, calendar)?.kind ?? .received
            days.append(Day(date: date, kind: kind, number: nil, reason: reason))
            date = date.adding(days: 1)
        }
        days.append(
            Day(
                date: receipt,
                kind: .received,
                number: nil,
                reason: Text(id: "Hari diterima, belum dihitung", en: "Day of receipt, not counted")
            )
        )
        return days
    }

    private static func dayOff(_ date: CivilDate, _ calendar: WorkingCalendar) -> Day? {
        if let holiday = calendar.holiday(on: date) {
            let reason = Text(id: "\(holiday.name.id) (\(holiday.decree))", en: "\(holiday.name.en) (\(holiday.decree))")
            return Day(date: date, kind: .holiday, number: nil, reason: reason)
        }
        if calendar.isWorkingDay(date) { return nil }
        let reason = Text(id: date.weekdayName(.indonesian), en: date.weekdayName(.english))
        return Day(date: date, kind: .weekend, number: nil, reason: reason)
    }

    /// A day does not count when the clock stands still as the office closes.
    private static func pause(on date: CivilDate, in pauses: [Pause], calendar: WorkingCalendar, now: Instant) -> Pause? {
        let close = calendar.close(of: date)
        return pauses.first { $0.from < close && close <= ($0.until ?? now) }
    }

    private static func reason(_ number: Int, _ limit: Limit, _ extensions: [Extension]) -> Text {
        var last = limit.days
        for item in extensions {
            last += item.days
            if number <= last {
                return Text(id: "Perpanjangan: \(item.reason.id)", en: "Extension: \(item.reason.en)")
            }
        }
        return Text(id: "Perpanjangan", en: "Extension")
    }
}
