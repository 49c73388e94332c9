// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Markup
import Services
import Web

/// Proving that the contact of an application is its applicant's, putting it right, and choosing what goes there.
extension Portal {
    /// The box that asks for the code; nothing once the contact is proven, or where there is none.
    ///
    /// - Parameters:
    ///   - action: where it is sent: the applicant's own page, or the clerk's.
    ///   - isClerk: whether a clerk looks, to whom the resident reads the code out.
    func contactBox(
        _ story: Story,
        action: Link,
        isClerk: Bool = false,
        _ state: FormState,
        _ context: VisitorContext
    ) -> HTML {
        let t = context.words
        guard !story.isContactConfirmed, !story.isErased, let contact = Contact(story.contact) else { return HTML() }
        return """
            <section class="box primary screen-only" aria-labelledby="h-kontak"><h2 id="h-kontak">\(isClerk ? t("Kontak pemohon belum terbukti", "The applicant’s contact is not proven") : t("Buktikan kontak Anda", "Prove your contact"))</h2><p>\(isClerk ? t("Minta warga membacakan kodenya.", "Have the resident read the code out.") + " " : "")\(t("Kami mengirim kode enam angka ke \(contact.masked). Sebelum kodenya ditulis di sini, tautan ke berkas ini tidak dikirim ke sana: siapa tahu nomornya salah tulis.", "We sent six digits to \(contact.masked). Until they are written here no link to this case goes there: the number might be mistyped."))</p>
            <form method="post" action="\(action)">\(hidden(context))\(Field(name: "code", label: t("Kode kontak", "Contact code")).input(state, t, autocomplete: "one-time-code", inputMode: "numeric", isShort: true))<p><button class="button" name="act" value="prove">\(t("Buktikan", "Prove it"))</button></p></form>
            <details\(.flag("open", state.fault("contact", t) != nil))><summary>\(t("Salah tulis, atau tidak sampai?", "Mistyped, or did it not arrive?"))</summary><form method="post" action="\(action)">\(hidden(context))\(Field(name: "contact", label: t("Nomor HP atau email", "Mobile number or e-mail")).input(state, t, autocomplete: "email"))<p><button class="button secondary" name="act" value="change">\(t("Ganti dan kirim kode baru", "Change it and send a new code"))</button></p></form></details></section>
            """
    }

    /// Of what the applicant wants to be told.
    func noticesForm(_ serviceCase: Case, _ story: Story, _ context: VisitorContext) -> HTML {
        let t = context.words
        guard !story.contact.isEmpty else { return HTML() }
        let options = Story.Notices.allCases.map { (value: $0.rawValue, label: t($0.name), detail: "") }
        let field = Field(name: "notices", label: t("Kabari saya", "Tell me about")).radios(
            .empty,
            t,
            value: story.notices.rawValue,
            options: options
        )
        return """
            <details><summary>\(t("Kabar lewat SMS atau email", "News by SMS or e-mail"))</summary><form method="post" action="\(Link("berkas", serviceCase.docket, "kabar"))">\(hidden(context))\(field)<p><button class="button secondary">\(t("Simpan", "Save"))</button></p></form></details>
            """
    }

    /// Does what a contact form asks for.
    func takeContact(_ form: Form, _ docket: String, by hand: Services.Hand) async throws {
        if form["act"] == "change" {
            try await services.changeContact(form["contact"], of: docket, by: hand)
        } else {
            try await services.proveContact(form["code"], of: docket, by: hand)
        }
    }

    /// Takes the code, another contact, or a choice of news from the applicant.
    func takeApplicantContact(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let (serviceCase, service) = try await requireHolder(request, context)
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor)
        do {
            if let notices = Story.Notices(rawValue: form["notices"]) {
                try await services.setNotices(notices, of: serviceCase.docket)
            } else {
                try await takeContact(form, serviceCase.docket, by: .applicant)
            }
        } catch let problem as Problem where problem.keepsForm {
            let state = FormState(problem: problem, typed: form)
            return try await serviceCasePage(request, serviceCase, service, context, state: state, status: problem.httpStatus)
        }
        return .seeOther(Link("berkas", serviceCase.docket))
    }
}
