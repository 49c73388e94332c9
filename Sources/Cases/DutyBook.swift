// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Journal
import Logging
import Storage

/// What time does, item by item: each is done on its own, one that fails is said, tried again with growing pauses and never stops
/// another, and however many there are, every one has its turn in every round.
///
/// What it remembers is no record of the city: without it every item would only be looked at once more.
public struct DutyBook: Sendable {
    /// Which items a duty is about.
    public struct Items: Sendable {
        let table: SchemaName
        let key: SchemaName
        let changed: SchemaName?
        let condition: SQL

        /// Items of a table.
        ///
        /// - Parameters:
        ///   - table: where they lie.
        ///   - key: what each is called, text.
        ///   - changed: when each last changed; whatever changed is looked at anew.
        ///   - condition: which of them the duty may concern.
        public init(_ table: SchemaName, key: SchemaName, changed: SchemaName? = nil, where condition: SQL) {
            self.table = table
            self.key = key
            self.changed = changed
            self.condition = condition
        }
    }

    /// The table that this book keeps.
    public static let migrations = [
        Migration(
            "20261125-duties",
            """
            CREATE TABLE duty_check (
                duty TEXT NOT NULL,
                item TEXT NOT NULL,
                checked_at INTEGER NOT NULL,
                next_at INTEGER,
                tries INTEGER NOT NULL,
                error TEXT,
                PRIMARY KEY (duty, item)
            );
            CREATE INDEX duty_check_age ON duty_check (checked_at);
            """
        )
    ]

    /// Items that are read at once.
    private static let page = 500
    /// The longest pause before something that failed is tried again, in minutes: a day.
    private static let longestPause = 1440
    /// Days after which the book forgets what nothing was left to do for: it is then looked at once more.
    private static let memory = 1

    private let journal: Journal
    private let logger: Logger

    /// The duties of a city.
    public init(journal: Journal, logger: Logger = Logger(label: "balai.duties")) {
        self.journal = journal
        self.logger = logger
    }

    /// Does a duty to every item that is due.
    ///
    /// - Parameters:
    ///   - duty: its name, stable.
    ///   - items: whom it may concern.
    ///   - body: does it to one, and gives when that one has to be looked at again though nothing changes; nil where never. Doing
    ///     it twice must change nothing.
    /// - Returns: how many could not be done, now or before.
    /// - Throws: only where nothing at all can be done, such as a store that is away.
    @discardableResult
    public func each(_ duty: String, _ items: Items, _ body: @Sendable (String) async throws -> Instant?) async throws -> Int {
        var after = ""
        while true {
            let last = after
            let now = journal.clock.now
            let due = try await journal.read { try Self.due(duty, items, after: last, now: now, in: $0) }
            guard let end = due.last else { break }
            var checks: [Check] = []
            for item in due {
                try Task.checkCancellation()
                checks.append(try await check(duty, item, body))
            }
            try await write(checks, duty)
            after = end.key
        }
        return try await journal.read { try $0.count("SELECT count(*) FROM duty_check WHERE duty = \(duty) AND tries > 0") }
    }

    /// Forgets what was looked at long ago.
    public func sweep() async throws {
        let oldest = journal.clock.now.adding(seconds: -Int64(Self.memory) * 86_400)
        try await journal.operate {
            try $0.execute("DELETE FROM duty_check WHERE checked_at < \(oldest) AND (next_at IS NULL OR next_at < \(oldest))")
        }
    }

    private struct Item {
        let key: String
        let tries: Int
    }

    private struct Check {
        let item: String
        let at: Instant
        var next: Instant?
        var tries = 0
        var error: String?
    }

    private static func due(_ duty: String, _ items: Items, after: String, now: Instant, in snapshot: Snapshot) throws -> [Item] {
        let isUnchanged: SQL = items.changed.map { "AND book.checked_at >= \(name: $0)" } ?? ""
        return try snapshot.rows(
            """
            SELECT \(name: items.key), COALESCE(book.tries, 0) FROM \(name: items.table)
            LEFT JOIN duty_check AS book ON book.duty = \(duty) AND book.item = \(name: items.key)
            WHERE (\(items.condition)) AND \(name: items.key) > \(after)
                AND (book.item IS NULL OR NOT ((book.next_at IS NULL OR book.next_at > \(now)) \(isUnchanged)))
            ORDER BY \(name: items.key) LIMIT \(Self.page)
            """
        ) { Item(key: try $0(0), tries: try $0(1)) }
    }

    private func check(_ duty: String, _ item: Item, _ body: @Sendable (String) async throws -> Instant?) async throws -> Check {
        // Before the duty is done: what it changes itself is looked at once more, and nothing that changes meanwhile is missed.
        var check = Check(item: item.key, at: journal.clock.now)
        do {
            check.next = try await body(item.key)
        } catch let problem as Problem where problem.status == .unavailable {
            throw problem
        } catch let error where !Task.isCancelled {
            check.tries = item.tries + 1
            check.error = (error as? Problem)?.code ?? "\(type(of: error))"
            let minutes = min(1 << min(check.tries, 11), Self.longestPause)
            check.next = check.at.adding(seconds: Int64(minutes) * 60)
            logger.error(
                "duty not done",
                metadata: ["duty": "\(duty)", "item": "\(item.key)", "tries": "\(check.tries)", "error": "\(check.error ?? "")"]
            )
        }
        return check
    }

    private func write(_ checks: [Check], _ duty: String) async throws {
        try await journal.operate { transaction in
            for check in checks {
                try transaction.execute(
                    """
                    INSERT INTO duty_check (duty, item, checked_at, next_at, tries, error)
                    VALUES (\(duty), \(check.item), \(check.at), \(check.next), \(check.tries), \(check.error))
                    ON CONFLICT (duty, item) DO UPDATE SET checked_at = excluded.checked_at, next_at = excluded.next_at,
                        tries = excluded.tries, error = excluded.error
                    """
                )
            }
        }
    }
}
