// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Forms
import Foundation
import TestSupport
import Testing

@Suite("Numbers of residents")
struct ResidentNumberTests {
    @Test(
        "A number with a real date in it is read, a woman's with forty added to the day",
        arguments: [("1271011708909999", false), ("1271015708909999", true), ("1271 0117.0890-9999", false), ("1271012902049999", false)]
    )
    func read(text: String, isFemale: Bool) throws {
        #expect(try #require(ResidentNumber(text)).isFemale == isFemale)
    }

    @Test(
        "One that cannot be is refused",
        arguments: [
            "1271217102049998", "1271010017909999", "127101170890999", "1271011708900000", "1271012902059999", "12710117089099990",
            "abcdabcdabcdabcd", "", "0071011708909999", "1271014100909999",
        ]
    )
    func refused(text: String) { #expect(ResidentNumber(text) == nil) }

    @Test("It fits the date of birth and no other; the century is not in it")
    func fits() throws {
        let number = try #require(ResidentNumber("1271015708909999"))
        #expect(number.fits(try #require(CivilDate("1990-08-17"))))
        #expect(!number.fits(try #require(CivilDate("1990-08-18"))))
    }

    @Test("It is never shown whole")
    func masked() { #expect(ResidentNumber.masked("1271015708909999") == "1271 •••• •••• 9999") }

    @Test("No digits whatever make it stop the program")
    func fuzz() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let text = String(
                (0..<Int.random(in: 0..<20, using: &generator)).map { _ in "0123456789 .-x٣".randomElement(using: &generator) ?? "0" }
            )
            if let number = ResidentNumber(text) { #expect(number.digits.count == 16) }
        }
    }
}

@Suite("Answers to a service's questions")
struct AnswerTests {
    private let city: City
    private let service: Service
    private let rules: FormRules

    init() throws {
        city = try City(folder: TestCity.repository.appendingPathComponent("City/contoh"))
        service = try #require(city.services["akta-kelahiran"])
        rules = FormRules(today: try #require(CivilDate("2026-11-03")), regions: city.regions, questions: service.allQuestions)
    }

    private func question(_ code: String) throws -> Questionnaire.Question {
        try #require(service.questionnaire.questions.first { $0.code == code })
    }

    @Test("A question is asked only where its condition holds")
    func condition() throws {
        let father = try question("nama_ayah")
        #expect(rules.asked([father], Answers(json: ["perkawinan": "tidak"])).isEmpty)
        #expect(rules.asked([father], Answers(json: ["perkawinan": "tercatat"])).count == 1)
    }

    @Test("What a change of mind left behind does not count")
    func relevant() throws {
        let answers = Answers(json: ["perkawinan": "tidak", "nama_ayah": "Tidak jadi", "nama_ibu": "Ibu"])
        #expect(rules.relevant(service.questionnaire, answers)["nama_ayah"].isEmpty)
        #expect(rules.relevant(service.questionnaire, answers)["nama_ibu"] == "Ibu")
    }

    @Test("Witnesses are counted, and each is checked by its own name")
    func group() throws {
        let witnesses = try question("saksi")
        let told = Answers(json: ["bukti_lahir": "sptjm", "saksi": [["nama_saksi": "A", "nik_saksi": "12"]]])
        #expect(rules.faults([witnesses], told).map(\.name) == ["saksi"])
        let two: JSON = [["nama_saksi": "A", "nik_saksi": "1271011708909999"], ["nama_saksi": "", "nik_saksi": "12"]]
        let faults = rules.faults([witnesses], Answers(json: ["bukti_lahir": "sptjm", "saksi": two]))
        #expect(faults.map(\.name) == ["saksi.2.nama_saksi", "saksi.2.nik_saksi"])
    }

    @Test("A date that has not come yet is refused where it must lie behind")
    func date() throws {
        let birth = try question("tanggal_lahir")
        #expect(rules.faults([birth], Answers(json: ["tanggal_lahir": "2026-11-04"])).count == 1)
        #expect(rules.faults([birth], Answers(json: ["tanggal_lahir": "2026-11-03"])).isEmpty)
        #expect(rules.faults([birth], Answers(json: ["tanggal_lahir": "kemarin"])).count == 1)
    }

    @Test("Numbers mean the same in both languages, and are kept in one form")
    func number() throws {
        let area = try #require(city.services["pbg"]?.questionnaire.questions.first { $0.code == "luas" })
        #expect(area.normalised("5.000,5") == "5000.5")
        #expect(area.normalised("5,000.5") == "5000.5")
        #expect(area.shown("5000.5", in: .indonesian, regions: city.regions) == "5.000,5")
        #expect(area.normalised("lima") == "lima")
    }

    @Test("A subdistrict of another city is no answer")
    func subdistrict() throws {
        let subdistrict = try question("kelurahan")
        #expect(rules.faults([subdistrict], Answers(json: ["kelurahan": "12.71.01.1001"])).count == 1)
        #expect(rules.faults([subdistrict], Answers(json: ["kelurahan": "99.01.01"])).count == 1)
        #expect(rules.faults([subdistrict], Answers(json: ["kelurahan": "99.01.01.1001"])).isEmpty)
    }

    @Test(
        "A name of the civil registry is written in Latin letters, and what is none is named",
        arguments: [
            ("Butet", nil), ("Nguyễn Thị Đặng Ếch", nil), ("O’Brien-Śmiłowski, S.H.", nil), ("ʻOkina", nil), ("李明 Butet", "“李”, “明”"),
            ("தமிழ்", "த"), ("محمد", "م"), ("Пётр", "П"), ("Butet 2", "“2”"), ("Butet 😀", "😀"), ("...", "huruf"), ("Butet <b>", "<"),
        ]
    )
    func latin(name: String, named: String?) throws {
        let question = try question("nama_ibu")
        let faults = rules.faults([question], Answers(json: ["nama_ibu": .string(question.normalised(name))]))
        #expect(faults.isEmpty == (named == nil))
        if let named { #expect(faults.first?.name == "nama_ibu" && faults.first?.message.id.contains(named) == true) }
    }

    @Test("What nobody sees is no part of an answer, whichever way it came")
    func unseen() throws {
        let question = try question("tempat_lahir")
        #expect(question.normalised("Medan\u{202E}\u{0} Kota\r\n") == "Medan Kota")
        #expect(rules.faults([question], Answers(json: ["tempat_lahir": "Medan\u{202E}"])).map(\.name) == ["tempat_lahir"])
    }
}
