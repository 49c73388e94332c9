// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials

/// The clock of one case: the promises in force when it was filed, and every time it stood still or was given more days.
public struct ClockLedger: Sendable, Hashable {
    /// A promise of the case.
    public struct Promise: Sendable, Hashable {
        /// Its name, such as `resolution`.
        public let name: String
        /// How long.
        public let limit: Limit
        /// The published promise that governs it, by its fingerprint.
        public let rule: String
        /// When its clock began; nil while it has not.
        public var start: Instant?
        /// When it was kept; nil while it is open.
        public var met: Instant?
    }

    /// Promises by name.
    public private(set) var promises: [String: Promise]
    /// Times during which every open clock stood still.
    public private(set) var pauses: [Deadline.Pause]
    /// Days added to the resolution.
    public private(set) var extensions: [Deadline.Extension]

    /// A ledger of promises that have not begun.
    public init(_ promises: [(name: String, promise: Definitions.Promise)]) {
        self.promises = Dictionary(
            promises.map { ($0.name, Promise(name: $0.name, limit: $0.promise.limit, rule: $0.promise.fingerprint)) },
            uniquingKeysWith: { $1 }
        )
        pauses = []
        extensions = []
    }

    /// Starts the clock of a promise.
    public mutating func start(_ name: String, at instant: Instant) {
        promises[name]?.start = instant
        promises[name]?.met = nil
    }

    /// Records that a promise was kept, early or late.
    public mutating func meet(_ name: String, at instant: Instant) {
        if promises[name]?.start != nil, promises[name]?.met == nil { promises[name]?.met = instant }
    }

    /// Puts a promise under another limit; what has run of its clock stays run.
    public mutating func govern(_ name: String, by promise: Definitions.Promise) {
        guard let old = promises[name] else { return }
        promises[name] = Promise(name: name, limit: promise.limit, rule: promise.fingerprint, start: old.start, met: old.met)
    }

    /// Opens a promise again as if it had never been met, its days running on.
    public mutating func reopen(_ name: String) { promises[name]?.met = nil }

    /// Stops every open clock.
    public mutating func pause(at instant: Instant, reason: Text) {
        guard !isPaused else { return }
        pauses.append(Deadline.Pause(from: instant, until: nil, reason: reason))
    }

    /// Lets the clocks run again.
    public mutating func resume(at instant: Instant) {
        guard let last = pauses.last, last.until == nil else { return }
        pauses[pauses.count - 1] = Deadline.Pause(from: last.from, until: instant, reason: last.reason)
    }

    /// Gives the resolution more days.
    public mutating func extend(days: Int, reason: Text) { extensions.append(Deadline.Extension(days: days, reason: reason)) }

    /// Whether the clocks stand still.
    public var isPaused: Bool { pauses.last.map { $0.until == nil } ?? false }

    /// A promise's clock worked out; nil while it has not begun.
    public func deadline(_ name: String, calendar: WorkingCalendar, now: Instant) -> Deadline? {
        guard let promise = promises[name], let start = promise.start else { return nil }
        return Deadline(
            start: start,
            limit: promise.limit,
            pauses: pauses,
            extensions: name == "resolution" ? extensions : [],
            calendar: calendar,
            now: promise.met ?? now
        )
    }
}

extension ClockLedger {
    /// The ledger as it stands in entries. The words of its promises are published once, under their fingerprints.
    public var json: JSON {
        JSON.compact([
            "promises": .object(
                promises.mapValues { promise in
                    JSON.compact([
                        "days": JSON(promise.limit.days), "unit": .string(promise.limit.unit.rawValue), "rule": .string(promise.rule),
                        "start": promise.start.map { .integer($0.milliseconds) } ?? .null,
                        "met": promise.met.map { .integer($0.milliseconds) } ?? .null,
                    ])
                }
            ),
            "pauses": pauses.isEmpty
                ? .null
                : .array(
                    pauses.map { pause in
                        JSON.compact([
                            "from": .integer(pause.from.milliseconds),
                            "until": pause.until.map { .integer($0.milliseconds) } ?? .null,
                            "reason": pause.reason.json,
                        ])
                    }
                ),
            "extensions": extensions.isEmpty ? .null : .array(extensions.map { ["days": JSON($0.days), "reason": $0.reason.json] }),
        ])
    }

    /// Reads a ledger back.
    public init(json: JSON) {
        promises = [:]
        for (name, value) in json["promises"]?.object ?? [:] {
            promises[name] = Promise(
                name: name,
                limit: Limit(days: Int(value["days"]?.integer ?? 0), unit: value["unit"]?.string.flatMap(Limit.Unit.init) ?? .workingDays),
                rule: value["rule"]?.string ?? "",
                start: value["start"]?.integer.map { Instant(milliseconds: $0) },
                met: value["met"]?.integer.map { Instant(milliseconds: $0) }
            )
        }
        pauses = (json["pauses"]?.array ?? []).map { pause in
            Deadline.Pause(
                from: Instant(milliseconds: pause["from"]?.integer ?? 0),
                until: pause["until"]?.integer.map { Instant(milliseconds: $0) },
                reason: Text(json: pause["reason"])
            )
        }
        extensions = (json["extensions"]?.array ?? []).map {
            Deadline.Extension(days: Int($0["days"]?.integer ?? 0), reason: Text(json: $0["reason"]))
        }
    }
}

extension Text {
    /// Both languages as an object.
    public var json: JSON { ["id": .string(id), "en": .string(en)] }

    /// Reads both languages back; empty where there are none.
    public init(json: JSON?) { self.init(id: json?["id"]?.string ?? "", en: json?["en"]?.string ?? "") }
}
