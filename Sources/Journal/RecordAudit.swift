// SPDX-License-Identifier: EUPL-1.2

import Crypto
import Essentials
import Storage
import TransparencyLog

/// Holds the journal against the signed log and against its own commitments. Reads in pages, each in a snapshot of its own, so
/// that neither writers nor memory notice.
public struct RecordAudit: Sendable {
    /// Rows read in one snapshot; as many as a full bundle of the log.
    private static let page = Tile.width
    /// Findings after which no more are listed: the first few say what to do.
    public static let limit = 20

    /// What an audit came to.
    public struct Outcome: Sendable {
        /// What does not hold, at most ``RecordAudit/limit`` of it.
        public let found: [Contradiction]
        /// Entries that the journal had.
        public let entries: Int
        /// How many of them were signed.
        public let signed: Int
    }

    private let journal: Journal
    private let log: LedgerFolder
    private let verifier: NoteVerifier

    /// An audit of a journal against a log.
    public init(_ journal: Journal, log: LedgerFolder, verifier: NoteVerifier) {
        self.journal = journal
        self.log = log
        self.verifier = verifier
    }

    /// Looks at the entries from a place on.
    ///
    /// - Parameters:
    ///   - start: from which entry; only from 0 is the root worked out again.
    ///   - isBehind: whether the log may lack what was signed last, as that of a backup does.
    ///   - progress: entries done, and of how many.
    public func run(
        from start: Int = 0,
        isBehind: Bool = false,
        progress: @Sendable (Int, Int) -> Void = { _, _ in }
    ) async throws -> Outcome {
        // What was signed last first, then the log, then the journal: each only grows, so it must hold at least as much.
        let known: Checkpoint?
        var found: [Contradiction] = []
        do {
            known = try await journal.database.read { [verifier] in try Journal.signedLast(verifier, in: $0) }
        } catch let contradiction as Contradiction {
            known = nil
            found.append(contradiction)
        }
        let note = log.checkpoint
        let total = try await journal.database.read { try $0.count("SELECT COALESCE(MAX(seq) + 1, 0) FROM entry") }
        let checkpoint: Checkpoint?
        do {
            checkpoint = try note.map { try Checkpoint(text: verifier.open($0)) }
        } catch is LedgerFault {
            return Outcome(found: [.foreignLog], entries: total, signed: 0)
        }
        found += try await heads(checkpoint)
        if let known, known.size > checkpoint?.size ?? 0, !isBehind {
            found.append(.rolledBack(from: known.size, to: checkpoint?.size ?? 0))
        }
        if let known, known.size == checkpoint?.size, known.root != checkpoint?.root { found.append(.otherHistory(at: known.size)) }
        let from = start - start % Self.page
        var frontier = from == 0 ? Frontier() : nil
        let pages = stride(from: from, to: max(from, total), by: Self.page)
        try await inOrder(pages, ahead: 2) { low in
            try await look(from: low, to: min(low + Self.page, total), signed: checkpoint?.size ?? 0)
        } take: { low, page in
            found += page.found
            var tiles: [(level: Int, index: Int, hashes: [Hash])] = []
            for hash in page.leaves {
                frontier?.append(hash) { level, index, hashes in
                    if (index + 1) << (8 * (level + 1)) <= checkpoint?.size ?? 0 { tiles.append((level, index, hashes)) }
                }
                guard let edge = frontier else { continue }
                if let known, edge.size == known.size, edge.root != known.root { found.append(.otherHistory(at: known.size)) }
                guard let checkpoint, edge.size == checkpoint.size else { continue }
                if edge.root != checkpoint.root { found.append(Self.foreignRoot) }
                for (level, hashes) in edge.levels.enumerated() where !hashes.isEmpty {
                    tiles.append((level, (checkpoint.size >> (8 * level)) / Tile.width, hashes))
                }
            }
            for tile in tiles {
                let path = Tile.path(level: tile.level, index: tile.index, width: tile.hashes.count)
                let lies = try? await log.hashes(level: tile.level, index: tile.index, width: tile.hashes.count)
                if lies != tile.hashes { found.append(.file(path)) }
            }
            progress(min(low + Self.page, total), total)
            return found.count < Self.limit
        }
        return Outcome(found: Array(found.prefix(Self.limit)), entries: total, signed: checkpoint?.size ?? 0)
    }

    private static let foreignRoot = Contradiction(
        "ledger",
        Text(
            id: "Akar pohon tidak mengikuti dari catatan kota",
            en: "The signed root does not follow from the city’s entries"
        )
    )

    /// The head against the rows and the log; streams without gaps.
    private func heads(_ checkpoint: Checkpoint?) async throws -> [Contradiction] {
        try await journal.database.read { snapshot in
            var found: [Contradiction] = []
            let head = try snapshot.count("SELECT size FROM journal_head WHERE id = 1")
            let rows = try snapshot.count("SELECT count(*) FROM entry")
            let end = try snapshot.count("SELECT COALESCE(MAX(seq) + 1, 0) FROM entry")
            if head != rows || head != end {
                found.append(
                    Contradiction(
                        "journal",
                        Text(
                            id: "Kepala jurnal menyebut \(head) catatan, yang ada \(rows), yang terakhir bernomor \(end - 1)",
                            en: "The head says \(head) entries, \(rows) are there, the last is number \(end - 1)"
                        )
                    )
                )
            }
            if let checkpoint, checkpoint.size > rows {
                found.append(Contradiction.shorter(rows, than: checkpoint.size))
            }
            let streams = try snapshot.rows(
                """
                SELECT stream FROM entry GROUP BY stream HAVING MIN(version) <> 1 OR MAX(version) <> COUNT(*)
                ORDER BY stream LIMIT \(Self.limit)
                """
            ) { try $0(0, as: String.self) }
            found += streams.map {
                Contradiction("stream \($0)", Text(id: "Urutan catatannya berlubang", en: "There are gaps in its entries"))
            }
            return try found + keys(in: snapshot)
        }
    }

    /// Keys against erasures: none is gone that nobody erased, none is back that somebody did.
    private func keys(in snapshot: Snapshot) throws -> [Contradiction] {
        let gone = try snapshot.rows(
            """
            SELECT DISTINCT entry.person FROM entry LEFT JOIN person_key ON person_key.person = entry.person
            WHERE entry.person IS NOT NULL AND person_key.wrapped IS NULL AND NOT EXISTS (
                SELECT 1 FROM entry AS erasure WHERE erasure.stream = 'person/' || entry.person AND erasure.kind = 'person.erased')
            ORDER BY entry.person LIMIT \(Self.limit)
            """
        ) { try $0(0, as: String.self) }
        let back = try snapshot.rows(
            """
            SELECT person_key.person FROM entry JOIN person_key ON 'person/' || person_key.person = entry.stream
            WHERE entry.kind = 'person.erased' AND person_key.wrapped IS NOT NULL ORDER BY person_key.person LIMIT \(Self.limit)
            """
        ) { try $0(0, as: String.self) }
        return gone.map {
            Contradiction("person \($0)", Text(id: "Kuncinya hilang tanpa penghapusan", en: "The key is gone, but nobody erased it"))
        }
            + back.map {
                Contradiction("person \($0)", Text(id: "Kuncinya ada lagi setelah penghapusan", en: "The key is back after an erasure"))
            }
    }

    /// One page of entries against what the log holds of it.
    private func look(from low: Int, to high: Int, signed: Int) async throws -> (leaves: [Hash], found: [Contradiction]) {
        let width = max(0, min(Self.page, signed - low))
        var bundle: [[UInt8]] = []
        var found: [Contradiction] = []
        if width > 0 {
            do {
                bundle = try await log.entries(index: low / Self.page, width: width)
            } catch is LedgerFault {
                found.append(.file(Tile.entries(index: low / Self.page, width: width)))
            }
        }
        let leaves = bundle
        let page = try await journal.database.read { try look(from: low, to: high, leaves, in: $0) }
        return (page.leaves, found + page.found)
    }

    /// One page of entries against its bundle.
    private func look(
        from low: Int,
        to high: Int,
        _ bundle: [[UInt8]],
        in snapshot: Snapshot
    ) throws -> (
        leaves: [Hash], found: [Contradiction]
    ) {
        var leaves: [Hash] = []
        var found: [Contradiction] = []
        var next = low
        var keys: [Identifier: PersonKey?] = [:]
        try snapshot.forEach(
            """
            SELECT seq, id, stream, version, kind, at, leaf, inner_part, inner_salt, person, sealed FROM entry
            WHERE seq >= \(low) AND seq < \(high) ORDER BY seq
            """
        ) { row in
            let sequence = try row(0, as: Int.self)
            let leaf = try row(6, as: [UInt8].self)
            while next < sequence {
                found.append(Contradiction("entry \(next)", Text(id: "Catatan ini hilang", en: "This entry is missing")))
                next += 1
            }
            next = sequence + 1
            leaves.append(Merkle.leaf(leaf))
            if sequence - low < bundle.count, bundle[sequence - low] != leaf {
                let text = Text(id: "Bukan yang ditandatangani di buku besar", en: "It is not what was signed in the ledger")
                found.append(Contradiction("entry \(sequence)", text))
            }
            if let text = try fault(of: row, leaf, &keys, in: snapshot) { found.append(Contradiction("entry \(sequence)", text)) }
        }
        while next < high {
            found.append(Contradiction("entry \(next)", Text(id: "Catatan ini hilang", en: "This entry is missing")))
            next += 1
        }
        return (leaves, found)
    }

    /// What of a row is not as its leaf says; nil when all is.
    private func fault(of row: Row, _ bytes: [UInt8], _ keys: inout [Identifier: PersonKey?], in snapshot: Snapshot) throws -> Text? {
        guard let leaf = try? JSON(parsing: bytes), leaf.canonical == bytes else {
            return Text(id: "Baris terbukanya bukan JSON kanonis", en: "Its open part is not canonical JSON")
        }
        let id = try row(1, as: String.self)
        let columns: [(name: String, value: JSON)] = [
            ("at", .integer(try row(5, as: Int64.self))), ("id", .string(id)), ("kind", .string(try row(4))),
            ("stream", .string(try row(2))), ("version", JSON(try row(3, as: Int.self))),
        ]
        if let name = columns.first(where: { leaf[$0.name] != $0.value })?.name {
            return Text(id: "Kolom \(name) berbeda dari baris terbukanya", en: "Its column \(name) differs from its open part")
        }
        if try innerCommitment(row) != leaf["inner"]?.string {
            return Text(id: "Bagian dalamnya bukan yang dicatat", en: "Its inner part is not the one that was recorded")
        }
        let sealed = try row.optional(10, as: [UInt8].self)
        guard sealed.map(Leaf.commitment(toSealed:)) == leaf["sealed"]?.string, (sealed == nil) == (leaf["personal"]?.string == nil) else {
            return Text(id: "Bagian tersegelnya bukan yang dicatat", en: "Its sealed part is not the one that was recorded")
        }
        guard let sealed else { return nil }
        let closed = Text(id: "Kunci orangnya tidak membuka bagian tersegelnya", en: "Its person’s key does not open its sealed part")
        guard let person = try row.optional(9, as: String.self).flatMap({ Identifier($0) }) else { return closed }
        do {
            // Of the erased there is no key, and nothing more to look at than the hash above.
            let known = keys[person]
            let key = try known ?? journal.vault.personKey(person, in: snapshot)
            if known == nil { keys[person] = .some(key) }
            guard let key else { return nil }
            let content = try JSON(parsing: key.open(sealed, about: id))
            let salt = content["salt"]?.string.flatMap { [UInt8](base64: $0) }
            guard let data = content["data"], let salt, Leaf.commitment(to: data, salt: salt) == leaf["personal"]?.string else {
                return closed
            }
            return nil
        } catch is CryptoKitError {
            return closed
        }
    }

    private func innerCommitment(_ row: Row) throws -> String? {
        guard let text = try row.optional(7, as: String.self) else { return nil }
        guard let inner = try? JSON(parsing: text.utf8), let salt = try row.optional(8, as: [UInt8].self) else { return "" }
        return Leaf.commitment(to: inner, salt: salt)
    }
}

extension Contradiction {
    /// The journal has lost entries that were signed.
    static func shorter(_ rows: Int, than signed: Int) -> Contradiction {
        Contradiction(
            "journal",
            Text(
                id: "Jurnal berisi \(rows) catatan, buku besar sudah menandatangani \(signed)",
                en: "The journal holds \(rows) entries; the ledger has signed \(signed)"
            )
        )
    }
}
