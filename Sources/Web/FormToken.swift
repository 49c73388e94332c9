// SPDX-License-Identifier: EUPL-1.2

import Crypto
import Essentials
import Foundation
import HTTPTypes
import Hummingbird

/// The hidden token that ties a form to the browser it was given to and to whoever is signed in there, masked anew each time.
public struct FormToken: Sendable {
    private let key: SymmetricKey
    private let origin: String

    /// Tokens under a key.
    ///
    /// - Parameter origin: the public origin, from which our forms are sent.
    public init(key: SymmetricKey, origin: String = "") {
        self.key = key
        self.origin = origin
    }

    /// The cookies of whoever is signed in; a form belongs to them as much as to the browser.
    private static let sessions = ["sesi", "warga"]

    /// A token for the browser and the sessions of a request.
    public func issue(to context: VisitorContext) -> String { issue(to: context.visitor, sessions: context.sessions) }

    /// A token for a browser and its sessions, as ``sessions(of:)`` gives them.
    public func issue(to visitor: String, sessions: String) -> String {
        let mask = [UInt8].random(count: 16)
        return (mask + zip(mask, tag(visitor, sessions)).map { $0 ^ $1 }).base64URL
    }

    /// Whether a form was given to the browser and the sessions of a request, and is sent from one of our own pages.
    ///
    /// Browsers say where a form comes from (`Sec-Fetch-Site`, `Origin`): another site is refused, and so is a sibling of our host,
    /// which is as foreign. Old ones say nothing; for them the token decides alone.
    public func isGenuine(_ token: String?, for request: Request, visitor: String) -> Bool {
        guard isFromHere(request), !visitor.isEmpty, let bytes = token.flatMap({ [UInt8](base64URL: $0) }), bytes.count == 32
        else { return false }
        let sent = zip(bytes[0..<16], bytes[16..<32]).map { $0 ^ $1 }
        return constantTimeEqual(sent, tag(visitor, Self.sessions(of: request)))
    }

    /// Refuses a form that was not given to this browser, or comes from another site.
    public func check(_ token: String?, _ request: Request, visitor: String) throws {
        guard isGenuine(token, for: request, visitor: visitor) else {
            throw Problem(
                "form.foreign",
                .forbidden,
                Text(
                    id: "Formulir ini sudah lama terbuka, atau bukan dari halaman kami",
                    en: "This form has been open for long, or is not from our page"
                ),
                remedy: Text(
                    id:
                        "Muat ulang halamannya dan kirim lagi; isian Anda masih ada di halaman sebelumnya. Kalau tetap begini, izinkan cookie untuk situs ini.",
                    en:
                        "Reload the page and send again; what you typed is still on the previous page. If it stays like this, allow cookies for this site."
                )
            )
        }
    }

    private func isFromHere(_ request: Request) -> Bool {
        if let site = request.headers[.fetchSite], site != "same-origin", site != "none" { return false }
        guard let from = request.headers[.origin] else { return true }
        // The city may be met under more than one name, such as localhost and 127.0.0.1: what counts is the name that was asked.
        return from == origin || request.head.authority.map { from == "http://\($0)" || from == "https://\($0)" } ?? false
    }

    /// The session cookies that a request brings. Reports need no account, and telephones keep their form over a change of session:
    /// theirs are tied to the browser alone.
    public static func sessions(of request: Request) -> String {
        if request.uri.path.hasPrefix("/lapor") { return "" }
        return sessions.map { request.cookie($0) ?? "" }.joined(separator: " ")
    }

    private func tag(_ visitor: String, _ sessions: String) -> [UInt8] { mac("form:\(visitor) \(sessions)") }

    // MARK: Names of browsers

    /// A name for a browser that has none, with a mark by which we know it again: nobody can make one up.
    public func newVisitor() -> String {
        let name = [UInt8].random(count: 16).base64URL
        return "\(name).\(mac("visitor:\(name)").base64URL)"
    }

    /// The name that a request brings; nil where there is none, or it is none of ours.
    public func visitor(of request: Request) -> String? {
        guard let cookie = request.cookie("pengunjung") else { return nil }
        let parts = cookie.split(separator: ".").map(String.init)
        guard parts.count == 2, constantTimeEqual(Array(parts[1].utf8), Array(mac("visitor:\(parts[0])").base64URL.utf8)) else {
            return nil
        }
        return cookie
    }

    private func mac(_ text: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key).prefix(16))
    }
}
