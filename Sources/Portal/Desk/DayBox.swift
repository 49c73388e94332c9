// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Markup
import Web

/// The books of a day on the cash page: what came and went, tills that were closed, the ledger; and the ways to other days.
extension Portal {
    /// What came and went on a day.
    func movements(_ day: Fees.Day, _ looked: Fees.Looked, isToday: Bool, isTreasurer: Bool, _ context: OfficerContext) -> HTML {
        let t = context.words
        let date = day.date
        let rows = HTML(
            day.movements.map {
                """
                <tr><th scope="row">\(movementName($0, looked, isTreasurer: isTreasurer, t))</th><td data-l="\(t("Apa", "What"))">\(t($0.name))\(agency($0.agency, context))</td><td data-l="\(t("Berkas", "Case"))">\($0.docket)</td><td data-l="\(t("Cara", "By"))">\(t($0.method.name))</td><td data-l="\(t("Jumlah", "Amount"))" class="number">\(t.rupiah($0.amount))</td><td data-l="\(t("Jam", "Time"))">\($0.at.time(t.language, zone: city.zone))</td></tr>
                """ as HTML
            }
        )
        let totals = Payment.Method.allCases.map { method in
            "\(t(method.name)): \(t.rupiah(day.totals[method] ?? 0))"
        }.joined(separator: " · ")
        let table: HTML =
            day.movements.isEmpty
            ? "<p class=\"box\">\(t("Tidak ada uang masuk atau keluar pada hari itu.", "No money came or went on this day."))</p>"
            : "<p>\(totals)</p><table class=\"stack\"><caption class=\"sr\">\(t("Uang masuk dan keluar", "Money that came and went"))</caption><thead><tr><th scope=\"col\">\(t("Kuitansi atau bukti", "Receipt"))</th><th scope=\"col\">\(t("Apa", "What"))</th><th scope=\"col\">\(t("Berkas", "Case"))</th><th scope=\"col\">\(t("Cara", "By"))</th><th scope=\"col\" class=\"number\">\(t("Jumlah", "Amount"))</th><th scope=\"col\">\(t("Jam", "Time"))</th></tr></thead><tbody>\(rows)</tbody></table>"
        let more: HTML =
            day.movementCount > day.movements.count
            ? "<p class=\"notice warn\">\(Icon.warning.html)<span>\(t("Tampil \(t.number(day.movements.count)) dari \(t.number(day.movementCount)); semuanya ada di CSV.", "\(t.number(day.movements.count)) of \(t.number(day.movementCount)) are shown; the CSV has all."))</span></p>"
            : HTML()
        return """
            <section aria-labelledby="k2"><h2 id="k2">\(t("Yang masuk dan keluar", "What came and went"))</h2>\(table)\(more)\(days(date, isTreasurer: isTreasurer, isToday: isToday, t))</section>
            """
    }

    /// The receipt or slip of a movement. A treasurer can say of what came by a bank that it was a mistake or is not there, unless it was
    /// taken back since; where that was looked at already, it says so.
    private func movementName(_ movement: Movement, _ looked: Fees.Looked, isTreasurer: Bool, _ t: Words) -> HTML {
        guard !movement.receipt.isEmpty else { return "\(movement.reference)" }
        let receipt: HTML = "<a href=\"\(Link("meja", "kas", "kuitansi", movement.receipt))\">\(movement.receipt)</a>"
        let isLooked = looked.letStand[movement.receipt]?.isEmpty == false
        let said: HTML = isLooked ? " <span class=\"small muted\">\(t("diperiksa, dibiarkan", "looked at, left to stand"))</span>" : HTML()
        guard isTreasurer, movement.isThroughBank, !looked.undone.contains(movement.receipt) else { return "\(receipt)\(said)" }
        let doubt = movement.isFromStatement ? t("Salah catat?", "A mistake?") : t("Uangnya tidak ada?", "Is its money not there?")
        return
            "\(receipt)\(said) <a class=\"small\" href=\"\(Link("meja", "kas", query: [("kode", movement.bill)]))\">\(doubt)</a>"
    }

    /// The days that can be looked at, and taken away as CSV.
    private func days(_ date: CivilDate, isTreasurer: Bool, isToday: Bool, _ t: Words) -> HTML {
        func day(_ id: String, _ name: String, _ label: String, _ value: CivilDate) -> HTML {
            "<p><label for=\"\(id)\">\(label)</label><input id=\"\(id)\" name=\"\(name)\" type=\"date\" value=\"\(value.description)\"></p>"
        }
        return """
            <p class="row">\(isTreasurer ? "<a href=\"\(Link("meja", "kas", "cocokkan"))\">\(t("Cocokkan dengan bank", "Compare with the bank"))</a>" : HTML())<a href="\(Link("meja", "kas", query: [("tanggal", date.adding(days: -1).description)]))">\(t("Hari sebelumnya", "The day before"))</a>\(isToday ? HTML() : "<a href=\"\(Link("meja", "kas", query: [("tanggal", date.adding(days: 1).description)]))\">\(t("Hari berikutnya", "The next day"))</a>")</p>
            <form class="filters" action="\(Link("meja", "kas"))">\(day("k-hari", "tanggal", t("Hari lain", "Another day"), date))<p><button class="button secondary">\(t("Lihat", "Look"))</button></p></form>
            <form class="filters" action="\(Link("meja", "kas.csv"))">\(day("k-dari", "dari", t("Dari", "From"), date.adding(days: 1 - date.parts.day)))\(day("k-sampai", "sampai", t("Sampai", "Until"), date))<p><button class="button secondary">\(t("Unduh CSV", "Take away as CSV"))</button></p></form>
            """
    }

    /// Tills that were closed on a day.
    func closings(_ day: Fees.Day, _ context: OfficerContext) -> HTML {
        let t = context.words
        guard !day.closings.isEmpty else { return HTML() }
        let rows = HTML(
            day.closings.map {
                """
                <tr><th scope="row">\($0.number.map { t("Petugas \($0)", "Officer \($0)") } ?? "")<br>\($0.name)\(agency($0.agency, context))</th><td data-l="\(t("Tercatat", "Recorded"))" class="number">\(t.rupiah($0.till.recorded))</td><td data-l="\(t("Dihitung", "Counted"))" class="number">\(t.rupiah($0.counted))</td><td data-l="\(t("Selisih", "Difference"))" class="number">\(t.rupiah($0.difference))</td><td data-l="STS">\(slip($0.slip, $0.slipDay, t))</td><td data-l="\(t("Sebab", "Why"))">\($0.reason)\(counted($0, t))</td></tr>
                """ as HTML
            }
        )
        return """
            <section aria-labelledby="k6"><h2 id="k6">\(t("Kas yang ditutup", "Tills that were closed"))</h2><table class="stack"><caption class="sr">\(t("Kas yang ditutup, dengan selisihnya", "Tills that were closed, with what differed"))</caption><thead><tr><th scope="col">\(t("Petugas", "Officer"))</th><th scope="col" class="number">\(t("Tercatat", "Recorded"))</th><th scope="col" class="number">\(t("Dihitung", "Counted"))</th><th scope="col" class="number">\(t("Selisih", "Difference"))</th><th scope="col">STS</th><th scope="col">\(t("Sebab", "Why"))</th></tr></thead><tbody>\(rows)</tbody></table></section>
            """
    }

    /// The accounts of the ledger, which together are nought.
    func balances(_ day: Fees.Day, _ t: Words) -> HTML {
        let names: [String: String] = [
            "receivable": t("Piutang", "Receivable"), "revenue": t("Pendapatan", "Revenue"), "cash": t("Kas loket", "Counter cash"),
            "bank": t("Rekening kas daerah", "City account"), "excess": t("Kelebihan bayar", "Paid too much"),
            "difference": t("Selisih kas", "Cash difference"),
        ]
        let items = HTML(
            day.balances.map {
                "<div><dt>\(names[$0.account] ?? $0.account)</dt><dd class=\"number\">\(t.rupiah($0.amount))</dd></div>" as HTML
            }
        )
        let sum = day.balances.reduce(0) { $0 + $1.amount }
        return """
            <section aria-labelledby="k5"><h2 id="k5">\(t("Neraca buku uang, keadaan sekarang", "Balance of the ledger of money as it is now"))</h2><dl class="details dense">\(items)<div><dt><b>\(t("Jumlah, harus nol", "Sum, must be nought"))</b></dt><dd class="number"><b>\(t.rupiah(sum))</b></dd></div></dl></section>
            """
    }
}
