// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import TestSupport
import Testing

@testable import Documents

@Suite("Signatures")
struct SigningTests {
    @Test("Lengths, numbers and names are written as DER has them")
    func forms() {
        #expect(DER.integer([0x80]).hex == "02020080")
        #expect(DER.integer([]).hex == "020100")
        #expect(DER.object([1, 2, 840, 10045, 4, 3, 2]).hex == "06082a8648ce3d040302")
        #expect(DER.octets([UInt8](repeating: 1, count: 200)).prefix(3).map { $0 } == [0x04, 0x81, 200])
    }

    @Test("Malformed bytes never stop the program")
    func fuzz() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0..<40, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            _ = DER.parts(bytes[...])
        }
    }

    @Test("A letter is drawn on as many pages as it takes, with room for its signature")
    func drawn() throws {
        let long = String(repeating: "Nama yang panjang sekali, ", count: 400)
        let letter = Letter(
            government: "PEMERINTAH KOTA CONTOH",
            agency: "Dinas Uji",
            address: "Jalan 1",
            title: "SURAT UJI",
            blocks: [
                .paragraph("ελληνικά Пётр Nguyễn"), .paragraph(long),
                .facts([Letter.Fact(label: long, value: ""), Letter.Fact(label: "", value: long)]),
                .paragraph(String(repeating: "x", count: 900)),
            ],
            place: "Contoh",
            date: CivilDate(days: 20_000),
            signer: "Kepala"
        )
        let seal = LetterDrawing.Seal(address: "https://balai.test/verifikasi/0", code: "0", note: "uji")
        let file = try LetterDrawing.draw(letter, seal: seal, at: Instant(milliseconds: 0))
        let room = try #require(SignatureRoom(file))
        #expect(room.filled(with: [UInt8](repeating: 1, count: 8192))?.count == file.count)
        #expect(room.filled(with: [UInt8](repeating: 1, count: 8193)) == nil)
        #expect(String(decoding: file, as: UTF8.self).components(separatedBy: "/Type/Page/Parent").count > 3)
    }

    @Test("A key is made once, and its certificate says that it is the city's own making")
    func selfMade() throws {
        let folder = try TestDatabase.temporaryFolder()
        let now = try #require(Instant(rfc3339: "2026-11-02T09:00:00+07:00"))
        func signer() throws -> DocumentSigner {
            try DocumentSigner(
                keyFile: folder.appendingPathComponent("a.key"),
                certificateFile: folder.appendingPathComponent("a.crt"),
                city: "Kota Contoh",
                at: now
            )
        }
        let first = try signer()
        #expect(first.isSelfMade)
        #expect(try signer().certificate == first.certificate)
        #expect(String(decoding: first.certificate, as: UTF8.self).contains("bukan BSrE"))
    }
}
