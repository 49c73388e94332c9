// SPDX-License-Identifier: EUPL-1.2

import CGD
import Essentials
import Foundation

/// A photo made safe to keep and show: decoded and encoded again, so that EXIF, GPS and anything hidden are gone.
public struct Photo: Sendable {
    /// JPEG, at most 1,600 pixels on its longer side.
    public let full: [UInt8]
    /// JPEG, at most 320 pixels on its longer side.
    public let thumbnail: [UInt8]

    /// The largest upload that is taken, in bytes.
    public static let uploadLimit = 12 << 20
    /// The largest picture that is decoded, in pixels: memory is four bytes each.
    private static let pixelLimit = 50_000_000

    /// Makes a photo from an upload: JPEG, PNG or WebP, known by its content and not its name.
    ///
    /// - Throws: ``Problem`` for anything else, for one too large, and for one that cannot be decoded.
    public init(upload: [UInt8]) throws {
        guard let size = PictureSize(of: upload) else {
            throw Problem(
                "photo.type",
                .unacceptable,
                Text(id: "Foto harus JPEG, PNG, atau WebP", en: "A photo must be JPEG, PNG or WebP"),
                fields: [
                    Problem.Field("photo", Text(id: "Pilih foto JPEG, PNG, atau WebP", en: "Choose a JPEG, PNG or WebP photo"))
                ]
            )
        }
        guard size.width > 0, size.height > 0, size.width * size.height <= Self.pixelLimit else { throw Self.undecodable }
        var bytes = upload
        let count = Int32(bytes.count)
        let decoded: gdImagePtr? = bytes.withUnsafeMutableBytes { buffer in
            switch size.format {
            case .jpeg: gdImageCreateFromJpegPtr(count, buffer.baseAddress)
            case .png: gdImageCreateFromPngPtr(count, buffer.baseAddress)
            case .webp: gdImageCreateFromWebpPtr(count, buffer.baseAddress)
            }
        }
        guard let picture = decoded else { throw Self.undecodable }
        defer { gdImageDestroy(picture) }
        full = try Self.jpeg(picture, longest: 1600, quality: 78, turns: size.quarterTurns)
        thumbnail = try Self.jpeg(picture, longest: 320, quality: 72, turns: size.quarterTurns)
    }

    private static let undecodable = Problem(
        "photo.unreadable",
        .unacceptable,
        Text(id: "Foto tidak bisa dibaca", en: "The photo cannot be read"),
        fields: [
            Problem.Field("photo", Text(id: "Ambil foto lain, paling besar 50 megapiksel", en: "Take another photo, at most 50 megapixels"))
        ]
    )

    private static func jpeg(_ picture: gdImagePtr, longest: Int32, quality: Int32, turns: Int) throws -> [UInt8] {
        let width = picture.pointee.sx
        let height = picture.pointee.sy
        let scale = min(1, Double(longest) / Double(max(width, height)))
        let newWidth = max(1, Int32(Double(width) * scale))
        let newHeight = max(1, Int32(Double(height) * scale))
        guard var canvas = gdImageCreateTrueColor(newWidth, newHeight) else { throw undecodable }
        // Transparent parts become white, not black.
        gdImageFilledRectangle(canvas, 0, 0, newWidth - 1, newHeight - 1, 0xFFFFFF)
        gdImageCopyResampled(canvas, picture, 0, 0, 0, 0, newWidth, newHeight, width, height)
        if turns != 0, let turned = gdImageRotateInterpolated(canvas, Float(360 - 90 * turns), 0xFFFFFF) {
            gdImageDestroy(canvas)
            canvas = turned
        }
        defer { gdImageDestroy(canvas) }
        gdImageInterlace(canvas, 1)
        var length: Int32 = 0
        guard let encoded = gdImageJpegPtr(canvas, &length, quality) else { throw undecodable }
        defer { gdFree(encoded) }
        return Array(UnsafeRawBufferPointer(start: encoded, count: Int(length)))
    }
}

/// What a picture's own header says, read before anything is decoded, so that a small file cannot claim a huge canvas.
struct PictureSize {
    enum Format {
        case jpeg
        case png
        case webp
    }

    let format: Format
    let width: Int
    let height: Int
    /// Quarter turns clockwise that the camera asks for.
    var quarterTurns = 0

    init?(of bytes: [UInt8]) {
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            guard let (width, height, turns) = Self.jpeg(bytes) else { return nil }
            (format, self.width, self.height, quarterTurns) = (.jpeg, width, height, turns)
        } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]), bytes.count >= 24 {
            func number(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
            (format, width, height) = (.png, number(16), number(20))
        } else if bytes.count >= 30, bytes.starts(with: Array("RIFF".utf8)), Array(bytes[8..<12]) == Array("WEBP".utf8) {
            guard let (width, height) = Self.webp(bytes) else { return nil }
            (format, self.width, self.height) = (.webp, width, height)
        } else {
            return nil
        }
    }

    private static func jpeg(_ bytes: [UInt8]) -> (Int, Int, Int)? {
        var position = 2
        var turns = 0
        while position + 9 < bytes.count {
            guard bytes[position] == 0xFF else { return nil }
            let marker = bytes[position + 1]
            if marker == 0xFF {
                position += 1
                continue
            }
            let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
            guard length >= 2 else { return nil }
            if marker == 0xE1 { turns = orientation(bytes[(position + 4)..<min(bytes.count, position + 2 + length)]) ?? turns }
            if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker) {
                let height = Int(bytes[position + 5]) << 8 | Int(bytes[position + 6])
                let width = Int(bytes[position + 7]) << 8 | Int(bytes[position + 8])
                return (width, height, turns)
            }
            position += 2 + length
        }
        return nil
    }

    /// The orientation tag (0x0112) of an EXIF segment as quarter turns; mirrored ones are taken as not mirrored.
    private static func orientation(_ segment: ArraySlice<UInt8>) -> Int? {
        let bytes = Array(segment)
        guard bytes.count > 14, bytes.starts(with: Array("Exif\0\0".utf8)) else { return nil }
        let isLittle = bytes[6] == UInt8(ascii: "I")
        func number(_ at: Int, _ count: Int) -> Int? {
            guard at >= 6, at + count <= bytes.count else { return nil }
            let part = bytes[at..<at + count]
            return isLittle ? part.reversed().reduce(0) { $0 << 8 | Int($1) } : part.reduce(0) { $0 << 8 | Int($1) }
        }
        guard let start = number(10, 4), let count = number(6 + start, 2), count < 512 else { return nil }
        for index in 0..<count {
            let field = 6 + start + 2 + 12 * index
            guard number(field, 2) == 0x0112 else { continue }
            switch number(field + 8, 2) {
            case 3, 4: return 2
            case 5, 6: return 1
            case 7, 8: return 3
            default: return 0
            }
        }
        return nil
    }

    private static func webp(_ bytes: [UInt8]) -> (Int, Int)? {
        func little(_ at: Int, _ count: Int) -> Int { bytes[at..<at + count].reversed().reduce(0) { $0 << 8 | Int($1) } }
        switch String(decoding: bytes[12..<16], as: UTF8.self) {
        case "VP8X": return (little(24, 3) + 1, little(27, 3) + 1)
        case "VP8 ": return (little(26, 2) & 0x3FFF, little(28, 2) & 0x3FFF)
        case "VP8L":
            let bits = little(21, 4)
            return ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        default: return nil
        }
    }
}
