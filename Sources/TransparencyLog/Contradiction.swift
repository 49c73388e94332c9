// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// Something that does not hold: an entry that is not what was signed, a table that does not follow from the entries.
public struct Contradiction: Error, Hashable, Sendable {
    /// Where: `entry 17`, `table payment`, `ledger`.
    public let place: String
    /// What does not hold.
    public let finding: Text

    /// Something that does not hold.
    public init(_ place: String, _ finding: Text) {
        self.place = place
        self.finding = finding
    }

    /// Whether it is about a table, not about the entries themselves.
    public var isOfTable: Bool { place.hasPrefix("table ") }
}

extension Contradiction {
    /// The log in the folder is older than what was signed.
    public static func rolledBack(from signed: Int, to size: Int) -> Contradiction {
        Contradiction(
            "ledger",
            size == 0
                ? Text(
                    id: "Buku besar tidak ada di foldernya, padahal \(signed) catatan sudah ditandatangani",
                    en: "The ledger is not in its folder, but \(signed) entries have been signed"
                )
                : Text(
                    id: "Buku besar dimundurkan: \(signed) catatan sudah ditandatangani, di foldernya tinggal \(size)",
                    en: "The ledger was rolled back: \(signed) entries have been signed, in its folder there are \(size)"
                )
        )
    }

    /// What was signed last says something else than the log or the entries.
    public static func otherHistory(at size: Int) -> Contradiction {
        Contradiction(
            "ledger",
            Text(
                id: "\(size) catatan pertama bukan yang ditandatangani terakhir kali",
                en: "The first \(size) entries are not the ones that were signed last"
            )
        )
    }

    /// Somebody else has written the checkpoint while the city was open.
    static let exchanged = Contradiction(
        "ledger",
        Text(
            id: "Pernyataan di folder buku besar bukan yang ditulis kota ini terakhir kali",
            en: "The checkpoint in the ledger’s folder is not the one that this city wrote last"
        )
    )

    /// The latest checkpoint is by another key.
    public static let foreignLog = Contradiction(
        "ledger",
        Text(
            id: "Pernyataan terakhir tidak ditandatangani oleh kunci kota ini",
            en: "The latest checkpoint is not signed by this city’s key"
        )
    )

    /// A file of the log is missing or broken.
    public static func file(_ path: String) -> Contradiction {
        Contradiction("ledger", Text(id: "Berkas \(path) hilang atau rusak", en: "The file \(path) is missing or broken"))
    }

    /// Why a log could not be taken up.
    static func broken(_ error: any Error) -> Contradiction {
        switch error as? LedgerFault {
        case .signature: foreignLog
        case .missingTile(let path), .malformed(let path): file(path)
        default: Contradiction("ledger", Text(id: "Buku besar tidak dapat dibaca: \(error)", en: "The ledger cannot be read: \(error)"))
        }
    }
}
