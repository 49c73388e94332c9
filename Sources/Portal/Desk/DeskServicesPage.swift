// SPDX-License-Identifier: EUPL-1.2

import Bookings
import Definitions
import Documents
import Essentials
import Fees
import FoodPrices
import Forms
import HTTPTypes
import Hummingbird
import Identity
import Journal
import Markup
import Notifications
import Services
import Web

/// Applications as officers see them: the list by due date, one case with every act that is theirs now.
extension Portal {
    /// Shows the applications of an officer's desk.
    func deskServices(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let t = context.words
        var inbox = Services.Inbox()
        inbox.service = request.query("layanan")
        inbox.isEnded = request.query("selesai") != nil
        inbox.isLate = request.query("lewat") != nil
        let page = max(1, Int(request.query("hal") ?? "1") ?? 1)
        let (rows, total) = try await services.inbox(inbox, of: context.officer, page: page)
        let today = now.date(in: city.zone)
        let lines = HTML(
            try await rows.asyncMap { row in
                let service = try await services.find(row.docket)?.service
                return """
                    <tr><th scope="row"><a href="\(Link("meja", "permohonan", row.docket))">\(service.map { t($0.name) } ?? row.service)</a> <span class="code muted">\(row.docket)</span></th><td data-l="\(t("Keadaan", "State"))">\(service.map { statusBadge(row, $0, t) } ?? HTML())</td><td data-l="\(t("Sisa waktu", "Time left"))">\(timeBadge(row, today: today, t))</td><td data-l="\(t("Masuk", "Filed"))">\(row.filedAt.stamp(t.language, zone: city.zone))\(row.channel == "counter" ? t(", loket", ", counter") : "")</td><td data-l="\(t("Instansi", "Agency"))">\(city.agency(row.agency).short)</td></tr>
                    """
            }
        )
        let table: HTML =
            rows.isEmpty
            ? "<p class=\"box\">\(t("Tidak ada permohonan di sini.", "No applications here."))</p>"
            : "<table class=\"stack\"><caption class=\"sr\">\(t("\(total) permohonan", "\(total) applications"))</caption><thead><tr><th scope=\"col\">\(t("Permohonan", "Application"))</th><th scope=\"col\">\(t("Keadaan", "State"))</th><th scope=\"col\">\(t("Sisa waktu", "Time left"))</th><th scope=\"col\">\(t("Masuk", "Filed"))</th><th scope=\"col\">\(t("Instansi", "Agency"))</th></tr></thead><tbody>\(lines)</tbody></table>"
        var query: [(String, String)] = []
        if let service = inbox.service { query.append(("layanan", service)) }
        if inbox.isEnded { query.append(("selesai", "1")) }
        if inbox.isLate { query.append(("lewat", "1")) }
        func pageLink(_ number: Int) -> Link { Link("meja", "layanan", query: query + [("hal", String(number))]) }
        let options = HTML(
            city.services.services.map {
                "<option value=\"\($0.code)\"\(.flag("selected", $0.code == inbox.service))>\(t($0.name))</option>" as HTML
            }
        )
        let isTreasurer = context.officer.roles.contains(.treasurer)
        let main: HTML = """
            <header class="row"><h1>\(t("Permohonan layanan", "Applications"))</h1><p class="muted">\(city.agency(context.officer.agency).short)</p></header>
            <nav class="tabs" aria-label="\(t("Saringan tersimpan", "Saved filters"))"><ul><li><a href="\(Link("meja", "layanan"))"\(.value("aria-current", inbox.isEnded || inbox.isLate ? nil : "true"))>\(t("Berjalan", "Open"))</a></li><li><a href="\(Link("meja", "layanan", query: [("lewat", "1")]))"\(.value("aria-current", inbox.isLate ? "true" : nil))>\(Badge.html(.warning, t("Lewat tenggat", "Overdue"), tone: "bad"))</a></li><li><a href="\(Link("meja", "layanan", query: [("selesai", "1")]))"\(.value("aria-current", inbox.isEnded ? "true" : nil))>\(t("Selesai", "Ended"))</a></li></ul></nav>
            <form role="search" class="row" aria-label="\(t("Saring permohonan", "Filter applications"))">\(inbox.isEnded ? "<input type=\"hidden\" name=\"selesai\" value=\"1\">" : HTML())<label for="layanan">\(t("Layanan", "Service"))</label><select id="layanan" name="layanan"><option value="">\(t("Semua", "All"))</option>\(options)</select><button class="button secondary">\(t("Terapkan", "Apply"))</button></form>
            <form class="row" method="post" action="\(Link("loket", "layanan"))">\(hidden(context.visitor))<label for="layanan-2">\(t("Isikan untuk warga di loket:", "Fill in for a resident at the counter:"))</label><select id="layanan-2" name="layanan">\(options)</select><button class="button" accesskey="b">\(t("Mulai", "Start"))</button><a href="\(Link("loket", "antrean"))">\(t("Antrean", "Queue"))</a><a href="\(Link("loket", "identitas"))">\(t("Periksa identitas", "Check an identity"))</a>\(food?.reports(context.officer) == true ? "<a href=\"\(Link("meja", "harga"))\">\(t("Harga pasar", "Market prices"))</a>" : HTML())\(city.venues.contains { bookings.keeps($0, context.officer) } ? "<a href=\"\(Link("meja", "jadwal"))\">\(t("Jadwal", "Schedule"))</a>" : HTML())\(isTreasurer ? "<a href=\"\(Link("meja", "kas"))\">\(t("Kas dan pembayaran", "Cash and payments"))</a>" : HTML())</form>
            \(try await unsent(context))\(table)
            <nav class="row" aria-label="\(t("Halaman", "Pages"))"><span class="muted">\(t.number(total))</span>\(page > 1 ? "<a href=\"\(pageLink(page - 1))\">\(t("Sebelumnya", "Previous"))</a>" : HTML())\(page * 25 < total ? "<a href=\"\(pageLink(page + 1))\">\(t("Berikutnya", "Next"))</a>" : HTML())</nav>
            """
        return respond(
            staffPage(
                t("Permohonan layanan", "Applications"),
                context,
                section: .services,
                crumbs: [(t("Meja kerja", "Desk"), Link("meja"))],
                main: main
            ),
            context.visitor
        )
    }

    /// What the clerk has begun at the counter and not sent.
    private func unsent(_ context: OfficerContext) async throws -> HTML {
        let t = context.words
        let drafts = try await services.unsent(by: context.officer)
        guard !drafts.isEmpty else { return HTML() }
        let items = HTML(
            drafts.map { draft in
                """
                <li><a href="\(Link("permohonan", draft.token, draft.service.questionnaire.pages[0].code))">\(t(draft.service.name))\(draft.name.isEmpty ? "" : ", \(draft.name)")</a><span class="muted">\(draft.updatedAt.stamp(t.language, zone: city.zone))</span></li>
                """
            }
        )
        return
            "<details open><summary>\(t("Belum dikirim (\(drafts.count))", "Not sent yet (\(drafts.count))"))</summary><ul class=\"list\">\(items)</ul></details>"
    }

    private func timeBadge(_ row: Case, today: CivilDate, _ t: Words) -> HTML {
        if row.progress.status == .waiting { return Badge.html(.pause, t("Menunggu pemohon", "With the applicant"), tone: "pause") }
        guard let due = row.nextDue else { return Badge.html(.check, t("Tidak ada tenggat", "Nothing due"), tone: "good") }
        let date = due.date(in: city.zone)
        let left = city.calendar.workingDays(from: today, to: date)
        if due < now {
            return Badge.html(
                .warning,
                date == today ? t("Lewat hari ini", "Late today") : t("Lewat \(-left) hari", "\(-left) days late"),
                tone: "bad"
            )
        }
        if date == today { return Badge.html(.clock, t("Hari ini", "Today"), tone: "warn") }
        return Badge.html(left <= 2 ? .clock : .check, t("\(left) hari", "\(left) days"), tone: left <= 2 ? "warn" : "good")
    }

    private func requireVisible(_ context: OfficerContext) async throws -> (serviceCase: Case, service: Service) {
        guard let found = try await services.find(context.visitor.parameters.get("nomor") ?? "") else { throw Problem.notFound }
        guard context.officer.sees(found.serviceCase, service: found.service) else {
            throw Problem(
                "case.not-yours",
                .forbidden,
                Text(id: "Berkas ini bukan tugas instansi Anda", en: "This case is not your agency’s")
            )
        }
        return found
    }

    /// Shows an application to an officer; that it was opened is recorded, and its applicant sees it.
    func deskServiceCase(
        _ request: Request,
        _ context: OfficerContext,
        state: FormState = .empty,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let t = context.words
        let (serviceCase, service) = try await requireVisible(context)
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
            \(state.summary(t))
            <header><h1>\(t(service.name))</h1><p class="row"><span class="code">\(docket)</span>\(statusBadge(serviceCase, service, t))<span class="muted">\(serviceCase.channel == "counter" ? t("Diajukan di loket", "Filed at the counter") : t("Diajukan sendiri", "Filed by the applicant")). \(t(story.assurance.name)).</span></p></header>
            <div class="three">
            <div><section aria-labelledby="d1"><h2 id="d1">\(t("Isian pemohon", "The applicant’s answers"))</h2>\(story.isErased ? "<p>\(t("Sudah dihapus.", "Erased."))</p>" : list)</section>\(story.findings.values.isEmpty ? HTML() : "<section aria-labelledby=\"d2\"><h2 id=\"d2\">\(t("Temuan petugas", "Findings"))</h2>\(found)</section>")</div>
            <div>\(try await deskActs(serviceCase, service, story, state, context))\(deskTalk(serviceCase, story, state, context))\(deskContact(serviceCase, story, state, context))</div>
            <div>\(clock(serviceCase, t))\(try await booked(serviceCase, isApplicant: false, t))\(waitingOffices(serviceCase, service, t))\(try await deskMoney(serviceCase, t))\(try await deskDocuments(serviceCase, t))\(deskTrail(story, service, t))\(try await deliveries(docket, t))</div>
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
        guard !context.officer.roles.isDisjoint(with: [.clerk, .officer]) else { return HTML() }
        return contactBox(story, action: Link("meja", "permohonan", serviceCase.docket, "kontak"), isClerk: true, state, context.visitor)
    }

    /// Takes the code that a resident reads out, or another contact.
    func takeDeskContact(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let (serviceCase, _) = try await requireVisible(context)
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        guard !context.officer.roles.isDisjoint(with: [.clerk, .officer]) else { throw Problem.notFound }
        do {
            try await takeContact(form, serviceCase.docket, by: .officer(context.officer))
        } catch let problem as Problem where problem.keepsForm {
            let state = FormState(problem: problem, typed: form)
            return try await deskServiceCase(request, context, state: state, status: problem.httpStatus)
        }
        return .seeOther(Link("meja", "permohonan", serviceCase.docket))
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
                let fields = HTML(rules.asked(action.questions, story.everything).map { field($0, Answers(), offers: offers, state, t) })
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
        return """
            <section aria-labelledby="d4"><h2 id="d4">\(t("Percakapan", "Conversation"))</h2>\(lines.isEmpty ? HTML() : "<ol class=\"conversation\">\(lines)</ol>")<form method="post" action="\(Link("meja", "permohonan", serviceCase.docket, "pesan"))">\(hidden(context.visitor))\(Field(name: "message", label: t("Tulis kepada pemohon", "Write to the applicant")).area(state, t, rows: 3))<p><button class="button secondary">\(t("Kirim", "Send"))</button></p></form></section>
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

    /// Takes what an officer does to an application.
    func takeDeskServiceAct(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let (serviceCase, service) = try await requireVisible(context)
        let docket = serviceCase.docket
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        let code = context.visitor.parameters.get("aksi") ?? ""
        let what = context.visitor.parameters.get("apa") ?? ""
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
                    throw unread.problem
                }
                try await noted(code) {
                    try await services.act(
                        code,
                        on: docket,
                        answers: answers,
                        note: form["note-\(code)"],
                        key: form.onceKey(for: code),
                        by: .officer(context.officer)
                    )
                }
                // Drawn at once where it can be; if this stops in the middle, the duty does it.
                try await documents.sealPending(docket: docket)
            case "setuju":
                try await services.clear(code, on: docket, note: form["note-\(code)"], key: form.onceKey(for: code), by: context.officer)
            default: throw Problem.notFound
            }
        } catch let problem as Problem where problem.keepsForm {
            return try await deskServiceCase(request, context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
        guard let after = try await services.find(docket), context.officer.sees(after.serviceCase, service: after.service) else {
            return .seeOther(Link("meja", "layanan"))
        }
        return .seeOther(Link("meja", "permohonan", docket))
    }

    /// Takes a message of an officer.
    func takeDeskMessage(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let (serviceCase, _) = try await requireVisible(context)
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        guard !context.officer.performers(at: serviceCase.agency).isEmpty else { throw Problem.notFound }
        do {
            try await services.write(
                form["message"],
                on: serviceCase.docket,
                key: form.onceKey(for: "pesan"),
                by: .officer(context.officer)
            )
        } catch let problem as Problem where problem.keepsForm {
            return try await deskServiceCase(request, context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
        return .seeOther(Link("meja", "permohonan", serviceCase.docket))
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

    /// The receipt that a clerk prints for somebody at the counter: the key on it goes to the resident, and stays nowhere on this
    /// machine.
    func counterReceipt(
        _ receipt: Services.Receipt,
        _ service: Service,
        _ clerk: Officer,
        _ context: VisitorContext
    ) async throws -> Response {
        let t = context.words
        guard let found = try await services.find(receipt.docket) else { throw Problem.notFound }
        let main: HTML = """
            <h1>\(t("Permohonan tercatat", "Application written down"))</h1>\(receiptBody(found.serviceCase, service, key: receipt.key, t))
            <p><b>\(t("Serahkan cetakan ini kepada warga.", "Hand this print to the resident."))</b> \(t("Alamatnya tidak disimpan di komputer ini.", "Its address is not kept on this computer."))</p>
            \(contactBox(try await services.story(of: found.serviceCase), action: Link("meja", "permohonan", receipt.docket, "kontak"), isClerk: true, .empty, context))
            <p class="row screen-only"><button class="button" type="button" data-print hidden>\(t("Cetak", "Print"))</button><a class="button secondary" href="\(Link("meja", "layanan"))">\(t("Warga berikutnya", "Next resident"))</a></p>
            """
        return respond(
            Page(
                title: t("Tanda terima \(receipt.docket)", "Receipt \(receipt.docket)"),
                section: .desk,
                staff: "\(t("Petugas", "Officer")) \(clerk.number)",
                main: main
            ),
            context
        )
    }
}
