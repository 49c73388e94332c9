// SPDX-License-Identifier: EUPL-1.2

import Bookings
import Definitions
import Documents
import Essentials
import Fees
import Forms
import Identity
import Journal

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
        facts["outcome"] = JSON(Self.outcome(progress, isAdverse: action.isAdverse))
        try act.append(
            "case.acted",
            to: serviceCase.stream,
            by: hand.actor,
            facts: .compact(facts),
            personal: note.isEmpty && findings.values.isEmpty
                ? nil
                : Personal(
                    of: serviceCase.person,
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
        if isLost || action.givesBack { try Fees.cancel(docket: docket, zone: city.zone, by: hand.actor, in: act) }
        if progress.status == .closed || (action.isAdverse && !progress.status.isOpen) {
            try bookings.release(docket, by: hand.actor, in: act)
        }
        return progress
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
