// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Crypto
import Essentials
import Foundation
import Journal
import Storage
import StorageSQLite
import TransparencyLog

/// Copies a city while it goes on working.
struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy a city’s data into a new folder, while it goes on working. Keys are not in it: keep them elsewhere."
    )

    @OptionGroup var options: CityOptions
    @Argument(help: "A folder that does not exist yet.") var target: String

    func run() async throws {
        let folder = URL(fileURLWithPath: target)
        guard !FileManager.default.fileExists(atPath: folder.path) else { throw ValidationError("\(target) is there already.") }
        let places = CityHall.Places(data: URL(fileURLWithPath: options.data))
        guard FileManager.default.fileExists(atPath: places.ledgerKey.path) else {
            throw ValidationError("\(options.data) holds no city, or its folder keys is not there.")
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try HalfMade(places.data).refuse()
        // The log first, as its checkpoint stands now: the database, copied later, holds at least every entry of it.
        let signer = try CityHall.ledgerSigner(places.ledgerKey, origin: options.origin)
        _ = try await LedgerFolder(places.ledger).copy(
            to: LedgerFolder(folder.appendingPathComponent("ledger")),
            verifier: signer.verifier
        )
        // Files before the database and once more after it: none that an entry of the copy names is missing, whether it was
        // added or erased meanwhile.
        try copyFiles(from: places.files, to: folder.appendingPathComponent("files"))
        if let url = options.database {
            try runTool("pg_dump", ["--format=custom", "--file=\(folder.appendingPathComponent("balai.pgdump").path)", url])
        } else {
            guard FileManager.default.fileExists(atPath: places.database) else { throw ValidationError("\(options.data) holds no city.") }
            let database = try SQLiteDatabase(path: places.database)
            try await database.backup(to: folder.appendingPathComponent("balai.sqlite").path)
            await database.close()
        }
        try copyFiles(from: places.files, to: folder.appendingPathComponent("files"))
        try Manifest(of: folder).write(to: folder)
        print("\(target) holds the city. Keep \(places.data.appendingPathComponent("keys").path) in another safe place.")
    }

    /// Copies what is not there yet. A file that is taken away meanwhile is an erased one.
    private func copyFiles(from source: URL, to target: URL) throws {
        let manager = FileManager.default
        for path in Manifest.paths(below: source) {
            let from = source.appendingPathComponent(path)
            let to = target.appendingPathComponent(path)
            guard !path.hasSuffix(".new"), !manager.fileExists(atPath: to.path) else { continue }
            if (try? from.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true {
                try manager.createDirectory(at: to, withIntermediateDirectories: true)
                continue
            }
            do {
                try manager.copyItem(at: from, to: to)
            } catch  where !manager.fileExists(atPath: from.path) {
                try? manager.removeItem(at: to)
            }
        }
    }
}

/// What a backup consists of, written last: without it, or with other content, a folder is no backup.
struct Manifest {
    private static let name = "manifest.json"
    private static let piece = 1 << 20

    /// The SHA-256 of each file.
    let digests: [String: String]

    /// Of the files that are in a folder.
    init(of folder: URL) throws {
        var digests: [String: String] = [:]
        for path in Self.paths(below: folder) where path != Self.name {
            if let digest = try Self.digest(folder.appendingPathComponent(path)) { digests[path] = digest }
        }
        self.digests = digests
    }

    /// The one that a backup carries; says so where it is missing or does not fit.
    init(checking folder: URL) throws {
        guard let bytes = FileManager.default.contents(atPath: folder.appendingPathComponent(Self.name).path),
            let listed = try JSON(parsing: bytes)["files"]?.object
        else { throw ValidationError("\(folder.path) is no finished backup: it has no \(Self.name). Take an older one.") }
        digests = listed.compactMapValues(\.string)
        let found = try Manifest(of: folder).digests
        guard let wrong = Set(digests.keys).union(found.keys).sorted().first(where: { digests[$0] != found[$0] }) else { return }
        let fault = found[wrong] == nil ? "is missing" : digests[wrong] == nil ? "does not belong to it" : "is not as it was copied"
        throw ValidationError("\(folder.path) is no whole backup: \(wrong) \(fault). Take another one.")
    }

    func write(to folder: URL) throws {
        // Everything that it speaks of lies on the disk before it does.
        sync()
        let content: JSON = ["files": .object(digests.mapValues { .string($0) }), "format": 1]
        try Data(content.canonical).write(to: folder.appendingPathComponent(Self.name), options: .atomic)
    }

    /// Of everything below a folder; a folder before what lies in it.
    static func paths(below folder: URL) -> [String] {
        FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    }

    /// Nil for a folder.
    private static func digest(_ file: URL) throws -> String? {
        if try file.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true { return nil }
        let handle = try FileHandle(forReadingFrom: file)
        defer { try? handle.close() }
        var hash = SHA256()
        while let bytes = try handle.read(upToCount: piece), !bytes.isEmpty { hash.update(data: bytes) }
        return Array(hash.finalize()).hex
    }
}

/// Puts a copy back.
struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Put a backup into an empty data folder, and check it.")

    @OptionGroup var options: CityOptions
    @Argument(help: "The backup’s folder.") var source: String
    @Option(help: "The folder of the city’s keys.") var keys: String

    func run() async throws {
        let data = URL(fileURLWithPath: options.data)
        let backup = URL(fileURLWithPath: source)
        let half = HalfMade(data)
        try half.refuse()
        for name in ["balai.sqlite", "ledger", "files"] {
            guard !FileManager.default.fileExists(atPath: data.appendingPathComponent(name).path) else {
                throw ValidationError("\(options.data) holds a city already: \(name) is there.")
            }
        }
        let manifest = try Manifest(checking: backup)
        let store = options.database == nil ? "balai.sqlite" : "balai.pgdump"
        guard manifest.digests[store] != nil else {
            throw ValidationError("\(source) holds no \(store)\(options.database == nil ? "; it is of PostgreSQL: add --database" : "").")
        }
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try FolderLock.take(data)
        try half.mark(by: .restore)
        for name in ["files", "ledger", "balai.sqlite"]
        where FileManager.default.fileExists(atPath: backup.appendingPathComponent(name).path) {
            try FileManager.default.copyItem(at: backup.appendingPathComponent(name), to: data.appendingPathComponent(name))
        }
        let places = CityHall.Places(data: data)
        if !FileManager.default.fileExists(atPath: places.masterKey.path) {
            try FileManager.default.copyItem(at: URL(fileURLWithPath: keys), to: data.appendingPathComponent("keys"))
        }
        if let url = options.database {
            try runTool("pg_restore", ["--dbname=\(url)", "--no-owner", "--exit-on-error", backup.appendingPathComponent(store).path])
        }
        let hall = try await options.open(isRestoring: true)
        let found = try await hall.recordAudit.run(isBehind: true).found
        guard found.isEmpty else {
            await hall.database.close()
            for contradiction in found { print("\(contradiction.place): \(contradiction.finding.en)") }
            throw ValidationError("The backup contradicts its log and is not opened. Take another one.")
        }
        let size = try await hall.journal.read { try $0.count("SELECT size FROM journal_head WHERE id = 1") }
        try await hall.journal.publishPending(through: hall.publisher, isBehind: true)
        let log = try await Verification(of: LedgerFolder(places.ledger), verifier: hall.signer.verifier)
        try half.clear()
        print("Restored \(size) entries; the log of \(log.checkpoint.size) verifies.")
        await hall.database.close()
    }
}

func runTool(_ name: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [name] + arguments
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw ValidationError("\(name) failed; its message is above.") }
}
