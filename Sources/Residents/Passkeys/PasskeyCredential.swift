// SPDX-License-Identifier: EUPL-1.2

import Crypto
import CryptoExtras
import Essentials
import Foundation

/// The site that passkeys belong to, as authenticators know it (WebAuthn Level 3 §5.4.2).
struct PasskeySite: Sendable {
    /// The public origin, which must be exactly the one that the browser saw.
    let origin: String
    /// What people are shown.
    let name: String

    /// The site's name for authenticators: the host of its origin.
    var host: String { URL(string: origin)?.host ?? "" }
    var hash: [UInt8] { Array(SHA256.hash(data: Data(host.utf8))) }
}

/// The key of a passkey as authenticators write it (COSE, RFC 9052), and what it signed.
struct PasskeyKey {
    private enum Key {
        case p256(P256.Signing.PublicKey)
        case ed25519(Curve25519.Signing.PublicKey)
        case rsa(_RSA.Signing.PublicKey)
    }

    /// The algorithms that are asked for, the best first: ES256, EdDSA, RS256.
    static let algorithms = [-7, -8, -257]

    private let key: Key

    /// Reads a key; nil when it is of no kind that was asked for.
    init?(cose: CBOR) {
        func part(_ name: Int) -> [UInt8]? { cose[.integer(name)]?.bytes }
        switch (cose[.integer(1)]?.integer, cose[.integer(3)]?.integer) {
        case (2, -7):
            guard cose[.integer(-1)]?.integer == 1, let x = part(-2), let y = part(-3), x.count == 32, y.count == 32,
                let key = try? P256.Signing.PublicKey(rawRepresentation: x + y)
            else { return nil }
            self.key = .p256(key)
        case (1, -8):
            guard cose[.integer(-1)]?.integer == 6, let x = part(-2), let key = try? Curve25519.Signing.PublicKey(rawRepresentation: x)
            else { return nil }
            self.key = .ed25519(key)
        case (3, -257):
            guard let n = part(-1), let e = part(-2), n.count >= 256, n.count <= 512, let key = try? _RSA.Signing.PublicKey(n: n, e: e)
            else { return nil }
            self.key = .rsa(key)
        default: return nil
        }
    }

    /// Whether it signed some bytes.
    func signed(_ bytes: [UInt8], _ signature: [UInt8]) -> Bool {
        switch key {
        case .p256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: Data(bytes))
        case .ed25519(let key): return key.isValidSignature(signature, for: bytes)
        case .rsa(let key):
            return key.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: signature),
                for: SHA256.hash(data: bytes),
                padding: .insecurePKCS1v1_5
            )
        }
    }
}

/// What an authenticator says about itself (WebAuthn §6.1): that it is for this site, that somebody was there and was recognised,
/// how often it signed, and at the beginning its new key.
struct AuthenticatorData {
    let count: Int
    let credential: (id: [UInt8], key: [UInt8])?

    /// Reads it; nil where it is for another site, or nobody was recognised.
    init?(_ bytes: [UInt8], site: PasskeySite) {
        guard bytes.count >= 37, constantTimeEqual(Array(bytes[0..<32]), site.hash) else { return nil }
        let flags = bytes[32]
        let (isPresent, isVerified, hasCredential) = (flags & 0x01 != 0, flags & 0x04 != 0, flags & 0x40 != 0)
        // A passkey that is backed up must be one that may be (§6.1.3).
        guard isPresent, isVerified, flags & 0x10 == 0 || flags & 0x08 != 0 else { return nil }
        count = bytes[33..<37].reduce(0) { $0 << 8 | Int($1) }
        guard hasCredential else {
            credential = nil
            return
        }
        guard bytes.count >= 55 else { return nil }
        let length = Int(bytes[53]) << 8 | Int(bytes[54])
        guard (1...1023).contains(length), bytes.count > 55 + length else { return nil }
        let rest = Array(bytes[(55 + length)...])
        guard let (_, used) = CBOR.read(rest) else { return nil }
        credential = (Array(bytes[55..<55 + length]), Array(rest[0..<used]))
    }
}
