// SPDX-License-Identifier: EUPL-1.2

/// Comma-separated values (RFC 4180), read row by row so that memory stays flat.
public struct CSVReader {
    /// What cannot be read, and where.
    public struct Fault: Error, Sendable, Equatable {
        /// The line on which the record begins, from 1.
        public let line: Int
        /// What is wrong.
        public let message: Text
    }

    /// One record and the line on which it begins, from 1.
    public typealias Record = (line: Int, fields: [String])

    /// The longest record that is taken, in bytes.
    public static let recordLimit = 1 << 20

    private let separator: UInt8
    private var field: [UInt8] = []
    private var fields: [String] = []
    private var line = 1
    private var recordLine = 1
    private var length = 0
    private var state = State.start

    private enum State {
        case start
        case plain
        case quoted
        case quoteInQuoted
    }

    /// A reader for a separator, a comma unless said otherwise.
    public init(separator: Character = ",") {
        self.separator = separator.asciiValue ?? UInt8(ascii: ",")
    }

    /// Takes more bytes; gives each record that they complete to `body`.
    public mutating func feed(_ bytes: some Sequence<UInt8>, _ body: (Record) throws -> Void) throws {
        for byte in bytes {
            length += 1
            guard length <= Self.recordLimit else {
                throw Fault(
                    line: recordLine,
                    message: Text(
                        id: "Baris lebih panjang dari 1 MB; mungkin tanda kutip tidak ditutup",
                        en: "Record longer than 1 MB; a quote may not be closed"
                    )
                )
            }
            switch state {
            case .start where byte == UInt8(ascii: "\""): state = .quoted
            case .start, .plain:
                if byte == separator {
                    endField()
                } else if byte == UInt8(ascii: "\n") {
                    try endRecord(body)
                } else if byte != UInt8(ascii: "\r") {
                    field.append(byte)
                    state = .plain
                }
            case .quoted:
                if byte == UInt8(ascii: "\"") { state = .quoteInQuoted } else { field.append(byte) }
                if byte == UInt8(ascii: "\n") { line += 1 }
            case .quoteInQuoted:
                if byte == UInt8(ascii: "\"") {
                    field.append(byte)
                    state = .quoted
                } else if byte == separator {
                    endField()
                } else if byte == UInt8(ascii: "\n") {
                    try endRecord(body)
                } else if byte != UInt8(ascii: "\r") {
                    throw Fault(
                        line: recordLine,
                        message: Text(id: "Ada huruf setelah tanda kutip penutup", en: "Text after a closing quote")
                    )
                }
            }
        }
    }

    /// Ends the document; gives a last record without a line end to `body`.
    public mutating func finish(_ body: (Record) throws -> Void) throws {
        if state == .quoted {
            throw Fault(line: recordLine, message: Text(id: "Tanda kutip tidak ditutup", en: "A quote is not closed"))
        }
        if state != .start || !field.isEmpty || !fields.isEmpty { try endRecord(body) }
    }

    private mutating func endField() {
        fields.append(String(decoding: field, as: UTF8.self))
        field = []
        state = .start
    }

    private mutating func endRecord(_ body: (Record) throws -> Void) throws {
        endField()
        let record = (line: recordLine, fields: fields)
        fields = []
        line += 1
        recordLine = line
        length = 0
        // A line with nothing on it is no record.
        if record.fields != [""] { try body(record) }
    }

    /// Every record of a document held in memory.
    public static func records(_ text: String, separator: Character = ",") throws -> [Record] {
        var reader = CSVReader(separator: separator)
        var records: [Record] = []
        let bytes = text.hasPrefix("\u{FEFF}") ? Array(text.utf8.dropFirst(3)) : Array(text.utf8)
        try reader.feed(bytes) { records.append($0) }
        try reader.finish { records.append($0) }
        return records
    }
}

/// Writes comma-separated values.
public enum CSVWriter {
    /// One record with its line end. A field that a spreadsheet would run as a formula gets an apostrophe in front.
    ///
    /// Works on bytes: to Swift a quote before a combining mark is another character, and would not be doubled.
    public static func record(_ fields: [String]) -> String {
        var record: [UInt8] = []
        for (index, field) in fields.enumerated() {
            if index > 0 { record.append(UInt8(ascii: ",")) }
            var bytes = Array(field.utf8)
            if let first = bytes.first, "=+-@\t\r".utf8.contains(first), Double(field) == nil { bytes.insert(UInt8(ascii: "'"), at: 0) }
            guard bytes.contains(where: { ",\"\n\r".utf8.contains($0) }) else {
                record += bytes
                continue
            }
            record.append(UInt8(ascii: "\""))
            for byte in bytes { record += byte == UInt8(ascii: "\"") ? [byte, byte] : [byte] }
            record.append(UInt8(ascii: "\""))
        }
        return String(decoding: record + [0x0D, 0x0A], as: UTF8.self)
    }
}
