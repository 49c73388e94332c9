// SPDX-License-Identifier: EUPL-1.2

import Cases
import Complaints
import Definitions
import Documents
import Essentials
import Fees
import Forms
import HTTPTypes
import Hummingbird
import Journal
import Markup
import Residents
import Services
import Web

/// What an applicant does to their case.
extension Portal {
    func requireHolder(_ request: Request, _ context: VisitorContext) async throws -> (serviceCase: Case, service: Service) {
        guard let found = try await serviceCase(context), try await holder(request, of: found.serviceCase) != nil else {
            throw Problem(
                "case.applicant-only",
                .forbidden,
                Text(id: "Hanya pemohon yang bisa melakukan ini", en: "Only the applicant can do this"),
                remedy: Text(id: "Buka berkas lewat tautan di tanda terima Anda.", en: "Open the case by the link on your receipt.")
            )
        }
        return found
    }

    /// Takes an act of the applicant, or opens the questions again.
    func takeApplicantAct(_ sent: Request, _ context: VisitorContext) async throws -> Response {
        let (serviceCase, service) = try await requireHolder(sent, context)
        let code = context.parameters.get("aksi") ?? ""
        guard let action = services.actions(serviceCase, service, by: .applicant).first(where: { $0.code == code }) else {
            return .seeOther(Link("berkas", serviceCase.docket))
        }
        let isEnd = isEnd(action, serviceCase, service)
        let request: Request
        switch try await proven(sent, context, by: holder(sent, of: serviceCase), isGrave: isEnd) {
        case .goOn(let meant): request = meant
        case .answer(let response): return response
        }
        let form = try await formWithFiles(request, context)
        try token.check(form["token"], request, visitor: context.visitor)
        if action.revises {
            let story = try await services.story(of: serviceCase)
            var account: Resident?
            if case .account(let resident, _) = try await holder(request, of: serviceCase) { account = resident }
            let draft = try await services.newDraft(revising: serviceCase, answers: story.answers, from: account)
            return .seeOther(Link("permohonan", draft, service.questionnaire.pages[0].code))
        }
        if isLooking(action.questions, form) != nil {
            return try await serviceCasePage(request, serviceCase, service, context, state: FormState(problem: nil, typed: form))
        }
        var kept: [String: [String]] = [:]
        do {
            if isEnd { try Sureness.require(in: form) }
            let answers: Answers
            do {
                answers = try await read(action.questions, form, over: Answers(), language: context.language, person: serviceCase.person)
            } catch let unread as Unread {
                kept = files(of: action.questions, in: unread.answers)
                throw unread.problem
            }
            kept = files(of: action.questions, in: answers)
            try await noted(code) {
                try await services.act(
                    code,
                    on: serviceCase.docket,
                    answers: answers,
                    note: form["note-\(code)"],
                    key: onceKey(form, for: code),
                    by: .applicant
                )
            }
        } catch let problem as Problem where problem.keepsForm {
            // Several acts of a page may ask whether somebody is sure.
            let state = FormState(problem: problem, typed: form, kept: kept, form: isEnd ? code : nil)
            return try await serviceCasePage(request, serviceCase, service, context, state: state, status: problem.httpStatus)
        }
        return .seeOther(Link("berkas", serviceCase.docket, query: [("selesai", "langkah")]))
    }

    /// Gives a fault about “note” the name that the field has for an act.
    func noted(_ code: String, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let problem as Problem where problem.fields.contains(where: { $0.name == "note" }) {
            throw Problem.fields(problem.fields.map { $0.name == "note" ? Problem.Field("note-\(code)", $0.message) : $0 })
        }
    }

    /// Takes a message of the applicant.
    func takeApplicantMessage(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let (serviceCase, service) = try await requireHolder(request, context)
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor)
        do {
            try await services.write(form["message"], on: serviceCase.docket, key: onceKey(form, for: "pesan"), by: .applicant)
        } catch let problem as Problem where problem.keepsForm {
            let state = FormState(problem: problem, typed: form)
            return try await serviceCasePage(request, serviceCase, service, context, state: state, status: problem.httpStatus)
        }
        return .seeOther(Link("berkas", serviceCase.docket, query: [("selesai", "pesan")]))
    }

    /// Takes back the wish to be erased.
    func withdrawErasure(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let (serviceCase, _) = try await requireHolder(request, context)
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor)
        try await services.withdrawErasure(of: serviceCase.docket)
        return .seeOther(Link("berkas", serviceCase.docket, query: [("selesai", "batal-hapus")]))
    }

    /// Erases the applicant.
    func eraseData(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let (serviceCase, service) = try await requireHolder(request, context)
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor)
        do {
            try Sureness.require(in: form)
            let isRepeat = try await services.waitingErasure(of: serviceCase) != nil
            switch try await services.erase(serviceCase.docket) {
            case .kept(let reason): throw Problem("case.must-be-kept", .conflict, reason)
            case .waits where !isRepeat: try await services.tellErasureWished(serviceCase.docket)
            case .waits, .done: break
            }
        } catch let problem as Problem where problem.keepsForm {
            let state = FormState(problem: problem, typed: form, form: "hapus-data")
            return try await serviceCasePage(request, serviceCase, service, context, state: state, status: problem.httpStatus)
        }
        return .seeOther(Link("berkas", serviceCase.docket, query: [("selesai", "hapus")]))
    }
}
