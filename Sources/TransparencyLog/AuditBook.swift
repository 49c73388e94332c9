// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

/// What is known of whether the record holds: the last audit of all of it, and every contradiction that was found. A small file beside
/// the log and not in it, so that no restart makes an alarm go away, and every process sees what another has found.
public struct AuditBook: Sendable {
    /// An audit of the whole record that came to its end.
    public struct Audit: Hashable, Sendable {
        /// When it began.
        public let began: Instant
        /// When it ended.
        public let at: Instant
        /// Entries that were compared.
        public let entries: Int
        /// How many of them were signed by then.
        public let signed: Int
        /// Tables that were held against a replay; nil where the entries did not hold, so that a replay would have said nothing.
        public let tables: Int?

        /// An audit.
        public init(began: Instant, at: Instant, entries: Int, signed: Int, tables: Int?) {
            self.began = began
            self.at = at
            self.entries = entries
            self.signed = signed
            self.tables = tables
        }
    }

    /// A contradiction, and how long it stood.
    public struct Finding: Hashable, Sendable {
        /// What did not hold.
        public let contradiction: Contradiction
        /// When it was found.
        public let since: Instant
        /// When a whole audit found it no more; nil while it stands.
        public var until: Instant?
    }

    /// All that the book says.
    public struct Content: Sendable {
        /// The last audit of everything; nil before the first.
        public var last: Audit?
        /// What was found, in the order in which it was.
        public var findings: [Finding] = []

        /// What stands.
        public var open: [Contradiction] { findings.filter { $0.until == nil }.map(\.contradiction) }
    }

    /// Findings that are over and still told.
    private static let remembered = 100

    private let file: URL

    /// A book in a file, which need not be there yet.
    public init(file: URL) { self.file = file }

    /// What the book says. One that cannot be read is a contradiction itself, until a whole audit writes it anew.
    public var content: Content {
        guard let bytes = FileManager.default.contents(atPath: file.path) else { return Content() }
        if let content = try? Content(JSON(parsing: bytes)) { return content }
        let changed = try? file.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate
        let since = Instant(milliseconds: Int64((changed?.timeIntervalSince1970 ?? 0) * 1000))
        return Content(findings: [Finding(contradiction: Self.broken, since: since)])
    }

    private static let broken = Contradiction(
        "audits",
        Text(id: "Buku pemeriksaan tidak dapat dibaca", en: "The book of audits cannot be read")
    )

    /// Takes note of what does not hold; while any of it stands, nothing is signed.
    ///
    /// - Returns: what was not known before.
    @discardableResult
    public func add(_ found: [Contradiction], at now: Instant) throws -> [Contradiction] {
        try found.isEmpty ? [] : change { $0.add(found, at: now) }
    }

    /// Takes note of an audit of the whole record: what it did not find again is over.
    ///
    /// - Returns: what was not known before.
    @discardableResult
    public func close(_ audit: Audit, found: [Contradiction]) throws -> [Contradiction] {
        try change { content in
            content.last = audit
            for index in content.findings.indices where content.findings[index].until == nil {
                let finding = content.findings[index]
                // What came up meanwhile may lie where the audit had been already, and tables may not have been looked at.
                let wasLookedAt = finding.since < audit.began && (audit.tables != nil || !finding.contradiction.isOfTable)
                if wasLookedAt, !found.contains(finding.contradiction) { content.findings[index].until = audit.at }
            }
            let new = content.add(found, at: audit.at)
            let over = content.findings.filter { $0.until != nil }
            if over.count > Self.remembered {
                let dropped = Set(over.dropLast(Self.remembered))
                content.findings.removeAll { dropped.contains($0) }
            }
            return new
        }
    }

    /// One change at a time, also when `balai audit` runs beside an open city.
    private func change(_ body: (inout Content) -> [Contradiction]) throws -> [Contradiction] {
        let folder = open(file.deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
        guard folder >= 0, flock(folder, LOCK_EX) == 0 else {
            throw LedgerFault.malformed("cannot lock \(file.path): \(String(cString: strerror(errno)))")
        }
        defer { close(folder) }
        var content = content
        let new = body(&content)
        try DurableFile(file).write(content.json.canonical)
        return new
    }

    private func close(_ descriptor: Int32) { Foundation.close(descriptor) }
}

extension AuditBook.Content {
    fileprivate mutating func add(_ found: [Contradiction], at now: Instant) -> [Contradiction] {
        var known = Set(open)
        let new = found.filter { known.insert($0).inserted }
        findings += new.map { AuditBook.Finding(contradiction: $0, since: now) }
        return new
    }

    fileprivate var json: JSON {
        .compact([
            "last": last.map {
                .compact([
                    "began": .integer($0.began.milliseconds), "at": .integer($0.at.milliseconds), "entries": JSON($0.entries),
                    "signed": JSON($0.signed), "tables": $0.tables.map { JSON($0) } ?? .null,
                ])
            } ?? .null,
            "findings": .array(
                findings.map {
                    .compact([
                        "place": .string($0.contradiction.place), "id": .string($0.contradiction.finding.id),
                        "en": .string($0.contradiction.finding.en), "since": .integer($0.since.milliseconds),
                        "until": $0.until.map { .integer($0.milliseconds) } ?? .null,
                    ])
                }
            ),
        ])
    }

    fileprivate init(_ json: JSON) throws {
        func number(_ json: JSON?) throws -> Int64 {
            guard let number = json?.integer else { throw LedgerFault.malformed("audits") }
            return number
        }
        guard let findings = json["findings"]?.array else { throw LedgerFault.malformed("audits") }
        last = try json["last"].map { last in
            AuditBook.Audit(
                began: Instant(milliseconds: try number(last["began"])),
                at: Instant(milliseconds: try number(last["at"])),
                entries: Int(try number(last["entries"])),
                signed: Int(try number(last["signed"])),
                tables: last["tables"]?.integer.map { Int($0) }
            )
        }
        self.findings = try findings.map { finding in
            guard let place = finding["place"]?.string, let id = finding["id"]?.string, let en = finding["en"]?.string else {
                throw LedgerFault.malformed("audits")
            }
            return AuditBook.Finding(
                contradiction: Contradiction(place, Text(id: id, en: en)),
                since: Instant(milliseconds: try number(finding["since"])),
                until: finding["until"]?.integer.map { Instant(milliseconds: $0) }
            )
        }
    }
}
