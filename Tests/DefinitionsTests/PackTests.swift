// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Foundation
import Testing

@Suite struct PackTests {
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let cities = repository.appendingPathComponent("City")

    @Test("Every city's pack is without a fault", arguments: try FileManager.default.contentsOfDirectory(atPath: cities.path).sorted())
    func everyCity(name: String) throws { _ = try City(folder: Self.cities.appendingPathComponent(name)) }

    @Test("Medan has its 21 districts, 151 subdistricts and the calendar to 2027")
    func medan() throws {
        let city = try City(folder: Self.cities.appendingPathComponent("medan"))
        #expect(city.regions.districts.count == 21)
        #expect(city.regions.subdistricts.count == 151)
        #expect(city.calendar.decreedUntil.description == "2027-12-31")
    }

    @Test("A subdistrict's own centre lies in its boundary, for nearly every one")
    func centres() throws {
        let city = try City(folder: Self.cities.appendingPathComponent("medan"))
        let inside = city.regions.subdistricts.filter { city.regions.locate($0.centre)?.code == $0.code }
        #expect(inside.count >= 145)
    }

    /// The fictional city with one file changed.
    func changed(_ file: String, _ change: (String) -> String) throws -> [Diagnostic] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pack-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: Self.cities.appendingPathComponent("contoh"), to: folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = folder.appendingPathComponent(file)
        try change(String(contentsOf: url, encoding: .utf8)).write(to: url, atomically: true, encoding: .utf8)
        do {
            _ = try City(folder: folder, nations: Self.repository.appendingPathComponent("National"))
            return []
        } catch let faults as PackFaults {
            return faults.diagnostics
        }
    }

    @Test("An unknown key is refused with its place and the nearest known one")
    func unknownKey() throws {
        let faults = try changed("city.yaml") { $0.replacing("centre:", with: "center:") }
        #expect(faults.contains { $0.file == "city.yaml" && $0.line == 6 && $0.column == 1 && $0.message.contains("center") })
    }

    @Test("How long personal data is kept is the city's own to say: not the nation's, and noted where nobody has")
    func retention() throws {
        #expect(try City(folder: Self.cities.appendingPathComponent("contoh")).undecided.isEmpty)
        let medan = try City(folder: Self.cities.appendingPathComponent("medan"))
        #expect(
            medan.complaints.retention == nil && medan.undecided.contains { $0.hasPrefix("complaints/promises.yaml does not say how long") }
        )
        let nations = FileManager.default.temporaryDirectory.appendingPathComponent("nations-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: Self.repository.appendingPathComponent("National"), to: nations)
        defer { try? FileManager.default.removeItem(at: nations) }
        let url = nations.appendingPathComponent("id/complaints/promises.yaml")
        let own = "retention: { handled-days: 1825, other-days: 365, basis: { id: a, en: b } }\n"
        try (String(contentsOf: url, encoding: .utf8) + own).write(to: url, atomically: true, encoding: .utf8)
        let faults = #expect(throws: PackFaults.self) { try City(folder: Self.cities.appendingPathComponent("medan"), nations: nations) }
        #expect(faults?.diagnostics.contains { $0.message.contains("retention") } == true)
    }

    @Test("A sentence in one language only is refused")
    func missingTranslation() throws {
        let faults = try changed("complaints/promises.yaml") {
            $0.replacing("title: { id: Jadwal pekerjaan, en: Work scheduled }", with: "title: Jadwal pekerjaan")
        }
        #expect(faults.contains { $0.message == "a sentence needs both languages" })
    }

    @Test("A promise without its law, an agency that does not exist and a date that is none are told at once")
    func allAtOnce() throws {
        var faults = try changed("complaints/promises.yaml") {
            $0.replacing("screening-agency: kominfo", with: "screening-agency: tidak-ada")
                + "promises: { answers: { days: 5, unit: working-days } }\n"
        }
        #expect(faults.count >= 3)
        faults = try changed("calendar/holidays.csv") { $0.replacing("2026-06-15,holiday", with: "2026-02-30,holiday") }
        #expect(faults.map(\.line) == [2])
        #expect(faults.first?.fix == "Write it as 2026-12-25.")
    }

    @Test("A city may promise less time than the law allows, never more")
    func promises() throws {
        func faults(_ days: Int) throws -> [Diagnostic] {
            try changed("complaints/promises.yaml") {
                $0 + "promises:\n  resolution.ordinary: { days: \(days), unit: working-days, basis: { id: Perwal, en: Decree } }\n"
            }
        }
        #expect(try faults(10).isEmpty)
        #expect(try faults(20).map(\.message) == ["“resolution.ordinary” promises less than the law: 14 days"])
    }

    @Test("Faults in the nation's pack are told with its own file")
    func nation() throws {
        let nations = FileManager.default.temporaryDirectory.appendingPathComponent("nations-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: Self.repository.appendingPathComponent("National"), to: nations)
        defer { try? FileManager.default.removeItem(at: nations) }
        try "date,kind\n".write(to: nations.appendingPathComponent("id/calendar/holidays.csv"), atomically: true, encoding: .utf8)
        let faults = #expect(throws: PackFaults.self) { try City(folder: Self.cities.appendingPathComponent("contoh"), nations: nations) }
        #expect(faults?.diagnostics.first?.file == "National/id/calendar/holidays.csv")
    }

    @Test("A year without a decree has the days off that follow a rule")
    func rules() throws {
        let calendar = try City(folder: Self.cities.appendingPathComponent("medan")).calendar
        #expect(calendar.holiday(on: try #require(CivilDate("2029-08-17")))?.name.id == "Proklamasi Kemerdekaan")
        #expect(calendar.holiday(on: try #require(CivilDate("2029-03-30")))?.name.en == "Good Friday")
        #expect(calendar.holiday(on: try #require(CivilDate("2029-03-29"))) == nil)
    }

    @Test(
        "The subdistrict that a text names is found, the longest name first",
        arguments: [
            ("lubang di sei rengas ii depan pasar", "Sei Rengas II"), ("tidak menyebut tempat", nil),
        ]
    )
    func named(text: String, name: String?) throws {
        let city = try City(folder: Self.cities.appendingPathComponent("medan"))
        #expect(city.regions.named(in: text)?.name == name)
    }

    @Test("A place is found by name, coordinates or Plus Code, and not outside the city")
    func places() throws {
        let city = try City(folder: Self.cities.appendingPathComponent("medan"))
        #expect(city.findPlace("di sei rengas ii")?.subdistrict == "12.71.10.1003")
        let district = try #require(city.findPlace("Medan Area"))
        #expect(district.district == "12.71.10")
        #expect(district.subdistrict == nil)
        let hall = try #require(city.findPlace("3.5897, 98.6738"))
        #expect(hall.subdistrict.flatMap { city.regions[$0]?.parent } == hall.district)
        let code = try #require(city.findPlace("HMQF+VG Medan")?.point)
        #expect(code.distance(to: try #require(Point(latitude: 3.5897, longitude: 98.6738))) < 200)
        #expect(city.findPlace("-6.2, 106.8") == nil)
        #expect(city.findPlace("entah di mana") == nil)
    }

    @Test("A question that waits for an answer which nothing offers is refused")
    func condition() throws {
        let faults = try changed("complaints/categories.yaml") { $0.replacing("is: besar }", with: "is: raksasa }") }
        #expect(faults.contains { $0.message.contains("ukuran = raksasa") })
    }

    @Test("A question is asked only after the answer that leads to it")
    func asked() throws {
        let city = try City(folder: Self.cities.appendingPathComponent("contoh"))
        let category = try #require(city.complaints.category("lubang"))
        #expect(category.asked(["ukuran": "besar"]).map(\.name) == ["ukuran", "celaka"])
        #expect(category.asked(["ukuran": "kecil"]).map(\.name) == ["ukuran"])
    }

    @Test("A message of the city takes the place of the nation's, and says what cannot be filled in or is missing")
    func messages() throws {
        func city(_ messages: String) throws -> (city: City?, faults: [String]) {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pack-\(UUID().uuidString)")
            try FileManager.default.copyItem(at: Self.cities.appendingPathComponent("contoh"), to: folder)
            defer { try? FileManager.default.removeItem(at: folder) }
            try messages.write(to: folder.appendingPathComponent("messages.yaml"), atomically: true, encoding: .utf8)
            do {
                return (try City(folder: folder, nations: Self.repository.appendingPathComponent("National")), [])
            } catch let faults as PackFaults {
                return (nil, faults.diagnostics.map { "\($0.file):\($0.line): \($0.message)" })
            }
        }
        let own = try city("news:\n  merged: { id: \"jadi satu dengan {other}\", en: \"one with {other}\" }\n").city
        #expect(own?.messages(.merged, ["other": Text(same: "{agency}")]).id == "jadi satu dengan {agency}")
        #expect(own?.messages(.verified, ["agency": Text(same: "PU")]).en == "checked and passed to PU.")
        let wrong = try city(
            """
            news:
              merged: { id: "jadi satu dengan {agency}", en: "one with another" }
              lost: { id: a, en: b }
            letters:
              sign-in: { subject: { id: a, en: b }, short: { id: "{code}", en: "{code}" }, long: { id: "{code}", en: "no code" } }
            """
        ).faults
        #expect(
            wrong == [
                "messages.yaml:2: “{agency}” is not filled in here", "messages.yaml:3: the message “lost” is not known",
                "messages.yaml:5: “{code}” is missing from “no code…”",
            ]
        )
    }

    @Test(
        "A notice is shown by the calendar: after hours, at weekends and on holidays",
        arguments: [
            ("2026-11-02T10:00:00+07:00", 0), ("2026-11-02T20:00:00+07:00", 1), ("2026-11-01T10:00:00+07:00", 1),
            ("2026-12-25T10:00:00+07:00", 1),
        ]
    )
    func notices(moment: String, count: Int) throws {
        let city = try City(folder: Self.cities.appendingPathComponent("contoh"))
        #expect(city.notices(at: try #require(Instant(rfc3339: moment))).count == count)
    }

    @Test("A map server without its placeholders is refused; a good one gives its origin")
    func tiles() throws {
        let faults = try changed("city.yaml") { $0 + "\ntiles: { address: \"http://peta.example/z.png\", attribution: Kita }\n" }
        #expect(faults.map(\.message) == ["“http://peta.example/z.png” is no address of map pictures"])
        #expect(City.Tiles(address: "https://peta.example/{z}/{x}/{y}.png", attribution: "Kita").origin == "https://peta.example")
    }

    @Test("A route that leaves a district without an agency is refused")
    func unreachable() throws {
        let faults = try changed("complaints/categories.yaml") { $0.replacing("      - { agency: district }\n", with: "") }
        #expect(faults.contains { $0.message.contains("some district has no agency") })
    }

    @Test("Broken YAML names its line")
    func brokenYAML() throws {
        let faults = try changed("organisation.yaml") { $0 + "\n  - { code: x, name: [\n" }
        #expect(faults.contains { $0.file == "organisation.yaml" && $0.message.hasPrefix("not YAML") })
    }

    @Test("Routing tries rules in order and names the one that decided")
    func routing() throws {
        let city = try City(folder: Self.cities.appendingPathComponent("contoh"))
        let category = try #require(city.complaints.category("sampah"))
        #expect(city.complaints.route(category, district: "99.01.01", city: city.agencies)?.agency == "kebersihan")
        let south = city.complaints.route(category, district: "99.01.02", city: city.agencies)
        #expect(south?.agency == "kec-selatan")
        #expect(south?.rule.number == 2)
    }

    @Test("Kinds are found by what people call them", arguments: [("lubang", "lubang"), ("garbage", "sampah"), ("bribe", "pungli")])
    func search(words: String, code: String) throws {
        let city = try City(folder: Self.cities.appendingPathComponent("contoh"))
        #expect(city.complaints.search(words).first?.code == code)
    }
}
