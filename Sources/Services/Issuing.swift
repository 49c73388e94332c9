// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Documents
import Essentials
import Fees
import Forms
import Foundation
import Identity
import Journal
import Storage

/// What a case leads to on paper: the template of the service filled in with what the case holds.
extension Services {
    /// Issues a document of a case: numbered and fixed in its words now, drawn and signed afterwards.
    func issue(
        _ template: Service.DocumentTemplate,
        _ serviceCase: Case,
        _ service: Service,
        _ answers: Answers,
        by actor: Actor,
        in act: Act
    ) throws {
        let today = act.now.date(in: city.zone)
        let validUntil = template.months.map { today.adding(months: $0) }
        let letter = try letter(template, serviceCase, service, answers, on: today, validUntil: validUntil, by: actor, in: act.snapshot)
        let register = (service.register ?? []).map { column in
            let question = service.allQuestions.first { $0.code == column.question }
            let shown = question?.shown(answers[column.question], in: .indonesian, regions: city.regions) ?? ""
            return (label: column.label.id, value: shown)
        }
        try IssuedDocument.issue(
            letter,
            as: IssuedDocument.Subject(
                docket: serviceCase.docket,
                service: service.code,
                template: template.code,
                agency: serviceCase.agency,
                person: serviceCase.person,
                validUntil: validUntil,
                register: service.register == nil ? nil : register,
                replaces: template.replaces.map { answers[$0] }.flatMap { $0.isEmpty ? nil : $0 }
            ),
            number: try number(template, serviceCase, service, answers, on: today),
            by: actor,
            in: act
        )
    }

    /// The number of a document, with `{seq4}` where its count belongs.
    func number(
        _ template: Service.DocumentTemplate,
        _ serviceCase: Case,
        _ service: Service,
        _ answers: Answers,
        on day: CivilDate
    ) throws -> String {
        let parts = day.parts
        let roman = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
        var values = answers.values(for: service.allQuestions, today: day, filed: serviceCase.filedAt.date(in: city.zone))
        values["year"] = .string(String(parts.year))
        values["month"] = .string(roman[parts.month - 1])
        values["ddmmyyyy"] = .string("\(parts.day.padded(2))\(parts.month.padded(2))\(parts.year)")
        values["docket"] = .string(serviceCase.docket)
        guard case .string(let text) = try Assessment.value(template.number, values) else { return "{seq4}" }
        return text
    }

    private func letter(
        _ template: Service.DocumentTemplate,
        _ serviceCase: Case,
        _ service: Service,
        _ answers: Answers,
        on day: CivilDate,
        validUntil: CivilDate?,
        by actor: Actor,
        in snapshot: Snapshot
    ) throws -> Letter {
        let questions = service.allQuestions
        let values = answers.values(for: questions, today: day, filed: serviceCase.filedAt.date(in: city.zone))
        // What was billed is what is printed, whatever the tariff says by now; a fee that cannot be worked out is no fee of nought.
        let bills = try Fees.bills(of: serviceCase.docket, in: snapshot).filter { !$0.isCancelled }
        let lines = bills.isEmpty ? try assess(service, answers, of: serviceCase, today: day) : bills.flatMap(\.lines)
        let total = lines.compactMap(\.amount).reduce(0, +)
        var fields: [String: String] = [
            "date": day.long(.indonesian), "docket": serviceCase.docket, "total": "Rp\(Language.indonesian.number(total))",
            "total_words": total.inWords, "filed": serviceCase.filedAt.date(in: city.zone).long(.indonesian),
            "valid_until": validUntil?.long(.indonesian) ?? "", "number": Letter.numberMark,
            "district": serviceCase.subdistrict.flatMap { city.regions[$0]?.parent }.flatMap { city.regions[$0]?.name } ?? "",
        ]
        for question in questions {
            fields[question.code] = question.shown(answers[question.code], in: .indonesian, regions: city.regions)
            if case .group(_, _, let inner) = question.kind {
                fields[question.code] = answers.groups(question.code).map { group in
                    inner.map { $0.shown(group[$0.code], in: .indonesian, regions: city.regions) }.filter { !$0.isEmpty }.joined(
                        separator: ", "
                    )
                }.joined(separator: "; ")
            }
        }
        let blocks = try template.body.filter { try $0.condition.map { try Assessment.value($0, values) == .bool(true) } ?? true }.map {
            block in
            switch block.content {
            case .paragraph(let text): Letter.Block.paragraph(Self.fill(text, fields))
            case .facts(let facts): Letter.Block.facts(facts.map { Letter.Fact(label: $0.label, value: Self.fill($0.value, fields)) })
            case .bill:
                Letter.Block.facts(
                    lines.map {
                        Letter.Fact(
                            label: $0.label.id,
                            value: $0.amount.map { "Rp\(Language.indonesian.number($0))" } ?? ($0.shown?.id ?? "")
                        )
                    }
                )
            }
        }
        let agency = city.agency(serviceCase.agency)
        let office = template.signer.replacing("{agency}", with: agency.name)
        let standing = try Accounts.standing(of: actor, at: serviceCase.agency, on: day, in: snapshot)
        return Letter(
            government: city.services.letterhead.government,
            agency: agency.name,
            address: city.services.letterhead.address,
            title: template.title,
            blocks: blocks,
            place: city.services.letterhead.place,
            date: day,
            signer: standing.map { "\($0.mark) \(office)" } ?? office
        )
    }

    static func fill(_ text: String, _ fields: [String: String]) -> String {
        Definitions.Messages.filled(text) { fields[$0] ?? "" }
    }
}

extension Int {
    /// The number in Indonesian words (terbilang), as it stands on papers of money: “satu juta dua ratus ribu”.
    public var inWords: String {
        let ones = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas"]
        func words(_ value: Int) -> String {
            func rest(_ unit: Int) -> String { value % unit == 0 ? "" : " \(words(value % unit))" }
            switch value {
            case ..<0: return "minus \(words(-value))"
            case 0..<12: return ones[value]
            case 12..<20: return "\(ones[value - 10]) belas"
            case 20..<100: return "\(ones[value / 10]) puluh\(rest(10))"
            case 100..<200: return "seratus\(rest(100))"
            case 200..<1000: return "\(ones[value / 100]) ratus\(rest(100))"
            case 1000..<2000: return "seribu\(rest(1000))"
            case 2000..<1_000_000: return "\(words(value / 1000)) ribu\(rest(1000))"
            case 1_000_000..<1_000_000_000: return "\(words(value / 1_000_000)) juta\(rest(1_000_000))"
            case 1_000_000_000..<1_000_000_000_000: return "\(words(value / 1_000_000_000)) miliar\(rest(1_000_000_000))"
            default: return "\(words(value / 1_000_000_000_000)) triliun\(rest(1_000_000_000_000))"
            }
        }
        return words(self)
    }
}
