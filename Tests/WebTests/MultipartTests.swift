// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Testing
import Web

@Suite struct MultipartTests {
    static let body = Array(
        "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nsatu\r\n--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"b.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n\u{1}\r\n--y\r\n\r\n--x--\r\n"
            .utf8
    )

    func read(_ cuts: [ArraySlice<UInt8>]) throws -> [String: [UInt8]] {
        var parser = try #require(MultipartParser(contentType: "multipart/form-data; boundary=x"))
        var parts: [String: [UInt8]] = [:]
        var name = ""
        for cut in cuts {
            try parser.feed(cut) { event in
                switch event {
                case .part(let found, _): name = found
                case .content(let bytes): parts[name, default: []] += bytes
                case .partEnd: parts[name, default: []] += []
                }
            }
        }
        try parser.finish()
        return parts
    }

    @Test("A form reads the same however the network cuts it")
    func cuts() throws {
        let whole = try read([Self.body[...]])
        #expect(whole["a"] == Array("satu".utf8))
        #expect(whole["f"] == Array("\u{1}\r\n--y\r\n".utf8))
        for cut in 1..<Self.body.count { #expect(try read([Self.body[..<cut], Self.body[cut...]]) == whole) }
        #expect(try read(Self.body.indices.map { Self.body[$0...$0] }) == whole)
    }

    @Test("A form that stops in the middle is refused")
    func truncated() {
        for count in 0..<(Self.body.count - 4) { #expect(throws: MultipartParser.Fault.self) { try read([Self.body[..<count]]) } }
    }

    @Test("Headers without end are refused")
    func longHeaders() {
        #expect(throws: MultipartParser.Fault.self) { try read([(Array("--x\r\nA: ".utf8) + [UInt8](repeating: 65, count: 20_000))[...]]) }
    }

    @Test("Random bytes never trap")
    func fuzz() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            var bytes = Self.body
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            }
            _ = try? read([bytes[...]])
        }
    }

    @Test(
        "A boundary that is none is refused",
        arguments: [
            "multipart/form-data", "multipart/form-data; boundary=", "text/plain; boundary=x", "multipart/form-data; boundary=\u{e9}",
        ]
    )
    func boundaries(type: String) { #expect(MultipartParser(contentType: type) == nil) }

    @Test("URL-encoded fields: plus is a space, a repeated name keeps every value")
    func urlEncoded() throws {
        let form = try Form(urlEncoded: Array("a=1+2%26&b=x&b=y&c".utf8))
        #expect(form["a"] == "1 2&")
        #expect(form.all("b") == ["x", "y"])
        #expect(form.has("c"))
    }

    @Test("A broken escape or text that is not UTF-8 is refused", arguments: ["a=%", "a=%zz", "a=%FF", "%C3=1"])
    func badEscapes(text: String) { #expect(throws: Problem.self) { try Form(urlEncoded: Array(text.utf8)) } }

    @Test("XML escapes what it must and drops what it cannot hold")
    func xml() { #expect(XML.escape("<a&\"'\u{0}b>") == "&lt;a&amp;&quot;&#39;\u{FFFD}b&gt;") }

    @Test("gzip shrinks and begins as gzip does")
    func gzip() throws {
        let bytes = try #require(GZip.compress([UInt8](repeating: 65, count: 10_000)))
        #expect(bytes.starts(with: [0x1F, 0x8B]) && bytes.count < 100)
    }
}
