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
        let proposals: HTML = "\(try await proposalsBox(day, state, context))\(try await declinedBox(context))"
        let doubts: HTML = "\(proposals)\(try await doubtsBox(day, state, context))\(try await letStandBox(context))"
        let looked = try await fees.looked(at: day.movements.filter(\.isFromStatement).map(\.receipt))
        // What waits for the head comes before what went by.
        let waiting = try await refundsBox(day, state, context)
        let main: HTML = """
            \(state.summary(t))<header class="row"><h1>\(t("Kas dan pembayaran", "Cash and payments"))</h1><p class="muted">\(date.full(t.language))</p></header>\(state.problem == nil ? done(request.query("selesai"), isAnythingLeft: request.query("sisa") != "0", t) : HTML())
            <div class="two"><div>
            \(isTreasurer ? billSearch(typed, bill, state.of("terima"), context) : HTML())\(isTreasurer ? try await doubtForms(recordings, state, context) : HTML())
            \(doubts)\(isTreasurer ? HTML() : waiting)\(movements(day, looked, isToday: date >= today, isTreasurer: isTreasurer, context))\(closings(day, context))
            </div><div>
            \(try await toldAgainBox(day, state, context))\(strays(day, state, context))\(lateTills(day, state, context))\(differences(day, context))\(isTreasurer && date <= today ? till(day, isToday: date == today, state, context) : HTML())\(isTreasurer ? waiting : HTML())\(settledStrays(day, state, context))\(balances(day, t))
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
                    "Catatan dibatalkan; pemohon dikabari kalau kontaknya ada. Kalau dicatat dari rekening koran, barisnya bisa dicatat untuk tagihan lain.",
                    "The recording is taken back, and the applicant is told where there is a contact. Where it was recorded from a statement, its row can be recorded for another bill."
                )
            )
        case "catat-usul":
            doneNotice(t("Tercatat. Yang diusulkan sudah dihitung.", "It is recorded. What was proposed counts now."))
        case "tolak-usul":
            doneNotice(t("Usul ditolak; bendahara membaca sebabnya.", "The proposal is declined; the treasurer reads why."))
        case "tarik-usul":
            doneNotice(t("Usulnya ditarik; barisnya bisa diusulkan lagi.", "The proposal is taken back; its row can be proposed again."))
        case "kabar": doneNotice(t("Tercatat apa yang ditemukan.", "It is noted what was found."))
        case "tolak": doneNotice(t("Pembayarannya tetap tercatat.", "The payment stays recorded."))
        case "tarikan": doneNotice(t("Tercatat apa yang terjadi dengan penarikan itu.", "It is noted what became of that reversal."))
        case "setor": doneNotice(t("Setoran tercatat.", "The hand-over is recorded."))
        case "tutup": doneNotice(t("Kas ditutup.", "The cash is closed."))
        default: HTML()
        }
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
            let taken = try await fees.takeCash(
                given,
                for: form["kode"],
                reference: "loket-\(context.officer.number)-\(form["sekali"])",
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
                        \(taken.isRepeat ? doneNotice(t("Uang ini sudah tercatat: ini kuitansinya sekali lagi.", "This money is recorded already: this is its receipt once more.")) : HTML())\(!taken.isRepeat && given > taken.payment.amount ? "<div class=\"screen-only\">\(doneNotice(t("Kembalian: Rp\(change)", "Change: Rp\(change)")))</div>" : HTML())\(receipt(taken.payment, by: receiver, t: t, what: what, at: Link("meja", "permohonan", taken.payment.docket)))
                        """
                ),
                context.visitor
            )
        } catch let problem as Problem where problem.keepsForm {
            let state = FormState(problem: problem, typed: form, form: "terima")
            return try await cashPage(request, context, state: state, status: problem.httpStatus)
        }
    }

    /// The receipt of a payment or of a refund once more, for whoever sees that money: a treasurer prints it for somebody who has no
    /// telephone to open it on, others look at what is in the books.
    func cashReceipt(_ context: OfficerContext) async throws -> Response {
        let t = context.words
        let number = context.visitor.parameters.get("kuitansi") ?? ""
        let scope = try Fees.scope(of: context.officer)
        func sees(_ agency: String?) -> Bool { scope == nil || agency == scope }
        let main: HTML
        if let payment = try await fees.payment(receipt: number), sees(try await fees.find(payment.bill)?.agency) {
            let found = try await services.find(payment.docket)
            let receiver = try await receiver(of: payment, t)
            let at = Link("meja", "permohonan", payment.docket)
            let decisions = try await fees.looked(at: [payment.receipt]).letStand[payment.receipt] ?? []
            let looked: HTML =
                decisions.isEmpty ? HTML() : "<div class=\"screen-only\">\(letStand(decisions, try await accounts.numbers(), t))</div>"
            main = "\(receipt(payment, by: receiver, t: t, what: found.map { t($0.service.name) } ?? "", at: at))\(looked)"
        } else if let refund = try await fees.refund(receipt: number), sees(refund.agency) {
            let found = try await services.find(refund.docket)
            // Where money goes is for those who give it, not for those who look on.
            let gives = !context.officer.roles.isDisjoint(with: [.head, .treasurer]) && refund.agency == context.officer.agency
            let account = gives ? try await journal.read { try fees.account(of: refund, in: $0) } : nil
            let at = Link("meja", "permohonan", refund.docket)
            main = try await receipt(refund, to: account, t: t, what: found.map { t($0.service.name) } ?? "", at: at)
        } else {
            throw Problem.notFound
        }
        return respond(
            staffPage(number, context, section: .services, crumbs: [(t("Kas", "Cash"), Link("meja", "kas"))], main: main),
            context.visitor
        )
    }

    /// Closes the day's cash, hands cash over, or gives money back.
    func takeCashAct(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        let officer = context.officer
        let act = context.visitor.parameters.get("apa") ?? ""
        let isForHead = ["kembali", "batalkan", "setujui", "tolak", "catat-usul", "tolak-usul"].contains(act)
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
                    witness: Int(digits: form["saksi"].utf8),
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
            case "catat": return try await proposeFromStatement(form, context)
            case "kembali": try await orderRefund(form, officer)
            case "laksanakan":
                try await fees.carryOut(form["perintah"], slip: form["slip"], dated: try slipDay(form), by: officer)
            case "rekening": return try await orderedAccount(form["perintah"], context)
            case "retur":
                let isLeft = try await fees.takeBack(
                    form["perintah"],
                    reason: form["sebab"],
                    dated: try slipDay(form),
                    isOther: form.has(Fees.isOtherMoney),
                    key: form["sekali"],
                    by: officer
                )
                if !isLeft { return .seeOther(Link("meja", "kas", query: [("selesai", act), ("sisa", "0")] + page(form))) }
            case "keliru": try await fees.doubt(form["kuitansi"], reason: form["sebab"], key: form["sekali"], by: officer)
            case "setujui": try await fees.correct(form["kuitansi"], key: form["sekali"], by: officer)
            case "tolak": try await fees.letStand(form["kuitansi"], reason: form["sebab"], key: form["sekali"], by: officer)
            case "catat-usul":
                let seen = form.all("dilihat")
                for (place, proposal) in form.all("usul").enumerated() {
                    let mark = seen.indices.contains(place) ? seen[place] : nil
                    try await fees.record(proposal: proposal, seen: mark, key: form["sekali"], by: officer)
                }
            case "tolak-usul": try await fees.decline(proposal: form["usul"], reason: form["sebab"], key: form["sekali"], by: officer)
            case "tarik-usul": try await fees.retract(proposal: form["usul"], key: form["sekali"], by: officer)
            case "kabar": try await fees.closeToldAgain(form["kabar"], note: form["sebab"], key: form["sekali"], by: officer)
            case "tarikan":
                try await fees.settleStray(
                    form["tarikan"],
                    isHere: ["ada": true, "tidak": false][form["uang"]],
                    note: form["sebab"],
                    key: form["sekali"],
                    by: officer
                )
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
            let of =
                ["kuitansi", "tarikan", "usul", "kabar", "perintah", "kode", "petugas"].first(where: form.has).map { "-\(form[$0])" } ?? ""
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
        func day(_ name: String) throws -> CivilDate? {
            let typed = CivilDate.typed(request.query(name) ?? "")
            if let fault = typed.fault { throw Problem.fields([Problem.Field(name, fault)]) }
            return typed.value
        }
        let from = try day("dari") ?? today
        let until = try day("sampai") ?? max(from, today)
        guard from <= until else {
            throw Problem.fields([
                Problem.Field("sampai", Text(id: "Tulis hari yang tidak sebelum awalnya", en: "Write a day that is not before the first"))
            ])
        }
        let pages = try fees.export(from...until, for: context.officer)
        let body = ResponseBody { writer in
            for try await page in pages { try await writer.write(ByteBuffer(string: page)) }
            try await writer.finish(nil)
        }
        var response = Response(status: .ok, headers: [.contentType: "text/csv; charset=utf-8"], body: body)
        response.headers[.contentDisposition] = "attachment; filename=\"kas-\(from)-\(until).csv\""
        return response
    }
}
