// SPDX-License-Identifier: EUPL-1.2

import Documents
import Markup

extension Portal {
    /// A QR code with its quiet zone; nothing when the text is too long for one.
    func qrCode(_ text: String, label: String) -> HTML {
        guard let code = QRCode(text) else { return HTML() }
        let side = code.size + 8
        return """
            <svg class="qr" viewBox="\("-4 -4 \(side) \(side)")" role="img" aria-label="\(label)"><path fill="#fff" d="\("M-4-4h\(side)v\(side)h-\(side)z")"/><path fill="#000" d="\(code.path)"/></svg>
            """
    }
}
