// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import HTTPTypes
import Hummingbird
import Identity
import Journal
import Markup
import Services
import Web

/// Money to be given back, for its applicant: what was ordered, what came, and the account that it goes to.
extension Portal {
    /// What of a bill goes back.
    func givingBack(_ bill: Bill, isErased: Bool, _ state: FormState, _ context: VisitorContext) async throws -> HTML {
        let t = context.words
        let (refunds, wish) = try await journal.read { snapshot in
            (
                try Fees.refunds(of: bill.number, in: snapshot).map { ($0, try fees.account(of: $0, in: snapshot)) },
                try fees.account(for: bill.number, in: snapshot)
            )
        }
        guard bill.returnable > 0 || bill.overpaid > 0 || !refunds.isEmpty else { return HTML() }
        let state = state.of("rekening-\(bill.number)")
        let items = HTML(refunds.map { refundItem($0, to: $1, isCovered: bill.returnable >= 0, t) })
        let agency = city.agency(bill.agency).name
        let notice: HTML =
            bill.returnable > 0 && isErased
            ? "<p class=\"notice warn\">\(Icon.warning.html)<span>\(t("\(t.rupiah(bill.returnable)) milik Anda masih di kota, tetapi data Anda sudah dihapus. Datanglah ke \(agency) dengan nomor berkas ini dan buku tabungan.", "\(t.rupiah(bill.returnable)) of yours is still with the city, but your data has been erased. Go to \(agency) with the number of this case and your savings book."))</span></p>"
            : bill.returnable > 0
                ? "<p class=\"notice warn\">\(Icon.warning.html)<span>\(wish == nil ? t("\(t.rupiah(bill.returnable)) akan dikembalikan kepada Anda. Tulis rekeningnya di bawah: tanpa itu belum bisa diperintahkan.", "\(t.rupiah(bill.returnable)) will be given back to you. Write your bank account below: without it nothing can be ordered.") : t("\(t.rupiah(bill.returnable)) akan dikembalikan kepada Anda oleh Kas Daerah, ke rekening yang Anda tulis.", "\(t.rupiah(bill.returnable)) will be given back to you by the city’s treasury, into the bank account that you wrote."))</span></p>"
                : bill.overpaid > 0
                    ? "<p class=\"notice warn\">\(Icon.warning.html)<span>\(t("\(t.rupiah(bill.overpaid)) terlanjur dikembalikan kepada Anda lebih dari yang seharusnya. Hubungi instansinya.", "\(t.rupiah(bill.overpaid)) more than was due has been given back to you. Call the agency."))</span></p>"
                    : HTML()
        return """
            <h3>\(t("Uang Anda yang dikembalikan", "Your money that goes back"))</h3>\(refunds.isEmpty ? HTML() : "<ul class=\"list\">\(items)</ul>")\(notice)
            \(bill.returnable > 0 && !isErased ? accountForm(bill, wish, state, context) : HTML())
            """
    }

    /// One order, to the account that it names, which may be another than the one that was written since.
    private func refundItem(_ refund: Refund, to account: Refund.Account?, isCovered: Bool, _ t: Words) -> HTML {
        let state =
            switch refund.state {
            case .ordered:
                t(
                    "sudah diperintahkan \(refund.orderedAt.date(in: city.zone).long(t.language)), sedang \(isCovered ? "diproses" : "diperiksa")",
                    "ordered \(refund.orderedAt.date(in: city.zone).long(t.language)), \(isCovered ? "under way" : "being looked at")"
                )
            case .carried: t("sudah dikembalikan", "given back")
            case .withdrawn: t("perintahnya ditarik", "the order was taken back")
            case .returned: t("kembali dari bank", "came back from the bank")
            }
        // An order that was taken back and paid all the same keeps the reason of before.
        let why = [.withdrawn, .returned].contains(refund.state) ? refund.undone : ""
        let receipt: HTML? = refund.receipt.map {
            "<a href=\"\(Link("berkas", refund.docket, "kuitansi", $0))\">\(t("Bukti pengembalian", "Receipt for the refund"))</a>"
        }
        return """
            <li><span>\(t.rupiah(refund.amount)) \(account.map { t("ke \($0.masked), atas nama \($0.name)", "to \($0.masked), in the name of \($0.name)") } ?? ""): \(state)\(why.isEmpty ? HTML() : ": <span lang=\"id\">\(why)</span>")</span>\(receipt)</li>
            """
    }

    private func accountForm(_ bill: Bill, _ account: Refund.Account?, _ state: FormState, _ context: VisitorContext) -> HTML {
        let t = context.words
        return """
            <details\(.flag("open", account == nil || state.problem != nil))><summary>\(account.map { "\(t("Rekening", "Bank account")): \($0.bank) \($0.number)" } ?? t("Ke rekening mana?", "To which bank account?"))</summary>
            <form method="post" action="\(Link("berkas", bill.docket, "rekening"))">\(hidden(context))<input type="hidden" name="kode" value="\(bill.number)">
            \(Field(name: "bank", label: t("Bank", "Bank")).input(state, t, value: account?.bank ?? ""))\(Field(name: "rekening", label: t("Nomor rekening", "Account number")).input(state, t, value: account?.number ?? "", inputMode: "numeric"))\(Field(name: "atasnama", label: t("Atas nama", "In the name of")).input(state, t, value: account?.name ?? ""))\(state.fault("benar", t) == nil ? HTML() : Field(name: "benar", label: t("Rekening ini benar: sudah saya periksa", "This account is right: I have checked it")).check(state, t))
            <p><button class="button secondary">\(t("Simpan rekening", "Save the bank account"))</button></p></form></details>
            """
    }

    private static let wrongBefore = Problem(
        "refund.account-wrong-before",
        .conflict,
        Text(id: "Rekening ini sebelumnya ternyata salah", en: "This account proved wrong before"),
        remedy: Text(
            id: "Periksa bank, nomor, dan namanya. Kalau memang benar, centang dan simpan lagi.",
            en: "Check bank, number and name. If it is right after all, tick the box and save again."
        ),
        fields: [Problem.Field("benar", Text(id: "Apakah rekening ini memang benar?", en: "Is this account right after all?"))]
    )

    /// Keeps the account to which the applicant wants money back.
    func takeAccount(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let (serviceCase, service) = try await requireHolder(request, context)
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor)
        do {
            guard let bill = try await fees.find(form["kode"]), bill.docket == serviceCase.docket else { throw Problem.notFound }
            let account = try Refund.Account(bank: form["bank"], number: form["rekening"], name: form["atasnama"])
            // Not taken in silence: it may be the same mistake once more.
            if !form.has("benar"), try await fees.provedWrong(account, for: bill.number) { throw Self.wrongBefore }
            try await fees.giveAccount(account, for: bill.number, of: serviceCase.person, by: .resident) {
                try services.tellAccountGiven(account, of: serviceCase.docket, in: $0)
            }
        } catch let problem as Problem where problem.keepsForm {
            let state = FormState(problem: problem, typed: form, form: "rekening-\(form["kode"])")
            return try await serviceCasePage(request, serviceCase, service, context, state: state, status: problem.httpStatus)
        }
        return .seeOther(Link("berkas", serviceCase.docket, query: [("selesai", "rekening")]))
    }

    /// The receipt of money that was given back, to print.
    func receipt(_ refund: Refund, to account: Refund.Account?, t: Words, what: String, at page: Link? = nil) async throws -> HTML {
        // As what they ordered it, as it was then (UU 30/2014 art. 14(4)).
        let standing = try await accounts.standing(of: refund.orderedBy, at: refund.agency, at: refund.orderedAt)
        let mark = standing.map { "\($0.mark) " } ?? ""
        let head = refund.orderedByNumber.map { t(", petugas \($0)", ", officer \($0)") } ?? ""
        return """
            \(issuer(t))<h1>\(t("Bukti pengembalian", "Receipt for the refund")) \(refund.receipt ?? "")</h1>
            \(refund.state == .returned ? "<p class=\"notice bad\">\(Icon.warning.html)<span>\(t("Uang ini kembali dari bank: belum diterima pemohon.", "This money came back from the bank: the applicant has not received it."))</span></p>" : HTML())
            <dl class="details"><div><dt>\(t("Untuk", "For"))</dt><dd>\(what), \(refund.docket)</dd></div><div><dt>\(t("Kode bayar", "Payment code"))</dt><dd class="code">\(refund.bill)</dd></div><div><dt>\(t("Jumlah", "Amount"))</dt><dd><b>\(t.rupiah(refund.amount))</b></dd></div><div><dt>\(t("Terbilang", "In words"))</dt><dd lang="id">\(refund.amount.inWords) rupiah</dd></div><div><dt>\(t("Cara", "By"))</dt><dd>\(t(refund.method.name))\(refund.reference.isEmpty ? "" : ", \(slip(refund.reference, refund.slipDay, t))")</dd></div>\(account.map { "<div><dt>\(t("Rekening", "Bank account"))</dt><dd>\($0.masked)</dd></div>" as HTML })<div><dt>\(t("Instansi", "Agency"))</dt><dd>\(city.agency(refund.agency).name)</dd></div><div><dt>\(t("Diperintahkan oleh", "Ordered by"))</dt><dd>\(mark)\(mark.isEmpty ? t("Kepala instansi", "Head of the agency") : t("kepala instansi", "head of the agency"))\(head), \(refund.orderedAt.stamp(t.language, zone: city.zone))</dd></div><div><dt>\(t("Dasar", "Ground"))</dt><dd lang="id">\(refund.ground)</dd></div>\(refund.carriedAt.map { "<div><dt>\(t("Tanggal", "Date"))</dt><dd>\($0.stamp(t.language, zone: city.zone))</dd></div>" as HTML })</dl>
            <p class="row screen-only"><button class="button" type="button" data-print hidden>\(t("Cetak", "Print"))</button><a href="\(page ?? Link("berkas", refund.docket))">\(t("Buka berkas", "Open the case"))</a></p>
            """
    }
}
