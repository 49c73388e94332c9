// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import NIOCore
import NIOPosix
import NIOSSL

/// Hands mail to the city's own mail server (RFC 5321), with STARTTLS where the server offers it.
public struct SMTPCarrier: Carrier {
    /// What the server answered instead of taking the message.
    struct Refusal: Error {
        let code: Int
    }

    private let host: String
    private let port: Int
    private let sender: String

    /// A mail server.
    ///
    /// - Parameters:
    ///   - host: its name or address.
    ///   - port: 25 or 587.
    ///   - sender: the address that mail comes from.
    public init(host: String, port: Int, sender: String) {
        self.host = host
        self.port = port
        self.sender = sender
    }

    /// Sends one message; gives up after 30 seconds.
    public func deliver(_ message: Message, id: String) async throws {
        let client = SMTPDialogue(host: host, port: port)
        try await client.open()
        do {
            try await client.command("EHLO balai", expect: 250)
            if client.offersStartTLS {
                try await client.command("STARTTLS", expect: 220)
                try await client.secure()
                try await client.command("EHLO balai", expect: 250)
            }
            try await client.command("MAIL FROM:<\(sender)>", expect: 250)
            try await client.command("RCPT TO:<\(Self.address(message.recipient))>", expect: 250)
            try await client.command("DATA", expect: 354)
            try await client.command(Self.content(message, id: id, sender: sender) + "\r\n.", expect: 250)
            try? await client.command("QUIT", expect: 221)
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

/// One conversation with a mail server.
private final class SMTPDialogue {
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
        try await reply(expect: 220)
    }

    func command(_ line: String, expect code: Int) async throws {
        guard let channel else { throw SMTPCarrier.Refusal(code: 0) }
        try await channel.writeAndFlush(ByteBuffer(string: line + "\r\n"))
        try await reply(expect: code)
    }

    func secure() async throws {
        guard let channel else { throw SMTPCarrier.Refusal(code: 0) }
        let context = try NIOSSLContext(configuration: .makeClientConfiguration())
        let host = host
        try await channel.eventLoop.submit {
            let isAddress = host.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x3A }
            try channel.pipeline.syncOperations.addHandler(
                NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host),
                position: .first
            )
        }.get()
    }

    func close() async { try? await channel?.close() }

    private func reply(expect code: Int) async throws {
        while let line = try await replies?.next() {
            if line.dropFirst(4).uppercased() == "STARTTLS" { offersStartTLS = true }
            guard line.count >= 4, line[line.index(line.startIndex, offsetBy: 3)] != "-" else {
                if line.count == 3 { return try check(line, code) } else { continue }
            }
            return try check(line, code)
        }
        throw SMTPCarrier.Refusal(code: 0)
    }

    private func check(_ line: String, _ code: Int) throws {
        let found = Int(outside: line.prefix(3), in: 100...999) ?? 0
        guard found == code else { throw SMTPCarrier.Refusal(code: found) }
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
