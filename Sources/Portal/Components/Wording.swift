// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials

/// What happened, in words for people.
struct Wording {
    let city: City
    let t: Words

    func title(_ event: ComplaintEvent) -> String {
        let agency = event.facts["agency"]?.string.map { city.agency($0).short } ?? ""
        let own = event.agency.map { city.agency($0).short } ?? city.name(t.language)
        switch event.kind {
        case "complaint.filed":
            return event.facts["stage"]?.string == Stage.unconfirmed.rawValue
                ? t("Laporan masuk, menunggu konfirmasi", "Report came in, awaiting confirmation")
                : t("Laporan diterima, jam mulai berjalan", "Report received, the clock starts")
        case "complaint.confirmed": return t("Laporan diterima, jam mulai berjalan", "Report received, the clock starts")
        case "complaint.verified": return t("Diperiksa dan diteruskan ke \(agency)", "Checked and passed to \(agency)")
        case "complaint.forwarded": return t("Diteruskan ke \(agency)", "Passed to \(agency)")
        case "complaint.sent-back": return t("Dikembalikan oleh \(own)", "Sent back by \(own)")
        case "complaint.recategorised": return t("Jenis laporan diganti", "The kind was changed")
        case "complaint.passed-outside":
            return t("Diteruskan ke \(event.facts["office"]?.string ?? "")", "Passed on to \(event.facts["office"]?.string ?? "")")
        case "complaint.answered-outside":
            return t("Dijawab \(event.facts["office"]?.string ?? "")", "Answered by \(event.facts["office"]?.string ?? "")")
        case "complaint.assigned":
            return t(
                "Ditugaskan ke Petugas \(event.facts["number"]?.integer ?? 0)",
                "Assigned to Officer \(event.facts["number"]?.integer ?? 0)"
            )
        case "complaint.answered": return t("Dijawab \(own)", "Answered by \(own)")
        case "complaint.noted": return t("Catatan dalam", "Internal note")
        case "complaint.asked": return t("Pertanyaan untuk pelapor; jam berhenti", "A question to the reporter; the clock stops")
        case "complaint.written": return t("Pelapor menulis", "The reporter wrote")
        case "complaint.scheduled": return t("Pekerjaan dijadwalkan", "Work scheduled")
        case "complaint.extended":
            return t(
                "Tenggat diperpanjang \(event.facts["days"]?.integer ?? 0) hari",
                "Deadline extended by \(event.facts["days"]?.integer ?? 0) days"
            )
        case "complaint.work-reported":
            return t("\(own) melaporkan selesai; menunggu orang kedua", "\(own) reported it done; awaiting a second person")
        case "complaint.done": return t("Selesai, dikonfirmasi orang kedua", "Done, confirmed by a second person")
        case "complaint.done-rejected": return t("Hasil belum diterima", "Result not accepted")
        case "complaint.closed-unfixed": return t("Ditutup, belum selesai", "Closed, not fixed")
        case "complaint.closed": return t("Ditutup: tidak ada tanggapan dalam 10 hari", "Closed: no reaction within 10 days")
        case "complaint.closed-elsewhere": return t("Ditutup di sistem asalnya", "Closed in the system it came from")
        case "complaint.rated": return t("Pelapor menilai: \(rating(event))", "The reporter’s rating: \(rating(event))")
        case "complaint.disputed": return t("Pelapor: belum selesai. Berkas dibuka lagi", "Reporter: not fixed. The case opens again")
        case "complaint.challenged": return t("Warga menyanggah: belum selesai", "A resident says: not fixed")
        case "complaint.followed": return t("Diikuti warga", "Followed")
        case "complaint.merged":
            return t("Digabung dengan \(event.facts["into"]?.string ?? "")", "Merged with \(event.facts["into"]?.string ?? "")")
        case "complaint.joined":
            return t(
                "Laporan \(event.facts["other"]?.string ?? "") digabung ke sini",
                "Report \(event.facts["other"]?.string ?? "") joined this one"
            )
        case "complaint.split":
            return t(
                "Sebagian dipecah ke \(event.facts["part"]?.string ?? "")",
                "A part was split off as \(event.facts["part"]?.string ?? "")"
            )
        case "complaint.made-confidential": return t("Dijadikan rahasia", "Made confidential")
        case "complaint.made-public": return t("Dibuka lagi untuk umum", "Made public again")
        case "complaint.reply-published": return t("Balasan warga ditampilkan", "A resident’s reply was published")
        case "complaint.reply-hidden": return t("Balasan warga disembunyikan", "A resident’s reply was hidden")
        case "complaint.contact-proven": return t("Kontak pelapor terbukti", "The reporter’s contact is proven")
        case "complaint.withdrawn": return t("Ditarik pelapor", "Withdrawn by the reporter")
        case "complaint.archived": return t("Diarsipkan: tidak dikonfirmasi", "Archived: never confirmed")
        case "complaint.question-lapsed": return t("Tidak dijawab; jam berjalan lagi", "Not answered; the clock runs again")
        case "complaint.redacted": return t("Tampilan umum disunting", "Public view edited")
        case "complaint.clock-reprojected":
            return t("Kalender kerja berubah: tenggat pindah", "The working calendar changed: the due date moved")
        case "complaint.escalated":
            let office = event.facts["to"]?.string.map { city.agency($0).short } ?? ""
            return event.facts["alarm"]?.bool == true
                ? t(
                    "Lewat tenggat; tidak ada pejabat \(office) yang bisa diberi tahu. Alarm dinyalakan",
                    "Overdue; \(office) has no official to tell. An alarm was raised"
                )
                : t("Lewat tenggat; pimpinan \(office) diberi tahu", "Overdue; the head of \(office) was told")
        default: return event.kind
        }
    }

    func detail(_ event: ComplaintEvent) -> String? {
        switch event.kind {
        case "complaint.scheduled": return event.facts["scheduled"]?.string.flatMap { CivilDate($0) }?.full(t.language)
        case "complaint.closed-unfixed":
            return event.facts["reason"]?.string.flatMap { code in city.complaints.reasons.first { $0.code == code } }.map { t($0.label) }
        case "complaint.verified", "complaint.forwarded":
            guard let rule = event.facts["rule"]?.integer, rule > 0 else { return nil }
            return t("Menurut aturan \(rule).", "By rule \(rule).")
        case "complaint.escalated":
            let promise = event.facts["promise"]?.string ?? ""
            let name =
                [
                    "verification": t("pemeriksaan", "checking"), "answer": t("jawaban", "answer"),
                    "resolution": t("penyelesaian", "resolution"),
                ][promise] ?? promise
            return t(
                "Janji \(name) terlewat \(event.facts["late"]?.integer ?? 0) hari kerja.",
                "The promise of \(name) is \(event.facts["late"]?.integer ?? 0) working days late."
            )
        case "complaint.clock-reprojected": return "\(event.facts["before"]?.string ?? "") → \(event.facts["after"]?.string ?? "")"
        default: return nil
        }
    }

    private func rating(_ event: ComplaintEvent) -> String {
        switch event.facts["rating"]?.integer {
        case 3: t("baik", "good")
        case 2: t("cukup", "fair")
        default: t("belum baik", "not good")
        }
    }
}
