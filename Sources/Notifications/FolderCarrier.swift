// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import Journal

/// Puts messages into a folder instead of sending them: for the demo city, and for a city that has no gateway yet.
public struct FolderCarrier: Carrier, Leftovers {
    private let folder: URL

    /// Messages as files in a folder.
    public init(folder: URL) {
        self.folder = folder
    }

    /// Writes the message as one file.
    public func deliver(_ message: Message, id: String) async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let text = "To: \(message.recipient)\nSubject: \(message.subject)\nChannel: \(message.channel.rawValue)\n\n\(message.body)\n"
        let name = message.outlivesErasure ? "\(id)\(Self.kept)" : id
        try Data(text.utf8).write(to: folder.appendingPathComponent("\(name).txt"), options: .atomic)
    }

    /// What the name of a message ends with that tells of an erasure: the next one of its reader's data leaves it.
    private static let kept = "-tetap"

    /// Takes away messages to people who are erased, and those that name a case of theirs.
    public func remove(_ traces: [Trace]) throws {
        guard FileManager.default.fileExists(atPath: folder.path) else { return }
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            let name = file.deletingPathExtension().lastPathComponent
            guard !name.hasSuffix(Self.kept) else { continue }
            // Somebody who reads the folder may take a file away meanwhile.
            guard let bytes = FileManager.default.contents(atPath: file.path) else { continue }
            let text = String(decoding: bytes, as: UTF8.self)
            let recipient = String((text.split(separator: "\n", maxSplits: 1).first ?? "").dropFirst("To: ".count))
            let written = Identifier(name)?.instant
            let isTheirs = traces.contains { trace in
                written.map { $0 < trace.at } ?? true
                    && (trace.isContact(recipient) || trace.dockets.contains(where: text.contains))
            }
            if isTheirs {
                try FileManager.default.removeItem(at: file)
            }
        }
    }
}
