// SPDX-License-Identifier: EUPL-1.2

/// Full-text search over a column: FTS5 on SQLite, `tsvector` on PostgreSQL. The database keeps it up to date by itself, so
/// that projections write their table and nothing else.
///
/// The column holds words of letters and digits with spaces between; so must what is searched for.
public struct TextIndex: Sendable {
    private let table: String
    private let key: String
    private let column: String

    /// An index over a column of a table whose rows have a unique text key.
    public init(table: StaticString, key: StaticString, column: StaticString) {
        self.table = table.description
        self.key = key.description
        self.column = column.description
    }

    /// The step of the schema that makes it, and takes in what is there.
    public func migration(_ name: String) -> Migration {
        Migration(name, sqlite: sqlite, postgres: postgres)
    }

    /// How a word that is searched for is found.
    public enum Match: Sendable {
        /// As a whole word: quick however many rows have it.
        case whole
        /// As the beginning of a word, where it has three letters or more: every word that begins so is gathered first.
        case beginning
    }

    /// Keys of the rows in which every word occurs; at most `limit` of them, in no order.
    public func keys(of words: [String], as match: Match, limit: Int, in snapshot: Snapshot) -> SQL {
        func isOpen(_ word: String) -> Bool { match == .beginning && word.count >= 3 }
        switch snapshot.driver.engine {
        case .sqlite:
            let query = words.map { "\"\($0)\"\(isOpen($0) ? " *" : "")" }.joined(separator: " ")
            return SQL(parts: [
                .text("SELECT \(key) FROM \(table)_number WHERE number IN (SELECT rowid FROM \(table)_words WHERE \(table)_words MATCH "),
                .bind(.text(query)), .text(" LIMIT "), .bind(.integer(Int64(limit))), .text(")"),
            ])
        case .postgres:
            let query = words.map { "\($0)\(isOpen($0) ? ":*" : "")" }.joined(separator: " & ")
            return SQL(parts: [
                .text("SELECT \(key) FROM \(table) WHERE \(column)_words @@ to_tsquery('simple', "), .bind(.text(query)), .text(") LIMIT "),
                .bind(.integer(Int64(limit))),
            ])
        }
    }

    /// Empties the index, and keeps it no longer up to date. Row by row, SQLite would write a segment of it for each.
    public func suspend(in transaction: Transaction) throws {
        guard transaction.driver.engine == .sqlite else { return }
        try transaction.executeScript(
            """
            DROP TRIGGER \(table)_words_insert;
            DROP TRIGGER \(table)_words_update;
            DROP TRIGGER \(table)_words_delete;
            INSERT INTO \(table)_words (\(table)_words) VALUES ('delete-all');
            DELETE FROM \(table)_number;
            """
        )
    }

    /// Fills the index from its table, and keeps it up to date from now on.
    public func resume(in transaction: Transaction) throws {
        guard transaction.driver.engine == .sqlite else { return }
        try transaction.executeScript(upkeep)
    }

    /// The index holds no copy of the text, so that what is erased from the table is not kept here. Its rows are numbered
    /// in a table of their own: SQLite may renumber the rows of one that has another key.
    private var sqlite: String {
        """
        CREATE TABLE \(table)_number (number INTEGER PRIMARY KEY, \(key) TEXT NOT NULL UNIQUE) STRICT;
        CREATE VIRTUAL TABLE \(table)_words USING fts5(\(column), content='', detail=none, columnsize=0);
        \(upkeep)
        """
    }

    private var upkeep: String {
        let number = "(SELECT number FROM \(table)_number WHERE \(key) = old.\(key))"
        let forget = "INSERT INTO \(table)_words (\(table)_words, rowid, \(column)) VALUES ('delete', \(number), old.\(column));"
        return """
            INSERT INTO \(table)_number (\(key)) SELECT \(key) FROM \(table);
            INSERT INTO \(table)_words (rowid, \(column)) SELECT number, \(column) FROM \(table)_number JOIN \(table) USING (\(key));
            CREATE TRIGGER \(table)_words_insert AFTER INSERT ON \(table) BEGIN
                INSERT INTO \(table)_number (\(key)) VALUES (new.\(key));
                INSERT INTO \(table)_words (rowid, \(column)) VALUES (last_insert_rowid(), new.\(column));
            END;
            CREATE TRIGGER \(table)_words_update AFTER UPDATE OF \(column) ON \(table) WHEN old.\(column) <> new.\(column) BEGIN
                \(forget)
                INSERT INTO \(table)_words (rowid, \(column)) VALUES (\(number), new.\(column));
            END;
            CREATE TRIGGER \(table)_words_delete AFTER DELETE ON \(table) BEGIN
                \(forget)
                DELETE FROM \(table)_number WHERE \(key) = old.\(key);
            END;
            """
    }

    private var postgres: String {
        """
        ALTER TABLE \(table) ADD COLUMN \(column)_words tsvector GENERATED ALWAYS AS (to_tsvector('simple', \(column))) STORED;
        CREATE INDEX \(table)_words ON \(table) USING gin (\(column)_words);
        """
    }
}
