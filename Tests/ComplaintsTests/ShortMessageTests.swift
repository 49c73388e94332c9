// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Essentials
import Notifications
import Storage
import TestSupport
import Testing

/// How much fits into an SMS.
@Suite struct ShortMessageTests {
    @Test(
        "A text is cut as telephones cut it",
        arguments: [
            ("", 1), (String(repeating: "a", count: 160), 1), (String(repeating: "a", count: 161), 2),
            (String(repeating: "€", count: 81), 2), (String(repeating: "ā", count: 70), 1), (String(repeating: "ā", count: 71), 2),
        ]
    )
    func parts(text: String, count: Int) { #expect(ShortMessage.parts(text) == count) }

    @Test("Typographer's signs are put in the way that telephones know")
    func plain() { #expect(ShortMessage.plain("“Belum selesai” – dalam 10 hari…") == "\"Belum selesai\" - dalam 10 hari...") }

    @Test("None of the city's messages takes more than two SMS, in either language", arguments: Language.allCases)
    func samples(language: Language) async throws {
        let city = try await TestCity(.sqlite, pack: "medan")
        for (name, written) in city.complaints.messageSamples(language) {
            #expect(ShortMessage.parts(written.short) <= 2, "\(name): \(written.short)")
            #expect(!written.subject.contains("{") && !written.long.contains("{"), "\(name)")
        }
    }
}
