// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Testing

@Suite struct CSVTests {
    @Test("Quotes, commas and line ends inside fields are kept")
    func quoted() throws {
        let records = try CSVReader.records("a,\"b,\"\"c\"\"\",\"d\r\ne\"\r\n1,2,3")
        #expect(records.map(\.fields) == [["a", "b,\"c\"", "d\r\ne"], ["1", "2", "3"]])
        #expect(records.map(\.line) == [1, 3])
    }

    @Test("A quote that is not closed names its line")
    func unclosed() throws {
        let error = #expect(throws: CSVReader.Fault.self) { try CSVReader.records("a,b\nc,\"d") }
        #expect(error?.line == 2)
    }

    @Test("A field that a spreadsheet would run is disarmed; a number stays one")
    func formulas() { #expect(CSVWriter.record(["=1+1", "-5", "+62812", "@x", "ok"]) == "'=1+1,-5,+62812,'@x,ok\r\n") }

    @Test("What is written reads back, however the bytes are cut")
    func roundTrip() throws {
        var random = SystemRandomNumberGenerator()
        let alphabet: [Character] = ["a", "b", ",", "\"", "\n", " ", "ü", "\u{301}"]
        for _ in 0..<300 {
            let fields = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                String((0..<Int.random(in: 1...6, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "a" })
            }
            let bytes = Array(CSVWriter.record(fields).utf8)
            var reader = CSVReader()
            var found: [[String]] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = min(rest.count, Int.random(in: 1...4, using: &random))
                try reader.feed(rest.prefix(count)) { found.append($0.fields) }
                rest = rest.dropFirst(count)
            }
            try reader.finish { found.append($0.fields) }
            #expect(found == [fields])
        }
    }
}
