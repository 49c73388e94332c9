// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Foundation
import Identity
import Journal
import Storage
import TestSupport
import Testing

@Suite("Money")
struct MoneyTests {
    private static func bill(_ city: TestCity, _ amount: Int, of agency: String = "pu", due: Int = 21_000) async throws -> String {
        try await city.journal.commit { act in
            let line = Bill.Line(label: Text(same: "Uji"), shown: nil, basis: Text(same: "Uji"), amount: amount)
            return try Fees.issue(
                docket: "PBG-26-XXXX-XXX",
                agency: agency,
                lines: [line],
                due: CivilDate(days: due),
                zone: city.city.zone,
                by: .system,
                in: act
            )
        }
    }

    private static func balances(_ city: TestCity) async throws -> [String: Int] {
        try await city.journal.read { Dictionary(try Fees.balances(in: $0).map { ($0.account, $0.amount) }, uniquingKeysWith: { $1 }) }
    }

    @Test(
        "In whatever order a bank's notices come, and however often, each payment counts once and the ledger adds up",
        arguments: TestDatabase.engines
    )
    func orders(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let notices = [("A", 60_000), ("B", 40_000), ("C", 25_000)]
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let number = try await Self.bill(city, 100_000)
            for index in order + order.reversed() {
                let (reference, amount) = notices[index]
                try await city.fees.take(amount, for: number, by: .qris, reference: "\(number)-\(reference)", actor: .system)
            }
            let bill = try #require(try await city.fees.find(number))
            #expect(bill.isSettled && bill.paid == 100_000 && bill.excess == 25_000)
        }
        let balances = try await Self.balances(city)
        #expect(balances.values.reduce(0, +) == 0)
        #expect(balances["bank"] == 6 * 125_000 && balances["excess"] == -6 * 25_000 && balances["receivable"] == 0)
    }

    @Test("The same notice told by many at one moment is taken once", arguments: TestDatabase.engines)
    func together(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let number = try await Self.bill(city, 100_000)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<12 {
                group.addTask { try await city.fees.take(100_000, for: number, by: .transfer, reference: "X", actor: .system) }
            }
            for index in 0..<12 {
                group.addTask { try await city.fees.take(1_000, for: number, by: .transfer, reference: "Y\(index)", actor: .system) }
            }
            try await group.waitForAll()
        }
        let bill = try #require(try await city.fees.find(number))
        #expect(bill.paid == 100_000 && bill.excess == 12_000)
        #expect(try await Self.balances(city).values.reduce(0, +) == 0)
        let receipts = try await city.journal.read { try Fees.payments(of: number, in: $0).map(\.receipt) }
        #expect(Set(receipts).count == 13, "each has a receipt of its own")
    }

    @Test("A reference that names another payment is refused, and nothing is taken", arguments: TestDatabase.engines)
    func otherPayment(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let number = try await Self.bill(city, 100_000)
        try await city.fees.take(50_000, for: number, by: .qris, reference: "A", actor: .system)
        await #expect(throws: Problem.self) { try await city.fees.take(50_001, for: number, by: .qris, reference: "A", actor: .system) }
        #expect(try await city.fees.find(number)?.paid == 50_000)
    }

    @Test(
        "Only what was paid too much is given back: ordered once for a form by the head, paid by the treasury, noted by a treasurer",
        arguments: TestDatabase.engines
    )
    func refund(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        // On a day on which she stood in for the head.
        let acting = Officer(
            account: rosa.account,
            number: rosa.number,
            name: rosa.name,
            agency: "pu",
            roles: [.head, .signer],
            districts: []
        )
        let dewi = try await city.officer("dewi", agency: "pu", roles: [.treasurer])
        let otherHead = try await city.officer("kepala-lain", agency: "kebersihan", roles: [.head])
        let other = try await city.officer("lain", agency: "kebersihan", roles: [.treasurer])
        let number = try await Self.bill(city, 100_000)
        try await city.fees.takeCash(130_000, for: number, reference: "A", officer: dewi)
        let account = try Refund.Account(bank: "Bank Uji", number: "1234567890", name: "Siti")
        func order(_ amount: Int, by officer: Officer, key: String = UUID().uuidString) async throws {
            try await city.fees.order(
                amount,
                of: number,
                ground: "Lebih bayar",
                to: (account, proof: "Buku tabungan"),
                key: key,
                by: officer
            )
        }
        func refusal(_ act: () async throws -> Void) async -> String? {
            do { try await act() } catch { return (error as? Problem)?.code }
            return nil
        }
        #expect(await refusal { try await order(30_000, by: dewi) } == "fees.head-only")
        #expect(await refusal { try await order(30_000, by: otherHead) } == "fees.other-agency")
        await #expect(throws: Problem.self, "too much") { try await order(30_001, by: head) }
        try await order(20_000, by: head, key: "k")
        try await order(20_000, by: head, key: "k")
        await #expect(throws: Problem.self, "it is ordered already") { try await order(10_001, by: head) }
        try await order(10_000, by: acting)
        let orders = try await city.journal.read { try Fees.refunds(of: number, in: $0).map(\.id) }
        #expect(orders.count == 2)
        #expect(await refusal { _ = try await city.fees.carryOut(orders[0], slip: "SP2D-1", by: head) } == "fees.treasurer-only")
        #expect(await refusal { _ = try await city.fees.carryOut(orders[0], slip: "SP2D-1", by: other) } == "fees.other-agency")
        #expect(await refusal { _ = try await city.fees.carryOut(orders[1], slip: "SP2D-1", by: rosa) } == "refund.four-eyes")
        #expect(await refusal { try await city.fees.withdraw(orders[1], reason: "Salah rekening", by: dewi) } == "fees.head-only")
        await #expect(throws: Problem.self, "without the number of the payment") {
            try await city.fees.carryOut(orders[0], slip: "", by: dewi)
        }
        let receipt = try await city.fees.carryOut(orders[0], slip: "SP2D-1", by: dewi)
        #expect(try await city.fees.carryOut(orders[0], slip: "SP2D-1", by: dewi) == receipt, "once, however often it is sent")
        #expect(try await city.fees.carryOut(orders[0], slip: "sp2d 1", by: dewi) == receipt, "the same number in other writing")
        #expect(await refusal { _ = try await city.fees.carryOut(orders[0], slip: "SP2D-2", by: dewi) } != nil, "paid twice is not hidden")
        await #expect(throws: Problem.self, "a reason") { try await city.fees.withdraw(orders[1], reason: "", by: head) }
        try await city.fees.withdraw(orders[1], reason: "Salah rekening", by: head)
        #expect(try await city.fees.find(number)?.returnable == 10_000)
        let balances = try await Self.balances(city)
        #expect(balances["cash"] == 130_000 && balances["bank"] == -20_000, "never out of a till")
        #expect(balances.values.reduce(0, +) == 0)
        #expect(try await city.fees.refund(receipt: receipt)?.amount == 20_000)
    }

    @Test("What the treasury has paid is noted, though the order or the payment was taken back since", arguments: TestDatabase.engines)
    func paidAllTheSame(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let dewi = try await city.officer("dewi", agency: "pu", roles: [.treasurer])
        let number = try await Self.bill(city, 100_000)
        let account = try Refund.Account(bank: "Bank Uji", number: "1234567890", name: "Siti")
        try await city.fees.take(100_000, for: number, by: .qris, reference: "A", actor: .system)
        try await city.fees.take(30_000, for: number, by: .qris, reference: "B", actor: .system)
        for (amount, key) in [(10_000, "1"), (20_000, "2")] {
            try await city.fees.order(amount, of: number, ground: "Lebih bayar", to: (account, proof: "Buku tabungan"), key: key, by: head)
        }
        try await city.fees.withdraw("\(number)-1", reason: "Salah rekening", by: head)
        try await city.fees.reverse(reference: "B", reason: "refunded", actor: .system)
        let today = city.clock.now.date(in: city.city.zone)
        #expect(try await city.fees.day(today, of: dewi).orders.map(\.isCovered) == [false], "the desk warns")
        try await city.fees.carryOut("\(number)-1", slip: "SP2D-1", by: dewi)
        try await city.fees.carryOut("\(number)-2", slip: "SP2D-2", by: dewi)
        let bill = try #require(try await city.fees.find(number))
        #expect(bill.excess == -30_000 && bill.pending == 0 && bill.overpaid == 30_000)
        #expect(try await city.journal.read { try Fees.isOwed(bill.docket, in: $0) }, "the applicant owes it")
        let balances = try await Self.balances(city)
        #expect(balances["bank"] == 70_000 && balances.values.reduce(0, +) == 0)
    }

    @Test("What comes back from the bank is owed again and can be ordered anew", arguments: TestDatabase.engines)
    func returned(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let dewi = try await city.officer("dewi", agency: "pu", roles: [.treasurer])
        let number = try await Self.bill(city, 100_000)
        let account = try Refund.Account(bank: "Bank Uji", number: "1234567890", name: "Siti")
        try await city.fees.take(130_000, for: number, by: .qris, reference: "A", actor: .system)
        try await city.fees.order(30_000, of: number, ground: "Lebih bayar", to: (account, proof: "Buku tabungan"), key: "1", by: head)
        await #expect(throws: Problem.self, "not paid yet") {
            try await city.fees.takeBack("\(number)-1", reason: "Rekening ditutup", by: dewi)
        }
        try await city.fees.carryOut("\(number)-1", slip: "SP2D-1", by: dewi)
        await #expect(throws: Problem.self, "a head notes nothing") {
            try await city.fees.takeBack("\(number)-1", reason: "Rekening ditutup", by: head)
        }
        try await city.fees.takeBack("\(number)-1", reason: "Rekening ditutup", by: dewi)
        #expect(try await city.fees.find(number)?.returnable == 30_000)
        let balances = try await Self.balances(city)
        #expect(balances["bank"] == 130_000 && balances.values.reduce(0, +) == 0)
        let other = try Refund.Account(bank: "Bank Uji", number: "1234567899", name: "Siti")
        try await city.fees.order(30_000, of: number, ground: "Lebih bayar", to: (other, proof: "Buku tabungan"), key: "2", by: head)
        try await city.fees.carryOut("\(number)-2", slip: "SP2D-2", by: dewi)
        var text = ""
        let today = city.clock.now.date(in: city.city.zone)
        for try await page in try city.fees.export(today...today, for: dewi) { text += page }
        #expect(try CSVReader.records(text).map(\.fields).filter { $0.contains("returned") }.count == 1)
    }

    @Test("Whom public money was paid to stays known when the applicant is erased", arguments: TestDatabase.engines)
    func payeeStays(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let dewi = try await city.officer("dewi", agency: "pu", roles: [.treasurer])
        let number = try await Self.bill(city, 100_000)
        let person = Identifier(at: city.clock.now)
        try await city.fees.take(130_000, for: number, by: .qris, reference: "A", actor: .system)
        try await city.fees.giveAccount(Refund.Account(bank: "A", number: "11111", name: "Siti"), for: number, of: person, by: .resident)
        try await city.fees.order(30_000, of: number, ground: "Lebih bayar", key: "1", by: head)
        try await city.fees.carryOut("\(number)-1", slip: "SP2D-1", by: dewi)
        try await city.journal.commit { try $0.erase(person, by: .system, basis: "x") }
        #expect(try await city.journal.read { try city.fees.account(for: number, in: $0) } == nil, "the wish goes with the applicant")
        #expect(try await city.fees.openAccount(of: "\(number)-1", by: dewi).account?.number == "11111", "PP 12/2019 art. 121")
    }

    @Test("An order of old to give back in cash is not carried out any more", arguments: TestDatabase.engines)
    func orderedInCash(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let dewi = try await city.officer("dewi", agency: "pu", roles: [.treasurer])
        let number = try await Self.bill(city, 100_000)
        try await city.fees.takeCash(130_000, for: number, reference: "A", officer: dewi)
        try await city.journal.commit { act in
            try act.append(
                "refund.ordered",
                to: "bill/\(number)",
                by: dewi.actor,
                facts: [
                    "docket": "UJI-1", "agency": "pu", "order": .string("\(number)-1"), "amount": 30_000, "method": "cash",
                ],
                inner: ["ground": "Lebih bayar"]
            )
        }
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let problem = await #expect(throws: Problem.self) { try await city.fees.carryOut("\(number)-1", slip: "SP2D-1", by: rosa) }
        #expect(problem?.code == "refund.no-cash")
    }

    @Test(
        "Cash taken and handed over is in the closing and in the file of movements, which adds up to the ledger",
        arguments: TestDatabase.engines
    )
    func handedOver(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let number = try await Self.bill(city, 50_000)
        try await city.fees.takeCash(20_000, for: number, reference: "A", officer: rosa)
        try await city.fees.takeCash(30_000, for: number, reference: "B", officer: rosa)
        try await city.fees.handOver(30_000, slip: "STS-1", key: "s", by: rosa)
        await #expect(throws: Problem.self, "no more than lies there") {
            try await city.fees.handOver(20_001, slip: "STS-2", key: "t", by: rosa)
        }
        let today = city.clock.now.date(in: city.city.zone)
        let day = try await city.fees.day(today, of: rosa)
        #expect(day.till == Fees.Till(opening: 0, taken: 50_000, handedOver: 30_000) && day.till.recorded == 20_000)
        await #expect(throws: Problem.self, "no deposit without its slip (PP 12/2019 art. 137)") {
            try await city.fees.closeCash(counted: 20_000, slip: "", reason: "", by: rosa)
        }
        try await city.fees.closeCash(counted: 20_000, slip: "STS-2", reason: "", by: rosa)
        #expect(try await city.fees.day(today, of: rosa).closing?.counted == 20_000)
        #expect(try await city.fees.day(today, of: rosa).movements.contains { $0.reference == "STS-2" })
        try await city.fees.take(5_000, for: number, by: .qris, reference: "C", actor: .system)
        var text = ""
        for try await page in try city.fees.export(today...today, for: rosa) { text += page }
        let rows = try CSVReader.records(text).map(\.fields)
        let balances = try await Self.balances(city)
        for account in ["cash", "bank"] {
            let column = try #require(rows.first?.firstIndex(of: account))
            #expect(rows.dropFirst().reduce(0) { $0 + (Int($1[column]) ?? 0) } == balances[account], "\(account)")
        }
        #expect(balances["cash"] == 0 && balances["bank"] == 55_000 && balances["difference"] == nil)
    }

    @Test("An order goes where it said when it was given, whatever account is written later", arguments: TestDatabase.engines)
    func frozenAccount(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let person = Identifier(at: city.clock.now)
        let number = try await Self.bill(city, 100_000)
        try await city.fees.take(130_000, for: number, by: .qris, reference: "A", actor: .system)
        try await city.fees.giveAccount(Refund.Account(bank: "A", number: "11111", name: "Siti"), for: number, of: person, by: .resident)
        try await city.fees.order(10_000, of: number, ground: "Lebih bayar", key: "1", by: head)
        try await city.fees.giveAccount(Refund.Account(bank: "B", number: "22222", name: "Siti"), for: number, of: person, by: .resident)
        try await city.fees.order(
            20_000,
            of: number,
            ground: "Lebih bayar",
            to: (Refund.Account(bank: "C", number: "33333", name: "Siti"), proof: "Buku tabungan"),
            key: "2",
            by: head
        )
        let orders = try await city.fees.day(city.clock.now.date(in: city.city.zone), of: rosa).orders
        #expect(orders.map { $0.account?.number } == ["11111", "33333"])
        let wish = try await city.journal.read { try city.fees.account(for: number, in: $0) }
        #expect(wish?.number == "22222", "what the applicant wrote is theirs alone")
        await #expect(throws: Problem.self, "nobody orders to an account that they have not seen") {
            try await city.fees.order(100, of: number, ground: "Lebih bayar", seeing: "A *1111", key: "3", by: head)
        }
    }

    @Test("A payment that the bank took back before it told of it is not taken when it is told late", arguments: TestDatabase.engines)
    func undoneFirst(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let number = try await Self.bill(city, 100_000)
        try await city.fees.reverse(reference: "A", reason: "refunded", actor: .system)
        let problem = await #expect(throws: Problem.self) {
            try await city.fees.take(100_000, for: number, by: .qris, reference: "A", actor: .system)
        }
        #expect(problem?.code == Fees.undonePayment.code)
        #expect(try await city.fees.find(number)?.outstanding == 100_000)
        try await city.fees.take(100_000, for: number, by: .qris, reference: "B", actor: .system)
        #expect(try await city.fees.find(number)?.isSettled == true)
    }

    @Test("Money of another agency is neither seen nor moved", arguments: TestDatabase.engines.prefix(1))
    func agencies(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let other = try await city.officer("lain", agency: "kebersihan", roles: [.treasurer])
        let auditor = try await city.officer("audit", agency: "kebersihan", roles: [.auditor])
        let officer = try await city.officer("ucok", agency: "pu", roles: [.officer])
        let number = try await Self.bill(city, 50_000)
        for hand in [other, auditor, officer] {
            await #expect(throws: Problem.self, "\(hand.roles)") {
                try await city.fees.takeCash(1_000, for: number, reference: "A", officer: hand)
            }
        }
        try await city.fees.takeCash(60_000, for: number, reference: "B", officer: rosa)
        let today = city.clock.now.date(in: city.city.zone)
        let (own, foreign, all) = (
            try await city.fees.day(today, of: rosa), try await city.fees.day(today, of: other), try await city.fees.day(today, of: auditor)
        )
        #expect(own.movements.count == 1 && own.excesses.count == 1)
        #expect(foreign.movements.isEmpty && foreign.excesses.isEmpty && foreign.balances.isEmpty)
        #expect(all.movements.count == 1)
        await #expect(throws: Problem.self) { try await city.fees.day(today, of: officer) }
    }

    @Test("A payment that the bank takes back is booked out once, and the bill is owed again", arguments: TestDatabase.engines)
    func reversed(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let number = try await Self.bill(city, 100_000)
        try await city.fees.take(110_000, for: number, by: .qris, reference: "A", actor: .system)
        for _ in 0..<2 { try await city.fees.reverse(reference: "A", reason: "refunded", actor: .system) }
        try await city.fees.reverse(reference: "never came", reason: "failed", actor: .system)
        let bill = try #require(try await city.fees.find(number))
        #expect(bill.paid == 0 && bill.excess == 0 && bill.outstanding == 100_000)
        let balances = try await Self.balances(city)
        #expect(balances["bank"] == 0 && balances["receivable"] == 100_000 && balances.values.reduce(0, +) == 0)
    }

    private static func strays(of city: TestCity, _ looker: Officer) async throws -> Set<String> {
        let found = try await city.fees.day(city.clock.now.date(in: city.city.zone), of: looker).strays
        let count = try await city.fees.waiting(for: looker).strays
        #expect(count == found.count)
        return Set(found.map { "\($0.reference) \($0.agency) \($0.amount ?? 0)" })
    }

    @Test("What a bank takes back that is in no book is seen until somebody says what became of it", arguments: TestDatabase.engines)
    func strayReversals(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let other = try await city.officer("lain", agency: "kebersihan", roles: [.treasurer])
        let supervisor = try await city.officer("setda", agency: "setda", roles: [.supervisor])
        let auditor = try await city.officer("audit", agency: "setda", roles: [.auditor])
        let number = try await Self.bill(city, 100_000)
        try await city.fees.reverse(reference: "A", of: number, reason: "failed", hadCome: false, actor: .system)
        #expect(try await Self.strays(of: city, rosa).isEmpty, "an attempt that failed brought no money")
        for _ in 0..<2 { try await city.fees.reverse(reference: "A", of: number, amount: 5_000, reason: "refunded", actor: .system) }
        try await city.fees.reverse(reference: "B", of: "apa saja", reason: "cancelled", actor: .system)
        for looker in [rosa, head] { #expect(try await Self.strays(of: city, looker) == ["A pu 5000"]) }
        for looker in [supervisor, auditor] { #expect(try await Self.strays(of: city, looker) == ["A pu 5000", "B  0"]) }
        #expect(try await Self.strays(of: city, other).isEmpty)
        let all = try await city.fees.day(city.clock.now.date(in: city.city.zone), of: supervisor).strays
        let (known, unknown) = (try #require(all.first { $0.reference == "A" }), try #require(all.first { $0.reference == "B" }))
        for (stray, officers) in [(known, [other, head, auditor, supervisor]), (unknown, [rosa, head, auditor])] {
            for officer in officers {
                await #expect(throws: Problem.self) {
                    try await city.fees.settleStray(stray.entry, isHere: false, note: "Sudah ditanyakan", by: officer)
                }
            }
        }
        await #expect(throws: Problem.self, "it says something") {
            try await city.fees.settleStray(known.entry, isHere: false, note: "x", by: rosa)
        }
        for _ in 0..<2 { try await city.fees.settleStray(known.entry, isHere: false, note: "Bank salah kirim", key: "a", by: rosa) }
        try await city.fees.settleStray(unknown.entry, isHere: false, note: "Bukan rekening kota", by: supervisor)
        for looker in [rosa, supervisor, auditor] { #expect(try await Self.strays(of: city, looker).isEmpty) }
        try await city.fees.reverse(reference: "A", of: number, amount: 5_000, reason: "refunded", actor: .system)
        #expect(try await Self.strays(of: city, rosa).isEmpty, "told again it is the same")
        #expect(try await Self.balances(city).values.reduce(0, +) == 0)
    }

    @Test("A payment counts from the day on which the bank took it", arguments: TestDatabase.engines.prefix(1))
    func bankDay(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let number = try await Self.bill(city, 100_000, due: try #require(CivilDate("2026-11-05")).days)
        city.clock.set("2026-11-09T09:00:00+07:00")
        let day = try #require(CivilDate("2026-11-05"))
        let taken = try await city.fees.take(100_000, for: number, by: .transfer, reference: "A", on: day, actor: .system)
        #expect(taken.payment.taken == day)
        let entry = try await city.journal.read { try city.journal.entries(of: "bill/\(number)", in: $0).last }
        #expect(entry?.facts["late"] == nil && entry?.facts["taken"]?.string == "2026-11-05" && entry?.facts["day"]?.string == "2026-11-09")
    }

    @Test("One name tells one thing, also when many tell different things under it at once", arguments: TestDatabase.engines)
    func oneName(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let number = try await Self.bill(city, 100_000)
        let taken = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<20 {
                group.addTask {
                    (try? await city.fees.take(1_000 + index, for: number, by: .qris, reference: "R\(index)", name: "n", actor: .system))
                        != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(taken == 1)
        #expect(try await city.journal.read { try Fees.payments(of: number, in: $0).count } == 1)
    }

    @Test("A closing and payments at one moment: every payment is in a closing or in the till", arguments: TestDatabase.engines)
    func closingRace(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let number = try await Self.bill(city, 1_000_000)
        try await city.fees.takeCash(500, for: number, reference: "first", officer: rosa)
        let taken = try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<30 {
                group.addTask {
                    do {
                        return try await city.fees.takeCash(1_000, for: number, reference: "R\(index)", officer: rosa).payment
                            .amount
                    } catch let problem as Problem where problem.code == "cash.closed" {
                        return 0
                    }
                }
            }
            group.addTask {
                try await city.fees.closeCash(counted: 0, slip: "STS-11", reason: "uji", by: rosa)
                return 0
            }
            return try await group.reduce(0, +)
        }
        let day = try await city.fees.day(city.clock.now.date(in: city.city.zone), of: rosa)
        #expect(day.closing?.till.recorded == 500 + taken)
        #expect(try await Self.balances(city)["cash"] == 0)
    }

    @Test("The cash of a day is closed once; a difference needs its reason", arguments: TestDatabase.engines)
    func closing(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let treasurer = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let number = try await Self.bill(city, 100_000)
        try await city.fees.takeCash(100_000, for: number, reference: "A", officer: treasurer)
        await #expect(throws: Problem.self) { try await city.fees.closeCash(counted: 99_000, slip: "STS-12", reason: "", by: treasurer) }
        try await city.fees.closeCash(counted: 99_000, slip: "STS-13", reason: "Kembalian kurang", by: treasurer)
        await #expect(throws: Problem.self) {
            try await city.fees.closeCash(counted: 99_000, slip: "STS-14", reason: "lagi", by: treasurer)
        }
        await #expect(throws: Problem.self, "nothing is taken that no closing would hold") {
            try await city.fees.takeCash(5_000, for: number, reference: "B", officer: treasurer)
        }
        let balances = try await Self.balances(city)
        #expect(balances["cash"] == 0 && balances["bank"] == 99_000 && balances["difference"] == 1_000)
        #expect(balances.values.reduce(0, +) == 0)
    }

    @Test("A day that was not closed can be closed later", arguments: TestDatabase.engines)
    func closedLater(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let treasurer = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let number = try await Self.bill(city, 100_000)
        try await city.fees.takeCash(100_000, for: number, reference: "A", officer: treasurer)
        city.clock.set("2026-11-05T09:00:00+07:00")
        try await city.fees.closeCash(of: CivilDate("2026-11-02"), counted: 100_000, slip: "STS-15", reason: "", by: treasurer)
        #expect(try await Self.balances(city)["cash"] == 0)
    }

    @Test("A year may have more than a million receipts: each has a number of its own, without gaps", arguments: TestDatabase.engines)
    func millionReceipts(engine: Engine) async throws {
        let city = try await TestCity(engine)
        func add(_ numbers: ClosedRange<Int>) async throws {
            try await city.journal.operate { transaction in
                for number in numbers {
                    try transaction.execute(
                        """
                        INSERT INTO payment (reference, receipt, bill, docket, agency, amount, method, at, taken, is_reversed)
                        VALUES (\("R\(number)"), \("KW-2026-\(number.padded(6))"), 'x', '', 'kebersihan', 1, 'qris', 0, '2026-01-01', 0)
                        """
                    )
                }
            }
        }
        func take(_ reference: String) async throws -> String {
            try await city.fees.take(1_000, for: Self.bill(city, 1_000), by: .qris, reference: reference, actor: .system).payment.receipt
        }
        try await add(999_990...999_998)
        var receipts: [String] = []
        for reference in ["A", "B", "C", "D", "E"] { receipts.append(try await take(reference)) }
        #expect(receipts == (999_999...1_000_003).map { "KW-2026-\($0)" })
        try await add(1_000_004...1_000_777)
        #expect(try await take("F") == "KW-2026-1000778")
    }

    @Test("Twelve digits of a bill tell one wrong digit", arguments: TestDatabase.engines.prefix(1))
    func number(engine: Engine) async throws {
        let number = Array(try await Self.bill(try await TestCity(engine), 1))
        #expect(Bill.isNumber(String(number)))
        for index in number.indices {
            var wrong = number
            wrong[index] = number[index] == "9" ? "0" : Character(String((number[index].wholeNumberValue ?? 0) + 1))
            #expect(!Bill.isNumber(String(wrong)))
        }
    }
}
