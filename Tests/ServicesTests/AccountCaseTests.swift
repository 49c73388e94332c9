// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials
import Forms
import Identity
import Journal
import Notifications
import Residents
import Services
import Storage
import TestSupport
import Testing

/// What somebody filed goes with their account, not with a number that is given to somebody else later.
@Suite("Cases of an account whose contacts change")
struct AccountCaseTests {
    static let phone = "+6281200000001"
    static let mail = "saya@contoh.id"

    /// An account with a telephone and a mail address, an application, and a report.
    private struct Account {
        let city: TestCity
        let id: Identifier
        let application: String
        let report: Complaints.Receipt

        init(_ engine: Engine, cases contact: String = AccountCaseTests.phone, mailSince day: String = "2026-11-02") async throws {
            city = try await TestCity(engine)
            id = try await AccountCaseTests.signIn(city, AccountCaseTests.phone)
            city.clock.set("\(day)T09:00:00+07:00")
            let resident = try await city.residents.resident(id, in: city)
            try await city.residents.sendCode(adding: AccountCaseTests.mail, to: resident, address: "", language: .indonesian)
            let code = try await AccountCaseTests.code(city)
            try await city.residents.addContact(code: code, to: resident, language: .indonesian)
            application = try await AccountCaseTests.apply(city, contact)
            report = try await AccountCaseTests.report(city, contact)
            _ = try await city.sentMessages()
        }

        func now() async throws -> Resident { try await city.residents.resident(id, in: city) }

        /// The telephone is taken off, three days after somebody asked for it.
        func takePhoneOff() async throws {
            try await city.residents.removeContact(AccountCaseTests.phone, from: now(), language: .indonesian)
            let until = city.clock.now.adding(seconds: ContactStop.seconds)
            city.clock.set(until.rfc3339(in: city.city.zone))
            try await city.services.doDuties()
            #expect(try await now().contacts == [.mail(AccountCaseTests.mail)])
        }

        func found(by contacts: [Contact]) async throws -> [String] { try await AccountCaseTests.found(city, contacts) }

        var both: [String] { [application, report.docket] }
    }

    private static func code(_ city: TestCity) async throws -> String {
        let message = try await city.sentMessages().last { $0.body.contains(/\d{6}/) }
        return try #require(message?.body.firstMatch(of: /\b\d{6}\b/).map { String($0.output) })
    }

    private static func signIn(_ city: TestCity, _ contact: String) async throws -> Identifier {
        try await city.residents.sendCode(to: contact, visitor: contact, address: "", language: .indonesian)
        let session = try await city.residents.signIn(code: code(city), visitor: contact)
        return try #require(try await city.residents.resident(session: session)).id
    }

    /// What a new account with the telephone finds.
    private static func foundByNewOwner(_ city: TestCity) async throws -> [String] {
        let id = try await signIn(city, phone)
        return try await found(city, city.residents.resident(id, in: city).contacts)
    }

    private static func found(_ city: TestCity, _ contacts: [Contact]) async throws -> [String] {
        var found = try await city.services.ownCases(of: contacts).map(\.docket)
        found += try await city.complaints.ownCases(of: contacts).map(\.docket)
        for docket in found {
            let isApplication = try await city.services.belongs(docket, to: contacts)
            let isReport = try await city.complaints.belongs(docket, to: contacts)
            #expect(isApplication || isReport)
        }
        return found
    }

    private static func apply(_ city: TestCity, _ contact: String) async throws -> String {
        let service = try #require(city.city.services["akta-kelahiran"])
        let token = try await city.services.newDraft(service, language: .indonesian)
        var (draft, _) = try #require(try await city.services.draft(token))
        draft.answers = Answers(json: .object((ServiceTests.birth.object ?? [:]).merging(["kontak": .string(contact)]) { $1 }))
        let docket = try await city.services.file(draft, service, token: token, clerk: nil).docket
        try await city.services.proveContact(code(city), of: docket, by: .applicant)
        return docket
    }

    private static func report(_ city: TestCity, _ contact: String) async throws -> Complaints.Receipt {
        var report = city.report()
        report.contact = try #require(Contact(contact))
        let receipt = try await city.file(report, isTrusted: false)
        try await city.complaints.confirm(receipt.docket, code: code(city), holder: receipt.key)
        return receipt
    }

    private static func tables(_ city: TestCity) async throws -> [[String]] {
        try await city.journal.read { snapshot in
            [
                try snapshot.rows("SELECT * FROM service_contact ORDER BY docket") { "\($0.values)" },
                try snapshot.rows("SELECT * FROM complaint_contact ORDER BY docket") { "\($0.values)" },
                try snapshot.rows("SELECT * FROM service_contact_exchange ORDER BY docket") { "\($0.values)" },
                try snapshot.rows("SELECT * FROM complaint_follower ORDER BY docket, entry") { "\($0.values)" },
                try snapshot.rows("SELECT docket, version, updated_at, followers FROM complaint ORDER BY docket") { "\($0.values)" },
            ]
        }
    }

    private static func requireSameAfterReplay(_ city: TestCity) async throws {
        let live = try await tables(city)
        try await city.journal.rebuild()
        #expect(try await tables(city) == live)
    }

    @Test("They go to the contact that stays: whoever has the old number finds and hears nothing", arguments: TestDatabase.engines)
    func goAlong(engine: Engine) async throws {
        let account = try await Account(engine)
        let (city, mail) = (account.city, Contact.mail(Self.mail))
        let worker = try await city.officer("tagor", agency: "kominfo", roles: [.officer, .screener])
        city.clock.set("2026-11-10T09:00:00+07:00")
        // Somebody writes in the night before: what waits for the morning goes to the account, too.
        #expect(try await account.now().heir(of: .phone(Self.phone), at: city.clock.now) == mail)
        #expect(try await city.residents.caseCounts(of: account.now())[.phone(Self.phone)] == 2)
        try await city.residents.removeContact(Self.phone, from: account.now(), language: .indonesian)
        _ = try await city.sentMessages()
        city.clock.set("2026-11-13T08:59:00+07:00")
        try await city.services.write("Kami periksa.", on: account.application, key: nil, by: .officer(worker))
        city.clock.set("2026-11-13T09:00:00+07:00")
        try await city.services.doDuties()
        let first = try await city.sentMessages()
        #expect(Set(first.filter { $0.docket == account.application }.map(\.recipient)) == [Self.mail])
        #expect(try await account.found(by: account.now().contacts) == account.both)
        #expect(try await Self.foundByNewOwner(city) == [])
        try await city.complaints.verify(account.report.docket, by: worker)
        try await city.services.write("Sudah lengkap.", on: account.application, key: nil, by: .officer(worker))
        let told = try await city.sentMessages().filter { account.both.contains($0.docket) }
        #expect(Set(told.map(\.docket)) == Set(account.both) && Set(told.map(\.recipient)) == [Self.mail])
        #expect(
            try await city.complaints.receive("Tambahan dari orang lain", from: Self.phone, id: "1")?.contains(account.report.docket)
                != true
        )
        try await Self.requireSameAfterReplay(city)
        #expect(try await account.found(by: [mail]) == account.both)
        #expect(try await account.found(by: [.phone(Self.phone)]) == [])
        let complaint = try #require(try await city.complaints.find(account.report.docket))
        #expect(city.complaints.holds(account.report.key, of: complaint), "its key opens the report as before")
        let events = try await city.complaints.timeline(of: complaint, isPrivate: true, isStaff: true).map(\.kind)
        #expect(!events.contains { $0.contains("contact-changed") }, "the public reads nothing of it")
    }

    @Test("What is new on the account keeps what is its own", arguments: TestDatabase.engines)
    func newcomer(engine: Engine) async throws {
        let account = try await Account(engine, cases: Self.mail, mailSince: "2026-11-09")
        let city = account.city
        #expect(try await account.now().heir(of: .mail(Self.mail), at: city.clock.now) == nil)
        try await city.residents.removeContact(Self.mail, from: account.now(), language: .indonesian)
        #expect(try await account.now().contacts == [.phone(Self.phone)])
        #expect(try await account.found(by: [.phone(Self.phone)]) == [])
        #expect(try await account.found(by: [.mail(Self.mail)]) == account.both)
    }

    @Test("Hundreds go in one act", arguments: TestDatabase.engines)
    func many(engine: Engine) async throws {
        let account = try await Account(engine)
        let city = account.city
        for index in 0..<300 {
            var report = city.report()
            report.contact = .phone(Self.phone)
            report.channel = "sms"
            _ = try await city.file(report, key: "\(index)")
        }
        city.clock.set("2026-11-10T09:00:00+07:00")
        let all = try await city.residents.caseCounts(of: account.now())[.phone(Self.phone)]
        try await account.takePhoneOff()
        #expect(try await city.residents.caseCounts(of: account.now()) == [.mail(Self.mail): all ?? 0])
        #expect(all ?? 0 >= 2)
    }

    @Test("Exchanges that wait end with the contact, and none leads to what was taken off", arguments: TestDatabase.engines)
    func exchanges(engine: Engine) async throws {
        let account = try await Account(engine)
        let (city, services) = (account.city, account.city.services)
        let other = try await Self.apply(city, Self.mail)
        city.clock.set("2026-11-10T09:00:00+07:00")
        try await city.residents.removeContact(Self.phone, from: account.now(), language: .indonesian)
        city.clock.set("2026-11-11T09:00:00+07:00")
        _ = try await city.sentMessages()
        try await services.changeContact("lain@contoh.id", of: account.application, by: .applicant)
        try await services.changeContact(Self.phone, of: other, by: .applicant)
        let pending = try await services.pendingExchanges(of: account.now().contacts)
        #expect(Set(pending.map(\.docket)) == [account.application, other])
        let letters = try await city.sentMessages()
        let agree = try #require(letters.first { $0.recipient == Self.phone }?.body.firstMatch(of: /kode (\d{6})/).map { String($0.1) })
        city.clock.set("2026-11-13T09:00:00+07:00")
        try await services.doDuties()
        #expect(try await services.pendingExchanges(of: account.now().contacts).isEmpty)
        await #expect(throws: Problem.self) { try await services.agreeToContact(agree, of: account.application, by: .applicant) }
        city.clock.set("2026-11-20T09:00:00+07:00")
        try await services.doDuties()
        #expect(Set(try await account.found(by: [.mail(Self.mail)])) == Set(account.both + [other]))
        try await Self.requireSameAfterReplay(city)
    }

    @Test("With a newcomer ends what was asked for since they came; before that it goes on", arguments: TestDatabase.engines)
    func newcomersExchange(engine: Engine) async throws {
        let account = try await Account(engine, mailSince: "2026-11-09")
        let (city, services) = (account.city, account.city.services)
        try await services.changeContact("maling@contoh.id", of: account.application, by: .applicant)
        try await city.residents.removeContact(Self.mail, from: account.now(), language: .indonesian)
        #expect(try await services.pendingExchanges(of: account.now().contacts).isEmpty)
        try await services.changeContact("baru@contoh.id", of: account.application, by: .applicant)
        city.clock.set("2026-11-10T09:00:00+07:00")
        try await city.residents.sendCode(adding: Self.mail, to: account.now(), address: "", language: .indonesian)
        try await city.residents.addContact(code: Self.code(city), to: account.now(), language: .indonesian)
        try await city.residents.removeContact(Self.mail, from: account.now(), language: .indonesian)
        #expect(try await services.pendingExchanges(of: account.now().contacts).map(\.docket) == [account.application])
        try await services.takeExchangeBack(of: account.application, by: .applicant)
        #expect(try await services.pendingExchanges(of: account.now().contacts).isEmpty)
        try await Self.requireSameAfterReplay(city)
    }

    @Test("Answers that are gone through again bring no contact back that left the account", arguments: TestDatabase.engines)
    func leftover(engine: Engine) async throws {
        let account = try await Account(engine)
        let (city, services) = (account.city, account.city.services)
        let officer = try await city.officer("tagor", agency: "kominfo", roles: [.officer])
        try await services.act("kembalikan", on: account.application, note: "Foto buram", key: "1", by: .officer(officer))
        let found = try #require(try await services.find(account.application)?.serviceCase)
        let token = try await services.newDraft(revising: found, answers: try await services.story(of: found).answers)
        city.clock.set("2026-11-10T09:00:00+07:00")
        try await account.takePhoneOff()
        let (draft, service) = try #require(try await services.draft(token))
        #expect(draft.answers["kontak"] == Self.phone)
        _ = try await city.sentMessages()
        _ = try await services.file(draft, service, token: token, clerk: nil)
        #expect(try await services.pendingExchanges(of: [.mail(Self.mail)]).isEmpty)
        #expect(try await account.found(by: [.mail(Self.mail)]) == account.both)
        #expect(try await city.sentMessages().allSatisfy { $0.recipient != Self.phone })
    }

    @Test(
        "Whose report was merged hears of the other by the contact that stays; a subscription stays the number's",
        arguments: TestDatabase.engines
    )
    func merged(engine: Engine) async throws {
        let account = try await Account(engine)
        let (city, complaints) = (account.city, account.city.complaints)
        let screener = try await city.officer("sri", agency: "kominfo", roles: [.officer, .screener])
        let other = try await Self.report(city, "tetangga@contoh.id").docket
        let followed = try await Self.report(city, "tetangga@contoh.id").docket
        _ = try await complaints.receive("IKUT \(followed)", from: Self.phone, id: "1")
        for docket in [account.report.docket, other, followed] { try await complaints.verify(docket, by: screener) }
        let agency = try #require(try await complaints.find(other)?.agency)
        let worker = try await city.officer("budi", agency: agency, roles: [.officer])
        try await complaints.merge(account.report.docket, into: other, by: worker)
        city.clock.set("2026-11-10T09:00:00+07:00")
        try await complaints.sendNews()
        try await account.takePhoneOff()
        _ = try await city.sentMessages()
        for docket in [other, followed] { try await complaints.reply(docket, text: "Kami kerjakan.", by: worker) }
        try await complaints.sendNews()
        let told = try await city.sentMessages()
        #expect(told.filter { $0.docket == other }.map(\.recipient).sorted() == [Self.mail, "tetangga@contoh.id"])
        #expect(told.filter { $0.docket == followed }.map(\.recipient).sorted() == [Self.phone, "tetangga@contoh.id"])
        #expect(try await complaints.find(other)?.followers == 1)
        try await Self.requireSameAfterReplay(city)
    }

    @Test("What outlives an account is opened by its own key alone", arguments: TestDatabase.engines)
    func erased(engine: Engine) async throws {
        let account = try await Account(engine)
        let (city, services) = (account.city, account.city.services)
        city.clock.set("2026-11-20T09:00:00+07:00")
        #expect(try await services.erase(account.now(), in: city.residents, language: .indonesian).isEmpty)
        #expect(try await Self.foundByNewOwner(city) == [], "the application waits for its end, the report is open still")
        try await Self.requireSameAfterReplay(city)
        #expect(try await account.found(by: [.phone(Self.phone)]) == [])
        let complaint = try #require(try await city.complaints.find(account.report.docket))
        #expect(city.complaints.holds(account.report.key, of: complaint))
        // Whoever left is told once the rest of their data is gone (UU 27/2022 art. 45).
        let officer = try await city.officer("tagor", agency: "kominfo", roles: [.officer])
        try await services.act("tolak", on: account.application, note: "Sudah tercatat", key: "1", by: .officer(officer))
        city.clock.set("2027-03-01T09:00:00+07:00")
        _ = try await city.sentMessages()
        try await services.doDuties()
        let told = try await city.sentMessages()
        #expect(told.contains { $0.recipient == Self.phone && $0.body.contains(account.application) })
    }

    @Test("A stranger to whom a further code went loses nothing when the account that asked is erased", arguments: TestDatabase.engines)
    func strangersCode(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let id = try await Self.signIn(city, Self.phone)
        let stranger = "orang-lain@contoh.id"
        try await city.residents.sendCode(to: stranger, visitor: "b", address: "", language: .indonesian)
        try await city.residents.sendCode(
            adding: stranger,
            to: city.residents.resident(id, in: city),
            address: "",
            language: .indonesian
        )
        try await city.residents.erase(city.residents.resident(id, in: city), language: .indonesian)
        let waiting = try await city.sentMessages().filter { $0.recipient == stranger && $0.body.contains("masuk") }
        let code = try #require(waiting.first?.body.firstMatch(of: /\b\d{6}\b/).map { String($0.output) })
        _ = try await city.residents.signIn(code: code, visitor: "b")
    }
}

extension Residents {
    fileprivate func resident(_ id: Identifier, in city: TestCity) async throws -> Resident {
        try #require(try await city.journal.read { try resident(id, in: $0) })
    }
}
