// SPDX-License-Identifier: EUPL-1.2

import Crypto
import Definitions
import Essentials
import Foundation
import Identity
import Journal
import Storage

/// Passkeys (WebAuthn Level 3): made once on a phone or computer, then signing in is a fingerprint or a face. The city keeps only
/// a public key.
extension Residents {
    /// What a passkey is asked for.
    public enum PasskeyPurpose: String, Sendable {
        case create = "webauthn.create"
        case get = "webauthn.get"
    }

    /// Seconds within which a challenge has to be answered.
    static let challengeLifetime: Int64 = 300

    // MARK: Challenges

    /// A challenge: random, bound to the browser and the purpose, good for five minutes. Nothing is kept until it is used.
    func challenge(_ purpose: PasskeyPurpose, visitor: String) -> String {
        let text = "\(journal.clock.now.milliseconds / 1000 + Self.challengeLifetime).\([UInt8].random(count: 16).base64URL)"
        return "\(text).\(challengeTag(text, purpose, visitor))"
    }

    private func challengeTag(_ text: String, _ purpose: PasskeyPurpose, _ visitor: String) -> String {
        journal.vault.tokenHash("passkey:\(purpose.rawValue):\(visitor):\(text)")
    }

    private func isOpen(_ challenge: String, _ purpose: PasskeyPurpose, visitor: String) -> Bool {
        let parts = challenge.split(separator: ".").map(String.init)
        guard !visitor.isEmpty, parts.count == 3, let end = Instant(outsideSeconds: parts[0]), end > journal.clock.now else {
            return false
        }
        return constantTimeEqual(Array(parts[2].utf8), Array(challengeTag("\(parts[0]).\(parts[1])", purpose, visitor).utf8))
    }

    /// What a page asks a browser for, to make a passkey (`PublicKeyCredentialCreationOptionsJSON`).
    public func creationOptions(for resident: Resident, visitor: String) -> JSON {
        let known = resident.contacts.first?.masked ?? site.name
        return [
            "challenge": .string(Array(challenge(.create, visitor: visitor).utf8).base64URL),
            "rp": ["id": .string(site.host), "name": .string("Balai \(site.name)")],
            "user": [
                "id": .string(handle(of: resident.id)), "name": .string(known), "displayName": .string(resident.details[.name] ?? known),
            ],
            "pubKeyCredParams": .array(PasskeyKey.algorithms.map { ["type": "public-key", "alg": JSON($0)] }),
            "timeout": .integer(Self.challengeLifetime * 1000),
            "attestation": "none",
            "authenticatorSelection": ["residentKey": "required", "requireResidentKey": true, "userVerification": "required"],
            "excludeCredentials": .array(resident.passkeys.map { ["type": "public-key", "id": .string($0.credential)] }),
        ]
    }

    /// What a page asks a browser for, to sign in with a passkey that it finds itself (`PublicKeyCredentialRequestOptionsJSON`).
    public func requestOptions(visitor: String) -> JSON {
        [
            "challenge": .string(Array(challenge(.get, visitor: visitor).utf8).base64URL), "rpId": .string(site.host),
            "timeout": .integer(Self.challengeLifetime * 1000), "userVerification": "required", "allowCredentials": .array([]),
        ]
    }

    /// A resident's name for authenticators: says nothing, and is always the same.
    private func handle(of resident: Identifier) -> String { journal.vault.tokenHash("passkey-user:\(resident)") }

    private static let refused = Problem(
        "passkey.refused",
        .unacceptable,
        Text(id: "Kunci sandi ini tidak bisa dipakai", en: "This passkey cannot be used"),
        remedy: Text(
            id: "Coba sekali lagi; halaman yang terbuka lebih dari lima menit harus dimuat ulang. Atau masuk dengan kode.",
            en: "Try once more; a page open for more than five minutes has to be reloaded. Or sign in with a code."
        )
    )

    /// Reads what the browser says it was asked, and makes sure that it was asked this, here, now, by us (§7.1 steps 5–11).
    private func clientData(_ text: String?, _ purpose: PasskeyPurpose, visitor: String) throws -> (challenge: String, bytes: [UInt8]) {
        guard let bytes = text.flatMap({ [UInt8](base64URL: $0) }), bytes.count < 4096, let json = try? JSON(parsing: bytes),
            json["type"]?.string == purpose.rawValue, json["origin"]?.string == site.origin, json["crossOrigin"]?.bool != true,
            let challenge = json["challenge"]?.string.flatMap({ [UInt8](base64URL: $0) }).map({ String(decoding: $0, as: UTF8.self) }),
            isOpen(challenge, purpose, visitor: visitor)
        else { throw Self.refused }
        return (challenge, bytes)
    }

    private func spend(_ challenge: String, in act: Act) throws {
        let hash = journal.vault.tokenHash(challenge)
        let isUsed = try act.snapshot.count("SELECT count(*) FROM passkey_challenge WHERE hash = \(hash)") > 0
        guard !isUsed else { throw Self.refused }
        try act.operate {
            try $0.execute("DELETE FROM passkey_challenge WHERE used_at < \(act.now.adding(seconds: -2 * Self.challengeLifetime))")
            try $0.execute("INSERT INTO passkey_challenge (hash, used_at) VALUES (\(hash), \(act.now))")
        }
    }

    // MARK: Making one

    /// Keeps a passkey that a browser has made (§7.1), and tells the account's contacts. No attestation is asked for: any authenticator will do.
    public func addPasskey(
        _ credential: JSON,
        name: String,
        to resident: Resident,
        visitor: String,
        language: Language
    ) async throws {
        let response = credential["response"]
        let (challenge, _) = try clientData(response?["clientDataJSON"]?.string, .create, visitor: visitor)
        guard let object = response?["attestationObject"]?.string.flatMap({ [UInt8](base64URL: $0) }), object.count < 65_536,
            let attestation = CBOR.read(object)?.value, let bytes = attestation[.text("authData")]?.bytes,
            let made = AuthenticatorData(bytes, site: site)?.credential, let key = CBOR.read(made.key)?.value, PasskeyKey(cose: key) != nil,
            made.id.base64URL == credential["id"]?.string
        else { throw Self.refused }
        let label = String(name.prefix(40))
        try await journal.commit { act in
            try spend(challenge, in: act)
            guard try act.snapshot.count("SELECT count(*) FROM resident_passkey WHERE credential = \(made.id.base64URL)") == 0,
                try act.snapshot.count("SELECT count(*) FROM resident_passkey WHERE resident = \(resident.id.description)") < 10
            else { throw Self.refused }
            try act.append(
                "resident.passkey-added",
                to: resident.stream,
                by: .resident,
                personal: Personal(
                    of: resident.id,
                    ["credential": .string(made.id.base64URL), "key": .string(made.key.base64), "name": .string(label)]
                )
            )
            try tell(.passkeyAdded, to: resident.contacts, language, in: act)
        }
    }

    /// Takes a passkey off, signs out whoever is signed in elsewhere or by it, and tells the account's contacts.
    ///
    /// - Parameter session: of whoever takes it off.
    public func removePasskey(_ entry: String, from resident: Resident, session: String? = nil, language: Language) async throws {
        try await journal.commit { act in
            guard let current = try self.resident(resident.id, in: act.snapshot),
                let passkey = current.passkeys.first(where: { $0.entry == entry })
            else { return }
            let door = try doorSince(session: session, in: act.snapshot)
            try takeOff(passkey, current, by: door, in: act)
            let own = door == passkey.addedAt || door == nil ? "" : session.map(journal.vault.tokenHash) ?? ""
            try act.operate {
                try $0.execute(
                    "DELETE FROM resident_session WHERE resident = \(resident.id.description) AND token_hash <> \(own)"
                )
            }
            try tell(.passkeyRemoved, to: current.contacts, language, in: act)
        }
    }

    // MARK: Signing in

    /// Signs in with a passkey (§7.2).
    ///
    /// - Returns: the session's token.
    public func signIn(passkey credential: JSON, visitor: String) async throws -> String {
        let response = credential["response"]
        let (challenge, clientBytes) = try clientData(response?["clientDataJSON"]?.string, .get, visitor: visitor)
        func bytes(_ name: String) -> [UInt8]? { response?[name]?.string.flatMap { [UInt8](base64URL: $0) } }
        guard let data = bytes("authenticatorData"), let signature = bytes("signature"), let id = credential["id"]?.string,
            let authenticator = AuthenticatorData(data, site: site)
        else { throw Self.refused }
        let token = [UInt8].random(count: 24).base64URL
        try await journal.commit { act in
            let found = try act.snapshot.find(
                """
                SELECT resident, public_key, COALESCE(count, 0) FROM resident_passkey
                LEFT JOIN passkey_use ON passkey_use.credential = resident_passkey.credential WHERE resident_passkey.credential = \(id)
                """
            ) { (resident: try $0(0, as: String.self), key: try $0(1, as: String.self), count: try $0(2, as: Int.self)) }
            guard let found, let resident = Identifier(found.resident), let owner = try self.resident(resident, in: act.snapshot),
                let key = [UInt8](base64: found.key).flatMap({ CBOR.read($0)?.value }).flatMap({ PasskeyKey(cose: $0) }),
                key.signed(data + Array(SHA256.hash(data: clientBytes)), signature),
                response?["userHandle"]?.string.map({ $0 == handle(of: resident) }) ?? true,
                // A count that does not grow is the mark of a copied key; passkeys that are kept in a cloud always say nought.
                authenticator.count == 0 && found.count == 0 || authenticator.count > found.count
            else { throw Self.refused }
            try spend(challenge, in: act)
            let since = owner.passkeys.first { $0.credential == id }?.addedAt
            try act.operate { transaction in
                try transaction.execute(
                    """
                    INSERT INTO passkey_use (credential, count, used_at) VALUES (\(id), \(authenticator.count), \(act.now))
                    ON CONFLICT (credential) DO UPDATE SET count = excluded.count, used_at = excluded.used_at
                    """
                )
                try startSession(token, of: found.resident, by: since, at: act.now, in: transaction)
            }
        }
        return token
    }
}
