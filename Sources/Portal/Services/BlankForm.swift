// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Hummingbird
import Markup
import Web

/// The questions of a service on paper.
extension Portal {
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
}
