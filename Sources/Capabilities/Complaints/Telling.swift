// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Identity
import Journal
import Notifications
import Storage

/// What people are told, and how: short, with the number first and the way to answer last.
extension Complaints {
    func tellConfirmation(_ report: Report, docket: String, code: String, key: String, in act: Act) throws {
        let link = "\(origin)/berkas/\(docket)/konfirmasi?kode=\(code)"
        let text = Text(
            id: "\(docket): kode konfirmasi laporan Anda \(code). Buka \(link)",
            en: "\(docket): the code to confirm your report is \(code). Open \(link)"
        )
        let long = Text(
            id: """
                Laporan Anda sudah kami terima dengan nomor \(docket).

                Tekan tautan ini untuk mengonfirmasi, atau tulis kode \(code) di halaman berkas:
                \(link)

                Halaman pribadi Anda (jangan dibagikan):
                \(origin)/berkas/\(docket)?kunci=\(key)

                Kalau bukan Anda yang melapor, abaikan pesan ini.
                """,
            en: """
                We have received your report, number \(docket).

                Follow this link to confirm it, or write the code \(code) on the case page:
                \(link)

                Your private page (do not share it):
                \(origin)/berkas/\(docket)?kunci=\(key)

                If you did not report anything, ignore this message.
                """
        )
        let subject = Text(id: "\(docket): konfirmasi laporan Anda", en: "\(docket): confirm your report")
        try tell(
            report.contact,
            subject: subject(report.language),
            short: text(report.language),
            long: long(report.language),
            docket: docket,
            in: act
        )
    }

    /// Tells the reporter and everyone who follows a complaint.
    func tellAll(_ complaint: Complaint, _ news: Text, in act: Act) throws {
        let report = try report(of: complaint, in: act.snapshot)
        let link = "\(origin)/berkas/\(complaint.docket)"
        func send(_ contact: Report.Contact, _ language: Language, follower: String? = nil) throws {
            let line = "\(complaint.docket): \(news(language))"
            let stop = follower.map { entry in
                let address = stopLink(entry)
                return Text(id: "\nBerhenti mengikuti: \(address)\n", en: "\nStop following: \(address)\n")(language)
            }
            try tell(
                contact,
                subject: line,
                short: "\(line.prefix(120)) \(link)",
                long: "\(line)\n\n\(link)\n\(stop ?? "")",
                docket: complaint.docket,
                in: act
            )
        }
        if let report { try send(report.contact, report.language) }
        let followers = try act.snapshot.rows("SELECT person, entry FROM complaint_follower WHERE docket = \(complaint.docket)") {
            (person: try $0(0, as: String.self), entry: try $0(1, as: String.self))
        }
        for follower in followers {
            guard let person = Identifier(follower.person),
                let entry = try journal.entries(about: person, in: act.snapshot).first(where: { $0.id == follower.entry }),
                let contact = entry.personal?["contact"]?.string.flatMap({ Report.Contact($0) })
            else { continue }
            try send(contact, entry.personal?["language"]?.string.flatMap(Language.init) ?? .indonesian, follower: entry.id)
        }
    }

    func tell(_ contact: Report.Contact, subject: String, short: String, long: String, docket: String, in act: Act) throws {
        switch contact {
        case .none: return
        case .mail(let address):
            try Outbox.enqueue(
                Message(channel: .mail, recipient: address, subject: subject, body: long, docket: docket),
                in: act,
                vault: journal.vault
            )
        case .phone(let number):
            try Outbox.enqueue(
                Message(channel: .sms, recipient: number, subject: "", body: String(short.prefix(300)), docket: docket),
                in: act,
                vault: journal.vault
            )
        }
    }

    /// The report as it was filed, opened; nil when its person has been erased.
    func report(of complaint: Complaint, in snapshot: Snapshot) throws -> Report? {
        try journal.entries(of: complaint.stream, in: snapshot).first?.personal.map { Report(json: $0) }
    }
}
