// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Identity
import Journal
import Storage
import TestSupport
import Testing

@Suite("Recordings let stand")
struct LetStandTests {
    @Test("What the head decided stays readable to whoever sees the money, and to nobody else", arguments: TestDatabase.engines)
    func decision(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let auditor = try await city.officer("audit", agency: "setda", roles: [.auditor])
        let other = try await city.officer("lain", agency: "kebersihan", roles: [.treasurer])
        let (zone, day) = (city.city.zone, city.clock.now.date(in: city.city.zone))
        let bill = try await city.journal.commit {
            let line = Bill.Line(label: Text(same: "Uji"), shown: nil, basis: Text(same: "Uji"), amount: 70_000)
            return try Fees.issue(docket: "UJI-1", agency: "pu", lines: [line], due: day, zone: zone, by: .system, in: $0)
        }
        let statement = try BankStatement(csv: Array("date,credit,description\n\(day),70000,QRIS REF-1 \(bill)\n".utf8))
        let row = try #require(try await city.fees.reconcile(statement, by: rosa).onlyAtBank.first).row
        let finding = BankStatement.Finding(
            text: row.text,
            amount: row.amount,
            day: row.day,
            ordinal: row.ordinal,
            fingerprint: statement.fingerprint,
            compared: .max
        )
        let receipt = try await city.record(finding, for: bill, by: rosa)
        try await city.fees.doubt(receipt, reason: "Kode orang lain", by: rosa)
        #expect(try await city.fees.letStandLately(for: rosa).isEmpty, "nothing is decided yet")
        try await city.fees.letStand(receipt, reason: "Kodenya memang kode pembayar", by: head)
        for looker in [rosa, head, auditor] {
            let seen = try #require(try await city.fees.letStandLately(for: looker).first)
            #expect("\(seen.receipt) \(seen.doubt) \(seen.reason)" == "\(receipt) Kode orang lain Kodenya memang kode pembayar")
            #expect(seen.doubtedBy == rosa.account.description && seen.by == head.account.description)
        }
        #expect(try await city.fees.letStandLately(for: other).isEmpty)
        #expect(try await city.fees.looked(at: [receipt]).letStand[receipt]?.count == 1)
        // Doubted anew and taken back: what was said before stays.
        try await city.fees.doubt(receipt, reason: "Pembayar menelepon", by: rosa)
        try await city.fees.correct(receipt, by: head)
        let looked = try await city.fees.looked(at: [receipt])
        #expect(looked.undone == [receipt] && looked.letStand[receipt]?.map(\.reason) == ["Kodenya memang kode pembayar"])
    }
}
