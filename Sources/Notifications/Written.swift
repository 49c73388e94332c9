// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Journal

/// A message as it is sent: a mail with its subject, or the short text in its place.
public struct Written: Sendable {
    /// The subject of the mail.
    public let subject: String
    /// The SMS: at most 300 signs, in the alphabet of telephones where it can be.
    public let short: String
    /// The text of the mail.
    public let long: String

    /// A message in these words.
    public init(subject: String, short: String, long: String) {
        self.subject = subject
        // A single sign outside the alphabet of telephones more than halves what fits.
        self.short = String(ShortMessage.plain(short).prefix(300))
        self.long = long
    }

    /// A message of the pack, filled in.
    public init(_ text: Messages.LetterText, _ language: Language) {
        self.init(subject: text.subject(language), short: text.short(language), long: text.long(language))
    }

    /// Puts it into the outbox within an act; nothing where there is no contact.
    ///
    /// - Parameters:
    ///   - contact: whom it goes to.
    ///   - docket: the case that it is about; empty where it is about none.
    ///   - isUrgent: whether it goes out at night too: somebody is waiting for it.
    ///   - outlivesErasure: whether it stays though its reader's data is erased while it waits, since it tells of just that.
    public func send(
        to contact: Contact,
        about docket: String = "",
        isUrgent: Bool = false,
        outlivesErasure: Bool = false,
        in act: Act,
        vault: Vault
    ) throws {
        let message: Message
        switch contact {
        case .none: return
        case .mail(let address): message = Message(channel: .mail, recipient: address, subject: subject, body: long, docket: docket)
        case .phone(let number): message = Message(channel: .sms, recipient: number, subject: "", body: short, docket: docket)
        }
        try Outbox.enqueue(message, isUrgent: isUrgent, outlivesErasure: outlivesErasure, in: act, vault: vault)
    }
}
