// SPDX-License-Identifier: EUPL-1.2

import Crypto
import CryptoExtras
import Essentials
import Foundation

/// A bank that tells the city of payments by SNAP BI (Bank Indonesia's standard of open payment interfaces): its name, the
/// secret that both know, and the key with which it asks for a token.
public struct Partner: Sendable {
    /// Its X-CLIENT-KEY.
    public let client: String
    let secret: SymmetricKey
    private let publicKey: _RSA.Signing.PublicKey

    /// Reads `client:secret:file-of-its-public-key.pem`.
    public init(_ text: String) throws {
        let parts = text.split(separator: ":", maxSplits: 2).map(String.init)
        guard parts.count == 3, !parts[0].isEmpty, parts[1].utf8.count >= 16 else {
            throw Problem(
                "snap.partner",
                .fault,
                Text(id: "BALAI_SNAP tidak bisa dibaca", en: "BALAI_SNAP cannot be read"),
                remedy: Text(
                    id: "Tulis klien:rahasia:berkas-kunci-publik.pem; rahasianya paling sedikit 16 huruf.",
                    en: "Write client:secret:public-key-file.pem; the secret has at least 16 characters."
                )
            )
        }
        client = parts[0]
        secret = SymmetricKey(data: Data(parts[1].utf8))
        publicKey = try _RSA.Signing.PublicKey(pemRepresentation: String(contentsOfFile: parts[2], encoding: .utf8))
    }

    /// Whether the bank signed a request for a token: SHA256withRSA over `client|timestamp`.
    func signedTokenRequest(_ signature: String, timestamp: String) -> Bool {
        guard let bytes = [UInt8](base64: signature) else { return false }
        let isValid = publicKey.isValidSignature(
            _RSA.Signing.RSASignature(rawRepresentation: Data(bytes)),
            for: SHA256.hash(data: Data("\(client)|\(timestamp)".utf8)),
            padding: .insecurePKCS1v1_5
        )
        return isValid
    }

    /// Whether the bank signed a notice: HMAC-SHA512 over method, path, token, hash of the body and timestamp.
    func signed(_ signature: String, method: String, path: String, token: String, body: [UInt8], timestamp: String) -> Bool {
        guard let bytes = [UInt8](base64: signature) else { return false }
        let text = Self.textToSign(method: method, path: path, token: token, body: body, timestamp: timestamp)
        return HMAC<SHA512>.isValidAuthenticationCode(bytes, authenticating: Data(text.utf8), using: secret)
    }

    static func textToSign(method: String, path: String, token: String, body: [UInt8], timestamp: String) -> String {
        "\(method):\(path):\(token):\(Array(SHA256.hash(data: minified(body))).hex):\(timestamp)"
    }

    /// A JSON document without the white space between its parts; the order of its members stays.
    static func minified(_ body: [UInt8]) -> [UInt8] {
        var minified: [UInt8] = []
        minified.reserveCapacity(body.count)
        var isInText = false
        var isEscaped = false
        for byte in body {
            if !isInText, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { continue }
            minified.append(byte)
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = isInText
            } else if byte == UInt8(ascii: "\"") {
                isInText.toggle()
            }
        }
        return minified
    }
}
