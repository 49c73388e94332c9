// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Identity
import Journal
import Storage

/// What is done with a till: cash handed over during the day, and the closing that counts it; each with its deposit slip.
extension Fees {
    static func lastClosing(of account: Identifier, in snapshot: Snapshot) throws -> CivilDate? {
        try snapshot.find("SELECT day FROM cash_closing WHERE cashier = \(account.description) ORDER BY day DESC LIMIT 1") { try $0(0) }
    }

    /// Refuses to move cash of somebody who has closed the day: it would be in no closing; or whose account has just ended.
    func requireOpenTill(of actor: Actor, in act: Act) throws {
        if let account = actor.account, try Accounts.officer(account.description, in: act.snapshot) == nil { throw Self.treasurerOnly }
        guard let account = actor.account, let closed = try Self.lastClosing(of: account, in: act.snapshot),
            closed >= act.now.date(in: zone)
        else { return }
        throw Problem(
            "cash.closed",
            .conflict,
            Text(id: "Kas Anda hari ini sudah ditutup", en: "Your cash of today is closed"),
            remedy: Text(id: "Minta rekan melakukannya, atau lakukan besok.", en: "Ask a colleague to do it, or do it tomorrow.")
        )
    }

    private static func onlyRecorded(_ amount: Int) -> Text {
        Text(
            id: "Di kas Anda hanya tercatat Rp\(Language.indonesian.number(amount))",
            en: "Only Rp\(Language.english.number(amount)) is recorded in your till"
        )
    }

    /// Hands cash over to the city's account during the day (setoran), with the number of the bank's slip.
    ///
    /// - Parameter slipDay: the day that the slip bears; today unless said.
    public func handOver(_ amount: Int, slip: String, dated slipDay: CivilDate? = nil, key: String?, by officer: Officer) async throws {
        guard officer.roles.contains(.treasurer) else { throw Self.treasurerOnly }
        let slip = slip.plain(isOneLine: true)
        guard Self.isSlip(slip) else { throw Self.slipMissing("slip") }
        let content: JSON = ["amount": JSON(amount), "slip": .string(slip), "day": JSON(slipDay?.description)]
        try await journal.commit(once: once("hand-over:\(officer.account)", key), of: content) { act in
            try requireOpenTill(of: officer.actor, in: act)
            let today = act.now.date(in: zone)
            let recorded = try Self.till(of: officer.account, on: today, in: act.snapshot).recorded
            try Self.requireNew(slip, of: officer.agency, field: "slip", in: act.snapshot)
            guard amount <= recorded else { throw Problem.fields([Problem.Field("setor", Self.onlyRecorded(recorded))]) }
            let first = try Self.firstSlipDay(of: amount, by: officer.account, on: today, in: act.snapshot)
            let slipDay = try Self.slipDay(slipDay, from: first, through: today)
            try act.append(
                "cash.handed-over",
                to: "cash/\(officer.account)",
                by: officer.actor,
                facts: [
                    "agency": .string(officer.agency), "day": .string(today.description), "amount": JSON(amount),
                    "slip-day": .string(slipDay.description),
                    "money": Self.postings([("cash", -amount), ("bank", amount)]),
                ],
                inner: ["reference": .string(slip)]
            )
            return slip
        }
    }

    /// Closes an officer's cash of a day and of the days before it: what was counted goes to the city's account, and what is missing
    /// or too much is recorded with its reason. Once for each day, on the day or later; where no cash lies nothing is closed.
    ///
    /// - Parameters:
    ///   - slip: the number of the deposit slip (surat tanda setoran, PP 12/2019 art. 137) of what was counted.
    ///   - slipDay: the day that it bears; today unless said.
    public func closeCash(
        of day: CivilDate? = nil,
        counted: Int,
        slip: String,
        dated slipDay: CivilDate? = nil,
        reason: String,
        by officer: Officer
    ) async throws {
        guard officer.roles.contains(.treasurer) else { throw Self.treasurerOnly }
        try await closeCash(of: officer.account, day: day, counted: counted, slip: slip, dated: slipDay, reason: reason, by: officer)
    }

    /// Closes a till: the officer's own, or one that somebody left.
    ///
    /// - Parameter witness: the number of whoever was there, nil inside where none was named; nil for the officer's own.
    func closeCash(
        of account: Identifier,
        day: CivilDate?,
        counted: Int,
        slip: String,
        dated slipDay: CivilDate?,
        reason: String,
        before witness: Int?? = nil,
        by officer: Officer
    ) async throws {
        let (slip, reason) = (slip.plain(isOneLine: true), reason.plain(isOneLine: true))
        try await journal.commit { act in
            let now = act.now.date(in: zone)
            let today = day ?? now
            guard today <= now else {
                throw Problem(
                    "cash.not-yet",
                    .conflict,
                    Text(id: "Hari itu belum tiba; kasnya belum bisa ditutup", en: "That day has not come; its cash cannot be closed yet")
                )
            }
            if let closed = try Self.lastClosing(of: account, in: act.snapshot), closed >= today {
                throw Problem(
                    "cash.closed-before",
                    .conflict,
                    Text(id: "Kas hari itu sudah ditutup", en: "That day’s cash is closed already")
                )
            }
            let later = try act.snapshot.find(
                """
                SELECT day FROM movement WHERE cashier = \(account.description) AND kind = 'handed-over' AND day > \(today)
                ORDER BY day DESC LIMIT 1
                """
            ) { try $0(0, as: CivilDate.self) }
            if let later { throw Self.depositedSince(later) }
            let till = try Self.till(of: account, on: today, in: act.snapshot)
            guard till != Till() else { throw try Self.nothingToClose(of: account, on: today, in: act.snapshot) }
            let recorded = till.recorded
            guard (0...Rupiah.most).contains(counted) else {
                throw Problem.fields([Problem.Field("counted", Text(id: "Tulis jumlah uang yang dihitung", en: "Write the amount counted"))]
                )
            }
            // All that is missing is said at once.
            var faults: [Problem.Field] = []
            if counted != recorded, reason.isEmpty {
                faults.append(
                    Problem.Field(
                        "reason",
                        Text(
                            id: "Selisih Rp\(Language.indonesian.number(abs(counted - recorded))): tulis sebabnya",
                            en: "A difference of Rp\(Language.english.number(abs(counted - recorded))): write why"
                        )
                    )
                )
            }
            if reason.unicodeScalars.count > 300 {
                faults.append(Problem.Field("reason", Text(id: "Paling panjang 300 huruf", en: "At most 300 letters")))
            }
            if counted > 0, !Self.isSlip(slip) { faults += Self.slipMissing("sts").fields }
            var seenBy: Officer?
            if let witness {
                seenBy = try Self.witnesses(for: officer, in: act.snapshot).first { $0.number == witness }
                if seenBy == nil { faults.append(Self.witnessMissing) }
            }
            guard faults.isEmpty else { throw Problem.fields(faults) }
            var dated: CivilDate?
            if counted > 0 {
                try Self.requireNew(slip, of: officer.agency, field: "sts", in: act.snapshot)
                // What was counted beyond what is recorded came on no day that the books know.
                let first = try Self.firstSlipDay(of: min(counted, recorded), by: account, on: today, in: act.snapshot)
                dated = try Self.slipDay(slipDay, from: first, through: now)
            }
            try act.append(
                "cash.closed",
                to: "cash/\(account)",
                by: officer.actor,
                facts: .compact([
                    "agency": .string(officer.agency), "day": .string(now.description), "closes": .string(today.description),
                    "opening": JSON(till.opening),
                    "taken": JSON(till.taken), "given_back": JSON(till.givenBack), "handed_over": JSON(till.handedOver),
                    "recorded": JSON(recorded), "counted": JSON(counted), "slip-day": JSON(dated?.description),
                    "money": Self.postings([("cash", -recorded), ("bank", counted), ("difference", recorded - counted)]),
                ]),
                inner: .compact([
                    "reason": .string(reason), "reference": .string(counted > 0 ? slip : ""),
                    "cashier": account == officer.account ? .null : .string(account.description),
                    "witness": JSON(seenBy?.account.description),
                    "left": seenBy == nil ? .null : .string(try reasonLeft(account.description, in: act.snapshot)),
                ])
            )
        }
    }

    /// Whether something can be the number of a slip.
    static func isSlip(_ text: String) -> Bool {
        // A payment code is no slip: it would be compared with what its payer sent.
        text.unicodeScalars.count <= 60 && text.contains { $0.isASCII && $0.isNumber } && !Bill.isNumber(text.filter { !$0.isWhitespace })
    }

    /// The day that a slip bears.
    ///
    /// - Throws: a problem where it lies after today, or before there was anything to prove.
    static func slipDay(_ day: CivilDate?, from first: CivilDate?, through today: CivilDate) throws -> CivilDate {
        let first = min(first ?? today, today)
        let day = day ?? today
        guard (first...today).contains(day) else {
            let until =
                first == today
                ? Text(same: "") : Text(id: " sampai \(today.long(.indonesian))", en: " to \(today.long(.english))")
            let text = Text(
                id: "Tulis tanggal yang tertulis di surat itu: \(first.long(.indonesian))\(until.id)",
                en: "Write the day that stands on the paper: \(first.long(.english))\(until.en)"
            )
            throw Problem.fields([Problem.Field("tanggal", text)])
        }
        return day
    }

    /// The earliest day that the slip of a deposit may bear: since then there always lay as much in the till, beyond what other slips
    /// of those days took to the bank. What was closed before carries nothing any more.
    private static func firstSlipDay(
        of amount: Int,
        by account: Identifier,
        on day: CivilDate,
        in snapshot: Snapshot
    ) throws -> CivilDate? {
        let closed = try lastClosing(of: account, in: snapshot)
        let days = try snapshot.rows(
            """
            SELECT CASE WHEN slip_day <> '' THEN slip_day ELSE day END, CAST(SUM(cash) AS BIGINT) FROM movement
            WHERE cashier = \(account.description) AND cash <> 0 AND kind <> 'closed' AND day > \(closed?.description ?? "") AND day <= \(day)
            GROUP BY 1 ORDER BY 1
            """
        ) { (day: try $0(0, as: CivilDate.self), cash: try $0(1, as: Int.self)) }
        var (lying, first) = (0, CivilDate?.none)
        for (day, cash) in days {
            lying += cash
            first = lying < amount ? nil : first ?? day
        }
        return first
    }

    private static func slipMissing(_ field: String) -> Problem {
        .fields([
            Problem.Field(
                field,
                Text(
                    id: "Tulis nomor surat tanda setornya (STS): ada angkanya, paling panjang 60 huruf",
                    en: "Write the number of the deposit slip (STS): with digits, at most 60 letters"
                )
            )
        ])
    }

    /// Refuses a deposit slip that was named before, however it was written: each deposit has its own. Compared as the bank's statement
    /// is (``Reconciliation/letters(of:)``), which no column of the table is; the digits alone set nearly all of them aside.
    private static func requireNew(_ slip: String, of agency: String, field: String, in snapshot: Snapshot) throws {
        let (name, digits) = (Reconciliation.letters(of: slip), Self.digits(of: slip))
        let slips = try snapshot.rows(
            "SELECT reference, day FROM movement WHERE agency = \(agency) AND kind IN ('handed-over', 'closed')"
        ) { (slip: try $0(0, as: String.self), day: try $0(1, as: CivilDate.self)) }
        let known = slips.first { Self.digits(of: $0.slip) == digits && Reconciliation.letters(of: $0.slip) == name }?.day
        guard let known else { return }
        throw Problem.fields([
            Problem.Field(
                field,
                Text(
                    id: "Nomor ini sudah dipakai untuk setoran \(known.long(.indonesian)). Periksa lagi nomornya",
                    en: "This number was used for the deposit of \(known.long(.english)). Look at it again"
                )
            )
        ])
    }

    private static func digits(of slip: String) -> [UInt8] { slip.utf8.filter { (0x30...0x39).contains($0) } }

    /// What was handed over since may have been of that day’s cash: counted once, on the day of the hand-over or later.
    private static func depositedSince(_ later: CivilDate) -> Problem {
        Problem(
            "cash.deposited-since",
            .conflict,
            Text(
                id: "Sejak hari itu sudah ada setoran, pada \(later.long(.indonesian))",
                en: "There has been a hand-over since that day, on \(later.long(.english))"
            ),
            remedy: Text(
                id: "Tutup kas \(later.long(.indonesian)) atau hari ini: uang hari-hari sebelumnya ikut dihitung.",
                en: "Close the cash of \(later.long(.english)) or of today: what lay there from before is counted with it."
            )
        )
    }

    private static func nothingToClose(of account: Identifier, on day: CivilDate, in snapshot: Snapshot) throws -> Problem {
        let first = try snapshot.find(
            "SELECT day FROM movement WHERE cashier = \(account.description) AND cash <> 0 ORDER BY day LIMIT 1"
        ) { try $0(0, as: CivilDate.self) }
        let remedy = first.flatMap { first in
            day < first
                ? Text(
                    id: "Uang tunai pertama Anda tercatat \(first.long(.indonesian)).",
                    en: "Your first cash was recorded on \(first.long(.english))."
                ) : nil
        }
        return Problem(
            "cash.nothing",
            .conflict,
            Text(
                id: "Pada \(day.long(.indonesian)) tidak ada uang tunai pada Anda: tidak ada yang ditutup",
                en: "On \(day.long(.english)) no cash was with you: there is nothing to close"
            ),
            remedy: remedy
        )
    }
}
