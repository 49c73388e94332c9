// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import HTTPTypes
import Hummingbird
import Identity
import Journal
import Markup
import Web

/// The bank's statement beside the city's books.
extension Portal {
    /// Shows the form, with the result of a statement that has just been compared.
    func reconciliationPage(
        _ context: OfficerContext,
        _ result: Reconciliation? = nil,
        state: FormState = .empty,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let t = context.words
        guard context.officer.roles.contains(.treasurer) else { throw Problem.notFound }
        let file = Field(
            name: "statement",
            label: t("Rekening koran (CSV)", "Bank statement (CSV)"),
            help: t(
                "Kolom tanggal, kredit, dan keterangan. Berkasnya tidak disimpan.",
                "Columns date, credit and description. The file is not kept."
            )
        ).html(state, t) { described, isInvalid in
            """
            <input id="statement" name="statement" type="file" accept="text/csv,.csv"\(.value("aria-describedby", described))\(.value("aria-invalid", isInvalid ? "true" : nil))>
            """
        }
        var compared = HTML()
        if let result { compared = try await outcome(result, context) }
        let main: HTML = """
            \(state.summary(t))<h1>\(t("Cocokkan dengan bank", "Compare with the bank"))</h1>
            <form method="post" action="\(Link("meja", "kas", "cocokkan"))" enctype="multipart/form-data">\(hidden(context.visitor))\(file)<p><button class="button">\(t("Cocokkan", "Compare"))</button></p></form>
            \(compared)
            """
        return respond(
            staffPage(
                t("Cocokkan dengan bank", "Compare with the bank"),
                context,
                section: .services,
                crumbs: [(t("Meja kerja", "Desk"), Link("meja")), (t("Kas", "Cash"), Link("meja", "kas"))],
                hasErrors: state.problem != nil,
                main: main
            ),
            context.visitor,
            status: status
        )
    }

    private func outcome(_ result: Reconciliation, _ context: OfficerContext) async throws -> HTML {
        let t = context.words
        func rupiah(_ amounts: [Int]) -> String { "Rp\(t.number(amounts.reduce(0, +)))" }
        let missing = HTML(
            try await result.onlyAtBank.asyncMap { row in
                let bill = try await fees.find(Reconciliation.code(in: row) ?? "").flatMap {
                    $0.agency == context.officer.agency ? $0 : nil
                }
                let take: HTML =
                    bill.map { bill in
                        """
                        <form method="post" action="\(Link("meja", "kas", "catat"))">\(hidden(context.visitor))<input type="hidden" name="kode" value="\(bill.number)"><input type="hidden" name="amount" value="\("\(row.amount)")"><input type="hidden" name="day" value="\(row.day.description)"><input type="hidden" name="text" value="\(row.text)"><p><button class="button secondary">\(t("Catat untuk \(bill.docket)", "Record it for \(bill.docket)"))</button></p></form>
                        """
                    } ?? HTML()
                return "<li><b>Rp\(t.number(row.amount))</b><p>\(row.day.long(t.language)): \(row.text)</p>\(take)</li>"
            }
        )
        let here = HTML(
            result.onlyHere.map {
                "<li><b>Rp\(t.number($0.amount))</b><p>\($0.receipt), \($0.docket), \(t($0.method.name)), \($0.at.stamp(t.language, zone: city.zone))</p></li>"
                    as HTML
            }
        )
        let isClean = result.onlyAtBank.isEmpty && result.onlyHere.isEmpty
        return """
            <h2>\(result.days.lowerBound.long(t.language)) – \(result.days.upperBound.long(t.language))</h2>
            <p class="notice \(isClean ? "good" : "warn")" role="status">\(isClean ? Icon.check.html : Icon.warning.html)<span>\(isClean ? t("Cocok: semua uang masuk ada di buku.", "They agree: all money that came in is in the books.") : t("Ada selisih. Periksa yang di bawah.", "They differ. Look at what is below."))</span></p>
            <dl class="facts"><div><dt>\(t("Cocok", "In both"))</dt><dd>\("\(result.matched.count)"), \(rupiah(result.matched.map(\.payment.amount)))</dd></div><div><dt>\(t("Hanya di bank", "Only at the bank"))</dt><dd>\("\(result.onlyAtBank.count)"), \(rupiah(result.onlyAtBank.map(\.amount)))</dd></div><div><dt>\(t("Hanya di sini", "Only here"))</dt><dd>\("\(result.onlyHere.count)"), \(rupiah(result.onlyHere.map(\.amount)))</dd></div></dl>
            \(missing.isEmpty ? HTML() : "<section aria-labelledby=\"r1\"><h2 id=\"r1\">\(t("Masuk ke bank, belum tercatat", "Came in, not recorded"))</h2><ul class=\"list\">\(missing)</ul></section>")
            \(here.isEmpty ? HTML() : "<section aria-labelledby=\"r2\"><h2 id=\"r2\">\(t("Tercatat, tidak masuk ke bank", "Recorded, did not come in"))</h2><ul class=\"list\">\(here)</ul></section>")
            """
    }

    /// Compares a statement.
    func takeStatement(_ request: Request, _ context: OfficerContext) async throws -> Response {
        guard context.officer.roles.contains(.treasurer) else { throw Problem.notFound }
        let form = try await formWithFiles(request, context.visitor)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        do {
            let bytes = try form.files["statement"]?.first?.content() ?? []
            let result = try await fees.reconcile(try await BankStatement.read(bytes), by: context.officer)
            return try await reconciliationPage(context, result)
        } catch let problem as Problem where problem.keepsForm {
            return try await reconciliationPage(context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
    }

    /// Records money that only the bank knows of. The same row is taken once, however often it is sent.
    func recordFromStatement(_ form: Form, _ context: OfficerContext) async throws {
        let amount = try Rupiah.typed(form["amount"], field: "amount")
        let row = "\(form["day"])|\(amount)|\(form["text"])"
        _ = try await fees.take(
            amount,
            for: form["kode"],
            by: .transfer,
            reference: "rekening:\(journal.vault.blindIndex(row))",
            on: CivilDate.typed(form["day"]).value,
            officer: context.officer
        )
    }
}
