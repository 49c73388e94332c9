// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// The number of a case, made to be read out over a telephone: `LPR-26-7K3M-9QX`.
///
/// Seven characters follow the kind and the year: six of chance and one that checks them. None looks like another, and
/// any one wrong character or two exchanged ones are noticed.
public struct Docket: Hashable, Sendable, CustomStringConvertible {
    /// 23 characters, a prime number of them, without 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V and G.
    private static let alphabet = Array("346789ACDEFHJKMNPQRTWXY".utf8)

    /// Upper case, with hyphens.
    public let description: String

    /// A new number.
    ///
    /// - Parameters:
    ///   - kind: three letters for the kind of case: `LPR` for a report.
    ///   - year: the year in which it is filed.
    ///   - generator: the source of chance.
    public init(kind: String, year: Int, using generator: inout some RandomNumberGenerator) {
        let values = (0..<6).map { _ in Int.random(in: 0..<Self.alphabet.count, using: &generator) }
        let symbols = (values + [Self.check(values)]).map { Character(Unicode.Scalar(Self.alphabet[$0])) }
        description = "\(kind)-\((year % 100).padded(2))-\(String(symbols[0..<4]))-\(String(symbols[4..<7]))"
    }

    /// Reads a number as people write it: any case, with or without hyphens and spaces; nil when it cannot be one.
    public init?(_ text: String) {
        let letters = Array(text.uppercased().utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: ".") })
        guard letters.count == 12, letters[0..<3].allSatisfy({ (0x41...0x5A).contains($0) }), Int(digits: letters[3..<5]) != nil else {
            return nil
        }
        let values = letters[5...].compactMap { Self.alphabet.firstIndex(of: $0) }
        guard values.count == 7, Self.check(Array(values.prefix(6))) == values[6] else { return nil }
        func part(_ range: Range<Int>) -> String { String(decoding: letters[range], as: UTF8.self) }
        description = "\(part(0..<3))-\(part(3..<5))-\(part(5..<9))-\(part(9..<12))"
    }

    /// Weights 2 to 7 are distinct and never a multiple of 23, so a wrong character or an exchange always shows.
    private static func check(_ values: [Int]) -> Int {
        values.enumerated().reduce(0) { $0 + ($1.offset + 2) * $1.element } % alphabet.count
    }
}
