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
    /// How it ended: `granted`, `refused` or `closed`; nil while it has not.
    public let outcome: String?
    /// The agency that answers for it.
    public let agency: String
    /// The subdistrict, by code, where the service asks for one.
    public let subdistrict: String?
    /// Whose personal data it holds.
    public let person: Identifier
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
        accessHash = ""
        language = draft.language
        self.channel = channel
        filedAt = now
        updatedAt = now
        due = nil
        nextDue = nil
    }

    static let columns: SQL = """
        docket, service, definition, state, outcome, agency, subdistrict, person, access_hash, language, channel, filed_at, updated_at,
        due, next_due
        """

    init(_ row: Row) throws {
        docket = try row(0)
        service = try row(1)
        definition = try row(2)
        progress = Progress(facts: try JSON(parsing: try row(3, as: String.self).utf8))
        outcome = try row.optional(4)
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
    }
}

extension Officer {
    /// What the officer may do to a case of an agency.
    public func performers(at agency: String) -> Set<Service.Performer> {
        guard agency == self.agency else { return roles.contains(.treasurer) ? [.treasurer] : [] }
        let all: [(Role, Service.Performer)] = [
            (.clerk, .clerk), (.officer, .officer), (.head, .head), (.signer, .signer), (.treasurer, .treasurer),
        ]
        return Set(all.filter { roles.contains($0.0) }.map(\.1))
    }

    /// Whether the officer may see a case: of their agency, or waiting for their agency's word.
    public func sees(_ serviceCase: Case, service: Service) -> Bool {
        let offices = service.stage(serviceCase.progress.stage)?.clearances.map(\.agency) ?? []
        return !roles.isDisjoint(with: [.supervisor, .auditor]) || !performers(at: serviceCase.agency).isEmpty
            || (offices.contains(agency) && !roles.isDisjoint(with: [.officer, .head]))
    }
}
