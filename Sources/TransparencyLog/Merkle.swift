// SPDX-License-Identifier: EUPL-1.2

import Crypto

/// A SHA-256 hash of a leaf or node.
public typealias Hash = [UInt8]

/// The hash tree of RFC 6962, section 2.1.
public enum Merkle {
    /// SHA-256(0x00 ‖ entry).
    public static func leaf(_ entry: some Sequence<UInt8>) -> Hash {
        var bytes: [UInt8] = [0x00]
        bytes.append(contentsOf: entry)
        return Array(SHA256.hash(data: bytes))
    }

    /// SHA-256(0x01 ‖ left ‖ right).
    public static func node(_ left: Hash, _ right: Hash) -> Hash { Array(SHA256.hash(data: [0x01] + left + right)) }

    /// The root of a tree without leaves.
    public static let empty: Hash = Array(SHA256.hash(data: [UInt8]()))

    /// The root over consecutive subtrees of equal, complete size.
    public static func root(_ hashes: some RandomAccessCollection<Hash>) -> Hash {
        if hashes.isEmpty { return empty }
        if hashes.count == 1 { return hashes.first ?? empty }
        let middle = hashes.index(hashes.startIndex, offsetBy: largestPowerOfTwo(below: hashes.count))
        return node(root(hashes[..<middle]), root(hashes[middle...]))
    }

    /// Whether a leaf stands at an index of a tree of a size with a root (RFC 9162, section 2.1.3.2).
    public static func verify(leaf: Hash, index: Int, size: Int, path: [Hash], root: Hash) -> Bool {
        guard index >= 0, index < size else { return false }
        var node = index
        var last = size - 1
        var hash = leaf
        for sibling in path {
            guard last > 0 else { return false }
            if node & 1 == 1 || node == last {
                hash = Merkle.node(sibling, hash)
                while node & 1 == 0, node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                hash = Merkle.node(hash, sibling)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && hash == root
    }

    static func largestPowerOfTwo(below count: Int) -> Int {
        var power = 1
        while power * 2 < count { power *= 2 }
        return power
    }
}
