// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// Reads `complaints/*.yaml` of a pack.
struct ComplaintRulesLoader {
    let reader: PackReader
    let agencies: Set<String>
    let districts: Set<String>
    let districtOffices: Set<String>

    func load() -> ComplaintRules? {
        guard let head = reader.yaml("complaints/categories.yaml"), let rules = reader.yaml("complaints/promises.yaml") else { return nil }
        var groups: [ComplaintRules.Group] = []
        for node in head.required("groups")?.list() ?? [] {
            guard let mapping = node.mapping() else { continue }
            if let code = mapping.string("code"), let name = mapping.text("name") {
                groups.append(ComplaintRules.Group(code: code, name: name))
            }
            mapping.finish()
        }
        var categories: [ComplaintRules.Category] = []
        for node in head.required("categories")?.list() ?? [] {
            guard let category = category(node, groups: Set(groups.map(\.code))) else { continue }
            if categories.contains(where: { $0.code == category.code }) {
                node.report("the category “\(category.code)” is defined twice", fix: "Keep one.")
            }
            categories.append(category)
        }
        head.finish()
        let promises = promises(rules)
        let ladder = (rules.required("ladder")?.list() ?? []).compactMap(rung)
        let reasons = (rules.required("not-fixed-reasons")?.list() ?? []).compactMap { node -> ComplaintRules.Reason? in
            guard let mapping = node.mapping() else { return nil }
            let code = mapping.string("code")
            let label = mapping.text("label")
            mapping.finish()
            guard let code, let label else { return nil }
            return ComplaintRules.Reason(code: code, label: label)
        }
        let templates = (rules.required("templates")?.list() ?? []).compactMap { node -> ComplaintRules.Template? in
            guard let mapping = node.mapping() else { return nil }
            let code = mapping.string("code")
            let title = mapping.text("title")
            let body = mapping.text("body")
            mapping.finish()
            guard let code, let title, let body else { return nil }
            return ComplaintRules.Template(code: code, title: title, body: body)
        }
        let screening = rules.required("screening-agency")
        let agency = screening?.string()
        if let agency, !agencies.contains(agency) {
            screening?.report("the agency “\(agency)” does not exist", fix: "Use a code of organisation.yaml.")
        }
        rules.finish()
        guard let agency else { return nil }
        return ComplaintRules(
            groups: groups,
            categories: categories,
            promises: promises,
            reasons: reasons,
            templates: templates,
            ladder: ladder.sorted { $0.after < $1.after },
            screeningAgency: agency
        )
    }

    private func category(_ node: NodeReader, groups: Set<String>) -> ComplaintRules.Category? {
        guard let mapping = node.mapping() else { return nil }
        let code = mapping.string("code")
        let group = mapping.string("group")
        let name = mapping.text("name")
        let description = mapping.text("description")
        let keywords = mapping.strings("keywords")
        let classification = mapping.choice("classification", ComplaintRules.Classification.self)
        let routes = (mapping.required("routes")?.list() ?? []).enumerated().compactMap { route($0.element, number: $0.offset + 1) }
        let allowsAnonymous = mapping.flag("anonymous")
        let isConfidential = mapping.flag("confidential")
        let needsPlace = !mapping.flag("without-place")
        let radius = mapping.optional("duplicate-radius") == nil ? 100 : mapping.int("duplicate-radius", in: 0...5000)
        let questions = (mapping.optional("questions")?.list() ?? []).compactMap(question)
        let elsewhere = mapping.optional("elsewhere")?.text()
        mapping.finish()
        guard let code, let group, let name, let description, let classification, let radius else { return nil }
        if !groups.contains(group) { node.report("the group “\(group)” does not exist", fix: "Add it under groups.") }
        let isReachable =
            routes.contains { $0.districts.isEmpty && $0.agency != "district" }
            || routes.contains { $0.agency == "district" && districtOffices == districts }
        if !isReachable {
            node.report("some district has no agency for “\(code)”", fix: "End the routes with one that holds everywhere: `- agency: …`.")
        }
        return ComplaintRules.Category(
            code: code,
            group: group,
            name: name,
            description: description,
            keywords: keywords,
            classification: classification,
            routes: routes,
            allowsAnonymous: allowsAnonymous,
            isConfidential: isConfidential,
            needsPlace: needsPlace,
            duplicateRadius: radius,
            questions: questions,
            elsewhere: elsewhere
        )
    }

    private func route(_ node: NodeReader, number: Int) -> ComplaintRules.Route? {
        guard let mapping = node.mapping() else { return nil }
        let agency = mapping.required("agency")
        let code = agency?.string()
        let places = mapping.strings("districts")
        mapping.finish()
        guard let code else { return nil }
        if code != "district", !agencies.contains(code) {
            agency?.report("the agency “\(code)” does not exist", fix: "Use a code of organisation.yaml, or `district`.")
        }
        for place in places where !districts.contains(place) {
            node.report("the district “\(place)” does not exist", fix: "Use a code of regions.csv.")
        }
        return ComplaintRules.Route(number: number, agency: code, districts: places)
    }

    private func question(_ node: NodeReader) -> ComplaintRules.Question? {
        guard let mapping = node.mapping() else { return nil }
        let name = mapping.string("name")
        let label = mapping.text("label")
        let kind = mapping.choice("kind", ComplaintRules.Question.Kind.self)
        let isRequired = mapping.flag("required")
        let options = (mapping.optional("options")?.list() ?? []).compactMap { node -> ComplaintRules.Option? in
            guard let mapping = node.mapping() else { return nil }
            let code = mapping.string("code")
            let label = mapping.text("label")
            let stop = mapping.optional("stop")?.text()
            mapping.finish()
            guard let code, let label else { return nil }
            return ComplaintRules.Option(code: code, label: label, stop: stop)
        }
        mapping.finish()
        guard let name, let label, let kind else { return nil }
        if kind == .choice, options.count < 2 { node.report("a choice needs at least two options", fix: "Add them under options.") }
        return ComplaintRules.Question(name: name, label: label, kind: kind, isRequired: isRequired, options: options)
    }

    private func promises(_ rules: MappingReader) -> [String: ComplaintRules.Promise] {
        var promises: [String: ComplaintRules.Promise] = [:]
        let needed = ["verification", "answer", "reaction"] + ComplaintRules.Classification.allCases.map { "resolution.\($0.rawValue)" }
        for (name, node) in rules.required("promises")?.mapping()?.members() ?? [] {
            guard let mapping = node.mapping() else { continue }
            let days = mapping.int("days", in: 1...365)
            let unit = mapping.string("unit").flatMap { text -> Limit.Unit? in
                if let unit = Limit.Unit(rawValue: text) { return unit }
                node.report("“\(text)” is no unit", fix: "Write working-days or calendar-days.")
                return nil
            }
            let basis = mapping.text("basis")
            mapping.finish()
            if !needed.contains(name) {
                node.report("the promise “\(name)” is not known", fix: "Known: \(needed.joined(separator: ", ")).")
            }
            guard let days, let unit, let basis else { continue }
            promises[name] = ComplaintRules.Promise(name: name, limit: Limit(days: days, unit: unit), basis: basis)
        }
        for name in needed where promises[name] == nil {
            rules.place.report(
                "the promise “\(name)” is missing",
                fix: "Add it under promises, with days, unit and basis: a clock needs its law."
            )
        }
        return promises
    }

    private func rung(_ node: NodeReader) -> ComplaintRules.Rung? {
        guard let mapping = node.mapping() else { return nil }
        let after = mapping.int("after", in: 0...60)
        let target = mapping.string("to")
        mapping.finish()
        guard let after, let target else { return nil }
        if !["head", "superior"].contains(target), !agencies.contains(target) {
            node.report("“\(target)” is no one who can be told", fix: "Write head, superior, or the code of an agency.")
        }
        return ComplaintRules.Rung(after: after, to: target)
    }
}
