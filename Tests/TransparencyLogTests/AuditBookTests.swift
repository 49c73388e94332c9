// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import Testing
import TransparencyLog

@Suite struct AuditBookTests {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("audits-\(UUID().uuidString)/audits.json")
    let entry = Contradiction("entry 7", Text(id: "Hilang", en: "Missing"))
    let table = Contradiction("table bill", Text(id: "Tidak mengikuti", en: "It does not follow"))

    init() throws {
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    }

    func at(_ second: Int64) -> Instant { Instant(milliseconds: second * 1000) }

    func audit(_ second: Int64, tables: Int? = 3) -> AuditBook.Audit {
        AuditBook.Audit(began: at(second - 1), at: at(second), entries: 9, signed: 8, tables: tables)
    }

    @Test("What was found stands after a restart, and for every process")
    func kept() throws {
        #expect(try AuditBook(file: file).add([entry], at: at(1)) == [entry])
        #expect(try AuditBook(file: file).add([entry, table], at: at(2)) == [table], "only what is new is told anew")
        #expect(AuditBook(file: file).content.open == [entry, table])
    }

    @Test("Only a whole audit that finds it no more ends it, and the book goes on telling of it")
    func ended() throws {
        let book = AuditBook(file: file)
        try book.add([entry, table], at: at(1))
        try book.close(audit(10, tables: nil), found: [])
        #expect(book.content.open == [table], "tables were not looked at")
        try book.close(audit(20), found: [])
        #expect(book.content.open.isEmpty)
        #expect(book.content.findings.map(\.until) == [at(10), at(20)])
        #expect(book.content.last == audit(20))
    }

    @Test("What came up while an audit ran is not ended by it")
    func meanwhile() throws {
        let book = AuditBook(file: file)
        try book.add([entry], at: at(10))
        try book.close(audit(10), found: [])
        #expect(book.content.open == [entry])
    }

    @Test("A book that cannot be read is a contradiction, until a whole audit writes it anew")
    func broken() throws {
        try Data("{".utf8).write(to: file)
        let book = AuditBook(file: file)
        #expect(book.content.open.map(\.place) == ["audits"])
        try book.add([entry], at: at(1))
        #expect(book.content.open.map(\.place) == ["audits", "entry 7"])
        try book.close(
            AuditBook.Audit(began: .init(milliseconds: .max), at: .init(milliseconds: .max), entries: 0, signed: 0, tables: 1),
            found: []
        )
        #expect(book.content.open.isEmpty)
    }

    @Test("While anything stands nothing is signed, not by a publisher that starts anew either")
    func signsNothing() async throws {
        let signer = try NoteSigner(name: "contoh.test/ledger", seed: [UInt8](repeating: 7, count: 32))
        let book = AuditBook(file: file)
        let folder = LedgerFolder(file.deletingLastPathComponent().appendingPathComponent("ledger"))
        try book.add([entry], at: at(1))
        let publisher = LedgerPublisher(folder: folder, signer: signer, book: book)
        try await publisher.publish([[1]], after: 0)
        #expect(folder.checkpoint == nil)
        try book.close(audit(9), found: [])
        try await publisher.publish([[1]], after: 0)
        #expect(folder.checkpoint != nil)
    }
}
