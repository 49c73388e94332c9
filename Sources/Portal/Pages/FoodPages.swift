// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import FoodPrices
import HTTPTypes
import Hummingbird
import Markup
import Web

/// What food costs at the markets today: for everybody, with each figure's meaning beside it.
extension Portal {
    private func watch() throws -> FoodWatch {
        guard let food else { throw Problem.notFound }
        return food
    }

    /// “+5,2%”.
    private func percent(_ tenths: Int, _ t: Words) -> String {
        let mark = t.language == .indonesian ? "," : "."
        return "\(tenths > 0 ? "+" : tenths < 0 ? "−" : "")\(abs(tenths) / 10)\(mark)\(abs(tenths) % 10)%"
    }

    private func changeBadge(_ figure: FoodWatch.Figure, _ food: FoodWatch, _ t: Words) -> HTML {
        guard let change = figure.change else { return "<span class=\"muted\">–</span>" }
        guard abs(change) >= food.plan.jump * 10 else { return HTML(text: percent(change, t)) }
        return Badge.html(
            .warning,
            t("\(change > 0 ? "naik" : "turun") \(percent(change, t))", "\(change > 0 ? "up" : "down") \(percent(change, t))"),
            tone: change > 0 ? "bad" : "warn"
        )
    }

    /// Every commodity.
    func foodPrices(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let t = context.words
        let food = try watch()
        let figures = try await food.figures()
        let rows = HTML(
            figures.map { figure in
                let commodity = figure.commodity
                let span = [figure.prices.first, figure.prices.last].compactMap { $0?.price }
                let range = span.count == 2 && span[0] != span[1] ? "\(t.number(span[0]))–\(t.number(span[1]))" : ""
                let above: HTML =
                    figure.isAboveCeiling
                    ? Badge.html(
                        .warning,
                        t(
                            "di atas batas Rp\(t.number(commodity.ceiling?.rupiah ?? 0))",
                            "above the limit of Rp\(t.number(commodity.ceiling?.rupiah ?? 0))"
                        ),
                        tone: "bad"
                    )
                    : HTML()
                return """
                    <tr><th scope="row"><a href="\(Link("harga", commodity.code))">\(t(commodity.name))</a> <span class="muted">/\(commodity.unit)</span> \(above)</th><td class="number" data-l="\(t("Rata-rata", "Mean"))">\(figure.mean.map { "Rp\(t.number($0))" } ?? "–")</td><td data-l="\(t("Perubahan", "Change"))">\(changeBadge(figure, food, t))</td><td data-l="\(t("Antarpasar", "By market"))">\(range)</td><td data-l="\(t("Terakhir", "Last"))">\(figure.day?.short(t.language) ?? t("tidak ada", "none"))</td></tr>
                    """
            }
        )
        let today = now.date(in: city.zone)
        let newest = figures.compactMap(\.day).max()
        let main: HTML = """
            <h1>\(t("Harga pangan", "Food prices"))</h1><p class="large">\(newest.map { t("Terakhir dilaporkan \($0.long(.indonesian)).", "Last reported on \($0.long(.english)).") } ?? t("Belum ada laporan.", "No reports yet.")) \(t("Lewat SMS: HARGA BERAS ke \(city.contact.sms).", "By SMS: PRICE RICE to \(city.contact.sms)."))</p>
            <table class="stack"><caption class="sr">\(t("Harga pangan", "Food prices"))</caption><thead><tr><th scope="col">\(t("Bahan", "Food"))</th><th scope="col" class="number">\(t("Rata-rata", "Mean"))</th><th scope="col">\(t("Perubahan", "Change"))</th><th scope="col">\(t("Antarpasar", "By market"))</th><th scope="col">\(t("Terakhir", "Last"))</th></tr></thead><tbody>\(rows)</tbody></table>
            <details><summary>\(t("Apa arti angka-angka ini", "What these figures mean"))</summary><p>\(t("Rata-rata: harga terakhir di tiap pasar, paling tua \(FoodWatch.freshness) hari, dijumlah dan dibagi banyaknya pasar. Perubahan: rata-rata itu dibanding rata-rata harga sebelumnya di pasar yang sama; ditandai mulai \(food.plan.jump)%. Setiap laporan tercatat di buku besar publik; yang diperbaiki tetap terbaca di sana.", "Mean: the last price at each market, at most \(FoodWatch.freshness) days old, added up and divided by the number of markets. Change: that mean against the mean of the prices before at the same markets; marked from \(food.plan.jump)%. Every report stands in the public ledger; what was corrected can still be read there."))</p></details>
            <p class="row"><a href="\(Link("data", "harga.csv", query: [("dari", today.adding(days: -90).description), ("sampai", today.description)]))">\(t("Unduh 90 hari (CSV)", "Download 90 days (CSV)"))</a><a href="\(Link("buku-besar"))">\(t("Buku besar publik", "Public ledger"))</a></p>
            """
        return respond(
            Page(title: t("Harga pangan", "Food prices"), section: .performance, main: main),
            context
        )
    }

    /// One commodity: its last 90 days, and each market.
    func foodPrice(_ context: VisitorContext) async throws -> Response {
        let t = context.words
        let food = try watch()
        guard let commodity = food.plan.commodity(context.parameters.get("bahan") ?? "") else { throw Problem.notFound }
        let series = try await food.series(of: commodity.code, days: 90)
        let rows = HTML(
            try await food.byMarket(commodity.code).map { price in
                let market = food.plan.market(price.market)
                return """
                    <tr><th scope="row">\(market?.name ?? price.market)<p class="small muted">\(market.map { city.regions.fullName($0.subdistrict) } ?? "")</p></th><td class="number" data-l="\(t("Harga", "Price"))">\(price.price.map { "Rp\(t.number($0))" } ?? "–")</td><td class="number" data-l="\(t("Stok", "Stock"))">\(price.stock.map { "\(t.number($0)) \(commodity.unit)" } ?? "–")</td><td data-l="\(t("Tanggal", "Date"))">\(price.day.long(t.language))</td></tr>
                    """
            }
        )
        let limit = commodity.ceiling.map {
            "<p>\(t("Batas tertinggi", "Ceiling")): <b>Rp\(t.number($0.rupiah))</b>/\(commodity.unit) <span class=\"muted\">(\(t($0.basis)))</span></p>"
                as HTML
        }
        let main: HTML = """
            <h1>\(t(commodity.name))</h1>\(limit)\(chart(series, commodity, t))
            <h2>\(t("Menurut pasar, per \(commodity.unit)", "By market, for a \(commodity.unit)"))</h2><table class="stack"><caption class="sr">\(t("Harga menurut pasar", "Prices by market"))</caption><thead><tr><th scope="col">\(t("Pasar", "Market"))</th><th scope="col" class="number">\(t("Harga", "Price"))</th><th scope="col" class="number">\(t("Stok", "Stock"))</th><th scope="col">\(t("Tanggal", "Date"))</th></tr></thead><tbody>\(rows)</tbody></table>
            """
        return respond(
            Page(
                title: t(commodity.name),
                section: .performance,
                crumbs: [(t("Harga pangan", "Food prices"), Link("harga"))],
                main: main
            ),
            context
        )
    }

    /// The means of days as a line, with the first, the last, the lowest and the highest in words.
    private func chart(_ series: [(day: CivilDate, mean: Int)], _ commodity: FoodMarkets.Commodity, _ t: Words) -> HTML {
        guard let first = series.first, let last = series.last, series.count > 1 else {
            return "<p class=\"box\">\(t("Belum cukup laporan untuk grafik.", "Not enough reports for a chart yet."))</p>"
        }
        let values = series.map(\.mean)
        let (least, most) = (values.min() ?? 0, values.max() ?? 1)
        let (width, height) = (560, 160)
        let days = max(1, last.day.days - first.day.days)
        let points = series.map { point in
            let x = (point.day.days - first.day.days) * width / days
            let y = most == least ? height / 2 : height - (point.mean - least) * height / (most - least)
            return "\(x),\(y)"
        }
        let words = t(
            "Dari Rp\(t.number(first.mean)) (\(first.day.short(.indonesian))) ke Rp\(t.number(last.mean)) (\(last.day.short(.indonesian))); terendah Rp\(t.number(least)), tertinggi Rp\(t.number(most)).",
            "From Rp\(t.number(first.mean)) (\(first.day.short(.english))) to Rp\(t.number(last.mean)) (\(last.day.short(.english))); lowest Rp\(t.number(least)), highest Rp\(t.number(most))."
        )
        return """
            <figure><svg class="chart" viewBox="-4 -10 \("\(width + 8)") \("\(height + 20)")" role="img" aria-label="\(words)"><polyline class="h" points="\(points.joined(separator: " "))"/></svg><figcaption>\(words)</figcaption></figure>
            """
    }

    /// Reports of a span of days, the last ninety where none is given.
    func foodExport(_ request: Request) async throws -> Response {
        let food = try watch()
        let today = now.date(in: city.zone)
        let last = request.query("sampai").flatMap { CivilDate($0) } ?? today
        let first = request.query("dari").flatMap { CivilDate($0) } ?? last.adding(days: -90)
        let text = try await food.csv(from: first, through: last)
        var response = Response.text(text, type: "text/csv; charset=utf-8").tagged(for: request, Array(text.utf8))
        response.headers[.contentDisposition] = "attachment; filename=\"harga-pangan.csv\""
        return response
    }
}
