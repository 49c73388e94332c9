// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// The words in which the city writes to people: `messages.yaml` of the nation, changed where the city's own says so.
public struct Messages: Sendable {
    /// A line about a case, for its reporter and those who follow it.
    public enum News: String, Sendable, CaseIterable {
        case verified
        case forwarded
        case answered
        case asked
        case scheduled
        case extended
        case moved
        case done
        case closedUnfixed = "closed-unfixed"
        case merged
        case outside
        case outsideAnswered = "outside-answered"

        /// What is filled in.
        public var fields: [String] {
            switch self {
            case .verified, .forwarded, .answered: ["agency"]
            case .scheduled, .moved: ["date"]
            case .extended, .done: ["days"]
            case .closedUnfixed: ["reason"]
            case .merged: ["other"]
            case .outside, .outsideAnswered: ["office"]
            case .asked: []
            }
        }
    }

    /// A whole message.
    public enum Letter: String, Sendable, CaseIterable {
        /// To a reporter, whose contact is to be confirmed.
        case confirm
        /// To somebody for whom news was asked.
        case agree
        /// The code with which a resident signs in.
        case signIn = "sign-in"
        /// The code by which a resident proves a further contact of their account.
        case addContact = "add-contact"
        /// To an applicant whose contact is proven: the link to the private page.
        case application
        /// To an applicant whose contact is to be proven: a code, and no link.
        case applicationCode = "application-code"
        /// To the proven contact of an application, before another takes its place: how to stop it, or to agree at once.
        case contactChange = "contact-change"
        /// To a reporter who proved their contact: the link to the private page.
        case confirmed
        /// To the account that has a NIK, when a card with it was shown for another.
        case numberElsewhere = "number-elsewhere"
        /// To the contacts that an account had, when another was added to it.
        case contactAdded = "contact-added"
        /// To the contacts of an account that one is to be taken off: how its owner stops it.
        case contactLeaving = "contact-leaving"
        /// To a contact that was taken off an account, and to those that stay.
        case contactRemoved = "contact-removed"
        /// To the contacts of an account to which a key was added.
        case passkeyAdded = "passkey-added"
        /// To the contacts of an account from which a key was taken off.
        case passkeyRemoved = "passkey-removed"
        /// To the proven contact of an account or a case that somebody wishes to have erased, while it waits.
        case erasureWished = "erasure-wished"
        /// To the proven contact of a case whose money is to go to another bank account from now on.
        case refundAccount = "refund-account"
        /// To somebody whose data was erased: that it was, of what, and on what ground (UU 27/2022 art. 45).
        case erased
        /// The same, where the time is over for which the city keeps it.
        case erasedByTime = "erased-by-time"
        /// The morning's news of an area.
        case digest

        /// What is filled in.
        public var fields: [String] {
            switch self {
            case .confirm: ["docket", "code", "link"]
            case .contactChange: ["docket", "contact", "date", "code", "link"]
            case .confirmed: ["docket", "link"]
            case .numberElsewhere, .passkeyAdded, .passkeyRemoved: ["link"]
            case .contactAdded, .contactRemoved: ["contact", "link"]
            case .erasureWished: ["what", "link"]
            case .refundAccount: ["docket", "account", "link", "telephone"]
            case .contactLeaving: ["contact", "date", "link"]
            case .agree: ["name", "link"]
            case .signIn, .addContact: ["code"]
            case .erased, .erasedByTime: ["what", "basis", "city", "official", "telephone"]
            case .application: ["docket", "service", "link"]
            case .applicationCode: ["docket", "service", "code"]
            case .digest: ["area", "new", "done", "link", "list", "stop"]
            }
        }

        /// Without these the message would be of no use: they must stand in the SMS and in the mail.
        public var needed: [String] {
            switch self {
            case .confirm, .contactChange: ["code", "link"]
            case .signIn, .addContact, .applicationCode: ["code"]
            case .erased, .erasedByTime: ["what"]
            case .refundAccount: ["account"]
            case .agree, .application, .confirmed, .numberElsewhere, .contactAdded, .contactLeaving, .contactRemoved, .passkeyAdded,
                .passkeyRemoved, .erasureWished, .digest:
                ["link"]
            }
        }
    }

    /// The words of a letter.
    public struct LetterText: Sendable {
        /// The subject of the mail.
        public let subject: Text
        /// The SMS.
        public let short: Text
        /// The text of the mail.
        public let long: Text
    }

    /// Lines by name; loading has made sure that each is there.
    public let news: [News: Text]
    /// Letters by name; loading has made sure that each is there.
    public let letters: [Letter: LetterText]

    /// A line about a case, filled in.
    public func callAsFunction(_ name: News, _ values: [String: Text]) -> Text {
        news[name].map { Self.fill($0, values) } ?? Text(same: "")
    }

    /// A letter, filled in.
    public func callAsFunction(_ name: Letter, _ values: [String: Text]) -> LetterText {
        let text = letters[name]
        func fill(_ text: Text?) -> Text { text.map { Self.fill($0, values) } ?? Text(same: "") }
        return LetterText(subject: fill(text?.subject), short: fill(text?.short), long: fill(text?.long))
    }

    static func fill(_ text: Text, _ values: [String: Text]) -> Text {
        func fill(_ pattern: String, _ language: Language) -> String {
            filled(pattern) { values[$0]?(language) ?? "" }
        }
        return Text(id: fill(text.id, .indonesian), en: fill(text.en, .english))
    }

    /// A pattern with its `{names}` filled in.
    public static func filled(_ pattern: String, _ value: (String) -> String) -> String {
        pieces(of: pattern).map { $0.isField ? value($0.text) : $0.text }.joined()
    }

    /// Takes a pattern apart once, so that nothing is filled into what was filled in.
    static func pieces(of pattern: String) -> [(text: String, isField: Bool)] {
        var pieces: [(text: String, isField: Bool)] = []
        var rest = Substring(pattern)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            pieces.append((String(rest[..<open]), false))
            pieces.append((String(rest[rest.index(after: open)..<close]), true))
            rest = rest[rest.index(after: close)...]
        }
        pieces.append((String(rest), false))
        return pieces
    }
}

extension City {
    /// The letter to somebody whose data was erased (UU 27/2022 art. 45).
    ///
    /// - Parameters:
    ///   - what: of what.
    ///   - ground: why; only the law of it is said.
    public func erasedLetter(of what: Text, ground: ErasureGround) -> Messages.LetterText {
        messages(
            ground.isTimeOver ? .erasedByTime : .erased,
            [
                "what": what, "basis": ground.basis.law, "city": name, "official": Text(same: contact.dataProtection),
                "telephone": Text(same: contact.telephone),
            ]
        )
    }
}
