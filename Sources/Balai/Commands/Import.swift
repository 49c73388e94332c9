// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Complaints
import Definitions
import Essentials
import Foundation
import Journal
import Storage

/// Brings records of another system in.
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Bring in records of another system.", subcommands: [ImportComplaints.self])
}

/// Brings complaints in from a CSV export: may be stopped and run again at any time; each row becomes one case.
struct ImportComplaints: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "complaints", abstract: "Bring complaints in from a CSV export.")

    /// Rows in one durable step: enough to share the flush of the disk, few enough to lose little time at a kill.
    private static let batch = 250

    @OptionGroup var options: CityOptions
    @Argument(help: "The export, CSV in UTF-8.") var file: String
    @Option(help: "How its columns become complaints; see City/medan/imports/.") var map: String
    @Flag(help: "Read and report, but bring nothing in.") var dryRun = false
    @Option(help: "Where refused rows are listed; FILE.refused.csv unless given.") var refused: String?

    func run() async throws {
        let hall = try await options.open()
        if !dryRun { try await hall.complaints.publishPromises() }
        let mapping = try ImportMapping(file: URL(fileURLWithPath: map), categories: Set(hall.city.complaints.categories.map(\.code)))
        guard let handle = FileHandle(forReadingAtPath: file) else { throw ValidationError("\(file) cannot be read.") }
        let total = try handle.seekToEnd()
        try handle.seek(toOffset: 0)
        var state = State(mapping: mapping, city: hall.city, now: hall.journal.clock.now)
        var reader = CSVReader(separator: mapping.separator, encoding: mapping.encoding)
        var read: UInt64 = 0
        /// Brings in, or looks at, what was read.
        func bring(_ count: Int) async throws {
            let ready = Array(state.ready.prefix(count))
            state.ready.removeFirst(ready.count)
            let rows = ready.map(\.row)
            let standings = dryRun ? try await hall.complaints.standings(of: rows) : try await hall.complaints.take(rows)
            for ((line, row), standing) in zip(ready, standings) { state.note(row, standing, line: line) }
        }
        while let chunk = try handle.read(upToCount: 1 << 18), !chunk.isEmpty {
            try feed { try reader.feed(chunk, refused: { try state.refuse($0) }) { state.take($0) } }
            read += UInt64(chunk.count)
            while state.ready.count >= Self.batch { try await bring(Self.batch) }
            progress(Double(read) / Double(max(1, total)), state.new + state.there)
        }
        try feed { try reader.finish(refused: { try state.refuse($0) }) { state.take($0) } }
        while !state.ready.isEmpty { try await bring(Self.batch) }
        if let missing = state.missing {
            throw ValidationError("\(file) has no column “\(missing)”. Its columns: \(state.header.joined(separator: ", "))")
        }
        let report = refused ?? "\(file).refused.csv"
        if !state.refusals.isEmpty {
            try (CSVWriter.record(["line", "reason"]) + state.refusals.joined()).write(toFile: report, atomically: true, encoding: .utf8)
        }
        print(
            "\(state.new + state.there) rows read, \(state.new) \(dryRun ? "would be new" : "new"), \(state.there) there already, \(state.refusals.count) refused\(state.refusals.isEmpty ? "" : " (see \(report))")"
        )
        if !state.cut.isEmpty {
            let lines = state.cut.prefix(20).map(String.init).joined(separator: ", ")
            print(
                "\(state.cut.count) of the new have a story longer than \(Report.storyLimit) letters or an address longer than \(Report.addressLimit): cut there, and marked […]. Lines \(lines)\(state.cut.count > 20 ? " …" : "")"
            )
        }
        if state.aged > 0, let retention = hall.city.complaints.retention {
            print(
                "\(state.aged) of the new were closed more than \(retention.handledDays) days ago: their story, name and contact \(dryRun ? "would be" : "are being") erased at once, and cannot be brought in again. \(retention.basis.en). To keep them longer, set `retention` in the pack first."
            )
        }
        if !state.otherKinds.isEmpty {
            let most = state.otherKinds.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(20).map { "“\($0.key)” (\($0.value))" }
            print(
                "\(state.otherKinds.values.reduce(0, +)) of the new are of kinds that the mapping does not name, taken as \(mapping.defaultKind): \(most.joined(separator: ", "))\(state.otherKinds.count > most.count ? " …" : "")"
            )
        }
        await hall.database.close()
    }

    /// A file that cannot be read at all is said in words, with its line.
    private func feed(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let fault as CSVReader.Fault {
            throw ValidationError("\(file), line \(fault.line): \(fault.message.en)")
        }
    }

    private func progress(_ share: Double, _ rows: Int) {
        guard isatty(STDERR_FILENO) == 1 else { return }
        let filled = Int(share * 40)
        FileHandle.standardError.write(
            Data(
                "\r[\(String(repeating: "#", count: filled))\(String(repeating: " ", count: 40 - filled))] \(Int(share * 100)) %  \(rows) rows\(share >= 1 ? "\n" : "")"
                    .utf8
            )
        )
    }

    /// Rows read and not yet brought in.
    private struct State {
        let mapping: ImportMapping
        let city: City
        var header: [String] = []
        var missing: String?
        var ready: [(line: Int, row: ImportedComplaint)] = []
        /// Rows that were not there, and rows that were.
        var new = 0
        var there = 0
        /// Where each name stands in the file, and what its row says.
        var seen: [String: (line: Int, words: Int)] = [:]
        /// Lines of new rows whose story or address is cut.
        var cut: [Int] = []
        /// Rows whose story, name and contact the city's retention takes as soon as they are there.
        var aged = 0
        var refusals: [String] = []
        /// How many rows are of each kind that the mapping does not name.
        var otherKinds: [String: Int] = [:]

        let now: Instant

        init(mapping: ImportMapping, city: City, now: Instant) {
            self.mapping = mapping
            self.city = city
            self.now = now
        }

        /// A row that cannot be read is listed and the next one taken; without its first row a file says nothing.
        mutating func refuse(_ fault: CSVReader.Fault) throws {
            guard !header.isEmpty else { throw fault }
            refusals.append(CSVWriter.record(["\(fault.line)", fault.message.en]))
        }

        /// Counts a row by how it stands.
        mutating func note(_ row: ImportedComplaint, _ standing: ImportedComplaint.Standing, line: Int) {
            switch standing {
            case .new:
                new += 1
                if row.isCut { cut.append(line) }
                if let kind = row.otherKind { otherKinds[kind, default: 0] += 1 }
                if row.isPastRetention(city.complaints.retention, now: now) { aged += 1 }
            case .there: there += 1
            case .other(let docket):
                refusals.append(CSVWriter.record(["\(line)", "its id was brought in before as \(docket), with other words"]))
            }
        }

        mutating func take(_ record: CSVReader.Record) {
            guard missing == nil else { return }
            if header.isEmpty {
                header = record.fields
                missing = mapping.columns.values.sorted().first { !record.fields.contains($0) }
                return
            }
            guard record.fields.count == header.count else {
                refusals.append(CSVWriter.record(["\(record.line)", "\(record.fields.count) fields where \(header.count) are needed"]))
                return
            }
            do {
                let row = try ImportedComplaint(
                    Dictionary(zip(header, record.fields), uniquingKeysWith: { $1 }),
                    by: mapping,
                    city: city,
                    now: now
                )
                guard let first = seen[row.key] else {
                    seen[row.key] = (record.line, row.words)
                    return ready.append((record.line, row))
                }
                if first.words == row.words {
                    there += 1
                } else {
                    refusals.append(CSVWriter.record(["\(record.line)", "its id stands in line \(first.line) already, with other words"]))
                }
            } catch {
                refusals.append(CSVWriter.record(["\(record.line)", error.reason]))
            }
        }
    }
}
