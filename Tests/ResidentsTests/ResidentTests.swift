// SPDX-License-Identifier: EUPL-1.2

import Crypto
import Definitions
import Essentials
import Foundation
import Identity
import Journal
import Notifications
import Storage
import TestSupport
import Testing

@testable import Residents

@Suite("Accounts of residents")
struct ResidentTests {
    static let contact = "081200000001"

    static func code(_ city: TestCity) async throws -> String {
        let message = try await city.sentMessages().first { $0.body.contains(/\d{6}/) }
        return try message?.body.firstMatch(of: /\d{6}/).map { String($0.output) } ?? { throw Problem.notFound }()
    }

    /// Signs in as somebody new or known.
    static func signIn(_ city: TestCity, _ contact: String = contact, visitor: String = "a") async throws -> Resident {
        try await city.residents.sendCode(to: contact, visitor: visitor, address: "10.0.0.1", language: .indonesian)
        let session = try await city.residents.signIn(code: code(city), visitor: visitor)
        return try #require(try await city.residents.resident(session: session))
    }

    @Test("A code that went to the contact signs in, once, in the browser that asked for it", arguments: TestDatabase.engines)
    func code(engine: Engine) async throws {
        let city = try await TestCity(engine)
        try await city.residents.sendCode(to: Self.contact, visitor: "a", address: "", language: .indonesian)
        let code = try await Self.code(city)
        await #expect(throws: Problem.self) { try await city.residents.signIn(code: code, visitor: "b") }
        let session = try await city.residents.signIn(code: code, visitor: "a")
        let resident = try #require(try await city.residents.resident(session: session))
        #expect(resident.contacts == [.phone("+6281200000001")] && resident.assurance == .contact)
        await #expect(throws: Problem.self) { try await city.residents.signIn(code: code, visitor: "a") }
        #expect(try await Self.signIn(city).id == resident.id, "the second time it is the same account")
    }

    @Test("After five wrong tries the right code is good no more, and so it is after ten minutes", arguments: TestDatabase.engines)
    func guessing(engine: Engine) async throws {
        let city = try await TestCity(engine)
        try await city.residents.sendCode(to: Self.contact, visitor: "a", address: "", language: .indonesian)
        let code = try await Self.code(city)
        let wrong = code == "000000" ? "000001" : "000000"
        for _ in 0..<5 { await #expect(throws: Problem.self) { try await city.residents.signIn(code: wrong, visitor: "a") } }
        await #expect(throws: Problem.self) { try await city.residents.signIn(code: code, visitor: "a") }
        try await city.residents.sendCode(to: Self.contact, visitor: "a", address: "", language: .indonesian)
        let second = try await Self.code(city)
        city.clock.set("2026-11-02T09:10:01+07:00")
        await #expect(throws: Problem.self) { try await city.residents.signIn(code: second, visitor: "a") }
    }

    @Test("Nobody is flooded with codes")
    func flood() async throws {
        let city = try await TestCity(.sqlite)
        for _ in 0..<5 { try await city.residents.sendCode(to: "081299999999", visitor: "a", address: "", language: .indonesian) }
        let problem = await #expect(throws: Problem.self) {
            try await city.residents.sendCode(to: "0812 9999 9999", visitor: "b", address: "", language: .indonesian)
        }
        #expect(problem?.status == .tooMany && problem?.retryAfter == 900)
    }

    @Test("A session ends after thirty days without a visit, and after ninety whatever is done with it", arguments: TestDatabase.engines)
    func sessionEnds(engine: Engine) async throws {
        let city = try await TestCity(engine)
        try await city.residents.sendCode(to: Self.contact, visitor: "a", address: "", language: .indonesian)
        let session = try await city.residents.signIn(code: Self.code(city), visitor: "a")
        for day in ["2026-11-30", "2026-12-28", "2027-01-25"] {
            city.clock.set("\(day)T09:00:00+07:00")
            #expect(try await city.residents.resident(session: session) != nil)
        }
        city.clock.set("2027-02-01T09:00:00+07:00")
        #expect(try await city.residents.resident(session: session) == nil)
    }

    @Test(
        "Who has been signed in for long shows once more that it is them, by a code to their first contact",
        arguments: TestDatabase.engines
    )
    func proof(engine: Engine) async throws {
        let city = try await TestCity(engine)
        try await city.residents.sendCode(to: Self.contact, visitor: "a", address: "", language: .indonesian)
        let session = try await city.residents.signIn(code: Self.code(city), visitor: "a")
        let resident = try #require(try await city.residents.resident(session: session))
        #expect(try await city.residents.isProven(session: session))
        city.clock.set("2026-11-02T09:15:00+07:00")
        #expect(try await city.residents.isProven(session: session) == false)
        try await city.residents.sendProofCode(to: resident, network: "", language: .indonesian)
        let code = try await Self.code(city)
        let wrong = code == "000000" ? "000001" : "000000"
        await #expect(throws: Problem.self) { try await city.residents.prove(code: wrong, of: resident, session: session) }
        #expect(try await city.residents.isProven(session: session) == false)
        try await city.residents.prove(code: code, of: resident, session: session)
        #expect(try await city.residents.isProven(session: session))
    }

    @Test("A second contact is proven before it counts; another account's is not taken over", arguments: TestDatabase.engines)
    func contacts(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let first = try await Self.signIn(city)
        _ = try await Self.signIn(city, "lain@contoh.id", visitor: "b")
        for (contact, isTaken) in [("saya@contoh.id", false), ("lain@contoh.id", true)] {
            try await city.residents.sendCode(adding: contact, to: first, address: "", language: .indonesian)
            let code = try await Self.code(city)
            if isTaken {
                let problem = await #expect(throws: Problem.self) {
                    try await city.residents.addContact(code: code, to: first, language: .indonesian)
                }
                #expect(problem?.code == "resident.contact-taken")
            } else {
                try await city.residents.addContact(code: code, to: first, language: .indonesian)
                let told = try await city.sentMessages().filter { $0.body.contains("ditambahkan ke akun Anda") }
                #expect(told.map(\.recipient) == ["+6281200000001"], "whoever had the account before hears of it")
            }
        }
        let known = try #require(try await city.resident(first.id))
        #expect(known.contacts == [.phone("+6281200000001"), .mail("saya@contoh.id")])
        try await city.residents.removeContact("saya@contoh.id", from: known, language: .indonesian)
        let farewell = try await city.sentMessages().filter { $0.body.contains("baru saja dilepas dari akun Anda") }
        #expect(farewell.map(\.recipient) == ["saya@contoh.id"], "what is new goes at once")
        let left = try #require(try await city.resident(first.id))
        #expect(left.contacts == [.phone("+6281200000001")])
        let problem = await #expect(throws: Problem.self) {
            try await city.residents.removeContact("081200000001", from: left, language: .indonesian)
        }
        #expect(problem?.code == "resident.last-contact")
    }

    @Test(
        "An officer identifies once, with the code that the resident reads out; a NIK belongs to one account",
        arguments: TestDatabase.engines
    )
    func identified(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let clerk = try await city.officer("lina", agency: "kominfo", roles: [.clerk])
        let resident = try await Self.signIn(city)
        let nik = "1271015708909999"
        await #expect(throws: Problem.self) {
            try await city.residents.identify(contact: Self.contact, code: "000000", name: "Wati", number: nik, by: clerk)
        }
        let code = try await city.residents.counterCode(of: resident)
        await #expect(throws: Problem.self) {
            try await city.residents.identify(contact: Self.contact, code: code, name: "Wati", number: "123", by: clerk)
        }
        try await city.residents.identify(contact: Self.contact, code: code, name: "Wati", number: "1271 0157 0890 9999", by: clerk)
        let known = try #require(try await city.resident(resident.id))
        #expect(known.assurance == .identified && known.identified?.agency == "kominfo" && known.details[.residentNumber] == nik)
        try await city.residents.setDetails([.name: "Orang lain", .address: "Jalan 1"], of: known)
        let changed = try #require(try await city.resident(resident.id))
        #expect(changed.details[.name] == "Wati" && changed.details[.address] == "Jalan 1", "what the card says stays")
        let other = try await Self.signIn(city, "lain@contoh.id", visitor: "b")
        let second = try await city.residents.counterCode(of: other)
        try await city.residents.identify(contact: "lain@contoh.id", code: second, name: "Wati", number: nik, by: clerk)
        let contested = try #require(try await city.resident(other.id))
        #expect(contested.assurance == .contact && contested.contested?.agency == "kominfo", "the clerk is told nothing, the resident is")
    }

    @Test("Nothing about a resident stands outside the seals, and an erased one is found by nothing", arguments: TestDatabase.engines)
    func erased(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let resident = try await Self.signIn(city, "wati@contoh.id")
        try await city.residents.setDetails([.name: "Wati Contoh"], of: resident)
        let open = try await city.journal.read { snapshot in
            try snapshot.rows("SELECT leaf, inner_part FROM entry WHERE kind LIKE 'resident.%'") { row in
                String(decoding: try row(0, as: [UInt8].self), as: UTF8.self) + (try row.optional(1, as: String.self) ?? "")
            }.joined()
        }
        #expect(!open.contains("wati@") && !open.contains("Wati") && open.contains("resident.details-set"))
        _ = try await city.sentMessages()
        try await city.residents.erase(resident, language: .indonesian)
        let told = try await city.sentMessages()
        #expect(
            told.map(\.recipient) == ["wati@contoh.id"] && told[0].body.contains("akun Anda"),
            "who is erased is told (UU 27/2022 art. 45)"
        )
        #expect(try await city.resident(resident.id) == nil)
        #expect(try await city.journal.read { try $0.count("SELECT count(*) FROM resident_contact") } == 0)
        #expect(try await Self.signIn(city, "wati@contoh.id").id != resident.id, "whoever comes again begins anew")
    }

    @Test("Replaying the journal gives the same tables", arguments: TestDatabase.engines)
    func replay(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let resident = try await Self.signIn(city)
        let authenticator = Authenticator(origin: "http://balai.test")
        let made = authenticator.create(city.residents.creationOptions(for: resident, visitor: "a"))
        try await city.residents.addPasskey(made, name: "Ponsel", to: resident, visitor: "a", language: .indonesian)
        func tables() async throws -> [String] {
            try await city.journal.read { snapshot in
                try snapshot.rows("SELECT contact_index, resident FROM resident_contact") { "\($0.values)" }
                    + snapshot.rows("SELECT entry, credential, public_key FROM resident_passkey") { "\($0.values)" }
            }
        }
        let before = try await tables()
        try await city.journal.rebuild()
        #expect(try await tables() == before && before.count == 2)
    }

    @Test("No telephone rings at night but for a code that somebody waits for")
    func quiet() {
        let wib = TimeZoneOffset(minutes: 420)
        let night = QuietHours(from: 21 * 60, until: 6 * 60, zone: wib)
        for (time, isQuiet) in [("20:59", false), ("21:00", true), ("00:00", true), ("05:59", true), ("06:00", false), ("12:00", false)] {
            let instant = Instant(rfc3339: "2026-11-02T\(time):00+07:00")
            #expect(instant.map(night.contain) == isQuiet)
        }
        let noon = QuietHours(from: 12 * 60, until: 13 * 60, zone: wib)
        #expect(Instant(rfc3339: "2026-11-02T12:30:00+07:00").map(noon.contain) == true)
    }
}

@Suite("Passkeys (WebAuthn)")
struct PasskeyTests {
    @Test("A passkey is made once and signs in ever after; its challenge serves once", arguments: TestDatabase.engines)
    func roundTrip(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let resident = try await ResidentTests.signIn(city)
        var phone = Authenticator(origin: "http://balai.test")
        let options = city.residents.creationOptions(for: resident, visitor: "a")
        #expect(options["rp"]?["id"] == "balai.test" && options["authenticatorSelection"]?["residentKey"] == "required")
        let made = phone.create(options)
        try await city.residents.addPasskey(made, name: "Ponsel", to: resident, visitor: "a", language: .indonesian)
        await #expect(throws: Problem.self) {
            try await city.residents.addPasskey(made, name: "lagi", to: resident, visitor: "a", language: .indonesian)
        }
        let answer = try phone.get(city.residents.requestOptions(visitor: "b"))
        let session = try await city.residents.signIn(passkey: answer, visitor: "b")
        #expect(try await city.residents.resident(session: session)?.id == resident.id)
        await #expect(throws: Problem.self) { try await city.residents.signIn(passkey: answer, visitor: "b") }
    }

    @Test("What is for another site, another browser, another purpose, too late or unrecognised is refused")
    func refused() async throws {
        let city = try await TestCity(.sqlite)
        let resident = try await ResidentTests.signIn(city)
        let residents = city.residents
        var phone = Authenticator(origin: "http://balai.test")
        let made = phone.create(residents.creationOptions(for: resident, visitor: "a"))
        try await residents.addPasskey(made, name: "", to: resident, visitor: "a", language: .indonesian)
        let elsewhere = Authenticator(origin: "http://ba1ai.test").create(residents.creationOptions(for: resident, visitor: "a"))
        await #expect(throws: Problem.self) {
            try await residents.addPasskey(elsewhere, name: "", to: resident, visitor: "a", language: .indonesian)
        }
        let other = try phone.get(residents.requestOptions(visitor: "c"))
        await #expect(throws: Problem.self) { try await residents.signIn(passkey: other, visitor: "b") }
        let purpose = try phone.get(residents.creationOptions(for: resident, visitor: "b"))
        await #expect(throws: Problem.self) { try await residents.signIn(passkey: purpose, visitor: "b") }
        let late = try phone.get(residents.requestOptions(visitor: "b"))
        city.clock.set("2026-11-02T09:05:01+07:00")
        await #expect(throws: Problem.self) { try await residents.signIn(passkey: late, visitor: "b") }
        phone.flags = 0x01
        let unverified = try phone.get(residents.requestOptions(visitor: "b"))
        await #expect(throws: Problem.self) { try await residents.signIn(passkey: unverified, visitor: "b") }
    }

    @Test("A copied key is noticed: its count does not grow")
    func copied() async throws {
        let city = try await TestCity(.sqlite)
        let resident = try await ResidentTests.signIn(city)
        var phone = Authenticator(origin: "http://balai.test")
        let made = phone.create(city.residents.creationOptions(for: resident, visitor: "a"))
        try await city.residents.addPasskey(made, name: "", to: resident, visitor: "a", language: .indonesian)
        var copy = phone
        for _ in 0..<2 {
            _ = try await city.residents.signIn(passkey: phone.get(city.residents.requestOptions(visitor: "b")), visitor: "b")
        }
        let answer = try copy.get(city.residents.requestOptions(visitor: "b"))
        await #expect(throws: Problem.self) { try await city.residents.signIn(passkey: answer, visitor: "b") }
    }

    @Test("A removed passkey signs nobody in, and nobody removes another's")
    func removed() async throws {
        let city = try await TestCity(.sqlite)
        let resident = try await ResidentTests.signIn(city)
        let stranger = try await ResidentTests.signIn(city, "lain@contoh.id", visitor: "z")
        var phone = Authenticator(origin: "http://balai.test")
        let made = phone.create(city.residents.creationOptions(for: resident, visitor: "a"))
        try await city.residents.addPasskey(made, name: "Ponsel", to: resident, visitor: "a", language: .indonesian)
        let entry = try #require(try await city.resident(resident.id)?.passkeys.first?.entry)
        try await city.residents.removePasskey(entry, from: stranger, language: .indonesian)
        _ = try await city.residents.signIn(passkey: phone.get(city.residents.requestOptions(visitor: "b")), visitor: "b")
        try await city.residents.removePasskey(entry, from: resident, language: .indonesian)
        let answer = try phone.get(city.residents.requestOptions(visitor: "b"))
        await #expect(throws: Problem.self) { try await city.residents.signIn(passkey: answer, visitor: "b") }
    }

    @Test("No bytes make the reader of CBOR trap or read past their end")
    func fuzz() {
        var generator = SystemRandomNumberGenerator()
        for length in 0..<20_000 {
            let bytes = (0..<(length % 64)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            if let (_, used) = CBOR.read(bytes) { #expect(used <= bytes.count) }
        }
        #expect(CBOR.read([UInt8](repeating: 0x81, count: 1000)) == nil, "lists within lists have an end")
        #expect(CBOR.read([0x9B, 0x7F, 255, 255, 255, 255, 255, 255, 255]) == nil)
        #expect(CBOR.read([0xA2, 1, 2, 1, 3]) == nil, "a name twice in a map")
    }
}

extension TestCity {
    /// A resident as they are known now.
    func resident(_ id: Identifier) async throws -> Resident? { try await journal.read { try residents.resident(id, in: $0) } }
}
