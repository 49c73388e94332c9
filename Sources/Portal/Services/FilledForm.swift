// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Forms
import Hummingbird
import Markup
import Services
import Web

/// The form as it was filled in, to print and keep or to sign by hand where somebody still wants that.
extension Portal {
    /// Shows it to its applicant.
    func filledForm(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let t = context.words
        let (serviceCase, service) = try await requireHolder(request, context)
        let story = try await services.story(of: serviceCase)
        let rules = services.rules(service, of: serviceCase)
        let sections = HTML(
            rules.course(service.questionnaire, story.answers).steps.map { step in
                let page = step.page
                let list = answerList(
                    step.questions,
                    story.answers,
                    files: { _, index in HTML(text: t("lampiran \(index)", "attachment \(index)")) },
                    t
                )
                return "<section aria-labelledby=\"f-\(page.code)\"><h2 id=\"f-\(page.code)\">\(t(page.title))</h2>\(list)</section>"
            }
        )
        let main: HTML = """
            <h1>\(t(service.name))</h1><p><span class="code">\(serviceCase.docket)</span>, \(serviceCase.filedAt.stamp(t.language, zone: city.zone))</p>\(sections)
            <p class="row screen-only"><button class="button" type="button" data-print hidden>\(t("Cetak", "Print"))</button><a href="\(Link("berkas", serviceCase.docket))">\(t("Kembali ke berkas", "Back to the case"))</a></p>
            """
        var response = respond(
            Page(title: "\(serviceCase.docket) \(t(service.name))", section: .track, isNarrow: true, main: main),
            context
        )
        response.headers[.cacheControl] = "private, no-store"
        return response
    }
}
