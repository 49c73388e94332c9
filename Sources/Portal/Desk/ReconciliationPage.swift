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
    /// A row that only the bank knows of, as the form carries it that records it: closed, so that nobody records what no statement
    /// said, and so that those left can be shown again.
    private struct OpenRow {
        let sealed: String
        let finding: BankStatement.Finding
        /// The bill of the officer's agency that the bank names; nil where it names none.
        let bill: String?
        /// Receipts of the same amount that the bill had when the books were read.
        let alike: [String]
    }

    /// How many rows a form carries along, and of how many bytes, below what is taken of a form; what is beyond is compared again.
    private static let mostCarried = (rows: 200, bytes: FormLimits.fields * 3 / 4)

    /// Shows the form, with the result of a statement that has just been compared.
    func reconciliationPage(
        _ context: OfficerContext,
        _ result: Reconciliation? = nil,
        left: HTML = HTML(),
        state: FormState = .empty,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let t = context.words
        guard context.officer.roles.contains(.treasurer) else { throw Problem.notFound }
        let file = Field(
            name: "statement",
            label: t("Rekening koran (CSV)", "Bank statement (CSV)"),
            help: t(
                "Kolom tanggal, kredit, dan keterangan; atau jumlah dengan DB/CR. Berkasnya tidak disimpan, hanya sidiknya.",
                "Columns date, credit and description; or amount with DB/CR. The file is not kept, only its fingerprint."
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
            \(compared)\(left)
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
        let shown = try result.onlyAtBank.prefix(Self.mostCarried.rows).map {
            try openRow(seal($0, of: result, context.officer), context.officer)
        }
        let byBill = result.matched.filter { $0.ground == .bill }
        let byAmount = result.matched.filter { $0.ground == .amount }
        let unsure = byBill + byAmount
        let isClean = result.onlyAtBank.isEmpty && result.onlyHere.isEmpty && result.takenBack.isEmpty
        return """
            <h2>\(result.days.lowerBound.long(t.language)) – \(result.days.upperBound.long(t.language))</h2>
            <p class="notice \(isClean && unsure.isEmpty ? "good" : "warn")" role="status">\(isClean && unsure.isEmpty ? Icon.check.html : Icon.warning.html)<span>\(verdict(isClean, unsure.count, t))</span></p>
            <dl class="facts"><div><dt>\(t("Cocok", "In both"))</dt><dd>\("\(result.matched.count)"), \(rupiah(result.matched.map(\.booked.amount)))</dd></div><div><dt>\(t("Hanya di bank", "Only at the bank"))</dt><dd>\("\(result.onlyAtBank.count)"), \(rupiah(result.onlyAtBank.map(\.row.amount)))</dd></div><div><dt>\(t("Hanya di sini", "Only here"))</dt><dd>\("\(result.onlyHere.count)"), \(rupiah(result.onlyHere.map(\.amount)))</dd></div></dl>
            \(try await openRows(shown, context, more: result.onlyAtBank.count - shown.count))
            \(pairs("r4", t("Masuk, lalu ditarik kembali oleh bank", "Came in, then taken back by the bank"), result.takenBack.map { ($0.row, .payment($0.payment)) }, t))
            \(pairs("r2", t("Tercatat, tidak masuk ke bank", "Recorded, did not come in"), result.onlyHere.map { (nil, $0) }, t))
            \(try await sameBill(byBill, result, context))
            \(pairs("r3", t("Cocok menurut hari dan jumlah saja: periksa", "In both by day and amount alone: look at them"), byAmount.map { ($0.row, $0.booked) }, t))
            """
    }

    private func verdict(_ isClean: Bool, _ unsure: Int, _ t: Words) -> String {
        if !isClean { return t("Ada selisih. Periksa yang di bawah.", "They differ. Look at what is below.") }
        if unsure == 0 { return t("Cocok: semua uang masuk ada di buku.", "They agree: all money that came in is in the books.") }
        return t(
            "Jumlahnya cocok, tetapi \(unsure) baris tidak menyebut rujukan pembayarannya: periksa di bawah.",
            "The sums agree, but \(unsure) rows do not name the payment: look at them below."
        )
    }

    /// What the books hold beside the row of the bank that it is taken for, at most as many as a form carries.
    private func pairs(
        _ id: String,
        _ title: String,
        _ pairs: [(row: BankStatement.Row?, booked: Reconciliation.Booked)],
        _ t: Words
    ) -> HTML {
        guard !pairs.isEmpty else { return HTML() }
        let items = HTML(
            pairs.prefix(Self.mostCarried.rows).map { row, booked in
                """
                <li><b>\(t.rupiah(booked.amount))</b>\(row.map { "<p>\($0.day.long(t.language)): \($0.text)</p>" as HTML })<p>\(self.booked(booked, t))</p></li>
                """ as HTML
            }
        )
        let more = pairs.count - Self.mostCarried.rows
        return """
            <section aria-labelledby="\(id)"><h2 id="\(id)">\(title)</h2><ul class="list">\(items)</ul>\(more > 0 ? "<p>\(t("Dan \(more) lagi.", "And \(more) more."))</p>" : HTML())</section>
            """
    }

    /// Rows that name a bill of which as much was paid, but not that payment: each can be recorded where it is a second one.
    private func sameBill(_ matches: [Reconciliation.Match], _ result: Reconciliation, _ context: OfficerContext) async throws -> HTML {
        guard !matches.isEmpty else { return HTML() }
        let t = context.words
        let rows = try await fees.missing(Array(matches.prefix(Self.mostCarried.rows)))
        let shown = try rows.map { try openRow(seal($0, of: result, context.officer), context.officer) }
        return try await openRows(
            shown,
            context,
            more: matches.count - shown.count,
            title: ("r5", t("Cocok menurut tagihan dan jumlah saja: periksa", "In both by bill and amount alone: look at them"))
        )
    }

    /// Rows to be recorded, in one form that carries those that are left.
    private func openRows(
        _ rows: [OpenRow],
        _ context: OfficerContext,
        more: Int = 0,
        title: (id: String, text: String)? = nil
    ) async throws -> HTML {
        guard !rows.isEmpty else { return HTML() }
        let t = context.words
        let (id, title) = title ?? ("r1", t("Masuk ke bank, belum tercatat", "Came in, not recorded"))
        let isCarried =
            rows.count <= Self.mostCarried.rows && rows.reduce(0) { $0 + $1.sealed.utf8.count } <= Self.mostCarried.bytes
        let bills = try await fees.find(rows.compactMap(\.bill))
        let corrected = try await journal.read { snapshot in try rows.map { try fees.corrected($0.finding, in: snapshot) } }
        let items = HTML(
            zip(rows, corrected).map { row, corrected in
                let again: HTML? = corrected.map { payment -> HTML in
                    """
                    <p class="small">\(t("Pernah dicatat untuk \(payment.docket) (\(payment.receipt)), lalu dibatalkan. Untuk tagihan lain, tulis kodenya:", "It was recorded for \(payment.docket) (\(payment.receipt)), and taken back. For another bill, write its code:"))</p><p class="row"><label class="sr" for="lain-\(payment.receipt)">\(t("Kode bayar", "Payment code"))</label><input id="lain-\(payment.receipt)" name="lain-\(payment.receipt)" inputmode="numeric" autocomplete="off" class="short"><button class="button secondary" name="lain" value="\(row.sealed)">\(t("Catat untuk kode itu", "Record it for that code"))</button></p>
                    """
                }
                let carried: HTML = isCarried ? "<input type=\"hidden\" name=\"sisa\" value=\"\(row.sealed)\">" : HTML()
                return
                    "<li>\(carried)<b>\(t.rupiah(row.finding.amount))</b><p>\(row.finding.day.long(t.language)): \(row.finding.text)</p>\(recording(row, row.bill.flatMap { bills[$0] }, t))\(again)</li>"
                    as HTML
            }
        )
        let rest: HTML =
            more > 0
            ? "<p>\(t("Dan \(more) baris lagi. Catat yang ini dulu, lalu cocokkan lagi.", "And \(more) more rows. Record these first, then compare again."))</p>"
            : HTML()
        return """
            <section aria-labelledby="\(id)"><h2 id="\(id)">\(title)</h2><form method="post" action="\(Link("meja", "kas", "catat"))"><button disabled hidden></button>\(hidden(context.visitor))<ul class="list">\(items)</ul></form>\(rest)</section>
            """
    }

    /// For which bill a row can be recorded, and what speaks against it.
    private func recording(_ row: OpenRow, _ bill: Bill?, _ t: Words) -> HTML {
        guard let bill else {
            return """
                <p class="small">\(t("Tidak menyebut tagihan kantor Anda. Tanyakan kepada bank siapa yang membayar.", "It names no bill of your office. Ask the bank who paid."))</p>
                """
        }
        var doubts: [String] = []
        if bill.outstanding == 0 {
            doubts.append(t("Tagihannya sudah tidak terutang.", "Nothing is owed for this bill."))
        } else if bill.outstanding != row.finding.amount {
            doubts.append(t("Tagihannya kurang \(t.rupiah(bill.outstanding)).", "The bill still owes \(t.rupiah(bill.outstanding))."))
        }
        if row.finding.day < bill.issuedAt.date(in: city.zone) {
            doubts.append(t("Uang ini masuk sebelum tagihannya ada.", "This money came before there was a bill."))
        }
        if !row.alike.isEmpty {
            let receipts = row.alike.joined(separator: ", ")
            doubts.append(
                t(
                    "Sebesar ini sudah tercatat: \(receipts). Catat hanya kalau ini uang lain.",
                    "As much is recorded already: \(receipts). Record it only if this is other money."
                )
            )
        }
        return """
            \(doubts.isEmpty ? HTML() : "<p class=\"notice warn\">\(Icon.warning.html)<span>\(doubts.joined(separator: " "))</span></p>")<p><button class="button secondary" name="baris" value="\(row.sealed)">\(t("Catat untuk \(bill.docket)", "Record it for \(bill.docket)"))</button></p>
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

    private func seal(_ missing: Reconciliation.Missing, of result: Reconciliation, _ officer: Officer) throws -> String {
        let row = missing.row
        let content: JSON = [
            "bill": JSON(missing.bill?.number), "amount": JSON(row.amount), "day": .string(row.day.description), "text": .string(row.text),
            "ordinal": JSON(row.ordinal), "statement": .string(result.fingerprint), "officer": .string(officer.account.description),
            "compared": JSON(result.compared), "alike": .array(missing.alike.map { .string($0.receipt) }),
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

    private func openRow(_ sealed: String, _ officer: Officer) throws -> OpenRow {
        guard let closed = [UInt8](base64URL: sealed), let bytes = try? journal.vault.openPassing(closed),
            let row = try? JSON(parsing: bytes), row["officer"]?.string == officer.account.description,
            let amount = row["amount"]?.integer, let day = row["day"]?.string.flatMap({ CivilDate($0) }), let text = row["text"]?.string,
            let statement = row["statement"]?.string, let ordinal = row["ordinal"]?.integer, let compared = row["compared"]?.integer
        else { throw Self.noSuchRow }
        let finding = BankStatement.Finding(
            text: text,
            amount: Int(amount),
            day: day,
            ordinal: Int(ordinal),
            fingerprint: statement,
            compared: Int(compared)  // sound: nobody but we could have sealed it
        )
        let alike = row["alike"]?.array?.compactMap(\.string) ?? []
        return OpenRow(sealed: sealed, finding: finding, bill: row["bill"]?.string, alike: alike)
    }

    /// Records money that only the bank knows of, and shows what is left to be recorded. The same row is taken once, however often it
    /// is sent.
    func recordFromStatement(_ form: Form, _ context: OfficerContext) async throws -> Response {
        let t = context.words
        let rows = form.all("sisa").prefix(Self.mostCarried.rows).compactMap { try? openRow($0, context.officer) }
        let sent = form.has("lain") ? form["lain"] : form["baris"]
        let others = rows.filter { $0.sealed != sent }
        do {
            let row = try openRow(sent, context.officer)
            guard let bill = form.has("lain") ? try await otherBill(row, form) : row.bill else { throw Self.noSuchRow }
            let (payment, isRepeat) = try await fees.take(row.finding, for: bill, officer: context.officer)
            let what = "\(payment.receipt), \(t.rupiah(payment.amount))"
            let done = doneNotice(
                isRepeat
                    ? t(
                        "Baris ini sudah tercatat: \(what) untuk \(payment.docket).",
                        "This row is recorded already: \(what) for \(payment.docket)."
                    )
                    : t("Tercatat: \(what) untuk \(payment.docket).", "Recorded: \(what) for \(payment.docket).")
            )
            let again: HTML =
                others.isEmpty ? "<p><a href=\"\(Link("meja", "kas", "cocokkan"))\">\(t("Cocokkan lagi", "Compare again"))</a></p>" : HTML()
            return try await reconciliationPage(
                context,
                left: "\(done)\(again)\(try await openRows(others, context))",
                status: isRepeat ? .conflict : .ok
            )
        } catch let problem as Problem where problem.keepsForm {
            let state = FormState(problem: problem, typed: form)
            return try await reconciliationPage(context, left: openRows(rows, context), state: state, status: problem.httpStatus)
        }
    }

    /// The bill that somebody typed for a row whose recording was taken back; nil for every other row.
    private func otherBill(_ row: OpenRow, _ form: Form) async throws -> String? {
        let corrected = try await journal.read { try fees.corrected(row.finding, in: $0) }
        guard let corrected else { return nil }
        let name = "lain-\(corrected.receipt)"
        let code = form[name].filter { !$0.isWhitespace }
        guard try await fees.find(code) != nil else { throw Problem.fields([Problem.Field(name, Fees.noSuchBill.title)]) }
        return code
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
