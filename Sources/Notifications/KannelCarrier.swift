// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Hands SMS to a Kannel gateway over its HTTP interface (`/cgi-bin/sendsms`), which speaks SMPP to the operator.
public struct KannelCarrier: Carrier {
    /// What the gateway answered instead of taking the message.
    struct Refusal: Error {
        let status: Int
    }

    private let gateway: URLComponents

    /// A gateway: `http://user:password@127.0.0.1:13013/cgi-bin/sendsms`; nil when the address is none.
    public init?(gateway: String) {
        guard let components = URLComponents(string: gateway), components.host != nil else { return nil }
        self.gateway = components
    }

    /// Sends one message.
    public func deliver(_ message: Message, id: String) async throws {
        var address = gateway
        address.queryItems = [
            URLQueryItem(name: "username", value: gateway.user ?? ""), URLQueryItem(name: "password", value: gateway.password ?? ""),
            URLQueryItem(name: "to", value: message.recipient), URLQueryItem(name: "charset", value: "UTF-8"),
            URLQueryItem(name: "coding", value: message.body.utf8.allSatisfy { $0 < 0x80 } ? "0" : "2"),
            URLQueryItem(name: "text", value: message.body),
        ]
        // A form's `+` is a space, and URLComponents leaves it: a number would lose its first sign.
        address.percentEncodedQuery = address.percentEncodedQuery?.replacing("+", with: "%2B")
        address.user = nil
        address.password = nil
        guard let url = address.url else { throw Refusal(status: 0) }
        let (_, response) = try await URLSession.shared.data(for: URLRequest(url: url, timeoutInterval: 20))
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard (200..<300).contains(status) else { throw Refusal(status: status) }
    }
}
