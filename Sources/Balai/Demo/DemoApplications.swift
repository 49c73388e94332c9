// SPDX-License-Identifier: EUPL-1.2

import Bookings
import Definitions
import Essentials
import Fees
import Forms
import Foundation
import Identity
import Journal
import Services

/// A few invented applications, so that every desk of the demo has something to do and a newcomer meets each stage.
struct DemoApplications {
    let services: Services
    let fees: Fees
    let accounts: Accounts
    /// The picture that stands for every paper.
    let picture: [UInt8]

    private static let father = "1271011708909999"
    private static let mother = "1271015708909999"

    /// Tells their stories; `ago` sets the clock to so many days before now.
    func create(ago: (Int64) -> Void) async throws {
        ago(30)
        let issued = try await birth("Butet Rekaan")
        ago(29)
        try await act("lengkap", issued, ["ganda": "tidak"], "petugas-akta")
        try await act("tanda_tangan", issued, [:], "penanda-tangan")
        let house = try await self.house("Bonar Rekaan", area: "36")
        let other = try await self.house("Saida Rekaan", area: "120")
        ago(27)
        for docket in [house, other] { try await act("lengkap", docket, [:], "petugas-izin") }
        ago(14)
        for docket in [house, other] {
            try await act("pernyataan", docket, ["tanggal_periksa": .string(today.description), "luas_sesuai": "ya"], "teknis-izin")
            try await act("tetapkan", docket, [:], "teknis-izin")
        }
        ago(12)
        if let bill = try await services.journal.read({ try Fees.bills(of: house, in: $0) }).first {
            try await fees.take(bill.amount, for: bill.number, by: .qris, reference: "demo-\(bill.number)", actor: .system)
        }
        ago(11)
        try await act("terbitkan", house, [:], "kadis-izin")
        ago(3)
        let returned = try await birth("Tigor Rekaan")
        try await act(
            "kembalikan",
            returned,
            [:],
            "petugas-akta",
            note: "Foto surat keterangan kelahiran buram. Mohon foto ulang di tempat terang."
        )
        let eatery = try await file(
            "izin-laik-higiene",
            person("Rumah Makan Rekaan").merging([
                "permohonan": "baru", "usaha": "Rumah Makan Rekaan", "nib": "1234567890123", "alamat": "Jalan Rekaan 5",
                "jenis_usaha": "restoran",
            ]) { $1 },
            papers: ["foto_dapur"]
        )
        ago(2)
        try await act("lengkap", eatery, [:], "petugas-izin")
        ago(0)
        _ = try await birth("Uli Rekaan")
        try await book()
    }

    /// A club that trains four weeks in a row, and has paid.
    private func book() async throws {
        guard let venue = services.city.venues.first(where: { $0.code == "olahraga" }), let field = venue.resource("cadika") else { return }
        let choices = try await services.bookings.choices(field, of: venue, on: today.adding(days: 3), minutes: 120, weeks: 4)
        guard let slot = choices.last?.slot else { return }
        let answers: [String: JSON] = [
            "waktu": .string(slot.description), "nama": "Pelatih Rekaan", "kelompok": "Klub Rekaan", "kontak": "+6281200000097",
            "kegiatan": "latihan",
        ]
        let docket = try await file("sewa-olahraga", answers, papers: [])
        if let bill = try await services.journal.read({ try Fees.bills(of: docket, in: $0) }).first {
            try await fees.take(bill.amount, for: bill.number, by: .qris, reference: "demo-\(bill.number)", actor: .system)
        }
    }

    private var today: CivilDate { services.journal.clock.now.date(in: services.city.zone) }

    private func person(_ name: String) -> [String: JSON] {
        [
            "nama": .string(name), "nik": .string(Self.father), "kontak": "+6281200000099",
            "kelurahan": .string(services.city.regions.subdistricts.first?.code ?? ""),
        ]
    }

    private func birth(_ name: String) async throws -> String {
        try await file(
            "akta-kelahiran",
            [
                "nama_anak": .string(name), "kelamin": "p", "tanggal_lahir": .string(today.adding(days: -12).description),
                "tempat_lahir": "Medan", "anak_ke": "1", "nama_ibu": "Ibu Rekaan", "nik_ibu": .string(Self.mother), "perkawinan": "tidak",
                "bukti_lahir": "surat", "nama_pelapor": "Ibu Rekaan", "nik_pelapor": .string(Self.mother), "kk": "1271010101200001",
                "kelurahan": .string(services.city.regions.subdistricts.first?.code ?? ""), "kontak": "+6281200000098",
            ],
            papers: ["foto_surat"]
        )
    }

    private func house(_ owner: String, area: String) async throws -> String {
        try await file(
            "pbg",
            person(owner).merging([
                "alamat": "Jalan Rekaan 12", "luas": .string(area), "lantai": "1", "fungsi": "hunian", "kompleksitas": "sederhana",
                "permanensi": "permanen", "kegiatan": "baru", "pemilik": "lain",
            ]) { $1 },
            papers: ["bukti_tanah", "gambar"]
        )
    }

    private func file(_ code: String, _ answers: [String: JSON], papers: [String]) async throws -> String {
        guard let service = services.city.services[code] else { throw Problem.notFound }
        let token = try await services.newDraft(service, language: .indonesian)
        guard var (draft, _) = try await services.draft(token) else { throw Problem.notFound }
        draft.answers = Answers(json: .object(answers))
        for paper in papers {
            draft.answers.set(paper, files: [try await services.addFile(picture, question: paper, person: draft.person)])
        }
        return try await services.file(draft, service, token: token, clerk: nil).docket
    }

    private func act(_ code: String, _ docket: String, _ findings: JSON, _ login: String, note: String = "") async throws {
        guard let officer = try await accounts.officer(login: login) else { throw Problem.notFound }
        try await services.act(code, on: docket, answers: Answers(json: findings), note: note, key: code, by: .officer(officer))
    }
}
