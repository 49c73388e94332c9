// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Markup
import Web

/// Asking for news, agreeing to it by the link in a message, and ending it by another.
extension Portal {
    /// The form on an area's page.
    func areaSubscription(_ code: String, _ context: VisitorContext, _ state: FormState) -> HTML {
        let t = context.words
        return """
            <form class="box" id="ikuti" method="post" action="\(Link("wilayah", code, "ikuti"))"><h2>\(t("Kabari saya tentang wilayah ini", "Tell me about this area"))</h2>\(hidden(context))
            \(Field(name: "contact", label: t("Nomor HP atau email", "Mobile number or e-mail"), help: t("Paling banyak satu pesan sehari, pagi hari, hanya kalau ada kabar.", "At most one message a day, in the morning, only when there is news.")).input(state, t, autocomplete: "email"))
            <button class="button secondary">\(t("Kabari saya", "Tell me"))</button></form>
            """
    }

    /// Takes the request for news of an area.
    func subscribeToArea(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor)
        let code = context.parameters.get("kode") ?? ""
        do {
            try await complaints.askToSubscribe(
                to: .area(code),
                contact: form["contact"],
                language: context.language,
                network: context.peer
            )
        } catch let problem as Problem where problem.keepsForm {
            return try await area(context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
        return subscriptionAsked(context)
    }

    /// What is said once news have been asked for: nothing happens before the link is followed.
    func subscriptionAsked(_ context: VisitorContext) -> Response {
        let t = context.words
        let main: HTML = """
            <h1>\(t("Satu langkah lagi", "One more step"))</h1>
            <p class="large">\(t("Buka tautan yang kami kirim untuk menyetujui. Tanpa itu kami tidak akan menulis.", "Open the link that we sent, to agree. Without it we will not write."))</p>
            <p><a href="\(Link("laporan"))">\(t("Ke laporan warga", "To residents’ reports"))</a></p>
            """
        return respond(Page(title: t("Satu langkah lagi", "One more step"), section: .reports, isNarrow: true, main: main), context)
    }

    /// Asks whoever came by the link: a mail program that follows links must not act.
    func agreementPage(_ context: VisitorContext) async throws -> Response {
        let t = context.words
        let code = context.parameters.get("tautan") ?? ""
        guard let pending = try await complaints.pendingSubscription(code) else { throw Self.linkGone }
        let main: HTML = """
            <h1>\(t("Kabari saya tentang \(pending.name.id)?", "News about \(pending.name.en)?"))</h1>
            <form method="post" action="\(Link("ikuti", code))">\(hidden(context))<p><button class="button">\(t("Ya, kabari saya", "Yes, tell me"))</button></p></form>
            <p class="help">\(t("Bisa dihentikan kapan saja lewat tautan di setiap pesan, atau SMS STOP.", "End it at any time by the link in every message, or the SMS STOP."))</p>
            """
        return respond(Page(title: t("Setujui kabar", "Agree to news"), section: .reports, isNarrow: true, main: main), context)
    }

    /// Agrees.
    func agree(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor)
        switch try await complaints.confirmSubscription(context.parameters.get("tautan") ?? "") {
        case .complaint(let docket): return .seeOther(Link("berkas", docket, query: [("selesai", "ikuti")]))
        case .area(let code): return .seeOther(Link("wilayah", code))
        case nil: throw Self.linkGone
        }
    }

    /// Asks whoever came by the stop link in a message.
    func stopPage(_ context: VisitorContext) async throws -> Response {
        let t = context.words
        let (entry, tag) = (context.parameters.get("entri") ?? "", context.parameters.get("tanda") ?? "")
        guard let subject = try await complaints.subscription(entry: entry, tag: tag) else { throw Self.linkGone }
        let name =
            switch subject {
            case .complaint(let docket): docket
            case .area(let code): city.regions[code]?.name ?? code
            }
        let main: HTML = """
            <h1>\(t("Berhenti mengikuti \(name)?", "Stop following \(name)?"))</h1>
            <p>\(t("Anda tidak dikabari lagi, dan kontak Anda kami hapus.", "You will get no more news, and we erase your contact."))</p>
            <form method="post" action="\(Link("berhenti", entry, tag))">\(hidden(context))<p><button class="button">\(t("Berhenti mengikuti", "Stop following"))</button></p></form>
            """
        return respond(Page(title: t("Berhenti mengikuti", "Stop following"), section: .reports, isNarrow: true, main: main), context)
    }

    /// Ends it.
    func stop(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let t = context.words
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor)
        try await complaints.stop(entry: context.parameters.get("entri") ?? "", tag: context.parameters.get("tanda") ?? "")
        let main: HTML =
            "<h1>\(t("Sudah berhenti", "Ended"))</h1><p class=\"large\">\(t("Kontak Anda sudah dihapus.", "Your contact has been erased."))</p>"
        return respond(Page(title: t("Sudah berhenti", "Ended"), section: .reports, isNarrow: true, main: main), context)
    }

    static let linkGone = Problem(
        "link.gone",
        .gone,
        Text(id: "Tautan ini sudah tidak berlaku", en: "This link no longer works"),
        remedy: Text(id: "Mungkin sudah dipakai, atau lewat 3 hari.", en: "It may have been used, or be older than 3 days.")
    )
}
