// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Yams

/// Reads the small stories of a service.
struct ScenarioLoader {
    let zone: TimeZoneOffset

    func load(_ node: NodeReader) -> Service.Scenario? {
        guard let mapping = node.mapping() else { return nil }
        let name = mapping.string("name")
        let answers = mapping.required("answers").map(json) ?? [:]
        let filed = mapping.required("filed").flatMap(instant)
        let steps = (mapping.optional("steps")?.list() ?? []).compactMap(step)
        let expected = mapping.required("expect")?.mapping().map(expected)
        mapping.finish()
        guard let name, let filed, let expected else { return nil }
        let mark = node.node.mark
        return Service.Scenario(
            name: name,
            answers: answers,
            filed: filed,
            steps: steps,
            expected: expected,
            place: Diagnostic(file: node.file, line: mark?.line ?? 1, column: mark?.column ?? 1, message: "", fix: "")
        )
    }

    private func step(_ node: NodeReader) -> Service.Scenario.Step? {
        guard let mapping = node.mapping() else { return nil }
        let at = mapping.required("at").flatMap(instant)
        let what: Service.Scenario.What?
        if let act = mapping.optional("does")?.string() {
            let by = mapping.choice("by", Service.Performer.self)
            let with = mapping.optional("with").map(json) ?? [:]
            what = by.map { .act(act, by: $0, with: with) }
        } else if let code = mapping.optional("cleared")?.string() {
            what = .cleared(code)
        } else if mapping.flag("paid") {
            what = .paid
        } else {
            what = .waited
        }
        mapping.finish()
        guard let at, let what else { return nil }
        return Service.Scenario.Step(at: at, what: what)
    }

    private func expected(_ mapping: MappingReader) -> Service.Scenario.Expected {
        let expected = Service.Scenario.Expected(
            stage: mapping.optional("stage")?.string(),
            due: mapping.optional("due") == nil ? nil : mapping.date("due"),
            fee: mapping.optional("fee") == nil ? nil : mapping.int("fee", in: 0...1_000_000_000_000),
            documents: mapping.optional("documents")?.list().compactMap { $0.string() },
            refused: mapping.optional("refused")?.string()
        )
        mapping.finish()
        return expected
    }

    private func instant(_ node: NodeReader) -> Instant? {
        guard let text = node.string() else { return nil }
        let parts = text.split(separator: "T")
        if parts.count == 2, let date = CivilDate(String(parts[0])) {
            let clock = parts[1].split(separator: ":").compactMap { Int(digits: $0.utf8) }
            if clock.count == 2, clock[0] < 24, clock[1] < 60 { return Instant(date, minuteOfDay: clock[0] * 60 + clock[1], zone: zone) }
        }
        node.report("“\(text)” is no moment", fix: "Write it as 2026-11-02T09:00.")
        return nil
    }

    /// Answers as they are kept: text, lists of files, groups of answers.
    private func json(_ node: NodeReader) -> JSON {
        switch node.node {
        case .mapping(let mapping):
            .object(
                Dictionary(
                    mapping.map { ($0.key.string ?? "", json(NodeReader(node: $0.value, file: node.file, reader: node.reader))) },
                    uniquingKeysWith: { $1 }
                )
            )
        case .sequence(let sequence): .array(sequence.map { json(NodeReader(node: $0, file: node.file, reader: node.reader)) })
        default: .string(node.node.scalar?.string ?? "")
        }
    }
}
