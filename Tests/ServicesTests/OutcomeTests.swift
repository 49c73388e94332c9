// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Essentials
import Fees
import Forms
import Identity
import Journal
import Notifications
import Services
import Storage
import TestSupport
import Testing

@testable import Portal

/// Who ends a case, and how: an act does, or time where the pack says so; money never. Monday 2 November 2026, 09.00.
@Suite("How a case ended")
struct OutcomeTests {
    private static func file(_ city: TestCity, _ code: String, _ answers: JSON) async throws -> String {
        let service = try #require(city.city.services[code])
        let token = try await city.services.newDraft(service, language: .indonesian)
        var (draft, _) = try #require(try await city.services.draft(token))
        draft.answers = Answers(json: answers)
        return try await city.services.file(draft, service, token: token, clerk: nil).docket
    }

    private static func find(_ docket: String, _ city: TestCity) async throws -> Case {
        try #require(try await city.services.find(docket)?.serviceCase)
    }

    /// A permit that was paid for, issued and revoked, and its bill.
    private static func revoked(_ city: TestCity) async throws -> (docket: String, bill: Bill) {
        let first = try await city.officer("dewi", agency: "pu", roles: [.officer])
        let second = try await city.officer("hasan", agency: "pu", roles: [.officer, .head, .signer])
        let docket = try await file(city, "pbg", ServiceTests.house)
        try await city.services.act("lengkap", on: docket, key: "1", by: .officer(first))
        let examined = Answers(json: ["tanggal_periksa": "2026-11-02", "luas_sesuai": "ya"])
        try await city.services.act("pernyataan", on: docket, answers: examined, key: "2", by: .officer(second))
        try await city.services.act("tetapkan", on: docket, key: "3", by: .officer(second))
        let bill = try #require(try await city.journal.read { try Fees.bills(of: docket, in: $0) }.first)
        try await city.fees.take(bill.amount, for: bill.number, by: .qris, reference: "R", actor: .system)
        try await city.services.act("terbitkan", on: docket, key: "4", by: .officer(second))
        #expect(try await find(docket, city).outcome == .granted)
        try await city.services.act("cabut", on: docket, note: "Gambar dipalsukan", key: "5", by: .officer(second))
        #expect(try await find(docket, city).outcome == .refused)
        return (docket, bill)
    }

    @Test("What was revoked stays revoked when its payment is taken back", arguments: TestDatabase.engines)
    func takenBack(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let (docket, bill) = try await Self.revoked(city)
        try await city.fees.reverse(reference: "R", reason: "refunded", actor: .system)
        #expect(try await city.fees.find(bill.number)?.outstanding == bill.amount)
        let found = try await Self.find(docket, city)
        #expect(found.progress.stage == "dicabut" && found.outcome == .refused)
        let last = try await city.journal.read { try city.journal.entries(of: "case/\(docket)", in: $0) }.last
        #expect(last?.kind == "case.payment-reversed" && last?.facts["outcome"] == nil, "nobody reads in the log that it was granted")
    }

    @Test(
        "Of entries about money from before, the outcome is not believed, and a city that has them is worked out anew",
        arguments: TestDatabase.engines
    )
    func before(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let (docket, _) = try await Self.revoked(city)
        for kind in ["case.payment-reversed", "case.payment-corrected"] {
            try await city.journal.commit { act in
                let facts: JSON = ["docket": .string(docket), "stage": "dicabut", "status": "decided", "outcome": "granted"]
                try act.append(kind, to: "case/\(docket)", by: .system, facts: facts)
            }
            #expect(try await Self.find(docket, city).outcome == .refused)
        }
        // As an older program left it.
        try await city.journal.database.write { transaction in
            try transaction.execute("UPDATE service_case SET outcome = 'granted'")
        }
        try await city.journal.rebuildWhereStale()
        #expect(try await Self.find(docket, city).outcome == .refused)
        try await city.journal.database.write { try $0.execute("UPDATE service_case SET outcome = 'granted'") }
        try await city.journal.rebuildWhereStale()
        #expect(try await Self.find(docket, city).outcome == .granted, "once is enough")
    }

    @Test(
        "A booking that turns out to have been paid in time is granted; moved to another time, it stays so",
        arguments: TestDatabase.engines
    )
    func reinstated(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let officer = try await city.officer("tagor", agency: "pu", roles: [.officer])
        let answers: JSON = ["waktu": "lapangan_a@2026-11-10T08:00/60", "nama": "Warga", "kontak": "+6281200000001"]
        let docket = try await Self.file(city, "sewa-gelanggang", answers)
        let bill = try #require(try await city.journal.read { try Fees.bills(of: docket, in: $0) }.first)
        city.clock.set("2026-11-05T09:00:00+07:00")
        try await city.services.doDuties()
        #expect(try await Self.find(docket, city).outcome == .closed)
        let day = bill.issuedAt.date(in: city.city.zone)
        try await city.fees.take(bill.amount, for: bill.number, by: .qris, reference: "a", on: day, actor: .system)
        #expect(try await Self.find(docket, city).outcome == .granted)
        let moved = Answers(json: ["waktu_baru": "lapangan_a@2026-11-11T08:00/60"])
        try await city.services.act("pindah", on: docket, answers: moved, note: "Perbaikan", key: "1", by: .officer(officer))
        let last = try await city.journal.read { try city.journal.entries(of: "case/\(docket)", in: $0) }.last { $0.kind == "case.acted" }
        #expect(last?.facts["outcome"] == nil, "an act that leaves a case where it is ends nothing")
    }

    private static let request: JSON = [
        "nama": "Warga", "nik": "1271011708909999", "kelurahan": "12.71.01.1001", "kontak": "+6281200000001", "alamat": "Jalan 1",
        "informasi": "Anggaran 2026", "tujuan": "Penelitian", "cara": "salinan_digital",
    ]

    private static func end(_ docket: String, _ city: TestCity) async throws -> PromiseEnd? {
        try await find(docket, city).promiseEnd(calendar: city.city.calendar)
    }

    @Test(
        "A request that nobody answered has not ended: it stays open and late, its head is told, and it can still be answered",
        arguments: TestDatabase.engines
    )
    func unanswered(engine: Engine) async throws {
        let city = try await TestCity(engine, pack: "medan")
        let officer = try await city.officer("ida", agency: "diskominfo", roles: [.officer])
        let words = Words(language: .indonesian)
        let docket = try await Self.file(city, "ppid", Self.request)
        city.clock.set("2026-11-20T09:00:00+07:00")
        try await city.services.doDuties()
        let lapsed = try await Self.find(docket, city)
        #expect(lapsed.progress.stage == "lewat" && lapsed.progress.status.isOpen && lapsed.outcome == nil)
        #expect(try await Self.end(docket, city) == nil)
        var late = Services.Inbox()
        late.isLate = true
        #expect(try await city.services.inbox(late, of: officer, page: .first).cases.map(\.docket) == [docket])
        let kinds = try await city.journal.read { try city.journal.entries(of: "case/\(docket)", in: $0) }.map(\.kind)
        #expect(kinds.filter { $0 == "case.escalated" }.count == 1)
        #expect(try await city.services.punctuality(of: "ppid") == (1, 0))
        city.clock.set("2026-11-27T09:00:00+07:00")
        try await city.services.act("jawab_terlambat", on: docket, note: "Terlampir", key: "1", by: .officer(officer))
        #expect(try await Self.find(docket, city).outcome == .granted)
        let end = try #require(try await Self.end(docket, city))
        #expect(end.isKept && end.isLate && end.sentence(words).hasPrefix("Terlewat: selesai pada 27 November 2026, sesudah tenggat 16"))
    }

    @Test("A superior who says nothing has granted nothing; an answer that came in time stays in time", arguments: TestDatabase.engines)
    func silentSuperior(engine: Engine) async throws {
        let city = try await TestCity(engine, pack: "medan")
        let officer = try await city.officer("ida", agency: "diskominfo", roles: [.officer])
        let docket = try await Self.file(city, "ppid", Self.request)
        city.clock.set("2026-11-10T09:00:00+07:00")
        let ground = Answers(json: ["alasan_tolak": "h"])
        try await city.services.act("tolak", on: docket, answers: ground, note: "Rahasia", key: "1", by: .officer(officer))
        #expect(try await Self.find(docket, city).outcome == .refused)
        try await city.services.act("keberatan_tolak", on: docket, note: "Tidak rahasia", key: "2", by: .applicant)
        #expect(try await Self.find(docket, city).outcome == nil, "what is open again has not ended")
        city.clock.set("2027-01-20T09:00:00+07:00")
        try await city.services.doDuties()
        let found = try await Self.find(docket, city)
        #expect(found.progress.stage == "keberatan_tak_dijawab" && found.progress.status.isOpen && found.outcome == nil)
        let end = try #require(try await Self.end(docket, city))
        #expect(end.isKept && !end.isLate && end.date.description == "2026-11-10")
        #expect(try await city.services.punctuality(of: "ppid") == (1, 1), "that it went on afterwards makes it no later")
        let dispute = Answers(json: ["nomor_sengketa_langsung": "1", "tanggal_sengketa_langsung": "2027-01-20"])
        try await city.services.act("catat_sengketa_langsung", on: docket, answers: dispute, key: "3", by: .applicant)
        try await city.services.act("cabut_sengketa", on: docket, key: "4", by: .applicant)
        #expect(try await Self.find(docket, city).outcome == .closed, "nobody grants themselves anything by giving up")
    }

    @Test("A refusal that comes late is one; an objection to what came in time is not called late", arguments: TestDatabase.engines)
    func lateRefusal(engine: Engine) async throws {
        let city = try await TestCity(engine, pack: "medan")
        let officer = try await city.officer("ida", agency: "diskominfo", roles: [.officer])
        let (late, inTime) = (try await Self.file(city, "ppid", Self.request), try await Self.file(city, "ppid", Self.request))
        let ground = Answers(json: ["alasan_tolak": "h"])
        try await city.services.act("tolak", on: inTime, answers: ground, note: "Rahasia", key: "1", by: .officer(officer))
        try await city.services.act("keberatan_tolak", on: inTime, note: "Tidak rahasia", key: "2", by: .applicant)
        city.clock.set("2026-11-23T09:00:00+07:00")
        try await city.services.doDuties()
        let kinds = try await city.journal.read { try city.journal.entries(of: "case/\(inTime)", in: $0) }.map(\.kind)
        #expect(!kinds.contains("case.escalated"), "what was promised was done")
        var inbox = Services.Inbox()
        inbox.isLate = true
        #expect(try await city.services.inbox(inbox, of: officer, page: .first).cases.map(\.docket) == [late])
        let why = Answers(json: ["alasan_tolak_terlambat": "h"])
        try await city.services.act("tolak_terlambat", on: late, answers: why, note: "Rahasia", key: "3", by: .officer(officer))
        #expect(try await Self.find(late, city).outcome == .refused)
    }

    @Test("That a dispute lapsed does not turn a refusal into something that nobody refused", arguments: TestDatabase.engines)
    func lapsedDispute(engine: Engine) async throws {
        let city = try await TestCity(engine, pack: "medan")
        let officer = try await city.officer("ida", agency: "diskominfo", roles: [.officer])
        let head = try await city.officer("kadis", agency: "diskominfo", roles: [.head])
        let docket = try await Self.file(city, "ppid", Self.request)
        let ground = Answers(json: ["alasan_tolak": "h"])
        try await city.services.act("tolak", on: docket, answers: ground, note: "Rahasia", key: "1", by: .officer(officer))
        try await city.services.act("keberatan_tolak", on: docket, note: "Tidak rahasia", key: "2", by: .applicant)
        try await city.services.act("tolak_keberatan", on: docket, note: "Tetap", key: "3", by: .officer(head))
        let day = city.clock.now.date(in: city.city.zone).description
        let dispute = Answers(json: ["nomor_sengketa": "1", "tanggal_sengketa": .string(day)])
        try await city.services.act("catat_sengketa", on: docket, answers: dispute, key: "4", by: .officer(officer))
        await #expect(throws: Problem.self) {
            try await city.services.act("cabut_sengketa", on: docket, key: "5", by: .officer(officer))
        }
        let paper = Answers(json: ["berkas_penetapan": ["a"]])
        await #expect(throws: Problem.self, "what the commission determined is shown") {
            try await city.services.act("gugur", on: docket, note: "Penetapan 1/2027", key: "6", by: .officer(officer))
        }
        try await city.services.act("gugur", on: docket, answers: paper, note: "Penetapan 1/2027", key: "7", by: .officer(officer))
        #expect(
            try await city.services.lastDayToObject(to: Self.find(docket, city)) == nil,
            "the court is the way, no letter to the office"
        )
        #expect(try await Self.find(docket, city).outcome == .refused)
    }

    @Test("What was given once is still the applicant's where it is given again", arguments: TestDatabase.engines)
    func givenAgain(engine: Engine) async throws {
        let city = try await TestCity(engine, pack: "medan")
        let officer = try await city.officer("ida", agency: "diskominfo", roles: [.officer])
        let head = try await city.officer("kadis", agency: "diskominfo", roles: [.head])
        let docket = try await Self.file(city, "ppid", Self.request)
        func give(_ file: String) async throws {
            let answers = Answers(json: ["berkas_jawaban": .array([.string(file)])])
            try await city.services.act("berikan", on: docket, answers: answers, note: "Terlampir", key: file, by: .officer(officer))
        }
        try await give("a")
        let ground = Answers(json: ["alasan_keberatan": "d"])
        try await city.services.act("keberatan", on: docket, answers: ground, note: "Bukan ini", key: "1", by: .applicant)
        try await city.services.act("kabulkan", on: docket, note: "Benar", key: "2", by: .officer(head))
        try await give("b")
        let story = try await city.services.story(of: Self.find(docket, city))
        #expect(story.files == ["a", "b"])
    }

    @Test("Who refused does not decide on the objection, in whatever part they act", arguments: TestDatabase.engines)
    func superior(engine: Engine) async throws {
        let city = try await TestCity(engine, pack: "medan")
        let both = try await city.officer("ida", agency: "diskominfo", roles: [.officer, .head])
        let docket = try await Self.file(city, "ppid", Self.request)
        let ground = Answers(json: ["alasan_tolak": "h"])
        try await city.services.act("tolak", on: docket, answers: ground, note: "Rahasia", key: "1", by: .officer(both))
        try await city.services.act("keberatan_tolak", on: docket, note: "Tidak rahasia", key: "2", by: .applicant)
        for (key, act) in ["kabulkan", "tolak_keberatan"].enumerated() {
            await #expect(throws: Problem.self) {
                try await city.services.act(act, on: docket, note: "Tetap", key: "a\(key)", by: .officer(both))
            }
        }
        let head = try await city.officer("kadis", agency: "diskominfo", roles: [.head])
        try await city.services.act("tolak_keberatan", on: docket, note: "Tetap", key: "3", by: .officer(head))
        #expect(try await Self.find(docket, city).progress.stage == "sengketa")
    }

    @Test("What the law grants by silence says so, and is no promise kept", arguments: TestDatabase.engines)
    func deemed(engine: Engine) async throws {
        let city = try await TestCity(engine, pack: "medan")
        let officer = try await city.officer("ida", agency: "dlh", roles: [.officer])
        let answers: JSON = [
            "letak": "Jalan 1", "tindakan": "pangkas", "alasan": "Kabel", "foto_pohon": ["a"], "nama": "Warga",
            "nik": "1271011708909999", "kelurahan": "12.71.01.1001", "kontak": "+6281200000001",
        ]
        let docket = try await Self.file(city, "izin-tebang-pohon", answers)
        try await city.services.act("lengkap", on: docket, key: "1", by: .officer(officer))
        city.clock.set("2026-11-12T09:00:00+07:00")
        try await city.services.doDuties()
        let found = try await Self.find(docket, city)
        #expect(found.progress.stage == "dianggap" && found.outcome == .deemed)
        let end = try #require(try await Self.end(docket, city))
        #expect(!end.isKept)
    }

    @Test("Who withdraws has been promised nothing that was kept", arguments: TestDatabase.engines)
    func withdrawn(engine: Engine) async throws {
        let city = try await TestCity(engine, pack: "medan")
        let docket = try await Self.file(city, "ppid", Self.request)
        try await city.services.act("tarik", on: docket, key: "1", by: .applicant)
        #expect(try await Self.find(docket, city).outcome == .closed)
        let end = try #require(try await Self.end(docket, city))
        #expect(!end.isKept && !end.isLate)
    }

    @Test("Entries from before, which call silence a grant and a promise kept, are not believed either", arguments: TestDatabase.engines)
    func silenceBefore(engine: Engine) async throws {
        let city = try await TestCity(engine, pack: "medan")
        let docket = try await Self.file(city, "ppid", Self.request)
        let filed = try await Self.find(docket, city)
        city.clock.set("2026-11-20T09:00:00+07:00")
        try await city.journal.commit { act in
            var clock = filed.progress.clock
            clock.meet("resolution", at: act.now)
            let facts: JSON = [
                "docket": .string(docket), "stage": "lewat", "status": "decided", "outcome": "granted", "clock": clock.json,
            ]
            try act.append("case.overdue", to: "case/\(docket)", by: .system, facts: facts)
        }
        let found = try await Self.find(docket, city)
        #expect(found.outcome == .unanswered && found.isUnanswered(at: city.clock.now))
    }

    @Test("A request whose time is over reads as not answered until somebody answers", arguments: TestDatabase.engines)
    func lateAndOpen(engine: Engine) async throws {
        let city = try await TestCity(engine, pack: "medan")
        let officer = try await city.officer("ida", agency: "diskominfo", roles: [.officer])
        let docket = try await Self.file(city, "ppid", Self.request)
        #expect(try await Self.find(docket, city).isUnanswered(at: city.clock.now) == false)
        city.clock.set("2027-01-11T09:00:00+07:00")
        try await city.services.doDuties()
        let late = try await Self.find(docket, city)
        #expect(late.progress.stage == "lewat" && late.isUnanswered(at: city.clock.now))
        try await city.services.act("jawab_terlambat", on: docket, note: "Terlampir", key: "1", by: .officer(officer))
        #expect(try await Self.find(docket, city).isUnanswered(at: city.clock.now) == false)
    }

    @Test("What the city does by a rule is not said to be the applicant's wish", arguments: TestDatabase.engines)
    func whoWished(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let words = Words(language: .indonesian)
        for (actor, basis, said) in [
            (Actor.resident, nil, "Pemohon minta datanya dihapus"),
            (.system, "Putusan 12/2026", "Data pemohon akan dihapus oleh kota: Putusan 12/2026"),
        ] {
            let docket = try await Self.file(city, "akta-kelahiran", ServiceTests.birth)
            guard case .waits = try await city.services.erase(docket, by: actor, ground: basis.map { ErasureGround($0) }) else {
                Issue.record("it was erased")
                return
            }
            let story = try await city.services.story(of: Self.find(docket, city))
            let wish = try #require(story.events.last { $0.kind == "case.erasure-wished" })
            #expect(Portal.erasureWished(wish, words) == said)
        }
    }
}
