// SPDX-License-Identifier: EUPL-1.2

import Foundation
import Hummingbird
import Synchronization

/// Which names each route asks of its requests: written to a file for the drill that gives every one of them every extreme.
///
/// Off unless `BALAI_RECORD_QUESTIONS` names a file, which only tests do; then a question costs one look at a nil. What is
/// written is names, never values, and no address shows it.
public final class Questions: Sendable {
    /// Where a name stands in a request.
    enum Place: String {
        case query, field, file, cookie
        /// The body as a whole: JSON, a picture, a document.
        case body
    }

    /// The record; nil in service.
    static let record = ProcessInfo.processInfo.environment["BALAI_RECORD_QUESTIONS"].flatMap { Questions(file: $0) }

    /// The route that is asking.
    @TaskLocal fileprivate static var route: String?

    private let file: String
    private let known = Mutex<Set<String>>([])

    private init?(file: String) {
        guard FileManager.default.createFile(atPath: file, contents: nil, attributes: [.posixPermissions: 0o600]) else { return nil }
        self.file = file
    }

    /// Notes that the route at work asks for a name.
    static func note(_ place: Place, _ name: String) {
        guard let record, let route else { return }
        record.write("\(route)\t\(place.rawValue)\t\(name)")
    }

    private func write(_ line: String) {
        let isNew = known.withLock { $0.insert(line).inserted }
        guard isNew, let handle = FileHandle(forWritingAtPath: file) else { return }
        defer { try? handle.close() }
        _ = try? handle.seekToEnd()
        try? handle.write(contentsOf: Data((line + "\n").utf8))
    }
}

/// Says which route is asking; part of the router only while questions are recorded.
public struct QuestionsMiddleware: RouterMiddleware {
    /// The context of any request.
    public typealias Context = VisitorContext

    /// The middleware; nil in service.
    public init?() {
        if Questions.record == nil { return nil }
    }

    /// Names the route to what it calls.
    public func handle(
        _ request: Request,
        context: VisitorContext,
        next: (Request, VisitorContext) async throws -> Response
    ) async throws -> Response {
        try await Questions.$route.withValue("\(request.method.rawValue)\t\(context.endpointPath ?? "-")") {
            try await next(request, context)
        }
    }
}
