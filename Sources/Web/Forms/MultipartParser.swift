// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

/// Reads `multipart/form-data` (RFC 7578) as it arrives, in any cut, without holding more than a line of it.
public struct MultipartParser {
    /// What a form sent.
    public enum Event: Equatable {
        /// A part begins.
        case part(name: String, fileName: String?)
        /// Content of the part.
        case content([UInt8])
        /// The part ends.
        case partEnd
    }

    /// Why a form cannot be read.
    public struct Fault: Error, Equatable {
        /// What is wrong.
        public let reason: String
    }

    private enum State {
        case preamble
        case afterBoundary
        case headers
        case body
        case epilogue
    }

    /// Bytes of headers in one part.
    private static let headerLimit = 8192
    /// Parts in one form.
    private static let partLimit = 200

    private let delimiter: [UInt8]
    private var state = State.preamble
    private var buffer: [UInt8]
    private var parts = 0

    /// A parser for the value of `Content-Type`; nil when it is no multipart form with a boundary.
    public init?(contentType: String) {
        guard contentType.lowercased().hasPrefix("multipart/form-data"),
            let mark = contentType.range(of: "boundary=", options: .caseInsensitive)
        else { return nil }
        var boundary = String(contentType[mark.upperBound...].prefix { $0 != ";" }).trimmingCharacters(in: .whitespaces)
        if boundary.hasPrefix("\""), boundary.hasSuffix("\""), boundary.count >= 2 { boundary = String(boundary.dropFirst().dropLast()) }
        guard (1...70).contains(boundary.utf8.count), boundary.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        delimiter = Array("\r\n--\(boundary)".utf8)
        // The first boundary stands at the very start, without a line end before it.
        buffer = [0x0D, 0x0A]
    }

    /// Takes more bytes; gives what they complete to `event`.
    public mutating func feed(_ bytes: some Sequence<UInt8>, _ event: (Event) throws -> Void) throws {
        buffer += bytes
        while try step(event) {}
    }

    /// Ends the form; throws when it stopped in the middle.
    public func finish() throws {
        guard case .epilogue = state else { throw Fault(reason: "the form ends before its last boundary") }
    }

    /// Takes one step; false when more bytes are needed.
    private mutating func step(_ event: (Event) throws -> Void) throws -> Bool {
        switch state {
        case .preamble:
            guard let start = Self.find(delimiter, in: buffer) else {
                buffer.removeFirst(max(0, buffer.count - delimiter.count))
                return false
            }
            buffer.removeFirst(start + delimiter.count)
            state = .afterBoundary
        case .afterBoundary:
            guard buffer.count >= 2 else { return false }
            if buffer[0] == UInt8(ascii: "-"), buffer[1] == UInt8(ascii: "-") {
                state = .epilogue
                buffer = []
            } else if buffer[0] == 0x0D, buffer[1] == 0x0A {
                // The line end stays: with it a part without headers begins with a blank line like any other.
                state = .headers
            } else {
                throw Fault(reason: "a boundary is followed by neither a line end nor --")
            }
        case .headers:
            guard let end = Self.find([0x0D, 0x0A, 0x0D, 0x0A], in: buffer) else {
                guard buffer.count <= Self.headerLimit else { throw Fault(reason: "the headers of a part are too long") }
                return false
            }
            guard end <= Self.headerLimit else { throw Fault(reason: "the headers of a part are too long") }
            parts += 1
            guard parts <= Self.partLimit else { throw Fault(reason: "the form has too many parts") }
            try event(try Self.part(headers: Array(buffer[0..<end])))
            buffer.removeFirst(end + 4)
            state = .body
        case .body:
            if let start = Self.find(delimiter, in: buffer) {
                if start > 0 { try event(.content(Array(buffer[0..<start]))) }
                try event(.partEnd)
                buffer.removeFirst(start + delimiter.count)
                state = .afterBoundary
            } else {
                let safe = buffer.count - delimiter.count
                guard safe > 0 else { return false }
                try event(.content(Array(buffer[0..<safe])))
                buffer.removeFirst(safe)
                return false
            }
        case .epilogue:
            buffer = []
            return false
        }
        return true
    }

    private static func part(headers: [UInt8]) throws -> Event {
        for line in String(decoding: headers, as: UTF8.self).split(separator: "\r\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "content-disposition" else { continue }
            guard let name = parameter("name", in: String(parts[1])) else { break }
            return .part(name: name, fileName: parameter("filename", in: String(parts[1])))
        }
        throw Fault(reason: "a part has no name")
    }

    /// A quoted parameter as browsers write it: `%22` for a quote, `%0D%0A` for a line end, nothing else escaped.
    private static func parameter(_ name: String, in header: String) -> String? {
        guard let start = header.range(of: "; \(name)=\"") ?? header.range(of: ";\(name)=\"") else { return nil }
        guard let end = header[start.upperBound...].firstIndex(of: "\"") else { return nil }
        return String(header[start.upperBound..<end]).replacing("%22", with: "\"").replacing("%0D%0A", with: "\n")
    }

    private static func find(_ needle: [UInt8], in bytes: [UInt8]) -> Int? {
        guard bytes.count >= needle.count, let first = needle.first else { return nil }
        return bytes.withUnsafeBufferPointer { hay -> Int? in
            var index = 0
            let last = hay.count - needle.count
            while index <= last {
                if hay[index] == first {
                    var offset = 1
                    while offset < needle.count, hay[index + offset] == needle[offset] { offset += 1 }
                    if offset == needle.count { return index }
                }
                index += 1
            }
            return nil
        }
    }
}
