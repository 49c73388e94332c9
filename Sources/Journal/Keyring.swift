// SPDX-License-Identifier: EUPL-1.2

import Crypto
import Essentials
import Foundation
import Storage

extension Vault {
    /// Ties a database to the master keys: the first time it notes proofs of them; from then on it refuses others.
    ///
    /// Under another master key every person's data would read as erased, and what is filed would be sealed beyond recovery.
    public func claim(_ database: any Database) async throws {
        let proofs = self.proofs
        let (known, wrapping) = try await database.read { snapshot in
            (
                try snapshot.rows("SELECT master, proof FROM keyring") { (try $0(0, as: String.self), try $0(1, as: [UInt8].self)) },
                try snapshot.rows("SELECT DISTINCT master FROM person_key WHERE master IS NOT NULL") { try $0(0, as: String.self) }
            )
        }
        guard known.allSatisfy({ proofs[$0.0] == $0.1 }), wrapping.allSatisfy({ proofs[$0] != nil }) else {
            throw Problem(
                "vault.foreign-database",
                .fault,
                Text(
                    id: "Basis data ini tersegel dengan kunci induk lain",
                    en: "This database is sealed under another master key"
                ),
                remedy: Text(
                    id: "Kembalikan keys/master.key milik basis data ini, lengkap dengan semua barisnya; tidak ada yang diubah.",
                    en: "Put back the keys/master.key that belongs to this database, with all its lines. Nothing was changed."
                )
            )
        }
        let names = Set(known.map(\.0))
        let new = proofs.filter { !names.contains($0.key) }.sorted { $0.key < $1.key }
        guard !new.isEmpty else { return }
        try await database.write { transaction in
            for (master, proof) in new {
                try transaction.execute(
                    "INSERT INTO keyring (master, proof) VALUES (\(master), \(proof)) ON CONFLICT (master) DO NOTHING"
                )
            }
        }
    }
}
