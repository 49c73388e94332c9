// SPDX-License-Identifier: EUPL-1.2

import Crypto
import Essentials
import Foundation
import TransparencyLog

/// The checkpoint of a log that was seen last, as it was signed: what a city cannot take back.
struct SeenCheckpoints {
    private let file: URL
    private let verifier: NoteVerifier

    /// - Parameter file: where it is kept; a file of the log's own below the user's state folder when nil.
    init(file: URL?, verifier: NoteVerifier) {
        self.verifier = verifier
        self.file = file ?? Self.folder.appendingPathComponent(Array(SHA256.hash(data: Data(verifier.description.utf8)).prefix(12)).hex)
    }

    private static var folder: URL {
        let environment = ProcessInfo.processInfo.environment
        let state = environment["XDG_STATE_HOME"] ?? "\(environment["HOME"] ?? "/var/lib")/.local/state"
        return URL(fileURLWithPath: state).appendingPathComponent("balai/seen")
    }

    /// Nil where none has been seen. One that the key did not sign is no evidence, and is said to be none.
    func last() throws -> Checkpoint? {
        guard let bytes = FileManager.default.contents(atPath: file.path) else { return nil }
        return try Checkpoint(text: verifier.open(String(decoding: bytes, as: UTF8.self)))
    }

    func keep(_ note: String) throws {
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(note.utf8).write(to: file, options: .atomic)
    }
}
