// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// The food whose prices a city watches, and the markets where officers ask for them (Law 18/2012 art. 55; Perpres 125/2022).
public struct FoodMarkets: Sendable {
    /// Something to eat that is watched.
    public struct Commodity: Sendable {
        /// A short code, stable.
        public let code: String
        /// Its name.
        public let name: Text
        /// What a price is for: a kilogram, a litre.
        public let unit: String
        /// Words that people write for it in an SMS.
        public let keywords: [String]
        /// The most that it should cost, in rupiah, with its rule; nil where there is no such rule.
        public let ceiling: (rupiah: Int, basis: Text)?
    }

    /// A market.
    public struct Market: Sendable {
        /// A short code, stable.
        public let code: String
        /// Its name.
        public let name: String
        /// The subdistrict, by code.
        public let subdistrict: String
    }

    /// The agency whose officers report.
    public let agency: String
    /// Percent from one report to the next from which a change is pointed out.
    public let jump: Int
    /// What is watched.
    public let commodities: [Commodity]
    /// Where.
    public let markets: [Market]

    /// A commodity by its code.
    public func commodity(_ code: String) -> Commodity? { commodities.first { $0.code == code } }

    /// A market by its code.
    public func market(_ code: String) -> Market? { markets.first { $0.code == code } }

    /// Commodities that a text names, the most exact first.
    public func named(in text: String) -> [Commodity] {
        let words = Set(text.lowercased().split { !$0.isLetter }.map(String.init))
        func fit(_ commodity: Commodity) -> Int {
            let own = "\(commodity.name.id) \(commodity.name.en)".lowercased().split { !$0.isLetter }.map(String.init) + commodity.keywords
            return words.intersection(own).count
        }
        let found = commodities.map { ($0, fit($0)) }.filter { $0.1 > 0 }
        let best = found.map(\.1).max() ?? 0
        return found.filter { $0.1 == best }.map(\.0)
    }
}
