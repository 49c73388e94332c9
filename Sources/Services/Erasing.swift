// SPDX-License-Identifier: EUPL-1.2

import Bookings
import Cases
import Definitions
import Essentials
import Fees
import Identity
import Journal
import Notifications
import Residents
import Storage

/// Erasing an applicant (UU 27/2022 art. 8, 15, 42 to 44): at once where nothing stands in the way; else the wish is kept, and
/// carried out by itself as soon as nothing does.
extension Services {
    /// What became of the wish to be erased.
    public enum Erasing: Sendable {
        /// Nothing of the applicant's can be read any more, but for this.
        case done(but: [Text])
        /// It waits, for these reasons; each says when it ends.
        case waits([Text])
        /// It is refused for good, for this reason.
        case kept(Text)
    }

    /// Erases the applicant of a case, or keeps the wish.
    ///
    /// - Parameter given: the ground; nil for that of the wish which waits, or for the applicant's own right where none does.
    /// - Throws: ``Problem`` where the applicant asks while the account that the case belongs to is not settled: whoever holds the case may
    ///   have it from there.
    public func erase(_ docket: String, by actor: Actor = .resident, ground given: ErasureGround? = nil) async throws -> Erasing {
        try await journal.commit { act in
            let serviceCase = try Self.require(docket, in: act.snapshot)
            if actor == .resident { try requireSettled(serviceCase, in: act.snapshot) }
            let ground = try given ?? keptGround(of: serviceCase, in: act.snapshot) ?? .ownWish
            if try Self.hasPaper(docket, in: act.snapshot) {
                if try Self.wish(of: docket, in: act.snapshot) != nil { try refuseWish(serviceCase, in: act) }
                return .kept(Self.paperKept)
            }
            let reasons = try hindrances(to: serviceCase, in: act.snapshot)
            guard reasons.isEmpty else {
                // What another rule asks for stands beside the applicant's wish: they cannot take it back.
                let isOwn = try lastWish(of: serviceCase, in: act.snapshot)?.actor == .resident
                if try Self.wish(of: docket, in: act.snapshot) == nil || (isOwn && given != nil) {
                    try act.append(
                        "case.erasure-wished",
                        to: serviceCase.stream,
                        by: actor,
                        facts: .compact([
                            "basis-of-wish": .string(ground.basis.id), "docket": .string(docket),
                            "in-english": ground.isTimeOver ? .string(ground.basis.en) : .null,
                            "reasons-too": ground.endsReasons && !ground.isTimeOver ? true : .null,
                        ])
                    )
                }
                return .waits(reasons)
            }
            let story = try story(of: serviceCase, in: act.snapshot)
            try act.erase(serviceCase.person, by: actor, basis: ground.basis.id)
            try Fees.eraseUnpaidOrders(of: docket, by: actor, basis: ground.basis.id, from: journal, in: act)
            try Fees.eraseReasons(of: docket, by: actor, basis: ground.basis.id, from: journal, in: act)
            if ground.endsReasons, let decision = serviceCase.decision { try act.erase(decision, by: actor, basis: ground.basis.id) }
            try tellErased(serviceCase, story, ground, in: act)
            return .done(but: try kept(serviceCase, ground, in: act.snapshot))
        }
    }

    /// Tells an applicant that their data is gone (UU 27/2022 art. 45), where the contact was known to be theirs.
    private func tellErased(_ serviceCase: Case, _ story: Story, _ ground: ErasureGround, in act: Act) throws {
        guard story.isContactConfirmed, let contact = Contact(story.contact) else { return }
        var what = Text(id: "permohonan \(serviceCase.docket)", en: "application \(serviceCase.docket)")
        let kept = try kept(serviceCase, ground, in: act.snapshot)
        if !kept.isEmpty {
            what = Text(
                id: "\(what.id), kecuali \(kept.map(\.id).joined(separator: "; "))",
                en: "\(what.en), but for \(kept.map(\.en).joined(separator: "; "))"
            )
        }
        try Written(city.erasedLetter(of: what, ground: ground), serviceCase.language).send(
            to: contact,
            about: serviceCase.docket,
            outlivesErasure: true,
            in: act,
            vault: journal.vault
        )
    }

    /// What stays of a case whose applicant is erased, in words.
    private func kept(_ serviceCase: Case, _ ground: ErasureGround, in snapshot: Snapshot) throws -> [Text] {
        var kept: [Text] = []
        if try snapshot.count("SELECT count(*) FROM refund WHERE docket = \(serviceCase.docket) AND receipt IS NOT NULL") > 0 {
            kept.append(
                Text(
                    id: "rekening tempat uang dikembalikan, bukti belanja kota (PP 12/2019 ps. 121)",
                    en: "the bank account that money went back to, proof of what the city spent (PP 12/2019 art. 121)"
                )
            )
        }
        if serviceCase.decision != nil, !ground.endsReasons { kept.append(Self.reasonsKept) }
        return kept
    }

    private func requireSettled(_ serviceCase: Case, in snapshot: Snapshot) throws {
        // A contact that was never proven may be a stranger's, who neither hinders anything nor is told of by it.
        guard let contact = try Contact(story(of: serviceCase, in: snapshot).contact), let address = contact.address else { return }
        let index = journal.vault.blindIndex(address)
        let isOwn = try snapshot.count(
            "SELECT count(*) FROM service_contact WHERE docket = \(serviceCase.docket) AND is_confirmed = 1 AND contact_index = \(index)"
        )
        guard isOwn > 0 else { return }
        try residents.resident(with: contact, in: snapshot)?.requireSettled(
            at: journal.clock.now
        )
    }

    /// That the reasons of a decision stay.
    public static let reasonsKept = Text(
        id: "alasan keputusan yang diambil kantor atas permohonan itu (UU 14/2008 ps. 11 ayat (1) huruf b, UU 43/2009 ps. 51–52)",
        en: "the office’s reasons for what it decided about it (Law 14/2008 art. 11(1)(b), Law 43/2009 art. 51–52)"
    )

    private static func hasPaper(_ docket: String, in snapshot: Snapshot) throws -> Bool {
        try snapshot.count("SELECT count(*) FROM issued_document WHERE docket = \(docket)") > 0
    }

    private static let paperKept = Text(
        id: "Data di balik dokumen yang terbit wajib disimpan (UU 43/2009, UU 27/2022 ps. 15)",
        en: "What a document was issued on has to be kept (Law 43/2009, Law 27/2022 art. 15)"
    )

    /// Ends a wish that waited, once a document was issued: nobody is left with a promise that is never kept.
    private func refuseWish(_ serviceCase: Case, in act: Act) throws {
        try act.append("case.erasure-refused", to: serviceCase.stream, by: .system, facts: ["docket": .string(serviceCase.docket)])
        let line = Text(
            id: "data Anda tidak dihapus. \(Self.paperKept.id).",
            en: "your data is not erased. \(Self.paperKept.en)."
        )
        try tell(serviceCase, line, story(of: serviceCase, in: act.snapshot), status: serviceCase.progress.status, in: act)
    }

    /// The ground that a wish which waits was kept with: only one by time has its own English.
    private func keptGround(of serviceCase: Case, in snapshot: Snapshot) throws -> ErasureGround? {
        guard try Self.wish(of: serviceCase.docket, in: snapshot) != nil,
            let facts = try lastWish(of: serviceCase, in: snapshot)?.facts, let basis = facts["basis-of-wish"]?.string
        else { return nil }
        return facts["in-english"]?.string.map { ErasureGround(timeIsOver: Text(id: basis, en: $0)) }
            ?? ErasureGround(basis, endsReasons: facts["reasons-too"]?.bool == true)
    }

    /// For how long money that was given back may come back from the bank, in days: a setting of ours. Whoever is
    /// erased can be asked for no other account.
    private static let returnDays = 30

    /// Why the data of a case cannot be erased yet: it is not over, its end can still be objected to, money is owed either way, or a
    /// time that is booked lies ahead.
    public func hindrances(to serviceCase: Case, in snapshot: Snapshot) throws -> [Text] {
        var reasons: [Text] = []
        if serviceCase.progress.status.isOpen {
            let stage = try definition(serviceCase, in: snapshot).stage(serviceCase.progress.stage)?.name ?? Text(same: "")
            reasons.append(
                Text(
                    id: "berkasnya masih berjalan (\(stage.id)): setelah selesai atau ditarik",
                    en: "the case is still open (\(stage.en)): once it has ended or is withdrawn"
                )
            )
        }
        if !serviceCase.progress.status.isOpen, let end = try objection(to: serviceCase, in: snapshot), end > journal.clock.now {
            let day = end.date(in: city.zone)
            reasons.append(
                Text(
                    id: "Anda bisa mengajukan keberatan sampai \(day.full(.indonesian)): sesudahnya",
                    en: "you can object until \(day.full(.english)): once that is over"
                )
            )
        }
        for bill in try Fees.bills(of: serviceCase.docket, in: snapshot) {
            if bill.outstanding > 0 {
                reasons.append(
                    Text(
                        id: "tagihan \(bill.number) belum lunas: setelah Rp\(Language.indonesian.number(bill.outstanding)) dibayar",
                        en: "bill \(bill.number) is not paid: once Rp\(Language.english.number(bill.outstanding)) has been paid"
                    )
                )
            }
            if bill.excess > 0 {
                // What is ordered has its account.
                let account =
                    bill.returnable > 0
                    ? Text(
                        id: "pastikan rekeningnya tertulis di halaman berkas; ",
                        en: "see that your bank account stands on the page of the case; "
                    ) : Text(same: "")
                reasons.append(
                    Text(
                        id:
                            "uang Anda masih di kas kota: \(account.id)\(Self.returnDays) hari setelah Rp\(Language.indonesian.number(bill.excess)) dikembalikan",
                        en:
                            "the city still has money of yours: \(account.en)\(Self.returnDays) days after Rp\(Language.english.number(bill.excess)) was given back"
                    )
                )
            }
            if bill.pending > 0, bill.excess == 0 {
                reasons.append(
                    Text(
                        id:
                            "kota sedang mengembalikan uang kepada Anda: \(Self.returnDays) hari setelah Rp\(Language.indonesian.number(bill.pending)) dibayar, atau begitu perintahnya ditarik",
                        en:
                            "the city is giving money back to you: \(Self.returnDays) days after Rp\(Language.english.number(bill.pending)) was paid, or once the order is taken back"
                    )
                )
            }
            if bill.overpaid > 0 {
                reasons.append(
                    Text(
                        id:
                            "terlanjur dikembalikan lebih kepada Anda: setelah Rp\(Language.indonesian.number(bill.overpaid)) dibayar kembali",
                        en: "too much was given back to you: once Rp\(Language.english.number(bill.overpaid)) has been paid back"
                    )
                )
            }
            if let last = try Fees.refunds(of: bill.number, in: snapshot).filter({ $0.state == .carried }).compactMap(\.carriedAt).max() {
                let day = last.date(in: city.zone).adding(days: Self.returnDays)
                if day >= journal.clock.now.date(in: city.zone) {
                    reasons.append(
                        Text(
                            id: "uang yang dikembalikan bisa kembali lagi dari bank sampai \(day.full(.indonesian)): sesudahnya",
                            en: "money that was given back may still come back from the bank until \(day.full(.english)): once that is over"
                        )
                    )
                }
            }
        }
        if try Fees.hasQuestions(about: serviceCase.docket, in: snapshot) {
            reasons.append(
                Text(
                    id: "kantor masih memeriksa apakah pembayaran Anda tercatat benar: setelah diputuskan",
                    en: "the office is still looking into whether your payment was recorded rightly: once that is decided"
                )
            )
        }
        if let last = try Fees.lastWithdrawal(of: serviceCase.docket, from: journal, in: snapshot) {
            let day = last.date(in: city.zone).adding(days: Self.returnDays)
            if day >= journal.clock.now.date(in: city.zone) {
                reasons.append(
                    Text(
                        id: "perintah mengembalikan uang baru ditarik, dan mungkin sudah terbayar: sesudah \(day.full(.indonesian))",
                        en: "an order to give money back was taken back lately, and may have been paid: after \(day.full(.english))"
                    )
                )
            }
        }
        if let last = try BookingOffice.bookings(of: serviceCase.docket, in: snapshot).last, last.ends > journal.clock.now {
            let day = last.starts.date(in: city.zone)
            reasons.append(
                Text(
                    id: "tempat masih dipesan untuk Anda pada \(day.full(.indonesian)): sesudahnya",
                    en: "a place is booked for you on \(day.full(.english)): once that is over"
                )
            )
        }
        return reasons
    }

    /// When the applicant wished to be erased, why it waits, and whether they can take it back: not what the city has to do by another
    /// rule. Nil where there is no such wish.
    public func waitingErasure(of serviceCase: Case) async throws -> (since: Instant, reasons: [Text], isOwn: Bool, basis: String)? {
        try await journal.read { snapshot in
            guard let since = try Self.wish(of: serviceCase.docket, in: snapshot) else { return nil }
            let wish = try lastWish(of: serviceCase, in: snapshot)
            let basis = wish?.facts["basis-of-wish"]?.string ?? ""
            return (since, try hindrances(to: serviceCase, in: snapshot), wish?.actor == .resident, basis)
        }
    }

    /// Takes back the wish of an applicant to be erased, where one waits. That of the account which the case belongs to stands: whoever
    /// holds the key of one case speaks for no other.
    public func withdrawErasure(of docket: String) async throws {
        try await journal.commit { act in try withdrawWish(Self.require(docket, in: act.snapshot), in: act) }
    }

    func withdrawWish(_ serviceCase: Case, in act: Act) throws {
        guard try Self.wish(of: serviceCase.docket, in: act.snapshot) != nil,
            try lastWish(of: serviceCase, in: act.snapshot)?.actor == .resident
        else { return }
        let facts: JSON = ["docket": .string(serviceCase.docket)]
        try act.append("case.erasure-withdrawn", to: serviceCase.stream, by: .resident, facts: facts)
    }

    private func lastWish(of serviceCase: Case, in snapshot: Snapshot) throws -> Entry? {
        try journal.entries(of: serviceCase.stream, in: snapshot).last { $0.kind == "case.erasure-wished" }
    }

    /// Takes back the wish of a resident to have their account and their cases erased.
    public func withdrawErasure(of resident: Resident, in residents: Residents) async throws {
        try await residents.withdrawErasure(resident)
        for serviceCase in try await ownCases(of: resident.contacts) { try await withdrawErasure(of: serviceCase.docket) }
    }

    private static func wish(of docket: String, in snapshot: Snapshot) throws -> Instant? {
        try snapshot.find("SELECT erasure_wished_at FROM service_case WHERE docket = \(docket) AND erasure_wished_at IS NOT NULL") {
            try $0(0, as: Instant.self)
        }
    }

    /// Erases a resident's account and those of their cases that may be. While one of them waits for money or a booked time, the
    /// account waits with it: without it nobody could be reached.
    ///
    /// - Parameters:
    ///   - reports: those of theirs that stay, to be named in the letter.
    ///   - isLater: whether the program carries a wish out that waited: a case that has no wish of its own from then, such as one
    ///     that was filed or proven since, or whose wish was taken back, is left as it is, and holds the account no less than another.
    /// - Returns: why the account waits; empty once it is erased.
    public func erase(
        _ resident: Resident,
        in residents: Residents,
        language: Language,
        reports: [String] = [],
        isLater: Bool = false
    ) async throws -> [Text] {
        if !isLater { try resident.requireSettled(at: journal.clock.now) }
        var reasons: [Text] = []
        for serviceCase in try await ownCases(of: resident.contacts) {
            if isLater, try await journal.read({ try Self.wish(of: serviceCase.docket, in: $0) }) == nil {
                reasons += try await journal.read { try accountHindrances(serviceCase, in: $0) }
            } else if case .waits(let waiting) = try await erase(serviceCase.docket, by: isLater ? .system : .resident) {
                reasons += Self.hindrances(to: serviceCase, waiting)
            }
        }
        if reasons.isEmpty {
            var staying = try await staying(among: ownCases(of: resident.contacts))
            staying.reports = reports
            try await residents.erase(resident, language: language, but: staying)
        } else {
            try await residents.wishErasure(resident, language: language)
        }
        return reasons
    }

    /// The applications of somebody that are not erased with their account.
    ///
    /// - Parameter cases: theirs, as they were found before: nobody finds them by a contact once the account is erased.
    public func staying(among cases: [Case]) async throws -> Staying {
        try await journal.read { snapshot in
            var staying = Staying()
            for docket in cases.map(\.docket) {
                // Of whoever is erased no contact is left.
                guard try snapshot.count("SELECT count(*) FROM service_contact WHERE docket = \(docket)") > 0 else { continue }
                if try Self.hasPaper(docket, in: snapshot) {
                    staying.papers.append(docket)
                } else if try Self.wish(of: docket, in: snapshot) != nil {
                    staying.waiting.append(docket)
                } else {
                    staying.others.append(docket)
                }
            }
            return staying
        }
    }

    /// Why the account of a resident who wished to be erased waits, and their cases with it: of a case, all that its own page says; of
    /// one that is itself not to be erased any more, what the account waits for.
    public func hindrances(to resident: Resident) async throws -> [Text] {
        let cases = try await ownCases(of: resident.contacts)
        return try await journal.read { snapshot in
            try cases.flatMap { serviceCase in
                guard try Self.wish(of: serviceCase.docket, in: snapshot) != nil else {
                    return try accountHindrances(serviceCase, in: snapshot)
                }
                return try Self.of(serviceCase, hindrances(to: serviceCase, in: snapshot))
            }
        }
    }

    /// For what an account waits of a case; a case that is kept for its document is there to be reached by.
    private func accountHindrances(_ serviceCase: Case, in snapshot: Snapshot) throws -> [Text] {
        guard try !Self.hasPaper(serviceCase.docket, in: snapshot) else { return [] }
        return Self.hindrances(to: serviceCase, try hindrances(to: serviceCase, in: snapshot))
    }

    /// For what an account waits of that for which a case does: an open case goes on without an account, as the applicant has its key.
    private static func hindrances(to serviceCase: Case, _ reasons: [Text]) -> [Text] {
        of(serviceCase, reasons.dropFirst(serviceCase.progress.status.isOpen ? 1 : 0))
    }

    private static func of(_ serviceCase: Case, _ reasons: some Sequence<Text>) -> [Text] {
        reasons.map { Text(id: "\(serviceCase.docket), \($0.id)", en: "\(serviceCase.docket), \($0.en)") }
    }

    /// Erases applicants whose time is over (UU 27/2022 art. 42(1)(a), 44(1)(a)), as the pack says; what waits is carried out as a wish is.
    func eraseAged() async throws {
        guard let retention = city.services.retention else { return }
        let end = journal.clock.now.adding(seconds: -Int64(retention.days) * 86_400)
        let aged = Self.cases("is_open = 0 AND ages = 1 AND ended_at < \(end) AND erasure_wished_at IS NULL")
        try await book.each("case.retention", aged) { docket in
            _ = try await erase(docket, by: .system, ground: ErasureGround(timeIsOver: retention.basis))
            return nil
        }
    }

    /// Carries out wishes that nothing stands in the way of any more.
    func eraseAsWished() async throws {
        try await book.each("case.erasure", Self.cases("erasure_wished_at IS NOT NULL")) { docket in
            guard case .waits = try await erase(docket, by: .system) else { return nil }
            return journal.clock.now.adding(seconds: 60)
        }
        try await book.each("resident.erasure", DutyBook.Items("resident_leaving", key: "resident", where: "1 = 1")) { id in
            guard let id = Identifier(id), let resident = try await journal.read({ try residents.resident(id, in: $0) }) else { return nil }
            guard let wish = try await residents.wish(of: resident) else { return nil }
            return try await erase(resident, in: residents, language: wish.language, isLater: true).isEmpty
                ? nil : journal.clock.now.adding(seconds: 60)
        }
    }
}
