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
        let sessions = try await accounts.sessions(of: officer.account)
        let unsent = officer.seesAll ? try await Outbox(journal: journal).unsent() : []
        let main: HTML = """
            \(state.summary(t))
            <h1>\(officer.name)</h1>
            \(issued.map { newAccess($0, t) } ?? HTML())
            <dl class="details"><div><dt>\(t("Nomor", "Number"))</dt><dd>\(t("Petugas", "Officer")) \(officer.number)</dd></div><div><dt>\(t("Instansi", "Agency"))</dt><dd>\(city.agency(officer.agency).name)</dd></div><div><dt>\(t("Peran", "Roles"))</dt><dd>\(officer.roles.map { t($0.name) }.sorted().joined(separator: ", "))</dd></div></dl>
            <h2>\(t("Sesi terbuka", "Open sessions"))</h2>
            <ul class="list">\(HTML(sessions.map { "<li><span>\(t("Mulai", "Since")) \($0.startedAt.stamp(t.language, zone: city.zone))</span><span class=\"muted\">\(t("dipakai", "used")) \($0.seenAt.stamp(t.language, zone: city.zone))</span></li>" }))</ul>
            <form method="post" action="\(Link("keluar"))">\(hidden(context.visitor))<p class="row"><button class="button">\(t("Keluar", "Sign out"))</button><button class="button secondary" name="lainnya" value="1">\(t("Akhiri sesi lain", "End other sessions"))</button></p></form>
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
        <div class="box primary" role="status"><h2>\(t("Kunci baru", "New key"))</h2><p>\(t("Salin sekarang; kunci ini tidak ditampilkan lagi.", "Copy it now; it is not shown again."))</p><p class="code">\(token)</p><p class="small">curl -H "Authorization: Bearer \(token)" "\(origin)/meja/laporan.csv?saringan=semua"</p></div>
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
            let issued = try await accounts.issueAccess(name: form["name"], days: Int(outside: form["days"], in: Accounts.accessDays) ?? 0, by: context.officer)
            return try await accountPage(context, issued: issued)
        } catch let problem as Problem where problem.keepsForm {
            return try await accountPage(context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
    }
}
