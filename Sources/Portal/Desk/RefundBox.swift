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

/// Money to be given back, at the treasurer's desk: one person orders, another carries out.
extension Portal {
    func refundsBox(_ day: Fees.Day, _ state: FormState, _ context: OfficerContext) -> HTML {
        guard !day.excesses.isEmpty || !day.orders.isEmpty else { return HTML() }
        let t = context.words
        let mayOrder = context.officer.roles.contains(.treasurer)
        let orders = HTML(day.orders.map { order($0.refund, $0.account, state, context) })
        let excesses = HTML(
            day.excesses.map { bill in
                let form =
                    mayOrder && bill.agency == context.officer.agency
                    ? orderForm(bill, state.of("kembali-\(bill.number)"), context) : HTML()
                return "<li><span class=\"code\">\(bill.number)</span> \(bill.docket): Rp\(t.number(bill.returnable))\(form)</li>"
            }
        )
        return """
            <section class="box" aria-labelledby="k4"><h2 id="k4">\(t("Uang untuk dikembalikan", "Money to give back"))</h2>
            \(day.orders.isEmpty ? HTML() : "<h3>\(t("Menunggu orang kedua", "Waiting for a second person"))</h3><ul class=\"list\">\(orders)</ul>")
            \(day.excesses.isEmpty ? HTML() : "<h3>\(t("Kelebihan bayar", "Paid too much"))</h3><ul class=\"list\">\(excesses)</ul>")</section>
            """
    }

    private func order(_ refund: Refund, _ account: Refund.Account?, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        let isOwn = refund.orderedBy == context.officer.account.description
        let mayAct = context.officer.roles.contains(.treasurer) && refund.agency == context.officer.agency
        let carry = isOwn ? HTML() : carryForm(refund, state.of("laksanakan-\(refund.id)"), context)
        let acts: HTML =
            mayAct
            ? "\(account == nil ? HTML() : act("rekening", refund, t("Lihat rekeningnya", "See the account"), context))\(carry)\(act("batalkan", refund, t("Tarik perintah", "Take the order back"), context))"
            : HTML()
        return """
            <li><span class="code">\(refund.id)</span> \(refund.docket): <b>Rp\(t.number(refund.amount))</b>, \(t(refund.method.name)) \(account?.masked ?? "")<p lang="id">\(refund.ground)</p>\(isOwn ? "<p class=\"small\">\(t("Anda yang memerintahkan; rekan Anda yang melaksanakan.", "You ordered it; a colleague carries it out."))</p>" : HTML())\(acts)</li>
            """
    }

    private func act(_ act: String, _ refund: Refund, _ label: String, _ context: OfficerContext) -> HTML {
        "<form method=\"post\" action=\"\(Link("meja", "kas", act))\">\(hidden(context.visitor))<input type=\"hidden\" name=\"perintah\" value=\"\(refund.id)\"><p><button class=\"button secondary\">\(label)</button></p></form>"
    }

    private func carryForm(_ refund: Refund, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        let slip = Field(
            name: "slip",
            label: refund.method == .cash ? t("Nomor bukti keluar", "Number of the slip") : t("Nomor transfer", "Number of the transfer"),
            isOptional: refund.method == .cash
        )
        return """
            <form method="post" action="\(Link("meja", "kas", "laksanakan"))">\(hidden(context.visitor))<input type="hidden" name="perintah" value="\(refund.id)">\(slip.input(state, t, isShort: true))<p><button class="button secondary">\(t("Sudah dikembalikan", "It has been given back"))</button></p></form>
            """
    }

    private func orderForm(_ bill: Bill, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        let ways = [Payment.Method.transfer, .cash].map { (value: $0.rawValue, label: t($0.name)) }
        return """
            <details\(.flag("open", state.problem != nil))><summary>\(t("Perintahkan pengembalian", "Order that it is given back"))</summary><form method="post" action="\(Link("meja", "kas", "kembali"))">\(hidden(context.visitor))<input type="hidden" name="kode" value="\(bill.number)">\(Field(name: "amount", label: t("Jumlah (rupiah)", "Amount (rupiah)")).input(state, t, value: t.number(bill.returnable), inputMode: "numeric", isShort: true))\(Field(name: "reason", label: t("Alasan dan dasar hukumnya, dalam bahasa Indonesia", "Ground and the rule that it rests on, in Indonesian")).input(state, t, value: "Kelebihan bayar (PP 35/2023)"))\(Field(name: "method", label: t("Cara", "By")).select(state, t, options: ways))
            <p class="small">\(t("Rekening diisi pemohon di halaman berkasnya. Kalau pemohon datang ke loket, tulis di sini:", "The applicant gives the account on the page of their case. Where they come to the counter, write it here:"))</p>\(Field(name: "bank", label: t("Bank", "Bank"), isOptional: true).input(state, t))\(Field(name: "rekening", label: t("Nomor rekening", "Account number"), isOptional: true).input(state, t, inputMode: "numeric"))\(Field(name: "atasnama", label: t("Atas nama", "In the name of"), isOptional: true).input(state, t))<p><button class="button secondary">\(t("Perintahkan", "Order it"))</button></p></form></details>
            """
    }

    /// The whole account of an order, on a page of its own: that it was opened is recorded, and the applicant sees it.
    func orderedAccount(_ id: String, _ context: OfficerContext) async throws -> Response {
        let t = context.words
        let (refund, account) = try await fees.openAccount(of: id, by: context.officer)
        guard let account else { throw Problem.notFound }
        try await services.recordView(refund.docket, by: context.officer)
        let main: HTML = """
            <h1>\(t("Rekening untuk perintah \(refund.id)", "Account of order \(refund.id)"))</h1>
            <dl class="details"><div><dt>\(t("Jumlah", "Amount"))</dt><dd>Rp\(t.number(refund.amount))</dd></div><div><dt>\(t("Bank", "Bank"))</dt><dd>\(account.bank)</dd></div><div><dt>\(t("Nomor rekening", "Account number"))</dt><dd class="code">\(account.number)</dd></div><div><dt>\(t("Atas nama", "In the name of"))</dt><dd>\(account.name)</dd></div></dl>
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
        var account: (Refund.Account, person: Identifier)?
        if !form["rekening"].isEmpty, let found = try await services.find(bill.docket) {
            account = (
                try Refund.Account(bank: form["bank"], number: form["rekening"], name: form["atasnama"]), found.serviceCase.person
            )
        }
        try await fees.order(
            amount,
            of: bill.number,
            by: form["method"] == "cash" ? .cash : .transfer,
            ground: form["reason"],
            to: account,
            key: form["sekali"],
            by: officer
        )
    }
}
