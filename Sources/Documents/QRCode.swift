// SPDX-License-Identifier: EUPL-1.2

import CQREncode

/// A QR code as the `d` of an SVG path, one unit a module.
public struct QRCode: Sendable {
    /// Modules on a side, without the quiet zone of four that a reader needs around it.
    public let size: Int
    /// The dark modules.
    public let path: String

    /// A code for a text; nil when it is too long for one.
    public init?(_ text: String) {
        guard let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) else { return nil }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        var path = ""
        for row in 0..<width {
            var column = 0
            while column < width {
                var run = 0
                while column + run < width, code.pointee.data[row * width + column + run] & 1 == 1 { run += 1 }
                if run > 0 { path += "M\(column) \(row)h\(run)v1h-\(run)z" }
                column += max(1, run)
            }
        }
        size = width
        self.path = path
    }
}
