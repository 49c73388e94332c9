// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Identity
import Markup
import Web

/// A request by somebody on the staff: the officer is there, or there is no request.
struct OfficerContext: Sendable {
    let visitor: VisitorContext
    let officer: Officer
    let session: String

    var words: Words { visitor.words }
}

extension Portal {
    /// The officer whose session the request carries; nil for everybody else.
    func officer(_ request: Request) async throws -> Officer? {
        guard let session = request.cookie("sesi") else { return nil }
        return try await accounts.officer(session: session)
    }

    /// Wraps a handler that needs an officer. Without one, people are sent to sign in and come back.
    func staff(
        _ handler: @escaping @Sendable (Request, OfficerContext) async throws -> Response
    ) -> @Sendable (Request, VisitorContext) async throws -> Response {
        { request, context in
            guard let session = request.cookie("sesi"), let officer = try await accounts.officer(session: session) else {
                guard request.method == .get else {
                    throw Problem(
                        "session.ended",
                        .unauthorized,
                        Text(id: "Sesi Anda sudah berakhir", en: "Your session has ended"),
                        remedy: Text(
                            id: "Masuk lagi di tab lain, lalu kirim ulang halaman ini.",
                            en: "Sign in again in another tab, then send this page again."
                        )
                    )
                }
                return .seeOther(Link("masuk", query: [("ke", request.uri.path)]))
            }
            return try await handler(request, OfficerContext(visitor: context, officer: officer, session: session))
        }
    }

    // MARK: Signing in

    /// The sign-in page.
    func signInPage(_ request: Request, _ context: VisitorContext, state: FormState = .empty, status: HTTPResponse.Status = .ok) -> Response
    {
        let t = context.words
        let back = state.typed?["ke"] ?? request.query("ke") ?? ""
        let main: HTML = """
            \(state.summary(t))
            <h1>\(t("Masuk petugas", "Staff sign-in"))</h1>
            <p>\(t("Warga tidak perlu masuk untuk melapor atau melacak.", "Residents need not sign in to report or to track."))</p>
            <form method="post" action="\(Link("masuk"))">\(hidden(context))<input type="hidden" name="ke" value="\(back)">
            \(Field(name: "login", label: t("Nama masuk", "Sign-in name")).input(state, t, autocomplete: "username"))
            \(Field(name: "password", label: t("Kata sandi", "Password")).input(state, t, type: "password", autocomplete: "current-password"))
            \(Field(name: "code", label: t("Kode dari aplikasi", "Code from your app"), help: t("Enam angka, berganti setiap 30 detik", "Six digits, changing every 30 seconds")).input(state, t, autocomplete: "one-time-code", inputMode: "numeric", isShort: true))
            <p><button class="button">\(t("Masuk", "Sign in"))</button></p></form>
            """
        return respond(
            Page(title: t("Masuk petugas", "Staff sign-in"), hasErrors: state.problem != nil, isNarrow: true, main: main),
            context,
            status: status
        )
    }

    /// Signs in.
    func signIn(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor)
        do {
            let session = try await accounts.signIn(
                login: form["login"],
                password: form.all("password").first ?? "",
                code: form["code"],
                address: context.peer
            )
            let back = form["ke"].hasPrefix("/meja") ? Link.path(form["ke"]) : Link("meja")
            return Response.seeOther(back).settingCookie("sesi", session, seconds: Int(Accounts.sessionLifetime), isSecure: isSecure)
        } catch let problem as Problem where problem.keepsForm {
            return signInPage(request, context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
    }

    /// Ends the session.
    func signOut(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        if form.has("lainnya") {
            try await accounts.signOutElsewhere(account: context.officer.account, except: context.session)
            return .seeOther(Link("meja", "akun"))
        }
        try await accounts.signOut(session: context.session)
        return Response.seeOther(Link("")).settingCookie("sesi", "", seconds: 0, isSecure: isSecure)
    }

    /// The page behind a claim link: its owner sets a password and an authenticator.
    func claimPage(_ context: VisitorContext, state: FormState = .empty, status: HTTPResponse.Status = .ok) async throws -> Response {
        let t = context.words
        let claim = context.parameters.get("klaim") ?? ""
        guard let officer = try await accounts.claimant(token: claim) else {
            throw Problem(
                "claim.used",
                .gone,
                Text(id: "Tautan ini sudah dipakai atau kedaluwarsa", en: "This link has been used or is too old"),
                remedy: Text(id: "Minta tautan baru kepada administrator.", en: "Ask the administrator for a new link.")
            )
        }
        let secret = accounts.authenticatorSecret(token: claim)
        let address = TOTP.address(secret: secret, issuer: "Balai \(city.name.id)", account: "\(officer.number)")
        let main: HTML = """
            \(state.summary(t))
            <h1>\(t("Selamat datang, \(officer.name)", "Welcome, \(officer.name)"))</h1>
            <p>\(t("Petugas \(officer.number)", "Officer \(officer.number)")), \(city.agency(officer.agency).name). \(t("Tautan ini hanya bisa dipakai sekali.", "This link works once."))</p>
            <form method="post" action="\(Link("masuk", "klaim", claim))">\(hidden(context))
            <h2>\(t("1. Aplikasi kode", "1. Authenticator app"))</h2>
            <p>\(t("Pindai dengan aplikasi kode di ponsel Anda, atau ketik rahasia ini:", "Scan it with an authenticator app on your phone, or type this secret:")) <span class="code">\(TOTP.base32(secret))</span></p>
            \(qrCode(address, label: t("Kode QR untuk aplikasi kode", "QR code for the authenticator app")))
            \(Field(name: "code", label: t("Kode yang tampil sekarang", "The code it shows now")).input(state, t, autocomplete: "one-time-code", inputMode: "numeric", isShort: true))
            <h2>\(t("2. Kata sandi", "2. Password"))</h2>
            \(Field(name: "password", label: t("Kata sandi baru", "New password"), help: t("Paling sedikit 12 huruf. Kalimat pendek paling mudah diingat.", "At least 12 characters. A short sentence is easiest to remember.")).input(state, t, type: "password", autocomplete: "new-password"))
            <p><button class="button">\(t("Simpan", "Save"))</button></p></form>
            """
        return respond(
            Page(title: t("Akun petugas", "Staff account"), hasErrors: state.problem != nil, isNarrow: true, main: main),
            context,
            status: status
        )
    }

    /// Takes a claimed account's password and code.
    func claim(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor)
        do {
            try await accounts.claim(
                token: context.parameters.get("klaim") ?? "",
                password: form.all("password").first ?? "",
                code: form["code"]
            )
        } catch let problem as Problem where problem.keepsForm {
            return try await claimPage(context, state: FormState(problem: problem, typed: form), status: .unprocessableContent)
        }
        return .seeOther(Link("masuk"))
    }
}
