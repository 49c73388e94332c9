// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

/// The questions of a service, in pages: one definition for the web, the counter and other programs.
public struct Questionnaire: Sendable {
    /// One page of questions.
    public struct Page: Sendable {
        /// A short code, stable; part of the page's address.
        public let code: String
        /// Its heading.
        public let title: Text
        /// A line under the heading.
        public let help: Text?
        /// When it is asked; always where there is no condition.
        public let condition: Essentials.Expression?
        /// What it asks.
        public let questions: [Question]
    }

    /// One question.
    public struct Question: Sendable {
        /// Its name in answers and conditions.
        public let code: String
        /// The question.
        public let label: Text
        /// A line of help.
        public let help: Text?
        /// How it is answered.
        public let kind: Kind
        /// Whether it may be left empty.
        public let isOptional: Bool
        /// When it is asked; always where there is no condition.
        public let condition: Essentials.Expression?
        /// What must hold of the answer, with what to say where it does not.
        public let checks: [Check]
        /// What the answer is about the applicant, so that it need not be asked twice.
        public let known: Known?

        /// Whether it is a name that the civil registry writes: in Latin letters (Permendagri 73/2022 art. 4 and 5).
        public let isLatin: Bool

        /// Whether it is answered with a time to come.
        public var isSlot: Bool { if case .slot = kind { true } else { false } }
    }

    /// How a question is answered.
    public indirect enum Kind: Sendable {
        /// With a line of text of at most so many characters.
        case text(most: Int)
        /// With several lines of text.
        case paragraph(most: Int)
        /// With a number between bounds, with so many places at most.
        case number(ClosedRange<Decimal>, places: Int)
        /// With a date: whether it may lie ahead, and whether it may lie behind.
        case date(past: Bool, future: Bool)
        /// With one of several.
        case choice([Option])
        /// With a resident's identity number (NIK, PP 40/2019 art 30).
        case residentNumber
        /// With the number of a family card (KK).
        case familyCard
        /// With a mobile number or an e-mail address.
        case contact
        /// With a subdistrict (kelurahan) of the city.
        case subdistrict
        /// With something to book and its times (`Slot`).
        case slot(Venue)
        /// With files, at most so many: photos or PDF.
        case files(most: Int)
        /// By ticking a sentence, without which nothing goes on.
        case declaration
        /// With several of the same, each answering these questions.
        case group(ClosedRange<Int>, item: Text, [Question])
    }

    /// One of several answers.
    public struct Option: Sendable {
        /// Its value.
        public let code: String
        /// Its words.
        public let label: Text
    }

    /// Something that must hold.
    public struct Check: Sendable {
        /// What must hold.
        public let condition: Essentials.Expression
        /// What to say where it does not.
        public let message: Text
    }

    /// What is known about an applicant from an earlier case: asked once.
    public enum Known: String, Sendable, CaseIterable {
        case name
        case residentNumber = "resident-number"
        case familyCard = "family-card"
        case birthDate = "birth-date"
        case birthPlace = "birth-place"
        case contact
        case subdistrict
        case address
        case business
        case businessNumber = "business-number"
    }

    /// Its pages.
    public let pages: [Page]

    /// Every question outside groups.
    public var questions: [Question] { pages.flatMap(\.questions) }

    /// The types of the names that conditions of these questions may use. Every date has a companion: `<code>_days`, the days
    /// since that date on the day of filing. A slot is the code of what is booked; beside its days it has its count, and hours and
    /// rupiah an hour on weekdays and weekends.
    static func names(of question: Question) -> [String: ExpressionType] {
        switch question.kind {
        case .number: [question.code: .decimal]
        case .declaration: [question.code: .bool]
        case .files, .group: [question.code: .integer]
        case .date: [question.code: .string, "\(question.code)_days": .integer]
        case .slot:
            [
                question.code: .string, "\(question.code)_days": .integer, "\(question.code)_count": .integer,
                "\(question.code)_weekday_hours": .decimal, "\(question.code)_weekend_hours": .decimal,
                "\(question.code)_weekday_rate": .decimal, "\(question.code)_weekend_rate": .decimal,
            ]
        default: [question.code: .string]
        }
    }
}
