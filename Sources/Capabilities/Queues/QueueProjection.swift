// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Journal
import Storage

/// Numbers of waiting people, worked out from entries.
public struct QueueProjection: Projection {
    /// The table of numbers.
    public static let migrations = [
        Migration(
            "20261125-d-queues",
            """
            CREATE TABLE queue_ticket (
                id TEXT NOT NULL PRIMARY KEY,
                office TEXT NOT NULL,
                day TEXT NOT NULL,
                number INTEGER NOT NULL,
                state TEXT NOT NULL,
                counter INTEGER,
                taken_at INTEGER NOT NULL,
                called_at INTEGER,
                ended_at INTEGER,
                UNIQUE (office, day, number)
            );
            CREATE INDEX queue_ticket_state ON queue_ticket (office, day, state, number);
            """
        )
    ]

    /// The tables that replay fills.
    public let tables: [SchemaName] = ["queue_ticket"]

    /// The projection.
    public init() {}

    /// Brings the table up to date with one entry.
    public func apply(_ entry: Entry, in transaction: Transaction) throws {
        guard entry.stream.hasPrefix("queue/") else { return }
        let facts = entry.facts
        let id = facts["ticket"]?.string ?? ""
        switch entry.kind {
        case "queue.taken":
            try transaction.execute(
                """
                INSERT INTO queue_ticket (id, office, day, number, state, taken_at)
                VALUES (\(id), \(facts["office"]?.string ?? ""), \(facts["day"]?.string ?? ""), \(facts["number"]?.integer ?? 0), 'waiting', \(entry.at))
                """
            )
        case "queue.called":
            try transaction.execute(
                "UPDATE queue_ticket SET state = 'called', counter = \(facts["counter"]?.integer), called_at = \(entry.at) WHERE id = \(id)"
            )
        case "queue.served", "queue.absent":
            let state = entry.kind == "queue.served" ? "served" : "absent"
            try transaction.execute("UPDATE queue_ticket SET state = \(state), ended_at = \(entry.at) WHERE id = \(id)")
        default: break
        }
    }
}
