// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Documents
import Essentials
import Fees
import Forms
import Foundation
import Identity
import Journal
import Services
import Storage
import TestSupport
import Testing

/// A case lives under what was published when it was filed, whatever becomes of the pack.
@Suite("Definitions that have changed or are gone")
struct PublishedTests {
    private static func file(_ city: TestCity, _ code: String, _ answers: JSON) async throws -> String {
        let service = try #require(city.city.services[code])
        let token = try await city.services.newDraft(service, language: .indonesian)
        var (draft, _) = try #require(try await city.services.draft(token))
        draft.answers = Answers(json: answers)
        return try await city.services.file(draft, service, token: token, clerk: nil).docket
    }

    /// The same city after its pack was changed.
    private static func changed(_ city: TestCity, _ change: (URL) throws -> Void) async throws -> Services {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pack-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: TestCity.repository.appendingPathComponent("City/contoh"), to: folder)
        try change(folder)
        let pack = try City(folder: folder, nations: TestCity.repository.appendingPathComponent("National"))
        let services = Services(
            journal: city.journal,
            city: pack,
            files: city.services.files,
            uploads: TestCity.uploads,
            origin: "http://balai.test",
            keepers: []
        )
        try await services.publishDefinitions()
        return services
    }

    private static func edit(_ file: URL, _ change: (String) -> String) throws {
        let old = try String(contentsOf: file, encoding: .utf8)
        let new = change(old)
        try #require(old != new)
        try new.write(to: file, atomically: true, encoding: .utf8)
    }

    @Test(
        "A venue and its service taken out of the pack leave their cases readable, and their clocks running",
        arguments: TestDatabase.engines
    )
    func gone(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let answers: JSON = ["waktu": "lapangan_a@2026-11-10T08:00/60", "nama": "Warga", "kontak": "+6281200000001"]
        let docket = try await Self.file(city, "sewa-gelanggang", answers)
        let after = try await Self.changed(city) { folder in
            try FileManager.default.removeItem(at: folder.appendingPathComponent("services/sewa-gelanggang.yaml"))
            try FileManager.default.removeItem(at: folder.appendingPathComponent("bookings/gelanggang.yaml"))
        }
        #expect(try await after.find(docket)?.service.code == "sewa-gelanggang")
        city.clock.set("2026-11-06T09:00:00+07:00")
        try await after.doDuties()
        #expect(try await after.find(docket)?.serviceCase.progress.stage == "gugur")
    }

    @Test(
        "A new tariff governs new cases; one that was filed before is billed by the old, and its paper says so",
        arguments: TestDatabase.engines
    )
    func tariff(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let first = try await city.officer("a", agency: "pu", roles: [.officer, .signer])
        let second = try await city.officer("b", agency: "pu", roles: [.officer, .signer])
        let docket = try await Self.file(city, "pbg", ServiceTests.house)
        let after = try await Self.changed(city) { folder in
            try Self.edit(folder.appendingPathComponent("levies/pbg.yaml")) { $0.replacing("value: 6000000", with: "value: 7000000") }
        }
        let renewed = try #require(after.city.services["pbg"])
        #expect(renewed.fingerprint != city.city.services["pbg"]?.fingerprint)
        let today = try #require(CivilDate("2026-11-02"))
        let expected = try after.assess(renewed, Answers(json: ServiceTests.house), today: today).compactMap(\.amount).reduce(0, +)
        #expect(expected == 226_800)

        try await after.act("lengkap", on: docket, key: "1", by: .officer(first))
        let examined = Answers(json: ["tanggal_periksa": "2026-11-02", "luas_sesuai": "ya"])
        try await after.act("pernyataan", on: docket, answers: examined, key: "2", by: .officer(second))
        try await after.act("tetapkan", on: docket, key: "3", by: .officer(second))
        let bill = try #require(try await city.journal.read { try Fees.bills(of: docket, in: $0) }.first)
        #expect(bill.amount == 194_400)
        try await city.fees.take(194_400, for: bill.number, by: .qris, reference: "R", actor: .system)
        try await after.act("terbitkan", on: docket, key: "4", by: .officer(first))
        let paper = try #require(try await city.documents.documents(of: docket).first)
        let content = try await city.journal.read { snapshot in
            try city.journal.entries(of: "document/\(paper.id)", in: snapshot).compactMap(\.personal).map {
                String(decoding: $0.canonical, as: UTF8.self)
            }
        }
        #expect(content.joined().contains("194.400") && !content.joined().contains("226.800"))
    }
}
