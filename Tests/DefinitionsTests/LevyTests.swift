// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Foundation
import Testing

/// Levies worked out by their tables and formulas.
@Suite struct LevyTests {
    static let house = [
        "luas": "36", "lantai": "1", "fungsi": "hunian", "kompleksitas": "sederhana", "permanensi": "permanen", "kegiatan": "baru",
        "pemilik": "lain",
    ]

    static func levy(_ city: String = "contoh") throws -> Levy {
        let city = try City(folder: PackTests.cities.appendingPathComponent(city))
        return try #require(city.levies.first { $0.code == "pbg" })
    }

    @Test("A house comes to what the national system works out, and each step shows its figures")
    func house() throws {
        let assessment = try Self.levy().assess(Self.house)
        #expect(assessment.total == 194_400, "36 × (0.005 × 6,000,000) × 0.18")
        #expect(assessment.lines.map(\.shown.id).last == "36 × (0,005 × 6.000.000) × 0,18 × 1")
        #expect(assessment.lines.first { $0.step.code == "parameters" }?.shown.en == "1 × 0.3 + 2 × 0.2 + 1 × 0.5")
        #expect(try Self.levy("medan").isUnconfirmed, "what the city has not confirmed is said")
    }

    @Test("Every wrong answer is told at once, with its field")
    func wrong() throws {
        var answers = Self.house
        answers["luas"] = "0"
        answers["lantai"] = "1,5"
        answers["fungsi"] = "istana"
        let levy = try Self.levy()
        let problem = #expect(throws: Problem.self) { try levy.assess(answers) }
        #expect(problem?.fields.map(\.name) == ["luas", "lantai", "fungsi"])
        #expect(problem?.fields.first?.message.id == "Luas total lantai: tulis angka dari 1 sampai 1.000.000, misalnya 36 atau 36,5")
    }

    /// The faults of the fictional city with the nation's levy changed.
    private func faults(_ change: (String) -> String) throws -> [String] {
        let nations = FileManager.default.temporaryDirectory.appendingPathComponent("nations-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: PackTests.repository.appendingPathComponent("National"), to: nations)
        defer { try? FileManager.default.removeItem(at: nations) }
        let file = nations.appendingPathComponent("id/levies/pbg.yaml")
        try change(String(contentsOf: file, encoding: .utf8)).write(to: file, atomically: true, encoding: .utf8)
        do {
            _ = try City(folder: PackTests.cities.appendingPathComponent("contoh"), nations: nations)
            return []
        } catch let faults as PackFaults {
            return faults.diagnostics.map(\.message)
        }
    }

    @Test("A formula with a fault, a changed table and an example that no longer holds are told when the pack is read")
    func diagnostics() throws {
        #expect(
            try faults { $0.replacing("formula: indeks_kegiatan[kegiatan]", with: "formula: indeks_kegiatan[luas]") }.contains {
                $0.hasPrefix("at character 16: map(string, decimal) has no place for decimal")
            }
        )
        #expect(
            try faults { $0.replacing("result: 162000", with: "result: 162001") } == [
                "“rumah 36 m², satu lantai” comes to 162000, not 162001"
            ]
        )
        #expect(try faults { $0.replacing("most: 0.005", with: "most: 0.004") } == ["0.005 is more than the law allows, 0.004"])
    }
}
