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
        /// The bank's day; nil where it says none.
        let day: CivilDate?
        /// What became of the payment.
        let outcome: Outcome
        /// What is said back to the bank.
        let reply: [String: JSON]
    }

    /// What a status of the standard (`latestTransactionStatus`) means for the city's books.
    enum Outcome {
        /// 00: the money came in.
        case success
        /// 01 initiated, 02 paying, 03 pending: nothing to book yet.
        case underWay
        /// 04 refunded, 05 cancelled: the bank had the money, and gave it back. 06 failed, 07 not found: an attempt that came to nothing,
        /// after which the payer may try again; what came in by it, if it did, is gone again.
        case undone(String, hadCome: Bool)

        init?(_ status: String?) {
            switch status {
            case "00": self = .success
            case "01", "02", "03": self = .underWay
            case "04": self = .undone("refunded", hadCome: true)
            case "05": self = .undone("cancelled", hadCome: true)
            case "06": self = .undone("failed", hadCome: false)
            case "07": self = .undone("not found", hadCome: false)
            default: return nil
            }
        }
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
        // A name is used once a day, whatever is told under it; it is used up in the act that takes what it tells.
        let name = "snap:\(partner.client):\(timestamp.prefix(10)):\(external)"
        let reference = "\(partner.client):\(notice.reference)"
        let actor = Actor(role: "integration", unit: partner.client)
        do {
            switch notice.outcome {
            case .success:
                try await fees.take(
                    notice.amount,
                    for: notice.bill,
                    by: notice.method,
                    reference: reference,
                    on: notice.day,
                    told: String(decoding: json.canonical, as: UTF8.self),
                    name: name,
                    actor: actor
                )
            case .underWay: try await fees.acknowledge(name: name)
            case .undone(let reason, let hadCome):
                try await fees.reverse(
                    reference: reference,
                    of: notice.bill,
                    amount: notice.amount,
                    reason: reason,
                    hadCome: hadCome,
                    told: String(decoding: json.canonical, as: UTF8.self),
                    name: name,
                    actor: actor
                )
            }
        } catch let problem as Problem {
            switch problem.status {
            case .notFound: return answer(404, service, "12", "Invalid Bill/Virtual Account [Not Found]")
            // Nothing is left to be done, and the bank need not tell it again.
            case .conflict where problem.code == Fees.undonePayment.code: break
            case .conflict where problem.code == Fees.usedName.code: return answer(409, service, "00", "Conflict")
            case .conflict: return answer(409, service, "01", "Duplicate partnerReferenceNo")
            case .unacceptable: return answer(404, service, "13", "Invalid Amount")
            default: throw problem
            }
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

    /// The day of a moment as SNAP writes it, `2026-11-25T10:33:00+07:00`: the bank's own, whatever its clock's zone.
    static func day(_ json: JSON?) -> CivilDate? {
        guard let text = json?.string, Instant(rfc3339: text) != nil else { return nil }
        return CivilDate(String(text.prefix(10)))
    }

    /// What a bank says of a payment by QR. The amount is asked for only where it is booked.
    static func qrNotice(_ json: JSON) -> Notice? {
        guard let outcome = Outcome(json["latestTransactionStatus"]?.string), let reference = json["originalReferenceNo"]?.string,
            !reference.isEmpty, reference.utf8.count <= 64
        else { return nil }
        var amount = rupiah(json["amount"]) ?? 0
        if case .success = outcome {
            guard let paid = rupiah(json["amount"]), json["originalPartnerReferenceNo"]?.string != nil else { return nil }
            amount = paid
        }
        return Notice(
            bill: json["originalPartnerReferenceNo"]?.string ?? "",
            amount: amount,
            reference: reference,
            method: .qris,
            day: day(json["additionalInfo"]?["paidTime"]) ?? day(json["finishedTime"]) ?? day(json["createdTime"]),
            outcome: outcome,
            reply: [:]
        )
    }

    /// A transfer to the bill's virtual account, whose number ends with the payment code. A bank tells of one only once it has it.
    static func transferNotice(_ json: JSON) -> Notice? {
        guard let account = json["virtualAccountNo"]?.string, let reference = json["paymentRequestId"]?.string, !reference.isEmpty,
            reference.utf8.count <= 128, let amount = rupiah(json["paidAmount"])
        else { return nil }
        let data: JSON = .compact([
            "partnerServiceId": json["partnerServiceId"] ?? .null, "customerNo": json["customerNo"] ?? .null,
            "virtualAccountNo": .string(account), "paymentRequestId": .string(reference), "paidAmount": json["paidAmount"] ?? .null,
        ])
        return Notice(
            bill: String(account.filter { $0 != " " }.suffix(12)),
            amount: amount,
            reference: reference,
            method: .transfer,
            day: day(json["trxDateTime"]),
            outcome: .success,
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
