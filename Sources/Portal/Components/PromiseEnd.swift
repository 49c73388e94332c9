// SPDX-License-Identifier: EUPL-1.2

import Cases
import Complaints
import Definitions
import Essentials
import Markup
import Services

/// What became of a promise whose clock runs no more: it was kept, or its case ended otherwise, in time or late.
struct PromiseEnd {
    /// Its clock as it stood then.
    let deadline: Deadline
    /// When.
    let date: CivilDate
    /// Whether it was kept; else the case was withdrawn, merged or closed.
    let isKept: Bool
    /// Whether it was kept by a decision that gives nothing: a reason why not, a refusal.
    let isRefusal: Bool
    /// Whether that was too late.
    let isLate: Bool

    /// What became of a promise; nil while its clock runs.
    ///
    /// - Parameter ended: when its case ended; nil while it goes on.
    init?(_ name: String, of clock: ClockLedger, ended: Instant?, isKept: Bool, isRefusal: Bool, calendar: WorkingCalendar) {
        guard let end = clock.promises[name]?.met ?? ended, let deadline = clock.deadline(name, calendar: calendar, now: end) else {
            return nil
        }
        self.deadline = deadline
        self.isKept = isKept
        self.isRefusal = isRefusal
        date = end.date(in: calendar.zone)
        isLate = end > deadline.dueAt
    }

    /// In a sentence.
    func sentence(_ t: Words) -> String {
        let (end, due) = (date.long(t.language), deadline.due.long(t.language))
        return switch (isKept, isLate) {
        case (true, false) where isRefusal:
            t("Diputuskan pada \(end), dalam tenggat \(due).", "Decided on \(end), within the limit of \(due).")
        case (true, true) where isRefusal:
            t("Terlewat: diputuskan pada \(end), sesudah tenggat \(due).", "Missed: decided on \(end), after it was due on \(due).")
        case (true, false): t("Dipenuhi pada \(end), dalam tenggat \(due).", "Met on \(end), within the limit of \(due).")
        case (true, true):
            t("Terlewat: selesai pada \(end), sesudah tenggat \(due).", "Missed: done on \(end), after it was due on \(due).")
        case (false, false):
            t("Berkas berakhir pada \(end), sebelum tenggat \(due).", "The case ended on \(end), before it was due on \(due).")
        case (false, true):
            t(
                "Terlewat: berkas berakhir pada \(end), sesudah tenggat \(due).",
                "Missed: the case ended on \(end), after it was due on \(due)."
            )
        }
    }

    /// In two words.
    func badge(_ t: Words) -> HTML {
        let end = date.short(t.language)
        if isLate { return Badge.html(.warning, t("Terlambat, \(end)", "Late, \(end)"), tone: "bad") }
        return Badge.html(.check, isKept ? t("Tepat waktu, \(end)", "In time, \(end)") : t("Berakhir \(end)", "Ended \(end)"), tone: "good")
    }
}

extension Complaint {
    /// What became of one of its promises; nil while its clock runs.
    func end(of promise: String = "resolution", calendar: WorkingCalendar) -> PromiseEnd? {
        let isKept = outcome.map { [.fixed, .notFixed].contains($0) } ?? true
        let isRefusal = promise == "resolution" && outcome == .notFixed
        return PromiseEnd(promise, of: clock, ended: endedAt, isKept: isKept, isRefusal: isRefusal, calendar: calendar)
    }
}

extension Case {
    /// What became of what its service promises; nil while the clock runs.
    func promiseEnd(calendar: WorkingCalendar) -> PromiseEnd? {
        PromiseEnd(
            "resolution",
            of: progress.clock,
            ended: endedUnanswered ? nil : endedAt,
            isKept: progress.isMet,
            isRefusal: outcome == .refused,
            calendar: calendar
        )
    }

    /// Whether nobody has answered yet, though the time for it is over.
    func isUnanswered(at now: Instant) -> Bool {
        if endedUnanswered { return true }
        guard progress.status.isOpen, progress.status != .waiting, !progress.isMet, let due else { return false }
        return due < now
    }

    /// Whether it ended by that nobody answered, as cases from before 2026-12 may have.
    private var endedUnanswered: Bool { outcome == .unanswered && !progress.isMet }
}
