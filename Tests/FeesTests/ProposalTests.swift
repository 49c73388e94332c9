// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Identity
import Journal
import Storage
import TestSupport
import Testing

/// What something speaks against is recorded by two people, and by nobody alone.
@Suite("Rows recorded by two people")
struct ProposalTests {
    private struct Scene: Sendable {
        let city: TestCity
        let rosa: Officer
        let head: Officer
        let bill: String

        init(_ engine: Engine) async throws {
            city = try await TestCity(engine)
            rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
            head = try await city.officer("kepala", agency: "pu", roles: [.head])
            bill = try await UndoingTests.Scene.bill(city)
        }

        var today: CivilDate { city.clock.now.date(in: city.city.zone) }

        func row(_ text: String? = nil, ordinal: Int = 1, statement: String = "a", day: CivilDate? = nil) -> BankStatement.Finding {
            BankStatement.Finding(
                text: text ?? "QRIS \(bill)",
                amount: 194_400,
                day: day ?? today,
                ordinal: ordinal,
                fingerprint: statement,
                compared: .max
            )
        }

        func withoutReason(_ row: BankStatement.Finding) async -> String? {
            await ProposalTests.code { try await city.record(row, for: bill, by: rosa) }
        }

        func propose(_ row: BankStatement.Finding, key: String? = nil) async throws {
            try await city.fees.propose(row, for: bill, reason: "Ada di rekening koran", key: key, by: rosa)
        }

        func proposals(_ officer: Officer? = nil) async throws -> [Fees.Proposal] {
            try await city.fees.day(today, of: officer ?? head).proposals
        }

        @discardableResult
        func record() async throws -> String {
            let id = try #require(try await proposals().first?.id)
            return try await city.fees.record(proposal: id, key: "k-\(id)", by: head)
        }

        func told(_ reference: String = "bank:REFSATU1", _ words: String? = nil) async throws {
            try await city.fees.take(194_400, for: bill, by: .qris, reference: reference, told: words, actor: .system)
        }

        func undone(_ reference: String = "bank:REFSATU1", _ words: String? = nil) async throws {
            try await city.fees.reverse(
                reference: reference,
                of: bill,
                amount: 194_400,
                reason: "refunded",
                told: words,
                actor: .system
            )
        }

        func balance() async throws -> Int { try await city.journal.read { try Fees.balances(in: $0) }.reduce(0) { $0 + $1.amount } }
    }

    private static func code(_ body: () async throws -> Void) async -> String? {
        do { try await body() } catch { return (error as? Problem)?.code ?? "\(error)" }
        return nil
    }

    @Test("Whatever speaks against a row needs a reason; what nothing does, none", arguments: TestDatabase.engines)
    func objections(engine: Engine) async throws {
        let scene = try await Scene(engine)
        func needs(_ what: String, _ change: (inout BankStatement.Finding) -> Void) async throws {
            var row = scene.row()
            change(&row)
            #expect(await scene.withoutReason(row) == "form.incomplete", "\(what)")
        }
        try await needs("it names no bill") { $0 = scene.row("TELLER") }
        try await needs("it came before the bill") { $0 = scene.row(day: scene.today.adding(days: -1)) }
        try await needs("as much went out again") { $0.isMirrored = true }
        try await needs("it was taken back") { $0.isTakenBack = true }
        try await needs("something is alike") { $0.alike = ["STS-1"] }
        try await needs("it may have come back") { $0.order = "\(scene.bill)-1" }
        #expect(await scene.withoutReason(scene.row()) == nil)
        try await needs("nothing is owed, and as much is recorded") { $0 = scene.row(ordinal: 2) }
        let other = try await Scene(engine)
        try await other.undone()
        #expect(await other.withoutReason(other.row()) == "form.incomplete", "the bank took as much of the bill back")
        #expect(await other.withoutReason(other.row("QRIS REFSATU1 \(other.bill)")) == "form.incomplete", "or what the row names")
    }

    @Test("The treasurer proposes, another person who is head records; each sees what is theirs", arguments: TestDatabase.engines)
    func twoPeople(engine: Engine) async throws {
        let scene = try await Scene(engine)
        let (city, rosa, head) = (scene.city, scene.rosa, scene.head)
        let auditor = try await city.officer("audit", agency: "setda", roles: [.auditor])
        let lain = try await city.officer("lain", agency: "kebersihan", roles: [.treasurer])
        let headOfOther = try await city.officer("kepala-lain", agency: "kebersihan", roles: [.head])
        let row = scene.row("TELLER BUDI")
        #expect(
            await Self.code { try await city.fees.propose(row, for: scene.bill, reason: "Uangnya ada", by: lain) } == "fees.other-agency"
        )
        #expect(await Self.code { try await city.fees.propose(row, for: scene.bill, reason: "-", by: rosa) } == "form.incomplete")
        for _ in 0..<2 { try await scene.propose(row, key: "a") }
        #expect(await Self.code { try await scene.propose(row, key: "b") } == "statement.proposed-before")
        #expect(try await city.fees.doubts(of: [(row, scene.bill)]).map(\.isProposed) == [true])
        #expect(try await city.fees.find(scene.bill)?.outstanding == 194_400, "until it is decided it does not count")
        for looker in [rosa, head, auditor] {
            let seen = try #require(try await scene.proposals(looker).first)
            #expect("\(seen.text) \(seen.reason) \(seen.proposer)" == "TELLER BUDI Ada di rekening koran \(rosa.account)")
            #expect(seen.doubt?.isUnnamed == true && seen.payments.isEmpty)
        }
        #expect(try await scene.proposals(lain).isEmpty)
        #expect(try await city.fees.waiting(for: head).bills == 1)
        let id = try #require(try await scene.proposals().first?.id)
        #expect(await Self.code { try await city.fees.record(proposal: id, by: rosa) } == "fees.head-only")
        #expect(await Self.code { try await city.fees.record(proposal: id, by: headOfOther) } == "fees.other-agency")
        let both = Officer(account: rosa.account, number: rosa.number, name: rosa.name, agency: "pu", roles: [.head], districts: [])
        #expect(await Self.code { try await city.fees.record(proposal: id, by: both) } == "statement.own-proposal")
        #expect(await Self.code { try await city.fees.decline(proposal: id, reason: "Bukan ini", by: both) } == "statement.own-proposal")
        let receipt = try await scene.record()
        #expect(try await city.fees.record(proposal: id, key: "k-\(id)", by: head) == receipt, "sent again it is the same")
        #expect(await Self.code { try await city.fees.record(proposal: id, by: head) } == "statement.proposal-decided")
        #expect(try await city.fees.find(scene.bill)?.outstanding == 0)
        let entry = try await city.journal.read { try city.journal.entries(of: "bill/\(scene.bill)", in: $0).last }
        #expect(entry?.actor.account == head.account && entry?.inner?["proposer"]?.string == rosa.account.description)
        #expect(entry?.facts["proposal"]?.string == id)
        #expect(try await scene.balance() == 0)
        try await city.journal.rebuild()
        #expect(try await scene.proposals().isEmpty)
    }

    @Test("What is declined stays readable, and can be proposed anew", arguments: TestDatabase.engines)
    func declined(engine: Engine) async throws {
        let scene = try await Scene(engine)
        let (fees, head) = (scene.city.fees, scene.head)
        try await scene.propose(scene.row("TELLER"), key: "a")
        let id = try #require(try await scene.proposals().first?.id)
        #expect(await Self.code { try await fees.decline(proposal: id, reason: "", by: head) } == "form.incomplete")
        try await fees.decline(proposal: id, reason: "Tanyakan bank dulu", by: head)
        #expect(await Self.code { try await fees.record(proposal: id, by: head) } == "statement.proposal-decided")
        for looker in [scene.rosa, head] {
            #expect(try await fees.declinedLately(for: looker).map(\.note) == ["Tanyakan bank dulu"])
        }
        try await scene.propose(scene.row("TELLER"), key: "a")
        #expect(try await scene.proposals().count == 1, "by a form from before, too")
        scene.city.clock.set("2026-12-15T09:00:00+07:00")
        #expect(try await fees.declinedLately(for: head).isEmpty)
    }

    @Test("What speaks against a row only since the head's page was opened is read before it is recorded", arguments: TestDatabase.engines)
    func staleDecision(engine: Engine) async throws {
        let scene = try await Scene(engine)
        let (fees, head) = (scene.city.fees, scene.head)
        try await scene.propose(scene.row("QRIS REFSATU1 \(scene.bill)"))
        let shown = try #require(try await scene.proposals().first)
        #expect(shown.doubt?.speaks == false)
        try await scene.undone()
        #expect(await Self.code { try await fees.record(proposal: shown.id, seen: shown.doubt?.mark, by: head) } == "statement.other-since")
        let again = try #require(try await scene.proposals().first)
        #expect(again.doubt?.speaks == true)
        try await fees.record(proposal: again.id, seen: again.doubt?.mark, by: head)
        #expect(try await fees.find(scene.bill)?.outstanding == 0, "two people say that it is there")
    }

    @Test("Whoever proposed a row takes it back while nobody has decided, and proposes it anew", arguments: TestDatabase.engines)
    func retracted(engine: Engine) async throws {
        let scene = try await Scene(engine)
        let (fees, rosa, head) = (scene.city.fees, scene.rosa, scene.head)
        let dewi = try await scene.city.officer("dewi", agency: "pu", roles: [.treasurer])
        try await scene.propose(scene.row("TELLER"), key: "a")
        let id = try #require(try await scene.proposals().first?.id)
        #expect(await Self.code { try await fees.retract(proposal: id, by: head) } == "fees.treasurer-only")
        #expect(await Self.code { try await fees.retract(proposal: id, by: dewi) } == "statement.others-proposal")
        for _ in 0..<2 { try await fees.retract(proposal: id, key: "b", by: rosa) }
        #expect(await Self.code { try await fees.retract(proposal: id, by: rosa) } == "statement.proposal-decided")
        #expect(await Self.code { try await fees.record(proposal: id, by: head) } == "statement.proposal-decided")
        #expect(try await scene.proposals().isEmpty)
        #expect(try await fees.declinedLately(for: rosa).isEmpty, "nobody declined it")
        try await scene.city.journal.rebuild()
        #expect(try await scene.proposals().isEmpty)
        try await scene.propose(scene.row("TELLER"), key: "a")
        #expect(try await scene.proposals().count == 1)
    }

    @Test("What would surely be booked twice is refused, at proposing and at recording", arguments: TestDatabase.engines)
    func double(engine: Engine) async throws {
        let scene = try await Scene(engine)
        let row = scene.row("QRIS REFSATU1 \(scene.bill)")
        #expect(await scene.withoutReason(row) == nil)
        #expect(await Self.code { try await scene.propose(row) } == "statement.recorded-before")
        // The bank's name stands in its place by now, and another bill is meant.
        try await scene.told()
        let other = try await UndoingTests.Scene.bill(scene.city)
        #expect(
            await Self.code { try await scene.city.fees.propose(row, for: other, reason: "Uang lain", by: scene.rosa) }
                == "statement.recorded-before"
        )
    }

    @Test("What came since it was proposed may be the same money: it is declined and compared again", arguments: TestDatabase.engines)
    func toldSince(engine: Engine) async throws {
        let scene = try await Scene(engine)
        try await scene.propose(scene.row("TELLER"))
        try await scene.told()
        #expect(await Self.code { try await scene.record() } == "statement.recorded-since")
        let seen = try #require(try await scene.proposals().first)
        #expect(seen.payments.count == 1 && seen.doubt?.alike.count == 1 && seen.doubt?.isSettled == true, "worked out anew")
        // Of a bill that the row names and that it is not proposed for.
        let second = try await Scene(engine)
        let other = try await UndoingTests.Scene.bill(second.city)
        try await second.propose(second.row("TELLER \(other)"))
        try await second.city.fees.take(1_000, for: other, by: .qris, reference: "bank:X1234", actor: .system)
        #expect(await Self.code { try await second.record() } == "statement.recorded-since")
    }

    @Test("Two people overrule what the bank said it took back, until their recording is taken back", arguments: TestDatabase.engines)
    func overruled(engine: Engine) async throws {
        let scene = try await Scene(engine)
        let (city, head) = (scene.city, scene.head)
        try await scene.undone()
        try await scene.undone("bank:LAIN9999")
        let row = scene.row("QRIS REFSATU1 \(scene.bill)")
        try await scene.propose(row)
        let receipt = try await scene.record()
        func strays() async throws -> [String] {
            let day = try await city.fees.day(scene.today, of: head)
            return (day.strays + day.settledStrays).map { "\($0.reference) \($0.state) \($0.note)" }.sorted()
        }
        #expect(try await strays() == ["bank:LAIN9999 open ", "bank:REFSATU1 here tercatat \(receipt)"], "another name is another attempt")
        try await city.journal.rebuild()
        #expect(try await strays() == ["bank:LAIN9999 open ", "bank:REFSATU1 here tercatat \(receipt)"])
        let text = "tanggal,keterangan,debit,kredit\n\(scene.today),\(row.text),,194400\n"
        let result = try await city.fees.reconcile(try BankStatement(csv: Array(text.utf8)), by: scene.rosa)
        #expect(result.matched.count == 1 && result.takenBack.isEmpty)
        try await scene.told()
        #expect(try await city.fees.find(scene.bill)?.excess == 0, "told late it is the same money")
        let second = try await Scene(engine)
        try await second.undone()
        try await second.propose(second.row("QRIS REFSATU1 \(second.bill)"))
        let mistaken = try await second.record()
        try await second.city.fees.doubt(mistaken, reason: "Kode salah", by: second.rosa)
        try await second.city.fees.correct(mistaken, by: second.head)
        #expect(try await second.city.fees.day(second.today, of: second.head).strays.map(\.note) == [""])
    }

    @Test("Told again after it was booked out it is a question, and its row can be recorded by two people", arguments: TestDatabase.engines)
    func toldAgain(engine: Engine) async throws {
        let scene = try await Scene(engine)
        let (city, rosa, head) = (scene.city, scene.rosa, scene.head)
        try await scene.told("bank:REFSATU1", "00 a")
        try await scene.undone("bank:REFSATU1", "06 a")
        func asked() async throws -> [String] { try await city.fees.day(scene.today, of: rosa).toldAgain.map(\.reference) }
        #expect(try await asked().isEmpty)
        for words in ["00 b", "00 b", "00 c"] { try await scene.told("bank:REFSATU1", words) }
        #expect(try await asked() == ["bank:REFSATU1"], "once while it is open")
        #expect(try await city.fees.find(scene.bill)?.outstanding == 194_400)
        #expect(try await city.journal.read { try Fees.hasQuestions(about: "A", in: $0) })
        #expect(try await city.fees.waiting(for: rosa).again == 1)
        let entry = try #require(try await city.fees.day(scene.today, of: rosa).toldAgain.first?.entry)
        #expect(await Self.code { try await city.fees.closeToldAgain(entry, note: "Tidak ada", by: head) } == "fees.treasurer-only")
        #expect(await Self.code { try await city.fees.closeToldAgain(entry, note: "", by: rosa) } == "form.incomplete")
        try await city.fees.closeToldAgain(entry, note: "Tidak ada di rekening koran", by: rosa)
        #expect(try await city.fees.toldAgainLately(for: head).map(\.note) == ["Tidak ada di rekening koran"])
        try await scene.told("bank:REFSATU1", "00 b")
        #expect(try await asked().isEmpty, "the same words were looked into")
        try await scene.told("bank:REFSATU1", "00 d")
        #expect(try await asked().count == 1)
        let text = "tanggal,keterangan,debit,kredit\n\(scene.today),QRIS REFSATU1 \(scene.bill),,194400\n"
        let statement = try BankStatement(csv: Array(text.utf8))
        let result = try await city.fees.reconcile(statement, by: rosa)
        #expect(result.takenBack.count == 1 && result.open == 1)
        let missing = try #require(try await city.fees.recordable(result.takenBack, of: "pu").first)
        #expect(missing.bill?.number == scene.bill)
        try await scene.propose(scene.row(missing.row.text))
        let receipt = try await scene.record()
        #expect(try await city.fees.find(scene.bill)?.outstanding == 0)
        #expect(try await asked().isEmpty)
        #expect(try await city.fees.toldAgainLately(for: head).contains { $0.note == "tercatat \(receipt)" })
        let after = try await city.fees.reconcile(statement, by: rosa)
        #expect(after.matched.map(\.ground) == [.row] && after.open == 0 && after.takenBack.isEmpty)
        // Told once more it is what was recorded; taken back in other words it is that, too, and in the same it is an old notice.
        try await scene.told("bank:REFSATU1", "00 e")
        try await scene.undone("bank:REFSATU1", "06 a")
        #expect(try await asked().isEmpty)
        #expect(try await city.fees.find(scene.bill)?.outstanding == 0)
        try await scene.undone("bank:REFSATU1", "04 b")
        #expect(try await city.fees.find(scene.bill)?.outstanding == 194_400)
        #expect(try await scene.balance() == 0)
        try await city.journal.rebuild()
        #expect(try await scene.balance() == 0)
        #expect(try await asked().isEmpty)
        // Once more: the row was recorded before, and is booked out again.
        try await scene.propose(scene.row(missing.row.text))
        try await scene.record()
        #expect(try await city.fees.find(scene.bill)?.outstanding == 0)
        #expect(try await scene.balance() == 0)
    }
}
