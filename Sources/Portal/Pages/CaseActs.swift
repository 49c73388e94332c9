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
import Residents
import Web

/// What residents send to a case, and the pages around it: receipt, confirmation, stopping, photos.
extension Portal {
    /// Takes what a resident sends to a case.
    func takeCaseAct(_ sent: Request, _ context: VisitorContext) async throws -> Response {
        let act = sent.uri.path.split(separator: "/").last.map(String.init) ?? ""
        let application = try await serviceCase(context)?.serviceCase
        let report = application == nil ? try await requireCase(context) : nil
        var holder: CaseHolder?
        if let application { holder = try await self.holder(sent, of: application) }
        if let report { holder = try await self.holder(sent, of: report) }
        let request: Request
        switch try await proven(sent, context, by: holder, isGrave: isGrave(act)) {
        case .goOn(let meant): request = meant
        case .answer(let response): return response
        }
        guard let complaint = report else {
            switch act {
            case "pesan": return try await takeApplicantMessage(request, context)
            case "kontak": return try await takeApplicantContact(request, context)
            case "kabar": return try await takeApplicantNotices(request, context)
            case "hapus-data": return try await eraseData(request, context)
            case "batal-hapus": return try await withdrawErasure(request, context)
            case "rekening": return try await takeAccount(request, context)
            default: throw Problem.notFound
            }
        }
        let form = try await formWithFiles(request, context)
        try token.check(form["token"], request, visitor: context.visitor)
        let isReporter = holder != nil
        let docket = complaint.docket
        let key = onceKey(form, for: act)
        var photos = ChosenFiles()
        func requireReporter() throws {
            guard isReporter else {
                throw Problem(
                    "complaint.reporter-only",
                    .forbidden,
                    Text(id: "Hanya pelapor yang bisa melakukan ini", en: "Only the reporter can do this"),
                    remedy: Text(id: "Buka berkas lewat tautan di tanda terima Anda.", en: "Open the case by the link on your receipt.")
                )
            }
        }
        do {
            switch act {
            case "konfirmasi":
                try await complaints.confirm(docket, code: form["code"], holder: request.cookie("kunci-\(docket)"))
            case "kode":
                try requireReporter()
                try await complaints.sendCodeAgain(docket, network: context.peer)
                return .seeOther(Link("berkas", docket, "konfirmasi"))
            case "balasan":
                try requireReporter()
                try await takePhotos(form, person: complaint.person, into: &photos)
                let names = photos.names
                try await named("reply") { try await complaints.write(docket, text: form["reply"], photos: names, key: key) }
            case "penilaian":
                try requireReporter()
                try await complaints.rate(docket, rating: Int(outside: form["rating"], in: 1...3) ?? 0, text: form["remark"], key: key)
            case "sanggahan":
                try requireReporter()
                try await named("dispute") { try await complaints.dispute(docket, text: form["dispute"], key: key) }
            case "penarikan":
                try requireReporter()
                try Sureness.require(in: form)
                try await complaints.withdraw(docket, key: key)
            case "penghapusan":
                try requireReporter()
                try Sureness.require(in: form)
                try await complaints.erase(docket, by: .resident, basis: "UU 27/2022 ps. 8") {
                    try residents.requireSettled(withContact: $0, in: $1)
                }
            case "pengikut":
                // Whoever sees no form for it is not told what is wrong in it.
                guard complaint.isPublic else { throw Problem.notFound }
                try await complaints.askToSubscribe(
                    to: .complaint(docket),
                    contact: form["contact"],
                    language: context.language,
                    network: context.peer
                )
                return subscriptionAsked(context)
            case "bantahan": try await named("challenge") { try await complaints.challenge(docket, text: form["challenge"], key: key) }
            default: throw Problem.notFound
            }
        } catch let problem as Problem where problem.keepsForm {
            // Two acts of the page may ask whether somebody is sure.
            let asks = ["penarikan", "penghapusan"].contains(act) ? act : nil
            let state = FormState(problem: problem, typed: form, kept: ["photo": photos.names], form: asks)
            return try await casePage(request, context, state: state, status: problem.httpStatus)
        }
        return .seeOther(Link("berkas", docket, query: [("selesai", act)]))
    }

    /// Gives a fault about “text” the name that the field has on this page.
    func named(_ field: String, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let problem as Problem where problem.fields.contains(where: { $0.name == "text" }) {
            throw Problem.fields(problem.fields.map { $0.name == "text" ? Problem.Field(field, $0.message) : $0 })
        }
    }

    /// The receipt: number, key and proof, to keep on paper or as a picture.
    func receipt(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let t = context.words
        if let found = try await serviceCase(context) { return serviceReceipt(request, found.serviceCase, found.service, context) }
        let complaint = try await requireCase(context)
        guard let key = request.cookie("kunci-\(complaint.docket)"), complaints.holds(key, of: complaint) else {
            return .seeOther(Link("berkas", complaint.docket))
        }
        let address = "\(origin)/berkas/\(complaint.docket)?kunci=\(key)"
        let qr = qrCode(address, label: t("Kode QR ke halaman pribadi Anda", "QR code to your private page"))
        let main: HTML = """
            <h1>\(complaint.stage == .unconfirmed ? t("Satu langkah lagi", "One more step") : t("Laporan terkirim", "Report sent"))</h1>
            \(try await heldCode(complaint, context))\(complaint.stage == .unconfirmed ? "<p class=\"notice warn\">\(Icon.warning.html)<span>\(t("Konfirmasi dulu kontak Anda dengan kode yang kami kirim.", "First confirm your contact with the code that we sent.")) <a href=\"\(Link("berkas", complaint.docket))\">\(t("Tulis kodenya", "Write the code"))</a></span></p>" : HTML())
            <section class="box primary" aria-labelledby="h-n"><h2 id="h-n">\(t("Nomor berkas Anda", "Your case number"))</h2>
            <p class="figure">\(complaint.docket)</p>
            <p>\(t("Tujuh huruf terakhir bisa dibacakan lewat telepon; salah satu huruf saja, kami tahu.", "The last seven characters can be read out on the phone; one wrong character, and we notice."))</p></section>
            <div class="row">\(qr)<div><p><b>\(t("Halaman pribadi Anda.", "Your private page."))</b> \(t("Dengan kode ini hanya Anda yang bisa membalas, menilai, dan melihat siapa yang membuka data Anda. Jangan dibagikan.", "With this code only you can reply, rate and see who opened your data. Do not share it."))</p>
            <p class="code">\(address)</p></div></div>
            <p class="row screen-only"><a class="button" href="\(Link("berkas", complaint.docket))">\(t("Buka berkas", "Open the case"))</a> <button class="button secondary" type="button" data-print hidden>\(t("Cetak", "Print"))</button></p>
            <p>\(t("Pesan pendek untuk disimpan:", "A short message to keep:")) <span class="code">\(city.name(t.language)) \(complaint.docket) \(complaint.filedAt.stamp(t.language, zone: city.zone))</span></p>
            """
        return respond(
            Page(title: t("Tanda terima \(complaint.docket)", "Receipt \(complaint.docket)"), section: .report, isNarrow: true, main: main),
            context
        )
    }

    /// What happens where no code could be sent, and the way to ask for one.
    private func heldCode(_ complaint: Complaint, _ context: VisitorContext) async throws -> HTML {
        let t = context.words
        guard complaint.stage == .unconfirmed else { return HTML() }
        let later = try await complaints.codeHeldUntil(complaint.docket)
        let held: HTML? = later.map {
            """
            <p class="notice warn">\(Icon.clock.html)<span>\(t("Kontak ini terlalu sering dikirimi pesan, jadi kodenya belum kami kirim. Laporan Anda tersimpan; kode bisa diminta mulai", "Too many messages went to this contact, so the code has not been sent yet. Your report is kept; a code can be asked for from")) \($0.stamp(t.language, zone: city.zone)).</span></p>
            """
        }
        return """
            \(held)<form method="post" action="\(Link("berkas", complaint.docket, "kode"))">\(hidden(context))<p>\(t("Kodenya tidak sampai?", "Did the code not arrive?")) <button class="text-button">\(t("Kirim kode baru", "Send a new code"))</button></p></form>
            """
    }

    /// Confirms by the link in a message: shows the code filled in, since a mail program that follows links must not act.
    func confirmation(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let t = context.words
        let complaint = try await requireCase(context)
        guard try await complaints.awaitsProof(complaint.docket) else { return .seeOther(Link("berkas", complaint.docket)) }
        let main: HTML = """
            <h1>\(t("Konfirmasi laporan Anda", "Confirm your report"))</h1><p>\(t("Berkas", "Case")) <b class="code">\(complaint.docket)</b></p>
            <form method="post" action="\(Link("berkas", complaint.docket, "konfirmasi"))">\(hidden(context))
            \(Field(name: "code", label: t("Kode", "Code")).input(.empty, t, value: request.query("kode") ?? "", autocomplete: "one-time-code", inputMode: "numeric", isShort: true))
            <button class="button">\(t("Konfirmasi", "Confirm"))</button></form>
            """
        return respond(Page(title: t("Konfirmasi laporan", "Confirm report"), section: .track, isNarrow: true, main: main), context)
    }

    /// A photo of a case, for those who may see it. It lies below the case's own address, where the reporter's key goes along.
    func photo(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let complaint = try await requireCase(context)
        let staff = try await officer(request).flatMap { $0.sees(agency: complaint.agency, district: complaint.district) ? $0 : nil }
        let isReporter = try await holder(request, of: complaint) != nil
        if let staff, !isReporter, complaint.isConfidential { try await complaints.recordView(complaint.docket, by: staff) }
        let bytes = try await complaints.photo(
            context.parameters.get("foto") ?? "",
            of: complaint,
            isThumbnail: request.query("kecil") != nil,
            mayReadPrivate: staff != nil || isReporter
        )
        guard let bytes else { throw Problem.notFound }
        var response = Response.bytes(bytes, type: "image/jpeg")
        response.headers[.cacheControl] = "private, max-age=86400"
        return response
    }
}
