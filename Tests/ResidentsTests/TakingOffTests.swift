// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Identity
import Journal
import Notifications
import Services
import Storage
import TestSupport
import Testing

@testable import Residents

/// A contact that is taken off an account can be kept by its owner, as the contact of a case can.
@Suite("Taking a contact off an account")
struct TakingOffTests {
    static let phone = "+6281200000001"
    static let mail = "saya@contoh.id"

    /// An account with a telephone and, since some day, a mail address.
    private struct Account {
        let city: TestCity
        let id: Identifier

        init(_ engine: Engine, mailSince day: String) async throws {
            city = try await TestCity(engine)
            id = try await ResidentTests.signIn(city).id
            city.clock.set("\(day)T09:00:00+07:00")
            try await city.residents.sendCode(adding: TakingOffTests.mail, to: now(), address: "", language: .indonesian)
            let code = try await ResidentTests.code(city)
            try await city.residents.addContact(code: code, to: now(), language: .indonesian)
            _ = try await city.sentMessages()
        }

        func now() async throws -> Resident { try #require(try await city.resident(id)) }

        func contacts() async throws -> [String] { try await now().contacts.compactMap(\.address) }

        /// Asks for a contact to go, and gives the link's end that went to it.
        func take(off contact: String) async throws -> String {
            try await city.residents.removeContact(contact, from: now(), language: .indonesian)
            let told = try await city.sentMessages()
            #expect(Set(told.map(\.recipient)) == [TakingOffTests.phone, TakingOffTests.mail], "those that stay hear of it, too")
            let other = told.first { $0.recipient != contact }
            #expect(other?.body.contains("/saya") == true && other?.body.contains("/kontak/") == false, "the link is its owner's alone")
            let body = try #require(told.first { $0.recipient == contact }?.body)
            return try #require(body.firstMatch(of: /\/kontak\/[^\/]+\/(\S+)/).map { String($0.1) })
        }
    }

    @Test("Nobody who came to the account lately erases it, nor while a contact is being taken off", arguments: TestDatabase.engines)
    func unsettled(engine: Engine) async throws {
        let account = try await Account(engine, mailSince: "2026-11-02")
        func problem() async throws -> String? {
            do { try await account.now().requireSettled(at: account.city.clock.now) } catch let problem as Problem { return problem.code }
            return nil
        }
        account.city.clock.set("2026-11-05T09:00:00+07:00")
        #expect(try await problem() == "resident.unsettled")
        account.city.clock.set("2026-12-01T09:00:00+07:00")
        #expect(try await problem() == nil)
        _ = try await account.take(off: Self.phone)
        #expect(try await problem() == "resident.unsettled")
        try await account.city.residents.keepContacts(of: account.now())
        #expect(try await problem() == nil)
    }

    @Test("It opens the account for three days more, and is then taken off", arguments: TestDatabase.engines)
    func waits(engine: Engine) async throws {
        let account = try await Account(engine, mailSince: "2026-11-02")
        let city = account.city
        city.clock.set("2026-12-01T09:00:00+07:00")
        _ = try await account.take(off: Self.phone)
        #expect(ContactStop.days == 3)
        city.clock.set("2026-12-04T08:59:59+07:00")
        try await city.services.doDuties()
        #expect(try await ResidentTests.signIn(city, Self.phone, visitor: "b").id == account.id)
        let again = await #expect(throws: Problem.self, "the other is the last that stays") {
            try await city.residents.removeContact(Self.mail, from: account.now(), language: .indonesian)
        }
        #expect(again?.code == "resident.last-contact")
        city.clock.set("2026-12-04T09:00:00+07:00")
        try await city.services.doDuties()
        #expect(try await account.contacts() == [Self.mail])
        let told = try await city.sentMessages().filter { $0.body.contains("dilepas dari akun Anda") }
        #expect(Set(told.map(\.recipient)) == [Self.phone, Self.mail])
        #expect(try await ResidentTests.signIn(city, Self.phone, visitor: "c").id != account.id)
        let live = try await city.journal.read { try $0.rows("SELECT * FROM resident_contact_leaving") { "\($0.values)" } }
        #expect(live.isEmpty)
    }

    @Test("Its owner stops it by the link that went there; a made-up one stops nothing", arguments: TestDatabase.engines)
    func stopped(engine: Engine) async throws {
        let account = try await Account(engine, mailSince: "2026-11-02")
        let city = account.city
        city.clock.set("2026-12-01T09:00:00+07:00")
        let tag = try await account.take(off: Self.phone)
        let stranger = try await ResidentTests.signIn(city, "lain@contoh.id", visitor: "b")
        for (id, tag) in [(account.id, "tidak-ada"), (account.id, ""), (stranger.id, tag)] {
            #expect(try await city.residents.leaving(from: id, tag: tag) == nil)
            #expect(try await city.residents.stopRemoval(from: id, tag: tag) == false)
        }
        #expect(try await city.residents.leaving(from: account.id, tag: tag)?.contact.address == Self.phone)
        #expect(try await city.residents.stopRemoval(from: account.id, tag: tag))
        #expect(try await city.residents.stopRemoval(from: account.id, tag: tag) == false, "once")
        city.clock.set("2026-12-10T09:00:00+07:00")
        try await city.services.doDuties()
        #expect(try await account.contacts() == [Self.phone, Self.mail], "what was there for long stays")
        let waiting = try await city.journal.read { try $0.rows("SELECT * FROM resident_contact_leaving") { "\($0.values)" } }
        try await city.journal.rebuild()
        let again = try await city.journal.read { try $0.rows("SELECT * FROM resident_contact_leaving") { "\($0.values)" } }
        #expect(waiting.isEmpty && again.isEmpty)
    }

    @Test(
        "Whoever held the telephone and added a contact of their own throws nobody out, and does not stay",
        arguments: TestDatabase.engines
    )
    func stolen(engine: Engine) async throws {
        let account = try await Account(engine, mailSince: "2026-12-01")
        let city = account.city
        city.clock.set("2026-12-03T09:00:00+07:00")
        let tag = try await account.take(off: Self.phone)
        let live = try await city.journal.read { try $0.rows("SELECT * FROM resident_contact_leaving") { "\($0.values)" } }
        try await city.journal.rebuild()
        #expect(try await city.journal.read { try $0.rows("SELECT * FROM resident_contact_leaving") { "\($0.values)" } } == live)
        // The owner has the number back on the last day.
        city.clock.set("2026-12-06T08:00:00+07:00")
        try await city.residents.sendCode(to: Self.mail, visitor: "b", address: "", language: .indonesian)
        let thief = try await city.residents.signIn(code: ResidentTests.code(city), visitor: "b")
        city.clock.set("2026-12-06T08:30:00+07:00")
        #expect(try await city.residents.stopRemoval(from: account.id, tag: tag))
        #expect(try await account.contacts() == [Self.phone])
        #expect(try await city.residents.resident(session: thief) == nil)
        #expect(try await ResidentTests.signIn(city, Self.mail, visitor: "c").id != account.id)
        city.clock.set("2026-12-20T09:00:00+07:00")
        try await city.services.doDuties()
        #expect(try await account.contacts() == [Self.phone])
    }

    @Test("Who signs in with the old contact keeps it on their page, and takes the new one off at once", arguments: TestDatabase.engines)
    func kept(engine: Engine) async throws {
        let account = try await Account(engine, mailSince: "2026-12-01")
        let city = account.city
        city.clock.set("2026-12-03T09:00:00+07:00")
        _ = try await account.take(off: Self.phone)
        city.clock.set("2026-12-06T08:00:00+07:00")
        try await city.residents.keepContacts(of: account.now())
        try await city.residents.removeContact(Self.mail, from: account.now(), language: .indonesian)
        city.clock.set("2026-12-20T09:00:00+07:00")
        try await city.services.doDuties()
        #expect(try await account.contacts() == [Self.phone])
    }

    /// Signs in with a passkey.
    private static func open(_ city: TestCity, _ phone: inout Authenticator, visitor: String) async throws -> String {
        try await city.residents.signIn(passkey: phone.get(city.residents.requestOptions(visitor: visitor)), visitor: visitor)
    }

    private static func open(_ city: TestCity, _ contact: String, visitor: String) async throws -> String {
        try await city.residents.sendCode(to: contact, visitor: visitor, address: "", language: .indonesian)
        return try await city.residents.signIn(code: ResidentTests.code(city), visitor: visitor)
    }

    @Test("A newcomer who takes their own contact and passkey off leaves the account unsettled", arguments: TestDatabase.engines)
    func hidden(engine: Engine) async throws {
        let account = try await Account(engine, mailSince: "2026-12-01")
        let (city, residents) = (account.city, account.city.residents)
        func problem() async throws -> String? {
            do { try await account.now().requireSettled(at: city.clock.now) } catch let problem as Problem { return problem.code }
            return nil
        }
        city.clock.set("2026-12-01T09:01:00+07:00")
        var phone = Authenticator(origin: "http://balai.test")
        let made = phone.create(try await residents.creationOptions(for: account.now(), visitor: "m"))
        try await residents.addPasskey(made, name: "", to: account.now(), visitor: "m", language: .indonesian)
        let thief = try await Self.open(city, &phone, visitor: "m")
        #expect(try await residents.isProven(session: thief))
        #expect(try await residents.isProven(session: thief, byOwner: true) == false)
        city.clock.set("2026-12-01T09:02:00+07:00")
        try await residents.removeContact(Self.mail, from: account.now(), session: thief, language: .indonesian)
        city.clock.set("2026-12-01T09:03:00+07:00")
        let again = try await Self.open(city, &phone, visitor: "m")
        let entry = try #require(try await account.now().passkeys.first?.entry)
        try await residents.removePasskey(entry, from: account.now(), session: again, language: .indonesian)
        #expect(try await residents.resident(session: again) == nil, "what the passkey opened ends with it")
        #expect(try await account.now().passkeys.isEmpty)
        #expect(try await account.contacts() == [Self.phone])
        #expect(try await problem() == "resident.unsettled")
        city.clock.set("2026-12-07T09:04:00+07:00")
        #expect(try await problem() == nil)
    }

    @Test("An owner who takes off what is newer than their own contact has an account that is settled", arguments: TestDatabase.engines)
    func thrownOut(engine: Engine) async throws {
        let account = try await Account(engine, mailSince: "2026-12-01")
        let (city, residents) = (account.city, account.city.residents)
        city.clock.set("2026-12-01T09:01:00+07:00")
        var phone = Authenticator(origin: "http://balai.test")
        let made = phone.create(try await residents.creationOptions(for: account.now(), visitor: "m"))
        try await residents.addPasskey(made, name: "", to: account.now(), visitor: "m", language: .indonesian)
        let thief = try await Self.open(city, &phone, visitor: "m")
        let other = try await Self.open(city, Self.phone, visitor: "c")
        let owner = try await Self.open(city, Self.phone, visitor: "b")
        #expect(try await residents.isProven(session: owner, byOwner: true))
        _ = try await city.sentMessages()
        let entry = try #require(try await account.now().passkeys.first?.entry)
        try await residents.removePasskey(entry, from: account.now(), session: owner, language: .indonesian)
        #expect(try await residents.resident(session: thief) == nil)
        #expect(try await residents.resident(session: other) == nil)
        #expect(try await residents.resident(session: owner) != nil, "whoever takes it off stays")
        let told = try await city.sentMessages().filter {
            $0.body.contains("kunci sandi baru saja dilepas") || $0.body.contains("Kunci sandi dilepas")
        }
        #expect(Set(told.map(\.recipient)) == [Self.phone, Self.mail])
        try await residents.removeContact(Self.mail, from: account.now(), session: owner, language: .indonesian)
        try await account.now().requireSettled(at: city.clock.now)
    }

    @Test("With a newcomer goes the passkey that was made since they came", arguments: TestDatabase.engines)
    func withPasskey(engine: Engine) async throws {
        let account = try await Account(engine, mailSince: "2026-12-01")
        let (city, residents) = (account.city, account.city.residents)
        city.clock.set("2026-12-01T09:01:00+07:00")
        var phone = Authenticator(origin: "http://balai.test")
        let made = phone.create(try await residents.creationOptions(for: account.now(), visitor: "m"))
        try await residents.addPasskey(made, name: "", to: account.now(), visitor: "m", language: .indonesian)
        let owner = try await Self.open(city, Self.phone, visitor: "b")
        city.clock.set("2026-12-01T09:02:00+07:00")
        try await residents.removeContact(Self.mail, from: account.now(), session: owner, language: .indonesian)
        #expect(try await account.now().passkeys.isEmpty)
        await #expect(throws: Problem.self) { _ = try await Self.open(city, &phone, visitor: "m") }
        try await account.now().requireSettled(at: city.clock.now)
    }

    @Test("A newcomer who has the older contacts taken off is one all the same", arguments: TestDatabase.engines)
    func alone(engine: Engine) async throws {
        let account = try await Account(engine, mailSince: "2026-12-01")
        let city = account.city
        _ = try await account.take(off: Self.phone)
        city.clock.set("2026-12-04T09:01:00+07:00")
        try await city.services.doDuties()
        #expect(try await account.contacts() == [Self.mail])
        await #expect(throws: Problem.self) { try await account.now().requireSettled(at: city.clock.now) }
        let thief = try await Self.open(city, Self.mail, visitor: "m")
        #expect(try await city.residents.isProven(session: thief, byOwner: true) == false)
    }

    @Test("Who came in by a new passkey and writes the code of the oldest contact speaks for the owner", arguments: TestDatabase.engines)
    func proven(engine: Engine) async throws {
        let account = try await Account(engine, mailSince: "2026-12-01")
        let (city, residents) = (account.city, account.city.residents)
        let session = try await Self.open(city, Self.mail, visitor: "b")
        #expect(try await residents.isProven(session: session, byOwner: true) == false)
        try await residents.sendProofCode(to: account.now(), network: "", language: .indonesian)
        try await residents.prove(code: ResidentTests.code(city), of: account.now(), session: session)
        #expect(try await residents.isProven(session: session, byOwner: true))
    }

    @Test(
        "The code goes to a contact that is no newcomer: the one that somebody came in by, or that they choose",
        arguments: TestDatabase.engines
    )
    func chosen(engine: Engine) async throws {
        let account = try await Account(engine, mailSince: "2026-11-02")
        let (city, residents) = (account.city, account.city.residents)
        #expect(try await account.now().proofContacts(at: city.clock.now) == [.phone(Self.phone)])
        let newcomer = await #expect(throws: Problem.self) {
            try await residents.sendProofCode(to: account.now(), at: .mail(Self.mail), network: "", language: .indonesian)
        }
        #expect(newcomer?.status == .notFound)
        city.clock.set("2026-12-01T09:00:00+07:00")
        let session = try await Self.open(city, Self.mail, visitor: "b")
        _ = try await city.sentMessages()
        try await residents.sendProofCode(to: account.now(), session: session, network: "", language: .indonesian)
        #expect(try await city.sentMessages().map(\.recipient) == [Self.mail])
        try await residents.sendProofCode(
            to: account.now(),
            at: .phone(Self.phone),
            session: session,
            network: "",
            language: .indonesian
        )
        #expect(try await residents.proofSent(to: account.now()) == .phone(Self.phone))
        let sent = try await city.sentMessages()
        #expect(sent.map(\.recipient) == [Self.phone])
        let code = try #require(sent.first?.body.firstMatch(of: /\d{6}/).map { String($0.output) })
        try await residents.prove(code: code, of: account.now(), session: session)
        #expect(try await residents.isProven(session: session, byOwner: true))
    }

    @Test("What was taken off is somebody else's: they lose nothing when the account is erased", arguments: TestDatabase.engines)
    func former(engine: Engine) async throws {
        let account = try await Account(engine, mailSince: "2026-12-01")
        let (city, residents) = (account.city, account.city.residents)
        try await residents.removeContact(Self.mail, from: account.now(), language: .indonesian)
        _ = try await city.sentMessages()
        for contact in [Self.mail, Self.phone] {
            try await residents.sendCode(to: contact, visitor: contact, address: "", language: .indonesian)
        }
        let codes = try await city.sentMessages().filter { $0.body.contains(/\d{6}/) }
        func code(_ contact: String) throws -> String {
            try #require(codes.first { $0.recipient == contact }?.body.firstMatch(of: /\d{6}/).map { String($0.output) })
        }
        try await residents.erase(account.now(), language: .indonesian)
        _ = try await residents.signIn(code: code(Self.mail), visitor: Self.mail)
        await #expect(throws: Problem.self) { try await residents.signIn(code: code(Self.phone), visitor: Self.phone) }
    }
}
