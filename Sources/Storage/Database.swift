// SPDX-License-Identifier: EUPL-1.2

/// What each engine does natively; everything else is written once, above it.
public protocol Driver: AnyObject {
    /// Which engine it is.
    var engine: Engine { get }
    /// Runs one statement; calls `row` for each row of its result; returns how many rows it changed.
    func execute(_ sql: SQL, row: (Row) throws -> Void) throws -> Int
    /// Runs text that is no statement of the program's, such as a migration in the engine's own dialect.
    func executeScript(_ text: String) throws
}

/// A consistent view of the database. It cannot leave the closure it was given to.
public class Snapshot {
    let driver: any Driver

    /// A view through an engine's driver.
    public init(driver: any Driver) { self.driver = driver }

    /// Every row, decoded.
    public func rows<T>(_ sql: SQL, _ decode: (Row) throws -> T) throws -> [T] {
        var found: [T] = []
        _ = try driver.execute(sql) { found.append(try decode($0)) }
        return found
    }

    /// Every row, one at a time, so that memory stays flat.
    public func forEach(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        _ = try driver.execute(sql, row: body)
    }

    /// The first row, decoded; nil when there is none.
    public func find<T>(_ sql: SQL, _ decode: (Row) throws -> T) throws -> T? { try rows(sql, decode).first }

    /// A single number, 0 when there is no row.
    public func count(_ sql: SQL) throws -> Int { try find(sql) { try $0(0) } ?? 0 }
}

/// A snapshot that can also change things. There is no `await` inside a transaction, so no network call either.
public final class Transaction: Snapshot {
    /// Runs a statement; returns how many rows it changed.
    @discardableResult
    public func execute(_ sql: SQL) throws -> Int { try driver.execute(sql) { _ in } }

    /// Runs a script of the schema.
    public func executeScript(_ text: String) throws { try driver.executeScript(text) }
}

/// Which engine a database is; the few differences of dialect ask for it.
public enum Engine: String, Sendable {
    /// SQLite, the default.
    case sqlite
    /// PostgreSQL.
    case postgres
}

/// A database. Two implementations: `SQLiteDatabase` (GRDB) and `PostgresDatabase` (libpq).
public protocol Database: Sendable {
    /// Which engine it is.
    var engine: Engine { get }

    /// Reads a consistent snapshot.
    func read<T: Sendable>(_ body: @escaping @Sendable (Snapshot) throws -> T) async throws -> T

    /// Writes durably, or not at all. `body` may run more than once (PostgreSQL repeats after a conflict), so it must
    /// not touch the outside world.
    @discardableResult
    func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T

    /// Has statements run just before each commit from now on; SQLite only.
    func beforeEachCommit(_ statements: [String])

    /// Overwrites what was deleted: afterwards no file of the database holds a byte that no row holds. A work of seconds,
    /// done in small steps between the acts where the engine allows it.
    ///
    /// - Parameters:
    ///   - sealed: tables that hold nothing readable without a key, which need not be written anew.
    ///   - isQuiet: whether the city sleeps, so that acts may wait for it.
    /// - Returns: whether it is done; false while somebody still reads what was deleted, or it has to wait for the night.
    func scrub(sealed: [SchemaName], isQuiet: Bool) async throws -> Bool

    /// Closes every connection after what is under way has finished.
    func close() async
}

extension Database {
    /// Nothing has to be done before a commit.
    public func beforeEachCommit(_ statements: [String]) {}
}

/// What an engine could not do, the same for both.
public enum StorageError: Error {
    /// A value that must be unique is there already.
    case unique(String)
    /// Another rule of the schema was broken.
    case constraint(String)
    /// Two writers met; try again.
    case conflict
    /// More waits than can be served soon.
    case busy
    /// The disk is full, the database is gone or cannot be written.
    case unavailable(String)
    /// The statement itself is wrong: a fault of the program.
    case statement(String)
}
