// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// Which offices serve residents at a counter, as the service and the city name them.
extension City {
    /// Whether a counter of an agency fills in a service for residents: the agency that answers for it, those that it names, and those
    /// that the city names for every service.
    public func counter(of agency: String, takes service: Service) -> Bool {
        isNamed(agency, in: services.counters.union(service.counters).union([service.agency]))
    }

    /// Whether a counter of an agency looks at identity cards. A check holds for every service and for as long as the account lasts, so
    /// that only those do who are named for it; where nobody is, the counters of services that ask for a checked identity.
    public func counterChecksIdentity(at agency: String) -> Bool {
        if let named = services.identity { return isNamed(agency, in: named) }
        return services.services.contains { $0.assurance == .identified && counter(of: agency, takes: $0) }
    }

    private func isNamed(_ agency: String, in codes: Set<String>) -> Bool {
        codes.contains(agency) || (codes.contains("district") && agencies[agency]?.district != nil)
    }
}
