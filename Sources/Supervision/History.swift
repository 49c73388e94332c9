// SPDX-License-Identifier: EUPL-1.2

import Foundation

/// What earlier runs ended by: the parent keeps it, and tells the next child.
public struct History: Codable, Sendable {
    /// How often a route ended a run.
    public struct Restart: Codable, Sendable {
        /// The method; `-` where it is not known which request it was.
        public var method: String
        /// The pattern of the address; `-` where it is not known.
        public var route: String
        /// How often.
        public var count: Int
    }

    /// Seconds for which a request that ended a run is refused.
    public static let pause: Double = 60

    /// Every end of a run since the parent began, by route.
    public private(set) var restarts: [Restart] = []
    /// A request that is not answered for a while.
    public struct Refusal: Codable, Sendable {
        /// What it is known by.
        public var digest: UInt64
        /// Of how many bytes of its body the digest is.
        public var length: Int
        /// Until when, in seconds since 1970.
        public var until: Double
    }

    /// Requests that are not answered for a while.
    public private(set) var refused: [Refusal] = []
    /// Requests that were under way when a run ended, among others, and when.
    private var suspects: [UInt64: Double] = [:]

    /// No run has ended yet.
    public init() {}

    /// Notes the end of a run.
    ///
    /// - Parameters:
    ///   - culprit: the request in whose task the fault happened, where that is known.
    ///   - underWay: all that were being answered.
    ///   - now: seconds since 1970.
    /// - Returns: the request that is held to be the cause; nil where it could be several.
    mutating func note(culprit: FlightTable.Request?, underWay: [FlightTable.Request], now: Double) -> FlightTable.Request? {
        refused.removeAll { $0.until <= now }
        suspects = suspects.filter { $0.value > now }
        // The one in whose task it happened; else the only one there was; else one that was there the last time too.
        let found = culprit ?? (underWay.count == 1 ? underWay.first : underWay.first { suspects[$0.digest] != nil })
        if let found {
            refused.append(Refusal(digest: found.digest, length: found.length, until: now + Self.pause))
        } else {
            for request in underWay { suspects[request.digest] = now + Self.pause }
        }
        let (method, route) = (found?.method ?? "-", found?.route ?? "-")
        if let index = restarts.firstIndex(where: { $0.method == method && $0.route == route }) {
            restarts[index].count += 1
        } else {
            restarts.append(Restart(method: method, route: route, count: 1))
        }
        return found
    }
}
