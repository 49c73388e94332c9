// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Complaints
import Essentials
import Foundation
import Identity
import Journal
import Storage
import StorageSQLite
import TransparencyLog

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Checks a city's log from outside.
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Check a public log: a city’s address, a folder of tiles, or one receipt.")

    @Argument(help: "https://…/ledger, a folder, or a .tlog-proof file.")
    var source: String

    @Option(help: "The city’s key, from a source that you trust; for an address it is asked of the city when not given.")
    var key: String?

    func run() async throws {
        if source.hasPrefix("http://") || source.hasPrefix("https://") {
            let tiles = WebTiles(prefix: source)
            let text: String
            if let key { text = key } else { text = String(decoding: try await tiles.bytes("vkey"), as: UTF8.self) }
            try await report(tiles, try verifier(text))
        } else if source.hasSuffix(".tlog-proof") {
            let proof = try String(contentsOfFile: source, encoding: .utf8)
            let found = try Verification.checkReceipt(proof, verifier: try verifier(key ?? ""))
            print("VALID: entry \(found.index)\n\(String(decoding: found.leaf, as: UTF8.self))")
        } else {
            try await report(LedgerFolder(URL(fileURLWithPath: source)), try verifier(key ?? ""))
        }
    }

    private func verifier(_ text: String) throws -> NoteVerifier {
        guard let verifier = NoteVerifier(text) else {
            throw ValidationError("--key is the city’s verifier key, name+hash+key; the page “Buku besar” shows it.")
        }
        return verifier
    }

    private func report(_ tiles: some TileSource, _ verifier: NoteVerifier) async throws {
        do {
            let found = try await Verification(of: tiles, verifier: verifier)
            print("VALID: \(found.checkpoint.size) entries, root \(found.checkpoint.root.base64), signed by \(found.checkpoint.origin)")
            for (kind, count) in found.kinds.sorted(by: { $0.key < $1.key }) { print("  \(count)\t\(kind)") }
        } catch let fault as LedgerFault {
            print("INVALID: \(fault)")
            throw ExitCode(2)
        }
    }
}

/// The tiles of a log on the web.
private struct WebTiles: TileSource {
    let prefix: String

    func bytes(_ path: String) async throws -> [UInt8] {
        guard let url = URL(string: "\(prefix.hasSuffix("/") ? String(prefix.dropLast()) : prefix)/\(path)") else {
            throw LedgerFault.malformed("address")
        }
        let (data, response) = try await URLSession.shared.data(from: url)
        guard (response as? HTTPURLResponse)?.statusCode == 200 else { throw LedgerFault.missingTile(path) }
        return Array(data)
    }
}

/// Works every table out again from the entries.
struct Rebuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Work every projection out again from the journal.")

    @OptionGroup var options: CityOptions

    func run() async throws {
        let hall = try await options.open()
        try await hall.journal.rebuild { done, total in if done % 50_000 < 1000 || done == total { print("\(done) of \(total)") } }
        await hall.database.close()
    }
}

/// Moves a city to another store.
struct Move: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Copy the journal and its keys into an empty database.")

    @OptionGroup var options: CityOptions
    @Option(help: "The target: postgres://…, or the path of a new SQLite file.") var to: String

    func run() async throws {
        let hall = try await options.open()
        let target: any Database = to.hasPrefix("postgres") ? try await CityHall.postgres(to) : try SQLiteDatabase(path: to)
        try await target.migrate(CityHall.migrations)
        let journal = Journal(database: target, vault: hall.vault, projections: hall.journal.projections)
        try await hall.journal.move(to: journal) { done, _ in print("\(done) entries") }
        await target.close()
        await hall.database.close()
    }
}

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
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let places = CityHall.Places(data: URL(fileURLWithPath: options.data))
        // Files first: an entry may never be in the copy before the file that it names.
        if FileManager.default.fileExists(atPath: places.files.path) {
            try FileManager.default.copyItem(at: places.files, to: folder.appendingPathComponent("files"))
        }
        if let url = options.database {
            try runTool("pg_dump", ["--format=custom", "--file=\(folder.appendingPathComponent("balai.pgdump").path)", url])
        } else {
            let database = try SQLiteDatabase(path: places.database)
            try await database.backup(to: folder.appendingPathComponent("balai.sqlite").path)
            await database.close()
        }
        if FileManager.default.fileExists(atPath: places.ledger.path) {
            try FileManager.default.copyItem(at: places.ledger, to: folder.appendingPathComponent("ledger"))
        }
        print("\(target) holds the city. Keep \(places.data.appendingPathComponent("keys").path) in another safe place.")
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
        let places = CityHall.Places(data: data)
        guard !FileManager.default.fileExists(atPath: places.database) else {
            throw ValidationError("\(options.data) holds a city already.")
        }
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        for name in ["files", "ledger", "balai.sqlite"] {
            let from = URL(fileURLWithPath: source).appendingPathComponent(name)
            if FileManager.default.fileExists(atPath: from.path) {
                try FileManager.default.copyItem(at: from, to: data.appendingPathComponent(name))
            }
        }
        if !FileManager.default.fileExists(atPath: places.masterKey.path) {
            try FileManager.default.copyItem(at: URL(fileURLWithPath: keys), to: data.appendingPathComponent("keys"))
        }
        if let url = options.database {
            try runTool(
                "pg_restore",
                ["--dbname=\(url)", "--no-owner", URL(fileURLWithPath: source).appendingPathComponent("balai.pgdump").path]
            )
        }
        let hall = try await options.open()
        let size = try await hall.journal.read { try $0.count("SELECT count(*) FROM entry") }
        try await hall.journal.publishPending(through: try hall.publisher())
        let found = try await Verification(of: LedgerFolder(places.ledger), verifier: hall.signer.verifier)
        print("Restored \(size) entries; the log of \(found.checkpoint.size) verifies.")
        await hall.database.close()
    }
}

private func runTool(_ name: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [name] + arguments
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw ValidationError("\(name) failed; its message is above.") }
}

/// Replaces the master key.
struct RotateKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-key",
        abstract: "Put a new master key in front and wrap every person’s key with it."
    )

    @OptionGroup var options: CityOptions

    func run() async throws {
        let before = try await options.open()
        try Vault.rotateKeyFile(at: CityHall.Places(data: before.data).masterKey)
        await before.database.close()
        let hall = try await options.open()
        print("\(try await hall.vault.rewrap(in: hall.database)) keys wrapped anew. Keep the old line: look-ups still need it.")
        await hall.database.close()
    }
}
