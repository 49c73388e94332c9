// SPDX-License-Identifier: EUPL-1.2

import Cases
import Complaints
import Definitions
import Essentials
import Hummingbird
import Markup
import Services
import Storage
import Web

extension Portal {
    /// The opening: what do you need, where is my case, what was promised and what was kept.
    func home(_ context: VisitorContext) async throws -> Response {
        let t = context.words
        let counted = try await homeFigures.value(now: now) {
            var filter = ComplaintFilter(.desk(agency: nil, districts: []))
            filter.filedFrom = now.adding(seconds: -365 * 86_400)
            var open = ComplaintFilter(.everyone)
            open.isOpen = true
            return (try await complaints.figures(filter), try await complaints.counts(open, by: "district"))
        }
        let (figures, byDistrict) = (counted.figures, counted.byDistrict)
        let latest = try await complaints.list(ComplaintFilter(.everyone), size: 5)
        let main: HTML = """
            <div class="porch"><div class="wrap two">
            <form role="search" action="\(Link("cari"))">
            <h1><label for="q">\(t("Apa yang Anda perlukan?", "What do you need?"))</label></h1>
            <p class="search"><input id="q" name="q" type="search" autocomplete="off" enterkeyhint="search"><button class="button">\(Icon.search.html)\(t("Cari", "Search"))</button></p>
            <p>\(t("Sering dicari:", "Often looked for:")) \(HTML.joined(city.complaints.categories.prefix(3).map { "<a href=\"\(Link("lapor", query: [("jenis", $0.code)]))\">\(t($0.name).lowercased())</a>" } + city.services.services.prefix(2).map { "<a href=\"\(Link("layanan", $0.code))\">\(t($0.name).lowercased())</a>" }, by: ", "))</p>
            </form>
            <form class="box" action="\(Link("lacak"))">
            <h2><label for="nomor">\(t("Lacak berkas", "Track a case"))</label></h2>
            <p id="nomor-bantu" class="small muted">\(t("Nomornya ada di tanda terima, misalnya LPR-26-7K3M-9QX.", "The number is on your receipt, such as LPR-26-7K3M-9QX."))</p>
            <p class="search"><input id="nomor" name="nomor" autocomplete="off" autocapitalize="characters" aria-describedby="nomor-bantu" size="10"><button class="button secondary">\(t("Lacak", "Track"))</button></p>
            </form>
            </div></div>
            <section class="wrap" aria-labelledby="h-tugas">
            <h2 id="h-tugas">\(t("Yang bisa Anda lakukan", "What you can do"))</h2>
            <ul class="tasks">
            <li><a href="\(Link("layanan"))">\(Icon.counter.html)<b>\(t("Urus surat dan izin", "Papers and permits"))</b><span>\(t("Akta, izin, surat keterangan: ajukan, bayar, unduh. Biaya dan waktunya tertulis.", "Certificates, permits, letters: apply, pay, download. Fee and time are written down."))</span></a></li>
            <li><a href="\(Link("lapor"))">\(Icon.report.html)<b>\(t("Lapor masalah kota", "Report a problem"))</b><span>\(t("Jalan berlubang, sampah, lampu mati, banjir. Tidak perlu akun.", "Potholes, rubbish, street lights, floods. No account needed."))</span></a></li>
            <li><a href="\(Link("laporan"))">\(Icon.list.html)<b>\(t("Lihat laporan di sekitar Anda", "See reports near you"))</b><span>\(t("Ikuti atau dukung yang sudah ada", "Follow or support one that is there"))</span></a></li>
            <li><a href="\(Link("kinerja"))">\(Icon.chart.html)<b>\(t("Periksa janji kami", "Check our promises"))</b><span>\(t("Setiap angka dengan cara menghitungnya", "Every figure with how it is worked out"))</span></a></li>
            <li><a href="\(Link("buku-besar"))">\(Icon.seal.html)<b>\(t("Buku besar publik", "The public ledger"))</b><span>\(t("Catatan yang tidak bisa diubah diam-diam", "A record that nobody can rewrite in silence"))</span></a></li>
            </ul>
            </section>
            <section class="wrap" aria-labelledby="h-janji">
            <h2 id="h-janji">\(t("Janji kami, dan kenyataannya", "What we promised, and what happened"))</h2>
            <p class="large">\(t("Dihitung dari catatan yang bisa Anda periksa sendiri. Yang belum tercapai tetap kami tampilkan.", "Worked out from records that you can check yourself. What was missed is shown as well."))</p>
            \(promises(figures, t))
            <p><a href="\(Link("kinerja"))">\(t("Lihat semua angka dan cara menghitungnya", "See every figure and how it is worked out"))</a></p>
            </section>
            <div class="wrap two">
            <section aria-labelledby="h-baru">
            <h2 id="h-baru">\(t("Laporan terbaru", "Latest reports"))</h2>
            <ul class="news">\(HTML(latest.map { complaint in
                """
                <li><time datetime="\(complaint.filedAt.rfc3339(in: city.zone))">\(complaint.filedAt.date(in: city.zone).short(t.language))</time><div><a href="\(Link("berkas", complaint.docket))">\(complaint.title)</a><p>\(complaint.subdistrict.map { city.regions.fullName($0) + ". " } ?? "")\(t(complaint.stage.name)).</p></div></li>
                """
            }))</ul>
            <p><a href="\(Link("laporan"))">\(t("Semua laporan", "All reports"))</a></p>
            </section>
            <section aria-labelledby="h-wilayah">
            <h2 id="h-wilayah">\(t("Terbuka per kecamatan", "Open by district"))</h2>
            <ul class="plain">\(HTML(city.regions.districts.sorted { (byDistrict[$0.code] ?? 0, $1.name) > (byDistrict[$1.code] ?? 0, $0.name) }.prefix(8).map { district in
                "<li><a href=\"\(Link("wilayah", district.code))\">\(district.name)</a>: <b>\(t.number(byDistrict[district.code] ?? 0))</b></li>"
            }))</ul>
            <p><a href="\(Link("kinerja", fragment: "wilayah"))">\(t("Semua kecamatan", "All districts"))</a></p>
            </section>
            </div>
            <section class="soft" aria-labelledby="h-kontak"><div class="wrap">
            <h2 id="h-kontak">\(t("Tidak memakai internet? Tetap kami layani", "Not online? We serve you all the same"))</h2>
            <ul class="grid channels">
            <li>\(Icon.telephone.html)<h3>\(t("Telepon", "Telephone"))</h3><p><b>\(city.contact.emergency)</b> \(t("untuk darurat", "for emergencies")). <b>\(city.contact.telephone)</b> \(t("untuk melapor; petugas yang mengisi.", "to report; an officer fills in the form."))</p></li>
            <li>\(Icon.counter.html)<h3>\(t("Loket", "Counter"))</h3><p>\(t(city.contact.counters)).</p></li>
            </ul></div></section>
            """
        let page = Page(
            title: t("Beranda", "Home"),
            description: t(
                "Laporan warga, jawaban, dan janji \(city.name.id) di satu tempat.",
                "Reports, answers and promises of \(city.name.en) in one place."
            ),
            isWide: true,
            main: main
        )
        return respond(page, context)
    }

    private func promises(_ figures: Complaints.Figures, _ t: Words) -> HTML {
        func item(_ figure: String, _ text: String, share: Int, of whole: Int, isGood: Bool, note: String) -> HTML {
            let percent = whole > 0 ? share * 100 / whole : 0
            return """
                <li class="\(isGood ? "good" : "warn")"><p class="figure">\(figure)</p><p>\(text)</p>
                <svg class="meter" aria-hidden="true"><rect width="100%" height="8"/><rect class="fill" width="\("\(percent)%")" height="8"/></svg>
                <p class="small">\((isGood ? Icon.check : .warning).html)\(note)</p></li>
                """
        }
        let inTime = t.language.percent(figures.fixedInTime, of: figures.fixed)
        return """
            <ul class="promises">
            \(item(inTime, t("laporan selesai sebelum tenggatnya", "of fixed reports were fixed in time"), share: figures.fixedInTime, of: figures.fixed, isGood: figures.fixedInTime * 10 >= figures.fixed * 9, note: t("\(t.number(figures.fixedInTime)) dari \(t.number(figures.fixed)), 12 bulan terakhir", "\(t.number(figures.fixedInTime)) of \(t.number(figures.fixed)), last 12 months")))
            \(item(t.number(figures.overdue), t("dari \(t.number(figures.open)) laporan terbuka lewat tenggat", "of \(t.number(figures.open)) open reports are overdue"), share: figures.overdue, of: figures.open, isGood: figures.overdue == 0, note: figures.overdue == 0 ? t("Tidak ada yang terlambat", "None is late") : t("Naik ke atasan dengan sendirinya", "They climb the ladder by themselves")))
            \(item(t.language.percent(figures.ratedGood, of: figures.rated), t("pelapor menilai penanganan baik", "of reporters called the handling good"), share: figures.ratedGood, of: figures.rated, isGood: figures.ratedGood * 2 >= figures.rated, note: t("\(t.number(figures.rated)) penilaian", "\(t.number(figures.rated)) ratings")))
            </ul>
            """
    }

    /// Leads from a number as people write it to its case.
    func track(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let t = context.words
        let typed = request.query("nomor") ?? ""
        if let docket = Docket(typed) {
            let isReport = try await complaints.find(docket.description) != nil
            let isApplication = isReport ? false : try await services.find(docket.description) != nil
            if isReport || isApplication { return .seeOther(Link("berkas", docket.description)) }
        }
        var state = FormState()
        if !typed.isEmpty {
            let message =
                Docket(typed) == nil
                ? Text(id: "Nomor ini salah tulis. Bentuknya LPR-26-7K3M-9QX", en: "This number is mistyped. It looks like LPR-26-7K3M-9QX")
                : Text(id: "Tidak ada berkas dengan nomor ini", en: "There is no case with this number")
            state.problem = .fields([Problem.Field("nomor", message)])
        }
        let main: HTML = """
            \(state.summary(t))
            <h1>\(t("Lacak berkas", "Track a case"))</h1>
            <form action="\(Link("lacak"))">
            \(Field(name: "nomor", label: t("Nomor berkas", "Case number"), help: t("Ada di tanda terima. Huruf besar atau kecil sama saja.", "It is on your receipt. Capitals do not matter.")).input(state, t, value: typed))
            <p><button class="button">\(t("Lacak", "Track"))</button></p>
            </form>
            <p>\(t("Tidak ingat nomornya?", "Do not remember the number?")) <a href="\(Link("saya"))">\(t("Lihat semua laporan saya", "See all my reports"))</a></p>
            <p class="help">\(t("Nomornya hilang? Telepon \(city.contact.telephone).", "Lost the number? Call \(city.contact.telephone)."))</p>
            """
        let page = Page(
            title: t("Lacak berkas", "Track a case"),
            section: .track,
            hasErrors: state.problem != nil,
            isNarrow: true,
            main: main
        )
        return respond(page, context, status: state.problem == nil ? .ok : .notFound)
    }
}
