// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Fees
import Foundation
import TestSupport
import Testing

@Suite("QRIS payloads")
struct QRISTests {
    /// Vectors from outside, where they are at hand.
    private static let vectors: [JSON] = {
        let file = TestCity.repository.deletingLastPathComponent().appendingPathComponent("shared/data/test_vectors.json")
        guard let data = FileManager.default.contents(atPath: file.path), let json = try? JSON(parsing: data) else {
            print("The test vectors beside the project are not here: QRIS is checked against its own.")
            return []
        }
        return json["qris"]?.array ?? []
    }()

    @Test("Published payloads are read, and one with a broken checksum is not")
    func vectors() throws {
        for vector in Self.vectors {
            let payload = try #require(vector["payload"]?.string)
            let read = try? QRIS(payload)
            #expect((read != nil) == vector["valid"]?.bool)
            if let read { #expect(read.payload == payload) }
        }
    }

    @Test("A merchant's static payload becomes one that asks for an amount, once, for a bill")
    func asking() throws {
        let city = try String(contentsOf: TestCity.repository.appendingPathComponent("City/contoh/services.yaml"), encoding: .utf8)
        let match = try #require(city.firstMatch(of: /qris: "([^"]+)"/))
        let qris = try QRIS(String(match.1)).asking(162_000, bill: "261234567890")
        let again = try QRIS(qris.payload)
        #expect(again["01"] == "12" && again["54"] == "162000" && again["62"] == "0112261234567890" && again["59"] == "PEMKO MEDAN")
    }

    @Test("A changed sign anywhere is noticed")
    func tampered() throws {
        let city = try String(contentsOf: TestCity.repository.appendingPathComponent("City/contoh/services.yaml"), encoding: .utf8)
        let payload = Array(String(try #require(city.firstMatch(of: /qris: "([^"]+)"/)).1).utf8)
        for index in payload.indices {
            var changed = payload
            changed[index] = changed[index] == UInt8(ascii: "7") ? UInt8(ascii: "8") : UInt8(ascii: "7")
            #expect((try? QRIS(String(decoding: changed, as: UTF8.self))) == nil, "position \(index)")
        }
    }

    @Test("No text whatever makes it stop the program")
    func fuzz() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0..<60, using: &generator)).map { _ in UInt8.random(in: 0x20...0x7E, using: &generator) }
            _ = try? QRIS(String(decoding: bytes, as: UTF8.self))
        }
    }
}
