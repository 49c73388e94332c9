// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import FoodPrices
import Foundation
import Identity
import Journal
import Storage
import TestSupport
import Testing

@Suite("Prices of food")
struct FoodTests {
    private static func watched(_ engine: Engine) async throws -> (city: TestCity, food: FoodWatch, officer: Officer) {
        let city = try await TestCity(engine)
        let food = try #require(FoodWatch(journal: city.journal, city: city.city))
        return (city, food, try await city.officer("rini", agency: "kominfo", roles: [.officer]))
    }

    private static func rice(_ price: Int?, stock: Int? = nil) -> [FoodWatch.Line] {
        [FoodWatch.Line(commodity: "beras", price: price, stock: stock)]
    }

    @Test("The mean is of the last price at each market, and a change is against the prices before", arguments: TestDatabase.engines)
    func figures(engine: Engine) async throws {
        let (city, food, officer) = try await Self.watched(engine)
        try await food.report(Self.rice(12_000), at: "pagi", isSure: false, key: nil, by: officer)
        try await food.report(Self.rice(13_001), at: "sore", isSure: false, key: nil, by: officer)
        var figure = try #require(try await food.figures().first)
        #expect(figure.mean == 12_501 && figure.before == nil && figure.change == nil && !figure.isAboveCeiling)
        city.clock.set("2026-11-03T09:00:00+07:00")
        try await food.report(Self.rice(14_000), at: "pagi", isSure: false, key: nil, by: officer)
        figure = try #require(try await food.figures().first)
        #expect(figure.mean == 13_501 && figure.change == nil, "the other market has no price before to compare with")
        try await food.report(Self.rice(13_001), at: "sore", isSure: false, key: nil, by: officer)
        figure = try #require(try await food.figures().first)
        #expect(figure.before == 12_501 && figure.change == 80 && figure.isAboveCeiling, "8.0 percent up")
        city.clock.set("2026-11-20T09:00:00+07:00")
        #expect(try await food.figures().first?.mean == nil, "a price of more than a week ago says nothing about today")
    }

    @Test("A slip of the finger is asked about; looked at again, it is taken", arguments: TestDatabase.engines)
    func slips(engine: Engine) async throws {
        let (city, food, officer) = try await Self.watched(engine)
        try await food.report(Self.rice(12_000), at: "pagi", isSure: false, key: nil, by: officer)
        city.clock.set("2026-11-03T09:00:00+07:00")
        let problem = await #expect(throws: Problem.self) {
            try await food.report(Self.rice(120_000), at: "pagi", isSure: false, key: nil, by: officer)
        }
        #expect(problem?.fields.map(\.name) == ["price-beras"] && problem?.fields.first?.message.id.contains("Rp12.000") == true)
        try await food.report(Self.rice(15_000), at: "pagi", isSure: false, key: nil, by: officer)
        try await food.report(Self.rice(120_000), at: "pagi", isSure: true, key: nil, by: officer)
        #expect(try await food.figures().first?.mean == 120_000)
    }

    @Test(
        "What cannot be is refused, each line by name",
        arguments: [(-1, nil), (99, nil), (2_000_000, nil), (nil, -5), (nil, nil)] as [(Int?, Int?)]
    )
    func refused(price: Int?, stock: Int?) async throws {
        let (_, food, officer) = try await Self.watched(.sqlite)
        let problem = await #expect(throws: Problem.self) {
            try await food.report(Self.rice(price, stock: stock), at: "pagi", isSure: true, key: nil, by: officer)
        }
        #expect(problem?.fields.first?.name.hasSuffix("-beras") == true)
    }

    @Test("Only officers of the agency report, only what the pack names, and the same form once", arguments: TestDatabase.engines)
    func who(engine: Engine) async throws {
        let (city, food, officer) = try await Self.watched(engine)
        let stranger = try await city.officer("asing", agency: "pu", roles: [.officer, .head])
        await #expect(throws: Problem.self) { try await food.report(Self.rice(12_000), at: "pagi", isSure: false, key: nil, by: stranger) }
        await #expect(throws: Problem.self) { try await food.report(Self.rice(12_000), at: "malam", isSure: false, key: nil, by: officer) }
        for _ in 0..<3 { try await food.report(Self.rice(12_000, stock: 40), at: "pagi", isSure: false, key: "a", by: officer) }
        #expect(try await city.journal.read { try $0.count("SELECT count(*) FROM entry WHERE kind = 'food.reported'") } == 1)
        #expect(try await food.byMarket("beras").map(\.stock) == [40])
    }

    @Test("A later report of the day takes the place of the earlier one; what it leaves out stays", arguments: TestDatabase.engines)
    func corrected(engine: Engine) async throws {
        let (city, food, officer) = try await Self.watched(engine)
        try await food.report(Self.rice(12_000, stock: 40), at: "pagi", isSure: false, key: nil, by: officer)
        try await food.report(Self.rice(12_500), at: "pagi", isSure: false, key: nil, by: officer)
        let day = try #require(CivilDate("2026-11-02"))
        let rows = try await food.reported(at: "pagi", on: day)
        #expect(rows.map(\.price) == [12_500] && rows.map(\.stock) == [40])
        try await city.journal.rebuild()
        #expect(try await food.reported(at: "pagi", on: day) == rows)
        #expect(try await food.csv(from: day, through: day).hasSuffix("2026-11-02,Pasar Pagi,Beras medium,kg,12500,IDR,40\r\n"))
    }

    @Test(
        "Asked by SMS",
        arguments: [
            ("harga beras", "Beras medium Rp12.500/kg (2 Nov), termurah Pasar Pagi 12.000."),
            ("PRICE RICE", "Medium rice Rp12,500/kg (2 Nov), cheapest Pasar Pagi 12,000."),
            ("HARGA telur", "Belum ada harga minggu ini."),
            ("HARGA", "Tulis HARGA dan bahannya, mis. HARGA BERAS. Ada: Beras medium, Cabai merah, Telur ayam…"), ("CEK X", nil),
        ] as [(String, String?)]
    )
    func shortMessage(text: String, answer: String?) async throws {
        let (_, food, officer) = try await Self.watched(.sqlite)
        try await food.report(Self.rice(12_000), at: "pagi", isSure: false, key: nil, by: officer)
        try await food.report(Self.rice(13_000), at: "sore", isSure: false, key: nil, by: officer)
        #expect(try await food.answer(shortMessage: text) == answer)
    }
}
