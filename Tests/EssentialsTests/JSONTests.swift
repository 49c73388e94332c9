// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Testing

@Suite struct JSONTests {
    @Test("The canonical form is that of RFC 8785")
    func canonical() throws {
        let value = try JSON(
            parsing:
                #"{"peach":"This sorting order","péché":"is wrong","pêche":"a","sin":"b","1":{"f":{"f":"hi","F":5},"\n":56.0},"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"literals":[null,true,false]}"#
                .utf8
        )
        #expect(
            String(decoding: value.canonical, as: UTF8.self)
                == #"{"1":{"\n":56,"f":{"F":5,"f":"hi"}},"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"peach":"This sorting order","péché":"is wrong","pêche":"a","sin":"b"}"#
        )
    }

    @Test(
        "What is not JSON is refused",
        arguments: [
            "", "{", "[1,]", "{\"a\":1,\"a\":2}", "01", "1.", "+1", "nul", "\"\u{1}\"", "\"\\ud800\"", "[1] x", "1e999", "{'a':1}",
            "\"\\u+123\"",
        ]
    )
    func refused(text: String) { #expect(throws: JSONFault.self) { try JSON(parsing: text.utf8) } }

    @Test("Bytes that are not UTF-8 are refused")
    func invalidText() { #expect(throws: JSONFault.self) { try JSON(parsing: [0x22, 0xFF, 0x22]) } }

    @Test("Depth is bounded")
    func depth() { #expect(throws: JSONFault.self) { try JSON(parsing: String(repeating: "[", count: 100_000).utf8) } }

    @Test("Whatever is written reads back as it was, and random bytes never trap")
    func properties() throws {
        var random = SystemRandomNumberGenerator()
        func value(_ depth: Int) -> JSON {
            switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &random) {
            case 0: .null
            case 1: .bool(.random(using: &random))
            case 2: .integer(.random(in: .min ... .max, using: &random))
            case 3: .number(Double.random(in: -1e6..<1e6, using: &random) + 0.5)
            case 4:
                .string(
                    String(
                        String.UnicodeScalarView(
                            (0..<Int.random(in: 0..<8, using: &random)).compactMap { _ in
                                Unicode.Scalar(UInt32.random(in: 1..<0x11000, using: &random))
                            }
                        )
                    )
                )
            case 5: .array((0..<Int.random(in: 0..<4, using: &random)).map { _ in value(depth - 1) })
            default:
                .object(
                    Dictionary((0..<Int.random(in: 0..<4, using: &random)).map { ("k\($0)", value(depth - 1)) }, uniquingKeysWith: { $1 })
                )
            }
        }
        for _ in 0..<500 {
            let bytes = value(4).canonical
            #expect(try JSON(parsing: bytes).canonical == bytes)
            var broken = bytes
            if !broken.isEmpty {
                broken[Int.random(in: 0..<broken.count, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            }
            _ = try? JSON(parsing: broken)
        }
    }

    @Test("What the quick look takes for canonical is canonical, whatever one byte is turned into")
    func quickLook() throws {
        let leaf: JSON = [
            "actor": ["role": "officer"], "at": 1_767_232_800_000, "facts": ["a": [true, .null, -12, [:], []], "due": ["next": 0]],
            "kind": "complaint.filed", "stream": "complaint/x", "version": 1,
        ]
        let bytes = leaf.canonical
        #expect(JSON.member("kind", ofPlainCanonical: bytes) == "complaint.filed")
        for place in bytes.indices {
            for byte in UInt8.min...UInt8.max {
                var broken = bytes
                broken[place] = byte
                guard let kind = JSON.member("kind", ofPlainCanonical: broken) else { continue }
                let parsed = try JSON(parsing: broken)
                #expect(parsed.canonical == broken && parsed["kind"]?.string == kind)
            }
        }
        for text in [
            #"{"kind":"a","kind":"b"}"#, #"{"kind":"a","b":1}"#, #"{"kind": "a"}"#, #"{"a":01,"kind":"a"}"#, #"{"a":-0,"kind":"a"}"#,
            #"{"kind":"a"}x"#, #"{"kind":"a"#,
        ] {
            #expect(JSON.member("kind", ofPlainCanonical: Array(text.utf8)) == nil, "\(text)")
        }
    }
}
