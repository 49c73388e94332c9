// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Identity
import Markup
import Web

/// For administrators: an officer who has lost password or authenticator is given a new link, once somebody has made sure who asks.
extension Portal {
    private func requireAdministrator(_ context: OfficerContext) throws {
        guard context.officer.roles.contains(.administrator) else { throw Problem.notFound }
    }

    /// Asks whose account is reset, and why; then whether it is really theirs: a number is easily mistyped.
    ///
    /// - Parameters:
    ///   - found: whose number it is, with the reason that was given.
    ///   - claim: the token of the link that was just made; it is shown this once.
    func staffListPage(
        _ context: OfficerContext,
        found: (officer: Officer, reason: String)? = nil,
        claim: String? = nil,
        state: FormState = .empty,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        try requireAdministrator(context)
        let t = context.words
        let made: HTML? = claim.map {
            """
            <div class="box primary" role="status"><h2>\(t("Tautan baru", "New link"))</h2><p>\(t("Serahkan langsung kepada pemilik akun; berlaku 7 hari, sekali pakai, dan tidak ditampilkan lagi.", "Hand it to the owner of the account; it holds for 7 days, works once, and is not shown again."))</p><p class="code">\("\(origin)/masuk/klaim/\($0)")</p></div>
            """
        }
        let question: HTML? = found.map { officer, reason in
            let whose = "\(officer.name), \(t("Petugas", "Officer")) \(officer.number), \(city.agency(officer.agency).name)"
            return """
                <form class="box primary" method="post" action="\(Link("meja", "petugas"))">\(hidden(context.visitor))
                <h2>\(t("Setel ulang akun ini?", "Reset this account?"))</h2><p><b>\(whose)</b></p><p>\(reason)</p>
                <input type="hidden" name="number" value="\(officer.number)"><input type="hidden" name="reason" value="\(reason)">
                <p class="row"><button class="button" name="yakin" value="ya">\(t("Ya, setel ulang", "Yes, reset it"))</button>
                <a href="\(Link("meja", "petugas"))">\(t("Bukan, ulangi", "No, start again"))</a></p></form>
                """
        }
        if let question {
            let title = t("Setel ulang akun ini?", "Reset this account?")
            return respond(
                staffPage(title, context, main: "<h1>\(t("Setel ulang akun petugas", "Reset an officer’s account"))</h1>\(question)"),
                context.visitor
            )
        }
        let main: HTML = """
            \(state.summary(t))
            <h1>\(t("Setel ulang akun petugas", "Reset an officer’s account"))</h1>
            \(made)
            <p>\(t("Kata sandi, aplikasi kode, sesi, dan kunci program akun itu berakhir seketika. Tercatat beserta sebabnya, dan pemiliknya melihatnya.", "Password, authenticator, sessions and keys for programs of the account end at once. It goes on record with the reason, and its owner sees it."))</p>
            <form method="post" action="\(Link("meja", "petugas"))">\(hidden(context.visitor))
            \(Field(name: "number", label: t("Nomor petugas", "Officer’s number")).input(state, t, inputMode: "numeric", isShort: true))
            \(Field(name: "reason", label: t("Sebabnya, dan bagaimana Anda memastikan orangnya", "Why, and how you made sure who asks")).input(state, t))
            <p><button class="button">\(t("Lanjut", "Continue"))</button></p></form>
            """
        return respond(
            staffPage(t("Setel ulang akun", "Reset an account"), context, hasErrors: state.problem != nil, main: main),
            context.visitor,
            status: status
        )
    }

    /// Resets an account.
    func resetAccount(_ request: Request, _ context: OfficerContext) async throws -> Response {
        try requireAdministrator(context)
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        do {
            let nobody = Problem.fields([
                Problem.Field("number", Text(id: "Tidak ada petugas lain bernomor ini", en: "No other officer has this number"))
            ])
            let number = Int(digits: form["number"].utf8) ?? 0
            guard number != context.officer.number, let officer = try await accounts.officer(number: number) else { throw nobody }
            guard form.has("yakin") else {
                try Accounts.requireReason(form["reason"])
                return try await staffListPage(context, found: (officer, form["reason"]))
            }
            guard let claim = try await accounts.reset(number: number, reason: form["reason"], by: context.officer.actor) else {
                throw nobody
            }
            return try await staffListPage(context, claim: claim)
        } catch let problem as Problem where problem.keepsForm {
            return try await staffListPage(context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
    }
}
