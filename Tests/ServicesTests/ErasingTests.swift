// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Forms
import Identity
import Journal
import Notifications
import Residents
import Services
import Storage
import TestSupport
import Testing

/// Erasure waits, and says why, while money is owed either way or a booked time lies ahead. Monday 2 November 2026, 09.00.
@Suite("Erasure that waits")
struct ErasingTests {
    private static func book(_ city: TestCity, _ slot: String) async throws -> String {
        let service = try #require(city.city.services["sewa-gelanggang"])
        let token = try await city.services.newDraft(service, language: .indonesian)
        var (draft, _) = try #require(try await city.services.draft(token))
        draft.answers = Answers(json: ["waktu": .string(slot), "nama": "Warga", "kontak": "+6281200000001"])
        return try await city.services.file(draft, service, token: token, clerk: nil).docket
    }

    private static func bill(_ city: TestCity, _ docket: String) async throws -> Bill {
        try #require(try await city.journal.read { try Fees.bills(of: docket, in: $0) }.first)
    }

    private static func pay(_ city: TestCity, _ docket: String) async throws {
        let bill = try await bill(city, docket)
        _ = try await city.fees.take(bill.amount, for: bill.number, by: .transfer, reference: "b-\(docket)", actor: .system)
    }

    private static func reasons(_ city: TestCity, _ docket: String) async throws -> [String] {
        guard case .waits(let reasons) = try await city.services.erase(docket) else { return [] }
        return reasons.map(\.en)
    }

    static func isErased(_ city: TestCity, _ docket: String) async throws -> Bool {
        let found = try #require(try await city.services.find(docket)?.serviceCase)
        return try await city.services.story(of: found).isErased
    }

    private static let kept =
        "the city still has money of yours: see that your bank account stands on the page of the case; 30 days after Rp40,000 was given back"

    @Test("While the city has money to give back; then the wish is carried out by itself", arguments: TestDatabase.engines)
    func moneyToGiveBack(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let treasurer = try await city.officer("dewi", agency: "pu", roles: [.treasurer, .officer])
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let docket = try await Self.book(city, "lapangan_a@2026-11-10T08:00/60")
        try await Self.pay(city, docket)
        try await city.services.act("batalkan", on: docket, key: "1", by: .applicant)
        #expect(try await Self.reasons(city, docket) == ["\(Self.kept)"])
        #expect(try await Self.isErased(city, docket) == false)
        try await city.services.doDuties()
        #expect(try await Self.isErased(city, docket) == false, "it goes on waiting")
        let found = try #require(try await city.services.find(docket)?.serviceCase)
        #expect(try await city.services.waitingErasure(of: found)?.reasons.count == 1, "the desk says it too")
        let bill = try await Self.bill(city, docket)
        let account = try Refund.Account(bank: "Bank Uji", number: "1234567890", name: "Siti")
        try await city.fees.giveAccount(account, for: bill.number, of: found.person, by: .resident)
        try await city.fees.order(40_000, of: bill.number, ground: "Batal tepat waktu", key: "0", by: head)
        try await city.fees.withdraw("\(bill.number)-1", reason: "Salah hitung", by: head)
        try await city.fees.order(40_000, of: bill.number, ground: "Batal tepat waktu", key: "1", by: head)
        try await city.fees.carryOut("\(bill.number)-2", slip: "SP2D-1", by: treasurer)
        city.clock.set("2026-11-02T09:05:00+07:00")
        try await city.services.doDuties()
        #expect(
            try await Self.reasons(city, docket) == [
                "money that was given back may still come back from the bank until Wednesday, 2 December 2026: once that is over",
                "an order to give money back was taken back lately, and may have been paid: after Wednesday, 2 December 2026",
            ]
        )
        city.clock.set("2026-12-02T23:59:00+07:00")
        try await city.services.doDuties()
        #expect(try await Self.isErased(city, docket) == false, "the day itself counts")
        city.clock.set("2026-12-03T00:01:00+07:00")
        try await city.services.doDuties()
        #expect(try await Self.isErased(city, docket))
        let accounts = try await city.journal.read { snapshot in
            try Fees.refunds(of: bill.number, in: snapshot).map { try city.fees.account(of: $0, in: snapshot) }
        }
        #expect(accounts == [nil, account], "where money went stays known, where it was only meant to go does not")
    }

    @Test("While a booked time lies ahead; on the day after it the wish is carried out", arguments: TestDatabase.engines)
    func bookedAhead(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let docket = try await Self.book(city, "lapangan_a@2026-11-10T08:00/60")
        try await Self.pay(city, docket)
        #expect(try await Self.reasons(city, docket) == ["a place is booked for you on Tuesday, 10 November 2026: once that is over"])
        city.clock.set("2026-11-10T08:30:00+07:00")
        try await city.services.doDuties()
        #expect(try await Self.isErased(city, docket) == false)
        city.clock.set("2026-11-10T09:30:00+07:00")
        try await city.services.doDuties()
        #expect(try await Self.isErased(city, docket))
    }

    @Test("While a bill is not paid, and while a case is open", arguments: TestDatabase.engines)
    func unpaid(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let docket = try await Self.book(city, "lapangan_a@2026-11-10T08:00/60")
        let bill = try await Self.bill(city, docket)
        #expect(
            try await Self.reasons(city, docket) == [
                "the case is still open (Waiting for the payment; the time is kept for you): once it has ended or is withdrawn",
                "bill \(bill.number) is not paid: once Rp40,000 has been paid",
                "a place is booked for you on Tuesday, 10 November 2026: once that is over",
            ]
        )
        try await city.services.act("batal", on: docket, key: "1", by: .applicant)
        city.clock.set("2026-11-02T09:05:00+07:00")
        _ = try await city.sentMessages()
        try await city.services.doDuties()
        #expect(try await Self.isErased(city, docket), "nothing was paid, nothing is owed")
        #expect(try await city.sentMessages().isEmpty, "a number that nobody has proven may be a stranger’s")
    }

    @Test("While a refusal can still be objected to; a wish from before waits for it, too", arguments: TestDatabase.engines)
    func objection(engine: Engine) async throws {
        let city = try await TestCity(engine, pack: "medan")
        let service = try #require(city.city.services["ppid"])
        let token = try await city.services.newDraft(service, language: .indonesian)
        var (draft, _) = try #require(try await city.services.draft(token))
        draft.answers = Answers(json: [
            "nama": "Siti", "nik": "1271015708900001", "kelurahan": "12.71.01.1001", "kontak": "+6281200000001", "alamat": "Jalan A",
            "informasi": "Anggaran drainase", "tujuan": "Belajar", "cara": "salinan_digital",
        ])
        let docket = try await city.services.file(draft, service, token: token, clerk: nil).docket
        #expect(try await Self.reasons(city, docket).count == 1, "it is open")
        let found = try #require(try await city.services.find(docket)?.serviceCase)
        let agency = found.agency
        let officer = try await city.officer("ucok", agency: agency, roles: [.officer])
        var ground = Answers()
        ground["alasan_tolak"] = "h"
        try await city.services.act("tolak", on: docket, answers: ground, note: "Rahasia pribadi", key: "1", by: .officer(officer))
        city.clock.set("2026-11-02T09:05:00+07:00")
        try await city.services.doDuties()
        #expect(try await Self.isErased(city, docket) == false)
        #expect(try await Self.reasons(city, docket) == ["you can object until Monday, 14 December 2026: once that is over"])
        try await city.services.act("keberatan_tolak", on: docket, note: "Tidak rahasia", key: "2", by: .applicant)
        #expect(try await city.services.waitingErasure(of: found) == nil, "who objects wants an answer")
        let head = try await city.officer("kepala", agency: agency, roles: [.head])
        try await city.services.act("tolak_keberatan", on: docket, note: "Tetap rahasia", key: "3", by: .officer(head))
        #expect(try await Self.reasons(city, docket) == ["you can object until Friday, 20 November 2026: once that is over"])
        city.clock.set("2026-11-21T09:00:00+07:00")
        try await city.services.doDuties()
        #expect(try await Self.isErased(city, docket))
    }

    @Test("A wish is taken back by whoever wished, and by whoever objects; not what another rule asks for", arguments: TestDatabase.engines)
    func withdrawn(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let officer = try await city.officer("tagor", agency: "kominfo", roles: [.officer])
        let docket = try await Self.birth(city)
        try await city.services.act("tolak", on: docket, note: "Sudah tercatat", key: "1", by: .officer(officer))
        #expect(try await Self.reasons(city, docket).count == 1)
        try await city.services.withdrawErasure(of: docket)
        try await city.services.withdrawErasure(of: docket)
        let found = try #require(try await city.services.find(docket)?.serviceCase)
        #expect(try await city.services.waitingErasure(of: found) == nil)
        let story = try await city.services.story(of: found)
        #expect(story.events.filter { $0.kind == "case.erasure-withdrawn" }.count == 1)
        city.clock.set("2027-02-01T09:00:00+07:00")
        try await city.services.doDuties()
        #expect(try await Self.isErased(city, docket) == false)
        let other = try await Self.birth(city)
        _ = try await city.services.erase(other, by: .system, ground: ErasureGround("Putusan 12/2026", endsReasons: true))
        try await city.services.withdrawErasure(of: other)
        let kept = try #require(try await city.services.find(other)?.serviceCase)
        #expect(try await city.services.waitingErasure(of: kept)?.isOwn == false)
    }

    @Test(
        "Nobody who came to an account lately has a case of it erased, whether they are signed in or hold its key",
        arguments: TestDatabase.engines
    )
    func newcomer(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let officer = try await city.officer("tagor", agency: "kominfo", roles: [.officer])
        let docket = try await Self.birth(city)
        try await city.services.act("tolak", on: docket, note: "Sudah tercatat", key: "1", by: .officer(officer))
        let owner = try await Self.resident(city, of: docket)
        city.clock.set("2027-02-01T09:00:00+07:00")
        _ = try await city.sentMessages()
        try await city.residents.sendCode(adding: "baru@contoh.id", to: owner, address: "", language: .indonesian)
        let code = try #require(try await city.sentMessages().last?.body.firstMatch(of: /\d{6}/).map { String($0.output) })
        try await city.residents.addContact(code: code, to: owner, language: .indonesian)
        let refused = await #expect(throws: Problem.self) { _ = try await city.services.erase(docket) }
        #expect(refused?.code == "resident.unsettled")
        let newcomer = try #require(try await city.journal.read { try city.residents.resident(owner.id, in: $0) })
        await #expect(throws: Problem.self) {
            _ = try await city.services.erase(newcomer, in: city.residents, language: .indonesian)
        }
        #expect(try await Self.isErased(city, docket) == false)
        city.clock.set("2027-03-01T09:00:00+07:00")
        guard case .done = try await city.services.erase(docket) else {
            Issue.record("its owner waits for ever")
            return
        }
    }

    @Test("The office's reasons stay whatever article a wish is named by, and go where that is asked for", arguments: TestDatabase.engines)
    func reasons(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let officer = try await city.officer("tagor", agency: "kominfo", roles: [.officer])
        let (first, second) = (try await Self.birth(city), try await Self.birth(city))
        for docket in [first, second] {
            try await city.services.act("tolak", on: docket, note: "Sudah tercatat", key: docket, by: .officer(officer))
        }
        city.clock.set("2027-02-01T09:00:00+07:00")
        let wish = try await city.services.erase(first, by: .system, ground: ErasureGround("UU 27/2022 ps. 43 ayat (1) huruf c"))
        guard case .done(let kept) = wish else {
            Issue.record("it was not erased")
            return
        }
        #expect(kept == [Services.reasonsKept])
        let unlawful = ErasureGround("UU 27/2022 ps. 43 ayat (1) huruf d", endsReasons: true)
        guard case .done(let none) = try await city.services.erase(second, by: .system, ground: unlawful) else {
            Issue.record("it was not erased")
            return
        }
        #expect(none.isEmpty)
        for (docket, stays) in [(first, true), (second, false)] {
            let found = try #require(try await city.services.find(docket)?.serviceCase)
            let story = try await city.services.story(of: found)
            #expect(story.events.contains { $0.note == "Sudah tercatat" } == stays)
        }
    }

    @Test("Who got no document is erased when the pack's time is over; who got one is kept", arguments: TestDatabase.engines)
    func retention(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let retention = try #require(city.city.services.retention)
        let officer = try await city.officer("tagor", agency: "kominfo", roles: [.officer])
        let signer = try await city.officer("mariana", agency: "kominfo", roles: [.signer])
        let (open, issued) = (try await Self.birth(city), try await Self.birth(city))
        let refused = try await Self.birth(city, .english, contact: "ibu@contoh.example")
        try await city.services.act("tolak", on: refused, note: "Sudah tercatat", key: "1", by: .officer(officer))
        try await city.services.act("lengkap", on: issued, answers: Answers(json: ["ganda": "tidak"]), key: "2", by: .officer(officer))
        try await city.services.act("tanda_tangan", on: issued, key: "3", by: .officer(signer))
        let ended = city.clock.now
        func erased(after days: Int) async throws -> [Bool] {
            city.clock.set(ended.adding(seconds: Int64(days) * 86_400).rfc3339(in: city.city.zone))
            try await city.services.doDuties()
            return [try await Self.isErased(city, open), try await Self.isErased(city, refused), try await Self.isErased(city, issued)]
        }
        #expect(try await erased(after: retention.days - 1) == [false, false, false])
        #expect(try await erased(after: retention.days + 1) == [false, true, false])
        let person = try #require(try await city.services.find(refused)?.serviceCase.person)
        let erasure = try await city.journal.read { try city.journal.entries(of: "person/\(person)", in: $0).last }
        #expect(erasure?.facts["basis"]?.string == retention.basis.id && erasure?.actor == .system)
        let letter = try #require(try await city.sentMessages().last)
        #expect(
            letter.recipient == "ibu@contoh.example" && letter.body.contains("The time for which it is kept is over; the city sets how")
        )
        #expect(letter.body.contains("The ground: Law 27/2022 art. 42(1)(a) and 44(1)(a). "))
    }

    @Test(
        "Why the agency refused is not erased with the applicant, who is told so; it goes when the pack's time is over",
        arguments: TestDatabase.engines
    )
    func reasonsOfDecision(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let retention = try #require(city.city.services.retention)
        let officer = try await city.officer("tagor", agency: "kominfo", roles: [.officer])
        let docket = try await Self.birth(city)
        try await city.services.write("Kapan selesai?", on: docket, key: "0", by: .applicant)
        try await city.services.act("tolak", on: docket, note: "Sudah tercatat", key: "1", by: .officer(officer))
        let ended = city.clock.now
        _ = try await Self.reasons(city, docket)
        func notes(after days: Int) async throws -> [String] {
            city.clock.set(ended.adding(seconds: Int64(days) * 86_400).rfc3339(in: city.city.zone))
            try await city.services.doDuties()
            let found = try #require(try await city.services.find(docket)?.serviceCase)
            return try await city.services.story(of: found).events.map(\.note).filter { !$0.isEmpty }
        }
        #expect(try await notes(after: 1) == ["Kapan selesai?", "Sudah tercatat"])
        _ = try await city.sentMessages()
        #expect(try await notes(after: 60) == ["Sudah tercatat"])
        #expect(try await Self.isErased(city, docket))
        let told = try await city.sentMessages().map(\.body)
        #expect(
            told.count == 1 && told[0].contains("permohonan \(docket), kecuali alasan keputusan yang diambil kantor atas permohonan itu")
        )
        #expect(try await notes(after: retention.days - 1) == ["Sudah tercatat"])
        #expect(try await notes(after: retention.days + 1) == [])
        #expect(try await city.sentMessages().isEmpty, "nobody who could be told is known any more")
    }

    /// A resident whose number a booked case has.
    private static func resident(_ city: TestCity, of docket: String) async throws -> Resident {
        let id = try #require(Identifier("01k9a3v7c80000000000000001"))
        try await city.journal.commit { act in
            try act.append("case.contact-confirmed", to: "case/\(docket)", by: .system, facts: ["docket": .string(docket)])
            try act.append(
                "resident.registered",
                to: "resident/\(id)",
                by: .resident,
                personal: Personal(of: id, ["contact": "+6281200000001"])
            )
        }
        return try #require(try await city.journal.read { try city.residents.resident(id, in: $0) })
    }

    /// Gives back what a case of 40 000 was paid.
    private static func giveBack(_ city: TestCity, _ docket: String) async throws {
        let treasurer = try await city.officer("dewi", agency: "pu", roles: [.treasurer, .officer])
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let person = try #require(try await city.services.find(docket)?.serviceCase.person)
        let bill = try await bill(city, docket)
        let account = try Refund.Account(bank: "Bank Uji", number: "1234567890", name: "Siti")
        try await city.fees.giveAccount(account, for: bill.number, of: person, by: .resident)
        try await city.fees.order(40_000, of: bill.number, ground: "Batal tepat waktu", key: "1", by: head)
        try await city.fees.carryOut("\(bill.number)-1", slip: "SP2D-1", by: treasurer)
    }

    @Test("A wish taken back at a case keeps the case; the account’s and those of its other cases stand", arguments: TestDatabase.engines)
    func withdrawnForOne(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let docket = try await Self.book(city, "lapangan_a@2026-11-10T08:00/60")
        try await Self.pay(city, docket)
        let resident = try await Self.resident(city, of: docket)
        #expect(try await city.services.erase(resident, in: city.residents, language: .indonesian).count == 1)
        try await city.services.withdrawErasure(of: docket)
        #expect(try await city.residents.wish(of: resident) != nil)
        city.clock.set("2026-11-11T08:00:00+07:00")
        try await city.services.doDuties()
        #expect(try await city.journal.read { try $0.count("SELECT count(*) FROM resident_contact") } == 0)
        #expect(try await Self.isErased(city, docket) == false)
    }

    @Test("A case whose applicant wants it decided is not erased, and holds the account by its money", arguments: TestDatabase.engines)
    func withdrawnHolds(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let docket = try await Self.book(city, "lapangan_a@2026-11-10T08:00/60")
        try await Self.pay(city, docket)
        try await city.services.act("batalkan", on: docket, key: "1", by: .applicant)
        let resident = try await Self.resident(city, of: docket)
        #expect(try await city.services.erase(resident, in: city.residents, language: .english).count == 1)
        // As whoever objects does.
        try await city.journal.commit { act in
            try act.append("case.erasure-withdrawn", to: "case/\(docket)", by: .resident, facts: ["docket": .string(docket)])
        }
        city.clock.set("2026-11-02T09:05:00+07:00")
        try await city.services.doDuties()
        #expect(try await city.residents.wish(of: resident) != nil, "the city owes money")
        let reasons = try await city.services.hindrances(to: resident)
        #expect(reasons.map(\.en) == ["\(docket), \(Self.kept)"])
        try await Self.giveBack(city, docket)
        city.clock.set("2027-01-04T09:00:00+07:00")
        _ = try await city.sentMessages()
        try await city.services.doDuties()
        #expect(try await city.journal.read { try $0.count("SELECT count(*) FROM resident_contact") } == 0)
        #expect(try await Self.isErased(city, docket) == false)
        let told = try await city.sentMessages()
        #expect(told.map(\.body).contains { $0.contains("your account") }, "in the language of the wish")
    }

    private static func birth(
        _ city: TestCity,
        _ language: Language = .indonesian,
        contact: String = "+6281200000001"
    ) async throws -> String {
        let service = try #require(city.city.services["akta-kelahiran"])
        let token = try await city.services.newDraft(service, language: language)
        var (draft, _) = try #require(try await city.services.draft(token))
        draft.answers = Answers(json: .object((ServiceTests.birth.object ?? [:]).merging(["kontak": .string(contact)]) { $1 }))
        let docket = try await city.services.file(draft, service, token: token, clerk: nil).docket
        try await city.journal.commit { act in
            try act.append("case.contact-confirmed", to: "case/\(docket)", by: .system, facts: ["docket": .string(docket)])
        }
        return docket
    }

    @Test("While any refusal can be objected to: 21 working days, also where the page has no act for it", arguments: TestDatabase.engines)
    func administrativeObjection(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let officer = try await city.officer("tagor", agency: "kominfo", roles: [.officer])
        let docket = try await Self.birth(city)
        guard case .waits = try await city.services.erase(docket, by: .system, ground: ErasureGround("Putusan 12/2026", endsReasons: true))
        else {
            Issue.record("an open case is not erased")
            return
        }
        try await city.services.act("tolak", on: docket, note: "Sudah tercatat", key: "1", by: .officer(officer))
        city.clock.set("2026-11-02T09:05:00+07:00")
        try await city.services.doDuties()
        #expect(try await Self.isErased(city, docket) == false)
        let end = city.city.calendar.further(Limit(days: 21, unit: .workingDays), after: city.clock.now)
        let day = end.date(in: city.city.zone)
        #expect(try await Self.reasons(city, docket) == ["you can object until \(day.full(.english)): once that is over"])
        let refused = try #require(try await city.services.find(docket)?.serviceCase)
        #expect(try await city.services.lastDayToObject(to: refused) == day)
        city.clock.set("\(day)T08:00:00+07:00")
        try await city.services.doDuties()
        #expect(try await Self.isErased(city, docket) == false)
        city.clock.set("\(day.adding(days: 1))T00:01:00+07:00")
        _ = try await city.sentMessages()
        try await city.services.doDuties()
        #expect(try await Self.isErased(city, docket))
        // Carried out with the basis that the wish was kept with.
        let told = try await city.sentMessages()
        #expect(told.count == 1 && told[0].body.contains("permohonan \(docket) (Putusan 12/2026)"))
        let person = try #require(try await city.services.find(docket)?.serviceCase.person)
        let erased = try await city.journal.read { try city.journal.entries(of: "person/\(person)", in: $0) }
        #expect(erased.map { $0.facts["basis"]?.string } == ["Putusan 12/2026"])
    }

    @Test("What an applicant takes away holds what lies with the bills of the case, too", arguments: TestDatabase.engines)
    func everything(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let docket = try await Self.book(city, "lapangan_a@2026-11-10T08:00/60")
        try await Self.pay(city, docket)
        try await city.services.act("batalkan", on: docket, key: "1", by: .applicant)
        let found = try #require(try await city.services.find(docket)?.serviceCase)
        let bill = try await Self.bill(city, docket)
        let account = try Refund.Account(bank: "Bank Uji", number: "1234567890", name: "Siti")
        try await city.fees.giveAccount(account, for: bill.number, of: found.person, by: .resident)
        try await city.fees.order(40_000, of: bill.number, ground: "Batal tepat waktu", key: "1", by: head)
        let entries = try #require(try await city.services.everything(about: found)["entries"]?.array)
        let kinds = entries.compactMap { $0["kind"]?.string }
        #expect(Set(kinds).isSuperset(of: ["case.filed", "bill.issued", "payment.received", "refund.account-given", "refund.ordered"]))
        #expect(kinds.filter { $0 == "refund.account-given" }.count == 1, "each entry once")
        let given = entries.first { $0["kind"]?.string == "refund.account-given" }
        #expect(given?["personal"]?["account"]?["number"]?.string == "1234567890")
    }

    @Test("An account waits with the case that waits, and goes with it", arguments: TestDatabase.engines)
    func account(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let docket = try await Self.book(city, "lapangan_a@2026-11-10T08:00/60")
        try await Self.pay(city, docket)
        try await city.journal.commit { act in
            try act.append("case.contact-confirmed", to: "case/\(docket)", by: .system, facts: ["docket": .string(docket)])
            try act.append(
                "resident.registered",
                to: "resident/01k9a3v7c80000000000000001",
                by: .resident,
                personal: Personal(of: try #require(Identifier("01k9a3v7c80000000000000001")), ["contact": "+6281200000001"])
            )
        }
        let id = try #require(Identifier("01k9a3v7c80000000000000001"))
        let resident = try #require(try await city.journal.read { try city.residents.resident(id, in: $0) })
        let reasons = try await city.services.erase(resident, in: city.residents, language: .indonesian)
        #expect(reasons.map(\.en) == ["\(docket), a place is booked for you on Tuesday, 10 November 2026: once that is over"])
        #expect(try await city.residents.wish(of: resident) != nil)
        city.clock.set("2026-11-03T08:00:00+07:00")
        let later = try await Self.birth(city)
        city.clock.set("2026-11-11T08:00:00+07:00")
        _ = try await city.sentMessages()
        try await city.services.doDuties()
        #expect(try await Self.isErased(city, docket))
        let since = try #require(try await city.services.find(later)?.serviceCase)
        #expect(try await city.services.waitingErasure(of: since) == nil, "nobody asked it for what was filed since")
        #expect(try await Self.isErased(city, later) == false)
        let erased = try #require(try await city.services.find(docket)?.serviceCase)
        #expect(try await city.services.story(of: erased).assurance == .contact, "that it was proven stays known")
        let told = try await city.sentMessages().filter { $0.body.contains("dihapus") }
        #expect(told.allSatisfy { $0.recipient == "+6281200000001" })
        let stays = "kecuali permohonan \(later) (tidak diminta dihapus)"
        #expect(
            told.map(\.body).sorted() == [
                "Kota Contoh: data Anda sudah dihapus selamanya: akun Anda, \(stays) (UU 27/2022 ps. 8). Tanya: 0800-000-200",
                "Kota Contoh: data Anda sudah dihapus selamanya: permohonan \(docket) (UU 27/2022 ps. 8). Tanya: 0800-000-200",
            ]
        )
        #expect(try await city.journal.read { try $0.count("SELECT count(*) FROM resident_contact") } == 0)
        #expect(try await city.journal.read { try $0.count("SELECT count(*) FROM resident_leaving") } == 0)
    }

    @Test("Whoever leaves is told by number what is not erased with their account, and how to stop it", arguments: TestDatabase.engines)
    func stays(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let open = try await Self.birth(city)
        city.clock.set("2026-11-02T09:05:00+07:00")
        let other = try await Self.birth(city)
        let resident = try await Self.resident(city, of: open)
        _ = try await city.sentMessages()
        let cases = try await city.services.ownCases(of: resident.contacts)
        let why = try await city.services.erase(resident, in: city.residents, language: .english, reports: ["LPR-1"])
        #expect(why.isEmpty, "an open case goes on without an account")
        var staying = Staying()
        staying.waiting = [other, open]
        #expect(try await city.services.staying(among: cases) == staying)
        let told = try await city.sentMessages()
        let words =
            "your account, but for application \(other) and 1 more (erased once it has ended; stop it on its page); report LPR-1 (still handled or looked into)"
        #expect(told.count == 1 && told[0].body.contains(words) && told[0].body.hasSuffix("0800-000-200"))
    }

    @Test("For an account that waits, all is said that the page of its case says", arguments: TestDatabase.engines)
    func sameReasons(engine: Engine) async throws {
        let city = try await TestCity(engine)
        // Booked and not paid: open, and with a bill.
        let docket = try await Self.book(city, "lapangan_a@2026-11-10T08:00/60")
        let resident = try await Self.resident(city, of: docket)
        #expect(try await city.services.erase(resident, in: city.residents, language: .indonesian).isEmpty == false)
        let found = try #require(try await city.services.find(docket))
        let own = try #require(try await city.services.waitingErasure(of: found.serviceCase))
        #expect(own.reasons.count > 1)
        let reasons = try await city.services.hindrances(to: resident)
        #expect(reasons.map(\.en) == own.reasons.map { "\(docket), \($0.en)" })
    }

    @Test("A draft goes with whomever it was filled in from, an account or a case, and no other draft", arguments: TestDatabase.engines)
    func filledDrafts(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let service = try #require(city.city.services["sewa-gelanggang"])
        let docket = try await Self.book(city, "lapangan_a@2026-11-10T08:00/60")
        try await city.residents.sendCode(to: "saya@contoh.id", visitor: "a", address: "", language: .indonesian)
        let code = try #require(try await city.sentMessages().first { $0.recipient == "saya@contoh.id" }?.body.firstMatch(of: /\d{6}/))
        let session = try await city.residents.signIn(code: String(code.output), visitor: "a")
        let resident = try #require(try await city.residents.resident(session: session))
        func draft(_ fill: (inout Services.Draft) async throws -> Void) async throws -> String {
            let token = try await city.services.newDraft(service, language: .indonesian)
            var (draft, _) = try #require(try await city.services.draft(token))
            try await fill(&draft)
            try await city.services.save(draft, token: token)
            return token
        }
        let empty = try await draft { _ in }
        let ofAccount = try await draft { try await city.services.prefill(&$0, service, with: resident) }
        let ofCase = try await draft { try await city.services.prefill(&$0, service, from: docket) }
        let ofBoth = try await draft {
            try await city.services.prefill(&$0, service, from: docket)
            try await city.services.prefill(&$0, service, with: resident)
        }
        func left() async throws -> [Bool] {
            var left: [Bool] = []
            for token in [empty, ofAccount, ofCase, ofBoth] { left.append(try await city.services.draft(token) != nil) }
            return left
        }
        #expect(try await left() == [true, true, true, true])
        try await city.residents.erase(resident, language: .indonesian)
        #expect(try await left() == [true, false, true, false])
        try await city.services.act("batal", on: docket, key: "1", by: .applicant)
        city.clock.set("2026-11-11T08:00:00+07:00")
        _ = try await city.services.erase(docket)
        #expect(try await Self.isErased(city, docket))
        #expect(try await left() == [true, false, false, false])
    }

    @Test("However many cases are somebody's, none is left out", arguments: TestDatabase.engines)
    func many(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let docket = try await Self.book(city, "lapangan_a@2026-11-10T08:00/60")
        let contact = Contact.phone("+6281200000001")
        try await city.journal.commit { act in
            try act.append("case.contact-confirmed", to: "case/\(docket)", by: .system, facts: ["docket": .string(docket)])
        }
        #expect(try await city.services.belongs(docket, to: [contact]))
        #expect(try await city.services.belongs(docket, to: [.mail("lain@contoh.id")]) == false)
        // Copies of its rows, in the place of the forms of three years.
        let columns: SQL = """
            service, definition, stage, status, is_open, state, agency, person, access_hash, language, channel, filed_at, updated_at
            """
        try await city.journal.operate { transaction in
            for number in 1...230 {
                let copy = "\(docket)-\(number)"
                try transaction.execute(
                    "INSERT INTO service_case (docket, \(columns)) SELECT \(copy), \(columns) FROM service_case WHERE docket = \(docket)"
                )
                try transaction.execute(
                    """
                    INSERT INTO service_contact (docket, contact_index, is_confirmed)
                    SELECT \(copy), contact_index, is_confirmed FROM service_contact WHERE docket = \(docket)
                    """
                )
            }
        }
        let cases = try await city.services.ownCases(of: [contact])
        #expect(cases.count == 231)
        #expect(try await city.services.staying(among: cases).others.count == 231)
        #expect(try await city.services.ownCases(of: [contact], limit: 200).count == 200)
    }

    @Test("Who has the proven contact is told at once of a wish to be erased, and of another bank account", arguments: TestDatabase.engines)
    func warned(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let docket = try await Self.book(city, "lapangan_a@2026-11-10T08:00/60")
        try await Self.pay(city, docket)
        try await city.services.act("batalkan", on: docket, key: "1", by: .applicant)
        let bill = try await Self.bill(city, docket)
        let person = try #require(try await city.services.find(docket)?.serviceCase.person)
        func give(_ number: String) async throws -> [String] {
            let account = try Refund.Account(bank: "Bank Uji", number: number, name: "Siti")
            try await city.fees.giveAccount(account, for: bill.number, of: person, by: .resident) {
                try city.services.tellAccountGiven(account, of: docket, in: $0)
            }
            return try await city.sentMessages().map(\.body).filter { $0.contains("rekening") }
        }
        _ = try await city.sentMessages()
        #expect(try await give("1111111111").isEmpty, "a contact that nobody proved may be a stranger's")
        try await city.journal.commit { act in
            try act.append("case.contact-confirmed", to: "case/\(docket)", by: .system, facts: ["docket": .string(docket)])
        }
        let told = try await give("2222222222")
        #expect(told.count == 1 && told[0].contains("2222") && !told[0].contains("222222"))
        #expect(told[0].count <= 160)
        #expect(try await give("2222222222").isEmpty, "nothing has changed")
        _ = try await city.services.erase(docket)
        try await city.services.tellErasureWished(docket)
        #expect(try await city.sentMessages().contains { $0.body.contains("menghapus data Anda: permohonan \(docket)") })
        #expect(try await city.services.erasureWishes(of: [.phone("+6281200000001")]) == [docket])
    }
}
