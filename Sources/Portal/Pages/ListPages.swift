// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Journal
import Markup
import NIOCore
import Storage
import Web

/// Reports in the open: list and map, area pages, feeds, CSV.
extension Portal {
    private func publicFilter(_ request: Request) -> ComplaintFilter {
        var filter = ComplaintFilter(.everyone)
        filter.words = request.query("cari") ?? ""
        filter.category = request.query("jenis")
        filter.district = request.query("kecamatan")
        switch request.query("keadaan") {
        case "terbuka": filter.isOpen = true
        case "selesai": filter.isOpen = false
        default: break
        }
        return filter
    }

    /// The list of public reports, with a map where a script draws one.
    func reports(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let t = context.words
        let filter = publicFilter(request)
        let order = request.query("urut").flatMap(ComplaintOrder.init) ?? .newest
        let page = try request.page()
        let rows = try await complaints.list(filter, order: order, page: page)
        try page.requireRows(rows)
        let bound = max(100, page.offset(of: 20) + 20)
        let total = try await complaints.count(filter, upTo: bound + 1)
        var query: [(String, String)] = []
        for name in ["cari", "jenis", "kecamatan", "keadaan", "urut"] { if let value = request.query(name) { query.append((name, value)) } }
        let main: HTML = """
            <h1>\(t("Laporan warga", "Residents’ reports"))</h1>
            <form role="search" class="filters" aria-label="\(t("Saring laporan", "Filter reports"))">
            <p><label for="cari">\(t("Cari", "Search"))</label><input id="cari" name="cari" type="search" value="\(request.query("cari") ?? "")"></p>
            <p><label for="kecamatan">\(t("Kecamatan", "District"))</label><select id="kecamatan" name="kecamatan"><option value="">\(t("Semua", "All"))</option>\(HTML(city.regions.districts.map { "<option value=\"\($0.code)\"\(.flag("selected", $0.code == filter.district))>\($0.name)</option>" }))</select></p>
            <p><label for="jenis">\(t("Jenis", "Kind"))</label><select id="jenis" name="jenis"><option value="">\(t("Semua", "All"))</option>\(HTML(city.complaints.categories.filter { !$0.isConfidential }.map { "<option value=\"\($0.code)\"\(.flag("selected", $0.code == filter.category))>\(t($0.name))</option>" }))</select></p>
            <p><label for="keadaan">\(t("Keadaan", "State"))</label><select id="keadaan" name="keadaan">\(HTML([("", t("Semua", "All")), ("terbuka", t("Terbuka", "Open")), ("selesai", t("Berakhir", "Ended"))].map { "<option value=\"\($0.0)\"\(.flag("selected", $0.0 == (request.query("keadaan") ?? "")))>\($0.1)</option>" }))</select></p>
            <p><button class="button secondary">\(t("Terapkan", "Apply"))</button></p></form>
            \(map(t("Peta laporan; daftar di bawah memuat isi yang sama", "Map of reports; the list below has the same content"), reports: "/laporan/peta.json"))
            <p class="muted" role="status">\(total > bound ? t("Lebih dari \(t.number(bound)) laporan", "More than \(t.number(bound)) reports") : t("\(t.number(total)) laporan", "\(t.number(total)) reports"))</p>
            \(reportList(rows, t))
            \(pager(page, size: 20, total: total, t) { Link("laporan", query: query + [("hal", String($0.number))]) })
            <p class="row"><a href="\(Link("laporan", "feed.atom", query: query))">Atom</a><a href="\(Link("data", "laporan.csv", query: query))">CSV</a></p>
            """
        return respond(
            Page(
                title: t("Laporan warga", "Residents’ reports"),
                section: .reports,
                scripts: ["queue.js", "app.js", "leaflet.min.js", "leaflet.markercluster.min.js", "map.js"],
                feed: Link("laporan", "feed.atom", query: query),
                main: main
            ),
            context
        )
    }

    /// A map: over our own boundaries, and the city's server of pictures where it has one.
    ///
    /// - Parameters:
    ///   - label: what it is, for those who do not see it.
    ///   - reports: where its pins come from; nil for a map on which a place is chosen.
    func map(_ label: String, reports: String? = nil) -> HTML {
        """
        <div class="map-box" id="map"\(.flag("hidden", reports != nil))\(.value("data-reports", reports)) data-boundaries="\("/peta/kecamatan.json")" data-latitude="\("\(city.centre.latitude)")" data-longitude="\("\(city.centre.longitude)")"\(.value("data-tiles", city.tiles?.address))\(.value("data-attribution", city.tiles?.attribution)) role="application" aria-label="\(label)"></div>
        """
    }

    func reportList(_ rows: [Complaint], _ t: Words) -> HTML {
        guard !rows.isEmpty else { return "<p class=\"box\">\(t("Tidak ada laporan yang cocok.", "No report fits."))</p>" }
        return
            "<ul class=\"list\">\(HTML(rows.map { complaint in "<li><a href=\"\(Link("berkas", complaint.docket))\"><b>\(complaint.title.isEmpty ? complaint.docket : complaint.title)</b></a>\(Badge.stage(complaint, t))<p>\(complaint.subdistrict.map { city.regions.fullName($0) } ?? city.name(t.language)) · \(complaint.filedAt.date(in: city.zone).long(t.language)) · \(city.agency(complaint.agency).short)\(complaint.challenges > 0 ? t(" · \(complaint.challenges) sanggahan", " · \(complaint.challenges) say not fixed") : "")</p></li>" }))</ul>"
    }

    private func pager(_ page: PageNumber, size: Int, total: Int, _ t: Words, link: (PageNumber) -> Link) -> HTML {
        """
        <nav class="row" aria-label="\(t("Halaman", "Pages"))">\(page.previous.map { "<a href=\"\(link($0))\">\(t("Sebelumnya", "Previous"))</a>" as HTML })<span class="muted">\(t("Halaman \(page.number)", "Page \(page.number)"))</span>\(page.next(of: total, size: size).map { "<a href=\"\(link($0))\">\(t("Berikutnya", "Next"))</a>" as HTML })</nav>
        """
    }

    /// A district's or subdistrict's own page.
    func area(_ context: VisitorContext, state: FormState = .empty, status: HTTPResponse.Status = .ok) async throws -> Response {
        let t = context.words
        guard let region = city.regions[context.parameters.get("kode") ?? ""] else { throw Problem.notFound }
        var filter = ComplaintFilter(.everyone)
        if region.parent == nil { filter.district = region.code } else { filter.subdistrict = region.code }
        let rows = try await complaints.list(filter)
        var all = ComplaintFilter(.desk(agency: nil, districts: []))
        all.district = filter.district
        all.subdistrict = filter.subdistrict
        let figures = try await complaints.figures(all)
        let below = city.regions.subdistricts(of: region.code)
        let main: HTML = """
            \(state.summary(t))
            <h1>\(region.name)</h1>
            <dl class="facts"><div><dt>\(t("Masuk", "Filed"))</dt><dd>\(t.number(figures.filed))</dd></div><div><dt>\(t("Terbuka", "Open"))</dt><dd>\(t.number(figures.open))</dd></div><div><dt>\(t("Lewat tenggat", "Overdue"))</dt><dd>\(t.number(figures.overdue))</dd></div><div><dt>\(t("Selesai tepat waktu", "Fixed in time"))</dt><dd>\(t.language.percent(figures.fixedInTime, of: figures.fixed))</dd></div></dl>
            \(below.isEmpty ? HTML() : "<h2>\(t("Kelurahan", "Subdistricts"))</h2><p>\(HTML.joined(below.map { "<a href=\"\(Link("wilayah", $0.code))\">\($0.name)</a>" }, by: ", "))</p>")
            <h2>\(t("Laporan terbaru", "Latest reports"))</h2>\(reportList(rows, t))
            \(areaSubscription(region.code, context, state))
            <p><a href="\(Link("wilayah", region.code, "feed.atom"))">\(t("Kabar wilayah ini (Atom)", "News of this area (Atom)"))</a></p>
            """
        var crumbs = [(t("Laporan", "Reports"), Link("laporan"))]
        if let parent = region.parent.flatMap({ city.regions[$0] }) { crumbs.append((parent.name, Link("wilayah", parent.code))) }
        return respond(
            Page(
                title: region.name,
                section: .reports,
                crumbs: crumbs,
                hasErrors: state.problem != nil,
                feed: Link("wilayah", region.code, "feed.atom"),
                main: main
            ),
            context,
            status: status
        )
    }

    // MARK: For programs

    /// Places of public reports for the map: at most 2,000 of the newest.
    func mapData(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let rows = try await complaints.list(publicFilter(request), size: 2000)
        let points = rows.compactMap { complaint -> JSON? in
            guard let place = complaint.place else { return nil }
            return [
                .number(place.latitude), .number(place.longitude), .string(complaint.docket), .string(complaint.title),
                JSON(complaint.stage.isOpen ? 1 : 0),
            ]
        }
        let bytes = JSON.array(points).canonical
        return Response.bytes(bytes, type: "application/json; charset=utf-8").tagged(for: request, bytes)
    }

    /// Boundaries of the districts, the base of our maps.
    func boundaries(_ request: Request) -> Response {
        let features = city.regions.districts.map { district -> JSON in
            [
                "type": "Feature", "id": .string(district.code), "properties": ["name": .string(district.name)],
                "geometry": [
                    "type": "MultiPolygon",
                    "coordinates": .array(
                        district.area.polygons.map { .array($0.map { .array($0.map { [.number($0.longitude), .number($0.latitude)] }) }) }
                    ),
                ],
            ]
        }
        let bytes = (["type": "FeatureCollection", "features": .array(features)] as JSON).canonical
        return Response.bytes(bytes, type: "application/geo+json").tagged(for: request, bytes, cache: "public, max-age=86400")
    }

    /// An Atom feed (RFC 4287) of public reports.
    func feed(_ request: Request, filter: ComplaintFilter, title: String, path: String) async throws -> Response {
        let rows = try await complaints.list(filter, size: 50)
        let host = origin.split(separator: "/").last.map(String.init) ?? "balai"
        let updated = rows.map(\.updatedAt).max() ?? Instant(milliseconds: 0)
        let entries = rows.map { complaint -> String in
            let address = "\(origin)/berkas/\(complaint.docket)"
            return """
                <entry><id>tag:\(XML.escape(host)),2026:berkas/\(complaint.docket)</id><title>\(XML.escape(complaint.title.isEmpty ? complaint.docket : complaint.title))</title><link rel="alternate" type="text/html" href="\(XML.escape(address))"/><published>\(complaint.filedAt.rfc3339(in: city.zone))</published><updated>\(complaint.updatedAt.rfc3339(in: city.zone))</updated><category term="\(XML.escape(complaint.category))"/><summary>\(XML.escape("\(complaint.stage.name.id). \(complaint.story ?? "")"))</summary></entry>

                """
        }
        let text = """
            <?xml version="1.0" encoding="utf-8"?>
            <feed xmlns="http://www.w3.org/2005/Atom"><id>tag:\(XML.escape(host)),2026:\(XML.escape(path))</id><title>\(XML.escape(title))</title><updated>\(updated.rfc3339(in: city.zone))</updated><author><name>\(XML.escape(city.name.id))</name></author><link rel="self" type="application/atom+xml" href="\(XML.escape(origin + path))"/><link rel="alternate" type="text/html" href="\(XML.escape(origin))/laporan"/>
            \(entries.joined())</feed>
            """
        let bytes = Array(text.utf8)
        return Response.bytes(bytes, type: "application/atom+xml; charset=utf-8").tagged(for: request, bytes)
    }

    /// The feed of the list, with the list's own filters.
    func reportsFeed(_ request: Request) async throws -> Response {
        try await feed(request, filter: publicFilter(request), title: "Laporan warga \(city.name.id)", path: request.uri.description)
    }

    /// The feed of an area: the alert by area that needs no account.
    func areaFeed(_ request: Request, _ context: VisitorContext) async throws -> Response {
        guard let region = city.regions[context.parameters.get("kode") ?? ""] else { throw Problem.notFound }
        var filter = ComplaintFilter(.everyone)
        if region.parent == nil { filter.district = region.code } else { filter.subdistrict = region.code }
        return try await feed(request, filter: filter, title: "Laporan warga \(region.name)", path: request.uri.path)
    }

    /// The feed of one case: every step of it.
    func caseFeed(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let complaint = try await requireCase(context)
        guard complaint.isPublic else { throw Problem.notFound }
        var filter = ComplaintFilter(.everyone)
        filter.words = complaint.docket
        return try await feed(request, filter: filter, title: "\(complaint.docket) \(complaint.title)", path: request.uri.path)
    }

    /// Public reports with their history, one line a step, as CSV; figures of the performance page recompute from it.
    func csv(_ request: Request) async throws -> Response { try await whenChanged(request) { csv(publicFilter(request)) } }

    /// A download that is made only for whoever does not have it yet: everything in it follows from the journal, so that the
    /// journal's size, and which run of the program reads the city's pack, name it.
    func whenChanged(_ request: Request, _ make: () async throws -> Response) async throws -> Response {
        let size = try await journal.read { try $0.count("SELECT size FROM journal_head WHERE id = 1") }
        let tag = "\"\(run)-\(size)\""
        return try await request.holds(tag) ? Response(status: .ok).tagged(for: request, tag) : make().tagged(for: request, tag)
    }

    /// The cases of a filter with their history, one line a step, sent as they are read. No names, no contacts.
    func csv(_ filter: ComplaintFilter) -> Response {
        let complaints = complaints
        let city = city
        let header = [
            "docket", "category", "classification", "agency", "district", "subdistrict", "channel", "filed_at", "stage", "outcome",
            "reason", "ended_at", "resolution_due", "followers", "challenges", "rating", "step", "step_at", "step_by",
        ]
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(string: CSVWriter.record(header)))
            var sent = 0
            while true {
                let rows = try await complaints.list(filter, after: sent, size: 500)
                var text = ""
                for complaint in rows {
                    let fixed = [
                        complaint.docket, complaint.category, complaint.classification.rawValue, complaint.agency, complaint.district ?? "",
                        complaint.subdistrict ?? "",
                        complaint.channel, complaint.filedAt.rfc3339(in: city.zone), complaint.stage.rawValue,
                        complaint.outcome?.rawValue ?? "", complaint.outcome == .notFixed ? complaint.reason ?? "" : "",
                        complaint.endedAt?.rfc3339(in: city.zone) ?? "", complaint.resolutionDue?.rfc3339(in: city.zone) ?? "",
                        "\(complaint.followers)", "\(complaint.challenges)",
                        complaint.rating.map { "\($0)" } ?? "",
                    ]
                    for event in try await complaints.timeline(of: complaint, isPrivate: false, isStaff: false) {
                        text += CSVWriter.record(fixed + [event.kind, event.at.rfc3339(in: city.zone), event.agency ?? event.role])
                    }
                }
                try await writer.write(ByteBuffer(string: text))
                if rows.count < 500 { break }
                sent += rows.count
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/csv; charset=utf-8", .contentDisposition: "attachment; filename=\"laporan.csv\""],
            body: body
        )
    }
}
