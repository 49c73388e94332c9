// SPDX-License-Identifier: EUPL-1.2

import Foundation

/// Reads the grammar of CEL (cel-spec, “Syntax”), as far as the subset goes; what lies beyond is named in the fault.
struct ExpressionParser {
    private enum Token: Equatable {
        case number(String)
        case text(String)
        case word(String)
        case sign(String)
        case end
    }

    private static let limit = 4_000
    private static let deepest = 60
    private static let operatorLimit = 200
    private static let reserved: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return",
        "var", "void", "while",
    ]
    private static let signs = [
        "||", "&&", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", "(", ")", "[", "]", ",", ".",
    ]

    private let characters: [Character]
    private var position = 0
    private var token = Token.end
    private var offset = 0
    private var depth = 0
    private var operators = 0

    init(_ source: String) throws(ExpressionFault) {
        characters = Array(source)
        guard characters.count <= Self.limit else { throw ExpressionFault(Self.limit, "longer than \(Self.limit) characters") }
        try advance()
    }

    mutating func expression() throws(ExpressionFault) -> ExpressionNode {
        let node = try conditional()
        guard token == .end else { throw fault("an operator or the end is needed here") }
        return node
    }

    private func fault(_ message: String) -> ExpressionFault { ExpressionFault(offset, message) }

    // MARK: Grammar

    private mutating func conditional() throws(ExpressionFault) -> ExpressionNode {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.deepest else { throw fault("nested too deeply") }
        let start = offset
        let condition = try binary(0)
        guard try take("?") else { return condition }
        let one = try binary(0)
        try need(":")
        return ExpressionNode(offset: start, kind: .conditional(condition, one, try conditional()))
    }

    /// Operators from the loosest to the tightest.
    private static let levels: [[ExpressionNode.Binary]] = [
        [.or], [.and], [.equal, .unequal, .less, .atMost, .greater, .atLeast, .isIn], [.plus, .minus], [.times, .divided, .rest],
    ]

    private mutating func binary(_ level: Int) throws(ExpressionFault) -> ExpressionNode {
        guard level < Self.levels.count else { return try unary() }
        var left = try binary(level + 1)
        while let operation = Self.levels[level].first(where: { token == .sign($0.rawValue) || ($0 == .isIn && token == .word("in")) }) {
            let place = offset
            operators += 1
            guard operators < Self.operatorLimit else { throw fault("more than \(Self.operatorLimit) operators") }
            try advance()
            left = ExpressionNode(offset: place, kind: .binary(operation, left, try binary(level + 1)))
        }
        return left
    }

    private mutating func unary() throws(ExpressionFault) -> ExpressionNode {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.deepest else { throw fault("nested too deeply") }
        let start = offset
        if try take("!") { return ExpressionNode(offset: start, kind: .unary(.not, try unary())) }
        if try take("-") {
            // The smallest integer can only be read together with its sign.
            if case .number(let digits) = token {
                try advance()
                return try member(of: try number("-" + digits, at: start))
            }
            return ExpressionNode(offset: start, kind: .unary(.negative, try unary()))
        }
        return try member(of: try primary())
    }

    private mutating func member(of node: ExpressionNode) throws(ExpressionFault) -> ExpressionNode {
        var node = node
        while true {
            let start = offset
            if token == .sign("[") || token == .sign(".") {
                // A chain is as deep as it is long for whoever walks it.
                operators += 1
                guard operators < Self.operatorLimit else { throw fault("more than \(Self.operatorLimit) operators") }
            }
            if try take("[") {
                let key = try conditional()
                try need("]")
                node = ExpressionNode(offset: start, kind: .index(node, key))
            } else if try take(".") {
                let name = try word()
                if token == .sign("(") {
                    node = try call(name, on: node, at: start)
                } else if case .name(let path) = node.kind {
                    node = ExpressionNode(offset: node.offset, kind: .name("\(path).\(name)"))
                } else {
                    node = ExpressionNode(
                        offset: start,
                        kind: .index(node, ExpressionNode(offset: start, kind: .literal(.string(name), digits: nil)))
                    )
                }
            } else {
                return node
            }
        }
    }

    private mutating func primary() throws(ExpressionFault) -> ExpressionNode {
        let start = offset
        switch token {
        case .number(let digits):
            try advance()
            return try number(digits, at: start)
        case .text(let text):
            try advance()
            return ExpressionNode(offset: start, kind: .literal(.string(text), digits: nil))
        case .word(let word):
            if word == "true" || word == "false" {
                try advance()
                return ExpressionNode(offset: start, kind: .literal(.bool(word == "true"), digits: nil))
            }
            let name = try self.word()
            guard token == .sign("(") else { return ExpressionNode(offset: start, kind: .name(name)) }
            return try call(name, on: nil, at: start)
        case .sign("("):
            try advance()
            let inner = try conditional()
            try need(")")
            return inner
        case .sign("["):
            try advance()
            let parts = try list(until: "]")
            return ExpressionNode(offset: start, kind: .list(parts))
        default: throw fault("a value is needed here")
        }
    }

    private mutating func call(_ name: String, on receiver: ExpressionNode?, at start: Int) throws(ExpressionFault) -> ExpressionNode {
        try need("(")
        if let receiver, let macro = ExpressionNode.Macro(rawValue: name) {
            let variable = try word()
            try need(",")
            let body = try conditional()
            try need(")")
            return ExpressionNode(offset: start, kind: .macro(macro, over: receiver, name: variable, body))
        }
        let arguments = try list(until: ")")
        // `math.least(a, b)`: a function of a namespace, not of a value.
        if case .name("math")? = receiver?.kind { return ExpressionNode(offset: start, kind: .call("math.\(name)", arguments)) }
        return ExpressionNode(offset: start, kind: .call(name, (receiver.map { [$0] } ?? []) + arguments))
    }

    private mutating func list(until end: String) throws(ExpressionFault) -> [ExpressionNode] {
        var parts: [ExpressionNode] = []
        while token != .sign(end) {
            parts.append(try conditional())
            guard try take(",") else { break }
        }
        try need(end)
        return parts
    }

    private mutating func word() throws(ExpressionFault) -> String {
        guard case .word(let word) = token else { throw fault("a name is needed here") }
        guard !Self.reserved.contains(word), word != "in", word != "null" else { throw fault("“\(word)” cannot be used as a name here") }
        try advance()
        return word
    }

    private func number(_ digits: String, at start: Int) throws(ExpressionFault) -> ExpressionNode {
        let plain = digits.hasPrefix("-") ? String(digits.dropFirst()) : digits
        if plain.lowercased().hasPrefix("0x") {
            guard let value = Int64((digits.hasPrefix("-") ? "-" : "") + plain.dropFirst(2), radix: 16) else {
                throw ExpressionFault(start, "\(digits) does not fit into 64 bits")
            }
            return ExpressionNode(offset: start, kind: .literal(.integer(value), digits: nil))
        }
        if plain.allSatisfy(\.isNumber) {
            guard let value = Int64(digits) else { throw ExpressionFault(start, "\(digits) does not fit into 64 bits") }
            return ExpressionNode(offset: start, kind: .literal(.integer(value), digits: digits))
        }
        guard let value = Double(digits) else { throw ExpressionFault(start, "“\(digits)” is no number") }
        return ExpressionNode(offset: start, kind: .literal(.double(value), digits: digits))
    }

    // MARK: Tokens

    private mutating func take(_ sign: String) throws(ExpressionFault) -> Bool {
        guard token == .sign(sign) else { return false }
        try advance()
        return true
    }

    private mutating func need(_ sign: String) throws(ExpressionFault) {
        guard try take(sign) else { throw fault("“\(sign)” is needed here") }
    }

    private func looksAt(_ text: String) -> Bool { characters[position...].starts(with: text) }

    private mutating func advance() throws(ExpressionFault) {
        while position < characters.count {
            if characters[position].isWhitespace {
                position += 1
            } else if looksAt("//") {
                while position < characters.count, !characters[position].isNewline { position += 1 }
            } else {
                break
            }
        }
        offset = position
        guard position < characters.count else {
            token = .end
            return
        }
        let first = characters[position]
        if first.isASCII, first.isNumber || (first == "." && position + 1 < characters.count && characters[position + 1].isNumber) {
            token = .number(try digits())
        } else if first == "\"" || first == "'"
            || ((first == "r" || first == "R") && position + 1 < characters.count && "\"'".contains(characters[position + 1]))
        {
            token = .text(try text())
        } else if first.isASCII, first.isLetter || first == "_" {
            let start = position
            while position < characters.count, characters[position].isASCII,
                characters[position].isLetter || characters[position].isNumber || characters[position] == "_"
            {
                position += 1
            }
            token = .word(String(characters[start..<position]))
            if position < characters.count, "\"'".contains(characters[position]) { throw fault("bytes are not part of this subset") }
        } else if let sign = Self.signs.first(where: looksAt) {
            position += sign.count
            token = .sign(sign)
        } else {
            throw fault("“\(first)” is not expected here")
        }
    }

    private mutating func digits() throws(ExpressionFault) -> String {
        let start = position
        func run(_ isPart: (Character) -> Bool) {
            while position < characters.count, characters[position].isASCII, isPart(characters[position]) { position += 1 }
        }
        if looksAt("0x") || looksAt("0X") {
            position += 2
            run(\.isHexDigit)
        } else {
            run(\.isNumber)
            if position + 1 < characters.count, characters[position] == ".", characters[position + 1].isNumber {
                position += 1
                run(\.isNumber)
            }
            if position < characters.count, "eE".contains(characters[position]) {
                position += 1
                if position < characters.count, "+-".contains(characters[position]) { position += 1 }
                run(\.isNumber)
            }
        }
        if position < characters.count, characters[position].isLetter || characters[position] == "_" {
            throw fault(
                characters[position].lowercased() == "u" ? "unsigned numbers are not part of this subset" : "a number ends in a letter"
            )
        }
        return String(characters[start..<position])
    }

    private mutating func text() throws(ExpressionFault) -> String {
        let isRaw = "rR".contains(characters[position])
        if isRaw { position += 1 }
        let quote = characters[position]
        let isTriple = looksAt(String(repeating: quote, count: 3))
        let end = String(repeating: quote, count: isTriple ? 3 : 1)
        position += end.count
        var text = ""
        while position < characters.count {
            if looksAt(end) {
                position += end.count
                return text
            }
            let character = characters[position]
            if character.isNewline, !isTriple { break }
            if character == "\\", !isRaw {
                text.append(try escape())
            } else {
                text.append(character)
                position += 1
            }
        }
        throw fault("this text does not end")
    }

    private static let escapes: [Character: Character] = [
        "a": "\u{07}", "b": "\u{08}", "f": "\u{0C}", "n": "\n", "r": "\r", "t": "\t", "v": "\u{0B}", "\\": "\\", "?": "?", "\"": "\"",
        "'": "'",
        "`": "`",
    ]

    private mutating func escape() throws(ExpressionFault) -> Character {
        position += 1
        guard position < characters.count else { throw fault("this text does not end") }
        let kind = characters[position]
        position += 1
        if let plain = Self.escapes[kind] { return plain }
        let (count, radix, start): (Int, Int, Int) =
            switch kind {
            case "x", "X": (2, 16, position)
            case "u": (4, 16, position)
            case "U": (8, 16, position)
            case "0"..."3": (3, 8, position - 1)
            default: throw fault("“\\\(kind)” is no escape")
            }
        guard start + count <= characters.count, let code = UInt32(String(characters[start..<start + count]), radix: radix),
            let scalar = Unicode.Scalar(code)
        else { throw fault("“\\\(kind)” needs \(count) digits of a character") }
        position = start + count
        return Character(scalar)
    }
}
