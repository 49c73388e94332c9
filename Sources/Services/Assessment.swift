// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Forms
import Foundation
import Identity
import Journal
import Storage

/// What a case costs: worked out from its answers by the rules of the pack, with every step shown.
enum Assessment {
    /// The lines of a bill.
    ///
    /// - Throws: a problem that says which step cannot be worked out.
    static func lines(_ service: Service, _ answers: Answers, today: CivilDate, filed: CivilDate? = nil) throws -> [Bill.Line] {
        let values = answers.values(for: service.allQuestions, today: today, filed: filed)
        switch service.fee {
        case .free: return []
        case .levy(let levy, let expressions):
            var given: [String: ExpressionValue] = [:]
            for (code, expression) in expressions { given[code] = try value(expression, values) }
            let assessment = try levy.assess(given)
            return assessment.lines.enumerated().map { index, line in
                let isLast = index == assessment.lines.count - 1
                return Bill.Line(
                    label: isLast ? levy.name : line.step.label,
                    shown: line.shown,
                    basis: line.step.basis,
                    amount: isLast ? assessment.total : nil
                )
            }
        case .lines(let lines):
            let bill: [Bill.Line] = try lines.compactMap { line in
                // A line that does not apply comes to nought; one that takes off stands on the bill like any other.
                guard case .decimal(let amount) = try value(line.amount, values), amount != 0 else { return nil }
                let shown = Text(id: line.amount.shown(values, in: .indonesian), en: line.amount.shown(values, in: .english))
                let rupiah = NSDecimalNumber(decimal: amount.rounded(places: 0)).intValue
                return Bill.Line(label: line.label, shown: line.amount.names.isEmpty ? nil : shown, basis: line.basis, amount: rupiah)
            }
            guard bill.reduce(0, { $0 + ($1.amount ?? 0) }) >= 0 else { throw belowNought }
            return bill
        }
    }

    /// What is taken off may not be more than what it is taken from.
    private static let belowNought = Problem(
        "fee.below-nought",
        .conflict,
        Text(id: "Potongannya lebih besar dari biayanya", en: "More is taken off than the fee comes to"),
        remedy: Text(
            id: "Laporkan kepada dinas: tarif layanan ini perlu diperbaiki.",
            en: "Tell the agency: the tariff of this service has to be put right."
        )
    )

    static func value(_ expression: Essentials.Expression, _ values: [String: ExpressionValue]) throws -> ExpressionValue {
        do throws(ExpressionFault) {
            return try expression.value(values)
        } catch {
            throw Problem(
                "fee.not-covered",
                .conflict,
                Text(id: "Biayanya tidak bisa dihitung dari isian ini", en: "The fee cannot be worked out from these answers"),
                remedy: Text(same: error.message)
            )
        }
    }
}

extension Services {
    /// Days for which a bill is asked for, where the stage that waits for it has no end of its own.
    static let billDays = 30

    /// The lines of a bill.
    ///
    /// - Parameter serviceCase: the case that is billed; nil before it is filed.
    public func assess(_ service: Service, _ answers: Answers, of serviceCase: Case? = nil, today: CivilDate) throws -> [Bill.Line] {
        try Assessment.lines(service, answers, today: today, filed: serviceCase?.filedAt.date(in: city.zone))
    }
}
