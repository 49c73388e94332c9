// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// Reads what a service costs and what it issues.
extension ServiceLoader {
    func readFee(_ mapping: MappingReader, _ names: [String: ExpressionType]) -> Service.Fee? {
        defer { mapping.finish() }
        if let node = mapping.optional("free") { return node.text().map { .free(basis: $0) } }
        if let node = mapping.optional("levy") {
            guard let code = node.string() else { return nil }
            guard let levy = levies.first(where: { $0.code == code }) else {
                node.report("the city has no levy “\(code)”", fix: "Known: \(levies.map(\.code).joined(separator: ", ")).")
                return nil
            }
            guard let given = mapping.required("answers")?.mapping() else { return nil }
            var answers: [String: Essentials.Expression] = [:]
            for question in levy.questions {
                let type: ExpressionType = if case .number = question.kind { .decimal } else { .string }
                answers[question.code] = given.required(question.code)?.expression(type, names)
            }
            given.finish()
            return .levy(levy, answers: answers)
        }
        let lines = (mapping.required("lines")?.list() ?? []).compactMap { node -> Service.Line? in
            guard let line = node.mapping() else { return nil }
            let label = line.text("label")
            let basis = line.text("basis")
            let amount = line.required("amount")?.expression(.decimal, names)
            let isUnconfirmed = line.flag("unconfirmed")
            line.finish()
            guard let label, let basis, let amount else { return nil }
            return Service.Line(label: label, basis: basis, amount: amount, isUnconfirmed: isUnconfirmed)
        }
        return lines.isEmpty ? nil : .lines(lines)
    }

    /// Names that a number may use besides the answers.
    static let numberNames: [String: ExpressionType] = ["year": .string, "month": .string, "ddmmyyyy": .string, "docket": .string]
    /// Fields that a document may use besides the answers.
    static let documentFields: Set<String> = ["date", "docket", "number", "valid_until", "total", "total_words", "filed", "district"]

    func document(_ node: NodeReader, _ names: [String: ExpressionType]) -> Service.DocumentTemplate? {
        guard let mapping = node.mapping() else { return nil }
        let code = mapping.code("code")
        let title = mapping.string("title")
        let numberNode = mapping.required("number")
        let number = numberNode?.expression(.string, names.merging(Self.numberNames) { $1 })
        if let number, number.source.firstMatch(of: /\{seq[1-9]?\}/) == nil {
            numberNode?.report("the number does not count", fix: "Put {seq4} where the count belongs.")
        }
        let signer = mapping.string("signer")
        let months = mapping.optional("months") == nil ? nil : mapping.int("months", in: 1...600)
        let replaces = mapping.optional("replaces").flatMap { known($0, Set(names.keys), "answer") }
        let body = (mapping.required("body")?.list() ?? []).compactMap { block($0, names) }
        mapping.finish()
        guard let code, let title, let number, let signer else { return nil }
        return Service.DocumentTemplate(
            code: code,
            title: title,
            number: number,
            signer: signer,
            months: months,
            replaces: replaces,
            body: body
        )
    }

    private func block(_ node: NodeReader, _ names: [String: ExpressionType]) -> Service.Block? {
        guard let mapping = node.mapping() else { return nil }
        let condition = mapping.optional("when")?.expression(.bool, names)
        var content: Service.Content?
        if let node = mapping.optional("paragraph") {
            content = node.string().map { .paragraph(filled($0, node, names)) }
        } else if let facts = mapping.optional("facts")?.mapping() {
            content = .facts(
                facts.members().compactMap { label, node in node.string().map { (label, filled($0, node, names)) } }
            )
        } else if mapping.flag("bill") {
            content = .bill
        } else {
            node.report("a part of a document is missing", fix: "Write paragraph, facts or `bill: true`.")
        }
        mapping.finish()
        return content.map { Service.Block(condition: condition, content: $0) }
    }

    private func filled(_ text: String, _ node: NodeReader, _ names: [String: ExpressionType]) -> String {
        for piece in Messages.pieces(of: text) where piece.isField && names[piece.text] == nil && !Self.documentFields.contains(piece.text)
        {
            node.report(
                "nothing is called {\(piece.text)}",
                fix: "Use the code of a question, or one of \(Self.documentFields.sorted().joined(separator: ", "))."
            )
        }
        return text
    }

    func registerColumn(_ node: NodeReader, _ names: [String: ExpressionType]) -> (label: Text, question: String)? {
        guard let mapping = node.mapping() else { return nil }
        let label = mapping.text("label")
        let question = mapping.required("answer").flatMap { known($0, Set(names.keys), "answer") }
        mapping.finish()
        guard let label, let question else { return nil }
        return (label, question)
    }
}
