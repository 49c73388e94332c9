// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import Hummingbird

/// The names under which browsers keep our cookies, decided here and nowhere else.
///
/// Over `https` a cookie for the whole site is `__Host-…` and one for some of its paths `__Secure-…` (RFC 6265bis §4.1.3): the
/// first cannot be set by a sibling of the host, such as another office’s site that was broken into, nor by whoever answers in our
/// place without TLS. The second can be, so that it serves for nothing but the keys of single cases. What comes without its prefix is
/// not ours and is dropped before anybody reads it. Over plain `http`, in the
/// demo and on a developer’s machine, browsers do not take the prefixes, so the plain names serve.
public struct CookieMiddleware: RouterMiddleware {
    /// The context of any request.
    public typealias Context = VisitorContext

    /// What the names of cookies for some paths begin with.
    private static let ofPaths = ["kunci-", "pakai-"]
    private let isSecure: Bool

    /// - Parameter isSecure: whether the public origin is `https`.
    public init(isSecure: Bool) {
        self.isSecure = isSecure
    }

    /// Takes the prefixes off what comes in, and puts them on what goes out.
    public func handle(
        _ request: Request,
        context: VisitorContext,
        next: (Request, VisitorContext) async throws -> Response
    ) async throws -> Response {
        guard isSecure else { return try await next(request, context) }
        var head = request.head
        let own = request.headers[values: .cookie].flatMap { $0.split(separator: ";") }.compactMap { Self.plain(String($0)) }
        head.headerFields[.cookie] = own.isEmpty ? nil : own.joined(separator: "; ")
        var response = try await next(Request(head: head, body: request.body), context)
        let set = response.headers[values: .setCookie]
        if !set.isEmpty { response.headers[values: .setCookie] = set.map(Self.prefixed) }
        return response
    }

    private static func plain(_ pair: String) -> String? {
        let pair = pair.drop { $0 == " " }
        if pair.hasPrefix("__Host-") { return String(pair.dropFirst("__Host-".count)) }
        guard pair.hasPrefix("__Secure-") else { return nil }
        let name = String(pair.dropFirst("__Secure-".count))
        return ofPaths.contains(where: name.hasPrefix) ? name : nil
    }

    private static func prefixed(_ cookie: String) -> String {
        (cookie.contains("; Path=/;") ? "__Host-" : "__Secure-") + cookie + "; Secure"
    }
}
