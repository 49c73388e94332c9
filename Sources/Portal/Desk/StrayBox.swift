// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Identity
import Markup
import Web

/// What banks took back that no movement books out: what somebody has to look into, and what came of it.
extension Portal {
    func strays(_ day: Fees.Day, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        guard !day.strays.isEmpty else { return HTML() }
        let items = HTML(day.strays.map { stray($0, state, context) })
        return """
            <section class="box" aria-labelledby="k11"><h2 id="k11">\(t("Ditarik bank, padahal tidak tercatat", "Taken back by the bank, in no book"))</h2><p class="small">\(t("Bank mengabarkan menarik kembali uang yang tidak pernah tercatat di sini, atau hanya sebagian dari yang tercatat, atau lebih. Tanyakan ke bank, cocokkan rekening korannya, lalu tulis hasilnya.", "The bank says that it took back money that was never recorded here, or only a part of what was, or more. Ask the bank, compare the statement, then write what came of it."))</p><ul class="list">\(items)</ul></section>
            """
    }

    /// What was looked into, for whoever answers for the money or looks on.
    func settledStrays(_ day: Fees.Day, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        guard !day.settledStrays.isEmpty else { return HTML() }
        let items = HTML(day.settledStrays.map { stray($0, state, context) })
        return """
            <section class="box" aria-labelledby="k12"><h2 id="k12">\(t("Penarikan bank yang sudah diperiksa, 90 hari", "What banks took back and was looked into, 90 days"))</h2><ul class="list">\(items)</ul></section>
            """
    }

    private func stray(_ stray: Fees.StrayReversal, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        let whose =
            stray.agency.isEmpty
            ? t("tagihan tidak dikenal: \(stray.bill)", "no known bill: \(stray.bill)")
            : "\(stray.docket), \(stray.bill)\(agency(stray.agency, context))"
        let ofWhat: String? =
            if stray.receipt.isEmpty {
                nil
            } else if stray.isBeyond {
                t("lebih dari \(stray.receipt), yang sudah ditarik seluruhnya", "beyond \(stray.receipt), which was taken back whole")
            } else {
                stray.isWhole
                    ? t("seluruh \(stray.receipt)", "all of \(stray.receipt)")
                    : t("sebagian dari \(stray.receipt)", "part of \(stray.receipt)")
            }
        let what = [
            stray.reference, stray.amount.map { t.rupiah($0) }, ofWhat, whose, stray.at.stamp(t.language, zone: city.zone),
        ]
        return
            "<li class=\"whole\"><p>\(what.compactMap { $0 }.joined(separator: ", "))</p>\(outcome(stray, t))\(earlier(stray, t))\(strayForm(stray, state, context))</li>"
    }

    private func outcome(_ stray: Fees.StrayReversal, _ t: Words) -> HTML {
        let words: String
        switch stray.state {
        case .open: return HTML()
        case .here: words = t("Uangnya ada di rekening", "The money is in the account")
        case .gone: words = t("Uangnya tidak ada di rekening", "The money is not in the account")
        // Whoever settled it did not book it out: what they said stands below.
        case .booked: return "<p><b>\(t("Pembayarannya dibatalkan di buku", "Its payment is booked out"))</b></p>"
        }
        let who = [stray.settler.map { t("Petugas \($0)", "Officer \($0)") }, stray.settledAt?.stamp(t.language, zone: city.zone)]
        let by = who.compactMap { $0 }.joined(separator: ", ")
        let note: HTML = stray.note.isEmpty ? HTML() : ": <span lang=\"id\">\(stray.note)</span>"
        return "<p><b>\(words)</b>\(by.isEmpty ? "" : ", \(by)")\(note)</p>"
    }

    /// What was said of it before, which may have turned out otherwise.
    private func earlier(_ stray: Fees.StrayReversal, _ t: Words) -> HTML {
        let earlier = stray.state == .booked ? stray.sayings : stray.sayings.filter { $0.at != stray.settledAt }
        guard !earlier.isEmpty else { return HTML() }
        let items = HTML(
            earlier.map { saying in
                let here = saying.isHere ? t("ada di rekening", "in the account") : t("tidak ada di rekening", "not in the account")
                let who = [saying.number.map { t("Petugas \($0)", "Officer \($0)") }, saying.at.stamp(t.language, zone: city.zone)]
                return "<li>\(here), \(who.compactMap { $0 }.joined(separator: ", ")): <span lang=\"id\">\(saying.note)</span></li>" as HTML
            }
        )
        return "<p class=\"small\">\(t("Dinyatakan sebelumnya:", "Said before:"))</p><ul class=\"small\">\(items)</ul>"
    }

    /// The form that says what became of it; said anew where it turned out otherwise.
    private func strayForm(_ stray: Fees.StrayReversal, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        let officer = context.officer
        let mayClose =
            stray.agency.isEmpty
            ? officer.roles.contains(.supervisor) : officer.roles.contains(.treasurer) && officer.agency == stray.agency
        guard mayClose, stray.state != .booked else { return HTML() }
        let state = state.of("tarikan-\(stray.entry)")
        let label = stray.state == .open ? t("Sudah ditangani", "It is dealt with") : t("Ternyata lain", "It turned out otherwise")
        let money = Field(name: "uang", label: t("Apakah uangnya ada di rekening kota?", "Is the money in the city’s account?")).radios(
            state,
            t,
            options: [
                ("ada", t("Ada", "Yes"), t("Bank keliru menariknya.", "The bank was wrong to take it back.")),
                ("tidak", t("Tidak ada", "No"), t("Bank benar menariknya.", "The bank was right to take it back.")),
            ]
        )
        return """
            <details\(.flag("open", state.problem != nil))><summary>\(label)</summary><form method="post" action="\(Link("meja", "kas", "tarikan"))">\(hidden(context.visitor))\(state.pageField)<input type="hidden" name="tarikan" value="\(stray.entry)">\(money)\(Field(name: "sebab", label: t("Apa hasilnya", "What came of it")).input(state, t))<p><button class="button secondary">\(label)</button></p></form></details>
            """
    }
}
