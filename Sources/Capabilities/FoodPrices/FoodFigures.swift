// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Journal
import Storage

/// The figures of food prices, each defined in words where it is made.
extension FoodWatch {
    /// One commodity in the city.
    public struct Figure: Sendable {
        /// The commodity.
        public let commodity: FoodMarkets.Commodity
        /// The last price at each market, not older than ``freshness`` days; the cheapest first.
        public let prices: [Price]
        /// The mean of `prices`, in whole rupiah; nil where there is none.
        public let mean: Int?
        /// The mean of the prices before those, at the same markets.
        public let before: Int?
        /// The day of the newest price.
        public let day: CivilDate?

        /// Change of the mean in tenths of a percent; nil where there was no price before.
        public var change: Int? {
            guard let mean, let before, before > 0 else { return nil }
            return ((mean - before) * 2000 + (mean > before ? before : -before)) / (2 * before)
        }

        /// Whether the mean lies above the ceiling.
        public var isAboveCeiling: Bool {
            guard let mean, let ceiling = commodity.ceiling else { return false }
            return mean > ceiling.rupiah
        }
    }

    /// Days after which a price says nothing about today any more.
    public static let freshness = 7

    /// Every commodity as it stands now.
    public func figures() async throws -> [Figure] {
        let oldest = journal.clock.now.date(in: city.zone).adding(days: -Self.freshness)
        let rows = try await journal.read { snapshot in
            try snapshot.rows(
                """
                SELECT \(Price.columns) FROM food_price WHERE price IS NOT NULL AND day >= \(oldest.adding(days: -30))
                ORDER BY day DESC, market
                """
            ) { try Price($0) }
        }
        let byCommodity = Dictionary(grouping: rows, by: \.commodity)
        return plan.commodities.map { commodity in
            let byMarket = Dictionary(grouping: byCommodity[commodity.code] ?? [], by: \.market).filter { plan.market($0.key) != nil }
            // Newest first within each market.
            let fresh = byMarket.values.filter { ($0.first?.day ?? oldest) >= oldest && $0.first?.day != nil }
            let prices = fresh.compactMap(\.first).sorted { ($0.price ?? 0, $0.market) < ($1.price ?? 0, $1.market) }
            let pairs = fresh.filter { $0.count > 1 }
            let isComparable = pairs.count == fresh.count
            return Figure(
                commodity: commodity,
                prices: prices,
                mean: Self.mean(prices.compactMap(\.price)),
                before: isComparable ? Self.mean(pairs.compactMap { $0[1].price }) : nil,
                day: prices.map(\.day).max()
            )
        }
    }

    /// The mean of each day's reports of a commodity, the oldest first.
    public func series(of commodity: String, days: Int) async throws -> [(day: CivilDate, mean: Int)] {
        let oldest = journal.clock.now.date(in: city.zone).adding(days: -days)
        let rows = try await journal.read { snapshot in
            try snapshot.rows(
                "SELECT \(Price.columns) FROM food_price WHERE commodity = \(commodity) AND day >= \(oldest) AND price IS NOT NULL ORDER BY day"
            ) { try Price($0) }
        }
        return Dictionary(grouping: rows, by: \.day).compactMap { day, rows in Self.mean(rows.compactMap(\.price)).map { (day, $0) } }
            .sorted { $0.day < $1.day }
    }

    /// The last word of each market about a commodity, prices and stocks.
    public func byMarket(_ commodity: String) async throws -> [Price] {
        let oldest = journal.clock.now.date(in: city.zone).adding(days: -60)
        let rows = try await journal.read { snapshot in
            try snapshot.rows(
                "SELECT \(Price.columns) FROM food_price WHERE commodity = \(commodity) AND day >= \(oldest) ORDER BY day DESC"
            ) { try Price($0) }
        }
        let newest = Dictionary(rows.map { ($0.market, $0) }, uniquingKeysWith: { first, _ in first })
        return plan.markets.compactMap { newest[$0.code] }
    }

    private static func mean(_ values: [Int]) -> Int? {
        values.isEmpty ? nil : (values.reduce(0, +) * 2 + values.count) / (2 * values.count)
    }

    /// The most days that one file holds.
    public static let exportDays = 366

    /// Reports of a span of days as CSV, the second line with the tags of the Humanitarian Exchange Language (HXL 1.1).
    public func csv(from first: CivilDate, through last: CivilDate) async throws -> String {
        let first = max(first, last.adding(days: -Self.exportDays))
        let rows = try await journal.read { snapshot in
            try snapshot.rows(
                "SELECT \(Price.columns) FROM food_price WHERE day >= \(first) AND day <= \(last) ORDER BY day, market, commodity"
            ) { try Price($0) }
        }
        let heads = [
            ["date", "market", "commodity", "unit", "price_rupiah", "currency", "stock"],
            ["#date", "#loc+market+name", "#item+name", "#item+unit", "#value", "#currency", "#indicator+stock"],
        ]
        let records = rows.map { row in
            let commodity = plan.commodity(row.commodity)
            return [
                row.day.description, plan.market(row.market)?.name ?? row.market, commodity?.name.id ?? row.commodity,
                commodity?.unit ?? "",
                row.price.map(String.init) ?? "", "IDR", row.stock.map(String.init) ?? "",
            ]
        }
        return (heads + records).map(CSVWriter.record).joined()
    }

    /// Prices for whoever asks by SMS: `HARGA BERAS`.
    ///
    /// - Returns: nil where the message asks for something else, which another capability answers.
    public func answer(shortMessage text: String) async throws -> String? {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard let command = words.first?.uppercased(), ["HARGA", "PRICE"].contains(command) else { return nil }
        let language: Language = command == "PRICE" ? .english : .indonesian
        let wanted = plan.named(in: words.dropFirst().joined(separator: " "))
        guard !wanted.isEmpty else {
            let names = plan.commodities.prefix(6).map { $0.name(language) }.joined(separator: ", ")
            return Text(
                id: "Tulis HARGA dan bahannya, mis. HARGA BERAS. Ada: \(names)…",
                en: "Write PRICE and the food, e.g. PRICE RICE. There are: \(names)…"
            )(language)
        }
        let all = try await figures()
        let lines = wanted.prefix(3).compactMap { commodity -> String? in
            guard let figure = all.first(where: { $0.commodity.code == commodity.code }), let mean = figure.mean, let day = figure.day
            else {
                return nil
            }
            let cheapest =
                figure.prices.first.flatMap { row in plan.market(row.market).map { "\($0.name) \(language.number(row.price ?? 0))" } } ?? ""
            return Text(
                id: "\(commodity.name.id) Rp\(language.number(mean))/\(commodity.unit) (\(day.short(.indonesian))), termurah \(cheapest)",
                en: "\(commodity.name.en) Rp\(language.number(mean))/\(commodity.unit) (\(day.short(.english))), cheapest \(cheapest)"
            )(language)
        }
        return lines.isEmpty
            ? Text(id: "Belum ada harga minggu ini.", en: "No prices this week yet.")(language) : lines.joined(separator: "; ") + "."
    }
}
