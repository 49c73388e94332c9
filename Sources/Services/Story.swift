// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Forms
import Identity
import Journal
import Residents
import Storage

/// What a case holds for those who may read it: folded from its entries, each time, and kept nowhere else.
public struct Story: Sendable {
    /// Something that happened.
    public struct Event: Sendable {
        /// The entry.
        public let id: String
        /// What happened.
        public let kind: String
        /// When.
        public let at: Instant
        /// Who: `resident`, `officer`, `system`.
        public let role: String
        /// The unit for which an officer acted.
        public let unit: String?
        /// The account of the officer.
        public let account: String?
        /// What everybody may know.
        public let facts: JSON
        /// What was written with it.
        public let note: String
        /// What was found, where something was asked of whoever acted.
        public let findings: Answers
    }

    /// The applicant's answers, as last gone through.
    public internal(set) var answers = Answers()
    /// The answers of those who acted, over one another.
    public internal(set) var findings = Answers()
    /// How the applicant can be reached.
    public internal(set) var contact = ""
    /// Whether a code that went to the contact came back, or it is one of a resident who is signed in.
    public internal(set) var isContactConfirmed = false
    /// What is to take the place of a proven contact; nil while nothing is.
    public internal(set) var nextContact: NextContact?
    /// Of what the applicant wants to be told.
    public internal(set) var notices = Notices.all
    /// How sure the city is of the applicant: at filing, and once the contact was proven.
    public internal(set) var assurance = Assurance.anonymous
    /// Everything that happened, oldest first.
    public internal(set) var events: [Event] = []
    /// Whether the applicant's data has been erased.
    public internal(set) var isErased = false

    /// Names of files: of the answers as last gone through, and of what whoever acted wrote at any step, also where it was done again.
    public var files: Set<String> { Set(answers.allFiles + events.flatMap(\.findings.allFiles)) }

    /// Answers and findings together, as conditions, fees and documents know them.
    public var everything: Answers { answers.merging(findings) }

    /// A contact that is to take the place of a proven one.
    public struct NextContact: Sendable {
        /// The address or number.
        public let address: String
        /// Until when the owner of the old one can stop it.
        public let until: Instant
        /// Whether its code came back.
        public internal(set) var isProven: Bool
        /// Whether the owner of the old one agreed.
        public internal(set) var isAgreed = false
    }

    /// What an applicant is told about a case.
    public enum Notices: String, Sendable, CaseIterable {
        /// Every step.
        case all
        /// Only what asks for something, and the end.
        case needed
        /// Nothing; the page says it.
        case none

        /// The choice in words.
        public var name: Text {
            switch self {
            case .all: Text(id: "Setiap langkah", en: "Every step")
            case .needed: Text(id: "Hanya kalau saya perlu bertindak, dan hasilnya", en: "Only when I have to act, and the result")
            case .none: Text(id: "Jangan kirim apa-apa", en: "Send nothing")
            }
        }
    }

    mutating func takeContact(_ entry: Entry) {
        if let given = entry.personal?["contact"]?.string {
            isContactConfirmed = entry.facts["confirmed"]?.bool == true || (isContactConfirmed && given == contact)
            contact = given
        }
        switch entry.kind {
        case "case.contact-confirmed":
            isContactConfirmed = true
            assurance = max(assurance, .contact)
        case "case.contact-change-asked":
            let until = Instant(milliseconds: entry.facts["until"]?.integer ?? 0)
            nextContact = entry.personal?["next"]?.string.map {
                NextContact(address: $0, until: until, isProven: entry.facts["proven"]?.bool == true)
            }
        case "case.contact-change-proven": nextContact?.isProven = true
        case "case.contact-change-agreed": nextContact?.isAgreed = true
        case "case.contact-change-stopped", "case.contact-changed": nextContact = nil
        default: break
        }
        if let chosen = entry.facts["notices"]?.string.flatMap(Notices.init) { notices = chosen }
        if let level = entry.facts["assurance"]?.string.flatMap(Assurance.init) { assurance = level }
    }

    /// Who did an act last; nil when nobody has.
    func account(of act: String) -> String? { events.last { $0.facts["act"]?.string == act }?.account }
}

extension Services {
    /// What a case holds.
    public func story(of serviceCase: Case) async throws -> Story { try await journal.read { try story(of: serviceCase, in: $0) } }

    func story(of serviceCase: Case, in snapshot: Snapshot) throws -> Story {
        var story = Story()
        for entry in try journal.entries(of: serviceCase.stream, in: snapshot) {
            if let answers = entry.personal?["answers"] { story.answers = Answers(json: answers) }
            story.takeContact(entry)
            let findings = Answers(json: entry.personal?["findings"])
            story.findings = story.findings.merging(findings)
            if entry.person != nil, entry.personal == nil { story.isErased = true }
            story.events.append(
                Story.Event(
                    id: entry.id,
                    kind: entry.kind,
                    at: entry.at,
                    role: entry.actor.role,
                    unit: entry.actor.unit,
                    account: entry.actor.account?.description,
                    facts: entry.facts,
                    note: entry.personal?["note"]?.string ?? "",
                    findings: findings
                )
            )
        }
        return story
    }

    /// Everything that the city holds about a case, for its applicant to take away (UU 27/2022 art 7 and 13): also what lies with its
    /// bills, such as the account that money went back to, and what is sealed under the applicant's key anywhere else; not the words of
    /// rows of a bank, which may be others'.
    public func everything(about serviceCase: Case) async throws -> JSON {
        let zone = city.zone
        return try await journal.read { snapshot in
            let streams = [serviceCase.stream] + (try Fees.bills(of: serviceCase.docket, in: snapshot).map { "bill/\($0.number)" })
            let all =
                try streams.flatMap { try journal.entries(of: $0, in: snapshot) }
                + journal.entries(about: serviceCase.person, in: snapshot)
            let once = Dictionary(all.map { ($0.sequence, $0) }, uniquingKeysWith: { one, _ in one })
            let entries = once.values.sorted { $0.sequence < $1.sequence }.map { entry in
                JSON.compact([
                    "at": .string(entry.at.rfc3339(in: zone)), "kind": .string(entry.kind), "role": .string(entry.actor.role),
                    "unit": JSON(entry.actor.unit), "facts": entry.facts,
                    "personal": Fees.isInside(entry.kind) ? .null : entry.personal ?? .null,
                ])
            }
            return ["docket": .string(serviceCase.docket), "service": .string(serviceCase.service), "entries": .array(entries)]
        }
    }

    /// Records that an officer looked at an applicant's data; once a day for each officer, so that the list says something.
    public func recordView(_ docket: String, by officer: Officer) async throws {
        try await journal.commit { act in
            let serviceCase = try Self.require(docket, in: act.snapshot)
            let today = act.now.date(in: city.zone).description
            let key = "view:\(docket):\(officer.account):\(today)"
            guard try act.snapshot.count("SELECT count(*) FROM idempotency WHERE key = \(key)") == 0 else { return }
            try act.append("case.viewed", to: serviceCase.stream, by: officer.actor, facts: ["docket": .string(docket)])
            try act.operate { try $0.execute("INSERT INTO idempotency (key, result, at) VALUES (\(key), '', \(act.now))") }
        }
    }
}
