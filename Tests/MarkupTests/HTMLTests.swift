// SPDX-License-Identifier: EUPL-1.2

import Markup
import Testing

@Suite struct HTMLTests {
    func text(_ html: HTML) -> String { String(decoding: html.bytes, as: UTF8.self) }

    @Test(
        "Markup in a value is escaped, also behind marks that join with it",
        arguments: ["<script>", "\u{600}<img src=x>", "\"\u{301} onfocus=x", "a&b", "'"]
    )
    func escaped(value: String) {
        let html = text("<p title=\"\(value)\">\(value)</p>")
        #expect(!html.dropFirst(10).dropLast(4).contains("<s"))
        #expect(html.utf8.filter { $0 == UInt8(ascii: "<") }.count == 2)
        #expect(html.utf8.filter { $0 == UInt8(ascii: "\"") }.count == 2)
    }

    @Test("A link is encoded, and one that could run something does not come about")
    func links() {
        #expect(
            text("<a href=\"\(Link("berkas", "a/b", query: [("q", "x y&z")]))\">a</a>") == "<a href=\"/berkas/a%2Fb?q=x%20y%26z\">a</a>"
        )
        #expect(Link.outside("javascript:alert(1)") == nil)
        #expect(Link.outside("https://x\n") == nil)
        for path in ["//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nX: y", ""] {
            #expect(Link.path(path).address == "/")
        }
    }

    @Test("A literal is markup wherever it stands, and a word of an attribute too", arguments: [true, false])
    func literals(isOn: Bool) {
        let html: HTML = "<p class=\"\(isOn ? "on" : "off")\">\(isOn ? "<b>x</b>" : "")</p>"
        #expect(text(html) == (isOn ? "<p class=\"on\"><b>x</b></p>" : "<p class=\"off\"></p>"))
    }

    @Test("A value in an unquoted attribute stops a debug build")
    func unquoted() async {
        await #expect(processExitsWith: .failure) {
            let value = "x"
            let html: HTML = "<p title=\(value)>x</p>"
            print(html.bytes)
        }
    }

    @Test("Text where an address belongs stops a debug build")
    func textAsAddress() async {
        await #expect(processExitsWith: .failure) {
            let value = "javascript:x"
            let html: HTML = "<a href=\"\(value)\">x</a>"
            print(html.bytes)
        }
    }

    @Test("A value inside a script stops a debug build")
    func script() async {
        await #expect(processExitsWith: .failure) {
            let value = "x"
            let html: HTML = "<script>\(value)</script>"
            print(html.bytes)
        }
    }

    @Test("Markup that is taken for text stops a debug build")
    func markupAsText() async {
        await #expect(processExitsWith: .failure) {
            let html: HTML = "<b>x</b>"
            print("\(html)".count)
        }
    }

    @Test("Paragraphs keep their lines and nothing else")
    func paragraphs() { #expect(text(HTML(paragraphs: "a\nb\n\n<c>")) == "<p>a<br>b</p>\n<p>&lt;c&gt;</p>\n") }
}
