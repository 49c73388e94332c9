// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Identity
import Markup
import Web

/// What banks took back that is in no book, until somebody has looked into it.
extension Portal {
    func strays(_ day: Fees.Day, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        guard !day.strays.isEmpty else { return HTML() }
        let items = HTML(day.strays.map { stray($0, state, context) })
        return """
            <section class="box" aria-labelledby="k11"><h2 id="k11">\(t("Ditarik bank, padahal tidak tercatat", "Taken back by the bank, in no book"))</h2><p class="small">\(t("Bank mengabarkan menarik kembali uang yang tidak pernah tercatat di sini, atau sebagian dari yang tercatat. Tanyakan ke bank, cocokkan rekening korannya, lalu tulis hasilnya.", "The bank says that it took back money that was never recorded here, or a part of what was. Ask the bank, compare the statement, then write what came of it."))</p><ul class="list">\(items)</ul></section>
            """
    }

    private func stray(_ stray: Fees.StrayReversal, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        let officer = context.officer
        let whose =
            stray.agency.isEmpty
            ? t("tagihan tidak dikenal: \(stray.bill)", "no known bill: \(stray.bill)")
            : "\(stray.docket), \(stray.bill)\(agency(stray.agency, context))"
        let what = [
            stray.reference, stray.amount.map { t.rupiah($0) },
            stray.receipt.isEmpty ? nil : t("sebagian dari \(stray.receipt)", "part of \(stray.receipt)"), whose,
            stray.at.stamp(t.language, zone: city.zone),
        ]
        let mayClose =
            stray.agency.isEmpty
            ? officer.roles.contains(.supervisor) : officer.roles.contains(.treasurer) && officer.agency == stray.agency
        let state = state.of("tarikan-\(stray.entry)")
        let form: HTML =
            mayClose
            ? """
            <details\(.flag("open", state.problem != nil))><summary>\(t("Sudah ditangani", "It is dealt with"))</summary><form method="post" action="\(Link("meja", "kas", "tarikan"))">\(hidden(context.visitor))\(state.pageField)<input type="hidden" name="tarikan" value="\(stray.entry)">\(Field(name: "sebab", label: t("Apa hasilnya", "What came of it")).input(state, t))<p><button class="button secondary">\(t("Sudah ditangani", "It is dealt with"))</button></p></form></details>
            """ : HTML()
        return "<li class=\"whole\"><p>\(what.compactMap { $0 }.joined(separator: ", "))</p>\(form)</li>"
    }
}
