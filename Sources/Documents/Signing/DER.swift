// SPDX-License-Identifier: EUPL-1.2

/// The few forms of DER (X.690) that a certificate and a signature are made of.
enum DER {
    static func tagged(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let count = content.count
        if count < 0x80 { return [tag, UInt8(count)] + content }
        let bytes = (0..<8).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }.drop { $0 == 0 }
        return [tag, 0x80 | UInt8(bytes.count)] + bytes + content
    }

    static func sequence(_ parts: [[UInt8]]) -> [UInt8] { tagged(0x30, parts.flatMap { $0 }) }

    /// A set, its parts in the order of their bytes.
    static func set(_ parts: [[UInt8]]) -> [UInt8] {
        tagged(0x31, parts.sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 })
    }

    static func integer(_ bytes: [UInt8]) -> [UInt8] {
        let trimmed = Array(bytes.drop { $0 == 0 })
        return tagged(0x02, (trimmed.first ?? 0x80) >= 0x80 ? [0] + trimmed : trimmed)
    }

    static func octets(_ bytes: [UInt8]) -> [UInt8] { tagged(0x04, bytes) }

    static func bits(_ bytes: [UInt8], unused: UInt8 = 0) -> [UInt8] { tagged(0x03, [unused] + bytes) }

    static func text(_ text: String) -> [UInt8] { tagged(0x0C, Array(text.utf8)) }

    static func object(_ numbers: [Int]) -> [UInt8] {
        var content = [UInt8(numbers[0] * 40 + numbers[1])]
        for number in numbers.dropFirst(2) {
            var groups = [UInt8(number & 0x7F)]
            var rest = number >> 7
            while rest > 0 {
                groups.insert(UInt8(rest & 0x7F) | 0x80, at: 0)
                rest >>= 7
            }
            content += groups
        }
        return tagged(0x06, content)
    }

    /// The parts of a constructed value; nil when it is malformed.
    static func parts(_ bytes: ArraySlice<UInt8>) -> [(tag: UInt8, whole: ArraySlice<UInt8>, content: ArraySlice<UInt8>)]? {
        var parts: [(tag: UInt8, whole: ArraySlice<UInt8>, content: ArraySlice<UInt8>)] = []
        var position = bytes.startIndex
        while position < bytes.endIndex {
            guard position + 2 <= bytes.endIndex else { return nil }
            var length = Int(bytes[position + 1])
            var start = position + 2
            if length >= 0x80 {
                let count = length & 0x7F
                guard (1...4).contains(count), start + count <= bytes.endIndex else { return nil }
                length = bytes[start..<start + count].reduce(0) { $0 << 8 | Int($1) }
                start += count
            }
            guard start + length <= bytes.endIndex else { return nil }
            parts.append((bytes[position], bytes[position..<start + length], bytes[start..<start + length]))
            position = start + length
        }
        return parts
    }
}
