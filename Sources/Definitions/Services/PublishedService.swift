// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

/// A service as it stands in the log: its own text, and the texts of the levy and the venues that it rests on. A case goes on under
/// it whatever the city's pack says today, also after a tariff has changed or a venue is gone.
public struct PublishedService: Sendable {
    /// The service's file.
    public let source: String
    /// The agency that answered for it.
    public let agency: String
    /// The rules and the city's figures of its levy; nil where it has none.
    public let levy: LevySource?
    /// The files of the venues that it books.
    public let venues: [String]

    /// A service as it is published now.
    public init(_ service: Service) {
        source = service.source
        agency = service.agency
        levy = if case .levy(let levy, _) = service.fee { levy.source } else { nil }
        venues = service.venues.map(\.source)
    }

    /// Reads what an entry says of it.
    public init(facts: JSON) {
        source = facts["source"]?.string ?? ""
        agency = facts["agency"]?.string ?? ""
        levy = facts["levy"].flatMap { json in
            json["rules"]?.string.flatMap { rules in json["figures"]?.string.map { LevySource(rules: rules, figures: $0) } }
        }
        venues = (facts["venues"]?.array ?? []).compactMap(\.string)
    }

    /// As it stands in an entry.
    public var facts: JSON {
        .compact([
            "source": .string(source), "agency": .string(agency),
            "levy": levy.map { ["rules": .string($0.rules), "figures": .string($0.figures)] } ?? .null,
            "venues": venues.isEmpty ? .null : .array(venues.map(JSON.string)),
        ])
    }

    /// The service; nil when this program can no longer read it.
    public func service(zone: TimeZoneOffset) -> Service? {
        let reader = PackReader(folder: .init(fileURLWithPath: "/"))
        let loader = ServiceLoader(
            reader: reader,
            file: "published",
            agency: agency,
            standard: [:],
            levies: levy.flatMap { LevyLoader(reader: reader, nation: nil).load($0) }.map { [$0] } ?? [],
            venues: venues.compactMap { VenueLoader(reader: reader, agencies: nil).load($0) },
            agencies: nil,
            events: nil,
            zone: zone
        )
        return loader.load(Array(source.utf8))
    }
}

extension Service {
    /// The venues of which it books times.
    public var venues: [Venue] {
        var found: [Venue] = []
        for question in allQuestions {
            if case .slot(let venue) = question.kind, !found.contains(where: { $0.code == venue.code }) { found.append(venue) }
        }
        return found
    }
}
