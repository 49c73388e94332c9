// SPDX-License-Identifier: EUPL-1.2

/// Follows the markup of a literal, so that a value is never put where escaping cannot make it safe.
struct HTMLContext {
    enum State: Equatable {
        case text
        case tagName
        case tag
        case attributeName
        case beforeValue
        case unquoted
        case quoted(UInt8)
        case rawText
        case comment
    }

    private(set) var state = State.text
    private var tag: [UInt8] = []
    private var attribute: [UInt8] = []
    private var tail: [UInt8] = []

    private static let addresses: Set<String> = ["href", "src", "action", "formaction", "poster", "cite", "data"]

    private var attributeName: String { String(decoding: attribute, as: UTF8.self).lowercased() }

    /// Whether escaped text is safe: in content, or in a quoted attribute that is no address, handler or style.
    var allowsText: Bool {
        switch state {
        case .text: true
        case .quoted: !attributeName.hasPrefix("on") && attributeName != "style" && !Self.addresses.contains(attributeName)
        default: false
        }
    }

    /// Whether an address may stand here.
    var allowsLink: Bool {
        if case .quoted = state { return Self.addresses.contains(attributeName) }
        return false
    }

    /// Whether markup may stand here.
    var isBetweenTags: Bool { state == .text }

    /// Whether an attribute may stand here.
    var isInsideTag: Bool { state == .tag || state == .tagName || state == .attributeName }

    mutating func advance(over literal: some Sequence<UInt8>) {
        for byte in literal { advance(byte) }
    }

    private mutating func advance(_ byte: UInt8) {
        let isSpace = byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D
        switch state {
        case .text:
            if byte == UInt8(ascii: "<") {
                state = .tagName
                tag = []
            }
        case .tagName:
            if byte == UInt8(ascii: "!"), tag.isEmpty {
                state = .comment
            } else if isSpace {
                state = .tag
            } else if byte == UInt8(ascii: ">") {
                close()
            } else {
                tag.append(byte | 0x20)
            }
        case .tag:
            if byte == UInt8(ascii: ">") {
                close()
            } else if !isSpace, byte != UInt8(ascii: "/") {
                state = .attributeName
                attribute = [byte]
            }
        case .attributeName:
            if byte == UInt8(ascii: "=") {
                state = .beforeValue
            } else if isSpace {
                state = .tag
            } else if byte == UInt8(ascii: ">") {
                close()
            } else {
                attribute.append(byte)
            }
        case .beforeValue:
            state = byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") ? .quoted(byte) : .unquoted
        case .unquoted:
            if isSpace { state = .tag } else if byte == UInt8(ascii: ">") { close() }
        case .quoted(let quote): if byte == quote { state = .tag }
        case .rawText:
            tail.append(byte | 0x20)
            if tail.count > 10 { tail.removeFirst() }
            if tail.ends(with: [UInt8(ascii: "<") | 0x20, UInt8(ascii: "/") | 0x20] + tag + [UInt8(ascii: ">") | 0x20]) { state = .text }
        case .comment: if byte == UInt8(ascii: ">") { state = .text }
        }
    }

    private mutating func close() {
        let isRaw = tag == Array("script".utf8) || tag == Array("style".utf8)
        tail = []
        state = isRaw ? .rawText : .text
    }
}

extension [UInt8] {
    fileprivate func ends(with other: [UInt8]) -> Bool { count >= other.count && suffix(other.count).elementsEqual(other) }
}
