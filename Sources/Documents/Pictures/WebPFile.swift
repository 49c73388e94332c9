// SPDX-License-Identifier: EUPL-1.2

import CWebP
import Glibc

/// WebP files, by libwebp; of one that moves, its first picture.
enum WebPFile {
    static func decode(_ bytes: [UInt8]) throws -> Picture {
        try bytes.withUnsafeBufferPointer { buffer in
            var data = WebPData(bytes: buffer.baseAddress, size: buffer.count)
            guard let file = WebPDemux(&data) else { throw PictureVerdict.damaged }
            defer { WebPDemuxDelete(file) }
            var frame = WebPIterator()
            guard WebPDemuxGetFrame(file, 1, &frame) != 0 else { throw PictureVerdict.damaged }
            defer { WebPDemuxReleaseIterator(&frame) }
            guard frame.complete != 0 else { throw PictureVerdict.damaged }
            let picture = try decode(frame)
            var exif = WebPChunkIterator()
            guard WebPDemuxGetChunk(file, "EXIF", 1, &exif) != 0 else { return picture }
            defer { WebPDemuxReleaseChunkIterator(&exif) }
            return picture.turned(Orientation.read(exif: UnsafeBufferPointer(start: exif.chunk.bytes, count: exif.chunk.size)))
        }
    }

    /// The library makes it smaller while it decodes.
    private static func decode(_ frame: WebPIterator) throws -> Picture {
        var configuration = WebPDecoderConfig()
        guard WebPInitDecoderConfig(&configuration) != 0,
            WebPGetFeatures(frame.fragment.bytes, frame.fragment.size, &configuration.input) == VP8_STATUS_OK
        else { throw PictureVerdict.damaged }
        let (width, height) = (Int(configuration.input.width), Int(configuration.input.height))
        let target = try Reduction(width: width, height: height, longest: Photo.longest.full)
        configuration.options.use_scaling = 1
        configuration.options.scaled_width = Int32(target.width)
        configuration.options.scaled_height = Int32(target.height)
        configuration.output.colorspace = MODE_RGBA
        let status = WebPDecode(frame.fragment.bytes, frame.fragment.size, &configuration)
        defer { WebPFreeDecBuffer(&configuration.output) }
        guard status == VP8_STATUS_OK, let rows = configuration.output.u.RGBA.rgba else {
            throw status == VP8_STATUS_OUT_OF_MEMORY ? PictureVerdict.tooCostly : PictureVerdict.damaged
        }
        var reduction = try Reduction(width: target.width, height: target.height, longest: Photo.longest.full)
        for row in 0..<target.height { reduction.add(rows + Int(configuration.output.u.RGBA.stride) * row, samples: 4) }
        return reduction.picture
    }
}
