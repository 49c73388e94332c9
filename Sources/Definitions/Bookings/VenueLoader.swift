// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// Reads `bookings/`: what can be booked in a city, and by which rules.
struct VenueLoader {
    let reader: PackReader
    /// Agencies that may be named; nil where they need not be checked: an older version's were.
    let agencies: Set<String>?

    func load() -> [Venue] {
        var venues: [Venue] = []
        for file in reader.files(in: "bookings") {
            guard let data = reader.data(file), let head = reader.yaml(data, file) else { continue }
            guard let venue = venue(head, String(decoding: data, as: UTF8.self)) else { continue }
            let taken = Set(venues.flatMap { $0.resources.map(\.code) })
            if venues.contains(where: { $0.code == venue.code }) || venue.resources.contains(where: { taken.contains($0.code) }) {
                head.place.report("“\(venue.code)” or a resource of it is defined twice", fix: "Give each a code of its own.")
            }
            venues.append(venue)
        }
        return venues
    }

    /// A venue as it was published with a service.
    func load(_ source: String) -> Venue? { reader.yaml(Array(source.utf8), "venue").flatMap { venue($0, source) } }

    private func venue(_ head: MappingReader, _ source: String) -> Venue? {
        let code = head.code("code")
        let name = head.text("name")
        let agency = head.required("agency").flatMap { node -> String? in
            guard let text = node.string() else { return nil }
            if agencies?.contains(text) == false { node.report("there is no agency “\(text)”", fix: "Name one of organisation.yaml.") }
            return text
        }
        let isConfidential = head.flag("confidential")
        let rules = rules(head)
        let hours = head.required("hours")?.mapping().map(hours) ?? [:]
        let opensOnHolidays = head.flag("open-on-holidays")
        let nodes = head.required("resources")?.list() ?? []
        let resources = nodes.compactMap(resource)
        head.finish()
        check(resources, nodes)
        if resources.isEmpty || hours.isEmpty {
            head.place.report("nothing can be booked here", fix: "Add hours and at least one resource.")
        }
        guard let code, let name, let agency, let rules else { return nil }
        return Venue(
            code: code,
            name: name,
            agency: agency,
            isConfidential: isConfidential,
            rules: rules,
            hours: hours,
            opensOnHolidays: opensOnHolidays,
            resources: resources,
            source: source
        )
    }

    private func rules(_ head: MappingReader) -> Venue.Rules? {
        let ahead = head.int("ahead", in: 1...366)
        let notice = head.optional("notice") == nil ? 0 : head.int("notice", in: 0...20_160)
        let step = cells(head.required("step"), in: Venue.cell...240)
        let lengths = (head.required("lengths")?.list() ?? []).compactMap { cells($0, in: Venue.cell...720) }
        let weeks = head.optional("weeks") == nil ? 1 : head.int("weeks", in: 1...Slot.most)
        let before = head.optional("before").map { cells($0, in: 0...240) } ?? 0
        let after = head.optional("after").map { cells($0, in: 0...240) } ?? 0
        let held = head.optional("held") == nil ? 5 : head.int("held", in: 1...100)
        guard let ahead, let notice, let step, let weeks, let held, let before, let after, !lengths.isEmpty else { return nil }
        return Venue.Rules(
            ahead: ahead,
            notice: notice,
            step: step,
            lengths: lengths,
            weeks: weeks,
            held: held,
            before: before,
            after: after
        )
    }

    /// Minutes that fill whole cells.
    private func cells(_ node: NodeReader?, in range: ClosedRange<Int>) -> Int? {
        guard let node, let text = node.string() else { return nil }
        if let minutes = Int(text), range.contains(minutes), minutes.isMultiple(of: Venue.cell) { return minutes }
        node.report(
            "“\(text)” is no multiple of \(Venue.cell) minutes from \(range.lowerBound) to \(range.upperBound)",
            fix: "Write 15, 30, 45, 60…"
        )
        return nil
    }

    private func hours(_ mapping: MappingReader) -> [Int: [WorkingCalendar.Hours]] {
        var week: [Int: [WorkingCalendar.Hours]] = [:]
        for (name, node) in mapping.members() {
            guard let weekday = CalendarLoader.weekdays[name] else {
                node.report("“\(name)” is no weekday", fix: "Use monday … sunday.")
                continue
            }
            for span in (node.string() ?? "").split(separator: ",") {
                let minutes = span.split(separator: "-").map { MappingReader.minute($0.filter { $0 != " " }[...]) }
                guard minutes.count == 2, let opens = minutes[0], let closes = minutes[1], opens < closes, closes <= 1440,
                    opens.isMultiple(of: Venue.cell), closes.isMultiple(of: Venue.cell)
                else {
                    node.report("hours are opening-closing, in quarters of an hour", fix: "Write 08:00-12:00, 13:00-16:00.")
                    continue
                }
                week[weekday, default: []].append(WorkingCalendar.Hours(opens: opens, closes: closes))
            }
        }
        return week
    }

    private func resource(_ node: NodeReader) -> Venue.Resource? {
        guard let mapping = node.mapping() else { return nil }
        let code = mapping.code("code")
        let name = mapping.text("name")
        let address = mapping.optional("address")?.string()
        let within = mapping.optional("within")?.string()
        let places = mapping.optional("places") == nil ? 1 : mapping.int("places", in: 1...50)
        let rates = (mapping.optional("rates")?.list() ?? []).compactMap { node -> Venue.Rate? in
            guard let rate = node.mapping() else { return nil }
            let from = rate.date("from")
            let weekday = rate.int("weekday", in: 0...100_000_000)
            let weekend = rate.int("weekend", in: 0...100_000_000)
            rate.finish()
            guard let from, let weekday, let weekend else { return nil }
            return Venue.Rate(from: from, weekday: weekday, weekend: weekend)
        }
        mapping.finish()
        if rates.map(\.from) != rates.map(\.from).sorted() {
            node.report("rates are not in the order of their days", fix: "The oldest first.")
        }
        guard let code, let name, let places else { return nil }
        return Venue.Resource(code: code, name: name, address: address, within: within, places: places, rates: rates)
    }

    private func check(_ resources: [Venue.Resource], _ nodes: [NodeReader]) {
        let codes = resources.map(\.code)
        for (resource, node) in zip(resources, nodes) {
            if codes.filter({ $0 == resource.code }).count > 1 { node.report("“\(resource.code)” is defined twice", fix: "Keep one.") }
            if let whole = resource.within {
                // Only what stands before it: a part of a part of itself cannot be written.
                guard let index = codes.firstIndex(of: whole), let own = codes.firstIndex(of: resource.code), index < own else {
                    node.report("“\(whole)” is not defined before this part of it", fix: "Put the whole before its parts.")
                    continue
                }
            }
            let isShared = resource.within != nil || resources.contains { $0.within == resource.code }
            if isShared, resource.places > 1 {
                node.report("what has parts, or is one, has one place", fix: "Leave `places` out.")
            }
        }
    }
}
