// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

/// One process for one data folder. The system lets go of the lock when the process ends, however it ends.
enum FolderLock {
    /// Takes the lock for as long as this process lives, or says who has it.
    static func take(_ folder: URL) throws {
        let path = folder.appendingPathComponent("lock").path
        // Not handed on to tools that are started: they would keep the lock beyond our end. Never closed: that would open it.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Problem(
                "data.unwritable",
                .fault,
                Text(
                    id: "\(folder.path) tidak dapat ditulisi: \(String(cString: strerror(errno)))",
                    en: "\(folder.path) cannot be written: \(String(cString: strerror(errno)))"
                )
            )
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let owner = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
            close(descriptor)
            let process = owner.trimmingCharacters(in: .whitespacesAndNewlines)
            throw Problem(
                "data.locked",
                .conflict,
                Text(
                    id: "Proses lain (\(process)) sedang memakai \(folder.path)",
                    en: "Another process (\(process)) has \(folder.path) open"
                ),
                remedy: Text(
                    id: "Hentikan proses itu dahulu; satu folder data hanya untuk satu kota yang buka.",
                    en: "Stop it first: one data folder serves one open city."
                )
            )
        }
        let text = Array("\(ProcessInfo.processInfo.processIdentifier)\n".utf8)
        // Who has it is a help to people; the lock holds without it, also on a full disk.
        if ftruncate(descriptor, 0) == 0 { _ = write(descriptor, text, text.count) }
    }
}
