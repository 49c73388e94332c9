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
    /// How many rows a form carries along, and of how many bytes, below what is taken of a form; what is beyond is compared again.
    static let mostCarried = (rows: 200, bytes: FormLimits.fields * 3 / 4)

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
        let isClean =
            [
                result.onlyAtBank.isEmpty, result.onlyHere.isEmpty, result.takenBack.isEmpty, result.loneDebits.isEmpty,
                result.covered.isEmpty,
            ]
            .allSatisfy { $0 } && result.open == 0
        let whole = t("Tercatat utuh, padahal ditarik bank", "Recorded whole, though the bank took it back")
        let out = t("Keluar; uang masuknya tidak ada di berkas ini", "Went out; what came in is not in this file")
        return """
            <h2>\(result.days.lowerBound.long(t.language)) – \(result.days.upperBound.long(t.language))</h2>
            <p class="notice \(isClean && unsure.isEmpty ? "good" : "warn")" role="status" tabindex="-1" autofocus>\(isClean && unsure.isEmpty ? Icon.check.html : Icon.warning.html)<span>\(verdict(isClean, unsure.count, t))</span></p>
            <dl class="facts"><div><dt>\(t("Cocok", "In both"))</dt><dd>\("\(result.matched.count)"), \(rupiah(result.matched.map(\.booked.amount)))</dd></div><div><dt>\(t("Hanya di bank", "Only at the bank"))</dt><dd>\("\(result.onlyAtBank.count)"), \(rupiah(result.onlyAtBank.map(\.row.amount)))</dd></div><div><dt>\(t("Hanya di sini", "Only here"))</dt><dd>\("\(result.onlyHere.count)"), \(rupiah(result.onlyHere.map(\.amount)))</dd></div>\(result.takenBack.isEmpty ? HTML() : "<div><dt>\(t("Ditarik kembali", "Taken back"))</dt><dd>\("\(result.takenBack.count)"), \(rupiah(result.takenBack.map(\.row.amount)))</dd></div>")</dl>
            \(result.open == 0 ? HTML() : "<p class=\"notice warn\">\(Icon.warning.html)<span><a href=\"\(Link("meja", "kas"))\">\(t("\(result.open) kali bank menarik uang, atau memberitahukannya lagi, dan belum ada yang menindaklanjuti", "\(result.open.counted("time", "times")) the bank took money back, or told of it again, and nobody has looked into it"))</a></span></p>")
            \(try await recordingForm(shown, context, more: result.onlyAtBank.count + byBill.count + result.takenBack.count - shown.count))
            \(list("r2", t("Tercatat, tidak masuk ke bank", "Recorded, did not come in"), result.onlyHere, t) { item(nil, $0, t) })
            \(list("r6", whole, result.covered, t) { covered($0, t) })
            \(list("r7", out, result.loneDebits, t) { loneDebit($0, t) })
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
        <li><b>\(t.rupiah(booked.amount))</b>\(row.map { "<p>\($0.day.long(t.language)): \($0.text)</p>" as HTML })<p>\(self.booked(booked, t))</p>\(row == nil ? doubtLink(booked, t) : HTML())</li>
        """
    }

    /// The way to say of a payment that its money is not there.
    func doubtLink(_ booked: Reconciliation.Booked, _ t: Words) -> HTML {
        guard let payment = booked.payment, payment.mayBeDoubted else { return HTML() }
        return """
            <p><a href="\(Link("meja", "kas", query: [("kode", payment.bill)]))">\(t("Uangnya tidak ada?", "Is its money not there?"))\
            <span class="sr"> \(payment.receipt)</span></a></p>
            """
    }

    /// A payment of which the bank took something back.
    private func covered(_ covered: Reconciliation.Covered, _ t: Words) -> HTML {
        let whole = t.rupiah(covered.payment.amount)
        let payment = Reconciliation.Booked.payment(covered.payment)
        return """
            <li><b>\(t.rupiah(covered.amount))</b> \(t("dari \(whole)", "of \(whole)"))
            <p>\(booked(payment, t))</p>\(doubtLink(payment, t))</li>
            """
    }

    /// Money that went out, with what it names in the books.
    private func loneDebit(_ debit: Reconciliation.LoneDebit, _ t: Words) -> HTML {
        let named = HTML(
            debit.booked.map { booked in
                let isStanding = booked.payment.map { !$0.isReversed } ?? false
                let standing = isStanding ? t("Masih tercatat: ", "Still recorded: ") : ""
                return "<p>\(standing)\(self.booked(booked, t))</p>\(doubtLink(booked, t))" as HTML
            }
        )
        return """
            <li><b>\(t.rupiah(debit.row.amount))</b>
            <p>\(t("Baris \(debit.row.line)", "Line \(debit.row.line)")): \(debit.row.day.long(t.language)), \(debit.row.text)</p>\(named)</li>
            """
    }

    /// What a comparison says of a row that was taken back.
    func said(of taken: Reconciliation.TakenBack, _ t: Words) -> [String] {
        let debit = taken.debit.map {
            "\(t("Keluar lagi, baris \($0.line)", "Went out again, line \($0.line)")): \($0.day.long(t.language)), \($0.text)"
        }
        let booked = taken.booked.map { booked in
            if booked.payment?.isReversed == false {
                return
                    "\(t("Masih tercatat: ", "Still recorded: "))\(self.booked(booked, t))\(t(". Tanyakan kepada bank.", ". Ask the bank."))"
            }
            guard booked.payment != nil, taken.debit == nil else { return self.booked(booked, t) }
            return
                "\(self.booked(booked, t))\(t(": di buku sudah ditarik kembali, di berkas ini uangnya masuk dan tidak keluar lagi. Tanyakan kepada bank.", ": the books say that it was taken back, in this file its money came in and did not go out again. Ask the bank."))"
        }
        return [debit, booked].compactMap { $0 }
    }

    func booked(_ booked: Reconciliation.Booked, _ t: Words) -> String {
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
}
