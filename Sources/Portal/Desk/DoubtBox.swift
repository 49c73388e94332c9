// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Identity
import Markup
import Services
import Web

/// Payments recorded from a statement by mistake, or told by a bank and not in the account: a treasurer says so, the head of the agency
/// decides.
extension Portal {
    /// For a treasurer who has looked a bill up: what of it came by a bank, and the way to say that its money is not there.
    func doubtForms(_ payments: [Payment], _ state: FormState, _ context: OfficerContext) async throws -> HTML {
        let t = context.words
        let standing = payments.filter(\.mayBeDoubted)
        guard !standing.isEmpty else { return HTML() }
        let looked = try await fees.looked(at: standing.map(\.receipt))
        let numbers = try await accounts.numbers()
        let items = HTML(
            standing.map { payment in
                let source =
                    payment.isFromStatement
                    ? t("dicatat dari rekening koran", "recorded from a statement") : t("dikabarkan bank", "told by the bank")
                let what = "\(payment.receipt): \(t.rupiah(payment.amount)), \(payment.taken.long(t.language)), \(source)"
                let label =
                    payment.isFromStatement
                    ? t("Catatan ini keliru", "This was recorded by mistake") : t("Uangnya tidak ada", "Its money is not there")
                let form: HTML =
                    payment.doubt.isEmpty
                    ? doubtForm("keliru", payment, label, isOwn: true, state, context)
                    : "<p class=\"small\">\(t("Menunggu kepala instansi.", "Waits for the head of the agency."))</p>"
                return "<li class=\"whole\"><p>\(what)</p>\(letStand(looked.letStand[payment.receipt] ?? [], numbers, t))\(form)</li>"
                    as HTML
            }
        )
        return """
            <section class="box" aria-labelledby="k9"><h2 id="k9">\(t("Pembayaran lewat bank", "Payments by bank"))</h2><ul class="list">\(items)</ul></section>
            """
    }

    /// That payments were looked at and left as they are, for whoever sees the money.
    func letStand(_ decisions: [Fees.LetStand], _ numbers: [String: Int], _ t: Words) -> HTML {
        func officer(_ account: String?) -> String {
            account.flatMap { numbers[$0] }.map { t("Petugas \($0)", "Officer \($0)") } ?? t("kepala instansi", "the head of the agency")
        }
        return HTML(
            decisions.map { one in
                """
                <p class="small">\(Icon.check.html) \(t("Diperiksa", "Looked at")) \(one.at.stamp(t.language, zone: city.zone)), \(officer(one.by)), \(t("dibiarkan", "left to stand")): <span lang="id">\(one.reason)</span>. \(officer(one.doubtedBy)) \(t("bertanya", "had asked")): <span lang="id">\(one.doubt)</span></p>
                """ as HTML
            }
        )
    }

    /// What heads decided lately: the treasurer who asked reads it here.
    func letStandBox(_ context: OfficerContext) async throws -> HTML {
        let t = context.words
        let decisions = try await fees.letStandLately(for: context.officer)
        guard !decisions.isEmpty else { return HTML() }
        let numbers = try await accounts.numbers()
        let items = HTML(
            decisions.prefix(20).map { one in
                "<li class=\"whole\"><p><a href=\"\(Link("meja", "kas", "kuitansi", one.receipt))\">\(one.receipt)</a></p>\(letStand([one], numbers, t))</li>"
                    as HTML
            }
        )
        return """
            <section class="box" aria-labelledby="k13"><h2 id="k13">\(t("Diperiksa dan dibiarkan, \(Fees.decisionDays) hari", "Looked at and left to stand, \(Fees.decisionDays) days"))</h2><ul class="list">\(items)</ul></section>
            """
    }

    /// What waits for the head, seen by everybody who sees the money.
    func doubtsBox(_ day: Fees.Day, _ state: FormState, _ context: OfficerContext) async throws -> HTML {
        let t = context.words
        guard !day.doubts.isEmpty else { return HTML() }
        let items = HTML(
            try await day.doubts.asyncMap { doubt in
                let payment = doubt.payment
                let mayDecide = context.officer.roles.contains(.head) && doubt.agency == context.officer.agency
                let then =
                    if !doubt.isOwedAgain {
                        t("Tagihannya tetap lunas atau batal.", "The bill stays paid or cancelled.")
                    } else if try await services.waitsAgain(payment.docket) {
                        t(
                            "Tagihannya belum lunas lagi, dan berkas kembali menunggu pembayaran.",
                            "The bill is owed again, and the case waits for it."
                        )
                    } else {
                        t(
                            "Tagihannya masih harus dibayar, tetapi berkasnya sudah berjalan terus atau suratnya sudah terbit: itu tidak berubah, dan piutangnya tetap terbuka.",
                            "The bill is to be paid, but the case has gone on or its paper was issued: that stays as it is, and the claim stays open."
                        )
                    }
                let forms: HTML =
                    mayDecide
                    ? """
                    <form method="post" action="\(Link("meja", "kas", "setujui"))">\(hidden(context.visitor))\(state.pageField)<input type="hidden" name="kuitansi" value="\(payment.receipt)"><p><button class="button secondary">\(t("Batalkan catatannya", "Take the recording back"))<span class="sr"> \(payment.receipt)</span></button></p></form>\(doubtForm("tolak", payment, t("Biarkan tercatat", "Let it stand"), isOwn: false, state, context))
                    """ : HTML()
                let who = [doubt.number.map { t("Petugas \($0)", "Officer \($0)") }, doubt.at.stamp(t.language, zone: city.zone)]
                return """
                    <li class="whole"><p><b>\(payment.receipt)</b> \(t.rupiah(payment.amount)), \(payment.docket), \(payment.bill), \(payment.taken.long(t.language))</p><p>\(about(payment, t))</p><p>\(who.compactMap { $0 }.joined(separator: ", ")): <span lang="id">\(payment.doubt)</span></p><p class="small">\(t("Kalau dibatalkan:", "If it is taken back:")) \(then)</p>\(forms)</li>
                    """ as HTML
            }
        )
        let ask: HTML =
            context.officer.roles.contains(.head)
            ? HTML() : "<p class=\"small\">\(t("Kepala instansi yang memutuskan.", "The head of the agency decides."))</p>"
        return """
            <section class="box" aria-labelledby="k10"><h2 id="k10">\(t("Pembayaran yang diragukan", "Payments in doubt"))</h2>\(ask)<ul class="list">\(items)</ul></section>
            """
    }

    /// What the treasurer says of a payment.
    private func about(_ payment: Payment, _ t: Words) -> String {
        payment.isNamedByBank
            ? t(
                "Dikabarkan bank; menurut bendahara uangnya tidak ada di rekening.",
                "Told by the bank; the treasurer says that its money is not in the account."
            )
            : t("Dicatat dari rekening koran; menurut bendahara keliru.", "Recorded from a statement; by mistake, the treasurer says.")
    }

    private func doubtForm(
        _ act: String,
        _ payment: Payment,
        _ label: String,
        isOwn: Bool,
        _ state: FormState,
        _ context: OfficerContext
    ) -> HTML {
        let t = context.words
        let state = state.of("\(act)-\(payment.receipt)")
        // The bill stays looked up where the form is refused.
        let bill: HTML = isOwn ? "<input type=\"hidden\" name=\"kode\" value=\"\(payment.bill)\">" : HTML()
        let why = isOwn ? t("Sebab; pemohon membacanya", "Why; the applicant reads it") : t("Sebab", "Why")
        return """
            <details\(.flag("open", state.problem != nil))><summary>\(label)</summary><form method="post" action="\(Link("meja", "kas", act))">\(hidden(context.visitor))\(bill)\(state.pageField)<input type="hidden" name="kuitansi" value="\(payment.receipt)">\(Field(name: "sebab", label: why).input(state, t))<p><button class="button secondary">\(label)</button></p></form></details>
            """
    }
}
