// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import TestSupport
import Testing

@testable import BankNotices
@testable import Open311

#if canImport(FoundationXML)
import FoundationXML
#endif

/// JSON, CSV, XML and a bank's notices.
@Suite struct DocumentParserTests {
    static let documents = [
        #"{"a":1,"b":[true,false,null,-0.5,1e10,"x\u00e9\ud83d\ude00\n"],"c":{"d":{"e":""}},"z":9007199254740993}"#, "[[[[]]],{}]",
        "-12.5e-3",
        #""\\\"\/\b\f\n\r\t""#, #"{"virtualAccountNo":"  12345261100000001","paidAmount":{"value":"162000.00","currency":"IDR"}}"#,
    ]

    @Test("JSON that is read is written so that it reads the same")
    func json() throws {
        for input in Spoilt(Self.documents, count: 6000) {
            guard let value = try? JSON(parsing: input) else { continue }
            #expect(try JSON(parsing: value.canonical).canonical == value.canonical, "\(input.text)")
            // What looks without reading says the same as what reads, or nothing.
            if let found = JSON.member("a", ofPlainCanonical: input) { #expect(value["a"]?.string == found && value.canonical == input) }
        }
    }

    @Test("Every number that JSON may hold is written as it was")
    func numbers() throws {
        var random = Seeded(7)
        for _ in 0..<3000 {
            let number = Double(bitPattern: random.next())
            guard number.isFinite else { continue }
            #expect(try JSON(parsing: JSON.number(number).canonical).double == number)
        }
    }

    @Test("JSON is refused before it is too deep")
    func depth() {
        for open in ["[", #"{"a":"#] { #expect(throws: JSONFault.self) { try JSON(parsing: String(repeating: open, count: 100_000).utf8) } }
    }

    @Test("Rows of CSV read as they were written, however the bytes come")
    func csv() throws {
        var random = Seeded(3)
        let signs = ["a", "\"", ",", "\n", "\r\n", " ", "é", "e\u{301}", "\u{1F3F4}", "1", ";", ""]
        for _ in 0..<1500 {
            let row = (0..<Int.random(in: 2...5, using: &random)).map { _ in
                (0..<Int.random(in: 0...6, using: &random)).map { _ in signs.randomElement(using: &random) ?? "" }.joined()
            }
            // What a spreadsheet would run has an apostrophe before it.
            let kept = row.map { $0.utf8.first == 0x0D ? "'\($0)" : $0 }
            #expect(try CSVReader.records(CSVWriter.record(row)).map(\.fields) == [kept])
        }
        for input in Spoilt(["a,b\r\n1,\"x\"\"y\n\"\r\n", "tanggal;kredit\n2026-11-02;1.000\n"]) {
            let whole = try? CSVReader.records(input.text).map(\.fields)
            var reader = CSVReader()
            var rows: [[String]] = []
            let bytes = Array(input.text.utf8)
            var isRead = true
            do {
                for byte in bytes { try reader.feed(CollectionOfOne(byte)) { rows.append($0.fields) } }
                try reader.finish { rows.append($0.fields) }
            } catch {
                isRead = false
            }
            if !input.text.hasPrefix("\u{FEFF}") { #expect(isRead == (whole != nil) && (!isRead || rows == whole)) }
        }
    }

    @Test("What Open311 writes as XML, an XML parser reads back")
    func xml() throws {
        for input in Spoilt(["Lubang <besar> & \"dalam\"", "e\u{301}\u{FFFE}\u{1}"], count: 800) {
            let text = input.text
            let tree = Tree.list(
                "requests",
                [.object("request", [("text", .text(text)), ("codes", .list("codes", [.leaf("code", text)]))])]
            )
            let document = try XMLDocument(
                data: Data("<?xml version=\"1.0\" encoding=\"utf-8\"?>\(tree.xml)".utf8),
                options: .nodePreserveWhitespace
            )
            let found = try document.nodes(forXPath: "/requests/request/text").first?.stringValue ?? ""
            // A parser makes every line end one (XML 1.0 §2.11); what XML cannot hold was replaced.
            let plain = String(String.UnicodeScalarView(text.unicodeScalars.map { isHeld($0) ? $0 : "\u{FFFD}" }))
            #expect(Array(lines(found).utf8) == Array(lines(plain).utf8), "\(Array(text.utf8))")
        }
    }

    private func lines(_ text: String) -> String {
        String(decoding: Array(text.utf8.map { $0 == 0x0D ? 0x0A : $0 }.split(separator: 0x0A).joined(separator: [0x0A])), as: UTF8.self)
    }

    private func isHeld(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF || ["\t", "\n", "\r"].contains(scalar)
    }

    @Test("A bank's notice is read or refused, and its white space does not matter")
    func notices() throws {
        let notices = [
            #"{"originalReferenceNo":"1","originalPartnerReferenceNo":"261100000001","latestTransactionStatus":"00","amount":{"value":"162000.00","currency":"IDR"}}"#,
            #"{ "virtualAccountNo" : "  12345261100000001", "paymentRequestId" : "1", "paidAmount": { "value":"1.00", "currency":"IDR" } }"#,
        ]
        for input in Spoilt(notices) {
            let small = Partner.minified(input)
            #expect(Partner.minified(small) == small)
            guard let json = try? JSON(parsing: input) else { continue }
            #expect(try JSON(parsing: small) == json)
            for notice in [BankNotices.qrNotice(json), BankNotices.transferNotice(json)] {
                if let notice { #expect((0...9_999_999_999_999).contains(notice.amount)) }
            }
        }
    }
}
