// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

/// Reads `services.yaml` of a city: which services of the nation it offers and who answers for each, what holds for all of
/// them, and the services of its own in `services/`.
struct CatalogueLoader {
    let reader: PackReader
    let nation: PackReader?
    let agencies: Set<String>
    let levies: [Levy]
    let venues: [Venue]
    let zone: TimeZoneOffset

    func load() -> ServiceCatalogue? {
        guard reader.has("services.yaml") else { return .empty }
        guard let head = reader.yaml("services.yaml") else { return nil }
        let events = (head.required("events")?.list() ?? []).compactMap { node -> ServiceCatalogue.Event? in
            guard let mapping = node.mapping() else { return nil }
            let code = mapping.string("code")
            let name = mapping.text("name")
            mapping.finish()
            guard let code, let name else { return nil }
            return ServiceCatalogue.Event(code: code, name: name)
        }
        let letterhead = head.required("letterhead")?.mapping().flatMap { mapping -> ServiceCatalogue.Letterhead? in
            let government = mapping.string("government")
            let place = mapping.string("place")
            let address = mapping.string("address")
            mapping.finish()
            guard let government, let place, let address else { return nil }
            return ServiceCatalogue.Letterhead(government: government, place: place, address: address)
        }
        let qris = head.optional("qris")?.string()
        var standard: [Service.Standard.Part: Text] = [:]
        if let mapping = head.required("standard")?.mapping() {
            for part in Service.Standard.Part.allCases where part != .requirements {
                standard[part] = mapping.optional(part.rawValue)?.text()
            }
            mapping.finish()
        }
        func offices(_ node: NodeReader?) -> Set<String> {
            Set((node?.list() ?? []).compactMap { office($0) })
        }
        let counters = offices(head.optional("counters"))
        let identity = head.optional("identity").map { offices($0) }
        let retention = head.optional("retention")?.mapping().flatMap { mapping -> ServiceCatalogue.Retention? in
            let days = mapping.int("days-without-document", in: 30...36_500)
            let basis = mapping.text("basis")
            mapping.finish()
            guard let days, let basis else { return nil }
            return ServiceCatalogue.Retention(days: days, basis: basis)
        }
        func loader(_ reader: PackReader, _ file: String, _ agency: String?, _ counters: Set<String> = []) -> ServiceLoader {
            ServiceLoader(
                reader: reader,
                file: file,
                agency: agency,
                counters: counters,
                standard: standard,
                levies: levies,
                venues: venues,
                agencies: agencies,
                events: Set(events.map(\.code)),
                zone: zone
            )
        }
        var services: [Service] = []
        for node in head.optional("national")?.list() ?? [] {
            guard let mapping = node.mapping() else { continue }
            let code = mapping.string("service")
            let agency = mapping.required("agency").flatMap { office($0) }
            let others = offices(mapping.optional("counters"))
            mapping.finish()
            guard let code, let agency else { continue }
            let file = "services/\(code).yaml"
            guard let nation, nation.has(file) else {
                node.report("the nation’s pack has no \(file)", fix: "Name one of National/*/services/.")
                continue
            }
            loader(nation, file, agency, others).load().map { services.append($0) }
        }
        head.finish()
        for file in reader.files(in: "services") { loader(reader, file, nil).load().map { services.append($0) } }
        for (index, service) in services.enumerated() {
            if services[..<index].contains(where: { $0.code == service.code || $0.docket == service.docket }) {
                head.place.report(
                    "“\(service.code)” or its \(service.docket) is taken",
                    fix: "Give each service a code and three capitals of its own."
                )
            }
        }
        let words = services.compactMap(\.shortForm?.keyword)
        if Set(words).count < words.count {
            head.place.report("two services begin with one word by SMS", fix: "Give each its own `keyword`.")
        }
        guard let letterhead else { return nil }
        return ServiceCatalogue(
            events: events,
            services: services.sorted { $0.code < $1.code },
            letterhead: letterhead,
            qris: qris,
            counters: counters,
            identity: identity,
            retention: retention
        )
    }

    /// An agency of the city by its code, or `district`, which stands for the office of every district.
    private func office(_ node: NodeReader) -> String? {
        guard let code = node.string() else { return nil }
        if code == "district" || agencies.contains(code) { return code }
        node.report("there is no agency “\(code)”", fix: "Name one of organisation.yaml, or district.")
        return nil
    }
}

extension ServiceCatalogue {
    /// A city without services.
    static let empty = ServiceCatalogue(
        events: [],
        services: [],
        letterhead: Letterhead(government: "", place: "", address: ""),
        qris: nil,
        counters: [],
        identity: nil,
        retention: nil
    )
}
