// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import TestSupport
import Testing

@testable import Documents
@testable import Residents
@testable import TransparencyLog

/// CBOR of authenticators, DER of certificates, tiles and notes of the log.
@Suite struct BinaryParserTests {
    /// A value as an authenticator writes it.
    private func encoded(_ value: CBOR) -> [UInt8] {
        func head(_ kind: UInt8, _ argument: Int) -> [UInt8] {
            if argument < 24 { return [kind << 5 | UInt8(argument)] }
            return [kind << 5 | 27] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: argument >> (8 * $0)) }
        }
        switch value {
        case .integer(let number): return number >= 0 ? head(0, number) : head(1, -1 - number)
        case .bytes(let bytes): return head(2, bytes.count) + bytes
        case .text(let text): return head(3, text.utf8.count) + Array(text.utf8)
        case .list(let items): return head(4, items.count) + items.flatMap(encoded)
        case .map(let pairs): return head(5, pairs.count) + pairs.flatMap { encoded($0.key) + encoded($0.value) }
        case .bool(let flag): return [flag ? 0xF5 : 0xF4]
        }
    }

    private func anything(_ depth: Int, _ random: inout Seeded) -> CBOR {
        switch Int.random(in: 0...(depth > 0 ? 5 : 3), using: &random) {
        case 0: .integer([0, 23, 24, -1, -25, Int.max, Int.min, 65_536].randomElement(using: &random) ?? 0)
        case 1: .bytes((0..<Int.random(in: 0...30, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) })
        case 2: .text(["", "fmt", "é"].randomElement(using: &random) ?? "")
        case 3: .bool(Bool.random(using: &random))
        case 4: .list((0..<Int.random(in: 0...4, using: &random)).map { _ in anything(depth - 1, &random) })
        default: .map((0..<Int.random(in: 0...4, using: &random)).map { CBOR.Pair(key: .integer($0), value: anything(depth - 1, &random)) })
        }
    }

    @Test("CBOR that was written is read; spoilt, it is read or refused")
    func cbor() {
        var random = Seeded(2)
        var valid: [[UInt8]] = []
        for _ in 0..<400 {
            let value = anything(5, &random)
            let bytes = encoded(value)
            #expect(CBOR.read(bytes).map { $0.value == value && $0.length == bytes.count } == true)
            valid.append(bytes)
        }
        for input in Spoilt(Array(valid.prefix(40)), count: 6000) {
            if let (value, length) = CBOR.read(input) { #expect(length <= input.count && CBOR.read(encoded(value))?.value == value) }
        }
        for head: UInt8 in [0x1B, 0x3B, 0x5B, 0x7B, 0x9B, 0xBB] {
            for fill: UInt8 in [0x00, 0x7F, 0x80, 0xFF] { _ = CBOR.read([head] + [UInt8](repeating: fill, count: 8)) }
        }
    }

    @Test("A list that says it is long is refused before it is walked")
    func longLists() {
        #expect(CBOR.read([0x9A, 0, 1, 0, 0] + [UInt8](repeating: 0xF4, count: 70_000)) == nil)
    }

    @Test("What an authenticator says is read or refused")
    func authenticators() {
        let site = PasskeySite(origin: "http://localhost:8080", name: "Contoh")
        let key = encoded(
            .map([
                .init(key: .integer(1), value: .integer(2)), .init(key: .integer(3), value: .integer(-7)),
                .init(key: .integer(-1), value: .integer(1)), .init(key: .integer(-2), value: .bytes([UInt8](repeating: 1, count: 32))),
                .init(key: .integer(-3), value: .bytes([UInt8](repeating: 2, count: 32))),
            ])
        )
        let made: [UInt8] = site.hash + [0x45, 0xFF, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 16) + [0, 4, 1, 2, 3, 4] + key
        #expect(AuthenticatorData(made, site: site)?.credential?.key == key)
        for input in Spoilt([Array(made.dropFirst(32)), Array(made.dropFirst(32).prefix(5))], count: 4000) {
            if let credential = AuthenticatorData(site.hash + input, site: site)?.credential {
                _ = CBOR.read(credential.key).flatMap { PasskeyKey(cose: $0.value) }?.signed([1], [2])
            }
        }
    }

    @Test("DER that was written is taken apart again; spoilt, it is read or refused")
    func der() {
        let written = DER.sequence([
            DER.integer([1]), DER.octets([UInt8](repeating: 7, count: 300)), DER.text("é"), DER.object([1, 2, 840, 113_549]),
        ])
        #expect(DER.parts(written[...])?.first.flatMap { DER.parts($0.content) }?.count == 4)
        for input in Spoilt([written, [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], [0x30, 0x80, 0, 0]], count: 5000) {
            // As slices too: a certificate is read from the middle of other bytes.
            for part in DER.parts(input.dropFirst(min(1, input.count))) ?? [] { _ = DER.parts(part.content) }
            for part in DER.parts(input[...]) ?? [] { #expect(part.content.count <= part.whole.count) }
        }
    }

    @Test("Entries of a tile are framed and taken apart; spoilt, they are read or refused")
    func tiles() throws {
        let entries = [[], [1], [UInt8](repeating: 2, count: 300), [UInt8](repeating: 3, count: Tile.entryLimit)]
        let bundle = entries.flatMap(Tile.framed)
        #expect(Tile.split(bundle: bundle) == entries)
        for input in Spoilt([entries.prefix(3).flatMap(Tile.framed)]) {
            if let found = Tile.split(bundle: input) { #expect(found.flatMap(Tile.framed) == input) }
            _ = Tile.hashes(input)
        }
    }

    @Test("Notes of a log are opened or refused, whatever size they claim")
    func notes() throws {
        let signer = try NoteSigner(name: "contoh/ledger", seed: [UInt8](repeating: 9, count: 32))
        let root = [UInt8](repeating: 1, count: 32).base64
        let note = try signer.sign("contoh/ledger\n12\n\(root)\n")
        for input in Spoilt([note], count: 2000) {
            if let text = try? signer.verifier.open(input.text) { #expect(text == "contoh/ledger\n12\n\(root)\n") }
        }
        for input in Spoilt(["contoh/ledger\n12\n\(root)\n"], count: 2000) {
            if let checkpoint = try? Checkpoint(text: input.text) { #expect((0..<1 << 48).contains(checkpoint.size)) }
            _ = NoteVerifier(input.text)
        }
        #expect(throws: (any Error).self) { try Checkpoint(text: "x\n\(Int.max)\n\(root)\n") }
    }
}
