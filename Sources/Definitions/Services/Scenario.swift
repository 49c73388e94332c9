// SPDX-License-Identifier: EUPL-1.2

import Essentials

extension Service {
    /// A small story: who did what when, and what is expected of it.
    public struct Scenario: Sendable {
        /// What it shows.
        public let name: String
        /// The answers.
        public let answers: JSON
        /// When it was filed.
        public let filed: Instant
        /// What happened then.
        public let steps: [Step]
        /// What is expected.
        public let expected: Expected
        /// Where it stands, to say what is wrong with it.
        public let place: Diagnostic

        /// Something that happened.
        public struct Step: Sendable {
            /// When.
            public let at: Instant
            /// What.
            public let what: What
        }

        /// What may happen.
        public enum What: Sendable {
            /// Somebody did something.
            case act(String, by: Performer, with: JSON)
            /// An office agreed.
            case cleared(String)
            /// The bill was paid.
            case paid
            /// Nothing but time.
            case waited
        }

        /// What is expected.
        public struct Expected: Sendable {
            /// Where the case stands.
            public let stage: String?
            /// When the whole is due.
            public let due: CivilDate?
            /// What is owed, in rupiah.
            public let fee: Int?
            /// The documents issued.
            public let documents: [String]?
            /// The answer, or the act, that is refused.
            public let refused: String?
        }
    }
}
