// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Foundation
import Identity
import Journal
import Storage

/// Prices and stocks of food at the city's markets: reported by officers there, shown to everybody the same minute.
public struct FoodWatch: Sendable {
    /// The one door for writes.
    public let journal: Journal
    /// The city.
    public let city: City
    /// What is watched.
    public let plan: FoodMarkets

    /// The watch of a city; nil where it watches nothing.
    public init?(journal: Journal, city: City) {
        guard let plan = city.foodMarkets else { return nil }
        self.journal = journal
        self.city = city
        self.plan = plan
    }

    /// What an officer saw of one commodity.
    public struct Line: Sendable, Hashable {
        /// The commodity, by code.
        public let commodity: String
        /// Rupiah a unit; nil where it was not asked.
        public let price: Int?
        /// What lies there, in units; nil where it was not asked.
        public let stock: Int?

        /// What an officer saw.
        public init(commodity: String, price: Int?, stock: Int?) {
            self.commodity = commodity
            self.price = price
            self.stock = stock
        }
    }

    /// A row of the table.
    public struct Price: Sendable, Hashable {
        /// The market, by code.
        public let market: String
        /// The commodity, by code.
        public let commodity: String
        /// The day that it was seen.
        public let day: CivilDate
        /// Rupiah a unit.
        public let price: Int?
        /// Units in stock.
        public let stock: Int?

        static let columns: SQL = "market, commodity, day, price, stock"

        init(_ row: Row) throws {
            market = try row(0)
            commodity = try row(1)
            day = try row(2)
            price = try row.optional(3)
            stock = try row.optional(4)
        }
    }

    /// Percent from the last price at the same market from which a report has to be confirmed: nearly always a slip of the finger.
    public static let slip = 25
    static let priceRange = 100...1_000_000
    static let stockRange = 0...100_000_000

    /// Whether an officer reports prices.
    public func reports(_ officer: Officer) -> Bool {
        officer.agency == plan.agency && !officer.roles.isDisjoint(with: [.officer, .clerk, .head])
    }

    /// Takes a report of one market; today's, or one that is late by a week at most.
    ///
    /// - Parameters:
    ///   - isSure: whether large changes were looked at again.
    ///   - key: a key under which a repeated report does nothing.
    /// - Throws: a problem that names each line that cannot be, as `price-<commodity>` or `stock-<commodity>`.
    public func report(
        _ lines: [Line],
        at market: String,
        on day: CivilDate? = nil,
        isSure: Bool,
        key: String?,
        by officer: Officer
    ) async throws {
        guard reports(officer), plan.market(market) != nil else { throw Problem.notFound }
        let today = journal.clock.now.date(in: city.zone)
        let day = day ?? today
        var faults: [Problem.Field] = []
        if day > today || day < today.adding(days: -7) {
            faults.append(Problem.Field("day", Text(id: "Tanggalnya paling lama tujuh hari lalu", en: "The day is at most a week ago")))
        }
        let given = lines.filter { plan.commodity($0.commodity) != nil && ($0.price != nil || $0.stock != nil) }
        if given.isEmpty {
            let first = plan.commodities[0].code
            faults.append(Problem.Field("price-\(first)", Text(id: "Isi paling sedikit satu harga", en: "Fill in at least one price")))
        }
        let last = try await latest(at: market, before: day)
        for line in given { faults += self.faults(line, last: last[line.commodity], isSure: isSure) }
        guard faults.isEmpty else { throw Problem.fields(faults) }
        let reported: JSON = [
            "market": .string(market), "day": .string(day.description),
            "lines": .array(
                given.map {
                    .compact([
                        "commodity": .string($0.commodity), "price": $0.price.map { JSON($0) } ?? .null,
                        "stock": $0.stock.map { JSON($0) } ?? .null,
                    ])
                }
            ),
        ]
        try await journal.commit(once: "food:\(key ?? Identifier(at: journal.clock.now).description)", of: reported) { act in
            try act.append(
                "food.reported",
                to: "market/\(market)",
                by: officer.actor,
                facts: reported
            )
            return market
        }
    }

    private func faults(_ line: Line, last: Int?, isSure: Bool) -> [Problem.Field] {
        guard let commodity = plan.commodity(line.commodity) else { return [] }
        var faults: [Problem.Field] = []
        func say(_ field: String, _ id: String, _ en: String) {
            faults.append(
                Problem.Field("\(field)-\(line.commodity)", Text(id: "\(commodity.name.id): \(id)", en: "\(commodity.name.en): \(en)"))
            )
        }
        if let price = line.price, !Self.priceRange.contains(price) {
            say("price", "tulis rupiah per \(commodity.unit), 100 sampai 1.000.000", "write rupiah a \(commodity.unit), 100 to 1,000,000")
        } else if let price = line.price, let last, !isSure, abs(price - last) * 100 > last * Self.slip {
            let (id, en) = (Language.indonesian.number(last), Language.english.number(last))
            say(
                "price",
                "terakhir Rp\(id). Periksa lagi; kalau benar, centang “Sudah saya periksa”",
                "last Rp\(en). Look again; if it is right, tick “I have checked”"
            )
        }
        if let stock = line.stock, !Self.stockRange.contains(stock) {
            say("stock", "tulis jumlah dalam \(commodity.unit)", "write an amount in \(commodity.unit)")
        }
        return faults
    }

    /// The last price of each commodity at a market before a day.
    func latest(at market: String, before day: CivilDate) async throws -> [String: Int] {
        try await journal.read { snapshot in
            let rows = try snapshot.rows(
                """
                SELECT commodity, price FROM food_price WHERE market = \(market) AND day < \(day) AND price IS NOT NULL
                    AND day >= \(day.adding(days: -30)) ORDER BY day
                """
            ) { (commodity: try $0(0, as: String.self), price: try $0(1, as: Int.self)) }
            return Dictionary(rows.map { ($0.commodity, $0.price) }, uniquingKeysWith: { $1 })
        }
    }

    /// What a market reported on a day.
    public func reported(at market: String, on day: CivilDate) async throws -> [Price] {
        try await journal.read { snapshot in
            try snapshot.rows("SELECT \(Price.columns) FROM food_price WHERE market = \(market) AND day = \(day)") { try Price($0) }
        }
    }
}
