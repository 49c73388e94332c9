// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Forms
import HTTPTypes
import Hummingbird
import Markup
import Residents
import Services
import Web

/// The last page of an application: everything once more, what it will cost, and sending it.
extension Portal {
    func reviewPage(
        _ request: Request,
        _ writing: Writing,
        _ state: FormState,
        _ context: VisitorContext,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let t = context.words
        let rules = services.rules(writing.service, of: writing.revised)
        let course = rules.course(writing.service.questionnaire, writing.draft.answers)
        let answers = course.answers
        let missing = rules.faults(writing.service.questionnaire, answers)
        let sections = HTML(
            course.steps.map { step in
                let page = step.page
                let list = answerList(
                    step.questions,
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
        let fee = try missing.isEmpty && writing.service.fee.isDue ? expectedFee(writing.service, answers, t) : HTML()
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

    /// What it will come to, worked out as the bill will be; or why it cannot be, before anything is sent.
    private func expectedFee(_ service: Service, _ answers: Answers, _ t: Words) throws -> HTML {
        let title = t("Perkiraan biaya", "Expected fee")
        do {
            let lines = try services.assess(service, answers, today: now.date(in: city.zone))
            guard !lines.isEmpty else { return HTML() }
            let when =
                service.firstAction?.bills == true
                ? t(
                    "Dihitung dari isian Anda; ditagih begitu dikirim, dengan rinciannya.",
                    "Worked out from your answers; billed as soon as it is sent, with every step."
                )
                : t(
                    "Dihitung dari isian Anda; ditagih setelah diperiksa, dengan rinciannya.",
                    "Worked out from your answers; billed after the examination, with every step."
                )
            return """
                <section class="box" aria-labelledby="h-biaya"><h2 id="h-biaya">\(title)</h2>
                <p class="figure">Rp\(t.number(lines.compactMap(\.amount).reduce(0, +)))</p><p class="small">\(when)</p></section>
                """
        } catch let problem as Problem where problem.status == .conflict {
            return """
                <section class="box" aria-labelledby="h-biaya"><h2 id="h-biaya">\(title)</h2>
                <p class="notice warn">\(Icon.warning.html)<span>\(t(problem.title)). \(problem.remedy.map { t($0) } ?? "")</span></p></section>
                """
        }
    }

    func send(_ writing: Writing, _ form: Form, _ request: Request, _ context: VisitorContext) async throws -> Response {
        let clerk = writing.draft.clerk == nil ? nil : try await officer(request)
        do {
            let resident = clerk == nil ? try await resident(request) : nil
            var applicant = resident.map { Applicant($0) } ?? .unknown
            applicant.network = context.peer
            let receipt = try await services.file(
                writing.draft,
                writing.service,
                token: writing.token,
                clerk: clerk,
                applicant: applicant
            )
            if let clerk { return try await counterReceipt(receipt, writing.service, clerk, context) }
            if writing.draft.revises != nil { return .seeOther(Link("berkas", receipt.docket)) }
            let path = "/berkas/\(receipt.docket)"
            return Response.seeOther(Link("berkas", receipt.docket, "tanda-terima"))
                .settingCookie("kunci-\(receipt.docket)", receipt.key, seconds: 400 * 86_400, path: path)
                .settingCookie("pakai-\(receipt.docket)", receipt.key, seconds: 90 * 86_400, path: "/permohonan")
        } catch let problem as Problem where problem.keepsForm {
            // What has to be mended is shown where it can be: a time that is gone, a number that is not one's own.
            for page in writing.service.questionnaire.pages {
                let faults = problem.fields.filter { fault in page.questions.contains { $0.code == fault.name } }
                guard !faults.isEmpty else { continue }
                let state = FormState(problem: .fields(faults), typed: nil)
                return respond(try await questionPage(page.code, writing, state, request, context), context, status: problem.httpStatus)
            }
            let state = FormState(problem: problem, typed: nil)
            return try await reviewPage(request, writing, state, context, status: problem.httpStatus)
        }
    }
}
