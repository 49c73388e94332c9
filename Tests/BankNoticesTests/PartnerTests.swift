// SPDX-License-Identifier: EUPL-1.2

import Crypto
import Essentials
import Foundation
import Testing

@testable import BankNotices

@Suite("Notices of a bank")
struct PartnerTests {
    @Test("What is signed is what the standard says (vector of the domain notes)")
    func textToSign() {
        let body = #"{"partnerReferenceNo":"PBG2027000123","amount":{"value":"162000.00","currency":"IDR"},"merchantId":"PEMKOMEDAN01"}"#
        let text = Partner.textToSign(
            method: "POST",
            path: "/v1.0/qr/qr-mpm-generate",
            token: "tokenujicoba123",
            body: Array(body.utf8),
            timestamp: "2027-01-04T09:00:00+07:00"
        )
        #expect(
            text
                == "POST:/v1.0/qr/qr-mpm-generate:tokenujicoba123:d4089ed930485987dfab7c4c2c4642b8b9f1d7a3ceaaff30b65c7f0e0cc3af5d:2027-01-04T09:00:00+07:00"
        )
        let code = HMAC<SHA512>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: Data("rahasia-uji-coba-2027".utf8)))
        #expect(Array(code).base64 == "IJjonOm42FLADQMupdBD27Vkr5YDfXtFsBrAiUzIcehejUKqjxbCqEC6bJ92gJ7xsTFtPRtvJf7CLj72bMHJfg==")
    }

    @Test("White space goes between the parts and stays within texts")
    func minified() {
        let body = "{ \"a\" : \"x \\\" y\" ,\n \"b\" : [ 1 , 2 ] }"
        #expect(String(decoding: Partner.minified(Array(body.utf8)), as: UTF8.self) == #"{"a":"x \" y","b":[1,2]}"#)
    }

    @Test(
        "Only whole rupiah are money of a bill",
        arguments: [
            ("162000.00", "IDR", 162_000), ("162000.50", "IDR", nil), ("162000", "IDR", nil), ("-1.00", "IDR", nil), ("1.00", "USD", nil),
        ]
            as [(String, String, Int?)]
    )
    func rupiah(value: String, currency: String, rupiah: Int?) {
        #expect(BankNotices.rupiah(["value": .string(value), "currency": .string(currency)]) == rupiah)
    }
}
