// SPDX-License-Identifier: EUPL-1.2

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

extension Database {
    /// Applies the steps that have not been applied, in order, each in a transaction of its own. Forward only.
    public func migrate(_ migrations: [Migration]) async throws {
        let engine = engine
        try await write { transaction in
            try transaction.execute("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY)")
        }
        for migration in migrations.sorted(by: { $0.name < $1.name }) {
            try await write { transaction in
                guard try transaction.count("SELECT count(*) FROM migration WHERE name = \(migration.name)") == 0 else { return }
                try transaction.executeScript(migration.script(for: engine))
                try transaction.execute("INSERT INTO migration (name) VALUES (\(migration.name))")
            }
        }
        beforeEachCommit(migrations.flatMap(\.upkeep))
    }
}
