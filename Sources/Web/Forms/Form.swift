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
    /// Bytes of one file.
    public static let file = 12 << 20
    /// Bytes of one request.
    public static let request = 64 << 20

    static let tooLarge = Problem(
        "form.too-large",
        .tooLarge,
        Text(id: "Kiriman terlalu besar", en: "The request is too large"),
        remedy: Text(id: "Kecilkan fotonya: paling besar 12 MB satu foto.", en: "Make the photos smaller: at most 12 MB each.")
    )
}

/// A file that was sent, in a temporary place that vanishes with this value.
public final class Upload: Sendable {
    /// Where it lies.
    public let url: URL
    /// Its size in bytes.
    public let size: Int

    init(url: URL, size: Int) {
        self.url = url
        self.size = size
    }

    /// Its content.
    public func content() throws -> [UInt8] { Array(try Data(contentsOf: url)) }

    deinit { try? FileManager.default.removeItem(at: url) }
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
    /// Files by name; an empty file field sends none.
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

    /// Reads the body of a request: URL-encoded, or multipart with its files streamed to disk.
    public init(_ request: Request) async throws {
        self.init()
        let type = request.headers[.contentType] ?? ""
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > FormLimits.request { throw FormLimits.tooLarge }
        if var parser = MultipartParser(contentType: type) {
            try await read(request, by: &parser)
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

    private mutating func read(_ request: Request, by parser: inout MultipartParser) async throws {
        var reader = PartReader()
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
        }
        for (name, bytes) in reader.fields { values[name, default: []].append(try Self.text(bytes)) }
        for (name, upload) in reader.uploads { files.add(upload, as: name) }
    }
}

/// Gathers parts: fields in memory, files on disk.
private struct PartReader {
    var fields: [(String, [UInt8])] = []
    var uploads: [(String, Upload)] = []
    private var name = ""
    private var isFile = false
    private var content: [UInt8] = []
    private var fieldBytes = 0
    private var handle: FileHandle?
    private var url = URL(fileURLWithPath: "/")
    private var size = 0

    mutating func take(_ event: MultipartParser.Event) throws {
        switch event {
        case .part(let name, let fileName):
            self.name = name
            isFile = fileName != nil
            content = []
            size = 0
        case .content(let bytes):
            size += bytes.count
            if isFile {
                guard size <= FormLimits.file else { throw FormLimits.tooLarge }
                try write(bytes)
            } else {
                fieldBytes += bytes.count
                guard size <= FormLimits.field, fieldBytes <= FormLimits.fields else { throw FormLimits.tooLarge }
                content += bytes
            }
        case .partEnd:
            if isFile {
                try handle?.close()
                if handle != nil { uploads.append((name, Upload(url: url, size: size))) }
                handle = nil
            } else {
                fields.append((name, content))
            }
        }
    }

    private mutating func write(_ bytes: [UInt8]) throws {
        do {
            if handle == nil {
                url = FileManager.default.temporaryDirectory.appendingPathComponent("balai-\(UUID().uuidString)")
                guard FileManager.default.createFile(atPath: url.path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
                    throw Problem.unavailable(cause: nil)
                }
                handle = try FileHandle(forWritingTo: url)
            }
            try handle?.write(contentsOf: Data(bytes))
        } catch {
            try? FileManager.default.removeItem(at: url)
            throw Problem.unavailable(cause: error)
        }
    }
}
