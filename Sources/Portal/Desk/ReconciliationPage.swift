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
                "Kolom tanggal, kredit, dan keterangan. Berkasnya tidak disimpan, hanya sidiknya.",
                "Columns date, credit and description. The file is not kept, only its fingerprint."
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
        func rupiah(_ amounts: [Int]) -> String { t.rupiah(amounts.reduce(0, +)) }
        let missing = HTML(
            try await result.onlyAtBank.asyncMap { row in
                let bill = try await fees.find(Reconciliation.code(in: row) ?? "").flatMap {
                    $0.agency == context.officer.agency ? $0 : nil
                }
                let take: HTML =
                    try bill.map { bill in
                        """
                        <form method="post" action="\(Link("meja", "kas", "catat"))">\(hidden(context.visitor))<input type="hidden" name="baris" value="\(try seal(row, for: bill, of: result, context.officer))"><p><button class="button secondary">\(t("Catat untuk \(bill.docket)", "Record it for \(bill.docket)"))</button></p></form>
                        """
                    } ?? HTML()
                return "<li><b>\(t.rupiah(row.amount))</b><p>\(row.day.long(t.language)): \(row.text)</p>\(take)</li>"
            }
        )
        let here = HTML(
            result.onlyHere.map {
                "<li><b>\(t.rupiah($0.amount))</b><p>\(booked($0, t))</p></li>" as HTML
            }
        )
        let isClean = result.onlyAtBank.isEmpty && result.onlyHere.isEmpty
        return """
            <h2>\(result.days.lowerBound.long(t.language)) – \(result.days.upperBound.long(t.language))</h2>
            <p class="notice \(isClean ? "good" : "warn")" role="status">\(isClean ? Icon.check.html : Icon.warning.html)<span>\(isClean ? t("Cocok: semua uang masuk ada di buku.", "They agree: all money that came in is in the books.") : t("Ada selisih. Periksa yang di bawah.", "They differ. Look at what is below."))</span></p>
            <dl class="facts"><div><dt>\(t("Cocok", "In both"))</dt><dd>\("\(result.matched.count)"), \(rupiah(result.matched.map(\.booked.amount)))</dd></div><div><dt>\(t("Hanya di bank", "Only at the bank"))</dt><dd>\("\(result.onlyAtBank.count)"), \(rupiah(result.onlyAtBank.map(\.amount)))</dd></div><div><dt>\(t("Hanya di sini", "Only here"))</dt><dd>\("\(result.onlyHere.count)"), \(rupiah(result.onlyHere.map(\.amount)))</dd></div></dl>
            \(missing.isEmpty ? HTML() : "<section aria-labelledby=\"r1\"><h2 id=\"r1\">\(t("Masuk ke bank, belum tercatat", "Came in, not recorded"))</h2><ul class=\"list\">\(missing)</ul></section>")
            \(here.isEmpty ? HTML() : "<section aria-labelledby=\"r2\"><h2 id=\"r2\">\(t("Tercatat, tidak masuk ke bank", "Recorded, did not come in"))</h2><ul class=\"list\">\(here)</ul></section>")
            """
    }

    private func booked(_ booked: Reconciliation.Booked, _ t: Words) -> String {
        switch booked {
        case .payment(let payment):
            "\(payment.receipt), \(payment.docket), \(t(payment.method.name)), \(payment.at.stamp(t.language, zone: city.zone))"
        case .deposit(let deposit):
            [
                "\(t("Setoran", "Deposit")) \(slip(deposit.reference, CivilDate(deposit.valueDay), t))",
                deposit.cashier.map { t("Petugas \($0)", "Officer \($0)") },
            ].compactMap { $0 }.joined(separator: ", ")
        }
    }

    /// A row of a statement as the form carries it that records it: closed, so that nobody records what no statement said.
    private func seal(_ row: BankStatement.Row, for bill: Bill, of result: Reconciliation, _ officer: Officer) throws -> String {
        let content: JSON = [
            "bill": .string(bill.number), "amount": JSON(row.amount), "day": .string(row.day.description), "text": .string(row.text),
            "ordinal": JSON(row.ordinal), "statement": .string(result.fingerprint), "officer": .string(officer.account.description),
            "compared": .integer(now.milliseconds),
        ]
        return try journal.vault.sealPassing(content.canonical).base64URL
    }

    /// Compares a statement.
    func takeStatement(_ request: Request, _ context: OfficerContext) async throws -> Response {
        guard context.officer.roles.contains(.treasurer) else { throw Problem.notFound }
        let form = try await formWithFiles(request, context.visitor)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        do {
            let bytes = try form.files["statement"]?.first?.content() ?? []
            guard !bytes.isEmpty else {
                throw Problem.fields([Problem.Field("statement", Text(id: "Pilih berkasnya", en: "Choose the file"))])
            }
            let result = try await fees.reconcile(try await BankStatement.read(bytes), by: context.officer)
            return try await reconciliationPage(context, result)
        } catch let problem as Problem where problem.keepsForm {
            return try await reconciliationPage(context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
    }

    /// Records money that only the bank knows of. The same row is taken once, however often it is sent.
    func recordFromStatement(_ form: Form, _ context: OfficerContext) async throws {
        guard let sealed = [UInt8](base64URL: form["baris"]), let bytes = try? journal.vault.openPassing(sealed),
            let row = try? JSON(parsing: bytes), row["officer"]?.string == context.officer.account.description,
            let bill = row["bill"]?.string, let amount = row["amount"]?.integer, let text = row["text"]?.string,
            let day = row["day"]?.string.flatMap({ CivilDate($0) }), let statement = row["statement"]?.string,
            let ordinal = row["ordinal"]?.integer, let compared = row["compared"]?.integer
        else { throw Self.noSuchRow }
        let finding = BankStatement.Finding(
            text: text,
            amount: Int(amount),
            day: day,
            ordinal: Int(ordinal),
            fingerprint: statement,
            compared: Instant(milliseconds: compared)  // sound: nobody but we could have sealed it
        )
        let (payment, isRepeat) = try await fees.take(finding, for: bill, officer: context.officer)
        guard isRepeat else { return }
        throw Problem(
            "statement.known-row",
            .conflict,
            Text(id: "Baris ini sudah tercatat: \(payment.receipt)", en: "This row is recorded already: \(payment.receipt)")
        )
    }

    private static let noSuchRow = Problem(
        "statement.no-such-row",
        .conflict,
        Text(id: "Baris ini tidak ada di rekening koran yang Anda cocokkan", en: "This row stands in no statement that you compared"),
        remedy: Text(
            id: "Cocokkan rekening korannya lagi, lalu catat dari sana.",
            en: "Compare the statement again, and record it from there."
        )
    )
}
