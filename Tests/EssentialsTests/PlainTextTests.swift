// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Testing

/// What people type, without what nobody sees.
@Suite struct PlainTextTests {
    @Test(
        "A line keeps its letters and loses what is not seen",
        arguments: [
            ("Butet", "Butet"), ("  Butet  Siregar ", "Butet Siregar"), ("Butet\r\nSiregar", "Butet Siregar"), ("a\u{0}b\u{7F}", "ab"),
            ("a\u{202E}b\u{2066}c\u{200F}", "abc"), ("a\u{200B}b\u{FEFF}\u{AD}", "ab"), ("a\u{FFFE}\u{FFFF}\u{1FFFE}", "a"),
            ("a\u{FFFD}\u{FFF9}", "a"), ("a\u{E000}", "a"), ("a\u{E0061}", "a"), ("a\u{2028}b\u{85}c\td", "a b c d"), ("\u{3164}", ""),
            ("e\u{301}", "é"), ("👩\u{200D}🌾 ❤\u{FE0F}", "👩\u{200D}🌾 ❤\u{FE0F}"), ("李明 محمد", "李明 محمد"), ("", ""),
        ]
    )
    func line(text: String, plain: String) {
        #expect(Array(text.plain(isOneLine: true).unicodeScalars) == Array(plain.unicodeScalars))
        #expect(plain.plain(isOneLine: true) == plain, "and again changes nothing")
    }

    @Test("A story keeps its lines")
    func story() {
        #expect("satu\r\n\r\ndua\u{2029}tiga\u{0}  empat\n".plain(isOneLine: false) == "satu\n\ndua\ntiga  empat")
    }
}
