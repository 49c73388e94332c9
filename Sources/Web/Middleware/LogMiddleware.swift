// SPDX-License-Identifier: EUPL-1.2

import Hummingbird
import Logging
import Supervision
import Synchronization

/// Counts requests and writes one line for each: the route and not the path, so that no number, name or token is in it.
public struct LogMiddleware: RouterMiddleware {
    /// The context of any request.
    public typealias Context = VisitorContext

    private let meter: Meter

    /// Counts into a meter.
    public init(meter: Meter) {
        self.meter = meter
    }

    /// Logs and counts the request.
    public func handle(
        _ request: Request,
        context: VisitorContext,
        next: (Request, VisitorContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let duration = ContinuousClock.now - start
        let route = context.endpointPath ?? "-"
        meter.count(route: route, method: request.method.rawValue, status: response.status.code, duration: duration)
        context.logger.info(
            "request",
            metadata: [
                "request": "\(context.requestID)", "method": "\(request.method)", "route": "\(route)", "status": "\(response.status.code)",
                "ms": "\(Int(duration / .milliseconds(1)))",
            ]
        )
        return response
    }
}

/// Counters for `/metrics`, in Prometheus's text format 0.0.4.
public final class Meter: Sendable {
    private struct Key: Hashable {
        let route: String
        let method: String
        let status: Int
    }

    private struct Counts {
        var requests: [Key: Int] = [:]
        var seconds: [String: (sum: Double, count: Int)] = [:]
    }

    private let counts = Mutex(Counts())

    private let restarts: [History.Restart]

    /// No counts yet.
    ///
    /// - Parameter restarts: how often the program was started again, by the route that ended it.
    public init(restarts: [History.Restart] = []) { self.restarts = restarts }

    func count(route: String, method: String, status: Int, duration: Duration) {
        let seconds = duration / .seconds(1)
        counts.withLock { counts in
            counts.requests[Key(route: route, method: method, status: status), default: 0] += 1
            let old = counts.seconds[route] ?? (0, 0)
            counts.seconds[route] = (old.sum + seconds, old.count + 1)
        }
    }

    /// The counters as text, with gauges that the caller adds.
    public func text(gauges: [(name: String, help: String, value: Int)]) -> String {
        let counts = counts.withLock { $0 }
        func escape(_ text: String) -> String { text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") }
        var text = "# HELP balai_http_requests_total Requests by route, method and status.\n# TYPE balai_http_requests_total counter\n"
        for (key, count) in counts.requests.sorted(by: {
            ($0.key.route, $0.key.method, $0.key.status) < ($1.key.route, $1.key.method, $1.key.status)
        }) {
            text +=
                "balai_http_requests_total{route=\"\(escape(key.route))\",method=\"\(escape(key.method))\",status=\"\(key.status)\"} \(count)\n"
        }
        text +=
            "# HELP balai_http_request_duration_seconds Time from first to last byte.\n# TYPE balai_http_request_duration_seconds summary\n"
        for (route, value) in counts.seconds.sorted(by: { $0.key < $1.key }) {
            text += "balai_http_request_duration_seconds_sum{route=\"\(escape(route))\"} \(value.sum)\n"
            text += "balai_http_request_duration_seconds_count{route=\"\(escape(route))\"} \(value.count)\n"
        }
        text += "# HELP balai_restarts_total Restarts after a fault, by the route that ended the run; - where that is not known.\n"
        text += "# TYPE balai_restarts_total counter\n"
        for restart in restarts {
            text += "balai_restarts_total{route=\"\(escape(restart.route))\",method=\"\(escape(restart.method))\"} \(restart.count)\n"
        }
        for gauge in gauges { text += "# HELP \(gauge.name) \(gauge.help)\n# TYPE \(gauge.name) gauge\n\(gauge.name) \(gauge.value)\n" }
        return text
    }
}
