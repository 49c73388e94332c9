// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Essentials
import Foundation
import Hummingbird
import Journal
import Markup
import Web

/// What a form shows again after it was refused: the faults, and everything that was typed.
struct FormState {
    var problem: Problem?
    var typed: Form?
    /// Names of files that were stored although the form was refused, by the field that they were chosen in.
    var kept: [String: [String]] = [:]

    /// Which form it was, where the page has several; nil where it has one.
    var form: String?

    /// Which page of a list the form stands on, so that it is found there again; nil where there is but one.
    var page: Int?

    static let empty = FormState()

    /// The field that brings the page back.
    var pageField: HTML { page.map { "<input type=\"hidden\" name=\"hal\" value=\"\(String($0))\">" } ?? HTML() }

    /// What one of several forms of a page shows: its own faults and words, never another's.
    func of(_ form: String) -> FormState { self.form == form ? self : FormState(form: form, page: page) }

    /// The name by which a page knows a field: forms that stand beside each other may have fields of one name.
    func id(of name: String) -> String { form.map { "\(name)-\($0)" } ?? name }

    /// The fault of a field; nil when it has none.
    func fault(_ name: String, _ t: Words) -> String? { problem?.fields.first { $0.name == name }.map { t($0.message) } }

    /// What was typed into a field, or what stood there before.
    func value(_ name: String, or old: String = "") -> String { typed.map { $0.has(name) ? $0[name] : old } ?? old }

    /// The summary above the page's title; each line leads to its field.
    func summary(_ t: Words) -> HTML {
        guard let problem else { return HTML() }
        let items = HTML(problem.fields.map { "<li><a href=\"\(Link.fragment(id(of: $0.name)))\">\(t($0.message))</a></li>" })
        return """
            <div class="errors" role="alert" tabindex="-1" autofocus id="galat" aria-labelledby="galat-judul"><h2 id="galat-judul">\(t(problem.title))</h2>
            \(problem.remedy.map { "<p>\(t($0))</p>" as HTML })\(problem.fields.isEmpty ? HTML() : "<ul>\(items)</ul>")</div>
            """
    }
}

extension Problem {
    /// Whether the page is shown again with what was typed, and says what happened: a mistake to mend, somebody else who was
    /// quicker, or a disk that is full for a moment. A forged form is shown nothing.
    var keepsForm: Bool {
        switch status {
        case .unacceptable, .conflict, .tooLarge, .tooMany, .unavailable, .timeout: true
        case .forbidden: code != "form.foreign"
        default: false
        }
    }
}

/// One labelled field: label, help, error, control, in this order.
struct Field {
    let name: String
    let label: String
    var help: String?
    var isOptional = false

    func html(_ state: FormState, _ t: Words, control: (_ described: String?, _ isInvalid: Bool) -> HTML) -> HTML {
        let fault = state.fault(name, t)
        let id = state.id(of: name)
        let described = [help.map { _ in "\(id)-bantu" }, fault.map { _ in "\(id)-salah" }].compactMap { $0 }.joined(separator: " ")
        return """
            <div class="\(fault == nil ? "field" : "field invalid")"><label for="\(id)">\(label)\(isOptional ? " <span class=\"muted\">\(t("(boleh kosong)", "(optional)"))</span>" : HTML())</label>
            \(help.map { "<p class=\"help\" id=\"\(id)-bantu\">\($0)</p>" as HTML })\(fault.map { "<p class=\"error-text\" id=\"\(id)-salah\">\(Icon.warning.html) \($0)</p>" as HTML })
            \(control(described.isEmpty ? nil : described, fault != nil))</div>
            """
    }

    func input(
        _ state: FormState,
        _ t: Words,
        value: String = "",
        type: String = "text",
        autocomplete: String = "off",
        inputMode: String? = nil,
        isShort: Bool = false
    ) -> HTML {
        html(state, t) { described, isInvalid in
            """
            <input id="\(state.id(of: name))" name="\(name)" type="\(type)" value="\(type == "password" ? "" : state.value(name, or: value))" autocomplete="\(autocomplete)"\(.value("inputmode", inputMode))\(.value("class", isShort ? "short" : nil))\(.value("aria-describedby", described))\(.value("aria-invalid", isInvalid ? "true" : nil))>
            """
        }
    }

    func area(_ state: FormState, _ t: Words, value: String = "", rows: Int = 5) -> HTML {
        html(state, t) { described, isInvalid in
            """
            <textarea id="\(state.id(of: name))" name="\(name)" rows="\(rows)"\(.value("aria-describedby", described))\(.value("aria-invalid", isInvalid ? "true" : nil))>\("\n")\(state.value(name, or: value))</textarea>
            """
        }
    }

    /// Several photos, of the kinds that the city takes.
    func photos(_ state: FormState, _ t: Words) -> HTML {
        html(state, t) { described, isInvalid in
            """
            \(kept(state, t))<input id="\(state.id(of: name))" name="\(name)" type="file" accept="image/jpeg,image/png,image/webp,image/heic,image/heif" multiple\(.value("aria-describedby", described))\(.value("aria-invalid", isInvalid ? "true" : nil))>
            """
        }
    }

    /// What an earlier try has stored already, so that it need not be chosen again.
    private func kept(_ state: FormState, _ t: Words) -> HTML {
        let names = state.kept[name] ?? []
        guard !names.isEmpty else { return HTML() }
        let inputs = HTML(names.map { "<input type=\"hidden\" name=\"\(FormState.keptName(name))\" value=\"\($0)\">" })
        return """
            <p class="help">\(t("\(names.count) foto sudah diterima; tidak perlu dipilih lagi.", "\(names.count.counted("photo has", "photos have")) arrived; no need to choose again."))</p>\(inputs)
            """
    }

    func select(
        _ state: FormState,
        _ t: Words,
        value: String = "",
        options: [(value: String, label: String)],
        isShort: Bool = false,
        isKindChooser: Bool = false
    ) -> HTML {
        let choices = Self.choices(options, chosen: state.value(name, or: value))
        return html(state, t) { described, isInvalid in
            """
            <select id="\(state.id(of: name))" name="\(name)"\(.value("class", isShort ? "short" : nil))\(.flag("data-kinds", isKindChooser))\(.value("aria-describedby", described))\(.value("aria-invalid", isInvalid ? "true" : nil))>\(choices)</select>
            """
        }
    }

    /// One choice of some that stand in groups; nothing is chosen before somebody chooses.
    func select(_ state: FormState, _ t: Words, groups: [(name: String, options: [(value: String, label: String)])]) -> HTML {
        let chosen = state.value(name)
        let none = Self.choices([("", t("Pilih satu", "Choose one"))], chosen: chosen)
        let choices = HTML(groups.map { "<optgroup label=\"\($0.name)\">\(Self.choices($0.options, chosen: chosen))</optgroup>" })
        return html(state, t) { described, isInvalid in
            """
            <select id="\(state.id(of: name))" name="\(name)"\(.value("aria-describedby", described))\(.value("aria-invalid", isInvalid ? "true" : nil))>\(none)\(choices)</select>
            """
        }
    }

    private static func choices(_ options: [(value: String, label: String)], chosen: String) -> HTML {
        HTML(options.map { "<option value=\"\($0.value)\"\(.flag("selected", $0.value == chosen))>\($0.label)</option>" })
    }

    /// One box to tick. It comes ticked only where whoever looks has ticked it.
    func check(_ state: FormState, _ t: Words) -> HTML {
        let fault = state.fault(name, t)
        let id = state.id(of: name)
        return """
            <div class="\(fault == nil ? "field" : "field invalid")">\(fault.map { "<p class=\"error-text\" id=\"\(id)-salah\">\(Icon.warning.html) \($0)</p>" as HTML })
            <label class="check"><input type="checkbox" id="\(id)" name="\(name)" value="ya"\(.flag("checked", state.typed?.has(name) == true))\(.value("aria-describedby", fault.map { _ in "\(id)-salah" }))\(.value("aria-invalid", fault.map { _ in "true" }))>\(label)</label></div>
            """
    }

    func radios(_ state: FormState, _ t: Words, value: String = "", options: [(value: String, label: String, detail: String)]) -> HTML {
        let chosen = state.value(name, or: value)
        let fault = state.fault(name, t)
        let choices = HTML(
            options.enumerated().map { index, option in
                """
                <li><label><input type="radio" name="\(name)" value="\(option.value)"\(.value("id", index == 0 ? state.id(of: name) : nil))\(.flag("checked", option.value == chosen))><span>\(option.detail.isEmpty ? HTML(text: option.label) : "<b>\(option.label)</b> \(option.detail)")</span></label></li>
                """
            }
        )
        return """
            <fieldset class="\(fault == nil ? "field" : "field invalid")"><legend>\(label)\(isOptional ? " <span class=\"muted\">\(t("(boleh kosong)", "(optional)"))</span>" : HTML())</legend>
            \(help.map { "<p class=\"help\">\($0)</p>" as HTML })\(fault.map { "<p class=\"error-text\">\(Icon.warning.html) \($0)</p>" as HTML })
            <ul class="choices">\(choices)</ul></fieldset>
            """
    }
}

extension Form {
    /// The key under which an act is done once; nil for a form that came without one, which is then done each time. What was typed
    /// is part of it: who goes back and sends other words has said something else. It is kept as a keyed hash only: whoever has the
    /// database alone must not find a name or a number by guessing.
    func onceKey(for act: String, vault: Vault) -> String? {
        guard !self["sekali"].isEmpty else { return nil }
        var parts: [String] = []
        for (name, values) in values.sorted(by: { $0.key < $1.key }) where name != "token" && name != "sekali" {
            parts += [name, "\(values.count)"] + values
        }
        for (name, bytes) in files.sizes { parts += [name, bytes.map(String.init).joined(separator: ",")] }
        return "\(act):\(self["sekali"].prefix(64)):\(vault.tokenHash("once", parts: parts).prefix(22))"
    }
}

extension Portal {
    /// The key under which what a form asks for is done once.
    func onceKey(_ form: Form, for act: String) -> String? { form.onceKey(for: act, vault: complaints.journal.vault) }

    /// A form that may bring files: none of them is kept before its token has been checked.
    func formWithFiles(_ request: Request, _ context: VisitorContext) async throws -> Form {
        try await Form(request, staging: staging, from: context.peer) { try token.check($0, request, visitor: context.visitor) }
    }

    /// The hidden fields of every form: the token of this browser, and a key under which sending twice does it once.
    func hidden(_ context: VisitorContext) -> HTML {
        """
        <input type="hidden" name="token" value="\(token.issue(to: context))"><input type="hidden" name="sekali" value="\([UInt8].random(count: 12).base64URL)">
        """
    }
}

/// What cannot be taken back is not done by one press.
enum Sureness {
    /// The box to tick.
    ///
    /// - Parameter what: what comes of it: whoever ticks has read it.
    static func field(_ t: Words, _ what: String) -> Field { Field(name: "yakin", label: "\(t("Saya yakin", "I am sure")): \(what)") }

    /// What is said where it is not ticked.
    static let missing = Problem.fields([Problem.Field("yakin", Text(id: "Centang “Saya yakin”", en: "Tick “I am sure”"))])

    /// Refuses a form in which it is not ticked.
    static func require(in form: Form) throws { guard form.has("yakin") else { throw missing } }
}

/// That an act worked, on the page to which it led: whoever reads with their ears begins here.
func doneNotice(_ words: String) -> HTML {
    "<p class=\"notice good\" role=\"status\" tabindex=\"-1\" autofocus>\(Icon.check.html)<span>\(words)</span></p>"
}
