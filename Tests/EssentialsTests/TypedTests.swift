// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import Testing

@Suite("What people type")
struct TypedTests {
    @Test(
        "Rupiah are read as people and banks write them",
        arguments: [
            ("50000", 50_000), ("50.000", 50_000), ("50,000", 50_000), ("50 000", 50_000), ("50.000,00", 50_000), ("50,000.00", 50_000),
            ("162.000,00", 162_000), ("Rp1.500.000", 1_500_000), ("Rp 50.000,-", 50_000), ("rp. 50.000", 50_000), ("IDR 50,000.00", 50_000),
            ("50.000 rupiah", 50_000), ("50\u{00A0}000", 50_000), ("50\u{202F}000", 50_000), ("50\u{2009}000", 50_000), ("٥٠٠٠٠", 50_000),
            ("۵۰٬۰۰۰", 50_000), ("５０．０００", 50_000), (" 5 ", 5), ("-5", -5), ("−5.000", -5_000), ("0", 0), ("007", 7), ("50.00", 50),
            ("\u{202A}50.000\u{202C}", 50_000),
        ]
    )
    func rupiah(text: String, amount: Int) { #expect(Rupiah.typed(text).value == amount) }

    @Test(
        "What is no whole rupiah, or might be another amount, is refused in words that name it",
        arguments: [
            "75,5", "75.50", "1e6", "1.50.000", "50.0000", "5.00.00", "1,250.000", "50.000,000", ".5", "5.", "5..000", "1.2.3", "0x10", "½",
            "²",
            "lima", "5 0", "99999999999999999999", "--5", "5-", "Rp", "1.000-2.000", "+5", "50.000;", "0.500",
        ]
    )
    func noRupiah(text: String) throws {
        let reading = Rupiah.typed(text)
        #expect(reading.value == nil)
        let why = try #require(reading.fault)
        #expect(why.id.contains(text.trimmingCharacters(in: .whitespaces)) && why.en != why.id)
    }

    @Test("Every amount is read back from every way in which it is written")
    func everyWay() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let amount = Int.random(in: 0...(Bool.random(using: &generator) ? 1_000_000_000_000 : 2_000_000), using: &generator)
            let (id, en) = (Language.indonesian.number(amount), Language.english.number(amount))
            for text in ["\(amount)", id, en, "\(id),00", "\(en).00", "Rp\(id)", "Rp \(id),-", id.replacing(".", with: "\u{00A0}")] {
                #expect(Rupiah.typed(text).value == amount, "\(text)")
            }
        }
    }

    @Test("Nothing that is typed by chance is read as two things: what is read does not hang on white space around it, nor on its script")
    func chance() {
        var generator = SystemRandomNumberGenerator()
        let letters = Array("0123456789..,, -RpRpe+\u{00A0}٣５")
        for _ in 0..<20_000 {
            let text = String((0..<Int.random(in: 0...14, using: &generator)).map { _ in letters.randomElement(using: &generator) ?? "0" })
            for places in 0...2 {
                let reading = Decimal.typed(text, places: places)
                #expect(Decimal.typed(" \(text)\t", places: places).value == reading.value)
                guard let value = reading.value else { continue }
                #expect(value == value.rounded(places: places))
                #expect(Decimal.typed(value.description, places: places).value == value, "what is kept means the same: \(text)")
                #expect(Decimal.typed(Language.indonesian.decimal(value), places: places).value == value, "and what is shown: \(text)")
                #expect(Decimal.typed(Language.english.decimal(value), places: places).value == value, "in both languages: \(text)")
            }
        }
    }

    @Test(
        "Three digits after a mark are thousands where a number has two decimals at most",
        arguments: [
            ("1.250", "1250"), ("1,250", "1250"), ("72.000", "72000"), ("36,5", "36.5"), ("36.5", "36.5"), ("36.50", "36.5"),
            ("1.250,75", "1250.75"), ("1,250.75", "1250.75"), ("1 250,5", "1250.5"), ("1.000.000", "1000000"),
        ]
    )
    func measures(text: String, value: String) { #expect(Decimal.typed(text, places: 2).value?.description == value) }

    @Test("Where a number may have three decimals, nobody but the writer knows: both readings are offered")
    func either() throws {
        let why = try #require(Decimal.typed("1.250", places: 3).fault)
        #expect(why.id.contains("1.250") && why.id.contains("1,25"))
        #expect(Decimal.typed("1250", places: 3).value == 1250)
        #expect(Decimal.typed("0,125", places: 3).value?.description == "0.125")
    }

    @Test(
        "Days are read as people write them",
        arguments: [
            ("2026-01-31", "2026-01-31"), ("31/01/2026", "2026-01-31"), ("31/1/2026", "2026-01-31"), ("31-01-2026", "2026-01-31"),
            ("31.1.2026", "2026-01-31"), ("2 Januari 2026", "2026-01-02"), ("2 Jan 2026", "2026-01-02"), ("January 2, 2026", "2026-01-02"),
            ("17 Agustus 2026", "2026-08-17"), ("٣١/٠١/٢٠٢٦", "2026-01-31"), ("03/04/2026", "2026-04-03"),
        ]
    )
    func days(text: String, day: String) { #expect(CivilDate.typed(text).value?.description == day) }

    @Test(
        "Years of two digits and days that no calendar has are refused in words",
        arguments: ["31/01/26", "2 Jan 26", "31/02/2026", "01/13/2026", "besok", "2026", "1/2"]
    )
    func noDays(text: String) throws {
        let why = try #require(CivilDate.typed(text).fault)
        #expect(why.id.contains(text))
        if text.contains("26") && !text.contains("2026") { #expect(why.id.contains("empat angka") && why.en.contains("four digits")) }
    }

    @Test("One answer needs attention, two need it")
    func faults() {
        let fault = Problem.Field("a", Text(same: "a"))
        #expect(Problem.fields([fault]).title.en == "1 answer needs your attention")
        #expect(Problem.fields([fault, fault]).title.en == "2 answers need your attention")
    }
}
