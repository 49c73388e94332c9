// SPDX-License-Identifier: EUPL-1.2

import Foundation

/// A JSON value. Written canonically (RFC 8785), so that the same facts are always the same bytes.
public enum JSON: Hashable, Sendable {
    /// `null`
    case null
    /// `true` or `false`
    case bool(Bool)
    /// A whole number.
    case integer(Int64)
    /// Any other number; never NaN or infinite.
    case number(Double)
    /// Text.
    case string(String)
    /// A list.
    case array([JSON])
    /// Names and values; each name once.
    case object([String: JSON])

    /// The value of a name in an object; nil where there is none.
    public subscript(_ name: String) -> JSON? {
        if case .object(let members) = self { return members[name] }
        return nil
    }

    /// The text, if this is text.
    public var string: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    /// The whole number, if this is one.
    public var integer: Int64? {
        if case .integer(let value) = self { return value }
        return nil
    }

    /// The number, whole or not.
    public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The truth value, if this is one.
    public var bool: Bool? {
        if case .bool(let value) = self { return value }
        return nil
    }

    /// The elements, if this is a list.
    public var array: [JSON]? {
        if case .array(let elements) = self { return elements }
        return nil
    }

    /// The members, if this is an object.
    public var object: [String: JSON]? {
        if case .object(let members) = self { return members }
        return nil
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A whole number.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A list.
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    /// An object; a name given twice keeps its last value.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { $1 }))
    }
    /// Text, or null where there is none.
    public init(_ text: String?) { self = text.map(JSON.string) ?? .null }
    /// A whole number.
    public init(_ value: Int) { self = .integer(Int64(value)) }
    /// An object without the members that are null.
    public static func compact(_ members: [String: JSON]) -> JSON { .object(members.filter { $0.value != .null }) }
}

extension JSON {
    /// The canonical form (RFC 8785): no spaces, names sorted by UTF-16 code units, shortest numbers.
    public var canonical: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }

    private func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .integer(let value): bytes += String(value).utf8
        case .number(let value): bytes += Self.shortest(value).utf8
        case .string(let text): Self.write(text, to: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                element.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.sorted(by: { Self.precedes($0.key, $1.key) }).enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.write(member.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    /// Whether a key stands before another in the order of UTF-16 (RFC 8785 section 3.2.3). The order of UTF-8 differs from
    /// it in one thing: what lies beyond the basic plane (F0…F4) stands before U+E000 to U+FFFF (EE, EF).
    private static func precedes(_ left: String, _ right: String) -> Bool {
        func rank(_ byte: UInt8) -> UInt8 { byte == 0xEE || byte == 0xEF ? byte + 0x10 : byte }
        return left.utf8.lexicographicallyPrecedes(right.utf8) { rank($0) < rank($1) }
    }

    private static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { buffer in
            var start = 0
            for (index, byte) in buffer.enumerated() where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                bytes.append(contentsOf: buffer[start..<index])
                escape(byte, into: &bytes)
                start = index + 1
            }
            bytes.append(contentsOf: buffer[start...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func escape(_ byte: UInt8, into bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""): bytes += "\\\"".utf8
        case UInt8(ascii: "\\"): bytes += "\\\\".utf8
        case 0x08: bytes += "\\b".utf8
        case 0x09: bytes += "\\t".utf8
        case 0x0A: bytes += "\\n".utf8
        case 0x0C: bytes += "\\f".utf8
        case 0x0D: bytes += "\\r".utf8
        default: bytes += "\\u00\([byte].hex)".utf8
        }
    }

    /// A number as ECMAScript writes it. Swift finds the same shortest digits; only the exponent's form differs.
    private static func shortest(_ value: Double) -> String {
        if value == 0 { return "0" }
        let magnitude = abs(value)
        if magnitude == magnitude.rounded(), magnitude < 1e15 { return String(Int64(value)) }
        let text = String(describing: value)
        guard let mark = text.firstIndex(of: "e") else { return text }
        let exponent = Int(text[text.index(after: mark)...]) ?? 0
        var digits = text[..<mark].filter { $0 != "." && $0 != "-" }
        let sign = value < 0 ? "-" : ""
        if (-7..<0).contains(exponent) { return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits }
        if exponent >= 0, exponent < 21 {
            digits = digits.hasSuffix("0") && digits.count > 1 ? String(digits.dropLast()) : digits
            return sign + digits + String(repeating: "0", count: max(0, exponent + 1 - digits.count))
        }
        if digits.hasSuffix("0"), digits.count > 1 { digits = String(digits.dropLast()) }
        let head = digits.prefix(1)
        let tail = digits.dropFirst()
        return sign + head + (tail.isEmpty ? "" : "." + tail) + "e" + (exponent > 0 ? "+" : "") + String(exponent)
    }
}

/// Why a document is not JSON, and where.
public struct JSONFault: Error, Sendable, Equatable {
    /// Bytes from the start of the document.
    public let offset: Int
    /// What was expected there.
    public let expected: String
}

extension JSON {
    /// Reads a document strictly (RFC 8259; a name given twice, invalid UTF-8 and depth over 64 are refused).
    public init(parsing bytes: some Collection<UInt8>) throws(JSONFault) {
        var parser = JSONParser(bytes: Array(bytes))
        self = try parser.document()
    }
}

private struct JSONParser {
    let bytes: [UInt8]
    var position = 0
    var depth = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    func fault(_ expected: String) -> JSONFault { JSONFault(offset: position, expected: expected) }

    mutating func document() throws(JSONFault) -> JSON {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw fault("valid UTF-8") }
        let value = try value()
        skipSpace()
        guard position == bytes.count else { throw fault("the end of the document") }
        return value
    }

    mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }

    mutating func take(_ byte: Character) -> Bool {
        guard position < bytes.count, bytes[position] == byte.asciiValue else { return false }
        position += 1
        return true
    }

    mutating func word(_ word: StaticString, _ value: JSON) throws(JSONFault) -> JSON {
        let letters = Array(word.description.utf8)
        guard bytes[position...].starts(with: letters) else { throw fault(word.description) }
        position += letters.count
        return value
    }

    mutating func value() throws(JSONFault) -> JSON {
        skipSpace()
        guard position < bytes.count else { throw fault("a value") }
        switch bytes[position] {
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "\""): return .string(try text())
        case UInt8(ascii: "["): return try nested { parser throws(JSONFault) in try parser.list() }
        case UInt8(ascii: "{"): return try nested { parser throws(JSONFault) in try parser.members() }
        default: return try number()
        }
    }

    mutating func nested(_ read: (inout JSONParser) throws(JSONFault) -> JSON) throws(JSONFault) -> JSON {
        depth += 1
        guard depth <= 64 else { throw fault("a document at most 64 deep") }
        position += 1
        let value = try read(&self)
        depth -= 1
        return value
    }

    mutating func list() throws(JSONFault) -> JSON {
        var elements: [JSON] = []
        skipSpace()
        if take("]") { return .array(elements) }
        repeat {
            elements.append(try value())
            skipSpace()
        } while take(",")
        guard take("]") else { throw fault(", or ]") }
        return .array(elements)
    }

    mutating func members() throws(JSONFault) -> JSON {
        var members: [String: JSON] = [:]
        skipSpace()
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw fault("a name in quotes") }
            let name = try text()
            guard members[name] == nil else { throw fault("each name once") }
            skipSpace()
            guard take(":") else { throw fault(":") }
            members[name] = try value()
            skipSpace()
        } while take(",")
        guard take("}") else { throw fault(", or }") }
        return .object(members)
    }

    mutating func text() throws(JSONFault) -> String {
        position += 1
        // Most text has no escape in it and is taken in one piece.
        var text: [UInt8] = []
        var start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let end = position
                position += 1
                guard !text.isEmpty else { return String(decoding: bytes[start..<end], as: UTF8.self) }
                return String(decoding: text + bytes[start..<end], as: UTF8.self)
            case UInt8(ascii: "\\"):
                text += bytes[start..<position]
                position += 1
                try escape(into: &text)
                start = position
            case 0..<0x20: throw fault("no control character in text")
            default: position += 1
            }
        }
        throw fault("the closing quote")
    }

    mutating func escape(into text: inout [UInt8]) throws(JSONFault) {
        guard position < bytes.count else { throw fault("an escape") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var unit = try codeUnit()
            if (0xD800..<0xDC00).contains(unit) {
                guard take("\\"), take("u") else { throw fault("the second half of a surrogate pair") }
                let low = try codeUnit()
                guard (0xDC00..<0xE000).contains(low) else { throw fault("a low surrogate") }
                unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(unit) else { throw fault("no lone surrogate") }
            text += String(scalar).utf8
        default: throw fault("a known escape")
        }
    }

    mutating func codeUnit() throws(JSONFault) -> UInt32 {
        guard position + 4 <= bytes.count,
            let value = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16),
            bytes[position] != UInt8(ascii: "+")
        else { throw fault("four hexadecimal digits") }
        position += 4
        return value
    }

    mutating func number() throws(JSONFault) -> JSON {
        let start = position
        _ = take("-")
        guard digits() > 0 else { throw fault("a value") }
        let first = bytes[start] == UInt8(ascii: "-") ? start + 1 : start
        if bytes[first] == UInt8(ascii: "0"), position - first > 1 { throw fault("no leading zero") }
        var isWhole = true
        if take(".") {
            isWhole = false
            guard digits() > 0 else { throw fault("digits after the point") }
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            guard digits() > 0 else { throw fault("digits of the exponent") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw fault("a number that fits") }
        return .number(value)
    }

    mutating func digits() -> Int {
        let start = position
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
        return position - start
    }
}
