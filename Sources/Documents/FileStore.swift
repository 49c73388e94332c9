// SPDX-License-Identifier: EUPL-1.2

import Crypto
import Essentials
import Foundation
import Journal

/// Files of cases in a folder, each under the hash of what lies there: content sealed with its person's key.
public struct FileStore: Sendable {
    private let folder: URL

    /// Files in a folder.
    public init(folder: URL) {
        self.folder = folder
    }

    /// Stores content durably; the same name finds it again.
    ///
    /// - Returns: the name, the hash of the sealed bytes.
    public func store(_ content: [UInt8], key: PersonKey) throws -> String {
        let sealed = try key.seal(content, about: "file")
        let name = Array(SHA256.hash(data: sealed)).hex
        let target = url(name)
        try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        let temporary = target.appendingPathExtension("new")
        do {
            try Data(sealed).write(to: temporary)
            let handle = try FileHandle(forWritingTo: temporary)
            try handle.synchronize()
            try handle.close()
        } catch {
            try? FileManager.default.removeItem(at: temporary)
            throw Problem.unavailable(cause: error)
        }
        guard rename(temporary.path, target.path) == 0 else { throw Problem.unavailable(cause: nil) }
        return name
    }

    /// The content of a file; nil when it is gone or its key destroyed.
    public func content(_ name: String, key: PersonKey?) -> [UInt8]? {
        guard name.utf8.count == 64, [UInt8](hex: name) != nil, let key,
            let sealed = FileManager.default.contents(atPath: url(name).path)
        else { return nil }
        return try? key.open(Array(sealed), about: "file")
    }

    /// Takes a file away; nothing where it is gone already.
    public func remove(_ name: String) {
        guard name.utf8.count == 64, [UInt8](hex: name) != nil else { return }
        try? FileManager.default.removeItem(at: url(name))
    }

    private func url(_ name: String) -> URL { folder.appendingPathComponent(String(name.prefix(2))).appendingPathComponent(name) }
}
