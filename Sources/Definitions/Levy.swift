// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

/// A levy (retribusi): questions, tables and formulas, each with the rule that it comes from. Working one out shows every step,
/// so that whoever pays can check it and contest it.
public struct Levy: Sendable {
    /// What is asked.
    public struct Question: Sendable {
        /// How it is answered.
        public enum Kind: Sendable {
            /// With a number between bounds, with so many places at most.
            case number(ClosedRange<Decimal>, places: Int)
            /// With one of several.
            case choice([(code: String, label: Text)])
        }

        /// Its name in formulas.
        public let code: String
        /// The question.
        public let label: Text
        /// A line of help.
        public let help: Text?
        /// How it is answered.
        public let kind: Kind
    }

    /// A figure that each city sets.
    public struct Setting: Sendable {
        /// Its name in formulas.
        public let code: String
        /// What it is.
        public let label: Text
        /// The figure.
        public let value: Decimal
        /// The rule by which the city set it.
        public let basis: Text
        /// Whether the city has still to confirm it.
        public let isUnconfirmed: Bool
    }

    /// A dated table.
    public struct Table: Sendable {
        /// Its name in formulas.
        public let code: String
        /// The rule.
        public let basis: Text
        /// Its rows.
        public let rows: [String: Decimal]
        /// Whether it has still to be checked against the rule's text.
        public let isUnconfirmed: Bool
    }

    /// One step of the calculation. The last one's figure is what is owed, in whole rupiah.
    public struct Step: Sendable {
        /// Its name in later formulas.
        public let code: String
        /// What it works out.
        public let label: Text
        /// The rule.
        public let basis: Text
        /// How.
        public let formula: Essentials.Expression
    }

    /// A step worked out.
    public struct Line: Sendable {
        /// The step.
        public let step: Step
        /// The formula with its figures, in both languages.
        public let shown: Text
        /// What came out.
        public let value: Decimal
    }

    /// A levy worked out.
    public struct Assessment: Sendable {
        /// Every step, in order.
        public let lines: [Line]
        /// What is owed, in rupiah.
        public let total: Int
    }

    /// A short code, stable.
    public let code: String
    /// Its name.
    public let name: Text
    /// What it is for.
    public let description: Text
    /// The rule that it comes from.
    public let basis: Text
    /// The day from which it holds.
    public let from: CivilDate
    /// What is asked.
    public let questions: [Question]
    /// What the city set.
    public let settings: [Setting]
    /// Tables.
    public let tables: [Table]
    /// The calculation.
    public let steps: [Step]
    /// The files that say so.
    public let source: LevySource

    /// Whether a figure of it has still to be confirmed.
    public var isUnconfirmed: Bool { tables.contains(where: \.isUnconfirmed) || settings.contains(where: \.isUnconfirmed) }

    /// Reads answers as people type them, and works the levy out.
    ///
    /// - Throws: a problem with every field that is wrong.
    public func assess(_ answers: [String: String]) throws -> Assessment {
        var values: [String: ExpressionValue] = [:]
        var faults: [Problem.Field] = []
        for question in questions {
            let text = answers[question.code]?.trimmingCharacters(in: .whitespaces) ?? ""
            switch question.kind {
            case .number(let range, let places):
                switch Decimal.typed(text, places: places) {
                case .one(let number) where range.contains(number): values[question.code] = .decimal(number)
                case .refused(let why):
                    let label = question.label
                    faults.append(Problem.Field(question.code, Text(id: "\(label.id): \(why.id)", en: "\(label.en): \(why.en)")))
                case .one, .nothing: faults.append(Problem.Field(question.code, Self.numberWanted(question.label, range, places)))
                }
            case .choice(let options):
                if options.contains(where: { $0.code == text }) {
                    values[question.code] = .string(text)
                } else {
                    let label = question.label
                    faults.append(Problem.Field(question.code, Text(id: "\(label.id): pilih salah satu", en: "\(label.en): choose one")))
                }
            }
        }
        guard faults.isEmpty else { throw Problem.fields(faults) }
        return try assess(values, settings: settings)
    }

    /// Works the levy out from values with the city’s own figures.
    public func assess(_ answers: [String: ExpressionValue]) throws -> Assessment { try assess(answers, settings: settings) }

    func assess(_ answers: [String: ExpressionValue], settings: [Setting]) throws -> Assessment {
        var values = answers
        for setting in settings { values[setting.code] = .decimal(setting.value) }
        for table in tables { values[table.code] = .map(table.rows.mapValues(ExpressionValue.decimal)) }
        var lines: [Line] = []
        for step in steps {
            let value: ExpressionValue
            do throws(ExpressionFault) {
                value = try step.formula.value(values)
            } catch {
                throw Problem(
                    "levy.not-covered",
                    .unacceptable,
                    Text(
                        id: "\(step.label.id) tidak bisa dihitung untuk isian ini",
                        en: "\(step.label.en) cannot be worked out for these answers"
                    ),
                    remedy: Text(id: "Tanyakan kepada dinas: \(error.message)", en: "Ask the agency: \(error.message)")
                )
            }
            guard case .decimal(let figure) = value else { continue }
            let shown = Text(id: step.formula.shown(values, in: .indonesian), en: step.formula.shown(values, in: .english))
            lines.append(Line(step: step, shown: shown, value: figure))
            values[step.code] = value
        }
        return Assessment(lines: lines, total: NSDecimalNumber(decimal: lines.last?.value ?? 0).intValue)
    }

    private static func numberWanted(_ label: Text, _ range: ClosedRange<Decimal>, _ places: Int) -> Text {
        func bounds(_ language: Language) -> (String, String) { (language.decimal(range.lowerBound), language.decimal(range.upperBound)) }
        let id = bounds(.indonesian)
        let en = bounds(.english)
        return places == 0
            ? Text(
                id: "\(label.id): tulis bilangan bulat dari \(id.0) sampai \(id.1)",
                en: "\(label.en): write a whole number from \(en.0) to \(en.1)"
            )
            : Text(
                id: "\(label.id): tulis angka dari \(id.0) sampai \(id.1), misalnya 36 atau 36,5",
                en: "\(label.en): write a number from \(en.0) to \(en.1), such as 36 or 36.5"
            )
    }
}

/// The texts of a levy's two files.
public struct LevySource: Sendable, Hashable {
    /// The nation's, with its tables and formulas.
    public let rules: String
    /// The city's, with its figures.
    public let figures: String
}
