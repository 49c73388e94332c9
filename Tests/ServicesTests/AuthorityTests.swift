// SPDX-License-Identifier: EUPL-1.2

import Definitions
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

/// Who may do what to applications: at the own agency what the role says, elsewhere nothing.
@Suite("Who may, in services")
struct AuthorityTests {
    private static func filed(_ city: TestCity, _ service: Service, agency: String, subdistrict: String? = nil) async throws -> String {
        let now = city.clock.now
        let docket = "\(service.docket)-26-\(Identifier(at: now).description.suffix(7).uppercased())"
        try await city.journal.commit { act in
            guard let stage = service.stages.first else { throw Problem.notFound }
            try act.append(
                "case.filed",
                to: "case/\(docket)",
                by: .resident,
                facts: .compact([
                    "docket": .string(docket), "service": .string(service.code), "definition": .string(service.fingerprint),
                    "agency": .string(agency), "subdistrict": JSON(subdistrict), "stage": .string(stage.code),
                    "status": .string(stage.status.rawValue),
                ]),
                personal: Personal(of: Identifier(at: now), ["answers": [:]])
            )
        }
        return docket
    }

    @Test("Every act of every service is done by its performers at its own agency, and by nobody else", arguments: ["contoh", "medan"])
    func everyAct(pack: String) async throws {
        let city = try await TestCity(.sqlite, pack: pack)
        let agencies = city.city.agencyOrder
        var officers: [String: [Role: Officer]] = [:]
        func officer(_ role: Role, _ agency: String) async throws -> Officer {
            if let known = officers[agency]?[role] { return known }
            let new = try await city.officer("\(role.rawValue)-\(agency)", agency: agency, roles: [role])
            officers[agency, default: [:]][role] = new
            return new
        }
        for service in city.city.services.services {
            let own = service.agency == "district" ? try #require(agencies.first { city.city.agency($0).district != nil }) : service.agency
            let other = try #require(agencies.first { $0 != own && $0 != "setda" })
            let docket = try await Self.filed(city, service, agency: own)
            for code in Set(service.stages.flatMap(\.actions).map(\.code)).sorted() {
                let performers = Set(service.stages.flatMap(\.actions).filter { $0.code == code }.flatMap(\.actors).map(\.rawValue))
                for role in Role.allCases {
                    for agency in [own, other] {
                        let mayAct = agency == own && performers.contains(role.rawValue)
                        let problem = await Self.problem {
                            let hand = Services.Hand.officer(try await officer(role, agency))
                            try await city.services.act(code, on: docket, note: "", key: nil, by: hand)
                        }
                        #expect((problem?.status == .forbidden) != mayAct, "\(service.code) \(code) \(role) at \(agency)")
                    }
                }
            }
        }
    }

    private static func problem(_ body: () async throws -> Void) async -> Problem? {
        do {
            try await body()
            return nil
        } catch {
            return error as? Problem
        }
    }

    @Test("A treasurer sees the money of the own agency's cases, and nothing of anybody else's", arguments: TestDatabase.engines)
    func treasurer(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let service = try #require(city.city.services["pbg"])
        let docket = try await Self.filed(city, service, agency: "pu")
        let found = try #require(try await city.services.find(docket)?.serviceCase)
        let own = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let other = try await city.officer("johan", agency: "kebersihan", roles: [.officer, .treasurer])
        let both = try await city.officer("dewi", agency: "pu", roles: [.officer, .treasurer])
        #expect(own.sight(of: found, service: service) == .money && !own.sees(found, service: service))
        #expect(other.sight(of: found, service: service) == .nothing && other.performers(at: "pu").isEmpty)
        #expect(both.sight(of: found, service: service) == .dossier)
        #expect(try await city.services.inbox(.init(), of: own, page: .first).total == 0, "nothing is billed yet")
        #expect(try await city.services.inbox(.init(), of: both, page: .first).total == 1)
        for officer in [own, other] {
            let problem = await Self.problem { try await city.services.write("Halo", on: docket, key: nil, by: .officer(officer)) }
            #expect(problem?.status == .forbidden)
            let contact = await Self.problem {
                try await city.services.changeContact("081299999999", of: docket, hasCheckedIdentity: true, by: .officer(officer))
            }
            #expect(contact?.status == .forbidden)
        }
    }

    @Test("An officer of some districts has nothing to do with cases of others", arguments: TestDatabase.engines)
    func districts(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let service = try #require(city.city.services["pbg"])
        let docket = try await Self.filed(city, service, agency: "pu", subdistrict: "99.01.01.1001")
        let found = try #require(try await city.services.find(docket)?.serviceCase)
        func officer(_ district: String) async throws -> Officer {
            let token = try await city.accounts.create(
                login: district,
                name: district,
                agency: "pu",
                roles: [.officer],
                districts: [district],
                by: .system
            )
            return try #require(try await city.accounts.claimant(token: token))
        }
        let (here, there) = (try await officer("99.01.01"), try await officer("99.01.02"))
        #expect(here.sees(found, service: service) && !there.sees(found, service: service))
        #expect(try await city.services.inbox(.init(), of: here, page: .first).total == 1)
        #expect(try await city.services.inbox(.init(), of: there, page: .first).total == 0)
        let problem = await Self.problem { try await city.services.act("lengkap", on: docket, key: nil, by: .officer(there)) }
        #expect(problem?.status == .forbidden)
    }

    @Test("Whoever audits holds no other role: none is given, and none counts", arguments: TestDatabase.engines)
    func auditor(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let problem = await Self.problem { _ = try await city.officer("ani", agency: "pu", roles: [.auditor, .head]) }
        #expect(problem?.code == "account.auditor-only")
        let officer = Officer(
            account: Identifier(at: city.clock.now),
            number: 1,
            name: "Ani",
            agency: "pu",
            roles: [.auditor, .head, .officer, .screener, .treasurer],
            districts: []
        )
        #expect(officer.roles == [.auditor] && !officer.mayWork(agency: "pu", district: nil) && officer.performers(at: "pu").isEmpty)
        let auditor = try await city.officer("ani", agency: "pu", roles: [.auditor])
        let head = try await city.officer("butet", agency: "setda", roles: [.head])
        let foreigner = try await city.officer("joko", agency: "kebersihan", roles: [.officer])
        let today = city.clock.now.date(in: city.city.zone)
        for account in [auditor.account, foreigner.account] {
            let appointed = await Self.problem {
                let appointment = Accounts.Appointment(account, at: "pu", as: .plh, order: "800/1", on: today...today)
                try await city.accounts.appointActing(appointment, under: "setda", by: head)
            }
            #expect(appointed?.fields.first?.name == "officer")
        }
    }

    @Test("Whoever orders money out does not hold it: a treasurer stands in for no head", arguments: TestDatabase.engines)
    func ordersAndHolds(engine: Engine) async throws {
        let city = try await TestCity(engine)
        await #expect(throws: Problem.self) { try await city.officer("a", agency: "pu", roles: [.head, .treasurer]) }
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.officer, .treasurer])
        let today = city.clock.now.date(in: city.city.zone)
        let refused = await Self.problem {
            let appointment = Accounts.Appointment(rosa.account, at: "pu", as: .plh, order: "800/1", on: today...today)
            try await city.accounts.appointActing(appointment, by: .system)
        }
        #expect(refused?.fields.first?.name == "officer" && refused?.fields.first?.message.id.contains("PP 12/2019 ps. 4") == true)
        #expect(try await city.journal.read { try Accounts.officer(rosa.account.description, on: today, in: $0) }?.roles == rosa.roles)
        // One who was appointed before this was refused.
        try await city.journal.commit { act in
            try act.append(
                "position.acting-appointed",
                to: "position/pu",
                by: .system,
                facts: ["agency": "pu", "from": .string(today.description), "until": .string(today.description)],
                inner: ["appointed": .string(rosa.account.description)]
            )
        }
        let acting = try await city.journal.read { try Accounts.officer(rosa.account.description, on: today, in: $0) }
        #expect(acting?.roles == [.officer, .head, .signer])
    }

    @Test("The agency above appoints who stands in for a head, and a supervisor, who end it again; nobody else")
    func appointing() async throws {
        let city = try await TestCity(.sqlite)
        let worker = try await city.officer("ucok", agency: "pu", roles: [.officer])
        let today = city.clock.now.date(in: city.city.zone)
        for (roles, agency, may) in [
            ([.head], "setda", true), ([.head], "pu", false), ([.head], "kebersihan", false), ([.supervisor], "kominfo", true),
            ([.officer], "setda", false),
        ] as [(Set<Role>, String, Bool)] {
            let officer = try await city.officer("\(roles)\(agency)", agency: agency, roles: roles)
            let problem = await Self.problem {
                let dates = today...today.adding(days: 9)
                let appointment = Accounts.Appointment(worker.account, at: "pu", as: .plh, order: "800/1", on: dates)
                try await city.accounts.appointActing(appointment, under: "setda", by: officer)
                let account = worker.account.description
                #expect(try await city.accounts.heads(on: today)["pu"]?.account == worker.account)
                try await city.accounts.endActing(account, agency: "pu", under: "setda", from: today, by: officer)
            }
            #expect((problem == nil) == may, "\(roles) at \(agency)")
            #expect(try await city.accounts.actingOfficials(from: today).isEmpty)
        }
    }

    @Test("A counter fills in what its agency answers for, and what the pack names it for", arguments: ["contoh", "medan"])
    func counters(pack: String) async throws {
        let city = try await TestCity(.sqlite, pack: pack)
        for service in city.city.services.services {
            for agency in city.city.agencyOrder {
                let isDistrict = city.city.agency(agency).district != nil
                let named = city.city.services.counters.union(service.counters)
                let may =
                    agency == service.agency || named.contains(agency)
                    || (isDistrict && (named.contains("district") || service.agency == "district"))
                #expect(city.city.counter(of: agency, takes: service) == may, "\(agency) \(service.code)")
            }
        }
        let market = pack == "medan" ? "ketapang" : "kebersihan"
        let service = try #require(city.city.services["akta-kelahiran"])
        let clerk = try await city.officer("rini", agency: market, roles: [.clerk, .officer, .head])
        let problem = await Self.problem { _ = try await city.services.newDraft(service, language: .indonesian, clerk: clerk) }
        #expect(problem?.status == .forbidden)
        let identity = await Self.problem {
            try await city.residents.identify(contact: "a@contoh.id", code: "1", name: "Wali Kota", number: "1271015708909999", by: clerk)
        }
        #expect(identity?.code == "identity.not-allowed")
        let officer = try await city.officer("budi", agency: service.agency, roles: [.officer, .head])
        #expect(!city.services.mayFillIn(service, officer), "an officer is no clerk")
    }
}
