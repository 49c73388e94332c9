// SPDX-License-Identifier: EUPL-1.2

import Complaints
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
import Residents
import Services
import Web

/// “My page”: everything of a resident's that the city holds, and who looked at it.
extension Portal {
    /// Everything that belongs to a resident, gathered once for the page and for the download.
    struct Belongings {
        var applications: [(serviceCase: Case, service: Service, story: Story)] = []
        var reports: [Complaint] = []
        /// Applications whose data is to be erased as soon as nothing stands in the way.
        var wishes: Set<String> = []
        var documents: [IssuedDocument] = []
        var payments: [Payment] = []
        var refunds: [Refund] = []
        /// Who opened what, of which case; nil for the identity card.
        var looks: [(docket: String?, agency: String, number: Int?, at: Instant)] = []
    }

    /// - Parameter limit: how many applications at most; nil for all.
    func belongings(of resident: Resident, limit: Int?) async throws -> Belongings {
        var all = Belongings(reports: try await complaints.ownCases(of: resident.contacts))
        all.wishes = try await services.erasureWishes(of: resident.contacts)
        let numbers = try await accounts.numbers()
        all.looks = resident.checks.map { (nil, $0.agency, $0.officer.flatMap { numbers[$0] }, $0.at) }
        for report in all.reports {
            all.looks += try await complaints.views(of: report).map { (report.docket, $0.agency ?? "", $0.number, $0.at) }
        }
        for row in try await services.ownCases(of: resident.contacts, limit: limit) {
            guard let found = try await services.find(row.docket) else { continue }
            let story = try await services.story(of: row)
            all.applications.append((row, found.service, story))
            all.looks += story.events.filter { $0.kind == "case.viewed" }.map {
                (row.docket, $0.unit ?? "", $0.account.flatMap { numbers[$0] }, $0.at)
            }
            all.documents += try await documents.documents(of: row.docket)
            let money = try await journal.read { snapshot in
                try Fees.bills(of: row.docket, in: snapshot).map {
                    (try Fees.payments(of: $0.number, in: snapshot), try Fees.refunds(of: $0.number, in: snapshot))
                }
            }
            all.payments += money.flatMap(\.0)
            // What was ordered and never carried out gave nobody anything.
            all.refunds += money.flatMap(\.1).filter { $0.state != .withdrawn }
        }
        return all
    }

    /// Shows the page, or the door to it.
    ///
    /// - Parameter counterCode: a code for the counter that has just been made; it is shown this once.
    func ownPage(
        _ request: Request,
        _ context: VisitorContext,
        counterCode: String? = nil,
        state: FormState = .empty,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        guard let resident = try await resident(request) else { return signInDoor(request, context) }
        let t = context.words
        let all = try await belongings(of: resident, limit: 200)
        let done = state.problem == nil ? request.query("selesai") : nil
        let adding = try await residents.adding(to: resident)
        let counts = try await residents.caseCounts(of: resident)
        let name = resident.details[.name] ?? resident.contacts.first?.masked ?? ""
        let main: HTML = """
            \(state.summary(t))\(ownDone(done, resident, t))\(try await waitingErasure(resident, all, after: request.query("selesai"), context))\(try await pendingExchanges(resident, t))
            <header><h1>\(t("Halaman saya", "My page"))</h1><p class="row"><span>\(name)</span>\(level(resident, t))</p></header>
            <div class="two"><div>\(applications(all, t))\(papers(all, t))\(payments(all, t))\(reports(all, t))</div>
            <div>\(identity(resident, counterCode, context))\(details(resident, state, context))\(contacts(resident, counts, adding: adding, isJustSent: done == "kontak", state, context))\(passkeys(resident, state, context))\(viewers(all, t))\(try await leaving(resident, state, context))</div></div>
            """
        var response = respond(
            Page(
                title: t("Halaman saya", "My page"),
                section: .own,
                hasErrors: state.problem != nil,
                scripts: ["queue.js", "app.js", "passkey.js"],
                main: main
            ),
            context,
            status: status
        )
        response.headers[.cacheControl] = "private, no-store"
        return response
    }

    private func level(_ resident: Resident, _ t: Words) -> HTML {
        Badge.html(resident.assurance == .identified ? .seal : .check, t(resident.assurance.name), tone: "good", isFilled: true)
    }

    /// The link to a case: whoever is signed in opens it as their own.
    private func caseLink(_ docket: String) -> Link { Link("berkas", docket) }

    private func applications(_ all: Belongings, _ t: Words) -> HTML {
        let items = HTML(
            all.applications.map { row in
                """
                <li><a href="\(caseLink(row.serviceCase.docket))">\(t(row.service.name))</a><span class="code muted">\(row.serviceCase.docket)</span><p>\(statusBadge(row.serviceCase, row.service, t)) \(all.wishes.contains(row.serviceCase.docket) ? Badge.html(.clock, t("Menunggu dihapus", "Waits to be erased"), tone: "warn") : HTML()) \(row.serviceCase.filedAt.date(in: city.zone).long(t.language))</p></li>
                """
            }
        )
        return """
            <section aria-labelledby="h-mohon"><h2 id="h-mohon">\(t("Permohonan", "Applications"))</h2>\(all.applications.isEmpty ? "<p>\(t("Belum ada.", "None yet.")) <a href=\"\(Link("layanan"))\">\(t("Cari layanan", "Find a service"))</a></p>" : "<ul class=\"list\">\(items)</ul>")</section>
            """
    }

    private func papers(_ all: Belongings, _ t: Words) -> HTML {
        guard !all.documents.isEmpty else { return HTML() }
        let today = now.date(in: city.zone)
        let items = HTML(
            all.documents.map { document in
                """
                <li><a href="\(caseLink(document.docket))">\(document.title)</a><span class="code muted">\(document.number)</span><p>\(standingBadge(document.standing(on: today), document.validUntil, t))</p></li>
                """
            }
        )
        return """
            <section aria-labelledby="h-surat"><h2 id="h-surat">\(t("Dokumen", "Documents"))</h2><ul class="list">\(items)</ul></section>
            """
    }

    private func payments(_ all: Belongings, _ t: Words) -> HTML {
        guard !all.payments.isEmpty || !all.refunds.isEmpty else { return HTML() }
        let items = HTML(
            all.payments.map {
                "<li><a href=\"\(caseLink($0.docket))\">\(t.rupiah($0.amount))</a><span class=\"code muted\">\($0.receipt)</span><p>\(t($0.method.name)), \($0.taken.long(t.language)).\(undone($0, t))</p></li>"
                    as HTML
            }
        )
        let back = HTML(
            all.refunds.map { refund in
                let state =
                    switch refund.state {
                    case .ordered: t("Akan dikembalikan kepada Anda", "Will be given back to you")
                    case .carried: t("Dikembalikan kepada Anda", "Given back to you")
                    case .withdrawn, .returned: t("Kembali dari bank, belum Anda terima", "Came back from the bank, not received by you")
                    }
                let day = (refund.carriedAt ?? refund.orderedAt).date(in: city.zone)
                return """
                    <li><a href="\(caseLink(refund.docket))">\(t.rupiah(refund.amount))</a><span class="code muted">\(refund.receipt ?? refund.id)</span><p>\(state), \(day.long(t.language))</p></li>
                    """
            }
        )
        return """
            <section aria-labelledby="h-bayar"><h2 id="h-bayar">\(t("Pembayaran", "Payments"))</h2><ul class="list">\(items)\(back)</ul></section>
            """
    }

    private func reports(_ all: Belongings, _ t: Words) -> HTML {
        let items = HTML(
            all.reports.map { complaint in
                """
                <li><a href="\(caseLink(complaint.docket))">\(complaint.title.isEmpty ? complaint.docket : complaint.title)</a><span class="code muted">\(complaint.docket)</span><p>\(Badge.stage(complaint, t)) \(complaint.filedAt.date(in: city.zone).long(t.language))</p></li>
                """
            }
        )
        return """
            <section aria-labelledby="h-lapor"><h2 id="h-lapor">\(t("Laporan", "Reports"))</h2><p>\(t("\(all.reports.count) laporan dalam setahun terakhir.", "\(all.reports.count) reports in the last year."))</p><ul class="list">\(items)</ul></section>
            """
    }

    private func identity(_ resident: Resident, _ counterCode: String?, _ context: VisitorContext) -> HTML {
        let t = context.words
        let counters = city.agencyOrder.filter(city.counterChecksIdentity).map { city.agency($0).short }.joined(separator: ", ")
        var inside: HTML
        if let checked = resident.identified {
            inside = """
                <p>\(Icon.seal.html) \(t("KTP Anda sudah diperiksa \(city.agency(checked.agency).short),", "Your card was checked by \(city.agency(checked.agency).short) on")) \(checked.at.date(in: city.zone).long(t.language)).</p>
                """
        } else if let counterCode {
            inside = """
                <p>\(t("Bacakan kode ini kepada petugas loket, bersama kontak Anda dan KTP:", "Read this code out to the clerk, with your contact and your card:"))</p><p class="figure otp" role="status">\(counterCode)</p><p class="small">\(t("Berlaku 30 menit.", "Good for 30 minutes."))</p>
                """
        } else {
            inside = """
                <p>\(t("Tunjukkan KTP sekali di loket yang memeriksanya (\(counters)); setelah itu layanan yang memintanya bisa diajukan dari rumah.", "Show your card once at a counter that checks it (\(counters)); services that ask for it can then be applied for from home."))</p><form method="post" action="\(Link("saya", "loket"))">\(hidden(context))<p><button class="button secondary">\(t("Minta kode loket", "Get a code for the counter"))</button></p></form>
                """
        }
        if let contested = resident.contested {
            inside +=
                "<p class=\"notice warn\">\(Icon.warning.html)<span>\(t("Pada \(contested.at.date(in: city.zone).long(.indonesian)) KTP Anda diperiksa, tetapi NIK di situ sudah ada pada akun lain. Kalau akun itu juga milik Anda, masuk dengan kontak lamanya lalu tambahkan kontak ini di sana.", "On \(contested.at.date(in: city.zone).long(.english)) your card was looked at, but another account has its NIK already. If that account is yours too, sign in with its contact and add this one there."))</span></p>"
        }
        return """
            <section class="box" aria-labelledby="h-identitas"><h2 id="h-identitas">\(t("Identitas", "Identity"))</h2>\(inside)</section>
            """
    }

    /// What residents can say about themselves beforehand.
    static let ownDetails: [(known: Questionnaire.Known, label: Text, autocomplete: String)] = [
        (.name, Text(id: "Nama lengkap", en: "Full name"), "name"),
        (.residentNumber, Text(id: "NIK", en: "NIK"), "off"),
        (.familyCard, Text(id: "Nomor Kartu Keluarga", en: "Family card number"), "off"),
        (.address, Text(id: "Alamat", en: "Address"), "address-line1"),
    ]

    private func details(_ resident: Resident, _ state: FormState, _ context: VisitorContext) -> HTML {
        let t = context.words
        func shown(_ known: Questionnaire.Known) -> String {
            let value = resident.details[known] ?? ""
            let isNumber = [.residentNumber, .familyCard].contains(known)
            return isNumber && !value.isEmpty ? ResidentNumber.masked(value) : value
        }
        let fields = HTML(
            Self.ownDetails.map { detail in
                if resident.identified != nil, Resident.checkedDetails.contains(detail.known) {
                    return
                        "<p><b>\(t(detail.label))</b>: \(shown(detail.known)) <span class=\"muted\">\(t("(dari KTP; keliru? perbaiki di loket)", "(from your card; wrong? have it mended at a counter)"))</span></p>"
                }
                return Field(name: detail.known.rawValue, label: t(detail.label), isOptional: true).input(
                    state,
                    t,
                    value: shown(detail.known),
                    autocomplete: detail.autocomplete
                )
            }
        )
        let subdistricts = city.regions.districts.flatMap { district in
            city.regions.subdistricts(of: district.code).map { (value: $0.code, label: "\(district.name): \($0.name)") }
        }
        let place = Field(name: "subdistrict", label: t("Kelurahan", "Subdistrict"), isOptional: true).select(
            state,
            t,
            value: resident.details[.subdistrict] ?? "",
            options: [("", t("Pilih satu", "Choose one"))] + subdistricts
        )
        return """
            <details\(.flag("open", state.problem != nil && state.typed?.has("name") == true))><summary>\(t("Data saya", "My data"))</summary><p class="small">\(t("Dipakai untuk mengisi formulir, supaya tidak ditanya dua kali. Hanya Anda yang melihatnya di sini.", "Used to fill in forms, so that nothing is asked twice. Only you see it here."))</p><form method="post" action="\(Link("saya", "data"))" novalidate>\(hidden(context))\(fields)\(place)<p><button class="button secondary">\(t("Simpan", "Save"))</button></p></form></details>
            """
    }

    /// That the contact of cases is to change, and where that is stopped.
    private func pendingExchanges(_ resident: Resident, _ t: Words) async throws -> HTML {
        let pending = try await services.pendingExchanges(of: resident.contacts)
        guard !pending.isEmpty else { return HTML() }
        let items = HTML(
            pending.map { exchange in
                let date = exchange.until.date(in: city.zone)
                return """
                    <li><a href="\(caseLink(exchange.docket))">\(exchange.docket)</a>: \(t("ke \(exchange.next.masked) pada \(date.long(.indonesian))", "to \(exchange.next.masked) on \(date.long(.english))"))</li>
                    """
            }
        )
        return """
            <div class="notice warn">\(Icon.warning.html)<div><p><b>\(t("Kontak berkas akan diganti.", "The contact of a case is to change."))</b> \(t("Tidak mau? Buka berkasnya dan tekan “Jangan ganti kontak”.", "Not what you want? Open the case and press “Do not change the contact”."))</p><ul>\(items)</ul></div></div>
            """
    }

    /// What becomes of the cases of a contact when it is taken off; nothing where it has none, or is the only one.
    private func fate(of contact: Contact, _ count: Int?, _ resident: Resident, _ t: Words) -> HTML {
        guard let count, count > 0, resident.contacts.count > 1 else { return HTML() }
        let words =
            if let heir = resident.heir(of: contact, at: now) {
                t(
                    "\(count) berkas dengan kontak ini ikut akun Anda, ke \(heir.masked(among: resident.contacts)), saat dilepas.",
                    "\(count.counted("case", "cases")) of this contact will go with your account, to \(heir.masked(among: resident.contacts)), when it is taken off."
                )
            } else {
                t(
                    "\(count) berkas dengan kontak yang masih baru ini tetap padanya saat dilepas.",
                    "\(count.counted("case", "cases")) of this new contact will stay with it when it is taken off."
                )
            }
        return "<p class=\"small\">\(words)</p>"
    }

    private func contacts(
        _ resident: Resident,
        _ counts: [Contact: Int],
        adding: Contact?,
        isJustSent: Bool,
        _ state: FormState,
        _ context: VisitorContext
    ) -> HTML {
        let t = context.words
        let new = Dictionary(resident.newContacts(at: now).map { ($0.what, $0.days) }, uniquingKeysWith: { $1 })
        let items = HTML(
            resident.contacts.map { contact in
                let fate = fate(of: contact, counts[contact], resident, t)
                if let leaving = resident.leaving.first(where: { $0.contact == contact }) {
                    let date = leaving.until.date(in: city.zone)
                    return """
                        <li><span>\(contact.masked(among: resident.contacts))</span><span class="muted">\(t("dilepas pada \(date.long(.indonesian)), kecuali dihentikan", "to be taken off on \(date.long(.english)), unless it is stopped"))</span><form method="post" action="\(Link("saya", "batal-lepas"))">\(hidden(context))<button class="text-button">\(t("Tetap pakai", "Keep it"))<span class="sr"> \(contact.masked(among: resident.contacts))</span></button></form>\(fate)</li>
                        """
                }
                let remove: HTML =
                    resident.staying.count > 1
                    ? "<form method=\"post\" action=\"\(Link("saya", "lepas-kontak"))\">\(hidden(context))<button class=\"text-button\" name=\"contact\" value=\"\(contact.address ?? "")\">\(t("Lepas", "Take off"))<span class=\"sr\"> \(contact.masked(among: resident.contacts))</span></button></form>"
                    : HTML()
                let since = new[contact].map { days -> HTML in
                    " <span class=\"muted\">\(t("masih baru \(days) hari", "new for \(days.counted("day", "days"))"))</span>"
                }
                return
                    "<li><span>\(contact.masked(among: resident.contacts))\(since)</span>\(remove)\(resident.staying.count > 1 ? fate : HTML())</li>"
            }
        )
        let isAsked = adding != nil || state.typed?.has("new-code") == true
        let other = Field(name: "contact", label: t("Kontak lain", "Another contact"))
        func ask(_ label: String) -> HTML {
            """
            <form method="post" action="\(Link("saya", "kontak"))">\(hidden(context))\(other.input(state, t, autocomplete: "email"))<p><button class="button secondary">\(label)</button></p></form>
            """
        }
        let sent = adding.map {
            t(
                "Kode enam angka dikirim ke \($0.masked), berlaku 10 menit.",
                "Six digits are on their way to \($0.masked), good for 10 minutes."
            )
        }
        // The page begins where the code is to be written: the box lies far below its top.
        let said = sent.map { isJustSent ? doneNotice($0) : "<p>\($0)</p>" as HTML }
        let add: HTML =
            isAsked
            ? """
            \(said)<form method="post" action="\(Link("saya", "tambah-kontak"))">\(hidden(context))\(Field(name: "new-code", label: t("Kode yang kami kirim ke sana", "The code that we sent there")).input(state, t, autocomplete: "one-time-code", inputMode: "numeric", isShort: true))<p><button class="button secondary">\(t("Tambahkan", "Add"))</button></p></form>
            <details\(.flag("open", adding == nil || state.fault("contact", t) != nil))><summary>\(t("Salah tulis, atau tidak sampai?", "Mistyped, or did it not arrive?"))</summary>\(ask(t("Kirim kode baru", "Send a new code")))</details>
            """
            : ask(t("Kirim kode", "Send a code"))
        return """
            <details id="kontak"\(.flag("open", isAsked || state.typed?.has("contact") == true || !resident.leaving.isEmpty || state.fault("kontak", t) != nil))><summary>\(t("Kontak", "Contacts"))</summary><ul class="list">\(items)</ul><p class="small">\(t("Kontak yang dilepas diberi tahu, dan pemiliknya punya \(ContactStop.days) hari untuk menghentikannya; yang baru ditambahkan (kurang dari \(Residents.newDays) hari) dilepas seketika.", "A contact that is taken off is told, and its owner has \(ContactStop.days) days to stop it; one that is new (less than \(Residents.newDays) days) goes at once."))</p>\(add)</details>
            """
    }

    private func passkeys(_ resident: Resident, _ state: FormState, _ context: VisitorContext) -> HTML {
        let t = context.words
        let items = HTML(
            resident.passkeys.map { passkey in
                let name = passkey.name.isEmpty ? t("Kunci sandi", "Passkey") : passkey.name
                return """
                    <li><b>\(name)</b><span class="muted">\(passkey.addedAt.date(in: city.zone).long(t.language))</span><form method="post" action="\(Link("saya", "lepas-kunci"))">\(hidden(context))<button class="text-button" name="passkey" value="\(passkey.entry)">\(t("Lepas", "Take off"))<span class="sr"> \(name)</span></button></form></li>
                    """
            }
        )
        let options = String(decoding: residents.creationOptions(for: resident, visitor: context.visitor).canonical, as: UTF8.self)
        return """
            <details id="kunci"\(.flag("open", state.fault("kunci", t) != nil))><summary>\(t("Kunci sandi (\(resident.passkeys.count))", "Passkeys (\(resident.passkeys.count))"))</summary><p class="small">\(t("Masuk dengan sidik jari atau wajah, tanpa menunggu SMS. Kuncinya tinggal di ponsel Anda.", "Sign in with a finger or a face, without waiting for an SMS. The key stays on your phone."))</p><ul class="list">\(items)</ul>
            <form method="post" action="\(Link("saya", "kunci"))" data-passkey="create" data-options="\(options)" hidden>\(hidden(context))<input type="hidden" name="credential">\(Field(name: "key-name", label: t("Nama, supaya Anda mengenalinya", "A name, so that you know it again"), isOptional: true).input(.empty, t))<p><button class="button secondary">\(t("Buat kunci sandi di perangkat ini", "Make a passkey on this device"))</button></p><p role="status"></p></form></details>
            """
    }

    private func viewers(_ all: Belongings, _ t: Words) -> HTML {
        let items = HTML(
            all.looks.sorted { $0.at > $1.at }.prefix(50).map {
                "<li>\([$0.number.map { t("Petugas \($0)", "Officer \($0)") }, city.agencies[$0.agency]?.short, $0.at.stamp(t.language, zone: city.zone)].compactMap { $0 }.joined(separator: ", ")) <span class=\"code muted\">\($0.docket ?? t("pemeriksaan KTP", "check of your card"))</span></li>"
                    as HTML
            }
        )
        let count = all.looks.count
        return """
            <details><summary>\(t("Siapa yang membuka data saya (\(count))", "Who opened my data (\(count))"))</summary>\(count == 0 ? "<p>\(t("Belum ada.", "Nobody yet."))</p>" : "<ul class=\"list\">\(items)</ul>")</details>
            """
    }

    /// That the resident wished to be erased, and why it waits.
    private func waitingErasure(_ resident: Resident, _ all: Belongings, after act: String?, _ context: VisitorContext) async throws -> HTML
    {
        let t = context.words
        guard let wish = try await residents.wish(of: resident) else {
            return act == "batal-hapus"
                ? doneNotice(t("Permintaan dibatalkan: tidak ada lagi yang dihapus.", "The wish is taken back: nothing more is erased."))
                : HTML()
        }
        let own = Set(all.applications.map(\.serviceCase.docket))
        return waitingErasure(
            t("Akun Anda belum dihapus: permintaannya menunggu.", "Your account is not erased yet: the wish waits."),
            since: wish.since,
            reasons: try await services.hindrances(to: resident),
            takenBackAt: Link("saya", "batal-hapus"),
            cases: own,
            isNew: act == "hapus",
            context
        )
    }

    /// That somebody wished to be erased, why it waits, and how to take it back; nil where they cannot.
    ///
    /// - Parameter cases: dockets with which a reason may begin, and to which it then leads: some reasons end only by what their
    ///   applicant does there.
    func waitingErasure(
        _ title: String,
        since: Instant,
        reasons: [Text],
        takenBackAt link: Link?,
        cases: Set<String> = [],
        isNew: Bool = false,
        _ context: VisitorContext
    ) -> HTML {
        let t = context.words
        let day = since.date(in: city.zone)
        let recorded = t("Permintaan tercatat \(day.long(.indonesian)).", "The wish was recorded on \(day.long(.english)).")
        // What stood in the way may have ended a minute ago.
        let why: HTML =
            reasons.isEmpty
            ? "<p>\(recorded) \(t("Tidak ada lagi yang menghalangi: dijalankan dalam beberapa menit.", "Nothing stands in the way any more: it is carried out within minutes."))</p>"
            : "<p>\(recorded) \(t("Dijalankan dengan sendirinya begitu tidak ada lagi yang menghalangi:", "It is carried out by itself as soon as nothing stands in the way any more:"))</p><ul>\(HTML(reasons.map { "<li>\(reason(t($0), cases))</li>" as HTML }))</ul>"
        let back = link.map { link -> HTML in
            """
            <form method="post" action="\(link)">\(hidden(context))<button class="button secondary">\(t("Jangan hapus data saya", "Do not erase my data"))</button></form>
            """
        }
        return """
            <div class="notice" role="status" tabindex="-1"\(.flag("autofocus", isNew))>\(Icon.clock.html)<div><p><b>\(title)</b></p>\(why)\(back)</div></div>
            """
    }

    /// A reason, with the way to the case that it begins with.
    private func reason(_ text: String, _ cases: Set<String>) -> HTML {
        let docket = String(text.prefix { $0 != "," })
        guard cases.contains(docket) else { return "\(text)" }
        return "<a href=\"\(caseLink(docket))\">\(docket)</a>\(String(text.dropFirst(docket.count)))"
    }

    private func leaving(_ resident: Resident, _ state: FormState, _ context: VisitorContext) async throws -> HTML {
        let t = context.words
        let count = try await residents.sessionCount(of: resident)
        return """
            <details\(.flag("open", state.fault("yakin", t) != nil || state.typed?.has("yakin") == true))><summary>\(t("Unduh atau hapus", "Download or erase"))</summary><p><a href="\(Link("saya", "data.json"))">\(t("Unduh semua tentang saya (JSON)", "Download everything about me (JSON)"))</a></p><form method="post" action="\(Link("saya", "hapus"))">\(hidden(context))<p class="small">\(t("Yang dihapus selamanya: akun ini dan isinya, laporan yang sudah ditutup, dan permohonan yang sudah selesai tanpa dokumen. Yang menunggu: permohonan yang berjalan, sampai selesai; dan akun ini, selama masih ada uang yang harus dibayar atau dikembalikan, tempat yang dipesan, atau masa keberatan. Yang tinggal: laporan yang masih ditangani, yang bisa Anda hapus di halamannya setelah ditutup; laporan yang sedang diperiksa polisi atau pengadilan (UU 27/2022 ps. 15 ayat (1) huruf b, UU 43/2009 ps. 51 ayat (1) huruf d); permohonan yang melahirkan dokumen, yang wajib disimpan (UU 43/2009, UU 27/2022 ps. 15); dan, dari permohonan lain, rekening yang dibayar kota dengan dasar dan alasan perintahnya (PP 12/2019 ps. 121), serta alasan keputusan yang menolak Anda (UU 14/2008 ps. 11 ayat (1) huruf b, UU 43/2009 ps. 51–52).", "What is erased for ever: this account and what is in it, reports that are closed, and applications that ended without a document. What waits: open applications, until they have ended; and this account, while money is to be paid or given back, a place is booked, or you can still object. What stays: reports that are still handled, which you can erase on their page once they are closed; reports that are before the police or a court (Law 27/2022 art. 15(1)(b), Law 43/2009 art. 51(1)(d)); applications that led to a document, which have to be kept (Law 43/2009, Law 27/2022 art. 15); and, of other applications, bank accounts that the city paid into with the ground and reasons of the order (PP 12/2019 art. 121), and the reasons of a decision against you (Law 14/2008 art. 11(1)(b), Law 43/2009 art. 51–52)."))</p>\(Sureness.field(t, t("yang dihapus tidak bisa kembali", "what is erased cannot come back")).check(state, t))<p><button class="button secondary">\(t("Hapus semua yang boleh dihapus", "Erase all that may be erased"))</button></p></form></details>
            <form method="post" action="\(Link("saya", "keluar"))">\(hidden(context))<p class="row"><button class="button secondary">\(t("Keluar", "Sign out"))</button>\(count > 1 ? "<button class=\"text-button\" name=\"lainnya\" value=\"1\">\(t("Akhiri \(count - 1) sesi lain", "End \(count - 1) other sessions"))</button>" : HTML())</p></form>
            """
    }
}
