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
        }
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            // GRDB sets NORMAL after `prepareDatabase`; in WAL mode that may lose the last commits when the power fails.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        } catch let error as DatabaseError {
            throw StorageError(error)
        }
        writer = GroupCommitWriter(pool: pool)
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

    /// Closes the file once the writer has finished.
    public func close() async {
        await writer.drain()
        try? pool.close()
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

/// Runs statements on one GRDB connection.
final class SQLiteDriver: Driver {
    let engine = Engine.sqlite
    private let database: GRDB.Database

    init(_ database: GRDB.Database) { self.database = database }

    func execute(_ sql: Storage.SQL, row: (Storage.Row) throws -> Void) throws -> Int {
        let (text, binds) = sql.rendered(placeholder: "?")
        do {
            let statement = try database.cachedStatement(sql: text)
            let arguments = StatementArguments(binds.map { $0.databaseValue })
            if statement.columnCount == 0 {
                try statement.execute(arguments: arguments)
                return database.changesCount
            }
            let cursor = try GRDB.Row.fetchCursor(statement, arguments: arguments)
            let columns = statement.columnCount
            while let found = try cursor.next() {
                var values: [Value] = []
                values.reserveCapacity(columns)
                for column in 0..<columns { values.append(Value(found[column] as DatabaseValue)) }
                try row(Storage.Row(values: values))
            }
            return database.changesCount
        } catch let error as DatabaseError {
            throw StorageError(error)
        }
    }

    func executeScript(_ text: String) throws {
        do {
            try database.execute(sql: text)
        } catch let error as DatabaseError {
            throw StorageError(error)
        }
    }
}

extension Value {
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let integer): integer.databaseValue
        case .real(let real): real.databaseValue
        case .text(let text): text.databaseValue
        case .blob(let bytes): Data(bytes).databaseValue
        }
    }

    fileprivate init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let integer): self = .integer(integer)
        case .double(let real): self = .real(real)
        case .string(let text): self = .text(text)
        case .blob(let data): self = .blob(Array(data))
        }
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
