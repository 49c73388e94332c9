// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Identity
import Markup
import Services
import Web

/// What a session alone is not enough for: whoever finds a desk unlocked, or stole a session, moves no money, signs nothing and
/// makes no key. One code from the authenticator lasts a quarter of an hour, and the code of signing in counts.
extension Portal {
    /// The addresses whose forms ask for a code that is fresh, as the router names them.
    private static let provenRoutes: Set<String> = [
        // Money
        "/meja/kas", "/meja/kas/{apa}", "/meja/kas/cocokkan",
        // Keys, accounts and roles
        "/meja/akses", "/meja/akun/{apa}", "/meja/petugas", "/meja/pejabat",
        // The contact that a case is opened with
        "/meja/permohonan/{nomor}/kontak",
    ]

    /// Acts of services are in their files: those that issue or revoke a document, bill, or give money back.
    private func needsProof(_ context: VisitorContext) async throws -> Bool {
        let route = context.endpointPath ?? ""
        guard route == "/meja/permohonan/{nomor}/{apa}/{aksi}" else { return Self.provenRoutes.contains(route) }
        guard context.parameters.get("apa") == "langkah", let found = try await services.find(context.parameters.get("nomor") ?? "")
        else { return false }
        let code = context.parameters.get("aksi")
        return found.service.stages.flatMap(\.actions).contains {
            $0.code == code && (!$0.issues.isEmpty || $0.revokes || $0.bills || $0.givesBack)
        }
    }

    /// Runs a handler of a signed-in officer, after a code where one is needed.
    func proven(
        _ request: Request,
        _ context: OfficerContext,
        until: Instant,
        _ handler: @Sendable (Request, OfficerContext) async throws -> Response
    ) async throws -> Response {
        guard request.method == .post, try await needsProof(context.visitor) else { return try await handler(request, context) }
        let owner = context.officer.account.description
        if request.query(SealedForm.mark) != nil {
            let form = try await Form(request)
            try token.check(form["token"], request, visitor: context.visitor.visitor)
            guard let kept = SealedForm(form, for: request, owner: owner, in: self) else { throw Self.sealGone }
            if SealedForm.choosesLanguage(request) {
                let page = proofPage(kept, context.visitor, .empty)
                return speaking(context.visitor.language, respond(page, context.visitor, status: .forbidden))
            }
            if now >= until {
                do {
                    try await accounts.prove(form["code"], session: context.session)
                } catch let problem as Problem where problem.keepsForm {
                    let state = FormState(problem: problem, typed: form)
                    return respond(proofPage(kept, context.visitor, state), context.visitor, status: problem.httpStatus)
                }
            }
            return try await handler(kept.request(over: request), context)
        }
        guard now >= until else { return try await handler(request, context) }
        let kept = try await SealedForm(request, owner: owner, in: self)
        try token.check(try await kept.form(over: request)["token"], request, visitor: context.visitor.visitor)
        return respond(proofPage(kept, context.visitor, .empty), context.visitor, status: .forbidden)
    }

    private func proofPage(_ kept: SealedForm, _ context: VisitorContext, _ state: FormState) -> Page {
        let t = context.words
        let main: HTML = """
            \(state.summary(t))
            <h1>\(t("Satu kode lagi", "One more code"))</h1>
            <p>\(t("Untuk uang, kunci, akun, dan tanda tangan kami minta kode baru. Isian Anda tersimpan dan langsung diteruskan; kode ini cukup untuk 15 menit.", "For money, keys, accounts and signatures we ask for a new code. What you typed is kept and goes on at once; the code lasts 15 minutes."))</p>
            <form method="post" action="\(kept.address)">\(hidden(context))\(kept.fields)
            \(Field(name: "code", label: t("Kode dari aplikasi", "Code from your app"), help: t("Enam angka. Kode yang baru dipakai masuk tidak berlaku lagi; tunggu yang berikutnya.", "Six digits. The one you signed in with is good no more; wait for the next.")).input(state, t, autocomplete: "one-time-code", inputMode: "numeric", isShort: true))
            <p><button class="button">\(t("Teruskan", "Go on"))</button></p></form>
            """
        return Page(title: t("Satu kode lagi", "One more code"), hasErrors: state.problem != nil, isNarrow: true, kept: kept, main: main)
    }

    static let sealGone = Problem(
        "proof.gone",
        .conflict,
        Text(id: "Isian yang tersimpan sudah terlalu lama", en: "What was kept is too old"),
        remedy: Text(id: "Kembali ke halamannya dan kirim lagi.", en: "Go back to the page and send it again.")
    )

    // MARK: A session that has ended

    /// What becomes of a form whose sender's session has ended: it waits, sealed, in the page that signs them in again.
    func afterSessionEnd(
        _ request: Request,
        _ context: VisitorContext,
        _ handler: @Sendable (Request, OfficerContext) async throws -> Response
    ) async throws -> Response {
        if request.query(SealedForm.mark) != nil {
            let form = try await Form(request)
            try token.check(form["token"], request, visitor: context.visitor)
            guard let kept = SealedForm(form, for: request, owner: "", in: self) else { throw Self.sealGone }
            if SealedForm.choosesLanguage(request) {
                let state = FormState(problem: Self.ended(isKept: true))
                return speaking(context.language, signInPage(request, context, state: state, kept: kept, status: .unauthorized))
            }
            do {
                let signedIn = try await accounts.signIn(attempt(form, request, context))
                guard let officer = try await accounts.officer(session: signedIn.session) else { throw Problem.notFound }
                let cookies = "pengunjung=\(context.visitor); sesi=\(signedIn.session)"
                var visitor = context
                visitor.sessions = FormToken.sessions(of: kept.request(over: request, cookies: cookies))
                let again = kept.request(over: request, cookies: cookies, token: token.issue(to: visitor))
                let response = try await handler(
                    again,
                    OfficerContext(visitor: visitor, officer: officer, session: signedIn.session)
                )
                return keep(signedIn, response)
            } catch let problem as Problem where problem.keepsForm && problem.code.hasPrefix("sign-in.") {
                let state = FormState(problem: problem, typed: form)
                return signInPage(request, context, state: state, kept: kept, status: problem.httpStatus)
            }
        }
        // Whoever was never signed in has nothing to go on with.
        guard request.cookie("sesi") != nil else { throw Self.ended(isKept: false) }
        let kept = try await SealedForm(request, owner: "", in: self)
        try token.check(try await kept.form(over: request)["token"], request, visitor: context.visitor)
        guard !kept.isMultipart else { throw Self.ended(isKept: false) }
        let state = FormState(problem: Self.ended(isKept: true))
        return signInPage(request, context, state: state, kept: kept, status: .unauthorized)
    }

    private static func ended(isKept: Bool) -> Problem {
        Problem(
            "session.ended",
            .unauthorized,
            Text(id: "Sesi Anda sudah berakhir", en: "Your session has ended"),
            remedy: isKept
                ? Text(
                    id: "Masuk lagi di sini: isian Anda tersimpan dan langsung diteruskan.",
                    en: "Sign in again here: what you typed is kept and goes on at once."
                )
                : Text(
                    id: "Masuk lagi di tab lain, lalu muat ulang halaman tadi dan kirim lagi.",
                    en: "Sign in again in another tab, then reload that page and send again."
                )
        )
    }
}
