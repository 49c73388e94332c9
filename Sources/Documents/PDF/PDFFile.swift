// SPDX-License-Identifier: EUPL-1.2

import CZlib
import Essentials
import Foundation

/// The objects of a PDF file, in the order of their numbers, and how they become bytes.
///
/// No library on the machines that Balai runs on writes a tagged PDF (cairo 1.16 and libharu do not, and a browser weighs
/// 300 MB), and a document that a blind resident cannot have read aloud is no document: so the few parts of ISO 32000 that an
/// official letter needs are written here.
struct PDFFile {
    private var objects: [[UInt8]?] = []

    /// A number for an object that is given later.
    mutating func reserve() -> Int {
        objects.append(nil)
        return objects.count
    }

    /// Gives an object.
    mutating func set(_ number: Int, _ text: String) { objects[number - 1] = Array(text.utf8) }

    /// Adds an object.
    mutating func add(_ text: String) -> Int {
        objects.append(Array(text.utf8))
        return objects.count
    }

    /// Adds a stream, compressed unless a reader has to find it in the plain.
    mutating func add(stream bytes: [UInt8], _ entries: String = "", isCompressed: Bool = true) -> Int {
        let content = isCompressed ? Self.deflated(bytes) : bytes
        let filter = isCompressed ? "/Filter/FlateDecode" : ""
        let head = "<<\(entries)\(filter)/Length \(content.count)>>\nstream\n"
        objects.append(Array(head.utf8) + content + Array("\nendstream".utf8))
        return objects.count
    }

    /// The file: header, objects, table of their places, trailer.
    func bytes(root: Int, info: Int, identifier: [UInt8]) -> [UInt8] {
        var file = Array("%PDF-1.7\n%".utf8) + [0xE2, 0xE3, 0xCF, 0xD3, 0x0A]
        var places: [Int] = []
        for (index, object) in objects.enumerated() {
            places.append(file.count)
            file += Array("\(index + 1) 0 obj\n".utf8) + (object ?? Array("null".utf8)) + Array("\nendobj\n".utf8)
        }
        let start = file.count
        var table = "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        for place in places { table += "\(place.padded(10)) 00000 n \n" }
        let name = identifier.hex
        table +=
            "trailer\n<</Size \(objects.count + 1)/Root \(root) 0 R/Info \(info) 0 R/ID[<\(name)><\(name)>]>>\nstartxref\n\(start)\n%%EOF\n"
        return file + Array(table.utf8)
    }

    /// Text as PDF writes it outside pages: UTF-16 with a mark, in hexadecimal.
    static func text(_ text: String) -> String {
        let units = [0xFEFF] + Array(text.utf16)
        return "<\(units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }.hex)>"
    }

    /// A time as PDF writes it.
    static func date(_ instant: Instant) -> String {
        let digits = instant.rfc3339().filter { !"-:TZ".contains($0) }.prefix(14)
        return "(D:\(digits)Z)"
    }

    private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
        var length = compressBound(uLong(bytes.count))
        var output = [UInt8](repeating: 0, count: Int(length))
        guard compress2(&output, &length, bytes, uLong(bytes.count), 9) == Z_OK else { return bytes }
        return Array(output.prefix(Int(length)))
    }
}
