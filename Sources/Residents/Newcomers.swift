// SPDX-License-Identifier: EUPL-1.2

import Essentials

extension Resident {
    /// A contact or a passkey that came to the account so lately that it has no say in what becomes of it.
    public struct Newcomer<What: Sendable>: Sendable {
        /// Which.
        public let what: What
        /// Days for which it is new still, begun ones counted whole.
        public let days: Int
    }

    /// Contacts that are new.
    public func newContacts(at now: Instant) -> [Newcomer<Contact>] {
        contacts.filter { isNew($0, at: now) }.map { contact in
            Newcomer(what: contact, days: Self.days(from: now) { isNew(contact, at: $0) })
        }
    }

    /// Passkeys that are new.
    public func newPasskeys(at now: Instant) -> [Newcomer<Passkey>] {
        func isNew(_ passkey: Passkey, _ moment: Instant) -> Bool { passkey.addedAt.adding(seconds: Residents.newness) > moment }
        return passkeys.filter { isNew($0, now) }.map { passkey in
            Newcomer(what: passkey, days: Self.days(from: now) { isNew(passkey, $0) })
        }
    }

    /// Contacts that a code may go to which makes sure that it is the owner: those that are not new; where all are, all.
    public func proofContacts(at now: Instant) -> [Contact] {
        let old = contacts.filter { !isNew($0, at: now) }
        return old.isEmpty ? contacts : old
    }

    private static func days(from now: Instant, while isNew: (Instant) -> Bool) -> Int {
        (1...Residents.newDays).first { !isNew(now.adding(seconds: Int64($0) * 86_400)) } ?? Residents.newDays
    }
}
