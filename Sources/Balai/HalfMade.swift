// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

/// The mark of a data folder that is being restored: as long as it is there, the folder is not a city.
struct HalfMade {
    private let file: URL

    init(_ folder: URL) { file = folder.appendingPathComponent("unfinished") }

    func mark() throws {
        guard FileManager.default.createFile(atPath: file.path, contents: Data("restore\n".utf8)) else {
            throw CocoaError(.fileWriteUnknown)
        }
    }

    func clear() throws { try FileManager.default.removeItem(at: file) }

    func refuse() throws {
        guard FileManager.default.fileExists(atPath: file.path) else { return }
        throw Problem(
            "data.unfinished",
            .fault,
            Text(
                id: "Pemulihan ke folder ini belum selesai atau ditolak",
                en: "A restore into this folder was cut off or refused"
            ),
            remedy: Text(
                id: "Hapus folder \(file.deletingLastPathComponent().path), lalu jalankan balai restore lagi.",
                en: "Remove the folder \(file.deletingLastPathComponent().path) and run balai restore again."
            )
        )
    }
}
