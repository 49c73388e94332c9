// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import Hummingbird
import Logging
import NIOCore

/// A request by anyone: who is not known, and need not be.
public struct VisitorContext: RequestContext {
    /// Hummingbird's own part.
    public var coreContext: CoreRequestContextStorage
    /// The network of the peer, for limits only; never logged.
    public var peer: String
    /// The language to answer in.
    public var language = Language.indonesian
    /// A random name of the browser, in a cookie; ties forms to it. Empty where there is none yet.
    public var visitor = ""
    /// The session cookies that the request brought; forms are tied to them too.
    public var sessions = ""
    /// Whether the answer is to a form: what was typed, or is shown but once, is at no address.
    public var answersForm = false
    /// The path and query, for the links that change the language.
    public var path = "/"
    /// A name for this request, which an error page shows and the log knows.
    public let requestID = UUID().uuidString.lowercased()

    /// Notes a failure of ours, with its cause, under the name that the answer shows.
    public func logFailure(_ cause: (any Error)?, code: String) {
        logger.error(
            "request failed",
            metadata: ["request": "\(requestID)", "code": "\(code)", "cause": "\(cause.map { String(reflecting: $0) } ?? "-")"]
        )
    }

    /// A context for a request.
    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = Network.name(of: source.channel.remoteAddress?.ipAddress ?? "")
    }
}
