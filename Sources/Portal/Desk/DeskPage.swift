// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials
import Fees
import HTTPTypes
import Hummingbird
import Identity
import Markup
import Notifications
import Web

/// The inbox: what is an officer's to do, sorted by the clock.
extension Portal {
    private enum Tab: String, CaseIterable {
        case mine = "saya"
        case late = "lewat"
        case today = "hari-ini"
        case waiting = "menunggu"
        case new = "baru"
        case checking = "periksa"
        case thrice = "tiga-kali"
        case all = "semua"
    }

    private func filter(_ tab: Tab, _ officer: Officer) -> ComplaintFilter {
        var filter = ComplaintFilter(.desk(agency: officer.seesAll ? nil : officer.agency, districts: officer.districts.sorted()))
        let today = now.date(in: city.zone)
        let midnight = Instant(today, minuteOfDay: 0, zone: city.zone)
        switch tab {
        case .mine:
            filter.officer = officer.account.description
            filter.isOpen = true
        case .late:
            filter.isOpen = true
            filter.dueBefore = now
        case .today:
            filter.isOpen = true
            filter.dueFrom = midnight
            filter.dueBefore = Instant(today.adding(days: 1), minuteOfDay: 0, zone: city.zone)
        case .waiting: filter.stage = .waiting
        case .new: filter.stage = officer.roles.contains(.screener) ? .received : .forwarded
        case .checking: filter.stage = .reported
        case .thrice:
            filter.isOpen = true
            filter.thriceOverdueAt = now
        case .all: filter.isOpen = true
        }
        return filter
    }

    /// What an address of the desk asks for.
    private func deskFilter(_ request: Request, _ officer: Officer) -> (Tab, ComplaintFilter) {
        let tab = request.query("saringan").flatMap(Tab.init) ?? (officer.roles.contains(.screener) ? .new : .mine)
        var filter = filter(tab, officer)
        filter.words = request.query("cari") ?? ""
        filter.district = request.query("kecamatan")
        filter.category = request.query("jenis")
        if request.query("ended") != nil { filter.isOpen = nil }
        return (tab, filter)
    }

    /// The filtered inbox as CSV: for an officer's browser, or for a program with a key of theirs.
    func deskExport(_ request: Request, _ context: VisitorContext) async throws -> Response {
        guard let header = request.headers[.authorization] else {
            return try await staff { request, context in
                try requireReports(context.officer)
                return csv(deskFilter(request, context.officer).1)
            }(request, context)
        }
        let parts = header.split(separator: " ")
        guard parts.count == 2, parts[0].lowercased() == "bearer", let officer = try await accounts.officer(access: String(parts[1])) else {
            throw Problem(
                "access.unknown",
                .unauthorized,
                Text(id: "Kunci ini tidak berlaku", en: "This key is not good"),
                remedy: Text(id: "Buat kunci baru di halaman akun Anda.", en: "Make a new one on your account page.")
            )
        }
        try requireReports(officer)
        return csv(deskFilter(request, officer).1)
    }

    /// Refuses whoever has nothing to do with reports.
    private func requireReports(_ officer: Officer) throws {
        guard officer.handlesReports else {
            throw Problem(
                "desk.not-yours",
                .forbidden,
                Text(id: "Laporan warga bukan tugas peran Anda", en: "Residents’ reports are none of your role’s business")
            )
        }
    }

    /// Shows the inbox.
    func desk(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let t = context.words
        let officer = context.officer
        // Whoever has nothing to do with reports begins where their work is.
        if !officer.handlesReports { return .seeOther(officer.roles == [.administrator] ? Link("meja", "akun") : Link("meja", "layanan")) }
        let (tab, filter) = deskFilter(request, officer)
        let order = request.query("urut").flatMap(ComplaintOrder.init) ?? .due
        let page = try request.page()
        let rows = try await complaints.list(filter, order: order, page: page, size: 25)
        let total = try await complaints.count(filter)
        var counts: [Tab: Int] = [:]
        for (tab, count) in zip(Tab.allCases, try await complaints.counts(Tab.allCases.map { self.filter($0, officer) }, upTo: 1000)) {
            counts[tab] = count
        }
        let colleagues = try await accounts.colleagues(in: officer.agency)
        let names: [Tab: HTML] = [
            .mine: "\(t("Tugas saya", "Mine"))", .late: Badge.html(.warning, t("Lewat tenggat", "Overdue"), tone: "bad"),
            .today: Badge.html(.clock, t("Hari ini", "Today"), tone: "warn"),
            .waiting: Badge.html(.pause, t("Menunggu warga", "With the reporter"), tone: "pause"), .new: "\(t("Baru", "New"))",
            .checking: "\(t("Perlu dikonfirmasi", "To confirm"))",
            .thrice: Badge.html(.warning, t("3× lewat tenggat", "3× overdue"), tone: "bad"),
            .all: officer.seesAll ? "\(t("Semua instansi", "All agencies"))" : "\(t("Seluruh instansi saya", "My whole agency"))",
        ]
        let tabs = HTML(
            Tab.allCases.map { item in
                "<li><a href=\"\(Link("meja", query: [("saringan", item.rawValue)]))\"\(.value("aria-current", item == tab ? "true" : nil))>\(names[item] ?? HTML()) <b>\(t.number(counts[item] ?? 0))</b></a></li>"
            }
        )
        let today = now.date(in: city.zone)
        let numbers = try await accounts.numbers()
        let lines = HTML(
            rows.map { complaint in
                let holder =
                    complaint.officer.map { account in
                        account == officer.account.description
                            ? t("Saya", "Me") : numbers[account].map { "\(t("Petugas", "Officer")) \($0)" } ?? "–"
                    } ?? t("Belum ada", "Nobody")
                let title = complaint.title.isEmpty ? complaint.docket : complaint.title
                return """
                    <tr><td><input type="checkbox" name="berkas" value="\(complaint.docket)" aria-label="\(t("Pilih \(complaint.docket)", "Select \(complaint.docket)"))"></td><th scope="row"><a href="\(Link("meja", "berkas", complaint.docket))">\(title)</a> <span class="code muted">\(complaint.docket)\(complaint.isConfidential ? t(" · rahasia", " · confidential") : "")</span></th><td data-l="\(t("Tempat", "Place"))">\(complaint.subdistrict.map { city.regions.fullName($0) } ?? "–")</td><td data-l="\(t("Sisa waktu", "Time left"))">\(Badge.time(complaint, today: today, calendar: city.calendar, t))</td><td data-l="\(t("Keadaan", "State"))">\(t(complaint.stage.name))</td><td data-l="\(t("Instansi", "Agency"))">\(city.agency(complaint.agency).short)</td><td data-l="\(t("Dukungan", "Followers"))" class="number">\(complaint.followers)</td><td data-l="\(t("Pemegang", "Held by"))">\(holder)</td></tr>
                    """
            }
        )
        var query = [("saringan", tab.rawValue)]
        for name in ["cari", "kecamatan", "jenis"] { if let value = request.query(name) { query.append((name, value)) } }
        func pageLink(_ page: PageNumber) -> Link { Link("meja", query: query + [("urut", order.rawValue), ("hal", String(page.number))]) }
        // The last row of the last page may just have been dealt with.
        if rows.isEmpty, page != .first { return .seeOther(pageLink(.first)) }
        let table: HTML =
            rows.isEmpty
            ? "<p class=\"box\">\(t("Tidak ada berkas di sini.", "No cases here."))</p>"
            : "<table class=\"stack rows\"><caption class=\"sr\">\(t("\(total) berkas", "\(total) cases"))</caption><thead><tr><td><span class=\"sr\">\(t("Pilih", "Select"))</span></td><th scope=\"col\">\(t("Berkas", "Case"))</th><th scope=\"col\">\(t("Tempat", "Place"))</th><th scope=\"col\">\(t("Sisa waktu", "Time left"))</th><th scope=\"col\">\(t("Keadaan", "State"))</th><th scope=\"col\">\(t("Instansi", "Agency"))</th><th scope=\"col\" class=\"number\">\(t("Dukungan", "Followers"))</th><th scope=\"col\">\(t("Pemegang", "Held by"))</th></tr></thead><tbody>\(lines)</tbody></table>"
        let money = Fees.seesMoney(officer) ? try await fees.waiting(for: officer) : nil
        let cash = money.map { cashLink($0, context) }
        // What waits for a head is said where their day begins.
        let decides = officer.roles.contains(.head) && (money?.bills ?? 0) > 0
        let decisions: HTML = decides ? "<p class=\"notice warn\">\(Icon.warning.html)<span>\(cash)</span></p>" : HTML()
        let main: HTML = """
            \(deskDone(request, t))\(passedOn(request, t))<header class="row"><h1>\(t("Meja kerja", "Desk"))</h1><p class="muted">\(city.agency(officer.agency).short) · \(today.full(t.language)), \(now.time(t.language, zone: city.zone))</p></header>
            \(try await alarmNotice(officer, t))\(try await standingIn(officer, t))\(decisions)
            <nav class="tabs" aria-label="\(t("Saringan tersimpan", "Saved filters"))"><ul>\(tabs)</ul></nav>
            <form role="search" class="filters" aria-label="\(t("Saring berkas", "Filter cases"))"><input type="hidden" name="saringan" value="\(tab.rawValue)">
            <p><label for="cari">\(t("Cari", "Search"))</label><input id="cari" name="cari" type="search" accesskey="c" value="\(request.query("cari") ?? "")" placeholder="\(t("Nomor, jalan, isi", "Number, street, text"))"></p>
            <p><label for="kecamatan">\(t("Kecamatan", "District"))</label><select id="kecamatan" name="kecamatan"><option value="">\(t("Semua", "All"))</option>\(HTML(city.regions.districts.map { "<option value=\"\($0.code)\"\(.flag("selected", $0.code == request.query("kecamatan")))>\($0.name)</option>" }))</select></p>
            <p><label for="jenis">\(t("Jenis", "Kind"))</label><select id="jenis" name="jenis"><option value="">\(t("Semua", "All"))</option>\(HTML(city.complaints.categories.map { "<option value=\"\($0.code)\"\(.flag("selected", $0.code == request.query("jenis")))>\(t($0.name))</option>" }))</select></p>
            <p><label for="urut">\(t("Urutkan", "Sort"))</label><select id="urut" name="urut">\(HTML([(ComplaintOrder.due, t("Tenggat terdekat", "Nearest due date")), (.newest, t("Terbaru", "Newest")), (.followed, t("Dukungan terbanyak", "Most followed"))].map { "<option value=\"\($0.0.rawValue)\"\(.flag("selected", $0.0 == order))>\($0.1)</option>" }))</select></p>
            <p><button class="button secondary">\(t("Terapkan", "Apply"))</button></p></form>
            <p class="row">\(officer.takesReports ? "<a href=\"\(Link("loket"))\">\(t("Catat laporan warga", "Write down a report"))</a>" : HTML())<a href="\(Link("meja", "pejabat"))">\(t("Pejabat", "Officials"))</a>\(officer.seesAll ? "<a href=\"\(Link("meja", "pesan"))\">\(t("Pesan kota", "The city’s messages"))</a><a href=\"\(Link("meja", "blokir"))\">\(t("Kontak yang diblokir", "Blocked contacts"))</a>" : HTML())\(decides ? nil : cash)</p>
            <form method="post" action="\(Link("meja", "massal"))">\(hidden(context.visitor))
            <div class="bulk"><label for="tugaskan">\(t("Yang dipilih:", "Selected:"))</label><select id="tugaskan" name="officer"><option value="">\(t("Tugaskan ke…", "Assign to…"))</option>\(HTML(colleagues.map { "<option value=\"\($0.account.description)\">\(t("Petugas", "Officer")) \($0.number)\($0.account == officer.account ? t(" (saya)", " (me)") : "")</option>" }))</select><button class="button" name="tindakan" value="tugaskan" accesskey="t">\(t("Tugaskan", "Assign"))</button><button class="text-button" name="tindakan" value="verifikasi">\(t("Teruskan menurut aturan", "Forward by rule"))</button></div>
            \(table)
            <nav class="row" aria-label="\(t("Halaman", "Pages"))"><span class="muted">\(rows.isEmpty ? "0" : "\(page.offset(of: 25) + 1)–\(page.offset(of: 25) + rows.count)") \(t("dari", "of")) \(t.number(total))</span>\(page.previous.map { "<a href=\"\(pageLink($0))\">\(t("Sebelumnya", "Previous"))</a>" as HTML })\(page.next(of: total, size: 25).map { "<a href=\"\(pageLink($0))\">\(t("Berikutnya", "Next"))</a>" as HTML })<a href="\(Link("meja", "laporan.csv", query: query))">CSV</a></nav>
            </form>
            <details class="box"><summary>\(t("Pintasan papan ketik", "Keyboard shortcuts"))</summary><ul class="grid plain"><li><kbd>Alt</kbd> <kbd>C</kbd> \(t("ke kotak cari", "to the search box"))</li><li><kbd>\(t("Spasi", "Space"))</kbd> \(t("pilih baris", "select a row"))</li><li><kbd>Tab</kbd> \(t("baris berikutnya", "next row"))</li><li><kbd>Alt</kbd> <kbd>T</kbd> \(t("tugaskan yang dipilih", "assign the selected"))</li></ul></details>
            """
        return respond(staffPage(t("Meja kerja", "Desk"), context, main: main), context.visitor)
    }

    func staffPage(
        _ title: String,
        _ context: OfficerContext,
        section: Page.Section = .desk,
        crumbs: [(name: String, link: Link)] = [],
        hasErrors: Bool = false,
        main: HTML
    ) -> Page {
        Page(
            title: title,
            section: section,
            crumbs: crumbs,
            hasErrors: hasErrors,
            staff: "\(context.words("Petugas", "Officer")) \(context.officer.number)",
            seesAudits: context.officer.seesAudits,
            main: main
        )
    }

    private func alarmNotice(_ officer: Officer, _ t: Words) async throws -> HTML {
        guard officer.seesAll else { return HTML() }
        let alarms = try await complaints.alarms()
        guard !alarms.isEmpty else { return HTML() }
        return """
            <div class="notice bad" role="status">\(Icon.warning.html)<div><p><b>\(t("\(alarms.count) eskalasi tidak menemukan pejabat", "\(alarms.count.counted("escalation", "escalations")) found no official"))</b>. \(t("Tunjuk kepala atau pelaksana tugas instansinya.", "Appoint a head or an acting official of the agency."))</p><p>\(HTML.joined(alarms.prefix(10).map { "<a href=\"\(Link("meja", "berkas", $0.docket))\">\($0.docket)</a>" }, by: ", "))</p></div></div>
            """
    }

    /// Acts on several cases at once; each stands for itself, and what was not possible is said.
    func bulk(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        let t = context.words
        var failures: [(docket: String, reason: String)] = []
        let dockets = form.all("berkas").prefix(100)
        for docket in dockets {
            do {
                switch form["tindakan"] {
                case "tugaskan":
                    try await complaints.assign(docket, to: form["officer"], key: onceKey(form, for: form["tindakan"]), by: context.officer)
                case "verifikasi": try await complaints.verify(docket, key: onceKey(form, for: form["tindakan"]), by: context.officer)
                default: throw Problem.notFound
                }
            } catch let problem as Problem {
                failures.append((docket, t(problem.fields.first?.message ?? problem.title)))
            }
        }
        guard !failures.isEmpty || dockets.isEmpty else {
            return .seeOther(Link("meja", query: [("selesai", form["tindakan"])]))
        }
        let main: HTML = """
            <h1>\(dockets.isEmpty ? t("Tidak ada berkas yang dipilih", "No case was selected") : t("\(dockets.count - failures.count) berhasil, \(failures.count) tidak", "\(dockets.count - failures.count) done, \(failures.count) not"))</h1>
            <ul class="list">\(HTML(failures.map { "<li><a href=\"\(Link("meja", "berkas", $0.docket))\">\($0.docket)</a><p>\($0.reason)</p></li>" }))</ul>
            <p><a class="button" href="\(Link("meja"))">\(t("Kembali ke meja", "Back to the desk"))</a></p>
            """
        return respond(staffPage(t("Hasil", "Result"), context, main: main), context.visitor, status: .unprocessableContent)
    }
}
