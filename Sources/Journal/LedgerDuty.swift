// SPDX-License-Identifier: EUPL-1.2

import Logging
import ServiceLifecycle
import TransparencyLog

/// The duty that brings committed entries into the public log every second.
public struct LedgerDuty: ServiceLifecycle.Service {
    private let journal: Journal
    private let publisher: LedgerPublisher
    private let logger: Logger

    /// Publishes a journal through a publisher.
    public init(journal: Journal, publisher: LedgerPublisher, logger: Logger) {
        self.journal = journal
        self.publisher = publisher
        self.logger = logger
    }

    /// Publishes until the program stops, and once more before it does.
    public func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await journal.publishPending(through: publisher)
                } catch let error where !Task.isCancelled {
                    logger.error("ledger not published", metadata: ["error": "\(error)"])
                }
                try await Task.sleep(for: .seconds(1))
            }
        }
        try? await journal.publishPending(through: publisher)
    }
}

extension Journal {
    /// Brings every committed entry into the public log and signs it. Does nothing when there is none new.
    public func publishPending(through publisher: LedgerPublisher) async throws {
        while true {
            let published = await publisher.size
            let leaves = try await leaves(from: published, limit: 4096)
            guard !leaves.isEmpty else { return }
            try await publisher.publish(leaves, after: published)
        }
    }
}
