// SPDX-License-Identifier: EUPL-1.2

import Dispatch
import Storage
import Synchronization

/// The only writer of this process, and by a lock that each batch takes first the only one of the database at that moment: an act
/// reads what every act before it left, and nothing changes under it until it is durable. PostgreSQL's own serializable level would
/// have every two acts that meet try again, because all of them count up the journal's head.
///
/// While one batch is being made durable the next gathers, so that many acts share one flush of the disk.
final class PostgresWriter: Sendable {
    private typealias Answer = @Sendable ((any Error)?) -> Void

    /// One act. Exactly one of the two is called.
    private struct Unit: Sendable {
        /// Runs inside the batch; gives back how to answer the caller once it is known whether the commit held.
        let run: @Sendable (PostgresConnection, _ isAlone: Bool) throws -> Answer
        /// Answers the caller when the batch ended before the act could run.
        let refuse: @Sendable (any Error) -> Void
    }

    private struct State {
        var waiting: [Unit] = []
        var isDraining = false
        var isClosed = false
    }

    /// Acts in one commit.
    private static let batch = 64
    /// Acts that may wait before more are refused.
    private static let backlog = 1024
    /// Takes the right to write, which ends with the transaction. The number stands for nothing but this.
    private static let begin = "BEGIN; SELECT pg_advisory_xact_lock(6247001)"

    private let url: String
    private let queue = DispatchQueue(label: "balai.postgres.writer")
    private let state = Mutex(State())
    private let connection = Mutex<PostgresConnection?>(nil)

    init(url: String) { self.url = url }

    func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let unit = Unit(
                run: { connection, isAlone in
                    let result = Result {
                        let transaction = Transaction(driver: connection)
                        return isAlone ? try body(transaction) : try connection.inSavepoint { try body(transaction) }
                    }
                    // Alone in its batch it needs no savepoint: what it leaves half done goes with the transaction.
                    if isAlone, case .failure(let error) = result { throw error }
                    return { commitError in
                        if let commitError, case .success = result {
                            continuation.resume(throwing: commitError)
                        } else {
                            continuation.resume(with: result)
                        }
                    }
                },
                refuse: { continuation.resume(throwing: $0) }
            )
            let refusal = state.withLock { state -> StorageError? in
                if state.isClosed { return .unavailable("the database is closed") }
                guard state.waiting.count < Self.backlog else { return .busy }
                state.waiting.append(unit)
                if !state.isDraining {
                    state.isDraining = true
                    queue.async { self.commitWaiting() }
                }
                return nil
            }
            if let refusal { continuation.resume(throwing: refusal) }
        }
    }

    /// Closes the connection after what waits has been written.
    func close() async {
        state.withLock { $0.isClosed = true }
        await withCheckedContinuation { continuation in
            queue.async {
                self.connection.withLock { connection in
                    connection?.close()
                    connection = nil
                }
                continuation.resume()
            }
        }
    }

    private func commitWaiting() {
        while true {
            let units = state.withLock { state -> [Unit] in
                let units = Array(state.waiting.prefix(Self.batch))
                state.waiting.removeFirst(units.count)
                if units.isEmpty { state.isDraining = false }
                return units
            }
            if units.isEmpty { return }
            commit(units)
        }
    }

    private func commit(_ units: [Unit]) {
        var answers: [Answer] = []
        var failure: (any Error)?
        do {
            let connection = try openConnection()
            try connection.inTransaction(Self.begin) {
                for unit in units {
                    answers.append(try unit.run(connection, units.count == 1))
                    guard connection.isAlive else { throw StorageError.unavailable("the connection was lost") }
                }
            }
        } catch {
            // Of the storage, or of the only act.
            failure = error
        }
        for answer in answers { answer(failure) }
        for unit in units.dropFirst(answers.count) { unit.refuse(failure ?? StorageError.busy) }
    }

    /// The connection, opened anew where it died, so that a restarted server is found again.
    private func openConnection() throws -> PostgresConnection {
        try connection.withLock { connection in
            if let connection, connection.isAlive { return connection }
            connection?.close()
            let fresh = try PostgresConnection(url: url)
            connection = fresh
            return fresh
        }
    }
}
