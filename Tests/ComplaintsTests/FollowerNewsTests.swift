// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials
import Foundation
import Journal
import Notifications
import Storage
import TestSupport
import Testing

/// News reach everybody who follows a complaint, and cost the act that they tell of one row.
@Suite struct FollowerNewsTests {
    private func follow(_ docket: String, _ address: String, _ staffed: ComplaintTests.Staffed) async throws {
        try await staffed.complaints.askToSubscribe(to: .complaint(docket), contact: address, language: .english)
        let letter = try #require(try await staffed.sentMessages().first { $0.recipient == address })
        let token = try SubscriptionTests.link("ikuti", in: letter.body)[0]
        #expect(try await staffed.complaints.confirmSubscription(token) == .complaint(docket))
    }

    @Test("An act leaves one row however many follow, and each of them is written to once", arguments: TestDatabase.engines)
    func many(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await staffed.city.file().docket
        let addresses = (0..<3).map { "warga\($0)@contoh.example" }
        for address in addresses { try await follow(docket, address, staffed) }
        try await staffed.complaints.verify(docket, by: staffed.screener)
        let waiting = try await staffed.city.journal.read {
            (try $0.count("SELECT count(*) FROM complaint_news"), try $0.count("SELECT count(*) FROM outbox WHERE state = 'waiting'"))
        }
        #expect(waiting == (1, 0), "the act itself writes to nobody but the reporter")
        #expect(try await staffed.sentMessages().map(\.recipient).sorted() == addresses)
        #expect(try await staffed.sentMessages().isEmpty)
    }

    @Test("Who stops before the news go out is not written to", arguments: TestDatabase.engines)
    func stopped(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await staffed.city.file().docket
        try await follow(docket, "a@contoh.example", staffed)
        try await staffed.complaints.verify(docket, by: staffed.screener)
        try await staffed.city.journal.operate { try $0.execute("DELETE FROM complaint_follower WHERE docket = \(docket)") }
        #expect(try await staffed.sentMessages().isEmpty)
    }
}
