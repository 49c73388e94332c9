// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Markup
import Residents
import Services
import Web

/// Proving that the contact of an application is its applicant's, putting it right, and choosing what goes there.
extension Portal {
    /// The box about a contact: it asks for the code, or offers another contact, or says what is waited for; nothing where there is none.
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
        guard !story.isErased, let contact = Contact(story.contact) else { return HTML() }
        if story.isContactConfirmed { return exchangeBox(story, contact, action, isClerk, state, context) }
        return """
            <section class="box primary screen-only" aria-labelledby="h-kontak"><h2 id="h-kontak">\(isClerk ? t("Kontak pemohon belum terbukti", "The applicant’s contact is not proven") : t("Buktikan kontak Anda", "Prove your contact"))</h2><p>\(isClerk ? t("Minta warga membacakan kodenya.", "Have the resident read the code out.") + " " : "")\(t("Kami mengirim kode enam angka ke \(contact.masked). Sebelum kodenya ditulis di sini, tidak ada yang dikirim ke sana yang membuka berkas ini: siapa tahu nomornya salah tulis.", "We sent six digits to \(contact.masked). Until they are written here nothing goes there that opens this case: the number might be mistyped."))</p>
            \(codeForm(action, state, context))
            <details\(.flag("open", state.fault("contact", t) != nil))><summary>\(t("Salah tulis, atau tidak sampai?", "Mistyped, or did it not arrive?"))</summary><form method="post" action="\(action)">\(hidden(context))\(Field(name: "contact", label: t("Nomor HP atau email", "Mobile number or e-mail")).input(state, t, autocomplete: "email"))<p><button class="button secondary" name="act" value="change">\(t("Ganti dan kirim kode baru", "Change it and send a new code"))</button></p></form></details></section>
            """
    }

    private func codeForm(_ action: Link, _ state: FormState, _ context: VisitorContext) -> HTML {
        let t = context.words
        return """
            <form method="post" action="\(action)">\(hidden(context))\(Field(name: "code", label: t("Kode kontak", "Contact code")).input(state, t, autocomplete: "one-time-code", inputMode: "numeric", isShort: true))<p><button class="button" name="act" value="prove">\(t("Buktikan", "Prove it"))</button></p></form>
            """
    }

    /// Exchanging a proven contact: its owner is told, and has some days to stop it.
    private func exchangeBox(
        _ story: Story,
        _ contact: Contact,
        _ action: Link,
        _ isClerk: Bool,
        _ state: FormState,
        _ context: VisitorContext
    ) -> HTML {
        let t = context.words
        if let next = story.nextContact, let new = Contact(next.address) {
            let agree: HTML =
                isClerk
                ? HTML()
                : """
                <details\(.flag("open", state.fault("old-code", t) != nil))><summary>\(t("Tidak mau menunggu?", "Rather not wait?"))</summary><form method="post" action="\(action)">\(hidden(context))\(Field(name: "old-code", label: t("Kode yang kami kirim ke kontak lama", "The code that we sent to the old contact")).input(state, t, inputMode: "numeric", isShort: true))<p><button class="button secondary" name="act" value="agree">\(t("Pakai kontak baru sekarang", "Use the new contact now"))</button></p></form></details>
                <form method="post" action="\(action)">\(hidden(context))<p><button class="button secondary" name="act" value="stop">\(t("Jangan ganti kontak", "Do not change the contact"))</button></p></form>
                """
            let (old, date) = (contact.masked(among: [new]), next.until.date(in: city.zone))
            let comes = new.masked(among: [contact])
            let when =
                next.until > now
                ? t(
                    "\(comes) menggantikan \(old) pada \(date.long(.indonesian)), kecuali dihentikan dari kontak lama.",
                    "\(comes) takes the place of \(old) on \(date.long(.english)), unless it is stopped from the old one."
                )
                : t(
                    "\(comes) menggantikan \(old) begitu kodenya ditulis di sini. Kalau kodenya sudah habis waktunya, tekan “Jangan ganti kontak” lalu minta lagi.",
                    "\(comes) takes the place of \(old) once its code is written here. Where the time of the code is over, press “Do not change the contact” and ask again."
                )
            return """
                <section class="box primary screen-only" aria-labelledby="h-kontak"><h2 id="h-kontak">\(t("Kontak akan diganti", "The contact is to change"))</h2><p>\(when) \(t("Sampai saat itu kabar tetap ke kontak lama.", "Until then news goes to the old one."))</p>
                \(next.isProven ? "<p>\(t("Kontak baru sudah terbukti.", "The new contact is proven."))</p>" : "<p>\(t("Kode dikirim ke \(comes).", "The code went to \(comes)."))</p>\(codeForm(action, state, context))")\(agree)</section>
                """
        }
        let checked: HTML =
            isClerk
            ? Field(name: "checked", label: t("Identitas", "Identity")).html(state, t) { described, isInvalid in
                "<label class=\"check\"><input id=\"checked\" type=\"checkbox\" name=\"checked\" value=\"ya\"\(.value("aria-describedby", described))\(.value("aria-invalid", isInvalid ? "true" : nil))>\(t("KTP pemohon sudah saya cocokkan", "I have compared the applicant’s card"))</label>"
            }
            : HTML()
        let isOpen = state.fault("contact", t) != nil || state.fault("checked", t) != nil
        return """
            <details class="screen-only"\(.flag("open", isOpen))><summary>\(t("Ganti kontak \(contact.masked)", "Change the contact \(contact.masked)"))</summary><p class="small">\(t("Pemilik kontak lama diberi tahu dan punya \(ContactStop.days) hari untuk menghentikannya.", "The owner of the old contact is told, and has \(ContactStop.days) days to stop it."))</p><form method="post" action="\(action)">\(hidden(context))\(Field(name: "contact", label: t("Nomor HP atau email baru", "New mobile number or e-mail")).input(state, t, autocomplete: "email"))\(checked)<p><button class="button secondary" name="act" value="change">\(t("Minta diganti", "Ask for the change"))</button></p></form></details>
            """
    }

    /// The page behind the link that the old contact was sent: a button, since mail programs follow links.
    func exchangePage(_ context: VisitorContext) async throws -> Response {
        let t = context.words
        let (docket, tag) = (context.parameters.get("nomor") ?? "", context.parameters.get("tanda") ?? "")
        if let account = Identifier(docket) { return try await leavingPage(account, tag, context) }
        guard let contact = try await services.exchange(of: docket, tag: tag) else { return nothingToStop(context) }
        let main: HTML = """
            <h1>\(t("Hentikan penggantian kontak", "Stop the change of contact"))</h1><p>\(t("Ada yang meminta kabar berkas \(docket) dikirim ke \(contact). Kalau bukan Anda, hentikan di sini; kontak Anda tetap.", "Somebody asked that news of case \(docket) go to \(contact). If it was not you, stop it here; your contact stays."))</p>
            <form method="post" action="\(Link("kontak", docket, tag))">\(hidden(context))<p><button class="button">\(t("Hentikan", "Stop it"))</button></p></form>
            """
        return respond(
            Page(title: t("Hentikan penggantian kontak", "Stop the change of contact"), section: .track, isNarrow: true, main: main),
            context
        )
    }

    /// The same of a contact that is to be taken off an account.
    private func leavingPage(_ account: Identifier, _ tag: String, _ context: VisitorContext) async throws -> Response {
        guard let leaving = try await residents.leaving(from: account, tag: tag) else { return nothingToStop(context) }
        let t = context.words
        let (contact, date) = (leaving.contact.masked, leaving.until.date(in: city.zone))
        let title = t("Hentikan pelepasan kontak", "Keep your contact")
        let main: HTML = """
            <h1>\(title)</h1><p>\(t("Ada yang meminta kontak \(contact) dilepas dari akun Anda pada \(date.long(.indonesian)). Kalau bukan Anda, hentikan di sini.", "Somebody asked that contact \(contact) be taken off your account on \(date.long(.english)). If it was not you, stop it here."))</p>
            <p>\(t("Kontak Anda tetap. Kontak lain dan kunci sandi yang ditambahkan dalam \(Residents.newDays) hari terakhir dilepas, dan semua perangkat dikeluarkan.", "Your contact stays. Other contacts and passkeys that were added in the last \(Residents.newDays) days are taken off, and every device is signed out."))</p>
            <form method="post" action="\(Link("kontak", account.description, tag))">\(hidden(context))<p><button class="button">\(t("Hentikan", "Stop it"))</button></p></form>
            """
        return respond(Page(title: title, section: .own, isNarrow: true, main: main), context)
    }

    /// Stops an exchange, or that a contact is taken off an account.
    func stopExchange(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor)
        let (docket, tag) = (context.parameters.get("nomor") ?? "", context.parameters.get("tanda") ?? "")
        let account = Identifier(docket)
        let isStopped =
            if let account {
                try await residents.stopRemoval(from: account, tag: tag)
            } else {
                try await services.stopExchange(of: docket, tag: tag)
            }
        guard isStopped else { return nothingToStop(context) }
        let t = context.words
        let title = account == nil ? t("Penggantian dihentikan", "The change is stopped") : t("Pelepasan dihentikan", "It is stopped")
        let stays =
            account == nil
            ? t("Kontak Anda tetap, dan kabar tetap dikirim ke sini.", "Your contact stays, and news comes here as before.")
            : t(
                "Kontak Anda tetap. Semua perangkat dikeluarkan; masuk lagi dengan kontak ini.",
                "Your contact stays. Every device is signed out; sign in again with this contact."
            )
        let main: HTML = """
            \(doneNotice(stays))<h1>\(title)</h1>\(account == nil ? HTML() : "<p><a class=\"button\" href=\"\(Link("saya"))\">\(t("Masuk lagi", "Sign in again"))</a></p>")
            <p>\(t("Bukan Anda yang memintanya? Beri tahu kami:", "Was it not you who asked? Tell us:")) \(city.contact.telephone)</p>
            """
        return respond(Page(title: title, section: .track, isNarrow: true, main: main), context)
    }

    /// The link was used, or its days are over.
    private func nothingToStop(_ context: VisitorContext) -> Response {
        let t = context.words
        let title = t("Tidak ada yang perlu dihentikan", "There is nothing to stop")
        let main: HTML = """
            <h1>\(title)</h1><p>\(t("Perubahan kontak ini sudah dihentikan, sudah berlaku, atau tautannya tidak lengkap.", "This change of contact has been stopped, has come into force, or the link is not complete."))</p>
            <p>\(t("Ada yang tidak Anda kenali? Beri tahu kami:", "Something you do not know of? Tell us:")) \(city.contact.telephone)</p>
            """
        return respond(Page(title: title, section: .track, isNarrow: true, main: main), context, status: .notFound)
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
    ///
    /// - Parameter network: whence an applicant asks; nil for an officer.
    func takeContact(_ form: Form, _ docket: String, from network: String? = nil, by hand: Services.Hand) async throws {
        switch form["act"] {
        case "change":
            try await services.changeContact(form["contact"], of: docket, hasCheckedIdentity: form.has("checked"), from: network, by: hand)
        case "stop": try await services.takeExchangeBack(of: docket, by: hand)
        case "agree": try await services.agreeToContact(form["old-code"], of: docket, by: hand)
        default: try await services.proveContact(form["code"], of: docket, by: hand)
        }
    }

    /// Takes the code or another contact from the applicant, and nothing else: each address does what it is asked a code for.
    func takeApplicantContact(_ request: Request, _ context: VisitorContext) async throws -> Response {
        try await take(request, context) { form, docket in
            try await takeContact(form, docket, from: context.peer, by: .applicant)
            return form["act"]
        }
    }

    /// Takes a choice of news from the applicant, and nothing else.
    func takeApplicantNotices(_ request: Request, _ context: VisitorContext) async throws -> Response {
        try await take(request, context) { form, docket in
            guard let notices = Story.Notices(rawValue: form["notices"]) else {
                throw Problem.fields([Problem.Field("notices", Text(id: "Pilih salah satu", en: "Choose one"))])
            }
            try await services.setNotices(notices, of: docket)
            return "kabar"
        }
    }

    /// - Parameter act: what is done with the form; gives what the page says was done.
    private func take(
        _ request: Request,
        _ context: VisitorContext,
        _ act: (_ form: Form, _ docket: String) async throws -> String
    ) async throws -> Response {
        let (serviceCase, service) = try await requireHolder(request, context)
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor)
        do {
            let done = try await act(form, serviceCase.docket)
            return .seeOther(Link("berkas", serviceCase.docket, query: [("selesai", done)]))
        } catch let problem as Problem where problem.keepsForm {
            let state = FormState(problem: problem, typed: form)
            return try await serviceCasePage(request, serviceCase, service, context, state: state, status: problem.httpStatus)
        }
    }
}
