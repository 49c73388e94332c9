// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

/// Reads questions, and gathers the names that conditions may use as it goes: a condition looks back, never ahead.
struct QuestionnaireLoader {
    /// What can be booked in the city.
    let venues: [Venue]
    /// Names known so far.
    private(set) var names: [String: ExpressionType] = [:]

    mutating func pages(_ node: NodeReader) -> [Questionnaire.Page] {
        var pages: [Questionnaire.Page] = []
        for node in node.list() {
            guard let mapping = node.mapping() else { continue }
            let code = mapping.code("code")
            let title = mapping.text("title")
            let help = mapping.optional("help")?.text()
            let condition = mapping.optional("when")?.expression(.bool, names)
            let questions = questions(mapping.required("questions"))
            mapping.finish()
            guard let code, let title else { continue }
            if pages.contains(where: { $0.code == code }) || ["review", "saved"].contains(code) {
                node.report("the page “\(code)” is taken", fix: "Choose another code.")
            }
            pages.append(Questionnaire.Page(code: code, title: title, help: help, condition: condition, questions: questions))
        }
        return pages
    }

    mutating func questions(_ node: NodeReader?) -> [Questionnaire.Question] { (node?.list() ?? []).compactMap { question($0) } }

    private enum Kind: String, CaseIterable {
        case text, paragraph, number, date, choice, contact, subdistrict, slot, files, declaration, group
        case residentNumber = "resident-number"
        case familyCard = "family-card"
    }

    private enum Letters: String, CaseIterable { case latin }

    private enum Time: String, CaseIterable { case past, future, any }

    private mutating func question(_ node: NodeReader) -> Questionnaire.Question? {
        guard let mapping = node.mapping() else { return nil }
        let code = mapping.code("code")
        let label = mapping.text("label")
        let help = mapping.optional("help")?.text()
        let isOptional = mapping.flag("optional")
        let condition = mapping.optional("when")?.expression(.bool, names)
        let known = mapping.optional("known") == nil ? nil : mapping.choice("known", Questionnaire.Known.self)
        let isLatin = mapping.optional("letters") != nil && mapping.choice("letters", Letters.self) == .latin
        let kind = kind(mapping)
        guard let code, let label, let kind else {
            _ = mapping.optional("check")
            mapping.finish()
            return nil
        }
        if names[code] != nil { node.report("the code “\(code)” is taken", fix: "Choose another code: answers are known by it.") }
        let plain = Questionnaire.Question(
            code: code,
            label: label,
            help: help,
            kind: kind,
            isOptional: isOptional,
            condition: condition,
            checks: [],
            known: known,
            isLatin: isLatin
        )
        names.merge(Questionnaire.names(of: plain)) { $1 }
        let checks = checks(mapping.optional("check"))
        mapping.finish()
        return Questionnaire.Question(
            code: code,
            label: label,
            help: help,
            kind: kind,
            isOptional: isOptional,
            condition: condition,
            checks: checks,
            known: known,
            isLatin: isLatin
        )
    }

    func checks(_ node: NodeReader?) -> [Questionnaire.Check] {
        (node?.list() ?? []).compactMap { node in
            guard let mapping = node.mapping() else { return nil }
            let condition = mapping.required("that")?.expression(.bool, names)
            let message = mapping.text("else")
            mapping.finish()
            guard let condition, let message else { return nil }
            return Questionnaire.Check(condition: condition, message: message)
        }
    }

    private mutating func kind(_ mapping: MappingReader) -> Questionnaire.Kind? {
        switch mapping.choice("kind", Kind.self) {
        case .text: return .text(most: mapping.optional("most") == nil ? 120 : mapping.int("most", in: 1...500) ?? 120)
        case .paragraph: return .paragraph(most: mapping.optional("most") == nil ? 2000 : mapping.int("most", in: 1...10_000) ?? 2000)
        case .number:
            let least = mapping.required("least")?.number()
            let most = mapping.required("most")?.number()
            let places = mapping.optional("places") == nil ? 0 : mapping.int("places", in: 0...2)
            guard let least, let most, let places, least <= most else { return nil }
            return .number(least...most, places: places)
        case .date:
            let time = mapping.optional("time") == nil ? Time.any : mapping.choice("time", Time.self)
            return .date(past: time != .future, future: time != .past)
        case .choice:
            let options = (mapping.required("options")?.list() ?? []).compactMap { node -> Questionnaire.Option? in
                guard let option = node.mapping() else { return nil }
                let code = option.string("code")
                let label = option.text("label")
                option.finish()
                guard let code, let label else { return nil }
                return Questionnaire.Option(code: code, label: label)
            }
            return .choice(options)
        case .residentNumber: return .residentNumber
        case .familyCard: return .familyCard
        case .contact: return .contact
        case .subdistrict: return .subdistrict
        case .slot:
            guard let node = mapping.required("venue"), let code = node.string() else { return nil }
            if let venue = venues.first(where: { $0.code == code }) { return .slot(venue) }
            node.report("the city has no venue “\(code)”", fix: "Known: \(venues.map(\.code).joined(separator: ", ")); see bookings/.")
            return nil
        case .files: return .files(most: mapping.optional("most") == nil ? 3 : mapping.int("most", in: 1...10) ?? 3)
        case .declaration: return .declaration
        case .group:
            let least = mapping.int("least", in: 0...20) ?? 0
            let most = mapping.int("most", in: 1...20) ?? 1
            let item = mapping.text("item")
            // A group has names of its own, which conditions outside it cannot use.
            var inner = self
            let node = mapping.required("questions")
            let questions = inner.questions(node)
            for question in questions {
                switch question.kind {
                case .files, .group, .slot:
                    node?.report(
                        "“\(question.code)” cannot stand in a group",
                        fix: "Ask for files, times and groups outside of groups."
                    )
                default: break
                }
            }
            guard let item, least <= most else { return nil }
            return .group(least...most, item: item, questions)
        case nil: return nil
        }
    }
}

extension MappingReader {
    /// A code as answers, stages and acts have it: lower-case letters, digits and `_`.
    func code(_ name: String) -> String? {
        guard let node = required(name), let text = node.string() else { return nil }
        if text.wholeMatch(of: /[a-z][a-z0-9_]{0,39}/) != nil { return text }
        node.report("“\(text)” is no code", fix: "Write lower-case letters, digits and _, such as nama_ibu.")
        return nil
    }
}
