// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Storage
import TransparencyLog

/// Holds all of the record against itself, and writes down what came of it.
public struct WholeAudit: Sendable {
    let record: RecordAudit
    let journal: Journal
    let book: AuditBook
    private let tables: @Sendable () async throws -> [Contradiction]

    /// An audit of a journal and its tables.
    ///
    /// - Parameters:
    ///   - record: holds the entries against the log.
    ///   - tables: holds the tables against a replay.
    public init(
        _ record: RecordAudit,
        of journal: Journal,
        book: AuditBook,
        tables: @escaping @Sendable () async throws -> [Contradiction]
    ) {
        self.record = record
        self.journal = journal
        self.book = book
        self.tables = tables
    }

    /// Looks at everything once.
    ///
    /// - Parameter isAlone: whether nobody else waits for the machine: then entries and tables are looked at side by side.
    /// - Returns: what does not hold now, and what of it was not known before.
    @discardableResult
    public func run(isAlone: Bool = false) async throws -> (standing: [Contradiction], new: [Contradiction]) {
        let began = journal.clock.now
        async let early = isAlone ? tables() : nil
        let entries = try await record.run()
        // Tables are worth a replay only where the entries hold.
        let comparesTables = entries.found.isEmpty
        var found = entries.found
        if comparesTables {
            let known = try await early
            found = if let known { known } else { try await tables() }
        }
        let audit = AuditBook.Audit(
            began: began,
            at: journal.clock.now,
            entries: entries.entries,
            signed: entries.signed,
            tables: comparesTables ? journal.projections.flatMap(\.tables).count : nil
        )
        return (found, try book.close(audit, found: found))
    }
}
