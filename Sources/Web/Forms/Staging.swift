// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import Synchronization

/// The place in the data folder where uploads lie until they are taken or refused.
///
/// A file has no name there: it is unlinked as soon as it is open, so that the system erases it when the request ends, however
/// that happens, a killed program included. All of them together have a bound, so that nobody fills the disk, and those of one
/// network a smaller one, so that nobody takes the room of all.
public final class Staging: Sendable {
    private let folder: String
    private let limit: Int
    private let used = Mutex<(all: Int, byNetwork: [String: Int])>((0, [:]))

    /// A place for uploads; what an older program left in it is removed.
    ///
    /// - Parameters:
    ///   - folder: made where it is missing, readable by nobody else.
    ///   - limit: bytes of all uploads at one moment.
    public init(folder: URL, limit: Int = FormLimits.staged) throws {
        self.folder = folder.path
        self.limit = limit
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        // The bare moment between being made and losing its name may have been a program's last.
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
        }
    }

    /// Bytes that lie here now.
    public var bytes: Int { used.withLock { $0.all } }

    /// A new, empty upload.
    ///
    /// - Parameter network: whence it comes.
    func open(from network: String) throws -> Upload {
        var path = Array("\(folder)/XXXXXX".utf8CString)
        // `mkstemp` makes the file for its owner alone (0600).
        let descriptor = mkstemp(&path)
        guard descriptor >= 0 else { throw Problem.unavailable(cause: POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)) }
        unlink(path)
        // What we start must not inherit somebody's photo.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return Upload(descriptor: descriptor, staging: self, network: network)
    }

    fileprivate func reserve(_ count: Int, for network: String) -> Bool {
        used.withLock { used in
            let own = used.byNetwork[network, default: 0] + count
            // Thousands of telephones share one address of their operator.
            guard used.all + count <= limit, own <= limit / 4 else { return false }
            used.all += count
            used.byNetwork[network] = own
            return true
        }
    }

    fileprivate func release(_ count: Int, of network: String) {
        used.withLock { used in
            used.all -= count
            let left = used.byNetwork[network, default: 0] - count
            used.byNetwork[network] = left > 0 ? left : nil
        }
    }
}

/// A file that was sent. It has no name on the disk and is gone with this value.
public final class Upload: Sendable {
    private let descriptor: Int32
    private let staging: Staging?
    private let network: String
    private let count = Mutex(0)
    private let refusal: Problem?

    fileprivate init(descriptor: Int32, staging: Staging, network: String) {
        self.descriptor = descriptor
        self.staging = staging
        self.network = network
        refusal = nil
    }

    /// One that could not be taken: too large, too slow, or there was no room.
    init(refusal: Problem) {
        descriptor = -1
        staging = nil
        network = ""
        self.refusal = refusal
    }

    deinit {
        guard let staging else { return }
        close(descriptor)
        staging.release(count.withLock { $0 }, of: network)
    }

    /// Its size in bytes.
    public var size: Int { count.withLock { $0 } }

    /// Adds to it; false where all uploads together have reached their bound.
    func append(_ bytes: [UInt8]) throws -> Bool {
        guard let staging, staging.reserve(bytes.count, for: network) else { return false }
        count.withLock { $0 += bytes.count }
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw Problem.unavailable(cause: POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)) }
            rest = rest.dropFirst(written)
        }
        return true
    }

    /// Its content.
    ///
    /// - Throws: a problem at its field where it could not be taken.
    public func content() throws -> [UInt8] {
        if let refusal { throw refusal }
        let size = size
        var failure: Int32?
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            while filled < size, failure == nil {
                let found = pread(descriptor, buffer.baseAddress?.advanced(by: filled), size - filled, off_t(filled))
                if found > 0 { filled += found } else if found == 0 || errno != EINTR { failure = errno }
            }
        }
        if let failure { throw Problem.unavailable(cause: POSIXError(POSIXErrorCode(rawValue: failure) ?? .EIO)) }
        return bytes
    }
}
