// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Forms
import HTTPTypes
import Hummingbird
import Markup
import Services
import Web

/// One service: what to prepare, the way it goes, its standard, its course as a drawing and its questions as a schema.
extension Portal {
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
        if case .levy(let levy, _) = service.fee {
            calculator =
                "<p><a href=\"\(Link("hitung", levy.code))\">\(t("Hitung sendiri biayanya dulu", "Work out the fee first"))</a></p>"
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
}
