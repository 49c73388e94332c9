// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

/// How the columns of another system's export become complaints.
public struct ImportMapping: Sendable {
    /// How dates are written.
    public enum DateFormat: String, Sendable, CaseIterable {
        /// `2026-11-24T09:00:00`, with or without a zone; a space for the T is taken.
        case iso
        /// `11/24/2026 09:00:00 AM` or `November 24, 2026 09:00`
        case american
        /// `24/11/2026 09:00`, `24-11-2026 09:00:00` or `24 Nopember 2026 09.00 WIB`
        case indonesian
    }

    /// A short name of the other system; with a row's id it names the row for ever.
    public let source: String
    /// The field separator.
    public let separator: Character
    /// How its letters are written.
    public let encoding: CSVReader.Encoding
    /// Columns by what they hold: id, filed, closed, kind, story, address, latitude, longitude, district, subdistrict, type.
    public let columns: [String: String]
    /// How dates are written.
    public let dateFormat: DateFormat
    /// The zone of dates without one.
    public let zone: TimeZoneOffset
    /// Our kinds by the beginning of theirs, folded; the longest that fits decides.
    public let kinds: [(prefix: String, category: String)]
    /// The kind of everything else.
    public let defaultKind: String
    /// What in the type column makes a report confidential (`confidential-when`), wherever it stands in it; folded.
    public let confidentialWhen: String?
    /// What the type column holds, whole, where a report is public (`public-when`); folded. Anything that is neither is refused with
    /// its line, never taken for public: once the mapping names it, the same file brings those rows in.
    public let publicWhen: Set<String>

    /// Reads a mapping strictly.
    ///
    /// - Throws: ``PackFaults`` with every fault at once.
    public init(file: URL, categories: Set<String>) throws {
        let reader = PackReader(folder: file.deletingLastPathComponent())
        let name = file.lastPathComponent
        let head = reader.yaml(name)
        let source = head?.string("source")
        let separator = head?.optional("separator")?.string() ?? ","
        let encoding = head?.optional("encoding") == nil ? .utf8 : head?.choice("encoding", CSVReader.Encoding.self)
        let format = head?.choice("date-format", DateFormat.self)
        let zone = head?.required("utc-offset").flatMap { node in
            node.string().flatMap { text -> TimeZoneOffset? in
                if let zone = TimeZoneOffset(text) { return zone }
                node.report("“\(text)” is not an offset", fix: "Write +07:00.")
                return nil
            }
        }
        var columns: [String: String] = [:]
        let known = ["id", "filed", "closed", "kind", "story", "address", "latitude", "longitude", "district", "subdistrict", "type"]
        if let mapping = head?.required("columns")?.mapping() {
            for field in known { columns[field] = mapping.optional(field)?.string() }
            mapping.finish()
            for field in ["id", "filed", "kind"] where columns[field] == nil {
                mapping.place.report("the column of “\(field)” is missing", fix: "Add `\(field): …`.")
            }
        }
        var kinds: [(String, String)] = []
        for (prefix, node) in head?.optional("kinds")?.mapping()?.members() ?? [] {
            guard let category = node.string() else { continue }
            if !categories.contains(category) {
                node.report("the category “\(category)” does not exist", fix: "Use a code of complaints/categories.yaml.")
            }
            kinds.append((Self.folded(prefix), category))
        }
        let fallback = head?.required("default-kind")
        let defaultKind = fallback?.string()
        if let defaultKind, !categories.contains(defaultKind) {
            fallback?.report("the category “\(defaultKind)” does not exist", fix: "Use a code of complaints/categories.yaml.")
        }
        let confidential = head?.optional("confidential-when")?.string()
        let openly = head?.strings("public-when") ?? []
        if columns["type"] == nil, confidential != nil || !openly.isEmpty {
            head?.place.report("what is confidential stands in no column", fix: "Add `type: …` to the columns.")
        } else if columns["type"] != nil, confidential == nil {
            head?.place.report("nothing in the column of “type” is confidential", fix: "Add `confidential-when: …`, or leave `type` out.")
        }
        if let confidential, Self.folded(confidential).isEmpty {
            head?.place.report("an empty `confidential-when` stands in everything", fix: "Write the word that makes a report confidential.")
        }
        head?.finish()
        guard reader.diagnostics.isEmpty, let source, let encoding, let format, let zone, let defaultKind, let mark = separator.first else {
            throw PackFaults(diagnostics: reader.diagnostics.sorted())
        }
        self.source = source
        self.separator = mark
        self.encoding = encoding
        self.columns = columns
        dateFormat = format
        self.zone = zone
        self.kinds = kinds.sorted { $0.0.count > $1.0.count }
        self.defaultKind = defaultKind
        confidentialWhen = confidential.map(Self.folded)
        publicWhen = Set(openly.map(Self.folded))
    }

    /// A word of an export as it is compared: neither its case nor the space around and in it says anything.
    public static func folded(_ word: String) -> String {
        word.plain(isOneLine: true).lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// Our kind for theirs; nil where the mapping names none, so that it is ``defaultKind``.
    public func category(of kind: String) -> String? {
        let kind = Self.folded(kind)
        return kinds.first { kind.hasPrefix($0.prefix) }?.category
    }

    /// Whether a report of a type is confidential; nil where the mapping does not know the type.
    public func isConfidential(type: String) -> Bool? {
        guard let confidentialWhen else { return false }
        let type = Self.folded(type)
        if publicWhen.contains(type) { return false }
        return type.contains(confidentialWhen) ? true : nil
    }

    /// No system that is brought in is older; an earlier year was written with two digits.
    private static let oldest = CivilDate(days: 0)

    /// Reads a date; nil when it is none, or lies before 1970.
    public func date(_ text: String) -> Instant? {
        guard let found = read(text), found.date(in: zone) >= Self.oldest else { return nil }
        return found
    }

    private func read(_ text: String) -> Instant? {
        let text = text.trimmingCharacters(in: .whitespaces)
        switch dateFormat {
        case .iso:
            let joined = text.replacing(" ", with: "T")
            return Instant(rfc3339: joined) ?? Instant(rfc3339: "\(joined)\(zone)")
        case .american, .indonesian:
            let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
            // A month in words makes three of a day.
            let length = words.first?.contains { "/-.".contains($0) } == true ? 1 : 3
            let (clock, rest) = (words.dropFirst(length).first, words.dropFirst(length + 1))
            guard let date = day(words.prefix(length).joined(separator: " ")), rest.count <= 1 else { return nil }
            let parts = (clock ?? "00:00").split(omittingEmptySubsequences: false) { $0 == ":" || $0 == "." }
            let numbers = parts.compactMap { Int(digits: $0.utf8) }
            guard (2...3).contains(numbers.count), numbers.count == parts.count, numbers[1] < 60 else { return nil }
            var (hour, second) = (numbers[0], numbers.count > 2 ? numbers[2] : 0)
            var zone = zone
            switch rest.first?.uppercased() {
            case "AM", "PM":
                guard hour <= 12 else { return nil }
                hour = hour % 12 + (rest.first?.uppercased() == "PM" ? 12 : 0)
            case "WIB": zone = TimeZoneOffset(minutes: 420)
            case "WITA": zone = TimeZoneOffset(minutes: 480)
            case "WIT": zone = TimeZoneOffset(minutes: 540)
            case nil: break
            default: return nil
            }
            guard hour < 24, second < 60 else { return nil }
            return Instant(date, minuteOfDay: hour * 60 + numbers[1], zone: zone).adding(seconds: Int64(second))
        }
    }

    /// A day as ``CivilDate/typed(_:)`` reads it, but that in American figures the month comes first.
    private func day(_ text: String) -> CivilDate? {
        let figures = text.split { $0 == "/" || $0 == "-" }.map(String.init)
        let isTurned =
            dateFormat == .american && figures.count == 3 && figures.allSatisfy { Int(digits: $0.utf8) != nil && $0.utf8.count <= 4 }
        let read = CivilDate.typed(isTurned ? "\(figures[1])/\(figures[0])/\(figures[2])" : text)
        if case .one(let date) = read { return date }
        return nil
    }
}
