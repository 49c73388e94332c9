// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Documents
import Essentials
import HTTPTypes
import Hummingbird
import Markup
import Web

/// The pages of the four steps: the problem, the place, the contact, the review.
extension Portal {
    func stepPage(
        _ step: Report.Step,
        _ report: Report,
        token: String,
        state: FormState,
        _ context: VisitorContext
    ) async throws -> Page {
        let t = context.words
        guard let category = city.complaints.category(report.category) else { throw Problem.notFound }
        let body: (title: String, html: HTML)
        switch step {
        case .problem: body = (t(category.name), problemStep(report, category, state, t))
        case .place: body = (t("Di mana tempatnya?", "Where is it?"), placeStep(report, state, t))
        case .contact: body = (t("Foto dan kontak", "Photos and contact"), contactStep(report, category, token: token, state, t))
        case .review: body = (t("Periksa, lalu kirim", "Check, then send"), try await reviewStep(report, category, token: token, t))
        }
        let steps = Report.Step.allCases.filter { $0 != .place || category.needsPlace }
        let names: [Report.Step: String] = [
            .problem: t("Masalah", "Problem"), .place: t("Lokasi", "Place"), .contact: t("Foto dan kontak", "Photos, contact"),
            .review: t("Periksa", "Check"),
        ]
        let index = steps.firstIndex(of: step) ?? 0
        let trail = HTML(
            steps.enumerated().map { position, item in
                position < index
                    ? "<li class=\"done\"><a href=\"\(Link("lapor", token, item.rawValue))\">\(names[item] ?? "")</a><span class=\"sr\"> (\(t("selesai", "done")))</span></li>"
                    : "<li\(.value("aria-current", position == index ? "step" : nil))>\(names[item] ?? "")</li>"
            }
        )
        let action = token.isEmpty ? Link("lapor", query: [("jenis", report.category)]) : Link("lapor", token, step.rawValue)
        let main: HTML = """
            <p class="notice pause offline" role="status" hidden>\(Icon.offline.html)<span><b>\(t("Anda sedang luring.", "You are offline."))</b> \(t("Isian tersimpan di ponsel ini dan terkirim begitu sinyal kembali.", "What you typed is kept on this phone and sent once the signal is back."))</span></p>
            \(state.summary(t))
            <h1>\(body.title)</h1>
            <ol class="steps" aria-label="\(t("Langkah \(index + 1) dari \(steps.count)", "Step \(index + 1) of \(steps.count)"))">\(trail)</ol>
            <form method="post" action="\(action)" enctype="multipart/form-data" novalidate data-draft="\(token.isEmpty ? report.category : token)-\(step.rawValue)">
            \(hidden(context))
            \(body.html)
            <p class="row"><button class="button">\(step == .review ? t("Kirim laporan", "Send report") : t("Lanjut", "Continue")) \(Icon.arrow.html)</button><button class="button secondary" name="simpan" value="1">\(t("Simpan dulu", "Save for later"))</button></p>
            </form>
            <p class="help">\(t("Draf disimpan 30 hari. Lebih mudah lewat telepon?", "Drafts are kept for 30 days. Easier by telephone?")) <b>\(city.contact.telephone)</b></p>
            """
        let scripts = step == .place ? ["queue.js", "app.js", "leaflet.min.js", "map.js"] : ["queue.js", "app.js"]
        return Page(
            title: "\(t("Lapor", "Report")): \(body.title)",
            section: .report,
            hasErrors: state.problem != nil,
            isNarrow: true,
            scripts: scripts,
            main: main
        )
    }

    /// One of a kind's own questions.
    func question(
        _ question: ComplaintRules.Question,
        _ old: String,
        prefix: String = "answer",
        _ state: FormState,
        _ t: Words
    ) -> HTML {
        let field = Field(name: "\(prefix)-\(question.name)", label: t(question.label), isOptional: !question.isRequired)
        let html =
            switch question.kind {
            case .choice: field.radios(state, t, value: old, options: question.options.map { ($0.code, t($0.label), "") })
            case .number: field.input(state, t, value: old, inputMode: "numeric", isShort: true)
            case .text: field.input(state, t, value: old)
            }
        guard let condition = question.condition else { return html }
        // Without a script it stands there for everybody, and counts only for those whom it is meant for.
        return "<div data-when=\"\(prefix)-\(condition.question)\" data-is=\"\(condition.answer)\">\(html)</div>"
    }

    private func problemStep(_ report: Report, _ category: ComplaintRules.Category, _ state: FormState, _ t: Words) -> HTML {
        let questions = HTML(category.questions.map { question($0, report.answers[$0.name] ?? "", state, t) })
        return """
            <p>\(t(category.description)). <a href="\(Link("lapor"))">\(t("Bukan ini? Pilih jenis lain", "Not this? Choose another kind"))</a></p>
            \(category.elsewhere.map { "<p class=\"notice warn\">\(Icon.warning.html)<span>\(t($0))</span></p>" as HTML })
            \(questions)
            \(Field(name: "story", label: t("Ceritakan apa yang terjadi", "Tell what happened"), help: t("Apa, sejak kapan, siapa yang terganggu. Jangan tulis nama atau nomor orang: cerita ini tampil untuk umum.", "What, since when, who is affected. Leave out people’s names and numbers: this text is public.")).area(state, t, value: report.story, rows: 6))
            """
    }

    private func placeStep(_ report: Report, _ state: FormState, _ t: Words) -> HTML {
        let district = state.value("district", or: report.district)
        let districts = [("", t("Pilih satu", "Choose one"))] + city.regions.districts.map { ($0.code, $0.name) }
        let subdistricts = [("", t("Pilih satu", "Choose one"))] + city.regions.subdistricts(of: district).map { ($0.code, $0.name) }
        let latitude = state.value("latitude", or: report.place.map { "\($0.latitude)" } ?? "")
        let longitude = state.value("longitude", or: report.place.map { "\($0.longitude)" } ?? "")
        return """
            \(Field(name: "tempat", label: t("Cari tempat", "Find the place"), help: t("Kelurahan, Plus Code seperti 7PWC+V5, atau koordinat", "A subdistrict, a Plus Code such as 7PWC+V5, or coordinates"), isOptional: true).html(state, t) { described, isInvalid in
                "<p class=\"search\"><input id=\"tempat\" name=\"tempat\" type=\"search\" value=\"\(state.value("tempat"))\" autocomplete=\"off\" enterkeyhint=\"search\"\(.value("aria-describedby", described))\(.value("aria-invalid", isInvalid ? "true" : nil))><button class=\"button secondary\" name=\"cari-tempat\" value=\"1\">\(Icon.search.html)\(t("Cari", "Search"))</button></p>"
            })
            <fieldset class="field" data-map hidden id="place"><legend>\(t("Tandai di peta", "Mark it on the map")) <span class="muted">\(t("(boleh dilewati)", "(may be skipped)"))</span></legend>
            <p class="help">\(t("Ketuk peta untuk memindahkan tanda, atau isi di bawah.", "Tap the map to move the pin, or fill in below."))</p>
            \(state.fault("place", t).map { "<p class=\"error-text\">\(Icon.warning.html) \($0)</p>" as HTML })
            \(map(t("Peta \(city.name.id)", "Map of \(city.name.en)")))
            <p class="row"><button class="button secondary" type="button" id="locate">\(Icon.pin.html)\(t("Pakai lokasi saya", "Use my location"))</button><button class="text-button" type="button" id="unpin">\(t("Hapus tanda", "Remove the pin"))</button></p>
            <p class="help" id="map-status" role="status"></p></fieldset>
            <input type="hidden" id="latitude" name="latitude" value="\(latitude)"><input type="hidden" id="longitude" name="longitude" value="\(longitude)">
            \(Field(name: "district", label: t("Kecamatan", "District (kecamatan)")).select(state, t, value: report.district, options: districts))
            \(Field(name: "subdistrict", label: t("Kelurahan", "Subdistrict (kelurahan)")).select(state, t, value: report.subdistrict, options: subdistricts))
            <p><button class="text-button" name="muat" value="kelurahan">\(t("Kecamatan diganti? Muat ulang daftar kelurahan", "Changed the district? Reload the list of subdistricts"))</button></p>
            \(Field(name: "neighbourhood", label: t("Lingkungan", "Neighbourhood (lingkungan)"), help: t("Kalau tahu, misalnya IV", "If you know it, such as IV"), isOptional: true).input(state, t, value: report.neighbourhood, isShort: true))
            \(Field(name: "address", label: t("Nama jalan dan patokan", "Street and landmark"), help: t("Bangunan atau tempat yang mudah dilihat. Jangan tulis nama orang.", "A building or spot that is easy to see. Leave out people’s names.")).area(state, t, value: report.address, rows: 3))
            """
    }

    private func contactStep(_ report: Report, _ category: ComplaintRules.Category, token: String, _ state: FormState, _ t: Words) -> HTML {
        let photos =
            report.photos.isEmpty
            ? HTML()
            : "<ul class=\"photos\">\(HTML(report.photos.enumerated().map { index, name in "<li><img src=\"\(Link("lapor", token, "foto", name))\" alt=\"\(t("Foto \(index + 1)", "Photo \(index + 1)"))\" width=\"144\" height=\"112\"><button class=\"text-button\" name=\"buang-foto\" value=\"\(name)\">\(t("Buang foto \(index + 1)", "Remove photo \(index + 1)"))</button></li>" }))</ul>"
                as HTML
        let contact = report.contact.address ?? ""
        return """
            \(photos)
            \(Field(name: "photo", label: t("Tambah foto", "Add photos"), help: t("Paling banyak 5, masing-masing 12 MB. Data lokasi di dalam foto kami hapus. Jangan memotret wajah atau pelat nomor.", "At most 5, 12 MB each. We remove location data from photos. Avoid faces and number plates."), isOptional: true).photos(state, t))
            \(Field(name: "contact", label: t("Nomor HP atau email", "Mobile number or e-mail"), help: category.allowsAnonymous ? t("Untuk kabar dan jawaban. Kosongkan kalau tidak ingin dikenal sama sekali; simpan nomor berkas baik-baik.", "For news and answers. Leave it empty to stay unknown; keep the case number safe.") : t("Untuk kabar dan jawaban. Hanya petugas yang menangani yang bisa membukanya, dan Anda melihat siapa.", "For news and answers. Only officers on the case can open it, and you see who did."), isOptional: category.allowsAnonymous).input(state, t, value: contact, autocomplete: "email"))
            \(Field(name: "name", label: t("Nama", "Name"), isOptional: true).input(state, t, value: report.name, autocomplete: "name"))
            \(Field(name: "show-name", label: t("Siapa yang boleh melihat nama Anda?", "Who may see your name?")).radios(state, t, value: report.isNameHidden ? "tidak" : "ya", options: [
                ("tidak", t("Hanya petugas.", "Officers only."), t("Warga lain melihat isi laporan tanpa nama.", "Others see the report without a name.")),
                ("ya", t("Semua orang.", "Everybody."), t("Nama tampil di halaman berkas.", "The name shows on the case page.")),
            ]))
            \(category.isConfidential
                ? "<p class=\"notice pause\">\(Icon.lock.html)<span>\(t("Laporan jenis ini selalu rahasia: isinya tidak tampil untuk umum.", "Reports of this kind are always confidential: their text is never public."))</span></p>"
                : Field(name: "confidential", label: t("Siapa yang boleh membaca laporan ini?", "Who may read this report?")).radios(state, t, value: report.isConfidential ? "ya" : "tidak", options: [
                    ("tidak", t("Semua orang.", "Everybody."), t("Warga lain bisa mendukung dan mengikuti.", "Others can support and follow it.")),
                    ("ya", t("Rahasia.", "Confidential."), t("Hanya Anda dan petugas yang menangani.", "Only you and the officers on the case.")),
                ]))
            """
    }

    private func reviewStep(_ report: Report, _ category: ComplaintRules.Category, token: String, _ t: Words) async throws -> HTML {
        func row(_ label: String, _ value: String, _ step: Report.Step) -> HTML {
            """
            <div><dt>\(label)</dt><dd>\(HTML(paragraphs: value))</dd><dd><a href="\(Link("lapor", token, step.rawValue))">\(t("Ubah", "Change"))<span class="sr"> \(label.lowercased())</span></a></dd></div>
            """
        }
        let answers = HTML(
            category.asked(report.answers).compactMap { question in
                guard let answer = report.answers[question.name], !answer.isEmpty else { return nil }
                return row(t(question.label), question.options.first { $0.code == answer }.map { t($0.label) } ?? answer, .problem)
            }
        )
        let place: HTML =
            category.needsPlace
            ? """
            <section aria-labelledby="p2"><h2 id="p2">\(t("Lokasi", "Place"))</h2><dl class="details">
            \(row(t("Tempat", "Spot"), report.address, .place))
            \(row(t("Wilayah", "Area"), (report.neighbourhood.isEmpty ? "" : "\(t("Lingkungan", "Neighbourhood")) \(report.neighbourhood), ") + city.regions.fullName(report.subdistrict), .place))
            </dl></section>
            """
            : HTML()
        let near =
            if let place = report.place, !report.isConfidential { try await complaints.near(place, category: category.code) } else {
                [(complaint: Complaint, metres: Int)]()
            }
        let duplicates: HTML =
            near.isEmpty
            ? HTML()
            : """
            <section class="notice warn" aria-labelledby="h-serupa">\(Icon.warning.html)<div><h2 id="h-serupa">\(t("\(near.count) laporan serupa di dekat situ", "\(near.count) similar reports nearby"))</h2>
            <p>\(t("Ikuti salah satunya supaya tidak berulang. Laporan Anda tetap boleh dikirim.", "Follow one instead of filing it again. You may still send yours."))</p>
            <ul>\(HTML(near.prefix(3).map { "<li><a href=\"\(Link("berkas", $0.complaint.docket, fragment: "ikuti"))\">\($0.complaint.title)</a>, \($0.metres) m, \(t($0.complaint.stage.name).lowercased())</li>" }))</ul></div></section>
            """
        return """
            <section aria-labelledby="p1"><h2 id="p1">\(t("Masalah", "Problem"))</h2><dl class="details">
            <div><dt>\(t("Jenis", "Kind"))</dt><dd>\(t(category.name))</dd><dd><a href="\(Link("lapor"))">\(t("Ubah", "Change"))<span class="sr"> \(t("jenis", "kind"))</span></a></dd></div>
            \(answers)\(row(t("Cerita Anda", "Your story"), report.story, .problem))
            </dl></section>
            \(place)
            <section aria-labelledby="p3"><h2 id="p3">\(t("Foto dan kontak", "Photos and contact"))</h2><dl class="details">
            \(row(t("Foto", "Photos"), report.photos.isEmpty ? t("Tidak ada", "None") : t("\(report.photos.count) foto", "\(report.photos.count) photos"), .contact))
            \(row(t("Kabari lewat", "Tell me by"), report.contact == .none ? t("Tidak usah; saya simpan nomor berkas", "No need; I keep the case number") : report.contact.masked, .contact))
            \(row(t("Nama", "Name"), report.name.isEmpty ? t("Tidak ditulis", "Not given") : report.name + (report.isNameHidden ? t(" (hanya petugas)", " (officers only)") : ""), .contact))
            \(row(t("Isi laporan", "Text"), report.isConfidential || category.isConfidential ? t("Rahasia", "Confidential") : t("Terbuka untuk umum", "Public"), .contact))
            </dl></section>
            \(duplicates)
            \(whatNext(category, district: city.regions[report.subdistrict]?.parent, t))
            """
    }

    /// What the city promises from today: who answers, and by which dates.
    private func whatNext(_ category: ComplaintRules.Category, district: String?, _ t: Words) -> HTML {
        func due(_ name: String) -> CivilDate {
            Deadline(
                start: now,
                limit: city.complaints.promise(name, for: category.classification).limit,
                calendar: city.calendar,
                now: now
            ).due
        }
        let resolution = city.complaints.promise("resolution", for: category.classification)
        let agency = city.complaints.route(category, district: district, city: city.agencies).map { city.agency($0.agency).name } ?? ""
        return """
            <section class="box" aria-labelledby="p4"><h2 id="p4">\(t("Setelah Anda kirim", "After you send it"))</h2>
            <ol class="thread">
            <li class="now"><h3>\(t("Hari ini", "Today"))</h3><p>\(t("Anda mendapat nomor berkas dan tanda terima.", "You get a case number and a receipt."))</p></li>
            <li class="later"><h3>\(t("Paling lambat", "By")) \(due("verification").full(t.language))</h3><p>\(t("Diperiksa dan diteruskan ke \(agency).", "Checked and passed to \(agency)."))</p></li>
            <li class="later"><h3>\(t("Paling lambat", "By")) \(due("resolution").full(t.language))</h3><p>\(t("Selesai, atau penjelasan tertulis mengapa belum", "Done, or a written explanation why not")) (\(t(resolution.limit.text))). <span class="small">\(t(resolution.basis))</span></p></li>
            </ol></section>
            """
    }
}
