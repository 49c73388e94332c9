// SPDX-License-Identifier: EUPL-1.2

import CSodium
import Essentials
import Foundation
import Synchronization

/// Passwords, hashed with Argon2id (RFC 9106) at OWASP's setting: two passes over 19 MiB.
public struct Passwords: Sendable {
    private static let passes: UInt64 = 2
    private static let memory = 19 << 20

    /// Half of the processors: each hash takes 19 MiB and some 25 ms, and a flood of sign-ins must not take the city down.
    private let pool = WorkerPool(name: "balai.passwords", width: max(1, ProcessInfo.processInfo.activeProcessorCount / 2))
    private let queue = Queue()

    /// How many are waiting to be hashed, or are being.
    private final class Queue: Sendable {
        let length = Mutex(0)
    }

    /// Whether so many are waiting that only those should join them who have shown something first.
    var isPressed: Bool { queue.length.withLock { $0 >= 8 } }

    private func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        queue.length.withLock { $0 += 1 }
        defer { queue.length.withLock { $0 -= 1 } }
        return try await pool.run(body)
    }

    /// Opens libsodium.
    public init() {
        _ = sodium_init()
    }

    /// The hash of a password, with its salt and setting, as libsodium writes it.
    public func hash(_ password: String) async throws -> String {
        try await run {
            var output = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
            let status = crypto_pwhash_argon2id_str(&output, password, UInt64(password.utf8.count), Self.passes, Self.memory)
            guard status == 0 else { throw Problem.unavailable(cause: nil) }
            return String(decoding: output.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// Whether a password is the one that was hashed. Takes as long when there is no hash, so that nobody learns which
    /// accounts exist.
    public func verify(_ password: String, against hash: String?) async throws -> Bool {
        guard let hash else {
            _ = try await self.hash(password)
            return false
        }
        return try await run { crypto_pwhash_argon2id_str_verify(hash, password, UInt64(password.utf8.count)) == 0 }
    }

    /// What is wrong with a new password; nil when it will do (NIST SP 800-63B: length counts, not kinds of letters).
    public static func fault(in password: String) -> Text? {
        if password.count < 12 {
            return Text(
                id: "Kata sandi paling sedikit 12 huruf; kalimat pendek lebih mudah diingat",
                en: "A password needs at least 12 characters; a short sentence is easiest to remember"
            )
        }
        if password.utf8.count > 256 { return Text(id: "Kata sandi paling panjang 256 huruf", en: "A password has at most 256 characters") }
        if Set(password).count < 5 { return Text(id: "Kata sandi terlalu mudah ditebak", en: "This password is too easy to guess") }
        return nil
    }
}
