// SPDX-License-Identifier: EUPL-1.2

import Bookings
import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Markup
import Web

/// Who comes when, for the office that looks after a venue; and closing it for a while.
extension Portal {
    /// Shows a day.
    ///
    /// - Parameter hit: bookings that fall into a time that has just been closed.
    func schedulePage(
        _ request: Request,
        _ context: OfficerContext,
        hit: [Booking] = [],
        state: FormState = .empty,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let t = context.words
        let venues = city.venues.filter { bookings.keeps($0, context.officer) }
        let wanted = state.typed?["venue"] ?? request.query("tempat") ?? ""
        let day = (state.typed?["day"] ?? request.query("hari")).flatMap { CivilDate($0) } ?? now.date(in: city.zone)
        guard let venue = venues.first(where: { $0.code == wanted }) ?? venues.first else {
            let main: HTML =
                "<h1>\(t("Jadwal", "Schedule"))</h1><p class=\"box\">\(t("Instansi Anda tidak mengelola apa pun yang bisa dipesan.", "Your agency looks after nothing that can be booked."))</p>"
            return respond(staffPage(t("Jadwal", "Schedule"), context, section: .services, main: main), context.visitor)
        }
        let agenda = try await bookings.agenda(venue, on: day)
        let main: HTML = """
            \(state.summary(t))\(state.problem == nil && hit.isEmpty ? scheduleDone(request, t) : HTML())<header class="row"><h1>\(t("Jadwal", "Schedule"))</h1><p class="muted">\(t(venue.name))</p></header>
            <form class="row" aria-label="\(t("Pilih hari dan tempat", "Choose day and place"))"><label for="tempat">\(t("Tempat", "Venue"))</label><select id="tempat" name="tempat">\(HTML(venues.map { "<option value=\"\($0.code)\"\(.flag("selected", $0.code == venue.code))>\(t($0.name))</option>" }))</select><label for="hari">\(t("Hari", "Day"))</label><input id="hari" name="hari" type="date" value="\(day.description)"><button class="button secondary">\(t("Lihat", "Show"))</button></form>
            \(hitNotice(hit, t))
            <div class="two"><section aria-labelledby="j1"><h2 id="j1">\(day.full(t.language))</h2>\(agendaTable(agenda, venue, t))</section>
            <div>\(closing(venue, day, state, context))\(try await closed(venue, context))</div></div>
            """
        return respond(
            staffPage(
                t("Jadwal", "Schedule"),
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

    private func scheduleDone(_ request: Request, _ t: Words) -> HTML {
        switch request.query("selesai") {
        case "tutup": doneNotice(t("Waktu itu ditutup.", "That time is closed."))
        case "buka": doneNotice(t("Waktu itu bisa dipesan lagi.", "That time can be booked again."))
        default: HTML()
        }
    }

    private func agendaTable(_ agenda: [Booking], _ venue: Venue, _ t: Words) -> HTML {
        guard !agenda.isEmpty else { return "<p class=\"box\">\(t("Tidak ada yang dipesan.", "Nothing is booked."))</p>" }
        let rows = HTML(
            agenda.map { booking in
                """
                <tr><th scope="row">\(booking.starts.time(t.language, zone: city.zone))–\(booking.ends.time(t.language, zone: city.zone))</th><td data-l="\(t("Yang dipesan", "What"))">\(venue.resource(booking.resource).map { t($0.name) } ?? booking.resource)</td><td data-l="\(t("Berkas", "Case"))"><a class="code" href="\(Link("meja", "permohonan", booking.docket))">\(booking.docket)</a></td></tr>
                """
            }
        )
        return """
            <table class="stack"><caption class="sr">\(t("Yang dipesan", "Booked"))</caption><thead><tr><th scope="col">\(t("Jam", "Time"))</th><th scope="col">\(t("Yang dipesan", "What"))</th><th scope="col">\(t("Berkas", "Case"))</th></tr></thead><tbody>\(rows)</tbody></table>
            """
    }

    private func hitNotice(_ hit: [Booking], _ t: Words) -> HTML {
        guard !hit.isEmpty else { return HTML() }
        let items = HTML(
            hit.map {
                "<li><a class=\"code\" href=\"\(Link("meja", "permohonan", $0.docket))\">\($0.docket)</a> \(when($0, t.language))</li>"
                    as HTML
            }
        )
        return """
            <div class="notice warn" role="status">\(Icon.warning.html)<div><p>\(t("Yang ini sudah dipesan di waktu yang baru ditutup. Hubungi pemohonnya lewat berkas: pindahkan atau batalkan.", "These were booked in the time just closed. Write to the applicants in their cases: move or cancel them."))</p><ul>\(items)</ul></div></div>
            """
    }

    private func closing(_ venue: Venue, _ day: CivilDate, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        func time(_ name: String, _ label: String, _ old: String) -> HTML {
            Field(name: name, label: label).input(state, t, value: old, type: "time", isShort: true)
        }
        return """
            <section class="box" aria-labelledby="j2"><h2 id="j2">\(t("Tutup untuk sementara", "Close for a while"))</h2><form method="post" action="\(Link("meja", "jadwal", "tutup"))" novalidate>\(hidden(context.visitor))<input type="hidden" name="venue" value="\(venue.code)">
            \(Field(name: "resource", label: t("Yang ditutup", "What")).select(state, t, options: venue.resources.map { ($0.code, t($0.name)) }))
            \(Field(name: "day", label: t("Hari", "Day")).input(state, t, value: day.description, type: "date", isShort: true))
            \(time("from", t("Dari", "From"), "07:00"))\(time("until", t("Sampai", "Until"), "21:00"))
            \(Field(name: "reason", label: t("Sebabnya, untuk dibaca umum", "Why, for everybody to read")).input(state, t))
            <p><button class="button secondary">\(t("Tutup", "Close"))</button></p></form></section>
            """
    }

    private func closed(_ venue: Venue, _ context: OfficerContext) async throws -> HTML {
        let t = context.words
        let found = try await bookings.closures(of: venue)
        guard !found.isEmpty else { return HTML() }
        let items = HTML(
            found.map { closure in
                """
                <li><b>\(venue.resource(closure.resource).map { t($0.name) } ?? "")</b><p>\(closure.starts.stamp(t.language, zone: city.zone)) – \(closure.ends.stamp(t.language, zone: city.zone)): \(closure.reason)</p><form method="post" action="\(Link("meja", "jadwal", "buka"))">\(hidden(context.visitor))<input type="hidden" name="venue" value="\(venue.code)"><button class="text-button" name="closure" value="\(closure.id)">\(t("Buka lagi", "Open again"))</button></form></li>
                """
            }
        )
        return "<section aria-labelledby=\"j3\"><h2 id=\"j3\">\(t("Ditutup", "Closed"))</h2><ul class=\"list\">\(items)</ul></section>"
    }

    /// Closes, or opens again.
    func takeScheduleAct(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        guard let venue = city.venues.first(where: { $0.code == form["venue"] }), bookings.keeps(venue, context.officer) else {
            throw Problem.notFound
        }
        let act = context.visitor.parameters.get("apa") ?? ""
        let back = Link("meja", "jadwal", query: [("tempat", venue.code), ("selesai", act)])
        switch act {
        case "buka":
            try await bookings.reopen(form["closure"], of: venue, by: context.officer)
            return .seeOther(back)
        case "tutup":
            do {
                let (resource, start, end) = try closure(form, venue)
                let hit = try await bookings.close(
                    resource,
                    of: venue,
                    from: start,
                    until: end,
                    reason: form["reason"],
                    by: context.officer
                )
                return hit.isEmpty ? .seeOther(back) : try await schedulePage(request, context, hit: hit)
            } catch let problem as Problem where problem.keepsForm {
                let state = FormState(problem: problem, typed: form)
                return try await schedulePage(request, context, state: state, status: problem.httpStatus)
            }
        default: throw Problem.notFound
        }
    }

    private func closure(_ form: Form, _ venue: Venue) throws -> (Venue.Resource, Slot.Start, Slot.Start) {
        var faults: [Problem.Field] = []
        let day = CivilDate.typed(form["day"]).value
        if day == nil { faults.append(Problem.Field("day", Text(id: "Tulis tanggalnya", en: "Write the date"))) }
        func minute(_ name: String) -> Int? {
            let minute = Slot.minute(form[name])
            if minute == nil { faults.append(Problem.Field(name, Text(id: "Tulis jam seperti 07:00", en: "Write a time such as 07:00"))) }
            return minute
        }
        let (from, until) = (minute("from"), minute("until"))
        guard let resource = venue.resource(form["resource"]), let day, let from, let until, faults.isEmpty else {
            throw Problem.fields(faults)
        }
        return (resource, Slot.Start(day: day, minute: from), Slot.Start(day: day, minute: until))
    }
}
