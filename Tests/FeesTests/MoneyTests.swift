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
    private static func bill(_ city: TestCity, _ amount: Int) async throws -> String {
        try await city.journal.commit { act in
            let line = Bill.Line(label: Text(same: "Uji"), shown: nil, basis: Text(same: "Uji"), amount: amount)
            return try Fees.issue(
                docket: "PBG-26-XXXX-XXX",
                lines: [line],
                due: CivilDate(days: 21_000),
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

    @Test("Only what was paid too much can be given back, once for a form, and by the treasurer alone", arguments: TestDatabase.engines)
    func refund(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let treasurer = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let officer = try await city.officer("ucok", agency: "pu", roles: [.officer])
        let number = try await Self.bill(city, 100_000)
        try await city.fees.take(130_000, for: number, by: .cash, reference: "A", actor: treasurer.actor)
        func back(_ amount: Int, by officer: Officer, key: String = UUID().uuidString) async throws {
            try await city.fees.refund(number, amount: amount, method: .cash, reason: "Lebih", key: key, by: officer)
        }
        await #expect(throws: Problem.self) { try await back(30_000, by: officer) }
        await #expect(throws: Problem.self) { try await back(30_001, by: treasurer) }
        try await back(30_000, by: treasurer, key: "k")
        try await back(30_000, by: treasurer, key: "k")
        #expect(try await city.fees.find(number)?.excess == 0)
        let balances = try await Self.balances(city)
        #expect(balances["cash"] == 100_000 && balances.values.reduce(0, +) == 0)
    }

    @Test("The cash of a day is closed once; a difference needs its reason", arguments: TestDatabase.engines)
    func closing(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let treasurer = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let number = try await Self.bill(city, 100_000)
        try await city.fees.take(100_000, for: number, by: .cash, reference: "A", actor: treasurer.actor)
        await #expect(throws: Problem.self) { try await city.fees.closeCash(counted: 99_000, reason: "", by: treasurer) }
        try await city.fees.closeCash(counted: 99_000, reason: "Kembalian kurang", by: treasurer)
        await #expect(throws: Problem.self) { try await city.fees.closeCash(counted: 99_000, reason: "lagi", by: treasurer) }
        await #expect(throws: Problem.self, "nothing is taken that no closing would hold") {
            try await city.fees.take(5_000, for: number, by: .cash, reference: "B", actor: treasurer.actor)
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
        try await city.fees.take(100_000, for: number, by: .cash, reference: "A", actor: treasurer.actor)
        city.clock.set("2026-11-05T09:00:00+07:00")
        try await city.fees.closeCash(of: CivilDate("2026-11-02"), counted: 100_000, reason: "", by: treasurer)
        #expect(try await Self.balances(city)["cash"] == 0)
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
