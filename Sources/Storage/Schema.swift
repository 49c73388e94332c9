// SPDX-License-Identifier: EUPL-1.2

/// Tables in the dialect that both engines share, but for the names of the types.
///
/// Written with `INTEGER`, `TEXT`, `REAL` and `BLOB`; PostgreSQL is given `BIGINT`, `TEXT`, `DOUBLE PRECISION` and
/// `BYTEA`. SQLite's tables are `STRICT`.
public struct Migration: Sendable {
    /// A name that sorts in the order of application, such as `20261124-journal`; never changed once released.
    public let name: String
    /// Statements, each ending in `;` at the end of a line.
    public let script: String

    /// A step of the schema.
    public init(_ name: String, _ script: StaticString) {
        self.name = name
        self.script = script.description
    }

    /// The script for an engine.
    public func script(for engine: Engine) -> String {
        switch engine {
        case .sqlite: return script.replacing("\n);", with: "\n) STRICT;")
        case .postgres:
            var text = script
            for (name, dialect) in [(" INTEGER", " BIGINT"), (" REAL", " DOUBLE PRECISION"), (" BLOB", " BYTEA")] {
                text = text.replacing(name, with: dialect)
            }
            return text
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
    }
}
