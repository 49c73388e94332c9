// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// Why a picture is not taken: how the process that reads it ends, and what the person is told.
enum PictureVerdict: Int32, Error, CaseIterable {
    /// Nothing was sent.
    case empty = 20
    /// No picture at all, or one of a kind that nobody sends.
    case notPicture
    /// An animation of the web.
    case gif
    /// A kind that cameras do not write.
    case avif
    /// More pixels than any telephone takes.
    case tooLarge
    /// Broken, or cut off on its way.
    case damaged
    /// It asks for more memory or time than a picture may have.
    case tooCostly
    /// The bounds could not be set, so that nothing was read.
    case unbounded

    /// What to do about it, at the field where it was chosen.
    var advice: Text {
        switch self {
        case .empty: Text(id: "berkasnya kosong; pilih lagi", en: "the file is empty; choose it again")
        case .notPicture: Text(id: "bukan foto; pilih JPEG, PNG, WebP, atau HEIC", en: "not a photo; choose JPEG, PNG, WebP or HEIC")
        case .gif:
            Text(
                id: "GIF tidak diterima; ambil foto dengan kamera, atau simpan sebagai JPEG",
                en: "GIF is not taken; take a photo with a camera, or save it as JPEG"
            )
        case .avif:
            Text(
                id: "AVIF tidak diterima; atur kamera ke JPEG, atau simpan sebagai JPEG",
                en: "AVIF is not taken; set the camera to JPEG, or save it as JPEG"
            )
        case .tooLarge:
            Text(
                id: "terlalu besar: paling banyak \(PictureReader.megapixels) megapiksel; kecilkan, atau atur kamera ke ukuran biasa",
                en: "too large: at most \(PictureReader.megapixels) megapixels; make it smaller, or set the camera to its usual size"
            )
        case .damaged:
            Text(id: "rusak atau terpotong; kirim lagi, atau ambil foto lain", en: "broken or cut off; send it again, or take another")
        case .tooCostly:
            Text(
                id: "terlalu berat dibaca; simpan ulang sebagai JPEG biasa, atau ambil foto lain",
                en: "too heavy to read; save it as a plain JPEG, or take another"
            )
        case .unbounded: Text(id: "belum bisa dibaca di sini; kirim lagi nanti", en: "cannot be read here yet; send it again later")
        }
    }

    /// The refusal, at a field.
    func problem(field: String, cause: (any Error)? = nil) -> Problem {
        Problem(
            "photo.\(self)",
            self == .unbounded ? .unavailable : .unacceptable,
            Text(id: "Foto tidak bisa dipakai", en: "The photo cannot be used"),
            fields: [Problem.Field(field, Text(id: "Foto ini \(advice.id)", en: "This photo is \(advice.en)"))],
            retryAfter: self == .unbounded ? 60 : nil,
            cause: cause
        )
    }
}
