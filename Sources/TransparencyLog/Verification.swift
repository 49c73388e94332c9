// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

/// What checking a log from outside found.
public struct Verification: Sendable {
    /// The signed checkpoint.
    public let checkpoint: Checkpoint
    /// As it was signed.
    public let note: String
    /// How many entries there are of each kind.
    public let kinds: [String: Int]
}

extension Verification {
    /// Checks a whole log: the signature, every entry against its tile, every tile against the root.
    ///
    /// - Parameters:
    ///   - tiles: the log.
    ///   - verifier: the city's key, from a source that you trust.
    ///   - seen: the checkpoint that was seen last; the log must lead through it.
    ///   - progress: entries checked so far, and of how many.
    public init(
        of tiles: some TileSource,
        verifier: NoteVerifier,
        seen: Checkpoint? = nil,
        progress: (Int, Int) -> Void = { _, _ in }
    ) async throws {
        let note = String(decoding: try await tiles.bytes("checkpoint"), as: UTF8.self)
        let checkpoint = try Checkpoint(text: verifier.open(note))
        guard checkpoint.origin == verifier.name else { throw LedgerFault.mismatch("origin") }
        if let seen, seen.size > checkpoint.size { throw LedgerFault.rolledBack(from: seen.size, to: checkpoint.size) }
        var frontier = Frontier()
        var kinds: [String: Int] = [:]
        var published: [(level: Int, index: Int, hashes: [Hash])] = []
        let bundles = (checkpoint.size + Tile.width - 1) / Tile.width
        // Several bundles at a time are read and hashed beside each other; the tree grows in their order.
        for first in stride(from: 0, to: bundles, by: Self.width) {
            let read = try await withThrowingTaskGroup { group in
                for index in first..<min(first + Self.width, bundles) {
                    group.addTask { (index, try await Self.bundle(index, of: checkpoint.size, tiles)) }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for (_, bundle) in read.sorted(by: { $0.key < $1.key }) {
                kinds.merge(bundle.kinds, uniquingKeysWith: +)
                for hash in bundle.hashes {
                    frontier.append(hash) { level, index, hashes in published.append((level, index, hashes)) }
                    if frontier.size == seen?.size, frontier.root != seen?.root { throw LedgerFault.forked(at: frontier.size) }
                }
            }
            for tile in published { try await Self.compare(level: tile.level, index: tile.index, tile.hashes, tiles) }
            published = []
            progress(frontier.size, checkpoint.size)
        }
        for (level, hashes) in frontier.levels.enumerated() where !hashes.isEmpty {
            let index = (checkpoint.size >> (8 * level)) / Tile.width
            try await Self.compare(level: level, index: index, hashes, tiles)
        }
        guard frontier.root == checkpoint.root else { throw LedgerFault.mismatch("the root does not follow from the entries") }
        self.init(checkpoint: checkpoint, note: note, kinds: kinds)
    }

    /// Bundles that are read beside each other.
    private static let width = 16

    /// The hashes of a bundle's entries, and how many of each kind there are.
    private static func bundle(_ index: Int, of size: Int, _ tiles: some TileSource) async throws -> (hashes: [Hash], kinds: [String: Int])
    {
        let width = min(Tile.width, size - index * Tile.width)
        let path = Tile.entries(index: index, width: width)
        let entries = try await tiles.entries(index: index, width: width)
        var kinds: [String: Int] = [:]
        let hashes = try entries.map { entry in
            guard let kind = kind(ofCanonical: entry) else { throw LedgerFault.malformed("\(path): an entry is not canonical JSON") }
            kinds[kind, default: 0] += 1
            return Merkle.leaf(entry)
        }
        return (hashes, kinds)
    }

    /// The kind of an entry; nil when its bytes are not canonical JSON.
    private static func kind(ofCanonical entry: [UInt8]) -> String? {
        if let kind = JSON.member("kind", ofPlainCanonical: entry) { return kind }
        guard let leaf = try? JSON(parsing: entry), leaf.canonical == entry else { return nil }
        return leaf["kind"]?.string
    }

    private static func compare(level: Int, index: Int, _ hashes: [Hash], _ tiles: some TileSource) async throws {
        guard try await tiles.hashes(level: level, index: index, width: hashes.count) == hashes else {
            throw LedgerFault.mismatch("\(Tile.path(level: level, index: index, width: hashes.count)) does not follow from the entries")
        }
    }

    /// Checks a receipt by itself: the signature, and the way from the leaf that it carries to the root.
    ///
    /// - Returns: the leaf, and its place in the log.
    public static func checkReceipt(_ proof: String, verifier: NoteVerifier) throws -> (leaf: [UInt8], index: Int) {
        guard let split = proof.range(of: "\n\n") else { throw LedgerFault.malformed("receipt") }
        let lines = proof[..<split.lowerBound].split(separator: "\n")
        guard lines.count >= 3, lines[0] == "c2sp.org/tlog-proof@v1", lines[1].hasPrefix("extra "), lines[2].hasPrefix("index "),
            let leaf = [UInt8](base64: String(lines[1].dropFirst(6))), let index = Int(digits: lines[2].utf8.dropFirst(6))
        else { throw LedgerFault.malformed("receipt") }
        let path = lines.dropFirst(3).compactMap { [UInt8](base64: String($0)) }
        guard path.count == lines.count - 3 else { throw LedgerFault.malformed("receipt") }
        let checkpoint = try Checkpoint(text: verifier.open(String(proof[split.upperBound...])))
        let holds = Merkle.verify(leaf: Merkle.leaf(leaf), index: index, size: checkpoint.size, path: path, root: checkpoint.root)
        guard holds else { throw LedgerFault.mismatch("the receipt does not lead to the root") }
        return (leaf, index)
    }
}
