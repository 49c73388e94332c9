// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Forms
import Foundation
import TestSupport
import Testing

@Suite("Questions that hang on one another")
struct ConditionTests {
    private let service: Service
    private let rules: FormRules

    /// A closes a road, B says how much of it, C how many lanes, D the police's word; helpers who are foreigners show a passport.
    private static let definition = """
        code: izin-keramaian
        docket: IKR
        event: usaha
        name: { id: Izin, en: Permit }
        summary: { id: Izin, en: Permit }
        standard:
          requirements: []
        limit: { days: 5, basis: { id: Dasar, en: Basis } }
        fee: { free: { id: Gratis, en: Free } }
        form:
          - code: jalan
            title: { id: Jalan, en: Road }
            questions:
              - { code: tutup, kind: choice, label: { id: Tutup jalan, en: Close the road }, options: [{ code: ya, label: { id: Ya, en: "Yes" } }, { code: tidak, label: { id: Tidak, en: "No" } }] }
              - { code: jenis, kind: choice, when: "tutup == 'ya'", label: { id: Jenis, en: How much }, options: [{ code: sebagian, label: { id: Sebagian, en: Part } }, { code: seluruh, label: { id: Seluruh, en: All } }] }
              - { code: jalur, kind: number, least: "1", most: "20", when: "jenis == 'seluruh'", label: { id: Jalur, en: Lanes } }
          - code: polisi
            title: { id: Polisi, en: Police }
            when: "jalur > 4.0"
            questions:
              - { code: rekomendasi, kind: text, label: { id: Rekomendasi, en: Recommendation } }
          - code: orang
            title: { id: Orang, en: People }
            questions:
              - code: petugas
                kind: group
                least: 1
                most: 2
                item: { id: petugas, en: helper }
                label: { id: Petugas, en: Helpers }
                questions:
                  - { code: warga, kind: choice, label: { id: Kewarganegaraan, en: Citizenship }, options: [{ code: wni, label: { id: WNI, en: Indonesian } }, { code: wna, label: { id: WNA, en: Foreign } }] }
                  - { code: paspor, kind: text, when: "warga == 'wna'", label: { id: Paspor, en: Passport } }
        stages:
          - { code: masuk, name: { id: Masuk, en: In }, status: in-progress, actions: [{ code: putus, name: { id: Putus, en: Decide }, by: [officer], to: selesai }] }
          - { code: selesai, name: { id: Selesai, en: Done }, status: decided }
        scenarios: []
        """

    init() throws {
        let city = try City(folder: TestCity.repository.appendingPathComponent("City/contoh"))
        service = try #require(
            PublishedService(facts: ["source": .string(Self.definition), "agency": "pu"]).service(zone: city.zone)
        )
        rules = FormRules(today: try #require(CivilDate("2026-11-03")), regions: city.regions, questions: service.allQuestions)
    }

    private let closed: JSON = [
        "tutup": "ya", "jenis": "seluruh", "jalur": "20", "rekomendasi": "B/1", "petugas": [["warga": "wni"]],
    ]

    private func answers(_ changes: JSON) -> Answers { Answers(json: closed).merging(Answers(json: changes)) }

    @Test("Every link of a chain is asked while it holds")
    func whole() {
        let course = rules.course(service.questionnaire, answers([:]))
        #expect(course.steps.map(\.page.code) == ["jalan", "polisi", "orang"])
        #expect(course.steps.first?.questions.map(\.code) == ["tutup", "jenis", "jalur"])
        #expect(rules.faults(service.questionnaire, answers([:])).isEmpty)
    }

    @Test("When the first answer changes, nothing behind it is kept, on this page or the next")
    func broken() {
        let course = rules.course(service.questionnaire, answers(["tutup": "tidak"]))
        #expect(course.steps.map(\.page.code) == ["jalan", "orang"])
        #expect(course.steps.first?.questions.map(\.code) == ["tutup"])
        #expect(course.answers["jenis"].isEmpty && course.answers["jalur"].isEmpty && course.answers["rekomendasi"].isEmpty)
    }

    @Test("What is no longer asked is no longer missed")
    func missed() {
        let faults = rules.faults(service.questionnaire, answers(["tutup": "tidak", "rekomendasi": ""]))
        #expect(faults.isEmpty)
        #expect(rules.faults(service.questionnaire, answers(["rekomendasi": ""])).flatMap(\.fields).map(\.name) == ["rekomendasi"])
    }

    @Test("A condition within a group looks at the one it stands beside")
    func group() {
        let people: JSON = ["petugas": [["warga": "wni", "paspor": "lama"], ["warga": "wna"]]]
        #expect(rules.faults(service.questionnaire, answers(people)).flatMap(\.fields).map(\.name) == ["petugas.2.paspor"])
        let groups = rules.relevant(service.questionnaire, answers(people)).groups("petugas")
        #expect(groups.first?["paspor"].isEmpty == true)
    }

    @Test("No more of a group than it takes")
    func tooMany() {
        let people: JSON = ["petugas": [["warga": "wni"], ["warga": "wni"], ["warga": "wni"]]]
        #expect(rules.faults(service.questionnaire, answers(people)).flatMap(\.fields).map(\.name) == ["petugas"])
    }
}
