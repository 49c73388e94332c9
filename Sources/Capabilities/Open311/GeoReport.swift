// SPDX-License-Identifier: EUPL-1.2

import Cases
import Complaints
import Definitions
import Essentials
import Foundation
import HTTPTypes
import Hummingbird
import Journal
import Web

/// Open311 GeoReport v2 over complaints: services, requests, tokens and the updates extension, in XML and JSON.
public struct GeoReport: Sendable {
    let complaints: Complaints
    let origin: String
    /// Keys of those who may write, by name.
    let clients: [(name: String, key: String)]

    var city: City { complaints.city }

    /// The standard over a city's complaints.
    public init(complaints: Complaints, origin: String) {
        let keys = ProcessInfo.processInfo.environment["BALAI_OPEN311_KEYS"] ?? ""
        self.init(complaints: complaints, origin: origin, keys: keys)
    }

    init(complaints: Complaints, origin: String, keys: String) {
        self.complaints = complaints
        self.origin = origin
        let pairs = keys.split(separator: ",").map { $0.split(separator: ":", maxSplits: 1) }
        clients = pairs.filter { $0.count == 2 }.map { (String($0[0]), String($0[1])) }
    }

    /// Every address of the standard; the suffix of each says the format.
    public func addRoutes(to router: Router<VisitorContext>) {
        let group = router.group("open311")
        group.get("discovery.json") { request, _ in answer(.json, discovery, for: request) }
        group.get("discovery.xml") { request, _ in answer(.xml, discovery, for: request) }
        group.get("v2/:list") { request, context in try await list(request, context) }
        group.post("v2/:list") { request, context in try await post(request, context) }
        group.get("v2/:list/:item") { request, context in try await item(request, context) }
    }

    /// The two formats.
    enum Format: String {
        case xml
        case json
    }

    /// A refusal in the standard's own form.
    struct Refusal: Error {
        let status: HTTPResponse.Status
        let description: String
        /// Seconds after which to try again.
        var retryAfter: Int?
    }

    private func list(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let (name, format) = try Self.split(context.parameters.get("list") ?? "")
        return try await refusing(format, context) {
            try checkJurisdiction(request.query("jurisdiction_id"))
            switch name {
            // Programs look for it beside the endpoint too.
            case "discovery": return answer(format, discovery, for: request)
            case "services": return answer(format, services(context.language), for: request)
            case "requests": return answer(format, try await requests(request), for: request)
            case "servicerequestupdates": return answer(format, try await updates(request), for: request)
            default: throw Refusal(status: .notFound, description: "There is no \(name)")
            }
        }
    }

    private func item(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let (id, format) = try Self.split(context.parameters.get("item") ?? "")
        return try await refusing(format, context) {
            try checkJurisdiction(request.query("jurisdiction_id"))
            switch context.parameters.get("list") {
            case "services": return answer(format, try definition(id, context.language), for: request)
            case "requests", "tokens":
                guard let docket = Docket(id)?.description, let complaint = try await complaints.find(docket),
                    complaint.isPublic || context.parameters.get("list") == "tokens"
                else {
                    throw Refusal(status: .notFound, description: "service_request_id \(id) is not known")
                }
                if context.parameters.get("list") == "tokens" {
                    let pair: Tree = .object("request", [("service_request_id", .text(docket)), ("token", .text(docket))])
                    return answer(format, .list("service_requests", [pair]), for: request)
                }
                return answer(format, .list("service_requests", [self.request(complaint)]), for: request)
            default: throw Refusal(status: .notFound, description: "Not known")
            }
        }
    }

    private func post(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let (name, format) = try Self.split(context.parameters.get("list") ?? "")
        return try await refusing(format, context) {
            let form = try await Form(request)
            try checkJurisdiction(form["jurisdiction_id"].isEmpty ? nil : form["jurisdiction_id"])
            switch name {
            case "requests": return respond(format, try await file(form), status: .ok)
            case "servicerequestupdates": return respond(format, try await takeUpdate(form), status: .ok)
            default: throw Refusal(status: .notFound, description: "There is no \(name)")
            }
        }
    }

    private func refusing(_ format: Format, _ context: VisitorContext, _ body: () async throws -> Response) async throws -> Response {
        do {
            return try await body()
        } catch let refusal as Refusal {
            return self.refusal(format, refusal)
        } catch let problem as Problem {
            let text = ([problem.title.en] + problem.fields.map { "\($0.name): \($0.message.en)" }).joined(separator: ". ")
            let status: HTTPResponse.Status = problem.status == .unacceptable ? .badRequest : problem.httpStatus
            if problem.status == .fault || problem.status == .unavailable { context.logFailure(problem.cause, code: problem.code) }
            return refusal(format, Refusal(status: status, description: text, retryAfter: problem.retryAfter))
        } catch  where error is CancellationError || Task.isCancelled {
            throw error
        } catch {
            context.logFailure(error, code: "fault")
            return refusal(format, Refusal(status: .internalServerError, description: "Something is wrong on our side"))
        }
    }

    private func refusal(_ format: Format, _ refusal: Refusal) -> Response {
        let tree: Tree = .list(
            "errors",
            [.object("error", [("code", .number(refusal.status.code)), ("description", .text(refusal.description))])]
        )
        var response = respond(format, tree, status: refusal.status)
        if let seconds = refusal.retryAfter { response.headers[.retryAfter] = String(seconds) }
        return response
    }

    private static func split(_ name: String) throws -> (String, Format) {
        guard let dot = name.lastIndex(of: "."), let format = Format(rawValue: String(name[name.index(after: dot)...])) else {
            throw Problem.notFound
        }
        return (String(name[..<dot]), format)
    }

    private func checkJurisdiction(_ jurisdiction: String?) throws {
        guard let jurisdiction, jurisdiction != city.code else { return }
        throw Refusal(status: .notFound, description: "jurisdiction_id \(jurisdiction) is not known; this is \(city.code)")
    }

    private func respond(_ format: Format, _ tree: Tree, status: HTTPResponse.Status) -> Response {
        switch format {
        case .json: .bytes(tree.json.canonical, type: "application/json; charset=utf-8", status: status)
        case .xml:
            .bytes(Array("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\(tree.xml)\n".utf8), type: "text/xml; charset=utf-8", status: status)
        }
    }

    private func answer(_ format: Format, _ tree: Tree, for request: Request) -> Response {
        let response = respond(format, tree, status: .ok)
        let bytes = format == .json ? tree.json.canonical : Array(tree.xml.utf8)
        return response.tagged(for: request, bytes)
    }

    private var discovery: Tree {
        .object(
            "discovery",
            [
                ("changeset", .text("2026-11-24T00:00:00+07:00")), ("contact", .text("\(city.name.id), \(city.contact.telephone)")),
                ("key_service", .text("\(city.contact.dataProtection), \(city.contact.telephone)")),
                (
                    "endpoints",
                    .list(
                        "endpoints",
                        [
                            .object(
                                "endpoint",
                                [
                                    ("specification", .text("http://wiki.open311.org/GeoReport_v2")),
                                    ("url", .text("\(origin)/open311/v2")),
                                    ("changeset", .text("2026-11-24T00:00:00+07:00")), ("type", .text("production")),
                                    ("formats", .list("formats", [.leaf("format", "text/xml"), .leaf("format", "application/json")])),
                                ]
                            )
                        ]
                    )
                ),
            ]
        )
    }
}
