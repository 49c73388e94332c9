// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import Hummingbird

/// Answers HEAD as the router does, except where the body of a GET is sent as it is read: the router then says that it has no
/// bytes, which is wrong, while its length is not known yet (RFC 9110 §8.6).
public struct HeadResponder<Base: HTTPResponder>: HTTPResponder where Base.Context == VisitorContext {
    /// The context of any request.
    public typealias Context = VisitorContext

    private let base: Base

    /// What answers everything else.
    public init(_ base: Base) { self.base = base }

    /// Answers.
    public func respond(to request: Request, context: VisitorContext) async throws -> Response {
        var response = try await base.respond(to: request, context: context)
        guard request.method == .head, response.status == .ok, response.headers[.contentLength] == "0" else { return response }
        response.body = ResponseBody { try await $0.finish(nil) }
        return response
    }
}
