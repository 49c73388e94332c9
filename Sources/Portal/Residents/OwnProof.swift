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

    /// Lets a form through that was sent within a quarter of an hour of a code; else sends a code to a contact of the account and asks
    /// for it, with the form kept in the page, from where it can be sent to another.
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
                return .answer(speaking(context.language, try await ownProofPage(kept, resident, context, .empty)))
            }
            if form.has(Self.otherContact) { return .answer(try await sendElsewhere(form, kept, resident, session, context)) }
            do {
                if !isFresh { try await residents.prove(code: form["code"], of: resident, session: session) }
                guard try await residents.isProven(session: session, byOwner: byOwner) else { throw Self.newcomer }
            } catch let problem as Problem where problem.keepsForm {
                return .answer(try await ownProofPage(kept, resident, context, FormState(problem: problem, typed: form)))
            }
            return .goOn(kept.request(over: request))
        }
        if isFresh { return .goOn(request) }
        let kept = try await SealedForm(request, owner: owner, in: self)
        let form = try await kept.form(over: request)
        try token.check(form["token"], request, visitor: context.visitor)
        try check(form)
        do {
            try await residents.sendProofCode(to: resident, session: session, network: context.peer, language: context.language)
        } catch let problem as Problem where problem.status == .tooMany {
            return .answer(try await ownProofPage(kept, resident, context, FormState(problem: problem)))
        }
        return .answer(try await ownProofPage(kept, resident, context, .empty))
    }

    /// The field in which somebody says to which contact the code is to go.
    private static let otherContact = "kirim-ke"

    /// Sends the code to the contact that was chosen.
    private func sendElsewhere(
        _ form: Form,
        _ kept: SealedForm,
        _ resident: Resident,
        _ session: String,
        _ context: VisitorContext
    ) async throws -> Response {
        let possible = resident.proofContacts(at: now)
        guard let place = Int(digits: form[Self.otherContact].utf8), possible.indices.contains(place) else { throw Problem.notFound }
        do {
            try await residents.sendProofCode(
                to: resident,
                at: possible[place],
                session: session,
                network: context.peer,
                language: context.language
            )
        } catch let problem as Problem where problem.status == .tooMany {
            return try await ownProofPage(kept, resident, context, FormState(problem: problem, typed: form))
        }
        return try await ownProofPage(kept, resident, context, .empty, isSentElsewhere: true)
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

    private func ownProofPage(
        _ kept: SealedForm,
        _ resident: Resident,
        _ context: VisitorContext,
        _ state: FormState,
        isSentElsewhere: Bool = false
    ) async throws -> Response {
        let t = context.words
        let sent = try await residents.proofSent(to: resident)
        let said = sent.map { $0.masked(among: resident.contacts) }.map {
            t("Kode enam angka dikirim ke \($0).", "Six digits are on their way to \($0).")
        }
        let main: HTML = """
            \(state.summary(t))\(isSentElsewhere ? said.map(doneNotice) : nil)
            <h1>\(t("Pastikan ini Anda", "Make sure that it is you"))</h1>
            <p>\(t("Anda akan \(kept.deed.id): untuk itu kami minta kode.", "You are about to \(kept.deed.en): for that we ask for a code.")) \(said ?? "") \(t("Isian Anda tersimpan dan langsung diteruskan.", "What you sent is kept and goes on at once."))</p>
            <form method="post" action="\(kept.address)">\(hidden(context))\(kept.fields)
            \(Field(name: "code", label: t("Kode", "Code")).input(state, t, autocomplete: "one-time-code", inputMode: "numeric", isShort: true))
            <p><button class="button">\(t("Teruskan", "Go on"))</button></p></form>\(elsewhere(kept, resident, sent, context, isOpen: state.problem?.status == .tooMany))
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

    /// Where else the code can go, or that it goes to the only contact once more.
    private func elsewhere(_ kept: SealedForm, _ resident: Resident, _ sent: Contact?, _ context: VisitorContext, isOpen: Bool) -> HTML {
        let t = context.words
        let possible = resident.proofContacts(at: now)
        let choice: HTML =
            possible.count > 1
            ? Field(name: Self.otherContact, label: t("Kirim kode ke", "Send the code to")).radios(
                .empty,
                t,
                value: "\(sent.flatMap { possible.firstIndex(of: $0) } ?? 0)",
                options: possible.enumerated().map { ("\($0.offset)", $0.element.masked(among: possible), "") }
            ) : "<input type=\"hidden\" name=\"\(Self.otherContact)\" value=\"0\">"
        let asked =
            possible.count > 1
            ? t("Tidak sampai, atau kontak itu tidak Anda pakai lagi?", "Did it not arrive, or is that contact no longer yours?")
            : t("Kodenya tidak sampai, atau sudah habis waktunya?", "Did the code not arrive, or is its time over?")
        return """
            <details\(.flag("open", isOpen))><summary>\(asked)</summary><form method="post" action="\(kept.address)">\(hidden(context))\(kept.fields)\(choice)<p><button class="button secondary">\(t("Kirim kode", "Send the code"))</button></p></form></details>
            """
    }
}

extension SealedForm {
    /// What the form does, in words that follow “you are about to”, by the end of its address.
    fileprivate var deed: Text {
        switch path.split(separator: "/").last {
        case "kontak", "tambah-kontak": Text(id: "menambah atau mengganti kontak", en: "add or change a contact")
        case "kabar": Text(id: "mengubah kabar apa yang dikirim tentang sebuah berkas", en: "change what news of a case is sent")
        case "lepas-kontak": Text(id: "melepas kontak dari akun", en: "take a contact off the account")
        case "kunci": Text(id: "menambah kunci sandi", en: "add a passkey")
        case "lepas-kunci": Text(id: "melepas kunci sandi", en: "take off a passkey")
        case "hapus": Text(id: "menghapus akun", en: "erase the account")
        case "hapus-data", "penghapusan": Text(id: "menghapus data di sebuah berkas", en: "erase the data in a case")
        case "rekening": Text(id: "menulis rekening tempat uang dikembalikan", en: "say to which bank account money goes back")
        case "penarikan": Text(id: "menarik laporan", en: "withdraw a report")
        default: Text(id: "mengakhiri permohonan", en: "end an application")
        }
    }
}
