// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Markup
import Residents
import Web

/// The door to “My page”: a code that goes to the contact, or a passkey. No password, and nobody has to come in to report, apply
/// or follow.
extension Portal {
    /// The resident whose session the request carries; nil for everybody else.
    func resident(_ request: Request) async throws -> Resident? {
        guard let session = request.cookie("warga") else { return nil }
        return try await residents.resident(session: session)
    }

    /// Where to go after signing in: only to where residents come from.
    private func way(back path: String) -> Link {
        ["/permohonan/", "/layanan/"].contains(where: path.hasPrefix) ? Link.path(path) : Link("saya")
    }

    // MARK: Having left

    /// The door, for whoever has just been erased and is known no more: the address says what stays.
    static func door(but staying: Staying) -> Link {
        let lists = [
            ("menunggu", staying.waiting), ("dokumen", staying.papers), ("tetap", staying.others), ("laporan", staying.reports),
        ].filter { !$0.1.isEmpty }
        return Link("saya", query: [("selesai", "terhapus")] + lists.map { ($0.0, $0.1.prefix(20).joined(separator: ",")) })
    }

    /// That the account is erased, what is not, and how to have it otherwise.
    private func gone(_ request: Request, _ t: Words) -> HTML {
        func dockets(_ name: String) -> String? {
            // Whoever makes the address up has their own words said by the city nowhere.
            let known = (request.query(name) ?? "").split(separator: ",").prefix(20).compactMap { Docket(String($0))?.description }
            return known.isEmpty ? nil : known.joined(separator: ", ")
        }
        let sentences = [
            t("Akun dan yang boleh dihapus sudah dihapus selamanya.", "The account and all that may be erased has been erased for ever."),
            dockets("menunggu").map {
                t(
                    "Belum dihapus: permohonan \($0); datanya dihapus dengan sendirinya setelah selesai. Tidak jadi? Buka berkasnya dengan nomor dan kuncinya, lalu tekan “Jangan hapus data saya”.",
                    "Not erased yet: application \($0); its data is erased by itself once it has ended. To stop that, open the case with its number and key and press “Do not erase my data”."
                )
            },
            dockets("dokumen").map {
                t(
                    "Tetap disimpan karena dokumennya sudah terbit (UU 43/2009, UU 27/2022 ps. 15): permohonan \($0).",
                    "Kept, as a document was issued on it (Law 43/2009, Law 27/2022 art. 15): application \($0)."
                )
            },
            dockets("tetap").map {
                t("Tidak diminta dihapus: permohonan \($0).", "Not asked to be erased: application \($0).")
            },
            dockets("laporan").map {
                t(
                    "Masih ditangani, atau diperiksa polisi atau pengadilan: laporan \($0). Setelah ditutup, Anda bisa menghapusnya di halamannya, dengan nomor dan kuncinya.",
                    "Still handled, or before the police or a court: report \($0). Once it is closed you can erase it on its page, with its number and key."
                )
            },
        ]
        return doneNotice(sentences.compactMap { $0 }.joined(separator: " "))
    }

    /// Asks for the contact.
    func signInDoor(_ request: Request, _ context: VisitorContext, state: FormState = .empty, status: HTTPResponse.Status = .ok) -> Response
    {
        let t = context.words
        let back = state.typed?["ke"] ?? request.query("ke") ?? ""
        let options = String(decoding: residents.requestOptions(visitor: context.visitor).canonical, as: UTF8.self)
        let main: HTML = """
            \(state.summary(t))\(request.query("selesai") == "terhapus" ? gone(request, t) : HTML())
            <h1>\(t("Halaman saya", "My page"))</h1>
            <p class="large">\(t("Semua laporan, permohonan, dokumen, dan pembayaran Anda di satu tempat. Tanpa kata sandi.", "All your reports, applications, documents and payments in one place. Without a password."))</p>
            <form method="post" action="\(Link("saya"))">\(hidden(context))<input type="hidden" name="ke" value="\(back)">
            \(Field(name: "contact", label: t("Nomor HP atau email", "Mobile number or e-mail"), help: t("Kami kirim kode enam angka ke sana.", "We send six digits there.")).input(state, t, autocomplete: "email"))
            <p><button class="button">\(t("Kirim kode", "Send the code"))</button></p></form>
            <form method="post" action="\(Link("saya", "masuk"))" data-passkey="get" data-options="\(options)" hidden>\(hidden(context))<input type="hidden" name="ke" value="\(back)"><input type="hidden" name="credential"><p><button class="button secondary">\(Icon.lock.html)\(t("Masuk dengan kunci sandi", "Sign in with a passkey"))</button></p><p role="status"></p></form>
            <p class="help">\(t("Punya nomor berkas? Langsung saja", "Have a case number? Go straight to")) <a href="\(Link("lacak"))">\(t("lacak", "track"))</a>. \(t("Petugas masuk", "Staff sign in")) <a href="\(Link("masuk"))">\(t("di sini", "here"))</a>.</p>
            """
        return respond(
            Page(
                title: t("Halaman saya", "My page"),
                section: .own,
                hasErrors: state.problem != nil,
                isNarrow: true,
                scripts: ["queue.js", "app.js", "passkey.js"],
                main: main
            ),
            context,
            status: status
        )
    }

    /// Sends the code, and says the same whether there is an account.
    func sendSignInCode(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor)
        do {
            try await residents.sendCode(
                to: form["contact"],
                visitor: context.visitor,
                address: context.peer,
                language: context.language
            )
        } catch let problem as Problem where problem.keepsForm {
            return signInDoor(request, context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
        return .seeOther(Link("saya", "kode", query: form["ke"].isEmpty ? [] : [("ke", form["ke"])]))
    }

    /// Asks for the code.
    func codePage(_ request: Request, _ context: VisitorContext, state: FormState = .empty, status: HTTPResponse.Status = .ok) -> Response {
        let t = context.words
        let back = state.typed?["ke"] ?? request.query("ke") ?? ""
        let main: HTML = """
            \(state.summary(t))
            <h1>\(t("Tulis kodenya", "Write the code"))</h1>
            <p>\(t("Kode enam angka sedang dikirim dan berlaku 10 menit. Jangan beri tahu siapa pun, termasuk petugas.", "Six digits are on their way, good for 10 minutes. Tell nobody, not even staff."))</p>
            <form method="post" action="\(Link("saya", "kode"))">\(hidden(context))<input type="hidden" name="ke" value="\(back)">
            \(Field(name: "code", label: t("Kode", "Code")).input(state, t, autocomplete: "one-time-code", inputMode: "numeric", isShort: true))
            <p><button class="button">\(t("Masuk", "Sign in"))</button></p></form>
            <p><a href="\(Link("saya"))">\(t("Tidak sampai? Periksa kontaknya dan minta lagi", "Did it not arrive? Check the contact and ask again"))</a></p>
            """
        return respond(
            Page(title: t("Tulis kodenya", "Write the code"), section: .own, hasErrors: state.problem != nil, isNarrow: true, main: main),
            context,
            status: status
        )
    }

    /// Signs in with the code.
    func takeCode(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor)
        do {
            return signedIn(try await residents.signIn(code: form["code"], visitor: context.visitor), form)
        } catch let problem as Problem where problem.keepsForm {
            return codePage(request, context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
    }

    /// Signs in with a passkey.
    func takePasskey(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor)
        let credential = (try? JSON(parsing: form["credential"].utf8)) ?? [:]
        do {
            return signedIn(try await residents.signIn(passkey: credential, visitor: context.visitor), form)
        } catch let problem as Problem where problem.keepsForm {
            return signInDoor(request, context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
    }

    private func signedIn(_ session: String, _ form: Form) -> Response {
        Response.seeOther(way(back: form["ke"]))
            .settingCookie("warga", session, seconds: Int(Residents.sessionLimit))
    }
}
