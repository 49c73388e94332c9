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
        /// The order to give back whose money may have come back by it; nil where there is none.
        let order: String?
        /// Whether its bill was paid as much by a payment that it does not name: then it is recorded only where it is a second one.
        let isMatched: Bool
        /// What of the same amount the bill had when the books were read: receipts, and orders whose money came back.
        let alike: [String]

        /// What sets its fields apart from those of other rows.
        var id: String { String(sealed.suffix(20)) }
        /// The box by which somebody says that it is other money than what was taken back.
        var sure: String { "yakin-\(id)" }
        /// The code of another bill for which it is to be recorded.
        var other: String { "lain-\(id)" }
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
        let byBill = result.matched.filter { $0.ground == .bill }
        let byAmount = result.matched.filter { $0.ground == .amount }
        let unsure = byBill + byAmount
        let shown = try await openRows(result, byBill, context)
        let isClean = result.onlyAtBank.isEmpty && result.onlyHere.isEmpty && result.takenBack.isEmpty && result.open == 0
        return """
            <h2>\(result.days.lowerBound.long(t.language)) – \(result.days.upperBound.long(t.language))</h2>
            <p class="notice \(isClean && unsure.isEmpty ? "good" : "warn")" role="status" tabindex="-1" autofocus>\(isClean && unsure.isEmpty ? Icon.check.html : Icon.warning.html)<span>\(verdict(isClean, unsure.count, t))</span></p>
            <dl class="facts"><div><dt>\(t("Cocok", "In both"))</dt><dd>\("\(result.matched.count)"), \(rupiah(result.matched.map(\.booked.amount)))</dd></div><div><dt>\(t("Hanya di bank", "Only at the bank"))</dt><dd>\("\(result.onlyAtBank.count)"), \(rupiah(result.onlyAtBank.map(\.row.amount)))</dd></div><div><dt>\(t("Hanya di sini", "Only here"))</dt><dd>\("\(result.onlyHere.count)"), \(rupiah(result.onlyHere.map(\.amount)))</dd></div>\(result.takenBack.isEmpty ? HTML() : "<div><dt>\(t("Ditarik kembali", "Taken back"))</dt><dd>\("\(result.takenBack.count)"), \(rupiah(result.takenBack.map(\.row.amount)))</dd></div>")</dl>
            \(result.open == 0 ? HTML() : "<p class=\"notice warn\">\(Icon.warning.html)<span><a href=\"\(Link("meja", "kas"))\">\(t("\(result.open) kali bank menarik uang dan belum ada yang menindaklanjuti", "\(result.open) times the bank took money back and nobody has looked into it"))</a></span></p>")
            \(try await recordingForm(shown, context, more: result.onlyAtBank.count + byBill.count - shown.count))
            \(list("r4", t("Masuk, lalu ditarik kembali: tidak untuk dicatat", "Came in, then taken back: not to be recorded"), result.takenBack, t) { item(takenBack: $0, t) })
            \(list("r2", t("Tercatat, tidak masuk ke bank", "Recorded, did not come in"), result.onlyHere, t) { item(nil, $0, t) })
            \(list("r3", t("Cocok menurut hari dan jumlah saja: periksa", "In both by day and amount alone: look at them"), byAmount, t) { item($0.row, $0.booked, t) })
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

    /// A part of the result, at most as much as a form carries.
    private func list<Each>(_ id: String, _ title: String, _ all: [Each], _ t: Words, _ item: (Each) -> HTML) -> HTML {
        guard !all.isEmpty else { return HTML() }
        let more = all.count - Self.mostCarried.rows
        return """
            <section aria-labelledby="\(id)"><h2 id="\(id)">\(title)</h2><ul class="list">\(HTML(all.prefix(Self.mostCarried.rows).map(item)))</ul>\(more > 0 ? "<p>\(t("Dan \(more) lagi.", "And \(more) more."))</p>" : HTML())</section>
            """
    }

    /// What the books hold beside the row of the bank that it is taken for.
    private func item(_ row: BankStatement.Row?, _ booked: Reconciliation.Booked, _ t: Words) -> HTML {
        """
        <li><b>\(t.rupiah(booked.amount))</b>\(row.map { "<p>\($0.day.long(t.language)): \($0.text)</p>" as HTML })<p>\(self.booked(booked, t))</p></li>
        """
    }

    private func item(takenBack: Reconciliation.TakenBack, _ t: Words) -> HTML {
        let row = takenBack.row
        let debit = takenBack.debit.map { debit -> HTML in
            """
            <p>\(t("Keluar lagi, baris \(debit.line)", "Went out again, line \(debit.line)")): \(debit.day.long(t.language)), \(debit.text)</p>
            """
        }
        let booked = takenBack.booked.map { booked -> HTML in
            let isStill = booked.payment?.isReversed == false
            return """
                <p>\(isStill ? t("Masih tercatat: ", "Still recorded: ") : "")\(self.booked(booked, t))\(isStill ? t(". Tanyakan kepada bank.", ". Ask the bank.") : "")</p>
                """
        }
        return "<li><b>\(t.rupiah(row.amount))</b><p>\(row.day.long(t.language)): \(row.text)</p>\(debit)\(booked)</li>"
    }

    /// Rows that can be recorded, as many as a form carries: those in no book, and those whose bill was paid as much by a payment that
    /// they do not name.
    private func openRows(_ result: Reconciliation, _ byBill: [Reconciliation.Match], _ context: OfficerContext) async throws -> [OpenRow] {
        let missing = result.onlyAtBank.prefix(Self.mostCarried.rows)
        let matched = try await fees.missing(Array(byBill.prefix(Self.mostCarried.rows - missing.count)))
        return try [(Array(missing), false), (matched, true)].flatMap { rows, isMatched in
            try rows.map { try openRow(seal($0, of: result, isMatched: isMatched, context.officer), context.officer) }
        }
    }

    /// Rows to be recorded, each under its heading, in one form that carries those that are left.
    private func recordingForm(
        _ rows: [OpenRow],
        _ context: OfficerContext,
        more: Int = 0,
        state: FormState = .empty
    ) async throws -> HTML {
        guard !rows.isEmpty else { return HTML() }
        let t = context.words
        let isCarried =
            rows.count <= Self.mostCarried.rows && rows.reduce(0) { $0 + $1.sealed.utf8.count } <= Self.mostCarried.bytes
        let bills = try await fees.find(rows.compactMap(\.bill))
        let doubts = try await fees.doubts(of: rows.map { ($0.finding, $0.bill) })
        func section(_ id: String, _ title: String, isMatched: Bool) -> HTML {
            let items = HTML(
                zip(rows, doubts).filter { $0.0.isMatched == isMatched }.map { row, doubt in
                    let carried: HTML = isCarried ? "<input type=\"hidden\" name=\"sisa\" value=\"\(row.sealed)\">" : HTML()
                    return
                        "<li>\(carried)<b>\(t.rupiah(row.finding.amount))</b><p>\(row.finding.day.long(t.language)): \(row.finding.text)</p>\(recording(row, row.bill.flatMap { bills[$0] }, doubt, context, state))</li>"
                        as HTML
                }
            )
            guard !items.isEmpty else { return HTML() }
            return "<section aria-labelledby=\"\(id)\"><h2 id=\"\(id)\">\(title)</h2><ul class=\"list\">\(items)</ul></section>"
        }
        let rest: HTML =
            more > 0
            ? "<p>\(t("Dan \(more) baris lagi. Catat yang ini dulu, lalu cocokkan lagi.", "And \(more) more rows. Record these first, then compare again."))</p>"
            : HTML()
        let missing = section("r1", t("Masuk ke bank, belum tercatat", "Came in, not recorded"), isMatched: false)
        let matched = section(
            "r5",
            t("Cocok menurut tagihan dan jumlah saja: periksa", "In both by bill and amount alone: look at them"),
            isMatched: true
        )
        return """
            <form method="post" action="\(Link("meja", "kas", "catat"))"><button disabled hidden></button>\(hidden(context.visitor))\(missing)\(matched)</form>\(rest)
            """
    }

    /// For which bill a row can be recorded, and what speaks against it.
    private func recording(
        _ row: OpenRow,
        _ bill: Bill?,
        _ doubt: Fees.RowDoubt,
        _ context: OfficerContext,
        _ state: FormState
    ) -> HTML {
        let t = context.words
        func warning(_ words: [String]) -> HTML {
            words.isEmpty ? HTML() : "<p class=\"notice warn\">\(Icon.warning.html)<span>\(words.joined(separator: " "))</span></p>"
        }
        if doubt.isUndone {
            return warning([t("Bank menarik uang ini kembali: tidak untuk dicatat.", "The bank took this money back: not to be recorded.")])
        }
        // The bank’s undoing is this agency’s where its bill is; of another’s nobody reads here whose it was.
        let seen = doubt.takenBack.filter { $0.bill == bill?.number }
        var words = bill.map { objections(to: row, $0, t) } ?? []
        if row.finding.isMirrored {
            words.append(
                t(
                    "Di rekening koran ini sebesar itu keluar lagi untuk tagihan ini.",
                    "By this statement as much went out again for this bill."
                )
            )
        }
        for order in doubt.orders {
            words.append(
                t(
                    "Sebesar ini dikembalikan kota lewat perintah \(order): kalau uang itu yang kembali, catat di Kas, di perintahnya.",
                    "As much was given back by order \(order): where it is that money come back, note it under Cash, at that order."
                )
            )
        }
        if !doubt.takenBack.isEmpty || doubt.corrected.contains(where: { $0.payment.bill == bill?.number }) {
            let what = seen.compactMap { $0.payment?.receipt }.joined(separator: ", ")
            words.append(
                what.isEmpty
                    ? t("Sebesar ini pernah ditarik kembali.", "As much was taken back before.")
                    : t(
                        "Sebesar ini pernah tercatat, lalu ditarik kembali: \(what).",
                        "As much was recorded and taken back before: \(what)."
                    )
            )
        }
        let isAsked = doubt.isAsked || state.fault(row.sure, t) != nil
        let sure: HTML =
            isAsked
            ? Field(name: row.sure, label: t("Sudah saya pastikan: ini uang lain", "I have made sure: this is other money")).check(state, t)
            : HTML()
        let record = bill.map { bill -> HTML in
            """
            <p><button class="button secondary" name="baris" value="\(row.sealed)">\(t("Catat untuk \(bill.docket)", "Record it for \(bill.docket)"))</button></p>
            """
        }
        let whose: HTML = bill == nil ? "<p class=\"small\">\(unnamed(row, t))</p>" : HTML()
        return "\(whose)\(warning(words))\(sure)\(record)\(again(row, doubt, context, state))"
    }

    private func unnamed(_ row: OpenRow, _ t: Words) -> String {
        if let order = row.order {
            return t(
                "Mungkin uang perintah \(order) yang kembali: catat di Kas, di perintahnya.",
                "It may be the money of order \(order) that came back: note it under Cash, at that order."
            )
        }
        return t(
            "Tidak menyebut tagihan kantor Anda. Tanyakan kepada bank siapa yang membayar.",
            "It names no bill of your office. Ask the bank who paid."
        )
    }

    /// What of a bill speaks against recording a row for it.
    private func objections(to row: OpenRow, _ bill: Bill, _ t: Words) -> [String] {
        var words: [String] = []
        if bill.outstanding == 0 {
            words.append(t("Tagihannya sudah tidak terutang.", "Nothing is owed for this bill."))
        } else if bill.outstanding != row.finding.amount {
            words.append(t("Tagihannya kurang \(t.rupiah(bill.outstanding)).", "The bill still owes \(t.rupiah(bill.outstanding))."))
        }
        if row.finding.day < bill.issuedAt.date(in: city.zone) {
            words.append(t("Uang ini masuk sebelum tagihannya ada.", "This money came before there was a bill."))
        }
        if !row.alike.isEmpty {
            let receipts = row.alike.joined(separator: ", ")
            words.append(
                t(
                    "Sebesar ini sudah tercatat: \(receipts). Catat hanya kalau ini uang lain.",
                    "As much is recorded already: \(receipts). Record it only if this is other money."
                )
            )
        }
        return words
    }

    /// Records a row for another bill than the one it was recorded for before the recording was taken back.
    private func again(_ row: OpenRow, _ doubt: Fees.RowDoubt, _ context: OfficerContext, _ state: FormState) -> HTML {
        let t = context.words
        guard let last = doubt.corrected.last else { return HTML() }
        let was =
            last.agency == context.officer.agency
            ? t(
                "Pernah dicatat untuk \(last.payment.docket) (\(last.payment.receipt)), lalu dibatalkan. Untuk tagihan lain, tulis kodenya:",
                "It was recorded for \(last.payment.docket) (\(last.payment.receipt)), and taken back. For another bill, write its code:"
            )
            : t(
                "Pernah dicatat kantor lain, lalu dibatalkan. Untuk tagihan kantor Anda, tulis kodenya:",
                "It was recorded by another office, and taken back. For a bill of your office, write its code:"
            )
        return """
            <p class="small">\(was)</p>\(state.fault(row.other, t).map { "<p class=\"invalid\" id=\"\(row.other)-salah\">\($0)</p>" as HTML })<p class="row"><label class="sr" for="\(row.other)">\(t("Kode bayar", "Payment code"))</label><input id="\(row.other)" name="\(row.other)" inputmode="numeric" autocomplete="off" class="short" value="\(state.value(row.other))"\(.value("aria-invalid", state.fault(row.other, t) == nil ? nil : "true"))\(.value("aria-describedby", state.fault(row.other, t) == nil ? nil : "\(row.other)-salah"))><button class="button secondary" name="lain" value="\(row.sealed)">\(t("Catat untuk kode itu", "Record it for that code"))</button></p>
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
        case .returned(let movement, let order):
            "\(t(Movement.Kind.returned.name)): \(order), \(movement.reference), \(movement.docket)"
        case .undoing(let undoing):
            [
                t("Bank menariknya kembali", "The bank took it back"), undoing.name,
                undoing.day.long(t.language),
            ].joined(separator: ", ")
        }
    }

    private func seal(_ missing: Reconciliation.Missing, of result: Reconciliation, isMatched: Bool, _ officer: Officer) throws -> String {
        let row = missing.row
        let content: JSON = [
            "bill": JSON(missing.bill?.number), "amount": JSON(row.amount), "day": .string(row.day.description), "text": .string(row.text),
            "ordinal": JSON(row.ordinal), "statement": .string(result.fingerprint), "officer": .string(officer.account.description),
            "compared": JSON(result.compared), "mirrored": .bool(missing.isMirrored), "order": JSON(missing.order),
            "matched": .bool(isMatched),
            "alike": .array(missing.alike.map { .string($0.label) }),
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
        var finding = BankStatement.Finding(
            text: text,
            amount: Int(amount),
            day: day,
            ordinal: Int(ordinal),
            fingerprint: statement,
            compared: Int(compared)  // sound: nobody but we could have sealed it
        )
        let alike = row["alike"]?.array?.compactMap(\.string) ?? []
        finding.isMirrored = row["mirrored"]?.bool ?? false
        return OpenRow(
            sealed: sealed,
            finding: finding,
            bill: row["bill"]?.string,
            order: row["order"]?.string,
            isMatched: row["matched"]?.bool ?? false,
            alike: alike
        )
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
            var finding = row.finding
            finding.isSure = form.has(row.sure)
            let (payment, isRepeat) = try await fees.take(finding, for: bill, officer: context.officer)
            let what = "\(payment.receipt), \(t.rupiah(payment.amount))"
            let done = doneNotice(
                isRepeat
                    ? t(
                        "Baris ini sudah tercatat: \(what) untuk \(payment.docket).",
                        "This row is recorded already: \(what) for \(payment.docket)."
                    )
                    : t("Tercatat: \(what) untuk \(payment.docket).", "Recorded: \(what) for \(payment.docket).")
            )
            return try await reconciliationPage(
                context,
                left: "\(done)\(compareAgain(t))\(try await recordingForm(others, context))",
                status: isRepeat ? .conflict : .ok
            )
        } catch let problem as Problem where problem.keepsForm {
            let row = try? openRow(sent, context.officer)
            let shown = rows + [row].compactMap { $0 }.filter { row in !rows.contains { $0.sealed == row.sealed } }
            let isUnsure = problem.code == Fees.unsure.code
            let state = FormState(problem: isUnsure ? row.map { Self.unsure($0) } ?? problem : problem, typed: form)
            return try await reconciliationPage(
                context,
                left: "\(compareAgain(t))\(try await recordingForm(shown, context, state: state))",
                state: state,
                status: problem.httpStatus
            )
        }
    }

    /// What else the comparison showed is shown by comparing again: the statement is not kept.
    private func compareAgain(_ t: Words) -> HTML {
        """
        <p><a href="\(Link("meja", "kas", "cocokkan"))">\(t("Cocokkan lagi untuk melihat seluruh hasilnya", "Compare again to see the whole result"))</a></p>
        """
    }

    /// The bill that somebody typed for a row whose recording was taken back; nil for every other row.
    private func otherBill(_ row: OpenRow, _ form: Form) async throws -> String? {
        guard try await fees.doubts(of: [(row.finding, nil)]).contains(where: { !$0.corrected.isEmpty }) else { return nil }
        let code = form[row.other].filter { !$0.isWhitespace }
        guard try await fees.find(code) != nil else { throw Problem.fields([Problem.Field(row.other, Fees.noSuchBill.title)]) }
        return code
    }

    private static func unsure(_ row: OpenRow) -> Problem {
        Problem(
            Fees.unsure.code,
            .unacceptable,
            Fees.unsure.title,
            fields: [Problem.Field(row.sure, Text(id: "Pastikan dulu, lalu centang", en: "Make sure first, then tick"))]
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
