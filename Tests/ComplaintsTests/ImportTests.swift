// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials
import Foundation
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
