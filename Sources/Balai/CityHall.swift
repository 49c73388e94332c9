// SPDX-License-Identifier: EUPL-1.2

import Bookings
import Cases
import Complaints
import Definitions
import Documents
import Essentials
import Fees
import FoodPrices
import Foundation
import Identity
import Journal
import Notifications
import Queues
import Residents
import Services
import Storage
import StoragePostgres
import StorageSQLite
import TransparencyLog

/// A city put together: its pack, its store, its keys. What every command begins with.
struct CityHall: Sendable {
    let city: City
    let data: URL
    let database: any Database
    let vault: Vault
    let journal: Journal
    let accounts: Accounts
    let food: FoodWatch?
    let residents: Residents
    let uploads: Uploads
    let complaints: Complaints
    let services: Services
    let fees: Fees
    let queues: Queues
    let documents: DocumentOffice
    let signer: NoteSigner

    /// Where things lie below the data folder.
    struct Places {
        let data: URL
        var database: String { data.appendingPathComponent("balai.sqlite").path }
        var masterKey: URL { data.appendingPathComponent("keys/master.key") }
        var ledgerKey: URL { data.appendingPathComponent("keys/ledger.key") }
        var audits: URL { data.appendingPathComponent("audits.json") }
        var ledger: URL { data.appendingPathComponent("ledger") }
        var documentKey: URL { data.appendingPathComponent("keys/documents.key") }
        var documentCertificate: URL { data.appendingPathComponent("keys/documents.crt") }
        var files: URL { data.appendingPathComponent("files") }
        var staging: URL { data.appendingPathComponent("staging") }
        var outbox: URL { data.appendingPathComponent("outbox") }
    }

    static let migrations =
        Journal.migrations + AccountProjection.migrations + ResidentProjection.migrations + Outbox.migrations + DutyBook.migrations
        + ComplaintTables.migrations
        + FeeProjection.migrations + ServiceProjection.migrations + DocumentProjection.migrations + BookingProjection.migrations
        + QueueProjection.migrations + FoodPriceProjection.migrations

    /// Everything that is worked out from entries.
    static func projections(vault: Vault) -> [any Projection] {
        [
            AccountProjection(), ResidentProjection(vault: vault), ComplaintProjection(vault: vault), FeeProjection(),
            ServiceProjection(vault: vault), DocumentProjection(), BookingProjection(), QueueProjection(),
            FoodPriceProjection(), OutboxTraces(vault: vault),
        ]
    }

    /// Opens a city, making what is missing.
    ///
    /// - Parameters:
    ///   - pack: the folder of the city's pack.
    ///   - data: the folder of its data.
    ///   - databaseURL: `postgres://…`; nil for SQLite in the data folder.
    ///   - origin: the public origin.
    ///   - isAlone: whether no other process may have it open for serving.
    ///   - isLeaving: whether only its journal is read, to be moved: its tables may be another version's.
    static func open(
        pack: URL,
        data: URL,
        databaseURL: String?,
        origin: String,
        isAlone: Bool = false,
        isLeaving: Bool = false,
        clock: Clock = .machine
    ) async throws -> CityHall {
        let city = try City(folder: pack, nations: Home.nations)
        let places = Places(data: data)
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        try DataFolder(data).close()
        if isAlone { try await afterwards { try FolderLock.take(data) } }
        try Scratch.removeLeft(in: data)
        if isAlone { try DataFolder(data).requireSpace() }
        let database: any Database
        if let databaseURL {
            let postgres = try PostgresDatabase(url: databaseURL)
            if isAlone { try await afterwards { try postgres.takeLock() } }
            database = postgres
        } else {
            database = try SQLiteDatabase(path: places.database)
        }
        if !isLeaving { try await database.migrate(migrations) }
        try await Journal.refuseHalfMoved(database)
        try await places.requireKeys(beside: database)
        try Vault.createKeyFile(at: places.masterKey)
        let vault = try Vault(keyFile: places.masterKey)
        try await vault.claim(database)
        let journal = Journal(
            database: database,
            vault: vault,
            projections: projections(vault: vault),
            clock: clock
        )
        // An audit looks at the tables as they are: what is worked out anew would show it no edit.
        if isAlone { try await journal.rebuildWhereStale() }
        let files = FileStore(folder: places.files)
        let scanner = try ProcessInfo.processInfo.environment["BALAI_CLAMD"].map { try VirusScanner($0) }
        let uploads = Uploads(pictures: PictureReader(), scanner: scanner)
        let complaints = Complaints(journal: journal, city: city, files: files, uploads: uploads, origin: origin)
        let services = Services(journal: journal, city: city, files: files, uploads: uploads, origin: origin, keepers: [complaints])
        let documentSigner = try DocumentSigner(
            keyFile: places.documentKey,
            certificateFile: places.documentCertificate,
            city: city.name.id,
            at: journal.clock.now
        )
        return CityHall(
            city: city,
            data: data,
            database: database,
            vault: vault,
            journal: journal,
            accounts: Accounts(journal: journal, zone: city.zone),
            food: FoodWatch(journal: journal, city: city),
            residents: services.residents,
            uploads: uploads,
            complaints: complaints,
            services: services,
            fees: Fees(journal: journal, zone: city.zone, happened: { act, news in try services.heard(news, in: act) }),
            queues: Queues(journal: journal, city: city),
            documents: DocumentOffice(journal: journal, files: files, signer: documentSigner, origin: origin),
            signer: try ledgerSigner(places.ledgerKey, origin: origin)
        )
    }

    /// Takes a lock, with patience for two seconds: a city that was just killed may not have let go of it yet.
    private static func afterwards(_ take: () throws -> Void) async throws {
        for _ in 0..<20 {
            do { return try take() } catch { try await Task.sleep(for: .milliseconds(100)) }
        }
        try take()
    }

    /// The key that signs the log. Its name is chosen once, from the first origin, and stays when the origin changes.
    static func ledgerSigner(_ file: URL, origin: String) throws -> NoteSigner {
        if !FileManager.default.fileExists(atPath: file.path) {
            let name = origin.replacing("https://", with: "").replacing("http://", with: "") + "/ledger"
            let content = Data("\(name)\n\([UInt8].random(count: 32).base64)\n".utf8)
            guard FileManager.default.createFile(atPath: file.path, contents: content, attributes: [.posixPermissions: 0o600]) else {
                throw CocoaError(.fileWriteUnknown)
            }
        }
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        guard lines.count == 2, let seed = [UInt8](base64: String(lines[1])), seed.count == 32 else {
            throw Problem("ledger.key-file", .fault, Text(id: "Berkas kunci buku besar rusak", en: "The ledger key file is malformed"))
        }
        return try NoteSigner(name: String(lines[0]), seed: seed)
    }

    /// Where people's words may lie outside of the database.
    var leftovers: [any Leftovers] { [FolderCarrier(folder: Places(data: data).outbox)] }

    var publisher: LedgerPublisher {
        LedgerPublisher(folder: LedgerFolder(Places(data: data).ledger), signer: signer, book: auditBook)
    }
}

/// The folder with `City/` and `Public/`: where the program was started, or one above where it lies.
enum Home {
    /// The packs of nations; nil where there is no home, and they are looked for beside the city's own.
    static var nations: URL? { try? find().appendingPathComponent("National") }

    static func find() throws -> URL {
        var candidates = [URL(fileURLWithPath: FileManager.default.currentDirectoryPath)]
        if let home = ProcessInfo.processInfo.environment["BALAI_HOME"] { candidates.insert(URL(fileURLWithPath: home), at: 0) }
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        for _ in 0..<6 {
            candidates.append(folder)
            folder = folder.deletingLastPathComponent()
        }
        let found = candidates.first { FileManager.default.fileExists(atPath: $0.appendingPathComponent("City").path) }
        guard let found else {
            throw Problem(
                "home.missing",
                .fault,
                Text(id: "Folder City tidak ditemukan", en: "There is no folder City here"),
                remedy: Text(id: "Jalankan dari folder Balai, atau setel BALAI_HOME.", en: "Run from Balai’s folder, or set BALAI_HOME.")
            )
        }
        return found
    }
}

extension CityHall {
    /// A PostgreSQL database, for commands that need a second one.
    static func postgres(_ url: String) async throws -> any Database { try PostgresDatabase(url: url) }
}
