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
}
