// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// What can be reported to a city, who answers for it, and what is promised.
public struct ComplaintRules: Sendable {
    /// How a report is classed; the class sets the limit of its resolution.
    public enum Classification: String, Sendable, CaseIterable {
        /// Permintaan informasi.
        case information
        /// Pengaduan tidak berkadar pengawasan.
        case ordinary
        /// Pengaduan berkadar pengawasan: needs examination in the field or of officials.
        case supervisory
        /// Aspirasi.
        case aspiration
    }

    /// A kind of problem.
    public struct Category: Sendable {
        /// A short code, stable.
        public let code: String
        /// Its group, by code.
        public let group: String
        /// What people call it.
        public let name: Text
        /// A line of explanation.
        public let description: Text
        /// Words by which people look for it.
        public let keywords: [String]
        /// Its class.
        public let classification: Classification
        /// Who answers for it, in order: the first rule that fits.
        public let routes: [Route]
        /// Whether a report may be filed without any identity.
        public let allowsAnonymous: Bool
        /// Whether its reports are never public.
        public let isConfidential: Bool
        /// Whether it needs a place.
        public let needsPlace: Bool
        /// Metres within which open reports of the same kind may be the same.
        public let duplicateRadius: Int
        /// What is asked besides the story.
        public let questions: [Question]
        /// The sentence that sends people to another door, when this is not the city's to mend.
        public let elsewhere: Text?

        /// The questions that these answers lead to.
        public func asked(_ answers: [String: String]) -> [Question] {
            questions.filter { question in question.condition.map { answers[$0.question] == $0.answer } ?? true }
        }
    }

    /// A rule of routing: an agency, and where it holds.
    public struct Route: Sendable, Hashable {
        /// A number that pages and entries can name: “aturan 2”.
        public let number: Int
        /// The agency; `district` stands for the office of the district where the problem is.
        public let agency: String
        /// The districts in which it holds; empty for everywhere.
        public let districts: [String]
    }

    /// A question about one kind of problem.
    public struct Question: Sendable {
        /// What an answer looks like.
        public enum Kind: String, Sendable, CaseIterable {
            /// A line of text.
            case text
            /// One of several.
            case choice
            /// A whole number.
            case number
        }

        /// A name, stable within the category.
        public let name: String
        /// The question.
        public let label: Text
        /// What its answer looks like.
        public let kind: Kind
        /// Whether it must be answered.
        public let isRequired: Bool
        /// The answers to choose from.
        public let options: [Option]
        /// The answer to an earlier question without which this one is not asked; nil when it always is.
        public let condition: Condition?
    }

    /// That a question was answered in a certain way.
    public struct Condition: Sendable {
        /// The earlier question, a choice, by name.
        public let question: String
        /// The code of the answer.
        public let answer: String
    }

    /// An answer to choose.
    public struct Option: Sendable {
        /// A code, stable.
        public let code: String
        /// The answer.
        public let label: Text
        /// What is said instead of going on, when this answer means that another door is the right one.
        public let stop: Text?
    }

    /// A group of kinds.
    public struct Group: Sendable {
        /// A short code, stable.
        public let code: String
        /// Its name.
        public let name: Text
    }

    /// Why a report was closed although it is not fixed.
    public struct Reason: Sendable {
        /// A code, stable.
        public let code: String
        /// The reason in words for the resident.
        public let label: Text
        /// Whether a report closed for it is matter of a legal case, so that nothing of it may be destroyed meanwhile
        /// (UU 27/2022 art. 15(1)(b), UU 43/2009 art. 51(1)(d)).
        public let isEvidence: Bool
    }

    /// A sentence ready to send.
    public struct Template: Sendable {
        /// A code, stable.
        public let code: String
        /// What officers call it.
        public let title: Text
        /// The sentence.
        public let body: Text
    }

    /// A step of the ladder climbed when a promise is missed.
    public struct Rung: Sendable, Hashable {
        /// Working days after the due date.
        public let after: Int
        /// Who is told: `head` of the agency, `superior` agency's head.
        public let to: String
    }

    /// How long personal data is kept after a case has ended.
    public struct Retention: Sendable, Hashable {
        /// Days for cases that were handled: fixed, closed unfixed, merged.
        public let handledDays: Int
        /// Days for all others: withdrawn, never confirmed.
        public let otherDays: Int
        /// The rule.
        public let basis: Text
    }

    /// Groups in the order of the pack.
    public let groups: [Group]
    /// Kinds in the order of the pack.
    public let categories: [Category]
    /// Promises by name; resolution once for each class, as `resolution.ordinary`.
    public let promises: [String: Promise]
    /// Reasons for closing unfixed.
    public let reasons: [Reason]
    /// Sentences ready to send.
    public let templates: [Template]
    /// The ladder of escalation.
    public let ladder: [Rung]
    /// The agency that reads reports first.
    public let screeningAgency: String
    /// The kind that a report by SMS is given until an officer has read it.
    public let messageCategory: String
    /// How long personal data is kept; nil where the city has not said: then until somebody wishes it gone.
    public let retention: Retention?
    private let byCode: [String: Category]

    init(
        groups: [Group],
        categories: [Category],
        promises: [String: Promise],
        reasons: [Reason],
        templates: [Template],
        ladder: [Rung],
        screeningAgency: String,
        messageCategory: String,
        retention: Retention?
    ) {
        self.groups = groups
        self.categories = categories
        self.promises = promises
        self.reasons = reasons
        self.templates = templates
        self.ladder = ladder
        self.screeningAgency = screeningAgency
        self.messageCategory = messageCategory
        self.retention = retention
        byCode = Dictionary(categories.map { ($0.code, $0) }, uniquingKeysWith: { $1 })
    }

    /// A kind by its code.
    public func category(_ code: String) -> Category? { byCode[code] }

    /// Codes of the reasons that make a closed report matter of a legal case.
    public var evidenceReasons: [String] { reasons.filter(\.isEvidence).map(\.code) }

    /// Every promise in force.
    public var allPromises: [Promise] { Array(promises.values) }

    /// A promise; loading has made sure that each of the four is there.
    public func promise(_ name: String, for classification: Classification) -> Promise {
        promises["\(name).\(classification.rawValue)"] ?? promises[name]
            ?? Promise(name: name, limit: Limit(days: 10, unit: .workingDays), basis: Text(same: "UU 30/2014"))
    }

    /// Kinds that fit words, best first; every word must be found in name, description or keywords.
    public func search(_ words: String) -> [Category] {
        let wanted = words.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }).map(String.init)
        guard !wanted.isEmpty else { return [] }
        let scored = categories.compactMap { category -> (Category, Int)? in
            let names = "\(category.name.id) \(category.name.en)".lowercased()
            let rest = ([category.description.id, category.description.en] + category.keywords).joined(separator: " ").lowercased()
            var score = 0
            for word in wanted {
                if names.contains(word) { score += 3 } else if rest.contains(word) { score += 1 } else { return nil }
            }
            return (category, score)
        }
        return scored.sorted { $0.1 > $1.1 }.map(\.0)
    }

    /// The kind that a text seems to be about: the one whose words occur most, if there is only one such.
    public func guess(_ text: String) -> String? {
        let words = Set(text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }).map(String.init))
        let scores = categories.map { category in
            let names = category.name.id.lowercased().split(separator: " ").map(String.init)
            return (category.code, Set(category.keywords.map { $0.lowercased() } + names).intersection(words).count)
        }
        guard let best = scores.max(by: { $0.1 < $1.1 }), best.1 > 0, scores.filter({ $0.1 == best.1 }).count == 1 else { return nil }
        return best.0
    }

    /// The rule that decides who answers for a kind of problem in a district.
    public func route(_ category: Category, district: String?, city: [String: Agency]) -> (rule: Route, agency: String)? {
        for rule in category.routes where rule.districts.isEmpty || rule.districts.contains(district ?? "") {
            guard rule.agency == "district" else { return (rule, rule.agency) }
            if let office = city.values.first(where: { $0.district != nil && $0.district == district }) { return (rule, office.code) }
        }
        return nil
    }
}
