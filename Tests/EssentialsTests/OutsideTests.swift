// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Testing

/// Numbers from outside: within bounds, or nothing.
@Suite struct OutsideTests {
    @Test(
        "A page is one of a thousand",
        arguments: [
            ("1", 1), ("25", 25), ("1000", 1000), ("0", nil), ("-1", nil), ("1001", nil), ("9223372036854775807", nil),
            ("9223372036854775808", nil),
            ("", nil), ("+1", nil), (" 1", nil), ("1.0", nil), ("１", nil), ("٣", nil), ("1e2", nil), ("0x1", nil),
        ] as [(String, Int?)]
    )
    func pages(text: String, number: Int?) { #expect(PageNumber(text)?.number == number) }

    @Test("Pages lead to one another until rows or pages end")
    func neighbours() throws {
        let last = try #require(PageNumber("1000"))
        #expect(PageNumber.first.previous == nil && last.previous?.number == 999)
        #expect(PageNumber.first.next(of: 25, size: 25) == nil && PageNumber.first.next(of: 26, size: 25)?.number == 2)
        #expect(last.next(of: .max, size: 25) == nil && last.offset(of: 25) == 24_975)
    }

    @Test("A whole number stays within the bounds that its reader names")
    func wholeNumbers() {
        #expect(Int(outside: "-9223372036854775807", in: .min ... .max) == -Int.max)
        #expect(Int(outside: "-0", in: 0...1) == 0)
        for text in ["9223372036854775808", "-9223372036854775809", "-", "--1", "1-", "99999999999999999999999999", "", "\u{301}"] {
            #expect(Int(outside: text, in: .min ... .max) == nil, "\(text)")
        }
    }

    @Test("A moment of a key or a challenge lies in the calendar, or is none")
    func moments() {
        #expect(Instant(outsideSeconds: "t68n40", radix: 36)?.milliseconds == 1_764_000_000_000)
        #expect(Instant(outsideSeconds: "1764000000")?.milliseconds == 1_764_000_000_000)
        for text in ["1y2p0ij32e8e7", "zzzzzzzzzzzz", "-1", "+1", "", "1.5", " 1", "\u{301}"] {
            #expect(Instant(outsideSeconds: text, radix: 36) == nil, "\(text)")
        }
        for text in ["9223372036854775807", "-9223372036854775808", "999999999999", "1e9"] {
            #expect(Instant(outsideSeconds: text) == nil, "\(text)")
        }
        #expect(Instant(outsideSeconds: "253402300799")?.rfc3339() == "9999-12-31T23:59:59Z")
        #expect(Instant(outsideSeconds: "253402300800") == nil)
    }

    @Test("No reckoning with moments and days leaves the calendar")
    func ends() {
        let zones = [TimeZoneOffset.utc, TimeZoneOffset(minutes: 420), TimeZoneOffset(minutes: -899), TimeZoneOffset(minutes: 899)]
        for instant in [Instant(milliseconds: .max), Instant(milliseconds: .min), Instant(milliseconds: 0)] {
            for seconds in [Int64.max, .min, 0, 1, -1] {
                let moved = instant.adding(seconds: seconds)
                for zone in zones {
                    #expect((1...9999).contains(moved.date(in: zone).parts.year) && (0..<1440).contains(moved.minuteOfDay(in: zone)))
                    #expect(moved.stamp(.english, zone: zone).count > 10 && moved.rfc3339(in: zone).count >= 20)
                }
            }
        }
        for day in [CivilDate.first, CivilDate.last, CivilDate(days: .max), CivilDate(days: .min)] {
            for count in [Int.max, .min, 1, -1] { #expect(CivilDate(day.adding(days: count).description) == day.adding(days: count)) }
        }
        #expect(CivilDate.first.description == "0001-01-01" && CivilDate.last.description == "9999-12-31")
        #expect(CivilDate(year: 2026, month: 1, day: .max) == nil && CivilDate(year: .max, month: 1, day: 1) == nil)
        #expect(Instant(rfc3339: "9999-12-31T23:59:59-07:00") == nil && Instant(rfc3339: "0001-01-01T00:00:00+07:00") == nil)
    }

    @Test("Every day reads as it is written")
    func days() {
        for days in stride(from: CivilDate.first.days, through: CivilDate.last.days, by: 97) {
            let date = CivilDate(days: days)
            #expect(CivilDate(date.description) == date)
        }
    }
}
