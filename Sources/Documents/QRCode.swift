// SPDX-License-Identifier: EUPL-1.2

import CQREncode

/// A QR code: its dark modules, and the same as the `d` of an SVG path, one unit a module.
public struct QRCode: Sendable {
    /// Dark modules side by side.
    public struct Run: Sendable, Hashable {
        /// The row, from the top.
        public let row: Int
        /// The first column.
        public let column: Int
        /// How many.
        public let length: Int
    }

    /// Modules on a side, without the quiet zone of four that a reader needs around it.
    public let size: Int
    /// The dark modules.
    public let runs: [Run]

    /// A code for a text; nil when it is too long for one.
    public init?(_ text: String) {
        guard let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) else { return nil }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        var runs: [Run] = []
        for row in 0..<width {
            var column = 0
            while column < width {
                var length = 0
                while column + length < width, code.pointee.data[row * width + column + length] & 1 == 1 { length += 1 }
                if length > 0 { runs.append(Run(row: row, column: column, length: length)) }
                column += max(1, length)
            }
        }
        size = width
        self.runs = runs
    }

    /// The dark modules as the `d` of an SVG path.
    public var path: String { runs.map { "M\($0.column) \($0.row)h\($0.length)v1h-\($0.length)z" }.joined() }
}
