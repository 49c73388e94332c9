// SPDX-License-Identifier: EUPL-1.2

import Bookings
import Definitions
import Documents
import Essentials
import Fees
import Forms
import Identity
import Journal
import Storage

/// What an act of a service does to a case, whoever does it: the case moves on, and with it go bills, papers and bookings.
extension Services {
    /// Does what an act of a service does: the case moves on, and with it go bills, papers and bookings.
    ///
    /// - Parameters:
    ///   - everything: all answers and findings.
    ///   - findings: those of this act.
    /// - Returns: how far the case has come.
    func carry(
        _ action: Service.Action,
        _ serviceCase: Case,
        _ service: Service,
        _ everything: Answers,
        _ findings: Answers,
        _ note: String = "",
        by hand: Hand,
        in act: Act
    ) throws -> Progress {
        let docket = serviceCase.docket
        var progress = service.after(action, from: serviceCase.progress, at: act.now, calendar: city.calendar)
        let lines = action.bills ? try assess(service, everything, of: serviceCase, today: act.now.date(in: city.zone)) : []
        let owed = lines.compactMap(\.amount).reduce(0, +)
        // Where nothing is owed there is nothing to wait for.
        if action.bills, owed == 0 { progress = service.paid(from: progress, at: act.now, calendar: city.calendar) ?? progress }
        var facts = progress.facts(calendar: city.calendar, now: act.now)
        facts["docket"] = .string(docket)
        facts["act"] = .string(action.code)
        facts["outcome"] = JSON(Self.outcome(progress, from: serviceCase.progress, isAdverse: action.isAdverse)?.rawValue)
        // Why the agency decided against somebody is the agency's to show: it does not go with the applicant.
        let decision = action.isAdverse && hand.account != nil ? serviceCase.decision ?? Identifier(at: act.now) : nil
        let isWordless = note.isEmpty && findings.values.isEmpty
        if !isWordless { facts["decision"] = JSON(decision?.description) }
        try act.append(
            "case.acted",
            to: serviceCase.stream,
            by: hand.actor,
            facts: .compact(facts),
            personal: isWordless
                ? nil
                : Personal(
                    of: decision ?? serviceCase.person,
                    .compact(["note": JSON(note.isEmpty ? nil : note), "findings": findings.values.isEmpty ? .null : findings.json])
                )
        )
        try keepSlot(action.questions, findings, docket, insteadOfEarlier: true, by: hand.actor, in: act)
        if owed > 0 {
            // Where the stage ends before the bill's own time, so does the bill.
            let due = progress.stageDue?.date(in: city.zone) ?? act.now.date(in: city.zone).adding(days: Self.billDays)
            _ = try Fees.issue(
                docket: docket,
                agency: serviceCase.agency,
                lines: lines,
                due: due,
                zone: city.zone,
                by: hand.actor,
                in: act
            )
        }
        for document in action.issues.compactMap(service.document) {
            try issue(document, serviceCase, service, everything, by: hand.actor, in: act)
        }
        if action.revokes { try IssuedDocument.revoke(docket: docket, by: hand.actor, in: act) }
        // What was paid for something that was granted stays paid, also when it is revoked later.
        let isLost = serviceCase.progress.status.isOpen && !progress.status.isOpen && (action.isAdverse || progress.status == .closed)
        if isLost || action.givesBack { try cancelBills(of: docket, by: hand.actor, in: act) }
        if progress.status == .closed || (action.isAdverse && !progress.status.isOpen) {
            try bookings.release(docket, by: hand.actor, in: act)
        }
        return progress
    }

    /// Nobody keeps a field to themselves for nothing: so many bookings ahead may one contact hold that are not paid for. What is
    /// free of charge is held until its day comes.
    func requireFewHeld(_ service: Service, _ answers: Answers, _ contact: String?, in act: Act) throws {
        for question in service.questionnaire.questions {
            guard case .slot(let venue) = question.kind, Slot(answers[question.code]) != nil else { continue }
            let index = journal.vault.blindIndex(contact ?? "")
            let held = try act.snapshot.count(
                """
                SELECT count(DISTINCT booking.docket) FROM service_contact JOIN booking ON booking.docket = service_contact.docket
                WHERE contact_index = \(index) AND is_released = 0 AND starts_at > \(act.now)
                    AND NOT EXISTS (SELECT 1 FROM bill WHERE bill.docket = booking.docket AND is_cancelled = 0 AND paid >= amount)
                """
            )
            guard held >= venue.rules.held else { continue }
            throw Problem.fields([
                Problem.Field(
                    question.code,
                    Text(
                        id: "Kontak ini sudah memegang \(held) pesanan yang belum dibayar. Bayar atau batalkan satu dulu",
                        en: "This contact holds \(held) bookings that are not paid for. Pay for one or give it back first"
                    )
                )
            ])
        }
    }

    /// Keeps the time that an answer asks for, where one of the questions asks for a time.
    func keepSlot(
        _ questions: [Questionnaire.Question],
        _ answers: Answers,
        _ docket: String,
        insteadOfEarlier: Bool = false,
        by actor: Actor,
        in act: Act
    ) throws {
        for question in questions {
            guard case .slot(let venue) = question.kind, let slot = Slot(answers[question.code]) else { continue }
            try bookings.reserve(slot, of: venue, for: docket, question: question.code, givingBack: insteadOfEarlier, by: actor, in: act)
        }
    }
}
