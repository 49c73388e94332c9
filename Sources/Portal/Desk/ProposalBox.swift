// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Identity
import Markup
import Web

/// Rows of statements that two people record, and what banks told of again after it was booked out.
extension Portal {
    /// What waits for the head, seen by everybody who sees the money.
    func proposalsBox(_ day: Fees.Day, _ state: FormState, _ context: OfficerContext) async throws -> HTML {
        let t = context.words
        guard !day.proposals.isEmpty else { return HTML() }
        let numbers = try await accounts.numbers()
        let bills = try await fees.find(day.proposals.map(\.bill))
        let items = HTML(
            day.proposals.map { proposal in
                let mayDecide = context.officer.roles.contains(.head) && proposal.agency == context.officer.agency
                let against = proposal.doubt.map { objections($0, of: bills[proposal.bill], agency: proposal.agency, t) } ?? []
                return
                    "<li class=\"whole\">\(what(proposal, numbers, context))\(warning(against))\(payments(proposal.payments, t))\(mayDecide ? forms(proposal, state, context) : retracting(proposal, state, context))</li>"
                    as HTML
            }
        )
        let ask =
            context.officer.roles.contains(.head)
            ? t(
                "Bandingkan dengan rekening koran yang Anda ambil sendiri dari bank: berkas yang dicocokkan bendahara bisa diubah siapa saja.",
                "Compare with a statement that you had from the bank yourself: anybody can change the file that a treasurer compares."
            ) : t("Kepala instansi yang memutuskan.", "The head of the agency decides.")
        return """
            <section class="box" aria-labelledby="k14"><h2 id="k14">\(t("Usul pencatatan dari rekening koran", "Proposed recordings from a statement"))</h2><p class="small">\(ask)</p>\(together(day.proposals, context))<ul class="list">\(items)</ul></section>
            """
    }

    /// Several at once of which nothing speaks against any: an office whose bank tells of no payment has many on a day.
    private func together(_ proposals: [Fees.Proposal], _ context: OfficerContext) -> HTML {
        let t = context.words
        guard context.officer.roles.contains(.head) else { return HTML() }
        let clear = proposals.filter { $0.doubt?.speaks == false && $0.agency == context.officer.agency }
        guard clear.count > 1 else { return HTML() }
        let ids = HTML(clear.map(decided))
        let sum = t.rupiah(clear.reduce(0) { $0 + $1.amount })
        return """
            <form method="post" action="\(Link("meja", "kas", "catat-usul"))">\(hidden(context.visitor))\(ids)<p><button class="button secondary">\(t("Catat \(clear.count) usul tanpa keberatan, \(sum)", "Record the \(clear.count) that nothing speaks against, \(sum)"))</button></p></form>
            """
    }

    /// Which proposal a form decides on, and what the head is shown of it.
    private func decided(_ proposal: Fees.Proposal) -> HTML {
        """
        <input type="hidden" name="usul" value="\(proposal.id)"><input type="hidden" name="dilihat" value="\(proposal.doubt?.mark ?? "")">
        """
    }

    /// What heads declined lately: the treasurer who proposed it reads it here.
    func declinedBox(_ context: OfficerContext) async throws -> HTML {
        let t = context.words
        let declined = try await fees.declinedLately(for: context.officer)
        guard !declined.isEmpty else { return HTML() }
        let numbers = try await accounts.numbers()
        let items = HTML(
            declined.map { proposal in
                let who = [officer(proposal.decider, numbers, t), proposal.decidedAt?.stamp(t.language, zone: city.zone)]
                return
                    "<li class=\"whole\">\(what(proposal, numbers, context))<p>\(t("Ditolak", "Declined")), \(who.compactMap { $0 }.joined(separator: ", ")): <span lang=\"id\">\(proposal.note)</span></p></li>"
                    as HTML
            }
        )
        return """
            <section class="box" aria-labelledby="k15"><h2 id="k15">\(t("Usul pencatatan yang ditolak, \(Fees.decisionDays) hari", "Proposed recordings that were declined, \(Fees.decisionDays) days"))</h2><ul class="list">\(items)</ul></section>
            """
    }

    private func officer(_ account: String, _ numbers: [String: Int], _ t: Words) -> String? {
        numbers[account].map { t("Petugas \($0)", "Officer \($0)") }
    }

    private func what(_ proposal: Fees.Proposal, _ numbers: [String: Int], _ context: OfficerContext) -> HTML {
        let t = context.words
        let who = [officer(proposal.proposer, numbers, t), proposal.at.stamp(t.language, zone: city.zone)]
        let why: HTML = proposal.reason.isEmpty ? HTML() : ": <span lang=\"id\">\(proposal.reason)</span>"
        return """
            <p><b>\(t.rupiah(proposal.amount))</b> \(proposal.day.long(t.language)): \(proposal.text)</p><p>\(t("Untuk", "For")) \(proposal.docket), \(proposal.bill)\(agency(proposal.agency, context))</p><p>\(who.compactMap { $0 }.joined(separator: ", "))\(why)</p>
            """
    }

    /// What of the bill is in the books.
    private func payments(_ payments: [Payment], _ t: Words) -> HTML {
        guard !payments.isEmpty else {
            return "<p class=\"small\">\(t("Tagihan ini belum punya pembayaran.", "This bill has no payment yet."))</p>"
        }
        let items = payments.map { payment in
            let undone =
                payment.isNotThere
                ? t(", tidak ada di rekening dan dibatalkan", ", not in the account and taken back")
                : payment.isCorrected
                    ? t(", keliru dicatat dan dibatalkan", ", recorded by mistake and taken back")
                    : payment.isReversed ? t(", ditarik kembali", ", taken back") : ""
            return
                "\(payment.receipt): \(t.rupiah(payment.amount)), \(t(payment.method.name)), \(payment.at.stamp(t.language, zone: city.zone))\(undone)"
        }
        return "<p class=\"small\">\(t("Pembayaran tagihan ini:", "Payments of this bill:")) \(items.joined(separator: "; "))</p>"
    }

    private func forms(_ proposal: Fees.Proposal, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        let declining = state.of("tolak-usul-\(proposal.id)")
        let hidden: HTML = "\(hidden(context.visitor))\(state.pageField)\(decided(proposal))"
        let which: HTML = "<span class=\"sr\"> \(t.rupiah(proposal.amount)), \(proposal.docket)</span>"
        return """
            <form method="post" action="\(Link("meja", "kas", "catat-usul"))">\(hidden)<p><button class="button secondary">\(t("Catat", "Record it"))\(which)</button></p></form><details\(.flag("open", declining.problem != nil))><summary>\(t("Tolak", "Decline it"))\(which)</summary><form method="post" action="\(Link("meja", "kas", "tolak-usul"))">\(hidden)\(Field(name: "sebab", label: t("Sebab; bendahara membacanya", "Why; the treasurer reads it")).input(declining, t))<p><button class="button secondary">\(t("Tolak", "Decline it"))\(which)</button></p></form></details>
            """
    }

    /// Whoever proposed it can take it back.
    private func retracting(_ proposal: Fees.Proposal, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        guard proposal.proposer == context.officer.account.description, context.officer.roles.contains(.treasurer) else { return HTML() }
        return """
            <form method="post" action="\(Link("meja", "kas", "tarik-usul"))">\(hidden(context.visitor))\(state.pageField)<input type="hidden" name="usul" value="\(proposal.id)"><p><button class="button secondary">\(t("Tarik usul", "Take it back"))<span class="sr"> \(t.rupiah(proposal.amount)), \(proposal.docket)</span></button></p></form>
            """
    }

    func warning(_ words: [String]) -> HTML {
        words.isEmpty ? HTML() : "<p class=\"notice warn\">\(Icon.warning.html)<span>\(words.joined(separator: " "))</span></p>"
    }

    /// What speaks against recording a row for a bill, in words: for the treasurer who proposes it, and for the head who decides.
    ///
    /// - Parameter agency: whose money the reader sees; of another agency's nobody reads here whose it was.
    func objections(_ doubt: Fees.RowDoubt, of bill: Bill?, agency: String, _ t: Words) -> [String] {
        var words: [String] = []
        if doubt.isUndone {
            words.append(
                t(
                    "Bank mengabarkan menarik kembali pembayaran yang disebut baris ini.",
                    "The bank says that it took back the payment that this row names."
                )
            )
        }
        if doubt.isListed {
            words.append(
                t(
                    "Pencocokan menganggapnya masuk, lalu ditarik kembali.",
                    "By the comparison it came in and was taken back."
                )
            )
        }
        if doubt.isUnnamed {
            words.append(
                bill == nil
                    ? t(
                        "Tidak menyebut tagihan kantor Anda. Tanyakan kepada bank siapa yang membayar.",
                        "It names no bill of your office. Ask the bank who paid."
                    ) : t("Barisnya tidak menyebut tagihan ini.", "The row does not name this bill.")
            )
        }
        if doubt.isSettled { words.append(t("Tagihannya sudah tidak terutang.", "Nothing is owed for this bill.")) }
        if doubt.isEarly { words.append(t("Uang ini masuk sebelum tagihannya ada.", "This money came before there was a bill.")) }
        if !doubt.alike.isEmpty {
            let receipts = doubt.alike.joined(separator: ", ")
            words.append(
                t(
                    "Sebesar ini sudah tercatat: \(receipts). Catat hanya kalau ini uang lain.",
                    "As much is recorded already: \(receipts). Record it only if this is other money."
                )
            )
        }
        if doubt.isMirrored {
            words.append(t("Di rekening koran ini sebesar itu keluar lagi.", "By this statement as much went out again."))
        }
        for order in doubt.orders {
            words.append(
                t(
                    "Sebesar ini dikembalikan kota lewat perintah \(order): kalau uang itu yang kembali, catat di Kas, di perintahnya.",
                    "As much was given back by order \(order): where it is that money come back, note it under Cash, at that order."
                )
            )
        }
        words += doubt.takenBack.map { takenBack($0, of: bill, t) }
        if let last = doubt.corrected.last {
            words.append(
                last.agency == agency
                    ? t(
                        "Pernah dicatat untuk \(last.payment.docket) (\(last.payment.receipt)), lalu dibatalkan.",
                        "It was recorded for \(last.payment.docket) (\(last.payment.receipt)), and taken back."
                    )
                    : t("Pernah dicatat kantor lain, lalu dibatalkan.", "It was recorded by another office, and taken back.")
            )
        }
        return words
    }

    /// That something was taken back: whose it is only where it is of the same bill.
    private func takenBack(_ booked: Reconciliation.Booked, of bill: Bill?, _ t: Words) -> String {
        let isOwn = booked.bill == bill?.number
        if let payment = booked.payment {
            return isOwn
                ? t(
                    "\(t.rupiah(payment.amount)) pernah tercatat, lalu ditarik kembali: \(payment.receipt).",
                    "\(t.rupiah(payment.amount)) was recorded and taken back before: \(payment.receipt)."
                )
                : t(
                    "\(t.rupiah(payment.amount)) dari tagihan lain pernah ditarik kembali.",
                    "\(t.rupiah(payment.amount)) of another bill was taken back before."
                )
        }
        let amount = booked.amount > 0 ? t.rupiah(booked.amount) : t("uang, jumlahnya tidak disebut", "money, it does not say how much")
        return isOwn
            ? t(
                "Bank memberitahukan menarik kembali \(amount) dari tagihan ini.",
                "The bank told that it took back \(amount) of this bill."
            )
            : t(
                "Bank memberitahukan menarik kembali \(amount) dengan nama atau jumlah ini, untuk tagihan lain atau tanpa tagihan.",
                "The bank told that it took back \(amount) under this name or of this amount, of another bill or of none."
            )
    }

    /// What banks told of again after it was booked out, and what was found lately.
    func toldAgainBox(_ day: Fees.Day, _ state: FormState, _ context: OfficerContext) async throws -> HTML {
        let t = context.words
        let closed = try await fees.toldAgainLately(for: context.officer)
        guard !day.toldAgain.isEmpty || !closed.isEmpty else { return HTML() }
        let items = HTML((day.toldAgain + closed).map { toldAgain($0, state, context) })
        return """
            <section class="box" aria-labelledby="k16"><h2 id="k16">\(t("Bank memberitahukan lagi uang yang sudah ditarik kembali", "The bank told again of money that was taken back"))</h2><p class="small">\(t("Cari di rekening koran. Kalau uangnya ada di sana, usulkan pencatatannya dari sana; kalau tidak ada, tutup dengan catatan.", "Look for it in the statement. Where it is there, propose to record it from there; where it is not, close this with a note."))</p><ul class="list">\(items)</ul></section>
            """
    }

    private func toldAgain(_ asked: Fees.ToldAgain, _ state: FormState, _ context: OfficerContext) -> HTML {
        let t = context.words
        let what = [
            asked.reference, t.rupiah(asked.amount), asked.receipt, "\(asked.docket), \(asked.bill)\(agency(asked.agency, context))",
            asked.at.stamp(t.language, zone: city.zone),
        ].joined(separator: ", ")
        guard asked.closedAt == nil else {
            let who = [asked.closer.map { t("Petugas \($0)", "Officer \($0)") }, asked.closedAt?.stamp(t.language, zone: city.zone)]
            return
                "<li class=\"whole\"><p>\(what)</p><p><b>\(t("Sudah diperiksa", "Looked into"))</b>, \(who.compactMap { $0 }.joined(separator: ", ")): <span lang=\"id\">\(asked.note)</span></p></li>"
        }
        guard context.officer.roles.contains(.treasurer), context.officer.agency == asked.agency else {
            return "<li class=\"whole\"><p>\(what)</p></li>"
        }
        let state = state.of("kabar-\(asked.entry)")
        let label = t("Tutup dengan catatan", "Close it with a note")
        return """
            <li class="whole"><p>\(what)</p><details\(.flag("open", state.problem != nil))><summary>\(label)</summary><form method="post" action="\(Link("meja", "kas", "kabar"))">\(hidden(context.visitor))\(state.pageField)<input type="hidden" name="kabar" value="\(asked.entry)">\(Field(name: "sebab", label: t("Apa yang ditemukan", "What was found")).input(state, t))<p><button class="button secondary">\(label)</button></p></form></details></li>
            """
    }
}
