// SPDX-License-Identifier: EUPL-1.2

import Dispatch
import Foundation
import Storage
import Synchronization

/// A city in a PostgreSQL database: one connection that writes, and a small pool of others that read.
public final class PostgresDatabase: Database {
    private let pool: ConnectionPool
    private let writer: PostgresWriter
    private let url: String
    /// Holds the lock of the city that is open; nil for commands beside it.
    private let lock = Mutex<PostgresConnection?>(nil)

    /// Which engine this is.
    public var engine: Engine { .postgres }

    /// Opens a database.
    ///
    /// - Parameters:
    ///   - url: a libpq connection URL, such as `postgres:///balai?host=/run/postgresql`.
    ///   - connections: how many at most.
    public init(url: String, connections: Int = 8) throws {
        self.url = url
        pool = ConnectionPool(url: url, limit: max(1, connections - 1))
        writer = PostgresWriter(url: url)
        // Fails now, with a clear message, rather than at the first request.
        let connection = try PostgresConnection(url: url)
        connection.close()
    }

    /// Reads a consistent snapshot.
    public func read<T: Sendable>(_ body: @escaping @Sendable (Snapshot) throws -> T) async throws -> T {
        try await pool.run { connection in
            try connection.inTransaction("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY") {
                try body(Snapshot(driver: connection))
            }
        }
    }

    /// Writes durably, or not at all; repeats after a conflict.
    @discardableResult
    public func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        for _ in 0..<5 {
            do {
                return try await writer.write(body)
            } catch StorageError.conflict {
                continue
            }
        }
        throw StorageError.busy
    }

    /// Writes every table anew, one after the other, and lets go of the write-ahead log that came before: PostgreSQL
    /// overwrites nothing, and leaves what was deleted in its pages and indexes.
    ///
    /// A table is closed to acts while it is written anew, about a second for each 30 MB, so that by day only a small city's
    /// are.
    public func scrub(sealed: [SchemaName], isQuiet: Bool) async throws -> Bool {
        let sealed = Set(sealed.map(\.text))
        return try await pool.run { connection in
            let tables = try connection.rows(
                "SELECT tablename, pg_total_relation_size(quote_ident(tablename)::regclass) FROM pg_tables WHERE schemaname = current_schema()"
            ) { (name: try $0(0, as: String.self), size: try $0(1, as: Int.self)) }.filter { !sealed.contains($0.name) }
            guard isQuiet || tables.reduce(0, { $0 + $1.size }) <= Self.daytimeLimit else { return false }
            guard try Self.outlastSnapshots(on: connection) else { return false }
            // Whoever comes after a lock that is waited for waits too: rather later than long.
            try connection.executeScript("SET lock_timeout = '1s'")
            defer { try? connection.executeScript("RESET lock_timeout") }
            do {
                for table in tables { try connection.executeScript("VACUUM (FULL) \"\(table.name)\"") }
            } catch StorageError.conflict {
                return false
            }
            // The right to do these is the administrator's to give; without it the log goes when the server's own checkpoint comes.
            for statement in ["SELECT pg_switch_wal()", "CHECKPOINT"] {
                do { try connection.executeScript(statement) } catch StorageError.statement {}
            }
            return true
        }
    }

    /// Bytes of tables that are written anew by day too: a second or two in which acts wait.
    private static let daytimeLimit = 64 << 20

    /// Waits until nobody sees a state any more in which what was deleted was still there: it would be written along.
    private static func outlastSnapshots(on connection: PostgresConnection) throws -> Bool {
        let now = try connection.rows("SELECT (pg_current_xact_id()::text::bigint % 4294967296)::text") { try $0(0, as: String.self) }
        for _ in 0..<100 {
            let older = try connection.rows(
                """
                SELECT count(*) FROM pg_stat_activity, (SELECT age((\(now.first ?? "")::text)::xid) AS age) AS now
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                    AND (age(backend_xmin) > now.age OR age(backend_xid) > now.age)
                """
            ) { try $0(0, as: Int.self) }
            if older.first == 0 { return true }
            usleep(50_000)
        }
        return false
    }

    /// Has this process be the only one that serves the database, whatever its data folder. The server lets go of the lock when
    /// the connection ends; after a restart of the server it is not taken again.
    public func takeLock() throws {
        let connection = try PostgresConnection(url: url)
        let isTaken = try Snapshot(driver: connection).find("SELECT pg_try_advisory_lock(7378697629)::int::bigint") {
            try $0(0, as: Int.self)
        }
        guard isTaken == 1 else {
            connection.close()
            throw StorageError.unavailable("another city that is open serves this database; stop it first")
        }
        lock.withLock { $0 = connection }
    }

    /// Closes every connection.
    public func close() async {
        await writer.close()
        pool.close()
        lock.withLock { connection in
            connection?.close()
            connection = nil
        }
    }
}

/// Hands connections out, at most so many; whoever finds none waits in line.
private final class ConnectionPool: Sendable {
    private struct State {
        var idle: [PostgresConnection] = []
        var open = 0
        var waiting: [CheckedContinuation<PostgresConnection?, any Error>] = []
        var isClosed = false
    }

    /// Acts that may wait for a connection before more are refused.
    private static let backlog = 1024

    private let url: String
    private let limit: Int
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "balai.postgres", attributes: .concurrent)

    init(url: String, limit: Int) {
        self.url = url
        self.limit = limit
    }

    func run<T: Sendable>(_ body: @escaping @Sendable (PostgresConnection) throws -> T) async throws -> T {
        let lent = try await borrow()
        return try await withCheckedThrowingContinuation { continuation in
            queue.async {
                var connection = lent
                let result = Result {
                    // A connection that died while idle is replaced once, so that a restarted server is found again.
                    if connection?.isAlive != true { connection = try PostgresConnection(url: self.url) }
                    guard let connection else { throw StorageError.unavailable("no connection") }
                    return try body(connection)
                }
                self.giveBack(connection)
                continuation.resume(with: result)
            }
        }
    }

    /// An idle connection, or nil for the right to open one.
    private func borrow() async throws -> PostgresConnection? {
        try await withCheckedThrowingContinuation { continuation in
            enum Outcome {
                case lend(PostgresConnection?)
                case refuse(StorageError)
                case wait
            }
            let outcome = state.withLock { state -> Outcome in
                if state.isClosed { return .refuse(.unavailable("the database is closed")) }
                if let idle = state.idle.popLast() { return .lend(idle) }
                if state.open < limit {
                    state.open += 1
                    return .lend(nil)
                }
                guard state.waiting.count < Self.backlog else { return .refuse(.busy) }
                state.waiting.append(continuation)
                return .wait
            }
            switch outcome {
            case .lend(let connection): continuation.resume(returning: connection)
            case .refuse(let error): continuation.resume(throwing: error)
            case .wait: break
            }
        }
    }

    private func giveBack(_ connection: PostgresConnection?) {
        let usable = connection?.isAlive == true ? connection : nil
        if usable == nil { connection?.close() }
        let next = state.withLock { state -> CheckedContinuation<PostgresConnection?, any Error>? in
            if !state.waiting.isEmpty { return state.waiting.removeFirst() }
            if let usable, !state.isClosed {
                state.idle.append(usable)
            } else {
                usable?.close()
                state.open -= 1
            }
            return nil
        }
        // Whoever waited inherits the connection, or the right to open one.
        next?.resume(returning: usable)
    }

    func close() {
        let idle = state.withLock { state in
            state.isClosed = true
            defer { state.idle = [] }
            return state.idle
        }
        for connection in idle { connection.close() }
    }
}
