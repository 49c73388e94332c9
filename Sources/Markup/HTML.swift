// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// A piece of a page. Text that is markup comes only from the program's own literals; values enter only by
/// interpolation, and are escaped byte by byte.
///
/// Bytes, not characters: to Swift, `<` after a combining mark is another character, and would slip through.
public struct HTML: Sendable, ExpressibleByStringInterpolation {
    /// UTF-8.
    public private(set) var bytes: [UInt8]

    /// Nothing.
    public init() { bytes = [] }

    /// Markup from a literal.
    public init(stringLiteral value: StaticString) {
        bytes = value.withUTF8Buffer(Array.init)
    }

    /// Markup from a literal with values.
    public init(stringInterpolation: Interpolation) {
        stringInterpolation.checkEnd()
        bytes = stringInterpolation.bytes
    }

    /// Pieces one after another.
    public init(_ pieces: some Sequence<HTML>) {
        bytes = pieces.reduce(into: []) { $0 += $1.bytes }
    }

    /// Escaped text.
    public init(text: String) {
        bytes = []
        Self.escape(text, into: &bytes)
    }

    /// Text with a line break for each line and a paragraph for each blank one, escaped.
    public init(paragraphs text: String) {
        let paragraphs = text.split(separator: "\n\n", omittingEmptySubsequences: true)
        self.init(
            paragraphs.map { paragraph in
                let lines = paragraph.split(separator: "\n").map { HTML(text: String($0)) }
                return "<p>\(HTML.joined(lines, by: "<br>"))</p>\n"
            }
        )
    }

    /// Pieces with another between each two.
    public static func joined(_ pieces: [HTML], by separator: HTML) -> HTML {
        var joined = HTML()
        for (index, piece) in pieces.enumerated() {
            if index > 0 { joined.bytes += separator.bytes }
            joined.bytes += piece.bytes
        }
        return joined
    }

    /// Whether there is nothing.
    public var isEmpty: Bool { bytes.isEmpty }

    /// Whether there is nothing in it that a tag or an attribute begins or ends with.
    private var isPlain: Bool {
        !bytes.contains { [UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'")].contains($0) }
    }

    /// Adds a piece.
    public static func += (left: inout HTML, right: HTML) { left.bytes += right.bytes }

    static func escape(_ text: String, into bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { buffer in
            var start = 0
            for (index, byte) in buffer.enumerated() {
                guard let escaped = escape(byte) else { continue }
                bytes.append(contentsOf: buffer[start..<index])
                bytes += escaped.utf8
                start = index + 1
            }
            bytes.append(contentsOf: buffer[start...])
        }
    }

    private static func escape(_ byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&#39;"
        case 0x00...0x08, 0x0B, 0x0C, 0x0E...0x1F, 0x7F: "\u{FFFD}"
        default: nil
        }
    }
}

#if DEBUG
extension HTML: CustomStringConvertible {
    /// Markup never becomes a string: where it would, a literal was taken for text, and the page would show its tags.
    public var description: String { preconditionFailure("HTML interpolated into a String; give the literal the type HTML") }
}
#endif

extension HTML {
    /// Collects a literal's text and values. Debug builds follow the markup and trap where a value cannot be made safe.
    public struct Interpolation: StringInterpolationProtocol {
        var bytes: [UInt8] = []
        #if DEBUG
        var context = HTMLContext()
        #endif

        /// Room for a literal.
        public init(literalCapacity: Int, interpolationCount: Int) {
            bytes.reserveCapacity(literalCapacity + 32 * interpolationCount)
        }

        /// Text of the program’s own.
        public mutating func appendLiteral(_ literal: StaticString) {
            literal.withUTF8Buffer { buffer in
                #if DEBUG
                context.advance(over: buffer)
                #endif
                bytes.append(contentsOf: buffer)
            }
        }

        /// Text, escaped. A literal is markup wherever it can be, so that `cond ? "<b>…</b>" : ""` is not taken for text:
        /// what a person typed is never a literal.
        @_disfavoredOverload
        public mutating func appendInterpolation(_ text: String) {
            require(\.allowsText, "text stands where escaping cannot make it safe")
            HTML.escape(text, into: &bytes)
        }

        /// A number.
        public mutating func appendInterpolation(_ number: Int) {
            require(\.allowsText, "a number stands where a value may not")
            bytes += String(number).utf8
        }

        /// An address, in `href`, `src`, `action` or `formaction` only.
        public mutating func appendInterpolation(_ link: Link) {
            require(\.allowsLink, "a link stands outside href, src, action and formaction")
            HTML.escape(link.address, into: &bytes)
        }

        /// Markup, between tags only; a word without tags or quotes also inside an attribute.
        public mutating func appendInterpolation(_ html: HTML) {
            require(html.isPlain ? \.allowsText : \.isBetweenTags, "markup stands inside a tag")
            bytes += html.bytes
        }

        /// Markup that may be missing.
        public mutating func appendInterpolation(_ html: HTML?) {
            appendInterpolation(html ?? HTML())
        }

        /// A whole attribute, inside a tag.
        public mutating func appendInterpolation(_ attribute: Attribute) {
            require(\.isInsideTag, "an attribute stands outside a tag")
            guard attribute.isPresent else { return }
            bytes.append(UInt8(ascii: " "))
            bytes += attribute.name.description.utf8
            if let value = attribute.value {
                bytes += "=\"".utf8
                HTML.escape(value, into: &bytes)
                bytes.append(UInt8(ascii: "\""))
            }
        }

        #if DEBUG
        private func require(_ condition: KeyPath<HTMLContext, Bool>, _ message: String) {
            precondition(context[keyPath: condition], "HTML: \(message) (\(context.state))")
        }

        func checkEnd() {
            precondition(context.state == .text, "HTML: the literal ends inside a tag")
        }
        #else
        private func require(_ condition: KeyPath<HTMLContext, Bool>, _ message: StaticString) {}
        func checkEnd() {}
        #endif
    }

    /// An attribute that is there or not, such as `checked`, or that has a value or not.
    public struct Attribute: Sendable {
        let name: StaticString
        let value: String?
        let isPresent: Bool

        /// An attribute without a value, when a condition holds: `checked`, `hidden`.
        public static func flag(_ name: StaticString, _ isPresent: Bool) -> Attribute {
            Attribute(name: name, value: nil, isPresent: isPresent)
        }

        /// An attribute with a value, when there is one. Not for addresses, handlers or styles.
        public static func value(_ name: StaticString, _ value: String?) -> Attribute {
            precondition(!["href", "src", "action", "formaction", "style"].contains(name.description))
            return Attribute(name: name, value: value, isPresent: value != nil)
        }
    }
}

/// An address that is safe to follow: inside the city, or one whose scheme was checked.
public struct Link: Hashable, Sendable {
    /// The address, percent-encoded.
    public let address: String

    /// An address inside the city, from path segments and query items; each is percent-encoded.
    public init(_ segments: String..., query: [(String, String)] = [], fragment: String? = nil) {
        self.init(segments: segments, query: query, fragment: fragment)
    }

    /// An address inside the city, from path segments and query items; each is percent-encoded.
    public init(segments: [String], query: [(String, String)] = [], fragment: String? = nil) {
        var address = "/" + segments.map(Self.encode).joined(separator: "/")
        if !query.isEmpty {
            address += "?" + query.map { "\(Self.encode($0.0))=\(Self.encode($0.1))" }.joined(separator: "&")
        }
        if let fragment { address += "#" + Self.encode(fragment) }
        self.address = address
    }

    /// A place on the same page.
    public static func fragment(_ name: String) -> Link { Link(unchecked: "#" + encode(name)) }

    /// An address outside, if it is one that a browser may follow without running anything.
    public static func outside(_ text: String) -> Link? {
        guard ["https://", "http://", "mailto:", "tel:", "sms:"].contains(where: text.hasPrefix),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return Link(unchecked: text)
    }

    /// A path that the program's own router has accepted.
    public static func path(_ path: String) -> Link {
        // A browser reads `/\` as `//`, which would lead to another site.
        let isInside = path.hasPrefix("/") && !path.hasPrefix("//") && path.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x5C }
        return isInside ? Link(unchecked: path) : Link("")
    }

    private init(unchecked address: String) { self.address = address }

    private static func encode(_ text: String) -> String {
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                encoded.append(byte)
            default: encoded += "%\([byte].hex.uppercased())".utf8
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
