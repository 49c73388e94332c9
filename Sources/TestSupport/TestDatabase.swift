// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import Storage
import StoragePostgres
import StorageSQLite

/// Fresh databases for tests: a file for SQLite, a database of a private server for PostgreSQL.
public enum TestDatabase {
    /// The engines that this machine can test. In CI a missing PostgreSQL is a failure, elsewhere it is said aloud.
    public static let engines: [Engine] = {
        if PrivatePostgres.binaries != nil || ProcessInfo.processInfo.environment["CI"] != nil { return [.sqlite, .postgres] }
        print("PostgreSQL is not installed: every test runs on SQLite alone.")
        return [.sqlite]
    }()

    /// An empty database.
    public static func make(_ engine: Engine) async throws -> any Database {
        switch engine {
        case .sqlite: try SQLiteDatabase(path: temporaryFolder().appendingPathComponent("test.sqlite").path)
        case .postgres: try PostgresDatabase(url: try PrivatePostgres.newDatabase(), connections: 4)
        }
    }

    /// A new folder below the machine's temporary one, which goes when the tests end.
    public static func temporaryFolder() throws -> URL {
        let folder = folders.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    private static let folders: URL = {
        atexit { try? FileManager.default.removeItem(at: TestDatabase.folders) }
        return FileManager.default.temporaryDirectory.appendingPathComponent("balai-test-\(getpid())")
    }()
}

/// A PostgreSQL server of the tests' own, started on first use by an unprivileged user and stopped at exit.
public enum PrivatePostgres {
    /// Where the server's programs lie; nil when it is not installed.
    static let binaries: URL? = {
        let versions =
            (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql"))?.sorted {
                $0.compare($1, options: .numeric) == .orderedAscending
            } ?? []
        return versions.last.map { URL(fileURLWithPath: "/usr/lib/postgresql/\($0)/bin") }
    }()

    private static let folder: Result<URL, any Error> = Result {
        guard let binaries else { throw StorageError.unavailable("PostgreSQL is not installed") }
        // Short, since the path of a socket may have 107 bytes at most.
        let folder = URL(fileURLWithPath: "/tmp/balai-pg-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if getuid() == 0 { try run("/bin/chown", ["postgres", folder.path], asOwner: false) }
        let data = folder.appendingPathComponent("data").path
        try run(
            binaries.appendingPathComponent("initdb").path,
            ["-D", data, "-A", "trust", "-U", "balai", "--locale=C", "-E", "UTF8", "--no-sync"]
        )
        try run(
            binaries.appendingPathComponent("pg_ctl").path,
            [
                "-D", data, "-w", "-l", folder.appendingPathComponent("log").path, "-o",
                "-c listen_addresses='' -k \(folder.path) -c fsync=off -c max_connections=1000", "start",
            ]
        )
        atexit {
            guard case .success(let folder) = PrivatePostgres.folder, let binaries = PrivatePostgres.binaries else { return }
            try? PrivatePostgres.run(
                binaries.appendingPathComponent("pg_ctl").path,
                ["-D", folder.appendingPathComponent("data").path, "-m", "immediate", "stop"]
            )
            try? FileManager.default.removeItem(at: folder)
        }
        return folder
    }

    /// The URL of a new, empty database.
    public static func newDatabase() throws -> String {
        let folder = try folder.get()
        let name = "t\(UUID().uuidString.lowercased().replacing("-", with: ""))"
        guard let binaries else { throw StorageError.unavailable("PostgreSQL is not installed") }
        try run(binaries.appendingPathComponent("createdb").path, ["-h", folder.path, "-U", "balai", "-T", "template0", name])
        return "postgres://balai@/\(name)?host=\(folder.path)"
    }

    /// Runs a tool through the shell. Not by `Process`: that waits for a pipe which the server, once started, never closes.
    private static func run(_ tool: String, _ arguments: [String], asOwner: Bool = true) throws {
        let owner = getuid() == 0 && asOwner ? ["/sbin/runuser", "-u", "postgres", "--"] : []
        let words = (owner + [tool] + arguments).map { "'\($0.replacing("'", with: "'\\''"))'" }
        let status = system("cd /tmp && \(words.joined(separator: " ")) </dev/null >/dev/null 2>&1")
        guard status == 0 else { throw StorageError.unavailable("\(tool) failed with \(status)") }
    }
}
