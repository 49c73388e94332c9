// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

/// Where the tiles of a log lie: a folder, or a city's web address.
public protocol TileSource: Sendable {
    /// The bytes at a path below the log's prefix, such as `tile/0/000`; throws when there are none.
    func bytes(_ path: String) async throws -> [UInt8]
}

extension TileSource {
    /// The first hashes of a tile: from the partial tile of that width, or from the full one that has replaced it.
    public func hashes(level: Int, index: Int, width: Int) async throws -> [Hash] {
        let path = Tile.path(level: level, index: index, width: width)
        let found = try await Tile.hashes(bytes(path, orElse: Tile.path(level: level, index: index)))
        guard found.count >= width else { throw LedgerFault.missingTile(path) }
        return Array(found.prefix(width))
    }

    /// The first entries of a bundle: from the partial one of that width, or from the full one that has replaced it.
    public func entries(index: Int, width: Int) async throws -> [[UInt8]] {
        let path = Tile.entries(index: index, width: width)
        let found = try await Tile.split(bundle: bytes(path, orElse: Tile.entries(index: index)))
        guard let found, found.count == width || width < Tile.width && found.count > width else { throw LedgerFault.malformed(path) }
        return Array(found.prefix(width))
    }

    private func bytes(_ path: String, orElse full: String) async throws -> [UInt8] {
        do {
            return try await bytes(path)
        } catch let error where path != full {
            // Where neither is there, the one that was asked for is named.
            guard let bytes = try? await bytes(full) else { throw error }
            return bytes
        }
    }
}

/// The addresses of C2SP tlog-tiles: 256 hashes a tile.
public enum Tile {
    /// Hashes in a full tile.
    public static let width = 256

    /// The path of a tile of hashes; a width below 256 makes it a partial one.
    public static func path(level: Int, index: Int, width: Int = Tile.width) -> String {
        "tile/\(level)/\(number(index))\(suffix(width))"
    }

    /// The path of a bundle of entries.
    public static func entries(index: Int, width: Int = Tile.width) -> String {
        "tile/entries/\(number(index))\(suffix(width))"
    }

    private static func suffix(_ width: Int) -> String { width == Tile.width ? "" : ".p/\(width)" }

    /// Groups of three digits, all but the last with an `x` in front: 1234067 is `x001/x234/067`.
    private static func number(_ index: Int) -> String {
        var groups = [String(format: "%03d", index % 1000)]
        var rest = index / 1000
        while rest > 0 {
            groups.insert(String(format: "x%03d", rest % 1000), at: 0)
            rest /= 1000
        }
        return groups.joined(separator: "/")
    }

    /// How many hashes the last tile of a level has, 0 to 255, in a tree of a size.
    public static func partialWidth(level: Int, size: Int) -> Int { (size >> (8 * level)) % width }

    /// Hashes, 32 bytes each.
    public static func hashes(_ bytes: [UInt8]) -> [Hash] {
        stride(from: 0, to: bytes.count - bytes.count % 32, by: 32).map { Array(bytes[$0..<$0 + 32]) }
    }

    /// Entries, each after its length in two bytes, most significant first; nil when the bundle is malformed.
    public static func split(bundle: [UInt8]) -> [[UInt8]]? {
        var entries: [[UInt8]] = []
        var position = 0
        while position < bundle.count {
            guard position + 2 <= bundle.count else { return nil }
            let length = Int(bundle[position]) << 8 | Int(bundle[position + 1])
            guard position + 2 + length <= bundle.count else { return nil }
            entries.append(Array(bundle[position + 2..<position + 2 + length]))
            position += 2 + length
        }
        return entries
    }

    /// Bytes of an entry at most: its length stands in two of them. An act that would write more is refused before.
    public static let entryLimit = 65_535

    /// An entry as it stands in a bundle.
    public static func framed(_ entry: [UInt8]) -> [UInt8] {
        precondition(entry.count <= entryLimit, "a ledger entry holds hashes, not documents")
        return [UInt8(entry.count >> 8), UInt8(entry.count & 255)] + entry
    }
}

/// The right edge of the tree: for each level the hashes of the tile that is not full yet.
public struct Frontier: Sendable, Equatable {
    /// Leaves in the tree.
    public private(set) var size = 0
    /// For each level, the hashes of its last tile.
    public private(set) var levels: [[Hash]] = [[]]

    /// The edge of a tree without leaves.
    public init() {}

    /// The edge of a tree, from the partial tiles of its levels.
    public init(size: Int, levels: [[Hash]]) {
        self.size = size
        self.levels = levels.isEmpty ? [[]] : levels
    }

    /// Adds a leaf; gives each tile that it made full to `full`.
    public mutating func append(_ leaf: Hash, full: (_ level: Int, _ index: Int, _ hashes: [Hash]) throws -> Void) rethrows {
        size += 1
        var hash = leaf
        var level = 0
        while true {
            if level == levels.count { levels.append([]) }
            levels[level].append(hash)
            guard levels[level].count == Tile.width else { return }
            try full(level, (size >> (8 * (level + 1))) - 1, levels[level])
            hash = Merkle.root(levels[level])
            levels[level] = []
            level += 1
        }
    }

    /// The root of the whole tree.
    public var root: Hash {
        var peaks: [Hash] = []
        for hashes in levels.reversed() {
            var rest = hashes[...]
            while !rest.isEmpty {
                var width = 1
                while width * 2 <= rest.count { width *= 2 }
                peaks.append(Merkle.root(rest.prefix(width)))
                rest = rest.dropFirst(width)
            }
        }
        guard var root = peaks.popLast() else { return Merkle.empty }
        for peak in peaks.reversed() { root = Merkle.node(peak, root) }
        return root
    }
}

/// The way from a leaf to the root of a tree of a size, read from tiles.
public struct InclusionProof: Sendable {
    /// The leaf's place, from 0.
    public let index: Int
    /// Leaves in the tree.
    public let size: Int
    /// Hashes from the leaf's sibling to the root's child.
    public let path: [Hash]

    /// Reads the tiles that a proof needs.
    public init(index: Int, size: Int, tiles: some TileSource) async throws {
        self.index = index
        self.size = size
        let reader = SubtreeReader(size: size, tiles: tiles)
        var path: [Hash] = []
        var low = 0
        var high = size
        while high - low > 1 {
            let middle = low + Merkle.largestPowerOfTwo(below: high - low)
            if index < middle {
                path.append(try await reader.root(middle, high))
                high = middle
            } else {
                path.append(try await reader.root(low, middle))
                low = middle
            }
        }
        self.path = path.reversed()
    }

    /// The self-contained proof of C2SP `tlog-proof@v1`, which a person can keep and anyone can check offline.
    public func text(checkpoint: String) -> String {
        "c2sp.org/tlog-proof@v1\nindex \(index)\n" + path.map { $0.base64 + "\n" }.joined() + "\n" + checkpoint
    }
}

/// Hashes of parts of a tree, from its tiles.
private struct SubtreeReader<Tiles: TileSource> {
    let size: Int
    let tiles: Tiles

    /// The root over the leaves from `low` up to `high`.
    func root(_ low: Int, _ high: Int) async throws -> Hash {
        let count = high - low
        guard count & (count - 1) == 0 else {
            let middle = low + Merkle.largestPowerOfTwo(below: count)
            return Merkle.node(try await root(low, middle), try await root(middle, high))
        }
        let level = count.trailingZeroBitCount / 8
        let span = count >> (8 * level)
        let first = low >> (8 * level)
        let hashes = try await tile(level: level, index: first / Tile.width)
        let start = first % Tile.width
        guard start + span <= hashes.count else { throw LedgerFault.missingTile(Tile.path(level: level, index: first / Tile.width)) }
        return Merkle.root(hashes[start..<start + span])
    }

    private func tile(level: Int, index: Int) async throws -> [Hash] {
        let isFull = index < (size >> (8 * level)) / Tile.width
        let width = isFull ? Tile.width : Tile.partialWidth(level: level, size: size)
        if !isFull, let bytes = try? await tiles.bytes(Tile.path(level: level, index: index)) { return Tile.hashes(bytes) }
        return Tile.hashes(try await tiles.bytes(Tile.path(level: level, index: index, width: width)))
    }
}

/// What is wrong with a log.
public enum LedgerFault: Error, Sendable, Equatable {
    /// A tile or bundle that must be there is not.
    case missingTile(String)
    /// A tile, bundle, checkpoint or key is malformed.
    case malformed(String)
    /// The signature is not the city's.
    case signature
    /// Hashes do not add up.
    case mismatch(String)
    /// The log is shorter than it was when it was last seen.
    case rolledBack(from: Int, to: Int)
    /// The log says something else about entries that were seen before.
    case forked(at: Int)
}
