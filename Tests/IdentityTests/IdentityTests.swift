// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Foundation
import Identity
import Journal
import Storage
import TestSupport
import Testing

@Suite struct IdentityTests {
    @Test(
        "One-time codes are those of RFC 6238",
        arguments: [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
    )
    func vectors(seconds: Int64, code: String) {
        #expect(TOTP.code(secret: Array("12345678901234567890".utf8), step: seconds / 30) == code)
    }

    @Test(
        "An account is claimed once, which signs in; then it opens with password and code, and a code serves once",
        arguments: TestDatabase.engines
    )
    func signIn(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let token = try await city.accounts.create(login: "Rani", name: "Rani", agency: "kominfo", roles: [.screener], by: .system)
        let rani = Member(city, secret: city.accounts.authenticatorSecret(token: token))
        await #expect(throws: Problem.self) { try await city.accounts.claim(token: token, password: "pendek", code: rani.code()) }
        let claimed = try await city.accounts.claim(token: token, password: Member.password, code: rani.code())
        #expect(try await city.accounts.claimant(token: token) == nil)
        #expect(try await city.accounts.officer(session: claimed.signedIn.session)?.agency == "kominfo", "nobody types the same code twice")
        city.clock.set("2026-11-02T09:01:00+07:00")
        await #expect(throws: Problem.self) { try await rani.signIn(password: "salah sekali ini") }
        let session = try await rani.signIn(login: " RANI ").session
        #expect(try await city.accounts.officer(session: session)?.agency == "kominfo")
        await #expect(throws: Problem.self) { try await rani.signIn() }
    }

    @Test("A session ends after ten hours without use, and after twelve whatever is done with it", arguments: TestDatabase.engines)
    func sessionEnds(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rani = try await Member(city)
        let idle = try await rani.signIn(at: "2026-11-02T09:01:00+07:00").session
        let used = try await rani.signIn(at: "2026-11-02T09:02:00+07:00").session
        for hour in 10...20 {
            city.clock.set("2026-11-02T\(hour):00:00+07:00")
            #expect(try await city.accounts.officer(session: used) != nil)
        }
        #expect(try await city.accounts.officer(session: idle) == nil)
        city.clock.set("2026-11-02T21:03:00+07:00")
        #expect(try await city.accounts.officer(session: used) == nil)
    }

    @Test("A program's key reads for its owner until its day has passed, or it is revoked", arguments: TestDatabase.engines)
    func access(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rani = try await city.officer("rani", agency: "kominfo", roles: [.screener])
        let budi = try await city.officer("budi", agency: "pu", roles: [.officer])
        let key = try await city.accounts.issueAccess(name: "lembar kerja", days: 2, by: rani)
        #expect(try await city.accounts.officer(access: key)?.account == rani.account)
        #expect(try await city.accounts.officer(access: key + "x") == nil)
        try await city.accounts.revokeAccess(try #require(try await city.accounts.accesses(of: rani.account).first).entry, by: budi)
        try await city.journal.rebuild()
        #expect(try await city.accounts.officer(access: key) != nil, "nobody else can revoke it, and replay keeps it")
        city.clock.set("2026-11-05T09:00:00+07:00")
        #expect(try await city.accounts.officer(access: key) == nil)
        let other = try await city.accounts.issueAccess(name: "lagi", days: 2, by: rani)
        try await city.accounts.revokeAccess(try #require(try await city.accounts.accesses(of: rani.account).first).entry, by: rani)
        #expect(try await city.accounts.officer(access: other) == nil)
        await #expect(throws: Problem.self) { try await city.accounts.issueAccess(name: "", days: 400, by: rani) }
    }

    // MARK: Guessing

    @Test(
        "Whoever guesses shuts nobody out: after many failures two codes in a row open the account from anywhere",
        arguments: TestDatabase.engines
    )
    func nobodyIsShutOut(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rani = try await Member(city)
        for _ in 0..<40 { _ = try? await rani.signIn(password: "tebakan orang lain", code: "000000", network: "penyerang") }
        city.clock.set("2026-11-02T09:10:00+07:00")
        let asked = await #expect(throws: Problem.self) { try await rani.signIn(network: "rumah") }
        #expect(asked?.code == "sign-in.two-codes" && asked?.status == .unacceptable, "asked for more, not refused")
        let first = rani.code()
        city.clock.set("2026-11-02T09:10:30+07:00")
        #expect(try await city.accounts.officer(session: rani.signIn(code: first, next: rani.code(), network: "rumah").session) != nil)
    }

    @Test("A device that its owner has signed in with notices nothing of what others guess", arguments: TestDatabase.engines)
    func knownDevice(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rani = try await Member(city)
        let device = try await rani.signIn(at: "2026-11-02T09:05:00+07:00").device
        for _ in 0..<40 { _ = try? await rani.signIn(password: "tebakan", code: "000000", network: "kantor") }
        city.clock.set("2026-11-02T09:10:00+07:00")
        #expect(try await city.accounts.officer(session: rani.signIn(network: "kantor", device: device).session) != nil)
        city.clock.set("2026-11-02T09:11:00+07:00")
        let problem = await #expect(throws: Problem.self) { try await rani.signIn(network: "kantor", device: "karangan") }
        #expect(problem?.code == "sign-in.two-codes", "a name that was made up is no known device")
    }

    @Test("An office of hundreds behind one address signs in one after the other: only failures are counted")
    func office() async throws {
        let city = try await TestCity(.sqlite)
        let rani = try await Member(city)
        // Each sign-in from a browser that nobody knows, all of them within a quarter of an hour: more than one code may be used at.
        for minute in 0..<12 {
            city.clock.set("2026-11-02T09:\(10 + minute):00+07:00")
            _ = try await rani.signIn(network: "kantor")
        }
        let counted = try await city.journal.read { try $0.count("SELECT COALESCE(MAX(count), 0) FROM sign_in_failure") }
        #expect(counted == 0)
    }

    @Test("Counts outlive a restart, and many guesses at one moment are all counted", arguments: TestDatabase.engines)
    func countsAreKept(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rani = try await Member(city)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try? await rani.signIn(password: "tebakan", code: "000000", network: "x") } }
        }
        let again = Accounts(journal: city.journal, zone: city.city.zone)
        let attempt = SignInAttempt(login: "rani", password: Member.password, code: rani.code(), network: "y")
        let problem = await #expect(throws: Problem.self) { try await again.signIn(attempt) }
        #expect(problem?.code == "sign-in.two-codes")
    }

    @Test("Whoever holds the authenticator guesses the password twenty times a day")
    func passwordGuesses() async throws {
        let city = try await TestCity(.sqlite)
        let rani = try await Member(city)
        for minute in 0..<20 {
            let first = "2026-11-02T10:\(String(format: "%02d", minute)):00+07:00"
            city.clock.set(first)
            let code = rani.code()
            city.clock.set(first.replacing(":00+", with: ":30+"))
            _ = try? await rani.signIn(password: "tebakan \(minute)", code: code, next: rani.code(), network: "n\(minute)")
            _ = try? await rani.signIn(password: "tebakan \(minute)", network: "n\(minute)")
        }
        city.clock.set("2026-11-02T11:00:00+07:00")
        let code = rani.code()
        city.clock.set("2026-11-02T11:00:30+07:00")
        let problem = await #expect(throws: Problem.self) { try await rani.signIn(code: code, next: rani.code(), network: "z") }
        #expect(problem?.code == "sign-in.stopped")
    }

    @Test("An acting official has the powers of the head on their days, and on no other", arguments: TestDatabase.engines)
    func actingHead(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rani = try await Member(city)
        let session = try await rani.signIn(at: "2026-11-02T09:01:00+07:00").session
        let before = try #require(try await city.accounts.officer(session: session))
        #expect(!before.roles.contains(.head))
        let today = city.clock.now.date(in: city.city.zone)
        let dates = today...today.adding(days: 1)
        let appointment = Accounts.Appointment(before.account, at: before.agency, as: .plh, order: "800/1", on: dates)
        try await city.accounts.appointActing(appointment, by: .system)
        let acting = try #require(try await city.accounts.officer(session: session))
        #expect(acting.roles == before.roles.union([.head, .signer]))
        await #expect(throws: Problem.self, "whoever acts for somebody passes that on to nobody") {
            try await city.accounts.appointActing(appointment, under: before.agency, by: acting)
        }
        city.clock.set("\(today.adding(days: 2))T09:00:00+07:00")
        let later = try await rani.signIn(network: "kantor").session
        #expect(try await city.accounts.officer(session: later)?.roles == before.roles)
    }

    // MARK: Changing and losing

    @Test(
        "A changed password ends every other session and every known device, and the old one opens nothing",
        arguments: TestDatabase.engines
    )
    func changePassword(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rani = try await Member(city)
        let here = try await rani.signIn(at: "2026-11-02T09:05:00+07:00")
        let elsewhere = try await rani.signIn(at: "2026-11-02T09:06:00+07:00")
        let officer = try #require(try await city.accounts.officer(session: here.session))
        await #expect(throws: Problem.self) {
            try await city.accounts.changePassword(of: officer, from: "bukan ini", to: "rumput dimakan kuda", session: here.session)
        }
        try await city.accounts.changePassword(of: officer, from: Member.password, to: "rumput dimakan kuda", session: here.session)
        #expect(try await city.accounts.officer(session: here.session) != nil)
        #expect(try await city.accounts.officer(session: elsewhere.session) == nil)
        city.clock.set("2026-11-02T09:08:00+07:00")
        await #expect(throws: Problem.self) { try await rani.signIn() }
        #expect(try await city.accounts.officer(session: rani.signIn(password: "rumput dimakan kuda").session) != nil)
    }

    @Test("A recovery code stands for a lost authenticator, once, and is on record", arguments: TestDatabase.engines)
    func recovery(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rani = try await Member(city)
        let code = try #require(rani.recoveryCodes.first)
        #expect(Set(rani.recoveryCodes).count == 8)
        let session = try await rani.signIn(code: code.uppercased().replacing("-", with: " ")).session
        let officer = try #require(try await city.accounts.officer(session: session))
        await #expect(throws: Problem.self) { try await rani.signIn(code: code) }
        #expect(try await city.accounts.events(of: officer.account).first?.kind == "account.recovery-used")
        try await city.journal.rebuild()
        await #expect(throws: Problem.self) { try await rani.signIn(code: code) }
        _ = try await rani.signIn(code: rani.recoveryCodes[1])
    }

    @Test(
        "A reset account opens by its new link only; who did it and why is on record, and its owner is told",
        arguments: TestDatabase.engines
    )
    func reset(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rani = try await Member(city)
        let session = try await rani.signIn(at: "2026-11-02T09:05:00+07:00").session
        let officer = try #require(try await city.accounts.officer(session: session))
        let key = try await city.accounts.issueAccess(name: "lembar kerja", days: 9, by: officer)
        await #expect(throws: Problem.self) { try await city.accounts.reset(number: officer.number, reason: "", by: .system) }
        let made = try await city.accounts.reset(number: officer.number, reason: "ponsel hilang, KTP diperiksa", by: .system)
        let token = try #require(made)
        #expect(try await city.accounts.officer(session: session) == nil)
        #expect(try await city.accounts.officer(access: key) == nil)
        city.clock.set("2026-11-02T09:08:00+07:00")
        await #expect(throws: Problem.self) { try await rani.signIn() }
        await #expect(throws: Problem.self) { try await rani.signIn(code: rani.recoveryCodes[0]) }
        #expect(try await city.accounts.events(of: officer.account).first?.reason == "ponsel hilang, KTP diperiksa")
        let again = Member(city, secret: city.accounts.authenticatorSecret(token: token))
        let claimed = try await city.accounts.claim(token: token, password: "kata sandi baru sekali", code: again.code())
        #expect(try await city.accounts.officer(session: claimed.signedIn.session)?.account == officer.account)
        #expect(try await city.accounts.reset(number: 9999, reason: "tidak ada", by: .system) == nil)
    }

    // MARK: A fresh code

    @Test(
        "A code lasts a quarter of an hour for what a session alone may not do; a session that guesses codes ends",
        arguments: TestDatabase.engines
    )
    func proof(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rani = try await Member(city)
        let session = try await rani.signIn(at: "2026-11-02T09:05:00+07:00").session
        func isProven() async throws -> Bool { try #require(try await city.accounts.open(session: session)).provenUntil > city.clock.now }
        #expect(try await isProven(), "signing in is a code")
        city.clock.set("2026-11-02T09:20:00+07:00")
        #expect(try await isProven() == false)
        await #expect(throws: Problem.self) { try await city.accounts.prove("000000", session: session) }
        try await city.accounts.prove(rani.code(), session: session)
        #expect(try await isProven())
        await #expect(throws: Problem.self, "a code serves once") { try await city.accounts.prove(rani.code(), session: session) }
        for _ in 0..<9 { _ = try? await city.accounts.prove("000000", session: session) }
        #expect(try await city.accounts.open(session: session) == nil)
    }

    @Test("An acting official stands in on the days of the appointment only", arguments: TestDatabase.engines)
    func acting(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let deputy = try await city.officer("wakil", agency: "pu", roles: [.officer])
        let (from, until) = (try #require(CivilDate("2026-11-10")), try #require(CivilDate("2026-11-12")))
        let appointment = Accounts.Appointment(deputy.account, at: "pu", as: .plh, order: "800/1", on: from...until)
        try await city.accounts.appointActing(appointment, by: .system)
        let found = try await city.journal.read { snapshot in
            try [from, until.adding(days: 1)].map { try Accounts.head(of: "pu", on: $0, in: snapshot)?.number }
        }
        #expect(found == [deputy.number, head.number])
    }

    @Test("Whoever stands in has the whole agency, and not only the districts of their own desk", arguments: TestDatabase.engines)
    func actingEverywhere(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let deputy = try await city.officer("wakil", agency: "pu", roles: [.officer], districts: ["99.01.02"])
        let today = city.clock.now.date(in: city.city.zone)
        func appointment(_ standing: Accounts.ActingStanding) -> Accounts.Appointment {
            Accounts.Appointment(deputy.account, at: "pu", as: standing, order: "800/1/BKD", on: today...today)
        }
        try await city.accounts.appointActing(appointment(.plh), by: .system)
        let acting = try await city.journal.read { snapshot in
            try [Accounts.officer(deputy.account.description, on: today, in: snapshot), Accounts.head(of: "pu", on: today, in: snapshot)]
        }
        for officer in acting { #expect(officer?.number == deputy.number && officer?.sees(agency: "pu", district: "99.01.01") == true) }
        // The same form again is one; with another standing it is another, and is refused in words.
        try await city.accounts.appointActing(appointment(.plh), by: .system)
        await #expect(throws: Problem.self) { try await city.accounts.appointActing(appointment(.plt), by: .system) }
    }

    @Test("One stands in at a time, and nobody for themselves; whoever is refused reads why", arguments: TestDatabase.engines)
    func oneAtATime(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let above = try await city.officer("sekda", agency: "setda", roles: [.head])
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let deputy = try await city.officer("wakil", agency: "pu", roles: [.officer])
        let other = try await city.officer("sekretaris", agency: "pu", roles: [.officer])
        func appoint(_ officer: Officer, _ from: String, _ until: String) async throws -> Problem.Field? {
            let dates = try #require(CivilDate(from))...(try #require(CivilDate(until)))
            do {
                let appointment = Accounts.Appointment(officer.account, at: "pu", as: .plh, order: "800/1", on: dates)
                try await city.accounts.appointActing(appointment, under: "setda", by: above)
                return nil
            } catch let problem as Problem {
                let fault: Problem.Field = try #require(problem.fields.first)
                return fault
            }
        }
        #expect(try await appoint(head, "2026-11-10", "2026-11-12")?.name == "officer")
        #expect(try await appoint(deputy, "2026-11-10", "2026-11-12") == nil)
        for (officer, from, until) in [
            (other, "2026-11-12", "2026-11-20"), (deputy, "2026-11-02", "2026-11-10"), (deputy, "2026-11-10", "2026-11-20"),
            (other, "2026-11-11", "2026-11-11"), (other, "2026-11-02", "2026-11-30"),
        ] {
            let fault = try await appoint(officer, from, until)
            #expect(fault?.name == "from" && fault?.message.id.contains("\(deputy.name) sudah ditunjuk") == true, "\(from) \(until)")
            #expect(fault?.message.id.contains("sampai 12 November 2026") == true)
        }
        #expect(try await appoint(other, "2026-11-13", "2026-11-20") == nil, "the day after is free")
        let first = try #require(CivilDate("2026-11-13"))
        try await city.accounts.endActing(other.account.description, agency: "pu", under: "setda", from: first, by: above)
        #expect(try await appoint(other, "2026-11-14", "2026-11-20") == nil, "one that was ended is in nobody's way")
        #expect(try await appoint(deputy, "2026-11-02", "2026-11-09") == nil)
        #expect(try await appoint(deputy, "2026-11-02", "2026-11-09") == nil, "the same form again")
        try await city.accounts.endActing(other.account.description, agency: "pu", under: "setda", from: first, by: above)
        #expect(try await city.accounts.actingOfficials(from: first).count == 1, "ended twice is ended once")
        for (from, until) in [("2026-10-01", "2026-10-05"), ("2026-11-01", "2026-11-30"), ("9999-12-01", "9999-12-31")] {
            #expect(try await appoint(other, from, until)?.name == "from", "no day that is over, none that is far")
        }
    }

    @Test(
        "An appointment that is ended holds no more and stays on the record, until the moment of its end",
        arguments: TestDatabase.engines
    )
    func ended(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let above = try await city.officer("sekda", agency: "setda", roles: [.head])
        let deputy = try await city.officer("wakil", agency: "pu", roles: [.officer])
        let other = try await city.officer("sekretaris", agency: "pu", roles: [.officer])
        let today = city.clock.now.date(in: city.city.zone)
        let began = city.clock.now
        func appoint(_ officer: Officer, _ order: String) async throws {
            let dates = today...today.adding(days: 3)
            let appointment = Accounts.Appointment(officer.account, at: "pu", as: .plh, order: order, on: dates)
            try await city.accounts.appointActing(appointment, under: "setda", by: above)
        }
        func roles(_ officer: Officer) async throws -> Set<Role>? {
            try await city.journal.read { try Accounts.officer(officer.account.description, on: today, in: $0)?.roles }
        }
        try await appoint(deputy, "800/1")
        #expect(try await roles(deputy)?.contains(.signer) == true)
        city.clock.set("2026-11-02T14:00:00+07:00")
        let account = deputy.account.description
        try await city.accounts.endActing(account, agency: "pu", under: "setda", from: today, by: above)
        #expect(try await roles(deputy) == [.officer], "from that moment on, also on the same day")
        city.clock.set("2026-11-02T15:00:00+07:00")
        try await appoint(other, "800/2")
        try await city.accounts.endActing(other.account.description, agency: "pu", under: "setda", from: today, by: above)
        try await appoint(deputy, "800/3")
        for round in 1...2 {
            let past = try await city.accounts.pastActingOfficials(on: today, page: .first, size: 25)
            #expect(past.total == 2 && Set(past.rows.map(\.order)) == ["800/1", "800/2"], "round \(round)")
            let first = past.rows.first { $0.order == "800/1" }
            #expect(first?.dates == today...today.adding(days: 3))
            #expect(first?.endedAt == Instant(rfc3339: "2026-11-02T14:00:00+07:00"))
            #expect(try await city.accounts.standing(of: account, at: "pu", at: began) == .plh)
            let between = try #require(Instant(rfc3339: "2026-11-02T14:30:00+07:00"))
            #expect(try await city.accounts.standing(of: account, at: "pu", at: between) == nil)
            try await city.journal.rebuild()
        }
        #expect(try await city.accounts.actingOfficials(from: today).map(\.order) == ["800/3"])
    }

    @Test("A Plt stands in where the office is vacant, for as long as the city has it, and no head beside", arguments: TestDatabase.engines)
    func vacant(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let supervisor = try await city.officer("sekda", agency: "setda", roles: [.supervisor])
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let deputy = try await city.officer("wakil", agency: "pu", roles: [.officer])
        let vacancy = try #require(city.city.vacancy)
        func fault(_ from: String, _ until: String) async throws -> Problem.Field? {
            let dates = try #require(CivilDate(from))...(try #require(CivilDate(until)))
            do {
                let appointment = Accounts.Appointment(deputy.account, at: "pu", as: .plt, order: "800/1", on: dates)
                try await city.accounts.appointActing(appointment, under: "setda", within: vacancy, by: supervisor)
                return nil
            } catch let problem as Problem { return problem.fields.first }
        }
        let taken = try await fault("2026-11-02", "2026-12-01")
        #expect(taken?.name == "standing" && taken?.message.id.contains("petugas \(head.number), masih kepala") == true)
        _ = try await city.accounts.disable(number: head.number, by: .system) { _, _ in }
        let long = try await fault("2026-11-02", "2027-02-02")
        #expect(long?.name == "until" && long?.message.id.contains("SE BKN 1/2021 [harus dikonfirmasi kota]") == true)
        #expect(try await fault("2026-11-02", "2027-02-01") == nil)
        let second = await #expect(throws: Problem.self) { try await city.officer("baru", agency: "pu", roles: [.head]) }
        #expect(second?.code == "account.head-is-stood-in-for", "two would head it on the same day")
        #expect(try await fault("2027-02-10", "2027-05-09") == nil, "once renewed")
        #expect(try await fault("2027-05-20", "2027-06-01")?.name == "until", "a few days between are no new beginning")
        #expect(try await fault("2027-07-01", "2027-07-31") == nil)
        #expect(try await fault("2027-06-05", "2027-06-20")?.name == "until", "nor are days between that are filled in afterwards")
        #expect(try await fault("2027-08-05", "2027-08-31") == nil)
    }

    @Test("An appointment names its order and whether it is Plt or Plh; nobody appoints themselves", arguments: TestDatabase.engines)
    func orders(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let supervisor = try await city.officer("sekda", agency: "setda", roles: [.supervisor])
        let deputy = try await city.officer("wakil", agency: "pu", roles: [.officer])
        let today = city.clock.now.date(in: city.city.zone)
        func fault(_ officer: Officer, at agency: String, order: String) async throws -> Problem.Field? {
            do {
                let appointment = Accounts.Appointment(officer.account, at: agency, as: .plt, order: order, on: today...today)
                try await city.accounts.appointActing(appointment, under: nil, by: supervisor)
                return nil
            } catch let problem as Problem { return problem.fields.first }
        }
        for order in ["", " \u{200B}\n", String(repeating: "8", count: 101)] {
            #expect(try await fault(deputy, at: "pu", order: order)?.name == "order")
        }
        let own = try await fault(supervisor, at: "setda", order: "800/12")
        #expect(own?.name == "officer" && own?.message.id == "Tidak ada yang menunjuk dirinya sendiri")
        let second = try await city.officer("asisten", agency: "setda", roles: [.supervisor])
        #expect(try await fault(second, at: "setda", order: "800/12")?.message.id.contains("Pengawas") == true)
        #expect(try await city.accounts.actingOfficials(from: today).isEmpty)
        #expect(try await fault(deputy, at: "pu", order: " 800/12/\u{202E}BKD\n2026 ") == nil)
        let acting = try #require(try await city.accounts.actingOfficials(from: today).first)
        #expect(acting.standing == .plt && acting.order == "800/12/BKD 2026")
        let entry = try #require(try await city.journal.read { try city.journal.entries(of: "position/pu", in: $0) }.first)
        #expect(entry.facts["standing"] == "plt" && entry.inner?["order"] == "800/12/BKD 2026")
    }
}

/// An officer of a test: Rani, who has claimed her account.
private struct Member: Sendable {
    static let password = "kuda nil makan rumput"

    let city: TestCity
    let secret: [UInt8]
    var recoveryCodes: [String] = []

    init(_ city: TestCity, secret: [UInt8]) {
        self.city = city
        self.secret = secret
    }

    init(_ city: TestCity) async throws {
        let token = try await city.accounts.create(login: "rani", name: "Rani", agency: "kominfo", roles: [.screener], by: .system)
        self.init(city, secret: city.accounts.authenticatorSecret(token: token))
        recoveryCodes = try await city.accounts.claim(token: token, password: Self.password, code: code()).recoveryCodes
        city.clock.set("2026-11-02T09:01:00+07:00")
    }

    /// What the authenticator shows.
    func code() -> String { TOTP.code(secret: secret, step: city.clock.now.milliseconds / 30_000) }

    func signIn(
        at moment: String? = nil,
        login: String = "rani",
        password: String = password,
        code: String? = nil,
        next: String = "",
        network: String = "kantor",
        device: String? = nil
    ) async throws -> SignedIn {
        if let moment { city.clock.set(moment) }
        return try await city.accounts.signIn(
            SignInAttempt(login: login, password: password, code: code ?? self.code(), next: next, network: network, device: device)
        )
    }
}
