// SPDX-License-Identifier: EUPL-1.2

/// A page of a list, as an address names it: 1 to 1,000. Whoever needs more rows takes a narrower question or the whole file.
public struct PageNumber: Hashable, Sendable {
    /// The pages that there can be.
    public static let bounds = 1...1000
    /// Where a list begins.
    public static let first = PageNumber(number: 1)

    /// The number, from 1.
    public let number: Int

    private init(number: Int) { self.number = number }

    /// Reads a page from outside; nil when there can be no such page.
    public init?(_ text: String) {
        guard let number = Int(outside: text, in: Self.bounds) else { return nil }
        self.init(number: number)
    }

    /// How many rows lie before the page, of so many each: both are bounded, so it is always a number.
    public func offset(of size: Int) -> Int { (number - 1) * size }

    /// The page before; nil on the first.
    public var previous: PageNumber? { number > Self.bounds.lowerBound ? PageNumber(number: number - 1) : nil }

    /// The page after; nil where the rows end with this one, or pages do.
    ///
    /// - Parameters:
    ///   - total: all rows of the list.
    ///   - size: rows of a page.
    public func next(of total: Int, size: Int) -> PageNumber? {
        number < Self.bounds.upperBound && offset(of: size) + size < total ? PageNumber(number: number + 1) : nil
    }
}
