// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Journal

/// How many messages may go to a contact that somebody wrote into a form and nobody has proven: codes, confirmations, offers of
/// news, by every way in together. A form costs its sender nothing, and must not have a stranger’s telephone ring at the city’s
/// cost. What officers send, and news to contacts that are proven, is not counted.
///
/// Kept in memory: a restart grants a contact five messages more, and costs no act a write.
public enum MessageBudget {
    /// Messages to one contact in a quarter of an hour, and in a day.
    static let perContact = (quarterHour: 5, day: 20)
    /// Messages that one network has sent in a quarter of an hour. Thousands of telephones share one address of their operator, and
    /// all of them report the same flood.
    static let perNetwork = 300

    private static let quarterHour = Throttle()
    private static let day = Throttle(seconds: 86_400)

    /// Takes one message out of the budget.
    ///
    /// - Parameter network: whence the form came; nil where an officer or a program sends it.
    /// - Returns: nil where the message may go out; else the moment from which it may be asked for again.
    public static func take(for contact: Contact, from network: String?, vault: Vault, now: Instant) -> Instant? {
        guard let address = contact.address else { return nil }
        let index = vault.blindIndex(address)
        let sender = network.map { vault.tokenHash("network:\($0)") }
        if let later = sender.flatMap({ quarterHour.take($0, limit: perNetwork, now: now) }) { return later }
        return quarterHour.take(index, limit: perContact.quarterHour, now: now) ?? day.take(index, limit: perContact.day, now: now)
    }

    /// What is said where a message has to wait.
    public static func refused(until later: Instant, zone: TimeZoneOffset) -> Problem {
        let when = Text(id: later.stamp(.indonesian, zone: zone), en: later.stamp(.english, zone: zone))
        return Problem(
            "code.too-many",
            .tooMany,
            Text(id: "Terlalu sering meminta pesan", en: "Too many messages were asked for"),
            remedy: Text(
                id: "Pakai pesan terakhir, atau minta lagi mulai \(when.id).",
                en: "Use the last message, or ask again from \(when.en) on."
            ),
            retryAfter: 900
        )
    }
}
