// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Foundation

/// Answers to the questions of a service, each in one form whatever language or surface it came by: numbers with a point, dates
/// as `YYYY-MM-DD`, identity numbers and telephones in digits, files by name.
public struct Answers: Sendable, Hashable {
    /// By the code of the question: text, a list of file names, or a list of groups of answers.
    public private(set) var values: [String: JSON]

    /// No answers.
    public init() { values = [:] }

    /// Answers as they are kept.
    public init(json: JSON?) { values = json?.object ?? [:] }

    /// As they are kept.
    public var json: JSON { .object(values) }

    /// The text of an answer; empty where there is none.
    public subscript(_ code: String) -> String {
        get { values[code]?.string ?? "" }
        set { values[code] = newValue.isEmpty ? nil : .string(newValue) }
    }

    /// The files of an answer.
    public func files(_ code: String) -> [String] { (values[code]?.array ?? []).compactMap(\.string) }

    /// Sets the files of an answer.
    public mutating func set(_ code: String, files: [String]) {
        values[code] = files.isEmpty ? nil : .array(files.map(JSON.string))
    }

    /// The groups of an answer.
    public func groups(_ code: String) -> [Answers] { (values[code]?.array ?? []).map { Answers(json: $0) } }

    /// Sets the groups of an answer.
    public mutating func set(_ code: String, groups: [Answers]) {
        values[code] = groups.isEmpty ? nil : .array(groups.map(\.json))
    }

    /// These answers with others over them.
    public func merging(_ other: Answers) -> Answers { Answers(json: .object(values.merging(other.values) { $1 })) }

    /// These answers without those to some questions.
    func without(_ codes: [String]) -> Answers {
        var rest = self
        for code in codes { rest.values[code] = nil }
        return rest
    }

    /// Takes an answer over from others, whatever its form.
    mutating func copy(_ code: String, from other: Answers) { values[code] = other.values[code] }

    /// Only the answers to some questions.
    init(_ codes: [String], of other: Answers) {
        values = other.values.filter { codes.contains($0.key) }
    }

    /// Every file that is answered with.
    public var allFiles: [String] {
        values.values.flatMap { value in (value.array ?? []).flatMap { $0.string.map { [$0] } ?? Answers(json: $0).allFiles } }
    }

    /// The answers as conditions and formulas know them; what is not answered is empty text, nought or no.
    ///
    /// - Parameters:
    ///   - today: the day from which days to a time that is booked are counted.
    ///   - filed: the day of filing, up to which days since a date are counted: what was reported in time stays in time, however
    ///     long the office takes. Today where nothing has been filed yet.
    public func values(
        for questions: [Questionnaire.Question],
        today: CivilDate,
        filed: CivilDate? = nil
    ) -> [String: ExpressionValue] {
        var found: [String: ExpressionValue] = [:]
        for question in questions {
            let code = question.code
            switch question.kind {
            case .number: found[code] = .decimal(Decimal(string: self[code], locale: Locale(identifier: "en_US_POSIX")) ?? 0)
            case .declaration: found[code] = .bool(self[code] == "ya")
            case .files: found[code] = .integer(Int64(files(code).count))
            case .group: found[code] = .integer(Int64(groups(code).count))
            case .date:
                found[code] = .string(self[code])
                found["\(code)_days"] = .integer(CivilDate(self[code]).map { Int64((filed ?? today).days - $0.days) } ?? 0)
            case .slot(let venue): found.merge(slot(code, of: venue, today: today)) { $1 }
            default: found[code] = .string(self[code])
            }
        }
        return found
    }

    private func slot(_ code: String, of venue: Venue, today: CivilDate) -> [String: ExpressionValue] {
        let slot = Slot(self[code])
        let first = slot?.starts.first?.day
        let rate = first.flatMap { day in slot.flatMap { venue.resource($0.resource)?.rate(on: day) } }
        return [
            code: .string(slot?.resource ?? ""), "\(code)_days": .integer(first.map { Int64(today.days - $0.days) } ?? 0),
            "\(code)_count": .integer(Int64(slot?.starts.count ?? 0)),
            "\(code)_weekday_hours": .decimal(slot?.hours.weekday ?? 0), "\(code)_weekend_hours": .decimal(slot?.hours.weekend ?? 0),
            "\(code)_weekday_rate": .decimal(Decimal(rate?.weekday ?? 0)), "\(code)_weekend_rate": .decimal(Decimal(rate?.weekend ?? 0)),
        ]
    }
}
