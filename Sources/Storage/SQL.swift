// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// A value that either engine can hold. Times are epoch milliseconds, dates `YYYY-MM-DD`, money whole rupiah.
public enum Value: Hashable, Sendable {
    /// Nothing.
    case null
    /// 64 bits.
    case integer(Int64)
    /// Double precision.
    case real(Double)
    /// UTF-8 without NUL.
    case text(String)
    /// Bytes.
    case blob([UInt8])
}

/// A type that can be bound to a statement and read back from a column.
public protocol Storable: Sendable {
    /// The value to bind.
    var stored: Value { get }
    /// Reads a column.
    init(stored: Value) throws
}

/// A column that does not hold what the program expects.
public struct ColumnMismatch: Error {
    let value: Value
    let type: String
}

extension String: Storable {
    /// The value to bind; without NUL, which PostgreSQL's text cannot hold, on either engine.
    public var stored: Value { .text(utf8.contains(0) ? filter { $0 != "\0" } : self) }
    /// Reads a column.
    public init(stored: Value) throws {
        guard case .text(let text) = stored else { throw ColumnMismatch(value: stored, type: "String") }
        self = text
    }
}

extension Int64: Storable {
    /// The value to bind.
    public var stored: Value { .integer(self) }
    /// Reads a column.
    public init(stored: Value) throws {
        guard case .integer(let integer) = stored else { throw ColumnMismatch(value: stored, type: "Int64") }
        self = integer
    }
}

extension Int: Storable {
    /// The value to bind.
    public var stored: Value { .integer(Int64(self)) }
    /// Reads a column.
    public init(stored: Value) throws { self = Int(try Int64(stored: stored)) }
}

extension Bool: Storable {
    /// The value to bind.
    public var stored: Value { .integer(self ? 1 : 0) }
    /// Reads a column.
    public init(stored: Value) throws { self = try Int64(stored: stored) != 0 }
}

extension Double: Storable {
    /// The value to bind.
    public var stored: Value { .real(self) }
    /// Reads a column.
    public init(stored: Value) throws {
        switch stored {
        case .real(let real): self = real
        case .integer(let integer): self = Double(integer)
        default: throw ColumnMismatch(value: stored, type: "Double")
        }
    }
}

extension [UInt8]: Storable {
    /// The value to bind.
    public var stored: Value { .blob(self) }
    /// Reads a column.
    public init(stored: Value) throws {
        guard case .blob(let bytes) = stored else { throw ColumnMismatch(value: stored, type: "[UInt8]") }
        self = bytes
    }
}

extension Instant: Storable {
    /// The value to bind.
    public var stored: Value { .integer(milliseconds) }
    /// Reads a column.
    public init(stored: Value) throws { self.init(milliseconds: try Int64(stored: stored)) }
}

extension CivilDate: Storable {
    /// As people and files write it.
    public var stored: Value { .text(description) }
    /// Reads a column.
    public init(stored: Value) throws {
        guard let date = CivilDate(try String(stored: stored)) else { throw ColumnMismatch(value: stored, type: "CivilDate") }
        self = date
    }
}

/// A statement: text that can only come from the program's own literals, and values that can only be bound.
public struct SQL: Sendable, ExpressibleByStringInterpolation {
    enum Part: Sendable {
        /// Of the program, as it stands in memory: most of every statement, so it is copied once, into the finished text.
        case literal(StaticString)
        /// Put together by an index over names of the schema.
        case text(String)
        case bind(Value)
    }

    var parts: [Part]

    /// As people and files write it.
    public init(stringLiteral value: StaticString) { parts = [.literal(value)] }
    /// From a literal of the program with values.
    public init(stringInterpolation: Interpolation) { parts = stringInterpolation.parts }

    init(parts: [Part]) { self.parts = parts }

    /// Conditions that must all hold; always true when there are none.
    public static func all(_ conditions: [SQL]) -> SQL {
        conditions.isEmpty
            ? "1 = 1" : SQL(parts: Array(conditions.map { [.text("(")] + $0.parts + [.text(")")] }.joined(separator: [.text(" AND ")])))
    }

    /// Conditions of which one must hold; nothing holds when there are none.
    public static func any(_ conditions: [SQL]) -> SQL {
        conditions.isEmpty
            ? "1 = 0" : SQL(parts: Array(conditions.map { [.text("(")] + $0.parts + [.text(")")] }.joined(separator: [.text(" OR ")])))
    }

    /// Collects text and binds.
    public struct Interpolation: StringInterpolationProtocol {
        var parts: [Part] = []

        /// Room for a literal.
        public init(literalCapacity: Int, interpolationCount: Int) { parts.reserveCapacity(2 * interpolationCount + 1) }
        /// As people and files write it.
        public mutating func appendLiteral(_ literal: StaticString) { parts.append(.literal(literal)) }
        /// A value, bound.
        public mutating func appendInterpolation(_ value: some Storable) { parts.append(.bind(value.stored)) }
        /// A value or null, bound.
        public mutating func appendInterpolation(_ value: (some Storable)?) { parts.append(.bind(value?.stored ?? .null)) }
        /// A name from the program's schema.
        public mutating func appendInterpolation(name: SchemaName) { parts.append(.text("\"\(name.text)\"")) }
        /// Another statement's text and binds.
        public mutating func appendInterpolation(_ fragment: SQL) { parts += fragment.parts }
        /// Values in brackets, bound; `(NULL)`, which nothing equals, when there are none.
        public mutating func appendInterpolation(in values: [some Storable]) {
            parts.append(.text("("))
            for (index, value) in values.enumerated() {
                if index > 0 { parts.append(.text(", ")) }
                parts.append(.bind(value.stored))
            }
            parts.append(.text(values.isEmpty ? "NULL)" : ")"))
        }
    }

    /// The text and binds for an engine: `?1` for SQLite, `$1` for PostgreSQL.
    public func rendered(placeholder: UInt8) -> (text: String, binds: [Value]) {
        var text: [UInt8] = []
        text.reserveCapacity(1024)
        var binds: [Value] = []
        binds.reserveCapacity(parts.count / 2)
        for part in parts {
            switch part {
            case .literal(let literal): literal.withUTF8Buffer { text += $0 }
            case .text(let fragment): text += fragment.utf8
            case .bind(let value):
                binds.append(value)
                text.append(placeholder)
                text += String(binds.count).utf8
            }
        }
        return (String(decoding: text, as: UTF8.self), binds)
    }
}

/// The name of a table or column; only lower-case ASCII letters, digits and underscores make one.
public struct SchemaName: Hashable, Sendable, ExpressibleByStringLiteral {
    /// As it stands in the schema.
    public let text: String

    /// A name from a literal.
    public init(stringLiteral value: StaticString) { text = value.description }
}

/// One row of a result.
public struct Row {
    /// The columns.
    public let values: [Value]

    /// A row of columns.
    public init(values: [Value]) { self.values = values }

    /// A column that is never null.
    public func callAsFunction<T: Storable>(_ index: Int, as type: T.Type = T.self) throws -> T {
        try T(stored: values[index])
    }

    /// A column that may be null.
    public func optional<T: Storable>(_ index: Int, as type: T.Type = T.self) throws -> T? {
        values[index] == .null ? nil : try T(stored: values[index])
    }
}
