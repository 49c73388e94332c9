// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Essentials
import Foundation
import Notifications
import Storage
import TestSupport
import Testing

/// News for those who ask for it. Monday 2 November 2026, 09.00.
@Suite struct SubscriptionTests {
    /// The last part of the address that a message carries after a path.
    static func link(_ path: String, in text: String) throws -> [String] {
        let address = try #require(text.split(whereSeparator: \.isWhitespace).first { $0.contains("/\(path)/") })
        return address.components(separatedBy: "/\(path)/")[1].split(separator: "/").map(String.init)
    }

    @Test("Nobody is signed up by somebody else: news begin once the link is followed", arguments: TestDatabase.engines)
    func agreement(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await staffed.city.file().docket
        try await staffed.complaints.askToSubscribe(to: .complaint(docket), contact: "a@contoh.example", language: .english)
        #expect(try await staffed.find(docket).followers == 0)
        let token = try Self.link("ikuti", in: try #require(try await staffed.sentMessages().first).body)[0]
        #expect(try await staffed.complaints.confirmSubscription("\(token)x") == nil)
        #expect(try await staffed.complaints.confirmSubscription(token) == .complaint(docket))
        #expect(try await staffed.find(docket).followers == 1)
        #expect(try await staffed.complaints.confirmSubscription(token) == nil, "a link counts once")
    }

    @Test("The link in a message ends it and erases the contact; a made-up one does nothing", arguments: TestDatabase.engines)
    func stopping(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await staffed.forwarded().docket
        try await staffed.complaints.follow(docket, contact: "a@contoh.example", language: .english)
        try await staffed.complaints.reply(docket, text: "Besok.", by: staffed.worker)
        let parts = try Self.link("berhenti", in: try #require(try await staffed.sentMessages().first { $0.body.contains("Stop") }).body)
        try await staffed.complaints.stop(entry: parts[0], tag: "x")
        #expect(try await staffed.find(docket).followers == 1)
        try await staffed.complaints.stop(entry: parts[0], tag: parts[1])
        #expect(try await staffed.find(docket).followers == 0)
        try await staffed.complaints.reply(docket, text: "Sudah.", by: staffed.worker)
        #expect(try await staffed.sentMessages().isEmpty)
    }

    @Test("However many wait, all that is due goes out at once, not a few every two seconds", arguments: TestDatabase.engines)
    func many(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await staffed.forwarded().docket
        for number in 0..<120 { try await staffed.complaints.follow(docket, contact: "a\(number)@contoh.example", language: .english) }
        try await staffed.complaints.reply(docket, text: "Besok.", by: staffed.worker)
        #expect(try await staffed.sentMessages().count { $0.body.contains("Stop following") } == 120)
    }

    @Test("Who watches an area hears of it once a day, in the morning, and only when there is news", arguments: TestDatabase.engines)
    func areaDigest(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        try await staffed.complaints.askToSubscribe(to: .area("99.01.01"), contact: "0812-3456-7890", language: .indonesian)
        let token = try Self.link("ikuti", in: try #require(try await staffed.sentMessages().first).body)[0]
        _ = try await staffed.complaints.confirmSubscription(token)
        staffed.city.clock.set("2026-11-02T10:00:00+07:00")
        _ = try await staffed.city.file()
        var elsewhere = staffed.city.report()
        elsewhere.district = "99.01.02"
        elsewhere.subdistrict = "99.01.02.1001"
        elsewhere.place = nil
        _ = try await staffed.city.file(elsewhere)
        try await staffed.complaints.doDuties()
        #expect(try await staffed.sentMessages().isEmpty, "the day's digest has gone out before")
        staffed.city.clock.set("2026-11-03T06:59:00+07:00")
        try await staffed.complaints.doDuties()
        #expect(try await staffed.sentMessages().isEmpty)
        staffed.city.clock.set("2026-11-03T07:01:00+07:00")
        try await staffed.complaints.doDuties()
        try await staffed.complaints.doDuties()
        let messages = try await staffed.sentMessages()
        #expect(messages.map(\.recipient) == ["+6281234567890"])
        #expect(messages.first?.body.contains("1 laporan baru, 0 selesai") == true)
        #expect(try await staffed.complaints.stopAll(contact: "+6281234567890") == 1)
        staffed.city.clock.set("2026-11-04T08:00:00+07:00")
        _ = try await staffed.city.file()
        staffed.city.clock.set("2026-11-05T08:00:00+07:00")
        try await staffed.complaints.doDuties()
        #expect(try await staffed.sentMessages().isEmpty)
    }
}
