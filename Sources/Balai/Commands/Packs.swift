// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Definitions
import Essentials
import Foundation
import Services

/// Reads a pack and says every fault at once.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Check a city’s pack; every fault with file, line, column and fix.")

    @Argument(help: "The pack’s folder, such as City/medan.")
    var folder: String

    func run() throws {
        let city = try City(folder: URL(fileURLWithPath: folder), nations: Home.nations)
        let stories = ScenarioCheck(city: city).faults()
        guard stories.isEmpty else { throw PackFaults(diagnostics: stories.sorted()) }
        print(
            "\(city.name.id): \(city.regions.districts.count) districts, \(city.regions.subdistricts.count) subdistricts, \(city.agencies.count) agencies, "
                + "\(city.complaints.categories.count) kinds of complaint, \(city.services.services.count) services, "
                + "\(city.services.services.reduce(0) { $0 + $1.scenarios.count }) stories told, calendar until \(city.calendar.decreedUntil). No fault."
        )
        for notice in city.undecided { print("Note: \(notice)") }
    }
}

/// Begins a new city from the fictional one.
struct NewCity: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "new-city", abstract: "Begin a new city’s pack from City/contoh.")

    @Argument(help: "A short name in lower-case letters, such as binjai.")
    var name: String

    func run() throws {
        guard (2...40).contains(name.utf8.count), name.utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0 == 0x2D }) else {
            throw ValidationError("A city’s short name has lower-case letters and hyphens only, such as binjai.")
        }
        let cities = try Home.find().appendingPathComponent("City")
        let target = cities.appendingPathComponent(name)
        guard !FileManager.default.fileExists(atPath: target.path) else { throw ValidationError("\(target.path) is there already.") }
        try FileManager.default.copyItem(at: cities.appendingPathComponent("contoh"), to: target)
        let file = target.appendingPathComponent("city.yaml")
        let text = try String(contentsOf: file, encoding: .utf8).replacing("code: contoh", with: "code: \(name)").replacing(
            "Kota Contoh",
            with: "Kota \(name.capitalized)"
        )
        try text.write(to: file, atomically: true, encoding: .utf8)
        // For how long a city keeps personal data is its own to say: a made-up city's figure would erase real people's.
        for path in ["complaints/promises.yaml", "services.yaml"] {
            let file = target.appendingPathComponent(path)
            let text = try String(contentsOf: file, encoding: .utf8)
            try text.replacing(/(?m)^retention:\n(?:  .*\n)+/, with: "").write(to: file, atomically: true, encoding: .utf8)
        }
        _ = try City(folder: target, nations: Home.nations)
        print("\(target.path) is ready. Change its files, and run: balai check \(target.path)")
    }
}
