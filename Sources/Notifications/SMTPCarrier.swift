// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import NIOCore
import NIOPosix
import NIOSSL

/// Hands mail to the city's own mail server (RFC 5321).
public struct SMTPCarrier: Carrier {
    /// How the line to the mail server is protected.
    public enum Security: String, Sendable, CaseIterable {
        /// Never: a relay on the same machine.
        case none
        /// Where the server offers STARTTLS, whoever's certificate it shows; in clear where that fails. Against listeners only.
        case opportunistic
        /// Always, whoever's certificate it shows; no mail goes out in clear.
        case required
        /// Always, with a certificate that is valid for the server's name.
        case verified
    }

    private let host: String
    private let port: Int
    private let sender: String
    private let security: Security

    /// A mail server.
    ///
    /// - Parameters:
    ///   - host: its name or address.
    ///   - port: 25 or 587.
    ///   - sender: the address that mail comes from.
    ///   - security: how the line is protected.
    public init(host: String, port: Int, sender: String, security: Security = .opportunistic) {
        self.host = host
        self.port = port
        self.sender = sender
        self.security = security
    }

    /// Sends one message; gives up after 30 seconds.
    public func deliver(_ message: Message, id: String) async throws {
        guard security == .opportunistic else { return try await deliver(message, id: id, security) }
        do {
            try await deliver(message, id: id, .opportunistic)
        } catch let failure as DeliveryFailure where failure.step == SMTPDialogue.handshake {
            // A relay whose TLS does not work still takes mail, and a reader on the line would have had it without TLS too.
            try await deliver(message, id: id, .none)
        }
    }

    private func deliver(_ message: Message, id: String, _ security: Security) async throws {
        let client = SMTPDialogue(host: host, port: port)
        do {
            try await client.open()
            try await client.command("EHLO balai", expect: 250, as: "EHLO")
            if security != .none, client.offersStartTLS {
                try await client.secure(isVerified: security == .verified)
                try await client.command("EHLO balai", expect: 250, as: SMTPDialogue.handshake)
            } else if security == .required || security == .verified {
                throw DeliveryFailure(step: SMTPDialogue.handshake, cause: "the mail server offers no STARTTLS, and --smtp-tls asks for it")
            }
            try await client.command("MAIL FROM:<\(sender)>", expect: 250, as: "MAIL FROM")
            try await client.command("RCPT TO:<\(Self.address(message.recipient))>", expect: 250, as: "RCPT TO")
            try await client.command("DATA", expect: 354, as: "DATA")
            try await client.command(Self.content(message, id: id, sender: sender) + "\r\n.", expect: 250, as: "the message")
            try? await client.command("QUIT", expect: 221, as: "QUIT")
            await client.close()
        } catch {
            await client.close()
            throw error
        }
    }

    /// An address without anything that could end the command and begin another.
    static func address(_ text: String) -> String { text.filter { !$0.isNewline && $0 != "<" && $0 != ">" && $0 != "\0" } }

    /// The message as it travels: headers encoded (RFC 2047), body base64, so no line is too long and none is a dot.
    static func content(_ message: Message, id: String, sender: String) -> String {
        let subject = "=?utf-8?B?\(Array(message.subject.utf8).base64)?="
        let body = Data(message.body.utf8).base64EncodedString(options: [
            .lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed,
        ])
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
        let domain = sender.split(separator: "@").last ?? "balai"
        return [
            "From: <\(sender)>", "To: <\(address(message.recipient))>", "Subject: \(subject)", "Date: \(formatter.string(from: Date()))",
            "Message-ID: <\(id)@\(domain)>", "Auto-Submitted: auto-generated", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64", "", body,
        ].joined(separator: "\r\n")
    }
}

/// One conversation with a mail server. Whatever fails in it says at which step, and never to whom the mail was.
private final class SMTPDialogue {
    static let handshake = "STARTTLS"

    private let host: String
    private let port: Int
    private var channel: (any Channel)?
    private var replies: AsyncThrowingStream<String, any Error>.Iterator?
    private(set) var offersStartTLS = false

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    func open() async throws {
        try await step("connect") {
            let (stream, continuation) = AsyncThrowingStream<String, any Error>.makeStream()
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(.seconds(10))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(ReplyHandler(continuation))
                    }
                }
                .connect(host: host, port: port).get()
            // A server that says nothing for 30 seconds has gone.
            channel.eventLoop.scheduleTask(in: .seconds(30)) { channel.close(promise: nil) }
            self.channel = channel
            replies = stream.makeAsyncIterator()
            try await reply(expect: 220, to: "connect")
        }
    }

    func command(_ line: String, expect code: Int, as name: String) async throws {
        try await step(name) {
            try await channel?.writeAndFlush(ByteBuffer(string: line + "\r\n"))
            try await reply(expect: code, to: name)
        }
    }

    /// Goes over to TLS; the first command after it finds out whether that worked.
    func secure(isVerified: Bool) async throws {
        try await command("STARTTLS", expect: 220, as: Self.handshake)
        guard let channel else { return }
        try await step(Self.handshake) {
            var configuration = TLSConfiguration.makeClientConfiguration()
            if !isVerified { configuration.certificateVerification = .none }
            let context = try NIOSSLContext(configuration: configuration)
            let host = host
            try await channel.eventLoop.submit {
                let isAddress = host.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x3A }
                try channel.pipeline.syncOperations.addHandler(
                    NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host),
                    position: .first
                )
            }.get()
        }
    }

    func close() async { try? await channel?.close() }

    private func step(_ name: String, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let failure as DeliveryFailure {
            throw failure
        } catch {
            throw DeliveryFailure(step: name, cause: String(describing: error))
        }
    }

    private func reply(expect code: Int, to name: String) async throws {
        while let line = try await replies?.next() {
            if line.dropFirst(4).uppercased() == "STARTTLS" { offersStartTLS = true }
            guard line.count >= 4, line[line.index(line.startIndex, offsetBy: 3)] != "-" else {
                if line.count == 3 { return try check(line, code, name) } else { continue }
            }
            return try check(line, code, name)
        }
        throw DeliveryFailure(step: name, cause: "the mail server closed the connection")
    }

    private func check(_ line: String, _ code: Int, _ name: String) throws {
        // The words of the reply may name the recipient; the number says enough.
        let found = Int(outside: line.prefix(3), in: 100...999) ?? 0
        guard found == code else { throw DeliveryFailure(step: name, cause: "the mail server answered \(found)") }
    }
}

/// Cuts what arrives into lines.
private final class ReplyHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let continuation: AsyncThrowingStream<String, any Error>.Continuation
    private var line: [UInt8] = []

    init(_ continuation: AsyncThrowingStream<String, any Error>.Continuation) { self.continuation = continuation }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        for byte in unwrapInboundIn(data).readableBytesView {
            if byte == UInt8(ascii: "\n") {
                continuation.yield(String(decoding: line, as: UTF8.self))
                line = []
            } else if byte != UInt8(ascii: "\r"), line.count < 2048 {
                line.append(byte)
            }
        }
    }

    func channelInactive(context: ChannelHandlerContext) { continuation.finish() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        continuation.finish(throwing: error)
        context.close(promise: nil)
    }
}
