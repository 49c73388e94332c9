// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import Glibc

/// Looks for viruses in what people send, by a ClamAV daemon (`clamd`, its INSTREAM command).
public struct VirusScanner: Sendable {
    /// Where the daemon listens.
    private enum Address: Sendable {
        case socket(path: String)
        case network(host: String, port: String)
    }

    private let address: Address
    private static let pool = WorkerPool(name: "balai.virus", width: 2)
    /// Seconds to wait for the daemon.
    private static let patience = 20
    private static let chunk = 64 << 10

    /// A scanner at an address: the path of a socket (`/run/clamav/clamd.ctl`), or `host:port`.
    public init(_ address: String) throws {
        if address.hasPrefix("/"), address.utf8.count < 107 {
            self.address = .socket(path: address)
            return
        }
        let parts = address.split(separator: ":")
        guard parts.count == 2, Int(outside: parts[1], in: 1...65_535) != nil else {
            throw Problem(
                "settings.clamd",
                .fault,
                Text(id: "BALAI_CLAMD bukan alamat", en: "BALAI_CLAMD is no address"),
                remedy: Text(id: "Tulis /run/clamav/clamd.ctl atau host:3310.", en: "Write /run/clamav/clamd.ctl or host:3310.")
            )
        }
        self.address = .network(host: String(parts[0]), port: String(parts[1]))
    }

    /// Makes sure that nothing is found in some bytes.
    ///
    /// - Parameter field: the field that a refusal names.
    /// - Throws: a problem that names what was found; another where the daemon cannot be asked, and then nothing is let through.
    public func requireClean(_ bytes: [UInt8], field: String) async throws {
        let answer: String
        do {
            let address = address
            answer = try await Self.pool.run { try Self.ask(address, bytes) }
        } catch {
            throw Self.notAsked(field, error)
        }
        if answer == "stream: OK" { return }
        guard answer.hasPrefix("stream: "), answer.hasSuffix(" FOUND") else { throw Self.notAsked(field, nil) }
        let name = String(answer.dropFirst("stream: ".count).dropLast(" FOUND".count).filter { $0.isASCII }.prefix(80))
        throw Problem(
            "file.virus",
            .unacceptable,
            Text(id: "Berkas ini berbahaya", en: "This file is dangerous"),
            fields: [
                Problem.Field(
                    field,
                    Text(
                        id: "Virus ditemukan di berkas ini (\(name)); tidak disimpan. Periksa ponsel Anda, lalu foto ulang",
                        en: "A virus was found in this file (\(name)); it was not kept. Check your phone, then take the photo again"
                    )
                )
            ]
        )
    }

    private static func notAsked(_ field: String, _ cause: (any Error)?) -> Problem {
        Problem(
            "file.not-scanned",
            .unavailable,
            Text(id: "Berkas belum bisa diperiksa dari virus", en: "The file could not be checked for viruses"),
            remedy: Text(
                id: "Isian Anda tersimpan. Kirim berkasnya lagi beberapa menit lagi.",
                en: "What you typed is kept. Send the file again in a few minutes."
            ),
            fields: [
                Problem.Field(
                    field,
                    Text(id: "Berkas ini belum disimpan; kirim lagi nanti", en: "This file was not kept yet; send it again later")
                )
            ],
            retryAfter: 60,
            cause: cause
        )
    }

    // MARK: The daemon

    private struct Unreachable: Error {}

    private static func ask(_ address: Address, _ bytes: [UInt8]) throws -> String {
        let descriptor = try connect(address)
        defer { close(descriptor) }
        try send(Array("zINSTREAM\0".utf8)[...], to: descriptor)
        for start in stride(from: 0, to: bytes.count, by: chunk) {
            let part = bytes[start..<min(start + chunk, bytes.count)]
            try send(length(part.count)[...], to: descriptor)
            try send(part, to: descriptor)
        }
        try send(length(0)[...], to: descriptor)
        return try receive(from: descriptor)
    }

    private static func length(_ count: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(count >> $0 & 255) } }

    private static func connect(_ address: Address) throws -> Int32 {
        switch address {
        case .socket(let path):
            var place = sockaddr_un()
            place.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &place.sun_path) { $0.copyBytes(from: path.utf8) }
            return try withUnsafePointer(to: &place) { pointer in
                try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    try connect(AF_UNIX, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
        case .network(let host, let port):
            var hints = addrinfo()
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
            var found: UnsafeMutablePointer<addrinfo>?
            guard getaddrinfo(host, port, &hints, &found) == 0, let first = found else { throw Unreachable() }
            defer { freeaddrinfo(found) }
            return try connect(first.pointee.ai_family, first.pointee.ai_addr, first.pointee.ai_addrlen)
        }
    }

    private static func connect(_ family: Int32, _ place: UnsafePointer<sockaddr>, _ size: socklen_t) throws -> Int32 {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Unreachable() }
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        guard Glibc.connect(descriptor, place, size) == 0 else {
            close(descriptor)
            throw Unreachable()
        }
        return descriptor
    }

    private static func send(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) throws {
        var rest = bytes
        while !rest.isEmpty {
            // A daemon that hangs up must not end the program by a signal.
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw Unreachable() }
            rest = rest.dropFirst(count)
        }
    }

    private static func receive(from descriptor: Int32) throws -> String {
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1024)
        while answer.count < 4096 {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count >= 0 else { throw Unreachable() }
            answer += buffer[0..<count]
            if count == 0 || answer.last == 0 { break }
        }
        guard !answer.isEmpty else { throw Unreachable() }
        return String(decoding: answer.prefix { $0 != 0 && $0 != 0x0A }, as: UTF8.self)
    }
}
