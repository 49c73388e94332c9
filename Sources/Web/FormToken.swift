// SPDX-License-Identifier: EUPL-1.2

import Crypto
import Essentials
import Foundation
import HTTPTypes
import Hummingbird

/// The hidden token that ties a form to the browser it was given to, masked anew each time.
public struct FormToken: Sendable {
    private let key: SymmetricKey

    /// Tokens under a key.
    public init(key: SymmetricKey) {
        self.key = key
    }

    /// A token for a browser.
    public func issue(to visitor: String) -> String {
        let mask = [UInt8].random(count: 16)
        return (mask + zip(mask, tag(visitor)).map { $0 ^ $1 }).base64URL
    }

    /// Refuses a form that was not given to this browser, or comes from another site.
    public func check(_ token: String?, _ request: Request, visitor: String) throws {
        let site = request.headers[.fetchSite]
        let isForeign = site == "cross-site"
        guard !isForeign, !visitor.isEmpty, let bytes = token.flatMap({ [UInt8](base64URL: $0) }), bytes.count == 32,
            constantTimeEqual(zip(bytes[0..<16], bytes[16..<32]).map { $0 ^ $1 }, tag(visitor))
        else {
            throw Problem(
                "form.foreign",
                .forbidden,
                Text(
                    id: "Formulir ini sudah lama terbuka, atau bukan dari halaman kami",
                    en: "This form has been open for long, or is not from our page"
                ),
                remedy: Text(
                    id: "Muat ulang halamannya dan kirim lagi. Isian Anda masih ada di halaman sebelumnya.",
                    en: "Reload the page and send again. What you typed is still on the previous page."
                )
            )
        }
    }

    private func tag(_ visitor: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Data("form:\(visitor)".utf8), using: key).prefix(16))
    }
}
