// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Documents
import Essentials
import Identity
import Markup
import Services

/// What happened to a case, in words for people.
extension Portal {
    func title(_ event: Story.Event, _ service: Service, _ t: Words) -> String {
        let unit = event.unit.map { city.agency($0).short } ?? ""
        let stage = event.facts["stage"]?.string.flatMap(service.stage).map { t($0.name) } ?? ""
        switch event.kind {
        case "case.filed":
            return event.role == "officer"
                ? t(
                    "Diajukan di loket \(unit) atas nama pemohon; jam mulai berjalan",
                    "Filed at the counter of \(unit) on behalf of the applicant; the clock starts"
                )
                : t("Permohonan diterima; jam mulai berjalan", "Application received; the clock starts")
        case "case.acted":
            let act = event.facts["act"]?.string
            let name = service.stages.flatMap(\.actions).first { $0.code == act }.map { t($0.name) } ?? ""
            return "\(name)\(unit.isEmpty ? "" : " (\(unit))") → \(stage)"
        case "case.amended": return t("Isian dilengkapi → \(stage)", "Answers completed → \(stage)")
        case "case.cleared":
            let code = event.facts["clearance"]?.string
            let name = service.stages.flatMap(\.clearances).first { $0.code == code }.map { t($0.name) } ?? ""
            return t("\(name): \(unit) menyetujui", "\(name): \(unit) agrees")
        case "case.paid": return t("Pembayaran lunas → \(stage)", "Paid in full → \(stage)")
        case "case.reinstated":
            return t("Ternyata dibayar tepat waktu; berkas dilanjutkan → \(stage)", "Paid in time after all; the case goes on → \(stage)")
        case "case.payment-reversed":
            return t("Pembayaran ditarik kembali oleh bank → \(stage)", "The bank took a payment back → \(stage)")
        case "case.payment-corrected":
            return t(
                "Pembayaran dibatalkan dari catatan: uangnya tidak ada untuk berkas ini → \(stage)",
                "A payment was taken off: its money is not there for this case → \(stage)"
            )
        case "case.overdue":
            if let code = event.facts["clearance"]?.string {
                let name = service.stages.flatMap(\.clearances).first { $0.code == code }.map { t($0.name) } ?? ""
                return t("\(name): batas waktu lewat, dianggap setuju", "\(name): past its limit, counts as agreed")
            }
            return t("Batas waktu lewat → \(stage)", "Past its limit → \(stage)")
        case "case.escalated":
            let office = city.agency(event.facts["to"]?.string ?? "").short
            return event.facts["alarm"]?.bool == true
                ? t(
                    "Lewat batas waktu; \(office) tidak punya pejabat yang bisa diberi tahu. Alarm dinyalakan",
                    "Past its limit; \(office) has no official to tell. An alarm was raised"
                )
                : t("Lewat batas waktu; pimpinan \(office) diberi tahu", "Past its limit; the head of \(office) was told")
        case "case.written":
            return event.role == "resident" ? t("Pemohon menulis", "The applicant wrote") : t("\(unit) menulis", "\(unit) wrote")
        case "case.contact-confirmed": return t("Kontak pemohon terbukti", "The applicant’s contact is proven")
        case "case.contact-changed" where event.facts["with-account"]?.bool == true:
            return t(
                "Kontak lama dilepas dari akun; berkas ikut akunnya",
                "The old contact left the account; the case went with the account"
            )
        case "case.contact-changed": return t("Kontak pemohon diganti", "The applicant’s contact was changed")
        case "case.contact-released":
            return t(
                "Akun pemohon dihapus; berkas dibuka dengan kuncinya saja",
                "The applicant’s account was erased; the case’s key alone opens it"
            )
        case "case.contact-change-asked":
            return t(
                "Penggantian kontak diminta; pemilik kontak lama diberi tahu",
                "Another contact was asked for; the owner of the old one was told"
            )
        case "case.contact-change-proven": return t("Kontak baru terbukti", "The new contact is proven")
        case "case.contact-change-agreed": return t("Pemilik kontak lama setuju", "The owner of the old contact agreed")
        case "case.contact-change-stopped" where event.facts["with-account"]?.bool == true:
            return t("Penggantian kontak berakhir bersama perubahan akun", "The exchange ended with a change of the account")
        case "case.contact-change-stopped" where event.facts["taken-back"]?.bool == true:
            return t("Penggantian kontak dibatalkan pemohon", "The applicant took the exchange back")
        case "case.contact-change-stopped":
            return t("Penggantian kontak dihentikan pemilik kontak lama", "The owner of the old contact stopped the exchange")
        case "case.notices-set": return t("Pilihan kabar diubah", "The choice of news was changed")
        case "booking.made": return t("Waktu dipesan", "A time was booked")
        case "booking.released": return t("Waktu dilepas", "The time was given back")
        case "booking.reminded": return t("Pengingat dikirim", "A reminder was sent")
        case "case.erasure-refused":
            return t("Data tidak dihapus: dokumen sudah terbit", "The data was not erased: a document had been issued")
        case "case.erasure-wished": return Self.erasureWished(event, t)
        case "case.erasure-withdrawn": return t("Permintaan hapus data dibatalkan", "The wish to be erased was taken back")
        case "case.viewed": return t("\(unit) membuka data pemohon", "\(unit) opened the applicant’s data")
        default: return event.kind
        }
    }

    /// Who wants the applicant erased: only they themselves wish it; else it is a rule.
    static func erasureWished(_ event: Story.Event, _ t: Words) -> String {
        guard event.role != "resident" else { return t("Pemohon minta datanya dihapus", "The applicant wished to be erased") }
        let basis = event.facts["basis-of-wish"]?.string ?? ""
        let english = event.facts["in-english"]?.string ?? basis
        return t("Data pemohon akan dihapus oleh kota: \(basis)", "The city is to erase the applicant’s data: \(english)")
    }

    func statusBadge(_ serviceCase: Case, _ service: Service, _ t: Words) -> HTML {
        let name = service.stage(serviceCase.progress.stage).map { t($0.name) } ?? serviceCase.progress.stage
        switch serviceCase.progress.status {
        case .inProgress:
            let isLate = serviceCase.isUnanswered(at: now)
            return Badge.html(isLate ? .warning : .clock, name, tone: isLate ? "bad" : "good", isFilled: true)
        case .waiting: return Badge.html(.pause, name, tone: "pause", isFilled: true)
        case .decided:
            let isWell = serviceCase.outcome != .refused && serviceCase.outcome != .unanswered
            return Badge.html(isWell ? .check : .warning, name, tone: isWell ? "good" : "warn", isFilled: true)
        case .closed: return Badge.html(.warning, name, tone: "warn", isFilled: true)
        }
    }

    func standingBadge(_ standing: IssuedDocument.Standing, _ until: CivilDate?, _ t: Words) -> HTML {
        switch standing {
        case .valid:
            Badge.html(
                .check,
                until.map { t("Sah sampai \($0.long(.indonesian))", "Valid until \($0.long(.english))") } ?? t("Sah", "Valid"),
                tone: "good",
                isFilled: true
            )
        case .expired: Badge.html(.warning, t("Masa berlaku habis", "Expired"), tone: "warn", isFilled: true)
        case .revoked: Badge.html(.warning, t("Dicabut", "Revoked"), tone: "bad", isFilled: true)
        case .superseded: Badge.html(.warning, t("Diganti yang lebih baru", "Superseded by a newer one"), tone: "warn", isFilled: true)
        }
    }
}
