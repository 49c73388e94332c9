// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Identity
import Markup
import Web

/// Who heads each agency today, and who stands in when (Plt/Plh): where escalations go, and where they would find no one.
extension Portal {
    /// Shows the officials.
    func officialsPage(
        _ request: Request,
        _ context: OfficerContext,
        state: FormState = .empty,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let t = context.words
        let today = now.date(in: city.zone)
        let heads = try await accounts.heads(on: today)
        let acting = try await accounts.actingOfficials(from: today)
        let own = context.officer
        let agencies = city.agencyOrder.filter { own.seesAll || $0 == own.agency || city.agency($0).superior == own.agency }
        let mayAppoint = try await accounts.appoints(own)
        let appoints = city.agencyOrder.filter { mayAppoint(city.agency($0).superior) }
        let rows = HTML(
            agencies.map { code in
                let head = heads[code]
                let stands = acting.filter { $0.agency == code }
                let name: HTML =
                    head.map { "\(t("Petugas", "Officer")) \($0.number), \($0.name)" as HTML }
                    ?? Badge.html(.warning, t("Tidak ada", "Nobody"), tone: "bad")
                return """
                    <tr><th scope="row">\(city.agency(code).short)</th><td data-l="\(t("Kepala hari ini", "Head today"))">\(name)</td><td data-l="\(t("Pelaksana tugas", "Acting"))">\(stands.isEmpty ? "–" : "<div>\(HTML(stands.map { actingOfficial($0, mayEnd: appoints.contains(code), context) }))</div>")</td></tr>
                    """
            }
        )
        // Only who may be appointed is offered.
        var people: [(name: String, options: [(value: String, label: String)])] = []
        for code in appoints {
            let colleagues = try await accounts.colleagues(in: code).filter { $0.roles.isDisjoint(with: [.head, .treasurer]) }
            guard !colleagues.isEmpty else { continue }
            let options = colleagues.map { ($0.account.description, "\(t("Petugas", "Officer")) \($0.number), \($0.name)") }
            people.append((city.agency(code).short, options))
        }
        let none = [("", t("Pilih satu", "Choose one"))]
        let form: HTML =
            !appoints.isEmpty
            ? """
            <form class="box primary" method="post" action="\(Link("meja", "pejabat"))">\(hidden(context.visitor))<h2>\(t("Tunjuk pelaksana tugas", "Appoint an acting official"))</h2>
            <p>\(t("Pada hari-hari itu ia berwenang seperti kepala instansi, juga untuk menandatangani.", "On those days they have the powers of the head of the agency, to sign as well."))</p>
            \(Field(name: "agency", label: t("Instansi", "Agency")).select(state, t, options: none + appoints.map { ($0, city.agency($0).short) }))
            \(Field(name: "officer", label: t("Siapa", "Who")).select(state, t, groups: people))
            \(Field(name: "from", label: t("Dari tanggal", "From")).input(state, t, value: today.description, type: "date", isShort: true))
            \(Field(name: "until", label: t("Sampai tanggal", "Until")).input(state, t, value: today.adding(days: 7).description, type: "date", isShort: true))
            <p><button class="button">\(t("Tunjuk", "Appoint"))</button></p></form>
            """
            : HTML()
        let main: HTML = """
            \(state.summary(t))
            <h1>\(t("Pejabat", "Officials"))</h1>\(state.problem == nil ? done(request, acting, t) : HTML())
            <p>\(t("Eskalasi menuju orang-orang ini. Instansi tanpa kepala menyalakan alarm.", "Escalations go to these people. An agency without a head raises an alarm."))</p>
            \(form)
            <table class="stack"><caption class="sr">\(t("Kepala dan pelaksana tugas tiap instansi", "Head and acting official of each agency"))</caption><thead><tr><th scope="col">\(t("Instansi", "Agency"))</th><th scope="col">\(t("Kepala hari ini", "Head today"))</th><th scope="col">\(t("Pelaksana tugas", "Acting"))</th></tr></thead><tbody>\(rows)</tbody></table>
            """
        return respond(
            staffPage(
                t("Pejabat", "Officials"),
                context,
                crumbs: [(t("Meja kerja", "Desk"), Link("meja"))],
                hasErrors: state.problem != nil,
                main: main
            ),
            context.visitor,
            status: status
        )
    }

    private func actingOfficial(_ official: Accounts.ActingOfficial, mayEnd: Bool, _ context: OfficerContext) -> HTML {
        let t = context.words
        let end: HTML =
            mayEnd
            ? """
            <form method="post" action="\(Link("meja", "pejabat"))">\(hidden(context.visitor))<input type="hidden" name="act" value="end"><input type="hidden" name="agency" value="\(official.agency)"><input type="hidden" name="officer" value="\(official.account)"><input type="hidden" name="from" value="\(official.dates.lowerBound.description)"><p><button class="button secondary">\(t("Akhiri", "End it"))<span class="sr"> \(official.name)</span></button></p></form>
            """
            : HTML()
        return "<p>\(official.name), \(CivilDate.long(official.dates, t.language))</p>\(end)"
    }

    /// What an act did, as the record has it.
    private func done(_ request: Request, _ acting: [Accounts.ActingOfficial], _ t: Words) -> HTML {
        guard let agency = request.query("instansi"), city.agencies[agency] != nil else { return HTML() }
        let name = city.agency(agency).short
        let appointed = acting.first { $0.agency == agency && $0.dates.lowerBound.description == request.query("dari") }
        switch (request.query("selesai"), appointed) {
        case ("tunjuk", .some(let official)):
            let days = CivilDate.long(official.dates, t.language)
            return doneNotice(
                t("\(official.name) menggantikan kepala \(name), \(days).", "\(official.name) stands in for the head of \(name), \(days).")
            )
        case ("akhiri", _):
            return doneNotice(t("Penunjukan pelaksana tugas di \(name) diakhiri.", "The appointment at \(name) is ended."))
        default: return HTML()
        }
    }

    /// Appoints an acting official, or ends an appointment: the agency above, or a supervisor.
    func appoint(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        let officer = context.officer
        do {
            let (agency, isEnd) = (form["agency"], form["act"] == "end")
            let (from, until) = (CivilDate.typed(form["from"]).value, CivilDate.typed(form["until"]).value)
            let account = Identifier(form["officer"])
            var faults: [Problem.Field] = []
            if city.agencies[agency] == nil {
                faults.append(Problem.Field("agency", Text(id: "Pilih instansinya", en: "Choose the agency")))
            }
            if account == nil { faults.append(Problem.Field("officer", Text(id: "Pilih petugasnya", en: "Choose the officer"))) }
            let dates = from.flatMap { from in until.flatMap { from <= $0 && $0 <= from.adding(days: 366) ? from...$0 : nil } }
            if !isEnd, dates == nil {
                faults.append(
                    Problem.Field("until", Text(id: "Tanggal berurutan, paling lama setahun", en: "Dates in order, at most a year"))
                )
            }
            guard faults.isEmpty, let account else { throw Problem.fields(faults) }
            let superior = city.agency(agency).superior
            if let dates, !isEnd {
                try await accounts.appointActing(account, agency: agency, under: superior, dates: dates, by: officer)
            } else {
                guard let from else { throw Problem.notFound }
                try await accounts.endActing(account.description, agency: agency, under: superior, from: from, by: officer)
            }
            let done = [("selesai", isEnd ? "akhiri" : "tunjuk"), ("instansi", agency), ("dari", from?.description ?? "")]
            return .seeOther(Link("meja", "pejabat", query: done))
        } catch let problem as Problem where problem.keepsForm {
            return try await officialsPage(request, context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
    }
}
