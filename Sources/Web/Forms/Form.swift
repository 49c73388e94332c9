// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Bounds of what a form may send.
public enum FormLimits {
    /// Bytes of one field.
    public static let field = 64 << 10
    /// Bytes of all fields.
    public static let fields = 256 << 10
    /// Bytes of one file. A larger one is read past, so that what was typed beside it is kept.
    public static let file = 12 << 20
    /// Files of one request.
    public static let files = 50
    /// Bytes of the files of one request that are kept.
    public static let kept = 64 << 20
    /// Bytes of one request, what is read past included.
    public static let request = 256 << 20
    /// Bytes of all files of all requests at one moment.
    public static let staged = 1 << 30

    static let tooLarge = Problem(
        "form.too-large",
        .tooLarge,
        Text(id: "Kiriman terlalu besar", en: "The request is too large"),
        remedy: Text(
            id: "Kembali ke halaman sebelumnya dan pilih foto yang lebih kecil: paling besar 12 MB satu foto.",
            en: "Go back to the previous page and choose smaller photos: at most 12 MB each."
        )
    )
}

/// Files by the name of their field.
public struct Uploads: Sendable {
    private var byName: [String: [Upload]] = [:]

    /// The files of a field; nil where none came.
    public subscript(_ name: String) -> [Upload]? {
        Questions.note(.file, name)
        return byName[name]
    }

    /// How large the files of each field are, in bytes; by the name of the field.
    public var sizes: [(name: String, bytes: [Int])] {
        byName.sorted { $0.key < $1.key }.map { (name: $0.key, bytes: $0.value.map(\.size)) }
    }

    fileprivate mutating func add(_ upload: Upload, as name: String) { byName[name, default: []].append(upload) }
}

/// What a form sent: fields by name, each as often as it was sent, and files.
public struct Form: Sendable {
    /// Values by name.
    public private(set) var values: [String: [String]] = [:]
    /// Files by name, in the order in which they came. An empty file field sends none; a file without content is one of no bytes;
    /// one that could not be taken says why when it is read.
    public private(set) var files = Uploads()

    /// The first value of a name, trimmed at its ends and with line ends as `\n`; empty where there is none.
    public subscript(_ name: String) -> String {
        Questions.note(.field, name)
        guard let value = values[name]?.first else { return "" }
        let plain = value.utf8.contains(0x0D) ? value.replacing("\r\n", with: "\n") : value
        // Most values have nothing to trim; Foundation would look at every scalar to find that out.
        let isClean = [plain.utf8.first, plain.utf8.last].allSatisfy { $0.map { $0 > 0x20 && $0 < 0x7F } ?? true }
        return isClean ? plain : plain.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Whether a name was sent at all, as a ticked box or a pressed button is.
    public func has(_ name: String) -> Bool {
        Questions.note(.field, name)
        return values[name] != nil
    }

    /// Every value of a name.
    public func all(_ name: String) -> [String] {
        Questions.note(.field, name)
        return values[name] ?? []
    }

    /// Reads the body of a request that brings no files; those that come all the same are read past.
    public init(_ request: Request) async throws {
        try await self.init(request, reader: PartReader(door: nil))
    }

    /// Reads the body of a request that may bring files.
    ///
    /// - Parameters:
    ///   - staging: where files lie meanwhile.
    ///   - network: whence they come.
    ///   - admit: checks the form's token, which stands before its files: until then no byte of a file is kept.
    public init(
        _ request: Request,
        staging: Staging,
        from network: String,
        admit: @escaping (_ token: String) throws -> Void
    ) async throws {
        try await self.init(request, reader: PartReader(door: PartReader.Door(staging: staging, network: network, admit: admit)))
    }

    private init(_ request: Request, reader: PartReader) async throws {
        self.init()
        let type = request.headers[.contentType] ?? ""
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > FormLimits.request { throw FormLimits.tooLarge }
        if var parser = MultipartParser(contentType: type) {
            try await read(request, by: &parser, into: reader)
        } else if type.lowercased().hasPrefix("application/x-www-form-urlencoded") || type.isEmpty {
            var bytes: [UInt8] = []
            for try await buffer in request.body {
                bytes += buffer.readableBytesView
                guard bytes.count <= FormLimits.fields else { throw FormLimits.tooLarge }
            }
            self = try Form(urlEncoded: bytes)
        } else {
            throw Problem(
                "form.type",
                .unsupportedType,
                Text(id: "Jenis isi ini tidak diterima", en: "This kind of content is not taken"),
                remedy: Text(
                    id: "Kirim sebagai application/x-www-form-urlencoded atau multipart/form-data.",
                    en: "Send application/x-www-form-urlencoded or multipart/form-data."
                )
            )
        }
    }

    /// Reads `a=1&b=2`; `+` is a space. Text that is not UTF-8 is refused.
    public init(urlEncoded bytes: [UInt8]) throws {
        for pair in bytes.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true).prefix(1000) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = try Self.decode(parts[0])
            let value = parts.count == 2 ? try Self.decode(parts[1]) : ""
            guard value.utf8.count <= FormLimits.field else { throw FormLimits.tooLarge }
            values[name, default: []].append(value)
        }
    }

    private init() {}

    /// A name or a value without its escapes.
    static func decode(_ bytes: ArraySlice<UInt8>) throws -> String {
        var decoded: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "+"): decoded.append(0x20)
            case UInt8(ascii: "%"):
                guard index + 2 < bytes.endIndex, let byte = [UInt8](hex: String(decoding: bytes[index + 1...index + 2], as: UTF8.self))
                else { throw malformed }
                decoded += byte
                index += 2
            default: decoded.append(bytes[index])
            }
            index += 1
        }
        return try text(decoded)
    }

    private static func text(_ bytes: [UInt8]) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw malformed }
        return text
    }

    private static let malformed = Problem(
        "form.malformed",
        .badRequest,
        Text(id: "Kiriman rusak di jalan", en: "The request is malformed"),
        remedy: Text(id: "Muat ulang halaman dan kirim lagi.", en: "Reload the page and send again.")
    )

    private mutating func read(_ request: Request, by parser: inout MultipartParser, into reader: PartReader) async throws {
        var reader = reader
        var total = 0
        do {
            for try await buffer in request.body {
                total += buffer.readableBytes
                guard total <= FormLimits.request else { throw FormLimits.tooLarge }
                try parser.feed(buffer.readableBytesView) { try reader.take($0) }
            }
            try parser.finish()
        } catch is MultipartParser.Fault {
            throw Self.malformed
        } catch let problem as Problem where problem.status == .timeout && reader.isInFile {
            // The line is too slow for the file. What was typed came before it, and goes back to whoever typed it.
            reader.giveUp()
        }
        for (name, bytes) in reader.fields { values[name, default: []].append(try Self.text(bytes)) }
        for (name, upload) in reader.uploads { files.add(upload, as: name) }
    }
}

/// Gathers parts: fields in memory, files in the staging place.
private struct PartReader {
    /// What files have to pass.
    struct Door {
        let staging: Staging
        let network: String
        let admit: (String) throws -> Void
    }

    private(set) var fields: [(String, [UInt8])] = []
    private(set) var uploads: [(String, Upload)] = []
    private let door: Door?
    private var isAdmitted = false
    private var name = ""
    private var fileName: String?
    private var content: [UInt8] = []
    private var fieldBytes = 0
    private var fileBytes = 0
    private var size = 0
    private var upload: Upload?

    init(door: Door?) { self.door = door }

    /// Whether a file that the form may bring is arriving.
    var isInFile: Bool { fileName != nil && isAdmitted }

    mutating func take(_ event: MultipartParser.Event) throws {
        switch event {
        case .part(let name, let fileName):
            self.name = name
            self.fileName = fileName
            content = []
            size = 0
            // A file field that was left empty sends a part without a name.
            if let fileName, !fileName.isEmpty { try begin() }
        case .content(let bytes):
            size += bytes.count
            if fileName != nil {
                try keep(bytes)
            } else {
                fieldBytes += bytes.count
                guard size <= FormLimits.field, fieldBytes <= FormLimits.fields else { throw FormLimits.tooLarge }
                content += bytes
            }
        case .partEnd:
            if fileName == nil {
                fields.append((name, content))
            } else if let upload {
                uploads.append((name, upload))
            }
            upload = nil
            fileName = nil
        }
    }

    /// Notes that the file which is arriving did not come in time.
    mutating func giveUp() {
        pass(
            "upload.too-slow",
            .timeout,
            Text(
                id:
                    "Sambungan terlalu lambat untuk berkas ini. Isian lain tetap ada: coba lagi, pilih foto yang lebih kecil, atau kirim tanpa foto",
                en: "The connection is too slow for this file. All else is kept: try again, choose a smaller photo, or send without one"
            )
        )
    }

    private mutating func begin() throws {
        guard let door else { return }
        if !isAdmitted {
            try door.admit(fields.first { $0.0 == "token" }.map { String(decoding: $0.1, as: UTF8.self) } ?? "")
            isAdmitted = true
        }
        guard uploads.count < FormLimits.files else { return refuse() }
        upload = try door.staging.open(from: door.network)
    }

    private mutating func keep(_ bytes: [UInt8]) throws {
        guard let upload else { return }
        fileBytes += bytes.count
        guard size <= FormLimits.file, fileBytes <= FormLimits.kept else { return refuse() }
        guard try upload.append(bytes) else {
            return pass(
                "uploads.full",
                .unavailable,
                Text(
                    id:
                        "Terlalu banyak foto dan berkas sedang dikirim orang saat ini. Isian lain tetap ada: coba lagi sebentar lagi, atau kirim tanpa foto dulu",
                    en: "Too many photos and files are arriving just now. All else is kept: try again shortly, or send without photos first"
                )
            )
        }
    }

    private mutating func refuse() {
        pass(
            "upload.too-large",
            .unacceptable,
            Text(
                id:
                    "Ada berkas yang terlalu besar: paling besar 12 MB satu berkas, 64 MB semuanya. Isian lain tetap ada: pilih berkas yang lebih kecil",
                en: "A file is too large: at most 12 MB each, 64 MB together. All else is kept: choose smaller files"
            )
        )
    }

    /// Reads past the rest of a file that cannot be taken; it says why.
    private mutating func pass(_ code: String, _ status: Problem.Status, _ message: Text) {
        fileBytes -= size
        upload = nil
        let refusal = Problem(
            code,
            status,
            Text(id: "Ada berkas yang belum bisa diterima", en: "A file could not be taken"),
            fields: [Problem.Field(name, message)],
            retryAfter: status == .unavailable ? 30 : nil
        )
        uploads.append((name, Upload(refusal: refusal)))
    }
}
