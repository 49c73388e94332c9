// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

/// A log as static files in a folder: tiles, bundles, checkpoint. Written by one publisher, served by anyone.
public struct LedgerFolder: TileSource {
    /// The folder.
    public let url: URL

    /// A log in a folder.
    public init(_ url: URL) {
        self.url = url
    }

    /// The bytes of a file of the log.
    public func bytes(_ path: String) async throws -> [UInt8] { try read(path) }

    func read(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: url.appendingPathComponent(path).path) else {
            throw LedgerFault.missingTile(path)
        }
        return Array(data)
    }

    /// The latest signed checkpoint; nil before the first.
    public var checkpoint: String? { (try? read("checkpoint")).map { String(decoding: $0, as: UTF8.self) } }

    /// Removes what a full tile has made superfluous; what cannot be removed does no harm.
    func removePartial(_ path: String) { try? FileManager.default.removeItem(at: url.appendingPathComponent("\(path).p")) }

    /// Copies what the latest checkpoint needs, no more, into another folder, while the publisher goes on.
    ///
    /// - Returns: that checkpoint; nil when nothing has been signed yet.
    public func copy(to other: LedgerFolder, verifier: NoteVerifier) async throws -> Checkpoint? {
        guard let note = checkpoint else { return nil }
        let checkpoint = try Checkpoint(text: verifier.open(note))
        var level = 0
        while checkpoint.size >> (8 * level) > 0 {
            let count = checkpoint.size >> (8 * level)
            for index in 0..<(count + Tile.width - 1) / Tile.width {
                let width = min(Tile.width, count - index * Tile.width)
                let path = Tile.path(level: level, index: index, width: width)
                try other.write(try await hashes(level: level, index: index, width: width).flatMap { $0 }, to: path)
                guard level == 0 else { continue }
                let entries = try await self.entries(index: index, width: width)
                try other.write(entries.flatMap(Tile.framed), to: Tile.entries(index: index, width: width))
            }
            level += 1
        }
        try other.write(Array(note.utf8), to: "checkpoint")
        return checkpoint
    }

    /// Writes a file so that after a power failure it is there whole or not at all.
    func write(_ bytes: [UInt8], to path: String) throws { try DurableFile(url.appendingPathComponent(path)).write(bytes) }
}

/// Brings committed entries into the tree and signs checkpoints, the only one who does.
public actor LedgerPublisher {
    private let folder: LedgerFolder
    private let signer: NoteSigner
    private var frontier: Frontier
    /// Entries of the bundle that is not full yet.
    private var bundle: [[UInt8]]
    /// The hash of the last entry; nil before the first.
    public private(set) var lastLeaf: Hash?
    /// The checkpoint that this publisher found or signed last; nil before the first.
    private var note: String?
    /// Why the log could not be taken up; nil where it was.
    private var fault: Contradiction?
    private var signedAt: ContinuousClock.Instant?
    /// What is known of whether the record holds.
    public nonisolated let book: AuditBook

    /// Takes up a log where its last signed checkpoint left it. From one that is broken nothing goes on, see ``hold(to:isBehind:)``.
    public init(folder: LedgerFolder, signer: NoteSigner, book: AuditBook) {
        self.folder = folder
        self.book = book
        self.signer = signer
        note = folder.checkpoint
        do {
            (frontier, bundle, lastLeaf) = try Self.takeUp(folder, note, signer)
        } catch {
            (frontier, bundle, lastLeaf) = (Frontier(), [], nil)
            fault = Contradiction.broken(error)
        }
    }

    private static func takeUp(
        _ folder: LedgerFolder,
        _ note: String?,
        _ signer: NoteSigner
    ) throws -> (Frontier, [[UInt8]], Hash?) {
        guard let note else { return (Frontier(), [], nil) }
        let checkpoint = try Checkpoint(text: signer.verifier.open(note))
        var levels: [[Hash]] = []
        var level = 0
        while checkpoint.size >> (8 * level) > 0 {
            let width = Tile.partialWidth(level: level, size: checkpoint.size)
            let index = (checkpoint.size >> (8 * level)) / Tile.width
            levels.append(width == 0 ? [] : Tile.hashes(try folder.read(Tile.path(level: level, index: index, width: width))))
            level += 1
        }
        let frontier = Frontier(size: checkpoint.size, levels: levels)
        guard frontier.root == checkpoint.root else { throw LedgerFault.mismatch("tiles and signed checkpoint differ") }
        let width = Tile.partialWidth(level: 0, size: checkpoint.size)
        let index = checkpoint.size / Tile.width
        let bundle = width == 0 ? [] : Tile.split(bundle: try folder.read(Tile.entries(index: index, width: width))) ?? []
        let last = try width == 0 && index > 0 ? Tile.hashes(folder.read(Tile.path(level: 0, index: index - 1))).last : levels.first?.last
        return (frontier, bundle, last)
    }

    /// Makes sure that the log in the folder is the one that goes on from what was signed last; nothing is signed where it is not.
    ///
    /// - Parameters:
    ///   - signed: the checkpoint that the database says was signed last; nil before the first.
    ///   - isBehind: whether the log is being brought up to it again.
    public func hold(to signed: Checkpoint?, isBehind: Bool = false) throws(Contradiction) {
        if let fault { throw fault }
        let found = folder.checkpoint
        let checkpoint = found.flatMap { try? Checkpoint(text: signer.verifier.open($0)) }
        let last = max(signed?.size ?? 0, frontier.size)
        if let size = found == nil ? 0 : checkpoint?.size, size < last, !isBehind { throw .rolledBack(from: last, to: size) }
        guard found == note else { throw .exchanged }
        if let signed, signed.size == checkpoint?.size, signed.root != checkpoint?.root { throw .otherHistory(at: signed.size) }
    }

    /// How long until a checkpoint that somebody asks for may be signed: one a second is enough for everybody.
    public var rest: Duration { signedAt.map { max(.zero, .seconds(1) - $0.duration(to: .now)) } ?? .zero }

    /// The checkpoint that was found or signed last.
    public var signed: (size: Int, note: String) { (frontier.size, note ?? "") }

    /// What does not hold between journal, log and tables. While there is any, nothing is signed.
    public nonisolated var contradictions: [Contradiction] { book.content.open }

    /// The key with which anyone checks the log.
    public nonisolated var verifier: NoteVerifier { signer.verifier }

    /// Leaves under the signed checkpoint.
    public var size: Int { frontier.size }

    /// Adds entries in their order, makes their tiles durable, and only then signs.
    ///
    /// - Parameters:
    ///   - entries: the entries that follow.
    ///   - size: the size of the log that they follow; when another caller was quicker, nothing is done.
    ///   - known: a checkpoint that the log must lead through, where it lies behind it.
    public func publish(_ entries: [[UInt8]], after size: Int, through known: Checkpoint? = nil) throws {
        guard size == frontier.size, fault == nil, contradictions.isEmpty else { return }
        let old = frontier
        // Work on copies: should the disk fail half-way, the log stays at its last checkpoint and is taken up again there.
        var frontier = frontier
        var bundle = bundle
        for entry in entries {
            bundle.append(entry)
            if bundle.count == Tile.width {
                try folder.write(bundle.flatMap(Tile.framed), to: Tile.entries(index: frontier.size / Tile.width))
                bundle = []
            }
            try frontier.append(Merkle.leaf(entry)) { level, index, hashes in
                try folder.write(hashes.flatMap { $0 }, to: Tile.path(level: level, index: index))
            }
            if let known, frontier.size == known.size, frontier.root != known.root { throw Contradiction.otherHistory(at: known.size) }
        }
        for (level, hashes) in frontier.levels.enumerated() where !hashes.isEmpty {
            let index = (frontier.size >> (8 * level)) / Tile.width
            try folder.write(hashes.flatMap { $0 }, to: Tile.path(level: level, index: index, width: hashes.count))
        }
        if !bundle.isEmpty {
            let path = Tile.entries(index: frontier.size / Tile.width, width: bundle.count)
            try folder.write(bundle.flatMap(Tile.framed), to: path)
        }
        let checkpoint = Checkpoint(origin: signer.name, size: frontier.size, root: frontier.root)
        let note = try signer.sign(checkpoint.text)
        try folder.write(Array(note.utf8), to: "checkpoint")
        self.frontier = frontier
        self.bundle = bundle
        self.note = note
        signedAt = .now
        if let last = entries.last { lastLeaf = Merkle.leaf(last) }
        // A full tile or bundle has taken the place of its partial ones; readers with an older checkpoint take it in their stead.
        for level in 0..<max(1, frontier.levels.count) {
            for index in (old.size >> (8 * level)) / Tile.width..<(frontier.size >> (8 * level)) / Tile.width {
                folder.removePartial(Tile.path(level: level, index: index))
                if level == 0 { folder.removePartial(Tile.entries(index: index)) }
            }
        }
    }

    /// The offline proof that a leaf stands in the tree of the latest checkpoint; nil while it is not in it yet.
    public func proof(index: Int) async throws -> String? {
        guard let note = folder.checkpoint, index < frontier.size else { return nil }
        let checkpoint = try Checkpoint(text: signer.verifier.open(note))
        guard index < checkpoint.size else { return nil }
        return try await InclusionProof(index: index, size: checkpoint.size, tiles: folder).text(checkpoint: note)
    }
}
