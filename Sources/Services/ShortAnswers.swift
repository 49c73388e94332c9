// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Essentials
import Forms
import Foundation
import Identity
import Journal

/// Applying, asking and writing from a plain telephone. The operator vouches for the number, so that nothing has to be proven.
extension Services {
    private static let messageThrottle = Throttle()

    /// Takes a message.
    ///
    /// - Parameters:
    ///   - text: what was written.
    ///   - number: who wrote it, in international or national form.
    ///   - id: the gateway's name for the message: the same message is taken once.
    /// - Returns: what to answer; nil where the message asks for something else, which another capability answers.
    public func receive(_ text: String, from number: String, id: String) async throws -> String? {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let first = String(trimmed.prefix { !$0.isWhitespace })
        let rest = trimmed.dropFirst(first.count).trimmingCharacters(in: .whitespacesAndNewlines)
        let word = first.uppercased()
        if ["CEK", "STATUS", "CHECK"].contains(word) { return try await status(rest, word == "CHECK" ? .english : .indonesian) }
        guard let sender = Contact(number), let known = sender.address else { return nil }
        let service = city.services.services.first { $0.shortForm?.keyword == word }
        let docket = Docket(first)
        guard service != nil || docket != nil else { return nil }
        guard Self.messageThrottle.allows(journal.vault.blindIndex(known), limit: 20, now: journal.clock.now) else { return "" }
        do {
            if let service, let form = service.shortForm { return try await apply(rest, service, form, from: sender, id: id) }
            guard let docket else { return nil }
            return try await note(rest, on: docket.description, from: sender, id: id)
        } catch let problem as Problem where problem.status != .unavailable {
            return (problem.fields.first?.message ?? problem.title)(.indonesian)
        }
    }

    /// Where a case stands, for whoever has its number.
    private func status(_ text: String, _ language: Language) async throws -> String? {
        guard let docket = Docket(text), let (serviceCase, service) = try await find(docket.description) else { return nil }
        let stage = service.stage(serviceCase.progress.stage)?.name(language) ?? ""
        let due = serviceCase.progress.status.isOpen ? serviceCase.due?.date(in: city.zone).short(language) : nil
        let promise = due.map { Text(id: " Paling lambat \($0).", en: " By \($0).")(language) } ?? ""
        return "\(serviceCase.docket): \(stage). \(city.agency(serviceCase.agency).short).\(promise)"
    }

    /// A note of the applicant to their case; nil where the number is of another kind.
    private func note(_ text: String, on docket: String, from sender: Contact, id: String) async throws -> String? {
        guard let (serviceCase, _) = try await find(docket) else { return nil }
        guard try await belongs(docket, to: [sender]) else {
            return Text(
                id: "\(docket) bukan milik nomor ini. Tanya kabar: CEK \(docket).",
                en: "\(docket) does not belong to this number. News: CHECK \(docket)."
            )(serviceCase.language)
        }
        try await write(text, on: docket, key: "sms:\(journal.vault.tokenHash("\(id):\(text)"))", by: .applicant)
        return Text(id: "Ditambahkan ke \(docket). Terima kasih.", en: "Added to \(docket). Thank you.")(serviceCase.language)
    }

    // MARK: Applying

    /// How a service is begun by SMS: `DOMISILI nama#NIK#kelurahan`.
    public func example(_ service: Service, _ language: Language) -> String? {
        guard let form = service.shortForm else { return nil }
        let labels = form.asks.compactMap { code in service.questionnaire.questions.first { $0.code == code }?.label(language) }
        return "\(form.keyword) \(labels.joined(separator: "#"))"
    }

    private func apply(
        _ text: String,
        _ service: Service,
        _ form: Service.ShortForm,
        from sender: Contact,
        id: String
    ) async throws -> String {
        let parts = text.split(separator: "#", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
        guard !text.isEmpty, parts.count == form.asks.count else {
            let example = example(service, .indonesian) ?? ""
            return "\(service.name.id). Tulis: \(example), dengan # di antaranya. Lengkapnya: \(origin)/layanan/\(service.code)"
        }
        // The same message finds the draft, and the case, that it became; a gateway may use its name again for another.
        let token = String(journal.vault.tokenHash("sms-draft:\(id):\(text)").prefix(22))
        if try await draft(token) == nil {
            _ = try await newDraft(service, language: .indonesian, token: token)
            guard var (new, _) = try await draft(token) else { throw Problem.unavailable(cause: nil) }
            new.answers = answers(parts, service, form, from: sender)
            let faults = rules(service).faults(service.questionnaire, new.answers).flatMap(\.fields).filter { form.asks.contains($0.name) }
            if let fault = faults.first {
                try await discard(token)
                return "\(fault.message.id). Kirim lagi semuanya."
            }
            try await save(new, token: token)
        }
        guard let (draft, _) = try await draft(token) else { throw Problem.unavailable(cause: nil) }
        let isWhole = draft.sent != nil || rules(service).faults(service.questionnaire, draft.answers).isEmpty
        guard isWhole, service.assurance <= .contact else {
            let page = service.questionnaire.pages.first { !rules(service).faults($0.questions, draft.answers).isEmpty }
            let link = "\(origin)/permohonan/\(token)/\(page?.code ?? "review")"
            return "\(service.name.id): tersimpan 30 hari. Lanjutkan di \(link) atau tunjukkan SMS ini di loket."
        }
        let receipt = try await file(draft, service, token: token, clerk: nil, applicant: Applicant(telephone: sender))
        let due =
            try await find(receipt.docket)?.serviceCase.due.map { " Paling lambat \($0.date(in: city.zone).short(.indonesian))." } ?? ""
        return "Diterima: \(receipt.docket), \(service.name.id).\(due) Tanya kabar: CEK \(receipt.docket)."
    }

    private func answers(_ parts: [String], _ service: Service, _ form: Service.ShortForm, from sender: Contact) -> Answers {
        let questions = Dictionary(service.questionnaire.questions.map { ($0.code, $0) }, uniquingKeysWith: { $1 })
        var answers = Answers()
        for (code, text) in zip(form.asks, parts) {
            guard let question = questions[code] else { continue }
            answers[code] = question.read(shortMessage: text, regions: city.regions)
        }
        for question in service.questionnaire.questions {
            if case .contact = question.kind { answers[question.code] = sender.address ?? "" }
        }
        // Whoever writes from their own telephone writes for themselves.
        if questions[Questionnaire.forWhom] != nil { answers[Questionnaire.forWhom] = Questionnaire.forOneself }
        return answers
    }
}

extension Questionnaire.Question {
    /// An answer as people write it into an SMS, in the form in which it is kept.
    func read(shortMessage text: String, regions: Regions) -> String {
        switch kind {
        case .choice(let options):
            let wanted = text.lowercased()
            let found = options.first { $0.code == wanted || $0.label.id.lowercased() == wanted || $0.label.en.lowercased() == wanted }
            return found?.code ?? options.first { $0.label.id.lowercased().hasPrefix(wanted) && !wanted.isEmpty }?.code ?? text
        case .subdistrict: return regions.named(in: text)?.code ?? text
        case .date:
            // 03-03-2019, 3/3/2019
            let parts = text.split { "-/. ".contains($0) }.compactMap { Int(digits: $0.utf8) }
            guard parts.count == 3, parts[0] <= 31, let date = CivilDate(year: parts[2], month: parts[1], day: parts[0]) else {
                return text
            }
            return date.description
        default: return normalised(text)
        }
    }
}
