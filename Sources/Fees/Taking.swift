// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Identity
import Journal
import Storage

/// Money that comes in.
extension Fees {
    /// What is done with cash beyond what a bill owes.
    public enum Beyond: Sendable {
        /// It is not taken before somebody has said what to do.
        case asked
        /// It goes back over the counter at once.
        case change
        /// It is taken all the same, and given back later by an order.
        case taken
    }

    /// Money as somebody says that it came.
    struct Coming: Sendable {
        let amount: Int
        let bill: String
        let method: Payment.Method
        let reference: String
        var day: CivilDate?
        var beyond = Beyond.taken
        let actor: Actor
        /// The words of the bank's notice, hashed.
        var told = ""
        /// The row of a statement that a treasurer proposed and that the head of the agency records.
        var proposal: Proposal?
    }

    /// Takes money that a bank tells of: all of a bill, a part, more than is owed, late, for a bill that was paid or taken back:
    /// nothing that came in is ever refused or lost. The same reference is taken once, however often it is told; told again after it was
    /// booked out, it is a question to somebody (``ToldAgain``).
    ///
    /// - Parameters:
    ///   - day: the day on which the bank took it, from which it counts; today unless said.
    ///   - told: the words of the notice, by which it is known when it is sent again; what it says here, unless given.
    ///   - name: the name of the notice that told of it; a name is used once, whatever it tells.
    ///   - actor: the bank or the program; officers say who they are.
    /// - Returns: the payment, and whether it was known already.
    @discardableResult
    public func take(
        _ amount: Int,
        for number: String,
        by method: Payment.Method,
        reference: String,
        on day: CivilDate? = nil,
        told: String? = nil,
        name: String? = nil,
        actor: Actor
    ) async throws -> (payment: Payment, isRepeat: Bool) {
        guard actor.account == nil else { throw Self.treasurerOnly }
        let told = journal.vault.blindIndex("told:\(told ?? "\(number) \(amount)")")
        let coming = Coming(amount: amount, bill: number, method: method, reference: reference, day: day, actor: actor, told: told)
        return try await journal.commit { act in
            try Self.use(name, in: act)
            return try receive(coming, in: act) { _ in }
        }
    }

    /// Takes cash that an officer has in hand. Only a treasurer of the agency whose bill it is may; what came by a bank is told by it, or
    /// stands in its statement.
    ///
    /// - Returns: the payment, and whether it was known already.
    @discardableResult
    public func takeCash(
        _ amount: Int,
        for number: String,
        reference: String,
        beyond: Beyond = .taken,
        officer: Officer
    ) async throws -> (payment: Payment, isRepeat: Bool) {
        let coming = Coming(amount: amount, bill: number, method: .cash, reference: reference, beyond: beyond, actor: officer.actor)
        return try await journal.commit { act in
            try receive(coming, in: act) { try Self.requireTreasurer(officer, of: $0.agency) }
        }
    }

    /// A row of a statement as money that came.
    func coming(_ proposal: Proposal, by officer: Officer) -> Coming {
        Coming(
            amount: proposal.amount,
            bill: proposal.bill,
            method: .transfer,
            reference: reference(of: proposal.finding.name),
            day: proposal.day,
            actor: officer.actor,
            proposal: proposal
        )
    }

    /// How the reference of what was recorded from a statement begins.
    static let statement = "rekening:"

    /// The city's own name for what is recorded from a row of a statement.
    func reference(of row: String) -> String { Self.statement + journal.vault.blindIndex(row) }

    /// Takes money, within an act.
    func receive(_ coming: Coming, in act: Act, permitted: (Bill) throws -> Void) throws -> (payment: Payment, isRepeat: Bool) {
        let (given, number, reference) = (coming.amount, coming.bill, coming.reference)
        guard (1...Rupiah.most).contains(given) else {
            throw Problem.fields([Problem.Field("amount", Text(id: "Tulis jumlah uang dalam rupiah", en: "Write an amount in rupiah"))])
        }
        guard reference.utf8.count <= 400 else { throw Problem.badKey }
        let bill = try Self.require(number, in: act.snapshot)
        try permitted(bill)
        let undoings: [StrayReversal]
        if let proposal = coming.proposal {
            undoings = try Self.strays(namedBy: proposal.text, of: number, in: act.snapshot)
        } else {
            if let known = try Self.payment(reference: reference, in: act.snapshot) {
                guard known.bill == number, known.amount == given || (coming.beyond == .change && known.amount < given) else {
                    throw Self.otherPayment
                }
                return (try known.isReversed ? told(coming, again: known, in: act) : known, true)
            }
            // The bank has taken it back before it could tell of it; less than it was is a part of it.
            undoings = try Self.strays(of: reference, in: act.snapshot)
            guard !Self.isUndone(given, by: undoings) else { throw Self.undonePayment }
            if coming.actor.account == nil, let noted = try noted(reference, amount: given, for: number, in: act.snapshot) {
                // The bank tells late of what a treasurer has recorded from its statement: it is the same money.
                try identify(noted, as: reference, by: coming.actor, in: act)
                return (noted, true)
            }
        }
        if coming.method == .cash { try requireOpenTill(of: coming.actor, in: act) }
        let payment = try book(coming, for: bill, undoings, in: act)
        return (payment, false)
    }

    /// Books money that came, with what banks took back of it.
    private func book(_ coming: Coming, for bill: Bill, _ undoings: [StrayReversal], in act: Act) throws -> Payment {
        let amount = try Self.kept(of: coming.amount, for: bill, coming.beyond)
        let today = act.now.date(in: zone)
        let taken = min(max(coming.day ?? today, bill.issuedAt.date(in: zone)), today)
        let booking = try booking(amount, bill, on: taken, in: act)
        let receipt = try Self.nextNumber("KW", today.parts.year, table: "payment", in: act.snapshot)
        let proposal = coming.proposal
        let finding = proposal?.finding
        func entries(_ all: [String]) -> JSON { all.isEmpty ? .null : .array(all.map { .string($0) }) }
        // All of it was taken back under a name that the row bears, by what the bank says: two people say that it is there.
        let overruled = proposal != nil && Self.isUndone(amount, by: undoings) ? undoings.filter { $0.state != .here } : []
        let answers = try proposal == nil ? [] : Self.askedAgain(of: bill.number, amount: amount, in: act.snapshot)
        try act.append(
            "payment.received",
            to: "bill/\(bill.number)",
            by: coming.actor,
            facts: .compact([
                "docket": .string(bill.docket), "agency": .string(bill.agency), "amount": JSON(amount),
                "toward": JSON(booking.toward), "beyond": JSON(amount - booking.toward),
                "method": .string(coming.method.rawValue), "receipt": .string(receipt), "day": .string(today.description),
                "taken": .string(taken.description), "late": taken > bill.due ? true : .null,
                "undoings": entries(undoings.map(\.entry)), "overruled": entries(overruled.map(\.entry)),
                "proposal": JSON(proposal?.id), "answers": entries(answers),
                "reinstates": booking.reinstates ? true : .null,
                "money": Self.postings([
                    (coming.method.account, amount), (booking.reinstates ? "revenue" : "receivable", -booking.toward),
                    ("excess", booking.toward - amount),
                ]),
            ]),
            // The bank's name for a payment leads to who paid: it stays inside. So does who proposed it.
            inner: .compact([
                "reference": .string(coming.reference), "statement": JSON(finding?.fingerprint),
                "names": finding.map { .array(names(in: $0).map { .string($0) }) } ?? .null, "proposer": JSON(proposal?.proposer),
            ])
        )
        if !booking.reinstates, booking.toward > 0, booking.toward == bill.outstanding { _ = try happened(act, .settled(bill)) }
        if amount > booking.toward { _ = try happened(act, .excess(bill, amount: amount - booking.toward)) }
        let values: [Value] = [
            .text(receipt), .text(bill.number), .text(bill.docket), .integer(Int64(amount)), .text(coming.method.rawValue),
            .integer(act.now.milliseconds), .text(coming.reference), .text(taken.description), .integer(0), .text(""), .text(""),
            .integer(0),
        ]
        return try Payment(Row(values: values))
    }

    /// How much of what somebody holds out is taken.
    private static func kept(of amount: Int, for bill: Bill, _ beyond: Beyond) throws -> Int {
        if beyond == .taken || amount <= bill.outstanding { return amount }
        guard bill.outstanding > 0 else {
            throw Problem(
                "bill.paid",
                .conflict,
                Text(id: "Untuk tagihan ini tidak ada lagi yang harus dibayar", en: "Nothing is owed for this bill any more")
            )
        }
        if beyond == .change { return bill.outstanding }
        func rupiah(_ language: Language) -> (String, String) {
            (language.number(bill.outstanding), language.number(amount - bill.outstanding))
        }
        let (id, en) = (rupiah(.indonesian), rupiah(.english))
        throw Problem(
            moreThanOwed,
            .unacceptable,
            Text(id: "Uangnya lebih dari tagihan", en: "This is more than the bill owes"),
            fields: [
                Problem.Field(
                    "amount",
                    Text(
                        id: "Tagihannya Rp\(id.0). Berikan kembalian Rp\(id.1) dan catat Rp\(id.0)?",
                        en: "The bill owes Rp\(en.0). Give Rp\(en.1) change and record Rp\(en.0)?"
                    )
                )
            ]
        )
    }

    /// The code of the problem that asks what to do with cash beyond what a bill owes.
    public static let moreThanOwed = "payment.more-than-owed"

    /// How much of a payment goes toward a bill, and whether it brings back a bill that fell before the payment was known: what was
    /// paid in time is not lost because it was told late.
    private func booking(_ amount: Int, _ bill: Bill, on day: CivilDate, in act: Act) throws -> (toward: Int, reinstates: Bool) {
        if bill.isCancelled, day <= bill.due, bill.returnable + amount >= bill.amount, try happened(act, .paidInTime(bill)) {
            return (bill.amount, true)
        }
        return (min(amount, bill.outstanding), false)
    }

    /// A payment that the bank took back: it is booked out again, and the bill is owed as before. The same is booked once. What had come
    /// in by the bank's own words and is in no book is kept for somebody to look into, and so is a part, until all parts make the whole;
    /// and what is taken back beyond it.
    ///
    /// - Parameters:
    ///   - bill: the bill that the bank names with it, by which a payment is found that was recorded from a statement.
    ///   - amount: what the bank says it took back, in rupiah; nil or nought where it does not say.
    ///   - hadCome: whether the bank says that it had the money: where no payment is known yet, it is not taken any more when the bank
    ///     tells of it late. An attempt that failed leaves no mark: the payer tries again under the same name.
    ///   - told: the words of the notice, by which it is known when it is sent again; what it says here, unless given.
    public func reverse(
        reference: String,
        of bill: String = "",
        amount: Int? = nil,
        reason: String,
        hadCome: Bool = true,
        told words: String? = nil,
        name: String? = nil,
        actor: Actor
    ) async throws {
        let told = journal.vault.blindIndex("undone:\(words ?? "\(bill) \(amount ?? 0) \(reason)")")
        let amount = (amount ?? 0) > 0 ? amount : nil
        try await journal.commit { act in
            try Self.use(name, in: act)
            let found = try undone(reference, naming: bill, by: actor, in: act)
            // An attempt that failed says nothing of the next.
            guard hadCome || found != nil else { return }
            guard try !wasTold(told, of: reference, found, in: act.snapshot) else { return }
            func note(_ amount: Int?, of payment: Payment?, isBooked: Bool = false) throws {
                let day = act.now.date(in: zone)
                try Self.noteStray(
                    reference,
                    of: payment,
                    naming: bill,
                    amount: amount,
                    reason: reason,
                    told: told,
                    day: day,
                    isBooked: isBooked,
                    by: actor,
                    in: act
                )
            }
            guard let payment = found else { return try note(amount, of: nil) }
            let left = try Self.left(of: payment, in: act.snapshot)
            if payment.isNotThere {
                // What the city has booked out itself the bank tells of now: it is the same undoing, as far as it goes.
                if left > 0 { try note(min(amount ?? left, left), of: payment, isBooked: true) }
            } else if hadCome, let amount, amount < left {
                return try note(amount, of: payment)
            } else if !payment.isReversed {
                try bookOut(payment, as: reference, reason: reason, told: told, by: actor, in: act)
            }
            if hadCome, let amount, amount > left { try note(amount - left, of: payment) }
        }
    }

    /// Books a payment out that a bank took back.
    func bookOut(_ payment: Payment, as reference: String? = nil, reason: String, told: String? = nil, by actor: Actor, in act: Act) throws
    {
        let bill = try Self.require(payment.bill, in: act.snapshot)
        let (toward, beyond) = Self.booked(payment, bill)
        try act.append(
            "payment.reversed",
            to: "bill/\(bill.number)",
            by: actor,
            facts: [
                "docket": .string(bill.docket), "agency": .string(bill.agency), "amount": JSON(payment.amount),
                "toward": JSON(toward), "beyond": JSON(beyond), "method": .string(payment.method.rawValue),
                "receipt": .string(payment.receipt), "day": .string(act.now.date(in: zone).description), "reason": .string(reason),
                "money": Self.postings([(payment.method.account, -payment.amount), ("receivable", toward), ("excess", beyond)]),
            ],
            inner: .compact(["reference": .string(reference ?? payment.reference), "told": JSON(told)])
        )
        _ = try happened(act, .reversed(bill, amount: payment.amount, isOwedAgain: bill.isSettled && toward > 0))
    }

    /// Uses a name up, within the act that it belongs to.
    ///
    /// - Throws: a problem `notice.used` where it was used before.
    private static func use(_ name: String?, in act: Act) throws {
        guard let name else { return }
        guard try act.snapshot.count("SELECT count(*) FROM idempotency WHERE key = \(name)") == 0 else { throw usedName }
        try act.operate { try $0.execute("INSERT INTO idempotency (key, result, at) VALUES (\(name), '', \(act.now))") }
    }

    /// Uses up the name of a notice that changes nothing.
    public func acknowledge(name: String) async throws { try await journal.commit { try Self.use(name, in: $0) } }

    static func payment(reference: String, in snapshot: Snapshot) throws -> Payment? {
        try snapshot.find("SELECT \(Payment.columns) FROM payment WHERE reference = \(reference)") { try Payment($0) }
    }

    /// The bank took this payment back before it told of it.
    public static let undonePayment = Problem(
        "payment.undone",
        .conflict,
        Text(id: "Bank sudah menarik kembali pembayaran ini", en: "The bank has taken this payment back")
    )

    /// A notice came twice under one name.
    public static let usedName = Problem(
        "notice.used",
        .conflict,
        Text(id: "Nama pemberitahuan ini sudah dipakai", en: "The name of this notice has been used")
    )

    static let otherPayment = Problem(
        "payment.other",
        .conflict,
        Text(id: "Rujukan ini sudah dipakai untuk pembayaran lain", en: "This reference belongs to another payment")
    )
}
