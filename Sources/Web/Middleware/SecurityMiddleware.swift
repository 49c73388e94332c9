// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import Hummingbird

/// Headers that keep browsers safe: nothing inline, nothing from elsewhere, no framing, no guessing of types.
public struct SecurityMiddleware: RouterMiddleware {
    /// The context of any request.
    public typealias Context = VisitorContext

    private let policy: String
    private let isSecure: Bool

    /// - Parameters:
    ///   - isSecure: whether the public origin is `https`.
    ///   - pictures: another origin that pictures may come from: the map's.
    public init(isSecure: Bool, pictures: String? = nil) {
        self.isSecure = isSecure
        policy = [
            "default-src 'none'", "script-src 'self'", "style-src 'self'",
            "img-src 'self' data: blob:\(pictures.map { " \($0)" } ?? "")", "connect-src 'self'", "font-src 'self'", "manifest-src 'self'",
            "worker-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
        ].joined(separator: "; ")
    }

    /// Adds the headers to every answer.
    public func handle(
        _ request: Request,
        context: VisitorContext,
        next: (Request, VisitorContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.contentSecurity] = policy
        response.headers[.contentOptions] = "nosniff"
        response.headers[.referrerPolicy] = "same-origin"
        response.headers[.permissionsPolicy] = "geolocation=(self), camera=(self), microphone=()"
        response.headers[.openerPolicy] = "same-origin"
        response.headers[.resourcePolicy] = "same-origin"
        if isSecure { response.headers[.strictTransport] = "max-age=31536000" }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }
}
