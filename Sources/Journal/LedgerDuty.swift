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
    /// Before it signs, the end of the log is held against the journal and what was signed last: over a contradiction nothing is
    /// signed any more.
    ///
    /// - Parameter isBehind: whether a log that lacks what was signed is brought up to it again.
    public func publishPending(through publisher: LedgerPublisher, isBehind: Bool = false) async throws {
        do {
            try await publish(through: publisher, isBehind)
        } catch let contradiction as Contradiction {
            try publisher.book.add([contradiction], at: clock.now)
            throw contradiction
        }
    }

    private func publish(through publisher: LedgerPublisher, _ isBehind: Bool) async throws {
        let (head, known) = try await database.read {
            (try $0.count("SELECT size FROM journal_head WHERE id = 1"), try Self.signedLast(publisher.verifier, in: $0))
        }
        try await publisher.hold(to: known, isBehind: isBehind)
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
                throw contradiction
            }
            let new = rows.drop { $0.sequence < published }.map { $0.leaf }
            guard !new.isEmpty else { return }
            try await publisher.publish(new, after: published, through: known)
            let signed = await publisher.signed
            // After the file: what the database knows is never ahead of the log, wherever the power fails.
            try await database.write {
                try $0.execute(
                    "UPDATE ledger_signed SET size = \(signed.size), note = \(signed.note) WHERE id = 1 AND size < \(signed.size)"
                )
            }
            guard await publisher.size < head else { return }
        }
    }

    /// The checkpoint that was signed last: kept in the database also, so that a folder which was rolled back or lost is noticed.
    ///
    /// - Returns: nil before the first.
    static func signedLast(_ verifier: NoteVerifier, in snapshot: Snapshot) throws -> Checkpoint? {
        let row = try snapshot.find("SELECT size, note FROM ledger_signed WHERE id = 1") {
            (size: try $0(0, as: Int.self), note: try $0(1, as: String.self))
        }
        if let row, row.size == 0, row.note.isEmpty { return nil }
        guard let row, let checkpoint = try? Checkpoint(text: verifier.open(row.note)), checkpoint.size == row.size else {
            throw Contradiction(
                "ledger",
                Text(
                    id: "Basis data tidak lagi memuat pernyataan yang ditandatangani kota ini terakhir kali",
                    en: "The database no longer holds the checkpoint that this city signed last"
                )
            )
        }
        return checkpoint
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
