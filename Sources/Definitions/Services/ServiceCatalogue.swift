// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// The services of a city, and what they have in common.
public struct ServiceCatalogue: Sendable {
    /// A life event under which services are listed.
    public struct Event: Sendable {
        /// A short code.
        public let code: String
        /// Its name.
        public let name: Text
    }

    /// Life events in their order.
    public let events: [Event]
    /// Services in the order of their codes.
    public let services: [Service]
    /// The head of the city's letters.
    public let letterhead: Letterhead
    /// The static QRIS payload that the city has from its bank; nil where there is none yet.
    public let qris: String?

    /// Agencies whose clerks fill in any service for residents, by code: a mal pelayanan, and `district` for the office of every
    /// district.
    public let counters: Set<String>
    /// Agencies whose clerks look at identity cards, by code; nil where the pack leaves it to the services that ask for it.
    public let identity: Set<String>?

    /// How long an applicant's data is kept where no document was issued; nil where the pack does not say: then until they wish it gone.
    public let retention: Retention?

    /// How long personal data is kept after a case has ended without a document.
    public struct Retention: Sendable, Hashable {
        /// Days after its end.
        public let days: Int
        /// The rule.
        public let basis: Text
    }

    /// The head of a letter (kop surat).
    public struct Letterhead: Sendable {
        /// “PEMERINTAH KOTA MEDAN”.
        public let government: String
        /// Where letters are signed: “Medan”.
        public let place: String
        /// The address under the agency's name.
        public let address: String
    }

    /// A service by its code.
    public subscript(_ code: String) -> Service? { services.first { $0.code == code } }

    /// Services whose name, summary or keywords hold every word.
    public func search(_ words: String) -> [Service] {
        let wanted = words.lowercased().split { !$0.isLetter && !$0.isNumber }
        guard !wanted.isEmpty else { return [] }
        return services.filter { service in
            let text = ([service.name.id, service.name.en, service.summary.id, service.summary.en] + service.keywords).joined(
                separator: " "
            )
            .lowercased()
            return wanted.allSatisfy { text.contains($0) }
        }
    }
}
