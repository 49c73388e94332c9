// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Testing

/// Clocks over a small calendar: Friday 25 December 2026 is a holiday and Thursday the 24th joint leave.
@Suite struct DeadlineTests {
    static let zone = TimeZoneOffset(minutes: 420)

    static let calendar: WorkingCalendar = {
        let hours = WorkingCalendar.Hours(opens: 480, closes: 960)
        func holiday(_ name: String, leave: Bool) -> WorkingCalendar.Holiday {
            .init(name: Text(same: name), decree: "SKB 2026", isJointLeave: leave)
        }
        var holidays: [CivilDate: WorkingCalendar.Holiday] = [:]
        holidays[CivilDate("2026-12-24") ?? CivilDate(days: 0)] = holiday("Cuti bersama", leave: true)
        holidays[CivilDate("2026-12-25") ?? CivilDate(days: 0)] = holiday("Natal", leave: false)
        return WorkingCalendar(
            holidays: holidays,
            hours: [1: hours, 2: hours, 3: hours, 4: hours, 5: hours],
            zone: zone,
            decreedUntil: CivilDate("2026-12-31") ?? CivilDate(days: 0),
            fingerprint: "t"
        )
    }()

    func instant(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text + "+07:00")) }

    func deadline(
        _ start: String,
        _ days: Int,
        _ unit: Limit.Unit = .workingDays,
        pauses: [Deadline.Pause] = [],
        extensions: [Deadline.Extension] = [],
        now: String = "2026-12-31T10:00:00"
    ) throws -> Deadline {
        Deadline(
            start: try instant(start),
            limit: Limit(days: days, unit: unit),
            pauses: pauses,
            extensions: extensions,
            calendar: Self.calendar,
            now: try instant(now)
        )
    }

    @Test(
        "The day of receipt does not count; the next working day is day one",
        arguments: [
            ("2026-11-02T09:00:00", 1, "2026-11-03"), ("2026-11-02T09:00:00", 5, "2026-11-09"), ("2026-11-06T09:00:00", 1, "2026-11-09"),
            ("2026-12-22T09:00:00", 2, "2026-12-28"), ("2026-11-09T10:12:00", 14, "2026-11-27"),
        ]
    )
    func workingDays(start: String, days: Int, due: String) throws { #expect(try deadline(start, days).due.description == due) }

    @Test(
        "What arrives after closing time, or on a day off, is received the next working day",
        arguments: [
            ("2026-11-02T16:00:00", "2026-11-04"), ("2026-11-02T15:59:00", "2026-11-03"), ("2026-11-07T10:00:00", "2026-11-10"),
            ("2026-12-24T10:00:00", "2026-12-29"),
        ]
    )
    func receipt(start: String, due: String) throws { #expect(try deadline(start, 1).due.description == due) }

    @Test("Each day off is explained with its decree")
    func explanation() throws {
        let days = try deadline("2026-12-22T09:00:00", 2).days
        #expect(days.map(\.kind) == [.received, .counted, .holiday, .holiday, .weekend, .weekend, .counted])
        #expect(days[2].reason.id == "Cuti bersama (SKB 2026)")
        #expect(days.compactMap(\.number) == [1, 2])
    }

    @Test("A day on which the clock stands still as the office closes does not count")
    func pause() throws {
        let pause = Deadline.Pause(
            from: try instant("2026-11-16T16:05:00"),
            until: try instant("2026-11-18T19:47:00"),
            reason: Text(same: "foto")
        )
        let found = try deadline("2026-11-09T10:12:00", 14, pauses: [pause])
        #expect(found.days.filter { $0.kind == .paused }.map(\.date.description) == ["2026-11-17", "2026-11-18"])
        #expect(found.due.description == "2026-12-01")
        #expect(!found.isPaused)
    }

    @Test("A pause that is still open moves the due date as far as today")
    func openPause() throws {
        let pause = Deadline.Pause(from: try instant("2026-11-03T10:00:00"), until: nil, reason: Text(same: "?"))
        let found = try deadline("2026-11-02T09:00:00", 3, pauses: [pause], now: "2026-11-05T17:00:00")
        #expect(found.isPaused)
        #expect(found.due.description == "2026-11-10")
    }

    @Test("An extension adds days, each with its reason")
    func extended() throws {
        let found = try deadline("2026-11-02T09:00:00", 2, extensions: [.init(days: 1, reason: Text(same: "hujan"))])
        #expect(found.due.description == "2026-11-05")
        #expect(found.days.last?.kind == .extended)
        #expect(found.days.last?.reason.id == "Perpanjangan: hujan")
    }

    @Test("A limit in calendar days that ends on a day off moves to the next working day and says so")
    func rolled() throws {
        let found = try deadline("2026-12-15T09:00:00", 10, .calendarDays)
        #expect(found.due.description == "2026-12-28")
        #expect(found.days.first { $0.kind == .rolled }?.reason.id.contains("UU 30/2014") == true)
    }

    @Test("The due date is never before the start, counts exactly its limit, and one day more is never earlier")
    func properties() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let start = Instant(milliseconds: Int64.random(in: 1_700_000_000_000..<1_800_000_000_000, using: &random))
            let days = Int.random(in: 1...60, using: &random)
            func due(_ days: Int) -> Deadline {
                Deadline(start: start, limit: Limit(days: days, unit: .workingDays), calendar: Self.calendar, now: start)
            }
            let found = due(days)
            #expect(found.days.compactMap(\.number) == Array(1...days))
            #expect(Self.calendar.isWorkingDay(found.due), "start \(start.rfc3339()) days \(days)")
            #expect(due(days + 1).due > found.due)
            #expect(Self.calendar.workingDays(from: Self.calendar.dayOfReceipt(start), to: found.due) == days)
        }
    }

    @Test("Beyond the last decree the date says that it may move")
    func beyondDecree() throws { #expect(try deadline("2026-12-28T09:00:00", 10).isBeyondDecree) }
}
