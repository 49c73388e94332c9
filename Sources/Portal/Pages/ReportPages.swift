// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Documents
import Essentials
import HTTPTypes
import Hummingbird
import Markup
import Web

/// The form in four steps. Each step is a page of its own that works without a script; answers are kept on the server.
extension Portal {
    // MARK: The door

    /// Where a report begins: search the kinds, or choose from the groups. Emergencies are sent to 112 first.
    func reportStart(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let t = context.words
        if let code = request.query("jenis"), city.complaints.category(code) != nil {
            return try await startDraft(category: code, context)
        }
        let words = request.query("q") ?? ""
        let found = city.complaints.search(words)
        func item(_ category: ComplaintRules.Category) -> HTML {
            """
            <li><a href="\(Link("lapor", query: [("jenis", category.code)]))"><b>\(t(category.name))</b></a><p>\(t(category.description))</p></li>
            """
        }
        let results: HTML
        if words.isEmpty {
            results = HTML()
        } else if found.isEmpty {
            results =
                "<p role=\"status\" class=\"notice\">\(t("Tidak ada jenis yang cocok dengan “\(words)”. Pilih dari daftar di bawah.", "No kind fits “\(words)”. Choose from the list below."))</p>"
        } else {
            results =
                "<section aria-labelledby=\"h-hasil\"><h2 id=\"h-hasil\">\(t("Yang cocok", "What fits"))</h2><ul class=\"list\">\(HTML(found.prefix(8).map(item)))</ul></section>"
        }
        let groups = HTML(
            city.complaints.groups.map { group in
                """
                <section aria-labelledby="g-\(group.code)"><h2 id="g-\(group.code)">\(t(group.name))</h2><ul class="list">\(HTML(city.complaints.categories.filter { $0.group == group.code }.map(item)))</ul></section>
                """
            }
        )
        let main: HTML = """
            \(emergency(t))\(HTML(city.notices(at: now).map { "<p class=\"notice\">\(Icon.clock.html)<span>\(t($0.text))</span></p>" }))
            <h1>\(t("Apa masalahnya?", "What is the problem?"))</h1>
            <form role="search" action="\(Link("lapor"))"><p class="search"><label class="sr" for="q">\(t("Cari jenis masalah", "Search kinds of problem"))</label><input id="q" name="q" type="search" value="\(words)" autocomplete="off" enterkeyhint="search"><button class="button">\(Icon.search.html)\(t("Cari", "Search"))</button></p></form>
            \(results)\(groups)
            <p class="small">\(t("Sinyal lemah?", "Weak signal?")) <a href="\(Link("lapor", "luring"))">\(t("Tulis semuanya di satu halaman", "Write it all on one page"))</a></p>
            """
        return respond(Page(title: t("Lapor", "Report"), section: .report, isNarrow: true, main: main), context)
    }

    private func emergency(_ t: Words) -> HTML {
        """
        <p class="notice bad">\(Icon.warning.html)<span><b>\(t("Ada orang dalam bahaya?", "Is anyone in danger?"))</b> \(t("Jangan lapor di sini. Telepon", "Do not report it here. Call")) \(Link.outside("tel:\(city.contact.emergency)").map { "<a href=\"\($0)\">\(city.contact.emergency)</a>" }), \(t("24 jam, gratis.", "day and night, free."))</span></p>
        """
    }

    private func startDraft(category: String, _ context: VisitorContext) async throws -> Response {
        let token = try await complaints.newDraft(language: context.language)
        if var draft = try await complaints.draft(token) {
            draft.report.category = category
            try await complaints.save(draft, token: token)
        }
        return .seeOther(Link("lapor", token, Report.Step.problem.rawValue))
    }

    // MARK: Steps

    /// Shows a step; with `periksa`, what is still missing in it too.
    func reportStep(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let (token, step, draft) = try await draft(context)
        var state = FormState.empty
        let faults = draft.report.faults(in: step, city: city)
        if request.query("periksa") != nil, !faults.isEmpty { state.problem = .fields(faults) }
        return respond(try await page(step, draft.report, token: token, state: state, context), context)
    }

    /// Takes a step's answers; goes on, back, or shows what has to be put right.
    func takeReportStep(_ request: Request, _ context: VisitorContext) async throws -> Response {
        var (draftToken, step, draft) = try await draft(context)
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor)
        do {
            return try await take(form, step: step, draft: &draft, token: draftToken, context)
        } catch let problem as Problem where problem.keepsForm {
            let state = FormState(problem: problem, typed: form)
            let page = try await page(step, draft.report, token: draftToken, state: state, context)
            return respond(page, context, status: problem.httpStatus)
        }
    }

    private func take(
        _ form: Form,
        step: Report.Step,
        draft: inout Complaints.Draft,
        token: String,
        _ context: VisitorContext
    ) async throws -> Response {
        var problem: Problem?
        do {
            try await read(form, into: &draft, step: step)
        } catch let found as Problem where !found.fields.isEmpty {
            problem = found
        }
        // Kept even where it has mistakes: the address of the draft opens on another phone as it was left.
        try await complaints.save(draft, token: token)
        // Enter in any field presses the form's first button, which is this one: with nothing to search for it goes on.
        if form.has("cari-tempat"), !form["tempat"].isEmpty { return try await findPlace(form, draft: &draft, token: token) }
        if form.has("muat") { return .seeOther(Link("lapor", token, step.rawValue, fragment: "subdistrict")) }
        if form.has("buang-foto") { return .seeOther(Link("lapor", token, step.rawValue, fragment: "photo")) }
        if form.has("simpan") { return .seeOther(Link("lapor", token, "disimpan")) }
        if let problem { throw problem }
        let faults = draft.report.faults(in: step, city: city)
        guard faults.isEmpty else { throw Problem.fields(faults) }
        let steps = Report.Step.allCases
        if step == .review { return try await send(draft, token: token, form: form, context) }
        if let index = steps.firstIndex(of: step), index + 1 < steps.count {
            let needsPlace = city.complaints.category(draft.report.category)?.needsPlace ?? true
            let next = steps[index + 1] == .place && !needsPlace ? steps[index + 2] : steps[index + 1]
            return .seeOther(Link("lapor", token, next.rawValue))
        }
        return .seeOther(Link("lapor"))
    }

    /// Puts what was searched for into the draft, or says that it names no place in the city.
    private func findPlace(_ form: Form, draft: inout Complaints.Draft, token: String) async throws -> Response {
        guard let found = city.findPlace(form["tempat"]) else {
            throw Problem.fields([
                Problem.Field(
                    "tempat",
                    Text(
                        id: "Tidak ada tempat begitu di \(city.name.id). Tulis kelurahan, Plus Code, atau koordinat",
                        en: "No such place in \(city.name.en). Write a subdistrict, a Plus Code or coordinates"
                    )
                )
            ])
        }
        draft.report.district = found.district
        draft.report.subdistrict = found.subdistrict ?? ""
        draft.report.place = found.point
        try await complaints.save(draft, token: token)
        return .seeOther(Link("lapor", token, Report.Step.place.rawValue, fragment: found.subdistrict == nil ? "subdistrict" : "address"))
    }

    private func draft(_ context: VisitorContext) async throws -> (token: String, step: Report.Step, draft: Complaints.Draft) {
        let token = context.parameters.get("draf") ?? ""
        guard let step = context.parameters.get("langkah").flatMap(Report.Step.init), let draft = try await complaints.draft(token) else {
            throw Problem(
                "draft.gone",
                .notFound,
                Text(id: "Draf ini tidak ada lagi", en: "This draft is no longer there"),
                remedy: Text(
                    id: "Draf disimpan 30 hari, dan hilang setelah laporan dikirim. Mulai lagi dari “Lapor”.",
                    en: "Drafts are kept for 30 days, and go once the report is sent. Start again from “Report”."
                )
            )
        }
        return (token, step, draft)
    }

    private func read(_ form: Form, into draft: inout Complaints.Draft, step: Report.Step) async throws {
        switch step {
        case .problem:
            draft.report.story = form["story"]
            draft.report.answer(city.complaints.category(draft.report.category)) { form["answer-\($0)"] }
        case .place:
            draft.report.neighbourhood = form["neighbourhood"]
            draft.report.address = form["address"]
            draft.report.place(at: form, in: city)
        case .contact:
            draft.report.name = form["name"]
            draft.report.isNameHidden = form["show-name"] != "ya"
            draft.report.isConfidential = form["confidential"] == "ya"
            for photo in form.all("buang-foto") { draft.report.photos.removeAll { $0 == photo } }
            for upload in form.files["photo"] ?? [] where draft.report.photos.count < Report.photoLimit {
                draft.report.photos.append(try await complaints.addPhoto(try upload.content(), person: draft.person))
            }
            draft.report.contact = .none
            if !form["contact"].isEmpty {
                draft.report.contact = try complaints.contact(form["contact"])
            }
        case .review: break
        }
    }

    func send(_ draft: Complaints.Draft, token: String, form: Form, _ context: VisitorContext) async throws -> Response {
        // The draft itself is the key: however often its last page is sent, it becomes one case.
        let receipt = try await complaints.file(draft.report, person: draft.person, key: token)
        let target = Link("berkas", receipt.docket, "tanda-terima")
        return Response.seeOther(target).settingCookie(
            "kunci-\(receipt.docket)",
            receipt.key,
            seconds: 400 * 86_400,
            isSecure: isSecure,
            path: "/berkas/\(receipt.docket)"
        )
    }

    // MARK: Pages of the steps

    private func page(
        _ step: Report.Step,
        _ report: Report,
        token: String,
        state: FormState,
        _ context: VisitorContext
    ) async throws -> Page {
        let t = context.words
        guard let category = city.complaints.category(report.category) else { throw Problem.notFound }
        let body: (title: String, html: HTML)
        switch step {
        case .problem: body = (t(category.name), problemStep(report, category, state, t))
        case .place: body = (t("Di mana tempatnya?", "Where is it?"), placeStep(report, state, t))
        case .contact: body = (t("Foto dan kontak", "Photos and contact"), contactStep(report, category, token: token, state, t))
        case .review: body = (t("Periksa, lalu kirim", "Check, then send"), try await reviewStep(report, category, token: token, t))
        }
        let steps = Report.Step.allCases.filter { $0 != .place || category.needsPlace }
        let names: [Report.Step: String] = [
            .problem: t("Masalah", "Problem"), .place: t("Lokasi", "Place"), .contact: t("Foto dan kontak", "Photos, contact"),
            .review: t("Periksa", "Check"),
        ]
        let index = steps.firstIndex(of: step) ?? 0
        let trail = HTML(
            steps.enumerated().map { position, item in
                position < index
                    ? "<li class=\"done\"><a href=\"\(Link("lapor", token, item.rawValue))\">\(names[item] ?? "")</a><span class=\"sr\"> (\(t("selesai", "done")))</span></li>"
                    : "<li\(.value("aria-current", position == index ? "step" : nil))>\(names[item] ?? "")</li>"
            }
        )
        let main: HTML = """
            <p class="notice pause offline" role="status" hidden>\(Icon.offline.html)<span><b>\(t("Anda sedang luring.", "You are offline."))</b> \(t("Isian tersimpan di ponsel ini dan terkirim begitu sinyal kembali.", "What you typed is kept on this phone and sent once the signal is back."))</span></p>
            \(state.summary(t))
            <h1>\(body.title)</h1>
            <ol class="steps" aria-label="\(t("Langkah \(index + 1) dari \(steps.count)", "Step \(index + 1) of \(steps.count)"))">\(trail)</ol>
            <form method="post" action="\(Link("lapor", token, step.rawValue))" enctype="multipart/form-data" novalidate data-draft="\(token)-\(step.rawValue)">
            \(hidden(context))
            \(body.html)
            <p class="row"><button class="button">\(step == .review ? t("Kirim laporan", "Send report") : t("Lanjut", "Continue")) \(Icon.arrow.html)</button><button class="button secondary" name="simpan" value="1">\(t("Simpan dulu", "Save for later"))</button></p>
            </form>
            <p class="help">\(t("Draf disimpan 30 hari. Lebih mudah lewat telepon?", "Drafts are kept for 30 days. Easier by telephone?")) <b>\(city.contact.telephone)</b></p>
            """
        let scripts = step == .place ? ["queue.js", "app.js", "leaflet.min.js", "map.js"] : ["queue.js", "app.js"]
        return Page(
            title: "\(t("Lapor", "Report")): \(body.title)",
            section: .report,
            hasErrors: state.problem != nil,
            isNarrow: true,
            scripts: scripts,
            main: main
        )
    }

    /// One of a kind's own questions.
    func question(
        _ question: ComplaintRules.Question,
        _ old: String,
        prefix: String = "answer",
        _ state: FormState,
        _ t: Words
    ) -> HTML {
        let field = Field(name: "\(prefix)-\(question.name)", label: t(question.label), isOptional: !question.isRequired)
        let html =
            switch question.kind {
            case .choice: field.radios(state, t, value: old, options: question.options.map { ($0.code, t($0.label), "") })
            case .number: field.input(state, t, value: old, inputMode: "numeric", isShort: true)
            case .text: field.input(state, t, value: old)
            }
        guard let condition = question.condition else { return html }
        // Without a script it stands there for everybody, and counts only for those whom it is meant for.
        return "<div data-when=\"\(prefix)-\(condition.question)\" data-is=\"\(condition.answer)\">\(html)</div>"
    }

    private func problemStep(_ report: Report, _ category: ComplaintRules.Category, _ state: FormState, _ t: Words) -> HTML {
        let questions = HTML(category.questions.map { question($0, report.answers[$0.name] ?? "", state, t) })
        return """
            <p>\(t(category.description)). <a href="\(Link("lapor"))">\(t("Bukan ini? Pilih jenis lain", "Not this? Choose another kind"))</a></p>
            \(category.elsewhere.map { "<p class=\"notice warn\">\(Icon.warning.html)<span>\(t($0))</span></p>" as HTML })
            \(questions)
            \(Field(name: "story", label: t("Ceritakan apa yang terjadi", "Tell what happened"), help: t("Apa, sejak kapan, siapa yang terganggu. Jangan tulis nama atau nomor orang: cerita ini tampil untuk umum.", "What, since when, who is affected. Leave out people’s names and numbers: this text is public.")).area(state, t, value: report.story, rows: 6))
            """
    }

    private func placeStep(_ report: Report, _ state: FormState, _ t: Words) -> HTML {
        let district = state.value("district", or: report.district)
        let districts = [("", t("Pilih satu", "Choose one"))] + city.regions.districts.map { ($0.code, $0.name) }
        let subdistricts = [("", t("Pilih satu", "Choose one"))] + city.regions.subdistricts(of: district).map { ($0.code, $0.name) }
        let latitude = state.value("latitude", or: report.place.map { "\($0.latitude)" } ?? "")
        let longitude = state.value("longitude", or: report.place.map { "\($0.longitude)" } ?? "")
        return """
            \(Field(name: "tempat", label: t("Cari tempat", "Find the place"), help: t("Kelurahan, Plus Code seperti 7PWC+V5, atau koordinat", "A subdistrict, a Plus Code such as 7PWC+V5, or coordinates"), isOptional: true).html(state, t) { described, isInvalid in
                "<p class=\"search\"><input id=\"tempat\" name=\"tempat\" type=\"search\" value=\"\(state.value("tempat"))\" autocomplete=\"off\" enterkeyhint=\"search\"\(.value("aria-describedby", described))\(.value("aria-invalid", isInvalid ? "true" : nil))><button class=\"button secondary\" name=\"cari-tempat\" value=\"1\">\(Icon.search.html)\(t("Cari", "Search"))</button></p>"
            })
            <fieldset class="field" data-map hidden id="place"><legend>\(t("Tandai di peta", "Mark it on the map")) <span class="muted">\(t("(boleh dilewati)", "(may be skipped)"))</span></legend>
            <p class="help">\(t("Ketuk peta untuk memindahkan tanda, atau isi di bawah.", "Tap the map to move the pin, or fill in below."))</p>
            \(state.fault("place", t).map { "<p class=\"error-text\">\(Icon.warning.html) \($0)</p>" as HTML })
            \(map(t("Peta \(city.name.id)", "Map of \(city.name.en)")))
            <p class="row"><button class="button secondary" type="button" id="locate">\(Icon.pin.html)\(t("Pakai lokasi saya", "Use my location"))</button><button class="text-button" type="button" id="unpin">\(t("Hapus tanda", "Remove the pin"))</button></p>
            <p class="help" id="map-status" role="status"></p></fieldset>
            <input type="hidden" id="latitude" name="latitude" value="\(latitude)"><input type="hidden" id="longitude" name="longitude" value="\(longitude)">
            \(Field(name: "district", label: t("Kecamatan", "District (kecamatan)")).select(state, t, value: report.district, options: districts))
            \(Field(name: "subdistrict", label: t("Kelurahan", "Subdistrict (kelurahan)")).select(state, t, value: report.subdistrict, options: subdistricts))
            <p><button class="text-button" name="muat" value="kelurahan">\(t("Kecamatan diganti? Muat ulang daftar kelurahan", "Changed the district? Reload the list of subdistricts"))</button></p>
            \(Field(name: "neighbourhood", label: t("Lingkungan", "Neighbourhood (lingkungan)"), help: t("Kalau tahu, misalnya IV", "If you know it, such as IV"), isOptional: true).input(state, t, value: report.neighbourhood, isShort: true))
            \(Field(name: "address", label: t("Nama jalan dan patokan", "Street and landmark"), help: t("Bangunan atau tempat yang mudah dilihat. Jangan tulis nama orang.", "A building or spot that is easy to see. Leave out people’s names.")).area(state, t, value: report.address, rows: 3))
            """
    }

    private func contactStep(_ report: Report, _ category: ComplaintRules.Category, token: String, _ state: FormState, _ t: Words) -> HTML {
        let photos =
            report.photos.isEmpty
            ? HTML()
            : "<ul class=\"photos\">\(HTML(report.photos.enumerated().map { index, name in "<li><img src=\"\(Link("lapor", token, "foto", name))\" alt=\"\(t("Foto \(index + 1)", "Photo \(index + 1)"))\" width=\"144\" height=\"112\"><button class=\"text-button\" name=\"buang-foto\" value=\"\(name)\">\(t("Buang foto \(index + 1)", "Remove photo \(index + 1)"))</button></li>" }))</ul>"
                as HTML
        let contact = report.contact.address ?? ""
        return """
            \(photos)
            \(Field(name: "photo", label: t("Tambah foto", "Add photos"), help: t("Paling banyak 5, masing-masing 12 MB. Data lokasi di dalam foto kami hapus. Jangan memotret wajah atau pelat nomor.", "At most 5, 12 MB each. We remove location data from photos. Avoid faces and number plates."), isOptional: true).photos(state, t))
            \(Field(name: "contact", label: t("Nomor HP atau email", "Mobile number or e-mail"), help: category.allowsAnonymous ? t("Untuk kabar dan jawaban. Kosongkan kalau tidak ingin dikenal sama sekali; simpan nomor berkas baik-baik.", "For news and answers. Leave it empty to stay unknown; keep the case number safe.") : t("Untuk kabar dan jawaban. Hanya petugas yang menangani yang bisa membukanya, dan Anda melihat siapa.", "For news and answers. Only officers on the case can open it, and you see who did."), isOptional: category.allowsAnonymous).input(state, t, value: contact, autocomplete: "email"))
            \(Field(name: "name", label: t("Nama", "Name"), isOptional: true).input(state, t, value: report.name, autocomplete: "name"))
            \(Field(name: "show-name", label: t("Siapa yang boleh melihat nama Anda?", "Who may see your name?")).radios(state, t, value: report.isNameHidden ? "tidak" : "ya", options: [
                ("tidak", t("Hanya petugas.", "Officers only."), t("Warga lain melihat isi laporan tanpa nama.", "Others see the report without a name.")),
                ("ya", t("Semua orang.", "Everybody."), t("Nama tampil di halaman berkas.", "The name shows on the case page.")),
            ]))
            \(category.isConfidential
                ? "<p class=\"notice pause\">\(Icon.lock.html)<span>\(t("Laporan jenis ini selalu rahasia: isinya tidak tampil untuk umum.", "Reports of this kind are always confidential: their text is never public."))</span></p>"
                : Field(name: "confidential", label: t("Siapa yang boleh membaca laporan ini?", "Who may read this report?")).radios(state, t, value: report.isConfidential ? "ya" : "tidak", options: [
                    ("tidak", t("Semua orang.", "Everybody."), t("Warga lain bisa mendukung dan mengikuti.", "Others can support and follow it.")),
                    ("ya", t("Rahasia.", "Confidential."), t("Hanya Anda dan petugas yang menangani.", "Only you and the officers on the case.")),
                ]))
            """
    }

    private func reviewStep(_ report: Report, _ category: ComplaintRules.Category, token: String, _ t: Words) async throws -> HTML {
        func row(_ label: String, _ value: String, _ step: Report.Step) -> HTML {
            """
            <div><dt>\(label)</dt><dd>\(HTML(paragraphs: value))</dd><dd><a href="\(Link("lapor", token, step.rawValue))">\(t("Ubah", "Change"))<span class="sr"> \(label.lowercased())</span></a></dd></div>
            """
        }
        let answers = HTML(
            category.asked(report.answers).compactMap { question in
                guard let answer = report.answers[question.name], !answer.isEmpty else { return nil }
                return row(t(question.label), question.options.first { $0.code == answer }.map { t($0.label) } ?? answer, .problem)
            }
        )
        let place: HTML =
            category.needsPlace
            ? """
            <section aria-labelledby="p2"><h2 id="p2">\(t("Lokasi", "Place"))</h2><dl class="details">
            \(row(t("Tempat", "Spot"), report.address, .place))
            \(row(t("Wilayah", "Area"), (report.neighbourhood.isEmpty ? "" : "\(t("Lingkungan", "Neighbourhood")) \(report.neighbourhood), ") + city.regions.fullName(report.subdistrict), .place))
            </dl></section>
            """
            : HTML()
        let near =
            if let place = report.place, !report.isConfidential { try await complaints.near(place, category: category.code) } else {
                [(complaint: Complaint, metres: Int)]()
            }
        let duplicates: HTML =
            near.isEmpty
            ? HTML()
            : """
            <section class="notice warn" aria-labelledby="h-serupa">\(Icon.warning.html)<div><h2 id="h-serupa">\(t("\(near.count) laporan serupa di dekat situ", "\(near.count) similar reports nearby"))</h2>
            <p>\(t("Ikuti salah satunya supaya tidak berulang. Laporan Anda tetap boleh dikirim.", "Follow one instead of filing it again. You may still send yours."))</p>
            <ul>\(HTML(near.prefix(3).map { "<li><a href=\"\(Link("berkas", $0.complaint.docket, fragment: "ikuti"))\">\($0.complaint.title)</a>, \($0.metres) m, \(t($0.complaint.stage.name).lowercased())</li>" }))</ul></div></section>
            """
        return """
            <section aria-labelledby="p1"><h2 id="p1">\(t("Masalah", "Problem"))</h2><dl class="details">
            <div><dt>\(t("Jenis", "Kind"))</dt><dd>\(t(category.name))</dd><dd><a href="\(Link("lapor"))">\(t("Ubah", "Change"))<span class="sr"> \(t("jenis", "kind"))</span></a></dd></div>
            \(answers)\(row(t("Cerita Anda", "Your story"), report.story, .problem))
            </dl></section>
            \(place)
            <section aria-labelledby="p3"><h2 id="p3">\(t("Foto dan kontak", "Photos and contact"))</h2><dl class="details">
            \(row(t("Foto", "Photos"), report.photos.isEmpty ? t("Tidak ada", "None") : t("\(report.photos.count) foto", "\(report.photos.count) photos"), .contact))
            \(row(t("Kabari lewat", "Tell me by"), report.contact == .none ? t("Tidak usah; saya simpan nomor berkas", "No need; I keep the case number") : report.contact.masked, .contact))
            \(row(t("Nama", "Name"), report.name.isEmpty ? t("Tidak ditulis", "Not given") : report.name + (report.isNameHidden ? t(" (hanya petugas)", " (officers only)") : ""), .contact))
            \(row(t("Isi laporan", "Text"), report.isConfidential || category.isConfidential ? t("Rahasia", "Confidential") : t("Terbuka untuk umum", "Public"), .contact))
            </dl></section>
            \(duplicates)
            \(whatNext(category, district: city.regions[report.subdistrict]?.parent, t))
            """
    }

    /// What the city promises from today: who answers, and by which dates.
    private func whatNext(_ category: ComplaintRules.Category, district: String?, _ t: Words) -> HTML {
        func due(_ name: String) -> CivilDate {
            Deadline(
                start: now,
                limit: city.complaints.promise(name, for: category.classification).limit,
                calendar: city.calendar,
                now: now
            ).due
        }
        let resolution = city.complaints.promise("resolution", for: category.classification)
        let agency = city.complaints.route(category, district: district, city: city.agencies).map { city.agency($0.agency).name } ?? ""
        return """
            <section class="box" aria-labelledby="p4"><h2 id="p4">\(t("Setelah Anda kirim", "After you send it"))</h2>
            <ol class="thread">
            <li class="now"><h3>\(t("Hari ini", "Today"))</h3><p>\(t("Anda mendapat nomor berkas dan tanda terima.", "You get a case number and a receipt."))</p></li>
            <li class="later"><h3>\(t("Paling lambat", "By")) \(due("verification").full(t.language))</h3><p>\(t("Diperiksa dan diteruskan ke \(agency).", "Checked and passed to \(agency)."))</p></li>
            <li class="later"><h3>\(t("Paling lambat", "By")) \(due("resolution").full(t.language))</h3><p>\(t("Selesai, atau penjelasan tertulis mengapa belum", "Done, or a written explanation why not")) (\(t(resolution.limit.text))). <span class="small">\(t(resolution.basis))</span></p></li>
            </ol></section>
            """
    }

    /// The page after “save for later”: the address is the draft.
    func reportSaved(_ context: VisitorContext) async throws -> Response {
        let t = context.words
        let token = context.parameters.get("draf") ?? ""
        guard try await complaints.draft(token) != nil else { throw Problem.notFound }
        let address = "\(origin)/lapor/\(token)/\(Report.Step.problem.rawValue)"
        let main: HTML = """
            <h1>\(t("Draf tersimpan", "Draft saved"))</h1>
            <p>\(t("Buka alamat ini di ponsel mana pun dalam 30 hari untuk melanjutkan. Siapa pun yang memegang alamat ini bisa membacanya.", "Open this address on any phone within 30 days to go on. Whoever holds it can read the draft."))</p>
            <p class="box code">\(address)</p>
            <p><a class="button" href="\(Link("lapor", token, Report.Step.problem.rawValue))">\(t("Lanjutkan sekarang", "Go on now"))</a></p>
            """
        return respond(Page(title: t("Draf tersimpan", "Draft saved"), section: .report, isNarrow: true, main: main), context)
    }

    /// A photo of a draft, for whoever holds the draft.
    func draftPhoto(_ context: VisitorContext) async throws -> Response {
        guard let draft = try await complaints.draft(context.parameters.get("draf") ?? ""), let name = context.parameters.get("foto"),
            draft.report.photos.contains(name),
            let bytes = try await complaints.draftPhoto(name, person: draft.person)
        else { throw Problem.notFound }
        return .bytes(bytes, type: "image/jpeg")
    }
}
