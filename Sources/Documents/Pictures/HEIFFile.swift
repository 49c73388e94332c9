// SPDX-License-Identifier: EUPL-1.2

import CHeif

/// HEIC files, by libheif, which turns and mirrors them itself: their EXIF orientation says what has been done already.
enum HEIFFile {
    static func decode(_ bytes: [UInt8]) throws -> Picture {
        try bytes.withUnsafeBytes { buffer in
            guard let file = heif_context_alloc() else { throw PictureVerdict.tooCostly }
            defer { heif_context_free(file) }
            try check(heif_context_read_from_memory_without_copy(file, buffer.baseAddress, buffer.count, nil))
            var handle: OpaquePointer?
            try check(heif_context_get_primary_image_handle(file, &handle))
            defer { heif_image_handle_release(handle) }
            _ = try Reduction(
                width: Int(heif_image_handle_get_width(handle)),
                height: Int(heif_image_handle_get_height(handle)),
                longest: Photo.longest.full
            )
            var image: OpaquePointer?
            try check(heif_decode_image(handle, &image, heif_colorspace_RGB, heif_chroma_interleaved_RGBA, nil))
            defer { heif_image_release(image) }
            // As decoded, which may be other than declared.
            let width = Int(heif_image_get_width(image, heif_channel_interleaved))
            let height = Int(heif_image_get_height(image, heif_channel_interleaved))
            var stride: Int32 = 0
            guard let rows = heif_image_get_plane_readonly(image, heif_channel_interleaved, &stride), Int(stride) >= 4 * width else {
                throw PictureVerdict.damaged
            }
            var reduction = try Reduction(width: width, height: height, longest: Photo.longest.full)
            for row in 0..<height { reduction.add(rows + Int(stride) * row, samples: 4) }
            return reduction.picture
        }
    }

    private static func check(_ result: heif_error) throws {
        guard result.code != heif_error_Ok else { return }
        throw result.code == heif_error_Memory_allocation_error ? PictureVerdict.tooCostly : PictureVerdict.damaged
    }
}
