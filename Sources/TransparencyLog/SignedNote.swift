// SPDX-License-Identifier: EUPL-1.2

import Crypto
import Essentials
import Foundation

/// Who signs a log: a name and an Ed25519 key (C2SP signed-note v1.0.0).
public struct NoteSigner: Sendable {
    /// The key's name, for a log also its origin: a URL without the scheme.
    public let name: String
    private let key: Curve25519.Signing.PrivateKey

    /// A signer from its 32-byte seed.
    public init(name: String, seed: [UInt8]) throws {
        self.name = name
        key = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
    }

    /// What others need to check the signatures.
    public var verifier: NoteVerifier { NoteVerifier(name: name, publicKey: Array(key.publicKey.rawRepresentation)) }

    /// A text, which must end in a newline, with its signature below.
    public func sign(_ text: String) throws -> String {
        let signature = try key.signature(for: Data(text.utf8))
        return "\(text)\n\u{2014} \(name) \((verifier.keyIdentifier + Array(signature)).base64)\n"
    }
}

/// What anyone needs to check a signature.
public struct NoteVerifier: Sendable, Hashable, CustomStringConvertible {
    private static let ed25519: UInt8 = 0x01

    /// The key's name.
    public let name: String
    let publicKey: [UInt8]

    init(name: String, publicKey: [UInt8]) {
        self.name = name
        self.publicKey = publicKey
    }

    /// Reads a verifier key: `name+hash+key`.
    public init?(_ text: String) {
        let parts = text.trimmingCharacters(in: .whitespacesAndNewlines).split(separator: "+", maxSplits: 2).map(String.init)
        guard parts.count == 3, let key = [UInt8](base64: parts[2]), key.count == 33, key[0] == Self.ed25519 else { return nil }
        self.init(name: parts[0], publicKey: Array(key.dropFirst()))
        guard keyIdentifier.hex == parts[1] else { return nil }
    }

    /// SHA-256(name ‖ newline ‖ type ‖ key), the first four bytes.
    var keyIdentifier: [UInt8] {
        Array(SHA256.hash(data: Array(name.utf8) + [0x0A, Self.ed25519] + publicKey).prefix(4))
    }

    /// As people and files write it.
    public var description: String { "\(name)+\(keyIdentifier.hex)+\(([Self.ed25519] + publicKey).base64)" }

    /// The signed text of a note; throws when no signature on it is this key's.
    public func open(_ note: String) throws -> String {
        guard let split = note.range(of: "\n\n", options: .backwards) else { throw LedgerFault.malformed("note") }
        let text = String(note[..<split.lowerBound]) + "\n"
        let key = try Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
        for line in note[split.upperBound...].split(separator: "\n") {
            let parts = line.split(separator: " ")
            guard parts.count == 3, parts[0] == "\u{2014}", parts[1] == name, let bytes = [UInt8](base64: String(parts[2])),
                bytes.count == 68, Array(bytes.prefix(4)) == keyIdentifier
            else { continue }
            if key.isValidSignature(Data(bytes.dropFirst(4)), for: Data(text.utf8)) { return text }
        }
        throw LedgerFault.signature
    }
}

/// The size and root of a log at one moment (C2SP tlog-checkpoint).
public struct Checkpoint: Sendable, Equatable {
    /// Which log.
    public let origin: String
    /// Leaves.
    public let size: Int
    /// The root hash.
    public let root: Hash

    /// A checkpoint.
    public init(origin: String, size: Int, root: Hash) {
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// The text that is signed.
    public var text: String { "\(origin)\n\(size)\n\(root.base64)\n" }

    /// Reads the text of a note.
    public init(text: String) throws {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 4, let size = Int(digits: lines[1].utf8), String(size) == lines[1], size < 1 << 48,
            let root = [UInt8](base64: String(lines[2])), root.count == 32
        else { throw LedgerFault.malformed("checkpoint") }
        self.init(origin: String(lines[0]), size: size, root: root)
    }
}
