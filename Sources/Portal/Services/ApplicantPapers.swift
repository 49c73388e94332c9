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
import Identity
import Journal
import Markup
import Services
import Web

/// What an applicant takes home: receipts, documents, their own data.
extension Portal {
    /// Everything that the city holds about a case.
    func downloadData(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let (serviceCase, _) = try await requireHolder(request, context)
        var response = Response.json(try await services.everything(about: serviceCase))
        response.headers[.contentDisposition] = "attachment; filename=\"\(serviceCase.docket).json\""
        response.headers[.cacheControl] = "private, no-store"
        return response
    }

    /// The receipt of an application: number, key and QR code.
    func serviceReceipt(_ request: Request, _ serviceCase: Case, _ service: Service, _ context: VisitorContext) -> Response {
        let t = context.words
        guard let key = request.cookie("kunci-\(serviceCase.docket)"), services.holds(key, of: serviceCase) else {
            return .seeOther(Link("berkas", serviceCase.docket))
        }
        let main: HTML = """
            <h1>\(t("Permohonan terkirim", "Application sent"))</h1>\(receiptBody(serviceCase, service, key: key, t))
            <p class="row screen-only"><a class="button" href="\(Link("berkas", serviceCase.docket))">\(t("Buka berkas", "Open the case"))</a> <button class="button secondary" type="button" data-print hidden>\(t("Cetak", "Print"))</button></p>
            """
        return respond(
            Page(
                title: t("Tanda terima \(serviceCase.docket)", "Receipt \(serviceCase.docket)"),
                section: .services,
                isNarrow: true,
                main: main
            ),
            context
        )
    }

    func receiptBody(_ serviceCase: Case, _ service: Service, key: String, _ t: Words) -> HTML {
        let address = "\(origin)/berkas/\(serviceCase.docket)?kunci=\(key)"
        return """
            <p class="large">\(t(service.name))</p>
            <section class="box primary" aria-labelledby="h-n"><h2 id="h-n">\(t("Nomor berkas Anda", "Your case number"))</h2><p class="figure">\(serviceCase.docket)</p>\(serviceCase.due.map { "<p>\(t("Selesai paling lambat", "Done by")) <b>\($0.date(in: city.zone).full(t.language))</b></p>" as HTML })</section>
            <div class="row">\(qrCode(address, label: t("Kode QR ke halaman pribadi Anda", "QR code to your private page")))<div><p><b>\(t("Halaman pribadi Anda.", "Your private page."))</b> \(t("Dengan kode ini hanya Anda yang bisa melengkapi, membayar, mengunduh dokumen, dan melihat siapa yang membuka data Anda. Jangan dibagikan.", "With this code only you can complete it, pay, download documents and see who opened your data. Do not share it."))</p><p class="code">\(address)</p></div></div>
            """
    }

    /// A document, for its applicant.
    func downloadDocument(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let (serviceCase, _) = try await requireHolder(request, context)
        let found = try await documents.documents(of: serviceCase.docket).first { $0.id == context.parameters.get("dokumen") }
        guard let document = found, let bytes = try await documents.content(of: document) else { throw Problem.notFound }
        let name = document.number.map { $0.isLetter || $0.isNumber ? $0 : "-" }
        return attachment(bytes, type: "application/pdf", name: String(name.filter(\.isASCII)))
    }

    /// Something that the applicant sent along.
    func downloadAttachment(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let (serviceCase, _) = try await requireHolder(request, context)
        return try await sentAlong(serviceCase, context)
    }

    func sentAlong(_ serviceCase: Case, _ context: VisitorContext) async throws -> Response {
        let name = context.parameters.get("nama") ?? ""
        let story = try await services.story(of: serviceCase)
        guard story.files.contains(name), let file = try await services.file(name, person: serviceCase.person) else {
            throw Problem.notFound
        }
        return attachment(file.content, type: file.type, name: "lampiran")
    }

    /// The receipt of a payment, or of money that was given back, to print.
    func paymentReceipt(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let (serviceCase, service) = try await requireHolder(request, context)
        let number = context.parameters.get("kuitansi") ?? ""
        let what = context.words(service.name)
        let main: HTML
        if let payment = try await fees.payment(receipt: number), payment.docket == serviceCase.docket {
            main = receipt(payment, by: try await receiver(of: payment, context.words), t: context.words, what: what)
        } else if let refund = try await fees.refund(receipt: number), refund.docket == serviceCase.docket {
            let account = try await journal.read { try fees.account(of: refund, in: $0) }
            main = try await receipt(refund, to: account, t: context.words, what: what)
        } else {
            throw Problem.notFound
        }
        return respond(Page(title: number, section: .services, isNarrow: true, main: main), context)
    }

    /// Who took the money: the agency whose it is, and for cash the officer at the counter.
    func receiver(of payment: Payment, _ t: Words) async throws -> String? {
        let entry = try await journal.read { try journal.entries(of: "bill/\(payment.bill)", in: $0) }
            .first { $0.kind == "payment.received" && $0.facts["receipt"]?.string == payment.receipt }
        guard let agency = entry?.facts["agency"]?.string.map({ city.agency($0).name }) else { return nil }
        guard payment.method == .cash, let account = entry?.actor.account?.description,
            let number = try await accounts.numbers()[account]
        else { return agency }
        return t("\(agency), petugas \(number)", "\(agency), officer \(number)")
    }

    /// When the bank or the counter took money, and when it was noted where that was another day: what was paid in time stays so.
    func received(_ payment: Payment, _ t: Words) -> String {
        let noted = payment.at.stamp(t.language, zone: city.zone)
        if payment.taken == payment.at.date(in: city.zone) { return noted }
        return t("\(payment.taken.long(t.language)), dicatat \(noted)", "\(payment.taken.long(t.language)), noted \(noted)")
    }

    /// Whose receipt it is: on paper nothing else says so.
    func issuer(_ t: Words) -> HTML {
        "<p class=\"paper-only\"><b>\(t("Pemerintah \(city.name.id)", city.name.en))</b><br>\(origin.split(separator: "/").last.map(String.init) ?? "")</p>"
    }

    /// A receipt; the city's own name for a payment says nothing to whoever paid.
    ///
    /// - Parameter page: the page of the case; the applicant's unless said.
    func receipt(_ payment: Payment, by receiver: String?, t: Words, what: String, at page: Link? = nil) -> HTML {
        """
        \(issuer(t))<h1>\(t("Kuitansi", "Receipt")) \(payment.receipt)</h1>
        \(payment.isReversed ? "<p class=\"notice bad\">\(Icon.warning.html)<span>\(t("Kuitansi ini tidak berlaku lagi.", "This receipt proves nothing any more."))\(undone(payment, t))</span></p>" : HTML())
        <dl class="details"><div><dt>\(t("Untuk", "For"))</dt><dd>\(what), \(payment.docket)</dd></div><div><dt>\(t("Kode bayar", "Payment code"))</dt><dd class="code">\(payment.bill)</dd></div><div><dt>\(t("Jumlah", "Amount"))</dt><dd><b>Rp\(t.number(payment.amount))</b></dd></div><div><dt>\(t("Terbilang", "In words"))</dt><dd lang="id">\(payment.amount.inWords) rupiah</dd></div><div><dt>\(t("Cara", "By"))</dt><dd>\(t(payment.method.name))\(payment.isNamedByBank ? ", \(payment.reference)" : "")</dd></div><div><dt>\(t("Diterima", "Received"))</dt><dd>\(received(payment, t))</dd></div>\(receiver.map { "<div><dt>\(t("Diterima oleh", "Received by"))</dt><dd>\($0)</dd></div>" as HTML })</dl>
        <p class="row screen-only"><button class="button" type="button" data-print hidden>\(t("Cetak", "Print"))</button><a href="\(page ?? Link("berkas", payment.docket))">\(t("Buka berkas", "Open the case"))</a></p>
        """
    }
}
