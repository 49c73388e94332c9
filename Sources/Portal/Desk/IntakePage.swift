// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Identity
import Markup
import Web

/// The counter (loket): a report is written down for somebody who came, called or wrote a letter, on one page.
extension Portal {
    /// Shows the form.
    func intakePage(_ context: OfficerContext, state: FormState = .empty, status: HTTPResponse.Status = .ok) throws -> Response {
        let t = context.words
        guard context.officer.takesReports else { throw Complaints.notAllowed }
        let chosen = city.complaints.category(state.value("category"))
        let questions = HTML((chosen?.questions ?? []).map { question($0, "", state, t) })
        let subdistricts =
            [("", t("Pilih satu", "Choose one"))]
            + city.regions.districts.flatMap { district in
                city.regions.subdistricts(of: district.code).map { ($0.code, "\(district.name): \($0.name)") }
            }
        let main: HTML = """
            \(state.summary(t))
            <h1>\(t("Catat laporan", "Write down a report"))</h1>
            <p>\(t("Untuk warga yang datang, menelepon, atau bersurat. Jam berjalan sejak tanggal terima, bukan sejak dicatat.", "For residents who come, call or write. The clock runs from the day of receipt, not from when it is typed in."))</p>
            <form method="post" action="\(Link("loket"))" enctype="multipart/form-data" novalidate>\(hidden(context.visitor))
            \(Field(name: "channel", label: t("Masuk lewat", "Came by")).radios(state, t, value: "counter", options: Complaints.intakeChannels.map { ($0.code, t($0.name), "") }))
            \(Field(name: "received", label: t("Tanggal terima", "Received on")).input(state, t, value: now.date(in: city.zone).description, type: "date", isShort: true))
            \(Field(name: "reference", label: t("Nomor agenda surat", "Agenda number of the letter"), help: t("Wajib untuk surat.", "Needed for letters."), isOptional: true).input(state, t, isShort: true))
            \(Field(name: "category", label: t("Jenis", "Kind")).select(state, t, options: [("", t("Pilih satu", "Choose one"))] + city.complaints.categories.map { ($0.code, t($0.name)) }))
            \(questions)
            \(Field(name: "story", label: t("Cerita pelapor", "The reporter’s story"), help: t("Dengan kata-katanya sendiri, lalu bacakan kembali. Tanpa nama dan nomor orang.", "In their own words; then read it back. Without people’s names and numbers.")).area(state, t, rows: 6))
            \(Field(name: "subdistrict", label: t("Kelurahan", "Subdistrict (kelurahan)")).select(state, t, options: subdistricts))
            \(Field(name: "address", label: t("Nama jalan dan patokan", "Street and landmark")).area(state, t, rows: 2))
            \(Field(name: "photo", label: t("Foto atau pindaian surat", "Photos, or a scan of the letter"), isOptional: true).photos(state, t))
            \(Field(name: "name", label: t("Nama pelapor", "Reporter’s name"), isOptional: true).input(state, t))
            \(Field(name: "contact", label: t("Nomor HP atau email pelapor", "Reporter’s mobile number or e-mail"), isOptional: true).input(state, t))
            <fieldset class="field"><legend>\(t("Permintaan pelapor", "The reporter asks"))</legend><p><label class="check"><input type="checkbox" name="show-name" value="ya"\(.flag("checked", state.value("show-name") == "ya"))>\(t("Nama boleh tampil", "The name may show"))</label></p><p><label class="check"><input type="checkbox" name="confidential" value="ya"\(.flag("checked", state.value("confidential") == "ya"))>\(t("Rahasia: isinya tidak untuk umum", "Confidential: the text is not public"))</label></p></fieldset>
            <p><button class="button" accesskey="s">\(t("Simpan dan cetak tanda terima", "Save and print the receipt"))</button></p></form>
            """
        return respond(
            staffPage(
                t("Catat laporan", "Write down a report"),
                context,
                crumbs: [(t("Meja kerja", "Desk"), Link("meja"))],
                hasErrors: state.problem != nil,
                main: main
            ),
            context.visitor,
            status: status
        )
    }

    /// Takes the report and shows the receipt to print. The key on it goes to the resident, and stays nowhere on this
    /// machine: the counter's browser is shared.
    func takeIntake(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let form = try await formWithFiles(request, context.visitor)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        // Photos that a refused try has stored are sealed with the key of the person that it was about.
        let stored = try await complaints.unsentPhotos(form.all(FormState.keptName("photo")))
        let person = stored.first?.person ?? Identifier(at: now)
        var photos = ChosenFiles()
        do {
            try await takePhotos(form, person: person, into: &photos)
            var report = try report(from: form, language: .indonesian)
            report.photos = photos.names
            let receipt = try await complaints.file(
                report,
                person: person,
                received: CivilDate.typed(form["received"]).value ?? CivilDate(days: 0),
                key: form["sekali"],
                by: context.officer
            )
            return try await intakeReceipt(receipt, context)
        } catch let problem as Problem where problem.keepsForm {
            let state = FormState(problem: problem, typed: form, kept: ["photo": photos.names])
            return try intakePage(context, state: state, status: problem.httpStatus)
        }
    }

    private func report(from form: Form, language: Language) throws -> Report {
        var report = Report()
        report.channel = form["channel"]
        report.reference = form["reference"]
        report.category = form["category"]
        report.answer(city.complaints.category(report.category)) { form["answer-\($0)"] }
        report.story = form["story"]
        report.subdistrict = form["subdistrict"]
        report.district = city.regions[report.subdistrict]?.parent ?? ""
        report.address = form["address"]
        report.name = form["name"]
        report.isNameHidden = form["show-name"] != "ya"
        report.isConfidential = form["confidential"] == "ya"
        report.language = language
        if !form["contact"].isEmpty { report.contact = try Contact(required: form["contact"]) }
        return report
    }

    private func intakeReceipt(_ receipt: Complaints.Receipt, _ context: OfficerContext) async throws -> Response {
        let t = context.words
        let address = "\(origin)/berkas/\(receipt.docket)?kunci=\(receipt.key)"
        let complaint = try await complaints.find(receipt.docket)
        let main: HTML = """
            <h1>\(t("Laporan tercatat", "Report written down"))</h1>
            <section class="box primary" aria-labelledby="h-n"><h2 id="h-n">\(t("Nomor berkas", "Case number"))</h2><p class="figure">\(receipt.docket)</p>
            \(complaint?.resolutionDue.map { "<p>\(t("Paling lambat", "By")) <b>\($0.date(in: city.zone).full(t.language))</b></p>" as HTML })</section>
            <div class="row">\(qrCode(address, label: t("Kode QR ke halaman pribadi pelapor", "QR code to the reporter’s private page")))<div><p><b>\(t("Untuk pelapor.", "For the reporter."))</b> \(t("Serahkan cetakan ini. Alamat ini membuka halaman pribadinya, dan tidak disimpan di komputer ini.", "Hand over this print. The address opens their private page, and is not kept on this computer."))</p><p class="code">\(address)</p><p>\(t("Tanya kabar lewat SMS:", "Ask by SMS:")) CEK \(receipt.docket) → \(city.contact.sms)</p></div></div>
            <p class="row screen-only"><button class="button" type="button" data-print hidden>\(t("Cetak", "Print"))</button><a class="button secondary" href="\(Link("loket"))">\(t("Catat laporan lain", "Write down another"))</a><a href="\(Link("meja", "berkas", receipt.docket))">\(t("Buka berkas", "Open the case"))</a></p>
            """
        return respond(
            staffPage(
                t("Tanda terima \(receipt.docket)", "Receipt \(receipt.docket)"),
                context,
                crumbs: [(t("Meja kerja", "Desk"), Link("meja"))],
                main: main
            ),
            context.visitor
        )
    }
}
