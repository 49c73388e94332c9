// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import HTTPTypes
import Hummingbird
import Identity
import Markup
import Services
import Web

/// The treasurer's desk: cash taken for a bill, the day's closing, money to give back, the ledger's balance.
extension Portal {
    /// Shows the day.
    func cashPage(
        _ request: Request,
        _ context: OfficerContext,
        state: FormState = .empty,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let t = context.words
        guard !context.officer.roles.isDisjoint(with: [.treasurer, .auditor, .supervisor]) else {
            throw Problem("cash.not-allowed", .forbidden, Text(id: "Halaman ini untuk bendahara", en: "This page is for the treasurer"))
        }
        let today = now.date(in: city.zone)
        let date = request.query("tanggal").flatMap { CivilDate($0) } ?? today
        let day = try await fees.day(date, of: context.officer)
        let isTreasurer = context.officer.roles.contains(.treasurer)
        let typed = request.query("kode") ?? ""
        let bill = typed.isEmpty ? nil : try await fees.find(typed.filter(\.isNumber))
        let rows = HTML(
            day.payments.map {
                "<tr><th scope=\"row\">\($0.receipt)</th><td data-l=\"\(t("Berkas", "Case"))\">\($0.docket)</td><td data-l=\"\(t("Cara", "By"))\">\(t($0.method.name))</td><td data-l=\"\(t("Jumlah", "Amount"))\" class=\"number\">\(t.number($0.amount))</td><td data-l=\"\(t("Jam", "Time"))\">\($0.at.time(t.language, zone: city.zone))</td></tr>"
                    as HTML
            }
        )
        let totals = Payment.Method.allCases.map { method in
            "\(t(method.name)): Rp\(t.number(day.payments.filter { $0.method == method }.reduce(0) { $0 + $1.amount }))"
        }.joined(separator: " · ")
        let table: HTML =
            day.payments.isEmpty
            ? "<p class=\"box\">\(t("Belum ada pembayaran hari ini.", "No payments on this day."))</p>"
            : "<p>\(totals)</p><table class=\"stack\"><caption class=\"sr\">\(t("Pembayaran", "Payments"))</caption><thead><tr><th scope=\"col\">\(t("Kuitansi", "Receipt"))</th><th scope=\"col\">\(t("Berkas", "Case"))</th><th scope=\"col\">\(t("Cara", "By"))</th><th scope=\"col\" class=\"number\">Rp</th><th scope=\"col\">\(t("Jam", "Time"))</th></tr></thead><tbody>\(rows)</tbody></table>"
        let main: HTML = """
            \(state.summary(t))<header class="row"><h1>\(t("Kas dan pembayaran", "Cash and payments"))</h1><p class="muted">\(date.full(t.language))</p></header>
            <div class="two"><div>
            \(isTreasurer ? billSearch(typed, bill, state, context) : HTML())
            <section aria-labelledby="k2"><h2 id="k2">\(t("Yang masuk", "What came in"))</h2>\(table)<p class="row"><a href="\(Link("meja", "kas.csv", query: [("dari", date.description), ("sampai", date.description)]))">CSV</a>\(isTreasurer ? "<a href=\"\(Link("meja", "kas", "cocokkan"))\">\(t("Cocokkan dengan bank", "Compare with the bank"))</a>" : HTML())<a href="\(Link("meja", "kas", query: [("tanggal", date.adding(days: -1).description)]))">\(t("Hari sebelumnya", "The day before"))</a></p></section>
            </div><div>
            \(isTreasurer && date <= today ? closing(day, state, context) : HTML())\(isTreasurer ? refunds(day, state, context) : HTML())\(balances(day, t))
            </div></div>
            """
        return respond(
            staffPage(
                t("Kas dan pembayaran", "Cash and payments"),
                context,
                section: .services,
                crumbs: [(t("Meja kerja", "Desk"), Link("meja")), (t("Permohonan", "Applications"), Link("meja", "layanan"))],
                hasErrors: state.problem != nil,
                main: main
            ),
            context.visitor,
            status: status
        )
    }

    private func billSearch(_ typed: String, _ bill: Bill?, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        let found: HTML
        if let bill {
            found =
                bill.outstanding == 0
                ? "<p class=\"notice\">\(bill.isCancelled ? t("Tagihan ini dibatalkan.", "This bill was cancelled.") : t("Tagihan ini sudah lunas.", "This bill is paid."))</p>"
                : """
                <form class="box primary" method="post" action="\(Link("meja", "kas"))">\(hidden(context.visitor))<input type="hidden" name="kode" value="\(bill.number)"><p>\(bill.docket): \(t("kurang", "owing")) <b class="figure">Rp\(t.number(bill.outstanding))</b></p>\(Field(name: "amount", label: t("Uang diterima (rupiah)", "Cash received (rupiah)")).input(state, t, value: t.number(bill.outstanding), inputMode: "numeric", isShort: true))<p><button class="button" accesskey="t">\(t("Terima dan cetak kuitansi", "Take it and print the receipt"))</button></p></form>
                """
        } else {
            found =
                typed.isEmpty
                ? HTML()
                : "<p class=\"notice bad\" role=\"status\">\(t("Tidak ada tagihan dengan kode ini.", "There is no bill with this code."))</p>"
        }
        return """
            <section aria-labelledby="k1"><h2 id="k1">\(t("Terima tunai", "Take cash"))</h2><form role="search" action="\(Link("meja", "kas"))"><p class="search"><label class="sr" for="kode">\(t("Kode bayar", "Payment code"))</label><input id="kode" name="kode" value="\(typed)" inputmode="numeric" autocomplete="off" accesskey="c" placeholder="\(t("Kode bayar, 12 angka", "Payment code, 12 digits"))"><button class="button secondary">\(t("Cari", "Search"))</button></p></form>\(found)</section>
            """
    }

    private func closing(_ day: Fees.Day, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        if let closing = day.closing {
            return
                "<section class=\"box\" aria-labelledby=\"k3\"><h2 id=\"k3\">\(t("Kas ditutup", "Cash closed"))</h2><p>\(t("Dihitung", "Counted")) Rp\(t.number(closing.counted)), \(t("tercatat", "recorded")) Rp\(t.number(closing.recorded)). \(closing.reason)</p></section>"
        }
        return """
            <section class="box" aria-labelledby="k3"><h2 id="k3">\(t("Tutup kas hari ini", "Close the cash of this day"))</h2><p>\(t("Tercatat pada Anda", "Recorded with you")): <b>Rp\(t.number(day.openCash))</b></p><form method="post" action="\(Link("meja", "kas", "tutup"))">\(hidden(context.visitor))<input type="hidden" name="day" value="\(day.date.description)">\(Field(name: "counted", label: t("Uang yang dihitung (rupiah)", "Cash counted (rupiah)")).input(state, t, inputMode: "numeric", isShort: true))\(Field(name: "reason", label: t("Sebab selisih", "Why it differs"), isOptional: true).input(state, t))<p><button class="button secondary">\(t("Tutup dan setor", "Close and deposit"))</button></p></form></section>
            """
    }

    private func refunds(_ day: Fees.Day, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        guard !day.excesses.isEmpty else { return HTML() }
        let items = HTML(
            day.excesses.map { bill in
                """
                <li><span class="code">\(bill.number)</span> \(bill.docket): Rp\(t.number(bill.excess))<details><summary>\(t("Kembalikan", "Give back"))</summary><form method="post" action="\(Link("meja", "kas", "kembali"))">\(hidden(context.visitor))<input type="hidden" name="kode" value="\(bill.number)"><p><label for="a-\(bill.number)">\(t("Jumlah (rupiah)", "Amount (rupiah)"))</label> <input id="a-\(bill.number)" name="amount" inputmode="numeric" class="short" value="\(t.number(bill.excess))"></p><p><label for="r-\(bill.number)">\(t("Alasan", "Reason"))</label> <input id="r-\(bill.number)" name="reason"></p><p><label for="m-\(bill.number)">\(t("Cara", "By"))</label> <select id="m-\(bill.number)" name="method"><option value="transfer">\(t("Transfer bank", "Bank transfer"))</option><option value="cash">\(t("Tunai", "Cash"))</option></select></p><p><button class="button secondary">\(t("Kembalikan", "Give back"))</button></p></form></details></li>
                """
            }
        )
        return
            "<section class=\"box\" aria-labelledby=\"k4\"><h2 id=\"k4\">\(t("Kelebihan bayar", "Paid too much"))</h2><ul class=\"list\">\(items)</ul></section>"
    }

    private func balances(_ day: Fees.Day, _ t: Words) -> HTML {
        let names: [String: String] = [
            "receivable": t("Piutang", "Receivable"), "revenue": t("Pendapatan", "Revenue"), "cash": t("Kas loket", "Counter cash"),
            "bank": t("Rekening kas daerah", "City account"), "excess": t("Kelebihan bayar", "Paid too much"),
            "difference": t("Selisih kas", "Cash difference"),
        ]
        let items = HTML(
            day.balances.map {
                "<div><dt>\(names[$0.account] ?? $0.account)</dt><dd class=\"number\">\(t.number($0.amount))</dd></div>" as HTML
            }
        )
        let sum = day.balances.reduce(0) { $0 + $1.amount }
        return """
            <section aria-labelledby="k5"><h2 id="k5">\(t("Neraca buku uang", "Balance of the ledger of money"))</h2><dl class="details dense">\(items)<div><dt><b>\(t("Jumlah, harus nol", "Sum, must be nought"))</b></dt><dd class="number"><b>\(t.number(sum))</b></dd></div></dl></section>
            """
    }

    /// Takes cash for a bill, and shows the receipt to print.
    func takeCash(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        do {
            try await requireTreasurer(context.officer, of: form["kode"])
            let amount = Int(form["amount"].filter(\.isNumber)) ?? 0
            let taken = try await fees.take(
                amount,
                for: form["kode"],
                by: .cash,
                reference: "loket-\(form["sekali"])",
                actor: context.officer.actor
            )
            let found = try await services.find(taken.payment.docket)
            let what = found.map { context.words($0.service.name) } ?? ""
            return respond(
                staffPage(
                    taken.payment.receipt,
                    context,
                    section: .services,
                    crumbs: [(context.words("Kas", "Cash"), Link("meja", "kas"))],
                    main: receipt(taken.payment, t: context.words, what: what)
                ),
                context.visitor
            )
        } catch let problem as Problem where problem.keepsForm {
            return try await cashPage(request, context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
    }

    /// Refuses whoever is no treasurer of the agency that a bill is of.
    private func requireTreasurer(_ officer: Officer, of number: String) async throws {
        guard officer.roles.contains(.treasurer) else { throw Problem.notFound }
        guard let bill = try await fees.find(number), let found = try await services.find(bill.docket) else { throw Fees.noSuchBill }
        guard officer.performers(at: found.serviceCase.agency).contains(.treasurer) else { throw Services.notYours }
    }

    /// Closes the day's cash, or gives money back.
    func takeCashAct(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        do {
            switch context.visitor.parameters.get("apa") {
            case "tutup":
                try await fees.closeCash(
                    of: CivilDate(form["day"]),
                    counted: Int(form["counted"].filter(\.isNumber)) ?? -1,
                    reason: form["reason"],
                    by: context.officer
                )
            case "catat":
                try await requireTreasurer(context.officer, of: form["kode"])
                try await recordFromStatement(form, context)
            case "kembali":
                try await requireTreasurer(context.officer, of: form["kode"])
                try await fees.refund(
                    form["kode"],
                    amount: Int(form["amount"].filter(\.isNumber)) ?? 0,
                    method: Payment.Method(rawValue: form["method"]) ?? .transfer,
                    reason: form["reason"],
                    key: form["sekali"],
                    by: context.officer
                )
            default: throw Problem.notFound
            }
        } catch let problem as Problem where problem.keepsForm {
            return try await cashPage(request, context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
        return .seeOther(Link("meja", "kas"))
    }

    /// Payments of a span of days as CSV.
    func cashExport(_ request: Request, _ context: OfficerContext) async throws -> Response {
        guard !context.officer.roles.isDisjoint(with: [.treasurer, .auditor, .supervisor]) else { throw Problem.notFound }
        let today = now.date(in: city.zone)
        let text = try await fees.csv(
            from: request.query("dari").flatMap { CivilDate($0) } ?? today,
            until: request.query("sampai").flatMap { CivilDate($0) } ?? today
        )
        var response = Response.text(text, type: "text/csv; charset=utf-8")
        response.headers[.contentDisposition] = "attachment; filename=\"pembayaran.csv\""
        return response
    }
}
