// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import Yams

/// Reads the files of a pack strictly, gathering every fault instead of stopping at the first.
final class PackReader {
    /// What every reader of one city gathers: its own files' and its nation's.
    final class Gathered {
        var diagnostics: [Diagnostic] = []
        /// Every byte read, for the pack's fingerprint.
        var content: [UInt8] = []
    }

    private let folder: URL
    /// How files are called in diagnostics: empty for the city's own.
    private let label: String
    let gathered: Gathered

    init(folder: URL, label: String = "", gathered: Gathered = Gathered()) {
        self.folder = folder
        self.label = label
        self.gathered = gathered
    }

    var diagnostics: [Diagnostic] { gathered.diagnostics }
    var content: [UInt8] { gathered.content }

    func report(_ file: String, _ line: Int, _ column: Int, _ message: String, fix: String) {
        gathered.diagnostics.append(Diagnostic(file: label + file, line: line, column: column, message: message, fix: fix))
    }

    /// Whether a file is there; for those that a pack may leave out.
    func has(_ file: String) -> Bool { FileManager.default.fileExists(atPath: folder.appendingPathComponent(file).path) }

    /// The YAML files of a folder, in order; none where there is no such folder.
    func files(in name: String) -> [String] {
        let found = (try? FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(name).path)) ?? []
        return found.filter { $0.hasSuffix(".yaml") }.sorted().map { "\(name)/\($0)" }
    }

    /// The bytes of a file; reports one that is missing.
    func data(_ file: String) -> [UInt8]? {
        guard let data = FileManager.default.contents(atPath: folder.appendingPathComponent(file).path) else {
            report(file, 1, 1, "the file is missing", fix: "Create it; City/contoh/\(file) shows what it holds.")
            return nil
        }
        gathered.content += data
        return Array(data)
    }

    /// The mapping at the top of a YAML file.
    func yaml(_ file: String) -> MappingReader? { data(file).flatMap { yaml($0, file) } }

    /// The mapping at the top of YAML text that is at hand, under the name of a file.
    func yaml(_ data: [UInt8], _ file: String) -> MappingReader? {
        guard let text = String(validating: data, as: UTF8.self) else {
            report(file, 1, 1, "the file is not UTF-8", fix: "Save it as UTF-8.")
            return nil
        }
        do {
            guard let node = try Yams.compose(yaml: text) else {
                report(file, 1, 1, "the file is empty", fix: "See City/contoh/\(file).")
                return nil
            }
            return NodeReader(node: node, file: file, reader: self).mapping()
        } catch let error as YamlError {
            switch error {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
                report(file, mark.line, mark.column, "not YAML: \(problem)", fix: "Check indentation and quotes on this line.")
            case .duplicatedKeysInMapping(let duplicates, let context):
                for key in duplicates { report(file, context.mark.line, context.mark.column, "“\(key)” is given twice", fix: "Keep one.") }
            default: report(file, 1, 1, "not YAML: \(error)", fix: "Check the file’s syntax.")
            }
        } catch {
            report(file, 1, 1, "not YAML: \(error)", fix: "Check the file’s syntax.")
        }
        return nil
    }

    /// The records of a CSV file by the names in its first line.
    func table(_ file: String, columns: [String]) -> [(line: Int, fields: [String: String])] {
        guard let data = data(file) else { return [] }
        do {
            let records = try CSVReader.records(Array(data))
            guard let header = records.first else {
                report(file, 1, 1, "the table is empty", fix: "Its first line names the columns: \(columns.joined(separator: ","))")
                return []
            }
            for column in columns where !header.fields.contains(column) {
                report(
                    file,
                    1,
                    1,
                    "the column “\(column)” is missing",
                    fix: "Its first line names the columns: \(columns.joined(separator: ","))"
                )
            }
            return records.dropFirst().map { record in
                if record.fields.count != header.fields.count {
                    report(
                        file,
                        record.line,
                        1,
                        "\(record.fields.count) fields where \(header.fields.count) are needed",
                        fix: "Put fields with commas in quotes."
                    )
                }
                return (record.line, Dictionary(zip(header.fields, record.fields), uniquingKeysWith: { $1 }))
            }
        } catch let fault as CSVReader.Fault {
            report(file, fault.line, 1, fault.message.en, fix: "Close the quote, or write it twice inside a field.")
        } catch {
            report(file, 1, 1, "not CSV: \(error)", fix: "Save it as CSV, UTF-8, with commas.")
        }
        return []
    }
}

/// One value of a YAML file, with its place.
struct NodeReader {
    let node: Node
    let file: String
    let reader: PackReader

    func report(_ message: String, fix: String) {
        reader.report(file, node.mark?.line ?? 1, node.mark?.column ?? 1, message, fix: fix)
    }

    func mapping() -> MappingReader? {
        guard case .mapping(let mapping) = node else {
            report("names with values are needed here", fix: "Write `name: value` lines.")
            return nil
        }
        return MappingReader(mapping: mapping, place: self)
    }

    func string() -> String? {
        guard case .scalar(let scalar) = node, !scalar.string.isEmpty else {
            report("text is needed here", fix: "Write the text after the colon.")
            return nil
        }
        return scalar.string
    }

    func list() -> [NodeReader] {
        guard case .sequence(let sequence) = node else {
            report("a list is needed here", fix: "Write `- item` lines or [a, b].")
            return []
        }
        return sequence.map { NodeReader(node: $0, file: file, reader: reader) }
    }

    /// A number with a point, read digit by digit.
    func number() -> Decimal? {
        guard let text = string() else { return nil }
        let isNumber = text.wholeMatch(of: /-?[0-9]+(\.[0-9]+)?/) != nil
        if isNumber, let value = Decimal(string: text, locale: Locale(identifier: "en_US_POSIX")) { return value }
        report("“\(text)” is no number", fix: "Write it with a point: 0.005.")
        return nil
    }

    /// An expression of a type, over names.
    func expression(_ type: ExpressionType, _ names: [String: ExpressionType]) -> Essentials.Expression? {
        guard let source = string() else { return nil }
        do throws(ExpressionFault) {
            let expression = try Essentials.Expression(source, names: names)
            if expression.type == type { return expression }
            report("this gives \(expression.type.name), not \(type.name)", fix: "See Documentation/Levies.md for what formulas can say.")
        } catch {
            report("at character \(error.offset + 1): \(error.message)", fix: "See Documentation/Levies.md for what formulas can say.")
        }
        return nil
    }

    /// A sentence: both languages are required.
    func text() -> Text? {
        if case .scalar(let scalar) = node {
            report("a sentence needs both languages", fix: "Write { id: \(scalar.string), en: … }.")
            return nil
        }
        guard let mapping = mapping() else { return nil }
        let id = mapping.string("id")
        let en = mapping.string("en")
        mapping.finish()
        guard let id, let en else { return nil }
        return Text(id: id, en: en)
    }
}

/// Names with values. Reading a name marks it as known; `finish` reports the rest.
final class MappingReader {
    private let values: [(name: String, key: Node, value: Node)]
    private var known: [String] = []
    let place: NodeReader

    init(mapping: Node.Mapping, place: NodeReader) {
        values = mapping.map { ($0.key.string ?? "", $0.key, $0.value) }
        self.place = place
    }

    func optional(_ name: String) -> NodeReader? {
        known.append(name)
        guard let value = values.first(where: { $0.name == name })?.value else { return nil }
        return NodeReader(node: value, file: place.file, reader: place.reader)
    }

    func required(_ name: String) -> NodeReader? {
        if let found = optional(name) { return found }
        place.report("“\(name)” is missing", fix: "Add `\(name): …` here.")
        return nil
    }

    func string(_ name: String) -> String? { required(name)?.string() }

    func text(_ name: String) -> Text? { required(name)?.text() }

    func strings(_ name: String) -> [String] { optional(name)?.list().compactMap { $0.string() } ?? [] }

    /// One name, or a list of them.
    func names(_ name: String) -> [String] {
        guard let node = optional(name) else { return [] }
        if case .sequence = node.node { return node.list().compactMap { $0.string() } }
        return [node.string()].compactMap { $0 }
    }

    func int(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let node = required(name), let text = node.string() else { return nil }
        guard let value = Int(text), range.contains(value) else {
            node.report(
                "“\(text)” is not a whole number from \(range.lowerBound) to \(range.upperBound)",
                fix: "Write a number such as \(range.lowerBound)."
            )
            return nil
        }
        return value
    }

    func date(_ name: String) -> CivilDate? {
        guard let node = required(name), let text = node.string() else { return nil }
        if let date = CivilDate(text) { return date }
        node.report("“\(text)” is no date", fix: "Write it as 2026-01-31.")
        return nil
    }

    /// A time of the day, in minutes.
    func minute(_ name: String) -> Int? {
        guard let node = required(name), let text = node.string() else { return nil }
        if let minute = Self.minute(text[...]) { return minute }
        node.report("“\(text)” is no time of the day", fix: "Write it as 21:00.")
        return nil
    }

    /// The minute of the day of `21:00`; nil when it is none.
    static func minute(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":").compactMap { Int(digits: $0.utf8) }
        return parts.count == 2 && parts[0] < 25 && parts[1] < 60 ? parts[0] * 60 + parts[1] : nil
    }

    func flag(_ name: String) -> Bool {
        guard let node = optional(name), let text = node.string() else { return false }
        if text != "true", text != "false" { node.report("“\(text)” is neither true nor false", fix: "Write true or false.") }
        return text == "true"
    }

    func choice<T: RawRepresentable & CaseIterable>(_ name: String, _ type: T.Type) -> T? where T.RawValue == String {
        guard let node = required(name), let text = node.string() else { return nil }
        if let value = T(rawValue: text) { return value }
        node.report("“\(text)” is unknown", fix: "Write one of: \(T.allCases.map(\.rawValue).joined(separator: ", ")).")
        return nil
    }

    /// Every name with its value, in order.
    func members() -> [(name: String, node: NodeReader)] {
        known += values.map(\.name)
        return values.map { ($0.name, NodeReader(node: $0.value, file: place.file, reader: place.reader)) }
    }

    /// Reports every name that nothing asked for.
    func finish() {
        for value in values where !known.contains(value.name) {
            let nearest = known.first { $0.prefix(3) == value.name.prefix(3) }
            place.reader.report(
                place.file,
                value.key.mark?.line ?? 1,
                value.key.mark?.column ?? 1,
                "“\(value.name)” is not known here",
                fix: nearest.map { "Did you mean “\($0)”?" } ?? "Known here: \(known.joined(separator: ", "))."
            )
        }
    }
}
