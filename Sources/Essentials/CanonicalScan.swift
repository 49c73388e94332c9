// SPDX-License-Identifier: EUPL-1.2

extension JSON {
    /// The text of a member of an object, if the bytes are canonical JSON (RFC 8785) of the plain sort: ASCII, no escapes,
    /// whole numbers. Nil says nothing: parse the bytes and compare.
    ///
    /// Reads the bytes once and builds nothing, which is what makes checking millions of leaves quick.
    public static func member(_ name: StaticString, ofPlainCanonical bytes: [UInt8]) -> String? {
        bytes.withUnsafeBufferPointer { bytes in
            var scan = CanonicalScan(bytes: bytes, wanted: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
            guard bytes.first == UInt8(ascii: "{"), scan.value(depth: 0), scan.position == bytes.count, let found = scan.found else {
                return nil
            }
            return String(decoding: bytes[found], as: UTF8.self)
        }
    }
}

private struct CanonicalScan {
    let bytes: UnsafeBufferPointer<UInt8>
    /// The member of the outermost object that is looked for.
    let wanted: UnsafeBufferPointer<UInt8>
    var position = 0
    var found: Range<Int>?

    private static let deepest = 32

    mutating func value(depth: Int) -> Bool {
        guard position < bytes.count, depth < Self.deepest else { return false }
        switch bytes[position] {
        case UInt8(ascii: "{"): return object(depth: depth)
        case UInt8(ascii: "["): return array(depth: depth)
        case UInt8(ascii: "\""): return string() != nil
        case UInt8(ascii: "t"): return literal("true")
        case UInt8(ascii: "f"): return literal("false")
        case UInt8(ascii: "n"): return literal("null")
        default: return wholeNumber()
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func literal(_ text: StaticString) -> Bool {
        for index in 0..<text.utf8CodeUnitCount where !take(text.utf8Start[index]) { return false }
        return true
    }

    /// What stands between the quotes.
    private mutating func string() -> Range<Int>? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                return start..<position - 1
            }
            guard byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\\") else { return nil }
            position += 1
        }
        return nil
    }

    /// At most 15 digits: beyond that a number may be written otherwise.
    private mutating func wholeNumber() -> Bool {
        let isNegative = take(UInt8(ascii: "-"))
        let start = position
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) { position += 1 }
        let count = position - start
        guard count > 0, count <= 15 else { return false }
        return bytes[start] != UInt8(ascii: "0") || (count == 1 && !isNegative)
    }

    private mutating func array(depth: Int) -> Bool {
        position += 1
        if take(UInt8(ascii: "]")) { return true }
        repeat {
            guard value(depth: depth + 1) else { return false }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]"))
    }

    private mutating func object(depth: Int) -> Bool {
        position += 1
        if take(UInt8(ascii: "}")) { return true }
        var last: Range<Int>?
        repeat {
            guard let name = string() else { return false }
            // Of ASCII names, the order of bytes is the order of UTF-16 code units.
            if let last, !bytes[last].lexicographicallyPrecedes(bytes[name]) { return false }
            last = name
            guard take(UInt8(ascii: ":")) else { return false }
            let start = position
            guard value(depth: depth + 1) else { return false }
            if depth == 0, bytes[start] == UInt8(ascii: "\""), bytes[name].elementsEqual(wanted) { found = start + 1..<position - 1 }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}"))
    }
}
