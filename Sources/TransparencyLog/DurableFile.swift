// SPDX-License-Identifier: EUPL-1.2

import Foundation

/// A file that after a power failure is there whole or not at all.
struct DurableFile {
    private let target: URL

    init(_ target: URL) { self.target = target }

    func write(_ bytes: [UInt8]) throws {
        let folder = target.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let temporary = folder.appendingPathComponent(".\(target.lastPathComponent).new")
        let descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else { throw fault() }
        let isWritten = bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let count = Foundation.write(descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
                if count <= 0 { return false }
                offset += count
            }
            return fsync(descriptor) == 0
        }
        Foundation.close(descriptor)
        guard isWritten, rename(temporary.path, target.path) == 0 else { throw fault() }
        let directory = open(folder.path, O_RDONLY)
        if directory >= 0 {
            fsync(directory)
            Foundation.close(directory)
        }
    }

    private func fault() -> LedgerFault { .malformed("cannot write \(target.path): \(String(cString: strerror(errno)))") }
}
