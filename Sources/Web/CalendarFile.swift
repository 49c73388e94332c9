// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// Events for the calendar of a phone or computer (RFC 5545). Times are in UTC, which every calendar shows by its own clock.
public struct CalendarFile: Sendable {
    /// Something with a beginning and an end.
    public struct Event: Sendable {
        let uid: String
        let starts: Instant
        let ends: Instant
        let title: String
        let place: String
        let address: String

        /// An event.
        ///
        /// - Parameters:
        ///   - uid: its name, which never changes.
        ///   - address: where more is found.
        public init(uid: String, starts: Instant, ends: Instant, title: String, place: String, address: String) {
            self.uid = uid
            self.starts = starts
            self.ends = ends
            self.title = title
            self.place = place
            self.address = address
        }
    }

    private let events: [Event]
    private let now: Instant

    /// A calendar of events.
    public init(events: [Event], at now: Instant) {
        self.events = events
        self.now = now
    }

    /// The file.
    public var text: String {
        var lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Balai//ID", "CALSCALE:GREGORIAN"]
        for event in events {
            lines += [
                "BEGIN:VEVENT", "UID:\(event.uid)", "DTSTAMP:\(Self.stamp(now))", "DTSTART:\(Self.stamp(event.starts))",
                "DTEND:\(Self.stamp(event.ends))", "SUMMARY:\(Self.escaped(event.title))", "LOCATION:\(Self.escaped(event.place))",
                "URL:\(event.address)", "END:VEVENT",
            ]
        }
        lines.append("END:VCALENDAR")
        return lines.map { Self.folded($0) + "\r\n" }.joined()
    }

    private static func stamp(_ instant: Instant) -> String { instant.rfc3339().filter { $0 != "-" && $0 != ":" } }

    /// Commas, semicolons, backslashes and line ends mean something of their own (§3.3.11).
    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, sign in
            switch sign {
            case "\\", ",", ";": result += "\\\(sign)"
            case "\n", "\r\n", "\r": result += "\\n"
            default: result.append(sign)
            }
        }
    }

    /// No line has more than 75 octets (§3.1); a sign is never cut in two.
    private static func folded(_ line: String) -> String {
        var result = ""
        var length = 0
        for sign in line {
            let size = String(sign).utf8.count
            if length + size > 75 {
                result += "\r\n "
                length = 1
            }
            result.append(sign)
            length += size
        }
        return result
    }
}
