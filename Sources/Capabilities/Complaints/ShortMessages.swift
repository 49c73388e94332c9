// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Essentials
import Foundation
import Identity
import Journal
import Storage

/// Reporting, asking and answering from a plain telephone: what comes in as SMS, and what goes back.
///
/// The first word is the command, in either language; what is no command is an answer to the sender's latest open case.
/// The operator vouches for the number, so that nothing has to be confirmed.
extension Complaints {
    private enum Command: String, CaseIterable {
        case report
        case status
        case follow
        case stop
        case help

        /// Words that people write for it.
        var words: [String] {
            switch self {
            case .report: ["LAPOR", "REPORT"]
            case .status: ["CEK", "STATUS", "CHECK"]
            case .follow: ["IKUT", "IKUTI", "FOLLOW"]
            case .stop: ["STOP", "BERHENTI"]
            case .help: ["BANTUAN", "HELP", "INFO"]
            }
        }

        /// The words that ask for an answer in English.
        static let english: Set<String> = ["REPORT", "CHECK", "FOLLOW", "HELP"]
    }

    /// Takes a message.
    ///
    /// - Parameters:
    ///   - text: what was written.
    ///   - number: who wrote it, in international or national form.
    ///   - id: the gateway's name for the message: the same message is taken once.
    /// - Returns: what to answer, at most 160 characters where it is plain ASCII; nil when the number is none to answer.
    public func receive(_ text: String, from number: String, id: String) async throws -> String? {
        guard case .phone(let sender)? = Report.Contact(number) else { return nil }
        guard Self.messageThrottle.allows(journal.vault.blindIndex(sender), limit: 20, now: journal.clock.now) else { return nil }
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let first = trimmed.prefix { !$0.isWhitespace }.uppercased().filter { $0.isLetter }
        let rest = trimmed.drop { !$0.isWhitespace }.trimmingCharacters(in: .whitespacesAndNewlines)
        let command = Command.allCases.first { $0.words.contains(first) }
        let language: Language = Command.english.contains(first) ? .english : .indonesian
        do {
            switch command {
            case .report: return try await report(rest, from: sender, id: id, language)
            case .status: return try await status(rest, language)
            case .follow: return try await follow(rest, from: sender, language)
            case .stop:
                let count = try await stopAll(contact: sender)
                return Text(id: "\(count) langganan dihentikan.", en: "\(count) subscriptions ended.")(language)
            case .help: return help(language)
            case nil: return try await answer(trimmed, from: sender, id: id) ?? help(language)
            }
        } catch let problem as Problem where problem.status != .unavailable {
            return (problem.fields.first?.message ?? problem.title)(language)
        }
    }

    private static let messageThrottle = Throttle()

    private func help(_ language: Language) -> String {
        // What other capabilities answer, by the words of the city's pack.
        let words = (city.foodMarkets == nil ? [] : ["HARGA"]) + city.services.services.compactMap { $0.shortForm?.keyword }
        let more = words.isEmpty ? "" : Text(id: " Lainnya: ", en: " Others: ")(language) + words.joined(separator: ", ") + "."
        return own(language) + more
    }

    private func own(_ language: Language) -> String {
        Text(
            id:
                "LAPOR masalah dan kelurahan, mis. LAPOR lubang besar Jl Thamrin, \(city.regions.subdistricts.first?.name ?? ""). CEK nomor berkas. IKUT nomor. STOP.",
            en:
                "REPORT problem and subdistrict, e.g. REPORT big hole Jl Thamrin, \(city.regions.subdistricts.first?.name ?? ""). CHECK case number. FOLLOW number. STOP."
        )(language)
    }

    private func report(_ text: String, from sender: String, id: String, _ language: Language) async throws -> String {
        var report = Report()
        report.channel = "sms"
        report.contact = .phone(sender)
        report.language = language
        report.story = text
        report.category = city.complaints.guess(text) ?? city.complaints.messageCategory
        if let region = city.regions.named(in: text) {
            report.subdistrict = region.code
            report.district = region.parent ?? ""
        }
        let receipt = try await file(report, person: Identifier(at: journal.clock.now), key: messageKey(id, text), isTrusted: true)
        if let region = city.regions[report.subdistrict] {
            let isShown = city.complaints.category(report.category)?.isConfidential != true
            let shown =
                isShown
                ? Text(id: "Laporan tampil untuk umum; balasan", en: "The report is public; a reply") : Text(id: "Balasan", en: "A reply")
            return Text(
                id: "Diterima: \(receipt.docket), \(region.name). \(shown.id) SMS ini hanya dibaca petugas. Kabar: CEK \(receipt.docket).",
                en:
                    "Received: \(receipt.docket), \(region.name). \(shown.en) to this SMS goes to officers only. News: CHECK \(receipt.docket)."
            )(language)
        }
        return Text(
            id:
                "Diterima: \(receipt.docket). Di kelurahan dan jalan mana? Balas SMS ini, hanya dibaca petugas. Kabar: CEK \(receipt.docket).",
            en:
                "Received: \(receipt.docket). In which subdistrict and street? Reply to this SMS, read by officers only. News: CHECK \(receipt.docket)."
        )(language)
    }

    private func status(_ text: String, _ language: Language) async throws -> String {
        guard let docket = Docket(text), let complaint = try await find(docket.description) else { return noNumber(language) }
        let due = complaint.resolutionDue.map { $0.date(in: city.zone).short(language) }
        let promise = complaint.stage.isOpen ? due.map { Text(id: " Paling lambat \($0).", en: " By \($0).")(language) } ?? "" : ""
        let state = (complaint.outcome?.name ?? complaint.stage.name)(language)
        return "\(complaint.docket): \(state). \(city.agency(complaint.agency).short).\(promise)"
    }

    private func follow(_ text: String, from sender: String, _ language: Language) async throws -> String {
        guard let docket = Docket(text) else { return try await followArea(text, from: sender, language) }
        guard let complaint = try await find(docket.description), complaint.isPublic else { return noNumber(language) }
        try await subscribe(to: .complaint(complaint.docket), contact: sender, language: language)
        return Text(id: "Anda mengikuti \(complaint.docket). Berhenti: STOP.", en: "You follow \(complaint.docket). To end it: STOP.")(
            language
        )
    }

    /// News of a district or subdistrict, named in words: `IKUT Medan Kota`.
    private func followArea(_ text: String, from sender: String, _ language: Language) async throws -> String {
        guard !text.isEmpty, let region = city.regions.named(in: text) ?? city.regions.district(namedIn: text) else {
            return noNumber(language)
        }
        try await subscribe(to: .area(region.code), contact: sender, language: language)
        return Text(
            id: "Anda mengikuti kabar \(region.name). Berhenti: STOP.",
            en: "You follow news of \(region.name). To end it: STOP."
        )(language)
    }

    /// What is no command belongs to the sender's latest open case; nil when there is none.
    private func answer(_ text: String, from sender: String, id: String) async throws -> String? {
        let index = journal.vault.blindIndex(sender)
        let complaint = try await journal.read {
            try $0.find(
                """
                SELECT \(Complaint.columns) FROM complaint WHERE stage NOT IN ('closed', 'unconfirmed')
                    AND docket IN (SELECT docket FROM complaint_contact WHERE contact_index = \(index))
                ORDER BY stage = 'waiting' DESC, filed_at DESC LIMIT 1
                """
            ) { try Complaint($0) }
        }
        guard let complaint, !text.isEmpty else { return nil }
        try await write(complaint.docket, text: text, key: messageKey(id, text))
        return Text(
            id: "Ditambahkan ke \(complaint.docket), hanya dibaca petugas. Terima kasih.",
            en: "Added to \(complaint.docket), for officers only. Thank you."
        )(
            complaint.language
        )
    }

    /// The same message is taken once; a gateway may use its name again for another.
    private func messageKey(_ id: String, _ text: String) -> String { "sms:\(journal.vault.tokenHash("\(id):\(text)"))" }

    private func noNumber(_ language: Language) -> String {
        Text(
            id: "Nomor berkas tidak ditemukan. Bentuknya LPR-26-7K3M-9QX.",
            en: "No such case number. It looks like LPR-26-7K3M-9QX."
        )(language)
    }
}
