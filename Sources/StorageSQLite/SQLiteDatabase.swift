// SPDX-License-Identifier: EUPL-1.2

import Dispatch
import Foundation
import GRDB
import Storage
import Synchronization

/// A city in one SQLite file: readers side by side, one writer that gathers waiting acts into one durable commit.
public final class SQLiteDatabase: Storage.Database {
    private let pool: DatabasePool
    private let writer: GroupCommitWriter
    private let scrubber: SQLiteScrubber

    /// Which engine this is.
    public var engine: Engine { .sqlite }

    /// Opens a file, making it where there is none.
    ///
    /// - Parameter path: the file; its `-wal` and `-shm` companions lie beside it.
    public init(path: String) throws {
        var configuration = Configuration()
        configuration.maximumReaderCount = 4
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA case_sensitive_like = ON")
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
            try database.execute(sql: "PRAGMA cache_size = -16000")
            // What is deleted is overwritten in its page, and a page that is given up is emptied.
            try database.execute(sql: "PRAGMA secure_delete = ON")
        }
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            // GRDB sets NORMAL after `prepareDatabase`; in WAL mode that may lose the last commits when the power fails.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        } catch let error as DatabaseError {
            throw StorageError(error)
        }
        writer = GroupCommitWriter(pool: pool)
        scrubber = SQLiteScrubber(path: path, writer: writer)
    }

    /// Reads a consistent snapshot.
    public func read<T: Sendable>(_ body: @escaping @Sendable (Snapshot) throws -> T) async throws -> T {
        do {
            return try await pool.read { try body(Snapshot(driver: SQLiteDriver($0))) }
        } catch let error as DatabaseError {
            throw StorageError(error)
        }
    }

    /// Writes durably together with whatever else is waiting, or not at all.
    @discardableResult
    public func write<T: Sendable>(_ body: @escaping @Sendable (Storage.Transaction) throws -> T) async throws -> T {
        try await writer.write(body)
    }

    /// Has statements run just before each commit from now on.
    public func beforeEachCommit(_ statements: [String]) { writer.beforeEachCommit(statements) }

    /// Overwrites what was deleted, in the file and in its write-ahead log, between the acts.
    public func scrub(sealed: [SchemaName], isQuiet: Bool) async throws -> Bool {
        do {
            return try await scrubber.scrub()
        } catch let error as DatabaseError {
            throw StorageError(error)
        }
    }

    /// Closes the file once the writer has finished.
    public func close() async {
        await writer.drain()
        try? pool.close()
        scrubber.close()
    }

    /// The writer's durability as SQLite reports it: 2 is FULL.
    public func synchronousMode() async throws -> Int {
        try await pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") ?? -1 }
    }

    /// Copies the database as it is at one moment into another file, while the city goes on working.
    public func backup(to path: String) async throws {
        let destination = try DatabaseQueue(path: path)
        try pool.backup(to: destination)
        try destination.close()
    }
}

extension StorageError {
    init(_ error: DatabaseError) {
        let message = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_CONSTRAINT:
            let isUnique = [.SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY].contains(error.extendedResultCode)
            self = isUnique ? .unique(message) : .constraint(message)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .conflict
        case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ABORT:
            self = .unavailable(message)
        default: self = .statement(message)
        }
    }
}
