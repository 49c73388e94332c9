// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Documents
import Essentials
import Fees
import Journal
import Logging
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
                    try await documents.sealPending()
                    try await services.doDuties()
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
        let due = try await journal.read { snapshot in
            try snapshot.rows(
                """
                SELECT docket FROM service_case WHERE is_open = 1 AND stage_due < \(now)
                UNION SELECT docket FROM service_clearance WHERE is_given = 0 AND due < \(now) ORDER BY docket LIMIT 5000
                """
            ) { try $0(0, as: String.self) }
        }
        for docket in due { try await keepTime(of: docket) }
        try await journal.operate { transaction in
            try transaction.execute("DELETE FROM service_draft WHERE updated_at < \(now.adding(seconds: -Self.draftLifetime))")
        }
    }

    /// Does to a case what time does, as often as it has something to do.
    func keepTime(of docket: String) async throws {
        for _ in 0..<20 {
            let isDone = try await journal.commit { act in
                let serviceCase = try Self.require(docket, in: act.snapshot)
                let service = try definition(serviceCase, in: act.snapshot)
                guard let (progress, basis, clearance) = service.overdue(serviceCase.progress, at: act.now, calendar: city.calendar) else {
                    return true
                }
                var facts = progress.facts(calendar: city.calendar, now: act.now)
                facts["docket"] = .string(docket)
                facts["basis"] = ["id": .string(basis.id), "en": .string(basis.en)]
                facts["clearance"] = JSON(clearance)
                facts["outcome"] = JSON(Self.outcome(progress, isAdverse: false))
                try act.append("case.overdue", to: serviceCase.stream, by: .system, facts: .compact(facts))
                if progress.status == .closed { try Fees.cancel(docket: docket, zone: city.zone, by: .system, in: act) }
                let story = try story(of: serviceCase, in: act.snapshot)
                if clearance == nil, let name = service.stage(progress.stage)?.name {
                    try tell(serviceCase, name, contact: story.contact, in: act)
                }
                return false
            }
            if isDone { return }
        }
    }
}
