// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
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
        let orders = HTML(day.orders.map { order($0.refund, $0.account, context) })
        let excesses = HTML(
            day.excesses.map { bill in
                let form = mayOrder && bill.agency == context.officer.agency ? orderForm(bill, context) : HTML()
                return "<li><span class=\"code\">\(bill.number)</span> \(bill.docket): Rp\(t.number(bill.returnable))\(form)</li>"
            }
        )
        return """
            <section class="box" aria-labelledby="k4"><h2 id="k4">\(t("Uang untuk dikembalikan", "Money to give back"))</h2>
            \(day.orders.isEmpty ? HTML() : "<h3>\(t("Menunggu orang kedua", "Waiting for a second person"))</h3><ul class=\"list\">\(orders)</ul>")
            \(day.excesses.isEmpty ? HTML() : "<h3>\(t("Kelebihan bayar", "Paid too much"))</h3><ul class=\"list\">\(excesses)</ul>")</section>
            """
    }

    private func order(_ refund: Refund, _ account: Refund.Account?, _ context: OfficerContext) -> HTML {
        let t = context.words
        let isOwn = refund.orderedBy == context.officer.account.description
        let mayAct = context.officer.roles.contains(.treasurer) && refund.agency == context.officer.agency
        let target = refund.method == .cash ? "" : account.map { "\($0.bank) \($0.number), \($0.name)" } ?? ""
        func button(_ act: String, _ label: String) -> HTML {
            "<form method=\"post\" action=\"\(Link("meja", "kas", act))\">\(hidden(context.visitor))<input type=\"hidden\" name=\"perintah\" value=\"\(refund.id)\"><button class=\"button secondary\">\(label)</button></form>"
        }
        let acts: HTML =
            mayAct
            ? "<div class=\"row\">\(isOwn ? HTML() : button("laksanakan", t("Sudah dikembalikan", "It has been given back")))\(button("batalkan", t("Tarik perintah", "Take the order back")))</div>"
            : HTML()
        return """
            <li><span class="code">\(refund.id)</span> \(refund.docket): <b>Rp\(t.number(refund.amount))</b>, \(t(refund.method.name)) \(target)<p>\(refund.ground)</p>\(isOwn ? "<p class=\"small\">\(t("Anda yang memerintahkan; rekan Anda yang melaksanakan.", "You ordered it; a colleague carries it out."))</p>" : HTML())\(acts)</li>
            """
    }

    private func orderForm(_ bill: Bill, _ context: OfficerContext) -> HTML {
        let t = context.words
        func input(_ name: String, _ label: String, value: String = "", mode: String = "text") -> HTML {
            "<p><label for=\"\(name)-\(bill.number)\">\(label)</label> <input id=\"\(name)-\(bill.number)\" name=\"\(name)\" value=\"\(value)\" inputmode=\"\(mode)\" autocomplete=\"off\"></p>"
        }
        return """
            <details><summary>\(t("Perintahkan pengembalian", "Order that it is given back"))</summary><form method="post" action="\(Link("meja", "kas", "kembali"))">\(hidden(context.visitor))<input type="hidden" name="kode" value="\(bill.number)">\(input("amount", t("Jumlah (rupiah)", "Amount (rupiah)"), value: t.number(bill.returnable), mode: "numeric"))\(input("reason", t("Alasan dan dasar hukumnya", "Ground and the rule that it rests on"), value: t("Kelebihan bayar (PP 35/2023)", "Paid too much (PP 35/2023)")))<p><label for="m-\(bill.number)">\(t("Cara", "By"))</label> <select id="m-\(bill.number)" name="method"><option value="transfer">\(t("Transfer bank", "Bank transfer"))</option><option value="cash">\(t("Tunai", "Cash"))</option></select></p>
            <p class="small">\(t("Rekening diisi pemohon di halaman berkasnya. Kalau pemohon datang ke loket, tulis di sini:", "The applicant gives the account on the page of their case. Where they come to the counter, write it here:"))</p>\(input("bank", t("Bank", "Bank")))\(input("rekening", t("Nomor rekening", "Account number"), mode: "numeric"))\(input("atasnama", t("Atas nama", "In the name of")))<p><button class="button secondary">\(t("Perintahkan", "Order it"))</button></p></form></details>
            """
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
