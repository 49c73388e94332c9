// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

/// The mark of a data folder that is being made: as long as it is there, the folder is not a city.
struct HalfMade {
    /// What makes it.
    enum Maker: String {
        case restore
        case demo
    }

    private let file: URL

    init(_ folder: URL) { file = folder.appendingPathComponent("unfinished") }

    func mark(by maker: Maker) throws {
        guard FileManager.default.createFile(atPath: file.path, contents: Data("\(maker.rawValue)\n".utf8)) else {
            throw CocoaError(.fileWriteUnknown)
        }
    }

    func clear() throws { try FileManager.default.removeItem(at: file) }

    func refuse() throws {
        guard FileManager.default.fileExists(atPath: file.path) else { return }
        let folder = file.deletingLastPathComponent().path
        let mark = (try? String(contentsOf: file, encoding: .utf8))?.trimmingCharacters(in: .newlines) ?? ""
        guard Maker(rawValue: mark) == .demo else {
            throw Problem(
                "data.unfinished",
                .fault,
                Text(
                    id: "Pemulihan ke folder ini belum selesai atau ditolak",
                    en: "A restore into this folder was cut off or refused"
                ),
                remedy: Text(
                    id: "Hapus folder \(folder), lalu jalankan balai restore lagi.",
                    en: "Remove the folder \(folder) and run balai restore again."
                )
            )
        }
        throw Problem(
            "data.unfinished-demo",
            .fault,
            Text(
                id: "Pembuatan kota peragaan di folder ini terhenti di tengah jalan",
                en: "The making of the demo city in this folder was cut off half-way"
            ),
            remedy: Text(
                id: "Hapus folder \(folder) (dan kosongkan basis data PostgreSQL-nya, kalau dipakai), lalu jalankan balai demo lagi.",
                en: "Remove the folder \(folder) (and empty its PostgreSQL database, where it has one) and run balai demo again."
            )
        )
    }
}
