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

/// Erasing an applicant (UU 27/2022 art. 8, 15 and 43): at once where nothing stands in the way; else the wish is kept, and
/// carried out by itself as soon as nothing does.
extension Services {
    /// What became of the wish to be erased.
    public enum Erasing: Sendable {
        /// Nothing of the applicant's can be read any more.
        case done
        /// It waits, for these reasons; each says when it ends.
        case waits([Text])
        /// It is refused for good, for this reason.
        case kept(Text)
    }

    /// Erases the applicant of a case, or keeps the wish.
    public func erase(_ docket: String, by actor: Actor = .resident, basis: String = "UU 27/2022 ps. 8") async throws -> Erasing {
        try await journal.commit { act in
            let serviceCase = try Self.require(docket, in: act.snapshot)
            let hasPaper = try act.snapshot.count("SELECT count(*) FROM issued_document WHERE docket = \(docket)") > 0
            if hasPaper {
                if try Self.wish(of: docket, in: act.snapshot) != nil { try refuseWish(serviceCase, in: act) }
                return .kept(Self.paperKept)
            }
            let reasons = try hindrances(to: serviceCase, in: act.snapshot)
            guard reasons.isEmpty else {
                if try Self.wish(of: docket, in: act.snapshot) == nil {
                    try act.append(
                        "case.erasure-wished",
                        to: serviceCase.stream,
                        by: actor,
                        facts: ["basis-of-wish": .string(basis), "docket": .string(docket)]
                    )
                }
                return .waits(reasons)
            }
            let story = try story(of: serviceCase, in: act.snapshot)
            try act.erase(serviceCase.person, by: actor, basis: basis)
            try tellErased(serviceCase, story, basis: basis, in: act)
            return .done
        }
    }

    /// Tells an applicant that their data is gone (UU 27/2022 art. 45), where the contact was known to be theirs.
    private func tellErased(_ serviceCase: Case, _ story: Story, basis: String, in act: Act) throws {
        guard story.isContactConfirmed, let contact = Contact(story.contact) else { return }
        let what = Text(id: "permohonan \(serviceCase.docket)", en: "application \(serviceCase.docket)")
        try Written(city.erasedLetter(of: what, basis: Text(same: basis)), serviceCase.language).send(
            to: contact,
            about: serviceCase.docket,
            outlivesErasure: true,
            in: act,
            vault: journal.vault
        )
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

    /// Until when an applicant can still object to how a case ended; nil where they cannot. Whoever is erased has lost the right.
    private func objection(to serviceCase: Case, in snapshot: Snapshot) throws -> Instant? {
        let service = try definition(serviceCase, in: snapshot)
        let objects = service.stage(serviceCase.progress.stage)?.actions.contains { action in
            action.actors.contains(.applicant) && action.target.flatMap { service.stage($0) }?.status.isOpen == true
        }
        guard objects == true else { return nil }
        if let due = serviceCase.progress.stageDue { return due }
        let decided = try journal.entries(of: serviceCase.stream, in: snapshot).last { $0.facts["stage"] != nil }
        return decided.map { city.calendar.further(Self.objectionTime, after: $0.at) }
    }

    /// For how long somebody can object where a service does not say (UU 14/2008 art. 36(1); UU 30/2014 art. 77 has 21).
    private static let objectionTime = Limit(days: 30, unit: .workingDays)

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
                    id: "Anda masih bisa mengajukan keberatan: setelah \(day.full(.indonesian))",
                    en: "you can still object: after \(day.full(.english))"
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
                reasons.append(
                    Text(
                        id: "uang Anda masih di kas kota: setelah Rp\(Language.indonesian.number(bill.excess)) dikembalikan",
                        en: "the city still has money of yours: once Rp\(Language.english.number(bill.excess)) has been given back"
                    )
                )
            }
        }
        if let last = try BookingOffice.bookings(of: serviceCase.docket, in: snapshot).last, last.ends > journal.clock.now {
            let day = last.starts.date(in: city.zone)
            reasons.append(
                Text(
                    id: "tempat masih dipesan untuk Anda: setelah \(day.full(.indonesian))",
                    en: "a place is still booked for you: after \(day.full(.english))"
                )
            )
        }
        return reasons
    }

    /// When the applicant wished to be erased, and why it waits; nil where there is no such wish.
    public func waitingErasure(of serviceCase: Case) async throws -> (since: Instant, reasons: [Text])? {
        try await journal.read { snapshot in
            try Self.wish(of: serviceCase.docket, in: snapshot).map { ($0, try hindrances(to: serviceCase, in: snapshot)) }
        }
    }

    private static func wish(of docket: String, in snapshot: Snapshot) throws -> Instant? {
        try snapshot.find("SELECT erasure_wished_at FROM service_case WHERE docket = \(docket) AND erasure_wished_at IS NOT NULL") {
            try $0(0, as: Instant.self)
        }
    }

    /// Erases a resident's account and those of their cases that may be. While one of them waits for money or a booked time, the
    /// account waits with it: without it nobody could be reached.
    ///
    /// - Returns: why the account waits; empty once it is erased.
    public func erase(_ resident: Resident, in residents: Residents, language: Language) async throws -> [Text] {
        var reasons: [Text] = []
        for serviceCase in try await ownCases(of: resident.contacts) {
            guard case .waits(let waiting) = try await erase(serviceCase.docket) else { continue }
            // An open case goes on without an account: the applicant has its key.
            reasons += waiting.dropFirst(serviceCase.progress.status.isOpen ? 1 : 0).map {
                Text(id: "\(serviceCase.docket), \($0.id)", en: "\(serviceCase.docket), \($0.en)")
            }
        }
        if reasons.isEmpty { try await residents.erase(resident, language: language) } else { try await residents.wishErasure(resident) }
        return reasons
    }

    /// Carries out wishes that nothing stands in the way of any more.
    func eraseAsWished() async throws {
        try await book.each("case.erasure", Self.cases("erasure_wished_at IS NOT NULL")) { docket in
            guard case .waits = try await erase(docket, by: .system) else { return nil }
            return journal.clock.now.adding(seconds: 60)
        }
        let residents = Residents(journal: journal, city: city, origin: origin)
        try await book.each("resident.erasure", DutyBook.Items("resident_leaving", key: "resident", where: "1 = 1")) { id in
            guard let id = Identifier(id), let resident = try await journal.read({ try residents.resident(id, in: $0) }) else { return nil }
            // In which language they read is not known any more.
            return try await erase(resident, in: residents, language: .indonesian).isEmpty ? nil : journal.clock.now.adding(seconds: 60)
        }
    }
}
