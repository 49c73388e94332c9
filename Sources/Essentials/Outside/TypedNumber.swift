// SPDX-License-Identifier: EUPL-1.2

import Foundation

extension Decimal {
    /// Reads a number as people type it, the same on a page of either language: `1250`, `1.250`, `1,250`, `1 250`, `36,5`, `36.5`,
    /// `1.250,75`, `1,250.75`.
    ///
    /// Whoever writes thousands writes three digits after each mark, and whoever writes decimals here writes at most `places`. Where
    /// both fit, nobody but the writer knows.
    ///
    /// - Parameter places: decimals that the number may have.
    public static func typed(_ text: String, places: Int) -> Typed<Decimal> {
        guard var plain = TypedText.plain(text) else { return .refused(notANumber(text, places)) }
        if plain.isEmpty { return .nothing }
        let isNegative = plain.hasPrefix("-")
        if isNegative { plain.removeFirst() }
        guard let shape = Shape(plain) else { return .refused(notANumber(text, places)) }
        let readings = Set([shape.asThousands, shape.asDecimals(atMost: max(places, 2))].compactMap { $0 })
        guard let first = readings.min() else { return .refused(notANumber(text, places)) }
        if let second = readings.max(), second != first {
            func both(_ language: Language) -> (String, String) { (language.decimal(second), language.decimal(first)) }
            let (id, en) = (both(.indonesian), both(.english))
            return .refused(
                Text(
                    id: "“\(text)” bisa berarti \(id.0) atau \(id.1): tulis tanpa titik ribuan, atau dengan satu nol lagi di belakang koma",
                    en: "“\(text)” can mean \(en.0) or \(en.1): write it without marks for thousands, or with one more nought at its end"
                )
            )
        }
        guard first == first.rounded(places: places) else { return .refused(notANumber(text, places)) }
        return .one(isNegative ? -first : first)
    }

    private static func notANumber(_ text: String, _ places: Int) -> Text {
        places == 0
            ? Text(
                id: "“\(text.prefix(40))” bukan bilangan bulat seperti 1.250",
                en: "“\(text.prefix(40))” is no whole number such as 1,250"
            )
            : Text(
                id: "“\(text.prefix(40))” bukan angka seperti 1.250,5 (paling banyak \(places) angka di belakang koma)",
                en: "“\(text.prefix(40))” is no number such as 1,250.5 (at most \(places) decimals)"
            )
    }

    /// Runs of digits and the marks between them.
    private struct Shape {
        private var runs = [""]
        private var marks: [Character] = []

        /// Digits that no amount or measure of a city needs more of.
        private static let limit = 18

        init?(_ plain: String) {
            for character in plain {
                switch character {
                case "0"..."9" where character.isASCII: runs[runs.count - 1].append(character)
                case ".", ",", " ":
                    marks.append(character)
                    runs.append("")
                default: return nil
                }
            }
            guard runs.allSatisfy({ !$0.isEmpty }), runs.reduce(0, { $0 + $1.utf8.count }) <= Self.limit else { return nil }
        }

        private static func isGrouped(_ runs: some Collection<String>) -> Bool {
            guard let first = runs.first else { return false }
            return runs.count == 1
                || ((1...3).contains(first.utf8.count) && first.first != "0" && runs.dropFirst().allSatisfy { $0.utf8.count == 3 })
        }

        private static func decimal(_ text: String) -> Decimal? { Decimal(string: text, locale: Locale(identifier: "en_US_POSIX")) }

        /// Every mark parts thousands.
        var asThousands: Decimal? {
            guard Set(marks).count <= 1, Self.isGrouped(runs) else { return nil }
            return Self.decimal(runs.joined())
        }

        /// The last mark begins the decimals, those before it part thousands.
        func asDecimals(atMost places: Int) -> Decimal? {
            guard let mark = marks.last, mark != " ", let decimals = runs.last, decimals.utf8.count <= places else { return nil }
            let before = marks.dropLast()
            guard !before.contains(mark), Set(before).count <= 1, Self.isGrouped(runs.dropLast()) else { return nil }
            return Self.decimal("\(runs.dropLast().joined()).\(decimals)")
        }
    }
}

/// Money as people and banks write it.
public enum Rupiah {
    /// More than any city takes at once.
    public static let most = 1_000_000_000_000

    /// Reads whole rupiah: `50000`, `50.000`, `50,000`, `50.000,00`, `50,000.00`, `Rp 50.000`, `Rp50.000,-`. Nothing has sen any more.
    public static func typed(_ text: String) -> Typed<Int> {
        guard var plain = TypedText.plain(text)?.lowercased() else { return .refused(howToWrite(text)) }
        var sign = ""
        func trim() { plain = plain.trimmingCharacters(in: .whitespaces) }
        func takeSign() {
            if plain.hasPrefix("-"), sign.isEmpty {
                sign = "-"
                plain.removeFirst()
                trim()
            }
        }
        takeSign()
        for name in ["rp.", "rp", "idr"] where plain.hasPrefix(name) {
            plain.removeFirst(name.count)
            trim()
            break
        }
        takeSign()
        for name in ["rupiah", "idr", ",--", ",-", ".-"] where plain.hasSuffix(name) {
            plain.removeLast(name.count)
            trim()
        }
        if plain.isEmpty { return text.allSatisfy(\.isWhitespace) ? .nothing : .refused(howToWrite(text)) }
        guard let number = Decimal.typed(sign + plain, places: 0).value, abs(number) <= 1_000_000_000_000_000 else {
            return .refused(howToWrite(text))
        }
        return .one(NSDecimalNumber(decimal: number).intValue)
    }

    /// Reads what was typed into a field of a form.
    ///
    /// - Throws: a problem for the field that says what was typed and what to write.
    public static func typed(_ text: String, field: String, range: ClosedRange<Int> = 1...most) throws -> Int {
        switch typed(text) {
        case .one(let amount) where range.contains(amount): return amount
        case .refused(let why): throw Problem.fields([Problem.Field(field, why)])
        case .one, .nothing:
            func bounds(_ language: Language) -> (String, String) { (language.number(range.lowerBound), language.number(range.upperBound)) }
            let (id, en) = (bounds(.indonesian), bounds(.english))
            throw Problem.fields([
                Problem.Field(
                    field,
                    Text(id: "Tulis jumlah dari Rp\(id.0) sampai Rp\(id.1)", en: "Write an amount from Rp\(en.0) to Rp\(en.1)")
                )
            ])
        }
    }

    private static func howToWrite(_ text: String) -> Text {
        let typed = text.prefix(40)
        return Text(
            id: "“\(typed)” bukan rupiah bulat: tulis seperti 162.000 atau Rp162.000,00",
            en: "“\(typed)” is not an amount in whole rupiah: write it like 162,000 or Rp162,000.00"
        )
    }
}
