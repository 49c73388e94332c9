// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

/// The folder of a city's data, closed to everybody but the user that the city runs as: it holds what people said in confidence.
struct DataFolder {
    private let folder: URL

    init(_ folder: URL) { self.folder = folder }

    /// From now on whatever the program makes is its user's alone.
    static func closeNewFiles() { umask(0o077) }

    /// Takes rights away that an earlier start, a copy or an administrator has left to others, and says so.
    func close() throws {
        try restrict(folder)
        for name in [
            "balai.sqlite", "balai.sqlite-wal", "balai.sqlite-shm", "keys", "keys/master.key", "keys/ledger.key", "keys/documents.key",
        ] {
            try restrict(folder.appendingPathComponent(name))
        }
    }

    /// Says in words that the disk is full, before one of many files cannot be written.
    func requireSpace() throws {
        var found = statvfs()
        guard statvfs(folder.path, &found) == 0, UInt64(found.f_bavail) * UInt64(found.f_frsize) < Self.leastSpace else { return }
        throw Problem(
            "data.full",
            .unavailable,
            Text(id: "Disk tempat \(folder.path) penuh", en: "The disk of \(folder.path) is full"),
            remedy: Text(
                id: "Kosongkan ruang, lalu buka lagi. Tidak ada yang diubah.",
                en: "Make room and open the city again. Nothing was changed."
            )
        )
    }

    /// Bytes without which no database opens.
    private static let leastSpace: UInt64 = 1 << 20

    private func restrict(_ place: URL) throws {
        var found = stat()
        guard stat(place.path, &found) == 0, found.st_mode & 0o077 != 0 else { return }
        guard chmod(place.path, found.st_mode & 0o700) == 0 else {
            throw Problem(
                "data.open-to-others",
                .fault,
                Text(id: "\(place.path) terbuka untuk pengguna lain", en: "\(place.path) is open to other users"),
                remedy: Text(
                    id: "Jadikan milik pengguna yang menjalankan Balai, lalu chmod go-rwx.",
                    en: "Make it belong to the user that Balai runs as, then chmod go-rwx."
                )
            )
        }
        FileHandle.standardError.write(Data("\(place.path) was open to other users; it no longer is.\n".utf8))
    }
}
