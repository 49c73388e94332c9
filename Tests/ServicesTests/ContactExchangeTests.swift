// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
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

/// A proven contact is exchanged only with its owner told, and able to stop it.
@Suite("Exchanging a proven contact")
struct ContactExchangeTests {
    static let old = "pemilik@contoh.id"
    static let new = "baru@contoh.id"

    struct Proven {
        let city: TestCity
        let docket: String
        let clerk: Officer

        func story() async throws -> Story {
            let found = try #require(try await city.services.find(docket)?.serviceCase)
            return try await city.services.story(of: found)
        }

        /// With which of the two contacts somebody who signs in finds the case.
        func openers() async throws -> [String] {
            var found: [String] = []
            for contact in [ContactExchangeTests.old, ContactExchangeTests.new] {
                let cases = try await city.services.ownCases(of: [try #require(Contact(contact))])
                if cases.contains(where: { $0.docket == docket }) { found.append(contact) }
            }
            return found
        }

        func code(_ messages: [Message], to recipient: String) throws -> String {
            let body = messages.last { $0.recipient == recipient }?.body
            return try #require(body?.firstMatch(of: /ode(?: kontak:)? (\d{6})/).map { String($0.1) })
        }
    }

    private static func proven(_ engine: Engine) async throws -> Proven {
        let city = try await TestCity(engine, pack: "medan")
        let service = try #require(city.city.services["surat-domisili"])
        let token = try await city.services.newDraft(service, language: .indonesian)
        var (draft, _) = try #require(try await city.services.draft(token))
        draft.answers = Answers(json: [
            Questionnaire.forWhom: .string(Questionnaire.forOneself), "nama": "Siti Contoh", "nik": "1271015708909999",
            "kelurahan": "12.71.01.1001", "alamat": "Jalan Sutomo 5",
            "sejak": "2019-03-03", "keperluan": "mendaftar sekolah", "kontak": .string(old),
        ])
        let faults = city.services.rules(service).faults(service.questionnaire, draft.answers).flatMap(\.fields)
        #expect(faults.isEmpty, "\(faults)")
        let docket = try await city.services.file(draft, service, token: token, clerk: nil).docket
        let code = try #require(try await city.sentMessages().first?.body.firstMatch(of: /kontak: (\d{6})/).map { String($0.1) })
        try await city.services.proveContact(code, of: docket, by: .applicant)
        let agency = try #require(try await city.services.find(docket)?.serviceCase.agency)
        return Proven(city: city, docket: docket, clerk: try await city.officer("lina", agency: agency, roles: [.clerk]))
    }

    @Test("Until the wait is over the old contact stays, and nothing but a code goes to the new one", arguments: TestDatabase.engines)
    func waits(engine: Engine) async throws {
        let proven = try await Self.proven(engine)
        let services = proven.city.services
        try await services.changeContact(Self.new, of: proven.docket, by: .applicant)
        let messages = try await proven.city.sentMessages()
        #expect(messages.map(\.recipient).sorted() == [Self.new, Self.old])
        #expect(messages.allSatisfy { !$0.body.contains("kunci=") })
        #expect(messages.first { $0.recipient == Self.new }?.body.contains("http") == false, "a code, and no link")
        try await services.proveContact(try proven.code(messages, to: Self.new), of: proven.docket, by: .applicant)
        #expect(try await proven.story().contact == Self.old)
        #expect(try await proven.openers() == [Self.old])
        try await services.doDuties()
        try await services.write("Kami periksa.", on: proven.docket, key: nil, by: .officer(proven.clerk))
        #expect(try await proven.city.sentMessages().map(\.recipient) == [Self.old])
        proven.city.clock.set("2026-11-05T09:00:01+07:00")
        try await services.doDuties()
        #expect(try await proven.story().contact == Self.new)
        #expect(try await proven.openers() == [Self.new])
    }

    @Test(
        "The owner of the old contact stops it by the link that went there; a made-up link stops nothing",
        arguments: TestDatabase.engines
    )
    func stopped(engine: Engine) async throws {
        let proven = try await Self.proven(engine)
        let services = proven.city.services
        try await services.changeContact(Self.new, of: proven.docket, by: .applicant)
        let messages = try await proven.city.sentMessages()
        try await services.proveContact(try proven.code(messages, to: Self.new), of: proven.docket, by: .applicant)
        let body = try #require(messages.first { $0.recipient == Self.old }?.body)
        let tag = try #require(body.firstMatch(of: /\/kontak\/[^\/]+\/(\S+)/).map { String($0.1) })
        try await services.stopExchange(of: proven.docket, tag: "tidak-ada")
        #expect(try await proven.story().nextContact != nil)
        #expect(try await services.exchange(of: proven.docket, tag: tag) != nil)
        try await services.stopExchange(of: proven.docket, tag: tag)
        proven.city.clock.set("2026-11-09T09:00:00+07:00")
        try await services.doDuties()
        #expect(try await proven.story().contact == Self.old)
        #expect(try await proven.openers() == [Self.old])
    }

    @Test("With the code of the old contact it holds at once", arguments: TestDatabase.engines)
    func agreed(engine: Engine) async throws {
        let proven = try await Self.proven(engine)
        let services = proven.city.services
        try await services.changeContact(Self.new, of: proven.docket, by: .applicant)
        let messages = try await proven.city.sentMessages()
        let (fromOld, fromNew) = (try proven.code(messages, to: Self.old), try proven.code(messages, to: Self.new))
        await #expect(throws: Problem.self) {
            try await services.agreeToContact(fromNew == fromOld ? "000000" : fromNew, of: proven.docket, by: .applicant)
        }
        try await services.agreeToContact(fromOld, of: proven.docket, by: .applicant)
        #expect(try await proven.story().contact == Self.old, "the new one is not proven yet")
        try await services.proveContact(fromNew, of: proven.docket, by: .applicant)
        #expect(try await proven.story().contact == Self.new)
        #expect(try await proven.openers() == [Self.new])
    }

    @Test("At the counter it takes the card, the wait and the message all the same", arguments: TestDatabase.engines)
    func counter(engine: Engine) async throws {
        let proven = try await Self.proven(engine)
        let services = proven.city.services
        let clerk = Services.Hand.officer(proven.clerk)
        let problem = await #expect(throws: Problem.self) { try await services.changeContact(Self.new, of: proven.docket, by: clerk) }
        #expect(problem?.fields.first?.name == "checked")
        let agreeing = await #expect(throws: Problem.self) { try await services.agreeToContact("000000", of: proven.docket, by: clerk) }
        #expect(agreeing?.status == .forbidden, "nobody agrees for the owner of the old contact")
        try await services.changeContact(Self.new, of: proven.docket, hasCheckedIdentity: true, by: clerk)
        let messages = try await proven.city.sentMessages()
        #expect(messages.contains { $0.recipient == Self.old })
        try await services.proveContact(try proven.code(messages, to: Self.new), of: proven.docket, by: clerk)
        #expect(try await proven.story().contact == Self.old)
    }

    @Test("Going through the answers again is no way round it", arguments: TestDatabase.engines)
    func amended(engine: Engine) async throws {
        let proven = try await Self.proven(engine)
        let services = proven.city.services
        let agency = try #require(try await services.find(proven.docket)?.serviceCase.agency)
        let officer = try await proven.city.officer("budi", agency: agency, roles: [.officer])
        try await services.act("kembalikan", on: proven.docket, note: "Alamat kurang", key: nil, by: .officer(officer))
        _ = try await proven.city.sentMessages()
        let found = try #require(try await services.find(proven.docket)?.serviceCase)
        let token = try await services.newDraft(revising: found, answers: try await proven.story().answers)
        var (draft, service) = try #require(try await services.draft(token))
        draft.answers["kontak"] = Self.new
        _ = try await services.file(draft, service, token: token, clerk: nil)
        #expect(try await proven.story().contact == Self.old)
        #expect(try await proven.openers() == [Self.old])
        let told = try await proven.city.sentMessages()
        #expect(told.contains { $0.recipient == Self.old && $0.body.contains("/kontak/") })
        let live = try await proven.city.journal.read {
            try $0.rows("SELECT * FROM service_contact_exchange") { "\($0.values)" }
        }
        try await proven.city.journal.rebuild()
        let again = try await proven.city.journal.read {
            try $0.rows("SELECT * FROM service_contact_exchange") { "\($0.values)" }
        }
        #expect(live == again && live.count == 1)
    }
}
