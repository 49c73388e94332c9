// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

/// What is booked, and when: the answer to a question of the kind `slot`. Written as
/// `gor_a@2026-12-01T08:00,2026-12-08T08:00/120`: resource, starts by the city's clock, minutes.
public struct Slot: Hashable, Sendable, LosslessStringConvertible {
    /// A start by the city's clock.
    public struct Start: Hashable, Comparable, Sendable {
        /// The day.
        public let day: CivilDate
        /// The minute of the day.
        public let minute: Int

        /// A start.
        public init(day: CivilDate, minute: Int) {
            self.day = day
            self.minute = minute
        }

        /// The earlier one first.
        public static func < (left: Start, right: Start) -> Bool { (left.day, left.minute) < (right.day, right.minute) }

        /// The moment.
        public func instant(in zone: TimeZoneOffset) -> Instant { Instant(day, minuteOfDay: minute, zone: zone) }
    }

    /// The resource, by code.
    public let resource: String
    /// Every start, the earliest first; at least one.
    public let starts: [Start]
    /// Minutes that each lasts.
    public let minutes: Int

    /// The most starts of one answer.
    public static let most = 60

    /// What is booked, and when; nil without a start.
    public init?(resource: String, starts: [Start], minutes: Int) {
        guard !starts.isEmpty, starts.count <= Self.most, (1...1440).contains(minutes), zip(starts, starts.dropFirst()).allSatisfy(<) else {
            return nil
        }
        self.resource = resource
        self.starts = starts
        self.minutes = minutes
    }

    /// Reads an answer; nil when it is none.
    public init?(_ text: String) {
        guard text.utf8.count <= 2000, let match = text.wholeMatch(of: /([a-z][a-z0-9_]{0,39})@([0-9T:,-]+)\/([0-9]{1,4})/) else {
            return nil
        }
        let starts = match.2.split(separator: ",", omittingEmptySubsequences: false).map { Self.start($0) }
        self.init(resource: String(match.1), starts: starts.compactMap { $0 }, minutes: Int(match.3) ?? 0)
        if starts.contains(where: { $0 == nil }) { return nil }
    }

    private static func start(_ text: Substring) -> Start? {
        let parts = text.split(separator: "T", omittingEmptySubsequences: false)
        guard parts.count == 2, let day = CivilDate(String(parts[0])), parts[1].utf8.count == 5,
            let minute = MappingReader.minute(parts[1]),
            minute < 1440
        else { return nil }
        return Start(day: day, minute: minute)
    }

    /// As it is kept.
    public var description: String {
        "\(resource)@\(starts.map { "\($0.day)T\(Self.clock($0.minute))" }.joined(separator: ","))/\(minutes)"
    }

    /// The minute of the day of a time such as `21:00`; nil when it is none.
    public static func minute(_ text: String) -> Int? { MappingReader.minute(text[...]) }

    private static func clock(_ minute: Int) -> String { "\((minute / 60).padded(2)):\((minute % 60).padded(2))" }

    /// Hours of all starts together on weekdays, and on Saturdays and Sundays.
    public var hours: (weekday: Decimal, weekend: Decimal) {
        let weekend = starts.filter { $0.day.weekday > 5 }.count
        let each = Decimal(minutes) / 60
        return (each * Decimal(starts.count - weekend), each * Decimal(weekend))
    }

    /// Its times in words, such as “Selasa, 1 Desember 2026, 08.00–10.00”.
    public func times(_ language: Language) -> [String] {
        starts.map { "\($0.day.full(language)), \(Self.span($0.minute, minutes, language))" }
    }

    /// A span of a day in words: “08.00–10.00”.
    public static func span(_ minute: Int, _ minutes: Int, _ language: Language) -> String {
        let text = "\(clock(minute))–\(clock(minute + minutes))"
        return language == .indonesian ? text.replacing(":", with: ".") : text
    }
}
