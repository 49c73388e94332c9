// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Forms
import Hummingbird
import Markup
import Services
import Web

/// What the city does for people: every service with its fee, its time and how far it goes.
extension Portal {
    /// Every service, by life event, or those that words find.
    func catalogue(_ request: Request, _ context: VisitorContext) -> Response {
        let t = context.words
        let words = request.query("q") ?? ""
        let catalogue = city.services
        let found = catalogue.search(words)
        let results: HTML =
            words.isEmpty
            ? HTML()
            : found.isEmpty
                ? "<p class=\"notice\" role=\"status\">\(t("Tidak ada layanan yang cocok dengan “\(words)”. Pilih dari daftar di bawah.", "No service fits “\(words)”. Choose from the list below."))</p>"
                : "<section aria-labelledby=\"h-hasil\"><h2 id=\"h-hasil\">\(t("Yang cocok", "What fits"))</h2><ul class=\"list\">\(HTML(found.map { serviceItem($0, t) }))</ul></section>"
        let events = HTML(
            catalogue.events.map { event in
                let services = catalogue.services.filter { $0.event == event.code }
                guard !services.isEmpty else { return HTML() }
                return """
                    <section aria-labelledby="p-\(event.code)"><h2 id="p-\(event.code)">\(t(event.name))</h2><ul class="list">\(HTML(services.map { serviceItem($0, t) }))</ul></section>
                    """
            }
        )
        let stages = HTML(Maturity.allCases.map { "<li>\(maturity($0, t))<span>\(maturityMeaning($0, t))</span></li>" as HTML })
        let main: HTML = """
            <header><h1>\(t("Semua layanan", "All services"))</h1>
            <p class="large">\(t("\(catalogue.services.count) layanan. Biaya dan batas waktunya tertulis di depan.", "\(catalogue.services.count) services. What they cost and how long they take is said at the door."))</p>
            <form role="search" action="\(Link("layanan"))"><p class="search"><label class="sr" for="q">\(t("Cari layanan", "Search services"))</label><input id="q" name="q" type="search" value="\(words)" autocomplete="off" enterkeyhint="search" aria-describedby="q-bantu"><button class="button">\(Icon.search.html)\(t("Cari", "Search"))</button></p>
            <p id="q-bantu" class="help">\(t("Tulis dengan kata sendiri, misalnya “anak lahir” atau “buka warung”.", "In your own words, such as “baby” or “open a shop”."))</p></form></header>
            \(results)
            <div class="two"><div>\(events)\(besides(t))</div><aside class="box" aria-labelledby="h-tahap"><h2 id="h-tahap">\(t("Arti tanda tahap", "What the stages mean"))</h2><p>\(t("Dihitung dari apa yang benar-benar bisa dilakukan, bukan dinyatakan sendiri.", "Worked out from what can really be done, not claimed."))</p><ul class="list">\(stages)</ul></aside></div>
            """
        return respond(Page(title: t("Semua layanan", "All services"), section: .services, main: main), context)
    }

    /// What residents use without applying for it.
    private func besides(_ t: Words) -> HTML {
        var items: [(Link, String, String)] = []
        if city.venues.contains(where: { !$0.isConfidential }) {
            items.append(
                (
                    Link("sarana"), t("Sarana yang bisa dipesan", "What can be booked"),
                    t("Waktu kosong dan tarifnya", "Free times and what they cost")
                )
            )
        }
        if food != nil {
            items.append((Link("harga"), t("Harga pangan", "Food prices"), t("Hari ini, menurut pasar", "Today, by market")))
        }
        items.append((Link("antrean"), t("Nomor antrean", "Queue numbers"), t("Ambil sebelum berangkat", "Take one before you go")))
        items.append(
            (
                Link("laporan"), t("Langganan kabar", "News by subscription"),
                t(
                    "Lewat email atau SMS: IKUT dan nama kelurahan ke \(city.contact.sms)",
                    "By e-mail or SMS: FOLLOW and a subdistrict to \(city.contact.sms)"
                )
            )
        )
        let list = HTML(items.map { "<li><a href=\"\($0.0)\"><b>\($0.1)</b></a><p>\($0.2)</p></li>" as HTML })
        return
            "<section aria-labelledby=\"h-lain\"><h2 id=\"h-lain\">\(t("Tanpa mengajukan", "Without applying"))</h2><ul class=\"list\">\(list)</ul></section>"
    }

    /// What words lead to: services and kinds of report, side by side.
    func search(_ request: Request, _ context: VisitorContext) -> Response {
        let t = context.words
        let words = request.query("q") ?? ""
        let found = city.services.search(words)
        let kinds = city.complaints.search(words)
        let services: HTML =
            found.isEmpty
            ? HTML()
            : "<section aria-labelledby=\"h-layanan\"><h2 id=\"h-layanan\">\(t("Layanan", "Services"))</h2><ul class=\"list\">\(HTML(found.map { serviceItem($0, t) }))</ul></section>"
        let reports: HTML =
            kinds.isEmpty
            ? HTML()
            : "<section aria-labelledby=\"h-lapor\"><h2 id=\"h-lapor\">\(t("Laporkan", "Report"))</h2><ul class=\"list\">\(HTML(kinds.prefix(8).map { "<li><a href=\"\(Link("lapor", query: [("jenis", $0.code)]))\"><b>\(t($0.name))</b></a><p>\(t($0.description))</p></li>" as HTML }))</ul></section>"
        let nothing: HTML =
            words.isEmpty || !found.isEmpty || !kinds.isEmpty
            ? HTML()
            : "<p class=\"notice\" role=\"status\">\(t("Tidak ada yang cocok dengan “\(words)”. Lihat semua layanan, atau laporkan dengan kata sendiri.", "Nothing fits “\(words)”. See all services, or report it in your own words."))</p>"
        let main: HTML = """
            <h1>\(t("Cari", "Search"))</h1><form role="search" action="\(Link("cari"))"><p class="search"><label class="sr" for="q">\(t("Cari layanan atau masalah", "Search services and problems"))</label><input id="q" name="q" type="search" value="\(words)" autocomplete="off" enterkeyhint="search"><button class="button">\(Icon.search.html)\(t("Cari", "Search"))</button></p></form>
            \(nothing)\(services)\(reports)<p class="row"><a href="\(Link("layanan"))">\(t("Semua layanan", "All services"))</a><a href="\(Link("lapor"))">\(t("Semua jenis laporan", "All kinds of report"))</a></p>
            """
        return respond(Page(title: t("Cari", "Search"), section: .services, isNarrow: true, main: main), context)
    }

    private func serviceItem(_ service: Service, _ t: Words) -> HTML {
        """
        <li><a href="\(Link("layanan", service.code))"><b>\(t(service.name))</b></a>\(maturity(service.maturity, t))<p>\(feeSummary(service, t)) · \(t(service.limit.limit.text)) · \(agencyName(service, t))</p></li>
        """
    }

    func agencyName(_ service: Service, _ t: Words) -> String {
        service.agency == "district" ? t("Kantor kecamatan", "District office") : city.agency(service.agency).short
    }

    func maturity(_ maturity: Maturity, _ t: Words) -> HTML {
        let columns = HTML(
            (1...4).map { step in
                "<rect x=\"\("\(step * 7 - 7)")\" y=\"\("\(16 - step * 4)")\" width=\"5\" height=\"\("\(step * 4)")\" class=\"\(step <= maturity.rawValue ? "on" : "off")\"/>"
            }
        )
        return """
            <span class="badge"><svg class="maturity" viewBox="0 0 28 16" aria-hidden="true">\(columns)</svg>\(t(maturity.name))</span>
            """
    }

    func maturityMeaning(_ maturity: Maturity, _ t: Words) -> String {
        switch maturity {
        case .presence: t("Ada keterangannya di sini", "It is described here")
        case .interaction: t("Bisa diajukan dan dijawab", "You can apply and are answered")
        case .transaction: t("Selesai tanpa datang ke kantor", "Carried to its end without going anywhere")
        case .transformation: t("Data terhubung, Anda tidak diminta dua kali", "Data is joined up, and nothing is asked twice")
        }
    }

    func feeSummary(_ service: Service, _ t: Words) -> String {
        switch service.fee {
        case .free: t("Gratis", "Free")
        case .levy: t("Hitung sendiri biayanya", "Work out the fee yourself")
        case .lines(let lines):
            if lines.count == 1, lines[0].amount.names.isEmpty,
                let amount = try? services.assess(service, Answers(), today: now.date(in: city.zone)).first?.amount
            {
                "Rp\(t.number(amount))"
            } else {
                t("Menurut tarif", "By tariff")
            }
        }
    }

    func requireService(_ context: VisitorContext) throws -> Service {
        guard let service = city.services[context.parameters.get("kode") ?? ""] else { throw Problem.notFound }
        return service
    }
}
