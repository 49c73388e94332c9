// SPDX-License-Identifier: EUPL-1.2

import Essentials
import HTTPTypes
import Hummingbird
import Markup

/// Leads whoever asks for the address of an act, by the other language, a reload or a bookmark, to the page on which its form
/// stands: the nearest address above that has a page. To be added after the routes, so that it sees only what none of them answers.
public struct FormAddressMiddleware: RouterMiddleware {
    /// The context of any request.
    public typealias Context = VisitorContext

    private let acts: [RouterPath]
    private let pages: [RouterPath]
    private let elsewhere: [String: Link]

    /// - Parameters:
    ///   - routes: every route there is.
    ///   - elsewhere: pages of forms that stand on no page above their address, by this address.
    public init(routes: [Router<VisitorContext>.RouteDescription], elsewhere: [String: Link]) {
        acts = routes.filter { $0.method == .post }.map(\.path)
        pages = routes.filter { $0.method == .get }.map(\.path)
        self.elsewhere = elsewhere
    }

    /// Answers a GET of what only takes a POST.
    public func handle(
        _ request: Request,
        context: VisitorContext,
        next: (Request, VisitorContext) async throws -> Response
    ) async throws -> Response {
        var segments = request.uri.path.split(separator: "/")
        guard [.get, .head].contains(request.method), acts.contains(where: { Self.fits($0, segments) }) else {
            return try await next(request, context)
        }
        // A program follows no form.
        if ProblemMiddleware.wantsDetails(request) { throw HTTPError(.methodNotAllowed) }
        if let page = elsewhere["/" + segments.joined(separator: "/")] { return .seeOther(page) }
        repeat { segments.removeLast() } while !segments.isEmpty && !pages.contains { Self.fits($0, segments) }
        return .seeOther(.path("/" + segments.joined(separator: "/")))
    }

    private static func fits(_ path: RouterPath, _ segments: [Substring]) -> Bool {
        path.count == segments.count && zip(path, segments).allSatisfy { $0 ~= $1 }
    }
}
