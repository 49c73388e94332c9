// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Markup
import Web

/// Pages that only say something, and files that browsers ask for.
extension Portal {
    /// A problem as a page: what happened, what to do, and how to get help without a computer.
    public func problemPage(_ problem: Problem, _ context: VisitorContext) -> Response {
        let t = context.words
        let main: HTML = """
            <h1>\(t(problem.title))</h1>
            \(problem.remedy.map { "<p class=\"large\">\(t($0))</p>" as HTML })
            \(problem.fields.isEmpty ? HTML() : "<ul>\(HTML(problem.fields.map { "<li>\(t($0.message))</li>" }))</ul>")
            <form action="\(Link("lacak"))" class="box"><label class="label" for="nomor">\(t("Lacak berkas", "Track a case"))</label><p class="search"><input id="nomor" name="nomor" autocomplete="off"><button class="button secondary">\(t("Lacak", "Track"))</button></p></form>
            <p>\(t("Butuh bantuan? Telepon", "Need help? Call")) <b>\(city.contact.telephone)</b>. \(t("Sebut rujukan ini:", "Give this reference:")) <span class="code">\(context.requestID.prefix(8).description)</span></p>
            <p><a href="\(Link(""))">\(t("Ke beranda", "To the home page"))</a></p>
            """
        return respond(Page(title: t(problem.title), hasErrors: true, isNarrow: true, main: main), context, status: problem.httpStatus)
    }

    /// What a problem's code means, at the address that RFC 9457's `type` gives.
    func problemType(_ context: VisitorContext) -> Response {
        let t = context.words
        let code = context.parameters.get("kode") ?? ""
        let main: HTML = """
            <h1><span class="code">\(code)</span></h1>
            <p>\(t("Kode ini menamai satu sebab mengapa permintaan ditolak. Jawaban yang memuatnya menjelaskan apa yang terjadi (title), apa yang bisa dilakukan (detail), dan isian mana yang perlu diperbaiki (errors).", "This code names one reason why a request is refused. The answer that carries it says what happened (title), what to do (detail), and which fields to put right (errors)."))</p>
            """
        return respond(Page(title: code, isNarrow: true, main: main), context)
    }

    /// Personal data: what is kept, who sees it, what anyone may ask.
    func privacy(_ context: VisitorContext) -> Response {
        let t = context.words
        let main: HTML = """
            <h1>\(t("Data pribadi Anda", "Your personal data"))</h1>
            <ul>
            <li>\(t("Kontak Anda, nama yang Anda sembunyikan, isi permohonan dan laporan rahasia, dan balasan yang tidak diterbitkan disandikan dengan kunci milik Anda sendiri. Basis data yang dicuri tidak bisa dibaca tanpa kunci itu. Isi, tempat, dan foto laporan lain terbuka untuk umum.", "Your contact, a name that you hide, what an application or a confidential report says, and replies that are not published are sealed with a key of your own. A stolen database cannot be read without it. The text, place and photos of other reports are public."))</li>
            <li>\(t("Tercatat, dengan instansi dan waktunya: petugas yang membuka isi permohonan atau laporan rahasia (sekali sehari tiap petugas), dan yang membuka nama dan kontak pelapor. Anda melihat daftarnya di halaman berkas. Petugas yang membaca laporan lain dan balasannya tidak dicatat.", "Recorded, with the agency and the time, are officers who open what an application or a confidential report says (once a day for each), and who open a reporter’s name and contact. You see the list on the case page. Officers who read other reports and the replies to them are not recorded."))</li>
            <li>\(t("Setelah berkas selesai, Anda bisa meminta data Anda dihapus selamanya (UU 27/2022 ps. 8 dan 43): kuncinya dimusnahkan, dan Anda dikabari. Permintaan menunggu selama ada uang, tempat yang dipesan, atau hak keberatan. Yang tetap disimpan: data di balik dokumen yang terbit, rekening yang dibayar kota, dasar dan alasan perintah pembayarannya, alasan keputusan yang menolak Anda (UU 14/2008 ps. 11 ayat (1) huruf b, UU 43/2009 ps. 51–52), dan laporan yang sedang diperiksa polisi atau pengadilan (UU 27/2022 ps. 15 ayat (1) huruf b, UU 43/2009 ps. 51 ayat (1) huruf d).", "Once the case is over you can ask that your data be erased for ever (Law 27/2022 art. 8 and 43): the key is destroyed, and you are told. The wish waits while there is money, a booked place or a right to object. Kept are: what a document was issued on, bank accounts that the city paid into, the ground and reasons of the orders to pay, the reasons of a decision against you (Law 14/2008 art. 11(1)(b), Law 43/2009 art. 51–52), and reports that are before the police or a court (Law 27/2022 art. 15(1)(b), Law 43/2009 art. 51(1)(d))."))</li>
            <li>\(reportsByTime(t))</li><li>\(applicationsByTime(t))</li>
            <li>\(t("Data lokasi di dalam foto dihapus saat diunggah.", "Location data in photos is removed on upload."))</li>
            <li>\(t("Tidak ada pelacak, iklan, atau isi dari situs lain di halaman kami.", "There are no trackers, advertisements or content from other sites on our pages."))</li>
            </ul>
            <p>\(t("Pejabat pelindungan data:", "Data protection official:")) <b>\(city.contact.dataProtection)</b>, \(city.contact.telephone).</p>
            """
        return respond(Page(title: t("Data pribadi Anda", "Your personal data"), isNarrow: true, main: main), context)
    }

    /// When data of reports goes by itself.
    private func reportsByTime(_ t: Words) -> String {
        guard let retention = city.complaints.retention else {
            return t(
                "Kota belum menetapkan berapa lama data pribadi dalam laporan disimpan. Sampai ditetapkan, tidak ada yang dihapus karena waktu; Anda tetap bisa memintanya dihapus.",
                "The city has not yet set for how long personal data of reports is kept. Until it has, nothing is erased by time; you can still ask for it to be erased."
            )
        }
        let (handled, other) = (retention.handledDays, retention.otherDays)
        return t(
            "Data pribadi dalam laporan dihapus dengan sendirinya \(handled) hari setelah laporan ditangani, dan \(other) hari setelah laporan yang ditarik atau tidak dikonfirmasi berakhir.",
            "Personal data of reports is erased by itself \(handled) days after a report was handled, and \(other) days after one that was withdrawn or never confirmed has ended."
        )
    }

    /// When data of applications goes by itself.
    private func applicationsByTime(_ t: Words) -> String {
        guard let retention = city.services.retention else {
            return t(
                "Untuk permohonan yang berakhir tanpa dokumen, kota belum menetapkan berapa lama datanya disimpan: tidak ada yang dihapus karena waktu.",
                "For applications that ended without a document the city has not yet set how long their data is kept: nothing is erased by time."
            )
        }
        return t(
            "Data permohonan yang berakhir tanpa dokumen dihapus dengan sendirinya setelah \(retention.days) hari.",
            "Data of applications that ended without a document is erased by itself after \(retention.days) days."
        )
    }

    /// The accessibility statement.
    func accessibility(_ context: VisitorContext) -> Response {
        let t = context.words
        let main: HTML = """
            <h1>\(t("Aksesibilitas", "Accessibility"))</h1>
            <p>\(t("Halaman kami dibuat menurut WCAG 2.2 tingkat AA: bisa dipakai dengan papan ketik saja, pembaca layar, layar 320 piksel, dan tanpa JavaScript. Pemeriksaan otomatis dijalankan pada setiap perubahan.", "Our pages are made to WCAG 2.2 level AA: usable by keyboard alone, by screen reader, on a 320-pixel screen and without JavaScript. Automatic checks run on every change."))</p>
            <p>\(t("Ada yang tidak bisa Anda pakai?", "Is there something you cannot use?")) \(t("Telepon", "Call")) <b>\(city.contact.telephone)</b>, \(t("atau", "or")) <a href="\(Link("lapor", query: [("q", "layanan")]))">\(t("laporkan", "report it"))</a>.</p>
            """
        return respond(Page(title: t("Aksesibilitas", "Accessibility"), isNarrow: true, main: main), context)
    }

    /// The page that the service worker keeps for when there is no signal.
    func offlinePage(_ context: VisitorContext) -> Response {
        let t = context.words
        let main: HTML = """
            <h1>\(t("Tidak ada sinyal", "No signal"))</h1>
            <p class="large">\(t("Yang Anda tulis aman di ponsel ini, dan terkirim sendiri begitu sinyal kembali.", "What you wrote is safe on this phone, and is sent by itself once the signal is back."))</p>
            <ul class="list" data-queue hidden aria-label="\(t("Yang menunggu sinyal", "Waiting for signal"))"></ul>
            <p><a class="button" href="\(Link("lapor", "luring"))">\(t("Tulis laporan tanpa sinyal", "Write a report without signal"))</a></p>
            <p>\(t("Mendesak? Telepon", "Urgent? Call")) <b>\(city.contact.emergency)</b>.</p>
            """
        return respond(Page(title: t("Tidak ada sinyal", "No signal"), isNarrow: true, main: main), context)
    }

    /// Chooses a language and goes back.
    func chooseLanguage(_ request: Request, _ context: VisitorContext) throws -> Response {
        guard let language = context.parameters.get("bahasa").flatMap(Language.init) else { throw Problem.notFound }
        return speaking(language, .seeOther(Link.path(request.query("ke") ?? "/")))
    }

    /// The answer, which makes the browser ask for this language from now on.
    func speaking(_ language: Language, _ response: Response) -> Response {
        response.settingCookie("bahasa", language.rawValue, seconds: 400 * 86_400)
    }

    /// The web app's manifest.
    func manifest() -> Response {
        .json(
            [
                "name": .string("Balai \(city.name.id)"), "short_name": "Balai", "start_url": "/", "display": "minimal-ui", "lang": "id",
                "background_color": "#05372b", "theme_color": "#05372b",
                "icons": [["src": JSON(assets.link("icon.svg")?.address), "sizes": "any", "type": "image/svg+xml"]],
            ],
            type: "application/manifest+json"
        )
    }

    /// The service worker, which must live at the root to see the whole site.
    func serviceWorker() throws -> Response {
        guard let source = assets.content("sw.js") else { throw Problem.notFound }
        let files = ["balai.css", "queue.js", "app.js"].compactMap { assets.link($0)?.address }
        let list = String(decoding: JSON.array(files.map(JSON.string)).canonical, as: UTF8.self)
        var response = Response.text(
            "const files = \(list);\n" + String(decoding: source, as: UTF8.self),
            type: "text/javascript; charset=utf-8"
        )
        response.headers[.cacheControl] = "no-cache"
        return response
    }

    /// robots.txt
    func robots() -> Response {
        .text(
            "User-agent: *\n"
                + [
                    "/api/", "/auth/", "/bahasa/", "/berhenti/", "/ikuti/", "/jawab/", "/lapor/", "/lapor?", "/loket", "/masuk", "/meja",
                    "/permohonan/", "/saya", "/sms/",
                ].map { "Disallow: \($0)\n" }.joined() + "Sitemap: \(origin)/sitemap.xml\n"
        )
    }

    /// The site map: pages that stand still.
    func sitemap() -> Response {
        let paths =
            ["/", "/lapor", "/laporan", "/kinerja", "/buku-besar", "/privasi", "/aksesibilitas"]
            + city.regions.districts.map { "/wilayah/\($0.code)" }
        let urls = paths.map { "<url><loc>\(XML.escape(origin + $0))</loc></url>" }.joined(separator: "\n")
        return .text(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n\(urls)\n</urlset>\n",
            type: "application/xml; charset=utf-8"
        )
    }

    /// security.txt (RFC 9116).
    func securityText() -> Response {
        let expires = now.adding(seconds: 300 * 86_400).rfc3339()
        return .text(
            "Contact: tel:\(city.contact.telephone)\nContact: \(origin)/lapor?q=layanan\nExpires: \(expires)\nPreferred-Languages: id, en\nCanonical: \(origin)/.well-known/security.txt\n"
        )
    }
}
