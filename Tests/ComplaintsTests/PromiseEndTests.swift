// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials
import Identity
import Storage
import TestSupport
import Testing

@testable import Portal

@Suite("What became of a promise")
struct PromiseEndTests {
    @Test(
        "A case that ended says whether its promise was kept and when; what is not fixed is decided, and nothing of it runs on",
        arguments: TestDatabase.engines
    )
    func ends(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let calendar = staffed.city.city.calendar
        let words = Words(language: .indonesian)
        func ended(on day: String?, withdrawn: Bool) async throws -> PromiseEnd? {
            staffed.city.clock.set("2026-11-02T09:00:00+07:00")
            let docket = try await staffed.city.file().docket
            if let day {
                staffed.city.clock.set("\(day)T10:00:00+07:00")
                if withdrawn {
                    try await staffed.complaints.withdraw(docket)
                } else {
                    try await staffed.complaints.closeUnfixed(docket, reason: "not-found", text: "Tidak ada.", by: staffed.screener)
                }
            }
            // However much later somebody looks.
            staffed.city.clock.set("2027-06-01T09:00:00+07:00")
            return try await staffed.find(docket).end(calendar: calendar)
        }
        #expect(try await ended(on: nil, withdrawn: false) == nil, "what goes on has no end")
        for (day, withdrawn, sentence) in [
            ("2026-11-04", false, "Diputuskan pada 4 November 2026, dalam tenggat "),
            ("2027-01-04", false, "Terlewat: diputuskan pada 4 Januari 2027, sesudah tenggat "),
            ("2026-11-04", true, "Berkas berakhir pada 4 November 2026, sebelum tenggat "),
            ("2027-01-04", true, "Terlewat: berkas berakhir pada 4 Januari 2027, sesudah tenggat "),
        ] {
            let end = try #require(try await ended(on: day, withdrawn: withdrawn))
            #expect(end.sentence(words) == "\(sentence)\(end.deadline.due.long(.indonesian)).")
            #expect(end.isKept == !withdrawn && end.isLate == (day > "2027"))
        }
    }
}
