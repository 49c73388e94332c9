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
    func refundsBox(_ day: Fees.Day, _ state: FormState, _ context: OfficerContext) -> HTML {
        guard !day.excesses.isEmpty || !day.orders.isEmpty else { return HTML() }
        let t = context.words
        let mayOrder = context.officer.roles.contains(.head)
        let orders = HTML(day.orders.map { order($0.refund, $0.account, state, context) })
        let excesses = HTML(
            day.excesses.map { bill, account in
                let form =
                    mayOrder && bill.agency == context.officer.agency
                    ? orderForm(bill, account, state.of("kembali-\(bill.number)"), context) : HTML()
                return """
                    <li><span class="code">\(bill.number)</span> \(bill.docket): Rp\(t.number(bill.returnable))\(form)</li>
                    """
            }
        )
        return """
            <section class="box" aria-labelledby="k4"><h2 id="k4">\(t("Uang untuk dikembalikan", "Money to give back"))</h2>
            \(day.orders.isEmpty ? HTML() : "<h3>\(t("Diperintahkan, menunggu Kas Daerah", "Ordered, waiting for the treasury"))</h3><ul class=\"list\">\(orders)</ul>")
            \(day.excesses.isEmpty ? HTML() : "<h3>\(t("Kelebihan bayar", "Paid too much"))</h3>\(mayOrder ? HTML() : "<p class=\"small\">\(t("Kepala instansi memerintahkan pengembaliannya; Kas Daerah membayarnya ke rekening pemohon.", "The head of the agency orders that it is given back; the city’s treasury pays it into the applicant’s account."))</p>")<ul class=\"list\">\(excesses)</ul>")</section>
            """
    }

    private func order(_ refund: Refund, _ account: Refund.Account?, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        let isOwn = refund.orderedBy == context.officer.account.description
        let roles = refund.agency == context.officer.agency ? context.officer.roles : []
        let look = act("rekening", refund, t("Lihat rekeningnya", "See the account"), context)
        let carry = carryForm(refund, state.of("laksanakan-\(refund.id)"), context)
        let acts: HTML = """
            \(roles.contains(.treasurer) && account != nil ? look : HTML())\(roles.contains(.treasurer) && !isOwn ? carry : HTML())\(roles.contains(.head) ? act("batalkan", refund, t("Tarik perintah", "Take the order back"), context) : HTML())
            """
        return """
            <li><span class="code">\(refund.id)</span> \(refund.docket): <b>Rp\(t.number(refund.amount))</b>, \(t(refund.method.name)) \(account?.masked ?? "")<p lang="id">\(refund.ground)</p>\(isOwn ? "<p class=\"small\">\(t("Anda yang memerintahkan; bendahara mencatatnya setelah Kas Daerah membayar.", "You ordered it; a treasurer notes it once the treasury has paid."))</p>" : HTML())\(acts)</li>
            """
    }

    private func act(_ act: String, _ refund: Refund, _ label: String, _ context: OfficerContext) -> HTML {
        "<form method=\"post\" action=\"\(Link("meja", "kas", act))\">\(hidden(context.visitor))<input type=\"hidden\" name=\"perintah\" value=\"\(refund.id)\"><p><button class=\"button secondary\">\(label)</button></p></form>"
    }

    private func carryForm(_ refund: Refund, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        let slip = Field(
            name: "slip",
            label: t("Nomor SP2D atau transfer", "Number of the payment order (SP2D) or transfer")
        )
        return """
            <form method="post" action="\(Link("meja", "kas", "laksanakan"))">\(hidden(context.visitor))<input type="hidden" name="perintah" value="\(refund.id)">\(slip.input(state, t, isShort: true))<p><button class="button secondary">\(t("Sudah dibayar Kas Daerah", "The treasury has paid it"))</button></p></form>
            """
    }

    private func orderForm(_ bill: Bill, _ account: Refund.Account?, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        let wish =
            account.map {
                t(
                    "Rekening dari pemohon: \($0.masked). Kosongkan isian di bawah untuk memakainya.",
                    "The applicant’s account: \($0.masked). Leave the fields below empty to use it."
                )
            }
            ?? t(
                "Pemohon belum memberi rekening di halaman berkasnya. Kalau pemohon memberitahukannya di loket, tulis di sini:",
                "The applicant has given no account on the page of their case yet. Where they told it at the counter, write it here:"
            )
        return """
            <details\(.flag("open", state.problem != nil))><summary>\(t("Perintahkan pengembalian", "Order that it is given back"))</summary><form method="post" action="\(Link("meja", "kas", "kembali"))">\(hidden(context.visitor))<input type="hidden" name="kode" value="\(bill.number)">\(Field(name: "amount", label: t("Jumlah (rupiah)", "Amount (rupiah)")).input(state, t, value: t.number(bill.returnable), inputMode: "numeric", isShort: true))\(Field(name: "reason", label: t("Alasan dan dasar hukumnya, dalam bahasa Indonesia", "Ground and the rule that it rests on, in Indonesian")).input(state, t, value: "Kelebihan bayar (PP 12/2019 ps. 140)"))
            <p class="small">\(wish)</p>\(Field(name: "bank", label: t("Bank", "Bank"), isOptional: true).input(state, t))\(Field(name: "rekening", label: t("Nomor rekening", "Account number"), isOptional: true).input(state, t, inputMode: "numeric"))\(Field(name: "atasnama", label: t("Atas nama", "In the name of"), isOptional: true).input(state, t))<p><button class="button secondary">\(t("Perintahkan", "Order it"))</button></p></form></details>
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
            ground: form["reason"],
            to: account,
            key: form["sekali"],
            by: officer
        )
    }
}
