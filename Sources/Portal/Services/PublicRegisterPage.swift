// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Documents
import Essentials
import Hummingbird
import Markup
import Web

/// The public register of what a service has issued.
extension Portal {
    /// What was issued, without anybody's name.
    func publicRegister(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let t = context.words
        let service = try requireService(context)
        guard let columns = service.register else { throw Problem.notFound }
        let number = try request.page()
        let (rows, total) = try await documents.register(of: service.code, page: number)
        try number.requireRows(rows)
        func link(_ page: PageNumber) -> Link { Link("layanan", service.code, "daftar", query: [("hal", String(page.number))]) }
        let today = now.date(in: city.zone)
        let lines = HTML(
            rows.map { document in
                """
                <tr><th scope="row"><a href="\(Link("verifikasi", document.fingerprint))">\(document.number)</a></th>\(HTML(zip(columns, document.register).map { column, value in "<td data-l=\"\(t(column.label))\">\(value.value)</td>" as HTML }))<td data-l="\(t("Terbit", "Issued"))">\(document.issuedAt.date(in: city.zone).long(t.language))</td><td data-l="\(t("Keadaan", "State"))">\(standingBadge(document.standing(on: today), document.validUntil, t))</td></tr>
                """
            }
        )
        let table: HTML =
            rows.isEmpty
            ? "<p class=\"box\">\(t("Belum ada yang terbit.", "Nothing has been issued yet."))</p>"
            : "<table class=\"stack\"><caption class=\"sr\">\(t("\(total) dokumen", "\(total) documents"))</caption><thead><tr><th scope=\"col\">\(t("Nomor", "Number"))</th>\(HTML(columns.map { "<th scope=\"col\">\(t($0.label))</th>" as HTML }))<th scope=\"col\">\(t("Terbit", "Issued"))</th><th scope=\"col\">\(t("Keadaan", "State"))</th></tr></thead><tbody>\(lines)</tbody></table>"
        let main: HTML = """
            <h1>\(t("Daftar publik: \(service.name.id)", "Public register: \(service.name.en)"))</h1>
            <p>\(t("Tanpa nama orang. Setiap nomor bisa diperiksa.", "Without people’s names. Every number can be checked."))</p>\(table)
            <p class="row">\(number.previous.map { "<a href=\"\(link($0))\">\(t("Sebelumnya", "Previous"))</a>" as HTML })\(number.next(of: total, size: 25).map { "<a href=\"\(link($0))\">\(t("Berikutnya", "Next"))</a>" as HTML })</p>
            """
        let page = Page(
            title: t("Daftar publik: \(service.name.id)", "Public register: \(service.name.en)"),
            section: .services,
            crumbs: [(t("Layanan", "Services"), Link("layanan")), (t(service.name), Link("layanan", service.code))],
            main: main
        )
        return respond(page, context)
    }
}
