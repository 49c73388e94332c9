// SPDX-License-Identifier: EUPL-1.2

import Crypto
import Essentials
import Fees
import Foundation
import HTTPTypes
import Hummingbird
import Journal
import Storage
import Web

/// The door through which a bank tells of payments: SNAP BI with the city on the receiving side. A notice is taken once; one that
/// was changed, is too old or comes twice under one name is refused.
public struct BankNotices: Sendable {
    /// Seconds for which a token holds.
    static let tokenLifetime: Int64 = 900
    /// Seconds by which a bank's clock may differ.
    static let skew: Int64 = 300
    private static let bodyLimit = 64 << 10

    private let fees: Fees
    private let partners: [Partner]

    /// The door for the banks that the city has agreed with.
    public init(fees: Fees, partners: [Partner]) {
        self.fees = fees
        self.partners = partners
    }

    /// Every address of the door.
    public func addRoutes(to router: Router<VisitorContext>) {
        router.post("/v1.0/access-token/b2b") { request, _ in try await token(request) }
        router.post("/v1.0/qr/qr-mpm-notify") { request, _ in try await notice(request, service: "52", reads: Self.qrNotice) }
        router.post("/v1.0/transfer-va/payment") { request, _ in try await notice(request, service: "25", reads: Self.transferNotice) }
    }

    // MARK: Tokens

    private func token(_ request: Request) async throws -> Response {
        let headers = request.headers
        guard let partner = partners.first(where: { $0.client == headers[.clientKey] }), let timestamp = headers[.timestamp],
            isNow(timestamp), let signature = headers[.signature], partner.signedTokenRequest(signature, timestamp: timestamp)
        else { return answer(401, "73", "00", "Unauthorized. [Signature]") }
        _ = try await request.bytes(limit: Self.bodyLimit)
        let until = now.adding(seconds: Self.tokenLifetime)
        return Response.json([
            "responseCode": "2007300", "responseMessage": "Successful", "accessToken": .string(accessToken(partner, until: until)),
            "tokenType": "BearerToken", "expiresIn": .string(String(Self.tokenLifetime)),
        ])
    }

    private func accessToken(_ partner: Partner, until: Instant) -> String {
        let end = until.milliseconds / 1000
        return "\(String(end, radix: 36)).\(fees.journal.vault.tokenHash("snap:\(partner.client):\(end)"))"
    }

    private func partner(bearing request: Request) -> (partner: Partner, token: String)? {
        let parts = (request.headers[.authorization] ?? "").split(separator: " ")
        guard parts.count == 2, parts[0].lowercased() == "bearer",
            let until = parts[1].split(separator: ".").first.flatMap({ Instant(outsideSeconds: $0, radix: 36) }), until > now
        else { return nil }
        let token = String(parts[1])
        let found = partners.first { constantTimeEqual(Array(accessToken($0, until: until).utf8), Array(token.utf8)) }
        return found.map { ($0, token) }
    }

    // MARK: Notices

    /// What a notice says.
    struct Notice {
        let bill: String
        let amount: Int
        let reference: String
        let method: Payment.Method
        /// What is said back to the bank.
        let reply: [String: JSON]
    }

    private func notice(_ request: Request, service: String, reads: (JSON) -> Notice?) async throws -> Response {
        let headers = request.headers
        guard let (partner, token) = partner(bearing: request) else { return answer(401, service, "01", "Invalid Token (B2B)") }
        let bytes = try await request.bytes(limit: Self.bodyLimit)
        guard let timestamp = headers[.timestamp], isNow(timestamp), let signature = headers[.signature],
            partner.signed(
                signature,
                method: request.method.rawValue,
                path: request.uri.path,
                token: token,
                body: bytes,
                timestamp: timestamp
            )
        else { return answer(401, service, "00", "Unauthorized. [Signature]") }
        guard let external = headers[.externalID], (1...36).contains(external.utf8.count) else {
            return answer(400, service, "02", "Invalid Mandatory Field {X-EXTERNAL-ID}")
        }
        guard let json = try? JSON(parsing: bytes), let notice = reads(json) else {
            return answer(400, service, "01", "Invalid Field Format")
        }
        // A name is used once a day: a notice that is sent again under it is a replay.
        let name = "snap:\(partner.client):\(timestamp.prefix(10)):\(external)"
        let isReplay = try await fees.journal.read { try $0.count("SELECT count(*) FROM idempotency WHERE key = \(name)") > 0 }
        if isReplay { return answer(409, service, "00", "Conflict") }
        do {
            try await fees.take(
                notice.amount,
                for: notice.bill,
                by: notice.method,
                reference: "\(partner.client):\(notice.reference)",
                actor: Actor(role: "integration", unit: partner.client)
            )
        } catch let problem as Problem {
            switch problem.status {
            case .notFound: return answer(404, service, "12", "Invalid Bill/Virtual Account [Not Found]")
            case .conflict: return answer(409, service, "01", "Duplicate partnerReferenceNo")
            case .unacceptable: return answer(404, service, "13", "Invalid Amount")
            default: throw problem
            }
        }
        let at = now
        try await fees.journal.operate {
            try $0.execute("INSERT INTO idempotency (key, result, at) VALUES (\(name), '', \(at)) ON CONFLICT (key) DO NOTHING")
        }
        var members = notice.reply
        members["responseCode"] = .string("200\(service)00")
        members["responseMessage"] = "Successful"
        return Response.json(.object(members))
    }

    /// Rupiah as SNAP writes them: `162000.00`; nil where there are sen, which no bill has.
    static func rupiah(_ json: JSON?) -> Int? {
        guard json?["currency"]?.string == "IDR", let text = json?["value"]?.string, let match = text.wholeMatch(of: /([0-9]{1,13})\.00/)
        else {
            return nil
        }
        return Int(match.1)
    }

    /// A QR payment that succeeded; other states are none of a payment.
    static func qrNotice(_ json: JSON) -> Notice? {
        guard json["latestTransactionStatus"]?.string == "00", let reference = json["originalReferenceNo"]?.string, !reference.isEmpty,
            reference.utf8.count <= 64, let bill = json["originalPartnerReferenceNo"]?.string, let amount = rupiah(json["amount"])
        else { return nil }
        return Notice(bill: bill, amount: amount, reference: reference, method: .qris, reply: [:])
    }

    /// A transfer to the bill's virtual account, whose number ends with the payment code.
    static func transferNotice(_ json: JSON) -> Notice? {
        guard let account = json["virtualAccountNo"]?.string, let reference = json["paymentRequestId"]?.string, !reference.isEmpty,
            reference.utf8.count <= 128, let amount = rupiah(json["paidAmount"])
        else { return nil }
        let data: JSON = .compact([
            "partnerServiceId": json["partnerServiceId"] ?? .null, "customerNo": json["customerNo"] ?? .null,
            "virtualAccountNo": .string(account), "paymentRequestId": .string(reference), "paidAmount": json["paidAmount"] ?? .null,
        ])
        return Notice(
            bill: String(account.filter(\.isNumber).suffix(12)),
            amount: amount,
            reference: reference,
            method: .transfer,
            reply: ["virtualAccountData": data]
        )
    }

    // MARK: Parts

    private var now: Instant { fees.journal.clock.now }

    private func isNow(_ timestamp: String) -> Bool {
        guard let instant = Instant(rfc3339: timestamp) else { return false }
        return abs(instant.milliseconds - now.milliseconds) <= Self.skew * 1000
    }

    private func answer(_ status: Int, _ service: String, _ code: String, _ message: String) -> Response {
        Response.json(
            ["responseCode": .string("\(status)\(service)\(code)"), "responseMessage": .string(message)],
            status: HTTPResponse.Status(code: status)
        )
    }
}

extension HTTPField.Name {
    fileprivate static let clientKey = HTTPField.Name("X-CLIENT-KEY") ?? .from
    fileprivate static let timestamp = HTTPField.Name("X-TIMESTAMP") ?? .from
    fileprivate static let signature = HTTPField.Name("X-SIGNATURE") ?? .from
    fileprivate static let externalID = HTTPField.Name("X-EXTERNAL-ID") ?? .from
}
