// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Forms
import HTTPTypes
import Hummingbird
import Journal
import Services
import Web

/// Applying by a program: the same questions, checks and case as on the pages. A draft is made, files are put into it, and the
/// answers (by the service's JSON Schema) send it.
extension Portal {
    private static let answersLimit = 256 << 10

    /// `POST /api/v1/services/<code>/drafts`.
    func apiDraft(_ context: VisitorContext) async throws -> Response {
        let service = try requireService(context)
        let draft = try await services.newDraft(service, language: context.language)
        return .json(["draft": .string(draft), "schema": .string("\(origin)/layanan/\(service.code)/skema.json")], status: .created)
    }

    private func apiDraftOf(_ context: VisitorContext) async throws -> (token: String, draft: Services.Draft, service: Service) {
        let token = context.parameters.get("draf") ?? ""
        guard let (draft, service) = try await services.draft(token), draft.clerk == nil, draft.revises == nil else {
            throw Problem.notFound
        }
        return (token, draft, service)
    }

    /// `POST /api/v1/drafts/<draft>/files/<question>`: a photo or a PDF, as it is.
    func apiFile(_ request: Request, _ context: VisitorContext) async throws -> Response {
        var (token, draft, service) = try await apiDraftOf(context)
        let code = context.parameters.get("pertanyaan") ?? ""
        guard let question = service.questionnaire.questions.first(where: { $0.code == code }), case .files(let most) = question.kind
        else { throw Problem.notFound }
        guard draft.answers.files(code).count < most else {
            let message = Text(
                id: "Tidak disimpan: paling banyak \(most), dan semuanya sudah ada",
                en: "Not kept: at most \(most), and all are there"
            )
            throw Problem(
                "file.too-many",
                .unacceptable,
                Text(id: "Terlalu banyak berkas", en: "Too many files"),
                fields: [Problem.Field(code, message)]
            )
        }
        let name = try await services.addFile(try await request.bytes(limit: FormLimits.file), question: code, person: draft.person)
        draft.answers.set(code, files: draft.answers.files(code) + [name])
        try await services.save(draft, token: token)
        return .json(["name": .string(name)], status: .created)
    }

    /// `POST /api/v1/drafts/<draft>/submission`: the answers; files are those of the draft. Sent again, it finds the same case.
    func apiSubmit(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let (token, found, service) = try await apiDraftOf(context)
        let json = try await request.object(limit: Self.answersLimit)
        var draft = found
        let isSent = draft.sent != nil
        let submission = journal.vault.tokenHash("submission:\(json.canonical.hex)")
        guard !isSent || found.submission == submission else { throw Problem.otherContent }
        draft.submission = submission
        let given = Answers(json: json)
        let known = Dictionary(service.questionnaire.questions.map { ($0.code, $0) }, uniquingKeysWith: { $1 })
        let unknown = given.values.keys.sorted().filter { known[$0] == nil }
        guard unknown.isEmpty else {
            throw Problem.fields(unknown.map { Problem.Field($0, Text(id: "“\($0)” tidak ditanyakan", en: "“\($0)” is not asked")) })
        }
        for (code, question) in known where !isSent {
            switch question.kind {
            case .files: continue
            case .group(_, _, let inner):
                let groups = given.groups(code).map { group in
                    var read = Answers()
                    for question in inner { read[question.code] = question.normalised(group[question.code]) }
                    return read
                }
                draft.answers.set(code, groups: groups)
            default: draft.answers[code] = question.normalised(given[code])
            }
        }
        var applicant = Applicant.unknown
        applicant.network = context.peer
        let receipt = try await services.file(draft, service, token: token, clerk: nil, applicant: applicant)
        var response = Response.json(
            ["docket": .string(receipt.docket), "key": .string(receipt.key), "case": .string("\(origin)/berkas/\(receipt.docket)")],
            status: .created
        )
        response.headers[.location] = "/berkas/\(receipt.docket)"
        response.headers[.cacheControl] = "no-store"
        return response
    }
}
