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

    private let audit: WholeAudit
    private let logger: Logger

    /// Audits a journal.
    public init(_ audit: WholeAudit, logger: Logger) {
        self.audit = audit
        self.logger = logger
    }

    /// Looks until the program stops.
    public func run() async throws {
        try? await cancelWhenGracefulShutdown {
            for known in audit.book.content.open { logger.critical("the record does not hold", of: known) }
            await look {
                let size = try await audit.journal.read { try $0.count("SELECT size FROM journal_head WHERE id = 1") }
                let found = try await audit.record.run(from: max(0, size - Self.newest)).found
                return try audit.book.add(found, at: audit.journal.clock.now)
            }
            while !Task.isCancelled {
                // At the start not at once: a city that opens has better things to do.
                try await Task.sleep(for: .seconds(60))
                while await !look({ try await audit.run().new }) { try await Task.sleep(for: .seconds(600)) }
                try await Task.sleep(for: .seconds(86_400))
            }
        }
    }

    /// - Returns: whether it came to its end.
    @discardableResult
    private func look(_ body: () async throws -> [Contradiction]) async -> Bool {
        do {
            for new in try await body() { logger.critical("the record does not hold", of: new) }
            return true
        } catch  where !Task.isCancelled {
            logger.error("the record could not be audited", metadata: ["error": "\(error)"])
        } catch {}
        return false
    }
}

extension Logger {
    func critical(_ message: Logger.Message, of contradiction: Contradiction) {
        critical(message, metadata: ["place": "\(contradiction.place)", "finding": "\(contradiction.finding.en)"])
    }
}
