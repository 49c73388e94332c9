// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Journal
import Markup
import Web

/// A whole report on one page, which the phone keeps for when there is no signal: `Public/sw.js` shows it then, keeps what
/// was written, and sends it later. What is complete becomes a case at once; what isn't stays a draft.
extension Portal {
    /// Shows the form.
    func wholeReportPage(_ context: VisitorContext, state: FormState = .empty, kept: Int = 0, status: HTTPResponse.Status = .ok) -> Response
    {
        let t = context.words
        let kinds = city.complaints.categories.map { ($0.code, t($0.name)) }
        let questions = HTML(
            city.complaints.categories.filter { !$0.questions.isEmpty }.map { category in
                """
                <fieldset class="field" data-kind="\(category.code)"><legend>\(t("Tentang", "About")): \(t(category.name))</legend>\(HTML(category.questions.map { question($0, "", prefix: "answer-\(category.code)", state, t) }))</fieldset>
                """
            }
        )
        let subdistricts = city.regions.districts.flatMap { district in
            city.regions.subdistricts(of: district.code).map { ($0.code, "\(district.name): \($0.name)") }
        }
        let none = [("", t("Pilih satu", "Choose one"))]
        // What was sent under a key already goes under another when it says something else.
        let isOther = state.problem?.code == Problem.otherContent.code
        let new = [UInt8].random(count: 16).base64URL
        let key = isOther ? new : state.value("kunci", or: new)
        let main: HTML = """
            \(state.summary(t))
            <h1>\(t("Laporan di satu halaman", "A report on one page"))</h1>
            <p>\(t("Halaman ini tersimpan di ponsel. Tanpa sinyal pun bisa diisi; terkirim sendiri begitu sinyal kembali.", "This page is kept on the phone. Fill it in without signal; it is sent by itself once the signal is back."))</p>
            <ul class="list" data-queue hidden aria-label="\(t("Yang menunggu sinyal", "Waiting for signal"))"></ul>
            <form method="post" action="\(Link("lapor", "luring"))" enctype="multipart/form-data" novalidate data-draft="luring">
            \(hidden(context))<input type="hidden" name="kunci" value="\(key)"><input type="hidden" name="latitude" value="\(state.value("latitude"))"><input type="hidden" name="longitude" value="\(state.value("longitude"))">
            \(Field(name: "category", label: t("Jenis masalah", "Kind of problem")).select(state, t, options: none + kinds, isKindChooser: true))
            \(questions)
            \(Field(name: "story", label: t("Ceritakan apa yang terjadi", "Tell what happened"), help: t("Jangan tulis nama atau nomor orang: cerita ini tampil untuk umum.", "Leave out people’s names and numbers: this text is public.")).area(state, t, rows: 5))
            <p hidden><button class="button secondary" type="button" data-locate>\(Icon.pin.html)\(t("Pakai lokasi saya", "Use my location"))</button> <span role="status" class="help"></span></p>
            \(Field(name: "subdistrict", label: t("Kelurahan", "Subdistrict (kelurahan)")).select(state, t, options: none + subdistricts))
            \(Field(name: "address", label: t("Nama jalan dan patokan", "Street and landmark")).area(state, t, rows: 2))
            \(kept == 0 ? HTML() : "<p class=\"notice\">\(t("\(kept) foto sudah diterima.", "\(kept.counted("photo has", "photos have")) arrived."))</p>")
            \(Field(name: "photo", label: t("Tambah foto", "Add photos"), isOptional: true).photos(state, t))
            \(Field(name: "contact", label: t("Nomor HP atau email", "Mobile number or e-mail"), help: t("Untuk kabar dan jawaban; hanya petugas yang membukanya.", "For news and answers; only officers open it."), isOptional: true).input(state, t, autocomplete: "email"))
            <p><label class="check"><input type="checkbox" name="confidential" value="ya"\(.flag("checked", state.value("confidential") == "ya"))>\(t("Rahasia: isinya tidak untuk umum", "Confidential: the text is not public"))</label></p>
            <p><button class="button">\(t("Kirim laporan", "Send the report"))</button></p></form>
            """
        let title = t("Laporan di satu halaman", "A report on one page")
        return respond(
            Page(title: title, section: .report, hasErrors: state.problem != nil, isNarrow: true, main: main),
            context,
            status: status
        )
    }

    /// Takes the form. The phone's key is the draft and the key of the case, so that sending it again changes nothing.
    func takeWholeReport(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let form = try await formWithFiles(request, context)
        try token.check(form["token"], request, visitor: context.visitor)
        let key = form["kunci"]
        guard (20...64).contains(key.utf8.count), key.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
        else {
            throw Problem("form.malformed", .badRequest, Text(id: "kunci tidak berbentuk kunci", en: "kunci is not a key"))
        }
        var draft = try await complaints.draft(key) ?? Complaints.Draft(person: Identifier(at: now), report: Report())
        if draft.sent != nil {
            var again = Complaints.Draft(person: draft.person, report: Report())
            try await read(whole: form, into: &again, language: draft.report.language)
            guard complaints.isRepeat(again.report, of: draft) else {
                let state = FormState(problem: .otherContent, typed: form)
                return wholeReportPage(context, state: state, status: Problem.otherContent.httpStatus)
            }
            return try await send(draft, token: key, context)
        }
        var faults: [Problem.Field] = []
        do {
            try await read(whole: form, into: &draft, language: context.language)
        } catch let problem as Problem where !problem.fields.isEmpty {
            faults = problem.fields
        }
        var photos = ChosenFiles(kept: draft.report.photos)
        let person = draft.person
        try await photos.add(form.files["photo"] ?? [], in: "photo", most: Report.photoLimit) {
            try await complaints.addPhoto($0, person: person)
        }
        draft.report.photos = photos.names
        faults += photos.problem?.fields ?? []
        // A phone that sends what it kept tells “not now” from “not so” by this number.
        let status = photos.problem?.httpStatus ?? .unprocessableContent
        try await complaints.save(draft, token: key)
        faults += draft.report.faults(in: .review, city: city).filter { fault in !faults.contains { $0.name == fault.name } }
        guard faults.isEmpty else {
            let prefixed = faults.map { fault in
                fault.name.hasPrefix("answer-")
                    ? Problem.Field("answer-\(draft.report.category)-\(fault.name.dropFirst(7))", fault.message) : fault
            }
            let state = FormState(problem: .fields(prefixed), typed: form)
            return wholeReportPage(context, state: state, kept: draft.report.photos.count, status: status)
        }
        return try await send(draft, token: key, context)
    }

    private func read(whole form: Form, into draft: inout Complaints.Draft, language: Language) async throws {
        draft.report.language = language
        draft.report.category = form["category"]
        draft.report.story = form["story"]
        draft.report.answer(city.complaints.category(form["category"])) { form["answer-\(form["category"])-\($0)"] }
        draft.report.address = form["address"]
        draft.report.isConfidential = form["confidential"] == "ya"
        draft.report.place(at: form, in: city)
        draft.report.contact = form["contact"].isEmpty ? .none : try Contact(required: form["contact"])
    }
}

extension Report {
    /// Takes the answers to the questions that they lead to; what is not asked is not kept.
    mutating func answer(_ category: ComplaintRules.Category?, value: (String) -> String) {
        answers = [:]
        for question in category?.questions ?? [] { answers[question.name] = value(question.name) }
        let asked = Set((category?.asked(answers) ?? []).map(\.name))
        answers = answers.filter { asked.contains($0.key) }
    }

    /// Takes the place that a form names: a pin says more than two lists, and where they differ the pin decides.
    mutating func place(at form: Form, in city: City) {
        subdistrict = form["subdistrict"]
        district = form.has("district") ? form["district"] : city.regions[subdistrict]?.parent ?? ""
        place = nil
        guard let point = Point(latitude: form["latitude"], longitude: form["longitude"]) else { return }
        place = point
        if let region = city.regions.locate(point) {
            subdistrict = region.code
            district = region.parent ?? ""
        }
    }
}
