// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
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
        guard let service = city.services[form["layanan"]] else { throw Problem.notFound }
        let draft = try await services.newDraft(service, language: .indonesian, clerk: context.officer)
        return .seeOther(Link("permohonan", draft, service.questionnaire.pages[0].code))
    }

    /// An application that is being written.
    struct Writing {
        let token: String
        var draft: Services.Draft
        let service: Service
        /// The case whose answers are gone through again; nil for a new one.
        let revised: Case?
    }

    func writing(_ request: Request, _ context: VisitorContext) async throws -> Writing {
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
        if let account = draft.account, try await resident(request)?.id.description != account {
            throw Problem(
                "draft.of-account",
                .forbidden,
                Text(id: "Masuk dulu ke akun Anda", en: "Sign in to your account first"),
                remedy: Text(id: "Buka “Halaman saya”, lalu berkasnya.", en: "Open “My page”, then the case.")
            )
        }
        var revised: Case?
        if let docket = draft.revises { revised = try await services.find(docket)?.serviceCase }
        return Writing(token: token, draft: draft, service: service, revised: revised)
    }

    /// Shows a page of questions, or the review.
    func applicationPage(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let writing = try await writing(request, context)
        if let docket = writing.draft.sent { return .seeOther(Link("berkas", docket)) }
        let code = context.parameters.get("halaman") ?? ""
        if code == "review" { return try await reviewPage(request, writing, .empty, context) }
        if code == "saved" { return savedPage(writing, context) }
        var state = FormState.empty
        if request.query("periksa") != nil {
            let rules = services.rules(writing.service, of: writing.revised)
            let faults = rules.faults(writing.service.questionnaire, writing.draft.answers).first { $0.page.code == code }
            if let faults { state.problem = .fields(faults.fields) }
        }
        return respond(try await questionPage(code, writing, state, request, context), context)
    }

    /// Takes the answers of a page; goes on, back, or shows what has to be put right.
    func takeApplicationPage(_ request: Request, _ context: VisitorContext) async throws -> Response {
        var writing = try await writing(request, context)
        let code = context.parameters.get("halaman") ?? ""
        let form = try await formWithFiles(request, context)
        try token.check(form["token"], request, visitor: context.visitor)
        if code == "review" { return try await send(writing, form, request, context) }
        // Back after sending: what is written then is another application.
        if writing.draft.sent != nil { writing.draft = try services.begunAnew(writing.draft) }
        guard let page = writing.service.questionnaire.pages.first(where: { $0.code == code }) else { throw Problem.notFound }
        let rules = services.rules(writing.service, of: writing.revised)
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
        if let problem {
            let state = FormState(problem: problem, typed: form)
            return respond(try await questionPage(code, writing, state, request, context), context, status: problem.httpStatus)
        }
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
        let course = rules.course(writing.service.questionnaire, writing.draft.answers)
        let now = course.steps.first { $0.page.code == code }?.questions ?? []
        // An answer led to more questions: they are shown before anybody is told that they are not answered.
        let opened =
            now.first { !shown.contains($0.code) }?.code
            ?? now.lazy.compactMap { newInGroup($0, course.answers, rules, form) }.first
        if let opened {
            return .seeOther(Link("permohonan", writing.token, code, query: [("tambahan", "1")], fragment: opened))
        }
        let faults = rules.faults(writing.service.questionnaire, writing.draft.answers).first { $0.page.code == code }
        if let faults {
            let problem = Problem.fields(faults.fields)
            let state = FormState(problem: problem, typed: form)
            return respond(try await questionPage(code, writing, state, request, context), context, status: problem.httpStatus)
        }
        let index = course.steps.firstIndex { $0.page.code == code } ?? 0
        let next = index + 1 < course.steps.count ? course.steps[index + 1].page.code : "review"
        return .seeOther(Link("permohonan", writing.token, next))
    }

    func questionPage(
        _ code: String,
        _ writing: Writing,
        _ state: FormState,
        _ request: Request,
        _ context: VisitorContext
    ) async throws -> Page {
        let t = context.words
        let rules = services.rules(writing.service, of: writing.revised)
        let course = rules.course(writing.service.questionnaire, writing.draft.answers)
        let pages = course.steps.map(\.page)
        guard let index = pages.firstIndex(where: { $0.code == code }) else { throw Problem.notFound }
        let page = pages[index]
        let asked = course.steps[index].questions
        let offers = try await slotOffers(asked, writing.draft.answers, state)
        let fields = HTML(asked.map { field($0, writing.draft.answers, rules: rules, offers: offers, state, t) })
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

    func counterNotice(_ writing: Writing, _ t: Words) -> HTML {
        guard writing.draft.clerk != nil else { return HTML() }
        return
            "<p class=\"notice\">\(Icon.counter.html)<span>\(t("Diisikan di loket atas nama warga. Bacakan kembali sebelum dikirim.", "Filled in at the counter on behalf of a resident. Read it back before it is sent."))</span></p>"
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
    func draftFile(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let writing = try await writing(request, context)
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
