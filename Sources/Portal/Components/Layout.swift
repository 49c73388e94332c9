// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Markup
import Web

/// A page before its frame: a value, no inheritance, no slots.
struct Page {
    /// Where a page stands in the navigation.
    enum Section: String {
        case services
        case report
        case track
        case reports
        case performance
        case ledger
        case own
        case desk
        case audit
        case none
    }

    var title: String
    var description = ""
    var section = Section.none
    /// Pages above this one: their names and addresses.
    var crumbs: [(name: String, link: Link)] = []
    /// Whether the title says that something has to be put right.
    var hasErrors = false
    /// Whether the content is a narrow column.
    var isNarrow = false
    /// Whether the content brings its own columns to the full width.
    var isWide = false
    /// Who is signed in to the desk.
    var staff: String?
    /// Whether their navigation leads to the audit of the record.
    var seesAudits = false
    /// A form that waits, sealed, in the page for a proof: whoever chooses another language takes it along.
    var kept: SealedForm?
    /// Scripts, by file name; every page works without them.
    var scripts = ["queue.js", "app.js"]
    /// Address of an Atom feed of the same content.
    var feed: Link?
    var main: HTML
}

extension Portal {
    /// The page in its frame: the roof, the room between, the floor.
    func render(_ page: Page, _ context: VisitorContext) -> HTML {
        let t = context.words
        let prefix = page.hasErrors ? t("Galat: ", "Error: ") : ""
        let mainClass = page.isWide ? "" : page.isNarrow ? "wrap narrow" : "wrap"
        return """
            <!doctype html>
            <html lang="\(context.language.rawValue)" dir="ltr">
            <head>
            <meta charset="utf-8">
            <title>\(prefix)\(page.title) – Balai \(city.name(context.language))</title>
            <meta name="viewport" content="width=device-width,initial-scale=1">
            \(page.description.isEmpty ? HTML() : "<meta name=\"description\" content=\"\(page.description)\">")
            <meta name="theme-color" content="#05372b">
            \(assets.link("balai.css").map { "<link rel=\"stylesheet\" href=\"\($0)\">" as HTML })
            \(page.scripts.contains("map.js") ? assets.link("leaflet.css").map { "<link rel=\"stylesheet\" href=\"\($0)\">" as HTML } : nil)
            \(assets.link("icon.svg").map { "<link rel=\"icon\" href=\"\($0)\">" as HTML })
            <link rel="manifest" href="\(Link("manifest.webmanifest"))">
            \(page.feed.map { "<link rel=\"alternate\" type=\"application/atom+xml\" href=\"\($0)\" title=\"Atom\">" as HTML })
            \(HTML(page.scripts.compactMap { assets.link($0) }.map { "<script defer src=\"\($0)\"></script>\n" as HTML }))
            </head>
            <body\(.value("class", page.staff == nil ? nil : "staff"))>
            <a class="skip" href="\(Link.fragment("isi"))">\(t("Langsung ke isi", "Skip to content"))</a>
            \(roof(page, context))
            \(crumbs(page, t))
            <main id="isi"\(.value("class", mainClass.isEmpty ? nil : mainClass))>
            \(page.main)
            </main>
            \(page.staff == nil ? floor(t) : HTML())
            </body>
            </html>
            """
    }

    /// The page as an answer.
    func respond(_ page: Page, _ context: VisitorContext, status: HTTPResponse.Status = .ok) -> Response {
        .html(render(page, context), status: status)
    }

    private func roof(_ page: Page, _ context: VisitorContext) -> HTML {
        let t = context.words
        let items: [(Page.Section, String, Link)] =
            page.staff != nil
            ? [
                (.desk, t("Meja kerja", "Desk"), Link("meja")), (.services, t("Permohonan", "Applications"), Link("meja", "layanan")),
                (.reports, t("Peta", "Map"), Link("laporan")),
                (.performance, t("Kinerja", "Performance"), Link("kinerja")),
            ] + (page.seesAudits ? [(.audit, t("Pemeriksaan", "Audit"), Link("meja", "audit"))] : [])
            : [
                (.services, t("Layanan", "Services"), Link("layanan")), (.report, t("Lapor", "Report"), Link("lapor")),
                (.track, t("Lacak", "Track"), Link("lacak")),
                (.reports, t("Laporan", "Reports"), Link("laporan")), (.performance, t("Kinerja", "Performance"), Link("kinerja")),
            ]
        let nav = HTML(
            items.map { section, name, link in
                "<li><a href=\"\(link)\"\(.value("aria-current", section == page.section ? "page" : nil))>\(name)</a></li>"
            }
        )
        let other: Language = context.language == .indonesian ? .english : .indonesian
        let account: HTML
        if let staff = page.staff {
            account = "<a href=\"\(Link("meja", "akun"))\">\(staff)</a>"
        } else {
            account =
                "<a href=\"\(Link("saya"))\"\(.value("aria-current", page.section == .own ? "page" : nil))>\(t("Halaman saya", "My page"))</a>"
        }
        return """
            <header class="roof">\(isDemo ? "<p class=\"ribbon\">\(t("Kota peragaan: laporan dan orang di sini rekaan", "Demo city: reports and people here are invented"))</p>" : HTML())<div class="wrap">
            <a class="brand" href="\(page.staff == nil ? Link("") : Link("meja"))"><svg class="logo" viewBox="0 0 40 36" aria-hidden="true"><path d="M20 0 40 30h-6L20 9 6 30H0zM20 13l11 17h-5l-6-9-6 9H9zM20 25l3 5h-6zM0 33h40v3H0z"/></svg><span><b>Balai</b> \(page.staff == nil ? city.name(context.language) : t("Meja Petugas", "Staff desk"))</span></a>
            <nav class="nav" aria-label="\(t("Utama", "Main"))"><ul>\(nav)</ul></nav>
            <div class="actions">\(languageChoice(other, page, context))\(account)</div>
            </div></header>
            """
    }

    /// The way to the same page in the other language. An answer to a form has no address under which it could be found again, and a
    /// link would throw away what was typed.
    private func languageChoice(_ language: Language, _ page: Page, _ context: VisitorContext) -> HTML {
        let name = language == .english ? "English" : "Indonesia"
        if let kept = page.kept {
            return """
                <form method="post" action="\(kept.address(in: language))">\(hidden(context))\(kept.fields)<button class="text-button" lang="\(language.rawValue)">\(name)</button></form>
                """
        }
        guard !context.answersForm else { return HTML() }
        let link = Link("bahasa", language.rawValue, query: [("ke", context.path)])
        return "<a href=\"\(link)\" lang=\"\(language.rawValue)\" hreflang=\"\(language.rawValue)\">\(name)</a>"
    }

    private func crumbs(_ page: Page, _ t: Words) -> HTML {
        guard !page.crumbs.isEmpty else { return HTML() }
        return """
            <div class="wrap"><nav class="crumbs" aria-label="\(t("Lokasi halaman", "You are here"))"><ol>\(HTML(page.crumbs.map { "<li><a href=\"\($0.link)\">\($0.name)</a></li>" }))</ol></nav></div>
            """
    }

    private func floor(_ t: Words) -> HTML {
        """
        <footer class="floor"><div class="wrap">
        <div class="grid">
        <div><h2>\(t("Bantuan tanpa internet", "Help without internet"))</h2><ul><li>SMS <b>\(city.contact.sms)</b></li><li>\(t("Telepon", "Telephone")) <b>\(city.contact.telephone)</b></li><li>\(t("Darurat", "Emergency")) <b>\(city.contact.emergency)</b>, \(t("24 jam", "24 hours"))</li><li>\(t(city.contact.counters))</li></ul></div>
        <div><h2>\(t("Periksa kami", "Check on us"))</h2><ul><li><a href="\(Link("kinerja"))">\(t("Kinerja", "Performance"))</a></li><li><a href="\(Link("laporan"))">\(t("Semua laporan warga", "All residents’ reports"))</a></li><li><a href="\(Link("buku-besar"))">\(t("Buku besar publik", "Public ledger"))</a></li><li><a href="\(Link("data", "laporan.csv"))">\(t("Data terbuka (CSV)", "Open data (CSV)"))</a></li><li><a href="\(Link("hitung"))">\(t("Hitung retribusi sendiri", "Work out a levy yourself"))</a></li></ul></div>
        <div><h2>\(t("Hak Anda", "Your rights"))</h2><ul><li><a href="\(Link("privasi"))">\(t("Data pribadi Anda", "Your personal data"))</a></li><li><a href="\(Link("aksesibilitas"))">\(t("Aksesibilitas", "Accessibility"))</a></li><li><a href="\(Link("masuk"))">\(t("Masuk petugas", "Staff sign-in"))</a></li><li>\(Link.outside("https://ombudsman.go.id/pengaduan").map { "<a href=\"\($0)\">\(t("Adukan ke Ombudsman", "Complain to the Ombudsman"))</a>" })</li></ul></div>
        </div>
        <p class="small">\(t("Balai \(city.name.id). Halaman ini berfungsi tanpa JavaScript.", "Balai \(city.name.en). This page works without JavaScript."))</p>
        </div></footer>
        """
    }
}
