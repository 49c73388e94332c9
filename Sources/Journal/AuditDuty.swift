// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Logging
import ServiceLifecycle
import Storage
import TransparencyLog

/// The duty that holds the record against itself: the newest part at the start, all of it once a day.
public struct AuditDuty: ServiceLifecycle.Service {
    /// Entries that are looked at when the city opens: what somebody edits while it is closed is most often the newest.
    private static let newest = 2048

    private let record: RecordAudit
    private let journal: Journal
    private let publisher: LedgerPublisher
    private let tables: @Sendable () async throws -> [Contradiction]
    private let logger: Logger

    /// Audits a journal.
    ///
    /// - Parameter tables: holds the tables against a replay.
    public init(
        _ record: RecordAudit,
        of journal: Journal,
        publisher: LedgerPublisher,
        logger: Logger,
        tables: @escaping @Sendable () async throws -> [Contradiction]
    ) {
        self.record = record
        self.journal = journal
        self.publisher = publisher
        self.tables = tables
        self.logger = logger
    }

    /// Looks until the program stops.
    public func run() async throws {
        try? await cancelWhenGracefulShutdown {
            await look {
                let size = try await journal.read { try $0.count("SELECT size FROM journal_head WHERE id = 1") }
                return try await record.run(from: max(0, size - Self.newest))
            }
            while !Task.isCancelled {
                // At the start not at once: a city that opens has better things to do.
                try await Task.sleep(for: .seconds(60))
                await look { try await record.run() }
                await look(tables)
                try await Task.sleep(for: .seconds(86_400))
            }
        }
    }

    private func look(_ audit: () async throws -> [Contradiction]) async {
        do {
            for new in await publisher.stop(over: try await audit()) { logger.critical("the record does not hold", of: new) }
        } catch  where !Task.isCancelled {
            logger.error("the record could not be audited", metadata: ["error": "\(error)"])
        } catch {}
    }
}

extension Logger {
    func critical(_ message: Logger.Message, of contradiction: Contradiction) {
        critical(message, metadata: ["place": "\(contradiction.place)", "finding": "\(contradiction.finding.en)"])
    }
}
