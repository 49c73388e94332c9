// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Essentials
import Fees
import Forms
import HTTPTypes
import Hummingbird
import Identity
import Markup
import Residents
import Services
import Web

/// An application page by page. Each page works without a script; the answers are kept on the server, and the address opens them
/// on another device. A clerk fills in the same pages for somebody at the counter.
extension Portal {
    /// Starts an application.
    func startApplication(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let service = try requireService(context)
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor)
        let draft = try await services.newDraft(service, language: context.language)
        return .seeOther(Link("permohonan", draft, service.questionnaire.pages[0].code))
    }

    /// Starts an application for somebody at the counter.
    func startAtCounter(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        guard !context.officer.roles.isDisjoint(with: [.clerk, .officer, .head]), let service = city.services[form["layanan"]] else {
            throw Problem(
                "counter.not-allowed",
                .forbidden,
                Text(id: "Pilih layanan; hanya petugas yang bisa mengisikan", en: "Choose a service; only staff can fill it in")
            )
        }
        let draft = try await services.newDraft(service, language: .indonesian, clerk: context.officer)
        return .seeOther(Link("permohonan", draft, service.questionnaire.pages[0].code))
    }

    private struct Writing {
        let token: String
        var draft: Services.Draft
        let service: Service
    }

    private func writing(_ context: VisitorContext) async throws -> Writing {
        let token = context.parameters.get("draf") ?? ""
        guard let (draft, service) = try await services.draft(token) else {
            throw Problem(
                "draft.gone",
                .notFound,
                Text(id: "Draf ini tidak ada lagi", en: "This draft is no longer there"),
                remedy: Text(
                    id: "Draf disimpan 30 hari, dan hilang setelah dikirim. Mulai lagi dari “Layanan”.",
                    en: "Drafts are kept for 30 days, and go once they are sent. Start again from “Services”."
                )
            )
        }
        return Writing(token: token, draft: draft, service: service)
    }

    /// Shows a page of questions, or the review.
    func applicationPage(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let writing = try await writing(context)
        if let docket = writing.draft.sent { return .seeOther(Link("berkas", docket)) }
        let code = context.parameters.get("halaman") ?? ""
        if code == "review" { return try await reviewPage(request, writing, .empty, context) }
        if code == "saved" { return savedPage(writing, context) }
        var state = FormState.empty
        if request.query("periksa") != nil, let page = writing.service.questionnaire.pages.first(where: { $0.code == code }) {
            let faults = services.rules(writing.service).faults(page.questions, writing.draft.answers)
            if !faults.isEmpty { state.problem = .fields(faults) }
        }
        return respond(try await questionPage(code, writing, state, request, context), context)
    }

    /// Takes the answers of a page; goes on, back, or shows what has to be put right.
    func takeApplicationPage(_ request: Request, _ context: VisitorContext) async throws -> Response {
        var writing = try await writing(context)
        let code = context.parameters.get("halaman") ?? ""
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor)
        if code == "review" { return try await send(writing, form, request, context) }
        if let docket = writing.draft.sent { return .seeOther(Link("berkas", docket)) }
        guard let page = writing.service.questionnaire.pages.first(where: { $0.code == code }) else { throw Problem.notFound }
        let rules = services.rules(writing.service)
        let shown = Set(form["ditanya"].split(separator: ",").map(String.init))
        let asked = page.questions.filter { shown.contains($0.code) }
        var problem: Problem?
        do {
            writing.draft.answers = try await read(
                asked,
                form,
                over: writing.draft.answers,
                language: context.language,
                person: writing.draft.person
            )
        } catch let unread as Unread {
            writing.draft.answers = unread.answers
            problem = unread.problem
        }
        // Kept even where it has mistakes: the address of the draft opens on another phone as it was left.
        try await services.save(writing.draft, token: writing.token)
        let here = Link("permohonan", writing.token, code)
        if form.has("isikan") {
            if let resident = try await resident(request) {
                try await services.prefill(&writing.draft, writing.service, with: resident)
            } else {
                let source = try await prefillSource(request, writing, form["isikan"])
                try await services.prefill(&writing.draft, writing.service, from: source)
            }
            try await services.save(writing.draft, token: writing.token)
            return .seeOther(here)
        }
        if form.has("simpan") { return .seeOther(Link("permohonan", writing.token, "saved")) }
        if form.has("tambah") { return .seeOther(Link("permohonan", writing.token, code, fragment: form["tambah"])) }
        if form.has("buang-berkas") || page.questions.contains(where: { form.has("buang-\($0.code)") }) { return .seeOther(here) }
        if let code = isLooking(asked, form) { return .seeOther(Link("permohonan", writing.token, page.code, fragment: code)) }
        let now = rules.asked(page.questions, writing.draft.answers)
        // An answer led to more questions: they are shown before anybody is told that they are not answered.
        if problem == nil, let new = now.first(where: { !shown.contains($0.code) }) {
            return .seeOther(Link("permohonan", writing.token, code, query: [("tambahan", "1")], fragment: new.code))
        }
        let faults = rules.faults(page.questions, writing.draft.answers)
        if problem == nil, !faults.isEmpty { problem = .fields(faults) }
        if let problem {
            let state = FormState(problem: problem, typed: form)
            return respond(try await questionPage(code, writing, state, request, context), context, status: problem.httpStatus)
        }
        let pages = rules.pages(writing.service.questionnaire, writing.draft.answers)
        let index = pages.firstIndex { $0.code == code } ?? 0
        let next = index + 1 < pages.count ? pages[index + 1].code : "review"
        return .seeOther(Link("permohonan", writing.token, next))
    }

    private func questionPage(
        _ code: String,
        _ writing: Writing,
        _ state: FormState,
        _ request: Request,
        _ context: VisitorContext
    ) async throws -> Page {
        let t = context.words
        let rules = services.rules(writing.service)
        let pages = rules.pages(writing.service.questionnaire, writing.draft.answers)
        guard let index = pages.firstIndex(where: { $0.code == code }) else { throw Problem.notFound }
        let page = pages[index]
        let asked = rules.asked(page.questions, writing.draft.answers)
        let offers = try await slotOffers(asked, writing.draft.answers, state)
        let fields = HTML(asked.map { field($0, writing.draft.answers, offers: offers, state, t) })
        let more: HTML =
            request.query("tambahan") == nil || state.problem != nil
            ? HTML()
            : "<p class=\"notice\" role=\"status\">\(t("Jawaban Anda membuka pertanyaan tambahan di bawah.", "Your answer opened more questions below."))</p>"
        let back: HTML =
            index > 0
            ? "<p><a href=\"\(Link("permohonan", writing.token, pages[index - 1].code))\">\(t("Kembali", "Back"))</a></p>" : HTML()
        let main: HTML = """
            \(state.summary(t))\(counterNotice(writing, t))
            <p class="muted">\(t(writing.service.name)) · \(t("Langkah \(index + 1) dari \(pages.count + 1)", "Step \(index + 1) of \(pages.count + 1)"))</p>
            <h1>\(t(page.title))</h1>\(page.help.map { "<p class=\"large\">\(t($0))</p>" as HTML })\(more)
            <form method="post" action="\(Link("permohonan", writing.token, page.code))" enctype="multipart/form-data" novalidate>\(hidden(context))<input type="hidden" name="ditanya" value="\(asked.map(\.code).joined(separator: ","))">
            <button class="sr" tabindex="-1" aria-hidden="true">\(t("Lanjut", "Continue"))</button>
            \(prefillOffer(request, writing, asked, try await resident(request), t))\(fields)
            <p class="row"><button class="button">\(t("Lanjut", "Continue"))\(Icon.arrow.html)</button><button class="button secondary" name="simpan" value="1">\(t("Simpan, lanjut nanti", "Save for later"))</button></p></form>\(back)
            """
        return Page(
            title: "\(t(page.title)) – \(t(writing.service.name))",
            section: .services,
            crumbs: [(t("Layanan", "Services"), Link("layanan")), (t(writing.service.name), Link("layanan", writing.service.code))],
            hasErrors: state.problem != nil,
            isNarrow: true,
            main: main
        )
    }

    private func counterNotice(_ writing: Writing, _ t: Words) -> HTML {
        guard writing.draft.clerk != nil else { return HTML() }
        return
            "<p class=\"notice\">\(Icon.counter.html)<span>\(t("Diisikan di loket atas nama warga. Bacakan kembali sebelum dikirim.", "Filled in at the counter on behalf of a resident. Read it back before it is sent."))</span></p>"
    }

    // MARK: Asked once

    /// The cases of this browser from which answers can be taken over.
    private func earlier(_ request: Request) -> [String] {
        request.headers[values: .cookie].flatMap { $0.split(separator: ";") }.compactMap { pair in
            let name = pair.split(separator: "=")[0].drop { $0 == " " }
            guard name.hasPrefix("pakai-") else { return nil }
            return Docket(String(name.dropFirst("pakai-".count)))?.description
        }
    }

    private func prefillSource(_ request: Request, _ writing: Writing, _ docket: String) async throws -> String {
        guard earlier(request).contains(docket), let found = try await services.find(docket),
            services.holds(request.cookie("pakai-\(docket)"), of: found.serviceCase)
        else { throw Problem.notFound }
        return docket
    }

    /// Within the page's own form, so that what was typed already is sent along and kept.
    private func prefillOffer(
        _ request: Request,
        _ writing: Writing,
        _ asked: [Questionnaire.Question],
        _ resident: Resident?,
        _ t: Words
    ) -> HTML {
        let isOpen = asked.contains { $0.known != nil && writing.draft.answers[$0.code].isEmpty }
        guard writing.draft.clerk == nil, ["", Questionnaire.forOneself].contains(writing.draft.answers[Questionnaire.forWhom]), isOpen
        else {
            return HTML()
        }
        let source: (name: String, value: String)
        if let resident {
            let known = Set(resident.details.keys).union([.contact])
            guard asked.contains(where: { $0.known.map(known.contains) ?? false && writing.draft.answers[$0.code].isEmpty }) else {
                return HTML()
            }
            source = (t("di halaman Anda", "on your page"), "akun")
        } else if let docket = earlier(request).last {
            source = (t("di berkas \(docket)", "in case \(docket)"), docket)
        } else {
            return HTML()
        }
        return """
            <div class="box"><p>\(t("Data diri Anda sudah ada \(source.name).", "Your details are \(source.name) already.")) \(t("Dengan menekan tombol ini Anda setuju kami memakainya di sini.", "By pressing this button you agree that we use them here."))</p><p><button class="button secondary" name="isikan" value="\(source.value)">\(t("Pakai data itu, saya tidak mengetik lagi", "Use them; I need not type again"))</button></p></div>
            """
    }

    // MARK: Review

    private func reviewPage(
        _ request: Request,
        _ writing: Writing,
        _ state: FormState,
        _ context: VisitorContext,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let t = context.words
        let rules = services.rules(writing.service)
        let answers = writing.draft.answers
        let missing = rules.faults(writing.service.questionnaire, answers)
        let sections = HTML(
            rules.pages(writing.service.questionnaire, answers).map { page in
                let list = answerList(
                    rules.asked(page.questions, answers),
                    answers,
                    files: { name, index in
                        "<a href=\"\(Link("permohonan", writing.token, "berkas", name))\">\(t("Berkas \(index)", "File \(index)"))</a>"
                    },
                    t
                )
                let faults = missing.first { $0.page.code == page.code }
                return """
                    <section aria-labelledby="r-\(page.code)"><h2 id="r-\(page.code)">\(t(page.title))</h2>\(faults.map { "<p class=\"notice bad\">\(Icon.warning.html)<span>\($0.fields.map { t($0.message) }.joined(separator: "; "))</span></p>" as HTML })\(list)<p><a href="\(Link("permohonan", writing.token, page.code, query: faults == nil ? [] : [("periksa", "1")]))">\(t("Ubah", "Change"))<span class="sr"> \(t(page.title))</span></a></p></section>
                    """
            }
        )
        let lines = (try? services.assess(writing.service, answers, today: now.date(in: city.zone))) ?? []
        let isBilledAtOnce = writing.service.firstAction?.bills == true
        let fee: HTML =
            writing.service.fee.isDue && missing.isEmpty && !lines.isEmpty
            ? "<section class=\"box\" aria-labelledby=\"h-biaya\"><h2 id=\"h-biaya\">\(t("Perkiraan biaya", "Expected fee"))</h2><p class=\"figure\">Rp\(t.number(lines.compactMap(\.amount).reduce(0, +)))</p><p class=\"small\">\(isBilledAtOnce ? t("Dihitung dari isian Anda; ditagih begitu dikirim, dengan rinciannya.", "Worked out from your answers; billed as soon as it is sent, with every step.") : t("Dihitung dari isian Anda; ditagih setelah diperiksa, dengan rinciannya.", "Worked out from your answers; billed after the examination, with every step."))</p></section>"
            : HTML()
        let door: HTML =
            state.problem?.code.hasPrefix("service.needs-") == true
            ? "<p><a class=\"button\" href=\"\(Link("saya", query: [("ke", "/permohonan/\(writing.token)/review")]))\">\(t("Masuk dengan kode", "Sign in with a code"))</a></p>"
            : HTML()
        let title =
            writing.draft.revises == nil
            ? t("Periksa, lalu kirim", "Check, then send") : t("Periksa, lalu kirim perbaikan", "Check, then send the corrections")
        let main: HTML = """
            \(state.summary(t))\(door)\(counterNotice(writing, t))<p class="muted">\(t(writing.service.name))</p><h1>\(title)</h1>
            \(sections)\(fee)
            <form method="post" action="\(Link("permohonan", writing.token, "review"))">\(hidden(context))<p><button class="button">\(t("Kirim permohonan", "Send the application"))</button></p></form>
            <p class="small">\(t("Data Anda dikunci untuk Anda sendiri; siapa yang membukanya tercatat dan terlihat oleh Anda.", "Your data is sealed for you alone; who opens it is recorded, and you see it."))</p>
            """
        let page = Page(title: title, section: .services, hasErrors: state.problem != nil, isNarrow: true, main: main)
        return respond(page, context, status: status)
    }

    private func send(_ writing: Writing, _ form: Form, _ request: Request, _ context: VisitorContext) async throws -> Response {
        let clerk = writing.draft.clerk == nil ? nil : try await officer(request)
        do {
            let resident = clerk == nil ? try await resident(request) : nil
            let receipt = try await services.file(
                writing.draft,
                writing.service,
                token: writing.token,
                clerk: clerk,
                applicant: resident.map { Applicant($0) } ?? .unknown
            )
            if let clerk { return try await counterReceipt(receipt, writing.service, clerk, context) }
            if writing.draft.revises != nil { return .seeOther(Link("berkas", receipt.docket)) }
            let path = "/berkas/\(receipt.docket)"
            return Response.seeOther(Link("berkas", receipt.docket, "tanda-terima"))
                .settingCookie("kunci-\(receipt.docket)", receipt.key, seconds: 400 * 86_400, isSecure: isSecure, path: path)
                .settingCookie("pakai-\(receipt.docket)", receipt.key, seconds: 90 * 86_400, isSecure: isSecure, path: "/permohonan")
        } catch let problem as Problem where problem.keepsForm {
            let state = FormState(problem: problem, typed: nil)
            // A time that somebody else took meanwhile: where another can be chosen.
            let pages = writing.service.questionnaire.pages
            if let page = pages.first(where: { page in page.questions.contains { $0.isSlot && state.fault($0.code, context.words) != nil } }
            ) {
                return respond(try await questionPage(page.code, writing, state, request, context), context, status: problem.httpStatus)
            }
            return try await reviewPage(request, writing, state, context, status: problem.httpStatus)
        }
    }

    private func savedPage(_ writing: Writing, _ context: VisitorContext) -> Response {
        let t = context.words
        let first = writing.service.questionnaire.pages[0].code
        let main: HTML = """
            <h1>\(t("Draf tersimpan", "Draft saved"))</h1>
            <p>\(t("Buka alamat ini di ponsel mana pun dalam 30 hari untuk melanjutkan. Siapa pun yang memegang alamat ini bisa membacanya.", "Open this address on any phone within 30 days to go on. Whoever holds it can read the draft."))</p>
            <p class="box code">\("\(origin)/permohonan/\(writing.token)/\(first)")</p>
            <p><a class="button" href="\(Link("permohonan", writing.token, first))">\(t("Lanjutkan sekarang", "Go on now"))</a></p>
            """
        return respond(Page(title: t("Draf tersimpan", "Draft saved"), section: .services, isNarrow: true, main: main), context)
    }

    /// A file of a draft, for whoever holds the draft.
    func draftFile(_ context: VisitorContext) async throws -> Response {
        let writing = try await writing(context)
        let name = context.parameters.get("nama") ?? ""
        guard writing.draft.answers.allFiles.contains(name), let file = try await services.file(name, person: writing.draft.person) else {
            throw Problem.notFound
        }
        return attachment(file.content, type: file.type, name: "berkas")
    }

    /// Something that somebody sent, handed out so that a browser never runs it.
    func attachment(_ bytes: [UInt8], type: String, name: String) -> Response {
        var response = Response.bytes(bytes, type: type)
        response.headers[.contentDisposition] = "attachment; filename=\"\(name).\(type == "application/pdf" ? "pdf" : "jpg")\""
        response.headers[.cacheControl] = "private, no-store"
        return response
    }
}
