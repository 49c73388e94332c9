// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Bounds on what one address may ask, and on how slowly a request may arrive.
///
/// Generous on purpose: thousands of telephones share one address of their operator.
public struct LimitMiddleware: RouterMiddleware {
    /// The context of any request.
    public typealias Context = VisitorContext

    /// Bounds.
    public struct Limits: Sendable {
        /// Requests that change something, a minute and address; 0 for no bound.
        public var writes: Int
        /// Other requests, a minute and address; 0 for no bound.
        public var reads: Int

        /// Bounds.
        public init(writes: Int = 300, reads: Int = 6000) {
            self.writes = writes
            self.reads = reads
        }
    }

    private final class Counters: Sendable {
        let counts = Mutex<(minute: Int64, byName: [String: Int])>((0, [:]))
    }

    private let limits: Limits
    private let trustsProxy: Bool
    private let clock: Clock
    private let counters = Counters()

    /// - Parameters:
    ///   - limits: the bounds.
    ///   - trustsProxy: whether the peer is our own proxy, so that `X-Forwarded-For` tells the client's address.
    public init(limits: Limits, trustsProxy: Bool, clock: Clock) {
        self.limits = limits
        self.trustsProxy = trustsProxy
        self.clock = clock
    }

    /// Refuses what is too much.
    public func handle(
        _ request: Request,
        context: VisitorContext,
        next: (Request, VisitorContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if trustsProxy, let forwarded = HTTPField.Name("X-Forwarded-For").flatMap({ request.headers[$0] })?.split(separator: ",").last {
            context.peer = Network.name(of: forwarded.trimmingCharacters(in: .whitespaces))
        }
        let isWrite = request.method != .get && request.method != .head
        let limit = isWrite ? limits.writes : limits.reads
        if limit > 0 {
            let name = "\(isWrite ? "w" : "r")\(context.peer)"
            let minute = clock.now.milliseconds / 60_000
            let count = counters.counts.withLock { state in
                if state.minute != minute { state = (minute, [:]) }
                state.byName[name, default: 0] += 1
                return state.byName[name] ?? 0
            }
            if count > limit {
                throw Problem(
                    "too-many-requests",
                    .tooMany,
                    Text(id: "Terlalu banyak permintaan dari alamat ini", en: "Too many requests from this address"),
                    remedy: Text(id: "Tunggu satu menit, lalu coba lagi.", en: "Wait a minute, then try again."),
                    retryAfter: 60
                )
            }
        }
        // Only bodies can be slow: headers and silence are cut off by the channel.
        guard isWrite else { return try await next(request, context) }
        var request = request
        request.body = RequestBody(asyncSequence: PacedBody(request.body))
        return try await next(request, context)
    }
}
