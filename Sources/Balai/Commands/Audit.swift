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
        let found = try await hall.wholeAudit.run().standing
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

    /// Holds every table against a replay into a database that is thrown away.
    func auditTables() async throws -> [Contradiction] {
        let folder = data.appendingPathComponent("audit-\(ProcessInfo.processInfo.processIdentifier)")
        try? FileManager.default.removeItem(at: folder)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let scratch = try SQLiteDatabase(path: folder.appendingPathComponent("replay.sqlite").path)
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
