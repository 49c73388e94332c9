// SPDX-License-Identifier: EUPL-1.2

import GRDB
import GRDBSQLite
import Storage

/// Runs statements on one GRDB connection. GRDB prepares and keeps them; binding and reading go straight to SQLite, which
/// saves a tenth of the cost of an act.
final class SQLiteDriver: Driver {
    let engine = Engine.sqlite
    private let database: GRDB.Database

    init(_ database: GRDB.Database) { self.database = database }

    func execute(_ sql: Storage.SQL, row: (Storage.Row) throws -> Void) throws -> Int {
        let (text, binds) = sql.rendered(placeholder: UInt8(ascii: "?"))
        do {
            let statement = try database.cachedStatement(sql: text).sqliteStatement
            defer {
                sqlite3_reset(statement)
                sqlite3_clear_bindings(statement)
            }
            for (index, value) in binds.enumerated() { try check(statement.bind(value, at: Int32(index + 1))) }
            let columns = sqlite3_column_count(statement)
            while true {
                let code = sqlite3_step(statement)
                guard code == SQLITE_ROW else {
                    try check(code == SQLITE_DONE ? SQLITE_OK : code)
                    return database.changesCount
                }
                try row(Storage.Row(values: (0..<columns).map(statement.value)))
            }
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

    private func check(_ code: Int32) throws {
        guard code != SQLITE_OK else { return }
        let connection = database.sqliteConnection
        throw DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
            message: String(cString: sqlite3_errmsg(connection))
        )
    }
}

extension OpaquePointer {
    /// SQLite copies what it is given.
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    /// Binds a value to a parameter, counted from 1; gives SQLite's result code.
    fileprivate func bind(_ value: Value, at index: Int32) -> Int32 {
        switch value {
        case .null: sqlite3_bind_null(self, index)
        case .integer(let integer): sqlite3_bind_int64(self, index, integer)
        case .real(let real): sqlite3_bind_double(self, index, real)
        case .text(var text):
            text.withUTF8 { sqlite3_bind_text64(self, index, $0.baseAddress, UInt64($0.count), Self.copied, UInt8(SQLITE_UTF8)) }
        case .blob(let bytes):
            // Without an address SQLite would bind null.
            if bytes.isEmpty {
                sqlite3_bind_zeroblob(self, index, 0)
            } else {
                bytes.withUnsafeBytes { sqlite3_bind_blob64(self, index, $0.baseAddress, UInt64($0.count), Self.copied) }
            }
        }
    }

    /// A column of the row at which a statement stands.
    fileprivate func value(_ column: Int32) -> Value {
        switch sqlite3_column_type(self, column) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(self, column))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(self, column))
        case SQLITE_TEXT:
            let start = sqlite3_column_text(self, column)
            return .text(String(decoding: UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(self, column))), as: UTF8.self))
        case SQLITE_BLOB:
            let start = sqlite3_column_blob(self, column)
            return .blob(Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(self, column)))))
        default: return .null
        }
    }
}
