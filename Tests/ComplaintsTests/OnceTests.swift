// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Crypto
import Definitions
import Essentials
import Foundation
import Identity
import Journal
import Storage
import TestSupport
import Testing
import Web

@testable import Open311
@testable import Portal

/// What is sent twice, and what the city remembers of it.
@Suite("Sent again")
struct OnceTests {
    private static func keys(_ staffed: ComplaintTests.Staffed) async throws -> [String] {
        try await staffed.city.journal.read { try $0.rows("SELECT key FROM idempotency ORDER BY key") { try $0(0, as: String.self) } }
    }

    /// Files by another program; gives the docket.
    private static func send(_ staffed: ComplaintTests.Staffed, _ fields: [String: String] = [:]) async throws -> String {
        let all = [
            "api_key": "rahasia", "service_code": "lubang", "lat": "-1.975", "long": "110.025", "attribute[ukuran]": "besar",
            "description": "Lubang besar di tengah jalan.", "phone": "081234567890", "first_name": "Siti",
        ].merging(fields) { $1 }
        let body = try all.map { name, value in
            let allowed = CharacterSet.alphanumerics
            let pair = try [name, value].map { try #require($0.addingPercentEncoding(withAllowedCharacters: allowed)) }
            return pair.joined(separator: "=")
        }
        let form = try Form(urlEncoded: Array(body.joined(separator: "&").utf8))
        let answer = try await GeoReport(complaints: staffed.complaints, origin: "http://balai.test", keys: "app:rahasia,lain:kunci").file(
            form
        )
        return try #require(answer.json.array?.first?["service_request_id"]?.string)
    }

    @Test("Whoever has the database without the key file cannot find a reporter by guessing", arguments: TestDatabase.engines)
    func keyed(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await Self.send(staffed, ["device_id": "a|b", "account_id": "c"])
        // All that was typed, as it is sealed: an outsider who guesses right knows every byte of it.
        let entries = try await staffed.city.journal.read { try staffed.city.journal.entries(of: "complaint/\(docket)", in: $0) }
        var personal = try #require(entries.first?.personal?.object)
        personal["title"] = nil
        personal["text"] = nil
        let seeds = [
            Array("app|a|b|c|".utf8) + JSON.object(personal).canonical,
            Array("app|a|b|c|".utf8) + Report(json: .object(personal)).json.canonical,
            Array(["app", "a|b", "c", Report(json: .object(personal)).json.canonical.hex].map { "\($0.utf8.count):\($0)" }.joined().utf8),
        ]
        let keys = try await Self.keys(staffed)
        #expect(keys.contains { $0.hasPrefix("file:open311:") })
        for seed in seeds {
            let digest = Array(SHA256.hash(data: seed))
            #expect(!keys.contains { $0.contains(digest.hex) || $0.contains(digest.base64URL) })
        }
    }

    @Test("What ends one part of a key never begins the next", arguments: TestDatabase.engines)
    func parts(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let first = try await Self.send(staffed, ["device_id": "a|b", "account_id": "c"])
        #expect(try await Self.send(staffed, ["device_id": "a", "account_id": "b|c"]) != first)
        #expect(try await Self.send(staffed, ["device_id": "a|b", "account_id": "c"]) == first)
        #expect(try await Self.send(staffed, ["device_id": "a|b", "account_id": "c", "api_key": "kunci"]) != first)
    }

    @Test("The key of a form holds no digest that can be worked out from what was typed", arguments: [Engine.sqlite])
    func forms(engine: Engine) async throws {
        let vault = try await ComplaintTests.Staffed(engine).city.journal.vault
        func key(_ body: String, _ vault: Vault) throws -> String? {
            try Form(urlEncoded: Array("sekali=x&token=t&\(body)".utf8)).onceKey(for: "kirim", vault: vault)
        }
        let key1 = try #require(try key("contact=081234567890", vault))
        for seed in ["7:contact12:081234567890", "7:contact1:112:081234567890"] {
            let digest = SHA256.hash(data: Data(seed.utf8))
            #expect(!key1.contains(Array(digest.prefix(12)).base64URL) && !key1.contains(Array(digest.prefix(16)).base64URL))
        }
        #expect(try key("contact=081234567890", vault) == key1)
        #expect(try key("contact=081234567891", vault) != key1)
        #expect(try key("a=b&a=c", vault) != key("a=b&c", vault))
        let other = try await ComplaintTests.Staffed(engine).city.journal.vault
        #expect(try key("contact=081234567890", other) != key1, "it hangs on the city's key")
    }

    @Test("Another program's repeat finds its first case for a day, while that goes on", arguments: TestDatabase.engines)
    func repeats(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let first = try await Self.send(staffed)
        staffed.city.clock.set("2026-11-02T20:00:00+07:00")
        #expect(try await Self.send(staffed) == first)
        try await staffed.complaints.withdraw(first)
        let second = try await Self.send(staffed)
        #expect(second != first, "the first was closed: this is about something new")
        #expect(try await Self.send(staffed) == second)
        staffed.city.clock.set("2026-11-03T20:00:00+07:00")
        let third = try await Self.send(staffed)
        #expect(third != second, "a day later it is another report")
        let hashes = try await staffed.city.journal.read {
            try $0.rows("SELECT access_hash FROM complaint") { try $0(0, as: String.self) }
        }
        #expect(hashes.count == 3 && Set(hashes).count == 3, "no key opens two cases")
    }

    @Test("A repeat never leads to a case that was merged away or whose reporter is erased", arguments: TestDatabase.engines)
    func gone(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let target = try await staffed.forwarded().docket
        let first = try await Self.send(staffed)
        try await staffed.complaints.verify(first, by: staffed.screener)
        try await staffed.complaints.merge(first, into: target, by: staffed.worker)
        let second = try await Self.send(staffed)
        #expect(second != first)
        try await staffed.complaints.withdraw(second)
        try await staffed.complaints.erase(second, by: .resident, basis: "UU 27/2022 ps. 8")
        let third = try await Self.send(staffed)
        #expect(![first, second].contains(third))
        #expect(try await staffed.find(third).story != nil, "and the new report can be read")
    }
}
