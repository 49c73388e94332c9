// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import Testing
import TransparencyLog

@Suite struct LedgerTests {
    func folder() -> LedgerFolder {
        LedgerFolder(FileManager.default.temporaryDirectory.appendingPathComponent("ledger-\(UUID().uuidString)"))
    }

    func publisher(_ folder: LedgerFolder) -> LedgerPublisher {
        LedgerPublisher(folder: folder, signer: signer, book: AuditBook(file: folder.url.appendingPathExtension("audits")))
    }

    func leaves(_ range: Range<Int>) -> [[UInt8]] { range.map { (["kind": "test.done", "number": JSON($0)] as JSON).canonical } }

    let signer: NoteSigner = {
        guard let signer = try? NoteSigner(name: "contoh.test/ledger", seed: [UInt8](repeating: 7, count: 32)) else {
            preconditionFailure("seed")
        }
        return signer
    }()

    @Test("The tree is that of RFC 6962")
    func vectors() {
        #expect(Merkle.empty.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(Merkle.leaf([]).hex == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")
        let inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"].map {
            Merkle.leaf([UInt8](hex: $0) ?? [])
        }
        #expect(Merkle.root(inputs[0..<3]).hex == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")
        #expect(Merkle.root(inputs).hex == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")
    }

    @Test("Tiles are addressed as C2SP says")
    func addresses() {
        #expect(Tile.path(level: 0, index: 1_234_067) == "tile/0/x001/x234/067")
        #expect(Tile.entries(index: 0, width: 5) == "tile/entries/000.p/5")
    }

    @Test("The edge of the tree gives the same root as the whole tree, at every size up to 700")
    func frontier() {
        var frontier = Frontier()
        var hashes: [Hash] = []
        for leaf in leaves(0..<700) {
            hashes.append(Merkle.leaf(leaf))
            frontier.append(Merkle.leaf(leaf)) { _, _, _ in }
            if hashes.count % 37 == 0 || hashes.count == 256 || hashes.count == 512 { #expect(frontier.root == Merkle.root(hashes)) }
        }
    }

    @Test("A published log verifies from outside, through several publications and a restart")
    func verifies() async throws {
        let folder = folder()
        try await publisher(folder).publish(leaves(0..<300), after: 0)
        let again = publisher(folder)
        #expect(await again.size == 300)
        try await again.publish(leaves(300..<70_000), after: 300)
        let found = try await Verification(of: folder, verifier: signer.verifier)
        #expect(found.checkpoint.size == 70_000)
        #expect(found.kinds == ["test.done": 70_000])
    }

    @Test("A receipt proves its leaf offline, at any place", arguments: [0, 1, 255, 256, 511, 776])
    func receipts(index: Int) async throws {
        let folder = folder()
        let publisher = publisher(folder)
        try await publisher.publish(leaves(0..<777), after: 0)
        let proof = try #require(try await publisher.proof(index: index))
        let receipt = proof.replacing("tlog-proof@v1\n", with: "tlog-proof@v1\nextra \(leaves(index..<index + 1)[0].base64)\n")
        #expect(try Verification.checkReceipt(receipt, verifier: signer.verifier).index == index)
        let other = proof.replacing("tlog-proof@v1\n", with: "tlog-proof@v1\nextra \(leaves(900..<901)[0].base64)\n")
        #expect(throws: LedgerFault.self) { try Verification.checkReceipt(other, verifier: signer.verifier) }
    }

    @Test("A changed entry, a cut bundle, another key: each is noticed")
    func tampering() async throws {
        let folder = folder()
        try await publisher(folder).publish(leaves(0..<40), after: 0)
        let file = folder.url.appendingPathComponent(Tile.entries(index: 0, width: 40))
        let original = try Data(contentsOf: file)
        var bytes = Array(original)
        bytes[20] ^= 1
        try Data(bytes).write(to: file)
        await #expect(throws: LedgerFault.self) { try await Verification(of: folder, verifier: signer.verifier) }
        try original.dropLast(3).write(to: file)
        await #expect(throws: LedgerFault.self) { try await Verification(of: folder, verifier: signer.verifier) }
        try original.write(to: file)
        let stranger = try NoteSigner(name: "contoh.test/ledger", seed: [UInt8](repeating: 8, count: 32))
        await #expect(throws: LedgerFault.signature) { try await Verification(of: folder, verifier: stranger.verifier) }
        _ = try await Verification(of: folder, verifier: signer.verifier)
    }

    @Test("A verifier key reads back, and one that was changed does not")
    func verifierKey() {
        let text = signer.verifier.description
        #expect(NoteVerifier(text) == signer.verifier)
        #expect(NoteVerifier(text.replacing("contoh", with: "lain")) == nil)
    }
}
