// SPDX-License-Identifier: EUPL-1.2

import Foundation

/// Works a checked expression out. Every overflow is a fault, never a wrong number.
struct ExpressionEvaluation {
    typealias Node = ExpressionNode
    typealias Value = ExpressionValue

    var names: [String: Value]

    func value(_ node: Node) throws(ExpressionFault) -> Value {
        switch node.kind {
        case .literal(let value, _): return value
        case .name(let name):
            guard let value = names[name] else { throw ExpressionFault(node.offset, "“\(name)” was not given") }
            return value
        case .unary(.not, let part):
            guard case .bool(let flag) = try value(part) else { throw mismatch(node) }
            return .bool(!flag)
        case .unary(.negative, let part): return try negative(node, try value(part))
        case .binary(.or, let left, let right): return try either(true, left, right)
        case .binary(.and, let left, let right): return try either(false, left, right)
        case .binary(let operation, let left, let right): return try binary(node, operation, try value(left), try value(right))
        case .conditional(let condition, let one, let other):
            guard case .bool(let flag) = try value(condition) else { throw mismatch(node) }
            return try value(flag ? one : other)
        case .list(let parts):
            var values: [Value] = []
            for part in parts { values.append(try value(part)) }
            return .list(values)
        case .index(let whole, let key): return try element(node, of: try value(whole), at: try value(key))
        case .call(let name, let arguments):
            var values: [Value] = []
            for argument in arguments { values.append(try value(argument)) }
            return try call(node, name, values)
        case .macro(let macro, let range, let name, let body): return try quantified(macro, try value(range), name, body, node)
        }
    }

    private func mismatch(_ node: Node) -> ExpressionFault { ExpressionFault(node.offset, "a value is of another type than was said") }

    // MARK: Logic

    /// `||` decides with true, `&&` with false: whichever side decides makes a fault of the other not matter.
    private func either(_ deciding: Bool, _ left: Node, _ right: Node) throws(ExpressionFault) -> Value {
        let first: ExpressionFault?
        do throws(ExpressionFault) {
            if try value(left) == .bool(deciding) { return .bool(deciding) }
            first = nil
        } catch {
            first = error
        }
        if try value(right) == .bool(deciding) { return .bool(deciding) }
        if let first { throw first }
        return .bool(!deciding)
    }

    private func quantified(
        _ macro: Node.Macro,
        _ range: Value,
        _ name: String,
        _ body: Node,
        _ node: Node
    ) throws(ExpressionFault) -> Value {
        let elements: [Value]
        switch range {
        case .list(let values): elements = values
        case .map(let values): elements = values.keys.sorted().map(Value.string)
        default: throw mismatch(node)
        }
        let deciding = macro == .exists
        var inner = self
        var first: ExpressionFault?
        for element in elements {
            inner.names[name] = element
            do throws(ExpressionFault) {
                if try inner.value(body) == .bool(deciding) { return .bool(deciding) }
            } catch {
                first = first ?? error
            }
        }
        if let first { throw first }
        return .bool(!deciding)
    }

    // MARK: Operators

    private func negative(_ node: Node, _ value: Value) throws(ExpressionFault) -> Value {
        switch value {
        case .integer(let number):
            let (result, isOver) = Int64(0).subtractingReportingOverflow(number)
            guard !isOver else { throw ExpressionFault(node.offset, "the number does not fit into 64 bits") }
            return .integer(result)
        case .double(let number): return .double(-number)
        case .decimal(let number): return .decimal(-number)
        default: throw mismatch(node)
        }
    }

    private func binary(_ node: Node, _ operation: Node.Binary, _ left: Value, _ right: Value) throws(ExpressionFault) -> Value {
        switch operation {
        case .equal: return .bool(left == right)
        case .unequal: return .bool(left != right)
        case .isIn:
            switch right {
            case .list(let values): return .bool(values.contains(left))
            case .map(let values): if case .string(let key) = left { return .bool(values[key] != nil) }
            default: break
            }
            throw mismatch(node)
        case .less: return .bool(try isOrdered(node, left, right))
        case .greater: return .bool(try isOrdered(node, right, left))
        case .atMost: return .bool(left == right ? true : try isOrdered(node, left, right))
        case .atLeast: return .bool(left == right ? true : try isOrdered(node, right, left))
        default: break
        }
        switch (left, right) {
        case (.integer(let a), .integer(let b)): return .integer(try whole(node, operation, a, b))
        case (.double(let a), .double(let b)):
            switch operation {
            case .plus: return .double(a + b)
            case .minus: return .double(a - b)
            case .times: return .double(a * b)
            case .divided: return .double(a / b)
            default: throw mismatch(node)
            }
        case (.decimal(let a), .decimal(let b)): return .decimal(try exact(node, operation, a, b))
        case (.string(let a), .string(let b)): return .string(a + b)
        case (.list(let a), .list(let b)): return .list(a + b)
        default: throw mismatch(node)
        }
    }

    private func isOrdered(_ node: Node, _ left: Value, _ right: Value) throws(ExpressionFault) -> Bool {
        switch (left, right) {
        case (.integer(let a), .integer(let b)): return a < b
        case (.double(let a), .double(let b)): return a < b
        case (.decimal(let a), .decimal(let b)): return a < b
        case (.string(let a), .string(let b)): return a.unicodeScalars.lexicographicallyPrecedes(b.unicodeScalars)
        case (.bool(let a), .bool(let b)): return !a && b
        default: throw mismatch(node)
        }
    }

    private func whole(_ node: Node, _ operation: Node.Binary, _ a: Int64, _ b: Int64) throws(ExpressionFault) -> Int64 {
        if operation == .divided || operation == .rest, b == 0 { throw ExpressionFault(node.offset, "division by zero") }
        let (result, isOver) =
            switch operation {
            case .plus: a.addingReportingOverflow(b)
            case .minus: a.subtractingReportingOverflow(b)
            case .times: a.multipliedReportingOverflow(by: b)
            case .divided: a.dividedReportingOverflow(by: b)
            default: a.remainderReportingOverflow(dividingBy: b)
            }
        guard !isOver else { throw ExpressionFault(node.offset, "the number does not fit into 64 bits") }
        return result
    }

    private func exact(_ node: Node, _ operation: Node.Binary, _ a: Decimal, _ b: Decimal) throws(ExpressionFault) -> Decimal {
        if operation == .divided, b == 0 { throw ExpressionFault(node.offset, "division by zero") }
        let result =
            switch operation {
            case .plus: a + b
            case .minus: a - b
            case .times: a * b
            default: a / b
            }
        guard result.isFinite else { throw ExpressionFault(node.offset, "the number has more than 38 digits") }
        return result
    }

    private func element(_ node: Node, of whole: Value, at key: Value) throws(ExpressionFault) -> Value {
        switch (whole, key) {
        case (.list(let values), .integer(let index)):
            guard index >= 0, index < values.count else { throw ExpressionFault(node.offset, "there is no element \(index)") }
            return values[Int(index)]
        case (.map(let values), .string(let key)):
            guard let value = values[key] else { throw ExpressionFault(node.offset, "there is no “\(key)” in the table") }
            return value
        default: throw mismatch(node)
        }
    }

    // MARK: Functions

    private func call(_ node: Node, _ name: String, _ values: [Value]) throws(ExpressionFault) -> Value {
        switch (name, values.first) {
        case ("size", .string(let text)): return .integer(Int64(text.unicodeScalars.count))
        case ("size", .list(let list)): return .integer(Int64(list.count))
        case ("size", .map(let map)): return .integer(Int64(map.count))
        case ("contains", .string(let text)):
            guard case .string(let part) = values[1] else { break }
            return .bool(part.isEmpty || text.unicodeScalars.firstRange(of: part.unicodeScalars) != nil)
        case ("startsWith", .string(let text)):
            guard case .string(let part) = values[1] else { break }
            return .bool(text.unicodeScalars.starts(with: part.unicodeScalars))
        case ("endsWith", .string(let text)):
            guard case .string(let part) = values[1] else { break }
            return .bool(text.unicodeScalars.reversed().starts(with: part.unicodeScalars.reversed()))
        case ("int", let value?): return .integer(try integer(node, value))
        case ("double", .integer(let number)): return .double(Double(number))
        case ("double", .double(let number)): return .double(number)
        case ("double", .string(let text)):
            guard let number = Double(text) else { throw ExpressionFault(node.offset, "“\(text)” is no number") }
            return .double(number)
        case ("string", let value?): return .string(Self.text(value))
        case ("bool", .bool(let flag)): return .bool(flag)
        case ("bool", .string(let text)):
            if ["true", "TRUE", "True", "t", "1"].contains(text) { return .bool(true) }
            if ["false", "FALSE", "False", "f", "0"].contains(text) { return .bool(false) }
            throw ExpressionFault(node.offset, "“\(text)” is neither true nor false")
        case ("decimal", .integer(let number)): return .decimal(Decimal(number))
        case ("decimal", .decimal(let number)): return .decimal(number)
        case ("round", .decimal(let number)), ("trunc", .decimal(let number)):
            guard case .integer(let places) = values[1], (0...20).contains(places) else {
                throw ExpressionFault(node.offset, "places are from 0 to 20")
            }
            return .decimal(number.rounded(places: Int(places), isUp: name == "round"))
        case ("math.least", let first?):
            var least = first
            for value in values.dropFirst() where try isOrdered(node, value, least) { least = value }
            return least
        case ("math.greatest", let first?):
            var greatest = first
            for value in values.dropFirst() where try isOrdered(node, greatest, value) { greatest = value }
            return greatest
        default: break
        }
        throw mismatch(node)
    }

    private func integer(_ node: Node, _ value: Value) throws(ExpressionFault) -> Int64 {
        switch value {
        case .integer(let number): return number
        case .double(let number):
            // Beyond this a double cannot say which integer it means.
            guard abs(number) < 9_223_372_036_854_775_808 else {
                throw ExpressionFault(node.offset, "the number does not fit into 64 bits")
            }
            return Int64(number)
        case .decimal(let number):
            guard let result = Int64(Self.text(.decimal(number.rounded(places: 0, isUp: false)))) else {
                throw ExpressionFault(node.offset, "the number does not fit into 64 bits")
            }
            return result
        case .string(let text):
            guard let number = Int64(text) else { throw ExpressionFault(node.offset, "“\(text)” is no whole number") }
            return number
        default: throw mismatch(node)
        }
    }

    /// A value as text, as CEL's `string` gives it.
    static func text(_ value: Value) -> String {
        switch value {
        case .bool(let flag): return flag ? "true" : "false"
        case .integer(let number): return String(number)
        case .double(let number):
            let isPlain = number == number.rounded() && abs(number) < 1e15
            return isPlain ? String(Int64(number)) : String(number)
        case .decimal(let number): return number.description
        case .string(let text): return text
        case .list(let values): return "[\(values.map(text).joined(separator: ", "))]"
        case .map(let values): return "{\(values.keys.sorted().joined(separator: ", "))}"
        }
    }
}

extension Decimal {
    /// With so many places: a half goes away from zero, or the rest is cut off.
    public func rounded(places: Int, isUp: Bool = true) -> Decimal {
        var result = Decimal()
        var number = self
        // Foundation's `.up` and `.down` follow the sign; towards zero depends on it.
        NSDecimalRound(&result, &number, places, isUp ? .plain : (self < 0 ? .up : .down))
        return result
    }
}
