// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Essentials
import Markup

/// Status in icon, word and colour together.
enum Badge {
    static func html(_ icon: Icon, _ word: String, tone: String, isFilled: Bool = false) -> HTML {
        """
        <span class="\(isFilled ? "badge filled" : "badge") \(tone)">\(icon.html)\(word)</span>
        """
    }

    /// Where a complaint stands.
    static func stage(_ complaint: Complaint, _ t: Words) -> HTML {
        if let outcome = complaint.outcome, !complaint.stage.isOpen {
            return html(outcome == .fixed ? .check : .warning, t(outcome.name), tone: outcome == .fixed ? "good" : "warn", isFilled: true)
        }
        return complaint.stage == .waiting
            ? html(.pause, t(complaint.stage.name), tone: "pause", isFilled: true)
            : html(.clock, t(complaint.stage.name), tone: "good", isFilled: true)
    }

    /// How much time is left until the next due date of a complaint.
    static func time(_ complaint: Complaint, today: CivilDate, calendar: WorkingCalendar, _ t: Words) -> HTML {
        if complaint.stage == .waiting { return html(.pause, t("Jeda", "Paused"), tone: "pause") }
        if !complaint.stage.isOpen, let end = complaint.end(calendar: calendar) { return end.badge(t) }
        guard let due = complaint.nextDue, complaint.stage.isOpen else {
            return html(.check, t("Tidak ada tenggat", "Nothing due"), tone: "good")
        }
        let date = due.date(in: calendar.zone)
        let left = calendar.workingDays(from: today, to: date)
        if date < today { return html(.warning, t("Lewat \(-left) hari", "\(-left) days late"), tone: "bad") }
        if date == today {
            return html(
                .clock,
                t("Hari ini, \(due.time(.indonesian, zone: calendar.zone))", "Today, \(due.time(.english, zone: calendar.zone))"),
                tone: "warn"
            )
        }
        return html(left <= 2 ? .clock : .check, t("\(left) hari", "\(left) days"), tone: left <= 2 ? "warn" : "good")
    }
}
