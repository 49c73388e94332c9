// SPDX-License-Identifier: EUPL-1.2

import Foundation

/// A moment: whole milliseconds since 1970-01-01T00:00:00Z, from the first of the year 1 to the last of the year 9999. What would
/// lie beyond is the nearest of these, so that no reckoning with moments can overflow.
public struct Instant: Hashable, Comparable, Sendable {
    /// Milliseconds since the epoch, UTC.
    public let milliseconds: Int64

    /// Seconds since the epoch that a moment can have.
    static let seconds = Int64(CivilDate.first.days) * 86_400...Int64(CivilDate.last.days) * 86_400 + 86_399

    /// A moment from milliseconds since the epoch.
    public init(milliseconds: Int64) {
        self.milliseconds = min(max(milliseconds, Self.seconds.lowerBound * 1000), Self.seconds.upperBound * 1000 + 999)
    }

    /// Midnight UTC of a date plus a time of day, less the zone's offset: the moment a local clock shows.
    public init(_ date: CivilDate, minuteOfDay: Int, zone: TimeZoneOffset) {
        self.init(milliseconds: Int64(date.days) * 86_400_000 + Int64(minuteOfDay - zone.minutes) * 60_000)
    }

    /// The order in which lists are shown.
    public static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }

    /// The moment so many seconds later; negative for earlier.
    public func adding(seconds: Int64) -> Instant {
        let most = Self.seconds.upperBound - Self.seconds.lowerBound
        return Instant(milliseconds: milliseconds + min(max(seconds, -most), most) * 1000)
    }

    /// The date that a calendar on the wall shows at this moment.
    public func date(in zone: TimeZoneOffset) -> CivilDate {
        CivilDate(days: Int((milliseconds + Int64(zone.minutes) * 60_000).floorDivided(by: 86_400_000)))
    }

    /// Minutes since local midnight, 0 to 1439.
    public func minuteOfDay(in zone: TimeZoneOffset) -> Int {
        let local = milliseconds + Int64(zone.minutes) * 60_000
        return Int((local - local.floorDivided(by: 86_400_000) * 86_400_000) / 60_000)
    }

    /// RFC 3339 with the zone's offset and whole seconds, such as `2026-11-24T09:00:00+07:00`.
    public func rfc3339(in zone: TimeZoneOffset = .utc) -> String {
        let local = milliseconds + Int64(zone.minutes) * 60_000
        let second = Int((local - local.floorDivided(by: 86_400_000) * 86_400_000) / 1000)
        let time = "\((second / 3600).padded(2)):\((second / 60 % 60).padded(2)):\((second % 60).padded(2))"
        return "\(date(in: zone))T\(time)\(zone)"
    }

    /// Reads RFC 3339 (`2026-11-24T09:00:00+07:00`, `…Z`, fractions allowed); nil when it is anything else.
    public init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "),
            let date = CivilDate(String(decoding: bytes[0..<10], as: UTF8.self)),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let hour = Int(digits: bytes[11..<13]), let minute = Int(digits: bytes[14..<16]),
            let second = Int(digits: bytes[17..<19]), hour < 24, minute < 60, second < 61
        else { return nil }
        var rest = bytes[19...]
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            guard !digits.isEmpty, digits.count <= 9 else { return nil }
            fraction = Int(digits: (digits.prefix(3) + [0x30, 0x30, 0x30]).prefix(3)) ?? 0
            rest = rest.dropFirst(1 + digits.count)
        }
        guard let zone = TimeZoneOffset(String(decoding: rest, as: UTF8.self)) else { return nil }
        let read = Int64(date.days) * 86_400_000 + Int64(hour * 60 + minute - zone.minutes) * 60_000 + Int64(second * 1000 + fraction)
        self.init(milliseconds: read)
        // A zone can move the first and the last hours out of the calendar.
        if milliseconds != read { return nil }
    }
}

/// A zone without daylight saving, which is all Indonesia has: minutes east of Greenwich.
public struct TimeZoneOffset: Hashable, Sendable, CustomStringConvertible {
    /// Minutes east of Greenwich; WIB is 420.
    public let minutes: Int

    /// A zone so many minutes east of Greenwich.
    public init(minutes: Int) {
        self.minutes = minutes
    }

    /// Reads `Z`, `+07:00` or `-0330`.
    public init?(_ text: String) {
        if text == "Z" || text == "z" {
            self.init(minutes: 0)
            return
        }
        let bytes = Array(text.utf8.filter { $0 != UInt8(ascii: ":") })
        guard bytes.count == 5, bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"),
            let hours = Int(digits: bytes[1..<3]), let rest = Int(digits: bytes[3..<5]), hours < 15, rest < 60
        else { return nil }
        self.init(minutes: (bytes[0] == UInt8(ascii: "-") ? -1 : 1) * (hours * 60 + rest))
    }

    /// Greenwich.
    public static let utc = TimeZoneOffset(minutes: 0)

    /// As people and files write it.
    public var description: String {
        if minutes == 0 { return "Z" }
        return "\(minutes < 0 ? "-" : "+")\((abs(minutes) / 60).padded(2)):\((abs(minutes) % 60).padded(2))"
    }
}

/// Where the time comes from: the machine's clock in service, a clock set by hand in tests.
public struct Clock: Sendable {
    private let read: @Sendable () -> Instant

    /// A clock that is read by calling a function.
    public init(_ read: @escaping @Sendable () -> Instant) {
        self.read = read
    }

    /// The machine's clock.
    public static let machine = Clock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// The time now.
    public var now: Instant { read() }
}

extension Int64 {
    /// Division that rounds toward minus infinity, so that moments before 1970 fall on the right day.
    func floorDivided(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}

extension Int {
    /// The number in decimal, with zeros in front up to a width.
    public func padded(_ width: Int) -> String {
        let text = String(self)
        return String(repeating: "0", count: Swift.max(0, width - text.count)) + text
    }

    /// A number from ASCII digits only: no sign, no space, no other script's digits.
    public init?(digits: some Sequence<UInt8>) {
        var value = 0
        var isEmpty = true
        for byte in digits {
            guard (0x30...0x39).contains(byte) else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowAgain) = product.addingReportingOverflow(Int(byte - 0x30))
            guard !overflow, !overflowAgain else { return nil }
            value = sum
            isEmpty = false
        }
        if isEmpty { return nil }
        self = value
    }
}
