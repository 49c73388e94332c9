// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Essentials
import Storage
import TestSupport
import Testing

/// What is found by words, on both databases.
@Suite struct SearchTests {
    @Test("Every word must begin a word of the case; signs, capitals and quotes do no harm", arguments: TestDatabase.engines)
    func words(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        func file(_ story: String) async throws -> String {
            var report = staffed.city.report()
            report.story = story
            return try await staffed.city.file(report).docket
        }
        let halte = try await file("Lubang sedalam lutut di depan halte Simpang Limun.")
        let pasar = try await file("Lubang kecil di depan pasar, 3 kendaraan rusak.")
        func found(_ words: String) async throws -> Set<String> {
            var filter = ComplaintFilter(.everyone)
            filter.words = words
            let rows = try await staffed.complaints.list(filter)
            #expect(try await staffed.complaints.count(filter) == rows.count)
            return Set(rows.map(\.docket))
        }
        #expect(try await found("lubang") == [halte, pasar])
        #expect(try await found("LUBANG simp") == [halte])
        #expect(try await found("depan, \"pasar\" (rusak)") == [pasar])
        #expect(try await found("utut").isEmpty)
        #expect(try await found("lubang OR NOT pasar*").isEmpty)
        #expect(try await found("kendaraan rusak") == [pasar])
        #expect(try await found(halte) == [halte])
        #expect(try await found("' & | ! :*") == [halte, pasar])
        try await staffed.complaints.redact(halte, story: "Disunting.", keeping: [], by: staffed.screener)
        #expect(try await found("lutut").isEmpty)
        #expect(try await found("disunting") == [halte])
    }
}
