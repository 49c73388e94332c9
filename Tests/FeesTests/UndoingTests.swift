// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Identity
import Journal
import Storage
import TestSupport
import Testing

/// What banks take back that is not booked out by it at once.
@Suite("Undoings of banks")
struct UndoingTests {
    /// A bill of a city, and who looks after its money.
    struct Scene: Sendable {
        let city: TestCity
        let rosa: Officer
        let head: Officer
        let auditor: Officer
        let supervisor: Officer
        let bill: String

        init(_ engine: Engine) async throws {
            city = try await TestCity(engine)
            rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
            head = try await city.officer("kepala", agency: "pu", roles: [.head])
            auditor = try await city.officer("audit", agency: "setda", roles: [.auditor])
            supervisor = try await city.officer("setda", agency: "setda", roles: [.supervisor])
            bill = try await Self.bill(city)
        }

        static func bill(_ city: TestCity) async throws -> String {
            let line = Bill.Line(label: Text(same: "x"), shown: nil, basis: Text(same: "y"), amount: 194_400)
            return try await city.journal.commit {
                try Fees.issue(
                    docket: "A",
                    agency: "pu",
                    lines: [line],
                    due: CivilDate(days: 21_000),
                    zone: city.city.zone,
                    by: .system,
                    in: $0
                )
            }
        }

        var today: CivilDate { city.clock.now.date(in: city.city.zone) }

        @discardableResult
        func told(_ amount: Int = 194_400, _ reference: String = "bank:OOO12345", of bill: String? = nil) async throws -> Bool {
            try await city.fees.take(amount, for: bill ?? self.bill, by: .qris, reference: reference, actor: .system).isRepeat
        }

        func undone(_ amount: Int?, _ reference: String = "bank:OOO12345", of bill: String? = nil, _ told: String? = nil) async throws {
            try await city.fees.reverse(
                reference: reference,
                of: bill ?? self.bill,
                amount: amount,
                reason: "refunded",
                told: told,
                actor: .system
            )
        }

        private func finding(_ text: String) -> BankStatement.Finding {
            BankStatement.Finding(text: "\(text) \(bill)", amount: 194_400, day: today, ordinal: 1, fingerprint: "a", compared: .max)
        }

        func row(_ text: String) async throws { try await city.record(finding(text), for: bill, by: rosa) }

        func rowWithReason(_ text: String) async throws {
            try await city.record(finding(text), for: bill, because: "Ada di rekening koran", by: rosa)
        }

        func settle(_ amount: Int?, _ isHere: Bool?, note: String = "Sudah ditanyakan", by officer: Officer? = nil) async throws {
            let day = try await city.fees.day(today, of: supervisor)
            let stray = try #require((day.strays + day.settledStrays).first { $0.amount == amount })
            try await city.fees.settleStray(stray.entry, isHere: isHere, note: note, by: officer ?? rosa)
        }

        /// Open ones and settled ones, as somebody sees them.
        func seen(by officer: Officer) async throws -> [String] {
            let day = try await city.fees.day(today, of: officer)
            let waiting = try await city.fees.waiting(for: officer).strays
            #expect(waiting == day.strays.count)
            return (day.strays + day.settledStrays).map {
                "\($0.receipt.isEmpty ? "-" : "KW") \($0.amount ?? 0) \($0.state)\($0.isBeyond ? " beyond" : "")"
            }.sorted()
        }

        func owing(_ bill: String? = nil) async throws -> Int? { try await city.fees.find(bill ?? self.bill)?.outstanding }
    }

    private static func code(_ body: () async throws -> Void) async -> String? {
        do { try await body() } catch { return (error as? Problem)?.code ?? "\(error)" }
        return nil
    }

    @Test("A part that is taken back before the payment is told is a part of it, whatever bill was named", arguments: TestDatabase.engines)
    func partFirst(engine: Engine) async throws {
        let scene = try await Scene(engine)
        try await scene.undone(50_000, of: "")
        #expect(try await scene.seen(by: scene.rosa).isEmpty, "nobody knows whose it is")
        #expect(try await scene.told() == false)
        #expect(try await scene.owing() == 0, "nothing that came in is lost")
        for looker in [scene.rosa, scene.supervisor] { #expect(try await scene.seen(by: looker) == ["KW 50000 open"]) }
        try await scene.undone(144_400)
        #expect(try await scene.owing() == 194_400)
        let second = try await Scene.bill(scene.city)
        try await scene.undone(194_400, "bank:WHOLE", of: second)
        #expect(await Self.code { try await scene.told(194_400, "bank:WHOLE", of: second) } == "payment.undone")
        #expect(await Self.code { try await scene.told(194_401, "bank:WHOLE", of: second) } == nil, "less than what is told is a part")
    }

    @Test("A part that is taken back of what a row names is a part of what is recorded from it", arguments: TestDatabase.engines)
    func partOfRow(engine: Engine) async throws {
        let scene = try await Scene(engine)
        try await scene.undone(50_000)
        try await scene.rowWithReason("QRIS OOO12345")
        #expect(try await scene.seen(by: scene.rosa) == ["KW 50000 open"])
        try await scene.undone(144_400)
        #expect(try await scene.owing() == 194_400, "the bank takes back the rest of what was recorded from the row")
    }

    @Test("What was taken back goes with its row, where the row was recorded by mistake", arguments: TestDatabase.engines)
    func mistaken(engine: Engine) async throws {
        let scene = try await Scene(engine)
        try await scene.undone(50_000, of: "")
        try await scene.rowWithReason("QRIS OOO12345")
        let receipt = try #require(try await scene.city.fees.day(scene.today, of: scene.rosa).strays.first?.receipt)
        try await scene.city.fees.doubt(receipt, reason: "Kode salah", by: scene.rosa)
        try await scene.city.fees.correct(receipt, by: scene.head)
        #expect(try await scene.seen(by: scene.rosa) == ["- 50000 open"])
        try await scene.told()
        #expect(try await scene.seen(by: scene.rosa) == ["KW 50000 open"])
    }

    @Test(
        "An undoing that the bank named with one bill is no other’s, whatever somebody wrote into a transfer",
        arguments: TestDatabase.engines
    )
    func ofAnotherBill(engine: Engine) async throws {
        let scene = try await Scene(engine)
        let other = try await Scene.bill(scene.city)
        try await scene.undone(194_400, "bank:OOO777888", of: other)
        #expect(await Self.code { try await scene.row("TRF OOO777888") } == "form.incomplete", "the row bears its name")
        try await scene.rowWithReason("TRF OOO777888")
        #expect(try await scene.seen(by: scene.rosa) == ["- 194400 open"], "it stays a question of its own bill")
        #expect(await Self.code { try await scene.told(194_400, "bank:OOO777888", of: other) } == "payment.undone")
        #expect(try await scene.owing(other) == 194_400)
    }

    @Test("A bank that names a known bill takes nothing back of another", arguments: TestDatabase.engines)
    func namedBill(engine: Engine) async throws {
        let scene = try await Scene(engine)
        let other = try await Scene.bill(scene.city)
        try await scene.row("TRF OOO900001")
        try await scene.undone(50_000, "bank:OOO900001", of: other)
        #expect(try await scene.seen(by: scene.rosa) == ["- 50000 open"])
        #expect(try await scene.told(194_400, "bank:OOO900001", of: other) == false, "what came in is never refused")
        #expect(try await scene.owing(other) == 0)
        #expect(try await scene.owing() == 0)
    }

    @Test("Parts are summed: as much as the payment is taken back, and it is booked out, once", arguments: TestDatabase.engines)
    func parts(engine: Engine) async throws {
        let scene = try await Scene(engine)
        try await scene.told()
        for _ in 0..<3 { try await scene.undone(100_000) }
        #expect(try await scene.owing() == 0, "the same notice is one undoing, under whatever name it is sent")
        #expect(try await scene.seen(by: scene.rosa) == ["KW 100000 open"])
        for _ in 0..<2 { try await scene.undone(94_400) }
        #expect(try await scene.owing() == 194_400)
        for looker in [scene.rosa, scene.head, scene.auditor] { #expect(try await scene.seen(by: looker) == ["KW 100000 booked"]) }
        await #expect(throws: Problem.self, "what is booked out is settled") { try await scene.settle(100_000, true) }
        #expect(try await scene.told(), "told again it is the payment that was taken back")
        try await scene.city.journal.rebuild()
        #expect(try await scene.seen(by: scene.head) == ["KW 100000 booked"])
        #expect(try await scene.city.journal.read { try Fees.balances(in: $0) }.reduce(0) { $0 + $1.amount } == 0)
    }

    @Test("What the bank was wrong to take back counts for nothing, until it turns out otherwise", arguments: TestDatabase.engines)
    func partHere(engine: Engine) async throws {
        let scene = try await Scene(engine)
        try await scene.told()
        try await scene.undone(100_000)
        try await scene.settle(100_000, true)
        try await scene.undone(94_400)
        #expect(try await scene.owing() == 0)
        try await scene.settle(100_000, false)
        #expect(try await scene.owing() == 194_400)
    }

    @Test("More than the payment is taken back: the payment is booked out, and the rest is told", arguments: TestDatabase.engines)
    func beyond(engine: Engine) async throws {
        let scene = try await Scene(engine)
        try await scene.told()
        for _ in 0..<2 { try await scene.undone(388_800) }
        #expect(try await scene.owing() == 194_400)
        #expect(try await scene.seen(by: scene.rosa) == ["KW 194400 open beyond"])
        try await scene.undone(1_000)
        #expect(try await scene.seen(by: scene.rosa) == ["KW 1000 open beyond", "KW 194400 open beyond"])
        try await scene.undone(nil)
        #expect(try await scene.seen(by: scene.rosa).count == 2, "all of it is taken back already")
        try await scene.settle(194_400, false)
        #expect(try await scene.seen(by: scene.head) == ["KW 1000 open beyond", "KW 194400 gone beyond"])
    }

    @Test("Whoever settles says whether the money is in the account: by that it is taken or not", arguments: TestDatabase.engines)
    func settled(engine: Engine) async throws {
        let scene = try await Scene(engine)
        try await scene.undone(194_400)
        #expect(await Self.code { try await scene.row("QRIS OOO12345") } == "form.incomplete")
        #expect(await Self.code { try await scene.settle(194_400, nil) } == "form.incomplete", "it is not guessed")
        try await scene.settle(194_400, false)
        #expect(await Self.code { try await scene.row("QRIS OOO12345") } == "form.incomplete")
        #expect(await Self.code { try await scene.told() } == "payment.undone")
        try await scene.settle(194_400, true, note: "Bank keliru menarik")
        #expect(await Self.code { try await scene.row("QRIS OOO12345") } == "form.incomplete", "one person is not two")
        try await scene.rowWithReason("QRIS OOO12345")
        #expect(try await scene.owing() == 0)
        #expect(try await scene.told(), "it is the same money")
        for looker in [scene.rosa, scene.head, scene.auditor, scene.supervisor] {
            #expect(try await scene.seen(by: looker) == ["KW 194400 here"])
        }
        let second = try await Scene.bill(scene.city)
        try await scene.undone(nil, "bank:OTHER", of: second)
        try await scene.settle(nil, true)
        #expect(try await scene.told(194_400, "bank:OTHER", of: second) == false)
        #expect(try await scene.owing(second) == 0)
        try await scene.city.journal.rebuild()
        #expect(try await scene.seen(by: scene.head) == ["KW 0 here", "KW 194400 here"])
        var file = ""
        for try await page in try scene.city.fees.export(scene.today...scene.today, for: scene.auditor) { file += page }
        let lines = file.split(whereSeparator: \.isNewline).filter { $0.contains(",undoing") }
        #expect(lines.count == 4 && lines.contains { $0.contains(",undoing-here,") && $0.contains("Bank keliru menarik") })
        #expect(lines.contains { $0.contains(",undoing-here,") && $0.contains(",\(scene.rosa.number),,,194400") })
        scene.city.clock.set("2027-03-15T09:00:00+07:00")
        #expect(try await scene.seen(by: scene.head).isEmpty)
    }

    @Test("What the bank told of since it was said to be there is not booked out by a treasurer alone", arguments: TestDatabase.engines)
    func toldSince(engine: Engine) async throws {
        let scene = try await Scene(engine)
        try await scene.undone(194_400)
        try await scene.settle(194_400, true)
        scene.city.clock.set("2026-11-02T10:00:00+07:00")
        try await scene.rowWithReason("QRIS OOO12345")
        try await scene.told()
        #expect(await Self.code { try await scene.settle(194_400, false) } == "fees.undoing-told-since")
        #expect(try await scene.owing() == 0)
    }

    @Test("An undoing finds what was recorded from a row that names it, whatever bill the bank names", arguments: TestDatabase.engines)
    func acrossBills(engine: Engine) async throws {
        for named in ["", "INV-2026-9"] {
            let scene = try await Scene(engine)
            try await scene.row("QRIS REFNOBILL 20261102")
            try await scene.undone(194_400, "bank:2026", of: named)
            #expect(try await scene.owing() == 0, "a short name may be anything")
            try await scene.undone(194_400, "bank:REFNOBILL", of: named)
            #expect(try await scene.owing() == 194_400)
            #expect(try await scene.seen(by: scene.rosa).isEmpty)
        }
    }

    @Test(
        "Entries from before, which do not say where the money is or what was told, are read as they were",
        arguments: TestDatabase.engines
    )
    func before(engine: Engine) async throws {
        let scene = try await Scene(engine)
        let bill = scene.bill
        try await scene.city.journal.commit { act in
            try act.append(
                "bank.reversal-unknown",
                to: "bank/pu",
                by: .system,
                facts: ["docket": "A", "agency": "pu", "amount": 194_400, "day": "2026-11-02", "reason": "refunded"],
                inner: ["reference": "bank:OOO12345", "bill": .string(bill)]
            )
        }
        #expect(try await scene.seen(by: scene.rosa) == ["- 194400 open"])
        let entry = try #require(try await scene.city.fees.day(scene.today, of: scene.rosa).strays.first?.entry)
        try await scene.city.journal.commit { act in
            try act.append(
                "bank.reversal-settled",
                to: "bank/pu",
                by: scene.rosa.actor,
                facts: ["agency": "pu", "settles": .string(entry)],
                inner: ["reason": "Sudah ditanyakan"]
            )
        }
        #expect(try await scene.seen(by: scene.head) == ["- 194400 gone"])
        #expect(await Self.code { try await scene.told() } == "payment.undone")
        try await scene.settle(194_400, true)
        #expect(try await scene.told() == false, "the way out of what nobody had asked")
    }
}
