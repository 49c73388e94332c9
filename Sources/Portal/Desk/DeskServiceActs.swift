// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Documents
import Essentials
import Forms
import HTTPTypes
import Hummingbird
import Identity
import Markup
import Services
import Web

/// What officers do to an application, and what they take from it.
extension Portal {
    /// Takes the code that a resident reads out, or another contact.
    func takeDeskContact(_ request: Request, _ context: OfficerContext) async throws -> Response {
        guard let (serviceCase, service) = try await services.find(context.visitor.parameters.get("nomor") ?? "") else {
            throw Problem.notFound
        }
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        do {
            try await takeContact(form, serviceCase.docket, by: .officer(context.officer))
        } catch let problem as Problem where problem.keepsForm {
            let state = FormState(problem: problem, typed: form)
            guard context.officer.sees(serviceCase, service: service) else {
                return try await counterContact(serviceCase, service, state, context, status: problem.httpStatus)
            }
            return try await deskServiceCase(request, context, state: state, status: problem.httpStatus)
        }
        guard context.officer.sees(serviceCase, service: service) else {
            return .seeOther(Link("meja", "layanan", query: [("tercatat", serviceCase.docket)]))
        }
        return .seeOther(Link("meja", "permohonan", serviceCase.docket, query: [("selesai", form["act"])]))
    }

    /// The contact of a case that a clerk filed for another agency, and nothing else of it.
    private func counterContact(
        _ serviceCase: Case,
        _ service: Service,
        _ state: FormState,
        _ context: OfficerContext,
        status: HTTPResponse.Status
    ) async throws -> Response {
        let story = try await services.story(of: serviceCase)
        guard services.isFiler(context.officer, story) else { throw Services.notYours }
        let action = Link("meja", "permohonan", serviceCase.docket, "kontak")
        let main: HTML = """
            \(state.summary(context.words))<h1>\(context.words(service.name))</h1><p class="code">\(serviceCase.docket)</p>
            \(contactBox(story, action: action, isClerk: true, state, context.visitor))
            """
        let title = "\(serviceCase.docket) \(context.words(service.name))"
        return respond(staffPage(title, context, section: .services, hasErrors: true, main: main), context.visitor, status: status)
    }

    /// Takes what an officer does to an application.
    func takeDeskServiceAct(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let (serviceCase, service) = try await requireVisible(context)
        let docket = serviceCase.docket
        let form = try await formWithFiles(request, context.visitor)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        let code = context.visitor.parameters.get("aksi") ?? ""
        let what = context.visitor.parameters.get("apa") ?? ""
        var kept: [String: [String]] = [:]
        do {
            switch what {
            case "langkah":
                let questions = service.stages.flatMap(\.actions).first { $0.code == code }?.questions ?? []
                if isLooking(questions, form) != nil {
                    return try await deskServiceCase(request, context, state: FormState(problem: nil, typed: form))
                }
                let answers: Answers
                do {
                    answers = try await read(
                        questions,
                        form,
                        over: Answers(),
                        language: context.visitor.language,
                        person: serviceCase.person
                    )
                } catch let unread as Unread {
                    kept = files(of: questions, in: unread.answers)
                    throw unread.problem
                }
                kept = files(of: questions, in: answers)
                try await noted(code) {
                    try await services.act(
                        code,
                        on: docket,
                        answers: answers,
                        note: form["note-\(code)"],
                        key: onceKey(form, for: code),
                        by: .officer(context.officer)
                    )
                }
                // Drawn at once where it can be; if this stops in the middle, the duty does it.
                try await documents.sealPending(docket: docket)
            case "setuju":
                try await services.clear(code, on: docket, note: form["note-\(code)"], key: onceKey(form, for: code), by: context.officer)
            default: throw Problem.notFound
            }
        } catch let problem as Problem where problem.keepsForm {
            let state = FormState(problem: problem, typed: form, kept: kept)
            return try await deskServiceCase(request, context, state: state, status: problem.httpStatus)
        }
        guard let after = try await services.find(docket), context.officer.sees(after.serviceCase, service: after.service) else {
            return .seeOther(Link("meja", "layanan", query: [("tercatat", docket)]))
        }
        return .seeOther(Link("meja", "permohonan", docket, query: [("selesai", what)]))
    }

    /// Takes a message of an officer.
    func takeDeskMessage(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let (serviceCase, _) = try await requireVisible(context)
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        do {
            try await services.write(
                form["message"],
                on: serviceCase.docket,
                key: onceKey(form, for: "pesan"),
                by: .officer(context.officer)
            )
        } catch let problem as Problem where problem.keepsForm {
            return try await deskServiceCase(request, context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
        return .seeOther(Link("meja", "permohonan", serviceCase.docket, query: [("selesai", "pesan")]))
    }

    /// Something sent along, for an officer of the case.
    func deskAttachment(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let (serviceCase, _) = try await requireVisible(context)
        try await services.recordView(serviceCase.docket, by: context.officer)
        return try await sentAlong(serviceCase, context.visitor)
    }

    /// A document, for an officer of the case: to print it at the counter.
    func deskDocument(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let (serviceCase, _) = try await requireVisible(context)
        try await services.recordView(serviceCase.docket, by: context.officer)
        let found = try await documents.documents(of: serviceCase.docket).first { $0.id == context.visitor.parameters.get("dokumen") }
        guard let document = found, let bytes = try await documents.content(of: document) else { throw Problem.notFound }
        return attachment(bytes, type: "application/pdf", name: document.id)
    }
}
