// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials
import Hummingbird
import Markup
import Storage
import Web

/// Figures, each with its definition in words beside it and the rows from which it is worked out.
extension Portal {
    /// How the city keeps its promises: for the whole city, for each agency, for each district.
    func performance(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let t = context.words
        let asked = request.query("tahun").map { Int(outside: $0, in: 2000...2100) } ?? now.date(in: city.zone).parts.year
        guard let year = asked, let first = CivilDate(year: year, month: 1, day: 1),
            let after = CivilDate(year: year + 1, month: 1, day: 1)
        else { throw Problem.notFound }
        var filter = ComplaintFilter(.desk(agency: nil, districts: []))
        filter.filedFrom = Instant(first, minuteOfDay: 0, zone: city.zone)
        filter.filedBefore = Instant(after, minuteOfDay: 0, zone: city.zone)
        let figures = try await complaints.figures(filter)
        var agencies = HTML()
        for code in city.agencyOrder {
            var own = filter
            own.agency = code
            let figures = try await complaints.figures(own)
            if figures.filed > 0 { agencies += row(city.agency(code).short, nil, figures, t) }
        }
        var districts = HTML()
        for district in city.regions.districts {
            var own = filter
            own.district = district.code
            districts += row(district.name, Link("wilayah", district.code), try await complaints.figures(own), t)
        }
        func line(_ name: String, _ value: String, _ definition: String) -> HTML {
            "<tr><th scope=\"row\">\(name)</th><td class=\"number\"><b>\(value)</b></td><td>\(definition)</td></tr>"
        }
        let main: HTML = """
            <h1>\(t("Kinerja \(year)", "Performance \(year)"))</h1>
            <p class="large">\(t("Semua laporan yang masuk tahun ini, juga yang rahasia: angkanya saja.", "Every report filed this year, confidential ones too: as numbers only."))</p>
            <table><caption>\(t("Angka kota, dan cara menghitungnya", "Figures of the city, and how they are worked out"))</caption><thead><tr><th scope="col">\(t("Angka", "Figure"))</th><th scope="col" class="number">\(t("Nilai", "Value"))</th><th scope="col">\(t("Definisi", "Definition"))</th></tr></thead><tbody>
            \(line(t("Masuk", "Filed"), t.number(figures.filed), t("Laporan yang diterima pada tahun ini; yang belum dikonfirmasi pelapornya tidak dihitung.", "Reports received this year; those whose reporter never confirmed are left out.")))
            \(line(t("Terbuka", "Open"), t.number(figures.open), t("Dari yang masuk: belum dinyatakan selesai oleh orang kedua dan belum ditutup.", "Of those filed: not yet called done by a second person, and not closed.")))
            \(line(t("Lewat tenggat", "Overdue"), t.number(figures.overdue), t("Dari yang terbuka: janji terdekatnya (pemeriksaan, jawaban, atau penyelesaian) sudah lewat sekarang, dan jamnya tidak sedang berhenti.", "Of those open: the nearest promise (checking, answer or resolution) has passed by now, and the clock is not standing still.")))
            \(line(t("Selesai", "Fixed"), t.number(figures.fixed), t("Dinyatakan selesai dan dikonfirmasi orang kedua. Yang ditutup karena sebab lain tidak dihitung sebagai selesai.", "Called done and confirmed by a second person. What was closed for another reason does not count as fixed.")))
            \(line(t("Ditutup, belum selesai", "Closed, not fixed"), t.number(figures.notFixed), t("Ditutup dengan alasan yang tertulis di berkasnya.", "Closed for a reason written in the case.")))
            \(line(t("Selesai tepat waktu", "Fixed in time"), "\(t.language.percent(figures.fixedInTime, of: figures.fixed))", t("\(t.number(figures.fixedInTime)) dari \(t.number(figures.fixed)) yang selesai: selesai tidak lebih lambat dari tenggat penyelesaiannya.", "\(t.number(figures.fixedInTime)) of the \(t.number(figures.fixed)) fixed: fixed no later than the due date of their resolution.")))
            \(line(t("Disanggah warga", "Challenged"), t.number(figures.challenged), t("Dari yang selesai: ada warga yang menyatakan belum selesai.", "Of those fixed: some resident says that it is not.")))
            \(line(t("Dinilai baik", "Rated good"), "\(t.language.percent(figures.ratedGood, of: figures.rated))", t("\(t.number(figures.ratedGood)) dari \(t.number(figures.rated)) penilaian pelapor.", "\(t.number(figures.ratedGood)) of \(t.number(figures.rated)) ratings by reporters.")))
            </tbody></table>
            \(table(t("Per instansi", "By agency"), id: "instansi", agencies, t))
            \(table(t("Per kecamatan", "By district"), id: "wilayah", districts, t))
            <p><a href="\(Link("data", "laporan.csv"))">\(t("Unduh baris-barisnya (CSV; laporan terbuka saja)", "Download the rows (CSV; public reports only)"))</a> · <a href="\(Link("kinerja", query: [("tahun", String(year - 1))]))">\(t("Tahun \(year - 1)", "Year \(year - 1)"))</a></p>
            """
        return respond(Page(title: t("Kinerja \(year)", "Performance \(year)"), section: .performance, main: main), context)
    }

    private func row(_ name: String, _ link: Link?, _ figures: Complaints.Figures, _ t: Words) -> HTML {
        // Fewer than five cases in a cell may point at a person: the cell says only “fewer than five”.
        func cell(_ value: Int) -> String { (1..<5).contains(value) ? "<5" : t.number(value) }
        return """
            <tr><th scope="row">\(link.map { "<a href=\"\($0)\">\(name)</a>" as HTML } ?? "\(name)")</th><td data-l="\(t("Masuk", "Filed"))" class="number">\(cell(figures.filed))</td><td data-l="\(t("Terbuka", "Open"))" class="number">\(cell(figures.open))</td><td data-l="\(t("Lewat", "Overdue"))" class="number">\(cell(figures.overdue))</td><td data-l="\(t("Selesai", "Fixed"))" class="number">\(cell(figures.fixed))</td><td data-l="\(t("Tepat waktu", "In time"))" class="number">\(figures.fixed < 5 ? "–" : t.language.percent(figures.fixedInTime, of: figures.fixed))</td></tr>
            """
    }

    private func table(_ caption: String, id: String, _ rows: HTML, _ t: Words) -> HTML {
        """
        <table class="stack" id="\(id)"><caption>\(caption)</caption><thead><tr><th scope="col">\(t("Nama", "Name"))</th><th scope="col" class="number">\(t("Masuk", "Filed"))</th><th scope="col" class="number">\(t("Terbuka", "Open"))</th><th scope="col" class="number">\(t("Lewat", "Overdue"))</th><th scope="col" class="number">\(t("Selesai", "Fixed"))</th><th scope="col" class="number">\(t("Tepat waktu", "In time"))</th></tr></thead><tbody>\(rows)</tbody></table>
        """
    }
}
