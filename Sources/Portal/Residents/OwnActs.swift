// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Documents
import Essentials
import Fees
import Forms
import HTTPTypes
import Hummingbird
import Markup
import Residents
import Services
import Web

/// What residents do on their own page.
extension Portal {
    /// Takes what was sent from the page.
    func takeOwnAct(_ request: Request, _ context: VisitorContext) async throws -> Response {
        guard let resident = try await resident(request), let session = request.cookie("warga") else { return .seeOther(Link("saya")) }
        var request = request
        let act = context.parameters.get("apa") ?? ""
        if Self.provenOwnActs.contains(act) {
            do {
                switch try await proven(request, context, resident, session, checking: { try requireReady(act, $0, resident) }) {
                case .goOn(let sent): request = sent
                case .answer(let response): return response
                }
            } catch let refused as Refused {
                let state = FormState(problem: naming(refused.problem, resident), typed: refused.form)
                return try await ownPage(request, context, state: state, status: refused.problem.httpStatus)
            }
        }
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor)
        do {
            switch context.parameters.get("apa") {
            case "keluar":
                let elsewhere = form.has("lainnya")
                try await residents.signOut(session: session, elsewhere: elsewhere)
                if elsewhere { return .seeOther(Link("saya", query: [("selesai", "keluar")])) }
                return Response.seeOther(Link("")).settingCookie("warga", "", seconds: 0)
            case "loket":
                return try await ownPage(
                    request,
                    context,
                    counterCode: try await residents.counterCode(of: resident, visitor: context.visitor)
                )
            case "data": try await residents.setDetails(try details(form, of: resident), of: resident)
            case "kontak":
                try await residents.sendCode(
                    adding: form["contact"],
                    to: resident,
                    address: context.peer,
                    language: context.language
                )
                break
            case "tambah-kontak":
                try await renaming("code", to: "new-code") {
                    try await residents.addContact(code: form["new-code"], to: resident, language: context.language)
                }
            case "lepas-kontak":
                try await residents.removeContact(form["contact"], from: resident, session: session, language: context.language)
            case "batal-lepas": try await residents.keepContacts(of: resident)
            case "kunci":
                let credential = (try? JSON(parsing: form["credential"].utf8)) ?? [:]
                try await residents.addPasskey(
                    credential,
                    name: form["key-name"],
                    to: resident,
                    visitor: context.visitor,
                    language: context.language
                )
            case "lepas-kunci":
                try await residents.removePasskey(form["passkey"], from: resident, session: session, language: context.language)
            case "hapus":
                try requireEnding(form, resident)
                try await complaints.eraseEnded(of: resident.contacts, basis: "UU 27/2022 ps. 8")
                // Two addresses: whoever opens the first one later, signed out, is not told that it was done.
                let reports = try await complaints.staying(of: resident.contacts)
                let applications = try await services.ownCases(of: resident.contacts)
                guard
                    try await services.erase(resident, in: residents, language: context.language, reports: reports).isEmpty
                else {
                    return .seeOther(Link("saya", query: [("selesai", "hapus")]))
                }
                var staying = try await services.staying(among: applications)
                staying.reports = reports
                return Response.seeOther(Self.door(but: staying)).settingCookie("warga", "", seconds: 0)
            case "batal-hapus":
                try await services.withdrawErasure(of: resident, in: residents)
                return .seeOther(Link("saya", query: [("selesai", "batal-hapus")]))
            default: throw Problem.notFound
            }
        } catch let problem as Problem where problem.keepsForm {
            let state = FormState(problem: naming(problem, resident), typed: form)
            return try await ownPage(request, context, state: state, status: problem.httpStatus)
        }
        return .seeOther(Link("saya", query: [("selesai", context.parameters.get("apa") ?? "")]))
    }

    /// A form that was refused before a code was asked for.
    private struct Refused: Error {
        let problem: Problem
        let form: Form
    }

    /// Nobody waits for a code only to read that a tick is missing.
    private func requireReady(_ act: String, _ form: Form, _ resident: Resident) throws {
        guard act == "hapus" else { return }
        do { try requireEnding(form, resident) } catch let problem as Problem { throw Refused(problem: problem, form: form) }
    }

    private func requireEnding(_ form: Form, _ resident: Resident) throws {
        try Sureness.require(in: form)
        try resident.requireSettled(at: now)
    }

    /// A problem about what is new on the account, with each of that and the way to it.
    private func naming(_ problem: Problem, _ resident: Resident) -> Problem {
        guard problem.code == "resident.unsettled" else { return problem }
        func field(_ name: String, _ id: String, _ en: String, _ days: Int?) -> Problem.Field {
            guard let days else { return Problem.Field(name, Text(id: "\(id), sedang dilepas", en: "\(en), being taken off")) }
            return Problem.Field(name, Text(id: "\(id), masih baru \(days) hari", en: "\(en), new for \(days.counted("day", "days"))"))
        }
        let fields =
            resident.newContacts(at: now).map { field("kontak", "Kontak \($0.what.masked)", "Contact \($0.what.masked)", $0.days) }
            + resident.leaving.map { field("kontak", "Kontak \($0.contact.masked)", "Contact \($0.contact.masked)", nil) }
            + resident.newPasskeys(at: now).map { field("kunci", "Kunci sandi \($0.what.name)", "Passkey \($0.what.name)", $0.days) }
        return Problem(problem.code, problem.status, problem.title, remedy: problem.remedy, fields: fields)
    }

    private func renaming(_ name: String, to other: String, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let problem as Problem where problem.fields.contains(where: { $0.name == name }) {
            throw Problem.fields(problem.fields.map { $0.name == name ? Problem.Field(other, $0.message) : $0 })
        }
    }

    /// The details that were typed. A number that stands there with dots in it was not touched.
    private func details(_ form: Form, of resident: Resident) throws -> [Questionnaire.Known: String] {
        var details: [Questionnaire.Known: String] = [:]
        var faults: [Problem.Field] = []
        for known in Self.ownDetails.map(\.known) + [.subdistrict] where form.has(known.rawValue) {
            let text = form[known.rawValue]
            switch known {
            case .residentNumber, .familyCard:
                if text.contains("•") { continue }
                let digits = known == .familyCard ? ResidentNumber.familyCard(text) : ResidentNumber(text)?.digits
                if digits == nil, !text.isEmpty {
                    let message = Text(id: "Nomor ini terdiri dari 16 angka; periksa lagi", en: "This number has 16 digits; look again")
                    faults.append(Problem.Field(known.rawValue, message))
                }
                details[known] = digits ?? ""
            case .subdistrict: details[known] = city.regions[text]?.parent == nil ? "" : text
            default:
                if text.count > 200 {
                    faults.append(Problem.Field(known.rawValue, Text(id: "Paling panjang 200 huruf", en: "At most 200 characters")))
                }
                details[known] = text
            }
        }
        guard faults.isEmpty else { throw Problem.fields(faults) }
        return details
    }

    /// Everything that the city holds about a resident (UU 27/2022 art 7 and 13).
    func downloadOwnData(_ request: Request) async throws -> Response {
        guard let resident = try await resident(request) else { return .seeOther(Link("saya")) }
        let all = try await belongings(of: resident, limit: nil)
        var response = Response.json([
            "account": try await residents.everything(about: resident),
            "applications": .array(try await all.applications.asyncMap { try await services.everything(about: $0.serviceCase) }),
            "documents": .array(
                all.documents.map { ["number": .string($0.number), "title": .string($0.title), "docket": .string($0.docket)] }
            ),
            "payments": .array(
                all.payments.map {
                    [
                        "receipt": .string($0.receipt), "amount": JSON($0.amount), "docket": .string($0.docket),
                        "state": .string(Self.state(of: $0)),
                    ]
                }
            ),
            "refunds": .array(
                all.refunds.map {
                    ["amount": JSON($0.amount), "docket": .string($0.docket), "order": .string($0.id), "state": .string($0.state.rawValue)]
                }
            ),
            "reports": .array(all.reports.map { ["docket": .string($0.docket), "title": .string($0.title)] }),
        ])
        response.headers[.contentDisposition] = "attachment; filename=\"data-saya.json\""
        response.headers[.cacheControl] = "private, no-store"
        return response
    }

    private static func state(of payment: Payment) -> String {
        if payment.isNotThere { return "not-in-account" }
        return payment.isCorrected ? "recorded-by-mistake" : payment.isReversed ? "taken-back" : "received"
    }
}
