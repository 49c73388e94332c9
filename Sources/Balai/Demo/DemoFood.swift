// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import FoodPrices
import Foundation
import Identity
import Journal

/// Invented prices of two months at every market, so that the page of food prices has a past.
struct DemoFood {
    let food: FoodWatch
    let officer: Officer

    /// Rupiah around which an invented price moves, by the beginning of its code.
    private static let around: [(prefix: String, price: Int)] = [
        ("beras_premium", 15_200), ("beras", 12_900), ("jagung", 6_500), ("kedelai", 12_000), ("gula", 17_400), ("minyak", 16_500),
        ("bawang_merah", 34_000), ("bawang_putih", 40_000), ("cabai_merah", 42_000), ("cabai_rawit", 48_000), ("daging_sapi", 136_000),
        ("daging_ayam", 34_000), ("telur", 28_500), ("ikan", 42_000),
    ]

    /// Tells two months of reports, every third day; `ago` sets the clock to so many days before now.
    func create(using random: inout DemoCity.Seeded, ago: (Int64) -> Void) async throws {
        var prices: [String: Int] = [:]
        for day in stride(from: Int64(60), through: 0, by: -3) {
            ago(day)
            for market in food.plan.markets {
                let lines = food.plan.commodities.map { commodity in
                    let key = "\(market.code).\(commodity.code)"
                    let start = Self.around.first { commodity.code.hasPrefix($0.prefix) }?.price ?? 20_000
                    let last = prices[key] ?? start
                    let next = (last + last * Int.random(in: -4...4, using: &random) / 100 + 50) / 100 * 100
                    prices[key] = min(max(next, start * 8 / 10), start * 13 / 10)
                    return FoodWatch.Line(
                        commodity: commodity.code,
                        price: prices[key],
                        stock: Int.random(in: 20...900, using: &random) * 10
                    )
                }
                try await food.report(lines, at: market.code, isSure: true, key: nil, by: officer)
            }
        }
    }
}
