// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials
import Foundation
import Storage
import TestSupport
import Testing

@Suite("Rows of another system's export")
struct ImportTests {
    private let city: City
    private let now: Instant

    init() throws {
        city = try City(folder: TestCity.repository.appendingPathComponent("City/medan"))
        now = try #require(Instant(rfc3339: "2026-11-02T09:00:00+07:00"))
    }

    private func row(_ format: ImportMapping.DateFormat, _ fields: [String: String]) throws -> ImportedComplaint {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("map-\(UUID().uuidString).yaml")
        try """
        source: uji
        columns: { id: id, filed: tanggal, kind: jenis, subdistrict: kelurahan, district: kecamatan }
        date-format: \(format.rawValue)
        utc-offset: "+07:00"
        kinds: {}
        default-kind: lainnya
        """.write(to: file, atomically: true, encoding: .utf8)
        let mapping = try ImportMapping(file: file, categories: ["lainnya"])
        let all = ["id": "1", "jenis": "x", "kelurahan": "", "kecamatan": ""].merging(fields) { $1 }
        return try ImportedComplaint(all, by: mapping, city: city, now: now)
    }

    @Test(
        "A year of two digits, one long past, or a day to come is refused, not taken for another",
        arguments: [
            (ImportMapping.DateFormat.indonesian, "15/03/26"), (.indonesian, "15/03/2062"), (.american, "3/15/26"),
            (.iso, "0026-03-15T08:00:00"),
            (.iso, "2062-03-15T08:00:00"), (.indonesian, "15/03/99999999999999999"), (.indonesian, "31/02/2026"),
        ]
    )
    func dates(format: ImportMapping.DateFormat, text: String) {
        #expect(throws: ImportRefusal.self) { try row(format, ["tanggal": text]) }
    }

    @Test(
        "A day is read as people of the country write it, and a clock only where all of it is understood",
        arguments: [
            (ImportMapping.DateFormat.indonesian, "24/10/2026", "2026-10-24T00:00:00+07:00"),
            (.indonesian, "24-10-2026 09:05:07", "2026-10-24T09:05:07+07:00"),
            (.indonesian, "24 Oktober 2026", "2026-10-24T00:00:00+07:00"),
            (.indonesian, "24  Nopember 2025 15.30 WIB", "2025-11-24T15:30:00+07:00"),
            (.indonesian, "24 November 2025 15:30", "2025-11-24T15:30:00+07:00"),
            (.indonesian, "24-Okt-2026 15:30 WITA", "2026-10-24T15:30:00+08:00"),
            (.american, "10/24/2026 09:00:00 PM", "2026-10-24T21:00:00+07:00"),
            (.american, "October 24, 2026 12:15 am", "2026-10-24T00:15:00+07:00"),
            (.indonesian, "24/10/2026 25:00", ""), (.indonesian, "24/10/2026 09:60", ""), (.indonesian, "24/10/2026 09:3x:20", ""),
            (.indonesian, "24/10/2026 09:00 malam", ""), (.indonesian, "24 Oktober", ""), (.american, "24/10/2026", ""),
            (.american, "10/24/2026 15:00 PM", ""), (.indonesian, "24 Oktober 26", ""),
        ]
    )
    func writtenDates(format: ImportMapping.DateFormat, text: String, moment: String) {
        let read = try? row(format, ["tanggal": text])
        #expect(read?.filedAt == Instant(rfc3339: moment))
    }

    @Test("What is too long is cut with a mark, and said")
    func longStory() throws {
        let long = try national(["Isi Laporan Akhir": String(repeating: "a", count: 4_001)])
        #expect(long.isCut && long.report.story.count == Report.storyLimit && long.report.story.hasSuffix("a […]"))
        let whole = try national(["Isi Laporan Akhir": String(repeating: "a", count: 4_000)])
        #expect(!whole.isCut && whole.report.story.count == 4_000)
    }

    @Test("A row of the same id and other words is not taken for the one that is there", arguments: TestDatabase.engines)
    func standings(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("map-\(UUID().uuidString).yaml")
        try """
        source: uji
        columns: { id: id, filed: tanggal, kind: jenis, story: isi }
        date-format: indonesian
        utc-offset: "+07:00"
        default-kind: lubang
        """.write(to: file, atomically: true, encoding: .utf8)
        let mapping = try ImportMapping(file: file, categories: ["lubang"])
        func row(_ id: String, _ story: String, at date: String = "15/03/2026") throws -> ImportedComplaint {
            let fields = ["id": id, "tanggal": date, "jenis": "x", "isi": story]
            return try ImportedComplaint(fields, by: mapping, city: city.city, now: city.clock.now)
        }
        let rows = [try row("1", "Lubang besar"), try row("2", "Lampu mati")]
        #expect(try await city.complaints.standings(of: rows) == [.new, .new], "looking brings nothing in")
        #expect(try await city.complaints.take(rows + rows) == [.new, .new, .there, .there])
        let docket = try #require(
            try await city.complaints.list(ComplaintFilter(.everyone), size: 9).first { $0.story == "Lubang besar" }?.docket
        )
        let again = [
            try row("1", "Lubang  kecil"), try row("2", " Lampu mati "), try row("3", "Lubang besar"),
            try row("1", "Lubang besar", at: "16/03/2026"),
        ]
        let expected: [ImportedComplaint.Standing] = [.other(docket: docket), .there, .new, .other(docket: docket)]
        #expect(try await city.complaints.standings(of: again) == expected)
    }

    @Test("A name that two subdistricts have means neither, unless the district says which")
    func twice() throws {
        let alone = try row(.indonesian, ["tanggal": "15/03/2026", "kelurahan": "Sei Mati"])
        #expect(alone.report.subdistrict.isEmpty)
        let told = try row(.indonesian, ["tanggal": "15/03/2026", "kelurahan": "Sei Mati", "kecamatan": "Medan Maimun"])
        #expect(city.regions[told.report.district]?.name == "Medan Maimun")
    }

    /// Medan's own mapping of the national system's export.
    private func national(_ fields: [String: String]) throws -> ImportedComplaint {
        let file = TestCity.repository.appendingPathComponent("City/medan/imports/sp4n-lapor.yaml")
        let mapping = try ImportMapping(file: file, categories: Set(city.complaints.categories.map(\.code)))
        let all = [
            "Tracking ID": "1", "Tanggal": "15/03/2026", "Kategori": "Taman", "Isi Laporan Akhir": "x", "Kelurahan": "", "Tipe": "Publik",
        ]
        return try ImportedComplaint(all.merging(fields) { $1 }, by: mapping, city: city, now: now)
    }

    @Test(
        "What is confidential there is confidential here, however the word is cased or spaced",
        arguments: ["Rahasia", "rahasia", " RAHASIA ", "Anonim,  Rahasia", "\u{A0}rahasia\u{200B}", "TIDAK DIKENAL, RaHaSiA"]
    )
    func confidential(type: String) throws {
        #expect(try national(["Tipe": type]).report.isConfidential)
    }

    @Test("What is public there is public here", arguments: ["Publik", "anonim", " PERMINTAAN   INFORMASI"])
    func open(type: String) throws {
        #expect(try !national(["Tipe": type]).report.isConfidential)
    }

    @Test(
        "A type that the mapping does not know is never taken for public",
        arguments: ["Rhs", "", "Tertutup", "Publik?", "Anonim, Tertutup"]
    )
    func unknownType(type: String) {
        #expect(throws: ImportRefusal.self) { try national(["Tipe": type]) }
    }

    @Test("A kind or a place is the same however it is cased or spaced; a kind that is not named is said")
    func folded() throws {
        let known = try national(["Kategori": " PENERANGAN  jalan umum", "Kelurahan": "KWALA  BEKALA "])
        #expect(known.report.category == "lampu-jalan" && known.otherKind == nil)
        #expect(city.regions[known.report.subdistrict]?.name == "Kwala Bekala")
        let other = try national(["Kategori": "Lain sekali"])
        #expect(other.report.category == "lainnya" && other.otherKind == "Lain sekali")
    }

    @Test("A mapping in which a type column would decide nothing is refused", arguments: ["type: tipe", "story: isi"])
    func mappingSaysNothing(column: String) throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("map-\(UUID().uuidString).yaml")
        let rule = column.hasPrefix("type") ? "" : "confidential-when: Rahasia\n"
        try
            "source: uji\ncolumns: { id: id, filed: t, kind: k, \(column) }\ndate-format: iso\nutc-offset: \"+07:00\"\nkinds: {}\ndefault-kind: lainnya\n\(rule)"
            .write(to: file, atomically: true, encoding: .utf8)
        #expect(throws: PackFaults.self) { try ImportMapping(file: file, categories: ["lainnya"]) }
    }
}
