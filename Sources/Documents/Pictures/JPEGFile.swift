// SPDX-License-Identifier: EUPL-1.2

import CTurboJPEG
import Glibc

/// JPEG files, by libjpeg-turbo.
enum JPEGFile {
    /// Decodes at the smallest size that is still large enough, which leaves most of the work of a large photo out.
    static func decode(_ bytes: [UInt8]) throws -> Picture {
        guard let decoder = tjInitDecompress() else { throw PictureVerdict.tooCostly }
        defer { tjDestroy(decoder) }
        let count = UInt(bytes.count)
        var (width, height, sampling, colours) = (Int32(0), Int32(0), Int32(0), Int32(-1))
        // It gives nought as a failure for a sampling that it has no name for, and decodes it all the same.
        tjDecompressHeader3(decoder, bytes, count, &width, &height, &sampling, &colours)
        guard width > 0, height > 0 else { throw PictureVerdict.damaged }
        _ = try Reduction(width: Int(width), height: Int(height), longest: Photo.longest.full)
        let (scaledWidth, scaledHeight) = scaled(width, height)
        let isPrinted = colours == Int32(TJCS_CMYK.rawValue) || colours == Int32(TJCS_YCCK.rawValue)
        let samples = isPrinted ? 4 : 3
        let pitch = scaledWidth * samples
        guard let rows = malloc(pitch * scaledHeight) else { throw PictureVerdict.tooCostly }
        defer { free(rows) }
        let pixels = rows.bindMemory(to: UInt8.self, capacity: pitch * scaledHeight)
        let format = isPrinted ? TJPF_CMYK : TJPF_RGB
        if tjDecompress2(
            decoder,
            bytes,
            count,
            pixels,
            Int32(scaledWidth),
            Int32(pitch),
            Int32(scaledHeight),
            Int32(format.rawValue),
            TJFLAG_LIMITSCANS
        ) != 0 {
            // Odd bytes between markers do no harm; an end before the end means half a photo.
            let says = String(cString: tjGetErrorStr2(decoder))
            if says.contains("nsufficient memory") { throw PictureVerdict.tooCostly }
            let isHarmless = tjGetErrorCode(decoder) == Int32(TJERR_WARNING.rawValue) && !says.lowercased().contains("premature end")
            guard isHarmless else { throw PictureVerdict.damaged }
        }
        var reduction = try Reduction(width: scaledWidth, height: scaledHeight, longest: Photo.longest.full)
        for row in 0..<scaledHeight {
            let start = pixels + pitch * row
            if isPrinted { lighten(start, scaledWidth) }
            reduction.add(start, samples: samples)
        }
        return reduction.picture.turned(Orientation.read(jpeg: bytes))
    }

    private static func scaled(_ width: Int32, _ height: Int32) -> (Int, Int) {
        let longer = Int(max(width, height))
        var eighths = 8
        while eighths > 1, longer * (eighths - 1) / 8 >= Photo.longest.full { eighths -= 1 }
        // Rounded up, as the library does.
        return ((Int(width) * eighths + 7) / 8, (Int(height) * eighths + 7) / 8)
    }

    /// Inks as light: every writer of such files keeps them inverted, as Adobe began it.
    private static func lighten(_ row: UnsafeMutablePointer<UInt8>, _ width: Int) {
        for pixel in 0..<width {
            let at = row + 4 * pixel
            let black = Int(at[3])
            for ink in 0..<3 { at[ink] = UInt8(Int(at[ink]) * black / 255) }
            at[3] = 255
        }
    }
}

extension Picture {
    /// As a progressive JPEG file.
    func jpeg(quality: Int32) throws -> [UInt8] {
        guard let encoder = tjInitCompress() else { throw PictureVerdict.tooCostly }
        defer { tjDestroy(encoder) }
        var file: UnsafeMutablePointer<UInt8>?
        var length: UInt = 0
        defer { tjFree(file) }
        let result = tjCompress2(
            encoder,
            pixels,
            Int32(width),
            Int32(3 * width),
            Int32(height),
            Int32(TJPF_RGB.rawValue),
            &file,
            &length,
            Int32(TJSAMP_420.rawValue),
            quality,
            TJFLAG_PROGRESSIVE
        )
        guard result == 0, let file else { throw PictureVerdict.tooCostly }
        return Array(UnsafeBufferPointer(start: file, count: Int(length)))
    }
}
