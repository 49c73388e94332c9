// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Cases
import Complaints
import Definitions
import Essentials
import Foundation
import Journal
import Services
import Storage

/// Erases a person.
struct Erase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Erase the reporter or applicant of a case: destroy their key, and overwrite what is left. The log still verifies."
    )

    /// Tries, a second apart, to find a moment in which nobody reads what was deleted.
    private static let tries = 60

    @OptionGroup var options: CityOptions
    @Argument(help: "The case’s number.") var docket: String
    @Option(help: "Why, such as “UU 27/2022 ps. 8”.") var basis: String
    @Flag(
        help:
            "Erase the office’s reasons for its decision too: where they were held unlawfully (UU 27/2022 ps. 43(1)(d)) or a judgment says so. Else they stay, and “Erased.” says it."
    ) var withReasons = false

    func run() async throws {
        let hall = try await options.open()
        var kept: [Text] = []
        if try await hall.complaints.find(docket) != nil {
            try await hall.complaints.erase(docket, by: .system, basis: basis)
        } else {
            switch try await hall.services.erase(docket, by: .system, ground: ErasureGround(basis, endsReasons: withReasons)) {
            case .done(let staying): kept = staying
            case .kept(let reason): throw Problem("erase.kept", .conflict, reason)
            case .waits(let reasons):
                throw Problem(
                    "erase.waits",
                    .conflict,
                    Text(
                        id: "Belum bisa dihapus; permintaannya dicatat",
                        en: "It cannot be erased yet; the wish is kept, and carried out as soon as it can"
                    ),
                    remedy: Text(id: reasons.map(\.id).joined(separator: "\n"), en: reasons.map(\.en).joined(separator: "\n"))
                )
            }
        }
        for _ in 0..<Self.tries {
            if try await hall.journal.finishErasures(isQuiet: true, in: hall.leftovers) {
                print((["Erased."] + kept.map { "Kept: \($0.en)." }).joined(separator: "\n"))
                return await hall.database.close()
            }
            try await Task.sleep(for: .seconds(1))
        }
        print(
            "Erased. What was deleted is still being read by somebody; the city overwrites it as soon as it can (metric balai_erasures_unfinished)."
        )
        await hall.database.close()
    }
}
