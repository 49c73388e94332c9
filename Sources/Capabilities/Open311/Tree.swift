// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Web

/// A document that is written as XML or as JSON by the standard's “Spark” rule: a plural container is a bare list, an
/// item a bare object, what is absent is null.
indirect enum Tree {
    /// Text.
    case text(String)
    /// A whole number.
    case number(Int)
    /// A number.
    case decimal(Double)
    /// True or false.
    case flag(Bool)
    /// Nothing: null in JSON, an empty element in XML.
    case absent
    /// An item with its members in order.
    case object(String, [(String, Tree)])
    /// A plural container of items.
    case list(String, [Tree])
    /// An item of a list that is only text.
    case leaf(String, String)

    static func text(_ text: String?) -> Tree { text.map { .text($0) } ?? .absent }

    var json: JSON {
        switch self {
        case .text(let text), .leaf(_, let text): .string(text)
        case .number(let number): JSON(number)
        case .decimal(let number): .number(number)
        case .flag(let flag): .bool(flag)
        case .absent: .null
        case .object(_, let members): .object(Dictionary(members.map { ($0.0, $0.1.json) }, uniquingKeysWith: { $1 }))
        case .list(_, let items): .array(items.map(\.json))
        }
    }

    var xml: String {
        switch self {
        case .text(let text): XML.escape(text)
        case .number(let number): String(number)
        case .decimal(let number): String(number)
        case .flag(let flag): String(flag)
        case .absent: ""
        case .leaf(let name, let text): "<\(name)>\(XML.escape(text))</\(name)>"
        case .object(let name, let members):
            "<\(name)>\(members.map { member in if case .list(member.0, _) = member.1 { member.1.xml } else { "<\(member.0)>\(member.1.xml)</\(member.0)>" } }.joined())</\(name)>"
        case .list(let name, let items): "<\(name)>\(items.map(\.xml).joined())</\(name)>"
        }
    }
}
