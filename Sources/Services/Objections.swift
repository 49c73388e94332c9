// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Essentials
import Journal
import Storage

/// Until when somebody can object to how their case ended.
extension Services {
    /// For how long somebody can object at the service's own page where it does not say (UU 14/2008 art. 36(1)).
    private static let objectionTime = Limit(days: 30, unit: .workingDays)
    /// For how long somebody can object to any decision against them, by letter to the agency (UU 30/2014 art. 77(1)).
    private static let administrativeObjectionTime = Limit(days: 21, unit: .workingDays)

    /// Until when an applicant can object to how a case ended, whichever way; nil where they cannot. Whoever is erased has lost the right.
    func objection(to serviceCase: Case, in snapshot: Snapshot) throws -> Instant? {
        guard let ended = try end(of: serviceCase, in: snapshot) else { return nil }
        let service = try definition(serviceCase, in: snapshot)
        if objectsHere(serviceCase, service) {
            return serviceCase.progress.stageDue ?? city.calendar.further(Self.objectionTime, after: ended.at)
        }
        return hasOwnWay(service) ? serviceCase.progress.stageDue : byLetter(service, ended)
    }

    /// The last day on which an applicant can object by letter to a decision against them (UU 30/2014 art. 77(1)), where the page of the case
    /// has no act for it; nil where there is no such decision, or the day is over.
    public func lastDayToObject(to serviceCase: Case) async throws -> CivilDate? {
        guard !serviceCase.progress.status.isOpen else { return nil }
        let last = try await journal.read { snapshot -> Instant? in
            let service = try definition(serviceCase, in: snapshot)
            guard !objectsHere(serviceCase, service), !hasOwnWay(service), let ended = try end(of: serviceCase, in: snapshot) else {
                return nil
            }
            return byLetter(service, ended)
        }
        return last.flatMap { $0 > journal.clock.now ? $0.date(in: city.zone) : nil }
    }

    /// The entry that brought a case to where it stands: an act that leaves it there does not begin the time anew.
    private func end(of serviceCase: Case, in snapshot: Snapshot) throws -> Entry? {
        var ended: Entry?
        for entry in try journal.entries(of: serviceCase.stream, in: snapshot) {
            guard let stage = entry.facts["stage"]?.string, stage != ended?.facts["stage"]?.string else { continue }
            ended = entry
        }
        return ended
    }

    private func objectsHere(_ serviceCase: Case, _ service: Service) -> Bool {
        service.stage(serviceCase.progress.stage)?.actions.contains { action in
            action.actors.contains(.applicant) && action.target.flatMap { service.stage($0) }?.status.isOpen == true
        } == true
    }

    /// Whether a law of its own says how one objects to what is decided by a service: then the general one is no second way, and not what
    /// follows at its end (UU 14/2008 art. 35–37, 48).
    private func hasOwnWay(_ service: Service) -> Bool {
        service.stages.contains { stage in
            !stage.status.isOpen
                && stage.actions.contains { action in
                    action.actors.contains(.applicant) && action.target.flatMap { service.stage($0) }?.status.isOpen == true
                }
        }
    }

    private func byLetter(_ service: Service, _ ended: Entry) -> Instant? {
        let deed = ended.facts["act"]?.string
        let isAdverse = service.stages.flatMap(\.actions).contains { $0.code == deed && ($0.isAdverse || $0.revokes) }
        return isAdverse ? city.calendar.further(Self.administrativeObjectionTime, after: ended.at) : nil
    }
}
