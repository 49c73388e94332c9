// SPDX-License-Identifier: EUPL-1.2

import Foundation

/// A folder for what is worked out and thrown away, closed to others. It may hold what people said in clear: what a process that
/// was killed has left is taken away by the next one that opens the city.
struct Scratch {
    private static let prefix = "scratch-"

    let folder: URL
    /// Held for as long as the folder is in use; the system lets go of it when the process ends, however it ends.
    private let lock: Int32

    init(in data: URL) throws {
        folder = data.appendingPathComponent("\(Self.prefix)\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        lock = open(folder.path, O_RDONLY | O_CLOEXEC)
        guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0 else { throw CocoaError(.fileLocking) }
    }

    func remove() {
        // What cannot be removed now is removed at the next start.
        try? FileManager.default.removeItem(at: folder)
        close(lock)
    }

    /// Removes those that nobody uses any more.
    static func removeLeft(in data: URL) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: data.path) where name.hasPrefix(prefix) {
            let folder = data.appendingPathComponent(name)
            let lock = open(folder.path, O_RDONLY | O_CLOEXEC)
            defer { close(lock) }
            if lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0 { try FileManager.default.removeItem(at: folder) }
        }
    }
}
