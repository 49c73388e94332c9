// SPDX-License-Identifier: EUPL-1.2

import Crypto
import Essentials
import Foundation
import Storage
import TransparencyLog

/// Holds every table of every projection against a replay of the journal into an empty database, by digests.
public struct TableAudit: Sendable {
    /// The sum of the hashes of a table's rows: the same whatever the order, so that two engines can be compared.
    private struct Digest: Equatable {
        var rows = 0
        var lanes: [UInt64] = [0, 0, 0, 0]

        mutating func add(_ hash: SHA256Digest) {
            rows += 1
            hash.withUnsafeBytes { bytes in
                for lane in 0..<4 { lanes[lane] &+= bytes.loadUnaligned(fromByteOffset: 8 * lane, as: UInt64.self) }
            }
        }
    }

    private let journal: Journal
    private let scratch: any Database

    /// An audit of a journal's tables.
    ///
    /// - Parameter scratch: an empty database with the same tables, to be thrown away.
    public init(_ journal: Journal, scratch: any Database) {
        self.journal = journal
        self.scratch = scratch
    }

    /// Replays and compares.
    ///
    /// - Returns: the tables that do not follow from the entries, each with a row where it can be named.
    public func run(progress: @Sendable (Int, Int) -> Void = { _, _ in }) async throws -> [Contradiction] {
        // An erasure in the meantime changes what a replay can read; then it is looked at again.
        let widths = try await widths()
        for _ in 0..<4 {
            let live = try await journal.database.read { snapshot in
                (
                    size: try snapshot.count("SELECT size FROM journal_head WHERE id = 1"), erased: try Self.erased(snapshot),
                    digests: try digests(snapshot, widths)
                )
            }
            try await replay(upTo: live.size, progress: progress)
            guard try await journal.database.read({ try Self.erased($0) }) == live.erased else { continue }
            let replayed = try await scratch.read { try digests($0, widths) }
            var found: [Contradiction] = []
            for (table, digest) in live.digests where replayed[table] != digest {
                let row = try await firstDifference(table, width: widths[table] ?? 0)
                found.append(
                    Contradiction(
                        "table \(table.text)",
                        Text(
                            id: "Tidak mengikuti dari catatan\(row.map { ": baris \($0)" } ?? "")",
                            en: "It does not follow from the entries\(row.map { ": row \($0)" } ?? "")"
                        )
                    )
                )
            }
            return found.sorted { $0.place < $1.place }
        }
        throw StorageError.conflict
    }

    private static func erased(_ snapshot: Snapshot) throws -> Int {
        try snapshot.count("SELECT count(*) FROM person_key WHERE wrapped IS NULL")
    }

    /// How many columns of each table are the projection's own: behind them PostgreSQL keeps what it works out for its searches.
    private func widths() async throws -> [SchemaName: Int] {
        try await scratch.read { snapshot in
            var widths: [SchemaName: Int] = [:]
            for table in journal.projections.flatMap(\.tables) {
                widths[table] = try snapshot.count("SELECT count(*) FROM pragma_table_info(\(table.text))")
            }
            return widths
        }
    }

    private func digests(_ snapshot: Snapshot, _ widths: [SchemaName: Int]) throws -> [SchemaName: Digest] {
        var digests: [SchemaName: Digest] = [:]
        for table in journal.projections.flatMap(\.tables) {
            var digest = Digest()
            try snapshot.forEach("SELECT * FROM \(name: table)") { digest.add(Self.hash($0, width: widths[table] ?? 0)) }
            digests[table] = digest
        }
        return digests
    }

    /// Works the tables out in the scratch database from the entries of the journal.
    private func replay(upTo size: Int, progress: @Sendable (Int, Int) -> Void) async throws {
        try await scratch.write { transaction in
            for projection in journal.projections { try projection.empty(in: transaction) }
        }
        let step = 1000
        try await inOrder(stride(from: 0, to: size, by: step), ahead: 1) { low in
            try await journal.database.read { try journal.entries(from: low, to: min(low + step, size), in: $0) }
        } take: { low, page in
            try await scratch.write { transaction in
                for entry in page {
                    for projection in journal.projections { try projection.apply(entry, in: transaction) }
                }
            }
            progress(min(low + step, size), size)
            return true
        }
        try await scratch.write { transaction in
            for projection in journal.projections { try projection.finish(in: transaction) }
        }
    }

    /// The key of a row that only one side has. What was filed since is among them: good enough for whoever looks.
    private func firstDifference(_ table: SchemaName, width: Int) async throws -> String? {
        let replayed = try await scratch.read { snapshot in
            Set(try snapshot.rows("SELECT * FROM \(name: table)") { Array(Self.hash($0, width: width)) })
        }
        return try await journal.database.read { snapshot in
            var first: String?
            try snapshot.forEach("SELECT * FROM \(name: table)") { row in
                if first == nil, !replayed.contains(Array(Self.hash(row, width: width))) { first = row.values.first.map(Self.text) }
            }
            return first
        }
    }

    private static func text(_ value: Value) -> String {
        switch value {
        case .null: "–"
        case .integer(let number): "\(number)"
        case .real(let number): "\(number)"
        case .text(let text): text
        case .blob(let bytes): bytes.hex
        }
    }

    /// Each value after its type and length, so that no two rows look alike.
    private static func hash(_ row: Row, width: Int) -> SHA256Digest {
        var bytes: [UInt8] = []
        func add(_ type: UInt8, _ content: some Collection<UInt8>) {
            bytes.append(type)
            withUnsafeBytes(of: UInt64(content.count).littleEndian) { bytes += $0 }
            bytes += content
        }
        for value in row.values.prefix(width) {
            switch value {
            case .null: add(0, [UInt8]())
            case .integer(let number): withUnsafeBytes(of: number.littleEndian) { add(1, $0) }
            case .real(let number): withUnsafeBytes(of: number.bitPattern.littleEndian) { add(2, $0) }
            case .text(let text): add(3, text.utf8)
            case .blob(let content): add(4, content)
            }
        }
        return SHA256.hash(data: bytes)
    }
}
