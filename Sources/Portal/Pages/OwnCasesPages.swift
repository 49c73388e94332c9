// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Markup
import Services
import Web

/// “My reports” without an account and without a password: a link is sent to the contact, and opens what was reported with it.
extension Portal {
    /// Asks for the contact.
    func ownCasesDoor(_ context: VisitorContext, state: FormState = .empty, status: HTTPResponse.Status = .ok) -> Response {
        let t = context.words
        let main: HTML = """
            \(state.summary(t))
            <h1>\(t("Laporan saya", "My reports"))</h1>
            <p>\(t("Tanpa akun, tanpa kata sandi. Kami kirim tautan ke nomor HP atau email yang Anda pakai waktu melapor.", "No account, no password. We send a link to the mobile number or e-mail that you reported with."))</p>
            <form method="post" action="\(Link("saya"))">\(hidden(context))
            \(Field(name: "contact", label: t("Nomor HP atau email", "Mobile number or e-mail")).input(state, t, autocomplete: "email"))
            <p><button class="button">\(t("Kirim tautan", "Send the link"))</button></p></form>
            <p class="help">\(t("Punya nomor berkas? Langsung saja", "Have a case number? Go straight to")) <a href="\(Link("lacak"))">\(t("lacak", "track"))</a>.</p>
            """
        return respond(
            Page(title: t("Laporan saya", "My reports"), section: .track, hasErrors: state.problem != nil, isNarrow: true, main: main),
            context,
            status: status
        )
    }

    /// Sends the link, and says the same whether there is anything to send.
    func sendOwnCasesLink(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let t = context.words
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor)
        do {
            try await complaints.sendOwnCasesLink(to: form["contact"], language: context.language) { [services] snapshot, index in
                try services.knows(snapshot, contact: index)
            }
        } catch let problem as Problem where problem.keepsForm {
            return ownCasesDoor(context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
        let main: HTML = """
            <h1>\(t("Periksa pesan Anda", "Check your messages"))</h1>
            <p class="large">\(t("Kalau ada laporan dengan kontak itu, tautannya sedang dikirim dan berlaku 2 jam.", "If there are reports with that contact, the link is on its way and works for 2 hours."))</p>
            <p><a href="\(Link("saya"))">\(t("Salah tulis? Ulangi", "Mistyped? Try again"))</a></p>
            """
        return respond(Page(title: t("Periksa pesan Anda", "Check your messages"), section: .track, isNarrow: true, main: main), context)
    }

    /// The reports behind a link; each opens with a key that ends by itself.
    func ownCases(_ context: VisitorContext) async throws -> Response {
        let t = context.words
        guard let rows = try await complaints.ownCases(link: context.parameters.get("tautan") ?? "") else {
            throw Problem(
                "link.gone",
                .gone,
                Text(id: "Tautan ini sudah lewat 2 jam", en: "This link is older than 2 hours"),
                remedy: Text(id: "Minta tautan baru di “Laporan saya”.", en: "Ask for a new one at “My reports”.")
            )
        }
        let items = HTML(
            rows.map { complaint in
                let title = complaint.title.isEmpty ? complaint.docket : complaint.title
                let link = Link("berkas", complaint.docket, query: [("kunci", complaints.passingKey(to: complaint.docket))])
                return """
                    <li><a href="\(link)">\(title)</a><span class="code muted">\(complaint.docket)</span><p>\(Badge.stage(complaint, t)) \(complaint.filedAt.date(in: city.zone).long(t.language))</p></li>
                    """
            }
        )
        let applications = try await services.cases(contact: complaints.contact(ofLink: context.parameters.get("tautan") ?? "") ?? "")
        let cases = HTML(
            try await applications.asyncMap { row in
                let service = try await services.find(row.docket)?.service
                let link = Link("berkas", row.docket, query: [("kunci", complaints.passingKey(to: row.docket))])
                return """
                    <li><a href="\(link)">\(service.map { t($0.name) } ?? row.service)</a><span class="code muted">\(row.docket)</span><p>\(service.map { statusBadge(row, $0, t) } ?? HTML()) \(row.filedAt.date(in: city.zone).long(t.language))</p></li>
                    """
            }
        )
        let main: HTML = """
            <h1>\(t("Laporan dan permohonan saya", "My reports and applications"))</h1>
            <h2>\(t("Permohonan", "Applications"))</h2>\(applications.isEmpty ? "<p>\(t("Belum ada.", "None yet."))</p>" : "<ul class=\"list\">\(cases)</ul>")
            <h2>\(t("Laporan", "Reports"))</h2><p>\(t("\(rows.count) laporan dalam setahun terakhir.", "\(rows.count) reports in the last year."))</p>
            <ul class="list">\(items)</ul>
            """
        return respond(
            Page(title: t("Laporan dan permohonan saya", "My reports and applications"), section: .track, isNarrow: true, main: main),
            context
        )
    }
}
