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
import Services
import Web

/// An application for its applicant: where it stands, what is to be done, bill, documents, conversation, who looked. Without the
/// applicant's key it says where it stands and nothing else.
extension Portal {
    /// A case of a service at this address; nil where the number is of another kind.
    func serviceCase(_ context: VisitorContext) async throws -> (serviceCase: Case, service: Service)? {
        guard let docket = Docket(context.parameters.get("nomor") ?? ""), !docket.description.hasPrefix("LPR") else { return nil }
        return try await services.find(docket.description)
    }

    /// Shows a case.
    func serviceCasePage(
        _ request: Request,
        _ serviceCase: Case,
        _ service: Service,
        _ context: VisitorContext,
        state: FormState = .empty,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let t = context.words
        let docket = serviceCase.docket
        if let key = request.query("kunci"), services.holds(key, of: serviceCase) {
            return Response.seeOther(Link("berkas", docket)).settingCookie(
                "kunci-\(docket)",
                key,
                seconds: 400 * 86_400,
                path: "/berkas/\(docket)"
            )
        }
        let isHolder = try await holder(request, of: serviceCase) != nil
        let story = try await services.story(of: serviceCase)
        let inside: HTML
        if isHolder {
            let bills = try await journal.read { try Fees.bills(of: docket, in: $0) }
            inside = """
                \(contactBox(story, action: Link("berkas", docket, "kontak"), state, context))\(try await booked(serviceCase, isApplicant: true, t))\(try await whatNext(serviceCase, service, state, context))\(try await objection(serviceCase, service, t))\(HTML(try await bills.asyncMap { try await bill($0, isErased: story.isErased, state, context) }))\(try await ending(serviceCase, service, isPaid: bills.contains { $0.paid > 0 }, state, context))\(try await issued(serviceCase, t))\(conversation(serviceCase, story, state, context))
                """
        } else {
            inside = """
                <p class="notice">\(Icon.lock.html)<span>\(t("Isinya hanya untuk pemohon. Buka lewat tautan di tanda terima Anda, atau", "What is in it is for the applicant alone. Open it by the link on your receipt, or")) <a href="\(Link("saya"))">\(t("masuk di Halaman saya", "sign in at My page"))</a>.</span></p>
                """
        }
        let act = state.problem == nil ? request.query("selesai") : nil
        let waiting = isHolder ? try await waitingErasure(serviceCase, isNew: act == "hapus", isApplicant: true, context) : nil
        // Whoever came from their account is a stranger to what they have just erased.
        let done =
            isHolder || story.isErased && act == "hapus" ? doneHere(act, serviceCase, service, story, isWaiting: waiting != nil, t) : HTML()
        let main: HTML = """
            \(state.summary(t))\(done)\(waiting)
            <header><p class="muted code">\(docket)</p><h1>\(t(service.name))</h1><p class="row">\(statusBadge(serviceCase, service, t))</p></header>
            <div class="two"><div>\(inside)</div><div>\(clock(serviceCase, service, t))\(timeline(story, serviceCase, service, isHolder: isHolder, t))\(isHolder ? answersBox(serviceCase, service, story, t) : HTML())\(isHolder ? viewers(story, t) : HTML())\(isHolder ? noticesForm(serviceCase, story, context) : HTML())\(isHolder ? try await ownData(serviceCase, story, isWaiting: waiting != nil, state, context) : HTML())</div></div>
            """
        let page = Page(title: "\(docket) \(t(service.name))", section: .track, hasErrors: state.problem != nil, main: main)
        var response = respond(page, context, status: status)
        response.headers[.cacheControl] = "private, no-store"
        return response
    }

    private func doneHere(_ act: String?, _ serviceCase: Case, _ service: Service, _ story: Story, isWaiting: Bool, _ t: Words) -> HTML {
        switch act {
        case "langkah": actDone(serviceCase, service, story, t)
        case "pesan": doneNotice(t("Pesan Anda terkirim.", "Your message is sent."))
        case "rekening": doneNotice(t("Rekening tersimpan.", "The bank account is saved."))
        case "hapus" where story.isErased:
            doneNotice(t("Data Anda di berkas ini sudah dihapus selamanya.", "Your data in this case has been erased for ever."))
        case "batal-hapus" where isWaiting:
            doneNotice(
                t(
                    "Permintaan Anda dibatalkan. Kota tetap harus menghapus data di berkas ini menurut aturan lain, seperti tertulis di bawah.",
                    "Your wish is taken back. The city still has to erase the data in this case by another rule, as it says below."
                )
            )
        case "batal-hapus":
            doneNotice(
                t(
                    "Permintaan hapus data dibatalkan: data Anda di berkas ini tetap. Permintaan menghapus akun, kalau ada, tetap berlaku; batalkan di Halaman saya.",
                    "The wish to be erased is taken back: your data in this case stays. A wish to erase your account, if there is one, stands; take it back at My page."
                )
            )
        default: contactDone(act, story, t)
        }
    }

    /// What the applicant did last, and where the case stands now.
    private func actDone(_ serviceCase: Case, _ service: Service, _ story: Story, _ t: Words) -> HTML {
        let code = story.events.last { $0.role == "resident" && $0.facts["act"] != nil }?.facts["act"]?.string
        guard let action = service.stages.flatMap(\.actions).first(where: { $0.code == code }) else { return HTML() }
        let stage = service.stage(serviceCase.progress.stage).map { t($0.name) } ?? ""
        return doneNotice(
            t(
                "“\(action.name.id)” sudah tercatat. Keadaannya sekarang: \(stage).",
                "“\(action.name.en)” is recorded. It now stands at: \(stage)."
            )
        )
    }

    /// Whether an act of the applicant ends their application: it cannot be taken back.
    func isEnd(_ action: Service.Action, _ serviceCase: Case, _ service: Service) -> Bool {
        guard let target = action.target, target != serviceCase.progress.stage else { return false }
        return service.stage(target)?.status.isOpen == false
    }

    private func whatNext(_ serviceCase: Case, _ service: Service, _ state: FormState, _ context: VisitorContext) async throws -> HTML {
        let t = context.words
        let actions = services.actions(serviceCase, service, by: .applicant).filter { !isEnd($0, serviceCase, service) }
        guard !actions.isEmpty else { return HTML() }
        let rules = services.rules(service, of: serviceCase)
        let offers = try await slotOffers(actions.flatMap(\.questions), Answers(), state)
        let forms = HTML(
            actions.map { action in
                let fields = HTML(action.questions.map { field($0, Answers(), rules: rules, offers: offers, state, t) })
                let note = note(action, state, t)
                let style = action.revises || action.questions.isEmpty == false ? "button" : "button secondary"
                let form: HTML = """
                    <form method="post" action="\(Link("berkas", serviceCase.docket, "langkah", action.code))" enctype="multipart/form-data">\(hidden(context))\(fields)\(note)<p><button class="\(style)">\(t(action.name))</button></p></form>
                    """
                // A calendar is long: it is folded until somebody wants it.
                guard let question = action.questions.first(where: \.isSlot) else { return form }
                let isOpen = state.fault(question.code, t) != nil || state.typed?.has("\(question.code).apa") == true
                return "<details\(.flag("open", isOpen))><summary>\(t(action.name))</summary>\(form)</details>"
            }
        )
        return """
            <section class="box primary" aria-labelledby="h-bisa"><h2 id="h-bisa">\(t("Yang bisa Anda lakukan", "What you can do"))</h2>\(forms)</section>
            """
    }

    /// How, where and until when one objects to a decision against one, where this page has no act for it.
    private func objection(_ serviceCase: Case, _ service: Service, _ t: Words) async throws -> HTML {
        guard let last = try await services.lastDayToObject(to: serviceCase) else { return HTML() }
        let agency = city.agency(service.agency).name
        return """
            <section class="box" aria-labelledby="h-keberatan"><h2 id="h-keberatan">\(t("Tidak setuju dengan keputusan ini?", "Do you disagree with this decision?"))</h2><p>\(t("Anda bisa mengajukan keberatan tertulis kepada \(agency) sampai \(last.full(.indonesian)), tanpa biaya. Sebut nomor berkas, apa yang keliru, dan alasannya; minta tanda terima.", "You can object in writing to \(agency) until \(last.full(.english)), free of charge. Name the number of the case, what is wrong and why; ask for a receipt."))</p><p>\(t("Kantor memutusnya paling lama dalam 10 hari kerja; kalau tidak, keberatan Anda dianggap dikabulkan. Masih tidak setuju? Ajukan banding kepada atasannya dalam 10 hari kerja.", "The office decides within 10 working days; if it does not, your objection counts as granted. Do you still disagree? Appeal to its superior within 10 working days."))</p><p class="small muted">UU 30/2014 ps. 75–78</p></section>
            """
    }

    private func note(_ action: Service.Action, _ state: FormState, _ t: Words) -> HTML {
        guard action.note != .none else { return HTML() }
        let field = Field(name: "note-\(action.code)", label: t("Catatan", "Note"), isOptional: action.note == .optional)
        return field.area(state, t, rows: 3)
    }

    /// Acts that end the application: below what is to be paid, and each says what it does before it is ticked.
    private func ending(
        _ serviceCase: Case,
        _ service: Service,
        isPaid: Bool,
        _ state: FormState,
        _ context: VisitorContext
    ) async throws -> HTML {
        let t = context.words
        let rules = services.rules(service, of: serviceCase)
        let actions = services.actions(serviceCase, service, by: .applicant).filter { isEnd($0, serviceCase, service) }
        let offers = try await slotOffers(actions.flatMap(\.questions), Answers(), state)
        let forms = actions.map { action in
            let own = state.of(action.code)
            let fields = HTML(action.questions.map { field($0, Answers(), rules: rules, offers: offers, own, t) })
            // What was paid goes back only where no paper comes of the case.
            let isLost = action.isAdverse || action.target.flatMap(service.stage)?.status == .closed
            let givesBack = isPaid && (isLost || action.givesBack)
            let what =
                t("permohonan ini berakhir dan tidak bisa dibuka lagi", "this application ends and cannot be opened again")
                + (givesBack
                    ? t(
                        "; uang yang sudah dibayar dikembalikan ke rekening yang Anda tulis",
                        "; what was paid goes back to the bank account that you write"
                    ) : "")
            return """
                <form method="post" action="\(Link("berkas", serviceCase.docket, "langkah", action.code))" enctype="multipart/form-data">\(hidden(context))\(fields)\(note(action, own, t))\(Sureness.field(t, what).check(own, t))<p><button class="button secondary">\(t(action.name))</button></p></form>
                """ as HTML
        }
        guard !forms.isEmpty else { return HTML() }
        return """
            <section class="box" aria-labelledby="h-akhir"><h2 id="h-akhir">\(t("Mengakhiri permohonan", "Ending the application"))</h2>\(HTML(forms))</section>
            """
    }

    /// A bill with its arithmetic, and how to pay it.
    private func bill(_ bill: Bill, isErased: Bool, _ form: FormState, _ context: VisitorContext) async throws -> HTML {
        let t = context.words
        let lines = HTML(
            bill.lines.map { line in
                """
                <li><b>\(t(line.label))</b>\(line.amount.map { " Rp\(t.number($0))" } ?? "")\(line.shown.map { "<p>\(t($0))</p>" as HTML })<p class="small muted">\(t(line.basis))</p></li>
                """
            }
        )
        let payments = try await journal.read { try Fees.payments(of: bill.number, in: $0) }
        let receipts = HTML(
            payments.map {
                "<li>\($0.receipt): Rp\(t.number($0.amount)), \(t($0.method.name)), \(received($0, t)) <a href=\"\(Link("berkas", bill.docket, "kuitansi", $0.receipt))\">\(t("Kuitansi", "Receipt"))</a>\(undone($0, t))</li>"
            }
        )
        let isOverdue = bill.due < now.date(in: city.zone)
        let state: HTML =
            bill.isCancelled
            ? Badge.html(.warning, t("Dibatalkan", "Cancelled"), tone: "warn")
            : bill.isSettled
                ? Badge.html(.check, t("Lunas", "Paid"), tone: "good", isFilled: true)
                : Badge.html(
                    .clock,
                    isOverdue
                        ? t("Belum lunas, seharusnya \(bill.due.long(.indonesian))", "Not paid, due \(bill.due.long(.english))")
                        : t("Bayar sampai \(bill.due.long(.indonesian))", "Pay by \(bill.due.long(.english))"),
                    tone: "warn",
                    isFilled: true
                )
        return """
            <section class="box" aria-labelledby="h-\(bill.number)"><h2 id="h-\(bill.number)">\(t("Tagihan", "Bill"))</h2><p class="row"><span class="figure">Rp\(t.number(bill.outstanding > 0 ? bill.outstanding : bill.amount))</span>\(state)</p>
            \(bill.outstanding > 0 ? ways(to: bill, t) : HTML())\(payments.isEmpty ? HTML() : "<h3>\(t("Pembayaran", "Payments"))</h3><ul class=\"list\">\(receipts)</ul>")
            \(try await givingBack(bill, isErased: isErased, form, context))
            <details><summary>\(t("Begini hitungannya", "How it is worked out"))</summary><ol class="list">\(lines)</ol><p class="small">\(t("Tidak setuju? Tulis kepada kami di bawah, sebut langkahnya dan aturannya.", "Do you disagree? Write to us below, and name the step and its rule."))</p></details></section>
            """
    }

    /// What became of a payment that is none any more; nothing for every other.
    func undone(_ payment: Payment, _ t: Words) -> HTML {
        guard payment.isReversed else { return HTML() }
        if payment.isNotThere {
            let why = t("Uangnya tidak ada di rekening kota, dibatalkan:", "Its money is not in the city’s account, taken off:")
            let then = t(
                "Kalau uangnya sudah keluar dari rekening Anda, jangan membayar lagi dulu: tulis kepada kami di halaman ini, atau bawa buktinya ke loket.",
                "Where the money has left your account, do not pay again yet: write to us on this page, or bring the proof to the counter."
            )
            return " \(why) <span lang=\"id\">\(payment.doubt)</span><br>\(then)"
        }
        return payment.isCorrected
            ? " \(t("Keliru dicatat, dibatalkan:", "Recorded by mistake, taken off:")) <span lang=\"id\">\(payment.doubt)</span>"
            : " \(t("Ditarik kembali oleh bank.", "Taken back by the bank."))"
    }

    private func ways(to bill: Bill, _ t: Words) -> HTML {
        let qris = city.services.qris.flatMap { try? QRIS($0) }.map { $0.asking(bill.outstanding, bill: bill.number).payload }
        let code: HTML =
            qris.map {
                "<li><b>QRIS</b><p>\(t("Pindai dengan aplikasi bank atau dompet mana pun.", "Scan it with any bank or wallet app."))\(isDemo ? t(" Kode peragaan: jangan dibayar.", " A demo code: do not pay it.") : "")</p>\(qrCode($0, label: t("Kode QRIS sebesar tagihan ini", "QRIS code for this bill")))</li>"
            } ?? HTML()
        return """
            <h3>\(t("Cara bayar", "How to pay"))</h3><p>\(t("Kode bayar:", "Payment code:")) <b class="code">\(bill.number)</b></p><ul class="list">\(code)<li><b>\(t("Tunai di loket", "Cash at the counter"))</b><p>\(t("Sebut kode bayarnya. Minta kuitansi; tanpa kuitansi jangan membayar.", "Say the payment code. Ask for a receipt; do not pay without one."))</p></li></ul>
            """
    }

    private func issued(_ serviceCase: Case, _ t: Words) async throws -> HTML {
        let documents = try await documents.documents(of: serviceCase.docket)
        guard !documents.isEmpty else { return HTML() }
        let today = now.date(in: city.zone)
        let items = HTML(
            documents.reversed().map { document in
                let download: HTML =
                    document.file == nil
                    ? "<p>\(t("Sedang digambar dan ditandatangani; muat ulang sebentar lagi.", "Being drawn and signed; reload in a moment."))</p>"
                    : "<p><a class=\"button\" href=\"\(Link("berkas", serviceCase.docket, "dokumen", document.id))\">\(t("Unduh PDF bertanda tangan", "Download the signed PDF"))</a></p>"
                return """
                    <li><b>\(document.title)</b> <span class="code">\(document.number)</span> \(standingBadge(document.standing(on: today), document.validUntil, t))\(download)<p class="small"><a href="\(Link("verifikasi", document.fingerprint))">\(t("Halaman pemeriksaan keaslian", "The page that proves it"))</a></p></li>
                    """
            }
        )
        return
            "<section class=\"box primary\" aria-labelledby=\"h-dok\"><h2 id=\"h-dok\">\(t("Dokumen Anda", "Your documents"))</h2><ul class=\"list\">\(items)</ul></section>"
    }

    private func conversation(_ serviceCase: Case, _ story: Story, _ state: FormState, _ context: VisitorContext) -> HTML {
        let t = context.words
        let lines = HTML(
            story.events.filter { !$0.note.isEmpty }.map { event in
                """
                <li\(.value("class", event.role == "resident" ? "own" : nil))><header><b>\(event.role == "resident" ? t("Anda", "You") : event.unit.map { city.agency($0).short } ?? "")</b><time datetime="\(event.at.rfc3339(in: city.zone))">\(event.at.stamp(t.language, zone: city.zone))</time></header>\(HTML(paragraphs: event.note))</li>
                """
            }
        )
        // Nobody who could be answered is known any more.
        let form: HTML =
            story.isErased
            ? HTML()
            : """
            <form method="post" action="\(Link("berkas", serviceCase.docket, "pesan"))">\(hidden(context))\(Field(name: "message", label: t("Tulis kepada petugas", "Write to the officers")).area(state, t, rows: 3))<p><button class="button secondary">\(t("Kirim", "Send"))</button></p></form>
            """
        if story.isErased, lines.isEmpty { return HTML() }
        return """
            <section aria-labelledby="h-cakap"><h2 id="h-cakap">\(t("Percakapan", "Conversation"))</h2>\(lines.isEmpty ? HTML() : "<ol class=\"conversation\">\(lines)</ol>")
            \(form)</section>
            """
    }

    func clock(_ serviceCase: Case, _ service: Service, _ t: Words) -> HTML {
        let clock = serviceCase.progress.clock
        guard let deadline = clock.deadline("resolution", calendar: city.calendar, now: now) else { return HTML() }
        let end = serviceCase.promiseEnd(calendar: city.calendar)
        let figure = DeadlineFigure(deadline: deadline, today: now.date(in: city.zone), met: end?.date, calendar: city.calendar)
        let pause = clock.isPaused ? t(" Jam berhenti selama menunggu Anda.", " The clock stands still while we wait for you.") : ""
        let owed =
            serviceCase.isUnanswered(at: now)
            ? t(" Terlewat: belum dijawab, dan masih harus dijawab.", " Missed: it is not answered yet, and has to be still.") : ""
        return """
            <section aria-labelledby="h-jam"><h2 id="h-jam">\(t("Tenggat", "Deadline"))</h2>\(figure.html(t))<p>\(end?.sentence(t) ?? "\(deadline.due.full(t.language)).\(pause)\(owed)")</p>\(end == nil ? HTML() : stageClock(serviceCase, service, t))\(figure.explanation(t, id: "layanan"))</section>
            """
    }

    /// Until when what follows an answer has its time: an objection, or the answer to it.
    private func stageClock(_ serviceCase: Case, _ service: Service, _ t: Words) -> HTML {
        guard let limit = service.stage(serviceCase.progress.stage)?.limit, let due = serviceCase.progress.stageDue else { return HTML() }
        return """
            <p>\(t("Batas waktu berikutnya:", "The next time limit:")) <b>\(due.date(in: city.zone).full(t.language))</b></p><p class="small muted">\(t(limit.basis))</p>
            """
    }

    /// Whether what happened is nobody's but the applicant's and the officers'.
    private static func isPrivate(_ kind: String) -> Bool {
        kind == "case.written" || kind.hasPrefix("case.contact") || kind.hasPrefix("case.erasure")
    }

    private func timeline(_ story: Story, _ serviceCase: Case, _ service: Service, isHolder: Bool, _ t: Words) -> HTML {
        let items = HTML(
            story.events.filter { $0.kind != "case.viewed" && (isHolder || !Self.isPrivate($0.kind)) }.reversed().map { event in
                let basis = event.facts["basis"].map { Text(id: $0["id"]?.string ?? "", en: $0["en"]?.string ?? "") }
                return """
                    <li><h3>\(title(event, service, t))</h3><p><time datetime="\(event.at.rfc3339(in: city.zone))">\(event.at.stamp(t.language, zone: city.zone))</time></p>\(basis.map { "<p class=\"small\">\(t($0))</p>" as HTML })\(isHolder ? found(event, serviceCase, service, t) : HTML())</li>
                    """
            }
        )
        return
            "<section aria-labelledby=\"h-jalan\"><h2 id=\"h-jalan\">\(t("Perjalanan berkas", "The way of the case"))</h2><ol class=\"thread\">\(items)</ol></section>"
    }

    /// What whoever acted wrote with the step: the ground of a refusal, what is given, what was found. It is the applicant's, too.
    private func found(_ event: Story.Event, _ serviceCase: Case, _ service: Service, _ t: Words) -> HTML {
        guard !event.findings.values.isEmpty, let act = event.facts["act"]?.string,
            let action = service.stages.flatMap(\.actions).first(where: { $0.code == act })
        else { return HTML() }
        return answerList(action.questions, event.findings, isDense: true, files: { attachmentLink(serviceCase, $0, $1, t) }, t)
    }

    private func attachmentLink(_ serviceCase: Case, _ name: String, _ index: Int, _ t: Words) -> HTML {
        "<a href=\"\(Link("berkas", serviceCase.docket, "lampiran", name))\">\(t("Berkas \(index)", "File \(index)"))</a>"
    }

    private func answersBox(_ serviceCase: Case, _ service: Service, _ story: Story, _ t: Words) -> HTML {
        let list = answerList(
            service.questionnaire.questions,
            story.answers,
            files: { attachmentLink(serviceCase, $0, $1, t) },
            t
        )
        return story.isErased
            ? "<p class=\"notice\">\(t("Data pemohon sudah dihapus.", "The applicant’s data has been erased."))</p>"
            : "<details><summary>\(t("Isian Anda", "Your answers"))</summary>\(list)<p class=\"screen-only\"><a href=\"\(Link("berkas", serviceCase.docket, "formulir"))\">\(t("Cetak isian", "Print the answers"))</a></p></details>"
    }

    private func ownData(
        _ serviceCase: Case,
        _ story: Story,
        isWaiting: Bool,
        _ state: FormState,
        _ context: VisitorContext
    ) async throws -> HTML {
        let t = context.words
        let state = state.of("hapus-data")
        if story.isErased { return try await traceNotice(serviceCase.person, t) }
        let erase: HTML
        if isWaiting {
            erase = HTML()
        } else if serviceCase.progress.status.isOpen {
            erase = HTML(
                text: t(
                    "Data bisa dihapus setelah berkas selesai atau ditarik.",
                    "Your data can be erased once the case is over or withdrawn."
                )
            )
        } else {
            erase = """
                <form method="post" action="\(Link("berkas", serviceCase.docket, "hapus-data"))">\(hidden(context))<p class="small">\(t("Yang sudah dihapus tidak bisa kembali. Selama berkas berjalan, Anda masih bisa mengajukan keberatan, ada uang yang harus dibayar atau dikembalikan, atau ada tempat yang dipesan, permintaan Anda menunggu dan masih bisa dibatalkan. Data di balik dokumen yang terbit wajib disimpan; begitu juga rekening tempat uang dikembalikan kepada Anda, dan alasan keputusan yang diambil kantor.", "What is erased cannot come back. While the case is open, you can still object, money is to be paid or given back, or a place is booked, your wish waits and can be taken back. What a document was issued on has to be kept; so have the bank account that money went back to, and the office’s reasons for what it decided."))</p>\(Sureness.field(t, t("yang dihapus tidak bisa kembali", "what is erased cannot come back")).check(state, t))<p><button class="button secondary">\(t("Hapus data saya", "Erase my data"))</button></p></form>
                """
        }
        return """
            <details\(.flag("open", state.fault("yakin", t) != nil))><summary>\(t("Data saya", "My data"))</summary><p><a href="\(Link("berkas", serviceCase.docket, "data.json"))">\(t("Unduh semuanya (JSON)", "Download all of it (JSON)"))</a></p>\(erase)</details>
            """
    }

    /// That the applicant wished to be erased, and why it waits; nil where nobody did.
    func waitingErasure(_ serviceCase: Case, isNew: Bool = false, isApplicant: Bool, _ context: VisitorContext) async throws -> HTML? {
        guard let wish = try await services.waitingErasure(of: serviceCase) else { return nil }
        return waitingErasure(
            wish.isOwn
                ? context.words(
                    "Data di berkas ini belum dihapus: permintaannya menunggu.",
                    "The data in this case is not erased yet: the wish waits."
                )
                : context.words(
                    "Data di berkas ini belum dihapus, tetapi harus dihapus: \(wish.basis).",
                    "The data in this case is not erased yet, but has to be: \(wish.basis)."
                ),
            since: wish.since,
            reasons: wish.reasons,
            takenBackAt: isApplicant && wish.isOwn ? Link("berkas", serviceCase.docket, "batal-hapus") : nil,
            isNew: isNew,
            context
        )
    }

    /// Whether bytes of somebody who is erased are still being overwritten.
    func traceNotice(_ person: Identifier, _ t: Words) async throws -> HTML {
        try await journal.isErasureUnfinished(of: person)
            ? "<p class=\"small\">\(t("Bekasnya di penyimpanan kami sedang ditimpa; selesai dalam hitungan menit, paling lambat malam ini.", "Its traces in our storage are being overwritten; done within minutes, at the latest tonight."))</p>"
            : "<p class=\"small\">\(t("Bekasnya di penyimpanan kami juga sudah ditimpa.", "Its traces in our storage have been overwritten, too."))</p>"
    }

    private func viewers(_ story: Story, _ t: Words) -> HTML {
        let views = story.events.filter { $0.kind == "case.viewed" }
        let items = HTML(
            views.reversed().map {
                "<li>\($0.unit.map { city.agency($0).short } ?? ""), \($0.at.stamp(t.language, zone: city.zone))</li>" as HTML
            }
        )
        return """
            <details><summary>\(t("Siapa yang membuka data Anda (\(views.count))", "Who opened your data (\(views.count))"))</summary>\(views.isEmpty ? "<p>\(t("Belum ada.", "Nobody yet."))</p>" : "<ul class=\"list\">\(items)</ul>")</details>
            """
    }
}

extension Sequence where Element: Sendable {
    /// Maps one after another with something that waits.
    func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
        var results: [T] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
