// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import TestSupport
import Testing

@testable import Cases
@testable import Definitions
@testable import Fees
@testable import Forms

/// What people answer and what packs say: numbers of cases and people, contacts, times, places, payments, formulas.
@Suite struct AnswerParserTests {
    @Test("A case's number that is read is the one that is written")
    func dockets() {
        var random = Seeded(1)
        for year in [0, 26, 1999, 9999] {
            let docket = Docket(kind: "LPR", year: year, using: &random)
            #expect(Docket(docket.description.lowercased().replacing("-", with: " ")) == docket)
            for input in Spoilt([docket.description], count: 1000) {
                if let found = Docket(input.text) { #expect(Docket(found.description) == found) }
            }
        }
    }

    @Test("A contact that is read is read alike from its own form")
    func contacts() {
        for input in Spoilt(["0812-3456-7890", "+62 812 3456 7890", "Siti.A@contoh.id", "(061) 4511"]) {
            guard let contact = Contact(input.text) else { continue }
            #expect(Contact(contact.address ?? "") == contact && contact.masked.utf8.count < 300)
        }
    }

    @Test("A resident's number says who could bear it")
    func residents() {
        for input in Spoilt(["1271015708909999", "1271 0117 0890 9999", "1271010000000001"]) {
            guard let number = ResidentNumber(input.text) else { continue }
            for day in [CivilDate.first, CivilDate.last, CivilDate(days: 0)] { _ = number.fits(day) }
        }
        for input in Spoilt(["1271010101200001"], count: 500) { _ = ResidentNumber.familyCard(input.text) }
    }

    @Test("A place that a code names lies on the globe")
    func plusCodes() {
        let places = [(3.59, 98.67), (90, 180), (-90, -180), (0, 0), (89.9999, -179.9999)]
        for (latitude, longitude) in places {
            guard let near = Point(latitude: latitude, longitude: longitude) else { continue }
            for input in Spoilt(["6PH57PWC+V5", "7PWC+V5", "22222222+", "CVXVXVXV+XXXXXXX", "WC+2"], count: 800) {
                if let place = Point(plusCode: input.text, near: near) { #expect(abs(place.latitude) <= 90 && abs(place.longitude) <= 180) }
            }
        }
    }

    @Test("Two numbers are a place on the globe, or none")
    func coordinates() {
        for input in Spoilt(["3.5952", "-98.6722", "1e2", "0x1p3", "infinity"], count: 1500) {
            if let place = Point(latitude: input.text, longitude: "98.6") { #expect(place.latitude.isFinite && abs(place.latitude) <= 90) }
            if let place = Point(latitude: "3.5", longitude: input.text) {
                #expect(place.longitude.isFinite && abs(place.longitude) <= 180)
            }
        }
    }

    @Test("Booked times that are read are written alike")
    func slots() {
        for input in Spoilt(["gor_a@2026-12-01T08:00,2026-12-08T08:00/120", "a@9999-12-31T23:59/1440"]) {
            guard let slot = Slot(input.text) else { continue }
            #expect(Slot(slot.description) == slot && !slot.times(.english).isEmpty)
            let zone = TimeZoneOffset(minutes: 420)
            for start in slot.starts {
                #expect(start.instant(in: zone).adding(seconds: Int64(slot.minutes) * 60) >= start.instant(in: zone))
            }
        }
    }

    @Test("A QRIS payload that is read asks for any sum")
    func qris() throws {
        let merchant =
            "00020101021126650019ID.CO.BANKSUMUT.WWW011893600111000001271202090000012710303URE51440014ID.CO.QRIS.WWW0215ID10202710000010303URE5204939953033605802ID5911PEMKO MEDAN6005MEDAN6105201126304A500"
        let ours = try QRIS(merchant)
        #expect(try QRIS(ours.asking(Int.max, bill: "261100000001").payload)["54"] == String(Int.max))
        for input in Spoilt([merchant, "000201630400", "0002016399"]) {
            // With a right checksum over whatever it has become, so that the rest of it is looked at.
            for text in [input.text, String(input.text.dropLast(4)) + QRIS.checksum(Array(input.text.utf8.dropLast(4)))] {
                guard let found = try? QRIS(text), text.allSatisfy(\.isASCII) else { continue }
                #expect(try QRIS(found.payload) == found)
            }
        }
    }

    @Test("A bank's statement is read or refused in words")
    func statements() {
        let head = "Tanggal;Keterangan;Kredit\n"
        for input in Spoilt(
            [head + "02/11/2026;QRIS 261100000001;162.000,00\n03-11-2026;x;-\n", "date,description,amount\n2026-11-02,\"a\",1\n"],
            count: 2500
        ) {
            if let statement = try? BankStatement(csv: input) { for row in statement.rows { #expect(row.amount > 0) } }
        }
    }

    @Test("A formula is refused or worked out; it never ends the program")
    func expressions() {
        let names: [String: ExpressionType] = [
            "n": .integer, "d": .decimal, "x": .double, "t": .string, "l": .list(.integer), "m": .map(.decimal),
        ]
        let formulas = [
            "n + 1 > 2 ? d * 0.5 : d / 3", "round(d * 1000000, 2) - trunc(d, 0)", "l.all(e, e % 2 == 0) || t.contains('a')", "m['a'] + m.b",
            "int(x) * n - -n", "size(l) + size(t) + size(m)", "[1, 2, 3][n] in l", "string(d) + string(x) + string(n)",
            "math.least(n, 1) / math.greatest(n, 2)",
            "int(t) + int(string(n))", "double(t) / 0.0 > 1e308", "!(n == 0) && t.startsWith('\\u00e9')", "int(decimal(n) * d)",
        ]
        let largest = Decimal(string: "99999999999999999999999999999999999999") ?? 0
        let values: [[String: ExpressionValue]] = [
            [
                "n": .integer(.max), "d": .decimal(largest), "x": .double(.greatestFiniteMagnitude), "t": .string("9223372036854775807"),
                "l": .list([.integer(.min)]), "m": .map(["a": .decimal(-largest)]),
            ],
            ["n": .integer(.min), "d": .decimal(0), "x": .double(.nan), "t": .string(""), "l": .list([]), "m": .map([:])],
            [
                "n": .integer(0), "d": .decimal(Decimal(sign: .minus, exponent: -127, significand: 1)), "x": .double(-.infinity),
                "t": .string("\u{301}"), "l": .list([.integer(.max), .integer(1)]), "m": .map(["b": .decimal(.nan)]),
            ],
        ]
        for input in Spoilt(formulas, count: 2500) {
            guard let formula = try? Expression(input.text, names: names) else { continue }
            for given in values {
                _ = try? formula.value(given)
                _ = formula.shown(given, in: .indonesian)
            }
        }
    }

    @Test(
        "A formula that is nested or chained without end is refused",
        arguments: ["(", "!", "-", "[", "n[0]", "n.a", "1+", "n?n:", "l.all(e, "]
    )
    func deepExpressions(part: String) {
        for text in [String(repeating: part, count: 1300), "n" + String(repeating: part.replacing("n", with: ""), count: 1300)] {
            #expect(throws: ExpressionFault.self) { try Expression(text, names: ["n": .integer, "l": .list(.integer)]) }
        }
    }
}
