// SPDX-License-Identifier: EUPL-1.2

import Crypto
import Essentials
import Foundation

/// The key and certificate with which the city signs documents (PAdES baseline B-B: ETSI EN 319 142-1, CMS of RFC 5652).
///
/// The certificate is the city's to configure; where it has none, one of its own making stands in, and says so in its name.
public struct DocumentSigner: Sendable {
    private static let sha256 = DER.sequence([DER.object([2, 16, 840, 1, 101, 3, 4, 2, 1])])
    private static let ecdsa = DER.sequence([DER.object([1, 2, 840, 10045, 4, 3, 2])])

    private let key: P256.Signing.PrivateKey
    /// The certificate (DER).
    public let certificate: [UInt8]
    private let issuer: [UInt8]
    private let serial: [UInt8]

    /// Whether the certificate is of the city's own making, and so proves nothing to anybody else.
    public let isSelfMade: Bool

    /// Reads key and certificate from PEM files; makes both where there is no key.
    public init(keyFile: URL, certificateFile: URL, city: String, at now: Instant) throws {
        if !FileManager.default.fileExists(atPath: keyFile.path) {
            let key = P256.Signing.PrivateKey()
            let made = try Self.selfMade(key, city: city, at: now)
            let pem =
                "-----BEGIN CERTIFICATE-----\n\(Data(made).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed]))\n-----END CERTIFICATE-----\n"
            guard
                FileManager.default.createFile(atPath: certificateFile.path, contents: Data(pem.utf8)),
                FileManager.default.createFile(
                    atPath: keyFile.path,
                    contents: Data((key.pemRepresentation + "\n").utf8),
                    attributes: [.posixPermissions: 0o600]
                )
            else { throw CocoaError(.fileWriteUnknown) }
        }
        key = try P256.Signing.PrivateKey(pemRepresentation: String(contentsOf: keyFile, encoding: .utf8))
        let lines = try String(contentsOf: certificateFile, encoding: .utf8).split(whereSeparator: \.isNewline)
        let body = lines.drop { !$0.hasPrefix("-----BEGIN CERTIFICATE") }.dropFirst().prefix { !$0.hasPrefix("-----END") }.joined()
        guard let certificate = [UInt8](base64: body), let names = Self.names(of: certificate) else {
            throw Problem(
                "signer.certificate",
                .fault,
                Text(id: "Sertifikat penanda tangan rusak", en: "The signer’s certificate is malformed")
            )
        }
        self.certificate = certificate
        (issuer, serial) = (names.issuer, names.serial)
        isSelfMade = names.issuer == names.subject
    }

    /// Signs a digest: a detached CMS with the signer's certificate in it.
    func sign(digest: [UInt8]) throws -> [UInt8] {
        let data = DER.object([1, 2, 840, 113549, 1, 7, 1])
        func attribute(_ object: [Int], _ value: [UInt8]) -> [UInt8] { DER.sequence([DER.object(object), DER.set([value])]) }
        let hash = Array(SHA256.hash(data: certificate))
        // Which certificate signed is itself signed (RFC 5035); the time of signing is the dictionary's to say, not this.
        let attributes = [
            attribute([1, 2, 840, 113549, 1, 9, 3], data),
            attribute([1, 2, 840, 113549, 1, 9, 4], DER.octets(digest)),
            attribute([1, 2, 840, 113549, 1, 9, 16, 2, 47], DER.sequence([DER.sequence([DER.sequence([DER.octets(hash)])])])),
        ]
        let signed = DER.set(attributes)
        let signature = try key.signature(for: Data(signed)).derRepresentation
        let signer = DER.sequence([
            DER.integer([1]), DER.sequence([issuer, serial]), Self.sha256, [0xA0] + signed.dropFirst(), Self.ecdsa,
            DER.octets(Array(signature)),
        ])
        let content = DER.sequence([
            DER.integer([1]), DER.set([Self.sha256]), DER.sequence([data]), DER.tagged(0xA0, certificate), DER.set([signer]),
        ])
        return DER.sequence([DER.object([1, 2, 840, 113549, 1, 7, 2]), DER.tagged(0xA0, content)])
    }

    private static func names(of certificate: [UInt8]) -> (issuer: [UInt8], serial: [UInt8], subject: [UInt8])? {
        guard let outer = DER.parts(certificate[...])?.first, let body = DER.parts(outer.content)?.first,
            let fields = DER.parts(body.content), fields.count >= 7, fields[0].tag == 0xA0
        else { return nil }
        return (Array(fields[3].whole), Array(fields[1].whole), Array(fields[5].whole))
    }

    /// A certificate of the city's own making, for five years.
    private static func selfMade(_ key: P256.Signing.PrivateKey, city: String, at now: Instant) throws -> [UInt8] {
        func name(_ object: [Int], _ text: String) -> [UInt8] { DER.set([DER.sequence([DER.object(object), DER.text(text)])]) }
        func time(_ date: CivilDate) -> [UInt8] {
            let parts = date.parts
            return DER.tagged(0x17, Array("\((parts.year % 100).padded(2))\(parts.month.padded(2))\(parts.day.padded(2))000000Z".utf8))
        }
        func `extension`(_ object: [Int], isCritical: Bool, _ value: [UInt8]) -> [UInt8] {
            DER.sequence([DER.object(object), isCritical ? DER.tagged(0x01, [0xFF]) : [], DER.octets(value)])
        }
        let subject = DER.sequence([
            DER.set([DER.sequence([DER.object([2, 5, 4, 6]), DER.tagged(0x13, Array("ID".utf8))])]),
            name([2, 5, 4, 10], "Pemerintah \(city)"),
            name([2, 5, 4, 3], "Sertifikat buatan sendiri (bukan BSrE) \(city)"),
        ])
        let publicKey = Array(key.publicKey.derRepresentation)
        let today = now.date(in: .utc)
        let body = DER.sequence([
            DER.tagged(0xA0, DER.integer([2])), DER.integer([0x40 | [UInt8].random(count: 1)[0] >> 2] + [UInt8].random(count: 15)), ecdsa,
            subject,
            DER.sequence([time(today.adding(days: -1)), time(today.adding(days: 5 * 365))]), subject, publicKey,
            DER.tagged(
                0xA3,
                DER.sequence([
                    `extension`([2, 5, 29, 15], isCritical: true, DER.bits([0xC0], unused: 6)),
                    `extension`([2, 5, 29, 14], isCritical: false, DER.octets(Array(Insecure.SHA1.hash(data: publicKey)))),
                ])
            ),
        ])
        let signature = try key.signature(for: Data(body)).derRepresentation
        return DER.sequence([body, ecdsa, DER.bits(Array(signature))])
    }
}
