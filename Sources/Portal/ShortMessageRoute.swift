// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Essentials
import FoodPrices
import HTTPTypes
import Hummingbird
import Notifications
import Services
import Web

/// Where a Kannel gateway hands over SMS that residents sent: `get-url` or `post-url` of its `sms-service`, with
/// `dari=%p&isi=%a&id=%I&sandi=…`. What is answered goes back to the sender as SMS.
extension Portal {
    /// Takes what the operator says became of a message, at the address that `dlr-url` gave the gateway.
    func shortMessageReceipt(_ request: Request) async throws -> Response {
        try requireGateway(request.query("sandi") ?? "")
        guard let id = request.query("pesan") else { throw Problem.notFound }
        switch request.query("keadaan") {
        case "1": try await Outbox(journal: journal).note(receipt: id, failure: nil)
        case "2": try await Outbox(journal: journal).note(receipt: id, failure: "the operator could not deliver it")
        case "16": try await Outbox(journal: journal).note(receipt: id, failure: "the operator refused it")
        // On its way: nothing is certain yet.
        default: break
        }
        return .text("")
    }

    private func requireGateway(_ given: String) throws {
        guard let secret = messageSecret, constantTimeEqual(Array(given.utf8), Array(secret.utf8)) else { throw Problem.notFound }
    }

    /// Takes a message.
    func shortMessage(_ request: Request) async throws -> Response {
        var values: (String) -> String = { request.query($0) ?? "" }
        if request.method == .post {
            let form = try await Form(request)
            values = { form[$0].isEmpty ? request.query($0) ?? "" : form[$0] }
        }
        try requireGateway(values("sandi"))
        let id = values("id")
        guard !id.isEmpty, values("isi").utf8.count <= 4000 else {
            throw Problem("sms.malformed", .badRequest, Text(id: "dari, isi, dan id dibutuhkan", en: "dari, isi and id are needed"))
        }
        if let answer = try await food?.answer(shortMessage: values("isi")) { return .text(answer) }
        if let answer = try await services.receive(values("isi"), from: values("dari"), id: id) { return .text(answer) }
        let answer = try await complaints.receive(values("isi"), from: values("dari"), id: id)
        // An empty body tells the gateway to send nothing.
        return .text(answer ?? "")
    }
}
