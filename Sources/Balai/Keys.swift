// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import Storage

/// The files of a city's keys: made once, for a city that is new; never beside data that belongs to others.
extension CityHall.Places {
    /// Refuses to go on where data is and a key is not: a new key would close the old data for good, or sign another log.
    func requireKeys(beside database: any Database) async throws {
        let entries = try await database.read { try $0.count("SELECT size FROM journal_head WHERE id = 1") }
        let hasLog = FileManager.default.fileExists(atPath: ledger.appendingPathComponent("checkpoint").path)
        let isMissing: (URL) -> Bool = { !FileManager.default.fileExists(atPath: $0.path) }
        // Papers may be signed by the agency's own key from the first day, before there are others.
        var needed = isMissing(documentKey) ? [] : [documentCertificate]
        if entries > 0 || hasLog { needed = [masterKey, ledgerKey, documentKey, documentCertificate] }
        if !isMissing(masterKey) || !isMissing(ledgerKey) { needed += [masterKey, ledgerKey] }
        guard let missing = needed.first(where: isMissing) else { return }
        throw Problem(
            "keys.missing",
            .fault,
            Text(
                id: "\(missing.path) tidak ada, padahal kota ini sudah berisi data",
                en: "\(missing.path) is missing, but the city is not new"
            ),
            remedy: Text(
                id: "Sambungkan atau kembalikan folder keys dari tempat penyimpanannya. Kunci baru tidak dibuat.",
                en: "Mount or put back the folder keys from where it is kept. No new key was made."
            )
        )
    }
}
