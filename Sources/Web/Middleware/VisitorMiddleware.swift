// SPDX-License-Identifier: EUPL-1.2

import Essentials
import HTTPTypes
import Hummingbird

/// Finds out in which language to answer and which browser asks, and gives the browser its cookie where it has none.
public struct VisitorMiddleware: RouterMiddleware {
    /// The context of any request.
    public typealias Context = VisitorContext

    private let token: FormToken

    /// - Parameter token: knows the names that browsers were given.
    public init(token: FormToken) {
        self.token = token
    }

    /// Fills the context in.
    public func handle(
        _ request: Request,
        context: VisitorContext,
        next: (Request, VisitorContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.path = request.uri.description
        context.answersForm = request.method == .post
        context.language = Self.language(of: request)
        let known = token.visitor(of: request)
        let needsForm = request.method == .get && known == nil
        context.visitor = known ?? (needsForm ? token.newVisitor() : "")
        context.sessions = FormToken.sessions(of: request)
        var response = try await next(request, context)
        let isPage = response.headers[.contentType]?.hasPrefix("text/html") == true
        // Only a page with a form needs the cookie; public pages without one stay the same for everybody.
        if needsForm, isPage, response.headers[.cacheControl]?.contains("no-store") ?? true {
            response = response.settingCookie("pengunjung", context.visitor, seconds: 180 * 86_400)
        }
        if isPage {
            response.headers[.contentLanguage] = context.language.rawValue
            response.headers[.vary] = "Cookie, Accept-Language, Accept-Encoding"
        }
        return response
    }

    private static func language(of request: Request) -> Language {
        if let chosen = request.query("bahasa").flatMap(Language.init) { return chosen }
        if let chosen = request.cookie("bahasa").flatMap(Language.init) { return chosen }
        let accepted = (request.headers[.acceptLanguage] ?? "").lowercased().split(separator: ",")
        let first = accepted.first { $0.hasPrefix("id") || $0.hasPrefix("in") || $0.hasPrefix("ms") || $0.hasPrefix("en") }
        return first?.hasPrefix("en") == true ? .english : .indonesian
    }
}
