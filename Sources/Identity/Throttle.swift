// SPDX-License-Identifier: EUPL-1.2

import Essentials
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
    public func allows(_ name: String, limit: Int = 8, now: Instant) -> Bool {
        windows.withLock { windows in
            if windows.count > 100_000 { windows = windows.filter { $0.value.start.adding(seconds: seconds) > now } }
            var window = windows[name] ?? Window(start: now, count: 0)
            if window.start.adding(seconds: seconds) <= now { window = Window(start: now, count: 0) }
            window.count += 1
            windows[name] = window
            return window.count <= limit
        }
    }

    /// Starts again for a name.
    public func forget(_ name: String) { windows.withLock { $0[name] = nil } }
}
