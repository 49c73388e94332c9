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
        var response = try await next(request, context)
        guard let type = response.headers[.contentType], Self.isText(type), response.headers[.contentEncoding] == nil,
            response.body.contentLength.map({ $0 >= Self.threshold }) ?? true
        else { return response }
        if response.headers[.vary] == nil { response.headers[.vary] = "Accept-Encoding" }
        guard request.headers[.acceptEncoding]?.contains("gzip") == true, request.method != .head else { return response }
        if response.body.contentLength == nil {
            let body = response.body
            response.body = ResponseBody { writer in
                try await body.write(CompressingWriter(target: writer, deflater: Deflater()))
            }
            response.headers[.contentLength] = nil
        } else {
            let collector = Collector()
            try await response.body.write(collector)
            guard let compressed = GZip.compress(collector.bytes) else { return response }
            response.body = ResponseBody(byteBuffer: ByteBuffer(bytes: compressed))
            response.headers[.contentLength] = String(compressed.count)
        }
        response.headers[.contentEncoding] = "gzip"
        // Other bytes than those that the tag was made of, though they mean the same (RFC 9110 §8.8.1).
        if let tag = response.headers[.eTag], !tag.hasPrefix("W/") { response.headers[.eTag] = "W/\(tag)" }
        return response
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

    /// Compresses a body as it is written, in the memory of one window.
    private struct CompressingWriter: ResponseBodyWriter {
        var target: any ResponseBodyWriter
        let deflater: Deflater

        mutating func write(_ buffer: ByteBuffer) async throws {
            let bytes = try deflater.add(Array(buffer.readableBytesView), isLast: false)
            if !bytes.isEmpty { try await target.write(ByteBuffer(bytes: bytes)) }
        }

        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
            try await target.write(ByteBuffer(bytes: deflater.add([], isLast: true)))
            try await target.finish(trailingHeaders)
        }
    }
}

/// A gzip stream that is written piece by piece.
private final class Deflater {
    /// zlib had no memory, or was given a broken stream.
    struct Fault: Error {
        let status: Int32
    }

    private var stream = z_stream()
    private let status: Int32

    init() {
        status = deflateInit2_(&stream, 5, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    }

    deinit { deflateEnd(&stream) }

    /// What becomes ready by more bytes.
    func add(_ bytes: [UInt8], isLast: Bool) throws -> [UInt8] {
        guard status == Z_OK else { throw Fault(status: status) }
        var input = bytes
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 32 << 10)
        let size = chunk.count
        try input.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            repeat {
                let status = chunk.withUnsafeMutableBufferPointer { target in
                    stream.next_out = target.baseAddress
                    stream.avail_out = UInt32(size)
                    return deflate(&stream, isLast ? Z_FINISH : Z_NO_FLUSH)
                }
                // “Nothing to do” (Z_BUF_ERROR) is no fault.
                guard status != Z_STREAM_ERROR else { throw Fault(status: status) }
                result += chunk.prefix(size - Int(stream.avail_out))
            } while stream.avail_out == 0
        }
        return result
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
