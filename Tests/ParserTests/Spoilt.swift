// SPDX-License-Identifier: EUPL-1.2

import TestSupport

/// Inputs made from right ones: cut off at every place, bytes changed, taken out, doubled, put in the place of another, numbers
/// driven to the ends of their types; and some that are chance alone. A trap in a parser ends the process of the tests, so that
/// reading them is already a test.
struct Spoilt: Sequence, IteratorProtocol {
    /// What parsers stumble over.
    private static let extremes = [
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551616", "1e309", "-1e-400", "NaN", "0", "-",
        "00000000000000000000", "1y2p0ij32e8e7", "0000-00-00", "9999-12-31", "10000-01-01", "\u{0}", "\u{301}", "\u{202E}", "\u{1F3F4}",
        "\"", "\\", "\\ud800", "\r\n", "\n", "\t", "'", "<", "&", "%", "%ED%A0%80", "=", ";", ",", ":", ".", "--", "(", "[", "{", "}", "]",
        ")",
    ].map { Array($0.utf8) }

    private let valid: [[UInt8]]
    private let count: Int
    private var given = 0
    private var cut: (input: Int, length: Int) = (0, 0)
    private var random: Seeded

    /// So many inputs, beside every right one cut off at each of its bytes.
    init(_ valid: [String], count: Int = 3000, seed: UInt64 = 10) { self.init(valid.map { Array($0.utf8) }, count: count, seed: seed) }

    init(_ valid: [[UInt8]], count: Int = 3000, seed: UInt64 = 10) {
        self.valid = valid
        self.count = count
        random = Seeded(seed)
    }

    mutating func next() -> [UInt8]? {
        while cut.input < valid.count {
            let whole = valid[cut.input]
            guard cut.length <= whole.count, cut.length < 600 else {
                cut = (cut.input + 1, 0)
                continue
            }
            cut.length += 1
            return Array(whole.prefix(cut.length - 1))
        }
        guard given < count else { return nil }
        given += 1
        if given % 16 == 0 { return (0..<Int.random(in: 0...80, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) } }
        var input = valid.randomElement(using: &random) ?? []
        for _ in 0...Int.random(in: 0...3, using: &random) { spoil(&input) }
        return input
    }

    private mutating func spoil(_ input: inout [UInt8]) {
        let from = Int.random(in: 0...input.count, using: &random)
        let until = Swift.min(input.count, from + Int.random(in: 0...12, using: &random))
        switch Int.random(in: 0...6, using: &random) {
        case 0: if from < input.count { input[from] = UInt8.random(in: 0...255, using: &random) }
        case 1: if from < input.count { input[from] ^= 1 << UInt8.random(in: 0...7, using: &random) }
        case 2: input.removeSubrange(from..<until)
        case 3: input.insert(contentsOf: input[from..<until], at: from)
        case 4: input.insert(contentsOf: Self.extremes.randomElement(using: &random) ?? [], at: from)
        case 5: number(&input, near: from)
        default:
            let other = valid.randomElement(using: &random) ?? []
            input.replaceSubrange(from..., with: other.suffix(Int.random(in: 0...other.count, using: &random)))
        }
    }

    /// Puts an extreme in the place of the number that stands at or after a place.
    private mutating func number(_ input: inout [UInt8], near place: Int) {
        let isDigit: (UInt8) -> Bool = { (0x30...0x39).contains($0) }
        guard let start = input[place...].firstIndex(where: isDigit) else { return }
        let end = input[start...].firstIndex { !isDigit($0) } ?? input.count
        input.replaceSubrange(start..<end, with: Self.extremes[Int.random(in: 0..<14, using: &random)])
    }
}

extension [UInt8] {
    /// As text, whatever it is.
    var text: String { String(decoding: self, as: UTF8.self) }
}
