// SPDX-License-Identifier: EUPL-1.2

import Crypto
import HTTPTypes
import Hummingbird
import Testing
import Web

@Suite("Tokens of forms") struct FormTokenTests {
    private let tokens = FormToken(key: SymmetricKey(size: .bits256), origin: "https://balai.test")

    private func request(cookies: String = "", _ headers: (HTTPField.Name, String)...) -> Request {
        var fields = HTTPFields()
        if !cookies.isEmpty { fields[.cookie] = cookies }
        for (name, value) in headers { fields[name] = value }
        let head = HTTPRequest(method: .post, scheme: "https", authority: "balai.test", path: "/meja/akses", headerFields: fields)
        return Request(head: head, body: .init(buffer: .init()))
    }

    private func sessions(_ cookies: String) -> String { FormToken.sessions(of: request(cookies: cookies)) }

    @Test("A token serves the browser and the session that it was given to, and no other")
    func bound() {
        let visitor = tokens.newVisitor()
        let token = tokens.issue(to: visitor, sessions: sessions("sesi=a"))
        #expect(tokens.isGenuine(token, for: request(cookies: "sesi=a"), visitor: visitor))
        #expect(!tokens.isGenuine(token, for: request(cookies: "sesi=b"), visitor: visitor), "another session")
        #expect(!tokens.isGenuine(token, for: request(cookies: "sesi=a; warga=c"), visitor: visitor), "a resident who signed in since")
        #expect(!tokens.isGenuine(token, for: request(), visitor: visitor), "signed out")
        #expect(!tokens.isGenuine(token, for: request(cookies: "sesi=a"), visitor: tokens.newVisitor()), "another browser")
        #expect(!tokens.isGenuine(nil, for: request(cookies: "sesi=a"), visitor: visitor))
        #expect(!tokens.isGenuine("AAAA", for: request(cookies: "sesi=a"), visitor: visitor))
    }

    @Test("A name of a browser that was made up, or comes from another city, is none")
    func visitor() {
        let own = tokens.newVisitor()
        let foreign = FormToken(key: SymmetricKey(size: .bits256)).newVisitor()
        #expect(tokens.visitor(of: request(cookies: "pengunjung=\(own)")) == own)
        for cookie in [foreign, "AAAAAAAAAAAAAAAAAAAAAA", "x.y", own + "x", "."] {
            #expect(tokens.visitor(of: request(cookies: "pengunjung=\(cookie)")) == nil)
        }
    }

    @Test(
        "What a browser says of where a form comes from is heeded; a browser that says nothing is not refused",
        arguments: [
            ("Sec-Fetch-Site", "same-origin", true), ("Sec-Fetch-Site", "none", true), ("Sec-Fetch-Site", "same-site", false),
            ("Sec-Fetch-Site", "cross-site", false), ("Origin", "https://balai.test", true), ("Origin", "https://saudara.test", false),
            ("Origin", "https://balai.test.lain.id", false), ("Origin", "null", false), ("X-Nothing", "x", true),
        ]
    )
    func source(name: String, value: String, isTaken: Bool) throws {
        let visitor = tokens.newVisitor()
        let token = tokens.issue(to: visitor, sessions: sessions(""))
        let field = try #require(HTTPField.Name(name))
        #expect(tokens.isGenuine(token, for: request((field, value)), visitor: visitor) == isTaken)
    }

    @Test(
        "Limits count the networks of customers",
        arguments: [
            ("10.1.2.3", "10.1.2.3"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
            ("::ffff:10.1.2.3", "10.1.2.3"), ("", ""), ("bukan:alamat", "bukan:alamat"),
        ]
    )
    func networks(address: String, network: String) {
        #expect(Network.name(of: address) == network)
    }
}
