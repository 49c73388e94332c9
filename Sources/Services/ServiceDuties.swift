// SPDX-License-Identifier: EUPL-1.2

import Bookings
import Cases
import Definitions
import Documents
import Essentials
import Fees
import Identity
import Journal
import Logging
import Residents
import ServiceLifecycle
import Storage

/// What time does to cases of services, and the drawing and signing of what was issued.
public struct ServiceDuty: ServiceLifecycle.Service {
    private let services: Services
    private let documents: DocumentOffice
    private let logger: Logger

    /// Duties of services.
    public init(services: Services, documents: DocumentOffice, logger: Logger) {
        self.services = services
        self.documents = documents
        self.logger = logger
    }

    /// Looks every minute until the program stops.
    public func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    // The clocks first: a paper that cannot be drawn must not stop them.
                    try await services.doDuties()
                    try await documents.sealPending()
                } catch let error where !Task.isCancelled {
                    logger.error("service duties not done", metadata: ["error": "\(error)"])
                }
                try await Task.sleep(for: .seconds(60))
            }
        }
    }
}

extension Services {
    /// Does everything that is due, once. Doing it twice changes nothing.
    public func doDuties() async throws {
        let now = journal.clock.now
        let today = now.date(in: city.zone)
        try await book.each("case.time", Self.cases("is_open = 1 AND (stage_due < \(now) OR next_due < \(now))"), keepTime)
        let late: SQL = "is_open = 1 AND status = 'in-progress' AND due < \(now) AND met_at IS NULL AND escalated_at IS NULL"
        try await book.each("case.escalation", Self.cases(late)) { try await escalate($0) }
        let ending: SQL = """
            valid_until >= \(today) AND valid_until <= \(today.adding(days: Self.reminderDays)) AND revoked_at IS NULL
            AND is_superseded = 0 AND is_reminded = 0
            """
        try await book.each("document.expiry", DutyBook.Items("issued_document", key: "id", where: ending)) { try await remindOfExpiry($0) }
        try await book.each("booking.reminder", DutyBook.Items("booking", key: "id", where: bookings.isToBeReminded)) {
            try await remindOfBooking($0)
        }
        let exchanged: SQL = "is_proven = 1 AND until <= \(now)"
        let exchanges = DutyBook.Items("service_contact_exchange", key: "docket", changed: "until", where: exchanged)
        try await book.each("contact.exchange", exchanges) { try await exchangeContact(of: $0) }
        let leaving = DutyBook.Items("resident_contact_leaving", key: "contact_index", changed: "until", where: "until <= \(now)")
        try await book.each("contact.leaving", leaving) {
            try await residents.removeContact(due: $0)
            return nil
        }
        try await journal.operate { transaction in
            try transaction.execute("DELETE FROM service_draft WHERE updated_at < \(now.adding(seconds: -Self.draftLifetime))")
            try transaction.execute("DELETE FROM contact_code WHERE expires_at < \(now)")
        }
        try await sweepFiles()
        try await eraseAged()
        try await eraseAsWished()
    }

    /// What has been looked at, and what could not be done.
    var book: DutyBook { DutyBook(journal: journal) }

    static func cases(_ condition: SQL) -> DutyBook.Items {
        DutyBook.Items("service_case", key: "docket", changed: "updated_at", where: condition)
    }

    /// Takes away what was sent along with applications that were never sent.
    private func sweepFiles() async throws {
        let oldest = journal.clock.now.adding(seconds: -Self.draftLifetime)
        let stray = try await journal.read { snapshot -> [(name: String, person: String)] in
            let found = try snapshot.rows(
                """
                SELECT name, person FROM service_file
                WHERE added_at < \(oldest) AND person NOT IN (SELECT person FROM service_case) ORDER BY name LIMIT 500
                """
            ) { (name: try $0(0, as: String.self), person: try $0(1, as: String.self)) }
            guard !found.isEmpty else { return [] }
            // A draft that somebody still writes on keeps what it has, however old.
            var living: Set<String> = []
            try snapshot.forEach("SELECT sealed FROM service_draft") { row in
                let json = try JSON(parsing: journal.vault.openPassing(try row(0, as: [UInt8].self)))
                if let person = json["person"]?.string { living.insert(person) }
            }
            return found.filter { !living.contains($0.person) }
        }
        for file in stray {
            files.remove(file.name)
            try await journal.operate { try $0.execute("DELETE FROM service_file WHERE name = \(file.name)") }
        }
    }

    /// Brings a case that is past its limit before the head of the agency, once, and tells the applicant. A head that is not
    /// there raises an alarm.
    private func escalate(_ docket: String) async throws -> Instant? {
        try await journal.commit { act in
            let serviceCase = try Self.require(docket, in: act.snapshot)
            let isKnown = try act.snapshot.count("SELECT count(*) FROM service_case WHERE docket = \(docket) AND escalated_at IS NOT NULL")
            guard isKnown == 0, serviceCase.progress.status == .inProgress, !serviceCase.progress.isMet, let due = serviceCase.due,
                due < act.now
            else { return }
            let head = try Accounts.head(of: serviceCase.agency, on: act.now.date(in: city.zone), in: act.snapshot)
            try act.append(
                "case.escalated",
                to: serviceCase.stream,
                by: .system,
                facts: .compact([
                    "docket": .string(docket), "to": .string(serviceCase.agency), "number": head.map { JSON($0.number) } ?? .null,
                    "alarm": head == nil ? true : .null,
                ]),
                inner: head.map { ["told": .string($0.account.description)] }
            )
            let short = city.agency(serviceCase.agency).short
            let line = Text(
                id: "lewat batas waktu; berkas naik ke pimpinan \(short). Maaf.",
                en: "past its limit; the case went to the head of \(short). We are sorry."
            )
            try tell(serviceCase, line, story(of: serviceCase, in: act.snapshot), status: .inProgress, in: act)
        }
        return nil
    }

    /// Days before its end at which the holder of a document is reminded to renew it.
    private static let reminderDays = 30

    /// Tells the holder of a document, once, that it will soon hold no more.
    private func remindOfExpiry(_ id: String) async throws -> Instant? {
        try await journal.commit { act in
            let document = try act.snapshot.find(
                "SELECT docket, number, valid_until FROM issued_document WHERE id = \(id) AND is_reminded = 0"
            ) { (docket: try $0(0, as: String.self), number: try $0(1, as: String.self), until: try $0(2, as: CivilDate.self)) }
            guard let document, let serviceCase = try Self.find(document.docket, in: act.snapshot) else { return }
            try act.append("document.reminded", to: "document/\(id)", by: .system, facts: ["docket": .string(document.docket)])
            let address = "\(origin)/layanan/\(serviceCase.service)"
            let line = Text(
                id: "\(document.number) berlaku sampai \(document.until.long(.indonesian)). Ajukan perpanjangan di \(address)",
                en: "\(document.number) holds until \(document.until.long(.english)). Apply for its renewal at \(address)"
            )
            try tell(serviceCase, line, story(of: serviceCase, in: act.snapshot), status: .waiting, in: act)
        }
        return nil
    }

    /// Reminds, once, of what is booked for the next day.
    private func remindOfBooking(_ id: String) async throws -> Instant? {
        try await journal.commit { act in
            guard let booking = try bookings.find(id, in: act.snapshot), try bookings.remind(booking, in: act),
                let serviceCase = try Self.find(booking.docket, in: act.snapshot)
            else { return }
            func line(_ language: Language) -> String {
                let name = city.venues.lazy.compactMap { $0.resource(booking.resource) }.first?.name(language) ?? booking.resource
                let time = booking.starts.time(language, zone: city.zone)
                return "\(name), \(booking.starts.date(in: city.zone).full(language)) \(time)"
            }
            let text = Text(id: "pengingat: \(line(.indonesian)).", en: "a reminder: \(line(.english)).")
            try tell(serviceCase, text, story(of: serviceCase, in: act.snapshot), status: .waiting, in: act)
        }
        return nil
    }

    /// Does to a case what time does, as often as it has something to do.
    ///
    /// - Returns: when the next office's silence or the stage's own time is over; nil where neither lies ahead.
    func keepTime(_ docket: String) async throws -> Instant? {
        for _ in 0..<20 {
            let isDone = try await journal.commit { act in
                let serviceCase = try Self.require(docket, in: act.snapshot)
                let service = try definition(serviceCase, in: act.snapshot)
                guard let lapse = service.overdue(serviceCase.progress, at: act.now, calendar: city.calendar) else { return true }
                let progress = lapse.progress
                var facts = progress.facts(calendar: city.calendar, now: act.now)
                facts["docket"] = .string(docket)
                // What ended because nobody paid goes on from here, should it turn out to have been paid in time.
                if progress.status == .closed {
                    facts["before"] = .compact(serviceCase.progress.facts(calendar: city.calendar, now: act.now))
                }
                facts["basis"] = lapse.basis.json
                facts["clearance"] = JSON(lapse.clearance)
                facts["outcome"] = JSON(lapse.outcome?.rawValue)
                try act.append("case.overdue", to: serviceCase.stream, by: .system, facts: .compact(facts))
                if progress.status == .closed {
                    try cancelBills(of: docket, by: .system, in: act)
                    try bookings.release(docket, by: .system, in: act)
                }
                let story = try story(of: serviceCase, in: act.snapshot)
                for document in lapse.issues.compactMap(service.document) {
                    try issue(document, serviceCase, service, story.everything, by: .system, in: act)
                }
                if lapse.clearance == nil, let name = service.stage(progress.stage)?.name {
                    try tell(serviceCase, name, story, status: progress.status, in: act)
                }
                return false
            }
            if isDone { break }
        }
        let now = journal.clock.now
        guard let progress = try await journal.read({ try Self.find(docket, in: $0)?.progress }) else { return nil }
        return ([progress.stageDue] + progress.clearances.values.map(\.due)).compactMap { $0 }.filter { $0 > now }.min()
    }
}
