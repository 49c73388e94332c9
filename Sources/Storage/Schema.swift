// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// Tables in the dialect that both engines share, but for the names of the types.
///
/// Written with `INTEGER`, `TEXT`, `REAL` and `BLOB`; PostgreSQL is given `BIGINT`, `TEXT`, `DOUBLE PRECISION` and
/// `BYTEA`. SQLite's tables are `STRICT`.
public struct Migration: Sendable {
    /// A name that sorts in the order of application, such as `20261124-journal`; never changed once released.
    public let name: String
    private let sqlite: String
    private let postgres: String
    /// Statements that SQLite runs just before each commit.
    let upkeep: [String]

    /// A step of the schema in the dialect that both engines share: statements, each ending in `;` at the end of a line.
    public init(_ name: String, _ script: StaticString) {
        self.name = name
        sqlite = script.description.replacing("\n);", with: "\n) STRICT;")
        postgres = [(" INTEGER", " BIGINT"), (" REAL", " DOUBLE PRECISION"), (" BLOB", " BYTEA")].reduce(script.description) {
            $0.replacing($1.0, with: $1.1)
        }
        upkeep = []
    }

    /// A step that each engine takes in its own way.
    init(_ name: String, sqlite: String, postgres: String, upkeep: [String]) {
        self.name = name
        self.sqlite = sqlite
        self.postgres = postgres
        self.upkeep = upkeep
    }

    /// Columns with people's words, of which PostgreSQL's planner is to keep no samples: what lies in its statistics is no row
    /// that an erasure could reach.
    public static func withoutSamples(_ name: String, of columns: [(table: StaticString, column: StaticString)]) -> Migration {
        let steps = columns.map { "ALTER TABLE \($0.table) ALTER COLUMN \($0.column) SET STATISTICS 0;" }
        return Migration(name, sqlite: "", postgres: steps.joined(separator: "\n"), upkeep: [])
    }

    /// The script for an engine.
    public func script(for engine: Engine) -> String {
        switch engine {
        case .sqlite: sqlite
        case .postgres: postgres
        }
    }
}

extension Migration {
    /// What stands beside the name of a step that was applied, and tells its statements from others of the same name (FNV-1a of 64
    /// bits: against mistakes, not against attackers). How they are set apart does not count.
    func mark(for engine: Engine) -> String {
        let statements = script(for: engine).split { $0.isWhitespace }.joined(separator: " ")
        let hash = statements.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return "\(name) \(String(hash, radix: 16))"
    }
}

extension Database {
    /// Applies the steps that have not been applied, in order, each in a transaction of its own. Forward only.
    ///
    /// - Throws: a problem where a step of the same name was applied with other statements: the tables are another program's.
    public func migrate(_ migrations: [Migration]) async throws {
        let engine = engine
        try await write { transaction in
            try transaction.execute("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY)")
        }
        let applied = try await read { Set(try $0.rows("SELECT name FROM migration") { try $0(0, as: String.self) }) }
        if let other = migrations.first(where: { applied.contains($0.name) && !applied.contains($0.mark(for: engine)) }) {
            throw otherTables(other.name)
        }
        for migration in migrations.sorted(by: { $0.name < $1.name }) {
            try await write { transaction in
                guard try transaction.count("SELECT count(*) FROM migration WHERE name = \(migration.name)") == 0 else { return }
                try transaction.executeScript(migration.script(for: engine))
                try transaction.execute("INSERT INTO migration (name) VALUES (\(migration.name)), (\(migration.mark(for: engine)))")
            }
        }
        beforeEachCommit(migrations.flatMap(\.upkeep))
    }

    private func otherTables(_ step: String) -> Problem {
        Problem(
            "schema.other",
            .fault,
            Text(
                id: "Tabel basis data ini dibuat versi program yang lain (langkah \(step))",
                en: "The tables of this database were made by another version of the program (step \(step))"
            ),
            remedy: Text(
                id:
                    "Jalankan versi yang membuatnya; atau balai move --to BASIS-DATA-BARU, yang menyusun tabelnya lagi dari jurnal. Kota peragaan: hapus folder datanya.",
                en:
                    "Run the version that made it; or balai move --to NEW-DATABASE, which works its tables out again from the journal. A demo: remove its data folder."
            )
        )
    }
}
