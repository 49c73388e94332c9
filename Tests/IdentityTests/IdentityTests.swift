// SPDX-License-Identifier: EUPL-1.2

import Essentials
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

    @Test("An account is claimed once, then opens with password and code, and a code serves once", arguments: TestDatabase.engines)
    func signIn(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let token = try await city.accounts.create(login: "Rani", name: "Rani", agency: "kominfo", roles: [.screener], by: .system)
        let secret = city.accounts.authenticatorSecret(token: token)
        func code() -> String { TOTP.code(secret: secret, step: city.clock.now.milliseconds / 30_000) }
        await #expect(throws: Problem.self) { try await city.accounts.claim(token: token, password: "pendek", code: code()) }
        try await city.accounts.claim(token: token, password: "kuda nil makan rumput", code: code())
        #expect(try await city.accounts.claimant(token: token) == nil)
        city.clock.set("2026-11-02T09:01:00+07:00")
        await #expect(throws: Problem.self) {
            try await city.accounts.signIn(login: "rani", password: "salah sekali ini", code: code(), address: "a")
        }
        let session = try await city.accounts.signIn(login: " RANI ", password: "kuda nil makan rumput", code: code(), address: "a")
        #expect(try await city.accounts.officer(session: session)?.agency == "kominfo")
        await #expect(throws: Problem.self) {
            try await city.accounts.signIn(login: "rani", password: "kuda nil makan rumput", code: code(), address: "a")
        }
        city.clock.set("2026-11-02T20:00:00+07:00")
        #expect(try await city.accounts.officer(session: session) == nil)
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

    @Test("Guessing is stopped after a few attempts")
    func throttled() async throws {
        let city = try await TestCity(.sqlite)
        for _ in 0..<8 { _ = try? await city.accounts.signIn(login: "x", password: "y", code: "0", address: "a") }
        let problem = await #expect(throws: Problem.self) {
            try await city.accounts.signIn(login: "x", password: "y", code: "0", address: "a")
        }
        #expect(problem?.status == .tooMany)
    }

    @Test("An acting official stands in on the days of the appointment only", arguments: TestDatabase.engines)
    func acting(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let deputy = try await city.officer("wakil", agency: "kominfo", roles: [.officer])
        let (from, until) = (try #require(CivilDate("2026-11-10")), try #require(CivilDate("2026-11-12")))
        try await city.accounts.appointActing(deputy.account, agency: "pu", dates: from...until, by: .system)
        let found = try await city.journal.read { snapshot in
            try [from, until.adding(days: 1)].map { try Accounts.head(of: "pu", on: $0, in: snapshot)?.number }
        }
        #expect(found == [deputy.number, head.number])
    }
}
