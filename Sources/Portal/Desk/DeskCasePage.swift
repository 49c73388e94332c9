// SPDX-License-Identifier: EUPL-1.2

import Cases
import Complaints
import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Identity
import Markup
import Notifications
import Web

/// One case as its officers see it: facts, conversation, clock, and every act that is possible now.
extension Portal {
    /// Shows a case to an officer; that a confidential one was opened is recorded, and its reporter sees it.
    func deskCase(
        _ request: Request,
        _ context: OfficerContext,
        state: FormState = .empty,
        opened: Report? = nil,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let t = context.words
        let officer = context.officer
        let complaint = try await requireCase(context.visitor)
        guard officer.sees(agency: complaint.agency, district: complaint.district) else {
            throw Problem(
                "complaint.not-yours",
                .forbidden,
                Text(id: "Berkas ini bukan tugas instansi Anda", en: "This case is not your agency’s")
            )
        }
        let mayWork = officer.mayWork(agency: complaint.agency, district: complaint.district)
        // Before anything of it is shown.
        if complaint.isConfidential { try await complaints.recordView(complaint.docket, by: officer) }
        let timeline = try await complaints.timeline(of: complaint, isPrivate: true, isStaff: true)
        let category = city.complaints.category(complaint.category)
        let title = complaint.title.isEmpty ? category.map { t($0.name) } ?? complaint.docket : complaint.title
        let today = now.date(in: city.zone)
        let main: HTML = """
            \(state.summary(t))\(state.typed == nil && opened == nil ? deskDone(request, t) : HTML())
            <header><h1>\(title)</h1>
            <p class="row"><span class="code">\(complaint.docket)</span>\(Badge.stage(complaint, t))\(Badge.time(complaint, today: today, calendar: city.calendar, t))<a href="\(Link("berkas", complaint.docket))">\(t("Lihat seperti warga", "See as a resident"))</a></p></header>
            <div class="three">
            <div>\(facts(complaint, opened: opened, context))\(try await similar(complaint, mayWork: mayWork, context))</div>
            <div>\(talk(complaint, timeline, mayWork: mayWork, state, context))</div>
            <div>\(deskClock(complaint, t))\(mayWork ? try await acts(complaint, state, context) : HTML())\(opening(complaint, state, context))\(trail(timeline, t))\(try await deliveries(complaint.docket, t))</div>
            </div>
            """
        let page = staffPage(
            "\(complaint.docket) \(title)",
            context,
            crumbs: [(t("Meja kerja", "Desk"), Link("meja"))],
            hasErrors: state.problem != nil,
            main: main
        )
        return respond(page, context.visitor, status: status)
    }

    private func facts(_ complaint: Complaint, opened: Report?, _ context: OfficerContext) -> HTML {
        let t = context.words
        let reporter: HTML
        if let opened {
            reporter = """
                \(doneNotice(t("Akses ini sudah tercatat.", "This access has been recorded.")))<dl class="details dense"><div><dt>\(t("Nama", "Name"))</dt><dd>\(opened.name.isEmpty ? "–" : opened.name)</dd></div><div><dt>\(t("Kontak", "Contact"))</dt><dd>\(opened.contact.address ?? "–")</dd></div><div><dt>\(t("Alamat", "Address"))</dt><dd>\(opened.address)</dd></div></dl>
                """
        } else {
            reporter = """
                <form method="post" action="\(Link("meja", "berkas", complaint.docket, "data-pelapor"))">\(hidden(context.visitor))<details><summary>\(t("Buka data pelapor", "Open the reporter’s data"))</summary><p class="small">\(t("Akses ini tercatat dan terlihat oleh pelapor.", "This access is recorded, and the reporter sees it."))</p>
                <p><label for="purpose">\(t("Untuk keperluan", "What for"))</label> <select id="purpose" name="purpose">\(HTML(Complaints.purposes.map { "<option value=\"\($0.code)\">\(t($0.name))</option>" }))</select></p><button class="button secondary">\(t("Buka dan catat", "Open and record"))</button></details></form>
                """
        }
        return """
            <section aria-labelledby="f1"><h2 id="f1">\(t("Fakta", "Facts"))</h2>
            <dl class="details dense">
            <div><dt>\(t("Jenis", "Kind"))</dt><dd>\(city.complaints.category(complaint.category).map { t($0.name) } ?? complaint.category)</dd></div>
            <div><dt>\(t("Tempat", "Place"))</dt><dd>\(complaint.address.isEmpty ? (complaint.isConfidential ? t("Rahasia; buka data pelapor", "Confidential; open the reporter’s data") : "–") : complaint.address)</dd></div>
            <div><dt>\(t("Wilayah", "Area"))</dt><dd>\(complaint.subdistrict.map { city.regions.fullName($0) } ?? "–")</dd></div>
            <div><dt>\(t("Instansi", "Agency"))</dt><dd>\(city.agency(complaint.agency).short)\(complaint.rule > 0 ? t(", aturan \(complaint.rule)", ", rule \(complaint.rule)") : "")</dd></div>
            <div><dt>\(t("Masuk lewat", "Came by"))</dt><dd>\(t(Complaints.channelName(complaint.channel))), \(complaint.filedAt.stamp(t.language, zone: city.zone))\(complaint.reference.map { t(", agenda \($0)", ", agenda no. \($0)") } ?? "")</dd></div>
            <div><dt>\(t("Dukungan", "Followers"))</dt><dd>\(complaint.followers)</dd></div>
            <div><dt>\(t("Pelapor", "Reporter"))</dt><dd>\(complaint.publicName ?? t("Nama disembunyikan", "Name hidden"))\(reporter)</dd></div>
            </dl>\(photoList(complaint.photos, of: complaint))</section>
            """
    }

    private func similar(_ complaint: Complaint, mayWork: Bool, _ context: OfficerContext) async throws -> HTML {
        let t = context.words
        guard let place = complaint.place else { return HTML() }
        let near = try await complaints.near(place, category: complaint.category).filter { $0.complaint.docket != complaint.docket }
        guard !near.isEmpty else { return HTML() }
        return """
            <section aria-labelledby="f2"><h2 id="f2">\(t("Serupa di dekat sini", "Similar nearby"))</h2><ul class="list">\(HTML(near.prefix(5).map { "<li><a href=\"\(Link("meja", "berkas", $0.complaint.docket))\">\($0.complaint.docket)</a><span class=\"muted\">\($0.metres) m</span><p>\($0.complaint.title)</p></li>" }))</ul></section>
            """
    }

    private func talk(
        _ complaint: Complaint,
        _ timeline: [ComplaintEvent],
        mayWork: Bool,
        _ state: FormState,
        _ context: OfficerContext
    ) -> HTML {
        let t = context.words
        let lines = HTML(
            timeline.filter { $0.text != nil || $0.kind == "complaint.filed" }.map { event in
                let css: String? = event.isInternal ? "internal" : event.role == "resident" ? "own" : nil
                let text = event.text ?? (event.kind == "complaint.filed" ? complaint.story : nil) ?? t("(dihapus)", "(erased)")
                return """
                    <li\(.value("class", css))><header>\(event.isInternal ? "<b>\(Icon.note.html) \(t("Catatan dalam", "Internal note"))</b>" : HTML())<b>\(event.role == "resident" ? t("Warga", "Resident") : complaints.agencyName(event.agency))</b>\(event.number.map { "<span>\(t("Petugas", "Officer")) \($0)</span>" as HTML })<time datetime="\(event.at.rfc3339(in: city.zone))">\(event.at.stamp(t.language, zone: city.zone))</time></header>\(HTML(paragraphs: text))\(photos(event, of: complaint))\(mayWork ? publishing(event, complaint, context) : HTML())</li>
                    """
            }
        )
        let templates = HTML(city.complaints.templates.map { "<option value=\"\($0.code)\">\(t($0.title))</option>" })
        var kinds = [
            ("reply", t("Jawab pelapor", "Answer")), ("ask", t("Tanya (jam berhenti)", "Ask (clock stops)")),
            ("note", t("Catatan dalam", "Internal note")),
        ]
        if complaint.stage == .closed { kinds.removeAll { $0.0 != "note" } }
        let chosen = state.value("kind", or: kinds[0].0)
        let choices = HTML(
            kinds.map {
                "<label class=\"check\"><input type=\"radio\" name=\"kind\" value=\"\($0.0)\"\(.flag("checked", $0.0 == chosen))>\($0.1)</label>"
            }
        )
        let form: HTML =
            mayWork
            ? """
            <form class="box primary" method="post" action="\(Link("meja", "berkas", complaint.docket, "tulis"))">\(hidden(context.visitor))
            <fieldset><legend class="sr">\(t("Jenis tulisan", "What kind of text"))</legend><p class="row">\(choices)</p></fieldset>
            <p class="row"><label for="template">\(t("Templat", "Template"))</label><select id="template" name="template">\(templates)</select><button class="button secondary" name="isikan" value="1">\(t("Isikan", "Fill in"))</button></p>
            \(Field(name: "text", label: t("Tulisan", "Text"), help: t("Sebut apa, siapa, kapan.", "Say what, who, when.")).area(state, t, rows: 6))
            <p><button class="button" accesskey="s">\(t("Kirim", "Send"))</button></p></form>
            """
            : HTML()
        return
            "<section aria-labelledby=\"f3\"><h2 id=\"f3\">\(t("Percakapan", "Conversation"))</h2><ol class=\"conversation\">\(lines)</ol>\(form)</section>"
    }

    /// Whether everybody reads a resident's reply, and the button that changes it.
    private func publishing(_ event: ComplaintEvent, _ complaint: Complaint, _ context: OfficerContext) -> HTML {
        let t = context.words
        guard event.role == "resident", event.kind != "complaint.filed", !complaint.isConfidential else { return HTML() }
        let (act, button) =
            event.isPrivate
            ? ("terbitkan", t("Terbitkan balasan ini", "Publish this reply")) : ("sembunyikan", t("Sembunyikan lagi", "Hide it again"))
        return """
            <form method="post" action="\(Link("meja", "berkas", complaint.docket, act))">\(hidden(context.visitor))<p class="row"><span class="muted">\(event.isPrivate ? t("Hanya petugas dan pelapor", "Officers and the reporter only") : t("Tampil untuk umum", "Shown to everybody"))</span><button class="text-button" name="balasan" value="\(event.entry)">\(button)</button></p></form>
            """
    }

    private func deskClock(_ complaint: Complaint, _ t: Words) -> HTML {
        let end = complaint.end(calendar: city.calendar)
        guard let deadline = end?.deadline ?? complaint.clock.deadline("resolution", calendar: city.calendar, now: now) else {
            return HTML()
        }
        let figure = DeadlineFigure(deadline: deadline, today: now.date(in: city.zone), met: end?.date, calendar: city.calendar)
        return """
            <section aria-labelledby="f4"><h2 id="f4">\(t("Tenggat", "Deadline"))</h2>\(figure.html(t))<p class="small">\(end?.sentence(t) ?? "\(deadline.due.full(t.language)).")\(complaint.nextDue.map { " \(t("Janji terdekat:", "Next promise:")) \($0.stamp(t.language, zone: city.zone))." as HTML })</p>\(figure.explanation(t, id: "desk"))</section>
            """
    }

    // MARK: Acts that are possible now

    private func acts(_ complaint: Complaint, _ state: FormState, _ context: OfficerContext) async throws -> HTML {
        let t = context.words
        let officer = context.officer
        let colleagues = try await accounts.colleagues(in: complaint.agency)
        func form(_ act: String, _ title: String, isOpen: Bool = false, isMultipart: Bool = false, _ body: HTML, button: String) -> HTML {
            """
            <details class="box"\(.flag("open", isOpen || state.typed?["tindakan"] == act))><summary>\(title)</summary><form method="post" action="\(Link("meja", "berkas", complaint.docket, act))"\(.value("enctype", isMultipart ? "multipart/form-data" : nil))>\(hidden(context.visitor))<input type="hidden" name="tindakan" value="\(act)">\(body)<p><button class="button secondary">\(button)</button></p></form></details>
            """
        }
        func reason(_ act: String, _ label: String) -> HTML { Field(name: "text-\(act)", label: label).area(state, t, rows: 3) }
        let agencies = city.agencyOrder.map { ($0, city.agency($0).short) }
        var parts = HTML()
        let isWorking = [Stage.forwarded, .working, .scheduled].contains(complaint.stage)
        if complaint.stage == .received {
            parts += form(
                "verifikasi",
                t("Periksa dan teruskan", "Check and forward"),
                isOpen: true,
                Field(name: "agency", label: t("Ke instansi", "To agency")).select(state, t, value: complaint.agency, options: agencies),
                button: t("Teruskan", "Forward")
            )
        }
        if complaint.stage == .reported {
            parts += form(
                "konfirmasi",
                t("Konfirmasi hasil", "Confirm the result"),
                isOpen: true,
                "<p>\(t("Periksa foto hasilnya. Anda orang kedua yang menyatakan ini selesai.", "Check the photo of the result. You are the second person to call this done."))</p>",
                button: t("Ya, selesai", "Yes, done")
            )
            parts += form(
                "tolak-hasil",
                t("Hasil belum baik", "The result is not good"),
                reason("tolak-hasil", t("Apa yang belum baik?", "What is not good?")),
                button: t("Kembalikan", "Send back")
            )
        }
        if complaint.stage.isOpen {
            parts += form(
                "tugaskan",
                t("Pemegang", "Held by"),
                Field(name: "officer", label: t("Tugaskan ke", "Assign to")).select(
                    state,
                    t,
                    value: complaint.officer ?? officer.account.description,
                    options: colleagues.map {
                        (
                            $0.account.description,
                            "\(t("Petugas", "Officer")) \($0.number)\($0.account == officer.account ? t(" (saya)", " (me)") : "")"
                        )
                    }
                ),
                button: t("Tugaskan", "Assign")
            )
        }
        if isWorking {
            parts += form(
                "jadwal",
                t("Jadwalkan", "Schedule"),
                Field(name: "date", label: t("Tanggal", "Date")).input(
                    state,
                    t,
                    value: complaint.scheduledFor?.description ?? "",
                    type: "date",
                    isShort: true
                ),
                button: t("Simpan jadwal", "Save the date")
            )
            parts += form(
                "selesai",
                t("Laporkan selesai", "Report it done"),
                isMultipart: true,
                """
                \(reason("selesai", t("Apa yang dikerjakan?", "What was done?")))\(Field(name: "photo", label: t("Foto hasil", "Photo of the result"), help: t("Dari titik yang sama. Orang kedua memeriksanya.", "From the same spot. A second person checks it.")).photos(state, t))
                """,
                button: t("Laporkan", "Report")
            )
            if officer.roles.contains(.head), complaint.clock.extensions.isEmpty {
                parts += form(
                    "perpanjang",
                    t("Perpanjang tenggat", "Extend the deadline"),
                    "\(Field(name: "days", label: t("Berapa hari", "How many days")).input(state, t, inputMode: "numeric", isShort: true))\(reason("perpanjang", t("Alasan, dibaca pelapor", "Reason, which the reporter reads")))",
                    button: t("Perpanjang", "Extend")
                )
            }
            parts += form(
                "kembalikan",
                t("Bukan tugas kami: kembalikan", "Not ours: send back"),
                reason("kembalikan", t("Alasan", "Reason")),
                button: t("Kembalikan", "Send back")
            )
        }
        func close(_ title: String, _ reasons: [ComplaintRules.Reason]) -> HTML {
            // Everybody reads the reason: none is chosen before somebody chooses.
            let choices = [("", t("Pilih satu", "Choose one"))] + reasons.map { ($0.code, t($0.label)) }
            return form(
                "tutup",
                title,
                "\(Field(name: "reason", label: t("Sebab", "Reason")).select(state, t, options: choices))\(reason("tutup", t("Penjelasan untuk pelapor", "Explanation for the reporter")))",
                button: t("Tutup", "Close")
            )
        }
        if complaints.isEvidence(complaint) {
            parts += close(
                t("Perkara selesai: tutup dengan sebab lain", "The legal case is over: close for another reason"),
                city.complaints.reasons.filter { !$0.isEvidence }
            )
        }
        if isWorking || complaint.stage == .received {
            parts += form(
                "teruskan",
                t("Teruskan ke instansi lain", "Pass to another agency"),
                "\(Field(name: "agency-2", label: t("Instansi", "Agency")).select(state, t, options: agencies))\(reason("teruskan", t("Alasan", "Reason")))",
                button: t("Teruskan", "Pass on")
            )
            parts += form(
                "ke-luar",
                t("Teruskan ke luar kota", "Pass on outside the city"),
                "\(Field(name: "office", label: t("Instansi luar", "Office")).input(state, t))\(Field(name: "mail", label: t("Email", "E-mail")).input(state, t, type: "email"))\(reason("ke-luar", t("Surat pengantar", "Covering note")))",
                button: t("Kirim", "Send")
            )
            parts += form(
                "jenis",
                t("Ganti jenis", "Change the kind"),
                Field(name: "category", label: t("Jenis", "Kind")).select(
                    state,
                    t,
                    value: complaint.category,
                    options: city.complaints.categories.map { ($0.code, t($0.name)) }
                ),
                button: t("Ganti", "Change")
            )
            parts += form(
                "gabung",
                t("Gabungkan dengan berkas lain", "Merge into another case"),
                Field(name: "into", label: t("Nomor berkas", "Case number")).input(state, t),
                button: t("Gabungkan", "Merge")
            )
            parts += form(
                "pecah",
                t("Pecah untuk instansi lain", "Split off for another agency"),
                "\(Field(name: "agency-3", label: t("Instansi", "Agency")).select(state, t, options: agencies))\(reason("pecah", t("Bagian yang dipecah", "The part to split off")))",
                button: t("Pecah", "Split")
            )
            parts += close(t("Tutup, belum selesai", "Close, not fixed"), city.complaints.reasons)
        }
        if !complaint.isConfidential {
            parts += form(
                "rahasiakan",
                t("Jadikan rahasia", "Make confidential"),
                reason("rahasiakan", t("Alasan", "Reason")),
                button: t("Jadikan rahasia", "Make confidential")
            )
        }
        if officer.roles.contains(.screener), !complaint.isConfidential {
            parts += form(
                "sunting",
                t("Sunting tampilan umum", "Edit the public view"),
                "<input type=\"hidden\" name=\"semula\" value=\"\(complaint.story ?? "")\">\(Field(name: "story", label: t("Cerita yang tampil", "Text shown"), help: t("Hapus nama, nomor, dan kata kasar. Naskah asli tetap di catatan.", "Take out names, numbers and abuse. The original stays in the record.")).area(state, t, value: complaint.story ?? "", rows: 4))\(HTML(complaint.photos.enumerated().map { "<label class=\"check\"><input type=\"checkbox\" name=\"keep\" value=\"\($0.element)\" checked>\(t("Tampilkan foto \($0.offset + 1)", "Show photo \($0.offset + 1)"))</label>" as HTML }))",
                button: t("Simpan suntingan", "Save the edit")
            )
        }
        if officer.roles.contains(.screener) {
            parts += form(
                "blokir",
                t("Blokir kontak pelapor", "Block the reporter’s contact"),
                "<p>\(t("Hanya untuk pelecehan; \(Complaints.blockDays) hari, dan tercatat.", "For abuse only; \(Complaints.blockDays) days, and recorded."))</p>\(reason("blokir", t("Alasan", "Reason")))",
                button: t("Blokir", "Block")
            )
        }
        return "<section aria-labelledby=\"f5\"><h2 id=\"f5\">\(t("Tindakan", "Acts"))</h2>\(parts)</section>"
    }

    /// What a supervisor alone may do: open what staff made confidential.
    private func opening(_ complaint: Complaint, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        guard context.officer.roles.contains(.supervisor), complaint.isConfidential else { return HTML() }
        let reason = Field(name: "text-buka", label: t("Alasan", "Reason")).area(state, t, rows: 3)
        return """
            <details class="box"><summary>\(t("Buka lagi untuk umum", "Make public again"))</summary><form method="post" action="\(Link("meja", "berkas", complaint.docket, "buka"))">\(hidden(context.visitor))\(reason)<p><button class="button secondary">\(t("Buka", "Make public"))</button></p></form></details>
            """
    }

    private func trail(_ timeline: [ComplaintEvent], _ t: Words) -> HTML {
        """
        <section aria-labelledby="f6"><h2 id="f6">\(t("Jejak", "Trail"))</h2><ol class="thread dense">\(HTML(timeline.map { "<li\(.value("class", $0.kind == "complaint.escalated" ? "late" : nil))><b>\(Wording(city: city, t: t).title($0))</b> <time datetime=\"\($0.at.rfc3339(in: city.zone))\">\($0.at.date(in: city.zone).short(t.language))</time></li>" }))</ol></section>
        """
    }

    func deliveries(_ docket: String, _ t: Words) async throws -> HTML {
        let messages = try await Outbox(journal: journal).deliveries(of: docket)
        guard !messages.isEmpty else { return HTML() }
        let names = ["sent": t("terkirim", "sent"), "waiting": t("menunggu", "waiting"), "failed": t("gagal", "failed")]
        return
            "<details><summary>\(t("Pesan (\(messages.count))", "Messages (\(messages.count))"))</summary><ul class=\"list\">\(HTML(messages.map { "<li><span>\($0.channel == .sms ? "SMS" : t("Email", "E-mail"))</span><span>\(names[$0.state] ?? $0.state)</span><p>\($0.createdAt.stamp(t.language, zone: city.zone))</p></li>" }))</ul></details>"
    }
}
