// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Hummingbird
import NIOCore

/// A body that has to make progress. A telephone on a slow line gets through as long as its bytes keep coming; whoever trickles
/// to hold a handler is cut off. One that says nothing at all is cut off by the channel, which closes after 30 seconds of silence.
public struct PacedBody<Base: AsyncSequence & Sendable>: AsyncSequence, Sendable where Base.Element == ByteBuffer {
    /// A piece of the body.
    public typealias Element = ByteBuffer

    /// Seconds in which the floor has to be reached.
    static var window: Duration { .seconds(30) }
    /// Bytes in each window: one kilobyte a second, a fifth of the slowest mobile line.
    static var floor: Int { 30_000 }
    /// Bytes a second over the whole, past the first ten minutes: a photo of 12 MB may take an hour and three quarters.
    static var rate: Int { 2000 }
    static var grace: Duration { .seconds(600) }

    private let base: Base
    private let now: @Sendable () -> ContinuousClock.Instant

    /// A body over another.
    ///
    /// - Parameter now: the time that passes.
    public init(_ base: Base, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.base = base
        self.now = now
    }

    /// Reads the body.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private var iterator: Base.AsyncIterator
        private let now: @Sendable () -> ContinuousClock.Instant
        private let start: ContinuousClock.Instant
        private var windowStart: ContinuousClock.Instant
        private var windowBytes = 0
        private var total = 0

        init(_ iterator: Base.AsyncIterator, now: @escaping @Sendable () -> ContinuousClock.Instant) {
            self.iterator = iterator
            self.now = now
            start = now()
            windowStart = start
        }

        /// The next piece.
        ///
        /// - Throws: a problem of status 408 where the line is too slow, 400 where it was cut.
        public mutating func next() async throws -> ByteBuffer? {
            let buffer: ByteBuffer?
            do {
                buffer = try await iterator.next()
            } catch  where error is CancellationError || error is Problem {
                throw error
            } catch {
                throw Problem(
                    "request.broken",
                    .badRequest,
                    Text(id: "Kiriman rusak atau terputus di jalan", en: "The request is malformed or was cut off")
                )
            }
            if let buffer { try count(buffer.readableBytes) }
            return buffer
        }

        private mutating func count(_ bytes: Int) throws {
            total += bytes
            windowBytes += bytes
            let now = now()
            var isTooSlow = now - start > PacedBody.grace + .seconds(total / PacedBody.rate)
            if now - windowStart >= PacedBody.window {
                isTooSlow = isTooSlow || windowBytes < PacedBody.floor
                windowStart = now
                windowBytes = 0
            }
            guard isTooSlow else { return }
            throw Problem(
                "timeout",
                .timeout,
                Text(id: "Terlalu lama menunggu kiriman Anda", en: "Your request took too long to arrive"),
                remedy: Text(
                    id:
                        "Sambungan Anda terlalu lambat saat ini. Kembali ke halaman sebelumnya dan coba lagi di tempat yang sinyalnya lebih baik.",
                    en: "Your connection is too slow just now. Go back to the previous page and try again where the signal is better."
                )
            )
        }
    }

    /// Begins to read.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base.makeAsyncIterator(), now: now) }
}
