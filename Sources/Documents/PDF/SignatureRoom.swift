// SPDX-License-Identifier: EUPL-1.2

import Crypto
import Essentials
import Foundation

/// The room for a signature in a PDF file: two spans are signed, all but the signature itself (ISO 32000-1 §12.8.1).
struct SignatureRoom {
    /// Bytes of the largest signature.
    private static let capacity = 8192
    private static let span = "/ByteRange[0 0000000000 0000000000 0000000000]"

    /// The dictionary of a signature that is not there yet (PAdES baseline: ETSI EN 319 142-1).
    static func dictionary(at now: Instant) -> String {
        "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached\(span)/M \(PDFFile.date(now))/Contents <\(String(repeating: "0", count: capacity * 2))>>>"
    }

    private var file: [UInt8]
    private let room: Range<Int>

    /// The room in a file that was drawn with one; the spans are written into it.
    init?(_ drawn: [UInt8]) {
        let mark = Array("/Contents <\(String(repeating: "0", count: 64))".utf8)
        guard let spanAt = Self.find(Array(Self.span.utf8), in: drawn), let contents = Self.find(mark, in: drawn) else { return nil }
        let start = contents + Array("/Contents ".utf8).count
        let end = start + 2 + Self.capacity * 2
        var file = drawn
        let span = "/ByteRange[0 \(start.padded(10)) \(end.padded(10)) \((drawn.count - end).padded(10))]"
        file.replaceSubrange(spanAt..<spanAt + Self.span.utf8.count, with: Array(span.utf8))
        self.file = file
        room = start..<end
    }

    /// The hash of what is signed.
    var digest: [UInt8] {
        var hash = SHA256()
        hash.update(data: file[..<room.lowerBound])
        hash.update(data: file[room.upperBound...])
        return Array(hash.finalize())
    }

    /// The file with a signature in its room; nil when it is too large.
    func filled(with signature: [UInt8]) -> [UInt8]? {
        guard signature.count <= Self.capacity else { return nil }
        var signed = file
        let hex = signature.hex
        signed.replaceSubrange(room.lowerBound + 1..<room.lowerBound + 1 + hex.utf8.count, with: Array(hex.utf8))
        return signed
    }

    private static func find(_ needle: [UInt8], in bytes: [UInt8]) -> Int? {
        Data(bytes).range(of: Data(needle))?.lowerBound
    }
}
