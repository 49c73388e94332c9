// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Documents
import Essentials
import HTTPTypes
import Hummingbird
import Identity
import Markup
import Web

/// Whether a paper is what it says: by the code printed on it, by its QR code, or by the file itself. Says nothing about whom it
/// is about.
extension Portal {
    /// Asks for a code or a file.
    func verificationDoor(
        _ request: Request,
        _ context: VisitorContext,
        state: FormState = .empty,
        status: HTTPResponse.Status = .ok
    ) -> Response {
        let t = context.words
        if let code = request.query("kode") {
            let signs = code.lowercased().filter(\.isHexDigit)
            return .seeOther(Link("verifikasi", signs.isEmpty ? "-" : signs))
        }
        let main: HTML = """
            \(state.summary(t))<h1>\(t("Periksa keaslian dokumen", "Check a document"))</h1>
            <p class="large">\(t("Setiap surat dari \(city.name.id) bisa diperiksa siapa pun, tanpa akun. Data pemiliknya tidak ditampilkan.", "Anyone can check any paper of \(city.name.en), without an account. Its holder’s data is not shown."))</p>
            <form action="\(Link("verifikasi"))">\(Field(name: "kode", label: t("Kode di kertas", "The code on the paper"), help: t("Dua belas tanda di bawah kode QR, misalnya 7F3K-92QD-11AA", "Twelve signs under the QR code")).input(state, t))<p><button class="button">\(t("Periksa", "Check"))</button></p></form>
            <form method="post" action="\(Link("verifikasi"))" enctype="multipart/form-data">\(hidden(context))<div class="field"><label for="pdf">\(t("Atau berkas PDF-nya", "Or the PDF file itself"))</label><p class="help" id="pdf-bantu">\(t("Kami hitung sidiknya; berkasnya tidak disimpan.", "We work out its fingerprint; the file is not kept."))</p><input id="pdf" name="pdf" type="file" accept="application/pdf" aria-describedby="pdf-bantu"></div><p><button class="button secondary">\(t("Periksa berkas", "Check the file"))</button></p></form>
            """
        return respond(
            Page(
                title: t("Periksa keaslian dokumen", "Check a document"),
                section: .services,
                hasErrors: state.problem != nil,
                isNarrow: true,
                main: main
            ),
            context,
            status: status
        )
    }

    /// Checks a file.
    func verifyFile(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let form = try await formWithFiles(request, context)
        try token.check(form["token"], request, visitor: context.visitor)
        do {
            guard let upload = form.files["pdf"]?.first else {
                throw Problem.fields([Problem.Field("pdf", Text(id: "Pilih berkas PDF-nya", en: "Choose the PDF file"))])
            }
            return verdict(try await documents.find(file: try upload.content()), isFile: true, context)
        } catch let problem as Problem where problem.keepsForm {
            return verificationDoor(request, context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
    }

    /// The verdict on a hash or a code.
    func verification(_ context: VisitorContext) async throws -> Response {
        verdict(try await documents.find(context.parameters.get("sidik") ?? ""), isFile: false, context)
    }

    private func verdict(_ document: IssuedDocument?, isFile: Bool, _ context: VisitorContext) -> Response {
        let t = context.words
        guard let document else {
            let main: HTML = """
                <h1>\(t("Tidak dikenal", "Unknown"))</h1><p class="notice bad">\(Icon.warning.html)<span>\(isFile ? t("Berkas ini tidak pernah diterbitkan \(city.name.id), atau sudah diubah walau satu huruf.", "\(city.name.en) never issued this file, or it was changed, be it by one letter.") : t("\(city.name.id) tidak pernah menerbitkan dokumen dengan kode ini.", "\(city.name.en) never issued a document with this code."))</span></p>
                <p>\(t("Ada yang menjual surat palsu?", "Is somebody selling forged papers?")) <a href="\(Link("lapor"))">\(t("Laporkan", "Report it"))</a>. <a href="\(Link("verifikasi"))">\(t("Periksa lagi", "Check again"))</a></p>
                """
            return respond(
                Page(title: t("Tidak dikenal", "Unknown"), section: .services, isNarrow: true, main: main),
                context,
                status: .notFound
            )
        }
        let standing = document.standing(on: now.date(in: city.zone))
        let heading: String
        switch standing {
        case .valid: heading = t("Sah", "Valid")
        case .expired: heading = t("Masa berlakunya habis", "Expired")
        case .revoked: heading = t("Sudah dicabut", "Revoked")
        case .superseded: heading = t("Sudah diganti yang lebih baru", "Superseded by a newer one")
        }
        let service = city.services[document.service]
        let main: HTML = """
            <h1>\(heading)</h1><p>\(standingBadge(standing, document.validUntil, t))</p>
            <dl class="details"><div><dt>\(t("Dokumen", "Document"))</dt><dd>\(document.title)</dd></div><div><dt>\(t("Nomor", "Number"))</dt><dd class="code">\(document.number)</dd></div><div><dt>\(t("Layanan", "Service"))</dt><dd>\(service.map { t($0.name) } ?? document.service)</dd></div><div><dt>\(t("Penerbit", "Issued by"))</dt><dd>\(city.agency(document.agency).name)</dd></div><div><dt>\(t("Tanggal terbit", "Issued on"))</dt><dd>\(document.issuedAt.date(in: city.zone).long(t.language))</dd></div>\(document.revokedAt.map { "<div><dt>\(t("Dicabut", "Revoked"))</dt><dd>\($0.date(in: city.zone).long(t.language))</dd></div>" as HTML })<div><dt>\(t("Sidik", "Fingerprint"))</dt><dd class="code">\(document.fingerprint)</dd></div></dl>
            <p>\(isFile ? t("Berkas ini sama persis dengan yang diterbitkan.", "This file is exactly the one that was issued.") : t("Cocokkan nomor dan jenisnya dengan kertas di tangan Anda.", "Compare number and kind with the paper in your hand."))</p>
            \(documents.isSelfSigned ? "<p class=\"notice warn\">\(Icon.warning.html)<span>\(t("Ditandatangani dengan sertifikat buatan kota sendiri, untuk uji coba: bukan sertifikat BSrE.", "Signed with a certificate of the city’s own making, for trial: not a certificate of BSrE."))</span></p>" : HTML())
            """
        return respond(Page(title: "\(heading): \(document.number)", section: .services, isNarrow: true, main: main), context)
    }
}
