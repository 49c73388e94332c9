// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Journal
import Storage

/// Prices and stocks as officers reported them, one row for each market, commodity and day; a later report of the same day takes
/// the place of the earlier one, which stays in the journal.
public struct FoodPriceProjection: Projection {
    /// The table of prices.
    public static let migrations = [
        Migration(
            "20261126-d-food-prices",
            """
            CREATE TABLE food_price (
                market TEXT NOT NULL,
                commodity TEXT NOT NULL,
                day TEXT NOT NULL,
                price INTEGER,
                stock INTEGER,
                reported_at INTEGER NOT NULL,
                PRIMARY KEY (market, commodity, day)
            );
            CREATE INDEX food_price_day ON food_price (commodity, day);
            """
        )
    ]

    /// The tables that replay fills.
    public let tables: [SchemaName] = ["food_price"]

    /// The projection.
    public init() {}

    /// Brings the table up to date with one entry.
    public func apply(_ entry: Entry, in transaction: Transaction) throws {
        guard entry.kind == "food.reported" else { return }
        let (market, day) = (entry.facts["market"]?.string ?? "", entry.facts["day"]?.string ?? "")
        for line in entry.facts["lines"]?.array ?? [] {
            try transaction.execute(
                """
                INSERT INTO food_price (market, commodity, day, price, stock, reported_at)
                VALUES (\(market), \(line["commodity"]?.string ?? ""), \(day), \(line["price"]?.integer), \(line["stock"]?.integer), \(entry.at))
                ON CONFLICT (market, commodity, day) DO UPDATE SET price = COALESCE(excluded.price, food_price.price),
                    stock = COALESCE(excluded.stock, food_price.stock), reported_at = excluded.reported_at
                """
            )
        }
    }
}
