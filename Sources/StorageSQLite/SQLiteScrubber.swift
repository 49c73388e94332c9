// SPDX-License-Identifier: EUPL-1.2

import Dispatch
import Foundation
import GRDB
import GRDBSQLite
import Storage
import Synchronization

/// Makes sure that what was deleted is nowhere in the files any more. SQLite's own `secure_delete` overwrites the row and
/// the page that is given up; three things are left for us: words that the full-text index only marks as deleted, copies
/// that stay behind in the free room of a page when rows move to another, and the write-ahead log.
///
/// Everything is done in pieces of a few milliseconds between two batches of acts.
final class SQLiteScrubber: Sendable {
    private struct State {
        var isRunning = false
        /// Kept open: closing any descriptor of a database gives up the locks that SQLite holds on it.
        var file: Int32 = -1
    }

    /// Pages of the index that one step merges, and pages of the file that one step overwrites.
    private static let step = 64
    /// Pages that are looked through at once.
    private static let glance = 256
    /// Tries to find a moment in which nobody reads the write-ahead log.
    private static let tries = 40

    private let path: String
    private let writer: GroupCommitWriter
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "balai.sqlite.scrubber", qos: .utility)

    init(path: String, writer: GroupCommitWriter) {
        self.path = path
        self.writer = writer
    }

    func close() {
        state.withLock { state in
            if state.file >= 0 { Foundation.close(state.file) }
            state.file = -1
        }
    }

    /// Whether it is done; false while somebody reads an old state, or another scrub is under way.
    func scrub() async throws -> Bool {
        let isFirst = state.withLock { state in
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard isFirst else { return false }
        defer { state.withLock { $0.isRunning = false } }
        let layout = try await writer.maintain { database in
            (
                indexes: try String.fetchAll(
                    database,
                    sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%fts5%'"
                ),
                pageSize: try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4096,
                reserved: try Int.fetchOne(database, sql: "PRAGMA auto_vacuum") ?? 0
            )
        }
        // Only then are pages of another kind never taken for pages of rows.
        guard layout.reserved == 0 else { throw StorageError.unavailable("a database with auto_vacuum cannot be scrubbed") }
        for index in layout.indexes { try await mergeDeletions(in: index) }
        guard try await emptyLog() else { return false }
        let file = try descriptor()
        let soiled = try await soiledPages(of: file, pageSize: layout.pageSize)
        for start in stride(from: 0, to: soiled.count, by: Self.step) {
            let pages = Array(soiled[start..<min(start + Self.step, soiled.count)])
            guard try await untilFree({ try self.clean(pages, of: file, pageSize: layout.pageSize, in: $0) }) else { return false }
        }
        return true
    }

    // MARK: The full-text index

    /// A word that is deleted from FTS5 stays in its segment, and is written once more as deleted, until both are merged
    /// into the oldest segment. So all segments that are there now become one.
    private func mergeDeletions(in index: String) async throws {
        func merge(_ pages: Int) async throws -> FullTextStructure {
            try await writer.maintain { database in
                try database.inTransaction(.immediate) {
                    try database.execute(sql: "INSERT INTO \(index) (\(index), rank) VALUES ('merge', \(pages))")
                    return .commit
                }
                let block = try Data.fetchOne(database, sql: "SELECT block FROM \(index)_data WHERE id = 10") ?? Data()
                return FullTextStructure(Array(block))
            }
        }
        // A negative number of pages asks that everything become one segment; what comes in later is not waited for.
        guard let level = try await merge(-Self.step).merging else { return }
        while try await merge(Self.step).isMerging(level) {}
    }

    // MARK: The write-ahead log

    /// Copies the log into the file and cuts it to nothing.
    private func emptyLog() async throws -> Bool { try await untilFree(Self.truncate) }

    /// Tries again until nobody reads the log, for some seconds.
    private func untilFree(_ body: @escaping @Sendable (GRDB.Database) throws -> Bool) async throws -> Bool {
        for _ in 0..<Self.tries {
            if try await writer.maintain(body) { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }

    private static func truncate(_ database: GRDB.Database) throws -> Bool {
        // Who reads is waited for only so long: acts stand in line meanwhile.
        sqlite3_busy_timeout(database.sqliteConnection, 50)
        defer { sqlite3_busy_timeout(database.sqliteConnection, 5000) }
        do {
            return try Int.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)") == 0
        } catch let error as DatabaseError where [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode) {
            return false
        }
    }

    // MARK: The file

    private func descriptor() throws -> Int32 {
        try state.withLock { state in
            if state.file < 0 { state.file = open(path, O_RDWR | O_CLOEXEC) }
            guard state.file >= 0 else { throw StorageError.unavailable("\(path) cannot be opened") }
            return state.file
        }
    }

    /// Numbers of pages, from 0, with something in their free room. Nothing is held meanwhile: what SQLite writes while we
    /// look is looked at again before it is touched.
    private func soiledPages(of file: Int32, pageSize: Int) async throws -> [Int] {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                var found: [Int] = []
                var buffer = [UInt8](repeating: 0, count: pageSize * Self.glance)
                var first = 0
                while true {
                    let count = buffer.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, off_t(first * pageSize)) }
                    guard count >= 0 else {
                        return continuation.resume(throwing: StorageError.unavailable("\(self.path) cannot be read"))
                    }
                    for page in 0..<count / pageSize {
                        // The first page holds the schema alone.
                        guard first + page > 0 else { continue }
                        let bytes = buffer[page * pageSize..<(page + 1) * pageSize]
                        if Page.freeRoom(of: bytes).contains(where: { bytes[$0].contains { $0 != 0 } }) { found.append(first + page) }
                    }
                    if count < buffer.count { return continuation.resume(returning: found) }
                    first += Self.glance
                }
            }
        }
    }

    /// Overwrites the free room of pages.
    ///
    /// With the write lock held and the log empty nobody writes the file: there is nothing that a checkpoint could copy. Only
    /// bytes that SQLite does not use are changed, so that a stop in the middle leaves a sound file.
    private func clean(_ pages: [Int], of file: Int32, pageSize: Int, in database: GRDB.Database) throws -> Bool {
        guard try Self.truncate(database) else { return false }
        var isDone = false
        try database.inTransaction(.immediate) {
            var log = stat()
            guard stat(path + "-wal", &log) == 0, log.st_size == 0 else { return .rollback }
            for page in pages {
                var bytes = [UInt8](repeating: 0, count: pageSize)
                let start = off_t(page * pageSize)
                guard bytes.withUnsafeMutableBytes({ pread(file, $0.baseAddress, pageSize, start) }) == pageSize else { continue }
                for room in Page.freeRoom(of: bytes[...]) where bytes[room].contains(where: { $0 != 0 }) {
                    let zeros = [UInt8](repeating: 0, count: room.count)
                    guard zeros.withUnsafeBytes({ pwrite(file, $0.baseAddress, room.count, start + off_t(room.lowerBound)) }) == room.count
                    else { throw StorageError.unavailable("\(path) cannot be written") }
                }
            }
            guard fdatasync(file) == 0 else { throw StorageError.unavailable("\(path) cannot be written") }
            // Pages that other connections remember would bring the bytes back: a commit makes them forget, and this one is
            // told to.
            let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            try database.execute(sql: "PRAGMA user_version = \((version + 1) % 1_000_000)")
            isDone = true
            return .commit
        }
        sqlite3_db_release_memory(database.sqliteConnection)
        return isDone
    }
}

/// A page of SQLite's file format (sqlite.org/fileformat2.html, section 1.6).
private enum Page {
    /// What of a page, not the first, holds no cell: between the list of cells and the first of them, and the body of each free
    /// block. Empty for pages of another kind, and for one whose header makes no sense.
    static func freeRoom(of page: ArraySlice<UInt8>) -> [Range<Int>] {
        let base = page.startIndex
        let size = page.count
        func number(_ at: Int) -> Int { Int(page[base + at]) << 8 | Int(page[base + at + 1]) }
        // Of an overflow page the first four bytes are the number of the next: below 128 GB never one of these four kinds.
        let kind = page[base]
        guard [0x02, 0x05, 0x0A, 0x0D].contains(kind) else { return [] }
        let listEnd = (kind < 0x0A ? 12 : 8) + 2 * number(3)
        let content = number(5) == 0 ? 65_536 : number(5)
        guard listEnd <= content, content <= size else { return [] }
        var rooms = [base + listEnd..<base + content]
        var block = number(1)
        while block != 0 {
            guard block >= content, block + 4 <= size else { return [] }
            let length = number(block + 2)
            guard length >= 4, block + length <= size else { return [] }
            rooms.append(base + block + 4..<base + block + length)
            let next = number(block)
            guard next == 0 || next > block else { return [] }
            block = next
        }
        return rooms
    }
}

/// How the segments of an FTS5 index lie, as its structure record says (fts5_index.c): enough to know which are being merged.
struct FullTextStructure: Sendable {
    /// Of each level, from the newest, how many of its segments are being merged into one of the next.
    private let levels: [Int]

    init(_ record: [UInt8]) {
        var position = 4
        // Since SQLite 3.43 a record may have five more numbers for each segment, and says so.
        let isLong = Array(record.dropFirst(4).prefix(4)) == [0xFF, 0, 0, 1]
        if isLong { position += 4 }
        func next() -> Int {
            var value = 0
            for index in 0..<9 where position < record.count {
                let byte = Int(record[position])
                position += 1
                if index == 8 { return value << 8 | byte }
                value = value << 7 | byte & 0x7F
                if byte < 0x80 { break }
            }
            return value
        }
        let count = next()
        _ = (next(), next())
        var levels: [Int] = []
        while levels.count < count, position < record.count {
            levels.append(next())
            let segments = next()
            for _ in 0..<segments * (isLong ? 8 : 3) where position < record.count { _ = next() }
        }
        self.levels = levels
    }

    /// The oldest level of which segments are being merged.
    var merging: Int? { levels.lastIndex { $0 > 0 } }

    func isMerging(_ level: Int) -> Bool { level < levels.count && levels[level] > 0 }
}
