// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import HTTPTypes
import Hummingbird
import Identity
import Journal
import Markup
import NIOCore
import Services
import Web

/// The treasurer's desk: cash taken for a bill, what came and went, the ledger's balance.
extension Portal {
    /// Shows the day.
    func cashPage(
        _ request: Request,
        _ context: OfficerContext,
        state: FormState = .empty,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let t = context.words
        let today = now.date(in: city.zone)
        let date = (state.of("tutup").typed?["day"] ?? request.query("tanggal")).flatMap { CivilDate.typed($0).value } ?? today
        let page = try (state.typed?["hal"]).flatMap { PageNumber($0) } ?? request.page()
        let day = try await fees.day(date, of: context.officer, page: page)
        var state = state
        state.page = day.page.number > 1 ? day.page.number : nil
        let isTreasurer = context.officer.roles.contains(.treasurer)
        let typed = state.typed?["kode"] ?? request.query("kode") ?? ""
        let found = typed.isEmpty ? nil : try await fees.find(typed.filter { !$0.isWhitespace })
        let bill = found.flatMap { $0.agency == context.officer.agency ? $0 : nil }
        let recordings = try await journal.read { snapshot in try bill.map { try Fees.payments(of: $0.number, in: snapshot) } ?? [] }
        let doubts = try await doubtsBox(day, state, context)
        // What waits for the head comes before what went by.
        let waiting = refundsBox(day, state, context)
        let main: HTML = """
            \(state.summary(t))<header class="row"><h1>\(t("Kas dan pembayaran", "Cash and payments"))</h1><p class="muted">\(date.full(t.language))</p></header>\(state.problem == nil ? done(request.query("selesai"), isAnythingLeft: request.query("sisa") != "0", t) : HTML())
            <div class="two"><div>
            \(isTreasurer ? billSearch(typed, bill, state.of("terima"), context) : HTML())\(isTreasurer ? doubtForms(recordings, state, context) : HTML())
            \(doubts)\(isTreasurer ? HTML() : waiting)\(movements(day, isToday: date >= today, isTreasurer: isTreasurer, t))\(closings(day, t))
            </div><div>
            \(strays(day, state, context))\(lateTills(day, state, context))\(differences(day, context))\(isTreasurer && date <= today ? till(day, isToday: date == today, state, context) : HTML())\(isTreasurer ? waiting : HTML())\(balances(day, t))
            </div></div>\(pages(day, t))
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

    /// The ways to the other pages of lists that are longer than one.
    private func pages(_ day: Fees.Day, _ t: Words) -> HTML {
        guard day.page.of > 1 else { return HTML() }
        func link(_ number: Int, _ label: String) -> HTML {
            guard (1...day.page.of).contains(number) else { return HTML() }
            let query = [("tanggal", day.date.description), ("hal", String(number))]
            return "<a href=\"\(Link("meja", "kas", query: query))\">\(label)</a>"
        }
        return """
            <nav class="row" aria-label="\(t("Halaman", "Pages"))"><span class="muted">\(t("Daftar yang panjang: halaman \(day.page.number) dari \(day.page.of)", "Long lists: page \(day.page.number) of \(day.page.of)"))</span>\(link(day.page.number - 1, t("Sebelumnya", "Previous")))\(link(day.page.number + 1, t("Berikutnya", "Next")))</nav>
            """
    }

    /// What an act did, by its name in the address.
    private func done(_ act: String?, isAnythingLeft: Bool, _ t: Words) -> HTML {
        switch act {
        case "kembali":
            doneNotice(
                t(
                    "Perintah pengembalian tercatat; pemohon dikabari kalau kontaknya ada. Kas Daerah membayarnya, lalu bendahara mencatatnya di sini.",
                    "The order is recorded, and the applicant is told where there is a contact. The treasury pays it, and a treasurer notes it here."
                )
            )
        case "laksanakan":
            doneNotice(
                t(
                    "Pengembalian tercatat; bukti pengembaliannya ada di halaman berkas pemohon.",
                    "It is recorded as given back; the receipt for the refund is on the page of the applicant’s case."
                )
            )
        case "batalkan":
            doneNotice(
                t(
                    "Perintah ditarik; pemohon dikabari kalau kontaknya ada.",
                    "The order was taken back, and the applicant is told where there is a contact."
                )
            )
        case "retur":
            doneNotice(
                t(
                    "Tercatat kembali dari bank; pemohon dikabari kalau kontaknya ada. ",
                    "Noted as come back from the bank; the applicant is told where there is a contact. "
                )
                    + (isAnythingLeft
                        ? t("Kepala instansi bisa memerintahkannya lagi.", "The head of the agency can order it again.")
                        : t("Tidak ada sisa untuk dikembalikan.", "Nothing is left to give back."))
            )
        case "keliru":
            doneNotice(
                t(
                    "Usul tercatat; kepala instansi yang memutuskan. Sampai saat itu pembayarannya tetap dihitung.",
                    "It is proposed; the head of the agency decides. Until then the payment counts."
                )
            )
        case "setujui":
            doneNotice(
                t(
                    "Catatan dibatalkan; pemohon dikabari kalau kontaknya ada. Baris banknya bisa dicatat untuk tagihan lain.",
                    "The recording is taken back, and the applicant is told where there is a contact. The bank’s row can be recorded for another bill."
                )
            )
        case "tolak": doneNotice(t("Pembayarannya tetap tercatat.", "The payment stays recorded."))
        case "tarikan": doneNotice(t("Tercatat apa yang terjadi dengan penarikan itu.", "It is noted what became of that reversal."))
        case "setor": doneNotice(t("Setoran tercatat.", "The hand-over is recorded."))
        case "tutup": doneNotice(t("Kas ditutup.", "The cash is closed."))
        default: HTML()
        }
    }

    private func movements(_ day: Fees.Day, isToday: Bool, isTreasurer: Bool, _ t: Words) -> HTML {
        let date = day.date
        let rows = HTML(
            day.movements.map {
                """
                <tr><th scope="row">\(movementName($0, isTreasurer: isTreasurer))</th><td data-l="\(t("Apa", "What"))">\(t($0.name))</td><td data-l="\(t("Berkas", "Case"))">\($0.docket)</td><td data-l="\(t("Cara", "By"))">\(t($0.method.name))</td><td data-l="\(t("Jumlah", "Amount"))" class="number">\(t.rupiah($0.amount))</td><td data-l="\(t("Jam", "Time"))">\($0.at.time(t.language, zone: city.zone))</td></tr>
                """ as HTML
            }
        )
        let totals = Payment.Method.allCases.map { method in
            "\(t(method.name)): \(t.rupiah(day.totals[method] ?? 0))"
        }.joined(separator: " · ")
        let table: HTML =
            day.movements.isEmpty
            ? "<p class=\"box\">\(t("Belum ada uang masuk atau keluar hari ini.", "No money came or went on this day."))</p>"
            : "<p>\(totals)</p><table class=\"stack\"><caption class=\"sr\">\(t("Uang masuk dan keluar", "Money that came and went"))</caption><thead><tr><th scope=\"col\">\(t("Kuitansi atau bukti", "Receipt"))</th><th scope=\"col\">\(t("Apa", "What"))</th><th scope=\"col\">\(t("Berkas", "Case"))</th><th scope=\"col\">\(t("Cara", "By"))</th><th scope=\"col\" class=\"number\">\(t("Jumlah", "Amount"))</th><th scope=\"col\">\(t("Jam", "Time"))</th></tr></thead><tbody>\(rows)</tbody></table>"
        let more: HTML =
            day.movementCount > day.movements.count
            ? "<p class=\"notice warn\">\(Icon.warning.html)<span>\(t("Tampil \(t.number(day.movements.count)) dari \(t.number(day.movementCount)); semuanya ada di CSV.", "\(t.number(day.movements.count)) of \(t.number(day.movementCount)) are shown; the CSV has all."))</span></p>"
            : HTML()
        return """
            <section aria-labelledby="k2"><h2 id="k2">\(t("Yang masuk dan keluar", "What came and went"))</h2>\(table)\(more)<p class="row"><a href="\(Link("meja", "kas.csv", query: [("dari", date.description), ("sampai", date.description)]))">CSV</a>\(isTreasurer ? "<a href=\"\(Link("meja", "kas", "cocokkan"))\">\(t("Cocokkan dengan bank", "Compare with the bank"))</a>" : HTML())<a href="\(Link("meja", "kas", query: [("tanggal", date.adding(days: -1).description)]))">\(t("Hari sebelumnya", "The day before"))</a>\(isToday ? HTML() : "<a href=\"\(Link("meja", "kas", query: [("tanggal", date.adding(days: 1).description)]))\">\(t("Hari berikutnya", "The next day"))</a>")</p></section>
            """
    }

    /// The receipt or slip of a movement; what was recorded from a statement leads to where it can be said that it was a mistake.
    private func movementName(_ movement: Movement, isTreasurer: Bool) -> HTML {
        let name = movement.receipt.isEmpty ? movement.reference : movement.receipt
        guard movement.isFromStatement, isTreasurer else { return "\(name)" }
        return "<a href=\"\(Link("meja", "kas", query: [("kode", movement.bill)]))\">\(name)</a>"
    }

    private func closings(_ day: Fees.Day, _ t: Words) -> HTML {
        guard !day.closings.isEmpty else { return HTML() }
        let rows = HTML(
            day.closings.map {
                """
                <tr><th scope="row">\($0.number.map { t("Petugas \($0)", "Officer \($0)") } ?? "")<br>\($0.name)</th><td data-l="\(t("Tercatat", "Recorded"))" class="number">\(t.rupiah($0.till.recorded))</td><td data-l="\(t("Dihitung", "Counted"))" class="number">\(t.rupiah($0.counted))</td><td data-l="\(t("Selisih", "Difference"))" class="number">\(t.rupiah($0.difference))</td><td data-l="STS">\(slip($0.slip, $0.slipDay, t))</td><td data-l="\(t("Sebab", "Why"))">\($0.reason)</td></tr>
                """ as HTML
            }
        )
        return """
            <section aria-labelledby="k6"><h2 id="k6">\(t("Kas yang ditutup", "Tills that were closed"))</h2><table class="stack"><caption class="sr">\(t("Kas yang ditutup, dengan selisihnya", "Tills that were closed, with what differed"))</caption><thead><tr><th scope="col">\(t("Petugas", "Officer"))</th><th scope="col" class="number">\(t("Tercatat", "Recorded"))</th><th scope="col" class="number">\(t("Dihitung", "Counted"))</th><th scope="col" class="number">\(t("Selisih", "Difference"))</th><th scope="col">STS</th><th scope="col">\(t("Sebab", "Why"))</th></tr></thead><tbody>\(rows)</tbody></table></section>
            """
    }

    private func billSearch(_ typed: String, _ bill: Bill?, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        let found: HTML
        if let bill {
            found =
                bill.outstanding == 0
                ? "<p class=\"notice\">\(bill.isCancelled ? t("Tagihan ini dibatalkan.", "This bill was cancelled.") : t("Tagihan ini sudah lunas.", "This bill is paid."))</p>"
                : """
                <form class="box primary" method="post" action="\(Link("meja", "kas"))">\(hidden(context.visitor))<input type="hidden" name="kode" value="\(bill.number)"><p>\(bill.docket): \(t("kurang", "owing")) <b class="figure">\(t.rupiah(bill.outstanding))</b></p>\(Field(name: "amount", label: t("Uang diterima (rupiah)", "Cash received (rupiah)")).input(state, t, value: t.number(bill.outstanding), inputMode: "numeric", isShort: true))\(takeButtons(bill, state, t))</form>
                """
        } else {
            found =
                typed.isEmpty
                ? HTML()
                : "<p class=\"notice bad\" role=\"status\">\(t("Tidak ada tagihan instansi Anda dengan kode ini.", "Your agency has no bill with this code."))</p>"
        }
        return """
            <section aria-labelledby="k1"><h2 id="k1">\(t("Terima tunai", "Take cash"))</h2><form role="search" action="\(Link("meja", "kas"))"><p class="search"><label class="sr" for="kode">\(t("Kode bayar", "Payment code"))</label><input id="kode" name="kode" value="\(typed)" inputmode="numeric" autocomplete="off" accesskey="c" placeholder="\(t("Kode bayar, 12 angka", "Payment code, 12 digits"))"><button class="button secondary">\(t("Cari", "Search"))</button></p></form>\(found)</section>
            """
    }

    /// One button; where more came than is owed, one for each of what can be done with it.
    private func takeButtons(_ bill: Bill, _ state: FormState, _ t: Words) -> HTML {
        guard state.problem?.code == Fees.moreThanOwed, let typed = state.typed, let given = Rupiah.typed(typed["amount"]).value else {
            return """
                <p><button class="button" accesskey="t">\(t("Terima dan cetak kuitansi", "Take it and print the receipt"))</button></p>
                """
        }
        let change = t.number(given - bill.outstanding)
        return """
            <p><button class="button" accesskey="t" name="lebih" value="kembalian">\(t("Ya, beri kembalian Rp\(change)", "Yes, give Rp\(change) change"))</button></p><p><button class="button secondary" name="lebih" value="semua">\(t("Tidak, catat semua \(t.rupiah(given))", "No, record all \(t.rupiah(given))"))</button></p>
            """
    }

    private func balances(_ day: Fees.Day, _ t: Words) -> HTML {
        let names: [String: String] = [
            "receivable": t("Piutang", "Receivable"), "revenue": t("Pendapatan", "Revenue"), "cash": t("Kas loket", "Counter cash"),
            "bank": t("Rekening kas daerah", "City account"), "excess": t("Kelebihan bayar", "Paid too much"),
            "difference": t("Selisih kas", "Cash difference"),
        ]
        let items = HTML(
            day.balances.map {
                "<div><dt>\(names[$0.account] ?? $0.account)</dt><dd class=\"number\">\(t.rupiah($0.amount))</dd></div>" as HTML
            }
        )
        let sum = day.balances.reduce(0) { $0 + $1.amount }
        return """
            <section aria-labelledby="k5"><h2 id="k5">\(t("Neraca buku uang", "Balance of the ledger of money"))</h2><dl class="details dense">\(items)<div><dt><b>\(t("Jumlah, harus nol", "Sum, must be nought"))</b></dt><dd class="number"><b>\(t.rupiah(sum))</b></dd></div></dl></section>
            """
    }

    /// Takes cash for a bill, and shows the receipt to print.
    func takeCash(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        guard context.officer.roles.contains(.treasurer) else { throw Fees.treasurerOnly }
        do {
            let given = try Rupiah.typed(form["amount"], field: "amount")
            let beyond: Fees.Beyond =
                switch form["lebih"] {
                case "kembalian": .change
                case "semua": .taken
                default: .asked
                }
            let taken = try await fees.take(
                given,
                for: form["kode"],
                by: .cash,
                reference: "loket-\(form["sekali"])",
                beyond: beyond,
                officer: context.officer
            )
            let found = try await services.find(taken.payment.docket)
            let what = found.map { context.words($0.service.name) } ?? ""
            let t = context.words
            let change = t.number(given - taken.payment.amount)
            let receiver = try await receiver(of: taken.payment, t)
            return respond(
                staffPage(
                    taken.payment.receipt,
                    context,
                    section: .services,
                    crumbs: [(context.words("Kas", "Cash"), Link("meja", "kas"))],
                    main: """
                        \(given > taken.payment.amount ? "<div class=\"screen-only\">\(doneNotice(t("Kembalian: Rp\(change)", "Change: Rp\(change)")))</div>" : HTML())\(receipt(taken.payment, by: receiver, t: t, what: what))
                        """
                ),
                context.visitor
            )
        } catch let problem as Problem where problem.keepsForm {
            let state = FormState(problem: problem, typed: form, form: "terima")
            return try await cashPage(request, context, state: state, status: problem.httpStatus)
        }
    }

    /// Closes the day's cash, hands cash over, or gives money back.
    func takeCashAct(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        let officer = context.officer
        let act = context.visitor.parameters.get("apa") ?? ""
        let isForHead = ["kembali", "batalkan", "setujui", "tolak"].contains(act)
        // What no agency's bill is named with is a supervisor's.
        let isForSupervisor = act == "tarikan" && officer.roles.contains(.supervisor)
        guard isForSupervisor || officer.roles.contains(isForHead ? .head : .treasurer) else {
            throw isForHead ? Fees.headOnly : Fees.treasurerOnly
        }
        var day: CivilDate?
        do {
            switch act {
            case "tutup" where form.has("petugas"):
                try await fees.closeLeftTill(
                    of: Int(digits: form["petugas"].utf8) ?? 0,
                    counted: try Rupiah.typed(form["counted"], field: "counted", range: 0...Rupiah.most),
                    slip: form["sts"],
                    dated: try slipDay(form),
                    reason: form["reason"],
                    by: officer
                )
            case "tutup":
                day = CivilDate.typed(form["day"]).value
                guard let day else { throw Problem.notFound }
                try await fees.closeCash(
                    of: day,
                    counted: try Rupiah.typed(form["counted"], field: "counted", range: 0...Rupiah.most),
                    slip: form["sts"],
                    dated: try slipDay(form),
                    reason: form["reason"],
                    by: officer
                )
            case "setor":
                try await fees.handOver(
                    try Rupiah.typed(form["setor"], field: "setor"),
                    slip: form["slip"],
                    dated: try slipDay(form),
                    key: form["sekali"],
                    by: officer
                )
            case "catat": return try await recordFromStatement(form, context)
            case "kembali": try await orderRefund(form, officer)
            case "laksanakan":
                try await fees.carryOut(form["perintah"], slip: form["slip"], dated: try slipDay(form), by: officer)
            case "rekening": return try await orderedAccount(form["perintah"], context)
            case "retur":
                let isLeft = try await fees.takeBack(
                    form["perintah"],
                    reason: form["sebab"],
                    dated: try slipDay(form),
                    key: form["sekali"],
                    by: officer
                )
                if !isLeft { return .seeOther(Link("meja", "kas", query: [("selesai", act), ("sisa", "0")] + page(form))) }
            case "keliru": try await fees.doubt(form["kuitansi"], reason: form["sebab"], key: form["sekali"], by: officer)
            case "setujui": try await fees.correct(form["kuitansi"], key: form["sekali"], by: officer)
            case "tolak": try await fees.letStand(form["kuitansi"], reason: form["sebab"], key: form["sekali"], by: officer)
            case "tarikan": try await fees.settleStray(form["tarikan"], note: form["sebab"], key: form["sekali"], by: officer)
            case "batalkan":
                try await fees.withdraw(
                    form["perintah"],
                    reason: form["sebab"],
                    isAccountWrong: form.has("rekening-salah"),
                    key: form["sekali"],
                    by: officer
                )
            default: throw Problem.notFound
            }
        } catch let problem as Problem where problem.keepsForm {
            let of = ["kuitansi", "tarikan", "perintah", "kode", "petugas"].first(where: form.has).map { "-\(form[$0])" } ?? ""
            let state = FormState(problem: problem, typed: form, form: act + of)
            return try await cashPage(request, context, state: state, status: problem.httpStatus)
        }
        return .seeOther(Link("meja", "kas", query: [("selesai", act)] + (day.map { [("tanggal", $0.description)] } ?? []) + page(form)))
    }

    /// The page that a form stood on.
    private func page(_ form: Form) -> [(String, String)] { form.has("hal") ? [("hal", form["hal"])] : [] }

    /// The day that somebody wrote of a slip; nil where they left it out.
    private func slipDay(_ form: Form) throws -> CivilDate? {
        let typed = CivilDate.typed(form["tanggal"])
        if let fault = typed.fault { throw Problem.fields([Problem.Field("tanggal", fault)]) }
        return typed.value
    }

    /// Movements of a span of days as CSV, sent as they are read.
    func cashExport(_ request: Request, _ context: OfficerContext) async throws -> Response {
        guard !context.officer.roles.isDisjoint(with: [.treasurer, .head, .auditor, .supervisor]) else { throw Problem.notFound }
        let today = now.date(in: city.zone)
        let from = request.query("dari").flatMap { CivilDate.typed($0).value } ?? today
        let until = max(from, request.query("sampai").flatMap { CivilDate.typed($0).value } ?? today)
        let pages = try fees.export(from...until, for: context.officer)
        let body = ResponseBody { writer in
            for try await page in pages { try await writer.write(ByteBuffer(string: page)) }
            try await writer.finish(nil)
        }
        var response = Response(status: .ok, headers: [.contentType: "text/csv; charset=utf-8"], body: body)
        response.headers[.contentDisposition] = "attachment; filename=\"kas.csv\""
        return response
    }
}
