// SPDX-License-Identifier: EUPL-1.2

import Crypto
import Essentials
import Foundation

/// Time-based one-time codes (RFC 6238): six digits, 30 seconds, SHA-1, as every authenticator app knows them.
public enum TOTP {
    /// Seconds for which a code holds.
    public static let period: Int64 = 30

    /// The code of a time step.
    public static func code(secret: [UInt8], step: Int64) -> String {
        let counter = (0..<8).reversed().map { UInt8(truncatingIfNeeded: step >> (8 * $0)) }
        let mac = Array(HMAC<Insecure.SHA1>.authenticationCode(for: Data(counter), using: SymmetricKey(data: secret)))
        let offset = Int(mac[19] & 15)
        let value = (Int(mac[offset] & 0x7F) << 24) | (Int(mac[offset + 1]) << 16) | (Int(mac[offset + 2]) << 8) | Int(mac[offset + 3])
        return (value % 1_000_000).padded(6)
    }

    /// The step at which a code holds, one earlier or later allowed for clocks that differ; nil when it does not hold, or
    /// its step was used before.
    public static func verify(_ code: String, secret: [UInt8], now: Instant, lastStep: Int64) -> Int64? {
        let digits = Array(code.utf8.filter { $0 != 0x20 })
        let current = now.milliseconds / 1000 / period
        return [current, current - 1, current + 1].first { step in
            step > lastStep && constantTimeEqual(digits, Array(Self.code(secret: secret, step: step).utf8))
        }
    }

    /// The step of the later of two codes that follow each other, both of them unused and the later one good now; nil when they do
    /// not.
    public static func verify(_ code: String, then next: String, secret: [UInt8], now: Instant, lastStep: Int64) -> Int64? {
        func digits(_ text: String) -> [UInt8] { Array(text.utf8.filter { $0 != 0x20 }) }
        let current = now.milliseconds / 1000 / period
        return [current, current - 1, current + 1].first { step in
            step - 1 > lastStep && constantTimeEqual(digits(code), Array(Self.code(secret: secret, step: step - 1).utf8))
                && constantTimeEqual(digits(next), Array(Self.code(secret: secret, step: step).utf8))
        }
    }

    /// The address that an authenticator app reads from a QR code.
    public static func address(secret: [UInt8], issuer: String, account: String) -> String {
        func encode(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "" }
        return "otpauth://totp/\(encode(issuer)):\(encode(account))?secret=\(base32(secret))&issuer=\(encode(issuer))"
    }

    /// Base32 without padding (RFC 4648 §6), for typing a secret by hand.
    public static func base32(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var text = ""
        var buffer = 0
        var bits = 0
        for byte in bytes {
            buffer = buffer << 8 | Int(byte)
            bits += 8
            while bits >= 5 {
                text.append(alphabet[buffer >> (bits - 5) & 31])
                bits -= 5
            }
        }
        if bits > 0 { text.append(alphabet[buffer << (5 - bits) & 31]) }
        return text
    }
}
