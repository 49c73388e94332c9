// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

/// Reads the levies of a city: each defined by the nation in `levies/CODE.yaml`, with the city's own figures in a file of the
/// same name. Every formula is checked, every example worked out.
struct LevyLoader {
    let reader: PackReader
    let nation: PackReader?

    func load() -> [Levy] {
        reader.files(in: "levies").compactMap { file in
            guard let nation, nation.has(file) else {
                reader.report(file, 1, 1, "the nation’s pack has no \(file)", fix: "Name the file as one of National/*/levies/.")
                return nil
            }
            guard let rules = nation.data(file), let figures = reader.data(file) else { return nil }
            guard let head = nation.yaml(rules, file), let own = reader.yaml(figures, file) else { return nil }
            let source = LevySource(rules: String(decoding: rules, as: UTF8.self), figures: String(decoding: figures, as: UTF8.self))
            return levy(head, own, source)
        }
    }

    /// A levy as it was published with a service.
    func load(_ source: LevySource) -> Levy? {
        guard let head = reader.yaml(Array(source.rules.utf8), "levy"), let own = reader.yaml(Array(source.figures.utf8), "levy") else {
            return nil
        }
        return levy(head, own, source)
    }

    private func levy(_ head: MappingReader, _ own: MappingReader, _ source: LevySource) -> Levy? {
        let code = head.string("code")
        let name = head.text("name")
        let description = head.text("description")
        let basis = head.text("basis")
        let from = head.date("from")
        let settings = (head.required("settings")?.list() ?? []).compactMap { setting($0, own) }
        own.finish()
        let questions = (head.required("questions")?.list() ?? []).compactMap(question)
        let tables = (head.required("tables")?.list() ?? []).compactMap(table)
        var names: [String: ExpressionType] = [:]
        for setting in settings { names[setting.code] = .decimal }
        for table in tables { names[table.code] = .map(.decimal) }
        for question in questions {
            if case .number = question.kind { names[question.code] = .decimal } else { names[question.code] = .string }
        }
        var steps: [Levy.Step] = []
        for node in head.required("steps")?.list() ?? [] {
            guard let step = step(node, names) else { continue }
            steps.append(step)
            names[step.code] = .decimal
        }
        let examples = head.required("examples")
        head.finish()
        guard let code, let name, let description, let basis, let from, !steps.isEmpty else { return nil }
        let levy = Levy(
            code: code,
            name: name,
            description: description,
            basis: basis,
            from: from,
            questions: questions,
            settings: settings,
            tables: tables,
            steps: steps,
            source: source
        )
        for example in examples?.list() ?? [] { check(example, levy) }
        return levy
    }

    private func setting(_ node: NodeReader, _ own: MappingReader) -> Levy.Setting? {
        guard let mapping = node.mapping() else { return nil }
        let code = mapping.string("code")
        let label = mapping.text("label")
        _ = mapping.optional("unit")
        let most = mapping.optional("most").flatMap { $0.number() }
        mapping.finish()
        guard let code, let label, let node = own.required(code), let figure = node.mapping() else { return nil }
        let value = figure.required("value").flatMap { $0.number() }
        let basis = figure.text("basis")
        let isUnconfirmed = figure.flag("unconfirmed")
        figure.finish()
        guard let value, let basis else { return nil }
        if let most, value > most { node.report("\(value) is more than the law allows, \(most)", fix: "Write \(most) or less.") }
        return Levy.Setting(code: code, label: label, value: value, basis: basis, isUnconfirmed: isUnconfirmed)
    }

    private func question(_ node: NodeReader) -> Levy.Question? {
        guard let mapping = node.mapping() else { return nil }
        let code = mapping.string("code")
        let label = mapping.text("label")
        let help = mapping.optional("help")?.text()
        let kind: Levy.Question.Kind?
        switch mapping.choice("kind", Kind.self) {
        case .number:
            let least = mapping.required("least").flatMap { $0.number() }
            let most = mapping.required("most").flatMap { $0.number() }
            // With three, “1.125” would mean one thing in one language and another in the other.
            let places = mapping.int("places", in: 0...2)
            if let least, let most, let places, least <= most { kind = .number(least...most, places: places) } else { kind = nil }
        case .choice:
            let options = (mapping.required("options")?.list() ?? []).compactMap { node -> (code: String, label: Text)? in
                guard let option = node.mapping() else { return nil }
                let code = option.string("code")
                let label = option.text("label")
                option.finish()
                guard let code, let label else { return nil }
                return (code, label)
            }
            kind = .choice(options)
        case nil: kind = nil
        }
        mapping.finish()
        guard let code, let label, let kind else { return nil }
        return Levy.Question(code: code, label: label, help: help, kind: kind)
    }

    private enum Kind: String, CaseIterable { case number, choice }

    private func table(_ node: NodeReader) -> Levy.Table? {
        guard let mapping = node.mapping() else { return nil }
        let code = mapping.string("code")
        let basis = mapping.text("basis")
        let isUnconfirmed = mapping.flag("unconfirmed")
        var rows: [String: Decimal] = [:]
        for (name, node) in mapping.required("rows")?.mapping()?.members() ?? [] { rows[name] = node.number() }
        mapping.finish()
        guard let code, let basis else { return nil }
        return Levy.Table(code: code, basis: basis, rows: rows, isUnconfirmed: isUnconfirmed)
    }

    private func step(_ node: NodeReader, _ names: [String: ExpressionType]) -> Levy.Step? {
        guard let mapping = node.mapping() else { return nil }
        let code = mapping.string("code")
        let label = mapping.text("label")
        let basis = mapping.text("basis")
        let formula = mapping.required("formula")?.expression(.decimal, names)
        mapping.finish()
        guard let code, let label, let basis, let formula else { return nil }
        return Levy.Step(code: code, label: label, basis: basis, formula: formula)
    }

    /// Works an example out with its own settings.
    private func check(_ node: NodeReader, _ levy: Levy) {
        guard let mapping = node.mapping() else { return }
        let name = mapping.string("name")
        let figures = mapping.required("settings")?.mapping()?.members() ?? []
        let answers = mapping.required("answers")?.mapping()?.members() ?? []
        let expected = mapping.required("result").flatMap { $0.number() }
        mapping.finish()
        guard let name, let expected else { return }
        let settings = levy.settings.map { setting in
            let figure = figures.first { $0.name == setting.code }.flatMap { $0.node.number() } ?? setting.value
            return Levy.Setting(code: setting.code, label: setting.label, value: figure, basis: setting.basis, isUnconfirmed: false)
        }
        var values: [String: ExpressionValue] = [:]
        for (code, node) in answers {
            guard let question = levy.questions.first(where: { $0.code == code }) else {
                node.report("the levy does not ask “\(code)”", fix: "Known: \(levy.questions.map(\.code).joined(separator: ", ")).")
                continue
            }
            switch question.kind {
            case .number: values[code] = node.number().map(ExpressionValue.decimal)
            case .choice: values[code] = node.string().map(ExpressionValue.string)
            }
        }
        do {
            let total = Decimal(try levy.assess(values, settings: settings).total)
            if total != expected {
                node.report("“\(name)” comes to \(total), not \(expected)", fix: "Correct the example or the formulas.")
            }
        } catch {
            let message = (error as? Problem)?.remedy?.en ?? "\(error)"
            node.report("“\(name)” cannot be worked out: \(message)", fix: "Answer every question as it may be answered.")
        }
    }
}
