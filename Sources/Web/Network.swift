// SPDX-License-Identifier: EUPL-1.2

import Foundation

/// The networks that limits are counted by.
public enum Network {
    /// The name of an address’s network: the address itself, or the first half of one of IPv6, of which every customer has 2⁶⁴
    /// to himself. What is no address stays as it is.
    public static func name(of address: String) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard address.contains(":"), inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
        // ::ffff:1.2.3.4 is how a listener for both writes 1.2.3.4.
        if bytes[0..<10].allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF {
            return bytes[12...].map { String($0) }.joined(separator: ".")
        }
        return stride(from: 0, to: 8, by: 2).map { String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16) }.joined(separator: ":")
            + "::/64"
    }
}
