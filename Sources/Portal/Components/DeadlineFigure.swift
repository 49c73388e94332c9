// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Markup

/// A statutory clock drawn: one bamboo shoot a working day. Full is used, gold today, outline left, bars paused, “!” late.
struct DeadlineFigure {
    let deadline: Deadline
    let today: CivilDate
    /// When the promise was kept, if it was.
    let met: CivilDate?
    let calendar: WorkingCalendar

    /// Above this many days a number says it better.
    private static let limit = 20

    private enum Shoot: String {
        case used
        case today
        case left
        case paused
        case late
    }

    private var shoots: [Shoot] {
        let end = met ?? today
        var shoots = deadline.days.compactMap { day -> Shoot? in
            switch day.kind {
            case .paused: return .paused
            case .counted, .extended, .rolled:
                guard day.number != nil else { return nil }
                if day.date == today, met == nil { return .today }
                return day.date <= end ? .used : .left
            default: return nil
            }
        }
        if end > deadline.due {
            shoots += Array(repeating: Shoot.late, count: min(10, max(1, calendar.workingDays(from: deadline.due, to: end))))
        }
        return shoots
    }

    /// What the drawing shows, in words.
    func sentence(_ t: Words) -> String {
        let end = met ?? today
        let used = deadline.used(by: end)
        let total = deadline.days.last { $0.number != nil }?.number ?? deadline.limit.days
        let paused = deadline.days.count { $0.kind == .paused }
        if end > deadline.due {
            let over =
                deadline.limit.unit == .workingDays
                ? calendar.workingDays(from: deadline.due, to: end) : end.days - deadline.due.days
            return t("\(total) hari, lewat \(over) hari", "\(total.counted("day", "days")), \(over) over")
        }
        let pause = paused == 0 ? "" : t(", \(paused) hari jeda", ", \(paused) days paused")
        return t("hari ke-\(used) dari \(total)\(pause)", "day \(used) of \(total)\(pause)")
    }

    func html(_ t: Words, isMini: Bool = false) -> HTML {
        let shoots = shoots
        guard shoots.count <= Self.limit else { return HTML() }
        let width = max(1, shoots.count) * 22
        let marks = HTML(shoots.enumerated().map { index, shoot in mark(shoot, at: index * 22) })
        if isMini {
            return """
                <svg class="mini deadline" viewBox="0 0 \(width) 26" width="\(width)" height="26" role="img" aria-label="\(sentence(t))">\(marks)</svg>
                """
        }
        return """
            <figure class="deadline"><svg viewBox="0 0 \(width) 26" role="img" aria-label="\(sentence(t))">\(marks)</svg><figcaption><span>\(deadline.days.first?.date.short(t.language) ?? "")</span><span>\(sentence(t))</span><span>\(deadline.due.short(t.language))</span></figcaption></figure>
            """
    }

    private func mark(_ shoot: Shoot, at x: Int) -> HTML {
        switch shoot {
        case .used: "<path class=\"h\" transform=\"translate(\(x) 0)\" d=\"M11 2l9 22H2z\"/>"
        case .today: "<path class=\"k\" transform=\"translate(\(x) 0)\" d=\"M11 2l9 22H2z\"/>"
        case .left: "<path class=\"s\" transform=\"translate(\(x) 0)\" d=\"M11 2l9 22H2z\"/>"
        case .paused: "<path class=\"j\" transform=\"translate(\(x) 0)\" d=\"M11 2l9 22H2zM8.5 15v7M13.5 15v7\"/>"
        case .late:
            "<path class=\"l\" transform=\"translate(\(x) 0)\" fill-rule=\"evenodd\" d=\"M11 1l10 24H1zM10 10h2v7h-2zM10 19h2v2.5h-2z\"/>"
        }
    }

    /// The day-by-day table behind a due date, with the decree or reason of each day that does not count.
    func explanation(_ t: Words, id: String) -> HTML {
        let rows = HTML(
            deadline.days.map { day in
                """
                <tr><td>\(day.date.weekdayName(t.language)), \(day.date.long(t.language))</td><td class="number">\(day.number.map { String($0) } ?? "–")</td><td>\(t(day.reason))</td></tr>
                """
            }
        )
        return """
            <details><summary>\(t("Bagaimana tanggal ini dihitung", "How this date is worked out"))</summary>
            \(deadline.isBeyondDecree ? "<p class=\"small\">\(t("Hari libur tahun itu belum ditetapkan; tanggal bisa berubah dan Anda akan dikabari.", "Holidays of that year are not decreed yet; the date may move, and you will be told."))</p>" : HTML())
            <table class="days"><caption class="sr">\(t("Hitungan hari demi hari", "Day by day"))</caption><thead><tr><th scope="col">\(t("Hari", "Day"))</th><th scope="col" class="number">\(t("Ke", "No."))</th><th scope="col">\(t("Sebab", "Reason"))</th></tr></thead><tbody>\(rows)</tbody></table></details>
            """
    }
}
