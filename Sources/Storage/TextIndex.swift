// SPDX-License-Identifier: EUPL-1.2

/// Full-text search over a column: FTS5 on SQLite, `tsvector` on PostgreSQL. The database keeps it up to date by itself, so
/// that projections write their table and nothing else.
///
/// The column holds words of letters and digits with spaces between; so must what is searched for.
public struct TextIndex: Sendable {
    private let table: String
    private let key: String
    private let column: String
    private let moment: String

    /// An index over a column of a table.
    ///
    /// - Parameters:
    ///   - table: whose rows are found.
    ///   - key: the unique text by which its rows are known.
    ///   - column: the words.
    ///   - moment: a column in epoch milliseconds that never changes; what is found comes newest first.
    public init(table: StaticString, key: StaticString, column: StaticString, moment: StaticString) {
        self.table = table.description
        self.key = key.description
        self.column = column.description
        self.moment = moment.description
    }

    /// The step of the schema that makes it, and takes in what is there.
    public func migration(_ name: String) -> Migration {
        Migration(name, sqlite: sqlite, postgres: postgres, upkeep: upkeep)
    }

    /// How a word that is searched for is found.
    public enum Match: Sendable {
        /// As a whole word: quick however many rows have it.
        case whole
        /// As the beginning of a word, where it has three letters or more: every word that begins so is gathered first.
        case beginning
    }

    /// The rows in which every word occurs.
    public func matches(_ words: [String], as match: Match, in snapshot: Snapshot) -> Selection {
        switch snapshot.driver.engine {
        case .sqlite:
            // CROSS JOIN keeps the order: from the words to the rows.
            Selection(
                source: SQL(parts: [
                    .text("\(table)_words CROSS JOIN \(table)_number ON number = \(table)_words.rowid CROSS JOIN \(table) USING (\(key))")
                ]),
                condition: SQL(parts: [.text("\(table)_words MATCH "), .bind(.text(query(words, match, in: snapshot)))]),
                newest: SQL(parts: [.text("\(table)_words.rowid DESC")])
            )
        case .postgres:
            // OFFSET 0 keeps the planner from walking all rows by date to find the few.
            Selection(
                source: SQL(parts: [
                    .text("(SELECT * FROM \(table) WHERE \(column)_words @@ to_tsquery('simple', "),
                    .bind(.text(query(words, match, in: snapshot))), .text(") OFFSET 0) AS \(table)"),
                ]),
                condition: "1 = 1",
                newest: SQL(parts: [.text("\(moment) DESC, \(key)")])
            )
        }
    }

    /// Whether the index gives the newest first by itself, so that a page of them is found at once however many there are.
    /// PostgreSQL's gathers all and sorts them.
    public func isOrdered(in snapshot: Snapshot) -> Bool { snapshot.driver.engine == .sqlite }

    /// In how many rows every word occurs, counted up to a bound.
    public func count(_ words: [String], as match: Match, upTo bound: Int, in snapshot: Snapshot) throws -> Int {
        let table =
            switch snapshot.driver.engine {
            case .sqlite: "\(table)_words WHERE \(table)_words MATCH "
            case .postgres: "\(table) WHERE \(column)_words @@ to_tsquery('simple', "
            }
        let end = snapshot.driver.engine == .sqlite ? "" : ")"
        return try snapshot.count(
            SQL(parts: [
                .text("SELECT count(*) FROM (SELECT 1 FROM \(table)"), .bind(.text(query(words, match, in: snapshot))),
                .text("\(end) LIMIT "), .bind(.integer(Int64(bound))), .text(") AS found"),
            ])
        )
    }

    private func query(_ words: [String], _ match: Match, in snapshot: Snapshot) -> String {
        func isOpen(_ word: String) -> Bool { match == .beginning && word.count >= 3 }
        return switch snapshot.driver.engine {
        case .sqlite: words.map { "\"\($0)\"\(isOpen($0) ? " *" : "")" }.joined(separator: " ")
        case .postgres: words.map { "\($0)\(isOpen($0) ? ":*" : "")" }.joined(separator: " & ")
        }
    }

    /// Empties the index, and keeps it no longer up to date.
    public func suspend(in transaction: Transaction) throws {
        guard transaction.driver.engine == .sqlite else { return }
        try transaction.executeScript(
            """
            DROP TRIGGER \(table)_words_insert;
            DROP TRIGGER \(table)_words_update;
            DROP TRIGGER \(table)_words_delete;
            INSERT INTO \(table)_words (\(table)_words) VALUES ('delete-all');
            DELETE FROM \(table)_number;
            DELETE FROM \(table)_words_due;
            """
        )
    }

    /// Fills the index from its table, and keeps it up to date from now on.
    public func resume(in transaction: Transaction) throws {
        guard transaction.driver.engine == .sqlite else { return }
        try transaction.executeScript(filling)
    }

    /// The index holds no copy of the text, so that what is erased from the table is not kept here.
    ///
    /// Its rows are numbered by time, a million numbers a second, so that it gives them in that order by itself. What has
    /// changed waits in a table until just before the commit: written one by one, each change would be a segment.
    private var sqlite: String {
        """
        CREATE TABLE \(table)_number (number INTEGER PRIMARY KEY, \(key) TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE \(table)_words_due (number INTEGER PRIMARY KEY, old TEXT, new TEXT) STRICT;
        CREATE VIRTUAL TABLE \(table)_words USING fts5(\(column), content='', detail=none, columnsize=0);
        \(filling)
        """
    }

    /// What SQLite does just before each commit.
    private var upkeep: [String] {
        [
            "INSERT INTO \(table)_words (\(table)_words, rowid, \(column)) SELECT 'delete', number, old FROM \(table)_words_due WHERE old IS NOT NULL ORDER BY number",
            "INSERT INTO \(table)_words (rowid, \(column)) SELECT number, new FROM \(table)_words_due WHERE new IS NOT NULL ORDER BY number",
            "DELETE FROM \(table)_words_due",
        ]
    }

    private var filling: String {
        let number = "(SELECT number FROM \(table)_number WHERE \(key) = old.\(key))"
        let first = "new.\(moment) / 1000 * 1048576"
        return """
            INSERT INTO \(table)_number (number, \(key))
                SELECT \(moment) / 1000 * 1048576 + row_number() OVER (PARTITION BY \(moment) / 1000 ORDER BY \(key)) - 1, \(key) FROM \(table);
            INSERT INTO \(table)_words (rowid, \(column))
                SELECT number, \(column) FROM \(table)_number JOIN \(table) USING (\(key)) ORDER BY number;
            CREATE TRIGGER \(table)_words_insert AFTER INSERT ON \(table) BEGIN
                INSERT INTO \(table)_number (number, \(key))
                    SELECT COALESCE(MAX(number) + 1, \(first)), new.\(key) FROM \(table)_number
                    WHERE number >= \(first) AND number < \(first) + 1048576;
                INSERT INTO \(table)_words_due (number, new) VALUES (last_insert_rowid(), new.\(column));
            END;
            CREATE TRIGGER \(table)_words_update AFTER UPDATE OF \(column) ON \(table) WHEN old.\(column) <> new.\(column) BEGIN
                INSERT INTO \(table)_words_due (number, old, new) VALUES (\(number), old.\(column), new.\(column))
                    ON CONFLICT (number) DO UPDATE SET new = excluded.new;
            END;
            CREATE TRIGGER \(table)_words_delete AFTER DELETE ON \(table) BEGIN
                INSERT INTO \(table)_words_due (number, old) VALUES (\(number), old.\(column))
                    ON CONFLICT (number) DO UPDATE SET new = NULL;
                DELETE FROM \(table)_number WHERE \(key) = old.\(key);
            END;
            """
    }

    private var postgres: String {
        """
        ALTER TABLE \(table) ADD COLUMN \(column)_words tsvector GENERATED ALWAYS AS (to_tsvector('simple', \(column))) STORED;
        CREATE INDEX \(table)_words ON \(table) USING gin (\(column)_words);
        ALTER TABLE \(table) ALTER COLUMN \(column) SET STATISTICS 0, ALTER COLUMN \(column)_words SET STATISTICS 0;
        """
    }
}

/// Some rows of a table, ready to be put into a statement.
public struct Selection {
    /// What stands after `FROM`: the table and whatever leads to its rows.
    public let source: SQL
    /// What stands after `WHERE`.
    public let condition: SQL
    /// What stands after `ORDER BY`, the newest first.
    public let newest: SQL

    /// Some rows of a table.
    public init(source: SQL, condition: SQL, newest: SQL) {
        self.source = source
        self.condition = condition
        self.newest = newest
    }
}
