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

    @Option(help: "Where the checkpoint that was seen last is kept; a file below $XDG_STATE_HOME/balai unless given.")
    var state: String?

    func run() async throws {
        if source.hasPrefix("http://") || source.hasPrefix("https://") {
            let tiles = await WebTiles(near: source)
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
            let book = SeenCheckpoints(file: state.map { URL(fileURLWithPath: $0) }, verifier: verifier)
            let seen = try book.last()
            let found = try await Verification(of: tiles, verifier: verifier, seen: seen)
            print("VALID: \(found.checkpoint.size) entries, root \(found.checkpoint.root.base64), signed by \(found.checkpoint.origin)")
            print(
                seen.map { "CONSISTENT: it goes on from the \($0.size) entries that you saw last." }
                    ?? "Seen for the first time; the next check will prove that it goes on from here."
            )
            try book.keep(found.note)
            for (kind, count) in found.kinds.sorted(by: { $0.key < $1.key }) { print("  \(count)\t\(kind)") }
        } catch let fault as LedgerFault {
            switch fault {
            case .rolledBack(let before, let now):
                print("ROLLED BACK: you saw \(before) entries signed, now there are \(now). What was signed is being denied.")
            case .forked(let size):
                print("FORK: the first \(size) entries are others than you saw signed. The city has signed two histories.")
            default: print("INVALID: \(fault)")
            }
            throw ExitCode(2)
        }
    }
}

/// The tiles of a log on the web.
private struct WebTiles: TileSource {
    let prefix: String

    /// The log at an address, or where a city has it below its own address.
    init(near address: String) async {
        let given = address.hasSuffix("/") ? String(address.dropLast()) : address
        let hasLog = (try? await WebTiles(prefix: given).bytes("checkpoint")) != nil
        self.init(prefix: hasLog ? given : "\(given)/ledger")
    }

    private init(prefix: String) { self.prefix = prefix }

    func bytes(_ path: String) async throws -> [UInt8] {
        guard let url = URL(string: "\(prefix)/\(path)") else {
            throw LedgerFault.malformed("address")
        }
        let (data, response) = try await URLSession.shared.data(from: url)
        guard (response as? HTTPURLResponse)?.statusCode == 200 else { throw LedgerFault.missingTile(path) }
        return Array(data)
    }
}

/// Works every table out again from the entries.
struct Rebuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Work every projection, or the ledger, out again from the journal.")

    @OptionGroup var options: CityOptions
    @Flag(help: "The ledger instead, whose folder was lost or rolled back; only where it says what was signed last.") var ledger = false

    func run() async throws {
        let hall = try await options.open(isAlone: ledger)
        if ledger {
            let found = try await hall.rebuildLedger()
            await hall.database.close()
            guard !found.isEmpty else { return print("The ledger is whole again. Run balai audit: what it finds no more is over.") }
            for contradiction in found { print("\(contradiction.place): \(contradiction.finding.en)") }
            print("The entries are not the ones that were signed. The ledger stays as it is.")
            throw ExitCode(2)
        }
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
        let hall = try await options.open(isLeaving: true)
        let target: any Database = to.hasPrefix("postgres") ? try await CityHall.postgres(to) : try SQLiteDatabase(path: to)
        try await target.migrate(CityHall.migrations)
        let journal = Journal(database: target, vault: hall.vault, projections: hall.journal.projections)
        try await hall.journal.move(to: journal) { done, _ in print("\(done) entries") }
        await target.close()
        await hall.database.close()
    }
}

/// Replaces the master key.
struct RotateKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-key",
        abstract: "Put a new master key in front and wrap every person’s key with it."
    )

    @OptionGroup var options: CityOptions

    func run() async throws {
        let before = try await options.open(isAlone: true)
        try Vault.rotateKeyFile(at: CityHall.Places(data: before.data).masterKey)
        await before.database.close()
        let hall = try await options.open()
        print("\(try await hall.vault.rewrap(in: hall.database)) keys wrapped anew. Keep the old line: look-ups still need it.")
        await hall.database.close()
    }
}
