// SPDX-License-Identifier: EUPL-1.2

import Crypto
import Essentials
import Foundation
import HTTPTypes
import Hummingbird
import Markup
import NIOCore

extension Response {
    /// A page.
    public static func html(_ html: HTML, status: HTTPResponse.Status = .ok) -> Response {
        bytes(html.bytes, type: "text/html; charset=utf-8", status: status)
    }

    /// A document.
    public static func bytes(_ bytes: [UInt8], type: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: type, .contentLength: String(bytes.count)],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    /// Text.
    public static func text(_ text: String, type: String = "text/plain; charset=utf-8", status: HTTPResponse.Status = .ok) -> Response {
        bytes(Array(text.utf8), type: type, status: status)
    }

    /// A JSON document.
    public static func json(_ json: JSON, type: String = "application/json; charset=utf-8", status: HTTPResponse.Status = .ok) -> Response {
        bytes(json.canonical, type: type, status: status)
    }

    /// “See there” after something was done (RFC 9110 §15.4.4), so that a reload does not do it again.
    public static func seeOther(_ link: Link) -> Response {
        Response(status: .seeOther, headers: [.location: link.address, .contentLength: "0"])
    }

    /// The same answer with a cookie that scripts cannot read and other sites cannot send; ``CookieMiddleware`` gives it its name.
    public func settingCookie(_ name: String, _ value: String, seconds: Int, path: String = "/") -> Response {
        var response = self
        let cookie = "\(name)=\(value); Path=\(path); Max-Age=\(seconds); HttpOnly; SameSite=Lax"
        response.headers.append(HTTPField(name: .setCookie, value: cookie))
        return response
    }

    /// The same answer with a tag of its content, or 304 when the client has it already.
    public func tagged(for request: Request, _ bytes: [UInt8], cache: String = "no-cache") -> Response {
        tagged(for: request, "\"\(Array(SHA256.hash(data: bytes).prefix(12)).base64URL)\"", cache: cache)
    }

    /// The same answer with a tag, or 304 when the client has it already.
    ///
    /// - Parameter tag: an entity tag in its quotes, weak or strong, that names what the answer is made of.
    public func tagged(for request: Request, _ tag: String, cache: String = "no-cache") -> Response {
        var response = request.holds(tag) ? Response(status: .notModified) : self
        response.headers[.eTag] = tag
        response.headers[.cacheControl] = cache
        response.headers[.vary] = headers[.vary]
        return response
    }
}

extension HTTPResponse.Status {
    /// The client went away before it was answered: for log and figures only, nobody receives it.
    static let clientGone = HTTPResponse.Status(code: 499, reasonPhrase: "Client Gone")
}

extension HTTPField.Name {
    /// How long a browser must use TLS.
    public static let strictTransport = HTTPField.Name("Strict-Transport-Security") ?? .date
    static let contentSecurity = HTTPField.Name("Content-Security-Policy") ?? .date
    static let contentOptions = HTTPField.Name("X-Content-Type-Options") ?? .date
    static let referrerPolicy = HTTPField.Name("Referrer-Policy") ?? .date
    static let permissionsPolicy = HTTPField.Name("Permissions-Policy") ?? .date
    static let openerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy") ?? .date
    static let resourcePolicy = HTTPField.Name("Cross-Origin-Resource-Policy") ?? .date
    static let fetchSite = HTTPField.Name("Sec-Fetch-Site") ?? .date
}

extension Request {
    /// Whether `If-None-Match` names a tag, compared weakly (RFC 9110 §13.1.2).
    public func holds(_ tag: String) -> Bool {
        let opaque = tag.hasPrefix("W/") ? tag.dropFirst(2) : tag[...]
        return headers[values: .ifNoneMatch].contains { list in
            list.split(separator: ",").contains { item in
                let known = item.trimmingCharacters(in: .whitespaces)
                return known == "*" || known == opaque || known == "W/\(opaque)"
            }
        }
    }

    /// The value of a cookie; nil where there is none.
    public func cookie(_ name: String) -> String? {
        Questions.note(.cookie, name)
        for header in headers[values: .cookie] {
            for pair in header.utf8.split(separator: UInt8(ascii: ";")) {
                let known = pair.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
                guard known.starts(with: name.utf8), known.dropFirst(name.utf8.count).first == UInt8(ascii: "=") else { continue }
                return String(known.dropFirst(name.utf8.count + 1))
            }
        }
        return nil
    }

    /// A parameter of the query as a form writes it, where `+` is a space; nil where it is missing, empty or malformed.
    ///
    /// Hummingbird's own reading keeps the `+`, with which browsers and gateways write every space.
    public func query(_ name: String) -> String? {
        Questions.note(.query, name)
        for pair in (uri.query ?? "").utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, (try? Form.decode(Array(parts[0])[...])) == name else { continue }
            let value = try? Form.decode(Array(parts[1])[...])
            return value?.isEmpty == true ? nil : value
        }
        return nil
    }
}

extension Problem {
    /// The problem as RFC 9457 describes it.
    ///
    /// - Parameters:
    ///   - origin: where the page of the problem's type is found.
    ///   - instance: the request.
    ///   - language: of title and details.
    public func details(origin: String, instance: String, language: Language) -> Response {
        var members: [String: JSON] = [
            "type": .string("\(origin)/masalah/\(code)"), "title": .string(title(language)), "status": JSON(status.rawValue),
            "instance": .string("urn:uuid:\(instance)"),
        ]
        if let remedy { members["detail"] = .string(remedy(language)) }
        if !fields.isEmpty {
            members["errors"] = .array(fields.map { ["pointer": .string("/\($0.name)"), "detail": .string($0.message(language))] })
        }
        var response = Response.json(.object(members), type: "application/problem+json", status: httpStatus)
        response.headers[.cacheControl] = "no-store"
        if let retryAfter { response.headers[.retryAfter] = String(retryAfter) }
        return response
    }

    /// The HTTP status.
    public var httpStatus: HTTPResponse.Status { HTTPResponse.Status(code: status.rawValue) }
}
