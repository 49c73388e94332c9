// SPDX-License-Identifier: EUPL-1.2

import Essentials
import HTTPTypes
import Hummingbird
import Markup
import Residents
import Web

/// What a resident’s session alone is not enough for: whoever holds a telephone for a minute takes over no account.
extension Portal {
    /// Acts on the own page that change how the account is opened, or end it.
    static let provenOwnActs: Set<String> = ["kontak", "tambah-kontak", "lepas-kontak", "kunci", "lepas-kunci", "hapus"]

    /// What comes of asking.
    enum Proof {
        /// The request as it was meant, which may go on.
        case goOn(Request)
        /// What is said instead.
        case answer(Response)
    }

    /// Lets a form through that was sent within a quarter of an hour of a code; else sends a code to the account’s first contact and
    /// asks for it, with the form kept in the page.
    ///
    /// - Parameter byOwner: whether the code or passkey must be no newcomer to the account.
    /// - Parameter check: what of the form can be refused before anybody is asked for a code.
    func proven(
        _ request: Request,
        _ context: VisitorContext,
        _ resident: Resident,
        _ session: String,
        byOwner: Bool = false,
        checking check: (Form) throws -> Void = { _ in }
    ) async throws -> Proof {
        let owner = resident.id.description
        let isFresh = try await residents.isProven(session: session, byOwner: byOwner)
        if request.query(SealedForm.mark) != nil {
            let form = try await Form(request)
            try token.check(form["token"], request, visitor: context.visitor)
            guard let kept = SealedForm(form, for: request, owner: owner, in: self) else { throw Self.sealGone }
            if SealedForm.choosesLanguage(request) {
                return .answer(speaking(context.language, ownProofPage(kept, resident, context, .empty)))
            }
            do {
                if !isFresh { try await residents.prove(code: form["code"], of: resident, session: session) }
                guard try await residents.isProven(session: session, byOwner: byOwner) else { throw Self.newcomer }
            } catch let problem as Problem where problem.keepsForm {
                return .answer(ownProofPage(kept, resident, context, FormState(problem: problem, typed: form)))
            }
            return .goOn(kept.request(over: request))
        }
        if isFresh { return .goOn(request) }
        let kept = try await SealedForm(request, owner: owner, in: self)
        let form = try await kept.form(over: request)
        try token.check(form["token"], request, visitor: context.visitor)
        try check(form)
        do {
            try await residents.sendProofCode(to: resident, network: context.peer, language: context.language)
        } catch let problem as Problem where problem.status == .tooMany {
            return .answer(ownProofPage(kept, resident, context, FormState(problem: problem)))
        }
        return .answer(ownProofPage(kept, resident, context, .empty))
    }

    private static let newcomer = Problem(
        "resident.newcomer",
        .conflict,
        Text(id: "Kontak akun ini masih baru", en: "The contact of this account is new"),
        remedy: Text(
            id: "Tunggu sampai \(Residents.newDays) hari setelah ditambahkan, atau buka berkas lewat tautan di tanda terima Anda.",
            en: "Wait until it has been there for \(Residents.newDays) days, or open the case by the link on your receipt."
        )
    )

    private func ownProofPage(_ kept: SealedForm, _ resident: Resident, _ context: VisitorContext, _ state: FormState) -> Response {
        let t = context.words
        let contact = resident.contacts.first?.masked ?? ""
        let main: HTML = """
            \(state.summary(t))
            <h1>\(t("Pastikan ini Anda", "Make sure that it is you"))</h1>
            <p>\(t("Sebelum kontak, kunci, akun, atau rekening berubah, dan sebelum berkas diakhiri atau dihapus, kami minta kode. Kode enam angka dikirim ke \(contact); isian Anda tersimpan dan langsung diteruskan.", "Before contacts, keys, the account or a bank account change, and before a case is ended or erased, we ask for a code. Six digits are on their way to \(contact); what you sent is kept and goes on at once."))</p>
            <form method="post" action="\(kept.address)">\(hidden(context))\(kept.fields)
            \(Field(name: "code", label: t("Kode", "Code")).input(state, t, autocomplete: "one-time-code", inputMode: "numeric", isShort: true))
            <p><button class="button">\(t("Teruskan", "Go on"))</button></p></form>
            """
        return respond(
            Page(
                title: t("Pastikan ini Anda", "Make sure it is you"),
                section: .own,
                hasErrors: state.problem != nil,
                isNarrow: true,
                kept: kept,
                main: main
            ),
            context,
            status: state.problem?.httpStatus ?? .forbidden
        )
    }
}
