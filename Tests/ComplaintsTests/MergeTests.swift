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

@Suite("Merged reports")
struct MergeTests {
    private static func filed(_ staffed: ComplaintTests.Staffed, _ contact: String) async throws -> String {
        var report = staffed.city.report()
        report.contact = try #require(Report.Contact(contact))
        let docket = try await staffed.proven(report).docket
        try await staffed.complaints.verify(docket, by: staffed.screener)
        return docket
    }

    @Test(
        "Whoever reported hears of the other from then on, once for each piece of news, through every merge",
        arguments: TestDatabase.engines
    )
    func reporters(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let (a, b, c, d) = (
            try await Self.filed(staffed, "a@contoh.example"), try await Self.filed(staffed, "b@contoh.example"),
            try await Self.filed(staffed, "0812-0000-0003"), try await Self.filed(staffed, "a@contoh.example")
        )
        try await staffed.complaints.follow(b, contact: "w@contoh.example", language: .indonesian)
        _ = try await staffed.sentMessages()
        try await staffed.complaints.merge(c, into: b, by: staffed.worker)
        try await staffed.complaints.merge(b, into: a, by: staffed.worker)
        try await staffed.complaints.merge(d, into: a, by: staffed.worker)
        let told = try await staffed.sentMessages()
        #expect(told.count { $0.recipient == "b@contoh.example" && $0.docket == b } == 1, "told once that it was merged")
        try await staffed.complaints.reply(a, text: "Ditambal besok.", by: staffed.worker)
        let news = try await staffed.sentMessages().filter { $0.docket == a }
        #expect(
            news.map(\.recipient).sorted() == ["+6281200000003", "a@contoh.example", "b@contoh.example", "w@contoh.example"],
            "everybody once, also who reported twice"
        )
        #expect(try await staffed.find(a).followers == 4)
    }

    @Test("A reporter who stops following the other keeps the own report", arguments: TestDatabase.engines)
    func stopping(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let (a, b) = (try await Self.filed(staffed, "a@contoh.example"), try await Self.filed(staffed, "b@contoh.example"))
        try await staffed.complaints.merge(b, into: a, by: staffed.worker)
        #expect(try await staffed.complaints.stopAll(contact: "b@contoh.example") == 1)
        _ = try await staffed.sentMessages()
        try await staffed.complaints.reply(a, text: "Ditambal besok.", by: staffed.worker)
        #expect(try await staffed.sentMessages().map(\.recipient) == ["a@contoh.example"])
        #expect(try await staffed.find(b).story != nil, "stopping erases nothing of the report")
    }

    @Test("Whoever follows a merged report stops following the other by the same link", arguments: TestDatabase.engines)
    func followers(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let (a, b) = (try await Self.filed(staffed, "a@contoh.example"), try await Self.filed(staffed, "b@contoh.example"))
        try await staffed.complaints.follow(b, contact: "w@contoh.example", language: .indonesian)
        try await staffed.complaints.merge(b, into: a, by: staffed.worker)
        #expect(try await staffed.find(a).followers == 2)
        #expect(try await staffed.complaints.stopAll(contact: "w@contoh.example") == 1)
        #expect(try await staffed.find(a).followers == 1)
    }

    @Test("Nothing is merged into a case that nobody handles", arguments: ["withdrawn", "unconfirmed", "merged", "closed", "confidential"])
    func refused(what: String) async throws {
        let staffed = try await ComplaintTests.Staffed(.sqlite)
        let docket = try await staffed.forwarded().docket
        var target = ""
        switch what {
        case "withdrawn":
            target = try await staffed.forwarded().docket
            try await staffed.complaints.withdraw(target)
        case "unconfirmed":
            var report = staffed.city.report()
            report.contact = .mail("a@contoh.example")
            target = try await staffed.city.file(report, isTrusted: false).docket
        case "merged":
            target = try await staffed.forwarded().docket
            try await staffed.complaints.merge(target, into: try await staffed.forwarded().docket, by: staffed.worker)
        case "closed":
            target = try await staffed.done().docket
            try await staffed.complaints.rate(target, rating: 3, text: "")
        default:
            target = try await staffed.forwarded().docket
            try await staffed.complaints.makeConfidential(target, reason: "Menyebut nama", by: staffed.worker)
        }
        let into = target
        let problem = await #expect(throws: Problem.self) { try await staffed.complaints.merge(docket, into: into, by: staffed.worker) }
        #expect(problem?.fields.first?.name == "into")
        #expect(try await staffed.find(docket).stage == .forwarded, "the live problem stays")
    }
}
