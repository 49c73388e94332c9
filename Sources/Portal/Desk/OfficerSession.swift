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
            if let session = request.cookie("sesi"), let open = try await accounts.open(session: session) {
                let officer = OfficerContext(visitor: context, officer: open.officer, session: session)
                return try await proven(request, officer, until: open.provenUntil, handler)
            }
            guard request.method == .get || request.method == .head else {
                return try await afterSessionEnd(request, context, handler)
            }
            return .seeOther(Link("masuk", query: [("ke", request.uri.path)]))
        }
    }

    // MARK: Signing in

    /// The sign-in page.
    ///
    /// - Parameter kept: a form that goes on once its sender is signed in again.
    func signInPage(
        _ request: Request,
        _ context: VisitorContext,
        state: FormState = .empty,
        kept: SealedForm? = nil,
        status: HTTPResponse.Status = .ok
    ) -> Response {
        let t = context.words
        let back = state.typed?["ke"] ?? request.query("ke") ?? ""
        let needsPair = state.problem?.code == "sign-in.two-codes" || state.typed?.has("next") == true
        let next = Field(
            name: "next",
            label: t("Kode berikutnya", "The next code"),
            help: t(
                "Tunggu sampai kodenya berganti, lalu tulis yang baru di sini",
                "Wait until the code changes, then write the new one here"
            )
        )
        let main: HTML = """
            \(state.summary(t))
            <h1>\(t("Masuk petugas", "Staff sign-in"))</h1>
            <p>\(t("Warga tidak perlu masuk untuk melapor atau melacak.", "Residents need not sign in to report or to track."))</p>
            <form method="post" action="\(kept?.address ?? Link("masuk"))">\(hidden(context))\(kept?.fields ?? HTML())<input type="hidden" name="ke" value="\(back)">
            \(Field(name: "login", label: t("Nama masuk", "Sign-in name")).input(state, t, autocomplete: "username"))
            \(Field(name: "password", label: t("Kata sandi", "Password")).input(state, t, type: "password", autocomplete: "current-password"))
            \(Field(name: "code", label: t("Kode dari aplikasi", "Code from your app"), help: t("Enam angka, berganti setiap 30 detik. Aplikasinya hilang? Tulis satu kode pemulihan.", "Six digits, changing every 30 seconds. Lost the app? Write a recovery code.")).input(state, t, autocomplete: "one-time-code", isShort: true))
            \(needsPair ? next.input(state, t, autocomplete: "off", inputMode: "numeric", isShort: true) : HTML())
            <p><button class="button">\(t("Masuk", "Sign in"))</button></p></form>
            """
        return respond(
            Page(title: t("Masuk petugas", "Staff sign-in"), hasErrors: state.problem != nil, isNarrow: true, kept: kept, main: main),
            context,
            status: status
        )
    }

    /// What a sign-in form brings.
    func attempt(_ form: Form, _ request: Request, _ context: VisitorContext) -> SignInAttempt {
        SignInAttempt(
            login: form["login"],
            password: form.all("password").first ?? "",
            code: form["code"],
            next: form["next"],
            network: context.peer,
            device: request.cookie("perangkat")
        )
    }

    /// The answer with what the browser of somebody who has signed in keeps: the session, and the name of the device.
    func keep(_ signedIn: SignedIn, _ response: Response) -> Response {
        response.settingCookie("sesi", signedIn.session, seconds: Int(Accounts.sessionLimit))
            .settingCookie("perangkat", signedIn.device, seconds: Int(Accounts.deviceLifetime))
    }

    /// Signs in.
    func signIn(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor)
        do {
            let signedIn = try await accounts.signIn(attempt(form, request, context))
            return keep(signedIn, .seeOther(form["ke"].hasPrefix("/meja") ? Link.path(form["ke"]) : Link("meja")))
        } catch let problem as Problem where problem.keepsForm {
            return signInPage(request, context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
    }

    /// Ends the session.
    func signOut(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        if form.has("lainnya") {
            try await accounts.signOutEverywhere(account: context.officer.account, except: context.session)
            return .seeOther(Link("meja", "akun"))
        }
        if form.has("akhiri") {
            try await accounts.end(form["akhiri"], of: context.officer.account)
            return .seeOther(Link("meja", "akun"))
        }
        if form.has("semua") {
            try await accounts.signOutEverywhere(account: context.officer.account)
        } else {
            try await accounts.signOut(session: context.session)
        }
        return Response.seeOther(Link("")).settingCookie("sesi", "", seconds: 0)
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
        let reset = try await accounts.events(of: officer.account).first { $0.kind == "account.reset" }
        let told: HTML? = reset.map {
            """
            <p class="notice">\(Icon.warning.html)<span>\(t("Akun ini disetel ulang oleh administrator pada", "An administrator reset this account on")) \($0.at.stamp(t.language, zone: city.zone)): \($0.reason ?? ""). \(t("Bukan permintaan Anda? Beri tahu kepala instansi.", "You did not ask for it? Tell the head of your agency."))</span></p>
            """
        }
        let address = TOTP.address(secret: secret, issuer: "Balai \(city.name.id)", account: "\(officer.number)")
        let main: HTML = """
            \(state.summary(t))
            <h1>\(t("Selamat datang, \(officer.name)", "Welcome, \(officer.name)"))</h1>
            \(told)<p>\(t("Petugas \(officer.number)", "Officer \(officer.number)")), \(city.agency(officer.agency).name). \(t("Tautan ini hanya bisa dipakai sekali.", "This link works once."))</p>
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
            let claimed = try await accounts.claim(
                token: context.parameters.get("klaim") ?? "",
                password: form.all("password").first ?? "",
                code: form["code"],
                device: request.cookie("perangkat")
            )
            return keep(claimed.signedIn, recoveryPage(claimed.recoveryCodes, context))
        } catch let problem as Problem where problem.keepsForm {
            return try await claimPage(context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
    }

    /// The recovery codes, which are shown this once.
    private func recoveryPage(_ codes: [String], _ context: VisitorContext) -> Response {
        let t = context.words
        let main: HTML = """
            <h1>\(t("Simpan kode pemulihan ini", "Keep these recovery codes"))</h1>
            <p>\(t("Akun Anda siap dan Anda sudah masuk. Kalau ponsel hilang, satu kode di bawah menggantikan kode aplikasi, masing-masing sekali. Cetak atau catat sekarang; tidak ditampilkan lagi.", "Your account is ready and you are signed in. If the telephone is lost, one of these stands for the code of the app, each of them once. Print or write them down now; they are not shown again."))</p>
            <ul class="list">\(HTML(codes.map { "<li class=\"code\">\($0)</li>" as HTML }))</ul>
            <p><button class="button secondary" type="button" data-print hidden>\(t("Cetak", "Print"))</button></p>
            <p><a class="button" href="\(Link("meja"))">\(t("Sudah saya simpan, ke meja kerja", "I have kept them, go to the desk"))</a></p>
            """
        var response = respond(Page(title: t("Kode pemulihan", "Recovery codes"), isNarrow: true, main: main), context)
        response.headers[.cacheControl] = "no-store"
        return response
    }
}
