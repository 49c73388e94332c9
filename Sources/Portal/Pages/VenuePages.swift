// SPDX-License-Identifier: EUPL-1.2

import Bookings
import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Markup
import Web

/// What can be booked, what it costs and when it is free; for everybody, without a name of anybody.
extension Portal {
    private var openVenues: [Venue] { city.venues.filter { !$0.isConfidential } }

    /// A service by which a venue is booked.
    private func service(for venue: Venue) -> Service? {
        city.services.services.first { service in
            service.questionnaire.questions.contains { if case .slot(let asked) = $0.kind { asked.code == venue.code } else { false } }
        }
    }

    private func rates(_ resource: Venue.Resource, _ t: Words) -> String {
        guard let rate = resource.rate(on: now.date(in: city.zone)) else { return t("Gratis", "Free") }
        return rate.weekday == rate.weekend
            ? t("Rp\(t.number(rate.weekday)) per jam", "Rp\(t.number(rate.weekday)) an hour")
            : t(
                "Senin–Jumat Rp\(t.number(rate.weekday)), Sabtu–Minggu Rp\(t.number(rate.weekend)) per jam",
                "Monday to Friday Rp\(t.number(rate.weekday)), weekends Rp\(t.number(rate.weekend)) an hour"
            )
    }

    /// Every venue that is open to all.
    func venueList(_ context: VisitorContext) -> Response {
        let t = context.words
        let items = HTML(
            openVenues.map { venue in
                let resources = HTML(
                    venue.resources.map {
                        "<li><b>\(t($0.name))</b><p>\($0.address.map { "\($0). " } ?? "")\(rates($0, t))</p></li>" as HTML
                    }
                )
                return """
                    <section aria-labelledby="v-\(venue.code)"><h2 id="v-\(venue.code)">\(t(venue.name))</h2><ul class="list">\(resources)</ul><p class="row"><a class="button" href="\(Link("sarana", venue.code))">\(t("Lihat waktu kosong", "Show free times"))</a></p></section>
                    """
            }
        )
        let none: HTML =
            openVenues.isEmpty ? "<p class=\"box\">\(t("Belum ada yang bisa dipesan.", "Nothing can be booked yet."))</p>" : HTML()
        let main: HTML = """
            <h1>\(t("Sarana yang bisa dipesan", "What can be booked"))</h1><p class="large">\(t("Siapa cepat dia dapat, dengan harga yang sama untuk semua. Setiap pemesanan tercatat di buku besar publik.", "First come, first served, at one price for all. Every booking stands in the public ledger."))</p>\(none)\(items)
            """
        return respond(
            Page(
                title: t("Sarana yang bisa dipesan", "What can be booked"),
                section: .services,
                crumbs: [(t("Layanan", "Services"), Link("layanan"))],
                isNarrow: true,
                main: main
            ),
            context
        )
    }

    /// When a venue is free on a day.
    func venueBoard(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let t = context.words
        guard let venue = openVenues.first(where: { $0.code == context.parameters.get("kode") }) else { throw Problem.notFound }
        let today = now.date(in: city.zone)
        let last = today.adding(days: venue.rules.ahead)
        let day = min(max(request.query("hari").flatMap { CivilDate($0) } ?? today, today), last)
        let rows = HTML(
            try await bookings.board(venue, on: day).map { resource, free in
                """
                <tr><th scope="row">\(t(resource.name))<p class="small muted">\(rates(resource, t))</p></th><td data-l="\(t("Kosong", "Free"))">\(free.isEmpty ? t("tidak ada", "none") : spans(free, venue, t))</td></tr>
                """
            }
        )
        let closed = try await bookings.closures(of: venue)
        let closures = HTML(
            closed.map { closure in
                "<li><b>\(venue.resource(closure.resource).map { t($0.name) } ?? "")</b><p>\(closure.starts.stamp(t.language, zone: city.zone)) – \(closure.ends.stamp(t.language, zone: city.zone)): \(closure.reason)</p></li>"
                    as HTML
            }
        )
        let book = service(for: venue).map { service in
            "<p><a class=\"button\" href=\"\(Link("layanan", service.code))\">\(t("Pesan: \(service.name.id)", "Book: \(service.name.en)"))</a></p>"
                as HTML
        }
        func days(_ offset: Int, _ label: String) -> HTML {
            let other = day.adding(days: offset)
            guard other >= today, other <= last else { return HTML() }
            return "<a href=\"\(Link("sarana", venue.code, query: [("hari", other.description)]))\">\(label)</a>"
        }
        let main: HTML = """
            <h1>\(t(venue.name))</h1><form class="row" aria-label="\(t("Pilih hari", "Choose a day"))"><label for="hari">\(t("Hari", "Day"))</label> <input id="hari" name="hari" type="date" value="\(day.description)" min="\(today.description)" max="\(last.description)"> <button class="button secondary">\(t("Lihat", "Show"))</button></form>
            <h2>\(day.full(t.language))</h2><p class="row">\(days(-1, t("Hari sebelumnya", "The day before")))\(days(1, t("Hari berikutnya", "The next day")))</p>
            <table class="stack"><caption class="sr">\(t("Waktu kosong", "Free times"))</caption><thead><tr><th scope="col">\(t("Sarana", "What"))</th><th scope="col">\(t("Kosong", "Free"))</th></tr></thead><tbody>\(rows)</tbody></table>
            \(closed.isEmpty ? HTML() : "<section aria-labelledby=\"h-tutup\"><h2 id=\"h-tutup\">\(t("Ditutup", "Closed"))</h2><ul class=\"list\">\(closures)</ul></section>")\(book)
            """
        return respond(
            Page(
                title: t(venue.name),
                section: .services,
                crumbs: [(t("Layanan", "Services"), Link("layanan")), (t("Sarana", "Bookings"), Link("sarana"))],
                main: main
            ),
            context
        )
    }

    /// Starts put together to spans: “08.00–11.00, 13.30–15.00”.
    private func spans(_ free: [Int], _ venue: Venue, _ t: Words) -> String {
        let shortest = venue.rules.lengths.min() ?? Venue.cell
        var found: [(from: Int, until: Int)] = []
        for start in free {
            if let last = found.last, start <= last.until {
                found[found.count - 1].until = max(last.until, start + shortest)
            } else {
                found.append((start, start + shortest))
            }
        }
        return found.map { Slot.span($0.from, $0.until - $0.from, t.language) }.joined(separator: ", ")
    }

    /// The times that a program can book, as answers to a question of the kind slot.
    func freeSlots(_ request: Request, _ context: VisitorContext) async throws -> Response {
        guard let venue = city.venues.first(where: { $0.code == context.parameters.get("kode") }) else { throw Problem.notFound }
        let today = now.date(in: city.zone)
        guard let resource = venue.resource(request.query("resource") ?? venue.resources.first?.code ?? ""),
            let day = CivilDate.typed(request.query("day") ?? today.description).value,
            let minutes = Int(outside: request.query("minutes") ?? "\(venue.rules.lengths[0])", in: 1...1440),
            venue.rules.lengths.contains(minutes),
            let weeks = Int(outside: request.query("weeks") ?? "1", in: 1...venue.rules.weeks)
        else {
            throw Problem(
                "slots.malformed",
                .badRequest,
                Text(id: "Parameternya resource, day, minutes, weeks", en: "The parameters are resource, day, minutes, weeks"),
                remedy: Text(
                    id: "minutes salah satu dari \(venue.rules.lengths), weeks 1 sampai \(venue.rules.weeks).",
                    en: "minutes is one of \(venue.rules.lengths), weeks 1 to \(venue.rules.weeks)."
                )
            )
        }
        let choices = try await bookings.choices(resource, of: venue, on: day, minutes: minutes, weeks: weeks)
        var response = Response.json([
            "venue": .string(venue.code), "resources": .array(venue.resources.map { .string($0.code) }), "resource": .string(resource.code),
            "day": .string(day.description), "minutes": JSON(minutes),
            "slots": .array(
                choices.map { choice in
                    [
                        "slot": .string(choice.slot.description),
                        "left_out": .array(
                            choice.leftOut.map {
                                ["start": .string($0.start.instant(in: city.zone).rfc3339(in: city.zone)), "reason": .string($0.reason.en)]
                            }
                        ),
                    ]
                }
            ),
        ])
        response.headers[.cacheControl] = "no-store"
        return response
    }
}
