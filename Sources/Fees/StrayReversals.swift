// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Identity
import Journal
import Storage

/// What a bank says it took back and that is not booked out by it at once: of a payment that the city does not know, a part of one, or
/// more than one. Those of a payment are summed: as much as it is, and it is booked out. Somebody looks into each, and says whether the
/// money is in the account: what is there can be taken, what is not is not.
extension Fees {
    /// A payment that a bank took back and that is in no book, or of which it took back a part, or more than it was.
    public struct StrayReversal: Sendable {
        /// What became of it.
        public enum State: String, Sendable {
            /// Nobody has looked into it.
            case open
            /// The bank was wrong: the money is in the account.
            case here
            /// The money is not in the account.
            case gone
            /// Its payment is booked out.
            case booked
        }

        /// The entry that tells of it.
        public let entry: String
        /// The bank's name for it.
        public let reference: String
        /// The receipt of the payment that it belongs to; empty where no payment is known.
        public let receipt: String
        /// The code that the bank named with it, or the bill of its payment; empty where it named none.
        public let bill: String
        /// The case; empty where no bill is known by that code.
        public let docket: String
        /// The agency whose bill it is; empty where none is known.
        public let agency: String
        /// In rupiah; nil where the bank did not say: then it is all.
        public let amount: Int?
        /// When the bank told of it.
        public let at: Instant
        /// What became of it.
        public let state: State
        /// What was found out, as whoever looked into it wrote it.
        public let note: String
        /// The number of the officer who looked into it; nil where nobody has.
        public let settler: Int?
        /// When they said so; nil where nobody has, or before 2026-12.
        public let settledAt: Instant?
        /// Whether it is what a bank took back beyond a payment that is booked out.
        public let isBeyond: Bool
        /// Whether it is as much as its payment; false where no payment is known.
        public let isWhole: Bool
        /// All that officers said of it, oldest first; read for the lists of the cash page alone.
        public internal(set) var sayings: [Saying] = []

        static let columns: SQL = """
            s.entry, s.reference, s.receipt, s.bill, s.docket, s.agency, s.amount, s.at, s.state, s.note, account.number, s.settled_at,
            COALESCE(payment.is_reversed, 0), payment.amount
            """

        static let source: SQL = """
            stray_reversal s LEFT JOIN account ON account.id = s.settled_by
                LEFT JOIN payment ON s.receipt <> '' AND payment.receipt = s.receipt
            """

        init(_ row: Row) throws {
            entry = try row(0)
            reference = try row(1)
            receipt = try row(2)
            bill = try row(3)
            docket = try row(4)
            agency = try row(5)
            let amount: Int = try row(6)
            self.amount = amount > 0 ? amount : nil
            at = try row(7)
            state = State(rawValue: try row(8)) ?? .open
            note = try row(9)
            settler = try row.optional(10)
            let settledAt: Instant = try row(11)
            self.settledAt = settledAt.milliseconds > 0 ? settledAt : nil
            isBeyond = try row(12) && state != .booked
            let whole: Int? = try row.optional(13)
            isWhole = whole.map { amount == 0 || amount == $0 } ?? false
        }

        /// Whether the words of a row name it.
        func isNamed(by words: Set<String>) -> Bool {
            !Reconciliation.names(ofReference: reference).filter { $0.utf8.count > 3 }.isDisjoint(with: words)
        }

        /// How much of a whole these take back together; one that does not say how much takes all.
        static func sum(_ reversals: [StrayReversal], of whole: Int) -> Int { reversals.reduce(0) { $0 + ($1.amount ?? whole) } }
    }

    /// What an officer said of something that a bank took back.
    public struct Saying: Sendable {
        /// Whether the money is in the account.
        public let isHere: Bool
        /// What they found out; a dash once it is erased.
        public let note: String
        /// The number of the officer; nil where no account is known.
        public let number: Int?
        /// When.
        public let at: Instant
    }

    /// What banks took back whose money is not in the account, as far as anybody knows: open, or settled so. A row or a bill that one of
    /// them names (``StrayReversal/isNamed(by:)``, `bill`) is money to be looked at; one with a `receipt` belongs to that payment.
    static func standing(in snapshot: Snapshot) throws -> [StrayReversal] { try reversals("s.state IN ('open', 'gone')", in: snapshot) }

    static func reversals(_ condition: SQL, in snapshot: Snapshot) throws -> [StrayReversal] {
        try snapshot.rows(
            "SELECT \(StrayReversal.columns) FROM \(StrayReversal.source) WHERE \(condition) ORDER BY s.at, s.entry"
        ) { try StrayReversal($0) }
    }

    /// What a bank said it took back under a name, of no payment that is known.
    static func strays(of reference: String, in snapshot: Snapshot) throws -> [StrayReversal] {
        try reversals("s.reference = \(reference) AND s.receipt = ''", in: snapshot)
    }

    /// What a bank said it took back of no payment that is known, that a row names and that may be of a bill: of that bill, or of none that
    /// is known. What the bank named with another bill stays a question of that one, whatever somebody wrote into a transfer.
    static func strays(namedBy text: String, of number: String, in snapshot: Snapshot) throws -> [StrayReversal] {
        let words = Reconciliation.words(of: text)
        return try reversals("s.receipt = ''", in: snapshot).filter {
            $0.isNamed(by: words) && ($0.bill == number || $0.agency.isEmpty)
        }
    }

    /// Whether as much was taken back of what is told now: less is a part of it.
    static func isUndone(_ amount: Int, by reversals: [StrayReversal]) -> Bool {
        StrayReversal.sum(reversals.filter { $0.state != .here }, of: amount) >= amount
    }

    /// What of a payment is taken back and not booked out.
    static func takenBack(of payment: Payment, but entry: String = "", in snapshot: Snapshot) throws -> Int {
        let parts = try reversals("s.receipt = \(payment.receipt) AND s.state IN ('open', 'gone')", in: snapshot)
        return StrayReversal.sum(parts.filter { $0.entry != entry }, of: payment.amount)
    }

    /// What of a payment no bank has taken back yet, as far as the city was told.
    static func left(of payment: Payment, in snapshot: Snapshot) throws -> Int {
        if payment.isReversed, !payment.isNotThere { return 0 }
        let told = payment.isNotThere ? try reversals("s.receipt = \(payment.receipt) AND s.state = 'booked'", in: snapshot) : []
        let gone = payment.isNotThere ? StrayReversal.sum(told, of: payment.amount) : try takenBack(of: payment, in: snapshot)
        return max(0, payment.amount - gone)
    }

    /// Whether the same was told before: under the bank's name for it, in the same words.
    func wasTold(_ told: String, of reference: String, _ payment: Payment?, in snapshot: Snapshot) throws -> Bool {
        let noted: SQL = "SELECT count(*) FROM stray_reversal WHERE reference = \(reference) AND told = \(told)"
        if try snapshot.count(noted) > 0 { return true }
        guard let payment else { return false }
        return try journal.entries(of: "bill/\(payment.bill)", in: snapshot).contains {
            $0.kind == "payment.reversed" && $0.inner?["told"]?.string == told && $0.inner?["reference"]?.string == reference
        }
    }

    /// The payment that a bank takes back: by its name for it; or what was recorded from a row that names it so, of the bill that it
    /// names; or, where it names none that is known, of whatever bill where that can be but one and the name is long enough to be nothing
    /// else.
    func undone(_ reference: String, naming code: String, by actor: Actor, in act: Act) throws -> Payment? {
        if let known = try Self.payment(reference: reference, in: act.snapshot) {
            // Recorded again, by two people, after the bank had taken it back: that is what it takes back now.
            return known.isReversed ? try noted(reference, amount: nil, for: known.bill, in: act.snapshot) ?? known : known
        }
        var found = try noted(reference, amount: nil, for: code, in: act.snapshot)
        if found == nil, try Self.find(code, in: act.snapshot) == nil,
            Reconciliation.names(ofReference: reference).contains(where: { $0.utf8.count >= Self.longName })
        {
            let bills = try act.snapshot.rows(
                """
                SELECT DISTINCT bill FROM payment
                WHERE reference LIKE \(Self.statement + "%") AND is_reversed = 0 AND bill <> \(code)
                """
            ) { try $0(0, as: String.self) }
            let named = try bills.compactMap { try noted(reference, amount: nil, for: $0, in: act.snapshot) }
            if named.count == 1 { found = named.first }
        }
        if let found { try identify(found, as: reference, by: actor, in: act) }
        return found
    }

    /// Letters of a name by which a payment is found whatever bill was named: what is shorter may be a date or a branch.
    private static let longName = 6

    /// Keeps what a bank took back.
    ///
    /// - Parameter isBooked: whether the city has booked it out already, so that nobody has to look into it.
    static func noteStray(
        _ reference: String,
        of payment: Payment? = nil,
        naming code: String,
        amount: Int?,
        reason: String,
        told: String,
        day: CivilDate,
        isBooked: Bool = false,
        by actor: Actor,
        in act: Act
    ) throws {
        let code = payment?.bill ?? code
        let bill = try find(code, in: act.snapshot)
        let agency = bill?.agency ?? ""
        try act.append(
            "bank.reversal-unknown",
            to: "bank/\(agency.isEmpty ? actor.unit ?? "-" : agency)",
            by: actor,
            facts: .compact([
                "docket": JSON(bill?.docket), "agency": .string(agency), "amount": amount.map { JSON($0) } ?? .null,
                "day": .string(day.description), "reason": .string(reason), "receipt": JSON(payment?.receipt),
                "booked": isBooked ? true : .null,
            ]),
            inner: [
                "reference": .string(reference), "bill": .string(String(code.plain(isOneLine: true).prefix(64))), "told": .string(told),
            ]
        )
    }

    /// Says what became of what a bank took back: a treasurer of the agency whose bill it names, or a supervisor where it names none.
    /// What was found out later is said again, until the payment is booked out.
    ///
    /// - Parameter isHere: whether the money is in the account; nil where nobody said.
    public func settleStray(_ entry: String, isHere: Bool?, note: String, key: String? = nil, by officer: Officer) async throws {
        let note = note.plain(isOneLine: true)
        let content: JSON = .compact(["note": .string(note), "here": isHere.map { JSON.bool($0) } ?? .null])
        try await journal.commit(once: once("stray:\(entry)", key), of: content) { act in
            let stray = try Self.reversals("s.entry = \(entry) AND s.state <> 'booked'", in: act.snapshot).first
            guard let stray else { throw Problem.notFound }
            if stray.agency.isEmpty {
                guard officer.roles.contains(.supervisor) else { throw Self.supervisorOnly }
            } else {
                try Self.requireTreasurer(officer, of: stray.agency)
            }
            let unsaid = isHere == nil ? [Problem.Field("uang", Self.whereIsIt)] : []
            do {
                try Self.requireReason(note, field: "sebab")
            } catch let problem as Problem where !unsaid.isEmpty {
                throw Problem.fields(unsaid + problem.fields)
            }
            guard let isHere else { throw Problem.fields(unsaid) }
            try act.append(
                "bank.reversal-settled",
                to: "bank/\(stray.agency.isEmpty ? "-" : stray.agency)",
                by: officer.actor,
                facts: ["agency": .string(stray.agency), "settles": .string(entry), "here": .bool(isHere)],
                personal: Self.sealed(note, at: act.now)
            )
            // The bank told of it after it had taken it back, and it was taken on that word: no treasurer undoes that alone.
            if !isHere, stray.state == .here,
                try act.snapshot.count(
                    "SELECT count(*) FROM payment WHERE receipt = \(stray.receipt) AND at > \(stray.at) AND is_reversed = 0"
                ) > 0
            {
                throw Self.toldSince
            }
            // What was thought to be there counts again.
            let payment = try act.snapshot.find("SELECT \(Payment.columns) FROM payment WHERE receipt = \(stray.receipt)") {
                try Payment($0)
            }
            if let payment, !isHere, !payment.isReversed {
                let sum = try Self.takenBack(of: payment, but: entry, in: act.snapshot) + (stray.amount ?? payment.amount)
                if sum >= payment.amount { try bookOut(payment, reason: "refunded", by: officer.actor, in: act) }
            }
            return entry
        }
    }

    /// What banks took back and nobody has looked into, oldest first, a page of them.
    static func strays(of agency: String?, from offset: Int, in snapshot: Snapshot) throws -> [StrayReversal] {
        let own: SQL = agency.map { "AND s.agency = \($0)" } ?? ""
        let strays = try snapshot.rows(
            """
            SELECT \(StrayReversal.columns) FROM \(StrayReversal.source)
            WHERE s.state = 'open' \(own) ORDER BY s.at, s.entry LIMIT \(pageSize) OFFSET \(offset)
            """
        ) { try StrayReversal($0) }
        return try withSayings(strays, in: snapshot)
    }

    /// What was said of some of them before counts, too: what turned out otherwise stays readable.
    private static func withSayings(_ strays: [StrayReversal], in snapshot: Snapshot) throws -> [StrayReversal] {
        let said = try snapshot.rows(
            """
            SELECT said.settles, said.is_here, said.note, account.number, said.at
            FROM undoing_saying said LEFT JOIN account ON account.id = said.said_by
            WHERE said.settles IN \(in: strays.map(\.entry)) ORDER BY said.seq
            """
        ) { (of: try $0(0, as: String.self), Saying(isHere: try $0(1), note: try $0(2), number: try $0.optional(3), at: try $0(4))) }
        let byEntry = Dictionary(grouping: said, by: \.of)
        return strays.map { stray in
            var stray = stray
            stray.sayings = (byEntry[stray.entry] ?? []).map(\.1)
            return stray
        }
    }

    /// How many there are.
    static func strayCount(of agency: String?, in snapshot: Snapshot) throws -> Int {
        let own: SQL = agency.map { "AND agency = \($0)" } ?? ""
        return try snapshot.count("SELECT count(*) FROM stray_reversal WHERE state = 'open' \(own)")
    }

    private static func settled(of agency: String?, since: Instant) -> SQL {
        let own: SQL = agency.map { "AND s.agency = \($0)" } ?? ""
        return "s.state <> 'open' AND (s.at > \(since) OR s.settled_at > \(since)) \(own)"
    }

    /// What banks took back, with what became of it, newest first, a page of it.
    static func settledStrays(of agency: String?, since: Instant, from offset: Int, in snapshot: Snapshot) throws -> [StrayReversal] {
        let strays = try snapshot.rows(
            """
            SELECT \(StrayReversal.columns) FROM \(StrayReversal.source) WHERE \(settled(of: agency, since: since))
            ORDER BY CASE WHEN s.settled_at > s.at THEN s.settled_at ELSE s.at END DESC, s.entry LIMIT \(pageSize) OFFSET \(offset)
            """
        ) { try StrayReversal($0) }
        return try withSayings(strays, in: snapshot)
    }

    /// How many of them there are.
    static func settledStrayCount(of agency: String?, since: Instant, in snapshot: Snapshot) throws -> Int {
        try snapshot.count("SELECT count(*) FROM stray_reversal s WHERE \(settled(of: agency, since: since))")
    }

    /// What banks took back, told or settled within some days, a page of it, after an entry.
    static func strays(of agency: String?, from: Instant, to: Instant, after entry: String, in snapshot: Snapshot) throws -> [StrayReversal]
    {
        let own: SQL = agency.map { "AND s.agency = \($0)" } ?? ""
        return try snapshot.rows(
            """
            SELECT \(StrayReversal.columns) FROM \(StrayReversal.source)
            WHERE s.entry > \(entry) AND (s.at >= \(from) AND s.at < \(to) OR s.settled_at >= \(from) AND s.settled_at < \(to)) \(own)
            ORDER BY s.entry LIMIT \(pageSize)
            """
        ) { try StrayReversal($0) }
    }

    private static let toldSince = Problem(
        "fees.undoing-told-since",
        .conflict,
        Text(
            id: "Uang ini sudah tercatat, karena dinyatakan ada di rekening",
            en: "This money is recorded, since it was said to be in the account"
        ),
        remedy: Text(
            id: "Kalau ternyata tidak ada: cari tagihannya dengan kode bayar, pilih “Uangnya tidak ada”, lalu kepala instansi memutuskan.",
            en:
                "Where it is not: look its bill up by the payment code, choose “Its money is not there”, and the head of the agency decides."
        )
    )

    private static let whereIsIt = Text(
        id: "Pilih apakah uangnya ada di rekening: itu menentukan apakah pemberitahuan bank diterima",
        en: "Choose whether the money is in the account: by that a notice of it is taken or not"
    )

    private static let supervisorOnly = Problem(
        "fees.supervisor-only",
        .forbidden,
        Text(
            id: "Bank tidak menyebut tagihan yang dikenal: hanya pengawas kota yang menutupnya",
            en: "The bank named no bill that is known: only a supervisor of the city closes this"
        )
    )
}
