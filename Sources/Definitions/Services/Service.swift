// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// A service of the city as data: what it promises, what it asks, and how an application is carried to its end.
public struct Service: Sendable {
    /// A short code, stable; part of its address.
    public let code: String
    /// Three letters that begin the numbers of its cases.
    public let docket: String
    /// Its name.
    public let name: Text
    /// What it is for, in a line or two.
    public let summary: Text
    /// Words by which people look for it.
    public let keywords: [String]
    /// The life event under which it is listed, by code.
    public let event: String
    /// The agency that answers for it; `district` stands for the office of the district where the applicant lives.
    public let agency: String
    /// Agencies beside it whose counters fill it in for residents, by code; `district` stands for the office of every district.
    public let counters: Set<String>
    /// Its standard.
    public let standard: Standard
    /// How long the whole may take.
    public let limit: Promise
    /// How sure the city must be of whoever applies on their own; a clerk at the counter has them in front of them.
    public let assurance: Assurance
    /// How it is begun by SMS; nil where it is not.
    public let shortForm: ShortForm?
    /// What is asked.
    public let questionnaire: Questionnaire
    /// Where a case may stand, the first one first.
    public let stages: [Stage]
    /// The act of the first stage that the program does itself as soon as a case is filed, where its guards hold.
    public let immediately: String?
    /// What it costs.
    public let fee: Fee
    /// What is issued.
    public let documents: [DocumentTemplate]
    /// What of the documents issued everybody may look up: labels and answers; nil where there is no public register.
    public let register: [(label: Text, question: String)]?
    /// Whether everybody may see that its cases were filed, when and how they ended, without a word of their content.
    public let hasPublicCases: Bool
    /// Small stories that prove it.
    public let scenarios: [Scenario]
    /// A name that follows from what its file says; a case keeps the version that it began under.
    public let fingerprint: String
    /// The file that it was read from, to be published with it.
    public let source: String

    /// A stage by its code.
    public func stage(_ code: String) -> Stage? { stages.first { $0.code == code } }

    /// The act that is done as soon as a case is filed.
    public var firstAction: Action? { immediately.flatMap { code in stages.first?.actions.first { $0.code == code } } }

    /// A document by its code.
    public func document(_ code: String) -> DocumentTemplate? { documents.first { $0.code == code } }

    /// Every question that anybody is asked in the course of a case.
    public var allQuestions: [Questionnaire.Question] {
        questionnaire.questions + stages.flatMap { $0.actions.flatMap(\.questions) }
    }

    /// How far the service goes, worked out from what it really does (the four stages by which e-government is measured).
    public var maturity: Maturity {
        // Carried to its end: an act that ends it well also hands over the paper, or the answer is handed over here.
        let isWhole = stages.contains { from in
            from.actions.contains { action in
                !action.isAdverse && !action.issues.isEmpty && action.target.flatMap(stage)?.status == .decided
            }
        }
        guard isWhole || stages.contains(where: { $0.status == .decided && $0.isDelivered }) else { return .interaction }
        let asksOnce = questionnaire.questions.contains { $0.known != nil }
        // Papers that prove who acts for somebody else are asked of few.
        let asksForPaper = questionnaire.pages.filter { $0.code != Questionnaire.onBehalf }.flatMap(\.questions).contains {
            if case .files = $0.kind { !$0.isOptional } else { false }
        }
        return asksOnce && !asksForPaper ? .transformation : .transaction
    }
}

/// How far a service goes.
public enum Maturity: Int, Sendable, CaseIterable {
    /// There is a page about it.
    case presence = 1
    /// One can ask and is answered.
    case interaction
    /// It is carried to its end without going anywhere.
    case transaction
    /// Nothing is asked that the city knows.
    case transformation

    /// The stage in words.
    public var name: Text {
        switch self {
        case .presence: Text(id: "Hadir", en: "Presence")
        case .interaction: Text(id: "Interaksi", en: "Interaction")
        case .transaction: Text(id: "Transaksi", en: "Transaction")
        case .transformation: Text(id: "Transformasi", en: "Transformation")
        }
    }
}

extension Service {
    /// An application by SMS: a word, then answers with `#` between them. What it leaves out is answered later on the web or at a
    /// counter.
    public struct ShortForm: Sendable {
        /// The word that it begins with, in capitals.
        public let keyword: String
        /// The questions that are answered, by code, in their order.
        public let asks: [String]
    }

    /// The parts of the service standard (PermenPANRB 15/2014) that only people can say; procedure, time, fee and complaints
    /// follow from the rest of the definition.
    public struct Standard: Sendable {
        /// The parts, in the order of the regulation.
        public enum Part: String, Sendable, CaseIterable {
            case basis, requirements, product, facilities, competence, supervision, staff, guarantee, safety, evaluation

            /// The part in words.
            public var name: Text {
                switch self {
                case .basis: Text(id: "Dasar hukum", en: "Legal basis")
                case .requirements: Text(id: "Persyaratan", en: "Requirements")
                case .product: Text(id: "Produk pelayanan", en: "Product")
                case .facilities: Text(id: "Sarana, prasarana, dan fasilitas", en: "Facilities")
                case .competence: Text(id: "Kompetensi pelaksana", en: "Competence of staff")
                case .supervision: Text(id: "Pengawasan internal", en: "Internal supervision")
                case .staff: Text(id: "Jumlah pelaksana", en: "Number of staff")
                case .guarantee: Text(id: "Jaminan pelayanan", en: "Guarantee of service")
                case .safety: Text(id: "Jaminan keamanan dan keselamatan", en: "Safety and security")
                case .evaluation: Text(id: "Evaluasi kinerja pelaksana", en: "Evaluation of performance")
                }
            }
        }

        /// The requirements, one by one.
        public let requirements: [Text]
        /// Every other part.
        public let parts: [Part: Text]
    }

    /// Where a case may stand: the city's words over a closed set of statuses.
    public struct Stage: Sendable {
        /// A short code, stable.
        public let code: String
        /// The stage in words for the applicant.
        public let name: Text
        /// What it means.
        public let status: CaseStatus
        /// How long a case may stand here.
        public let limit: Promise?
        /// What can be done.
        public let actions: [Action]
        /// Offices that must each agree, side by side.
        public let clearances: [Clearance]
        /// Where the case goes once every office has agreed.
        public let whenCleared: String?
        /// Where the case goes once its bill is paid.
        public let whenPaid: String?
        /// What its time being over does; nil where nothing.
        public let whenOverdue: Overdue?
        /// Whether the applicant has the result without going anywhere, though no document is issued.
        public let isDelivered: Bool
    }

    /// What happens when a case has stood in a stage for too long: silence that the law takes for an answer, or a question that
    /// lapsed.
    public struct Overdue: Sendable {
        /// Where the case goes.
        public let stage: String
        /// The rule.
        public let basis: Text
        /// Documents that say so, by code; the program issues them, since whoever should have decided did not.
        public let issues: [String]
        /// What the silence is, where it ends the case.
        public let silence: Silence?

        /// How it ends the case. Published before that had to be said: silence that issues a document is an answer by law.
        public var outcome: CaseOutcome { silence?.outcome ?? (issues.isEmpty ? .unanswered : .deemed) }
    }

    /// What it is that nobody decided in time.
    public enum Silence: String, Sendable, CaseIterable {
        /// Nothing: the answer is owed still. In what was published before 2026-12 alone: such a case goes on now.
        case unanswered
        /// A decision for the applicant, by law.
        case deemed

        var outcome: CaseOutcome { self == .deemed ? .deemed : .unanswered }
    }

    /// Something that can be done to a case.
    public struct Action: Sendable {
        /// A short code, stable.
        public let code: String
        /// What it is called.
        public let name: Text
        /// Who may do it.
        public let actors: Set<Performer>
        /// Where the case goes; nil where it stays.
        public let target: String?
        /// More time that the law gives for it, for the whole and for the stage alike, counted on from where their time would have
        /// ended; nil where it gives none.
        public let extends: Promise?
        /// What must hold, with what to say where it does not.
        public let guards: [Questionnaire.Check]
        /// What is asked of whoever acts.
        public let questions: [Questionnaire.Question]
        /// Whether a note to the other side belongs to it.
        public let note: Note
        /// Whether the fee is worked out and billed.
        public let bills: Bool
        /// Documents that are issued.
        public let issues: [String]
        /// Whether the documents of the case are revoked.
        public let revokes: Bool
        /// Whether what was paid is given back.
        public let givesBack: Bool
        /// Whether the applicant goes through the questions again.
        public let revises: Bool
        /// Acts that must have been done by somebody else.
        public let otherThan: [String]
        /// What the applicant is told; nil where the stage's name says enough.
        public let notice: Text?
        /// Whether it ends badly for the applicant, and so is shown apart.
        public let isAdverse: Bool
    }

    /// Whether a note belongs to an act.
    public enum Note: String, Sendable, CaseIterable { case none, optional, required }

    /// Who does something to a case.
    public enum Performer: String, Sendable, CaseIterable {
        case applicant, clerk, officer, head, signer, treasurer

        /// Who, in words.
        public var name: Text {
            switch self {
            case .applicant: Text(id: "Pemohon", en: "Applicant")
            case .clerk: Text(id: "Petugas loket", en: "Clerk")
            case .officer: Text(id: "Petugas", en: "Officer")
            case .head: Text(id: "Kepala", en: "Head")
            case .signer: Text(id: "Penanda tangan", en: "Signer")
            case .treasurer: Text(id: "Bendahara", en: "Treasurer")
            }
        }
    }

    /// An office that must agree.
    public struct Clearance: Sendable {
        /// A short code, stable.
        public let code: String
        /// What it looks at.
        public let name: Text
        /// The agency.
        public let agency: String
        /// How long it may take.
        public let limit: Promise
        /// The rule by which its silence counts as agreement; nil where it does not.
        public let deemed: Text?
    }

    /// What a service costs.
    public enum Fee: Sendable {
        /// Nothing, by this rule.
        case free(basis: Text)
        /// A levy, worked out from answers: each of the levy's questions and the expression that answers it.
        case levy(Levy, answers: [String: Essentials.Expression])
        /// Lines, each a fixed or worked-out amount.
        case lines([Line])

        /// Whether anything may be owed.
        public var isDue: Bool { if case .free = self { false } else { true } }
    }

    /// A line of a bill.
    public struct Line: Sendable {
        /// What it is for.
        public let label: Text
        /// The rule.
        public let basis: Text
        /// The amount in rupiah.
        public let amount: Essentials.Expression
        /// Whether the amount has still to be confirmed by the city.
        public let isUnconfirmed: Bool
    }

    /// A document as data: its words, its number, who signs it, how long it holds.
    public struct DocumentTemplate: Sendable {
        /// A short code, stable.
        public let code: String
        /// Its title as it stands on the paper, in Indonesian.
        public let title: String
        /// What makes its number: text in which `{seq4}` counts within everything else.
        public let number: Essentials.Expression
        /// The title of the office that signs.
        public let signer: String
        /// Months for which it holds; nil for ever.
        public let months: Int?
        /// The answer that names an earlier document in whose place this one stands; nil where there is none.
        public let replaces: String?
        /// Its content.
        public let body: [Block]
    }

    /// A part of a document.
    public struct Block: Sendable {
        /// When it stands there; always where there is no condition.
        public let condition: Essentials.Expression?
        /// What it says.
        public let content: Content
    }

    /// What a part of a document says.
    public enum Content: Sendable {
        /// A paragraph, with `{answers}` filled in.
        case paragraph(String)
        /// Labels with answers.
        case facts([(label: String, value: String)])
        /// The lines of the bill, with their sum.
        case bill
    }
}

/// What a stage means: a closed set for every service.
public enum CaseStatus: String, Sendable, CaseIterable {
    /// Being worked on; the clock runs.
    case inProgress = "in-progress"
    /// The applicant has to do something; the clock stands still.
    case waiting
    /// Decided, for or against.
    case decided
    /// Over without a decision: taken back, or lapsed.
    case closed

    /// Whether the city still owes something.
    public var isOpen: Bool { self == .inProgress || self == .waiting }
}

/// How a case ended: a closed set for every service.
public enum CaseOutcome: String, Sendable, CaseIterable {
    /// Decided for the applicant.
    case granted
    /// Decided against them, or revoked.
    case refused
    /// Over without a decision.
    case closed
    /// Not answered in time. The city owes the answer still, and its clock runs on (UU 14/2008 art. 35(1)c).
    case unanswered
    /// Not decided in time, and granted by law (UU 30/2014 art. 53(3)).
    case deemed
}
