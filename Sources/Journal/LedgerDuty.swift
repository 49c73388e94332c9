// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Logging
import ServiceLifecycle
import Storage
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
                } catch let contradiction as Contradiction {
                    logger.critical("the record does not hold", of: contradiction)
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
    /// Brings the committed entries into the public log and signs it. Does nothing when there is none new.
    ///
    /// Before it signs, the end of the log is held against the journal: over a contradiction nothing is signed any more.
    public func publishPending(through publisher: LedgerPublisher) async throws {
        let head = try await database.read { try $0.count("SELECT size FROM journal_head WHERE id = 1") }
        while true {
            let (published, lastLeaf) = await (publisher.size, publisher.lastLeaf)
            guard publisher.contradictions.isEmpty else { return }
            // One more than is needed: the last entry of the log must be the one of that number here.
            let first = max(0, published - 1)
            let rows = try await database.read { snapshot in
                try snapshot.rows("SELECT seq, leaf FROM entry WHERE seq >= \(first) ORDER BY seq LIMIT 4096") {
                    (sequence: try $0(0, as: Int.self), leaf: try $0(1, as: [UInt8].self))
                }
            }
            guard await publisher.size == published else { continue }
            if let contradiction = Self.contradiction(rows, from: first, published, lastLeaf, head: head) {
                try publisher.book.add([contradiction], at: clock.now)
                throw contradiction
            }
            let new = rows.drop { $0.sequence < published }.map { $0.leaf }
            guard !new.isEmpty else { return }
            try await publisher.publish(new, after: published)
            guard await publisher.size < head else { return }
        }
    }

    private static func contradiction(
        _ rows: [(sequence: Int, leaf: [UInt8])],
        from first: Int,
        _ published: Int,
        _ lastLeaf: Hash?,
        head: Int
    ) -> Contradiction? {
        if head < published { return .shorter(head, than: published) }
        if let gap = rows.enumerated().first(where: { $0.element.sequence != first + $0.offset }) {
            return Contradiction("entry \(first + gap.offset)", Text(id: "Catatan ini hilang", en: "This entry is missing"))
        }
        guard published > 0 else { return nil }
        guard rows.first.map({ Merkle.leaf($0.leaf) }) == lastLeaf else {
            return Contradiction(
                "entry \(published - 1)",
                Text(id: "Bukan yang ditandatangani di buku besar", en: "It is not what was signed in the ledger")
            )
        }
        return nil
    }
}
