// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Testing

@Suite struct CivilDateTests {
    @Test(
        "A date that no calendar has is refused",
        arguments: ["2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "0000-01-01", "2026-1-1", "٢٠٢٦-٠١-٠١", ""]
    )
    func impossible(text: String) { #expect(CivilDate(text) == nil) }

    @Test("Every day from 1900 to 2100 reads back as it was written")
    func roundTrip() throws {
        let first = try #require(CivilDate("1900-01-01"))
        for offset in 0..<73_414 {
            let date = first.adding(days: offset)
            #expect(CivilDate(date.description) == date)
        }
    }

    @Test("Weekdays follow each other", arguments: [("2026-11-24", 2), ("2026-11-29", 7), ("1970-01-01", 4), ("1969-12-29", 1)])
    func weekday(text: String, day: Int) { #expect(CivilDate(text)?.weekday == day) }

    @Test("A time is shown in the city's zone")
    func zone() throws {
        let zone = TimeZoneOffset(minutes: 420)
        let instant = try #require(Instant(rfc3339: "2026-11-24T18:30:00Z"))
        #expect(instant.date(in: zone).description == "2026-11-25")
        #expect(instant.rfc3339(in: zone) == "2026-11-25T01:30:00+07:00")
        #expect(instant.stamp(.indonesian, zone: zone) == "25 Nov 2026, 01.30")
    }

    @Test(
        "A time that is none is refused",
        arguments: ["2026-11-24", "2026-11-24T25:00:00Z", "2026-11-24T10:00:00", "2026-11-24T10:00:00+99:00", "2026-11-24T10:00:00.Z"]
    )
    func badTimes(text: String) { #expect(Instant(rfc3339: text) == nil) }

    @Test("Numbers have the marks of their language")
    func numbers() {
        #expect(Language.indonesian.number(1_284_077) == "1.284.077")
        #expect(Language.english.number(-1000) == "-1,000")
        #expect(Language.indonesian.rupiah(1_284_077) == "Rp1.284.077")
        #expect(Language.english.rupiah(-338_000) == "−Rp338,000")
        #expect(Language.indonesian.percent(864, of: 1000) == "86,4%")
        #expect(Language.english.percent(0, of: 0) == "–")
    }

    @Test(
        "Easter falls where the tables say",
        arguments: [(2024, "2024-03-31"), (2025, "2025-04-20"), (2027, "2027-03-28"), (2038, "2038-04-25")]
    )
    func easter(year: Int, date: String) { #expect(CivilDate.easter(year).description == date) }

    @Test(
        "What two days have in common is said once",
        arguments: [
            ("2026-11-30", "2026-11-30", "30 November 2026"), ("2026-12-01", "2026-12-07", "1–7 December 2026"),
            ("2026-11-30", "2026-12-07", "30 November – 7 December 2026"),
            ("2026-12-30", "2027-01-02", "30 December 2026 – 2 January 2027"),
        ]
    )
    func days(from: String, until: String, words: String) throws {
        let days = try #require(CivilDate(from))...(try #require(CivilDate(until)))
        #expect(CivilDate.long(days, .english) == words)
    }
}
