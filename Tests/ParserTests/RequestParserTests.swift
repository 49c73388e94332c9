// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import HTTPTypes
import Hummingbird
import TestSupport
import Testing

@testable import Web

/// What a browser sends: forms, files, cookies, queries.
@Suite struct RequestParserTests {
    @Test("A form that is read back is the one that was written")
    func urlEncoded() throws {
        for input in Spoilt(["a=1&b=dua+tiga&c=%C3%A9&a=4", "=&&=&x", "nama=%00&token=abc"]) {
            guard let form = try? Form(urlEncoded: input) else { continue }
            for (name, values) in form.values { #expect(form.all(name) == values && form.has(name) && form[name].utf8.count <= 70_000) }
            let written = form.values.flatMap { name, values in values.map { "\(escaped(name))=\(escaped($0))" } }.joined(separator: "&")
            #expect(try Form(urlEncoded: Array(written.utf8)).values == form.values || form.values.keys.contains(""))
        }
    }

    private func escaped(_ text: String) -> String { text.utf8.map { "%\([$0].hex)" }.joined() }

    @Test("A form in parts reads the same however it is cut, or is refused either way")
    func multipart() throws {
        let parts =
            "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nsatu\r\n--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"b.jpg\"\r\n\r\n\u{1}\r\n--y\r\n\r\n--x--\r\n"
        var random = Seeded(5)
        for input in Spoilt([parts, "--x--", "--x\r\nContent-Disposition: form-data; name=\"\"\r\n\r\n\r\n--x--"], count: 4000) {
            let whole = read([input[...]])
            let place = Int.random(in: 0...input.count, using: &random)
            #expect(read([input[..<place], input[place...]]) == whole, "\(input.text)")
        }
        for type in Spoilt(["multipart/form-data; boundary=x", "multipart/form-data; boundary=\"a b\"; charset=utf-8"], count: 1500) {
            _ = MultipartParser(contentType: type.text)
        }
    }

    /// Names and contents; nil where it is refused.
    private func read(_ cuts: [ArraySlice<UInt8>]) -> [[UInt8]]? {
        guard var parser = MultipartParser(contentType: "multipart/form-data; boundary=x") else { return nil }
        var found: [[UInt8]] = []
        do {
            for cut in cuts {
                try parser.feed(cut) { event in
                    switch event {
                    case .part(let name, let file): found += [Array("\(name)|\(file ?? "")".utf8), []]
                    case .content(let bytes): found[found.count - 1] += bytes
                    case .partEnd: break
                    }
                }
            }
            try parser.finish()
            return found
        } catch {
            return nil
        }
    }

    @Test("Cookies and queries of any shape are read or are not there")
    func cookiesAndQueries() {
        for input in Spoilt(["pengunjung=abc; bahasa=id; kunci-LPR-26-7K3M-9QX=1y2p.x", "a=b=c;;=;a"], count: 2000) {
            var head = HTTPRequest(method: .get, scheme: "http", authority: "x", path: "/laporan?\(input.text)")
            if let value = String(validating: input, as: UTF8.self), HTTPField.isValidValue(value) { head.headerFields[.cookie] = value }
            let request = Request(head: head, body: .init(buffer: .init()))
            for name in ["a", "bahasa", "pengunjung", ""] {
                _ = request.cookie(name)
                _ = request.query(name)
            }
            if let page = try? request.page() { #expect((1...1000).contains(page.number)) }
        }
    }
}
