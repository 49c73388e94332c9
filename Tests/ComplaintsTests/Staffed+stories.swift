// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials
import Foundation
import Identity
import Journal
import Notifications
import Storage
import TestSupport

extension ComplaintTests.Staffed {
    /// Every message that waits to go out, sent now.
    func sentMessages() async throws -> [Message] { try await city.sentMessages() }

    /// Every projection's content, in a form that can be compared.
    func dump() async throws -> String {
        try await city.journal.read { snapshot in
            var text = ""
            for table in city.journal.projections.flatMap(\.tables) {
                let rows = try snapshot.rows("SELECT * FROM \(name: table)") { "\($0.values)" }
                text += "\(table)\n" + rows.sorted().joined(separator: "\n") + "\n"
            }
            return text
        }
    }

    /// Lets chance choose acts, of which many are refused.
    func liveThroughRandomActs(count: Int) async throws {
        var random = SystemRandomNumberGenerator()
        let supervisor = try await supervisor()
        var dockets: [String] = []
        for step in 0..<count {
            city.clock.set(
                Instant(milliseconds: city.clock.now.milliseconds + Int64.random(in: 1...40, using: &random) * 3_600_000).rfc3339(
                    in: city.city.zone
                )
            )
            if dockets.count < 3 || step % 9 == 0 { dockets.append(try await city.file().docket) }
            guard let docket = dockets.randomElement(using: &random), let other = dockets.randomElement(using: &random) else { continue }
            let officer = [screener, worker, head].randomElement(using: &random) ?? worker
            do {
                switch Int.random(in: 0..<25, using: &random) {
                case 0, 1: try await complaints.verify(docket, by: screener)
                case 2: try await complaints.reply(docket, text: "Baik", by: officer)
                case 3: try await complaints.ask(docket, text: "Apa?", by: officer)
                case 4: try await complaints.write(docket, text: "Ini")
                case 5: try await complaints.assign(docket, to: worker.account.description, by: officer)
                case 6:
                    try await complaints.schedule(
                        docket,
                        for: city.clock.now.date(in: city.city.zone).adding(days: 2),
                        text: "",
                        by: officer
                    )
                case 7: try await complaints.reportDone(docket, text: "Sudah", photos: ["x"], by: worker)
                case 8: try await complaints.confirmDone(docket, by: head)
                case 9: try await complaints.dispute(docket, text: "Belum")
                case 10: try await complaints.rate(docket, rating: Int.random(in: 1...3, using: &random), text: "")
                case 11: try await complaints.merge(docket, into: other, by: officer)
                case 12: try await complaints.recategorise(docket, to: "sampah", by: screener)
                case 13: try await complaints.follow(docket, contact: "w\(step)@contoh.example", language: .english)
                case 14: _ = try await complaints.openPersonalData(docket, purpose: "field", by: officer)
                case 15: try await complaints.withdraw(docket)
                case 16: try await complaints.blockContact(docket, reason: "Ancaman", by: screener)
                case 17: try await complaints.sendBack(docket, reason: "Bukan kami", by: officer)
                case 18: try await complaints.extend(docket, days: 2, reason: "Aspal", by: head)
                case 19: try await watchSomewhere(step)
                case 20: try await complaints.makeConfidential(docket, reason: "Nama orang", by: officer)
                case 21: try await complaints.makePublic(docket, reason: "Sudah disunting", by: supervisor)
                case 22: try await publishReplies(of: docket)
                case 23:
                    let timeline = try await complaints.timeline(of: find(docket), isPrivate: true, isStaff: true)
                    guard let reply = timeline.last(where: { $0.kind == "complaint.written" })?.entry else { continue }
                    try await complaints.hideReply(reply, of: docket, by: screener)
                default: try await complaints.doDuties()
                }
            } catch is Problem {
                continue
            }
        }
    }

    /// Somebody watches an area, and perhaps stops.
    private func watchSomewhere(_ step: Int) async throws {
        try await complaints.askToSubscribe(to: .area("99.01.01"), contact: "w\(step % 3)@contoh.example", language: .english)
        guard let body = try await sentMessages().last(where: { $0.body.contains("/ikuti/") })?.body else { return }
        _ = try await complaints.confirmSubscription(try SubscriptionTests.link("ikuti", in: body)[0])
        if step % 2 == 0 { _ = try await complaints.stopAll(contact: "w\(step % 3)@contoh.example") }
    }
}
