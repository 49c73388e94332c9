// SPDX-License-Identifier: EUPL-1.2

/// A photo made safe to keep and show: decoded and encoded again, so that EXIF, GPS and anything hidden are gone, and turned
/// as the camera was held.
public struct Photo: Sendable {
    /// JPEG, at most 1,600 pixels on its longer side.
    public let full: [UInt8]
    /// JPEG, at most 320 pixels on its longer side.
    public let thumbnail: [UInt8]

    /// Pixels on the longer side of each.
    static let longest = (full: 1600, thumbnail: 320)

    /// As it comes out of the process that read it: the length of the first in four bytes, then both.
    var sent: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: full.count >> (24 - 8 * $0)) } + full + thumbnail }

    init(full: [UInt8], thumbnail: [UInt8]) {
        self.full = full
        self.thumbnail = thumbnail
    }

    /// What such a process sent; nil unless it is two JPEG files, since a decoder that was taken over may send anything.
    init?(sent bytes: ArraySlice<UInt8>) {
        let length = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        let files = bytes.dropFirst(4)
        let parts = [files.prefix(length), files.dropFirst(length)]
        guard parts.allSatisfy({ $0.starts(with: [0xFF, 0xD8, 0xFF]) && $0.suffix(2) == [0xFF, 0xD9] }) else { return nil }
        (full, thumbnail) = (Array(parts[0]), Array(parts[1]))
    }
}
