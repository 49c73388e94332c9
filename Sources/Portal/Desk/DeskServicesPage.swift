// SPDX-License-Identifier: EUPL-1.2

import Bookings
import Definitions
import Essentials
import Fees
import FoodPrices
import HTTPTypes
import Hummingbird
import Identity
import Markup
import Residents
import Services
import Web

/// The applications of an officer's desk, by due date, and those that are begun at the counter.
extension Portal {
    /// Shows the applications of an officer's desk.
    func deskServices(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let t = context.words
        var inbox = Services.Inbox()
        inbox.service = request.query("layanan")
        inbox.isEnded = request.query("selesai") != nil
        inbox.isLate = request.query("lewat") != nil
        let page = try request.page()
        let (rows, total) = try await services.inbox(inbox, of: context.officer, page: page)
        let today = now.date(in: city.zone)
        let definitions = try await services.definitions(of: rows)
        let lines = HTML(
            rows.map { row in
                let service = definitions[row.definition]
                return """
                    <tr><th scope="row"><a href="\(Link("meja", "permohonan", row.docket))">\(service.map { t($0.name) } ?? row.service)</a> <span class="code muted">\(row.docket)</span></th><td data-l="\(t("Keadaan", "State"))">\(service.map { statusBadge(row, $0, t) } ?? HTML())</td><td data-l="\(t("Sisa waktu", "Time left"))">\(timeBadge(row, today: today, t))</td><td data-l="\(t("Masuk", "Filed"))">\(row.filedAt.stamp(t.language, zone: city.zone))\(row.channel == "counter" ? t(", loket", ", counter") : "")</td><td data-l="\(t("Instansi", "Agency"))">\(city.agency(row.agency).short)</td></tr>
                    """
            }
        )
        let table: HTML =
            rows.isEmpty
            ? "<p class=\"box\">\(t("Tidak ada permohonan di sini.", "No applications here."))</p>"
            : "<table class=\"stack\"><caption class=\"sr\">\(t("\(total) permohonan", "\(total) applications"))</caption><thead><tr><th scope=\"col\">\(t("Permohonan", "Application"))</th><th scope=\"col\">\(t("Keadaan", "State"))</th><th scope=\"col\">\(t("Sisa waktu", "Time left"))</th><th scope=\"col\">\(t("Masuk", "Filed"))</th><th scope=\"col\">\(t("Instansi", "Agency"))</th></tr></thead><tbody>\(lines)</tbody></table>"
        var query: [(String, String)] = []
        if let service = inbox.service { query.append(("layanan", service)) }
        if inbox.isEnded { query.append(("selesai", "1")) }
        if inbox.isLate { query.append(("lewat", "1")) }
        func pageLink(_ page: PageNumber) -> Link { Link("meja", "layanan", query: query + [("hal", String(page.number))]) }
        if rows.isEmpty, page != .first { return .seeOther(pageLink(.first)) }
        let options = HTML(
            city.services.services.map {
                "<option value=\"\($0.code)\"\(.flag("selected", $0.code == inbox.service))>\(t($0.name))</option>" as HTML
            }
        )
        let money = Fees.seesMoney(context.officer) ? try await fees.waiting(for: context.officer) : nil
        let fillable = HTML(
            city.services.services.filter { services.mayFillIn($0, context.officer) }.map {
                "<option value=\"\($0.code)\"\(.flag("selected", $0.code == inbox.service))>\(t($0.name))</option>" as HTML
            }
        )
        let counter: HTML =
            fillable.isEmpty
            ? HTML()
            : """
            <label for="layanan-2">\(t("Isikan untuk warga di loket:", "Fill in for a resident at the counter:"))</label><select id="layanan-2" name="layanan">\(fillable)</select><button class="button" accesskey="b">\(t("Mulai", "Start"))</button>
            """
        let identity: HTML =
            residents.mayIdentify(context.officer)
            ? "<a href=\"\(Link("loket", "identitas"))\">\(t("Periksa identitas", "Check an identity"))</a>" : HTML()
        let main: HTML = """
            \(passedOn(request, t))<header class="row"><h1>\(t("Permohonan layanan", "Applications"))</h1><p class="muted">\(city.agency(context.officer.agency).short)</p></header>\(try await standingIn(context.officer, t))
            <nav class="tabs" aria-label="\(t("Saringan tersimpan", "Saved filters"))"><ul><li><a href="\(Link("meja", "layanan"))"\(.value("aria-current", inbox.isEnded || inbox.isLate ? nil : "true"))>\(t("Berjalan", "Open"))</a></li><li><a href="\(Link("meja", "layanan", query: [("lewat", "1")]))"\(.value("aria-current", inbox.isLate ? "true" : nil))>\(Badge.html(.warning, t("Lewat tenggat", "Overdue"), tone: "bad"))</a></li><li><a href="\(Link("meja", "layanan", query: [("selesai", "1")]))"\(.value("aria-current", inbox.isEnded ? "true" : nil))>\(t("Selesai", "Ended"))</a></li></ul></nav>
            <form role="search" class="row" aria-label="\(t("Saring permohonan", "Filter applications"))">\(inbox.isEnded ? "<input type=\"hidden\" name=\"selesai\" value=\"1\">" : HTML())<label for="layanan">\(t("Layanan", "Service"))</label><select id="layanan" name="layanan"><option value="">\(t("Semua", "All"))</option>\(options)</select><button class="button secondary">\(t("Terapkan", "Apply"))</button></form>
            <form class="row" method="post" action="\(Link("loket", "layanan"))">\(hidden(context.visitor))\(counter)<a href="\(Link("loket", "antrean"))">\(t("Antrean", "Queue"))</a>\(identity)\(food?.reports(context.officer) == true ? "<a href=\"\(Link("meja", "harga"))\">\(t("Harga pasar", "Market prices"))</a>" : HTML())\(city.venues.contains { bookings.keeps($0, context.officer) } ? "<a href=\"\(Link("meja", "jadwal"))\">\(t("Jadwal", "Schedule"))</a>" : HTML())\(money.map { cashLink($0, context) })</form>
            \(try await unsent(context))\(table)
            <nav class="row" aria-label="\(t("Halaman", "Pages"))"><span class="muted">\(t.number(total))</span>\(page.previous.map { "<a href=\"\(pageLink($0))\">\(t("Sebelumnya", "Previous"))</a>" as HTML })\(page.next(of: total, size: 25).map { "<a href=\"\(pageLink($0))\">\(t("Berikutnya", "Next"))</a>" as HTML })</nav>
            """
        return respond(
            staffPage(
                t("Permohonan layanan", "Applications"),
                context,
                section: .services,
                crumbs: [(t("Meja kerja", "Desk"), Link("meja"))],
                main: main
            ),
            context.visitor
        )
    }

    /// To the cash, with how much there waits for this officer.
    func cashLink(_ waiting: (bills: Int, orders: Int, tills: Int, strays: Int, again: Int), _ context: OfficerContext) -> HTML {
        let t = context.words
        let roles = context.officer.roles
        let looksOn = roles.isDisjoint(with: [.head, .treasurer])
        let tills = waiting.tills == 1 ? "1 till" : "\(waiting.tills) tills"
        let bills: String? =
            if waiting.bills == 0 {
                nil
            } else if roles.contains(.head) {
                t("\(waiting.bills) menunggu keputusan Anda", "\(waiting.bills) for you to decide")
            } else if looksOn {
                t("\(waiting.bills) menunggu kepala instansi", "\(waiting.bills) waiting for a head of agency")
            } else {
                nil
            }
        let news = [
            bills,
            (roles.contains(.treasurer) || looksOn) && waiting.orders > 0
                ? t("\(waiting.orders) menunggu SP2D", "\(waiting.orders) waiting for the treasury") : nil,
            waiting.tills > 0 ? t("\(waiting.tills) kas terlambat disetor", "\(tills) late to be deposited") : nil,
            waiting.strays > 0
                ? t("\(waiting.strays) penarikan bank tanpa pembayaran", "\(waiting.strays.counted("reversal", "reversals")) of no payment")
                : nil,
            waiting.again > 0
                ? t("\(waiting.again) uang diberitahukan lagi", "\(waiting.again.counted("payment", "payments")) told of again") : nil,
        ].compactMap { $0 }.joined(separator: ", ")
        return """
            <a href="\(Link("meja", "kas"))">\(t("Kas dan pembayaran", "Cash and payments"))\(news.isEmpty ? "" : " (\(news))")</a>
            """
    }

    /// What the clerk has begun at the counter and not sent.
    private func unsent(_ context: OfficerContext) async throws -> HTML {
        let t = context.words
        let drafts = try await services.unsent(by: context.officer)
        guard !drafts.isEmpty else { return HTML() }
        let items = HTML(
            drafts.map { draft in
                """
                <li><a href="\(Link("permohonan", draft.token, draft.service.questionnaire.pages[0].code))">\(t(draft.service.name))\(draft.name.isEmpty ? "" : ", \(draft.name)")</a><span class="muted">\(draft.updatedAt.stamp(t.language, zone: city.zone))</span></li>
                """
            }
        )
        return
            "<details open><summary>\(t("Belum dikirim (\(drafts.count))", "Not sent yet (\(drafts.count))"))</summary><ul class=\"list\">\(items)</ul></details>"
    }

    private func timeBadge(_ row: Case, today: CivilDate, _ t: Words) -> HTML {
        if row.progress.status == .waiting { return Badge.html(.pause, t("Menunggu pemohon", "With the applicant"), tone: "pause") }
        // What is due again, such as the answer to an objection, comes before what was kept.
        if !row.progress.status.isOpen || row.nextDue == nil, let end = row.promiseEnd(calendar: city.calendar) { return end.badge(t) }
        guard let due = row.nextDue ?? (row.isUnanswered(at: now) ? row.due : nil) else {
            return Badge.html(.check, t("Tidak ada tenggat", "Nothing due"), tone: "good")
        }
        let date = due.date(in: city.zone)
        let left = city.calendar.workingDays(from: today, to: date)
        if due < now {
            return Badge.html(
                .warning,
                date == today ? t("Lewat hari ini", "Late today") : t("Lewat \(-left) hari", "\(-left) days late"),
                tone: "bad"
            )
        }
        if date == today { return Badge.html(.clock, t("Hari ini", "Today"), tone: "warn") }
        return Badge.html(left <= 2 ? .clock : .check, t("\(left) hari", "\(left) days"), tone: left <= 2 ? "warn" : "good")
    }

    /// The receipt that a clerk prints for somebody at the counter: the key on it goes to the resident, and stays nowhere on this
    /// machine.
    func counterReceipt(
        _ receipt: Services.Receipt,
        _ service: Service,
        _ clerk: Officer,
        _ context: VisitorContext
    ) async throws -> Response {
        let t = context.words
        guard let found = try await services.find(receipt.docket) else { throw Problem.notFound }
        let main: HTML = """
            <h1>\(t("Permohonan tercatat", "Application written down"))</h1>\(receiptBody(found.serviceCase, service, key: receipt.key, t))
            <p><b>\(t("Serahkan cetakan ini kepada warga.", "Hand this print to the resident."))</b> \(t("Alamatnya tidak disimpan di komputer ini.", "Its address is not kept on this computer."))</p>
            \(contactBox(try await services.story(of: found.serviceCase), action: Link("meja", "permohonan", receipt.docket, "kontak"), isClerk: true, .empty, context))
            <p class="row screen-only"><button class="button" type="button" data-print hidden>\(t("Cetak", "Print"))</button><a class="button secondary" href="\(Link("meja", "layanan"))">\(t("Warga berikutnya", "Next resident"))</a></p>
            """
        return respond(
            Page(
                title: t("Tanda terima \(receipt.docket)", "Receipt \(receipt.docket)"),
                section: .desk,
                staff: "\(t("Petugas", "Officer")) \(clerk.number)",
                main: main
            ),
            context
        )
    }
}
