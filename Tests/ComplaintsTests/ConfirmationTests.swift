// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials
import Identity
import Journal
import Notifications
import Storage
import TestSupport
import Testing

/// A mistyped address belongs to a stranger: nothing that opens a report goes there, nor shows to whoever signs in with it.
@Suite("The contact of a report")
struct ConfirmationTests {
    private static let stranger = Report.Contact.mail("orang-lain@contoh.example")

    private static func report(_ staffed: ComplaintTests.Staffed, _ channel: String = "web", isConfidential: Bool = true) -> Report {
        var report = staffed.city.report()
        report.contact = stranger
        report.channel = channel
        report.isConfidential = isConfidential
        return report
    }

    @Test("No message to a contact that is not proven opens the report, whichever way it came in", arguments: TestDatabase.engines)
    func nothingOpens(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        var receipts: [Complaints.Receipt] = []
        receipts.append(try await staffed.city.file(Self.report(staffed), isTrusted: false))
        receipts.append(try await staffed.city.file(Self.report(staffed, "open311"), isTrusted: true))
        for channel in ["counter", "telephone", "letter", "social"] {
            var report = Self.report(staffed, channel)
            report.reference = channel == "letter" ? "12/2026" : ""
            let receipt = try await staffed.complaints.file(
                report,
                person: Identifier(at: staffed.city.clock.now),
                received: staffed.city.clock.now.date(in: staffed.city.city.zone),
                key: channel,
                by: staffed.screener
            )
            receipts.append(receipt)
        }
        // The stranger confirms what they never reported, by the link in the message.
        var messages = try await staffed.sentMessages()
        let code = try await staffed.code(for: receipts[0].docket, in: messages)
        try await staffed.complaints.confirm(receipts[0].docket, code: code)
        for receipt in receipts {
            try await staffed.complaints.verify(receipt.docket, by: staffed.screener)
            try await staffed.complaints.reply(receipt.docket, text: "Kami periksa.", by: staffed.worker)
        }
        messages += try await staffed.sentMessages()
        #expect(messages.count >= 2 * receipts.count)
        for message in messages {
            for receipt in receipts { #expect(!message.body.contains(receipt.key) && !message.subject.contains(receipt.key)) }
            #expect(!message.body.contains("kunci="))
        }
        #expect(try await staffed.complaints.ownCases(of: [Self.stranger]).isEmpty, "and signing in with it shows none")
    }

    @Test("The code and the key together prove it: then the private page goes there and shows", arguments: TestDatabase.engines)
    func proven(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let receipt = try await staffed.city.file(Self.report(staffed), isTrusted: false)
        let code = try await staffed.code(for: receipt.docket)
        try await staffed.complaints.confirm(receipt.docket, code: code)
        #expect(try await staffed.complaints.awaitsProof(receipt.docket), "confirmed on another device, the code still serves the reporter")
        try await staffed.complaints.confirm(receipt.docket, code: code, holder: "tidak-benar")
        #expect(try await staffed.complaints.ownCases(of: [Self.stranger]).isEmpty)
        try await staffed.complaints.confirm(receipt.docket, code: code, holder: receipt.key)
        #expect(try await staffed.complaints.ownCases(of: [Self.stranger]).map(\.docket) == [receipt.docket])
        #expect(try await staffed.sentMessages().contains { $0.body.contains("?kunci=\(receipt.key)") })
        #expect(try await !staffed.complaints.awaitsProof(receipt.docket))
        let live = try await staffed.dump()
        try await staffed.city.journal.rebuild()
        #expect(try await staffed.dump() == live)
    }
}
