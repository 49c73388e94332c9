// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Hands SMS to a Kannel gateway over its HTTP interface (`/cgi-bin/sendsms`), which speaks SMPP to the operator.
public struct KannelCarrier: Carrier {
    private let gateway: URLComponents
    private let receipts: URLComponents?

    /// A gateway: `http://user:password@127.0.0.1:13013/cgi-bin/sendsms`; nil when the address is none.
    ///
    /// - Parameter receipts: where the gateway tells what became of a message, with everything but the message's name; nil where
    ///   it shall not.
    public init?(gateway: String, receipts: URLComponents? = nil) {
        guard let components = URLComponents(string: gateway), components.host != nil else { return nil }
        self.gateway = components
        self.receipts = receipts
    }

    /// Sends one message.
    public func deliver(_ message: Message, id: String) async throws {
        var address = gateway
        address.queryItems =
            [
                URLQueryItem(name: "username", value: gateway.user ?? ""), URLQueryItem(name: "password", value: gateway.password ?? ""),
                URLQueryItem(name: "to", value: message.recipient), URLQueryItem(name: "charset", value: "UTF-8"),
                URLQueryItem(name: "coding", value: message.body.utf8.allSatisfy { $0 < 0x80 } ? "0" : "2"),
                URLQueryItem(name: "text", value: message.body),
            ] + receipt(of: id)
        // A form's `+` is a space, and URLComponents leaves it: a number would lose its first sign.
        address.percentEncodedQuery = address.percentEncodedQuery?.replacing("+", with: "%2B")
        address.user = nil
        address.password = nil
        guard let url = address.url else { throw DeliveryFailure(step: "sendsms", cause: "the gateway's address is none") }
        let status: Int
        do {
            let (_, response) = try await URLSession.shared.data(for: URLRequest(url: url, timeoutInterval: 20))
            status = (response as? HTTPURLResponse)?.statusCode ?? 0
        } catch {
            // The error itself holds the address, and with it the password, the number and the text.
            throw DeliveryFailure(step: "sendsms", cause: "no answer, \((error as? URLError)?.code.rawValue ?? 0)")
        }
        guard (200..<300).contains(status) else { throw DeliveryFailure(step: "sendsms", cause: "the gateway answered \(status)") }
    }

    /// Asks to be told when the telephone has the message, or when it is certain that it will not (delivered 1, not delivered 2,
    /// refused by the operator 16).
    private func receipt(of id: String) -> [URLQueryItem] {
        guard var address = receipts else { return [] }
        address.queryItems = [URLQueryItem(name: "pesan", value: id)] + (address.queryItems ?? [])
        address.percentEncodedQuery = address.percentEncodedQuery?.replacing("+", with: "%2B")
        // The gateway puts its number in the place of `%d`, which must therefore not be escaped itself.
        guard let text = address.string else { return [] }
        return [URLQueryItem(name: "dlr-mask", value: "19"), URLQueryItem(name: "dlr-url", value: "\(text)&keadaan=%d")]
    }
}
