// SPDX-License-Identifier: EUPL-1.2

import Foundation

/// Text as people mean it: what cannot be seen, or changes the order in which the rest is read, is no part of a name or a
/// story, and comes along when text is pasted from other programs.
extension String {
    /// The text without control characters, marks of direction, fillers and what is no character, in one form of Unicode (NFC)
    /// and without space at its ends.
    ///
    /// - Parameter isOneLine: ends of lines and tabs become spaces, and spaces that follow each other one.
    public func plain(isOneLine: Bool) -> String {
        // Most text is ASCII that has nothing of it.
        if isPlain(isOneLine: isOneLine) { return self }
        var kept = UnicodeScalarView()
        for scalar in precomposedStringWithCanonicalMapping.replacing("\r\n", with: "\n").unicodeScalars {
            switch scalar {
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": kept.append(isOneLine ? " " : "\n")
            case "\t": kept.append(" ")
            case _ where scalar.isUnseen: continue
            default: kept.append(scalar)
            }
        }
        let text = String(kept).trimmingCharacters(in: .whitespacesAndNewlines)
        return isOneLine ? text.replacing(/[ ]{2,}/, with: " ") : text
    }
}

extension String {
    /// Whether it is ASCII with nothing in it that ``plain(isOneLine:)`` would change.
    private func isPlain(isOneLine: Bool) -> Bool {
        let (space, newline) = (UInt8(ascii: " "), UInt8(ascii: "\n"))
        var before = space
        for byte in utf8 {
            guard byte < 0x7F, byte >= space || byte == newline && !isOneLine else { return false }
            if isOneLine, byte == space, before == space { return false }
            before = byte
        }
        guard let first = utf8.first, let last = utf8.last else { return true }
        return ![space, newline].contains(first) && ![space, newline].contains(last)
    }
}

extension Unicode.Scalar {
    /// Whether nobody sees it: control characters, marks of direction, fillers without width, private characters and code
    /// points that are none. What joins letters, and what chooses how a sign looks, is seen in them.
    public var isUnseen: Bool {
        switch value {
        case 0x200C, 0x200D: return false
        // What stands for something that was lost, or marks it.
        case 0xFFF9...0xFFFD: return true
        default: break
        }
        let properties = properties
        if properties.isNoncharacterCodePoint { return true }
        if properties.isDefaultIgnorableCodePoint { return !properties.isVariationSelector }
        return switch properties.generalCategory {
        case .control, .surrogate, .privateUse: true
        default: false
        }
    }
}
