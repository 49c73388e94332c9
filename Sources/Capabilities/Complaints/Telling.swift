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
        var told: Set<Report.Contact> = []
        if let report = try report(of: complaint, in: act.snapshot) {
            told.insert(report.contact)
            let written = written(name, values, docket: complaint.docket, report.language)
            try written.send(to: report.contact, about: complaint.docket, in: act, vault: journal.vault)
        }
        // Of a confidential case only those hear who reported it, or one that was merged into it.
        let who: SQL = complaint.isConfidential ? "AND person IN (SELECT person FROM complaint)" : ""
        let followers = try act.snapshot.rows("SELECT person, entry FROM complaint_follower WHERE docket = \(complaint.docket) \(who)") {
            (person: try $0(0, as: String.self), entry: try $0(1, as: String.self))
        }
        for follower in followers {
            guard let person = Identifier(follower.person),
                let entry = try journal.entries(about: person, in: act.snapshot).first(where: { $0.id == follower.entry }),
                let contact = entry.personal?["contact"]?.string.flatMap({ Report.Contact($0) }), told.insert(contact).inserted
            else { continue }
            let language = entry.personal?["language"]?.string.flatMap(Language.init) ?? .indonesian
            let written = written(name, values, docket: complaint.docket, language, stop: stopLink(entry.id))
            try written.send(to: contact, about: complaint.docket, in: act, vault: journal.vault)
        }
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

    private func written(
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
        ]
        return Messages.Letter.allCases.map { ($0.rawValue, written($0, samples, language)) }
            + Messages.News.allCases.map { ($0.rawValue, written($0, samples, docket: docket, language)) }
    }

    /// Whether the reporter of a complaint has been erased.
    public func isErased(_ complaint: Complaint) async throws -> Bool {
        try await journal.read { try journal.vault.personKey(complaint.person, in: $0) == nil }
    }

    /// The report as it was filed, opened; nil when its person has been erased.
    func report(of complaint: Complaint, in snapshot: Snapshot) throws -> Report? {
        try journal.entries(of: complaint.stream, in: snapshot).first?.personal.map { Report(json: $0) }
    }
}
