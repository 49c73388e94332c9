// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Markup
import Web

/// The page behind the link that an office outside the city was sent: it reads the case and answers, without an account.
extension Portal {
    /// Shows the case and the form.
    func outsidePage(
        _ request: Request,
        _ context: VisitorContext,
        office typed: String? = nil,
        state: FormState = .empty,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let t = context.words
        let complaint = try await requireCase(context)
        let office = typed ?? request.query("kantor") ?? ""
        let tag = context.parameters.get("tanda") ?? ""
        guard complaints.holdsAnswerLink(tag, office: office, of: complaint) else { throw Problem.notFound }
        let form: HTML =
            complaint.stage.isOpen
            ? """
            <form class="box primary" method="post" action="\(Link("jawab", complaint.docket, tag))">\(hidden(context))<input type="hidden" name="kantor" value="\(office)">
            \(Field(name: "text", label: t("Jawaban", "Answer"), help: t("Tampil di halaman berkas, untuk pelapor dan umum. Jangan tulis data pribadi.", "Shown on the case page, to the reporter and the public. Leave personal data out.")).area(state, t, rows: 6))
            <button class="button">\(t("Kirim jawaban", "Send the answer"))</button></form>
            """
            : "<p class=\"notice\">\(t("Berkas ini sudah ditutup.", "This case has been closed."))</p>"
        let main: HTML = """
            \(state.summary(t))
            <h1>\(t("Jawaban \(office)", "Answer of \(office)"))</h1>
            <p>\(city.name(t.language)) \(t("meneruskan berkas ini kepada Anda", "passed this case to you")): <a href="\(Link("berkas", complaint.docket))">\(complaint.docket)</a></p>
            <section class="box" aria-labelledby="h-isi"><h2 id="h-isi">\(complaint.title)</h2>\(complaint.story.map { HTML(paragraphs: $0) })<p class="muted">\(complaint.address)</p></section>
            \(form)
            """
        return respond(
            Page(title: "\(complaint.docket): \(office)", section: .track, hasErrors: state.problem != nil, isNarrow: true, main: main),
            context,
            status: status
        )
    }

    /// Takes the answer.
    func takeOutsideAnswer(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let complaint = try await requireCase(context)
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor)
        do {
            try await complaints.answerFromOutside(
                complaint.docket,
                office: form["kantor"],
                tag: context.parameters.get("tanda") ?? "",
                text: form["text"],
                key: onceKey(form, for: "jawab")
            )
        } catch let problem as Problem where problem.keepsForm {
            return try await outsidePage(
                request,
                context,
                office: form["kantor"],
                state: FormState(problem: problem, typed: form),
                status: problem.httpStatus
            )
        }
        return .seeOther(Link("berkas", complaint.docket, query: [("selesai", "jawab")]))
    }
}
