// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Storage

extension Journal {
    /// Tables of the journal itself.
    public static let migrations =
        [
            Migration(
                "20261124-a-journal",
                """
                CREATE TABLE entry (
                    seq INTEGER NOT NULL PRIMARY KEY,
                    id TEXT NOT NULL,
                    stream TEXT NOT NULL,
                    version INTEGER NOT NULL,
                    kind TEXT NOT NULL,
                    at INTEGER NOT NULL,
                    leaf BLOB NOT NULL,
                    inner_part TEXT,
                    inner_salt BLOB,
                    person TEXT,
                    sealed BLOB,
                    UNIQUE (stream, version)
                );
                CREATE INDEX entry_person ON entry (person) WHERE person IS NOT NULL;
                CREATE TABLE journal_head (
                    id INTEGER NOT NULL PRIMARY KEY,
                    size INTEGER NOT NULL
                );
                INSERT INTO journal_head (id, size) VALUES (1, 0);
                CREATE TABLE ledger_signed (
                    id INTEGER NOT NULL PRIMARY KEY,
                    size INTEGER NOT NULL,
                    note TEXT NOT NULL
                );
                INSERT INTO ledger_signed (id, size, note) VALUES (1, 0, '');
                CREATE TABLE person_key (
                    person TEXT NOT NULL PRIMARY KEY,
                    wrapped BLOB,
                    master TEXT
                );
                CREATE TABLE keyring (
                    master TEXT NOT NULL PRIMARY KEY,
                    proof BLOB NOT NULL
                );
                CREATE TABLE half_moved (
                    id INTEGER NOT NULL PRIMARY KEY
                );
                CREATE TABLE idempotency (
                    key TEXT NOT NULL PRIMARY KEY,
                    result TEXT NOT NULL,
                    at INTEGER NOT NULL,
                    content TEXT
                );
                CREATE INDEX idempotency_age ON idempotency (at);
                """
            )
        ] + erasureMigrations + [
            // Reasons why the tables no longer say what this program would make of the entries: written by a migration, gone once
            // they are worked out again.
            Migration("20261130-j-stale", "CREATE TABLE stale_tables (why TEXT NOT NULL PRIMARY KEY);")
        ]

    private static let columns: SQL = "seq, id, stream, version, kind, at, leaf, inner_part, person, sealed"

    /// The entries of a stream, in order.
    public func entries(of stream: String, in snapshot: Snapshot) throws -> [Entry] {
        try snapshot.rows("SELECT \(Self.columns) FROM entry WHERE stream = \(stream) ORDER BY version") { try entry($0, in: snapshot) }
    }

    /// Entries that hold sealed data of a person, in order.
    public func entries(about person: Identifier, in snapshot: Snapshot) throws -> [Entry] {
        try snapshot.rows("SELECT \(Self.columns) FROM entry WHERE person = \(person.description) ORDER BY seq") {
            try entry($0, in: snapshot)
        }
    }

    /// Entries of a range of the journal, in order.
    func entries(from low: Int, to high: Int, in snapshot: Snapshot) throws -> [Entry] {
        try snapshot.rows("SELECT \(Self.columns) FROM entry WHERE seq >= \(low) AND seq < \(high) ORDER BY seq") {
            try entry($0, in: snapshot)
        }
    }

    /// Empties every projection and works it out again from the entries, in one transaction.
    ///
    /// - Parameter progress: entries done, and of how many.
    public func rebuild(progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }) async throws {
        try await database.write { transaction in
            for projection in projections { try projection.empty(in: transaction) }
            let total = try transaction.count("SELECT size FROM journal_head WHERE id = 1")
            var next = 0
            while next < total {
                let page = try transaction.rows("SELECT \(Self.columns) FROM entry WHERE seq >= \(next) ORDER BY seq LIMIT 1000") {
                    try entry($0, in: transaction)
                }
                guard let last = page.last else { break }
                for entry in page {
                    for projection in projections { try projection.apply(entry, in: transaction) }
                }
                next = last.sequence + 1
                progress(next, total)
            }
            for projection in projections { try projection.finish(in: transaction) }
            try transaction.execute("DELETE FROM stale_tables")
        }
    }

    /// Works the tables out again where a migration says that this program makes something else of the entries than the one before.
    public func rebuildWhereStale() async throws {
        guard try await database.read({ try $0.count("SELECT count(*) FROM stale_tables") }) > 0 else { return }
        try await rebuild()
    }

    /// Public leaves from a place on, at most so many.
    public func leaves(from sequence: Int, limit: Int) async throws -> [[UInt8]] {
        try await database.read { snapshot in
            try snapshot.rows("SELECT leaf FROM entry WHERE seq >= \(sequence) ORDER BY seq LIMIT \(limit)") { try $0(0) }
        }
    }

    /// Copies entries and keys into an empty store and works its projections out there.
    public func move(to other: Journal, progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }) async throws {
        let isHalf = try await Self.isHalfMoved(other.database)
        let size = try await other.database.read { try $0.count("SELECT size FROM journal_head WHERE id = 1") }
        guard isHalf || size == 0 else {
            throw Problem(
                "move.not-empty",
                .conflict,
                Text(id: "Basis data tujuan sudah berisi catatan", en: "The target database already holds entries")
            )
        }
        let signed = try await database.read { snapshot in
            try snapshot.rows("SELECT size, note FROM ledger_signed") { (size: try $0(0, as: Int.self), note: try $0(1, as: String.self)) }
        }
        let keys = try await database.read { snapshot in
            try snapshot.rows("SELECT person, wrapped, master FROM person_key") {
                (
                    person: try $0(0, as: String.self), wrapped: try $0.optional(1, as: [UInt8].self),
                    master: try $0.optional(2, as: String.self)
                )
            }
        }
        try await other.database.write { transaction in
            // Marked until all of it is there. What an earlier move that was cut off has left is taken away first.
            for table in ["entry", "person_key", "half_moved"] as [SchemaName] { try transaction.execute("DELETE FROM \(name: table)") }
            try transaction.execute("UPDATE journal_head SET size = 0 WHERE id = 1")
            try transaction.execute("INSERT INTO half_moved (id) VALUES (1)")
            for last in signed { try transaction.execute("UPDATE ledger_signed SET size = \(last.size), note = \(last.note) WHERE id = 1") }
            for key in keys {
                try transaction.execute(
                    "INSERT INTO person_key (person, wrapped, master) VALUES (\(key.person), \(key.wrapped), \(key.master))"
                )
            }
        }
        var next = 0
        while true {
            let from = next
            let page = try await database.read { snapshot in
                try snapshot.rows("SELECT \(Self.columns), inner_salt FROM entry WHERE seq >= \(from) ORDER BY seq LIMIT 1000") {
                    $0.values
                }
            }
            guard !page.isEmpty else { break }
            try await other.database.write { transaction in
                for values in page {
                    let row = Row(values: values)
                    try transaction.execute(
                        """
                        INSERT INTO entry (seq, id, stream, version, kind, at, leaf, inner_part, person, sealed, inner_salt)
                        VALUES (\(try row(0, as: Int.self)), \(try row(1, as: String.self)), \(try row(2, as: String.self)),
                            \(try row(3, as: Int.self)), \(try row(4, as: String.self)), \(try row(5, as: Int64.self)),
                            \(try row(6, as: [UInt8].self)), \(try row.optional(7, as: String.self)),
                            \(try row.optional(8, as: String.self)), \(try row.optional(9, as: [UInt8].self)),
                            \(try row.optional(10, as: [UInt8].self)))
                        """
                    )
                }
                try transaction.execute("UPDATE journal_head SET size = \(from + page.count) WHERE id = 1")
            }
            next += page.count
            progress(next, next)
        }
        try await other.rebuild()
        try await other.database.write { try $0.execute("DELETE FROM half_moved") }
    }

    private static func isHalfMoved(_ database: any Database) async throws -> Bool {
        try await database.read { try $0.count("SELECT count(*) FROM half_moved") } > 0
    }

    /// Refuses a database into which a move was cut off: it lacks entries.
    public static func refuseHalfMoved(_ database: any Database) async throws {
        guard try await isHalfMoved(database) else { return }
        throw Problem(
            "move.half",
            .fault,
            Text(id: "Pemindahan ke basis data ini terputus", en: "A move into this database was cut off"),
            remedy: Text(
                id: "Jalankan balai move dari asalnya sekali lagi; yang setengah jadi diganti.",
                en: "Run balai move from its source again; what is half there is replaced."
            )
        )
    }

    private func entry(_ row: Row, in snapshot: Snapshot) throws -> Entry {
        let leaf = try JSON(parsing: try row(6, as: [UInt8].self))
        let id = try row(1, as: String.self)
        let inner = try row.optional(7, as: String.self).map { try JSON(parsing: $0.utf8) }
        let person = try row.optional(8, as: String.self).flatMap { Identifier($0) }
        var personal: JSON?
        if let person, let sealed = try row.optional(9, as: [UInt8].self), let key = try vault.personKey(person, in: snapshot) {
            personal = try JSON(parsing: key.open(sealed, about: id))["data"]
        }
        return Entry(
            sequence: try row(0),
            id: id,
            stream: try row(2),
            version: try row(3),
            kind: try row(4),
            at: try row(5),
            actor: Actor(
                role: leaf["actor"]?["role"]?.string ?? "",
                unit: leaf["actor"]?["unit"]?.string,
                account: inner?["account"]?.string.flatMap { Identifier($0) }
            ),
            facts: leaf["facts"] ?? [:],
            inner: inner,
            person: person,
            personal: personal
        )
    }
}
