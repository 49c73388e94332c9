// SPDX-License-Identifier: EUPL-1.2

/// A day of the Gregorian calendar, without a time or a zone, in the years 1 to 9999. What would lie beyond is the nearest of
/// these, so that no reckoning with days can overflow.
public struct CivilDate: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Days since 1970-01-01.
    public let days: Int

    /// 0001-01-01.
    public static let first = CivilDate(days: -719_162)
    /// 9999-12-31.
    public static let last = CivilDate(days: 2_932_896)

    /// A date from days since 1970-01-01.
    public init(days: Int) {
        self.days = min(max(days, -719_162), 2_932_896)
    }

    /// A date from its parts; nil for one that no calendar has, such as 30 February.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        // Days from civil, after Howard Hinnant's "chrono-compatible low-level date algorithms".
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.init(days: era * 146_097 + dayOfEra - 719_468)
        guard parts == (year, month, day) else { return nil }
    }

    /// Reads ISO 8601 `YYYY-MM-DD`.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = Int(digits: bytes[0..<4]), let month = Int(digits: bytes[5..<7]), let day = Int(digits: bytes[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Year, month 1–12 and day 1–31.
    public var parts: (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// The day of the week, 1 for Monday to 7 for Sunday (ISO 8601).
    public var weekday: Int { ((days + 3) % 7 + 7) % 7 + 1 }

    /// The date so many days later; negative for earlier.
    public func adding(days count: Int) -> CivilDate {
        CivilDate(days: days + min(max(count, -Self.most), Self.most))
    }

    /// The day so many months later, or the last of its month.
    public func adding(months: Int) -> CivilDate {
        let month = parts.month - 1 + months
        let (year, next) = (parts.year + month / 12, month % 12 + 1)
        for last in stride(from: parts.day, through: 1, by: -1) {
            if let date = CivilDate(year: year, month: next, day: last) { return date }
        }
        return self
    }

    /// Days from the first date to the last.
    private static let most = 3_652_058

    /// Easter Sunday of a year of the Gregorian calendar (Meeus, Jones and Butcher).
    public static func easter(_ year: Int) -> CivilDate {
        let a = year % 19
        let (b, c) = (year / 100, year % 100)
        let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30
        let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7
        let m = (a + 11 * h + 22 * l) / 451
        let day = h + l - 7 * m + 114
        return CivilDate(year: year, month: day / 31, day: day % 31 + 1) ?? CivilDate(days: 0)
    }

    /// The order in which lists are shown.
    public static func < (left: CivilDate, right: CivilDate) -> Bool { left.days < right.days }

    /// As people and files write it.
    public var description: String {
        let (year, month, day) = parts
        return "\(year.padded(4))-\(month.padded(2))-\(day.padded(2))"
    }
}

/// Dates and times in words. Written here, so that no page depends on the machine's locale data.
extension CivilDate {
    private static let months: [Language: [String]] = [
        .indonesian: [
            "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
            "Desember",
        ],
        .english: [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
            "December",
        ],
    ]
    private static let weekdays: [Language: [String]] = [
        .indonesian: ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"],
        .english: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    ]

    /// The name of the day: “Selasa”, “Tuesday”.
    public func weekdayName(_ language: Language) -> String { Self.weekdays[language]?[weekday - 1] ?? "" }

    /// “24 November 2026”.
    public func long(_ language: Language) -> String {
        let (year, month, day) = parts
        return "\(day) \(Self.months[language]?[month - 1] ?? "") \(year)"
    }

    /// “Selasa, 24 November 2026”.
    public func full(_ language: Language) -> String { "\(weekdayName(language)), \(long(language))" }

    /// “24 Nov”.
    public func short(_ language: Language) -> String {
        let (_, month, day) = parts
        return "\(day) \((Self.months[language]?[month - 1] ?? "").prefix(3))"
    }

    /// “30 November – 7 Desember 2026”: what two days have in common is said once.
    public static func long(_ days: ClosedRange<CivilDate>, _ language: Language) -> String {
        let (first, last) = (days.lowerBound.parts, days.upperBound.parts)
        let end = days.upperBound.long(language)
        if days.lowerBound == days.upperBound { return end }
        if first.year != last.year { return "\(days.lowerBound.long(language)) – \(end)" }
        return first.month == last.month
            ? "\(first.day)–\(end)" : "\(first.day) \(months[language]?[first.month - 1] ?? "") – \(end)"
    }
}

extension Instant {
    /// “24 Nov 2026, 09.00” in Indonesian, “24 Nov 2026, 09:00” in English.
    public func stamp(_ language: Language, zone: TimeZoneOffset) -> String {
        let day = date(in: zone)
        return "\(day.short(language)) \(day.parts.year), \(time(language, zone: zone))"
    }

    /// “09.00” in Indonesian, “09:00” in English.
    public func time(_ language: Language, zone: TimeZoneOffset) -> String {
        let minute = minuteOfDay(in: zone)
        return "\((minute / 60).padded(2))\(language == .indonesian ? "." : ":")\((minute % 60).padded(2))"
    }
}

extension Language {
    /// A whole number with the thousands mark of the language: 1.284 or 1,284.
    public func number(_ value: Int) -> String {
        var groups: [String] = []
        var rest = value.magnitude
        while rest >= 1000 {
            groups.insert(Int(rest % 1000).padded(3), at: 0)
            rest /= 1000
        }
        groups.insert(String(rest), at: 0)
        return (value < 0 ? "-" : "") + groups.joined(separator: self == .indonesian ? "." : ",")
    }

    /// An amount of money: Rp1.284 or Rp1,284; what is missing has its minus before the sign of the money.
    public func rupiah(_ value: Int) -> String { "\(value < 0 ? "−" : "")Rp\(number(abs(value)))" }

    /// A share in percent with one decimal: 86,4% or 86.4%; an en dash where there is nothing to divide by.
    public func percent(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "–" }
        let perMille = (part * 2000 + whole) / (2 * whole)
        return "\(number(perMille / 10))\(self == .indonesian ? "," : ".")\(perMille % 10)%"
    }
}
