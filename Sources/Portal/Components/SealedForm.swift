// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import HTTPTypes
import Hummingbird
import Journal
import Markup
import Web

/// A form that somebody sent and has to prove something for first. It travels sealed in the page that asks for the proof, and is
/// sent with the answer to the same address, so that nothing that was typed is lost and nothing of it is kept in the city.
struct SealedForm {
    /// Bytes of a form that fit into a page.
    private static let limit = 150 << 10
    /// Bytes of one hidden field.
    private static let piece = 60 << 10
    /// Seconds for which it may be sent on.
    private static let lifetime: Int64 = 12 * 3600

    let sealed: String
    let path: String
    private let owner: String
    private let type: String
    private let body: [UInt8]
    private let until: Instant

    /// Reads the form of a request.
    ///
    /// - Parameter owner: who alone may send it on; empty where nobody is signed in any more.
    init(_ request: Request, owner: String, in portal: Portal) async throws {
        do {
            body = try await request.bytes(limit: Self.limit)
        } catch let problem as Problem where problem.code == "request.too-large" {
            throw Problem(
                "proof.first",
                .tooLarge,
                Text(id: "Tulis kode dulu, baru kirim berkas sebesar ini", en: "Write the code first, then send a file as large as this"),
                remedy: Text(
                    id: "Buka “Akun saya” di tab lain, tekan “Tulis kode”, lalu kembali ke sini dan kirim lagi.",
                    en: "Open “My account” in another tab, press “Write the code”, then come back and send again."
                )
            )
        }
        path = request.uri.path
        self.owner = owner
        type = request.headers[.contentType] ?? ""
        until = portal.now.adding(seconds: Self.lifetime)
        let content: JSON = [
            "body": .string(body.base64), "owner": .string(owner), "path": .string(path), "type": .string(type),
            "until": .integer(until.milliseconds),
        ]
        sealed = try portal.journal.vault.sealPassing(content.canonical).base64URL
    }

    /// Opens what a page brought back; nil where it is none of ours, of somebody else, for another address, or too old.
    init?(_ form: Form, for request: Request, owner: String, in portal: Portal) {
        sealed = form.all("tersimpan").joined()
        guard let bytes = [UInt8](base64URL: sealed), let opened = try? portal.journal.vault.openPassing(bytes),
            let json = try? JSON(parsing: opened), let body = json["body"]?.string.flatMap({ [UInt8](base64: $0) }),
            let until = json["until"]?.integer, let path = json["path"]?.string, path == request.uri.path,
            let keeper = json["owner"]?.string, keeper.isEmpty || keeper == owner
        else { return nil }
        self.path = path
        self.owner = keeper
        self.type = json["type"]?.string ?? ""
        self.body = body
        self.until = Instant(milliseconds: until)  // sound: nobody but we could have sealed it
        guard self.until > portal.now else { return nil }
    }

    /// The hidden fields that carry it.
    var fields: HTML {
        var rest = Substring(sealed)
        var fields: [HTML] = []
        while !rest.isEmpty {
            fields.append("<input type=\"hidden\" name=\"tersimpan\" value=\"\(String(rest.prefix(Self.piece)))\">")
            rest = rest.dropFirst(Self.piece)
        }
        return HTML(fields)
    }

    /// Where the page sends it.
    var address: Link { Link.path("\(path)?\(Self.mark)=1") }

    /// Where the page sends it to be shown in another language, with nothing proven yet.
    func address(in language: Language) -> Link { Link.path("\(path)?\(Self.mark)=1&bahasa=\(language.rawValue)") }

    /// Whether a request only chooses the language of the page that asks for the proof.
    static func choosesLanguage(_ request: Request) -> Bool { request.query("bahasa") != nil }

    /// What marks a request that carries a sealed form in the place of its own.
    static let mark = "bukti"

    /// Whether it has a file with it, which cannot be tied to another session.
    var isMultipart: Bool { type.lowercased().hasPrefix("multipart/") }

    /// The request as it was sent first.
    ///
    /// - Parameters:
    ///   - cookies: the cookies of whoever sends it now.
    ///   - token: a form token of theirs, in the place of the one that it was given with.
    func request(over request: Request, cookies: String? = nil, token: String? = nil) -> Request {
        var bytes = body
        if let token, !isMultipart {
            var pairs = body.split(separator: UInt8(ascii: "&")).filter { !$0.starts(with: Array("token=".utf8)) }
            pairs.append(Array("token=\(token)".utf8)[...])
            bytes = Array(pairs.joined(separator: [UInt8(ascii: "&")]))
        }
        return request.carrying(bytes, type: type, cookies: cookies)
    }

    /// The form in it, to look at its token.
    func form(over request: Request) async throws -> Form { try await Form(self.request(over: request)) }
}
