// SPDX-License-Identifier: EUPL-1.2

import Foundation

extension Expression {
    /// The formula with its figures, as it would be written on paper: “36 × (0,005 × 5.000.000) × 0,18”. Of a choice only the
    /// branch that was taken is shown; what stands in a table, as the figure that was found.
    public func shown(_ names: [String: ExpressionValue], in language: Language) -> String {
        ExpressionText(evaluation: ExpressionEvaluation(names: names), language: language).text(node).text
    }
}

private struct ExpressionText {
    let evaluation: ExpressionEvaluation
    let language: Language

    private static let signs: [ExpressionNode.Binary: (sign: String, level: Int)] = [
        .plus: ("+", 1), .minus: ("−", 1), .times: ("×", 2), .divided: ("÷", 2),
    ]

    /// A part, and how tightly it holds together.
    func text(_ node: ExpressionNode) -> (text: String, level: Int) {
        switch node.kind {
        case .binary(let operation, let left, let right):
            guard let (sign, level) = Self.signs[operation] else { return figure(node) }
            let (a, b) = (text(left), text(right))
            // What is taken away or divided by is kept together, however tightly it holds.
            let bound = operation == .minus || operation == .divided ? level + 1 : level
            return ("\(within(a, level)) \(sign) \(within(b, bound, right))", level)
        case .conditional(let condition, let one, let other):
            guard case .bool(let flag)? = try? evaluation.value(condition) else { return figure(node) }
            return text(flag ? one : other)
        case .unary(.negative, let part): return ("−\(within(text(part), 3))", 3)
        case .call("round", let arguments), .call("trunc", let arguments), .call("decimal", let arguments): return text(arguments[0])
        default: return figure(node)
        }
    }

    private func within(_ part: (text: String, level: Int), _ level: Int, _ node: ExpressionNode? = nil) -> String {
        // Brackets that the writer put around a product within a product say what belongs together; they stay.
        let isProductInProduct = level == 2 && part.level == 2 && node != nil
        return part.level < level || isProductInProduct ? "(\(part.text))" : part.text
    }

    private func figure(_ node: ExpressionNode) -> (text: String, level: Int) {
        switch try? evaluation.value(node) {
        case .decimal(let number): (language.decimal(number), 3)
        case .integer(let number): (language.decimal(Decimal(number)), 3)
        case let value?: (ExpressionEvaluation.text(value), 3)
        case nil: ("?", 3)
        }
    }
}

extension Language {
    /// A number with its groups and its decimals, each as the language writes them.
    public func decimal(_ number: Decimal) -> String {
        let text = number.description
        let parts = text.split(separator: ".", maxSplits: 1)
        let isNegative = text.hasPrefix("-")
        var whole = String(parts.first ?? "0").filter(\.isNumber)
        let (group, mark) = self == .indonesian ? (".", ",") : (",", ".")
        var grouped = ""
        while whole.count > 3 {
            grouped = group + whole.suffix(3) + grouped
            whole = String(whole.dropLast(3))
        }
        return (isNegative ? "−" : "") + whole + grouped + (parts.count > 1 ? mark + parts[1] : "")
    }
}
