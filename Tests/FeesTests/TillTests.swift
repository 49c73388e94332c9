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

@Suite("Tills")
struct TillTests {
    private static func bill(_ city: TestCity, _ amount: Int) async throws -> String {
        let line = Bill.Line(label: Text(same: "Uji"), shown: nil, basis: Text(same: "Uji"), amount: amount)
        let zone = city.city.zone
        return try await city.journal.commit {
            try Fees.issue(docket: "UJI-1", agency: "pu", lines: [line], due: CivilDate(days: 21_000), zone: zone, by: .system, in: $0)
        }
    }

    private static func refusal(_ act: () async throws -> Void) async -> Problem? {
        do { try await act() } catch { return error as? Problem }
        return nil
    }

    @Test("Only a day with cash is closed: none before the first, none to come, none that is empty", arguments: TestDatabase.engines)
    func closedDays(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let today = city.clock.now.date(in: city.city.zone)
        func close(_ day: CivilDate?, counted: Int = 0) async -> String? {
            await Self.refusal { try await city.fees.closeCash(of: day, counted: counted, slip: "STS-16", reason: "uji", by: rosa) }?.code
        }
        #expect(await close(nil) == "cash.nothing", "an empty till, whatever was counted")
        let number = try await Self.bill(city, 50_000)
        try await city.fees.takeCash(50_000, for: number, reference: "A", officer: rosa)
        #expect(await close(CivilDate("0001-01-01")) == "cash.nothing")
        #expect(await close(today.adding(days: -1)) == "cash.nothing")
        #expect(await close(today.adding(days: 1)) == "cash.not-yet")
        #expect(await close(today, counted: 50_000) == nil)
        #expect(await close(today) == "cash.closed-before")
    }

    @Test("A shortage is seen by whoever sees the agency's money, with whose till it was and why", arguments: TestDatabase.engines)
    func shortage(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let dewi = try await city.officer("dewi", agency: "pu", roles: [.treasurer])
        let other = try await city.officer("lain", agency: "kebersihan", roles: [.treasurer])
        let auditor = try await city.officer("audit", agency: "kebersihan", roles: [.auditor])
        let number = try await Self.bill(city, 50_000)
        try await city.fees.takeCash(50_000, for: number, reference: "A", officer: rosa)
        try await city.fees.closeCash(counted: 49_000, slip: "STS-17", reason: "Kembalian kurang", by: rosa)
        let today = city.clock.now.date(in: city.city.zone)
        for looker in [rosa, dewi, auditor] {
            let closings = try await city.fees.day(today, of: looker).closings
            #expect(closings.map(\.number) == [rosa.number] && closings.map(\.name) == [rosa.name])
            #expect(closings.first?.difference == -1_000 && closings.first?.till.recorded == 50_000)
            #expect(closings.first?.reason == "Kembalian kurang")
        }
        #expect(try await city.fees.day(today.adding(days: -30), of: dewi).differences.map(\.difference) == [-1_000], "on every day’s page")
        #expect(try await city.fees.day(today, of: auditor).differences.map(\.agency) == ["pu"], "and of which agency it is")
        #expect(try await city.fees.day(today, of: other).differences.isEmpty)
        #expect(try await city.fees.day(today, of: dewi).closing == nil, "her own till is open")
        #expect(try await city.fees.day(today, of: other).closings.isEmpty)
        var text = ""
        for try await page in try city.fees.export(today...today, for: dewi) { text += page }
        let rows = try CSVReader.records(text).map(\.fields)
        let head = try #require(rows.first)
        let closed = try #require(rows.first { $0.contains("closed") })
        let told = Dictionary(zip(head, closed), uniquingKeysWith: { $1 })
        #expect(told["cashier"] == "\(rosa.number)" && told["difference"] == "-1000" && told["reason"] == "Kembalian kurang")
        let shown = try await city.fees.day(today, of: dewi).movements.first { $0.kind == .closed }
        #expect(told["cash"] == "-50000" && shown?.amount == -49_000, "the file says what left the till, the page what was deposited")
    }

    @Test("Cash beyond a bill is asked about first; then change is given, or all of it is taken", arguments: TestDatabase.engines)
    func change(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let (first, second) = (try await Self.bill(city, 162_000), try await Self.bill(city, 162_000))
        func take(_ amount: Int, _ number: String, _ name: String, _ beyond: Fees.Beyond) async throws -> Int {
            try await city.fees.takeCash(amount, for: number, reference: name, beyond: beyond, officer: rosa).payment.amount
        }
        let asked = await Self.refusal { _ = try await take(500_000, first, "A", .asked) }
        #expect(asked?.code == Fees.moreThanOwed)
        #expect(asked?.fields.first?.message.id == "Tagihannya Rp162.000. Berikan kembalian Rp338.000 dan catat Rp162.000?")
        #expect(try await city.fees.find(first)?.paid == 0, "nothing is taken before it was answered")
        #expect(try await take(500_000, first, "B", .change) == 162_000)
        #expect(try await take(500_000, first, "B", .change) == 162_000, "once, however often it is sent")
        #expect(await Self.refusal { _ = try await take(1_000, first, "C", .asked) }?.code == "bill.paid")
        #expect(try await city.fees.find(first)?.excess == 0)
        #expect(try await take(500_000, second, "D", .taken) == 500_000)
        #expect(try await city.fees.find(second)?.excess == 338_000)
    }

    @Test("More is not handed over than lies there, and the fault is at its field", arguments: TestDatabase.engines.prefix(1))
    func handOver(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let refused = await Self.refusal { try await city.fees.handOver(1_000, slip: "STS-1", key: "a", by: rosa) }
        #expect(refused?.fields.map(\.name) == ["setor"] && refused?.remedy == nil)
        try await city.fees.takeCash(50_000, for: Self.bill(city, 50_000), reference: "A", officer: rosa)
        try await city.fees.handOver(1_000, slip: "STS-1", key: "b", by: rosa)
        let again = await Self.refusal { try await city.fees.handOver(1_000, slip: " STS-1", key: "c", by: rosa) }
        #expect(again?.fields.map(\.name) == ["slip"], "each deposit has a slip of its own")
        let closing = await Self.refusal { try await city.fees.closeCash(counted: 48_000, slip: "", reason: "", by: rosa) }
        #expect(closing?.fields.map(\.name) == ["reason", "sts"], "all that is missing is said at once")
    }

    @Test("A transfer is carried out with its number, which its receipt keeps; a ground says something", arguments: TestDatabase.engines)
    func transferNumber(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let dewi = try await city.officer("dewi", agency: "pu", roles: [.treasurer])
        let number = try await Self.bill(city, 50_000)
        try await city.fees.take(60_000, for: number, by: .qris, reference: "A", actor: .system)
        let account = try Refund.Account(bank: "Bank Uji", number: "1234567890", name: "Siti")
        func order(_ ground: String) async throws {
            try await city.fees.order(10_000, of: number, ground: ground, to: (account, proof: "Buku tabungan"), key: "k", by: head)
        }
        #expect(await Self.refusal { try await order("Lebih") }?.fields.map(\.name) == ["reason"])
        try await order("Dibayar dua kali")
        let id = try #require(try await city.journal.read { try Fees.refunds(of: number, in: $0).first?.id })
        #expect(await Self.refusal { try await city.fees.carryOut(id, slip: "", by: dewi) }?.fields.map(\.name) == ["slip"])
        let receipt = try await city.fees.carryOut(id, slip: "TRF-77", by: dewi)
        #expect(try await city.fees.refund(receipt: receipt)?.reference == "TRF-77")
        let entry = try await city.journal.read { try city.journal.entries(of: "bill/\(number)", in: $0).last }
        #expect(entry?.facts["reference"] == nil && entry?.inner?["reference"]?.string == "TRF-77", "it stays inside")
        let other = try await city.officer("lain", agency: "kebersihan", roles: [.treasurer])
        #expect(try await city.fees.openAccount(of: id, by: dewi).account?.number == "1234567890")
        await #expect(throws: Problem.self) { try await city.fees.openAccount(of: id, by: other) }
    }

    @Test(
        "A till with cash of the day before yesterday is seen by whoever answers for the money, until it is deposited",
        arguments: TestDatabase.engines
    )
    func lateTills(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let other = try await city.officer("lain", agency: "kebersihan", roles: [.head])
        let auditor = try await city.officer("audit", agency: "kebersihan", roles: [.auditor])
        let clerk = try await city.officer("loket", agency: "pu", roles: [.clerk])
        #expect(Fees.seesMoney(auditor) && Fees.seesMoney(head) && !Fees.seesMoney(clerk), "everybody’s money is not none")
        let first = city.clock.now.date(in: city.city.zone)
        func late(_ looker: Officer) async throws -> [String] {
            let today = city.clock.now.date(in: city.city.zone)
            #expect(try await city.fees.waiting(for: looker).tills == city.fees.day(today, of: looker).late.count)
            return try await city.fees.day(today, of: looker).late.map { "\($0.number) \($0.agency) \($0.amount) \($0.since)" }
        }
        func own() async throws -> [CivilDate]? {
            try await city.fees.day(city.clock.now.date(in: city.city.zone), of: rosa).undeposited.map { [$0.since, $0.closable] }
        }
        try await city.fees.takeCash(50_000, for: Self.bill(city, 50_000), reference: "A", officer: rosa)
        #expect(try await own() == nil, "it lies there since today")
        city.clock.set("2026-11-03T09:00:00+07:00")
        let second = first.adding(days: 1)
        try await city.fees.takeCash(20_000, for: Self.bill(city, 20_000), reference: "B", officer: rosa)
        #expect(try await late(head).isEmpty, "cash of yesterday is in time today")
        #expect(try await own() == [first, first], "and can be closed without closing today")
        city.clock.set("2026-11-04T09:00:00+07:00")
        for looker in [rosa, head, auditor] { #expect(try await late(looker) == ["\(rosa.number) pu 50000 \(first)"]) }
        #expect(try await late(other).isEmpty)
        try await city.fees.handOver(30_000, slip: "STS-1", key: "a", by: rosa)
        #expect(try await late(head) == ["\(rosa.number) pu 20000 \(first)"], "a part is deposited")
        #expect(try await own() == [first, first.adding(days: 2)], "no day before a hand-over is closed")
        try await city.fees.handOver(20_000, slip: "STS-2", key: "b", by: rosa)
        #expect(try await late(head).isEmpty, "what goes out is the oldest")
        #expect(try await own()?.first == second)
        city.clock.set("2026-11-05T09:00:00+07:00")
        #expect(try await late(head) == ["\(rosa.number) pu 20000 \(second)"])
        try await city.fees.closeCash(counted: 20_000, slip: "STS-3", reason: "", by: rosa)
        #expect(try await late(head).isEmpty)
    }

    @Test("Nobody’s account ends while cash lies in their till, or it is seen until it is counted", arguments: TestDatabase.engines)
    func leftTill(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let dewi = try await city.officer("dewi", agency: "pu", roles: [.treasurer])
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let other = try await city.officer("lain", agency: "kebersihan", roles: [.treasurer])
        let supervisor = try await city.officer("setda", agency: "setda", roles: [.supervisor])
        let auditor = try await city.officer("audit", agency: "setda", roles: [.auditor])
        let today = city.clock.now.date(in: city.city.zone)
        let fees = city.fees
        func disable(_ officer: Officer, _ reason: String?) async throws -> Bool {
            try await city.accounts.disable(number: officer.number, by: .system) {
                try fees.leaveTill(of: $0, because: reason, by: .system, in: $1)
            }
        }
        func late(_ looker: Officer) async throws -> [String] {
            try await fees.day(today, of: looker).late.map { "\($0.number) \($0.agency) \($0.amount) \($0.left ?? "-")" }
        }
        let next = try await Self.bill(city, 10_000)
        try await fees.takeCash(50_000, for: Self.bill(city, 50_000), reference: "A", officer: rosa)
        let refused = await Self.refusal { _ = try await disable(rosa, nil) }
        #expect(refused?.title.id == "Di kas Petugas \(rosa.number) masih ada Rp50.000 yang belum disetor")
        #expect(refused?.remedy?.en.contains("--with-cash-left") == true, "the way out is named")
        #expect(await Self.refusal { _ = try await disable(rosa, "x") }?.fields.map(\.name) == ["with-cash-left"])
        try await fees.takeCash(10_000, for: next, reference: "B", officer: rosa)
        #expect(
            await Self.refusal {
                try await fees.closeLeftTill(of: rosa.number, counted: 0, slip: "", reason: "uji", witness: head.number, by: dewi)
            } != nil
        )
        #expect(try await disable(rosa, "Meninggal dunia"))
        await #expect(throws: Problem.self, "not even in the moment in which it ends") {
            try await fees.takeCash(10_000, for: next, reference: "C", officer: rosa)
        }
        for looker in [dewi, head, supervisor, auditor] {
            #expect(try await late(looker) == ["\(rosa.number) pu 60000 Meninggal dunia"], "at once, not only once it is late")
        }
        #expect(try await late(other).isEmpty)
        func close(_ officer: Officer, before witness: Officer?) async throws {
            try await fees.closeLeftTill(
                of: rosa.number,
                counted: 58_000,
                slip: "STS-9",
                reason: "Kurang di laci",
                witness: witness?.number,
                by: officer
            )
        }
        #expect(await Self.refusal { try await close(other, before: head) }?.code == "fees.other-agency")
        #expect(await Self.refusal { try await close(head, before: dewi) }?.code == "fees.treasurer-only")
        for nobody in [nil, dewi, rosa, other] {
            #expect(await Self.refusal { try await close(dewi, before: nobody) }?.fields.map(\.name) == ["saksi"], "\(nobody?.number ?? 0)")
        }
        try await close(dewi, before: head)
        #expect(try await late(auditor).isEmpty)
        let seen = try await fees.day(today, of: auditor)
        #expect(seen.differences.map { "\($0.number ?? 0) \($0.difference) \($0.reason)" } == ["\(rosa.number) -2000 Kurang di laci"])
        for closing in seen.differences + seen.closings {
            #expect(closing.counter == dewi.number && closing.witness == head.number && closing.leftBecause == "Meninggal dunia")
        }
        var file = ""
        for try await page in try fees.export(today...today, for: auditor) { file += page }
        let line = file.split(whereSeparator: \.isNewline).first { $0.contains(",closed,") }
        #expect(line?.hasSuffix(",\(dewi.number),\(head.number),Meninggal dunia,") == true)
        try await city.journal.rebuild()
        #expect(try await fees.day(today, of: auditor).closings.first?.witness == head.number)
        #expect(seen.closings.first?.slip == "STS-9" && seen.movements.last?.cashier == rosa.number)
        let balances = try await city.journal.read { try Fees.balances(in: $0) }
        #expect(balances.first { $0.account == "cash" }?.amount == 0 && balances.reduce(0) { $0 + $1.amount } == 0)
        #expect(try await disable(dewi, nil), "who holds nothing goes without a word")
    }

    @Test("Lists that are longer than a page have more, and a short one is on each", arguments: TestDatabase.engines)
    func pages(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let account = try Refund.Account(bank: "Bank Uji", number: "1234567890", name: "Siti")
        for index in 0..<102 {
            let number = try await Self.bill(city, 1_000)
            try await city.fees.take(3_000, for: number, by: .qris, reference: "\(index)", actor: .system)
            guard index == 0 else { continue }
            for key in ["a", "b"] {
                try await city.fees.order(
                    1_000,
                    of: number,
                    ground: "Lebih bayar",
                    to: (account, proof: "Buku tabungan"),
                    key: key,
                    by: head
                )
            }
            try await city.fees.withdraw("\(number)-1", reason: "Salah hitung", by: head)
        }
        let today = city.clock.now.date(in: city.city.zone)
        let first = try await city.fees.day(today, of: head)
        let second = try await city.fees.day(today, of: head, page: try #require(PageNumber("2")))
        let beyond = try await city.fees.day(today, of: head, page: try #require(PageNumber("9")))
        #expect([first, second, beyond].map(\.page.number) == [1, 2, 2] && first.page.of == 2)
        #expect(first.excesses.count == 100 && second.excesses.count == 2)
        #expect(Set((first.excesses + second.excesses).map(\.bill.number)).count == 102)
        for day in [first, second, beyond] {
            #expect(day.orders.map(\.account) == [account] && day.ended.count == 1 && day.endedCount == 1)
            #expect(day.totals == [.qris: 306_000] && day.movementCount == 102)
        }
    }

    @Test("Closing the day before leaves today’s till open", arguments: TestDatabase.engines)
    func closingBefore(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let first = city.clock.now.date(in: city.city.zone)
        try await city.fees.takeCash(50_000, for: Self.bill(city, 50_000), reference: "A", officer: rosa)
        city.clock.set("2026-11-03T09:00:00+07:00")
        try await city.fees.takeCash(20_000, for: Self.bill(city, 20_000), reference: "B", officer: rosa)
        let day = try #require(try await city.fees.day(first.adding(days: 1), of: rosa).undeposited?.closable)
        try await city.fees.closeCash(of: day, counted: 50_000, slip: "STS-1", reason: "", by: rosa)
        try await city.fees.takeCash(30_000, for: Self.bill(city, 30_000), reference: "C", officer: rosa)
        let till = try await city.fees.day(first.adding(days: 1), of: rosa)
        #expect(till.till.recorded == 50_000 && till.till.opening == 0 && till.undeposited == nil)
    }

    @Test("A slip bears its own day, between the money's and today, which the books keep", arguments: TestDatabase.engines)
    func slipDays(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let first = city.clock.now.date(in: city.city.zone)
        try await city.fees.takeCash(50_000, for: Self.bill(city, 50_000), reference: "A", officer: rosa)
        city.clock.set("2026-11-05T09:00:00+07:00")
        let today = first.adding(days: 3)
        for day in [first.adding(days: -1), today.adding(days: 1)] {
            let refused = await Self.refusal { try await city.fees.handOver(1_000, slip: "STS-1", dated: day, key: "a", by: rosa) }
            #expect(refused?.fields.map(\.name) == ["tanggal"])
            let closing = await Self.refusal {
                try await city.fees.closeCash(counted: 50_000, slip: "STS-1", dated: day, reason: "", by: rosa)
            }
            #expect(closing?.fields.map(\.name) == ["tanggal"])
        }
        try await city.fees.handOver(1_000, slip: "STS-1", dated: first, key: "a", by: rosa)
        try await city.fees.closeCash(counted: 49_000, slip: "STS-2", dated: today.adding(days: -1), reason: "", by: rosa)
        #expect(try await city.fees.day(today, of: rosa).closing?.slipDay == today.adding(days: -1))
        #expect(try await city.fees.day(first, of: rosa).movements.map(\.kind) == [.received], "late is not on the first day’s page")
        #expect(try await city.fees.day(today, of: rosa).movements.map(\.name.en).contains("Closed and deposited"))
        var text = ""
        for try await page in try city.fees.export(first...today, for: rosa) { text += page }
        let days = try CSVReader.records(text).map { $0.fields[14] }
        #expect(days.sorted() == ["\(first)", "\(first)", "\(today.adding(days: -1))", "value_day"])
    }

    @Test("A deposit slip is used once, however it is written", arguments: TestDatabase.engines)
    func oneSlip(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let dewi = try await city.officer("dewi", agency: "pu", roles: [.treasurer])
        for officer in [rosa, dewi] {
            try await city.fees.takeCash(50_000, for: Self.bill(city, 50_000), reference: "\(officer.number)", officer: officer)
        }
        try await city.fees.handOver(10_000, slip: "STS-2026/0001", key: "a", by: rosa)
        for (index, slip) in ["STS-2026/0001", "sts-2026/0001", "STS 2026/0001", "Sts.2026.00-01", "STS20260001"].enumerated() {
            for officer in [rosa, dewi] {
                let again = await Self.refusal { try await city.fees.handOver(10_000, slip: slip, key: "b\(index)", by: officer) }
                #expect(again?.fields.map(\.name) == ["slip"], "\(slip)")
                let closing = await Self.refusal { try await city.fees.closeCash(counted: 1_000, slip: slip, reason: "uji", by: officer) }
                #expect(closing?.fields.map(\.name) == ["sts"], "\(slip)")
            }
        }
        try await city.fees.handOver(10_000, slip: "STB-2026/0001", key: "c", by: rosa)
        try await city.fees.handOver(10_000, slip: "STS-2026/00011", key: "d", by: rosa)
    }

    @Test("A slip bears no day before the money that it can carry lay there", arguments: TestDatabase.engines)
    func firstSlipDays(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let first = city.clock.now.date(in: city.city.zone)
        func take(_ amount: Int, _ name: String) async throws {
            try await city.fees.takeCash(amount, for: Self.bill(city, amount), reference: name, officer: rosa)
        }
        func handOver(_ amount: Int, _ slip: String, _ day: CivilDate) async -> [String]? {
            await Self.refusal { try await city.fees.handOver(amount, slip: slip, dated: day, key: "\(slip) \(day)", by: rosa) }?.fields
                .map(\.name)
        }
        try await take(50_000, "A")
        try await city.fees.closeCash(counted: 50_000, slip: "STS-1", reason: "", by: rosa)
        city.clock.set("2026-12-01T09:00:00+07:00")
        let december = city.clock.now.date(in: city.city.zone)
        try await take(50_000, "B")
        #expect(await handOver(50_000, "STS-2", first) == ["tanggal"], "what was closed carries nothing")
        city.clock.set("2026-12-02T09:00:00+07:00")
        try await take(30_000, "C")
        #expect(await handOver(60_000, "STS-2", december) == ["tanggal"], "on that day less lay there")
        #expect(await handOver(30_000, "STS-3", december.adding(days: 1)) == nil)
        #expect(await handOver(50_000, "STS-2", december) == nil, "the slip of the day before may be noted after today’s")
        try await take(20_000, "D")
        #expect(await handOver(20_000, "STS-4", december) == ["tanggal"], "what was handed over carries nothing")
        let closing = await Self.refusal {
            try await city.fees.closeCash(counted: 20_000, slip: "STS-4", dated: december, reason: "", by: rosa)
        }
        #expect(closing?.fields.map(\.name) == ["tanggal"])
        try await city.fees.closeCash(counted: 20_000, slip: "STS-4", dated: december.adding(days: 1), reason: "", by: rosa)
    }

    @Test("What was answered is answered again the same: an order withdrawn, money that came back", arguments: TestDatabase.engines)
    func repeatedAnswers(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let number = try await Self.bill(city, 50_000)
        try await city.fees.take(60_000, for: number, by: .qris, reference: "A", actor: .system)
        let account = try Refund.Account(bank: "Bank Uji", number: "1234567890", name: "Siti")
        for key in ["a", "b"] {
            try await city.fees.order(
                5_000,
                of: number,
                ground: "Dibayar dua kali",
                to: (account, proof: "Buku tabungan"),
                key: key,
                by: head
            )
        }
        let orders = try await city.journal.read { try Fees.refunds(of: number, in: $0).map(\.id) }
        let day = city.clock.now.date(in: city.city.zone)
        let early = await Self.refusal { try await city.fees.carryOut(orders[1], slip: "SP2D-1", dated: day.adding(days: -1), by: rosa) }
        #expect(early?.fields.map(\.name) == ["tanggal"], "nothing is paid before it was ordered")
        try await city.fees.carryOut(orders[1], slip: "SP2D-1", by: rosa)
        city.clock.set("2026-11-05T09:00:00+07:00")
        for wrong in [day.adding(days: -1), day.adding(days: 4)] {
            let refused = await Self.refusal {
                try await city.fees.takeBack(orders[1], reason: "Rekening tutup", dated: wrong, key: "d", by: rosa)
            }
            #expect(refused?.fields.map(\.name) == ["tanggal"], "nothing comes back before it was paid, or tomorrow")
        }
        for _ in 0..<2 {
            try await city.fees.withdraw(orders[0], reason: "Salah hitung", key: "c", by: head)
            try await city.fees.takeBack(orders[1], reason: "Rekening tutup", dated: day.adding(days: 1), key: "d", by: rosa)
        }
        let returned = try await city.fees.day(day.adding(days: 3), of: rosa).movements.first { $0.kind == .returned }
        #expect(returned?.valueDay == day.adding(days: 1).description, "it counts from the bank’s day")
        let kinds = try await city.journal.read { try city.journal.entries(of: "bill/\(number)", in: $0).map(\.kind) }
        #expect(kinds.filter { $0 == "refund.withdrawn" || $0 == "refund.returned" }.count == 2)
        #expect(try await city.fees.find(number)?.returnable == 10_000)
        #expect(await Self.refusal { try await city.fees.withdraw(orders[0], reason: "Salah hitung", key: "e", by: head) } != nil)
    }

    @Test("Cash that was handed over since is not deposited again with an earlier day", arguments: TestDatabase.engines)
    func depositedSince(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let first = city.clock.now.date(in: city.city.zone)
        try await city.fees.takeCash(50_000, for: Self.bill(city, 50_000), reference: "A", officer: rosa)
        city.clock.set("2026-11-03T09:00:00+07:00")
        try await city.fees.handOver(20_000, slip: "STS-1", key: "a", by: rosa)
        let refused = await Self.refusal { try await city.fees.closeCash(of: first, counted: 50_000, slip: "STS-2", reason: "", by: rosa) }
        #expect(refused?.code == "cash.deposited-since")
        try await city.fees.closeCash(counted: 30_000, slip: "STS-2", reason: "", by: rosa)
        let balances = try await city.journal.read { try Fees.balances(in: $0) }
        #expect(balances.map { "\($0.account) \($0.amount)" } == ["bank 50000", "cash 0", "receivable 0", "revenue -50000"])
    }

    @Test("A reason says something that can be read, and is short", arguments: ["\u{2060}", String(repeating: "a", count: 301)])
    func reasons(text: String) async throws {
        let city = try await TestCity(.sqlite)
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        try await city.fees.takeCash(50_000, for: Self.bill(city, 50_000), reference: "A", officer: rosa)
        let refused = await Self.refusal { try await city.fees.closeCash(counted: 49_000, slip: "STS-1", reason: text, by: rosa) }
        #expect(refused?.fields.map(\.name) == ["reason"])
    }

    @Test("Whoever orders has seen the whole account, also a head who sees everybody's money", arguments: TestDatabase.engines)
    func seenAccount(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head, .supervisor])
        let looker = try await city.officer("setda", agency: "setda", roles: [.supervisor])
        let number = try await Self.bill(city, 50_000)
        let person = Identifier(at: city.clock.now)
        try await city.fees.take(60_000, for: number, by: .qris, reference: "A", actor: .system)
        func give(_ account: String, _ name: String) async throws {
            let account = try Refund.Account(bank: "Bank Uji", number: account, name: name)
            try await city.fees.giveAccount(account, for: number, of: person, by: .resident)
        }
        try await give("9999915544", "Pemilik Asli")
        let today = city.clock.now.date(in: city.city.zone)
        let seen = try #require(try await city.fees.day(today, of: head).excesses.first?.account)
        #expect(try await city.fees.day(today, of: looker).excesses.first?.account == nil, "who looks on sees none")
        try await give("1111115544", "Orang Lain")
        let tag = city.fees.tag(of: seen)
        let refused = await Self.refusal {
            try await city.fees.order(1_000, of: number, ground: "Lebih bayar", seeing: tag, key: "a", by: head)
        }
        #expect(refused?.fields.map(\.name) == ["rekening"], "another account with the same last digits")
        try await give("9999915544", "Pemilik Asli")
        try await city.fees.order(1_000, of: number, ground: "Lebih bayar", seeing: tag, key: "b", by: head)
    }

    @Test("An account that proved wrong is wrong however its letters are written, and whoever wrote it", arguments: TestDatabase.engines)
    func wrongAccount(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let number = try await Self.bill(city, 50_000)
        try await city.fees.take(60_000, for: number, by: .qris, reference: "A", actor: .system)
        func give() async throws {
            let account = try Refund.Account(bank: "Bank Sumut", number: "1234567890", name: "Nur'aini D'Angelo")
            try await city.fees.giveAccount(account, for: number, of: Identifier(at: city.clock.now), by: .resident)
        }
        func order(_ key: String, told: (String, String, String)? = nil) async throws {
            let account = try told.map { (try Refund.Account(bank: $0.0, number: $0.1, name: $0.2), proof: "Buku tabungan") }
            try await city.fees.order(1_000, of: number, ground: "Lebih bayar", to: account, key: key, by: head)
        }
        try await give()
        try await order("a", told: ("PT BANK SUMUT", "1234-567-890", "NURAINI DANGELO"))
        try await city.fees.carryOut("\(number)-1", slip: "SP2D-1", by: rosa)
        try await city.fees.takeBack("\(number)-1", reason: "Rekening tutup", by: rosa)
        #expect(await Self.refusal { try await order("b") }?.fields.map(\.name) == ["rekening"])
        #expect(await Self.refusal { try await order("c", told: ("sumut", "1234567890", "nuraini dangelo")) } != nil)
        try await give()
        try await order("d")
        _ = try await city.fees.withdraw("\(number)-2", reason: "Salah hitung", by: head)
        try await order("e")
        _ = try await city.fees.withdraw("\(number)-3", reason: "Nama bukan pemohon", isAccountWrong: true, by: head)
        #expect(await Self.refusal { try await order("f") }?.fields.map(\.name) == ["rekening"], "taken back for its account")
    }

    @Test("An account that money came back from is asked for again before the next order", arguments: TestDatabase.engines)
    func accountAfterReturn(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let number = try await Self.bill(city, 50_000)
        let account = try Refund.Account(bank: "Bank Uji", number: "1234567890", name: "Siti")
        func give() async throws {
            try await city.fees.giveAccount(account, for: number, of: Identifier(at: city.clock.now), by: .resident)
        }
        func order(_ key: String) async throws {
            try await city.fees.order(10_000, of: number, ground: "Lebih bayar", key: key, by: head)
        }
        try await city.fees.take(60_000, for: number, by: .qris, reference: "A", actor: .system)
        try await give()
        try await order("a")
        try await city.fees.carryOut("\(number)-1", slip: "SP2D-1", by: rosa)
        try await city.fees.takeBack("\(number)-1", reason: "Rekening tutup", by: rosa)
        #expect(await Self.refusal { try await order("b") }?.fields.map(\.name) == ["rekening"])
        let ended = try #require(try await city.fees.day(city.clock.now.date(in: city.city.zone), of: head).ended.first)
        #expect(ended.refund.state == .returned && ended.refund.undone == "Rekening tutup" && ended.account == account)
        try await give()
        #expect(await Self.refusal { try await order("a") }?.code == "refund.came-back", "an old form does not know that it came back")
        try await order("b")
        #expect(try await city.journal.read { try Fees.refunds(of: number, in: $0).count } == 2)
        try await city.fees.withdraw("\(number)-2", reason: "Salah hitung", by: head)
        try await order("b")
        #expect(try await city.journal.read { try Fees.refunds(of: number, in: $0).count } == 3, "what was taken back is ordered anew")
    }

    @Test(
        "An account told at the counter is shown to be the applicant’s, and none that money came back from",
        arguments: TestDatabase.engines
    )
    func toldAccount(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let number = try await Self.bill(city, 50_000)
        try await city.fees.take(60_000, for: number, by: .qris, reference: "A", actor: .system)
        func order(_ bank: String, proof: String = "Buku tabungan") async throws {
            let account = try Refund.Account(bank: bank, number: "1234567890", name: "Siti")
            try await city.fees.order(5_000, of: number, ground: "Lebih bayar", to: (account, proof: proof), key: nil, by: head)
        }
        let unproven = await Self.refusal { try await order("Bank Uji", proof: "") }?.fields.first
        #expect(unproven?.name == "bukti" && unproven?.message.id.hasPrefix("Tulis buktinya") == true)
        try await order("Bank Uji")
        #expect(try await city.fees.openAccount(of: "\(number)-1", by: rosa).proof == "Buku tabungan", "the second pair of eyes sees it")
        try await city.fees.carryOut("\(number)-1", slip: "SP2D-1", by: rosa)
        try await city.fees.takeBack("\(number)-1", reason: "Rekening tutup", by: rosa)
        let again = await Self.refusal { try await order("bank uji") }?.fields.first
        #expect(again?.name == "rekening" && again?.message.id.hasPrefix("Uang baru saja kembali dari rekening ini") == true)
        try await order("Bank Lain")
        let account = try Refund.Account(bank: "Bank Uji", number: "1234567890", name: "Siti")
        try await city.fees.giveAccount(account, for: number, of: Identifier(at: city.clock.now), by: .resident)
        try await order("Bank Uji")
    }

    @Test("Orders beyond the money wait for the head; what comes back then leaves nothing to give", arguments: TestDatabase.engines)
    func beyondTheMoney(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let auditor = try await city.officer("audit", agency: "kebersihan", roles: [.auditor])
        let number = try await Self.bill(city, 50_000)
        let account = try Refund.Account(bank: "Bank Uji", number: "1234567890", name: "Siti")
        try await city.fees.take(50_000, for: number, by: .qris, reference: "A", actor: .system)
        try await city.fees.take(10_000, for: number, by: .qris, reference: "B", actor: .system)
        for key in ["a", "b"] {
            try await city.fees.order(5_000, of: number, ground: "Lebih bayar", to: (account, proof: "Buku tabungan"), key: key, by: head)
        }
        #expect(try await city.fees.waiting(for: head).bills == 0)
        try await city.fees.carryOut("\(number)-1", slip: "SP2D-1", by: rosa)
        try await city.fees.reverse(reference: "B", reason: "refunded", actor: .system)
        for looker in [head, auditor] { #expect(try await city.fees.waiting(for: looker).bills == 1, "an order is to be taken back") }
        #expect(try await city.fees.takeBack("\(number)-1", reason: "Rekening tutup", by: rosa) == false)
    }
}
