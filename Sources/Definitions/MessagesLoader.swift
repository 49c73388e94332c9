// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// Reads `messages.yaml`: the nation's, then the city's over it.
struct MessagesLoader {
    let reader: PackReader
    let nation: PackReader?

    private static let file = "messages.yaml"

    func load() -> Messages? {
        var news: [Messages.News: Text] = [:]
        var letters: [Messages.Letter: Messages.LetterText] = [:]
        var files = [nation, reader].compactMap { $0 }.filter { $0.has(Self.file) }
        // Without a nation's, the city's own has to say it all; reading it reports that it is missing.
        if files.isEmpty { files = [reader] }
        for file in files {
            guard let head = file.yaml(Self.file) else { continue }
            for (name, node) in head.optional("news")?.mapping()?.members() ?? [] {
                guard let known = self.name(name, Messages.News.self, at: node), let text = node.text() else { continue }
                check(text, fields: known.fields, at: node)
                news[known] = text
            }
            for (name, node) in head.optional("letters")?.mapping()?.members() ?? [] {
                guard let known = self.name(name, Messages.Letter.self, at: node), let mapping = node.mapping() else { continue }
                let subject = mapping.text("subject")
                let short = mapping.text("short")
                let long = mapping.text("long")
                mapping.finish()
                guard let subject, let short, let long else { continue }
                check(subject, fields: known.fields, at: node)
                for text in [short, long] { check(text, fields: known.fields, needed: known.needed, at: node) }
                letters[known] = Messages.LetterText(subject: subject, short: short, long: long)
            }
            head.finish()
        }
        let missing =
            Messages.News.allCases.filter { news[$0] == nil }.map(\.rawValue)
            + Messages.Letter.allCases.filter { letters[$0] == nil }.map(\.rawValue)
        if !missing.isEmpty, let last = files.last {
            last.report(Self.file, 1, 1, "messages are missing: \(missing.joined(separator: ", "))", fix: "See National/id/messages.yaml.")
        }
        return missing.isEmpty ? Messages(news: news, letters: letters) : nil
    }

    private func name<Name: RawRepresentable & CaseIterable>(_ text: String, _ type: Name.Type, at node: NodeReader) -> Name?
    where Name.RawValue == String {
        if let name = Name(rawValue: text) { return name }
        node.report("the message “\(text)” is not known", fix: "Known: \(Name.allCases.map(\.rawValue).joined(separator: ", ")).")
        return nil
    }

    private func check(_ text: Text, fields: [String], needed: [String] = [], at node: NodeReader) {
        for sentence in [text.id, text.en] {
            let used = Messages.pieces(of: sentence).filter(\.isField).map(\.text)
            for field in used where !fields.contains(field) {
                let known = fields.isEmpty ? "This message has none." : "Known: \(fields.map { "{\($0)}" }.joined(separator: ", "))."
                node.report("“{\(field)}” is not filled in here", fix: known)
            }
            for field in needed where !used.contains(field) {
                node.report(
                    "“{\(field)}” is missing from “\(sentence.prefix(40))…”",
                    fix: "Without it the message is of no use: put it in."
                )
            }
        }
    }
}
