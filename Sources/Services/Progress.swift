// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Essentials

/// How far a case has come: where it stands, its clocks, and which offices have agreed. A pure function of what happened, so that
/// `balai check` tells a service's stories by the same rules as the city lives by.
public struct Progress: Sendable, Hashable {
    /// An office's answer.
    public struct Clearance: Sendable, Hashable {
        /// Whether it agreed, or its silence counted so.
        public var isGiven: Bool
        /// When it is due.
        public var due: Instant
        /// The agency that is asked.
        public var agency: String
    }

    /// The stage, by code.
    public var stage: String
    /// What it means.
    public var status: CaseStatus
    /// The clock of the whole.
    public var clock: ClockLedger
    /// When the case has to leave the stage; nil where the stage has no limit.
    public var stageDue: Instant?
    /// Answers of offices, by code; of this stage only.
    public var clearances: [String: Clearance]
}

extension Service {
    /// Where a case begins.
    public func begin(at instant: Instant, calendar: WorkingCalendar) -> Progress? {
        guard let first = stages.first else { return nil }
        var clock = ClockLedger([("resolution", limit)])
        clock.start("resolution", at: instant)
        let start = Progress(stage: first.code, status: first.status, clock: clock, stageDue: nil, clearances: [:])
        return entering(first, from: start, at: instant, calendar: calendar)
    }

    /// The case in another stage: its own clock begins, that of the whole stands still while the applicant is waited for, and is
    /// kept once there is a decision.
    ///
    /// - Parameter isByTime: whether nobody acted: time keeps no promise.
    func entering(
        _ stage: Stage,
        from old: Progress,
        at instant: Instant,
        calendar: WorkingCalendar,
        isByTime: Bool = false
    ) -> Progress {
        func due(_ promise: Promise) -> Instant { Deadline(start: instant, limit: promise.limit, calendar: calendar, now: instant).dueAt }
        var new = old
        new.stage = stage.code
        new.status = stage.status
        if stage.status == .waiting {
            new.clock.pause(at: instant, reason: stage.name)
        } else {
            new.clock.resume(at: instant)
        }
        if stage.status == .decided, !isByTime { new.clock.meet("resolution", at: instant) }
        new.stageDue = stage.limit.map(due)
        new.clearances = Dictionary(
            stage.clearances.map { ($0.code, Progress.Clearance(isGiven: false, due: due($0.limit), agency: $0.agency)) },
            uniquingKeysWith: { $1 }
        )
        return new
    }

    /// The case after an act.
    public func after(_ action: Action, from old: Progress, at instant: Instant, calendar: WorkingCalendar) -> Progress {
        var extended = old
        if let more = action.extends {
            extended.clock.extend(days: more.limit.days, reason: more.basis)
            extended.stageDue = old.stageDue.map { calendar.further(more.limit, after: $0) }
        }
        guard let target = action.target.flatMap(stage) else { return extended }
        var new = entering(target, from: extended, at: instant, calendar: calendar)
        // The stage that follows goes on with the time that was extended.
        if action.extends != nil, target.limit == nil { new.stageDue = extended.stageDue }
        return new
    }

    /// The case after an office agreed; on its way once every one has.
    public func cleared(
        _ code: String,
        from old: Progress,
        at instant: Instant,
        calendar: WorkingCalendar,
        isByTime: Bool = false
    ) -> Progress {
        var new = old
        new.clearances[code]?.isGiven = true
        guard new.clearances.values.allSatisfy(\.isGiven), let next = stage(old.stage)?.whenCleared.flatMap(stage) else { return new }
        return entering(next, from: new, at: instant, calendar: calendar, isByTime: isByTime)
    }

    /// The case after its bill was paid; nil where no stage waits for that.
    public func paid(from old: Progress, at instant: Instant, calendar: WorkingCalendar) -> Progress? {
        guard let next = stage(old.stage)?.whenPaid.flatMap(stage) else { return nil }
        return entering(next, from: old, at: instant, calendar: calendar)
    }

    /// What time did to a case.
    public struct Lapse: Sendable {
        /// How far it has come.
        public let progress: Progress
        /// The rule.
        public let basis: Text
        /// The office whose silence counts as agreement; nil where a stage's limit is over.
        public let clearance: String?
        /// Documents that say so, by code.
        public let issues: [String]
        /// How it ended the case; nil where that goes on.
        public let outcome: CaseOutcome?

        init(
            _ progress: Progress,
            from old: Progress,
            _ basis: Text,
            clearance: String? = nil,
            issues: [String] = [],
            as silence: CaseOutcome
        ) {
            self.progress = progress
            self.basis = basis
            self.clearance = clearance
            self.issues = issues
            outcome =
                switch progress.status {
                case .decided: progress.stage == old.stage ? nil : silence
                case .closed: .closed
                case .inProgress, .waiting: nil
                }
        }
    }

    /// What time did to a case: an office whose silence counts, or the end of a stage's limit; nil where it did nothing yet.
    public func overdue(_ old: Progress, at now: Instant, calendar: WorkingCalendar) -> Lapse? {
        guard let stage = stage(old.stage) else { return nil }
        for clearance in stage.clearances {
            guard let deemed = clearance.deemed, let state = old.clearances[clearance.code], !state.isGiven, state.due < now else {
                continue
            }
            let agreed = cleared(clearance.code, from: old, at: now, calendar: calendar, isByTime: true)
            return Lapse(agreed, from: old, deemed, clearance: clearance.code, as: .deemed)
        }
        guard let overdue = stage.whenOverdue, let due = old.stageDue, due < now, let next = self.stage(overdue.stage) else { return nil }
        let over = entering(next, from: old, at: now, calendar: calendar, isByTime: true)
        return Lapse(over, from: old, overdue.basis, issues: overdue.issues, as: overdue.outcome)
    }
}

extension Progress {
    /// Whether what the service promises was done.
    public var isMet: Bool { clock.promises["resolution"]?.met != nil }

    /// When the whole is due, and the next thing that is.
    public func due(calendar: WorkingCalendar, now: Instant) -> (whole: Instant?, next: Instant?) {
        let whole = clock.deadline("resolution", calendar: calendar, now: now)?.dueAt
        guard status == .inProgress else { return (whole, nil) }
        // What was kept is not due again: an objection to it has a clock of its own.
        let owed = isMet ? nil : whole
        return (whole, ([owed, stageDue] + clearances.values.map { $0.isGiven ? nil : $0.due }).compactMap { $0 }.min())
    }

    /// As it stands in entries.
    func facts(calendar: WorkingCalendar, now: Instant) -> [String: JSON] {
        let due = due(calendar: calendar, now: now)
        func time(_ instant: Instant?) -> JSON { instant.map { .integer($0.milliseconds) } ?? .null }
        return [
            "stage": .string(stage), "status": .string(status.rawValue), "clock": clock.json,
            "due": .compact(["whole": time(due.whole), "next": time(due.next), "stage": time(stageDue)]),
            "clearances": clearances.isEmpty
                ? .null
                : .object(
                    clearances.mapValues {
                        ["given": .bool($0.isGiven), "due": .integer($0.due.milliseconds), "agency": .string($0.agency)]
                    }
                ),
        ]
    }

    /// Reads it back from an entry's facts.
    init(facts: JSON) {
        stage = facts["stage"]?.string ?? ""
        status = facts["status"]?.string.flatMap(CaseStatus.init) ?? .inProgress
        clock = ClockLedger(json: facts["clock"] ?? .null)
        stageDue = facts["due"]?["stage"]?.integer.map { Instant(milliseconds: $0) }
        clearances = (facts["clearances"]?.object ?? [:]).mapValues {
            Clearance(
                isGiven: $0["given"]?.bool ?? false,
                due: Instant(milliseconds: $0["due"]?.integer ?? 0),
                agency: $0["agency"]?.string ?? ""
            )
        }
    }
}
