// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Fees
import Identity
import Journal
import Storage
import TestSupport
import Testing

/// What a bank told of and two people find not to be in the account.
@Suite("Money that was told and is not there")
struct NotThereTests {
    typealias Scene = UndoingTests.Scene

    private static func code(_ body: () async throws -> Void) async -> String? {
        do { try await body() } catch { return (error as? Problem)?.code ?? "\(error)" }
        return nil
    }

    /// The payments of the scene's bill, oldest first.
    private static func payments(_ scene: Scene) async throws -> [Payment] {
        let bill = scene.bill
        return try await scene.city.journal.read { try Fees.payments(of: bill, in: $0) }
    }

    private static func bookOut(_ receipt: String, _ scene: Scene) async throws {
        try await scene.city.fees.doubt(receipt, reason: "Tidak ada di rekening koran", by: scene.rosa)
        try await scene.city.fees.correct(receipt, by: scene.head)
    }

    @Test("A treasurer says that it is not there, the head books it out; the bill is owed again", arguments: TestDatabase.engines)
    func twoPeople(engine: Engine) async throws {
        let scene = try await Scene(engine)
        try await scene.told()
        let receipt = try #require(try await Self.payments(scene).first).receipt
        try await scene.city.fees.doubt(receipt, reason: "Tidak ada di rekening koran", by: scene.rosa)
        #expect(try await scene.owing() == 0, "until it is decided it counts")
        try await scene.city.fees.correct(receipt, by: scene.head)
        #expect(try await scene.owing() == 194_400)
        let payment = try #require(try await Self.payments(scene).first)
        #expect(payment.isReversed && payment.isNotThere && !payment.isCorrected && payment.reference == "bank:OOO12345")
        #expect(try await scene.told(), "told again it is the same payment")
        #expect(try await scene.city.fees.day(scene.today, of: scene.rosa).toldAgain.map(\.receipt) == [receipt], "and a question")
        #expect(try await scene.owing() == 194_400)
    }

    @Test("Cash is not doubted: it goes back by an order", arguments: TestDatabase.engines)
    func cash(engine: Engine) async throws {
        let scene = try await Scene(engine)
        let receipt = try await scene.city.fees.takeCash(
            194_400,
            for: scene.bill,
            reference: "tunai-1",
            officer: scene.rosa
        ).payment.receipt
        #expect(
            await Self.code { try await scene.city.fees.doubt(receipt, reason: "Tidak ada", by: scene.rosa) } == "payment.not-standing"
        )
    }

    @Test(
        "What the bank takes back of it afterwards is the same undoing; only what goes beyond it is asked",
        arguments: TestDatabase.engines
    )
    func sameUndoing(engine: Engine) async throws {
        let scene = try await Scene(engine)
        try await scene.told()
        try await Self.bookOut(try #require(try await Self.payments(scene).first).receipt, scene)
        for _ in 0..<2 { try await scene.undone(100_000) }
        #expect(try await scene.seen(by: scene.rosa) == ["KW 100000 booked"])
        try await scene.undone(94_400)
        #expect(try await scene.seen(by: scene.rosa) == ["KW 100000 booked", "KW 94400 booked"])
        try await scene.undone(1_000)
        #expect(try await scene.seen(by: scene.rosa) == ["KW 1000 open beyond", "KW 100000 booked", "KW 94400 booked"])
        #expect(try await scene.owing() == 194_400)
        try await scene.city.journal.rebuild()
        #expect(try await scene.seen(by: scene.rosa).count == 3)
    }

    @Test("What was said to be there, and told since, is booked out by two people", arguments: TestDatabase.engines)
    func saidToBeThere(engine: Engine) async throws {
        let scene = try await Scene(engine)
        try await scene.undone(194_400)
        try await scene.settle(194_400, true, note: "Ada di rekening")
        scene.city.clock.set("2026-11-02T10:00:00+07:00")
        try await scene.told()
        #expect(await Self.code { try await scene.settle(194_400, false) } == "fees.undoing-told-since")
        try await Self.bookOut(try #require(try await Self.payments(scene).last).receipt, scene)
        #expect(try await scene.owing() == 194_400)
        #expect(try await scene.seen(by: scene.head) == ["KW 194400 booked"])
        try await scene.undone(194_400)
        #expect(try await scene.seen(by: scene.head) == ["KW 194400 booked"], "it was told before")
    }

    @Test("A question that a recording answered is open again where the recording is taken back", arguments: TestDatabase.engines)
    func openAgain(engine: Engine) async throws {
        let scene = try await Scene(engine)
        try await scene.told()
        try await scene.undone(194_400)
        try await scene.told()
        try await scene.rowWithReason("SETOR TUNAI BUDI")
        let (fees, day) = (scene.city.fees, scene.today)
        #expect(try await fees.day(day, of: scene.rosa).toldAgain.isEmpty)
        try await Self.bookOut(try #require(try await Self.payments(scene).first { $0.isFromStatement }).receipt, scene)
        #expect(try await fees.day(day, of: scene.rosa).toldAgain.count == 1)
    }

    @Test("All that was said of an undoing stays readable, oldest first", arguments: TestDatabase.engines)
    func sayings(engine: Engine) async throws {
        let scene = try await Scene(engine)
        try await scene.undone(50_000)
        try await scene.told()
        try await scene.settle(50_000, true, note: "Ada menurut bank")
        try await scene.settle(50_000, false, note: "Ternyata tidak ada")
        for round in 0..<2 {
            let stray = try #require(try await scene.city.fees.day(scene.today, of: scene.head).settledStrays.first)
            #expect(
                stray.sayings.map { "\($0.isHere) \($0.note) \($0.number ?? 0)" } == [
                    "true Ada menurut bank \(scene.rosa.number)", "false Ternyata tidak ada \(scene.rosa.number)",
                ]
            )
            if round == 0 { try await scene.city.journal.rebuild() }
        }
    }

    @Test("Why an undoing was settled goes with the applicant, from the tables and from what replay fills", arguments: TestDatabase.engines)
    func erased(engine: Engine) async throws {
        let scene = try await Scene(engine)
        try await scene.told()
        try await scene.undone(50_000)
        try await scene.settle(50_000, true, note: "Kata Siti ada")
        let city = scene.city
        try await city.journal.commit { try Fees.eraseReasons(of: "A", by: .system, basis: "uji", from: city.journal, in: $0) }
        for round in 0..<2 {
            let stray = try #require(try await city.fees.day(scene.today, of: scene.head).settledStrays.first)
            #expect(stray.note == "–" && stray.sayings.map(\.note) == ["–"])
            if round == 0 { try await city.journal.rebuild() }
        }
    }

    /// What may happen to the money of one bill, by whoever does it.
    enum Event: CaseIterable {
        case told, undone, part, cancelled, here, gone, row, doubt, bookOut, letStand
    }

    @Test("In whatever order it happens, the books agree with what stands", arguments: TestDatabase.engines, 0..<12)
    func anyOrder(engine: Engine, seed: Int) async throws {
        var generator = Seeded(UInt64(seed))
        let scene = try await Scene(engine)
        let fees = scene.city.fees
        let day = scene.today
        var happened: [String] = []
        for _ in 0..<14 {
            let event = try #require(Event.allCases.randomElement(using: &generator))
            let doubted = try await fees.day(day, of: scene.head).doubts.first?.payment.receipt
            let code = await Self.code {
                switch event {
                case .told: try await scene.told()
                case .undone: try await scene.undone(194_400)
                case .part: try await scene.undone(50_000)
                case .cancelled: try await scene.undone(194_400, "bank:OOO12345", of: nil, "batal")
                case .here, .gone:
                    let seen = try await fees.day(day, of: scene.rosa)
                    guard let stray = (seen.strays + seen.settledStrays).first(where: { $0.state != .booked }) else { return }
                    try await fees.settleStray(stray.entry, isHere: event == .here, note: "Sudah ditanyakan", by: scene.rosa)
                case .row: try await scene.rowWithReason("QRIS OOO12345")
                case .doubt:
                    guard let payment = try await Self.payments(scene).first(where: \.mayBeDoubted) else { return }
                    try await fees.doubt(payment.receipt, reason: "Tidak ada", by: scene.rosa)
                case .bookOut: if let doubted { try await fees.correct(doubted, by: scene.head) }
                case .letStand: if let doubted { try await fees.letStand(doubted, reason: "Ternyata ada", by: scene.head) }
                }
            }
            happened.append("\(event)\(code.map { ": \($0)" } ?? "")")
            try await Self.agree(scene, happened)
        }
        let before = try await scene.seen(by: scene.head)
        try await scene.city.journal.rebuild()
        #expect(try await scene.seen(by: scene.head) == before, "\(happened)")
        try await Self.agree(scene, happened)
    }

    /// What is owed is what the bill says without what stands, the bank's account holds what stands, and all accounts together are nought.
    private static func agree(_ scene: Scene, _ happened: [String]) async throws {
        let standing = try await payments(scene).filter { !$0.isReversed }.reduce(0) { $0 + $1.amount }
        let bill = try #require(try await scene.city.fees.find(scene.bill))
        #expect(bill.outstanding == max(0, 194_400 - standing) && bill.excess == max(0, standing - 194_400), "\(happened)")
        let balances = try await scene.city.journal.read { try Fees.balances(in: $0) }
        #expect(balances.first { $0.account == "bank" }?.amount ?? 0 == standing, "\(happened)")
        #expect(balances.reduce(0) { $0 + $1.amount } == 0, "\(happened)")
        #expect(!happened.contains { $0.contains(": ") && !$0.contains("payment.") && !$0.contains("statement.") && !$0.contains("fees.") })
    }
}
