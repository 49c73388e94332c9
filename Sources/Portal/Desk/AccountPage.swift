// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Identity
import Markup
import Notifications
import Web

/// An officer's own account: open sessions, and access for programs.
extension Portal {
    /// Shows it.
    ///
    /// - Parameter issued: a token that has just been made; it is shown this once.
    func accountPage(
        _ context: OfficerContext,
        issued: String? = nil,
        state: FormState = .empty,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let t = context.words
        let officer = context.officer
        let sessions = HTML(try await accounts.sessions(of: officer.account, asking: context.session).map { session($0, context) })
        let unsent = officer.seesAll ? try await Outbox(journal: journal).unsent() : []
        let main: HTML = """
            \(state.summary(t))
            <h1>\(officer.name)</h1>
            \(issued.map { newAccess($0, t) } ?? HTML())
            \(try await standingIn(officer, t))<dl class="details"><div><dt>\(t("Nomor", "Number"))</dt><dd>\(t("Petugas", "Officer")) \(officer.number)</dd></div><div><dt>\(t("Instansi", "Agency"))</dt><dd>\(city.agency(officer.agency).name)</dd></div><div><dt>\(t("Peran", "Roles"))</dt><dd>\(officer.roles.map { t($0.name) }.sorted().joined(separator: ", "))</dd></div></dl>
            <h2>\(t("Sesi terbuka", "Open sessions"))</h2>
            <p>\(t("Sesi berakhir 12 jam setelah masuk, atau 10 jam tidak dipakai.", "A session ends 12 hours after signing in, or after 10 hours without use."))</p>
            <ul class="list">\(sessions)</ul>
            <form method="post" action="\(Link("keluar"))">\(hidden(context.visitor))<p class="row"><button class="button">\(t("Keluar", "Sign out"))</button><button class="button secondary" name="lainnya" value="1">\(t("Akhiri sesi lain", "End other sessions"))</button><button class="button secondary" name="semua" value="1">\(t("Keluar dari semua perangkat", "Sign out of every device"))</button></p></form>
            \(officer.roles.contains(.administrator) ? "<p><a href=\"\(Link("meja", "petugas"))\">\(t("Setel ulang akun petugas", "Reset an officer’s account"))</a></p>" : HTML())
            \(try await safety(context, state))
            \(try await programs(context, state))
            \(unsent.isEmpty ? HTML() : "<h2>\(t("Pesan yang belum sampai", "Messages not delivered"))</h2><ul class=\"list\">\(HTML(unsent.map { "<li><a href=\"\(Link("meja", "berkas", $0.docket))\">\($0.docket)</a><span>\($0.channel.rawValue), \($0.state)</span><p>\($0.failure ?? t("menunggu giliran", "waiting its turn"))</p></li>" }))</ul>")
            """
        return respond(
            staffPage(t("Akun saya", "My account"), context, hasErrors: state.problem != nil, main: main),
            context.visitor,
            status: status
        )
    }

    private func newAccess(_ token: String, _ t: Words) -> HTML {
        """
        <div class="box primary" role="status" tabindex="-1" autofocus><h2>\(t("Kunci baru", "New key"))</h2><p>\(t("Salin sekarang; kunci ini tidak ditampilkan lagi.", "Copy it now; it is not shown again."))</p><p class="code">\(token)</p><p class="small">curl -H "Authorization: Bearer \(token)" "\(origin)/meja/laporan.csv?saringan=semua"</p></div>
        """
    }

    private func programs(_ context: OfficerContext, _ state: FormState) async throws -> HTML {
        let t = context.words
        let items = HTML(
            try await accounts.accesses(of: context.officer.account).map { access in
                """
                <li><b>\(access.name)</b><span>\(t("sampai", "until")) \(access.until.date(in: city.zone).long(t.language))</span><form method="post" action="\(Link("meja", "akses"))">\(hidden(context.visitor))<button class="text-button" name="cabut" value="\(access.entry)">\(t("Cabut", "Revoke"))<span class="sr"> \(access.name)</span></button></form></li>
                """
            }
        )
        return """
            <h2>\(t("Akses untuk program", "Access for programs"))</h2>
            <p>\(t("Kunci ini membaca CSV meja kerja dengan hak Anda, tanpa masuk. Tidak bisa mengubah apa pun.", "Such a key reads the desk’s CSV with your rights, without signing in. It can change nothing."))</p>
            \(items.isEmpty ? HTML() : "<ul class=\"list\">\(items)</ul>")
            <form method="post" action="\(Link("meja", "akses"))">\(hidden(context.visitor))
            \(Field(name: "name", label: t("Untuk apa", "What for"), help: t("Misalnya: lembar kerja mingguan", "For instance: the weekly spreadsheet")).input(state, t))
            \(Field(name: "days", label: t("Berlaku berapa hari", "Good for how many days")).input(state, t, value: "90", inputMode: "numeric", isShort: true))
            <p><button class="button secondary">\(t("Buat kunci", "Make a key"))</button></p></form>
            """
    }

    /// Makes or revokes access for a program.
    func changeAccess(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        if form.has("cabut") {
            try await accounts.revokeAccess(form["cabut"], by: context.officer)
            return .seeOther(Link("meja", "akun"))
        }
        do {
            let issued = try await accounts.issueAccess(
                name: form["name"],
                days: Int(outside: form["days"], in: Accounts.accessDays) ?? 0,
                by: context.officer
            )
            return try await accountPage(context, issued: issued)
        } catch let problem as Problem where problem.keepsForm {
            return try await accountPage(context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
    }

    private func session(_ session: Accounts.Session, _ context: OfficerContext) -> HTML {
        let t = context.words
        let end: HTML =
            session.isThis
            ? "<b>\(t("Sesi ini", "This session"))</b>"
            : """
            <form method="post" action="\(Link("keluar"))">\(hidden(context.visitor))<button class="text-button" name="akhiri" value="\(session.id)">\(t("Akhiri", "End"))<span class="sr"> \(t("sesi sejak", "the session since")) \(session.startedAt.stamp(t.language, zone: city.zone))</span></button></form>
            """
        return """
            <li><span>\(t("Mulai", "Since")) \(session.startedAt.stamp(t.language, zone: city.zone))</span><span class="muted">\(t("dipakai", "used")) \(session.seenAt.stamp(t.language, zone: city.zone))</span>\(end)</li>
            """
    }

    /// Password, authenticator, and what happened to the account.
    private func safety(_ context: OfficerContext, _ state: FormState) async throws -> HTML {
        let t = context.words
        let events = HTML(
            try await accounts.events(of: context.officer.account).map { event in
                """
                <li><span>\(Self.eventName(event.kind, t))\(event.reason.map { ": \($0)" } ?? "")</span><span class="muted">\(event.at.stamp(t.language, zone: city.zone))</span></li>
                """
            }
        )
        return """
            <h2 id="sandi">\(t("Ganti kata sandi", "Change the password"))</h2>
            <form method="post" action="\(Link("meja", "akun", "sandi"))">\(hidden(context.visitor))
            \(Field(name: "password", label: t("Kata sandi sekarang", "Present password")).input(state, t, type: "password", autocomplete: "current-password"))
            \(Field(name: "new-password", label: t("Kata sandi baru", "New password"), help: t("Paling sedikit 12 huruf. Sesi lain berakhir.", "At least 12 characters. Other sessions end.")).input(state, t, type: "password", autocomplete: "new-password"))
            <p><button class="button secondary">\(t("Ganti kata sandi", "Change the password"))</button></p></form>
            <h2>\(t("Aplikasi kode", "Authenticator app"))</h2>
            <p>\(t("Kode pemulihan yang tersisa:", "Recovery codes left:")) <b>\(try await accounts.recoveryCodesLeft(of: context.officer))</b></p>
            <p>\(t("Ganti ponsel, atau kode pemulihan habis? Atur lagi aplikasi kode, kata sandi, dan kode pemulihan sekaligus. Yang lama berlaku sampai selesai.", "A new telephone, or no recovery codes left? Set up the app, the password and the recovery codes anew. The old ones hold until that is done."))</p>
            <form method="post" action="\(Link("meja", "akun", "aplikasi"))">\(hidden(context.visitor))<p><button class="button secondary">\(t("Atur ulang", "Set up anew"))</button></p></form>
            <form method="post" action="\(Link("meja", "akun", "bukti"))">\(hidden(context.visitor))<p><button class="text-button">\(t("Buktikan diri sekarang (berlaku 15 menit)", "Prove that it is you now (good for 15 minutes)"))</button></p></form>
            <h2>\(t("Riwayat akun", "What happened to the account"))</h2>
            <ul class="list">\(events)</ul>
            """
    }

    private static func eventName(_ kind: String, _ t: Words) -> String {
        switch kind {
        case "account.created": t("Akun dibuat", "Account made")
        case "account.credentials-set": t("Kata sandi atau aplikasi kode diganti", "Password or authenticator changed")
        case "account.recovery-used": t("Kode pemulihan dipakai", "A recovery code was used")
        case "account.reset": t("Disetel ulang oleh administrator", "Reset by an administrator")
        default: kind
        }
    }

    /// Takes what an officer changes about their own account.
    func takeAccountAct(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        do {
            switch context.visitor.parameters.get("apa") {
            case "sandi":
                try await accounts.changePassword(
                    of: context.officer,
                    from: form.all("password").first ?? "",
                    to: form.all("new-password").first ?? "",
                    session: context.session
                )
            case "aplikasi":
                return .seeOther(Link("masuk", "klaim", try await accounts.renewAuthenticator(of: context.officer)))
            // The code was asked for on the way here.
            case "bukti": break
            default: throw Problem.notFound
            }
        } catch let problem as Problem where problem.keepsForm {
            return try await accountPage(context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
        return .seeOther(Link("meja", "akun"))
    }
}
