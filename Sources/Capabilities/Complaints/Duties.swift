// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Essentials
import Identity
import Journal
import Logging
import ServiceLifecycle
import Storage

/// What time does to complaints: promises missed, windows closed, questions lapsed.
public struct ComplaintDuty: ServiceLifecycle.Service {
    private let complaints: Complaints
    private let logger: Logger

    /// Duties of complaints.
    public init(complaints: Complaints, logger: Logger) {
        self.complaints = complaints
        self.logger = logger
    }

    /// Looks every minute until the program stops.
    public func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await complaints.doDuties()
                } catch let error where !Task.isCancelled {
                    logger.error("complaint duties not done", metadata: ["error": "\(error)"])
                }
                try await Task.sleep(for: .seconds(60))
            }
        }
    }
}

extension Complaints {
    /// Does everything that is due, once. Doing it twice changes nothing.
    public func doDuties() async throws {
        try await reprojectClocks()
        try await keepTime()
        try await sendAreaDigests()
        try await eraseAged()
        let now = journal.clock.now
        try await journal.operate { transaction in
            try transaction.execute("DELETE FROM complaint_draft WHERE updated_at < \(now.adding(seconds: -Self.draftLifetime))")
            try transaction.execute("DELETE FROM subscription_request WHERE expires_at < \(now)")
            try transaction.execute("DELETE FROM idempotency WHERE at < \(now.adding(seconds: -90 * 86_400))")
        }
    }

    /// Does to complaints what time does: to all, or to one.
    public func keepTime(of docket: String? = nil) async throws {
        try await escalateMissed(docket)
        try await closeUnanswered(docket)
        try await resumeLapsed(docket)
        try await discardUnconfirmed(docket)
    }

    private func dockets(_ only: String?, _ condition: SQL) async throws -> [String] {
        let one: SQL = only.map { "docket = \($0) AND " } ?? ""
        return try await journal.read {
            try $0.rows("SELECT docket FROM complaint WHERE \(one)\(condition) ORDER BY docket LIMIT 5000") { try $0(0, as: String.self) }
        }
    }

    /// Climbs the ladder for every promise that is missed. Each rung of each promise fires once; a rung that finds no one
    /// raises an alarm and never passes in silence.
    private func escalateMissed(_ only: String?) async throws {
        let now = journal.clock.now
        for docket in try await dockets(only, "is_open = 1 AND next_due < \(now)") {
            try await act(on: docket, key: nil) { act, complaint in
                guard complaint.stage.isOpen, !complaint.clock.isPaused else { return }
                let fired = Set(
                    try act.snapshot.rows("SELECT promise, rung FROM escalation WHERE docket = \(docket)") {
                        "\(try $0(0, as: String.self))/\(try $0(1, as: Int.self))"
                    }
                )
                let today = now.date(in: city.zone)
                for (name, promise) in complaint.clock.promises.sorted(by: { $0.key < $1.key })
                where promise.start != nil && promise.met == nil && name != "reaction" {
                    guard let deadline = complaint.clock.deadline(name, calendar: city.calendar, now: now), deadline.dueAt < now else {
                        continue
                    }
                    let late = city.calendar.workingDays(from: deadline.due, to: today)
                    for (rung, step) in city.complaints.ladder.enumerated() where late >= step.after && !fired.contains("\(name)/\(rung)") {
                        let told = try head(step.to, of: complaint, on: today, in: act.snapshot)
                        try act.append(
                            "complaint.escalated",
                            to: complaint.stream,
                            by: .system,
                            facts: .compact([
                                "docket": .string(docket), "promise": .string(name), "rung": JSON(rung),
                                "to": .string(office(step.to, of: complaint)),
                                "late": JSON(late), "alarm": told == nil ? true : .null, "number": told.map { JSON($0.number) } ?? .null,
                            ]),
                            inner: told.map { ["told": .string($0.account.description)] }
                        )
                    }
                }
            }
        }
    }

    private func office(_ step: String, of complaint: Complaint) -> String {
        switch step {
        case "head": complaint.agency
        case "superior": city.agency(complaint.agency).superior ?? complaint.agency
        default: step
        }
    }

    private func head(_ step: String, of complaint: Complaint, on date: CivilDate, in snapshot: Snapshot) throws -> Officer? {
        try Accounts.head(of: office(step, of: complaint), on: date, in: snapshot)
    }

    /// Closes what the reporter has not reacted to within the window.
    private func closeUnanswered(_ only: String?) async throws {
        let now = journal.clock.now
        for docket in try await dockets(only, "stage = 'resolved' AND next_due < \(now)") {
            try await act(on: docket, key: nil) { act, complaint in
                guard complaint.stage == .resolved,
                    let due = complaint.clock.deadline("reaction", calendar: city.calendar, now: now)?.dueAt, due < now
                else { return }
                var clock = complaint.clock
                clock.meet("reaction", at: now)
                try act.append(
                    "complaint.closed",
                    to: complaint.stream,
                    by: .system,
                    facts: state(
                        complaint,
                        stage: .closed,
                        clock: clock,
                        now: now,
                        outcome: complaint.outcome,
                        more: ["reason": JSON(complaint.reason)]
                    )
                )
            }
        }
    }

    /// Lets the clocks run again where a question has had no answer for as long as the reporter has to react.
    private func resumeLapsed(_ only: String?) async throws {
        let now = journal.clock.now
        for docket in try await dockets(only, "stage = 'waiting' AND updated_at < \(now.adding(seconds: -86_400))") {
            try await act(on: docket, key: nil) { act, complaint in
                guard complaint.stage == .waiting, let pause = complaint.clock.pauses.last, pause.until == nil else { return }
                let window = Deadline(
                    start: pause.from,
                    limit: complaint.clock.promises["reaction"]?.limit ?? Limit(days: 10, unit: .calendarDays),
                    calendar: city.calendar,
                    now: now
                )
                guard window.dueAt < now else { return }
                var clock = complaint.clock
                clock.resume(at: now)
                try act.append(
                    "complaint.question-lapsed",
                    to: complaint.stream,
                    by: .system,
                    facts: state(complaint, stage: .working, clock: clock, now: now)
                )
            }
        }
    }

    /// Archives what was never confirmed.
    private func discardUnconfirmed(_ only: String?) async throws {
        let now = journal.clock.now
        for docket in try await dockets(only, "stage = 'unconfirmed' AND filed_at < \(now.adding(seconds: -3 * 86_400))") {
            try await act(on: docket, key: nil) { act, complaint in
                guard complaint.stage == .unconfirmed else { return }
                try act.append(
                    "complaint.archived",
                    to: complaint.stream,
                    by: .system,
                    facts: state(complaint, stage: .closed, clock: complaint.clock, now: now, outcome: .invalid)
                )
            }
        }
    }

    /// When the calendar has changed: works every open clock out again, records where a due date moved, and tells.
    public func reprojectClocks() async throws {
        let calendar = city.calendar
        let known = try await journal.read {
            try $0.find("SELECT result FROM idempotency WHERE key = 'calendar'") { try $0(0, as: String.self) }
        }
        guard known != calendar.fingerprint else { return }
        if known != nil {
            for docket in try await dockets(nil, "(is_open = 1 OR stage = 'resolved')") {
                try await act(on: docket, key: "calendar:\(calendar.fingerprint)") { act, complaint in
                    let due = due(complaint.clock, stage: complaint.stage, now: act.now)
                    let before = complaint.resolutionDue
                    guard let after = due["resolution"]?.integer.map({ Instant(milliseconds: $0) }), before != after else { return }
                    try act.append(
                        "complaint.clock-reprojected",
                        to: complaint.stream,
                        by: .system,
                        facts: [
                            "docket": .string(docket), "clock": complaint.clock.json, "due": due, "calendar": .string(calendar.fingerprint),
                            "before": .string(before?.date(in: city.zone).description ?? ""),
                            "after": .string(after.date(in: city.zone).description),
                        ]
                    )
                    let date = after.date(in: city.zone)
                    try tellAll(complaint, .moved, ["date": Text(id: date.long(.indonesian), en: date.long(.english))], in: act)
                }
            }
        }
        let now = journal.clock.now
        try await journal.operate { transaction in
            // Far in the future, so that it is never swept away with the keys of forms.
            try transaction.execute(
                """
                INSERT INTO idempotency (key, result, at) VALUES ('calendar', \(calendar.fingerprint), \(now.adding(seconds: 3_000_000_000)))
                ON CONFLICT (key) DO UPDATE SET result = excluded.result
                """
            )
        }
    }
}
