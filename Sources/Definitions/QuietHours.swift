// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// The hours of the night in which no telephone is made to ring for what can wait until morning.
public struct QuietHours: Sendable, Hashable {
    /// Minute of the day at which they begin.
    public let from: Int
    /// Minute of the day at which they end.
    public let until: Int
    /// The zone of both.
    public let zone: TimeZoneOffset

    /// Hours from a minute of the day until another, over midnight where the second is the smaller.
    public init(from: Int, until: Int, zone: TimeZoneOffset) {
        self.from = from
        self.until = until
        self.zone = zone
    }

    /// Whether a moment lies in them.
    public func contain(_ instant: Instant) -> Bool {
        let day = instant.date(in: zone)
        let minute = Int((instant.milliseconds - Instant(day, minuteOfDay: 0, zone: zone).milliseconds) / 60_000)
        return from <= until ? (from..<until).contains(minute) : minute >= from || minute < until
    }
}
