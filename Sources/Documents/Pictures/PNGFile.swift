// SPDX-License-Identifier: EUPL-1.2

import CSpng
import Glibc

/// PNG files, by libspng; of one that moves, what shows where nothing moves.
enum PNGFile {
    static func decode(_ bytes: [UInt8]) throws -> Picture {
        try bytes.withUnsafeBytes { buffer in
            guard let decoder = spng_ctx_new(0) else { throw PictureVerdict.tooCostly }
            defer { spng_ctx_free(decoder) }
            var header = spng_ihdr()
            guard spng_set_png_buffer(decoder, buffer.baseAddress, buffer.count) == 0, spng_get_ihdr(decoder, &header) == 0 else {
                throw PictureVerdict.damaged
            }
            var reduction = try Reduction(width: Int(header.width), height: Int(header.height), longest: Photo.longest.full)
            let pitch = 4 * Int(header.width)
            if header.interlace_method == 0 {
                try decode(decoder, into: &reduction, pitch)
            } else {
                try decode(interlaced: decoder, into: &reduction, pitch, Int(header.height))
            }
            return reduction.picture.turned(orientation(decoder))
        }
    }

    /// Row by row.
    private static func decode(_ decoder: OpaquePointer, into reduction: inout Reduction, _ pitch: Int) throws {
        let flags = Int32(SPNG_DECODE_TRNS.rawValue | SPNG_DECODE_PROGRESSIVE.rawValue)
        guard spng_decode_image(decoder, nil, 0, Int32(SPNG_FMT_RGBA8.rawValue), flags) == 0 else { throw PictureVerdict.damaged }
        guard let memory = malloc(pitch) else { throw PictureVerdict.tooCostly }
        defer { free(memory) }
        let row = memory.bindMemory(to: UInt8.self, capacity: pitch)
        while true {
            let result = spng_decode_row(decoder, row, pitch)
            guard result == 0 || result == Int32(SPNG_EOI.rawValue) else { throw PictureVerdict.damaged }
            reduction.add(row, samples: 4)
            if result != 0 { return }
        }
    }

    /// One whose rows come in seven passes has to be there whole.
    private static func decode(interlaced decoder: OpaquePointer, into reduction: inout Reduction, _ pitch: Int, _ height: Int) throws {
        guard let memory = malloc(pitch * height) else { throw PictureVerdict.tooCostly }
        defer { free(memory) }
        let result = spng_decode_image(
            decoder,
            memory,
            pitch * height,
            Int32(SPNG_FMT_RGBA8.rawValue),
            Int32(SPNG_DECODE_TRNS.rawValue)
        )
        guard result == 0 else { throw result == Int32(SPNG_EMEM.rawValue) ? PictureVerdict.tooCostly : PictureVerdict.damaged }
        let rows = memory.bindMemory(to: UInt8.self, capacity: pitch * height)
        for row in 0..<height { reduction.add(rows + pitch * row, samples: 4) }
    }

    private static func orientation(_ decoder: OpaquePointer) -> Int {
        // It may stand behind the picture too.
        spng_decode_chunks(decoder)
        var exif = spng_exif()
        guard spng_get_exif(decoder, &exif) == 0, let data = exif.data else { return 1 }
        return Orientation.read(
            exif: UnsafeBufferPointer(start: UnsafeRawPointer(data).assumingMemoryBound(to: UInt8.self), count: exif.length)
        )
    }
}
