// SPDX-License-Identifier: EUPL-1.2

import Crypto
import Essentials
import Foundation

/// A passkey in software, as a phone's: makes a key, signs challenges, counts.
struct Authenticator {
    let origin: String
    let key = P256.Signing.PrivateKey()
    let id = [UInt8].random(count: 32)
    var count: UInt32 = 1
    var flags: UInt8 = 0x05

    private var site: [UInt8] { Array(SHA256.hash(data: Data((URL(string: origin)?.host ?? "").utf8))) }

    private func clientData(_ type: String, _ challenge: String) -> [UInt8] {
        Array(#"{"type":"\#(type)","challenge":"\#(challenge)","origin":"\#(origin)","crossOrigin":false}"#.utf8)
    }

    private func head(_ flags: UInt8) -> [UInt8] {
        site + [flags] + [UInt8(count >> 24 & 255), UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255)]
    }

    /// What a browser gives back for `PublicKeyCredentialCreationOptionsJSON`.
    func create(_ options: JSON) -> JSON {
        let raw = [UInt8](key.publicKey.rawRepresentation)
        let cose: [UInt8] = [0xA5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32] + raw[0..<32] + [0x22, 0x58, 32] + raw[32..<64]
        let data = head(flags | 0x40) + [UInt8](repeating: 0, count: 16) + [0, 32] + id + cose
        // {"fmt": "none", "attStmt": {}, "authData": …}
        let object: [UInt8] =
            [0xA3, 0x63] + Array("fmt".utf8) + [0x64] + Array("none".utf8) + [0x67] + Array("attStmt".utf8) + [0xA0, 0x68]
            + Array("authData".utf8) + [0x58, UInt8(data.count)] + data
        return [
            "id": .string(id.base64URL), "type": "public-key",
            "response": [
                "clientDataJSON": .string(clientData("webauthn.create", options["challenge"]?.string ?? "").base64URL),
                "attestationObject": .string(object.base64URL),
            ],
        ]
    }

    /// What a browser gives back for `PublicKeyCredentialRequestOptionsJSON`.
    mutating func get(_ options: JSON) throws -> JSON {
        count += 1
        let client = clientData("webauthn.get", options["challenge"]?.string ?? "")
        let data = head(flags)
        let signature = try key.signature(for: Data(data + Array(SHA256.hash(data: client))))
        return [
            "id": .string(id.base64URL), "type": "public-key",
            "response": [
                "clientDataJSON": .string(client.base64URL), "authenticatorData": .string(data.base64URL),
                "signature": .string([UInt8](signature.derRepresentation).base64URL),
            ],
        ]
    }
}
