// SPDX-License-Identifier: EUPL-1.2

import Cases
import Complaints
import Definitions
import Essentials
import Hummingbird
import Identity
import Markup
import Residents
import Services
import Web

/// What is said of an act on the page to which it led: `selesai` in the address names it, and each is said only where it can be true.
extension Portal {
    /// What an officer did to a report.
    private static let deskActs: [String: Text] = [
        "tulis": Text(id: "Tulisan Anda tercatat.", en: "What you wrote is recorded."),
        "verifikasi": Text(id: "Laporan diperiksa dan diteruskan.", en: "The report is checked and passed on."),
        "konfirmasi": Text(id: "Hasilnya dikonfirmasi: laporan selesai.", en: "The result is confirmed: the report is done."),
        "tolak-hasil": Text(id: "Hasilnya dikembalikan untuk diperbaiki.", en: "The result is sent back to be mended."),
        "tugaskan": Text(id: "Penugasan tercatat.", en: "The assignment is recorded."),
        "jadwal": Text(id: "Jadwal tersimpan.", en: "The date is saved."),
        "selesai": Text(
            id: "Dilaporkan selesai; menunggu orang kedua.",
            en: "Reported as done; a second person has to confirm it."
        ),
        "perpanjang": Text(id: "Tenggat diperpanjang.", en: "The deadline is extended."),
        "kembalikan": Text(id: "Laporan dikembalikan.", en: "The report is sent back."),
        "teruskan": Text(id: "Laporan diteruskan.", en: "The report is passed on."),
        "ke-luar": Text(id: "Laporan diteruskan ke luar kota.", en: "The report is passed on outside the city."),
        "jenis": Text(id: "Jenis laporan diganti.", en: "The kind is changed."),
        "gabung": Text(id: "Laporan digabungkan.", en: "The report is merged."),
        "pecah": Text(id: "Bagian itu dipecah menjadi laporan sendiri.", en: "That part is a report of its own now."),
        "tutup": Text(id: "Laporan ditutup.", en: "The report is closed."),
        "rahasiakan": Text(id: "Laporan ini rahasia sekarang.", en: "The report is confidential now."),
        "buka": Text(id: "Laporan dibuka lagi untuk umum.", en: "The report is public again."),
        "terbitkan": Text(id: "Balasan diterbitkan.", en: "The reply is published."),
        "sembunyikan": Text(id: "Balasan disembunyikan.", en: "The reply is hidden."),
        "blokir": Text(id: "Kontak pelapor diblokir.", en: "The reporter’s contact is blocked."),
        "sunting": Text(id: "Suntingan tersimpan.", en: "The edit is saved."),
    ]

    /// What an officer has just done to the report that is shown.
    func deskDone(_ request: Request, _ t: Words) -> HTML {
        request.query("selesai").flatMap { Self.deskActs[$0] }.map { doneNotice(t($0)) } ?? HTML()
    }

    /// What an officer has just done to the application that is shown, as its trail calls it.
    func deskDone(_ request: Request, _ story: Story, _ service: Service, by officer: Officer, _ t: Words) -> HTML {
        guard request.query("selesai") != nil,
            let last = story.events.last(where: { $0.account == officer.account.description && $0.kind != "case.viewed" })
        else { return HTML() }
        return doneNotice("\(t("Tercatat:", "Recorded:")) \(title(last, service, t))")
    }

    /// That an act is recorded which took its case out of the officer's sight: said on the list where they go on.
    func passedOn(_ request: Request, _ t: Words) -> HTML {
        guard let docket = request.query("tercatat").flatMap({ Docket($0) }) else { return HTML() }
        return doneNotice(
            t(
                "Tercatat. Berkas \(docket.description) sekarang bukan tugas Anda lagi.",
                "Recorded. Case \(docket.description) is not yours any more."
            )
        )
    }

    /// What somebody has just done to the report that is shown.
    func caseDone(_ request: Request, _ complaint: Complaint, isReporter: Bool, _ t: Words) async throws -> HTML {
        switch request.query("selesai") {
        case "konfirmasi" where complaint.stage != .unconfirmed:
            doneNotice(t("Kodenya cocok: laporan dan kontak Anda terkonfirmasi.", "The code is right: report and contact are confirmed."))
        case "balasan" where isReporter: doneNotice(t("Balasan Anda terkirim.", "Your reply is sent."))
        case "penilaian" where isReporter: doneNotice(t("Penilaian Anda tercatat.", "Your rating is recorded."))
        case "sanggahan" where isReporter:
            doneNotice(t("Sanggahan Anda tercatat; berkasnya dibuka lagi.", "Your objection is recorded; the case is open again."))
        case "penarikan" where complaint.outcome == .withdrawn: doneNotice(t("Laporan ditarik.", "The report is withdrawn."))
        case "penghapusan" where try await complaints.isErased(complaint):
            doneNotice(t("Data Anda di laporan ini sudah dihapus selamanya.", "Your data in this report has been erased for ever."))
        case "bantahan": doneNotice(t("Sanggahan Anda tercatat.", "Your objection is recorded."))
        case "jawab": doneNotice(t("Jawaban Anda tercatat.", "Your answer is recorded."))
        case "ikuti" where complaint.isPublic: doneNotice(t("Anda akan dikabari.", "You will be told."))
        default: HTML()
        }
    }

    /// What a resident has just done on their own page.
    func ownDone(_ act: String?, _ resident: Resident, _ t: Words) -> HTML {
        let words: String? =
            switch act {
            case "data": t("Data Anda tersimpan.", "Your data is saved.")
            case "tambah-kontak":
                resident.contacts.last.map {
                    t("Kontak \($0.masked) ditambahkan.", "The contact \($0.masked) is added.")
                }
            case "lepas-kontak":
                resident.leaving.last.map {
                    let (id, en) = ($0.until.date(in: city.zone).long(.indonesian), $0.until.date(in: city.zone).long(.english))
                    return t(
                        "Diminta: kontak dilepas pada \(id), kecuali dihentikan. Sampai saat itu masih bisa dipakai masuk.",
                        "Asked: the contact is taken off on \(en) unless it is stopped. Until then it still signs in."
                    )
                } ?? t("Kontak dilepas.", "The contact is taken off.")
            case "batal-lepas": t("Kontaknya tetap dipakai.", "The contact stays.")
            case "kunci": t("Kunci sandi dibuat.", "The passkey is made.")
            case "lepas-kunci":
                t("Kunci sandi dilepas; perangkat lain dikeluarkan.", "The passkey is taken off; other devices are signed out.")
            case "keluar": t("Sesi lain diakhiri.", "The other sessions are ended.")
            default: nil
            }
        return words.map(doneNotice) ?? HTML()
    }

    /// What a contact form did.
    func contactDone(_ act: String?, _ story: Story, _ t: Words) -> HTML {
        switch act {
        case "prove" where story.isContactConfirmed:
            doneNotice(t("Kodenya cocok: kontaknya terbukti.", "The code is right: the contact is proven."))
        case "change": doneNotice(t("Tercatat. Kodenya dikirim ke kontak baru.", "Recorded. The code goes to the new contact."))
        case "agree" where story.nextContact == nil: doneNotice(t("Kontak baru sudah dipakai.", "The new contact is in use."))
        case "stop" where story.nextContact == nil: doneNotice(t("Kontaknya tetap.", "The contact stays."))
        case "kabar": doneNotice(t("Pilihan Anda tersimpan.", "Your choice is saved."))
        default: HTML()
        }
    }
}
