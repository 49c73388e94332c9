// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

/// Puts messages into a folder instead of sending them: for the demo city, and for a city that has no gateway yet.
public struct FolderCarrier: Carrier {
    private let folder: URL

    /// Messages as files in a folder.
    public init(folder: URL) {
        self.folder = folder
    }

    /// Writes the message as one file.
    public func deliver(_ message: Message, id: String) async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let text = "To: \(message.recipient)\nSubject: \(message.subject)\nChannel: \(message.channel.rawValue)\n\n\(message.body)\n"
        try Data(text.utf8).write(to: folder.appendingPathComponent("\(id).txt"), options: .atomic)
    }
}
