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

    /// Seconds between one look for news and the next.
    private static let pause = 2
    /// Looks for news between one look at the clocks and the next: a minute.
    private static let looks = 30

    /// Looks every minute until the program stops, and for news to followers every two seconds.
    public func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var look = 0
            while !Task.isCancelled {
                do {
                    if look == 0 { try await complaints.doDuties() }
                    try await complaints.sendNews()
                } catch let error where !Task.isCancelled {
                    logger.error("complaint duties not done", metadata: ["error": "\(error)"])
                }
                look = (look + 1) % Self.looks
                try await Task.sleep(for: .seconds(Self.pause))
            }
        }
    }
}

extension Complaints {
    /// Does everything that is due, once. Doing it twice changes nothing.
    public func doDuties() async throws {
        let kinds = city.complaints.categories.filter(\.isConfidential).map(\.code)
        let open = Self.complaints("is_confidential = 0 AND category IN \(in: kinds)")
        try await book.each("complaint.confidential", open, hideConfidentialKind)
        try await reprojectClocks()
        try await keepTime()
        try await sendAreaDigests()
        try await eraseAged()
        try await eraseEndedBlocks()
        try await book.sweep()
        let now = journal.clock.now
        try await journal.operate { transaction in
            try transaction.execute("DELETE FROM complaint_draft WHERE updated_at < \(now.adding(seconds: -Self.draftLifetime))")
            try transaction.execute("DELETE FROM complaint_code WHERE expires_at < \(now)")
            try transaction.execute("DELETE FROM subscription_request WHERE expires_at < \(now)")
            try transaction.execute("DELETE FROM idempotency WHERE at < \(now.adding(seconds: -90 * 86_400))")
        }
        try await sweepPhotos()
    }

    /// What has been looked at, and what could not be done.
    var book: DutyBook { DutyBook(journal: journal) }

    /// Does to every complaint what time does.
    public func keepTime() async throws {
        let now = journal.clock.now
        try await book.each("complaint.escalation", Self.complaints("is_open = 1 AND next_due < \(now)"), escalateMissed)
        try await book.each("complaint.closing", Self.complaints("stage = 'resolved' AND next_due < \(now)"), closeUnanswered)
        try await book.each("complaint.question", Self.complaints("stage = 'waiting'"), resumeLapsed)
        let unconfirmed = Self.complaints("stage = 'unconfirmed' AND filed_at < \(now.adding(seconds: -Self.confirmationTime))")
        try await book.each("complaint.confirmation", unconfirmed, discardUnconfirmed)
    }

    /// Does to one complaint what time does.
    public func keepTime(of docket: String) async throws {
        for duty in [escalateMissed, closeUnanswered, resumeLapsed, discardUnconfirmed] { _ = try await duty(docket) }
    }

    /// Seconds after which what was never confirmed is archived: three days.
    private static let confirmationTime: Int64 = 3 * 86_400

    private static func complaints(_ condition: SQL) -> DutyBook.Items {
        DutyBook.Items("complaint", key: "docket", changed: "updated_at", where: condition)
    }

    /// Climbs the ladder for every promise that is missed. Each rung of each promise fires once; a rung that finds no one
    /// raises an alarm and never passes in silence.
    ///
    /// - Returns: when the next rung may be reached: tomorrow, since rungs count days.
    private func escalateMissed(_ docket: String) async throws -> Instant? {
        let now = journal.clock.now
        let today = now.date(in: city.zone)
        try await act(on: docket, key: nil) { act, complaint in
            guard complaint.stage.isOpen, !complaint.clock.isPaused else { return }
            let fired = Set(
                try act.snapshot.rows("SELECT promise, rung FROM escalation WHERE docket = \(docket)") {
                    "\(try $0(0, as: String.self))/\(try $0(1, as: Int.self))"
                }
            )
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
        return Instant(today.adding(days: 1), minuteOfDay: 0, zone: city.zone)
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
    private func closeUnanswered(_ docket: String) async throws -> Instant? {
        let now = journal.clock.now
        try await act(on: docket, key: nil) { act, complaint in
            guard complaint.stage == .resolved,
                let due = complaint.clock.deadline("reaction", calendar: city.calendar, now: now)?.dueAt, due < now
            else { return }
            var clock = complaint.clock
            clock.meet("reaction", at: now)
            let reason = JSON(complaint.reason)
            let facts = state(complaint, stage: .closed, clock: clock, now: now, outcome: complaint.outcome, more: ["reason": reason])
            try act.append("complaint.closed", to: complaint.stream, by: .system, facts: facts)
        }
        return nil
    }

    /// Lets the clocks run again where a question has had no answer for as long as the reporter has to react.
    ///
    /// - Returns: when that time is over.
    private func resumeLapsed(_ docket: String) async throws -> Instant? {
        let now = journal.clock.now
        guard let complaint = try await find(docket), complaint.stage == .waiting, let end = answerDue(complaint, now: now) else {
            return nil
        }
        guard end < now else { return end }
        try await act(on: docket, key: nil) { act, complaint in
            guard complaint.stage == .waiting, let end = answerDue(complaint, now: now), end < now else { return }
            var clock = complaint.clock
            clock.resume(at: now)
            let facts = state(complaint, stage: .working, clock: clock, now: now)
            try act.append("complaint.question-lapsed", to: complaint.stream, by: .system, facts: facts)
        }
        return nil
    }

    /// Until when a question to the reporter waits for its answer.
    private func answerDue(_ complaint: Complaint, now: Instant) -> Instant? {
        guard let pause = complaint.clock.pauses.last, pause.until == nil else { return nil }
        let limit = complaint.clock.promises["reaction"]?.limit ?? Limit(days: 10, unit: .calendarDays)
        return Deadline(start: pause.from, limit: limit, calendar: city.calendar, now: now).dueAt
    }

    /// Archives what was never confirmed.
    private func discardUnconfirmed(_ docket: String) async throws -> Instant? {
        let now = journal.clock.now
        try await act(on: docket, key: nil) { act, complaint in
            guard complaint.stage == .unconfirmed, complaint.filedAt < now.adding(seconds: -Self.confirmationTime) else { return }
            let facts = state(complaint, stage: .closed, clock: complaint.clock, now: now, outcome: .invalid)
            try act.append("complaint.archived", to: complaint.stream, by: .system, facts: facts)
        }
        return nil
    }

    /// When the calendar has changed: works every open clock out again, records where a due date moved, and tells.
    public func reprojectClocks() async throws {
        let calendar = city.calendar
        let known = try await journal.read {
            try $0.find("SELECT result FROM idempotency WHERE key = 'calendar'") { try $0(0, as: String.self) }
        }
        guard known != calendar.fingerprint else { return }
        if known != nil {
            let open = DutyBook.Items("complaint", key: "docket", where: "(is_open = 1 OR stage = 'resolved')")
            let left = try await book.each("complaint.calendar:\(calendar.fingerprint)", open) { docket in
                try await reproject(docket, calendar)
                return nil
            }
            guard left == 0 else { return }
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

    private func reproject(_ docket: String, _ calendar: WorkingCalendar) async throws {
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
