// SPDX-License-Identifier: EUPL-1.2

import Foundation

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

    /// How letters are written as bytes.
    public enum Encoding: String, Sendable, CaseIterable {
        /// UTF-8, with or without a mark at the start.
        case utf8 = "utf-8"
        /// What older Windows programs write; never guessed, only where it is said.
        case windows1252 = "windows-1252"
    }

    private let separator: UInt8
    private let encoding: Encoding
    /// The first bytes, until it is known whether they are the mark of an encoding; nil afterwards.
    private var start: [UInt8]? = []
    private var field: [UInt8] = []
    private var fields: [String] = []
    private var line = 1
    private var recordLine = 1
    private var length = 0
    private var state = State.start
    private var fault: Text?

    private enum State {
        case start
        case plain
        case quoted
        case quoteInQuoted
        /// The rest of a record that cannot be read.
        case skipping
    }

    /// A reader for a separator, a comma unless said otherwise.
    public init(separator: Character = ",", encoding: Encoding = .utf8) {
        self.separator = separator.asciiValue ?? UInt8(ascii: ",")
        self.encoding = encoding
    }

    /// Takes more bytes; gives each record that they complete to `body`.
    ///
    /// - Parameter refused: is given each record that cannot be read, and may go on with the next by not throwing.
    public mutating func feed(
        _ bytes: some Sequence<UInt8>,
        refused: (Fault) throws -> Void = { throw $0 },
        _ body: (Record) throws -> Void
    ) throws {
        for byte in bytes {
            guard var held = start else {
                try take(byte, refused, body)
                continue
            }
            held.append(byte)
            if Self.mark == held {
                start = nil
            } else if Self.wideMarks.contains(held) {
                throw Fault(line: 1, message: Self.wide)
            } else if Self.mark.starts(with: held) || Self.wideMarks.contains(where: { $0.starts(with: held) }) {
                start = held
            } else {
                start = nil
                for byte in held { try take(byte, refused, body) }
            }
        }
    }

    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    private static let wideMarks: [[UInt8]] = [[0xFF, 0xFE], [0xFE, 0xFF]]
    private static let wide = Text(
        id: "Berkas ini UTF-16. Simpan ulang sebagai “CSV UTF-8”.",
        en: "This file is UTF-16. Save it again as “CSV UTF-8”."
    )

    private mutating func take(_ byte: UInt8, _ refused: (Fault) throws -> Void, _ body: (Record) throws -> Void) throws {
        length += 1
        if length > Self.recordLimit, state != .skipping {
            refuse(
                Text(
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
                try endRecord(refused, body)
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
                try endRecord(refused, body)
            } else if byte != UInt8(ascii: "\r") {
                refuse(Text(id: "Ada huruf setelah tanda kutip penutup", en: "Text after a closing quote"))
            }
        case .skipping: if byte == UInt8(ascii: "\n") { try endRecord(refused, body) }
        }
    }

    /// Gives up the record that is being read; the next line begins a new one.
    private mutating func refuse(_ message: Text) {
        fault = fault ?? message
        field = []
        state = .skipping
    }

    /// Ends the document; gives a last record without a line end to `body`.
    public mutating func finish(refused: (Fault) throws -> Void = { throw $0 }, _ body: (Record) throws -> Void) throws {
        for byte in start ?? [] { try take(byte, refused, body) }
        start = nil
        if state == .quoted { refuse(Text(id: "Tanda kutip tidak ditutup", en: "A quote is not closed")) }
        if state != .start || !field.isEmpty || !fields.isEmpty { try endRecord(refused, body) }
    }

    private mutating func endField() {
        if let text = decoded(field) {
            fields.append(text)
        } else {
            let number = fields.count + 1
            fault =
                fault
                ?? Text(
                    id: "Huruf pada kolom ke-\(number) bukan UTF-8. Simpan ulang berkasnya sebagai “CSV UTF-8”.",
                    en: "Column \(number) is not UTF-8. Save the file again as “CSV UTF-8”."
                )
            fields.append("")
        }
        field = []
        state = .start
    }

    /// Text that is surely what was written, or nothing: a letter that was guessed cannot be found and put right later.
    private func decoded(_ bytes: [UInt8]) -> String? {
        switch encoding {
        case .utf8: String(validating: bytes, as: UTF8.self)
        case .windows1252: String(bytes: bytes, encoding: .windowsCP1252)
        }
    }

    private mutating func endRecord(_ refused: (Fault) throws -> Void, _ body: (Record) throws -> Void) throws {
        if state != .skipping { endField() }
        let record = (line: recordLine, fields: fields)
        let message = fault
        fields = []
        fault = nil
        state = .start
        line += 1
        recordLine = line
        length = 0
        if let message { return try refused(Fault(line: record.line, message: message)) }
        // A line with nothing on it is no record.
        if record.fields != [""] { try body(record) }
    }

    /// Every record of a document held in memory.
    public static func records(_ text: String, separator: Character = ",") throws -> [Record] {
        try records(Array(text.utf8), separator: separator)
    }

    /// Every record of a document held in memory, as it came.
    public static func records(_ bytes: [UInt8], separator: Character = ",") throws -> [Record] {
        var reader = CSVReader(separator: separator)
        var records: [Record] = []
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
