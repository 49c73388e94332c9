// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Markup
import Services
import Web

/// The register of a service's cases, where the law wants one to be open: numbers, dates and ends, and nothing of who asked what.
extension Portal {
    private func publicService(_ context: VisitorContext) throws -> Service {
        let service = try requireService(context)
        guard service.hasPublicCases else { throw Problem.notFound }
        return service
    }

    private func outcome(_ row: Case, _ t: Words) -> String {
        switch row.outcome {
        case .granted: t("diberikan", "granted")
        case .refused: t("ditolak", "refused")
        case .closed: t("ditutup", "closed")
        case .unanswered: t("tidak dijawab", "not answered")
        case .deemed: t("dianggap dikabulkan", "deemed granted")
        case nil: ""
        }
    }

    private func lateness(_ row: Case, _ t: Words) -> HTML {
        if row.isUnanswered(at: now) { return Badge.html(.warning, t("Terlambat, belum dijawab", "Late, not answered yet"), tone: "bad") }
        return row.promiseEnd(calendar: city.calendar)?.badge(t) ?? HTML()
    }

    /// The page.
    func publicCases(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let t = context.words
        let service = try publicService(context)
        let number = try request.page()
        let (rows, total) = try await services.publicCases(of: service.code, page: number)
        try number.requireRows(rows)
        let lines = HTML(
            rows.map { row in
                """
                <tr><th scope="row" class="code">\(row.docket)</th><td data-l="\(t("Masuk", "Filed"))">\(row.filedAt.date(in: city.zone).long(t.language))</td><td data-l="\(t("Keadaan", "State"))">\(statusBadge(row, service, t)) \(outcome(row, t))</td><td data-l="\(t("Tenggat", "Due"))">\(row.due.map { $0.date(in: city.zone).long(t.language) } ?? "–") \(lateness(row, t))</td></tr>
                """
            }
        )
        let table: HTML =
            rows.isEmpty
            ? "<p class=\"box\">\(t("Belum ada yang masuk.", "None has come in yet."))</p>"
            : "<table class=\"stack\"><caption class=\"sr\">\(t("\(total) berkas", "\(total) cases"))</caption><thead><tr><th scope=\"col\">\(t("Nomor", "Number"))</th><th scope=\"col\">\(t("Masuk", "Filed"))</th><th scope=\"col\">\(t("Keadaan", "State"))</th><th scope=\"col\">\(t("Tenggat", "Due"))</th></tr></thead><tbody>\(lines)</tbody></table>"
        func link(_ page: PageNumber) -> Link { Link("layanan", service.code, "berkas", query: [("hal", String(page.number))]) }
        let title = t("Register: \(service.name.id)", "Register: \(service.name.en)")
        let main: HTML = """
            <h1>\(title)</h1><p>\(t("Semua yang pernah masuk, tanpa nama dan tanpa isinya.", "All that ever came in, without names and without their content."))</p>\(table)
            <p class="row">\(number.previous.map { "<a href=\"\(link($0))\">\(t("Sebelumnya", "Previous"))</a>" as HTML })\(number.next(of: total, size: 25).map { "<a href=\"\(link($0))\">\(t("Berikutnya", "Next"))</a>" as HTML })<a href="\(Link("layanan", service.code, "berkas.csv"))">CSV</a></p>
            """
        let page = Page(
            title: title,
            section: .services,
            crumbs: [(t("Layanan", "Services"), Link("layanan")), (t(service.name), Link("layanan", service.code))],
            main: main
        )
        return respond(page, context)
    }

    /// The most cases that the file holds: the newest.
    private static let exported = 50_000

    /// The same as a file.
    func publicCasesFile(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let service = try publicService(context)
        let rows = try await services.publicCases(of: service.code, limit: Self.exported).rows
        let records = rows.map { row in
            [
                row.docket, row.filedAt.rfc3339(in: city.zone), row.progress.stage, row.progress.status.rawValue,
                row.outcome?.rawValue ?? "",
                row.due?.rfc3339(in: city.zone) ?? "", row.agency,
            ]
        }
        let text = ([["docket", "filed_at", "stage", "status", "outcome", "due", "agency"]] + records).map(CSVWriter.record).joined()
        var response = Response.text(text, type: "text/csv; charset=utf-8").tagged(for: request, Array(text.utf8))
        response.headers[.contentDisposition] = "attachment; filename=\"\(service.code).csv\""
        return response
    }
}
