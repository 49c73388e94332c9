// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import FoodPrices
import HTTPTypes
import Hummingbird
import Markup
import Web

/// Reporting prices and stocks of one market, on a phone between the stalls.
extension Portal {
    private func watch(_ context: OfficerContext) throws -> FoodWatch {
        guard let food, food.reports(context.officer) else {
            throw Problem(
                "food.not-yours",
                .forbidden,
                Text(id: "Harga dilaporkan petugas pangan", en: "Prices are reported by the food officers")
            )
        }
        return food
    }

    /// Shows the form of a market.
    func foodDesk(
        _ request: Request,
        _ context: OfficerContext,
        state: FormState = .empty,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let t = context.words
        let food = try watch(context)
        let wanted = state.typed?["market"] ?? request.query("pasar") ?? ""
        let market = food.plan.market(wanted) ?? food.plan.markets[0]
        let today = now.date(in: city.zone)
        let given = Dictionary(
            try await food.reported(at: market.code, on: today).map { ($0.commodity, $0) },
            uniquingKeysWith: { $1 }
        )
        let choice = HTML(
            food.plan.markets.map { "<option value=\"\($0.code)\"\(.flag("selected", $0.code == market.code))>\($0.name)</option>" as HTML }
        )
        let fields = HTML(
            food.plan.commodities.map { commodity in
                let row = given[commodity.code]
                let price = Field(
                    name: "price-\(commodity.code)",
                    label: t("Harga (rupiah/\(commodity.unit))", "Price (rupiah/\(commodity.unit))")
                )
                let stock = Field(name: "stock-\(commodity.code)", label: t("Stok (\(commodity.unit))", "Stock (\(commodity.unit))"))
                return """
                    <fieldset class="box"><legend>\(t(commodity.name))</legend><div class="filters pair">\(price.input(state, t, value: row?.price.map { t.number($0) } ?? "", inputMode: "numeric", isShort: true))\(stock.input(state, t, value: row?.stock.map { t.number($0) } ?? "", inputMode: "numeric", isShort: true))</div></fieldset>
                    """
            }
        )
        let done: HTML =
            request.query("tersimpan") == nil || state.problem != nil
            ? HTML()
            : doneNotice(t("Tersimpan dan sudah tampil di halaman umum.", "Kept, and on the public page already."))
        let main: HTML = """
            \(state.summary(t))<header class="row"><h1>\(t("Laporan harga pasar", "Market price report"))</h1><p class="muted">\(today.full(t.language))</p></header>\(done)
            <form class="row" aria-label="\(t("Pilih pasar", "Choose a market"))"><label for="pasar">\(t("Pasar", "Market"))</label><select id="pasar" name="pasar">\(choice)</select><button class="button secondary">\(t("Buka", "Open"))</button></form>
            <form method="post" action="\(Link("meja", "harga"))" novalidate>\(hidden(context.visitor))<input type="hidden" name="market" value="\(market.code)"><h2>\(market.name)</h2><p>\(t("Kosongkan yang tidak Anda tanyakan hari ini.", "Leave empty what you did not ask for today."))</p>\(fields)
            <p><label class="check"><input type="checkbox" name="sure" value="ya"\(.flag("checked", state.typed?.has("sure") == true))>\(t("Sudah saya periksa: perubahan yang besar memang benar", "I have checked: large changes are right"))</label></p>
            <p class="row"><button class="button" accesskey="s">\(t("Kirim laporan", "Send the report"))</button><a href="\(Link("harga"))">\(t("Halaman umum", "The public page"))</a></p></form>
            """
        return respond(
            staffPage(
                t("Laporan harga pasar", "Market price report"),
                context,
                section: .services,
                crumbs: [(t("Meja kerja", "Desk"), Link("meja"))],
                hasErrors: state.problem != nil,
                main: main
            ),
            context.visitor,
            status: status
        )
    }

    /// Takes a report.
    func takeFoodReport(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let food = try watch(context)
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        func number(_ name: String) -> Int? {
            let text = form[name]
            // What is no number must not be taken for nothing.
            return text.isEmpty ? nil : Rupiah.typed(text).value ?? -1
        }
        let lines = food.plan.commodities.map {
            FoodWatch.Line(commodity: $0.code, price: number("price-\($0.code)"), stock: number("stock-\($0.code)"))
        }
        do {
            try await food.report(
                lines,
                at: form["market"],
                isSure: form.has("sure"),
                key: onceKey(form, for: "harga"),
                by: context.officer
            )
        } catch let problem as Problem where problem.keepsForm {
            return try await foodDesk(request, context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
        return .seeOther(Link("meja", "harga", query: [("pasar", form["market"]), ("tersimpan", "1")]))
    }
}
