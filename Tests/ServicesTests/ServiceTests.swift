// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Documents
import Essentials
import Fees
import Forms
import Foundation
import Identity
import Journal
import Notifications
import Residents
import Services
import Storage
import TestSupport
import Testing

@Suite("A service carried to its end")
struct ServiceTests {
    static let birth: JSON = [
        "nama_anak": "Butet Contoh", "kelamin": "p", "tanggal_lahir": "2026-10-20", "tempat_lahir": "Contoh", "anak_ke": "1",
        "nama_ibu": "Ibu Contoh", "nik_ibu": "1271015708909999", "perkawinan": "tidak", "bukti_lahir": "surat", "foto_surat": ["a"],
        "nama_pelapor": "Ibu Contoh", "nik_pelapor": "1271015708909999", "kk": "1271010101200001", "kelurahan": "99.01.01.1001",
        "kontak": "+6281200000001",
    ]
    static let house: JSON = [
        "nama": "Pemilik", "nik": "1271011708909999", "kontak": "pemilik@contoh.id", "kelurahan": "99.01.01.1001", "alamat": "Jalan 1",
        "bukti_tanah": ["a"], "luas": "36", "lantai": "1", "fungsi": "hunian", "kompleksitas": "sederhana", "permanensi": "permanen",
        "kegiatan": "baru", "pemilik": "lain", "gambar": ["b"],
    ]

    private static func file(_ city: TestCity, _ code: String, _ answers: JSON) async throws -> Services.Receipt {
        let service = try #require(city.city.services[code])
        let token = try await city.services.newDraft(service, language: .indonesian)
        var (draft, _) = try #require(try await city.services.draft(token))
        draft.answers = Answers(json: answers)
        return try await city.services.file(draft, service, token: token, clerk: nil)
    }

    @Test("A birth is checked by one and signed by another, and its number counts within its day", arguments: TestDatabase.engines)
    func issued(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let officer = try await city.officer("tagor", agency: "kominfo", roles: [.officer])
        let signer = try await city.officer("kadis", agency: "kominfo", roles: [.signer])
        for number in ["1271-LU-02112026-0001", "1271-LU-02112026-0002"] {
            let docket = try await Self.file(city, "akta-kelahiran", Self.birth).docket
            try await city.services.act("lengkap", on: docket, answers: Answers(json: ["ganda": "tidak"]), key: "1", by: .officer(officer))
            try await city.services.act("tanda_tangan", on: docket, key: "2", by: .officer(signer))
            try await city.documents.sealPending()
            let document = try #require(try await city.documents.documents(of: docket).first)
            #expect(document.number == number && document.standing(on: CivilDate(days: 20_800)) == .valid)
            let pdf = try #require(try await city.documents.content(of: document))
            #expect(try await city.documents.find(file: pdf)?.id == document.id)
            #expect(try await city.documents.find(DocumentOffice.code(document.fingerprint))?.id == document.id)
        }
    }

    @Test("What an acting official signs says Plt or Plh before the office; nobody else's paper does", arguments: TestDatabase.engines)
    func signedByWhoeverStandsIn(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let officer = try await city.officer("tagor", agency: "kominfo", roles: [.officer])
        let signer = try await city.officer("kadis", agency: "kominfo", roles: [.signer])
        let deputy = try await city.officer("wakil", agency: "kominfo", roles: [.officer])
        let today = city.clock.now.date(in: city.city.zone)
        func signed(by account: Identifier, on day: CivilDate) async throws -> String? {
            city.clock.set("\(day)T09:00:00+07:00")
            let docket = try await Self.file(city, "akta-kelahiran", Self.birth).docket
            try await city.services.act("lengkap", on: docket, answers: Answers(json: ["ganda": "tidak"]), key: "1", by: .officer(officer))
            let hand = try #require(try await city.journal.read { try Accounts.officer(account.description, on: day, in: $0) })
            try await city.services.act("tanda_tangan", on: docket, key: "2", by: .officer(hand))
            let document = try #require(try await city.documents.documents(of: docket).first)
            let entries = try await city.journal.read { try city.journal.entries(of: "document/\(document.id)", in: $0) }
            return entries.first?.personal?["letter"]?["signer"]?.string
        }
        let office = try #require(try await signed(by: signer.account, on: today))
        #expect(office.hasPrefix("Kepala "))
        for (day, standing) in [(1, Accounts.ActingStanding.plt), (2, .plh)] {
            let day = today.adding(days: day)
            let appointment = Accounts.Appointment(deputy.account, at: "kominfo", as: standing, order: "800/1", on: day...day)
            try await city.accounts.appointActing(appointment, by: .system)
            #expect(try await signed(by: deputy.account, on: day) == "\(standing.mark) \(office)")
            #expect(try await signed(by: signer.account, on: day) == office)
        }
    }

    @Test("A paper that cannot be printed as it was written is not issued, and takes no number", arguments: TestDatabase.engines)
    func unprintable(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let officer = try await city.officer("tagor", agency: "kominfo", roles: [.officer])
        let signer = try await city.officer("kadis", agency: "kominfo", roles: [.signer])
        var answers = Self.birth.object ?? [:]
        answers["tempat_lahir"] = "北京"
        var dockets: [String] = []
        for answers in [JSON.object(answers), Self.birth] {
            let docket = try await Self.file(city, "akta-kelahiran", answers).docket
            try await city.services.act("lengkap", on: docket, answers: Answers(json: ["ganda": "tidak"]), key: "1", by: .officer(officer))
            dockets.append(docket)
        }
        let problem = await #expect(throws: Problem.self) {
            try await city.services.act("tanda_tangan", on: dockets[0], key: "2", by: .officer(signer))
        }
        #expect(problem?.code == "document.characters" && problem?.title.id.contains("“京” (U+4EAC)") == true)
        #expect(try await city.documents.documents(of: dockets[0]).isEmpty)
        try await city.services.act("tanda_tangan", on: dockets[1], key: "2", by: .officer(signer))
        #expect(try await city.documents.documents(of: dockets[1]).first?.number == "1271-LU-02112026-0001")
    }

    @Test("A birth reported in time stays in time in its number, however long the office takes", arguments: TestDatabase.engines)
    func inTime(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let officer = try await city.officer("tagor", agency: "kominfo", roles: [.officer])
        let both = try await city.officer("kadis", agency: "kominfo", roles: [.signer, .head])
        var answers = Self.birth.object ?? [:]
        answers["tanggal_lahir"] = "2026-09-05"
        let timely = try await Self.file(city, "akta-kelahiran", .object(answers)).docket
        answers["tanggal_lahir"] = "2026-08-01"
        let late = try await Self.file(city, "akta-kelahiran", .object(answers)).docket
        city.clock.set("2026-11-10T09:00:00+07:00")
        let checked = Answers(json: ["ganda": "tidak"])
        let refused = await #expect(throws: Problem.self) {
            try await city.services.act("lengkap", on: late, answers: checked, key: "0", by: .officer(officer))
        }
        #expect(refused?.title.en.contains("past 60 days") == true)
        try await city.services.act("terlambat", on: late, key: "1", by: .officer(officer))
        try await city.services.act(
            "setujui",
            on: late,
            answers: Answers(json: ["nomor_keputusan": "7/2026"]),
            key: "2",
            by: .officer(both)
        )
        try await city.services.act("lengkap", on: timely, answers: checked, key: "3", by: .officer(officer))
        let again = Answers(json: ["ganda_terlambat": "tidak"])
        try await city.services.act("lengkap_terlambat", on: late, answers: again, key: "3", by: .officer(officer))
        for (docket, kind) in [(timely, "LU"), (late, "LT")] {
            try await city.services.act("tanda_tangan", on: docket, key: "4", by: .officer(both))
            #expect(try await city.documents.documents(of: docket).first?.number == "1271-\(kind)-10112026-0001")
        }
    }

    @Test("Sending twice files once, with the same key", arguments: TestDatabase.engines)
    func once(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let service = try #require(city.city.services["akta-kelahiran"])
        let token = try await city.services.newDraft(service, language: .indonesian)
        var (draft, _) = try #require(try await city.services.draft(token))
        draft.answers = Answers(json: Self.birth)
        let first = try await city.services.file(draft, service, token: token, clerk: nil)
        #expect(try await city.services.file(draft, service, token: token, clerk: nil) == first)
        let found = try #require(try await city.services.find(first.docket))
        #expect(city.services.holds(first.key, of: found.serviceCase) && !city.services.holds("x", of: found.serviceCase))
    }

    @Test("Whoever is not asked cannot act, and nothing happens", arguments: TestDatabase.engines)
    func roles(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let docket = try await Self.file(city, "akta-kelahiran", Self.birth).docket
        let stranger = try await city.officer("ucok", agency: "pu", roles: [.officer, .head, .signer])
        let signer = try await city.officer("kadis", agency: "kominfo", roles: [.signer])
        for hand in [Services.Hand.officer(stranger), .officer(signer), .applicant] {
            await #expect(throws: Problem.self) {
                try await city.services.act(
                    "lengkap",
                    on: docket,
                    answers: Answers(json: ["ganda": "tidak"]),
                    key: UUID().uuidString,
                    by: hand
                )
            }
        }
        #expect(try await city.services.find(docket)?.serviceCase.progress.stage == "diperiksa")
    }

    @Test("Whoever checked may not sign, even with both roles", arguments: TestDatabase.engines)
    func secondPerson(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let both = try await city.officer("satu", agency: "kominfo", roles: [.officer, .signer])
        let docket = try await Self.file(city, "akta-kelahiran", Self.birth).docket
        try await city.services.act("lengkap", on: docket, answers: Answers(json: ["ganda": "tidak"]), key: "1", by: .officer(both))
        await #expect(throws: Problem.self) { try await city.services.act("tanda_tangan", on: docket, key: "2", by: .officer(both)) }
        #expect(try await city.documents.documents(of: docket).isEmpty)
    }

    @Test("A levy is billed, paid and only then the permit is issued", arguments: TestDatabase.engines)
    func levy(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let first = try await city.officer("dewi", agency: "pu", roles: [.officer])
        let second = try await city.officer("hasan", agency: "pu", roles: [.officer])
        let signer = try await city.officer("kadis", agency: "pu", roles: [.signer])
        let docket = try await Self.file(city, "pbg", Self.house).docket
        try await city.services.act("lengkap", on: docket, key: "1", by: .officer(first))
        let examined: JSON = ["tanggal_periksa": "2026-11-02", "luas_sesuai": "ya"]
        try await city.services.act("pernyataan", on: docket, answers: Answers(json: examined), key: "2", by: .officer(second))
        try await city.services.act("tetapkan", on: docket, key: "3", by: .officer(second))
        await #expect(throws: Problem.self) { try await city.services.act("terbitkan", on: docket, key: "4", by: .officer(signer)) }
        let bill = try #require(try await city.journal.read { try Fees.bills(of: docket, in: $0) }.first)
        #expect(bill.amount == 194_400 && bill.lines.last?.amount == 194_400 && bill.lines.count > 1, "each step is a line")
        try await city.fees.take(194_400, for: bill.number, by: .qris, reference: "R", actor: .system)
        #expect(try await city.services.find(docket)?.serviceCase.progress.stage == "penerbitan")
        try await city.services.act("terbitkan", on: docket, key: "4", by: .officer(signer))
        #expect(try await city.documents.documents(of: docket).count == 1)
    }

    @Test("Time closes what is not completed, and takes back the bill that nobody paid", arguments: TestDatabase.engines)
    func time(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let officer = try await city.officer("tagor", agency: "kominfo", roles: [.officer])
        let docket = try await Self.file(city, "akta-kelahiran", Self.birth).docket
        try await city.services.act("kembalikan", on: docket, note: "Foto buram", key: "1", by: .officer(officer))
        city.clock.set("2026-12-01T09:00:00+07:00")
        try await city.services.doDuties()
        #expect(try await city.services.find(docket)?.serviceCase.progress.status == .waiting)
        city.clock.set("2026-12-10T09:00:00+07:00")
        try await city.services.doDuties()
        try await city.services.doDuties()
        let found = try #require(try await city.services.find(docket)?.serviceCase)
        #expect(found.progress.stage == "kedaluwarsa" && found.outcome == .closed)
        let events = try await city.services.story(of: found).events.filter { $0.kind == "case.overdue" }
        #expect(events.count == 1, "doing it twice changes nothing")
    }

    @Test("Past its limit a case goes to the head of the agency, once, and its applicant is told", arguments: TestDatabase.engines)
    func escalation(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let head = try await city.officer("kadis", agency: "kominfo", roles: [.head])
        let docket = try await Self.file(city, "akta-kelahiran", Self.birth).docket
        city.clock.set("2026-11-03T15:00:00+07:00")
        try await city.services.doDuties()
        func escalations() async throws -> [Story.Event] {
            let found = try #require(try await city.services.find(docket)?.serviceCase)
            return try await city.services.story(of: found).events.filter { $0.kind == "case.escalated" }
        }
        #expect(try await escalations().isEmpty)
        city.clock.set("2026-11-04T09:00:00+07:00")
        try await city.services.doDuties()
        try await city.services.doDuties()
        let told = try await escalations()
        #expect(told.count == 1 && told[0].facts["number"]?.integer == Int64(head.number))
        #expect(try await city.journal.read { try $0.count("SELECT count(*) FROM outbox WHERE docket = \(docket)") } == 2)
    }

    @Test("The holder of a paper that soon ends is reminded once", arguments: TestDatabase.engines)
    func reminder(engine: Engine) async throws {
        let city = try await TestCity(engine, pack: "medan")
        let officer = try await city.officer("a", agency: "dispusip", roles: [.officer])
        let signer = try await city.officer("b", agency: "dispusip", roles: [.signer])
        let answers: JSON = [
            "nama": "Warga", "nik": "1271011708909999", "kelurahan": "12.71.01.1001", "kontak": "+6281200000001",
            "tanggal_lahir": "1990-08-17", "janji_buku": "ya",
        ]
        let docket = try await Self.file(city, "anggota-perpustakaan", answers).docket
        try await city.services.act("lengkap", on: docket, key: "1", by: .officer(officer))
        try await city.services.act("tanda_tangan", on: docket, key: "2", by: .officer(signer))
        func messages() async throws -> Int {
            try await city.journal.read { try $0.count("SELECT count(*) FROM outbox WHERE docket = \(docket)") }
        }
        let before = try await messages()
        #expect(try await city.documents.documents(of: docket).first?.validUntil?.description == "2028-11-02")
        for (moment, count) in [("2028-10-02", 0), ("2028-10-03", 1), ("2028-10-20", 1)] {
            city.clock.set("\(moment)T09:00:00+07:00")
            try await city.services.doDuties()
            #expect(try await messages() == before + count, "\(moment)")
        }
    }

    @Test("What was paid for a permit stays paid when it is revoked", arguments: TestDatabase.engines)
    func revoked(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let first = try await city.officer("dewi", agency: "pu", roles: [.officer])
        let second = try await city.officer("hasan", agency: "pu", roles: [.officer, .head, .signer])
        let docket = try await Self.file(city, "pbg", Self.house).docket
        try await city.services.act("lengkap", on: docket, key: "1", by: .officer(first))
        let examined: JSON = ["tanggal_periksa": "2026-11-02", "luas_sesuai": "ya"]
        try await city.services.act("pernyataan", on: docket, answers: Answers(json: examined), key: "2", by: .officer(second))
        try await city.services.act("tetapkan", on: docket, key: "3", by: .officer(second))
        let bill = try #require(try await city.journal.read { try Fees.bills(of: docket, in: $0) }.first)
        try await city.fees.take(194_400, for: bill.number, by: .qris, reference: "R", actor: .system)
        try await city.services.act("terbitkan", on: docket, key: "4", by: .officer(second))
        try await city.services.act("cabut", on: docket, note: "Tidak dibangun", key: "5", by: .officer(second))
        #expect(try await city.fees.find(bill.number)?.isSettled == true)
        let standing = try await city.documents.documents(of: docket).first?.standing(on: CivilDate(days: 20_800))
        #expect(standing == .revoked)
    }

    @Test("A case keeps the version of the service that it began under", arguments: TestDatabase.engines)
    func versions(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let docket = try await Self.file(city, "akta-kelahiran", Self.birth).docket
        let pack = try TestDatabase.temporaryFolder()
        for folder in ["City", "National"] {
            try FileManager.default.copyItem(
                at: TestCity.repository.appendingPathComponent(folder),
                to: pack.appendingPathComponent(folder)
            )
        }
        let file = pack.appendingPathComponent("National/id/services/akta-kelahiran.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        try text.replacing("Petugas memeriksa", with: "Diperiksa cara baru").write(to: file, atomically: true, encoding: .utf8)
        let changed = try City(folder: pack.appendingPathComponent("City/contoh"))
        let services = Services(
            journal: city.journal,
            city: changed,
            files: city.services.files,
            uploads: TestCity.uploads,
            origin: "http://balai.test",
            keepers: []
        )
        try await services.publishDefinitions()
        let (serviceCase, service) = try #require(try await services.find(docket))
        #expect(service.stage(serviceCase.progress.stage)?.name.id == "Petugas memeriksa")
        #expect(changed.services["akta-kelahiran"]?.stages.first?.name.id == "Diperiksa cara baru")
    }

    @Test("Working the tables out again from the entries gives the same", arguments: TestDatabase.engines)
    func rebuild(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let officer = try await city.officer("tagor", agency: "kominfo", roles: [.officer])
        let signer = try await city.officer("kadis", agency: "kominfo", roles: [.signer])
        let docket = try await Self.file(city, "akta-kelahiran", Self.birth).docket
        try await city.services.act("lengkap", on: docket, answers: Answers(json: ["ganda": "tidak"]), key: "1", by: .officer(officer))
        try await city.services.act("tanda_tangan", on: docket, key: "2", by: .officer(signer))
        try await city.documents.sealPending()
        func tables() async throws -> [String] {
            try await city.journal.read { snapshot in
                try snapshot.rows("SELECT docket, state, outcome, next_due FROM service_case") { "\($0.values)" }
                    + snapshot.rows("SELECT id, number, file, file_hash, fingerprint FROM issued_document") { "\($0.values)" }
                    + snapshot.rows("SELECT contact_index, docket, is_confirmed FROM service_contact") { "\($0.values)" }
            }
        }
        let before = try await tables()
        try await city.journal.rebuild()
        #expect(try await tables() == before && before.count == 3)
    }

    @Test("An erased applicant leaves a record that says nothing about them", arguments: TestDatabase.engines)
    func erased(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let docket = try await Self.file(city, "akta-kelahiran", Self.birth).docket
        let found = try #require(try await city.services.find(docket)?.serviceCase)
        try await city.journal.commit { try $0.erase(found.person, by: .system, basis: "uji") }
        let story = try await city.services.story(of: found)
        #expect(story.isErased && story.answers.values.isEmpty && story.contact.isEmpty)
        #expect(try await city.journal.read { try $0.count("SELECT count(*) FROM service_contact") } == 0)
    }

    @Test("No personal data stands outside the seals", arguments: TestDatabase.engines)
    func sealed(engine: Engine) async throws {
        let city = try await TestCity(engine)
        _ = try await Self.file(city, "akta-kelahiran", Self.birth)
        let open = try await city.journal.read { snapshot in
            try snapshot.rows("SELECT leaf, inner_part FROM entry WHERE kind LIKE 'case.%'") { row in
                String(decoding: try row(0, as: [UInt8].self), as: UTF8.self) + (try row.optional(1, as: String.self) ?? "")
            }.joined()
        }
        for secret in ["Butet", "1271015708909999", "81200000001", "Ibu Contoh"] { #expect(!open.contains(secret)) }
    }
}

@Suite("How sure the city is")
struct AssuranceTests {
    private static let nik = "1271015708909999"
    private static let another = "1271011708909999"

    private static func answers(_ nik: String) -> Answers {
        Answers(json: [
            "nama": "Wati", "nik": .string(nik), "kelurahan": "12.71.01.1001", "kontak": "+6281200000001", "kk": "1271010101200001",
            "arah": "keluar", "alamat_baru": "Binjai", "alasan": "kerja",
            "anggota": [["nama_anggota": "Wati", "nik_anggota": .string(nik)]],
        ])
    }

    private static func move(_ city: TestCity, nik: String, as applicant: Applicant) async throws -> String {
        let service = try #require(city.city.services["pindah"])
        return try await send(city, try await city.services.newDraft(service, language: .indonesian), nik, as: applicant)
    }

    private static func send(_ city: TestCity, _ token: String, _ nik: String, as applicant: Applicant) async throws -> String {
        var (draft, service) = try #require(try await city.services.draft(token))
        draft.answers = answers(nik)
        return try await city.services.file(draft, service, token: token, clerk: nil, applicant: applicant).docket
    }

    @Test("What is sent while its account is erased belongs to nobody who has the contact later", arguments: TestDatabase.engines)
    func erasedMeanwhile(engine: Engine) async throws {
        let city = try await TestCity(engine, pack: "medan")
        let clerk = try await city.officer("lina", agency: "disdukcapil", roles: [.clerk])
        try await city.residents.sendCode(to: "081200000001", visitor: "a", address: "", language: .indonesian)
        let code = try #require(try await city.sentMessages().first?.body.firstMatch(of: /\d{6}/).map { String($0.output) })
        let session = try await city.residents.signIn(code: code, visitor: "a")
        let counter = try await city.residents.counterCode(of: #require(try await city.residents.resident(session: session)))
        try await city.residents.identify(contact: "081200000001", code: counter, name: "Wati", number: Self.nik, by: clerk)
        let known = try #require(try await city.residents.resident(session: session))
        let contact = try #require(Contact("081200000001"))
        let before = try await Self.move(city, nik: Self.nik, as: Applicant(known))
        #expect(try await city.services.belongs(before, to: [contact]))
        try await city.services.residents.erase(known, language: .indonesian)
        let after = try await Self.move(city, nik: Self.nik, as: Applicant(known))
        for docket in [before, after] { #expect(try await !city.services.belongs(docket, to: [contact])) }
    }

    @Test("What asks for a checked identity takes nobody else's number", arguments: TestDatabase.engines)
    func own(engine: Engine) async throws {
        let city = try await TestCity(engine, pack: "medan")
        let clerk = try await city.officer("lina", agency: "disdukcapil", roles: [.clerk])
        try await city.residents.sendCode(to: "081200000001", visitor: "a", address: "", language: .indonesian)
        let code = try #require(try await city.sentMessages().first?.body.firstMatch(of: /\d{6}/).map { String($0.output) })
        let session = try await city.residents.signIn(code: code, visitor: "a")
        let before = try #require(try await city.residents.resident(session: session))
        let unknown = await #expect(throws: Problem.self) { _ = try await Self.move(city, nik: Self.nik, as: Applicant(before)) }
        #expect(unknown?.code == "service.needs-identity")
        let counter = try await city.residents.counterCode(of: before)
        try await city.residents.identify(contact: "081200000001", code: counter, name: "Wati", number: Self.nik, by: clerk)
        let known = try #require(try await city.residents.resident(session: session))
        let other = await #expect(throws: Problem.self) { _ = try await Self.move(city, nik: Self.another, as: Applicant(known)) }
        #expect(other?.fields.map(\.name) == ["nik"])
        let docket = try await Self.move(city, nik: Self.nik, as: Applicant(known))
        // Nor when the answers are gone through again.
        let officer = try await city.officer("budi", agency: "disdukcapil", roles: [.officer])
        try await city.services.act("kembalikan", on: docket, note: "Foto KK buram", key: "1", by: .officer(officer))
        let serviceCase = try #require(try await city.services.find(docket)?.serviceCase)
        let token = try await city.services.newDraft(revising: serviceCase, answers: Self.answers(Self.nik))
        let changed = await #expect(throws: Problem.self) { _ = try await Self.send(city, token, Self.another, as: .unknown) }
        #expect(changed?.fields.map(\.name) == ["nik"])
        #expect(try await Self.send(city, token, Self.nik, as: .unknown) == docket)
    }
}

@Suite("Applying by SMS")
struct ShortMessageTests {
    private static let number = "0812-0000-0009"

    @Test("A whole application by SMS is filed, its number proven, and sent again it is the same", arguments: TestDatabase.engines)
    func whole(engine: Engine) async throws {
        let city = try await TestCity(engine, pack: "medan")
        let text = "domisili Siti Contoh#1271 0157 0890 9999#Pusat Pasar#Jalan Sutomo 5#3-3-2019#mendaftar sekolah"
        let answer = try #require(try await city.services.receive(text, from: Self.number, id: "1"))
        let docket = try String(#require(answer.firstMatch(of: /DOM-\d\d-\w{4}-\w{3}/)).output)
        #expect(answer.hasPrefix("Diterima: \(docket)") && answer.contains("Paling lambat 3 Nov") && answer.utf8.count <= 160)
        #expect(try await city.services.receive(text, from: Self.number, id: "1") == answer)
        let found = try #require(try await city.services.find(docket)?.serviceCase)
        let story = try await city.services.story(of: found)
        #expect(found.channel == "sms" && found.agency == "kec-medan-kota" && story.isContactConfirmed && story.assurance == .contact)
        #expect(story.answers["sejak"] == "2019-03-03" && story.answers["nik"] == "1271015708909999" && story.contact == "+6281200000009")
        // A note to the case, by its own number only.
        #expect(
            try await city.services.receive("\(docket) rumahnya warna biru", from: Self.number, id: "2")
                == "Ditambahkan ke \(docket). Terima kasih."
        )
        #expect(
            try await city.services.receive("\(docket) saya juga", from: "081300000000", id: "3")?.contains("bukan milik nomor ini") == true
        )
        #expect(try await city.services.story(of: found).events.map(\.note).filter { !$0.isEmpty } == ["rumahnya warna biru"])
    }

    @Test("What an SMS cannot hold is gone on with elsewhere", arguments: TestDatabase.engines)
    func part(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let answer = try #require(
            try await city.services.receive("AKTA Butet Contoh#20/10/2026#Ibu Contoh#1271015708909999", from: Self.number, id: "1")
        )
        let token = try String(#require(answer.firstMatch(of: /permohonan\/([^\/]+)\/[a-z]+/)).1)
        let (draft, _) = try #require(try await city.services.draft(token))
        #expect(draft.answers["nama_anak"] == "Butet Contoh" && draft.answers["tanggal_lahir"] == "2026-10-20")
        #expect(draft.answers["kontak"] == "+6281200000009" && answer.contains("tersimpan 30 hari"))
    }

    @Test(
        "What is wrong is said, and how to write it",
        arguments: [
            ("DOMISILI", "Tulis: DOMISILI Nama lengkap#NIK#"), ("DOMISILI Siti", "dengan # di antaranya"),
            ("DOMISILI Siti#123#Pusat Pasar#Jl 1#3-3-2019#sekolah", "NIK terdiri dari 16 angka"),
            ("DOMISILI Siti#1271015708909999#Bandung#Jl 1#3-3-2019#sekolah", "pilih kelurahan"),
            ("DOMISILI Siti#1271015708909999#Pusat Pasar#Jl 1#33-3-2019#sekolah", "tulis tanggal"),
            ("PPID Siti#1271015708909999#Pusat Pasar#Jl 1#Anggaran jalan#penelitian#lewat burung", "pilih salah satu"),
        ]
    )
    func wrong(text: String, said: String) async throws {
        let city = try await TestCity(.sqlite, pack: "medan")
        let answer = try await city.services.receive(text, from: Self.number, id: "1")
        #expect(answer?.contains(said) == true, "\(answer ?? "nothing")")
        #expect(try await city.journal.read { try $0.count("SELECT count(*) FROM service_draft") } == 0)
    }

    @Test("What is for somebody else is left to them", arguments: ["LAPOR lubang", "halo", "LPR-26-7K3M-9QX sudah", ""])
    func others(text: String) async throws {
        let city = try await TestCity(.sqlite)
        #expect(try await city.services.receive(text, from: Self.number, id: "1") == nil)
    }
}

@Suite("Packs of services")
struct ServicePackTests {
    @Test("Every story of every city ends as it says", arguments: ["contoh", "medan"])
    func stories(pack: String) throws {
        let city = try City(folder: TestCity.repository.appendingPathComponent("City/\(pack)"))
        #expect(ScenarioCheck(city: city).faults().map(\.description) == [])
        #expect(!city.services.services.isEmpty)
    }

    @Test(
        "How far a service goes follows from what it does",
        arguments: [
            ("surat-domisili", Maturity.transformation), ("akta-kelahiran", .transaction), ("pbg", .transaction), ("ppid", .transformation),
            ("ktp-el", .interaction), ("konseling-kb", .transformation), ("sewa-olahraga", .transformation),
        ]
    )
    func maturity(code: String, maturity: Maturity) throws {
        let city = try City(folder: TestCity.repository.appendingPathComponent("City/medan"))
        #expect(try #require(city.services[code]).maturity == maturity)
    }

    private static func faults(_ change: (String) -> String) throws -> [String] {
        let pack = try TestDatabase.temporaryFolder()
        for folder in ["City", "National"] {
            try FileManager.default.copyItem(
                at: TestCity.repository.appendingPathComponent(folder),
                to: pack.appendingPathComponent(folder)
            )
        }
        let file = pack.appendingPathComponent("National/id/services/akta-kelahiran.yaml")
        try change(try String(contentsOf: file, encoding: .utf8)).write(to: file, atomically: true, encoding: .utf8)
        do {
            return ScenarioCheck(city: try City(folder: pack.appendingPathComponent("City/contoh"))).faults().map(\.description)
        } catch let faults as PackFaults {
            return faults.diagnostics.map(\.description)
        }
    }

    @Test(
        "A mistake is told with its place and the fix",
        arguments: [
            ("to: ditandatangani", "to: ditandatangan", "there is no stage “ditandatangan”"),
            ("tanggal_lahir_days > 60\", else", "tanggal_lahr_days > 60\", else", "“tanggal_lahr_days” is not known here"),
            ("issues: [kutipan]", "issues: [kutipn]", "issues “kutipn”, which is no document here"),
            ("{seq4}", "seq4", "the number does not count"),
            ("by: [officer]", "by: [petugas]", "“petugas” does nothing here"),
            ("status: waiting", "status: menunggu", "“menunggu” is unknown"),
            ("  product:", "  produk:", "“produk” is not known here"),
            ("Nama: \"{nama_anak}\"", "Nama: \"{nama_ank}\"", "nothing is called {nama_ank}"),
            ("code: nik_ibu", "code: nama_ibu", "the code “nama_ibu” is taken"),
            ("limit: { days: 30, calendar: true, basis:", "limit: { days: 30, calendar: true, basi:", "“basis” is missing"),
            ("expect: { stage: kedaluwarsa }", "expect: { stage: terbit }", "the stage is kedaluwarsa, not terbit"),
            ("due: 2026-11-10", "due: 2026-11-11", "the due date is 2026-11-10, not 2026-11-11"),
            (
                "when-overdue: { stage: kedaluwarsa,", "when-overdue: { stage: terbit,",
                "time ends the case in “terbit” as if it were decided"
            ),
            ("when-overdue: { stage: kedaluwarsa,", "when-overdue: { silence: deemed, stage: kedaluwarsa,", "“silence” is said of what"),
            ("by: [applicant], to: ditarik", "by: [applicant], to: ditolak", "lets the applicant decide"),
        ]
    )
    func mistakes(right: String, wrong: String, said: String) throws {
        let faults = try Self.faults { $0.replacing(right, with: wrong) }
        #expect(faults.contains { $0.contains(said) && $0.contains("akta-kelahiran.yaml:") }, "\(faults)")
    }
}

@Suite("Amounts in words")
struct WordTests {
    @Test(
        "As they stand on receipts",
        arguments: [
            (0, "nol"), (11, "sebelas"), (100, "seratus"), (1_000, "seribu"), (1_250_000, "satu juta dua ratus lima puluh ribu"),
            (194_400, "seratus sembilan puluh empat ribu empat ratus"), (2_000_019, "dua juta sembilan belas"),
            (1_000_000_001, "satu miliar satu"),
        ]
    )
    func words(amount: Int, words: String) { #expect(amount.inWords == words) }
}
