// SPDX-License-Identifier: EUPL-1.2

import CLibPQ
import Essentials
import Foundation
import Storage

/// One libpq connection. Used by one thread at a time: the pool lends it out whole.
final class PostgresConnection: Driver, @unchecked Sendable {
    let engine = Engine.postgres
    // Unchecked: the pool hands a connection to one closure at a time, and libpq asks for nothing more.
    private var connection: OpaquePointer?
    private var prepared: [String: String] = [:]

    init(url: String) throws {
        connection = PQconnectdb(url)
        guard PQstatus(connection) == CONNECTION_OK else {
            let message = String(cString: PQerrorMessage(connection))
            PQfinish(connection)
            connection = nil
            throw StorageError.unavailable(message)
        }
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
        try executeScript("SET client_encoding TO 'UTF8'; SET standard_conforming_strings TO on; SET TIME ZONE 'UTC'")
    }

    var isAlive: Bool { connection != nil && PQstatus(connection) == CONNECTION_OK }

    func close() {
        PQfinish(connection)
        connection = nil
    }

    func inTransaction<T>(_ begin: String, _ body: () throws -> T) throws -> T {
        try executeScript(begin)
        do {
            let value = try body()
            try executeScript("COMMIT")
            return value
        } catch {
            try? executeScript("ROLLBACK")
            throw error
        }
    }

    /// Runs one act of several in a transaction: where it fails, the others stand.
    func inSavepoint<T>(_ body: () throws -> T) throws -> T {
        try executeScript("SAVEPOINT act")
        do {
            let value = try body()
            try executeScript("RELEASE SAVEPOINT act")
            return value
        } catch {
            try? executeScript("ROLLBACK TO SAVEPOINT act; RELEASE SAVEPOINT act")
            throw error
        }
    }

    func execute(_ sql: SQL, row: (Row) throws -> Void) throws -> Int {
        let (text, binds) = sql.rendered(placeholder: UInt8(ascii: "$"))
        let result = try run(text, binds)
        defer { PQclear(result) }
        let columns = PQnfields(result)
        for line in 0..<PQntuples(result) {
            try row(Row(values: try (0..<columns).map { try Self.value(result, line, $0) }))
        }
        return Int(String(cString: PQcmdTuples(result))) ?? 0
    }

    func rows<T>(_ sql: SQL, _ decode: (Row) throws -> T) throws -> [T] {
        var found: [T] = []
        _ = try execute(sql) { found.append(try decode($0)) }
        return found
    }

    func executeScript(_ text: String) throws {
        let result = PQexec(connection, text)
        defer { PQclear(result) }
        try check(result)
    }

    /// Prepares a statement once for each connection; parsing costs more than most of our queries.
    private func run(_ text: String, _ binds: [Value]) throws -> OpaquePointer? {
        let types = binds.map(\.typeIdentifier)
        let key = text + types.map { String($0) }.joined(separator: ",")
        let name: String
        if let known = prepared[key] {
            name = known
        } else {
            name = "s\(prepared.count)"
            let result = PQprepare(connection, name, text, Int32(binds.count), types)
            defer { PQclear(result) }
            try check(result)
            prepared[key] = name
        }
        var encoded = binds.map(\.wireBytes)
        let lengths = encoded.map { Int32($0?.count ?? 0) }
        let formats = binds.map { bind -> Int32 in if case .blob = bind { 1 } else { 0 } }
        for index in encoded.indices where formats[index] == 0 { encoded[index]?.append(0) }
        let buffers = encoded.map { bytes -> UnsafeMutablePointer<CChar>? in
            guard let bytes else { return nil }
            let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: max(1, bytes.count))
            for (index, byte) in bytes.enumerated() { buffer[index] = CChar(bitPattern: byte) }
            return buffer
        }
        defer { for buffer in buffers { buffer?.deallocate() } }
        let pointers = buffers.map { UnsafePointer($0) }
        let result = PQexecPrepared(connection, name, Int32(binds.count), pointers, lengths, formats, 0)
        do {
            try check(result)
        } catch {
            PQclear(result)
            throw error
        }
        return result
    }

    private func check(_ result: OpaquePointer?) throws {
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return
        default: break
        }
        let message = String(cString: PQresultErrorMessage(result))
        let field = PQresultErrorField(result, Int32(UInt8(ascii: "C")))
        let state = field.map { String(cString: $0) } ?? ""
        switch state {
        case "23505": throw StorageError.unique(message)
        case let state where state.hasPrefix("23"): throw StorageError.constraint(message)
        case "40001", "40P01", "55P03": throw StorageError.conflict
        case "", "25006": throw StorageError.unavailable(message.isEmpty ? String(cString: PQerrorMessage(connection)) : message)
        case let state where state.hasPrefix("53") || state.hasPrefix("57") || state.hasPrefix("08") || state.hasPrefix("58"):
            throw StorageError.unavailable(message)
        default: throw StorageError.statement("[\(state)] \(message)")
        }
    }

    private static func value(_ result: OpaquePointer?, _ row: Int32, _ column: Int32) throws -> Value {
        if PQgetisnull(result, row, column) == 1 { return .null }
        guard let start = PQgetvalue(result, row, column) else { return .null }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
        let text = String(decoding: bytes, as: UTF8.self)
        switch PQftype(result, column) {
        case 16: return .integer(text == "t" ? 1 : 0)
        case 20, 21, 23, 26: return .integer(Int64(text) ?? 0)
        case 700, 701, 1700:
            return text.contains(".") || text.contains("e")
                ? .real(Double(text) ?? 0) : (Int64(text).map(Value.integer) ?? .real(Double(text) ?? 0))
        case 17: return .blob([UInt8](hex: String(text.dropFirst(2))) ?? [])
        default: return .text(text)
        }
    }
}

extension Value {
    /// The PostgreSQL type that a bind is declared as; 0 leaves it to the server.
    fileprivate var typeIdentifier: Oid {
        switch self {
        case .null: 0
        case .integer: 20
        case .real: 701
        case .text: 25
        case .blob: 17
        }
    }

    fileprivate var wireBytes: [UInt8]? {
        switch self {
        case .null: nil
        case .integer(let integer): Array(String(integer).utf8)
        case .real(let real): Array(String(real).utf8)
        case .text(let text): Array(text.utf8)
        case .blob(let bytes): bytes
        }
    }
}
