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
            var report = Report()
            report.category = code
            // No draft yet: a page that is only looked at writes nothing.
            return respond(try await stepPage(.problem, report, token: "", state: .empty, context), context)
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

    /// Takes the first step, which makes the draft, and goes on, or back to what has to be put right.
    func startReport(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor)
        guard let code = request.query("jenis"), city.complaints.category(code) != nil else { return .seeOther(Link("lapor")) }
        let draftToken = try await complaints.newDraft(language: context.language)
        guard var draft = try await complaints.draft(draftToken) else { throw Problem.notFound }
        draft.report.category = code
        do {
            return try await take(form, step: .problem, draft: &draft, token: draftToken, context)
        } catch let problem as Problem where !problem.fields.isEmpty {
            return .seeOther(Link("lapor", draftToken, Report.Step.problem.rawValue, query: [("periksa", "1")]))
        }
    }

    // MARK: Steps

    /// Shows a step; with `periksa`, what is still missing in it too.
    func reportStep(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let (token, step, draft) = try await draft(context)
        if let docket = draft.sent { return .seeOther(Link("berkas", docket, "tanda-terima")) }
        var state = FormState.empty
        let faults = draft.report.faults(in: step, city: city)
        if request.query("periksa") != nil, !faults.isEmpty { state.problem = .fields(faults) }
        return respond(try await stepPage(step, draft.report, token: token, state: state, context), context)
    }

    /// Takes a step's answers; goes on, back, or shows what has to be put right.
    func takeReportStep(_ request: Request, _ context: VisitorContext) async throws -> Response {
        var (draftToken, step, draft) = try await draft(context)
        let form = try await formWithFiles(request, context)
        try token.check(form["token"], request, visitor: context.visitor)
        // Back after sending: what is written then is another report. The last page says nothing new.
        if draft.sent != nil, step != .review { draft = complaints.begunAnew(draft) }
        do {
            return try await take(form, step: step, draft: &draft, token: draftToken, context)
        } catch let problem as Problem where problem.keepsForm {
            let state = FormState(problem: problem, typed: form)
            let page = try await stepPage(step, draft.report, token: draftToken, state: state, context)
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
        if draft.sent != nil { return try await send(draft, token: token, context) }
        var problem: Problem?
        var photos = ChosenFiles(kept: draft.report.photos)
        do {
            try await read(form, into: &draft, &photos, step: step)
        } catch let found as Problem where !found.fields.isEmpty {
            problem = found
        }
        // Kept even where it has mistakes: the address of the draft opens on another phone as it was left.
        draft.report.photos = photos.names
        try await complaints.save(draft, token: token)
        if let lost = photos.problem { throw lost.adding(problem) }
        // Enter in any field presses the form's first button, which is this one: with nothing to search for it goes on.
        if form.has("cari-tempat"), !form["tempat"].isEmpty { return try await findPlace(form, draft: &draft, token: token) }
        if form.has("muat") { return .seeOther(Link("lapor", token, step.rawValue, fragment: "subdistrict")) }
        if form.has("buang-foto") { return .seeOther(Link("lapor", token, step.rawValue, fragment: "photo")) }
        if form.has("simpan") { return .seeOther(Link("lapor", token, "disimpan")) }
        if let problem { throw problem }
        let faults = draft.report.faults(in: step, city: city)
        guard faults.isEmpty else { throw Problem.fields(faults) }
        let steps = Report.Step.allCases
        if step == .review { return try await send(draft, token: token, context) }
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

    private func read(_ form: Form, into draft: inout Complaints.Draft, _ photos: inout ChosenFiles, step: Report.Step) async throws {
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
            let person = draft.person
            for photo in form.all("buang-foto") where draft.report.photos.contains(photo) {
                try await complaints.discardPhoto(photo, person: person)
                draft.report.photos.removeAll { $0 == photo }
            }
            photos = ChosenFiles(kept: draft.report.photos)
            try await photos.add(form.files["photo"] ?? [], in: "photo", most: Report.photoLimit) {
                try await complaints.addPhoto($0, person: person)
            }
            draft.report.contact = .none
            if !form["contact"].isEmpty {
                draft.report.contact = try Contact(required: form["contact"])
            }
        case .review: break
        }
    }

    func send(_ draft: Complaints.Draft, token: String, _ context: VisitorContext) async throws -> Response {
        let receipt = try await complaints.file(draft, token: token, network: context.peer)
        let target = Link("berkas", receipt.docket, "tanda-terima")
        return Response.seeOther(target).settingCookie(
            "kunci-\(receipt.docket)",
            receipt.key,
            seconds: 400 * 86_400,
            path: "/berkas/\(receipt.docket)"
        )
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
