// SPDX-License-Identifier: EUPL-1.2

import Bookings
import Definitions
import Essentials
import Fees
import Identity
import Journal
import Storage

/// What money does to a case, within the act that moved it.
extension Services {
    /// Hears what happened to a case's money.
    ///
    /// - Returns: whether the case goes on with it; what there is no case for does not.
    public func heard(_ news: Fees.Happening, in act: Act) throws -> Bool {
        switch news {
        case .settled(let bill): try settled(bill, in: act)
        case .excess(let bill, let amount): try told(bill.docket, Self.toGiveBack(amount), in: act)
        case .paidInTime(let bill): try reinstated(bill, in: act)
        case .reversed(let bill, let amount, true): try reversed(bill, amount, in: act)
        case .reversed(let bill, let amount, false): try told(bill.docket, Self.takenBack(amount, of: bill), in: act)
        case .corrected(let bill, let payment, let isOwedAgain):
            try corrected(bill, payment, isOwedAgain: isOwedAgain, in: act)
        case .ordered(let refund, let account, let isOwn): try ordered(refund, account, isOwn: isOwn, in: act)
        case .withdrawn(let refund, let reason, let isAccountWrong):
            try told(
                refund.docket,
                Text(
                    id:
                        "perintah mengembalikan Rp\(Language.indonesian.number(refund.amount)) ditarik\(isAccountWrong ? Self.writeAccount.id : "")",
                    en:
                        "the order to give Rp\(Language.english.number(refund.amount)) back was taken back\(isAccountWrong ? Self.writeAccount.en : "")"
                ),
                because: reason,
                in: act
            )
        case .refunded(let refund):
            try told(
                refund.docket,
                Text(
                    id: "Rp\(Language.indonesian.number(refund.amount)) sudah dikembalikan. Bukti pengembaliannya ada di halaman berkas.",
                    en: "Rp\(Language.english.number(refund.amount)) has been given back. The receipt is on the page of the case."
                ),
                in: act
            )
        case .returned(let refund, let reason): try returned(refund, because: reason, in: act)
        }
    }

    private static let writeAccount = Text(
        id: "; tulis rekening yang benar di halaman berkas",
        en: "; write the right bank account on the page of the case"
    )

    /// Money that came back from the bank. Where the bank took the payment back meanwhile, nothing of it is the applicant's any more.
    private func returned(_ refund: Refund, because reason: String, in act: Act) throws -> Bool {
        let isToGive = try Fees.bills(of: refund.docket, in: act.snapshot).contains {
            $0.number == refund.bill && $0.returnable + refund.amount > 0
        }
        let write = isToGive ? Self.writeAccount : Text(same: "")
        return try told(
            refund.docket,
            Text(
                id: "Rp\(Language.indonesian.number(refund.amount)) kembali dari bank\(write.id)",
                en: "Rp\(Language.english.number(refund.amount)) came back from the bank\(write.en)"
            ),
            because: reason,
            in: act
        )
    }

    /// An order, with its account: only to a contact that is known to be the applicant’s.
    private func ordered(_ refund: Refund, _ account: Refund.Account, isOwn: Bool, in act: Act) throws -> Bool {
        let amount = Text(id: Language.indonesian.number(refund.amount), en: Language.english.number(refund.amount))
        let stranger =
            isOwn
            ? Text(same: "")
            : Text(
                id: " Rekening ini diberitahukan di loket, bukan yang Anda tulis.",
                en: " This bank account was told at the counter and is not the one you wrote."
            )
        let telephone = city.contact.telephone
        return try told(
            refund.docket,
            Text(
                id: "Rp\(amount.id) akan dikembalikan. Rekeningnya tertulis di halaman berkas.",
                en: "Rp\(amount.en) will be given back. The bank account stands on the page of the case."
            ),
            proven: Text(
                id: "Rp\(amount.id) akan dikembalikan ke rekening \(account.masked).\(stranger.id) Salah? Segera telepon \(telephone).",
                en:
                    "Rp\(amount.en) will be given back to bank account \(account.masked).\(stranger.en) Is it wrong? Call \(telephone) at once."
            ),
            in: act
        )
    }

    /// The same with a reason that an officer wrote: only to a contact that is known to be the applicant’s; others read it on the
    /// page of the case.
    private func told(_ docket: String, _ line: Text, because reason: String, in act: Act) throws -> Bool {
        try told(
            docket,
            Text(id: "\(line.id). Sebabnya ada di halaman berkas.", en: "\(line.en). Why stands on the page of the case."),
            proven: Text(id: "\(line.id). Sebabnya: \(reason).", en: "\(line.en). Why: \(reason)."),
            in: act
        )
    }

    /// What becomes of somebody’s money is told whatever else they want to hear.
    ///
    /// - Parameter proven: what a contact is told that is known to be the applicant’s; nil where it is the same.
    private func told(_ docket: String, _ line: Text, proven: Text? = nil, in act: Act) throws -> Bool {
        guard let serviceCase = try Self.find(docket, in: act.snapshot) else { return false }
        let story = try story(of: serviceCase, in: act.snapshot)
        let words = story.isContactConfirmed ? proven ?? line : line
        try tell(serviceCase, words, story, status: .waiting, isRequired: true, in: act)
        return true
    }

    /// Takes the bills of a case back that ends, and tells the applicant what of their money is given back.
    func cancelBills(of docket: String, by actor: Actor, in act: Act) throws {
        let amount = try Fees.cancel(docket: docket, zone: city.zone, by: actor, in: act)
        if amount > 0 { _ = try told(docket, Self.toGiveBack(amount), in: act) }
    }

    /// A payment that was more than the bill, or a part of it, and is gone.
    private static func takenBack(_ amount: Int, of bill: Bill) -> Text {
        let (id, en) = (Language.indonesian.number(amount), Language.english.number(amount))
        return bill.excess > 0
            ? Text(
                id: "bank menarik kembali pembayaran Rp\(id); uang itu tidak jadi dikembalikan kepada Anda.",
                en: "the bank took back a payment of Rp\(en); that money will not be given back to you."
            )
            : Text(
                id: "bank menarik kembali pembayaran Rp\(id); tagihannya masih harus dibayar.",
                en: "the bank took back a payment of Rp\(en); the bill is still to be paid."
            )
    }

    private static func toGiveBack(_ amount: Int) -> Text {
        Text(
            id: "Rp\(Language.indonesian.number(amount)) akan dikembalikan kepada Anda. Tulis rekeningnya di halaman berkas.",
            en: "Rp\(Language.english.number(amount)) will be given back to you. Write your bank account on the page of the case."
        )
    }

    /// Moves a case on once its bill is paid.
    private func settled(_ bill: Bill, in act: Act) throws -> Bool {
        guard let serviceCase = try Self.find(bill.docket, in: act.snapshot) else { return false }
        let service = try definition(serviceCase, in: act.snapshot)
        guard let progress = service.paid(from: serviceCase.progress, at: act.now, calendar: city.calendar) else { return false }
        let line = Text(
            id: "tagihan Rp\(Language.indonesian.number(bill.amount)) sudah lunas.",
            en: "the bill of Rp\(Language.english.number(bill.amount)) is paid."
        )
        try move(serviceCase, to: progress, by: "case.paid", bill, line, in: act)
        return true
    }

    /// Takes a case up again that ended because its bill was not paid, and it turns out that it was paid in time. A time that
    /// somebody else has booked since stays theirs; then the case stays closed and the money is given back.
    private func reinstated(_ bill: Bill, in act: Act) throws -> Bool {
        guard let serviceCase = try Self.find(bill.docket, in: act.snapshot), !serviceCase.progress.status.isOpen else { return false }
        let service = try definition(serviceCase, in: act.snapshot)
        let last = try journal.entries(of: serviceCase.stream, in: act.snapshot).last { $0.facts["stage"] != nil }
        guard let last, last.kind == "case.overdue", let before = last.facts["before"],
            let progress = service.paid(from: Progress(facts: before), at: act.now, calendar: city.calendar)
        else { return false }
        let story = try story(of: serviceCase, in: act.snapshot)
        // Of the erased nothing is known any more that could go on, such as a time that was booked.
        guard !story.isErased else { return false }
        do {
            try keepSlot(service.allQuestions, story.everything, bill.docket, by: .system, in: act)
        } catch is Problem {
            return false
        }
        let line = Text(
            id: "pembayaran Anda ternyata masuk tepat waktu; berkas dilanjutkan. Maaf.",
            en: "your payment turns out to have come in time; the case goes on. We are sorry."
        )
        try move(serviceCase, to: progress, by: "case.reinstated", bill, line, in: act)
        return true
    }

    /// Takes a case back to where its bill is waited for, as long as nothing has been issued on the payment.
    private func reversed(_ bill: Bill, _ amount: Int, in act: Act) throws -> Bool {
        guard let serviceCase = try Self.find(bill.docket, in: act.snapshot) else { return false }
        let progress = try waitingAgain(serviceCase, at: act.now, in: act.snapshot) ?? serviceCase.progress
        let line = Text(
            id: "bank menarik kembali pembayaran Rp\(Language.indonesian.number(amount)); tagihannya belum lunas lagi.",
            en: "the bank took back a payment of Rp\(Language.english.number(amount)); the bill is owed again."
        )
        try move(serviceCase, to: progress, by: "case.payment-reversed", bill, line, in: act)
        return true
    }

    /// Where a case goes that waits for its money again; nil where it has gone on, so that only the claim is left.
    private func waitingAgain(_ serviceCase: Case, at now: Instant, in snapshot: Snapshot) throws -> Progress? {
        let service = try definition(serviceCase, in: snapshot)
        let papers = try snapshot.count("SELECT count(*) FROM issued_document WHERE docket = \(serviceCase.docket)")
        guard papers == 0, serviceCase.progress.status.isOpen,
            let waiting = service.stages.first(where: { $0.whenPaid == serviceCase.progress.stage })
        else { return nil }
        return service.entering(waiting, from: serviceCase.progress, at: now, calendar: city.calendar)
    }

    /// Whether a case would wait for its money again if a payment turned out to be none.
    public func waitsAgain(_ docket: String) async throws -> Bool {
        let now = journal.clock.now
        return try await journal.read { snapshot in
            try Self.find(docket, in: snapshot).map { try waitingAgain($0, at: now, in: snapshot) != nil } ?? false
        }
    }

    /// A payment that the city booked out: told in any case, since the receipt on the page proves nothing any more.
    private func corrected(_ bill: Bill, _ payment: Payment, isOwedAgain: Bool, in act: Act) throws -> Bool {
        guard let serviceCase = try Self.find(bill.docket, in: act.snapshot) else { return false }
        let waiting = isOwedAgain ? try waitingAgain(serviceCase, at: act.now, in: act.snapshot) : nil
        let owed: Text =
            if !isOwedAgain {
                bill.excess > 0
                    ? Text(id: "; uang itu tidak jadi dikembalikan kepada Anda", en: "; that money will not be given back to you")
                    : Text(same: "")
            } else if waiting != nil {
                Text(
                    id: "; tagihannya belum lunas lagi, dan berkas menunggu pembayaran",
                    en: "; the bill is owed again, and the case waits for it"
                )
            } else {
                Text(
                    id: "; tagihannya masih harus dibayar, berkasnya tidak berubah",
                    en: "; the bill is still to be paid, the case stays as it is"
                )
            }
        let (id, en) = (Language.indonesian.number(payment.amount), Language.english.number(payment.amount))
        let line =
            payment.isNamedByBank
            ? Text(
                id: "uang pembayaran Rp\(id) tidak ada di rekening kota, catatannya dibatalkan\(owed.id)",
                en: "the money of a payment of Rp\(en) is not in the city’s account, and the payment is taken off\(owed.en)"
            )
            : Text(
                id: "pembayaran Rp\(id) keliru dicatat untuk berkas ini, catatannya dibatalkan\(owed.id)",
                en: "a payment of Rp\(en) was recorded for this case by mistake and is taken off\(owed.en)"
            )
        let progress = waiting ?? serviceCase.progress
        try note(serviceCase, progress, by: "case.payment-corrected", bill, in: act)
        return try told(bill.docket, line, because: payment.doubt, in: act)
    }

    private func note(_ serviceCase: Case, _ progress: Progress, by kind: String, _ bill: Bill, in act: Act) throws {
        var facts = progress.facts(calendar: city.calendar, now: act.now)
        facts["docket"] = .string(bill.docket)
        facts["bill"] = .string(bill.number)
        facts["outcome"] = JSON(Self.outcome(progress, from: serviceCase.progress)?.rawValue)
        try act.append(kind, to: serviceCase.stream, by: .system, facts: .compact(facts))
    }

    private func move(
        _ serviceCase: Case,
        to progress: Progress,
        by kind: String,
        _ bill: Bill,
        _ line: Text,
        in act: Act
    ) throws {
        try note(serviceCase, progress, by: kind, bill, in: act)
        try tell(serviceCase, line, story(of: serviceCase, in: act.snapshot), status: progress.status, in: act)
    }
}
