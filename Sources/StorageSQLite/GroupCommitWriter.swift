// SPDX-License-Identifier: EUPL-1.2

import Dispatch
import GRDB
import Storage
import Synchronization

/// The only writer. While one batch is being made durable the next gathers; a batch is one commit, so one flush of the
/// disk, and each act in it has a savepoint of its own.
final class GroupCommitWriter: Sendable {
    private typealias Answer = @Sendable ((any Error)?) -> Void

    /// One act. Exactly one of the two is called.
    private struct Unit: Sendable {
        /// Runs inside the batch; gives back how to answer the caller once it is known whether the commit held. Alone in
        /// its batch it needs no savepoint: what it leaves half done goes with the transaction.
        let run: @Sendable (GRDB.Database, _ isAlone: Bool) throws -> Answer
        /// Answers the caller when the batch ended before the act could run.
        let refuse: @Sendable (any Error) -> Void
    }

    private struct State {
        var waiting: [Unit] = []
        var isDraining = false
        var upkeep: [String] = []
        /// Work on the file itself, done between two batches, one piece at a time, so that acts go on.
        var maintenance: [@Sendable () -> Void] = []
    }

    /// Acts in one commit: enough to share the flush of the disk, few enough to keep the wait short.
    private static let batch = 64
    /// Acts that may wait before more are refused.
    private static let backlog = 1024

    private let pool: DatabasePool
    private let queue = DispatchQueue(label: "balai.sqlite.writer")
    private let state = Mutex(State())

    init(pool: DatabasePool) { self.pool = pool }

    func write<T: Sendable>(_ body: @escaping @Sendable (Storage.Transaction) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let unit = Unit(
                run: { database, isAlone in
                    let result = Result { isAlone ? try Self.run(database, body) : try Self.inSavepoint(database, body) }
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
            let isAccepted = state.withLock { state in
                guard state.waiting.count < Self.backlog else { return false }
                state.waiting.append(unit)
                if !state.isDraining {
                    state.isDraining = true
                    queue.async { self.commitWaiting() }
                }
                return true
            }
            if !isAccepted { continuation.resume(throwing: StorageError.busy) }
        }
    }

    func beforeEachCommit(_ statements: [String]) { state.withLock { $0.upkeep = statements } }

    /// Works on the file between two batches, outside of any transaction.
    func maintain<T: Sendable>(_ body: @escaping @Sendable (GRDB.Database) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            state.withLock { state in
                state.maintenance.append { continuation.resume(with: Result { try self.pool.writeWithoutTransaction(body) }) }
                if !state.isDraining {
                    state.isDraining = true
                    queue.async { self.commitWaiting() }
                }
            }
        }
    }

    /// Waits for what has been handed over so far.
    func drain() async {
        await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
    }

    private func commitWaiting() {
        while true {
            let (units, upkeep, maintenance) = state.withLock { state -> ([Unit], [String], (@Sendable () -> Void)?) in
                let units = Array(state.waiting.prefix(Self.batch))
                state.waiting.removeFirst(units.count)
                let maintenance = state.maintenance.isEmpty ? nil : state.maintenance.removeFirst()
                if units.isEmpty, maintenance == nil { state.isDraining = false }
                return (units, state.upkeep, maintenance)
            }
            if units.isEmpty, maintenance == nil { return }
            if !units.isEmpty { commit(units, upkeep) }
            maintenance?()
        }
    }

    private func commit(_ units: [Unit], _ upkeep: [String]) {
        var answers: [Answer] = []
        var failure: (any Error)?
        do {
            try pool.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    for unit in units {
                        answers.append(try unit.run(database, units.count == 1))
                        // A full disk makes SQLite roll the whole batch back; what came next would commit by itself.
                        guard database.isInsideTransaction else { throw StorageError.unavailable("the batch was rolled back") }
                    }
                    for statement in upkeep { try database.cachedStatement(sql: statement).execute() }
                    return .commit
                }
            }
        } catch let error as DatabaseError {
            failure = StorageError(error)
        } catch {
            // Of the storage, or of the only act.
            failure = error
        }
        for answer in answers { answer(failure) }
        for unit in units.dropFirst(answers.count) { unit.refuse(failure ?? StorageError.busy) }
    }

    private static func run<T>(_ database: GRDB.Database, _ body: (Storage.Transaction) throws -> T) throws -> T {
        do {
            return try body(Storage.Transaction(driver: SQLiteDriver(database)))
        } catch let error as DatabaseError {
            throw StorageError(error)
        }
    }

    private static func inSavepoint<T>(_ database: GRDB.Database, _ body: (Storage.Transaction) throws -> T) throws -> T {
        do {
            var value: T?
            try database.inSavepoint {
                value = try run(database, body)
                return .commit
            }
            guard let value else { throw StorageError.conflict }
            return value
        } catch let error as DatabaseError {
            throw StorageError(error)
        }
    }
}
