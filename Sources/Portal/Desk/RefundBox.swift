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

/// Money to be given back: the head of the agency orders, the treasury pays, a treasurer notes it.
extension Portal {
    func refundsBox(_ day: Fees.Day, _ state: FormState, _ context: OfficerContext) async throws -> HTML {
        guard !day.excesses.isEmpty || !day.orders.isEmpty || !day.ended.isEmpty else { return HTML() }
        let t = context.words
        let mayOrder = context.officer.roles.contains(.head)
        let orderable = day.excesses.map(\.bill).filter { mayOrder && $0.agency == context.officer.agency && $0.returnable > 0 }
        let wrong = try await fees.wrongAccounts(for: orderable.map(\.number))
        let orders = HTML(day.orders.map { order($0.refund, $0.account, isCovered: $0.isCovered, state, context) })
        let excesses = HTML(
            day.excesses.map { excess in
                let bill = excess.bill
                let form =
                    orderable.contains { $0.number == bill.number }
                    ? orderForm(
                        bill,
                        excess.account,
                        wrong: wrong[bill.number],
                        state.of("kembali-\(bill.number)"),
                        context
                    ) : HTML()
                let amount: HTML =
                    if bill.overpaid > 0 {
                        line(
                            t("Terlanjur dikembalikan; tagih pemohon", "Given back too much; ask the applicant for it"),
                            t.rupiah(bill.overpaid)
                        )
                    } else if bill.returnable < 0 {
                        line(
                            t(
                                "Perintah melebihi sisa uangnya; tarik perintahnya",
                                "Orders go beyond the money that is left; take one back"
                            ),
                            t.rupiah(-bill.returnable)
                        )
                    } else if bill.isCancelled {
                        line(t("Batal; dikembalikan", "Cancelled; to be given back"), t.rupiah(bill.returnable))
                    } else {
                        line(t("Dibayar lebih", "Paid too much"), t.rupiah(bill.returnable))
                    }
                return """
                    <li class="whole"><dl class="details dense">\(line(t("Kode bayar", "Payment code"), bill.number))\(caseLine(bill.docket, context))\(amount)\(excess.since.map { line(t("Sejak", "Since"), $0.long(t.language)) })</dl>\(excess.mayBeTwice ? twice(t) : HTML())\(form)</li>
                    """
            }
        )
        let ended = HTML(day.ended.map { self.ended($0.refund, $0.account, state, context) })
        let ask: HTML =
            mayOrder
            ? HTML()
            : "<p class=\"small\">\(t("Kepala instansi memerintahkan pengembaliannya; Kas Daerah membayarnya ke rekening pemohon.", "The head of the agency orders that it is given back; the city’s treasury pays it into the applicant’s account."))</p>"
        return """
            <section class="box" aria-labelledby="k4"><h2 id="k4">\(t("Uang untuk dikembalikan", "Money to give back"))</h2>
            \(day.orders.isEmpty ? HTML() : "<h3>\(t("Diperintahkan, menunggu Kas Daerah", "Ordered, waiting for the treasury"))</h3><ul class=\"list\">\(orders)</ul>")
            \(day.excesses.isEmpty ? HTML() : "<h3>\(t("Belum diperintahkan", "Not ordered yet"))</h3>\(ask)<ul class=\"list\">\(excesses)</ul>")
            \(day.ended.isEmpty ? HTML() : "<details\(.flag("open", day.ended.contains { state.of("retur-\($0.refund.id)").problem != nil || state.of("laksanakan-\($0.refund.id)").problem != nil }))><summary>\(t("Selesai dalam 90 hari (\(day.endedCount))", "Ended within 90 days (\(day.endedCount))"))</summary><ul class=\"list\">\(ended)</ul></details>")</section>
            """
    }

    private func twice(_ t: Words) -> HTML {
        """
        <p class="notice warn">\(Icon.warning.html)<span>\(t("Mungkin tercatat dua kali: jumlah yang sama dari rekening koran dan dari kabar bank. Minta bendahara mencocokkan dulu.", "It may be booked twice: the same amount from a statement and from a notice of the bank. Have a treasurer compare first."))</span></p>
        """
    }

    /// A case, and the way to it for whoever may read it: money is seen by more.
    private func caseLine(_ docket: String, _ context: OfficerContext) -> HTML {
        let reads = !context.officer.roles.isDisjoint(with: [.head, .officer, .supervisor, .auditor])
        let link: HTML = reads ? "<a href=\"\(Link("meja", "permohonan", docket))\">\(docket)</a>" : "\(docket)"
        return "<div><dt>\(context.words("Berkas", "Case"))</dt><dd class=\"nowrap\">\(link)</dd></div>"
    }

    private func line(_ name: String, _ value: String) -> HTML { "<div><dt>\(name)</dt><dd class=\"nowrap\">\(value)</dd></div>" }

    private func lines(_ refund: Refund, _ account: Refund.Account?, _ context: OfficerContext) -> HTML {
        let t = context.words
        let ordered = [
            refund.orderedAt.stamp(t.language, zone: city.zone), refund.orderedByNumber.map { t("Petugas \($0)", "Officer \($0)") },
        ].compactMap { $0 }.joined(separator: ", ")
        return """
            <dl class="details dense">\(line(t("Perintah", "Order"), refund.id))\(caseLine(refund.docket, context))\(line(t("Jumlah", "Amount"), t.rupiah(refund.amount)))\(line(t("Diperintahkan", "Ordered"), ordered))\(account.map { line(t("Rekening", "Account"), $0.masked) })\(refund.reference.isEmpty ? HTML() : line("SP2D", slip(refund.reference, refund.slipDay, t)))<div><dt>\(t("Dasar", "Ground"))</dt><dd lang="id">\(refund.ground)</dd></div>\(refund.undone.isEmpty ? HTML() : "<div><dt>\(refund.state == .carried ? t("Sebelumnya ditarik", "Taken back before") : t("Sebab", "Why"))</dt><dd lang=\"id\">\(refund.undone)</dd></div>")</dl>
            """
    }

    private func order(
        _ refund: Refund,
        _ account: Refund.Account?,
        isCovered: Bool,
        _ state: FormState,
        _ context: OfficerContext
    ) -> HTML {
        let t = context.words
        let isOwn = refund.orderedBy == context.officer.account.description
        let roles = refund.agency == context.officer.agency ? context.officer.roles : []
        let look = act("rekening", refund, t("Lihat rekeningnya", "See the account"), context)
        let carry = carryForm(refund, state.of("laksanakan-\(refund.id)"), context)
        let own: HTML =
            isOwn
            ? "<p class=\"small\">\(t("Anda yang memerintahkan; bendahara mencatatnya setelah Kas Daerah membayar.", "You ordered it; a treasurer notes it once the treasury has paid."))</p>"
            : HTML()
        let warning: HTML =
            isCovered
            ? HTML()
            : "<p class=\"notice bad\">\(Icon.warning.html)<span>\(t("Sisa uangnya tidak cukup lagi: bank menarik pembayarannya, atau perintah lain sudah dibayar. Jangan dibayar; tarik perintah ini.", "The money that is left does not suffice any more: the bank took the payment back, or another order was paid. Do not pay; take this order back."))</span></p>"
        return """
            <li class="whole">\(lines(refund, account, context))\(warning)\(own)\(roles.contains(.treasurer) && account != nil ? look : HTML())\(roles.contains(.treasurer) && !isOwn ? carry : HTML())\(roles.contains(.head) ? reasonForm("batalkan", refund, t("Tarik perintah", "Take the order back"), state, context) : HTML())</li>
            """
    }

    /// What was paid and may come back from the bank, and what was taken back and may have been paid all the same.
    private func ended(_ refund: Refund, _ account: Refund.Account?, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        let mayNote = refund.agency == context.officer.agency && context.officer.roles.contains(.treasurer)
        let act: HTML =
            switch (mayNote, refund.state) {
            case (true, .carried): reasonForm("retur", refund, t("Kembali dari bank (retur)", "It came back from the bank"), state, context)
            case (true, .withdrawn) where refund.orderedBy != context.officer.account.description:
                """
                <details\(.flag("open", state.of("laksanakan-\(refund.id)").problem != nil))><summary>\(t("Kas Daerah terlanjur membayarnya", "The treasury has paid it all the same"))</summary>\(carryForm(refund, state.of("laksanakan-\(refund.id)"), context))</details>
                """
            default: HTML()
            }
        let what =
            switch refund.state {
            case .withdrawn: t("Perintahnya ditarik", "The order was taken back")
            case .returned: t("Kembali dari bank", "Came back from the bank")
            case .carried, .ordered: t("Sudah dibayar", "Paid")
            }
        return "<li class=\"whole\"><p><b>\(what)</b></p>\(lines(refund, account, context))\(act)</li>"
    }

    private func act(_ act: String, _ refund: Refund, _ label: String, _ context: OfficerContext) -> HTML {
        "<form method=\"post\" action=\"\(Link("meja", "kas", act))\">\(hidden(context.visitor))<input type=\"hidden\" name=\"perintah\" value=\"\(refund.id)\"><p><button class=\"button secondary\">\(label)</button></p></form>"
    }

    private func reasonForm(_ act: String, _ refund: Refund, _ label: String, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        let state = state.of("\(act)-\(refund.id)")
        let wrong: HTML =
            act == "batalkan"
            ? Field(
                name: "rekening-salah",
                label: t(
                    "Rekeningnya salah: minta pemohon menulisnya lagi",
                    "The bank account is wrong: ask the applicant to write it anew"
                )
            )
            .check(state, t) : HTML()
        // Asked where it may be money that stands in the books already.
        let isAsked = act == "retur" && (state.fault(Fees.isOtherMoney, t) != nil || state.typed?.has(Fees.isOtherMoney) == true)
        let other: HTML =
            isAsked
            ? Field(name: Fees.isOtherMoney, label: t("Sudah diperiksa: ini uang lain", "Looked at: this is other money")).check(state, t)
            : HTML()
        return """
            <details\(.flag("open", state.problem != nil))><summary>\(label)</summary><form method="post" action="\(Link("meja", "kas", act))">\(hidden(context.visitor))<input type="hidden" name="perintah" value="\(refund.id)">\(state.pageField)\(act == "retur" ? slipDayField(state, t, label: t("Tanggal uang kembali ke rekening kota", "Day on which it came back into the city’s account")) : HTML())\(Field(name: "sebab", label: t("Sebab; pemohon membacanya", "Why; the applicant reads it")).input(state, t))\(wrong)\(other)<p><button class="button secondary">\(label)</button></p></form></details>
            """
    }

    private func carryForm(_ refund: Refund, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        let slip = Field(name: "slip", label: t("Nomor SP2D atau transfer", "Number of the payment order (SP2D) or transfer"))
        return """
            <form method="post" action="\(Link("meja", "kas", "laksanakan"))">\(hidden(context.visitor))<input type="hidden" name="perintah" value="\(refund.id)">\(state.pageField)\(slip.input(state, t, isShort: true))\(slipDayField(state, t))<p><button class="button secondary">\(t("Sudah dibayar Kas Daerah", "The treasury has paid it"))<span class="sr"> \(refund.id)</span></button></p></form>
            """
    }

    private func orderForm(
        _ bill: Bill,
        _ account: Refund.Account?,
        wrong: Fees.WrongAccount?,
        _ state: FormState,
        _ context: OfficerContext
    ) -> HTML {
        let t = context.words
        let wish =
            account.map {
                t(
                    "Rekening dari pemohon: \($0.masked), atas nama \($0.name). Kosongkan isian di bawah untuk memakainya.",
                    "The applicant’s account: \($0.masked), in the name of \($0.name). Leave the fields below empty to use it."
                )
            }
            ?? (wrong == .awaited
                ? t(
                    "Rekening yang lama ternyata salah, dan pemohon diminta menulis yang benar. Kalau pemohon memberitahukannya di loket, tulis di sini:",
                    "The earlier account proved wrong, and the applicant is asked for the right one. Where they told it at the counter, write it here:"
                )
                : t(
                    "Pemohon belum memberi rekening di halaman berkasnya. Kalau pemohon memberitahukannya di loket, tulis di sini:",
                    "The applicant has given no account on the page of their case yet. Where they told it at the counter, write it here:"
                ))
        let again: HTML =
            wrong == .givenAgain
            ? "<p class=\"notice warn\">\(Icon.warning.html)<span>\(t("Rekening ini pernah ternyata salah; pemohon menulisnya lagi dan menyatakannya benar.", "This account proved wrong before; the applicant wrote it again and says that it is right."))</span></p>"
            : HTML()
        // Why a case that was ended gives its money back stands in that case.
        let ground = bill.isCancelled ? "" : "Kelebihan bayar (PP 12/2019 ps. 140)"
        let isOptional = account != nil
        return """
            <details\(.flag("open", state.problem != nil))><summary>\(t("Perintahkan pengembalian", "Order that it is given back"))<span class="sr"> \(bill.docket)</span></summary><form method="post" action="\(Link("meja", "kas", "kembali"))">\(hidden(context.visitor))<input type="hidden" name="kode" value="\(bill.number)">\(state.pageField)<input type="hidden" name="terlihat" value="\(fees.tag(of: account))">\(Field(name: "amount", label: t("Jumlah (rupiah)", "Amount (rupiah)")).input(state, t, value: t.number(bill.returnable), inputMode: "numeric", isShort: true))\(Field(name: "reason", label: t("Alasan dan dasar hukumnya, dalam bahasa Indonesia", "Ground and the rule that it rests on, in Indonesian")).input(state, t, value: ground))
            <p class="small">\(wish)</p>\(again)\(Field(name: "bank", label: t("Bank", "Bank"), isOptional: isOptional).input(state, t))\(Field(name: "rekening", label: t("Nomor rekening", "Account number"), isOptional: isOptional).input(state, t, inputMode: "numeric"))\(Field(name: "atasnama", label: t("Atas nama", "In the name of"), isOptional: isOptional).input(state, t))\(Field(name: "bukti", label: t("Bukti bahwa itu rekening pemohon, misalnya buku tabungan", "What shows that it is the applicant’s, such as a savings book"), isOptional: isOptional).input(state, t))<p><button class="button secondary">\(t("Perintahkan", "Order it"))</button></p></form></details>
            """
    }

    /// The whole account of an order, on a page of its own: that it was opened is recorded, and the applicant sees it.
    func orderedAccount(_ id: String, _ context: OfficerContext) async throws -> Response {
        let t = context.words
        let (refund, account, proof) = try await fees.openAccount(of: id, by: context.officer)
        guard let account else { throw Problem.notFound }
        try await services.recordView(refund.docket, by: context.officer)
        let main: HTML = """
            <h1>\(t("Rekening untuk perintah \(refund.id)", "Account of order \(refund.id)"))</h1>
            <dl class="details"><div><dt>\(t("Jumlah", "Amount"))</dt><dd>\(t.rupiah(refund.amount))</dd></div><div><dt>\(t("Bank", "Bank"))</dt><dd>\(account.bank)</dd></div><div><dt>\(t("Nomor rekening", "Account number"))</dt><dd class="code">\(account.number)</dd></div><div><dt>\(t("Atas nama", "In the name of"))</dt><dd>\(account.name)</dd></div>\(proof.map { "<div><dt>\(t("Diberitahukan di loket; buktinya", "Told at the counter; shown by"))</dt><dd lang=\"id\">\($0)</dd></div>" as HTML })</dl>
            <p class="small">\(t("Bahwa Anda membukanya tercatat dan terlihat oleh pemohon.", "That you opened it is recorded, and the applicant sees it."))</p><p><a href="\(Link("meja", "kas"))">\(t("Kembali ke kas", "Back to the cash"))</a></p>
            """
        var response = respond(
            staffPage(
                t("Rekening", "Account"),
                context,
                section: .services,
                crumbs: [(t("Meja kerja", "Desk"), Link("meja")), (t("Kas", "Cash"), Link("meja", "kas"))],
                main: main
            ),
            context.visitor
        )
        response.headers[.cacheControl] = "no-store"
        return response
    }

    /// Orders money to be given back, with the account where it was told at the counter.
    func orderRefund(_ form: Form, _ officer: Officer) async throws {
        let amount = try Rupiah.typed(form["amount"], field: "amount")
        guard let bill = try await fees.find(form["kode"]) else { throw Fees.noSuchBill }
        let isTold = ["bank", "rekening", "atasnama"].contains { !form[$0].isEmpty }
        try await fees.order(
            amount,
            of: bill.number,
            ground: form["reason"],
            to: isTold ? (try Refund.Account(bank: form["bank"], number: form["rekening"], name: form["atasnama"]), form["bukti"]) : nil,
            seeing: isTold || !form.has("terlihat") ? nil : form["terlihat"],
            key: form["sekali"],
            by: officer
        )
    }
}
