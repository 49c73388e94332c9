// SPDX-License-Identifier: EUPL-1.2

import Synchronization

/// Counts attempts in windows of 15 minutes; forgets the oldest when too many names are known.
public final class Throttle: Sendable {
    private struct Window {
        var start: Instant
        var count: Int
    }

    private let windows = Mutex<[String: Window]>([:])
    private let seconds: Int64

    /// A counter for a window, 15 minutes unless said otherwise.
    public init(seconds: Int64 = 900) {
        self.seconds = seconds
    }

    /// Counts an attempt; false when there have been too many.
    public func allows(_ name: String, limit: Int = 8, now: Instant) -> Bool { take(name, limit: limit, now: now) == nil }

    /// Counts an attempt; where there have been too many, the moment from which there may be more.
    public func take(_ name: String, limit: Int, now: Instant) -> Instant? {
        windows.withLock { windows in
            if windows.count > 100_000 { windows = windows.filter { $0.value.start.adding(seconds: seconds) > now } }
            var window = windows[name] ?? Window(start: now, count: 0)
            if window.start.adding(seconds: seconds) <= now { window = Window(start: now, count: 0) }
            window.count += 1
            windows[name] = window
            return window.count <= limit ? nil : window.start.adding(seconds: seconds)
        }
    }

    /// Starts again for a name.
    public func forget(_ name: String) { windows.withLock { $0[name] = nil } }
}
