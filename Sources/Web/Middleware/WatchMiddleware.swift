// SPDX-License-Identifier: EUPL-1.2

import CZlib
import Essentials
import HTTPTypes
import Hummingbird
import NIOCore
import Supervision

/// Notes each request for as long as it is answered, where the program's parent finds it if it ends the program, and refuses one
/// that did so less than a minute ago.
public struct WatchMiddleware: RouterMiddleware {
    /// The context of any request.
    public typealias Context = VisitorContext

    private let watch: Watch

    /// - Parameter watch: the parent's.
    public init(watch: Watch) {
        self.watch = watch
    }

    /// Notes the request.
    public func handle(
        _ request: Request,
        context: VisitorContext,
        next: (Request, VisitorContext) async throws -> Response
    ) async throws -> Response {
        let digest = Self.digest(request)
        // Where a body follows, another one may come to the same address: it is looked at as it is read.
        if Self.isWhole(request), watch.refuses(digest) { throw Self.refusal }
        let slot = watch.table.enter(method: request.method.rawValue, route: context.endpointPath ?? "-", digest: digest)
        defer { watch.table.leave(slot) }
        var request = request
        if request.method != .get, request.method != .head {
            request.body = RequestBody(asyncSequence: WatchedBody(base: request.body, watch: watch, slot: slot, digest: digest))
        }
        return try await FlightTable.$current.withValue(slot) { try await next(request, context) }
    }

    /// Whether method and target are all that there is of a request.
    private static func isWhole(_ request: Request) -> Bool {
        request.method == .get || request.method == .head || request.headers[.contentLength] == "0"
    }

    /// The same for the same method and target in every run (FNV-1a).
    private static func digest(_ request: Request) -> UInt64 {
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in request.method.rawValue.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
        for byte in request.uri.string.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return digest
    }

    static let refusal = Problem(
        "request.ended-the-city",
        .unavailable,
        Text(id: "Permintaan ini menghentikan sistem kami", en: "This request stopped our system"),
        remedy: Text(
            id:
                "Kesalahannya di sistem kami dan sudah tercatat; yang lain tetap berjalan. Coba lagi setelah satu menit, atau telepon kami.",
            en: "The fault is ours and has been noted; all else goes on. Try again in a minute, or call us."
        ),
        retryAfter: Int(History.pause)
    )
}

/// A body whose content belongs to what the request is known by.
private struct WatchedBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let base: RequestBody
    let watch: Watch
    let slot: Int32
    let digest: UInt64

    struct AsyncIterator: AsyncIteratorProtocol {
        var iterator: RequestBody.AsyncIterator
        let watch: Watch
        let slot: Int32
        let digest: UInt64
        var sum: UInt = 0
        var length = 0

        mutating func next() async throws -> ByteBuffer? {
            guard let buffer = try await iterator.next() else { return nil }
            try buffer.withUnsafeReadableBytes { bytes in
                // However the network cuts it this time, a body is looked at where it stood when it ended the city.
                let end = length + bytes.count
                let stops = watch.history.refused.map(\.length).filter { $0 > length && $0 < end }.sorted() + [end]
                var start = length
                for stop in stops {
                    let part = UnsafeRawBufferPointer(rebasing: bytes[(start - length)..<(stop - length)])
                    sum = crc32(sum, part.bindMemory(to: UInt8.self).baseAddress, UInt32(part.count))
                    if watch.refuses(known) { throw WatchMiddleware.refusal }
                    start = stop
                }
                length = end
            }
            watch.table.update(slot, digest: known, length: length)
            return buffer
        }

        private var known: UInt64 { (digest ^ UInt64(sum)) &* 0x100_0000_01B3 }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(iterator: base.makeAsyncIterator(), watch: watch, slot: slot, digest: digest)
    }
}
