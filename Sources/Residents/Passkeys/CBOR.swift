// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// The part of CBOR (RFC 8949) in which authenticators write: definite lengths, whole numbers, bytes, text, lists, maps, yes and
/// no. Anything else is refused.
enum CBOR: Equatable {
    case integer(Int)
    case bytes([UInt8])
    case text(String)
    case list([CBOR])
    case map([Pair])
    case bool(Bool)

    struct Pair: Equatable {
        let key: CBOR
        let value: CBOR
    }

    /// Lists and maps within one another at most.
    private static let depth = 8

    /// Reads one value from the beginning of some bytes.
    ///
    /// - Returns: the value, and how many bytes it took; nil when it is none of the above.
    static func read(_ bytes: [UInt8]) -> (value: CBOR, length: Int)? {
        var reader = Reader(bytes: bytes)
        return reader.value(depth).map { ($0, reader.position) }
    }

    /// A member of a map; nil where there is none.
    subscript(_ key: CBOR) -> CBOR? {
        guard case .map(let pairs) = self else { return nil }
        return pairs.first { $0.key == key }?.value
    }

    var bytes: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }
    var integer: Int? { if case .integer(let integer) = self { integer } else { nil } }

    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        mutating func value(_ depth: Int) -> CBOR? {
            guard depth > 0, position < bytes.count else { return nil }
            let first = bytes[position]
            position += 1
            if first == 0xF4 || first == 0xF5 { return .bool(first == 0xF5) }
            guard let argument = argument(first & 31) else { return nil }
            switch first >> 5 {
            case 0: return .integer(argument)
            case 1: return .integer(-1 - argument)
            case 2: return take(argument).map { .bytes(Array($0)) }
            case 3: return take(argument).flatMap { String(validating: $0, as: UTF8.self) }.map { .text($0) }
            case 4:
                guard argument <= Self.members else { return nil }
                var items: [CBOR] = []
                for _ in 0..<argument {
                    guard let item = value(depth - 1) else { return nil }
                    items.append(item)
                }
                return .list(items)
            case 5:
                guard argument <= Self.members else { return nil }
                var pairs: [Pair] = []
                for _ in 0..<argument {
                    guard let key = value(depth - 1), let value = value(depth - 1), !pairs.contains(where: { $0.key == key }) else {
                        return nil
                    }
                    pairs.append(Pair(key: key, value: value))
                }
                return .map(pairs)
            default: return nil
            }
        }

        /// Members of a list or map at most: authenticators write a dozen, and each is compared with each.
        private static let members = 64

        /// The number that a head carries; never more than there are bytes left for lengths, so that nothing large is made room for.
        private mutating func argument(_ low: UInt8) -> Int? {
            if low < 24 { return Int(low) }
            guard low <= 27, let digits = take(1 << Int(low - 24)) else { return nil }
            var number: UInt64 = 0
            for digit in digits { number = number << 8 | UInt64(digit) }
            return Int(exactly: number)
        }

        private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
            guard count <= bytes.count - position else { return nil }
            defer { position += count }
            return bytes[position..<position + count]
        }
    }
}
