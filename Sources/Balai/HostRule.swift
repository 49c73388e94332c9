// SPDX-License-Identifier: EUPL-1.2

import NIOCore
import NIOHTTP1

/// Refuses a request of HTTP/1.1 without `Host`, with two, or with one that is no host (RFC 9112 §3.2): programs in front of us
/// and we could otherwise disagree about whom a request is for.
final class HostRule: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    private var isRefusing = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data), !Self.isAllowed(head) {
            isRefusing = true
            // As a request that cannot be parsed: it is answered by 400, and the connection is closed.
            context.fireErrorCaught(HTTPParserError.invalidHeaderToken)
        }
        if !isRefusing { context.fireChannelRead(data) }
    }

    static func isAllowed(_ head: HTTPRequestHead) -> Bool {
        let hosts = head.headers["host"]
        if hosts.isEmpty { return head.version == .http1_0 || head.version == .http0_9 }
        return hosts.count == 1 && isHost(hosts[0])
    }

    /// A name, an IPv4 address or an IPv6 address in brackets, with or without a port (RFC 3986 §3.2.2).
    private static func isHost(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let isNumeric = bytes.first == UInt8(ascii: "[")
        guard let end = isNumeric ? bytes.firstIndex(of: UInt8(ascii: "]")) : (bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex)
        else { return false }
        let name = isNumeric ? bytes[1..<end] : bytes[..<end]
        let port = isNumeric ? bytes[(end + 1)...] : bytes[end...]
        let isName = name.allSatisfy { byte in
            isNumeric ? isHex(byte) || byte == 0x3A || byte == 0x2E : isLetterOrDigit(byte) || marks.contains(byte)
        }
        return !name.isEmpty && isName && (port.isEmpty || port.first == 0x3A && port.dropFirst().allSatisfy { (0x30...0x39).contains($0) })
    }

    private static let marks = Set("-._~%!$&'()*+,;=".utf8)
    private static func isHex(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte & 0xDF) }
    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
    }

    /// Puts the rule in its place, behind the decoder of HTTP/1.1; streams of HTTP/2 have none.
    final class Installer: ChannelInboundHandler, RemovableChannelHandler {
        typealias InboundIn = Any

        func handlerAdded(context: ChannelHandlerContext) {
            let pipeline = context.pipeline.syncOperations
            guard let decoder = try? pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self) else { return }
            do {
                try pipeline.addHandler(HostRule(), position: .after(decoder))
            } catch {
                context.close(promise: nil)
            }
        }
    }
}
