// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Journal
import Storage

/// Whoever keeps cases that are an account's by their proven contact. What becomes of a contact of the account becomes of its cases in
/// the same act, so that nobody who is given a number later finds what its former owner filed.
public protocol CaseKeeper: Sendable {
    /// How many cases have this as their proven contact.
    func caseCount(of contact: Contact, in snapshot: Snapshot) throws -> Int

    /// Carries every case from a contact that leaves its account to one that stays, with what waits to be told of it.
    func carryCases(from contact: Contact, to heir: Contact, in act: Act) throws

    /// Stops exchanges of contacts that wait.
    ///
    /// - Parameters:
    ///   - contacts: the proven contacts of the cases.
    ///   - next: what was to take their place: a contact that leaves the account.
    ///   - since: those, too, that the applicant asked for since then, when somebody came to the account who is leaving it.
    func stopExchanges(of contacts: [Contact], to next: Contact?, since: Instant?, in act: Act) throws

    /// Lets what is not erased with an account go: its cases are opened by their own keys alone from then on.
    func releaseCases(of contacts: [Contact], in act: Act) throws
}

extension CaseKeeper {
    /// Nothing: a case whose contact cannot be exchanged.
    public func stopExchanges(of contacts: [Contact], to next: Contact?, since: Instant?, in act: Act) throws {}
}

extension Resident {
    /// To which of the other contacts the cases of one go with the account: the oldest that is neither leaving nor new; else the oldest.
    /// Nil where they stay with it: what is new on the account keeps what is its own, as a thief's or a guest's cases are not the owner's.
    public func heir(of contact: Contact, at now: Instant) -> Contact? {
        guard !isNew(contact, at: now) else { return nil }
        let others = staying.filter { $0 != contact }
        return others.first { !isNew($0, at: now) } ?? others.first ?? contacts.first { $0 != contact }
    }
}

extension Residents {
    /// How many cases each contact of an account has as its proven one.
    public func caseCounts(of resident: Resident) async throws -> [Contact: Int] {
        try await journal.read { snapshot in
            try resident.contacts.reduce(into: [:]) { counts, contact in
                counts[contact] = try keepers.reduce(0) { $0 + (try $1.caseCount(of: contact, in: snapshot)) }
            }
        }
    }

    /// Settles what becomes of the cases of an account with a contact that leaves it.
    func settleCases(of resident: Resident, without contact: Contact, in act: Act) throws {
        let others = resident.contacts.filter { $0 != contact }
        let since = resident.isNew(contact, at: act.now) ? resident.since(contact) : nil
        for keeper in keepers {
            try keeper.stopExchanges(of: others, to: contact, since: since, in: act)
            if let heir = resident.heir(of: contact, at: act.now) { try keeper.carryCases(from: contact, to: heir, in: act) }
        }
    }
}
