// SPDX-License-Identifier: EUPL-1.2

import Essentials
import HTTPTypes
import Hummingbird
import Logging

/// Turns errors into answers: a page for people, RFC 9457 for programs. The only place that does.
public struct ProblemMiddleware: RouterMiddleware {
    /// The context of any request.
    public typealias Context = VisitorContext

    private let origin: String
    private let page: @Sendable (Problem, VisitorContext) -> Response

    /// - Parameters:
    ///   - origin: the public origin.
    ///   - page: renders a problem as a page.
    public init(origin: String, page: @escaping @Sendable (Problem, VisitorContext) -> Response) {
        self.origin = origin
        self.page = page
    }

    /// Answers errors of what comes after.
    public func handle(
        _ request: Request,
        context: VisitorContext,
        next: (Request, VisitorContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch  where error is CancellationError || Task.isCancelled {
            // Whoever asked has gone: nobody reads this answer, and nothing of ours has failed.
            return Response(status: .clientGone)
        } catch {
            let problem = Self.isUnknownMethod(request) ? Self.methodNotAllowed : Self.problem(error)
            if problem.status == .fault || problem.status == .unavailable {
                context.logFailure(problem.cause, code: problem.code)
            }
            let allowed = Self.isUnknownMethod(request) ? "GET, HEAD, POST" : "POST"
            if Self.wantsDetails(request) {
                var response = problem.details(origin: origin, instance: context.requestID, language: context.language)
                if problem.status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
                if problem.status == .methodNotAllowed { response.headers[.allow] = allowed }
                return response
            }
            var response = page(problem, context)
            if let retryAfter = problem.retryAfter { response.headers[.retryAfter] = String(retryAfter) }
            response.headers[.cacheControl] = "no-store"
            if problem.status == .methodNotAllowed { response.headers[.allow] = allowed }
            return response
        }
    }

    /// No address takes any other method.
    private static func isUnknownMethod(_ request: Request) -> Bool { ![.get, .head, .post].contains(request.method) }

    private static let methodNotAllowed = Problem(
        "method-not-allowed",
        .methodNotAllowed,
        Text(id: "Cara ini tidak dikenal alamat ini", en: "This address does not know that method")
    )

    /// Whether a program asks, for which a problem is described as RFC 9457 says.
    static func wantsDetails(_ request: Request) -> Bool {
        if ["/api/", "/auth/", "/ledger/"].contains(where: request.uri.path.hasPrefix) { return true }
        // Only programs bring a key.
        if request.headers[.authorization] != nil { return true }
        let accept = request.headers[.accept] ?? ""
        return accept.contains("json") && !accept.contains("text/html")
    }

    private static func problem(_ error: any Error) -> Problem {
        if let problem = error as? Problem { return problem }
        if let error = error as? any HTTPResponseError {
            switch error.status.code {
            case 404: return .notFound
            case 405:
                return Problem(
                    "method-not-allowed",
                    .methodNotAllowed,
                    Text(id: "Cara ini tidak dikenal alamat ini", en: "This address does not know that method")
                )
            case 408:
                return Problem(
                    "timeout",
                    .timeout,
                    Text(id: "Terlalu lama menunggu kiriman Anda", en: "Your request took too long to arrive")
                )
            case 413: return FormLimits.tooLarge
            case 415:
                return Problem(
                    "unsupported-type",
                    .unsupportedType,
                    Text(id: "Jenis isi ini tidak diterima", en: "This kind of content is not taken")
                )
            case 400..<500:
                return Problem("bad-request", .badRequest, Text(id: "Permintaan tidak bisa dibaca", en: "The request cannot be read"))
            default: break
            }
        }
        return Problem(
            "fault",
            .fault,
            Text(id: "Ada kesalahan pada sistem kami", en: "Something is wrong on our side"),
            remedy: Text(
                id: "Bukan salah Anda, dan sudah tercatat. Coba lagi, atau hubungi kami lewat telepon.",
                en: "It is not your fault, and has been noted. Try again, or call us."
            ),
            cause: error
        )
    }
}
