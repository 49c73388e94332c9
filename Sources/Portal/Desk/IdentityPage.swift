// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Identity
import Markup
import Residents
import Web

/// Looking at a resident's identity card, once: with the person, their card and the code that they read out.
extension Portal {
    /// Shows the form.
    ///
    /// - Parameter isDone: whether somebody's card has just been checked.
    func identityPage(
        _ request: Request,
        _ context: OfficerContext,
        state: FormState = .empty,
        status: HTTPResponse.Status = .ok
    ) throws -> Response {
        let t = context.words
        try residents.requireMayIdentify(context.officer)
        let done: HTML =
            request.query("selesai") == nil || state.problem != nil
            ? HTML()
            : doneNotice(
                t(
                    "Pemeriksaan tercatat. Hasilnya tampil di “Halaman saya” warga itu.",
                    "The check is recorded. What came of it stands on the resident’s own page."
                )
            )
        let main: HTML = """
            \(state.summary(t))<h1>\(t("Periksa identitas", "Check an identity"))</h1>\(done)
            <p>\(t("Cocokkan wajah dengan KTP. Warga membuka “Halaman saya”, meminta kode loket, dan membacakannya. Yang Anda tulis di sini tersimpan terkunci; warga melihat bahwa Anda memeriksanya.", "Compare the face with the card. The resident opens “My page”, asks for a code for the counter and reads it out. What you write is sealed; the resident sees that you checked it."))</p>
            <form method="post" action="\(Link("loket", "identitas"))" novalidate>\(hidden(context.visitor))
            \(Field(name: "contact", label: t("Kontak akun warga", "Contact of the resident’s account")).input(state, t))
            \(Field(name: "code", label: t("Kode loket", "Code for the counter")).input(state, t, inputMode: "numeric", isShort: true))
            \(Field(name: "name", label: t("Nama di KTP", "Name on the card")).input(state, t))
            \(Field(name: "number", label: t("NIK di KTP", "NIK on the card")).input(state, t, inputMode: "numeric"))
            <p><button class="button" accesskey="s">\(t("Sudah saya cocokkan", "I have compared them"))</button></p></form>
            """
        return respond(
            staffPage(
                t("Periksa identitas", "Check an identity"),
                context,
                section: .services,
                crumbs: [(t("Permohonan", "Applications"), Link("meja", "layanan"))],
                hasErrors: state.problem != nil,
                main: main
            ),
            context.visitor,
            status: status
        )
    }

    /// Records it.
    func takeIdentity(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        do {
            try await residents.identify(
                contact: form["contact"],
                code: form["code"],
                name: form["name"],
                number: form["number"],
                visitor: context.visitor.visitor,
                by: context.officer
            )
        } catch let problem as Problem where problem.keepsForm {
            return try identityPage(request, context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
        return .seeOther(Link("loket", "identitas", query: [("selesai", "1")]))
    }
}
