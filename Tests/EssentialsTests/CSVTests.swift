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

    @Test("What is not UTF-8 is refused with its line, never guessed", arguments: [[0x43, 0x61, 0x66, 0xE9], [0x80], [0xC3]] as [[UInt8]])
    func otherEncoding(bytes: [UInt8]) {
        let error = #expect(throws: CSVReader.Fault.self) { try CSVReader.records(Array("a\nb,".utf8) + bytes + [0x0A]) }
        #expect(error?.line == 2)
    }

    @Test("Where a file is said to be of an older Windows, it is read as one")
    func windows() throws {
        var reader = CSVReader(encoding: .windows1252)
        var found: [[String]] = []
        try reader.feed(Array("Caf".utf8) + [0xE9] + Array(" D".utf8) + [0x92] + Array("Raja\n".utf8)) { found.append($0.fields) }
        #expect(found == [["Café D’Raja"]])
    }

    @Test("UTF-16 is refused at its first bytes", arguments: [[0xFF, 0xFE, 0x61, 0x00], [0xFE, 0xFF, 0x00, 0x61]] as [[UInt8]])
    func wide(bytes: [UInt8]) { #expect(throws: CSVReader.Fault.self) { try CSVReader.records(bytes) } }

    @Test("The mark at the start belongs to no column, also before a quote and cut anywhere")
    func mark() throws {
        let bytes: [UInt8] = [0xEF, 0xBB, 0xBF] + Array("\"a\",b\n".utf8)
        for cut in 0...bytes.count {
            var reader = CSVReader()
            var found: [[String]] = []
            try reader.feed(bytes[..<cut]) { found.append($0.fields) }
            try reader.feed(bytes[cut...]) { found.append($0.fields) }
            try reader.finish { found.append($0.fields) }
            #expect(found == [["a", "b"]])
        }
    }

    @Test("A record that cannot be read does not take the next with it")
    func alone() throws {
        var reader = CSVReader()
        var found: [[String]] = []
        var refused: [Int] = []
        let bytes = Array("1,a\n2,\"b\"x,c\n3,".utf8) + [0xE9] + Array("\n4,d\n5,\"open".utf8)
        func refuse(_ fault: CSVReader.Fault) { refused.append(fault.line) }
        try reader.feed(bytes, refused: refuse) { found.append($0.fields) }
        try reader.finish(refused: refuse) { found.append($0.fields) }
        #expect(found == [["1", "a"], ["4", "d"]])
        #expect(refused == [2, 3, 5])
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
