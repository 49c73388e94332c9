// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Essentials
import Foundation
import Journal
import Storage
import StorageSQLite
import TransparencyLog

/// Holds the record against itself.
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hold the journal against the signed log and its own commitments, and every table against a replay."
    )

    @OptionGroup var options: CityOptions

    func run() async throws {
        let hall = try await options.open()
        let found = try await hall.wholeAudit.run(isAlone: true).standing
        let size = try await hall.journal.read { try $0.count("SELECT size FROM journal_head WHERE id = 1") }
        await hall.database.close()
        guard !found.isEmpty else { return print("HOLDS: \(size) entries and every table that follows from them.") }
        for contradiction in found { print("\(contradiction.place): \(contradiction.finding.en)") }
        print("DOES NOT HOLD: \(found.count) contradiction(s). Keep the data folder as it is, and compare it with a backup.")
        throw ExitCode(2)
    }
}

extension CityHall {
    /// The audit of everything.
    var wholeAudit: WholeAudit {
        WholeAudit(recordAudit, of: journal, book: auditBook, tables: { try await auditTables() })
    }

    /// The audit of the journal.
    var recordAudit: RecordAudit {
        RecordAudit(journal, log: LedgerFolder(Places(data: data).ledger), verifier: signer.verifier)
    }

    /// Where is written what audits find.
    var auditBook: AuditBook { AuditBook(file: Places(data: data).audits) }

    /// Works the ledger out anew beside the one that is there, and takes its place where it leads through what was signed last.
    ///
    /// - Returns: why it does not; empty where it does.
    func rebuildLedger() async throws -> [Contradiction] {
        let scratch = try Scratch(in: data)
        defer { scratch.remove() }
        let new = LedgerFolder(scratch.folder.appendingPathComponent("ledger"))
        try FileManager.default.createDirectory(at: new.url, withIntermediateDirectories: true)
        let publisher = LedgerPublisher(folder: new, signer: signer, book: AuditBook(file: new.url.appendingPathComponent("audits.json")))
        do {
            try await journal.publishPending(through: publisher, isBehind: true)
        } catch let contradiction as Contradiction {
            return [contradiction]
        }
        let found = try await RecordAudit(journal, log: new, verifier: signer.verifier).run().found
        guard found.isEmpty else { return found }
        let ledger = Places(data: data).ledger
        let old = data.appendingPathComponent("ledger-\(Identifier(at: journal.clock.now))")
        if FileManager.default.fileExists(atPath: ledger.path) { try FileManager.default.moveItem(at: ledger, to: old) }
        try FileManager.default.moveItem(at: new.url, to: ledger)
        return []
    }

    /// Holds every table against a replay into a database that is thrown away.
    func auditTables() async throws -> [Contradiction] {
        let place = try Scratch(in: data)
        defer { place.remove() }
        let scratch = try SQLiteDatabase(path: place.folder.appendingPathComponent("replay.sqlite").path)
        do {
            try await scratch.migrate(Self.migrations)
            let found = try await TableAudit(journal, scratch: scratch).run()
            await scratch.close()
            return found
        } catch {
            await scratch.close()
            throw error
        }
    }
}
