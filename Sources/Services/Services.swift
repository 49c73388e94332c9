// SPDX-License-Identifier: EUPL-1.2

import Bookings
import Cases
import Definitions
import Documents
import Essentials
import Fees
import Forms
import Identity
import Journal
import Notifications
import Residents
import Storage
import Synchronization

/// Services as data: every application is carried by the same few mechanisms, whatever the city's files call it.
public struct Services: Sendable {
    /// The one door for writes.
    public let journal: Journal
    /// The city.
    public let city: City
    /// What applicants send along.
    public let files: FileStore
    /// What is kept for cases.
    public let bookings: BookingOffice
    /// What makes it safe before it is kept.
    let uploads: Uploads
    /// Where pages are found from outside, without a slash at the end.
    public let origin: String
    /// Whoever else keeps cases of accounts.
    private let keepers: [any CaseKeeper]
    /// Earlier versions of services, read when a case needs them.
    private let earlier = EarlierVersions()

    /// Services of a city.
    ///
    /// - Parameter keepers: whoever else keeps cases of accounts.
    public init(journal: Journal, city: City, files: FileStore, uploads: Uploads, origin: String, keepers: [any CaseKeeper]) {
        self.journal = journal
        self.city = city
        self.files = files
        self.uploads = uploads
        bookings = BookingOffice(journal: journal, city: city)
        self.origin = origin
        self.keepers = keepers
    }

    /// Accounts of residents, whose cases go with them.
    public var residents: Residents { Residents(journal: journal, city: city, origin: origin, keepers: keepers + [self]) }

    /// Publishes the services of the pack that the log does not have yet; to be called before anything is filed under them.
    public func publishDefinitions() async throws {
        let services = city.services.services
        let known = try await journal.read { try Set($0.rows("SELECT fingerprint FROM service_definition") { try $0(0, as: String.self) }) }
        guard services.contains(where: { !known.contains($0.fingerprint) }) else { return }
        try await journal.commit { act in
            for service in services {
                let stream = "service/\(service.code)/\(service.fingerprint)"
                guard try act.snapshot.count("SELECT count(*) FROM entry WHERE stream = \(stream)") == 0 else { continue }
                try act.append(
                    "service.published",
                    to: stream,
                    by: .system,
                    facts: .object(
                        (PublishedService(service).facts.object ?? [:]).merging([
                            "service": .string(service.code), "fingerprint": .string(service.fingerprint),
                        ]) { $1 }
                    )
                )
            }
        }
    }

    /// The service in the version that a case began under.
    public func definition(_ serviceCase: Case, in snapshot: Snapshot) throws -> Service {
        try definition(serviceCase.service, serviceCase.definition, in: snapshot)
    }

    func definition(_ code: String, _ fingerprint: String, in snapshot: Snapshot) throws -> Service {
        if let current = city.services[code], current.fingerprint == fingerprint { return current }
        if let known = earlier.versions.withLock({ $0[fingerprint] }) { return known }
        let found = try snapshot.find("SELECT facts FROM service_definition WHERE fingerprint = \(fingerprint)") {
            PublishedService(facts: try JSON(parsing: try $0(0, as: String.self).utf8))
        }
        guard let service = found?.service(zone: city.zone) else {
            throw Problem(
                Self.unreadable,
                .fault,
                Text(id: "Versi layanan ini tidak bisa dibaca lagi", en: "This version of the service can no longer be read")
            )
        }
        earlier.versions.withLock { $0[fingerprint] = service }
        return service
    }

    private final class EarlierVersions: Sendable {
        let versions = Mutex<[String: Service]>([:])
    }

    /// A case by its number with its service; nil when there is none.
    public func find(_ docket: String) async throws -> (serviceCase: Case, service: Service)? {
        try await journal.read { snapshot in
            guard let found = try Self.find(docket, in: snapshot) else { return nil }
            return (found, try definition(found, in: snapshot))
        }
    }

    /// The definitions that cases of a list follow, by fingerprint. One that this program can no longer read is left out, so that it
    /// hides none of the others.
    public func definitions(of cases: [Case]) async throws -> [String: Service] {
        try await journal.read { snapshot in
            var found: [String: Service] = [:]
            for serviceCase in cases where found[serviceCase.definition] == nil {
                do {
                    found[serviceCase.definition] = try definition(serviceCase, in: snapshot)
                } catch let problem as Problem where problem.code == Self.unreadable {
                    continue
                }
            }
            return found
        }
    }

    static let unreadable = "service.version-unreadable"

    static func find(_ docket: String, in snapshot: Snapshot) throws -> Case? {
        try snapshot.find("SELECT \(Case.columns) FROM service_case WHERE docket = \(docket)") { try Case($0) }
    }

    static func require(_ docket: String, in snapshot: Snapshot) throws -> Case {
        guard let found = try find(docket, in: snapshot) else { throw noSuchCase }
        return found
    }

    static let noSuchCase = Problem(
        "case.not-found",
        .notFound,
        Text(id: "Berkas ini tidak ada", en: "There is no such case"),
        remedy: Text(id: "Periksa nomornya di tanda terima.", en: "Check the number on the receipt.")
    )

    /// The rules by which a service's answers are checked today.
    ///
    /// - Parameter serviceCase: the case that answers belong to; nil before it is filed.
    public func rules(_ service: Service, of serviceCase: Case? = nil) -> FormRules {
        FormRules(
            today: journal.clock.now.date(in: city.zone),
            filed: serviceCase?.filedAt.date(in: city.zone),
            regions: city.regions,
            questions: service.allQuestions
        )
    }

    /// Whether a key is the applicant's to a case.
    public func holds(_ key: String?, of serviceCase: Case) -> Bool {
        guard let key else { return false }
        return constantTimeEqual(Array(journal.vault.tokenHash(key).utf8), Array(serviceCase.accessHash.utf8))
    }

    /// The agency that answers for a service where an applicant lives.
    func agency(of service: Service, subdistrict: String?) -> String {
        guard service.agency == "district" else { return service.agency }
        let district = subdistrict.flatMap { city.regions[$0]?.parent }
        return city.agencyOrder.first { district != nil && city.agency($0).district == district } ?? city.complaints.screeningAgency
    }

    /// Tells the applicant something about a case, where there is a way to and they want to hear it.
    ///
    /// - Parameter status: what the case is in now.
    /// - Parameter isRequired: whether it is told whatever the applicant wants to be told of.
    func tell(
        _ serviceCase: Case,
        _ line: Text,
        _ story: Story,
        status: CaseStatus,
        isRequired: Bool = false,
        in act: Act
    ) throws {
        switch story.notices {
        case _ where isRequired: break
        case .none: return
        case .needed where status == .inProgress: return
        case .all, .needed: break
        }
        guard let contact = Contact(story.contact) else { return }
        let text = "\(serviceCase.docket): \(line(serviceCase.language))"
        let link = "\(origin)/berkas/\(serviceCase.docket)"
        try Written(subject: text, short: "\(text.prefix(200)) \(link)", long: "\(text)\n\n\(link)\n").send(
            to: contact,
            about: serviceCase.docket,
            in: act,
            vault: journal.vault
        )
    }
}
