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
    func officialsPage(_ context: OfficerContext, state: FormState = .empty, status: HTTPResponse.Status = .ok) async throws -> Response {
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
        var people: [(value: String, label: String)] = []
        for code in appoints {
            for colleague in try await accounts.colleagues(in: code) {
                people.append(
                    (
                        colleague.account.description,
                        "\(city.agency(code).short): \(t("Petugas", "Officer")) \(colleague.number), \(colleague.name)"
                    )
                )
            }
        }
        let form: HTML =
            !appoints.isEmpty
            ? """
            <form class="box primary" method="post" action="\(Link("meja", "pejabat"))">\(hidden(context.visitor))<h2>\(t("Tunjuk pelaksana tugas", "Appoint an acting official"))</h2>
            \(Field(name: "agency", label: t("Instansi", "Agency")).select(state, t, value: own.agency, options: appoints.map { ($0, city.agency($0).short) }))
            \(Field(name: "officer", label: t("Siapa", "Who")).select(state, t, options: people))
            \(Field(name: "from", label: t("Dari tanggal", "From")).input(state, t, value: today.description, type: "date", isShort: true))
            \(Field(name: "until", label: t("Sampai tanggal", "Until")).input(state, t, value: today.adding(days: 7).description, type: "date", isShort: true))
            <p><button class="button">\(t("Tunjuk", "Appoint"))</button></p></form>
            """
            : HTML()
        let main: HTML = """
            \(state.summary(t))
            <h1>\(t("Pejabat", "Officials"))</h1>
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
        let (from, until) = (official.dates.lowerBound, official.dates.upperBound)
        let end: HTML =
            mayEnd
            ? """
            <form method="post" action="\(Link("meja", "pejabat"))">\(hidden(context.visitor))<input type="hidden" name="act" value="end"><input type="hidden" name="agency" value="\(official.agency)"><input type="hidden" name="officer" value="\(official.account)"><input type="hidden" name="from" value="\(from.description)"><p><button class="button secondary">\(t("Akhiri", "End it"))<span class="sr"> \(official.name)</span></button></p></form>
            """
            : HTML()
        return "<p>\(official.name), \(from.long(t.language)) – \(until.long(t.language))</p>\(end)"
    }

    /// Appoints an acting official, or ends an appointment: the agency above, or a supervisor.
    func appoint(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        let officer = context.officer
        do {
            let agency = form["agency"]
            guard city.agencies[agency] != nil else {
                throw Problem.fields([Problem.Field("agency", Text(id: "Pilih instansi", en: "Choose an agency"))])
            }
            let superior = city.agency(agency).superior
            if form["act"] == "end" {
                guard let from = CivilDate(form["from"]) else { throw Problem.notFound }
                try await accounts.endActing(form["officer"], agency: agency, under: superior, from: from, by: officer)
                return .seeOther(Link("meja", "pejabat"))
            }
            guard let from = CivilDate.typed(form["from"]).value, let until = CivilDate.typed(form["until"]).value, from <= until,
                until <= from.adding(days: 366)
            else {
                throw Problem.fields([
                    Problem.Field("until", Text(id: "Tanggal berurutan, paling lama setahun", en: "Dates in order, at most a year"))
                ])
            }
            guard let account = Identifier(form["officer"]) else {
                throw Problem.fields([Problem.Field("officer", Text(id: "Pilih petugas", en: "Choose an officer"))])
            }
            try await accounts.appointActing(account, agency: agency, under: superior, dates: from...until, by: officer)
        } catch let problem as Problem where problem.keepsForm {
            return try await officialsPage(context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
        return .seeOther(Link("meja", "pejabat"))
    }
}
