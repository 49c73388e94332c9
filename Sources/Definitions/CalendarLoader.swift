// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// Reads `calendar/` of a pack: office hours, days off by decree, days off by rule.
struct CalendarLoader {
    let reader: PackReader
    let nation: PackReader?

    func load(_ zone: TimeZoneOffset) -> WorkingCalendar? {
        let start = reader.content.count
        guard let head = reader.yaml("calendar/hours.yaml") else { return nil }
        var week: [Int: WorkingCalendar.Hours] = [:]
        if let hours = head.required("week")?.mapping() { week = weekHours(hours) }
        var special: [WorkingCalendar.SpecialHours] = []
        for node in head.optional("exceptions")?.list() ?? [] {
            guard let mapping = node.mapping() else { continue }
            let from = mapping.string("from").flatMap { CivilDate($0) }
            let until = mapping.string("until").flatMap { CivilDate($0) }
            _ = mapping.text("reason")
            let hours = mapping.required("week")?.mapping().map(weekHours)
            mapping.finish()
            guard let from, let until, from <= until, let hours else {
                node.report("an exception needs from, until (YYYY-MM-DD, in order) and week", fix: "See City/contoh/calendar/hours.yaml.")
                continue
            }
            special.append(WorkingCalendar.SpecialHours(dates: from...until, hours: hours))
        }
        head.finish()
        if week.isEmpty { head.place.report("no weekday has hours", fix: "Add `monday: 07:30-16:00` under week.") }
        var holidays: [CivilDate: WorkingCalendar.Holiday] = [:]
        if let nation { readHolidays(nation, into: &holidays) }
        // The city's own days off; what the nation decrees need not be repeated.
        let decreed = holidays.keys.max()
        if nation == nil || reader.has("calendar/holidays.csv") { readHolidays(reader, into: &holidays) }
        let last = decreed ?? holidays.keys.max() ?? CivilDate(days: 0)
        let rules = nation.map(rules) ?? []
        return WorkingCalendar(
            holidays: holidays,
            hours: week,
            specialHours: special,
            rules: rules,
            zone: zone,
            decreedUntil: CivilDate(year: last.parts.year, month: 12, day: 31) ?? last,
            fingerprint: fingerprint(Array(reader.content[start...]))
        )
    }

    private func readHolidays(_ pack: PackReader, into holidays: inout [CivilDate: WorkingCalendar.Holiday]) {
        let file = "calendar/holidays.csv"
        let rows = pack.table(file, columns: ["date", "kind", "name_id", "name_en", "decree"])
        for row in rows {
            guard let date = row.fields["date"].flatMap({ CivilDate($0) }) else {
                pack.report(file, row.line, 1, "“\(row.fields["date"] ?? "")” is not a date", fix: "Write it as 2026-12-25.")
                continue
            }
            guard let kind = row.fields["kind"], ["holiday", "joint-leave"].contains(kind) else {
                pack.report(file, row.line, 1, "the kind is holiday or joint-leave", fix: "Correct the column kind.")
                continue
            }
            guard let id = row.fields["name_id"], let en = row.fields["name_en"], let decree = row.fields["decree"], !id.isEmpty,
                !en.isEmpty, !decree.isEmpty
            else {
                pack.report(file, row.line, 1, "name_id, name_en and decree are needed", fix: "Fill them in: a day off needs its decree.")
                continue
            }
            // Two feasts on one day are one day off with both names.
            let first = holidays[date]
            holidays[date] = WorkingCalendar.Holiday(
                name: first.map { Text(id: "\($0.name.id), \(id)", en: "\($0.name.en), \(en)") } ?? Text(id: id, en: en),
                decree: decree,
                isJointLeave: kind == "joint-leave" && (first?.isJointLeave ?? true)
            )
        }
    }

    /// Days off that follow a rule, for years without a decree.
    private func rules(_ pack: PackReader) -> [WorkingCalendar.Rule] {
        guard let head = pack.yaml("calendar/rules.yaml") else { return [] }
        let basis = head.text("basis")
        var rules: [WorkingCalendar.Rule] = []
        for (list, isFixed) in [("fixed", true), ("easter", false)] {
            for node in head.optional(list)?.list() ?? [] {
                guard let mapping = node.mapping() else { continue }
                let name = mapping.text("name")
                let when: WorkingCalendar.Rule.When? =
                    if isFixed {
                        mapping.int("month", in: 1...12).flatMap { month in
                            mapping.int("day", in: 1...31).map { .fixed(month: month, day: $0) }
                        }
                    } else {
                        mapping.int("offset", in: -100...100).map { .easter(offset: $0) }
                    }
                mapping.finish()
                if let name, let when, let basis { rules.append(WorkingCalendar.Rule(when: when, name: name, basis: basis)) }
            }
        }
        head.finish()
        return rules
    }

    static let weekdays = ["monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6, "sunday": 7]

    private func weekHours(_ mapping: MappingReader) -> [Int: WorkingCalendar.Hours] {
        var week: [Int: WorkingCalendar.Hours] = [:]
        for (name, node) in mapping.members() {
            guard let weekday = Self.weekdays[name] else {
                node.report("“\(name)” is no weekday", fix: "Use monday … sunday.")
                continue
            }
            let minutes = (node.string() ?? "").split(separator: "-").map(MappingReader.minute)
            guard minutes.count == 2, let opens = minutes[0], let closes = minutes[1], opens < closes else {
                node.report("hours are opening-closing", fix: "Write 07:30-16:00.")
                continue
            }
            week[weekday] = WorkingCalendar.Hours(opens: opens, closes: closes)
        }
        return week
    }
}
