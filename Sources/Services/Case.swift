// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Identity
import Storage

/// An application to a service as it stands now: one row, worked out from its entries. What the applicant said is not here: it
/// is read from the sealed entries, by those who may.
public struct Case: Sendable {
    /// Its number.
    public let docket: String
    /// Its stream in the journal.
    public var stream: String { "case/\(docket)" }
    /// The service, by code.
    public let service: String
    /// The version of the service that it began under.
    public let definition: String
    /// How far it has come.
    public let progress: Progress
    /// How it ended; nil while it goes on.
    public let outcome: CaseOutcome?
    /// The agency that answers for it.
    public let agency: String
    /// The subdistrict, by code, where the service asks for one.
    public let subdistrict: String?
    /// Whose personal data it holds.
    public let person: Identifier
    /// Under whose key the reasons of decisions against the applicant are sealed; nil where there was none. They are the agency's, which
    /// has to be able to show them after the applicant is erased (UU 14/2008 art. 11(1)b, UU 43/2009 art. 51–52), and go once the case's time is over.
    public let decision: Identifier?
    /// The hash of the applicant's key.
    public let accessHash: String
    /// The applicant's language.
    public let language: Language
    /// How it came in: `web` or `counter`.
    public let channel: String
    /// When it was filed.
    public let filedAt: Instant
    /// When something last happened.
    public let updatedAt: Instant
    /// When it ended; nil while it goes on.
    public let endedAt: Instant?
    /// When the whole is due.
    public let due: Instant?
    /// The next thing that is due.
    public let nextDue: Instant?

    /// A case at the moment it is filed, before any table knows it.
    init(
        filing docket: String,
        _ service: Service,
        _ progress: Progress,
        agency: String,
        subdistrict: String?,
        draft: Services.Draft,
        channel: String,
        at now: Instant
    ) {
        self.docket = docket
        self.service = service.code
        definition = service.fingerprint
        self.progress = progress
        outcome = nil
        self.agency = agency
        self.subdistrict = subdistrict
        person = draft.person
        decision = nil
        accessHash = ""
        language = draft.language
        self.channel = channel
        filedAt = now
        updatedAt = now
        endedAt = nil
        due = nil
        nextDue = nil
    }

    static let columns: SQL = """
        docket, service, definition, state, outcome, agency, subdistrict, person, access_hash, language, channel, filed_at, updated_at,
        due, next_due, decision, ended_at
        """

    init(_ row: Row) throws {
        docket = try row(0)
        service = try row(1)
        definition = try row(2)
        progress = Progress(facts: try JSON(parsing: try row(3, as: String.self).utf8))
        outcome = try row.optional(4, as: String.self).flatMap { CaseOutcome(rawValue: $0) }
        agency = try row(5)
        subdistrict = try row.optional(6)
        guard let person = Identifier(try row(7, as: String.self)) else { throw StorageError.statement("service_case.person") }
        self.person = person
        accessHash = try row(8)
        language = Language(rawValue: try row(9)) ?? .indonesian
        channel = try row(10)
        filedAt = try row(11)
        updatedAt = try row(12)
        due = try row.optional(13)
        nextDue = try row.optional(14)
        endedAt = try row.optional(16)
        decision = try row.optional(15, as: String.self).flatMap { Identifier($0) }
    }
}

/// How much of a case an officer may see.
public enum Sight: Int, Sendable, Comparable {
    /// Not that it is there.
    case nothing
    /// What it costs and what was paid, and not a word of what its applicant said.
    case money
    /// All of it.
    case dossier

    /// Less before more.
    public static func < (one: Sight, other: Sight) -> Bool { one.rawValue < other.rawValue }
}

extension Officer {
    /// What the officer may do to cases of an agency: their own, and nobody else's.
    public func performers(at agency: String) -> Set<Service.Performer> {
        guard agency == self.agency else { return [] }
        let all: [(Role, Service.Performer)] = [
            (.clerk, .clerk), (.officer, .officer), (.head, .head), (.signer, .signer), (.treasurer, .treasurer),
        ]
        return Set(all.filter { roles.contains($0.0) }.map(\.1))
    }

    /// What the officer may do to a case: nothing outside the districts to which the officer is limited.
    func performers(for serviceCase: Case) -> Set<Service.Performer> {
        isWithinDistricts(serviceCase) ? performers(at: serviceCase.agency) : []
    }

    /// The number of a subdistrict begins with that of its district.
    func isWithinDistricts(_ serviceCase: Case) -> Bool {
        guard !districts.isEmpty, let subdistrict = serviceCase.subdistrict else { return true }
        return districts.contains { subdistrict.hasPrefix("\($0).") }
    }

    /// How much of a case the officer may see: all of it where the case is of their agency, or waits for their agency's word. Whoever
    /// is treasurer there and nothing else sees the money, unless the case waits for an act of the treasurer.
    public func sight(of serviceCase: Case, service: Service) -> Sight {
        if !roles.isDisjoint(with: [.supervisor, .auditor]) { return .dossier }
        let performers = performers(for: serviceCase)
        let stage = service.stage(serviceCase.progress.stage)
        if !performers.isSubset(of: [.treasurer]) || stage?.actions.contains(where: { !$0.actors.isDisjoint(with: performers) }) == true {
            return .dossier
        }
        let isAsked = stage?.clearances.contains { $0.agency == agency } == true
        if isAsked, !roles.isDisjoint(with: [.officer, .head]), isWithinDistricts(serviceCase) { return .dossier }
        return performers.isEmpty ? .nothing : .money
    }

    /// Whether the officer may see all of a case.
    public func sees(_ serviceCase: Case, service: Service) -> Bool { sight(of: serviceCase, service: service) == .dossier }
}
