// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Documents
import Essentials
import Fees
import Forms
import HTTPTypes
import Hummingbird
import Markup
import Services
import Web

/// What the city does for people: every service with its fee, its time and how far it goes.
extension Portal {
    /// Every service, by life event, or those that words find.
    func catalogue(_ request: Request, _ context: VisitorContext) -> Response {
        let t = context.words
        let words = request.query("q") ?? ""
        let catalogue = city.services
        let found = catalogue.search(words)
        let results: HTML =
            words.isEmpty
            ? HTML()
            : found.isEmpty
                ? "<p class=\"notice\" role=\"status\">\(t("Tidak ada layanan yang cocok dengan “\(words)”. Pilih dari daftar di bawah.", "No service fits “\(words)”. Choose from the list below."))</p>"
                : "<section aria-labelledby=\"h-hasil\"><h2 id=\"h-hasil\">\(t("Yang cocok", "What fits"))</h2><ul class=\"list\">\(HTML(found.map { serviceItem($0, t) }))</ul></section>"
        let events = HTML(
            catalogue.events.map { event in
                let services = catalogue.services.filter { $0.event == event.code }
                guard !services.isEmpty else { return HTML() }
                return """
                    <section aria-labelledby="p-\(event.code)"><h2 id="p-\(event.code)">\(t(event.name))</h2><ul class="list">\(HTML(services.map { serviceItem($0, t) }))</ul></section>
                    """
            }
        )
        let stages = HTML(Maturity.allCases.map { "<li>\(maturity($0, t))<span>\(maturityMeaning($0, t))</span></li>" as HTML })
        let main: HTML = """
            <header><h1>\(t("Semua layanan", "All services"))</h1>
            <p class="large">\(t("\(catalogue.services.count) layanan. Biaya dan batas waktunya tertulis di depan.", "\(catalogue.services.count) services. What they cost and how long they take is said at the door."))</p>
            <form role="search" action="\(Link("layanan"))"><p class="search"><label class="sr" for="q">\(t("Cari layanan", "Search services"))</label><input id="q" name="q" type="search" value="\(words)" autocomplete="off" enterkeyhint="search" aria-describedby="q-bantu"><button class="button">\(Icon.search.html)\(t("Cari", "Search"))</button></p>
            <p id="q-bantu" class="help">\(t("Tulis dengan kata sendiri, misalnya “anak lahir” atau “buka warung”.", "In your own words, such as “baby” or “open a shop”."))</p></form></header>
            \(results)
            <div class="two"><div>\(events)\(besides(t))</div><aside class="box" aria-labelledby="h-tahap"><h2 id="h-tahap">\(t("Arti tanda tahap", "What the stages mean"))</h2><p>\(t("Dihitung dari apa yang benar-benar bisa dilakukan, bukan dinyatakan sendiri.", "Worked out from what can really be done, not claimed."))</p><ul class="list">\(stages)</ul></aside></div>
            """
        return respond(Page(title: t("Semua layanan", "All services"), section: .services, main: main), context)
    }

    /// What residents use without applying for it.
    private func besides(_ t: Words) -> HTML {
        var items: [(Link, String, String)] = []
        if city.venues.contains(where: { !$0.isConfidential }) {
            items.append(
                (
                    Link("sarana"), t("Sarana yang bisa dipesan", "What can be booked"),
                    t("Waktu kosong dan tarifnya", "Free times and what they cost")
                )
            )
        }
        if food != nil {
            items.append((Link("harga"), t("Harga pangan", "Food prices"), t("Hari ini, menurut pasar", "Today, by market")))
        }
        items.append((Link("antrean"), t("Nomor antrean", "Queue numbers"), t("Ambil sebelum berangkat", "Take one before you go")))
        items.append(
            (
                Link("laporan"), t("Langganan kabar", "News by subscription"),
                t(
                    "Lewat email atau SMS: IKUT dan nama kelurahan ke \(city.contact.sms)",
                    "By e-mail or SMS: FOLLOW and a subdistrict to \(city.contact.sms)"
                )
            )
        )
        let list = HTML(items.map { "<li><a href=\"\($0.0)\"><b>\($0.1)</b></a><p>\($0.2)</p></li>" as HTML })
        return
            "<section aria-labelledby=\"h-lain\"><h2 id=\"h-lain\">\(t("Tanpa mengajukan", "Without applying"))</h2><ul class=\"list\">\(list)</ul></section>"
    }

    /// What words lead to: services and kinds of report, side by side.
    func search(_ request: Request, _ context: VisitorContext) -> Response {
        let t = context.words
        let words = request.query("q") ?? ""
        let found = city.services.search(words)
        let kinds = city.complaints.search(words)
        let services: HTML =
            found.isEmpty
            ? HTML()
            : "<section aria-labelledby=\"h-layanan\"><h2 id=\"h-layanan\">\(t("Layanan", "Services"))</h2><ul class=\"list\">\(HTML(found.map { serviceItem($0, t) }))</ul></section>"
        let reports: HTML =
            kinds.isEmpty
            ? HTML()
            : "<section aria-labelledby=\"h-lapor\"><h2 id=\"h-lapor\">\(t("Laporkan", "Report"))</h2><ul class=\"list\">\(HTML(kinds.prefix(8).map { "<li><a href=\"\(Link("lapor", query: [("jenis", $0.code)]))\"><b>\(t($0.name))</b></a><p>\(t($0.description))</p></li>" as HTML }))</ul></section>"
        let nothing: HTML =
            words.isEmpty || !found.isEmpty || !kinds.isEmpty
            ? HTML()
            : "<p class=\"notice\" role=\"status\">\(t("Tidak ada yang cocok dengan “\(words)”. Lihat semua layanan, atau laporkan dengan kata sendiri.", "Nothing fits “\(words)”. See all services, or report it in your own words."))</p>"
        let main: HTML = """
            <h1>\(t("Cari", "Search"))</h1><form role="search" action="\(Link("cari"))"><p class="search"><label class="sr" for="q">\(t("Cari layanan atau masalah", "Search services and problems"))</label><input id="q" name="q" type="search" value="\(words)" autocomplete="off" enterkeyhint="search"><button class="button">\(Icon.search.html)\(t("Cari", "Search"))</button></p></form>
            \(nothing)\(services)\(reports)<p class="row"><a href="\(Link("layanan"))">\(t("Semua layanan", "All services"))</a><a href="\(Link("lapor"))">\(t("Semua jenis laporan", "All kinds of report"))</a></p>
            """
        return respond(Page(title: t("Cari", "Search"), section: .services, isNarrow: true, main: main), context)
    }

    private func serviceItem(_ service: Service, _ t: Words) -> HTML {
        """
        <li><a href="\(Link("layanan", service.code))"><b>\(t(service.name))</b></a>\(maturity(service.maturity, t))<p>\(feeSummary(service, t)) · \(t(service.limit.limit.text)) · \(agencyName(service, t))</p></li>
        """
    }

    func agencyName(_ service: Service, _ t: Words) -> String {
        service.agency == "district" ? t("Kantor kecamatan", "District office") : city.agency(service.agency).short
    }

    private func maturity(_ maturity: Maturity, _ t: Words) -> HTML {
        let columns = HTML(
            (1...4).map { step in
                "<rect x=\"\("\(step * 7 - 7)")\" y=\"\("\(16 - step * 4)")\" width=\"5\" height=\"\("\(step * 4)")\" class=\"\(step <= maturity.rawValue ? "on" : "off")\"/>"
            }
        )
        return """
            <span class="badge"><svg class="maturity" viewBox="0 0 28 16" aria-hidden="true">\(columns)</svg>\(t(maturity.name))</span>
            """
    }

    /// How it is begun by SMS, where it can be.
    private func byMessage(_ service: Service, _ t: Words) -> HTML {
        guard let example = services.example(service, t.language) else { return HTML() }
        return
            "<li>\(t("Atau lewat SMS ke \(city.contact.sms):", "Or by SMS to \(city.contact.sms):")) <span class=\"code\">\(example)</span></li>"
    }

    /// The register of its cases, where it is open.
    private func caseRegister(_ service: Service, _ t: Words) -> HTML {
        guard service.hasPublicCases else { return HTML() }
        return "<p><a href=\"\(Link("layanan", service.code, "berkas"))\">\(t("Register permohonan", "Register of requests"))</a></p>"
    }

    /// What a service has to know about whoever applies; nothing for most.
    private func assurance(_ service: Service, _ t: Words) -> HTML {
        switch service.assurance {
        case .anonymous: HTML()
        case .contact:
            "<li>\(t("Nomor HP atau email yang terbukti: masuk dengan kode di Halaman saya", "A proven mobile number or e-mail: sign in with a code at My page"))</li>"
        case .identified:
            "<li>\(t("KTP yang diperiksa sekali di loket: minta kodenya di Halaman saya. Atau ajukan di loket", "An identity card that was looked at once at a counter: ask for the code at My page. Or apply at a counter"))</li>"
        }
    }

    private func maturityMeaning(_ maturity: Maturity, _ t: Words) -> String {
        switch maturity {
        case .presence: t("Ada keterangannya di sini", "It is described here")
        case .interaction: t("Bisa diajukan dan dijawab", "You can apply and are answered")
        case .transaction: t("Selesai tanpa datang ke kantor", "Carried to its end without going anywhere")
        case .transformation: t("Data terhubung, Anda tidak diminta dua kali", "Data is joined up, and nothing is asked twice")
        }
    }

    func feeSummary(_ service: Service, _ t: Words) -> String {
        switch service.fee {
        case .free: t("Gratis", "Free")
        case .levy: t("Hitung sendiri biayanya", "Work out the fee yourself")
        case .lines(let lines):
            if lines.count == 1, lines[0].amount.names.isEmpty,
                let amount = try? services.assess(service, Answers(), today: now.date(in: city.zone)).first?.amount
            {
                "Rp\(t.number(amount))"
            } else {
                t("Menurut tarif", "By tariff")
            }
        }
    }

    func requireService(_ context: VisitorContext) throws -> Service {
        guard let service = city.services[context.parameters.get("kode") ?? ""] else { throw Problem.notFound }
        return service
    }

    /// One service: what to prepare, the way it goes, its standard.
    func servicePage(_ context: VisitorContext) async throws -> Response {
        let t = context.words
        let service = try requireService(context)
        let (decided, inTime) = try await services.punctuality(of: service.code)
        let steps = HTML(
            service.stages.filter { $0.status == .inProgress || $0.status == .waiting }.map { stage in
                "<li><h3>\(t(stage.name))</h3>\(stage.limit.map { "<p>\(t("Paling lama", "At most")) \(t($0.limit.text)).</p>" as HTML })\(stage.clearances.isEmpty ? HTML() : "<p>\(t("Bersamaan:", "Side by side:")) \(stage.clearances.map { "\(t($0.name)) (\(city.agency($0.agency).short))" }.joined(separator: ", ")).</p>")</li>"
                    as HTML
            }
        )
        let calculator: HTML
        if case .levy(let code, _) = service.fee {
            calculator = "<p><a href=\"\(Link("hitung", code))\">\(t("Hitung sendiri biayanya dulu", "Work out the fee first"))</a></p>"
        } else {
            calculator = HTML()
        }
        let main: HTML = """
            <header><h1>\(t(service.name))</h1><p class="large">\(t(service.summary))</p>
            <form method="post" action="\(Link("layanan", service.code, "ajukan"))">\(hidden(context))<p class="row"><button class="button">\(t("Ajukan sekarang", "Apply now"))\(Icon.arrow.html)</button><a class="button secondary" href="\(Link("layanan", service.code, "formulir"))">\(t("Formulir kosong untuk dicetak", "Blank form to print"))</a></p></form>
            <dl class="facts"><div><dt>\(t("Biaya", "Fee"))</dt><dd>\(feeSummary(service, t))</dd></div><div><dt>\(t("Waktu", "Time"))</dt><dd>\(t(service.limit.limit.text))</dd></div><div><dt>\(t("Selesai tepat waktu", "Done in time"))</dt><dd>\(decided == 0 ? t("Belum ada yang selesai", "None done yet") : t("\(t.language.percent(inTime, of: decided)) dari \(t.number(decided)) dalam setahun", "\(t.language.percent(inTime, of: decided)) of \(t.number(decided)) in a year"))</dd></div><div><dt>\(t("Tahap", "Stage"))</dt><dd>\(maturity(service.maturity, t))</dd></div></dl></header>
            <div class="two"><div>
            <section aria-labelledby="s1"><h2 id="s1">\(t("Yang perlu disiapkan", "What you need"))</h2><ul class="list">\(HTML(service.standard.requirements.map { "<li>\(t($0))</li>" }))\(assurance(service, t))\(byMessage(service, t))</ul></section>
            <section aria-labelledby="s2"><h2 id="s2">\(t("Langkahnya", "The way it goes"))</h2><ol class="thread"><li><h3>\(t("Anda mengisi", "You fill it in"))</h3><p>\(t("Boleh berhenti dan lanjut nanti, di ponsel mana pun.", "Stop and go on later, on any phone."))</p></li>\(steps)</ol>\(calculator)\(caseRegister(service, t))</section>
            <section aria-labelledby="s5"><h2 id="s5">\(t("Kalau janji tidak ditepati", "If a promise is broken"))</h2><p>\(t("Setelah \(service.limit.limit.text.id), berkas naik ke kepala instansi dan Anda diberi tahu.", "After \(service.limit.limit.text.en) the case goes to the head of the agency, and you are told.")) <a href="\(Link("lapor"))">\(t("Laporkan pelayanan", "Report the service"))</a>.</p></section>
            \(standardTable(service, t))
            </div><div>
            <figure class="box"><h2 id="s3">\(t("Alur permohonan", "The course of an application"))</h2>\(diagram(service, t))</figure>
            <section class="box" aria-labelledby="s6"><h2 id="s6">\(t("Penanggung jawab", "Who answers for it"))</h2><p><b>\(service.agency == "district" ? t("Kantor kecamatan tempat tinggal Anda", "The office of your district") : city.agency(service.agency).name)</b></p><p>\(t(city.contact.counters)).\(service.agency == "district" ? HTML() : " <a href=\"\(Link("antrean", service.agency))\">\(t("Ambil nomor antrean", "Take a queue number"))</a>")</p></section>
            \(service.register == nil ? HTML() : "<section class=\"box\" aria-labelledby=\"s7\"><h2 id=\"s7\">\(t("Daftar publik", "Public register"))</h2><p><a href=\"\(Link("layanan", service.code, "daftar"))\">\(t("Yang sudah terbit, masih berlaku atau dicabut", "What was issued, still holds or was revoked"))</a></p></section>")
            </div></div>
            """
        let page = Page(
            title: t(service.name),
            description: t(service.summary),
            section: .services,
            crumbs: [(t("Layanan", "Services"), Link("layanan"))],
            main: main
        )
        return respond(page, context)
    }

    /// The fourteen parts of the service standard (PermenPANRB 15/2014), in its order.
    private func standardTable(_ service: Service, _ t: Words) -> HTML {
        func part(_ part: Service.Standard.Part) -> (String, String) { (t(part.name), service.standard.parts[part].map { t($0) } ?? "–") }
        let procedure = service.stages.filter { $0.status.isOpen }.map { t($0.name) }.joined(separator: " → ")
        let fee: String
        switch service.fee {
        case .free(let basis): fee = t("Gratis. \(basis.id)", "Free. \(basis.en)")
        default: fee = feeSummary(service, t)
        }
        let rows: [(String, String)] = [
            part(.basis), (t(Service.Standard.Part.requirements.name), service.standard.requirements.map { t($0) }.joined(separator: "; ")),
            (t("Sistem, mekanisme, dan prosedur", "System, mechanism and procedure"), procedure),
            (t("Jangka waktu penyelesaian", "Time"), "\(t(service.limit.limit.text)). \(t(service.limit.basis))"),
            (t("Biaya atau tarif", "Fee"), fee),
            part(.product), part(.facilities), part(.competence), part(.supervision),
            (
                t("Penanganan pengaduan, saran, dan masukan", "Complaints, suggestions and remarks"),
                t(
                    "“Lapor” di halaman ini, telepon \(city.contact.telephone), SMS \(city.contact.sms)",
                    "“Report” on this page, telephone \(city.contact.telephone), SMS \(city.contact.sms)"
                )
            ), part(.staff), part(.guarantee), part(.safety), part(.evaluation),
        ]
        return """
            <details><summary>\(t("Standar pelayanan lengkap (14 unsur)", "The whole service standard (14 parts)"))</summary><dl class="details">\(HTML(rows.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>" as HTML }))</dl></details>
            """
    }

    /// The course of an application as a picture, and the same in words.
    private func diagram(_ service: Service, _ t: Words) -> HTML {
        let lines = service.stages.flatMap { stage in
            service.ways(from: stage).map { "\(t(stage.name)) → \(t($0.name)): \(t($0.by))" }
        }
        let picture: HTML =
            WorkflowDiagram.isAvailable
            ? "<p><img class=\"diagram\" loading=\"lazy\" src=\"\(Link("layanan", service.code, "alur.svg", query: [("bahasa", t.language.rawValue)]))\" alt=\"\(t("Gambar alur; isinya sama dengan daftar di bawah", "A drawing of the course; it says the same as the list below"))\"></p>"
            : HTML()
        return """
            \(picture)<details><summary>\(t("Alur dalam kata-kata", "The course in words"))</summary><ul class="small">\(HTML(lines.map { "<li>\($0)</li>" }))</ul></details>
            """
    }

    /// The course of an application as SVG.
    func workflowPicture(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let service = try requireService(context)
        let language = request.query("bahasa").flatMap(Language.init) ?? .indonesian
        guard let picture = try await WorkflowDiagram.svg(service, language: language) else { throw Problem.notFound }
        return Response.bytes(picture, type: "image/svg+xml").tagged(for: request, picture, cache: "public, max-age=3600")
    }

    /// The questions as JSON Schema.
    func serviceSchema(_ request: Request, _ context: VisitorContext) throws -> Response {
        let service = try requireService(context)
        let address = "\(origin)/layanan/\(service.code)/skema.json"
        let schema = service.questionnaire.schema(title: service.name, id: address)
        return Response.json(schema, type: "application/schema+json").tagged(for: request, schema.canonical)
    }

    /// The blank form, to print and fill in by hand.
    func blankForm(_ context: VisitorContext) throws -> Response {
        let t = context.words
        let service = try requireService(context)
        func line(_ question: Questionnaire.Question) -> HTML {
            switch question.kind {
            case .choice(let options): "<ul class=\"plain\">\(HTML(options.map { "<li>☐ \(t($0.label))</li>" as HTML }))</ul>"
            case .group(let range, let item, let questions):
                HTML(
                    (1...max(range.lowerBound, 1)).map { index in
                        "<p><b>\(t(item)) \(index)</b></p>\(HTML(questions.map { "<p>\(t($0.label)): ______________________________</p>" }))"
                            as HTML
                    }
                )
            case .declaration: "<p class=\"code\">☐</p>"
            case .files: "<p>\(t("(lampirkan)", "(attach)"))</p>"
            default: "<p>______________________________</p>"
            }
        }
        let pages = HTML(
            service.questionnaire.pages.map { page in
                """
                <section aria-labelledby="b-\(page.code)"><h2 id="b-\(page.code)">\(t(page.title))</h2>\(HTML(page.questions.map { question in
                    "<div class=\"field\"><p><b>\(t(question.label))</b>\(question.isOptional ? t(" (boleh kosong)", " (optional)") : "")\(question.condition == nil ? "" : t(" (kalau perlu)", " (where it applies)"))</p>\(line(question))</div>" as HTML
                }))</section>
                """
            }
        )
        let main: HTML = """
            <h1>\(t(service.name))</h1><p>\(t("Isi dengan huruf cetak dan serahkan di loket; petugas mengetiknya dan Anda mendapat tanda terima.", "Fill it in with capitals and hand it in at the counter; it is typed in and you get a receipt."))</p>
            \(pages)<p class="row screen-only"><button class="button" type="button" data-print hidden>\(t("Cetak", "Print"))</button></p>
            """
        let page = Page(
            title: t("Formulir \(service.name.id)", "Form: \(service.name.en)"),
            section: .services,
            crumbs: [(t("Layanan", "Services"), Link("layanan")), (t(service.name), Link("layanan", service.code))],
            isNarrow: true,
            main: main
        )
        return respond(page, context)
    }

    /// What was issued, without anybody's name.
    func publicRegister(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let t = context.words
        let service = try requireService(context)
        guard let columns = service.register else { throw Problem.notFound }
        let number = max(1, Int(request.query("hal") ?? "1") ?? 1)
        let (rows, total) = try await documents.register(of: service.code, page: number)
        let today = now.date(in: city.zone)
        let lines = HTML(
            rows.map { document in
                """
                <tr><th scope="row"><a href="\(Link("verifikasi", document.fingerprint))">\(document.number)</a></th>\(HTML(zip(columns, document.register).map { column, value in "<td data-l=\"\(t(column.label))\">\(value.value)</td>" as HTML }))<td data-l="\(t("Terbit", "Issued"))">\(document.issuedAt.date(in: city.zone).long(t.language))</td><td data-l="\(t("Keadaan", "State"))">\(standingBadge(document.standing(on: today), document.validUntil, t))</td></tr>
                """
            }
        )
        let table: HTML =
            rows.isEmpty
            ? "<p class=\"box\">\(t("Belum ada yang terbit.", "Nothing has been issued yet."))</p>"
            : "<table class=\"stack\"><caption class=\"sr\">\(t("\(total) dokumen", "\(total) documents"))</caption><thead><tr><th scope=\"col\">\(t("Nomor", "Number"))</th>\(HTML(columns.map { "<th scope=\"col\">\(t($0.label))</th>" as HTML }))<th scope=\"col\">\(t("Terbit", "Issued"))</th><th scope=\"col\">\(t("Keadaan", "State"))</th></tr></thead><tbody>\(lines)</tbody></table>"
        let main: HTML = """
            <h1>\(t("Daftar publik: \(service.name.id)", "Public register: \(service.name.en)"))</h1>
            <p>\(t("Tanpa nama orang. Setiap nomor bisa diperiksa.", "Without people’s names. Every number can be checked."))</p>\(table)
            <p class="row">\(number > 1 ? "<a href=\"\(Link("layanan", service.code, "daftar", query: [("hal", String(number - 1))]))\">\(t("Sebelumnya", "Previous"))</a>" : HTML())\(number * 25 < total ? "<a href=\"\(Link("layanan", service.code, "daftar", query: [("hal", String(number + 1))]))\">\(t("Berikutnya", "Next"))</a>" : HTML())</p>
            """
        let page = Page(
            title: t("Daftar publik: \(service.name.id)", "Public register: \(service.name.en)"),
            section: .services,
            crumbs: [(t("Layanan", "Services"), Link("layanan")), (t(service.name), Link("layanan", service.code))],
            main: main
        )
        return respond(page, context)
    }
}
