// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Forms
import Markup
import Services
import Web

/// Questions of a service as fields of a form, and what was typed into them as answers.
extension Portal {
    /// A question as a field. `name` is its code; within a group it has the group's code and the item's number before it.
    ///
    /// - Parameters:
    ///   - rules: say which questions of a group are asked.
    ///   - offers: the times that questions of the kind slot offer.
    func field(
        _ question: Questionnaire.Question,
        _ answers: Answers,
        name: String? = nil,
        rules: FormRules,
        offers: [String: SlotOffer] = [:],
        _ state: FormState,
        _ t: Words
    ) -> HTML {
        let name = name ?? question.code
        let field = Field(name: name, label: t(question.label), help: question.help.map { t($0) }, isOptional: question.isOptional)
        let value = answers[question.code]
        switch question.kind {
        case .text, .contact:
            let isContact = if case .contact = question.kind { true } else { false }
            return field.input(state, t, value: value, autocomplete: autocomplete(question), inputMode: isContact ? "email" : nil)
        case .paragraph: return field.area(state, t, value: value, rows: 4)
        case .number:
            let shown = question.shown(value, in: t.language, regions: city.regions)
            return field.input(state, t, value: shown, inputMode: "decimal", isShort: true)
        case .residentNumber, .familyCard: return field.input(state, t, value: value, inputMode: "numeric")
        case .date:
            return field.input(
                state,
                t,
                value: value,
                type: "date",
                autocomplete: question.known == .birthDate ? "bday" : "off",
                isShort: true
            )
        case .choice(let options):
            let choices = options.map { (value: $0.code, label: t($0.label), detail: "") }
            return options.count <= 5
                ? field.radios(state, t, value: value, options: choices)
                : field.select(
                    state,
                    t,
                    value: value,
                    options: [("", t("Pilih satu", "Choose one"))] + options.map { ($0.code, t($0.label)) }
                )
        case .subdistrict:
            let options = city.regions.districts.flatMap { district in
                city.regions.subdistricts(of: district.code).map { (value: $0.code, label: "\(district.name): \($0.name)") }
            }
            return field.select(state, t, value: value, options: [("", t("Pilih satu", "Choose one"))] + options)
        case .declaration:
            let isTicked = state.typed.map { $0.has(name) } ?? (value == "ya")
            let fault = state.fault(name, t)
            let id = state.id(of: name)
            return """
                <div class="\(fault == nil ? "field" : "field invalid")">\(fault.map { "<p class=\"error-text\" id=\"\(id)-salah\">\(Icon.warning.html) \($0)</p>" as HTML })<label class="check"><input type="checkbox" id="\(id)" name="\(name)" value="ya"\(.flag("checked", isTicked))\(.value("aria-describedby", fault.map { _ in "\(id)-salah" }))>\(t(question.label))</label></div>
                """
        case .slot: return offers[question.code].map { slotField(question, value, $0, state, t) } ?? HTML()
        case .files: return files(question, field, answers, state, t)
        case .group(let range, let item, let questions): return group(question, range, item, questions, answers, rules, state, t)
        }
    }

    private func autocomplete(_ question: Questionnaire.Question) -> String {
        switch question.known {
        case .name: "name"
        case .contact: "email"
        case .address: "address-line1"
        case .business: "organization"
        default: "off"
        }
    }

    private func files(_ question: Questionnaire.Question, _ field: Field, _ answers: Answers, _ state: FormState, _ t: Words) -> HTML {
        let stored = state.kept[question.code] ?? []
        let kept = answers.files(question.code) + stored
        let list = HTML(
            kept.enumerated().map { index, name in
                """
                <li>\(stored.contains(name) ? "<input type=\"hidden\" name=\"\(FormState.keptName(question.code))\" value=\"\(name)\">" : HTML())\(t("Berkas \(index + 1)", "File \(index + 1)")) <button class="text-button" name="buang-berkas" value="\(name)">\(t("Buang", "Remove"))<span class="sr"> \(t("berkas \(index + 1)", "file \(index + 1)"))</span></button></li>
                """
            }
        )
        let control = field.html(state, t) { described, isInvalid in
            """
            <input id="\(state.id(of: field.name))" name="\(field.name)" type="file" accept="image/jpeg,image/png,image/webp,image/heic,image/heif,application/pdf" multiple\(.value("aria-describedby", described))\(.value("aria-invalid", isInvalid ? "true" : nil))>
            """
        }
        return """
            <div>\(control)\(kept.isEmpty ? HTML() : "<ul class=\"list\">\(list)</ul>")</div>
            """
    }

    private func group(
        _ question: Questionnaire.Question,
        _ range: ClosedRange<Int>,
        _ item: Text,
        _ questions: [Questionnaire.Question],
        _ answers: Answers,
        _ rules: FormRules,
        _ state: FormState,
        _ t: Words
    ) -> HTML {
        var groups = answers.groups(question.code)
        while groups.count < max(range.lowerBound, 1) { groups.append(Answers()) }
        let fault = state.fault(question.code, t)
        var shown: [String] = []
        let items = HTML(
            groups.enumerated().map { index, group in
                let fields = HTML(
                    rules.asked(questions, group, beside: answers).map { inner in
                        let name = "\(question.code).\(index + 1).\(inner.code)"
                        shown.append(name)
                        return field(inner, group, name: name, rules: rules, state, t)
                    }
                )
                let remove: HTML =
                    groups.count > range.lowerBound && groups.count > 1
                    ? "<p><button class=\"text-button\" name=\"buang-\(question.code)\" value=\"\("\(index)")\">\(t("Buang \(item.id) \(index + 1)", "Remove \(item.en) \(index + 1)"))</button></p>"
                    : HTML()
                return "<fieldset class=\"box\"><legend>\(t(item)) \(index + 1)</legend>\(fields)\(remove)</fieldset>"
            }
        )
        let add: HTML =
            groups.count < range.upperBound
            ? "<p><button class=\"button secondary\" name=\"tambah\" value=\"\(question.code)\">\(t("Tambah \(item.id)", "Add a \(item.en)"))</button></p>"
            : HTML()
        return """
            <fieldset class="\(fault == nil ? "field" : "field invalid")" id="\(state.id(of: question.code))"><legend>\(t(question.label))</legend>\(question.help.map { "<p class=\"help\">\(t($0))</p>" as HTML })\(fault.map { "<p class=\"error-text\">\(Icon.warning.html) \($0)</p>" as HTML })\(items)\(add)<input type="hidden" name="ditanya-\(question.code)" value="\(shown.joined(separator: ","))"></fieldset>
            """
    }

    /// The first field of a group that its answers have led to and that the form did not show yet.
    func newInGroup(_ question: Questionnaire.Question, _ answers: Answers, _ rules: FormRules, _ form: Form) -> String? {
        guard case .group(_, _, let inner) = question.kind else { return nil }
        let shown = Set(form["ditanya-\(question.code)"].split(separator: ",").map(String.init))
        let asked = answers.groups(question.code).enumerated().flatMap { index, group in
            rules.asked(inner, group, beside: answers).map { "\(question.code).\(index + 1).\($0.code)" }
        }
        return asked.first { !shown.contains($0) }
    }

    /// What a form says to questions, over earlier answers. Files are stored as they come.
    func read(
        _ questions: [Questionnaire.Question],
        _ form: Form,
        over old: Answers,
        language: Language,
        person: Identifier
    ) async throws -> Answers {
        var answers = old
        var problem: Problem?
        for question in questions {
            switch question.kind {
            case .files(let most):
                let stored = try await services.stored(form.all(FormState.keptName(question.code)), person: person)
                var files = ChosenFiles(
                    kept: (answers.files(question.code) + stored).filter { !form.all("buang-berkas").contains($0) }
                )
                try await files.add(form.files[question.code] ?? [], in: question.code, most: most) {
                    try await services.addFile($0, question: question.code, person: person)
                }
                if let lost = files.problem { problem = lost.adding(problem) }
                answers.set(question.code, files: files.names)
            case .group(let range, _, let inner): answers.set(question.code, groups: groups(question.code, range, inner, form, language))
            case .declaration: answers[question.code] = form.has(question.code) ? "ya" : ""
            case .slot(let venue): readSlot(question, venue, form, into: &answers)
            default: answers[question.code] = question.normalised(form[question.code])
            }
        }
        if let problem { throw Unread(answers: answers, problem: problem) }
        return answers
    }

    /// Answers that could not be read to the end: what could be is kept.
    struct Unread: Error {
        let answers: Answers
        let problem: Problem
    }

    /// The files of some answers, for a form without a draft that is shown again.
    func files(of questions: [Questionnaire.Question], in answers: Answers) -> [String: [String]] {
        Dictionary(uniqueKeysWithValues: questions.map { ($0.code, answers.files($0.code)) })
    }

    private func groups(
        _ code: String,
        _ range: ClosedRange<Int>,
        _ inner: [Questionnaire.Question],
        _ form: Form,
        _ language: Language
    ) -> [Answers] {
        var groups: [Answers] = []
        for index in 1...range.upperBound {
            guard inner.contains(where: { form.has("\(code).\(index).\($0.code)") }) else { break }
            var group = Answers()
            for question in inner { group[question.code] = question.normalised(form["\(code).\(index).\(question.code)"]) }
            groups.append(group)
        }
        if let remove = Int(outside: form["buang-\(code)"], in: 0...groups.count), groups.indices.contains(remove) {
            groups.remove(at: remove)
        }
        if form["tambah"] == code, groups.count < range.upperBound { groups.append(Answers()) }
        return groups
    }

    /// Answers as a list of labels and values.
    func answerList(
        _ questions: [Questionnaire.Question],
        _ answers: Answers,
        isDense: Bool = false,
        files: (String, Int) -> HTML,
        _ t: Words
    ) -> HTML {
        let rows = questions.compactMap { question -> HTML? in
            let value: HTML
            switch question.kind {
            case .files:
                let names = answers.files(question.code)
                guard !names.isEmpty else { return nil }
                value = HTML.joined(names.enumerated().map { files($0.element, $0.offset + 1) }, by: ", ")
            case .group(_, let item, let inner):
                let groups = answers.groups(question.code)
                guard !groups.isEmpty else { return nil }
                value = HTML.joined(
                    groups.enumerated().map { index, group in
                        "\(t(item)) \(index + 1): \(inner.map { shown($0, group, t) }.filter { !$0.isEmpty }.joined(separator: ", "))"
                            as HTML
                    },
                    by: "; "
                )
            default:
                let text = shown(question, answers, t)
                guard !text.isEmpty else { return nil }
                value = HTML(text: text)
            }
            return "<div><dt>\(t(question.label))</dt><dd>\(value)</dd></div>"
        }
        return "<dl class=\"\(isDense ? "details dense" : "details")\">\(HTML(rows))</dl>"
    }

    /// An answer in words; identity numbers never whole.
    private func shown(_ question: Questionnaire.Question, _ answers: Answers, _ t: Words) -> String {
        let value = answers[question.code]
        switch question.kind {
        case .residentNumber, .familyCard: return value.isEmpty ? "" : ResidentNumber.masked(value)
        default: return question.shown(value, in: t.language, regions: city.regions)
        }
    }
}
