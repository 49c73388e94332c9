// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// What people send, made safe before anything of it is kept: bounded, looked at for viruses, pictures decoded and encoded
/// anew by a process of their own.
public struct Uploads: Sendable {
    /// The largest upload that is taken, in bytes.
    public static let limit = 12 << 20

    private let pictures: PictureReader
    private let scanner: VirusScanner?

    /// Uploads, read by a reader and looked at by a scanner where there is one.
    public init(pictures: PictureReader, scanner: VirusScanner? = nil) {
        self.pictures = pictures
        self.scanner = scanner
    }

    /// Makes sure that pictures can be read and that who reads them is bounded; to be called before a city opens.
    ///
    /// - Returns: whether the kernel filters what a process that reads them may ask of it.
    public func check() async throws -> Bool { try await pictures.check() }

    /// A photo.
    ///
    /// - Parameter field: the field that a refusal names.
    public func photo(_ upload: [UInt8], field: String) async throws -> Photo {
        try await requireSafe(upload, field: field)
        return try await pictures.photo(upload, field: field)
    }

    /// A paper: a photo of it, encoded anew, or a PDF as it is, known by its content.
    ///
    /// - Parameter field: the field that a refusal names.
    public func paper(_ upload: [UInt8], field: String) async throws -> (content: [UInt8], type: String) {
        try await requireSafe(upload, field: field)
        if upload.starts(with: Array("%PDF-".utf8)), upload.suffix(1024).contains(UInt8(ascii: "%")) {
            return (upload, "application/pdf")
        }
        return (try await pictures.photo(upload, field: field).full, "image/jpeg")
    }

    private func requireSafe(_ upload: [UInt8], field: String) async throws {
        guard !upload.isEmpty else { throw PictureVerdict.empty.problem(field: field) }
        guard upload.count <= Self.limit else {
            throw Problem(
                "file.too-large",
                .tooLarge,
                Text(id: "Berkas lebih besar dari 12 MB", en: "The file is larger than 12 MB"),
                fields: [
                    Problem.Field(
                        field,
                        Text(id: "Berkas ini lebih besar dari 12 MB; kecilkan", en: "This file is larger than 12 MB; make it smaller")
                    )
                ]
            )
        }
        try await scanner?.requireClean(upload, field: field)
    }
}
