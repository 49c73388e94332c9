// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Foundation
import HTTPTypes
import Hummingbird
import Markup
import Web

/// “Hitung sendiri”: what a levy comes to, step by step, with the rule of each. Nothing is kept; the address holds the answers,
/// so that a calculation can be sent to somebody else.
extension Portal {
    /// The levies of the city.
    func levies(_ context: VisitorContext) -> Response {
        let t = context.words
        let items = HTML(
            city.levies.map { "<li><a href=\"\(Link("hitung", $0.code))\"><b>\(t($0.name))</b></a><p>\(t($0.description))</p></li>" }
        )
        let main: HTML = """
            <h1>\(t("Hitung retribusi sendiri", "Work out a levy yourself"))</h1>
            \(city.levies.isEmpty ? "<p class=\"box\">\(t("Belum ada retribusi yang bisa dihitung di sini.", "No levy can be worked out here yet."))</p>" : "<ul class=\"list\">\(items)</ul>")
            """
        return respond(Page(title: t("Hitung retribusi", "Work out a levy"), isNarrow: true, main: main), context)
    }

    /// One levy: its questions, and once they are answered its calculation.
    ///
    /// Numbers are typed as the language has them; the address holds them plainly, so that it means the same to everybody.
    func levy(_ request: Request, _ context: VisitorContext) throws -> Response {
        let t = context.words
        guard let levy = city.levies.first(where: { $0.code == context.parameters.get("retribusi") }) else { throw Problem.notFound }
        let isAsked = levy.questions.contains { request.query($0.code) != nil }
        var state = FormState.empty
        var assessment: Levy.Assessment?
        if isAsked {
            let answers = Dictionary(levy.questions.map { ($0.code, request.query($0.code) ?? "") }, uniquingKeysWith: { $1 })
            do {
                assessment = try levy.assess(answers)
                let plain = levy.questions.map { question in
                    let typed = answers[question.code] ?? ""
                    guard case .number(_, let places) = question.kind else { return (question.code, typed) }
                    return (question.code, Decimal.typed(typed, places: places).value?.description ?? typed)
                }
                guard plain.allSatisfy({ answers[$0.0] == $0.1 }) else { return .seeOther(Link("hitung", levy.code, query: plain)) }
            } catch let problem as Problem where problem.keepsForm {
                state.problem = problem
            }
        }
        let main: HTML = """
            \(state.summary(t))
            <h1>\(t(levy.name))</h1>
            <p>\(t(levy.description)) <span class="small">\(t(levy.basis)).</span></p>
            \(levy.isUnconfirmed ? "<p class=\"notice\">\(Icon.warning.html)<span>\(t("Sebagian angka belum dikonfirmasi kota, jadi hasilnya perkiraan. Yang mana, ada di bawah.", "Some figures are not confirmed by the city yet, so that the result is an estimate. Which ones is said below."))</span></p>" : HTML())
            \(assessment.map { result($0, levy, t) } ?? HTML())
            <form action="\(Link("hitung", levy.code))" aria-label="\(t("Isian perhitungan", "What to work out"))">\(HTML(levy.questions.map { field($0, request, state, t) }))
            <p><button class="button">\(t("Hitung", "Work it out"))</button></p></form>
            \(figures(levy, t))
            """
        return respond(
            Page(
                title: t(levy.name),
                crumbs: [(t("Hitung retribusi", "Work out a levy"), Link("hitung"))],
                hasErrors: state.problem != nil,
                isNarrow: true,
                main: main
            ),
            context,
            status: state.problem == nil ? .ok : .unprocessableContent
        )
    }

    private func field(_ question: Levy.Question, _ request: Request, _ state: FormState, _ t: Words) -> HTML {
        let field = Field(name: question.code, label: t(question.label), help: question.help.map { t($0) })
        let value = request.query(question.code) ?? ""
        return switch question.kind {
        case .number(_, let places):
            field.input(
                state,
                t,
                value: Decimal.typed(value, places: places).value.map { t.language.decimal($0) } ?? value,
                inputMode: "decimal",
                isShort: true
            )
        case .choice(let options): field.select(state, t, value: value, options: options.map { ($0.code, t($0.label)) })
        }
    }

    private func result(_ assessment: Levy.Assessment, _ levy: Levy, _ t: Words) -> HTML {
        let lines = HTML(
            assessment.lines.map { line in
                let value = t.language.decimal(line.value)
                let shown = t(line.shown)
                return """
                    <li><b>\(t(line.step.label))</b><p>\(shown == value ? HTML() : "\(shown) = ")<b>\(value)</b></p><p class="small muted">\(t(line.step.basis))</p></li>
                    """
            }
        )
        return """
            <section class="box primary" aria-labelledby="h-hasil"><h2 id="h-hasil">\(t("Retribusinya", "The levy"))</h2><p class="figure" role="status">Rp\(t.number(assessment.total))</p>
            <h3>\(t("Begini hitungannya", "This is how it is worked out"))</h3><ol class="list">\(lines)</ol>
            <p class="small">\(t("Tidak setuju dengan satu langkah? Sebut langkahnya dan aturannya kepada dinas; hitungan ini bisa dikirim dengan alamat halaman ini.", "Do you disagree with a step? Name it and its rule to the agency; this calculation can be sent by the address of this page."))</p></section>
            """
    }

    private func figures(_ levy: Levy, _ t: Words) -> HTML {
        func mark(_ isUnconfirmed: Bool) -> HTML {
            isUnconfirmed ? " \(Badge.html(.warning, t("belum dikonfirmasi", "not confirmed"), tone: "warn"))" : HTML()
        }
        let settings = HTML(
            levy.settings.map {
                "<li><b>\(t($0.label))</b>: \(t.language.decimal($0.value))\(mark($0.isUnconfirmed))<p class=\"small muted\">\(t($0.basis))</p></li>"
            }
        )
        let tables = HTML(levy.tables.map { "<li>\(t($0.basis))\(mark($0.isUnconfirmed))</li>" })
        return """
            <details><summary>\(t("Angka dan aturan yang dipakai", "Figures and rules in use"))</summary><p>\(t("Berlaku sejak", "In force since")) \(levy.from.full(t.language)).</p><ul class="list">\(settings)\(tables)</ul></details>
            """
    }
}
