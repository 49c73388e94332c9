// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials
import Foundation
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
    @Test("What is found comes newest first, in whatever order it was brought in", arguments: TestDatabase.engines)
    func order(engine: Engine) async throws {
        let city = try await TestCity(engine)
        for day in ["03", "01", "05", "02", "04"] {
            var report = city.report()
            report.story = "Lampu padam tanggal \(day)."
            _ = try await city.complaints.file(
                report,
                person: Identifier(at: city.clock.now),
                key: day,
                isTrusted: true,
                at: Instant(rfc3339: "2026-10-\(day)T09:00:00+07:00")
            )
        }
        var filter = ComplaintFilter(.everyone)
        filter.words = "padam"
        let found =
            try await city.complaints.list(filter, size: 3) + city.complaints.list(filter, page: try #require(PageNumber("2")), size: 3)
        #expect(found.compactMap { $0.story?.suffix(3) } == ["05.", "04.", "03.", "02.", "01."])
    }

    @Test("Thousands of cases of one moment, as an export with dates alone has them, are taken and found")
    func oneMoment() async throws {
        let city = try await TestCity(.sqlite)
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("map-\(UUID().uuidString).yaml")
        try
            "source: uji\ncolumns: { id: id, filed: opened, story: story, kind: kind }\ndate-format: iso\nutc-offset: \"+07:00\"\nkinds: {}\ndefault-kind: lubang\n"
            .write(to: file, atomically: true, encoding: .utf8)
        let mapping = try ImportMapping(file: file, categories: ["lubang"])
        let rows = try (0..<4_200).map {
            try ImportedComplaint(
                ["id": "\($0)", "opened": "2026-01-02T00:00:00", "story": "Genangan", "kind": ""],
                by: mapping,
                city: city.city,
                now: city.clock.now
            )
        }
        #expect(try await city.complaints.take(rows).filter { $0 == .new }.count == 4_200)
        var filter = ComplaintFilter(.everyone)
        filter.words = "genangan"
        #expect(try await city.complaints.count(filter, upTo: 10_000) == 4_200)
    }
}
