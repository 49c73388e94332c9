// SPDX-License-Identifier: EUPL-1.2

import Foundation

/// A condition, guard or formula of a pack: a checked subset of CEL, the Common Expression Language.
///
/// Of CEL it has booleans, 64-bit integers, doubles, strings, lists, maps that are given by name, their operators, `?:`,
/// `in`, indexing, the macros `all` and `exists`, and a few functions. It adds exact decimals, for money: a number written
/// beside a decimal is read as one, digit by digit. Types are found when it is made; what is made can only fail on values
/// (overflow, division by zero, a key that a map does not have).
public struct Expression: Sendable {
    /// As it was written.
    public let source: String
    /// What it gives.
    public let type: ExpressionType
    let node: ExpressionNode

    /// Reads and checks an expression.
    ///
    /// - Parameters:
    ///   - source: at most 4,000 characters.
    ///   - names: what may be named, with its type; a name may have dots.
    public init(_ source: String, names: [String: ExpressionType] = [:]) throws(ExpressionFault) {
        var parser = try ExpressionParser(source)
        let parsed = try parser.expression()
        var checker = ExpressionChecker(names: names)
        (node, type) = try checker.check(parsed)
        self.source = source
    }

    /// Works it out.
    ///
    /// - Parameter names: a value for each name that it uses.
    public func value(_ names: [String: ExpressionValue] = [:]) throws(ExpressionFault) -> ExpressionValue {
        try ExpressionEvaluation(names: names).value(node)
    }

    /// The names that it uses, in the order in which they occur.
    public var names: [String] {
        var found: [String] = []
        node.visit { if case .name(let name) = $0.kind, !found.contains(name) { found.append(name) } }
        return found
    }
}

/// What a value may be.
public indirect enum ExpressionType: Hashable, Sendable {
    /// True or false.
    case bool
    /// 64 bits.
    case integer
    /// Double precision.
    case double
    /// Exact in base ten, 38 digits.
    case decimal
    /// Text.
    case string
    /// Several of one type; of any type while it is empty.
    case list(ExpressionType?)
    /// A table with text for keys.
    case map(ExpressionType)

    /// How it is called in a message.
    public var name: String {
        switch self {
        case .bool: "bool"
        case .integer: "int"
        case .double: "double"
        case .decimal: "decimal"
        case .string: "string"
        case .list(let element): "list(\(element?.name ?? "any"))"
        case .map(let element): "map(string, \(element.name))"
        }
    }
}

/// A value.
public enum ExpressionValue: Hashable, Sendable {
    /// True or false.
    case bool(Bool)
    /// 64 bits.
    case integer(Int64)
    /// Double precision.
    case double(Double)
    /// Exact in base ten.
    case decimal(Decimal)
    /// Text.
    case string(String)
    /// Several of one type.
    case list([ExpressionValue])
    /// A table.
    case map([String: ExpressionValue])

    /// Texts are equal when their code points are; Swift's own comparison knows more of Unicode than CEL's.
    public static func == (left: ExpressionValue, right: ExpressionValue) -> Bool {
        switch (left, right) {
        case (.bool(let a), .bool(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.double(let a), .double(let b)): a == b
        case (.decimal(let a), .decimal(let b)): a == b
        case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
        case (.list(let a), .list(let b)): a == b
        case (.map(let a), .map(let b)): a == b
        default: false
        }
    }

    /// In agreement with `==`.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .bool(let value): hasher.combine(value)
        case .integer(let value): hasher.combine(value)
        case .double(let value): hasher.combine(value)
        case .decimal(let value): hasher.combine(value)
        case .string(let value): for byte in value.utf8 { hasher.combine(byte) }
        case .list(let values): hasher.combine(values)
        case .map(let values): hasher.combine(values.count)
        }
    }
}

/// Why an expression cannot be read, or worked out.
public struct ExpressionFault: Error, Hashable, Sendable {
    /// Characters before the place.
    public let offset: Int
    /// What is wrong.
    public let message: String

    init(_ offset: Int, _ message: String) {
        self.offset = offset
        self.message = message
    }
}

/// A part of an expression, with its place.
struct ExpressionNode: Hashable, Sendable {
    enum Unary: String {
        case not = "!"
        case negative = "-"
    }
    enum Binary: String, CaseIterable {
        case or = "||"
        case and = "&&"
        case equal = "=="
        case unequal = "!="
        case less = "<"
        case atMost = "<="
        case greater = ">"
        case atLeast = ">="
        case isIn = "in"
        case plus = "+"
        case minus = "-"
        case times = "*"
        case divided = "/"
        case rest = "%"
    }
    enum Macro: String { case all, exists }

    indirect enum Kind: Hashable, Sendable {
        /// A value, and the digits of a number as written.
        case literal(ExpressionValue, digits: String?)
        case name(String)
        case unary(Unary, ExpressionNode)
        case binary(Binary, ExpressionNode, ExpressionNode)
        case conditional(ExpressionNode, ExpressionNode, ExpressionNode)
        case list([ExpressionNode])
        case index(ExpressionNode, ExpressionNode)
        /// A function; what it is called on is its first argument.
        case call(String, [ExpressionNode])
        case macro(Macro, over: ExpressionNode, name: String, ExpressionNode)
    }

    let offset: Int
    var kind: Kind

    func visit(_ body: (ExpressionNode) -> Void) {
        body(self)
        switch kind {
        case .literal, .name: break
        case .unary(_, let part): part.visit(body)
        case .binary(_, let left, let right), .index(let left, let right), .macro(_, let left, _, let right):
            left.visit(body)
            right.visit(body)
        case .conditional(let condition, let one, let other):
            condition.visit(body)
            one.visit(body)
            other.visit(body)
        case .list(let parts), .call(_, let parts): for part in parts { part.visit(body) }
        }
    }
}
