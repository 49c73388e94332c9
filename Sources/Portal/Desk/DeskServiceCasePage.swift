// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Documents
import Essentials
import Fees
import Forms
import HTTPTypes
import Hummingbird
import Identity
import Journal
import Markup
import Notifications
import Services
import Web

/// One application as officers see it: answers, every act that is theirs now, conversation, clock, money, papers, trail.
extension Portal {
    func requireVisible(_ context: OfficerContext) async throws -> (serviceCase: Case, service: Service) {
        guard let found = try await services.find(context.visitor.parameters.get("nomor") ?? "") else { throw Problem.notFound }
        guard context.officer.sees(found.serviceCase, service: found.service) else { throw Self.notVisible }
        return found
    }

    private static let notVisible = Problem(
        "case.not-yours",
        .forbidden,
        Text(id: "Berkas ini bukan tugas Anda", en: "This case is not yours"),
        remedy: Text(id: "Isinya hanya untuk yang menanganinya.", en: "What is in it is for those who handle it.")
    )

    /// What a treasurer sees of a case: what is owed and what came in, and not a word of what its applicant said.
    private func moneyPage(_ serviceCase: Case, _ service: Service, _ context: OfficerContext) async throws -> Response {
        let t = context.words
        let main: HTML = """
            <header><h1>\(t(service.name))</h1><p class="row"><span class="code">\(serviceCase.docket)</span>\(statusBadge(serviceCase, service, t))</p></header>
            \(try await deskMoney(serviceCase, t))<p><a href="\(Link("meja", "kas"))">\(t("Kas dan pembayaran", "Cash and payments"))</a></p>
            """
        return respond(
            staffPage(
                "\(serviceCase.docket) \(t(service.name))",
                context,
                section: .services,
                crumbs: [(t("Meja kerja", "Desk"), Link("meja")), (t("Permohonan", "Applications"), Link("meja", "layanan"))],
                main: main
            ),
            context.visitor
        )
    }

    /// Shows an application to an officer; that it was opened is recorded, and its applicant sees it.
    func deskServiceCase(
        _ request: Request,
        _ context: OfficerContext,
        state: FormState = .empty,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let t = context.words
        guard let (serviceCase, service) = try await services.find(context.visitor.parameters.get("nomor") ?? "") else {
            throw Problem.notFound
        }
        switch context.officer.sight(of: serviceCase, service: service) {
        case .nothing: throw Self.notVisible
        case .money: return try await moneyPage(serviceCase, service, context)
        case .dossier: break
        }
        let docket = serviceCase.docket
        try await services.recordView(docket, by: context.officer)
        let story = try await services.story(of: serviceCase)
        let list = answerList(
            service.questionnaire.questions,
            story.answers,
            isDense: true,
            files: { name, index in
                "<a href=\"\(Link("meja", "permohonan", docket, "lampiran", name))\">\(t("Berkas \(index)", "File \(index)"))</a>"
            },
            t
        )
        let found = answerList(
            service.stages.flatMap { $0.actions.flatMap(\.questions) },
            story.findings,
            isDense: true,
            files: { name, index in
                "<a href=\"\(Link("meja", "permohonan", docket, "lampiran", name))\">\(t("Berkas \(index)", "File \(index)"))</a>"
            },
            t
        )
        let main: HTML = """
            \(state.summary(t))\(state.typed == nil ? deskDone(request, story, service, by: context.officer, t) : HTML())
            <header><h1>\(t(service.name))</h1><p class="row"><span class="code">\(docket)</span>\(statusBadge(serviceCase, service, t))<span class="muted">\(serviceCase.channel == "counter" ? t("Diajukan di loket", "Filed at the counter") : t("Diajukan sendiri", "Filed by the applicant")). \(t(story.assurance.name)).</span></p></header>
            <div class="three">
            <div><section aria-labelledby="d1"><h2 id="d1">\(t("Isian pemohon", "The applicant’s answers"))</h2>\(story.isErased ? "<p>\(t("Sudah dihapus.", "Erased."))</p>" : list)</section>\(story.findings.values.isEmpty ? HTML() : "<section aria-labelledby=\"d2\"><h2 id=\"d2\">\(t("Temuan petugas", "Findings"))</h2>\(found)</section>")\(try await waitingErasure(serviceCase, isApplicant: false, context.visitor))</div>
            <div>\(try await deskActs(serviceCase, service, story, state, context))\(deskTalk(serviceCase, story, state, context))\(deskContact(serviceCase, story, state, context))</div>
            <div>\(clock(serviceCase, service, t))\(try await booked(serviceCase, isApplicant: false, t))\(waitingOffices(serviceCase, service, t))\(try await deskMoney(serviceCase, t))\(try await deskDocuments(serviceCase, t))\(deskTrail(story, service, t))\(try await deliveries(docket, t))</div>
            </div>
            """
        let page = staffPage(
            "\(docket) \(t(service.name))",
            context,
            section: .services,
            crumbs: [(t("Meja kerja", "Desk"), Link("meja")), (t("Permohonan", "Applications"), Link("meja", "layanan"))],
            hasErrors: state.problem != nil,
            main: main
        )
        return respond(page, context.visitor, status: status)
    }

    /// For the clerk who files for somebody: the resident reads the code out.
    private func deskContact(_ serviceCase: Case, _ story: Story, _ state: FormState, _ context: OfficerContext) -> HTML {
        guard !context.officer.performers(at: serviceCase.agency).isDisjoint(with: [.clerk, .officer]) else { return HTML() }
        return contactBox(story, action: Link("meja", "permohonan", serviceCase.docket, "kontak"), isClerk: true, state, context.visitor)
    }

    private func deskActs(
        _ serviceCase: Case,
        _ service: Service,
        _ story: Story,
        _ state: FormState,
        _ context: OfficerContext
    ) async throws -> HTML {
        let t = context.words
        let docket = serviceCase.docket
        let actions = services.actions(serviceCase, service, by: .officer(context.officer)).filter { !$0.revises }
        let rules = services.rules(service, of: serviceCase)
        let offers = try await slotOffers(actions.flatMap(\.questions), Answers(), state)
        let forms = HTML(
            actions.enumerated().map { index, action in
                let fields = HTML(
                    rules.asked(action.questions, story.everything).map { field($0, Answers(), rules: rules, offers: offers, state, t) }
                )
                let note: HTML =
                    action.note == .none
                    ? HTML()
                    : Field(
                        name: "note-\(action.code)",
                        label: t("Kepada pemohon", "To the applicant"),
                        isOptional: action.note == .optional
                    ).area(state, t, rows: 3)
                let form: HTML = """
                    <form method="post" action="\(Link("meja", "permohonan", docket, "langkah", action.code))" enctype="multipart/form-data">\(hidden(context.visitor))\(fields)\(note)<p><button class="\(index == 0 ? "button" : "button secondary")">\(t(action.name))</button></p></form>
                    """
                let isTyped =
                    state.typed != nil
                    && (action.questions.contains { state.typed?.has($0.code) == true || state.typed?.has("\($0.code).apa") == true }
                        || state.typed?.has("note-\(action.code)") == true)
                return index == 0
                    ? form
                    : "<details\(.flag("open", isTyped))><summary>\(t(action.name))\(action.isAdverse ? t(" (merugikan pemohon)", " (against the applicant)") : "")</summary>\(form)</details>"
            }
        )
        let clearances = HTML(
            services.clearances(serviceCase, service, by: context.officer).map { clearance in
                """
                <form class="box" method="post" action="\(Link("meja", "permohonan", docket, "setuju", clearance.code))">\(hidden(context.visitor))<h3>\(t(clearance.name))</h3>\(Field(name: "note-\(clearance.code)", label: t("Catatan", "Note"), isOptional: true).area(state, t, rows: 2))<p><button class="button">\(t("Setuju", "Agree"))</button></p></form>
                """
            }
        )
        let none: HTML =
            forms.isEmpty && clearances.isEmpty
            ? "<p>\(t("Tidak ada yang perlu Anda lakukan sekarang.", "There is nothing for you to do now."))</p>" : HTML()
        return
            "<section class=\"box primary\" aria-labelledby=\"d3\"><h2 id=\"d3\">\(t("Yang bisa Anda lakukan", "What you can do"))</h2>\(none)\(clearances)\(forms)</section>"
    }

    private func deskTalk(_ serviceCase: Case, _ story: Story, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        let lines = HTML(
            story.events.filter { !$0.note.isEmpty }.map { event in
                """
                <li\(.value("class", event.role == "resident" ? "own" : nil))><header><b>\(event.role == "resident" ? t("Pemohon", "Applicant") : event.unit.map { city.agency($0).short } ?? "")</b><time datetime="\(event.at.rfc3339(in: city.zone))">\(event.at.stamp(t.language, zone: city.zone))</time></header>\(HTML(paragraphs: event.note))</li>
                """
            }
        )
        let mayWrite = !context.officer.performers(at: serviceCase.agency).isEmpty
        let form: HTML =
            mayWrite
            ? """
            <form method="post" action="\(Link("meja", "permohonan", serviceCase.docket, "pesan"))">\(hidden(context.visitor))\(Field(name: "message", label: t("Tulis kepada pemohon", "Write to the applicant")).area(state, t, rows: 3))<p><button class="button secondary">\(t("Kirim", "Send"))</button></p></form>
            """
            : HTML()
        return """
            <section aria-labelledby="d4"><h2 id="d4">\(t("Percakapan", "Conversation"))</h2>\(lines.isEmpty ? HTML() : "<ol class=\"conversation\">\(lines)</ol>")\(form)</section>
            """
    }

    private func waitingOffices(_ serviceCase: Case, _ service: Service, _ t: Words) -> HTML {
        let offices = service.stage(serviceCase.progress.stage)?.clearances ?? []
        guard !offices.isEmpty else { return HTML() }
        let items = HTML(
            offices.map { office in
                let state = serviceCase.progress.clearances[office.code]
                return
                    "<li>\(t(office.name)), \(city.agency(office.agency).short): \(state?.isGiven == true ? t("setuju", "agreed") : state.map { t("ditunggu sampai \($0.due.stamp(.indonesian, zone: city.zone))", "awaited until \($0.due.stamp(.english, zone: city.zone))") } ?? "")</li>"
                    as HTML
            }
        )
        return
            "<section aria-labelledby=\"d5\"><h2 id=\"d5\">\(t("Instansi yang diminta", "Offices asked"))</h2><ul class=\"list\">\(items)</ul></section>"
    }

    private func deskMoney(_ serviceCase: Case, _ t: Words) async throws -> HTML {
        let bills = try await journal.read { try Fees.bills(of: serviceCase.docket, in: $0) }
        guard !bills.isEmpty else { return HTML() }
        let items = HTML(
            bills.map {
                "<li><span class=\"code\">\($0.number)</span> Rp\(t.number($0.amount)), \(t("dibayar", "paid")) Rp\(t.number($0.paid))\($0.excess > 0 ? t(", lebih Rp\(t.number($0.excess))", ", Rp\(t.number($0.excess)) too much") : "")</li>"
                    as HTML
            }
        )
        return "<section aria-labelledby=\"d6\"><h2 id=\"d6\">\(t("Tagihan", "Bills"))</h2><ul class=\"list\">\(items)</ul></section>"
    }

    private func deskDocuments(_ serviceCase: Case, _ t: Words) async throws -> HTML {
        let documents = try await documents.documents(of: serviceCase.docket)
        guard !documents.isEmpty else { return HTML() }
        let today = now.date(in: city.zone)
        let items = HTML(
            documents.map {
                "<li><a href=\"\(Link("meja", "permohonan", serviceCase.docket, "dokumen", $0.id))\">\($0.title) \($0.number)</a> \(standingBadge($0.standing(on: today), $0.validUntil, t))</li>"
                    as HTML
            }
        )
        return "<section aria-labelledby=\"d7\"><h2 id=\"d7\">\(t("Dokumen", "Documents"))</h2><ul class=\"list\">\(items)</ul></section>"
    }

    private func deskTrail(_ story: Story, _ service: Service, _ t: Words) -> HTML {
        let items = HTML(
            story.events.reversed().map {
                "<li><h3>\(title($0, service, t))</h3><p><time datetime=\"\($0.at.rfc3339(in: city.zone))\">\($0.at.stamp(t.language, zone: city.zone))</time></p></li>"
                    as HTML
            }
        )
        return "<section aria-labelledby=\"d8\"><h2 id=\"d8\">\(t("Jejak", "Trail"))</h2><ol class=\"thread\">\(items)</ol></section>"
    }
}
