// SPDX-License-Identifier: EUPL-1.2

import CZlib
import Essentials
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Compresses text for those who take gzip. Pages carry no secret beside text that others choose: form tokens are masked
/// anew each time (BREACH).
public struct CompressionMiddleware: RouterMiddleware {
    /// The context of any request.
    public typealias Context = VisitorContext

    /// Compresses nothing shorter: the header would cost as much.
    private static let threshold = 1024

    /// Compression.
    public init() {}

    /// Compresses the answer where it pays.
    public func handle(
        _ request: Request,
        context: VisitorContext,
        next: (Request, VisitorContext) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request, context)
        guard request.headers[.acceptEncoding]?.contains("gzip") == true, response.headers[.contentEncoding] == nil,
            let type = response.headers[.contentType], Self.isText(type),
            let length = response.body.contentLength, length >= Self.threshold, request.method != .head
        else { return response }
        let collector = Collector()
        try await response.body.write(collector)
        guard let compressed = GZip.compress(collector.bytes) else { return response }
        var answer = Response.bytes(compressed, type: type, status: response.status)
        for field in response.headers where field.name != .contentLength && field.name != .contentType { answer.headers.append(field) }
        answer.headers[.contentEncoding] = "gzip"
        if answer.headers[.vary] == nil { answer.headers[.vary] = "Accept-Encoding" }
        return answer
    }

    private static func isText(_ type: String) -> Bool {
        ["text/", "application/json", "application/problem+json", "application/atom+xml", "application/geo+json", "image/svg+xml"].contains(
            where: type.hasPrefix
        )
    }

    private final class Collector: ResponseBodyWriter {
        var bytes: [UInt8] = []
        func write(_ buffer: ByteBuffer) async throws { bytes += buffer.readableBytesView }
        func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }
}

/// The gzip format (RFC 1952), by zlib.
public enum GZip {
    /// Compresses; nil when zlib refuses.
    ///
    /// - Parameter level: 1 quickest to 9 smallest.
    public static func compress(_ bytes: [UInt8], level: Int32 = 5) -> [UInt8]? {
        var stream = z_stream()
        guard
            deflateInit2_(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
                == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
        let capacity = output.count
        let status = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target -> Int32 in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                return deflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END else { return nil }
        return Array(output.prefix(capacity - Int(stream.avail_out)))
    }
}
