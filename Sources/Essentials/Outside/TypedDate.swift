// SPDX-License-Identifier: EUPL-1.2

extension CivilDate {
    /// Reads a day as people type it, the same on a page of either language: `2026-01-31`, `31/1/2026`, `31-01-2026`, `31.1.2026`,
    /// `31 Januari 2026`, `31 Jan 2026`, `January 31, 2026`. In figures the day comes before the month, as the country writes it.
    public static func typed(_ text: String) -> Typed<CivilDate> {
        guard let plain = TypedText.plain(text)?.lowercased() else { return .refused(howToWrite(text)) }
        if plain.isEmpty { return .nothing }
        let parts = plain.split { " /-.,".contains($0) }.map(String.init)
        guard parts.count == 3 else { return .refused(howToWrite(text)) }
        let (day, month, year): (String, String, String) =
            if parts[0].count == 4 {
                (parts[2], parts[1], parts[0])
            } else if monthNames[parts[0]] != nil {
                (parts[1], parts[0], parts[2])
            } else {
                (parts[0], parts[1], parts[2])
            }
        if Int(digits: day.utf8) != nil, year.utf8.count == 2, Int(digits: year.utf8) != nil {
            return .refused(
                Text(
                    id: "“\(text.prefix(40))”: tulis tahunnya dengan empat angka, misalnya 31/01/2026",
                    en: "“\(text.prefix(40))”: write the year with four digits, such as 31/01/2026"
                )
            )
        }
        guard year.utf8.count == 4, day.utf8.count <= 2, let year = Int(digits: year.utf8), let day = Int(digits: day.utf8),
            let month = monthNames[month] ?? (month.utf8.count <= 2 ? Int(digits: month.utf8) : nil),
            let date = CivilDate(year: year, month: month, day: day)
        else { return .refused(howToWrite(text)) }
        return .one(date)
    }

    private static func howToWrite(_ text: String) -> Text {
        Text(
            id: "“\(text.prefix(40))” bukan tanggal: tulis tanggal seperti 31/01/2026 atau 31 Januari 2026",
            en: "“\(text.prefix(40))” is no date: write a date such as 31/01/2026 or 31 January 2026"
        )
    }

    private static let monthNames: [String: Int] = {
        let names: [[String]] = [
            ["januari", "january", "jan"], ["februari", "february", "feb", "peb", "pebruari"], ["maret", "march", "mar"],
            ["april", "apr"], ["mei", "may"], ["juni", "june", "jun"], ["juli", "july", "jul"],
            ["agustus", "august", "agu", "ags", "agt", "aug"], ["september", "sep", "sept"], ["oktober", "october", "okt", "oct"],
            ["november", "nopember", "nov", "nop"], ["desember", "december", "des", "dec"],
        ]
        return Dictionary(names.enumerated().flatMap { index, names in names.map { ($0, index + 1) } }, uniquingKeysWith: { $1 })
    }()
}
