// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import TestSupport
import Testing

@testable import Documents

/// A paper says what was written, or is not made at all.
@Suite("Characters on papers")
struct LetterTests {
    private func letter(_ name: String) -> Letter {
        Letter(
            government: "PEMERINTAH KOTA CONTOH",
            agency: "Dinas Uji",
            address: "Jalan 1",
            title: "KUTIPAN AKTA KELAHIRAN",
            blocks: [.paragraph("Nomor \(Letter.numberMark)"), .facts([Letter.Fact(label: "Nama", value: name)])],
            place: "Contoh",
            date: CivilDate(days: 20_000),
            signer: "Kepala"
        )
    }

    private func draw(_ letter: Letter) throws -> [UInt8] {
        let seal = LetterDrawing.Seal(address: "https://balai.test/verifikasi/0", code: "0", note: "uji")
        return try LetterDrawing.draw(letter, seal: seal, at: Instant(milliseconds: 0))
    }

    /// The text of a PDF file, as another program reads it.
    private func text(of file: [UInt8]) throws -> String {
        let place = try TestDatabase.temporaryFolder().appendingPathComponent("surat.pdf")
        try Data(file).write(to: place)
        let program = Process()
        program.executableURL = URL(fileURLWithPath: "/usr/bin/pdftotext")
        program.arguments = ["-layout", place.path, "-"]
        let output = Pipe()
        program.standardOutput = output
        try program.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        program.waitUntilExit()
        return String(decoding: text, as: UTF8.self)
    }

    @Test(
        "Names of every people that writes Latin letters stand on it as they were written",
        arguments: [
            "Butet Siregar", "Nguyễn Thị Đặng Ếch", "O’Brien-Śmiłowski", "Þórður Ægisson", "Łukasz Žižek", "Şükrü Ğ. Çelik", "Ḫattušili",
            "ʻOkina Kahananui", "Siti Nur’aini, S.H.", "Θεοδωράκης", "Чайковский Пётр", "José Ñuñez",
        ]
    )
    func drawn(name: String) throws {
        let letter = letter(name)
        try letter.requireDrawable()
        // As it is read again from the entry, its number filled in.
        let shown = try text(of: try draw(try #require(Letter(json: letter.json))))
        #expect(shown.contains(name) && !shown.contains("?"))
    }

    @Test(
        "What no font has is refused before anything is recorded, and named",
        arguments: [
            ("李明 王", "李"), ("தமிழ்", "த"), ("محمد", "م"), ("ᯅᯖᯂ", "ᯂ"), ("Butet 😀", "😀"), ("Butet\u{202E}Siregar", "U+202E"),
            ("Butet\u{0}", "U+0000"), ("Butet\u{FFFE}", "U+FFFE"), ("Butet\u{E000}", "U+E000"), ("Butet\r", "U+000D"),
            ("Butet\u{AD}\u{200B}", "U+200B"), ("\u{FFFD}", "U+FFFD"),
        ]
    )
    func refused(name: String, named: String) throws {
        let letter = letter(name)
        let problem = #expect(throws: Problem.self) { try letter.requireDrawable() }
        #expect(problem?.code == "document.characters" && problem?.status == .conflict)
        #expect(problem?.title.id.contains(named) == true && problem?.remedy != nil)
        #expect(throws: Problem.self) { try draw(letter) }
    }
}
