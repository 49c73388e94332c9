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
        let ended = try await accounts.ended(among: acting.map(\.account))
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
                    <tr><th scope="row">\(city.agency(code).short)</th><td data-l="\(t("Kepala hari ini", "Head today"))">\(name)</td><td data-l="\(t("Pelaksana tugas", "Acting"))">\(stands.isEmpty ? "–" : "<div>\(HTML(stands.map { actingOfficial($0, isGone: ended.contains($0.account), mayEnd: appoints.contains(code), context) }))</div>")</td></tr>
                    """
            }
        )
        // Only who may be appointed is offered.
        var people: [(name: String, options: [(value: String, label: String)])] = []
        for code in appoints {
            let colleagues = try await accounts.colleagues(in: code).filter {
                $0.account != own.account && Accounts.hindrance(of: $0, at: code) == nil
            }
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
            \(Self.limits(t))
            \(Field(name: "agency", label: t("Instansi", "Agency")).select(state, t, options: none + appoints.map { ($0, city.agency($0).short) }))
            \(Field(name: "officer", label: t("Siapa", "Who")).select(state, t, groups: people))
            \(Field(name: "standing", label: t("Sebagai", "As")).radios(state, t, options: standings(t)))
            \(Field(name: "order", label: t("Nomor surat perintah", "Number of the order")).input(state, t))
            \(Field(name: "from", label: t("Dari tanggal", "From")).input(state, t, value: today.description, type: "date", isShort: true))
            \(Field(name: "until", label: t("Sampai tanggal", "Until")).input(state, t, value: today.adding(days: 7).description, type: "date", isShort: true))
            <p><button class="button">\(t("Tunjuk", "Appoint"))</button></p></form>
            """
            : HTML()
        let main: HTML = """
            \(state.summary(t))
            <h1>\(t("Pejabat", "Officials"))</h1>\(state.problem == nil ? try await done(request, acting, t) : HTML())
            <p>\(t("Eskalasi menuju orang-orang ini. Instansi tanpa kepala menyalakan alarm.", "Escalations go to these people. An agency without a head raises an alarm."))</p>
            \(form)
            <table class="stack"><caption class="sr">\(t("Kepala dan pelaksana tugas tiap instansi", "Head and acting official of each agency"))</caption><thead><tr><th scope="col">\(t("Instansi", "Agency"))</th><th scope="col">\(t("Kepala hari ini", "Head today"))</th><th scope="col">\(t("Pelaksana tugas", "Acting"))</th></tr></thead><tbody>\(rows)</tbody></table>
            \(try await pastOfficials(request, state, context))
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

    private func actingOfficial(
        _ official: Accounts.ActingOfficial,
        isGone: Bool,
        mayEnd: Bool,
        _ context: OfficerContext
    ) -> HTML {
        let t = context.words
        let end: HTML =
            mayEnd
            ? """
            <form method="post" action="\(Link("meja", "pejabat"))">\(hidden(context.visitor))<input type="hidden" name="act" value="end"><input type="hidden" name="agency" value="\(official.agency)"><input type="hidden" name="officer" value="\(official.account)"><input type="hidden" name="from" value="\(official.dates.lowerBound.description)"><p><button class="button secondary">\(t("Akhiri", "End it"))<span class="sr"> \(official.name)</span></button></p></form>
            """
            : HTML()
        let days = CivilDate.long(official.dates, t.language)
        let gone: HTML =
            isGone
            ? "<br>\(Badge.html(.warning, t("Akunnya sudah diakhiri: tidak ada yang menggantikan", "The account is ended: nobody stands in"), tone: "bad"))"
            : HTML()
        return """
            <p>\(official.standing.mark) \(official.name), \(days)\(gone)<br><span class="small muted">\(t("Surat perintah", "Order")) \(official.order)</span></p>\(end)
            """
    }

    /// Who has stood in, by which order and until when: for those who oversee what was signed.
    private func pastOfficials(_ request: Request, _ state: FormState, _ context: OfficerContext) async throws -> HTML {
        guard !context.officer.roles.isDisjoint(with: [.supervisor, .auditor]) else { return HTML() }
        let t = context.words
        let number = state.typed == nil ? try request.page() : .first
        let past = try await accounts.pastActingOfficials(on: now.date(in: city.zone), page: number, size: 25)
        try number.requireRows(past.rows)
        guard !past.rows.isEmpty else { return HTML() }
        let rows = HTML(
            past.rows.map { official in
                let ended: HTML =
                    official.endedAt.map { moment in
                        let isVoid = moment.date(in: city.zone) < official.dates.lowerBound
                        let stamp = moment.stamp(t.language, zone: city.zone)
                        return isVoid
                            ? "<br>\(t("Dibatalkan sebelum mulai, \(stamp)", "Taken back before it began, \(stamp)"))"
                            : "<br>\(t("Diakhiri \(stamp)", "Ended \(stamp)"))"
                    } ?? HTML()
                return """
                    <tr><th scope="row">\(city.agency(official.agency).short)</th><td data-l="\(t("Siapa", "Who"))">\(official.standing.mark) \(official.name)</td><td data-l="\(t("Kapan", "When"))">\(CivilDate.long(official.dates, t.language))\(ended)</td><td data-l="\(t("Surat perintah", "Order"))">\(official.order)</td></tr>
                    """
            }
        )
        func link(_ page: PageNumber) -> Link { Link("meja", "pejabat", query: [("hal", String(page.number))]) }
        return """
            <section aria-labelledby="h-dulu"><h2 id="h-dulu">\(t("Penunjukan yang sudah berakhir (\(past.total))", "Appointments that are over (\(past.total))"))</h2>
            <table class="stack"><caption class="sr">\(t("Penunjukan yang sudah berakhir", "Appointments that are over"))</caption><thead><tr><th scope="col">\(t("Instansi", "Agency"))</th><th scope="col">\(t("Siapa", "Who"))</th><th scope="col">\(t("Kapan", "When"))</th><th scope="col">\(t("Surat perintah", "Order"))</th></tr></thead><tbody>\(rows)</tbody></table>
            <p class="row">\(number.previous.map { "<a href=\"\(link($0))\">\(t("Sebelumnya", "Previous"))</a>" as HTML })\(number.next(of: past.total, size: 25).map { "<a href=\"\(link($0))\">\(t("Berikutnya", "Next"))</a>" as HTML })</p></section>
            """
    }

    private func standings(_ t: Words) -> [(value: String, label: String, detail: String)] {
        Accounts.ActingStanding.allCases.map { standing in
            switch standing {
            case .plt:
                (
                    standing.rawValue, t("Pelaksana tugas (Plt.)", "Acting head (Plt.)"),
                    t("Jabatannya kosong; akun kepalanya sudah diakhiri.", "The office is vacant; the account of its head is ended.")
                )
            case .plh:
                (
                    standing.rawValue, t("Pelaksana harian (Plh.)", "Head of the day (Plh.)"),
                    t("Pejabatnya berhalangan sementara.", "Its holder is away for a time.")
                )
            }
        }
    }

    /// What whoever stands in may not do (UU 30/2014 art. 14(7) and its elucidation): the program cannot know it of a decision.
    private static func limits(_ t: Words) -> HTML {
        let id =
            "Ia menjalankan tugas rutin jabatan itu. Ia tidak berwenang mengambil keputusan strategis yang mengubah status hukum organisasi, kepegawaian, atau alokasi anggaran: mengubah rencana strategis, rencana kerja, atau susunan organisasi; mengangkat, memindahkan, atau memberhentikan pegawai; mengubah anggaran yang sudah ditetapkan (UU 30/2014 ps. 14 ayat (7)). Tanggung jawabnya tetap pada yang menunjuk (ayat (8))."
        let en =
            "They do the routine work of that office. They may take no strategic decision that changes the legal standing of the organisation, of staff or of the budget: none that changes strategic or work plans or the structure of the agency; appoints, moves or dismisses staff; or changes a budget that is set (Law 30/2014 art. 14(7)). Whoever appoints them stays responsible (art. 14(8))."
        return "<p>\(t(id, en))</p>"
    }

    /// That an officer stands in for their head today, and what they may not do: as the first thing that they see.
    func standingIn(_ officer: Officer, _ t: Words) async throws -> HTML {
        guard let acting = try await accounts.standsIn(officer, on: now.date(in: city.zone)) else { return HTML() }
        let days = CivilDate.long(acting.dates, t.language)
        return """
            <div class="notice">\(Icon.note.html)<div><p><b>\(t("Anda menggantikan kepala instansi (\(acting.standing.mark)), \(days).", "You stand in for the head of your agency (\(acting.standing.mark)), \(days)."))</b> \(t("Surat perintah", "Order")) \(acting.order).</p>\(Self.limits(t))</div></div>
            """
    }

    /// What an act did, as the record has it.
    private func done(_ request: Request, _ acting: [Accounts.ActingOfficial], _ t: Words) async throws -> HTML {
        guard let agency = request.query("instansi"), city.agencies[agency] != nil else { return HTML() }
        let name = city.agency(agency).short
        let appointed = acting.first { $0.agency == agency && $0.dates.lowerBound.description == request.query("dari") }
        switch (request.query("selesai"), appointed) {
        case ("tunjuk", .some(let official)):
            let days = CivilDate.long(official.dates, t.language)
            return doneNotice(
                t(
                    "\(official.name) menggantikan kepala \(name) (\(official.standing.mark)), \(days).",
                    "\(official.name) stands in for the head of \(name) (\(official.standing.mark)), \(days)."
                )
            )
        case ("akhiri", _):
            let from = request.query("dari").flatMap { CivilDate($0) }
            guard let from, try await accounts.isOver(at: agency, from: from, on: now.date(in: city.zone)) else { return HTML() }
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
            let standing = Accounts.ActingStanding(rawValue: form["standing"])
            if !isEnd, standing == nil {
                faults.append(Problem.Field("standing", Text(id: "Pilih Plt. atau Plh.", en: "Choose Plt. or Plh.")))
            }
            if !isEnd, let fault = Accounts.Appointment.fault(ofOrder: form["order"]) { faults.append(fault) }
            if !isEnd, dates == nil {
                faults.append(
                    Problem.Field("until", Text(id: "Tanggal berurutan, paling lama setahun", en: "Dates in order, at most a year"))
                )
            }
            guard faults.isEmpty, let account else { throw Problem.fields(faults) }
            let superior = city.agency(agency).superior
            if let dates, let standing, !isEnd {
                let appointment = Accounts.Appointment(account, at: agency, as: standing, order: form["order"], on: dates)
                try await accounts.appointActing(appointment, under: superior, within: city.vacancy, by: officer)
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
