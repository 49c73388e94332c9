// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Journal
import Notifications
import Storage

/// Six digits that go to a contact, to find out whether it is its owner who asks. A code serves once, for one purpose, for a
/// while, and ends after a few wrong tries.
public enum ContactCodes {
    /// The table of codes that are out.
    public static let migrations = [
        Migration(
            "20261126-a-codes",
            """
            CREATE TABLE contact_code (
                purpose_hash TEXT NOT NULL PRIMARY KEY,
                code_hash TEXT NOT NULL,
                sealed BLOB NOT NULL,
                tries INTEGER NOT NULL,
                expires_at INTEGER NOT NULL
            );
            """
        )
    ]

    /// Wrong tries after which a code is good no more.
    public static let tries = 5
    /// Whether one more code may go to a contact: nobody is flooded with codes, and nobody guesses by asking for new ones.
    ///
    /// - Parameter network: whence it was asked for; nil where an officer asks.
    public static func allows(_ contact: String, from network: String?, vault: Vault, now: Instant) -> Bool {
        Contact(contact).map { MessageBudget.take(for: $0, from: network, vault: vault, now: now) == nil } ?? false
    }

    /// Makes sure that one more code may go to a contact.
    public static func requireFew(for contact: String, from network: String?, vault: Vault, now: Instant) throws {
        guard allows(contact, from: network, vault: vault, now: now) else {
            throw Problem(
                "code.too-many",
                .tooMany,
                Text(id: "Terlalu sering meminta kode", en: "Too many codes were asked for"),
                remedy: Text(
                    id: "Pakai kode terakhir, atau coba lagi 15 menit lagi.",
                    en: "Use the last code, or try again in 15 minutes."
                ),
                retryAfter: 900
            )
        }
    }

    /// Makes a code for a purpose; an earlier one for the same is good no more.
    ///
    /// - Parameters:
    ///   - purpose: what it is for, with whatever it is bound to.
    ///   - value: what is kept with it.
    ///   - seconds: for how long it is good.
    public static func issue(for purpose: String, keeping value: String = "", seconds: Int64, in act: Act, vault: Vault) throws -> String {
        var generator = SystemRandomNumberGenerator()
        let code = Int.random(in: 0..<1_000_000, using: &generator).padded(6)
        let sealed = try vault.sealPassing(Array(value.utf8))
        try act.operate {
            try $0.execute("DELETE FROM contact_code WHERE expires_at < \(act.now)")
            try $0.execute(
                """
                INSERT INTO contact_code (purpose_hash, code_hash, sealed, tries, expires_at)
                VALUES (\(vault.tokenHash("purpose:\(purpose)")), \(hash(code, purpose, vault)), \(sealed), 0,
                    \(act.now.adding(seconds: seconds)))
                ON CONFLICT (purpose_hash) DO UPDATE SET code_hash = excluded.code_hash, sealed = excluded.sealed, tries = 0,
                    expires_at = excluded.expires_at
                """
            )
        }
        return code
    }

    /// Uses a code up. The caller must not throw within the act where it was wrong: the try would not be counted.
    ///
    /// - Returns: what was kept with it; nil where it is wrong, too old, or was tried too often.
    public static func take(_ code: String, for purpose: String, in act: Act, vault: Vault) throws -> String? {
        let name = vault.tokenHash("purpose:\(purpose)")
        let found = try act.snapshot.find(
            "SELECT code_hash, sealed FROM contact_code WHERE purpose_hash = \(name) AND tries < \(tries) AND expires_at > \(act.now)"
        ) { (hash: try $0(0, as: String.self), sealed: try $0(1, as: [UInt8].self)) }
        guard let found else { return nil }
        let digits = String(code.filter { !" -".contains($0) })
        guard constantTimeEqual(Array(found.hash.utf8), Array(hash(digits, purpose, vault).utf8)) else {
            try act.operate { try $0.execute("UPDATE contact_code SET tries = tries + 1 WHERE purpose_hash = \(name)") }
            return nil
        }
        try act.operate { try $0.execute("DELETE FROM contact_code WHERE purpose_hash = \(name)") }
        return String(decoding: try vault.openPassing(found.sealed), as: UTF8.self)
    }

    /// What is kept with a code that can still be written.
    static func pending(for purpose: String, at now: Instant, vault: Vault, in snapshot: Snapshot) throws -> String? {
        let sealed = try snapshot.find(
            """
            SELECT sealed FROM contact_code WHERE purpose_hash = \(vault.tokenHash("purpose:\(purpose)")) AND tries < \(tries)
                AND expires_at > \(now)
            """
        ) { try $0(0, as: [UInt8].self) }
        return try sealed.map { String(decoding: try vault.openPassing($0), as: UTF8.self) }
    }

    /// Takes away codes for these purposes, and those that are kept with one of these contacts.
    static func forget(_ purposes: [String], _ contacts: Set<String>, vault: Vault, in transaction: Transaction) throws {
        let hashes = purposes.map { vault.tokenHash("purpose:\($0)") }
        try transaction.execute("DELETE FROM contact_code WHERE purpose_hash IN \(in: hashes)")
        guard !contacts.isEmpty else { return }
        let open = try transaction.rows("SELECT purpose_hash, sealed FROM contact_code") {
            (hash: try $0(0, as: String.self), sealed: try $0(1, as: [UInt8].self))
        }
        for code in open where contacts.contains(String(decoding: try vault.openPassing(code.sealed), as: UTF8.self)) {
            try transaction.execute("DELETE FROM contact_code WHERE purpose_hash = \(code.hash)")
        }
    }

    /// What is said where a code is not taken.
    public static func refused(field: String = "code") -> Problem {
        Problem.fields([
            Problem.Field(
                field,
                Text(
                    id: "Kode tidak cocok atau sudah lewat. Tulis enam angka dari pesan terakhir, atau minta kode baru",
                    en: "The code does not match or is too old. Write the six digits of the last message, or ask for a new code"
                )
            )
        ])
    }

    private static func hash(_ code: String, _ purpose: String, _ vault: Vault) -> String { vault.tokenHash("code:\(purpose):\(code)") }
}
