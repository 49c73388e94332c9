// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Identity
import Journal
import Notifications
import Storage

/// How people are told: short, with the number first and the way to answer last. The words are the pack's.
extension Complaints {
    func tellConfirmation(_ report: Report, docket: String, code: String, in act: Act) throws {
        try tell(
            report.contact,
            .confirm,
            [
                "docket": Text(same: docket), "code": Text(same: code),
                "link": Text(same: "\(origin)/berkas/\(docket)/konfirmasi?kode=\(code)"),
            ],
            report.language,
            docket: docket,
            in: act
        )
    }

    /// Tells the reporter and everyone who follows a complaint.
    func tellAll(_ complaint: Complaint, _ name: Messages.News, _ values: [String: Text] = [:], in act: Act) throws {
        if let report = try report(of: complaint, in: act.snapshot) {
            let written = written(name, values, docket: complaint.docket, report.language)
            try written.send(to: report.contact, about: complaint.docket, in: act, vault: journal.vault)
        }
        try announce(complaint, name, values, in: act)
    }

    func tell(
        _ contact: Report.Contact,
        _ letter: Messages.Letter,
        _ values: [String: Text],
        _ language: Language,
        docket: String = "",
        in act: Act
    ) throws {
        // A code is waited for.
        try written(letter, values, language).send(
            to: contact,
            about: docket,
            isUrgent: letter == .confirm,
            in: act,
            vault: journal.vault
        )
    }

    private func written(_ letter: Messages.Letter, _ values: [String: Text], _ language: Language) -> Written {
        Written(city.messages(letter, values), language)
    }

    func written(
        _ name: Messages.News,
        _ values: [String: Text],
        docket: String,
        _ language: Language,
        stop: String? = nil
    ) -> Written {
        let link = "\(origin)/berkas/\(docket)"
        let line = "\(docket): \(city.messages(name, values)(language))"
        let end = stop.map { Text(id: "\nBerhenti mengikuti: \($0)\n", en: "\nStop following: \($0)\n")(language) } ?? ""
        return Written(subject: line, short: "\(line.prefix(120)) \(link)", long: "\(line)\n\n\(link)\n\(end)")
    }

    /// Every message of the city as it would be sent, filled in with examples.
    public func messageSamples(_ language: Language) -> [(name: String, written: Written)] {
        let docket = "LPR-26-7K3M-9QX"
        let date = journal.clock.now.date(in: city.zone)
        let agency = city.agencies[city.complaints.screeningAgency]
        let samples: [String: Text] = [
            "docket": Text(same: docket), "code": Text(same: "123456"), "link": Text(same: "\(origin)/berkas/\(docket)"),
            "contact": Text(same: Contact.phone("+6281200000000").masked.replacing("•", with: "*")),
            "service": city.services.services.first?.name ?? city.name,
            "name": city.regions.districts.first.map { Text(same: $0.name) } ?? city.name,
            "area": city.regions.districts.first.map { Text(same: $0.name) } ?? city.name, "new": Text(same: "3"), "done": Text(same: "2"),
            "list": Text(same: "\(docket)\n\(origin)/berkas/\(docket)"), "stop": Text(same: "\(origin)/berhenti/…"),
            "agency": Text(same: agency?.short ?? ""), "date": Text(id: date.full(.indonesian), en: date.full(.english)),
            "days": Limit(days: 10, unit: .calendarDays).text, "reason": city.complaints.reasons.first?.label ?? Text(same: ""),
            "other": Text(same: "LPR-26-4TQ8-2HZ"), "office": Text(same: "PLN UP3"),
            "what": Text(id: "laporan \(docket)", en: "report \(docket)"), "basis": Text(same: "UU 27/2022 ps. 8").law,
            "account": Text(same: "Bank Contoh ****7890"), "city": city.name, "official": Text(same: city.contact.dataProtection),
            "telephone": Text(same: city.contact.telephone),
        ]
        let basis = city.complaints.retention?.basis ?? city.services.retention?.basis
        let byTime = samples.merging(basis.map { ["basis": $0.law] } ?? [:]) { $1 }
        return Messages.Letter.allCases.map { ($0.rawValue, written($0, $0 == .erasedByTime ? byTime : samples, language)) }
            + Messages.News.allCases.map { ($0.rawValue, written($0, samples, docket: docket, language)) }
    }

    /// Whether the reporter of a complaint has been erased.
    public func isErased(_ complaint: Complaint) async throws -> Bool {
        try await journal.read { try journal.vault.personKey(complaint.person, in: $0) == nil }
    }

    /// The report as it was filed, opened, with the contact that it has since its account's changed; nil when its person has been erased.
    func report(of complaint: Complaint, in snapshot: Snapshot) throws -> Report? {
        let entries = try journal.entries(of: complaint.stream, in: snapshot)
        guard let filed = entries.first?.personal else { return nil }
        var report = Report(json: filed)
        let carried = entries.last { $0.kind == Self.contactChanged }?.personal?["contact"]?.string
        if let contact = carried.flatMap({ Report.Contact($0) }) { report.contact = contact }
        return report
    }
}
