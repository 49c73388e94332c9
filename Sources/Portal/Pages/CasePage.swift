// SPDX-License-Identifier: EUPL-1.2

import Cases
import Complaints
import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Identity
import Journal
import Markup
import Web

/// The page of one case: where it stands, the promise as a date with its explanation, what happened, the conversation,
/// who answers for it, the proof, and for the reporter alone who looked at their data.
extension Portal {
    /// Shows a case.
    func casePage(
        _ request: Request,
        _ context: VisitorContext,
        state: FormState = .empty,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        if let found = try await serviceCase(context) {
            return try await serviceCasePage(request, found.serviceCase, found.service, context, state: state, status: status)
        }
        let complaint = try await requireCase(context)
        if let key = request.query("kunci") {
            // The key moves from the address into a cookie at once, so that it stays out of histories and logs.
            guard complaints.holds(key, of: complaint) else { throw Problem.notFound }
            return Response.seeOther(Link("berkas", complaint.docket))
                .settingCookie(
                    "kunci-\(complaint.docket)",
                    key,
                    seconds: 400 * 86_400,
                    path: "/berkas/\(complaint.docket)"
                )
        }
        let isReporter = try await holder(request, of: complaint) != nil
        let done = state.problem == nil ? try await caseDone(request, complaint, isReporter: isReporter, context.words) : HTML()
        let page = try await page(of: complaint, isReporter: isReporter, state: state, done: done, context)
        return respond(page, context, status: status)
    }

    func requireCase(_ context: VisitorContext) async throws -> Complaint {
        guard let docket = Docket(context.parameters.get("nomor") ?? ""), let complaint = try await complaints.find(docket.description)
        else {
            throw Problem(
                "complaint.not-found",
                .notFound,
                Text(id: "Berkas ini tidak ada", en: "There is no such case"),
                remedy: Text(id: "Periksa nomornya. Bentuknya LPR-26-7K3M-9QX.", en: "Check the number. It looks like LPR-26-7K3M-9QX.")
            )
        }
        return complaint
    }

    private func page(
        of complaint: Complaint,
        isReporter: Bool,
        state: FormState,
        done: HTML,
        _ context: VisitorContext
    ) async throws -> Page {
        let t = context.words
        let category = city.complaints.category(complaint.category)
        let isShown = complaint.isPublic || isReporter
        let title = isShown && !complaint.title.isEmpty ? complaint.title : category.map { t($0.name) } ?? complaint.docket
        let timeline = isShown ? try await complaints.timeline(of: complaint, isPrivate: isReporter, isStaff: false) : []
        let region = complaint.subdistrict.map { city.regions.fullName($0) } ?? ""
        let parts = try await complaints.parts(of: complaint.docket)
        let hiddenNotice =
            complaint.isConfidential && !isReporter
            ? "<p class=\"notice pause\">\(Icon.lock.html)<span>\(t("Laporan ini rahasia. Keadaan dan tenggatnya terbuka; isinya hanya untuk pelapor dan petugas.", "This report is confidential. Its state and deadlines are open; its text is for the reporter and the officers only."))</span></p>"
                as HTML
            : HTML()
        let main: HTML = """
            \(state.summary(t))\(done)
            <header>
            <p class="muted">\(t("Berkas", "Case")) <b class="code">\(complaint.docket)</b>\(category.map { " · \(t($0.name))" as HTML })</p>
            <h1>\(title)</h1>
            <p class="row">\(Badge.stage(complaint, t))\(region.isEmpty ? HTML() : "<span>\(region)</span>")<span class="muted">\(t("\(t.number(complaint.followers)) warga mengikuti", "\(t.number(complaint.followers)) people follow it"))</span></p>
            </header>
            \(hiddenNotice)\(merged(complaint, t))\(partList(parts, t))\(try await unconfirmed(complaint, isReporter: isReporter, context, state))
            <div class="two">
            <div>
            \(try await clock(complaint, t))
            \(isShown ? thread(complaint, timeline, t) : HTML())
            \(isShown ? conversation(complaint, timeline, isReporter: isReporter, state, context) : HTML())
            </div>
            <div>
            \(responsible(complaint, t))
            \(isReporter ? verdict(complaint, context, state) : challenge(complaint, context, state))
            \(proof(complaint, timeline.first?.sequence, t))
            \(isReporter ? try await lookers(complaint, state, context) : HTML())
            \(complaint.isPublic ? follow(complaint, context, state) : HTML())
            </div>
            </div>
            """
        return Page(
            title: "\(complaint.docket) \(title)",
            description: t(
                "Perkembangan laporan \(complaint.docket): \(complaint.stage.name.id).",
                "Progress of report \(complaint.docket): \(complaint.stage.name.en)."
            ),
            section: .track,
            crumbs: [(t("Beranda", "Home"), Link("")), (t("Laporan warga", "Residents’ reports"), Link("laporan"))],
            hasErrors: state.problem != nil,
            feed: complaint.isPublic ? Link("berkas", complaint.docket, "feed.atom") : nil,
            main: main
        )
    }

    private func merged(_ complaint: Complaint, _ t: Words) -> HTML {
        guard let parent = complaint.parent else { return HTML() }
        let text =
            complaint.outcome == .duplicate
            ? t("Laporan ini digabung dengan", "This report was merged with") : t("Laporan ini bagian dari", "This report is part of")
        return "<p class=\"notice\">\(Icon.list.html)<span>\(text) <a href=\"\(Link("berkas", parent))\">\(parent)</a>.</span></p>"
    }

    private func partList(_ parts: [Complaint], _ t: Words) -> HTML {
        guard !parts.isEmpty else { return HTML() }
        let items = HTML(
            parts.map { part in
                "<li><a href=\"\(Link("berkas", part.docket))\">\(part.docket)</a>, \(city.agency(part.agency).short): \(t(part.stage.name))</li>"
            }
        )
        return """
            <section class="box" aria-labelledby="h-bagian"><h2 id="h-bagian">\(t("Bagian untuk instansi lain", "Parts for other agencies"))</h2><ul>\(items)</ul></section>
            """
    }

    private func unconfirmed(
        _ complaint: Complaint,
        isReporter: Bool,
        _ context: VisitorContext,
        _ state: FormState
    ) async throws -> HTML {
        let isWaiting = complaint.stage == .unconfirmed
        guard isWaiting || isReporter, try await complaints.awaitsProof(complaint.docket) || isWaiting else { return HTML() }
        let t = context.words
        return """
            <form class="box primary" method="post" action="\(Link("berkas", complaint.docket, "konfirmasi"))"><h2>\(t("Konfirmasi kontak Anda", "Confirm your contact"))</h2>\(hidden(context))
            <p>\(isWaiting ? t("Kami mengirim enam angka ke nomor atau email Anda. Jam berjalan begitu Anda menuliskannya di sini.", "We sent six digits to your number or e-mail. The clock starts once you write them here.") : t("Kami mengirim enam angka ke nomor atau email Anda. Setelah Anda menuliskannya di sini, berkas ini ada di “Halaman saya”.", "We sent six digits to your number or e-mail. Once you write them here, this case is on “My page”."))</p>
            \(Field(name: "code", label: t("Kode", "Code")).input(state, t, autocomplete: "one-time-code", inputMode: "numeric", isShort: true))
            <button class="button">\(t("Konfirmasi", "Confirm"))</button></form>
            """
    }

    // MARK: The clock

    private func clock(_ complaint: Complaint, _ t: Words) async throws -> HTML {
        let today = now.date(in: city.zone)
        // Read once: each reading parses what the projection wrote.
        let clock = complaint.clock
        guard complaint.outcome != .duplicate, complaint.outcome != .withdrawn, complaint.outcome != .invalid,
            let deadline = clock.deadline("resolution", calendar: city.calendar, now: now)
        else { return HTML() }
        let end = complaint.end(calendar: city.calendar)
        let figure = DeadlineFigure(deadline: deadline, today: today, met: end?.date, calendar: city.calendar)
        let left = city.calendar.workingDays(from: today, to: deadline.due)
        let heading: String
        if let end, end.isRefusal {
            heading = end.isLate ? t("Diputuskan lewat tenggat", "Decided late") : t("Diputuskan sebelum tenggat", "Decided in time")
        } else if let end {
            heading = end.isLate ? t("Selesai lewat tenggat", "Finished late") : t("Selesai sebelum tenggat", "Finished in time")
        } else if clock.isPaused {
            heading = t("Jam berhenti, menunggu jawaban", "The clock stands still, awaiting an answer")
        } else if left < 0 {
            heading = t("Lewat \(-left) hari kerja", "\(-left) working days late")
        } else {
            heading =
                left == 0 ? t("Hari ini hari terakhir", "Today is the last day") : t("Sisa \(left) hari kerja", "\(left) working days left")
        }
        let names = [
            "verification": t("Diperiksa dan diteruskan", "Checked and passed on"), "answer": t("Jawaban pertama", "First answer"),
            "resolution": t("Penyelesaian", "Resolution"),
        ]
        let bases = try await complaints.bases(of: clock)
        let others = HTML(
            ["verification", "answer", "resolution"].compactMap { name -> HTML? in
                let end = complaint.end(of: name, calendar: city.calendar)
                guard let promise = clock.promises[name],
                    let deadline = end?.deadline ?? clock.deadline(name, calendar: city.calendar, now: now)
                else { return nil }
                let figure = DeadlineFigure(deadline: deadline, today: today, met: end?.date, calendar: city.calendar)
                return """
                    <li><b>\(names[name] ?? name)</b>\(end?.badge(t) ?? verdict(deadline, today, t))\(figure.html(t, isMini: true))<p>\(t("Janji \(promise.limit.text.id)", "Promised: \(promise.limit.text.en)")), \(t("paling lambat", "by")) \(deadline.due.full(t.language)). <span class="small">\(bases[promise.rule].map { t($0) } ?? "")</span></p></li>
                    """
            }
        )
        return """
            <section aria-labelledby="h-t"><h2 id="h-t">\(heading)</h2>
            <p>\(end.map { "\($0.sentence(t)) " } ?? "")\(t("Paling lambat", "By")) <b>\(deadline.due.full(t.language))</b> \(t("masalah ini selesai, atau ada penjelasan tertulis. Janji ini berlaku sejak laporan masuk dan tidak berubah kalau aturan berganti.", "this is solved, or there is a written explanation. This promise was in force when the report came in and stays, whatever rule comes later."))</p>
            \(figure.html(t))\(figure.explanation(t, id: "resolution"))
            <h3>\(t("Janji pada berkas ini", "Promises on this case"))</h3><ul class="list">\(others)</ul></section>
            """
    }

    private func verdict(_ deadline: Deadline, _ today: CivilDate, _ t: Words) -> HTML {
        if deadline.isPaused { return Badge.html(.pause, t("Jeda", "Paused"), tone: "pause") }
        return today > deadline.due
            ? Badge.html(.warning, t("Lewat tenggat", "Overdue"), tone: "bad") : Badge.html(.clock, t("Berjalan", "Running"), tone: "good")
    }

    // MARK: What happened

    private func thread(_ complaint: Complaint, _ timeline: [ComplaintEvent], _ t: Words) -> HTML {
        let today = now.date(in: city.zone)
        let events = timeline.filter { !["complaint.written", "complaint.followed", "complaint.unfollowed"].contains($0.kind) }
        let items = HTML(
            events.enumerated().map { index, event in
                let date = event.at.date(in: city.zone)
                let isLast = index == events.count - 1 && complaint.stage.isOpen
                let css = event.kind == "complaint.escalated" ? "late" : isLast ? "now" : ""
                return """
                    <li\(.value("class", css.isEmpty ? nil : css))><time datetime="\(event.at.rfc3339(in: city.zone))">\(date == today ? t("Hari ini", "Today") : date.short(t.language)), \(event.at.time(t.language, zone: city.zone))</time><h3>\(Wording(city: city, t: t).title(event))</h3>\(Wording(city: city, t: t).detail(event).map { "<p>\($0)</p>" as HTML })\(photos(event, of: complaint))</li>
                    """
            }
        )
        let next: HTML =
            complaint.stage.isOpen
            ? """
            \(complaint.stage == .reported ? HTML() : "<li class=\"later\"><h3>\(t("Hasil diperiksa orang kedua", "A second person checks the result"))</h3></li>")<li class="later"><h3>\(t("Pelapor menilai", "The reporter judges"))</h3><p>\(t("Berkas ditutup setelah pelapor setuju, atau 10 hari tanpa jawaban.", "The case closes once the reporter agrees, or after 10 days without an answer."))</p></li>
            """
            : HTML()
        return
            "<section aria-labelledby=\"h-l\"><h2 id=\"h-l\">\(t("Perjalanan berkas", "What happened"))</h2><ol class=\"thread\">\(items)\(next)</ol></section>"
    }

    func photos(_ event: ComplaintEvent, of complaint: Complaint) -> HTML {
        photoList(event.facts["attached"]?.array?.compactMap(\.string) ?? [], of: complaint)
    }

    func photoList(_ names: [String], of complaint: Complaint) -> HTML {
        guard !names.isEmpty else { return HTML() }
        return
            "<ul class=\"photos\">\(HTML(names.map { "<li><a href=\"\(Link("berkas", complaint.docket, "foto", $0))\"><img src=\"\(Link("berkas", complaint.docket, "foto", $0, query: [("kecil", "1")]))\" alt=\"Foto\" width=\"144\" height=\"112\" loading=\"lazy\"></a></li>" }))</ul>"
    }

    private func conversation(
        _ complaint: Complaint,
        _ timeline: [ComplaintEvent],
        isReporter: Bool,
        _ state: FormState,
        _ context: VisitorContext
    ) -> HTML {
        let t = context.words
        let own = Set(timeline.filter(\.isPrivate).flatMap { $0.facts["attached"]?.array?.compactMap(\.string) ?? [] })
        let spoken = timeline.filter { $0.text != nil || $0.kind == "complaint.filed" }
        let lines = HTML(
            spoken.map { event in
                let isOwn = event.role == "resident"
                let who: HTML =
                    isOwn
                    ? "<b>\(event.kind == "complaint.challenged" ? t("Warga", "A resident") : complaint.publicName ?? t("Pelapor", "Reporter"))</b>"
                    : "<b>\(complaints.agencyName(event.agency))</b>\(event.number.map { "<span>\(t("Petugas", "Officer")) \($0)</span>" as HTML })"
                let text = event.text ?? (event.kind == "complaint.filed" ? complaint.story : nil)
                // What everybody may see stands with the report; what only its writer and the officers see, with the reply that brought it.
                let pictures =
                    event.kind == "complaint.filed"
                    ? photoList(complaint.isConfidential && !isReporter ? [] : complaint.photos.filter { !own.contains($0) }, of: complaint)
                    : event.isPrivate ? photos(event, of: complaint) : HTML()
                return """
                    <li\(.value("class", isOwn ? "own" : nil))><header>\(who)\(event.isPrivate ? "<span class=\"muted\">\(t("hanya Anda dan petugas", "you and the officers only"))</span>" : HTML())<time datetime="\(event.at.rfc3339(in: city.zone))">\(event.at.stamp(t.language, zone: city.zone))</time></header>\(text.map { HTML(paragraphs: $0) } ?? "<p class=\"muted\">\(t("Teks ini sudah dihapus atas permintaan pelapor.", "This text was erased at the reporter’s request."))</p>")\(pictures)</li>
                    """
            }
        )
        let form: HTML =
            isReporter && complaint.stage != .closed
            ? """
            <form method="post" action="\(Link("berkas", complaint.docket, "balasan"))" enctype="multipart/form-data">\(hidden(context))
            \(Field(name: "reply", label: t("Balas", "Reply"), help: complaint.stage == .waiting ? "\(readers(t)) \(t("Jam berjalan lagi begitu Anda menjawab.", "The clock runs again once you answer."))" : readers(t)).area(state, t, rows: 4))
            \(Field(name: "photo", label: t("Tambah foto", "Add photos"), isOptional: true).photos(state, t))
            <p><button class="button">\(t("Kirim balasan", "Send reply"))</button></p></form>
            """
            : HTML()
        return
            "<section aria-labelledby=\"h-p\"><h2 id=\"h-p\">\(t("Percakapan", "Conversation"))</h2><ol class=\"conversation\">\(lines)</ol>\(form)</section>"
    }

    /// Who reads what a resident writes to a case.
    private func readers(_ t: Words) -> String {
        t(
            "Ini hanya dibaca petugas. Tampil untuk umum hanya kalau petugas menerbitkannya.",
            "Only officers read this. It shows to everybody only if an officer publishes it."
        )
    }

    // MARK: The side

    private func responsible(_ complaint: Complaint, _ t: Words) -> HTML {
        let agency = city.agency(complaint.agency)
        let ladder = city.complaints.ladder.map { step in
            switch step.to {
            case "head": t("Kepala \(agency.short)", "the head of \(agency.short)")
            case "superior": agency.superior.map { city.agency($0).name } ?? ""
            default: city.agency(step.to).name
            }
        }
        let rule =
            complaint.rule > 0
            ? t("Dipilih oleh aturan \(complaint.rule) untuk jenis ini.", "Chosen by rule \(complaint.rule) for this kind.")
            : t("Ditunjuk petugas.", "Named by an officer.")
        return """
            <section class="box" aria-labelledby="h-i"><h2 id="h-i">\(t("Yang bertanggung jawab", "Who answers for it"))</h2>
            <p><b>\(agency.name)</b>\(agency.phone.map { "<br>\(t("Telepon kantor", "Office telephone")) <b>\($0)</b>" as HTML })</p><p class="small">\(rule)</p>
            <p>\(t("Kalau lewat tenggat, berkas naik dengan sendirinya ke", "When overdue, the case climbs by itself to")) \(ladder.filter { !$0.isEmpty }.joined(separator: ", ")).</p></section>
            """
    }

    private func verdict(_ complaint: Complaint, _ context: VisitorContext, _ state: FormState) -> HTML {
        let t = context.words
        var parts = HTML()
        if complaint.stage == .resolved || complaint.stage == .closed, complaint.rating == nil,
            complaint.outcome == .fixed || complaint.outcome == .notFixed
        {
            parts += """
                <form class="box primary" method="post" action="\(Link("berkas", complaint.docket, "penilaian"))"><h2>\(t("Bagaimana penanganannya?", "How was it handled?"))</h2>\(hidden(context))
                \(Field(name: "rating", label: t("Nilai", "Rating")).radios(state, t, options: [("3", t("Baik", "Good"), ""), ("2", t("Cukup", "Fair"), ""), ("1", t("Belum baik", "Not good"), "")]))
                \(Field(name: "remark", label: t("Catatan", "Remark"), help: readers(t), isOptional: true).area(state, t, rows: 2))
                <button class="button secondary">\(t("Kirim penilaian", "Send rating"))</button></form>
                """
        }
        if let last = complaints.disputableUntil(complaint), now <= last {
            parts += """
                <form class="box" method="post" action="\(Link("berkas", complaint.docket, "sanggahan"))"><h2>\(t("Belum selesai?", "Not fixed?"))</h2>\(hidden(context))
                <p>\(t("Sampai \(last.date(in: city.zone).full(.indonesian)) Anda bisa membuka berkas ini kembali.", "Until \(last.date(in: city.zone).full(.english)) you can open this case again."))</p>
                \(Field(name: "dispute", label: t("Apa yang belum baik?", "What is not good yet?"), help: readers(t)).area(state, t, rows: 3))
                <button class="button secondary">\(t("Buka kembali", "Open again"))</button></form>
                """
        }
        if complaint.stage.isOpen, complaint.stage != .reported {
            parts += """
                <details class="box"\(.flag("open", state.of("penarikan").problem != nil))><summary>\(t("Tarik laporan ini", "Withdraw this report"))</summary><form method="post" action="\(Link("berkas", complaint.docket, "penarikan"))">\(hidden(context))<p>\(t("Berkas ditutup. Catatannya tetap ada.", "The case is closed. Its record stays."))</p>\(Sureness.field(t, t("laporan ini ditutup tanpa dikerjakan", "this report is closed and nothing is done about it")).check(state.of("penarikan"), t))<button class="button secondary">\(t("Tarik laporan", "Withdraw report"))</button></form></details>
                """
        }
        return parts
    }

    private func challenge(_ complaint: Complaint, _ context: VisitorContext, _ state: FormState) -> HTML {
        guard complaint.isPublic, complaint.outcome == .fixed else { return HTML() }
        let t = context.words
        return """
            <form class="box" id="bantah" method="post" action="\(Link("berkas", complaint.docket, "bantahan"))"><h2>\(t("Ternyata belum selesai?", "Not fixed after all?"))</h2>\(hidden(context))
            <p>\(t("Siapa pun boleh menyanggah. \(t.number(complaint.challenges)) sanggahan sejauh ini; dinas diberi tahu.", "Anyone may say so. \(t.number(complaint.challenges)) so far; the agency is told."))</p>
            \(Field(name: "challenge", label: t("Apa yang Anda lihat?", "What did you see?"), help: readers(t)).area(state, t, rows: 3))
            <button class="button secondary">\(t("Kirim sanggahan", "Say so"))</button></form>
            """
    }

    private func proof(_ complaint: Complaint, _ sequence: Int?, _ t: Words) -> HTML {
        """
        <section class="box" aria-labelledby="h-b"><h2 id="h-b">\(Icon.seal.html) \(t("Bukti tercatat", "Proof of record"))</h2>
        <p>\(t("Setiap langkah di berkas ini terkunci di buku besar publik. Tidak bisa dihapus diam-diam, termasuk oleh kami.", "Every step of this case is locked into the public ledger. Nobody can remove it in silence, not even we."))</p>
        \(sequence.map { "<dl class=\"details dense\"><div><dt>\(t("Catatan ke-", "Entry number"))</dt><dd>\(t.number($0))</dd></div></dl>" as HTML })
        <p><a href="\(Link("ledger", "receipts", complaint.docket))">\(t("Unduh bukti (tlog-proof)", "Download the proof (tlog-proof)"))</a><br><a href="\(Link("buku-besar"))">\(t("Cara memeriksanya sendiri", "How to check it yourself"))</a></p></section>
        """
    }

    private func lookers(_ complaint: Complaint, _ state: FormState, _ context: VisitorContext) async throws -> HTML {
        let t = context.words
        let views = try await complaints.views(of: complaint)
        let rows = HTML(
            views.map { view in
                """
                <tr><td><b>\(t("Petugas", "Officer")) \(view.number ?? 0), \(complaints.agencyName(view.agency))</b><br>\(Complaints.purposeName(view.purpose).map { t($0) } ?? view.purpose)</td><td>\(view.at.stamp(t.language, zone: city.zone))</td></tr>
                """
            }
        )
        let table: HTML =
            views.isEmpty
            ? "<p>\(t("Belum ada yang tercatat membukanya.", "No look has been recorded yet."))</p>"
            : "<table><caption class=\"sr\">\(t("Akses ke data pribadi pelapor", "Access to the reporter’s data"))</caption><thead><tr><th scope=\"col\">\(t("Siapa dan untuk apa", "Who, and what for"))</th><th scope=\"col\">\(t("Kapan", "When"))</th></tr></thead><tbody>\(rows)</tbody></table>"
        let isErased = try await complaints.isErased(complaint)
        let kept = try await complaints.evidenceNotice(on: complaint)
        let erase: HTML =
            isErased
            ? "<p class=\"notice\">\(t("Data pelapor sudah dihapus.", "The reporter’s data has been erased."))</p>\(try await traceNotice(complaint.person, t))"
            : complaint.stage.isOpen
                ? HTML()
                : kept.map { "<p class=\"notice\">\(Icon.lock.html)<span>\(t($0)) \(t(Complaints.keptUntil))</span></p>" as HTML }
                    ?? "<details\(.flag("open", state.of("penghapusan").fault("yakin", t) != nil))><summary>\(t("Hapus data pribadi saya", "Erase my personal data"))</summary><form method=\"post\" action=\"\(Link("berkas", complaint.docket, "penghapusan"))\">\(hidden(context))<p>\(t("Nama, kontak, cerita, dan foto Anda dihapus selamanya (UU 27/2022 ps. 8). Catatan bahwa laporan pernah ada tetap.", "Your name, contact, story and photos are erased for ever (Law 27/2022 art. 8). The record that a report existed stays."))</p>\(Sureness.field(t, t("yang dihapus tidak bisa kembali", "what is erased cannot come back")).check(state.of("penghapusan"), t))<p><button class=\"button secondary\">\(t("Hapus selamanya", "Erase for ever"))</button></p></form></details>"
        return """
            <section class="box" aria-labelledby="h-s"><h2 id="h-s">\(Icon.lock.html) \(t("Siapa yang melihat data Anda", "Who looked at your data"))</h2>
            <p class="small muted">\(complaint.isConfidential ? t("Tercatat petugas yang membuka laporan rahasia ini, sekali sehari, dan yang membuka nama dan kontak Anda.", "Recorded are officers who open this confidential report, once a day, and who open your name and contact.") : t("Tercatat petugas yang membuka nama dan kontak Anda. Isi laporan ini terbuka untuk umum, dan balasan Anda dibaca petugas tanpa dicatat.", "Recorded are officers who open your name and contact. The text of this report is public, and officers read your replies without a record.")) \(t("Hanya Anda yang melihat bagian ini.", "Only you see this part."))</p>\(table)\(erase)</section>
            """
    }

    private func follow(_ complaint: Complaint, _ context: VisitorContext, _ state: FormState) -> HTML {
        let t = context.words
        return """
            <form class="box" id="ikuti" method="post" action="\(Link("berkas", complaint.docket, "pengikut"))"><h2>\(t("Ikuti laporan ini", "Follow this report"))</h2>\(hidden(context))
            \(Field(name: "contact", label: t("Nomor HP atau email", "Mobile number or e-mail"), help: t("Hanya untuk kabar tentang berkas ini.", "Only for news about this case.")).input(state, t, autocomplete: "email"))
            <button class="button secondary">\(t("Kabari saya", "Tell me"))</button></form>
            """
    }
}
