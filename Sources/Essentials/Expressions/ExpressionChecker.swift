// SPDX-License-Identifier: EUPL-1.2

import Foundation

/// Finds the type of every part, so that an expression of a pack is refused when the pack is read and not when a resident
/// needs it.
struct ExpressionChecker {
    typealias Node = ExpressionNode

    var names: [String: ExpressionType]

    mutating func check(_ node: Node) throws(ExpressionFault) -> (Node, ExpressionType) {
        func typed(_ kind: Node.Kind, _ type: ExpressionType) -> (Node, ExpressionType) { (Node(offset: node.offset, kind: kind), type) }
        switch node.kind {
        case .literal(let value, _): return (node, Self.type(of: value))
        case .name(let name):
            if let type = names[name] { return (node, type) }
            // `table.key` where the table is given by name.
            if let dot = name.lastIndex(of: "."), case .map(let element)? = names[String(name[..<dot])] {
                let key = Node(offset: node.offset, kind: .literal(.string(String(name[name.index(after: dot)...])), digits: nil))
                return typed(.index(Node(offset: node.offset, kind: .name(String(name[..<dot]))), key), element)
            }
            throw fault(node, "“\(name)” is not known here. Known: \(names.keys.sorted().joined(separator: ", "))")
        case .unary(let operation, let part):
            let (part, type) = try check(part)
            let isRight = operation == .not ? type == .bool : [.integer, .double, .decimal].contains(type)
            guard isRight else { throw fault(node, "“\(operation.rawValue)” does not go with \(type.name)") }
            return typed(.unary(operation, part), type)
        case .binary(let operation, let left, let right): return try binary(node, operation, try check(left), try check(right))
        case .conditional(let condition, let one, let other):
            let (test, type) = try check(condition)
            guard type == .bool else { throw fault(condition, "a condition is true or false, not \(type.name)") }
            let (a, b, both) = try unified(node, try check(one), try check(other))
            return typed(.conditional(test, a, b), both)
        case .list(let parts): return try list(node, parts)
        case .index(let whole, let key):
            let (table, type) = try check(whole)
            let (index, keyType) = try check(key)
            switch (type, keyType) {
            case (.list(let element?), .integer): return typed(.index(table, index), element)
            case (.map(let element), .string): return typed(.index(table, index), element)
            default: throw fault(node, "\(type.name) has no place for \(keyType.name)")
            }
        case .call(let name, let arguments): return try call(node, name, arguments)
        case .macro(let macro, let range, let name, let body):
            let (over, type) = try check(range)
            let element: ExpressionType
            switch type {
            case .list(let found): element = found ?? .bool
            case .map: element = .string
            default: throw fault(range, "“\(macro.rawValue)” goes over a list or a table, not \(type.name)")
            }
            let outside = names
            names[name] = element
            defer { names = outside }
            let (test, testType) = try check(body)
            guard testType == .bool else { throw fault(body, "a condition is true or false, not \(testType.name)") }
            return typed(.macro(macro, over: over, name: name, test), .bool)
        }
    }

    private func fault(_ node: Node, _ message: String) -> ExpressionFault { ExpressionFault(node.offset, message) }

    static func type(of value: ExpressionValue) -> ExpressionType {
        switch value {
        case .bool: .bool
        case .integer: .integer
        case .double: .double
        case .decimal: .decimal
        case .string: .string
        case .list(let values): .list(values.first.map(type))
        case .map(let values): .map(values.values.first.map(type) ?? .bool)
        }
    }

    // MARK: Types that meet

    /// Two parts brought to one type: numbers written beside a decimal become decimals, an empty list becomes any list.
    private func unified(
        _ node: Node,
        _ left: (Node, ExpressionType),
        _ right: (Node, ExpressionType)
    ) throws(ExpressionFault) -> (Node, Node, ExpressionType) {
        if left.1 == right.1 { return (left.0, right.0, left.1) }
        if left.1 == .decimal, let number = decimal(right.0) { return (left.0, number, .decimal) }
        if right.1 == .decimal, let number = decimal(left.0) { return (number, right.0, .decimal) }
        if case .list(nil) = left.1, case .list = right.1 { return (left.0, right.0, right.1) }
        if case .list(nil) = right.1, case .list = left.1 { return (left.0, right.0, left.1) }
        throw fault(node, "\(left.1.name) and \(right.1.name) do not go together")
    }

    /// A part made of written numbers alone, read digit by digit; nil for any other. Division is left out, because whole
    /// numbers divide otherwise.
    private func decimal(_ node: Node) -> Node? {
        switch node.kind {
        case .literal(_, let digits?):
            return Decimal(string: digits, locale: Locale(identifier: "en_US_POSIX")).map {
                Node(offset: node.offset, kind: .literal(.decimal($0), digits: digits))
            }
        case .unary(.negative, let part):
            return decimal(part).map { Node(offset: node.offset, kind: .unary(.negative, $0)) }
        case .binary(let operation, let left, let right) where [.plus, .minus, .times].contains(operation):
            guard let left = decimal(left), let right = decimal(right) else { return nil }
            return Node(offset: node.offset, kind: .binary(operation, left, right))
        case .conditional(let condition, let one, let other):
            guard let one = decimal(one), let other = decimal(other) else { return nil }
            return Node(offset: node.offset, kind: .conditional(condition, one, other))
        default: return nil
        }
    }

    // MARK: Operators

    private func binary(
        _ node: Node,
        _ operation: Node.Binary,
        _ left: (Node, ExpressionType),
        _ right: (Node, ExpressionType)
    ) throws(ExpressionFault) -> (Node, ExpressionType) {
        func typed(_ a: Node, _ b: Node, _ type: ExpressionType) -> (Node, ExpressionType) {
            (Node(offset: node.offset, kind: .binary(operation, a, b)), type)
        }
        if operation == .isIn {
            switch right.1 {
            case .list(nil): return typed(left.0, right.0, .bool)
            case .list(let element?):
                let (value, _, _) = try unified(node, left, (right.0, element))
                return typed(value, right.0, .bool)
            case .map where left.1 == .string: return typed(left.0, right.0, .bool)
            default: throw fault(node, "“in” looks into a list or a table, not \(right.1.name)")
            }
        }
        let (a, b, type) = try unified(node, left, right)
        let isNumber = [.integer, .double, .decimal].contains(type)
        let isList = if case .list = type { true } else { false }
        let isRight: Bool
        let result: ExpressionType
        switch operation {
        case .or, .and: (isRight, result) = (type == .bool, .bool)
        case .equal, .unequal: (isRight, result) = (true, .bool)
        case .less, .atMost, .greater, .atLeast: (isRight, result) = (isNumber || type == .string || type == .bool, .bool)
        case .plus: (isRight, result) = (isNumber || type == .string || isList, type)
        case .minus, .times, .divided: (isRight, result) = (isNumber, type)
        case .rest: (isRight, result) = (type == .integer, type)
        case .isIn: (isRight, result) = (false, .bool)
        }
        guard isRight else { throw fault(node, "“\(operation.rawValue)” does not go with \(type.name)") }
        return typed(a, b, result)
    }

    private mutating func list(_ node: Node, _ parts: [Node]) throws(ExpressionFault) -> (Node, ExpressionType) {
        var checked: [(Node, ExpressionType)] = []
        for part in parts { checked.append(try check(part)) }
        guard var common = checked.first else { return (node, .list(nil)) }
        for next in checked.dropFirst() {
            let (_, _, type) = try unified(node, common, next)
            if type != common.1 { common = next }
        }
        var elements: [Node] = []
        for part in checked { elements.append(try unified(node, part, common).0) }
        return (Node(offset: node.offset, kind: .list(elements)), .list(common.1))
    }

    // MARK: Functions

    private mutating func call(_ node: Node, _ name: String, _ parts: [Node]) throws(ExpressionFault) -> (Node, ExpressionType) {
        var arguments: [(Node, ExpressionType)] = []
        for part in parts { arguments.append(try check(part)) }
        let types = arguments.map(\.1)
        func typed(_ arguments: [Node], _ type: ExpressionType) -> (Node, ExpressionType) {
            (Node(offset: node.offset, kind: .call(name, arguments)), type)
        }
        let nodes = arguments.map(\.0)
        switch (name, types.count) {
        case ("size", 1):
            switch types[0] {
            case .string, .list, .map: return typed(nodes, .integer)
            default: break
            }
        case ("contains", 2), ("startsWith", 2), ("endsWith", 2): if types == [.string, .string] { return typed(nodes, .bool) }
        case ("int", 1): if [.integer, .double, .decimal, .string].contains(types[0]) { return typed(nodes, .integer) }
        case ("double", 1): if [.integer, .double, .string].contains(types[0]) { return typed(nodes, .double) }
        case ("string", 1): if [.integer, .double, .decimal, .string, .bool].contains(types[0]) { return typed(nodes, .string) }
        case ("bool", 1): if [.bool, .string].contains(types[0]) { return typed(nodes, .bool) }
        case ("decimal", 1):
            if let number = decimal(nodes[0]) { return (number, .decimal) }
            if [.integer, .decimal].contains(types[0]) { return typed(nodes, .decimal) }
        case ("round", 2), ("trunc", 2): if types == [.decimal, .integer] { return typed(nodes, .decimal) }
        case ("math.least", 1...), ("math.greatest", 1...):
            var common = arguments[0]
            for next in arguments.dropFirst() where try unified(node, common, next).2 != common.1 { common = next }
            var unifiedNodes: [Node] = []
            for argument in arguments { unifiedNodes.append(try unified(node, argument, common).0) }
            if [.integer, .double, .decimal].contains(common.1) { return typed(unifiedNodes, common.1) }
        default: break
        }
        throw fault(node, "there is no \(name)(\(types.map(\.name).joined(separator: ", ")))")
    }
}
