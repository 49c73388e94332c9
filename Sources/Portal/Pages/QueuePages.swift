// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Identity
import Markup
import Queues
import Web

/// Waiting in the hall of an office: taking a number, the screen on the wall, and the clerk who calls.
extension Portal {
    private func office(_ context: VisitorContext) throws -> Agency {
        guard let agency = city.agencies[context.parameters.get("instansi") ?? ""] else { throw Problem.notFound }
        return agency
    }

    private func sign(_ ticket: Queues.Ticket) -> String { "A-\(ticket.number.padded(3))" }

    /// Offices where one can wait.
    func queueDoor(_ context: VisitorContext) -> Response {
        let t = context.words
        let offices = Set(city.services.services.map(\.agency)).intersection(city.agencies.keys)
        let items = HTML(
            city.agencyOrder.filter(offices.contains).map {
                "<li><a href=\"\(Link("antrean", $0))\">\(city.agency($0).name)</a></li>" as HTML
            }
        )
        let main: HTML = """
            <h1>\(t("Nomor antrean", "Queue numbers"))</h1><p>\(t("Ambil nomor di ponsel waktu sudah dekat; tidak ada nama yang dicatat.", "Take a number on your phone when you are near; no name is kept."))</p><ul class="list">\(items)</ul>
            """
        return respond(Page(title: t("Nomor antrean", "Queue numbers"), section: .services, isNarrow: true, main: main), context)
    }

    /// The screen of an office, and the door to a number. The page renews itself by its own header, without a script.
    func queueBoard(_ context: VisitorContext) async throws -> Response {
        let t = context.words
        let agency = try office(context)
        let board = try await queues.board(of: agency.code)
        let called = HTML(
            board.called.map {
                "<li><span class=\"figure\">\(sign($0))</span> <b>\(t("Loket \($0.counter ?? 0)", "Counter \($0.counter ?? 0)"))</b></li>"
                    as HTML
            }
        )
        let main: HTML = """
            <h1>\(t("Antrean \(agency.short)", "Queue of \(agency.short)"))</h1>
            <section class="box primary" aria-labelledby="h-panggil"><h2 id="h-panggil">\(t("Sedang dilayani", "Being served"))</h2>\(board.called.isEmpty ? "<p>\(t("Belum ada yang dipanggil.", "Nobody has been called yet."))</p>" : "<ul class=\"list\">\(called)</ul>")<p>\(t("Menunggu: \(board.waiting)", "Waiting: \(board.waiting)"))\(board.minutesEach.map { t(", sekitar \($0) menit seorang", ", about \($0) minutes each") } ?? "").</p></section>
            <form method="post" action="\(Link("antrean", agency.code))">\(hidden(context))<p><button class="button">\(t("Ambil nomor", "Take a number"))</button></p></form>
            <p class="small muted">\(t("Halaman ini memperbarui diri tiap 20 detik.", "This page renews itself every 20 seconds."))</p>
            """
        var response = respond(
            Page(title: t("Antrean \(agency.short)", "Queue of \(agency.short)"), section: .services, isNarrow: true, main: main),
            context
        )
        response.headers[.refresh] = "20"
        response.headers[.cacheControl] = "no-store"
        return response
    }

    /// Takes a number.
    func takeNumber(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let agency = try office(context)
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor)
        let ticket = try await queues.take(at: agency.code, key: form["sekali"], address: context.peer)
        return .seeOther(Link("antrean", agency.code, ticket.id))
    }

    /// A number for its holder: how many are before it, and about how long.
    func queueTicket(_ context: VisitorContext) async throws -> Response {
        let t = context.words
        let agency = try office(context)
        guard let ticket = try await queues.find(context.parameters.get("nomor") ?? ""), ticket.office == agency.code else {
            throw Problem.notFound
        }
        let before = try await queues.before(ticket)
        let board = try await queues.board(of: agency.code)
        let wait = board.minutesEach.map { $0 * before / max(1, board.counters) }
        let state: String
        switch ticket.state {
        case "called": state = t("Silakan ke loket \(ticket.counter ?? 0)", "Please come to counter \(ticket.counter ?? 0)")
        case "served": state = t("Sudah dilayani", "Served")
        case "absent": state = t("Dipanggil, tetapi tidak datang. Ambil nomor baru.", "Called, but nobody came. Take a new number.")
        default:
            state =
                t("\(before) orang sebelum Anda", "\(before) people before you")
                + (wait.map { t(", sekitar \($0) menit", ", about \($0) minutes") } ?? "")
        }
        let main: HTML = """
            <h1>\(t("Nomor Anda", "Your number"))</h1><section class="box primary"><p class="figure">\(sign(ticket))</p><p class="large" role="status">\(state)</p></section>
            <p>\(agency.name). \(t("Nomor ini berlaku hari ini.", "This number holds for today."))</p><p><a href="\(Link("antrean", agency.code))">\(t("Layar antrean", "The screen"))</a></p>
            """
        var response = respond(Page(title: "\(sign(ticket)), \(agency.short)", section: .services, isNarrow: true, main: main), context)
        if ticket.state == "waiting" || ticket.state == "called" { response.headers[.refresh] = "20" }
        response.headers[.cacheControl] = "no-store"
        return response
    }

    /// The clerk's side: whom the counter has, who is next.
    func queueDesk(
        _ request: Request,
        _ context: OfficerContext,
        state: FormState = .empty,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let t = context.words
        let board = try await queues.board(of: context.officer.agency)
        let counter = state.typed?["counter"] ?? request.query("loket") ?? "1"
        let mine = board.called.first { $0.counter == Int(outside: counter, in: Queues.counters) }
        let main: HTML = """
            \(state.summary(t))<header class="row"><h1>\(t("Antrean", "Queue"))</h1><p class="muted">\(city.agency(context.officer.agency).short)</p></header>
            <section class="box primary" aria-labelledby="h-loket"><h2 id="h-loket">\(t("Loket \(counter)", "Counter \(counter)"))</h2><p class="figure" role="status">\(mine.map { sign($0) } ?? "–")</p><p>\(t("Menunggu: \(board.waiting)", "Waiting: \(board.waiting)"))</p>
            <form method="post" action="\(Link("loket", "antrean"))">\(hidden(context.visitor))\(Field(name: "counter", label: t("Nomor loket", "Counter number")).input(state, t, value: counter, inputMode: "numeric", isShort: true))<p class="row"><button class="button" accesskey="n">\(t("Panggil berikutnya", "Call the next"))</button>\(mine == nil ? HTML() : "<button class=\"button secondary\" name=\"absen\" value=\"1\">\(t("Tidak datang, panggil berikutnya", "Did not come, call the next"))</button>")</p></form></section>
            <p class="row"><a href="\(Link("antrean", context.officer.agency))">\(t("Layar untuk umum", "The public screen"))</a><a href="\(Link("meja", "layanan"))">\(t("Isikan permohonan", "Fill in an application"))</a></p>
            """
        return respond(
            staffPage(
                t("Antrean", "Queue"),
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

    /// Calls the next one.
    func callNext(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        do {
            _ = try await queues.callNext(
                to: Int(outside: form["counter"], in: Queues.counters) ?? 0,
                lastCame: !form.has("absen"),
                by: context.officer
            )
        } catch let problem as Problem where problem.keepsForm {
            return try await queueDesk(request, context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
        return .seeOther(Link("loket", "antrean", query: [("loket", form["counter"])]))
    }
}

extension HTTPField.Name {
    fileprivate static let refresh = HTTPField.Name("Refresh") ?? .date
}
