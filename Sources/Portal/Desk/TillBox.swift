// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Identity
import Markup
import Web

/// An officer's own till of a day: what is recorded in it, its closing, and a part handed over before.
extension Portal {
    func till(_ day: Fees.Day, isToday: Bool, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        let date = day.date.full(t.language)
        if let closing = day.closing {
            return """
                <section class="box" aria-labelledby="k3"><h2 id="k3">\(t("Kas ditutup: \(date)", "Cash closed: \(date)"))</h2>\(tillLines(closing.till, closing, t))<p>\(closing.slip.isEmpty ? "" : "STS \(slip(closing.slip, closing.slipDay, t))") \(closing.reason)</p></section>
                """
        }
        guard day.till != Fees.Till() else {
            return """
                <section class="box" aria-labelledby="k3"><h2 id="k3">\(t("Kas \(date)", "Cash of \(date)"))</h2><p>\(t("Tidak ada uang tunai pada Anda yang perlu ditutup.", "No cash is with you that would have to be closed."))</p></section>
                """
        }
        return """
            <section class="box" aria-labelledby="k3"><h2 id="k3">\(t("Tutup kas \(date)", "Close the cash of \(date)"))</h2>\(tillLines(day.till, nil, t))\(isToday ? undeposited(day, t) : HTML())\(closeForm(day.date, isToday: isToday, state.of("tutup"), context))\(isToday ? handOverForm(state.of("setor"), context) : HTML())</section>
            """
    }

    /// Cash of days before, and where it is deposited without closing today.
    private func undeposited(_ day: Fees.Day, _ t: Words) -> HTML {
        guard let cash = day.undeposited else { return HTML() }
        let since = (id: cash.since.long(.indonesian), en: cash.since.long(.english))
        let words =
            cash.since == day.date.adding(days: -1)
            ? t(
                "Uang tunai \(since.id) harus disetor hari ini: paling lambat satu hari (PP 12/2019 ps. 137).",
                "The cash of \(since.en) is to be deposited today: within one day (PP 12/2019 art. 137)."
            )
            : t(
                "Uang tunai sejak \(since.id) terlambat disetor: paling lambat satu hari (PP 12/2019 ps. 137).",
                "Cash since \(since.en) is late to be deposited: within one day (PP 12/2019 art. 137)."
            )
        let way: HTML =
            cash.closable < day.date
            ? "<a href=\"\(Link("meja", "kas", query: [("tanggal", cash.closable.description)]))\">\(t("Tutup kas \(cash.closable.full(.indonesian))", "Close the cash of \(cash.closable.full(.english))"))</a>"
            : "\(t("Setorkan sisanya di bawah ini.", "Hand over what is left of it below."))"
        return "<p class=\"notice warn\">\(Icon.warning.html)<span>\(words) \(way)</span></p>"
    }

    /// The agency of a till, for whoever sees more than their own.
    func agency(_ code: String, _ context: OfficerContext) -> String {
        code == context.officer.agency ? "" : ", \(city.agency(code).short)"
    }

    /// Cash that should have been deposited, for everybody who sees the money; what somebody left is closed by a treasurer.
    func lateTills(_ day: Fees.Day, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        guard !day.late.isEmpty else { return HTML() }
        let items = HTML(
            day.late.map {
                """
                <li><span>\(t("Petugas \($0.number)", "Officer \($0.number)")) \($0.name)\(agency($0.agency, context)): <b class="nowrap">\(t.rupiah($0.amount))</b>, \(t("sejak \($0.since.long(.indonesian))", "since \($0.since.long(.english))"))\(leftTill($0, day.witnesses, state, context))</span></li>
                """ as HTML
            }
        )
        return """
            <section class="box" aria-labelledby="k7"><h2 id="k7">\(t("Uang tunai yang terlambat disetor", "Cash that is late to be deposited"))</h2><p class="small">\(t("Disetor paling lambat satu hari (PP 12/2019 ps. 137).", "To be deposited within one day (PP 12/2019 art. 137)."))</p><ul class="list">\(items)</ul></section>
            """
    }

    /// What is said of a till that somebody left, and the form that closes it.
    private func leftTill(_ till: Fees.LateTill, _ witnesses: [Officer], _ state: FormState, _ context: OfficerContext) -> HTML {
        guard let reason = till.left else { return HTML() }
        let t = context.words
        let why = reason.isEmpty ? HTML() : " <span lang=\"id\">\(reason).</span>" as HTML
        let form: HTML =
            context.officer.roles.contains(.treasurer) && till.agency == context.officer.agency
            ? closeForm(now.date(in: city.zone), of: (till.number, witnesses), isToday: false, state.of("tutup-\(till.number)"), context)
            : HTML()
        return """
            . \(t("Akunnya sudah ditutup; bendahara lain menghitung dan menutup kasnya di hadapan saksi.", "The account has ended; another treasurer counts and closes the till before a witness."))\(why)\(form)
            """
    }

    /// Closings that counted more or less than was recorded, for everybody who sees the money: what is missing is to be made good
    /// (PP 12/2019 art. 212).
    func differences(_ day: Fees.Day, _ context: OfficerContext) -> HTML {
        let t = context.words
        guard !day.differences.isEmpty else { return HTML() }
        let items = HTML(
            day.differences.map {
                """
                <li><span><a href="\(Link("meja", "kas", query: [("tanggal", $0.day.description)]))">\($0.day.long(t.language))</a> \($0.number.map { t("Petugas \($0)", "Officer \($0)") } ?? "") \($0.name)\(agency($0.agency, context)): <b class="nowrap">\(t.rupiah($0.difference))</b>\($0.reason.isEmpty ? "" : ", \($0.reason)")\(counted($0, t))</span></li>
                """ as HTML
            }
        )
        return """
            <section class="box" aria-labelledby="k8"><h2 id="k8">\(t("Selisih kas dalam 90 hari", "Cash that differed within 90 days"))</h2><ul class="list">\(items)</ul></section>
            """
    }

    /// Who counted a till that somebody left, before whom, and why it was left; nothing of every other.
    func counted(_ closing: Fees.Closing, _ t: Words) -> HTML {
        guard let counter = closing.counter else { return HTML() }
        let witness = closing.witness.map { t(", saksi Petugas \($0)", ", witness: officer \($0)") } ?? ""
        let why: HTML = closing.leftBecause.isEmpty ? HTML() : ": <span lang=\"id\">\(closing.leftBecause)</span>"
        return
            " (\(t("dihitung Petugas \(counter)", "counted by officer \(counter)"))\(witness); \(t("akunnya ditutup", "the account had ended"))\(why))"
    }

    /// A slip’s number and the day that it bears.
    func slip(_ number: String, _ day: CivilDate?, _ t: Words) -> String {
        [number, day?.long(t.language)].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ", ")
    }

    /// The day that a slip bears: today unless changed.
    func slipDayField(_ state: FormState, _ t: Words, label: String? = nil) -> HTML {
        let label = label ?? t("Tanggal di surat itu", "Day on that paper")
        return Field(name: "tanggal", label: label).input(state, t, value: now.date(in: city.zone).description, type: "date", isShort: true)
    }

    private func closeForm(
        _ day: CivilDate,
        of left: (number: Int, witnesses: [Officer])? = nil,
        isToday: Bool,
        _ state: FormState,
        _ context: OfficerContext
    ) -> HTML {
        let t = context.words
        let witness = left.map { left in
            Field(name: "saksi", label: t("Saksi", "Witness")).select(
                state,
                t,
                options: [("", t("Pilih satu", "Choose one"))]
                    + left.witnesses.map { (String($0.number), "\(t("Petugas", "Officer")) \($0.number) \($0.name)") }
            )
        }
        return """
            <form method="post" action="\(Link("meja", "kas", "tutup"))">\(hidden(context.visitor))<input type="hidden" name="day" value="\(day.description)">\(left.map { "<input type=\"hidden\" name=\"petugas\" value=\"\(String($0.number))\">" as HTML })\(Field(name: "counted", label: t("Uang yang dihitung (rupiah)", "Cash counted (rupiah)")).input(state, t, inputMode: "numeric", isShort: true))\(Field(name: "sts", label: t("Nomor surat tanda setor (STS)", "Number of the deposit slip (STS)")).input(state, t, isShort: true))\(slipDayField(state, t))\(Field(name: "reason", label: t("Sebab selisih", "Why it differs"), isOptional: true).input(state, t))\(witness)\(isToday ? "<p class=\"small\">\(t("Setelah ini Anda tidak menerima uang tunai lagi hari ini.", "After this you take no more cash today."))</p>" : HTML())<p><button class="button secondary">\(t("Tutup dan setor", "Close and deposit"))</button></p></form>
            """
    }

    private func handOverForm(_ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        return """
            <details\(.flag("open", state.problem != nil))><summary>\(t("Setor sebagian sekarang", "Hand a part over now"))</summary><form method="post" action="\(Link("meja", "kas", "setor"))">\(hidden(context.visitor))\(Field(name: "setor", label: t("Jumlah disetor (rupiah)", "Amount handed over (rupiah)")).input(state, t, inputMode: "numeric", isShort: true))\(Field(name: "slip", label: t("Nomor surat tanda setor (STS)", "Number of the deposit slip (STS)")).input(state, t))\(slipDayField(state, t))<p><button class="button secondary">\(t("Setor", "Hand over"))</button></p></form></details>
            """
    }

    private func tillLines(_ till: Fees.Till, _ closing: Fees.Closing?, _ t: Words) -> HTML {
        var lines = [(t("Saldo awal", "Opening"), till.opening), (t("Diterima", "Taken"), till.taken)]
        if till.givenBack != 0 { lines.append((t("Dikembalikan", "Given back"), -till.givenBack)) }
        lines += [(t("Disetor", "Handed over"), -till.handedOver), (t("Tercatat pada Anda", "Recorded with you"), till.recorded)]
        if let closing {
            lines += [
                (t("Dihitung dan disetor", "Counted and handed over"), closing.counted), (t("Selisih", "Difference"), closing.difference),
            ]
        }
        let items = HTML(lines.map { "<div><dt>\($0.0)</dt><dd class=\"number\">\(t.rupiah($0.1))</dd></div>" as HTML })
        return "<dl class=\"details dense\">\(items)</dl>"
    }
}
