// SPDX-License-Identifier: EUPL-1.2

import Bookings
import Cases
import Complaints
import Definitions
import Documents
import Essentials
import Fees
import FoodPrices
import Foundation
import Identity
import Journal
import Notifications
import Residents
import Services
import Storage
import Synchronization

/// A clock that a test sets.
public final class TestClock: Sendable {
    private let instant: Mutex<Instant>

    /// A clock that stands at a moment.
    public init(_ text: String) {
        guard let start = Instant(rfc3339: text) else { preconditionFailure("\(text) is no RFC 3339 time") }
        instant = Mutex(start)
    }

    /// The time it shows.
    public var now: Instant { instant.withLock { $0 } }

    /// Sets it.
    public func set(_ text: String) {
        guard let next = Instant(rfc3339: text) else { preconditionFailure("\(text) is no RFC 3339 time") }
        instant.withLock { $0 = next }
    }

    /// As the program reads it.
    public var clock: Clock { Clock { self.now } }
}

/// The fictional city on a fresh database, with a clock that the test sets.
public struct TestCity: Sendable {
    /// Its pack.
    public let city: City
    /// Its journal.
    public let journal: Journal
    /// Its complaints.
    public let complaints: Complaints
    /// Its services.
    public let services: Services
    /// Its bills and payments.
    public let fees: Fees
    /// Its documents.
    public let documents: DocumentOffice
    /// Its accounts of staff.
    public let accounts: Accounts
    /// Its accounts of residents.
    public let residents: Residents
    /// Its bookings.
    public let bookings: BookingOffice
    /// Its clock.
    public let clock: TestClock

    /// The folder of the repository.
    public static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The program itself, built beside the tests: it is what reads pictures, in a process of its own.
    public static let program = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent("balai").path

    /// What makes uploads safe, by the program itself.
    public static let uploads = Uploads(pictures: PictureReader(program: program))

    /// Opens the city.
    ///
    /// - Parameters:
    ///   - engine: on which database.
    ///   - now: the time at which its clock stands.
    ///   - pack: which city.
    public init(_ engine: Engine, now: String = "2026-11-02T09:00:00+07:00", pack: String = "contoh") async throws {
        city = try City(folder: Self.repository.appendingPathComponent("City/\(pack)"))
        clock = TestClock(now)
        let folder = try TestDatabase.temporaryFolder()
        let keyFile = folder.appendingPathComponent("keys/master.key")
        try Vault.createKeyFile(at: keyFile)
        let vault = try Vault(keyFile: keyFile)
        let database = try await TestDatabase.make(engine)
        try await database.migrate(
            Journal.migrations + AccountProjection.migrations + ResidentProjection.migrations + Outbox.migrations + DutyBook.migrations
                + ComplaintTables.migrations + FeeProjection.migrations + ServiceProjection.migrations + DocumentProjection.migrations
                + BookingProjection.migrations + FoodPriceProjection.migrations
        )
        journal = Journal(
            database: database,
            vault: vault,
            projections: [
                AccountProjection(), ResidentProjection(vault: vault), ComplaintProjection(vault: vault), FeeProjection(),
                ServiceProjection(vault: vault), DocumentProjection(), BookingProjection(), FoodPriceProjection(),
                OutboxTraces(vault: vault),
            ],
            clock: clock.clock
        )
        let files = FileStore(folder: folder.appendingPathComponent("files"))
        let uploads = Self.uploads
        complaints = Complaints(journal: journal, city: city, files: files, uploads: uploads, origin: "http://balai.test")
        let services = Services(
            journal: journal,
            city: city,
            files: files,
            uploads: uploads,
            origin: "http://balai.test",
            keepers: [complaints]
        )
        self.services = services
        fees = Fees(journal: journal, zone: city.zone, happened: { act, news in try services.heard(news, in: act) })
        documents = DocumentOffice(
            journal: journal,
            files: files,
            signer: try DocumentSigner(
                keyFile: folder.appendingPathComponent("keys/documents.key"),
                certificateFile: folder.appendingPathComponent("keys/documents.crt"),
                city: city.name.id,
                at: clock.now
            ),
            origin: "http://balai.test"
        )
        accounts = Accounts(journal: journal, zone: city.zone)
        residents = services.residents
        bookings = BookingOffice(journal: journal, city: city)
        try await complaints.publishPromises()
        try await services.publishDefinitions()
    }

    /// An officer with an account.
    public func officer(_ login: String, agency: String, roles: Set<Role>, districts: Set<String> = []) async throws -> Officer {
        let name = login.capitalized
        let token = try await accounts.create(login: login, name: name, agency: agency, roles: roles, districts: districts, by: .system)
        guard let officer = try await accounts.claimant(token: token) else { throw Problem.notFound }
        return officer
    }

    /// A report that is complete.
    public func report(_ category: String = "lubang") -> Report {
        var report = Report()
        report.category = category
        report.answers = ["ukuran": "besar"]
        report.story = "Lubang besar di tengah jalan, dua orang jatuh minggu ini."
        report.district = "99.01.01"
        report.subdistrict = "99.01.01.1001"
        report.address = "Jalan Merdeka, depan halte"
        report.place = Point(latitude: -1.975, longitude: 110.025)
        return report
    }

    /// Files a report and gives its receipt.
    public func file(_ report: Report? = nil, key: String = UUID().uuidString, isTrusted: Bool = true) async throws -> Complaints.Receipt {
        try await complaints.file(report ?? self.report(), person: Identifier(at: clock.now), key: key, isTrusted: isTrusted)
    }
}
