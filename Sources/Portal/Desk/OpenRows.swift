// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import HTTPTypes
import Hummingbird
import Identity
import Journal
import Markup
import Web

/// The rows of a statement that can be proposed, each with what speaks against it, in a form that carries those that are left.
extension Portal {
    /// A row that only the bank knows of, as the form carries it that proposes it: closed, so that nobody changes what the statement
    /// said, and so that those left can be shown again.
    struct OpenRow {
        let sealed: String
        let finding: BankStatement.Finding
        /// The bill of the officer's agency that the bank names; nil where it names none.
        let bill: String?
        /// Under which heading it stands.
        let part: RowPart
        /// What the comparison said of it.
        let said: [String]

        /// What sets its fields apart from those of other rows.
        var id: String { String(sealed.suffix(20)) }
        /// The code of the bill for which it is proposed.
        var code: String { "lain-\(id)" }
        /// Why it is proposed.
        var reason: String { "alasan-\(id)" }
    }

    /// Rows that can be recorded, by what the comparison took them for.
    enum RowPart: String, CaseIterable {
        /// In no book.
        case missing = "r1"
        /// Its bill was paid as much by a payment that the row does not name: then it is money only where it is a second one.
        case matched = "r5"
        /// Taken back, by what the bank or the same statement says.
        case takenBack = "r4"

        func title(_ t: Words) -> String {
            switch self {
            case .missing: t("Masuk ke bank, belum tercatat", "Came in, not recorded")
            case .matched: t("Cocok menurut tagihan dan jumlah saja: periksa", "In both by bill and amount alone: look at them")
            case .takenBack: t("Masuk, lalu ditarik kembali", "Came in, then taken back")
            }
        }
    }

    /// Rows that can be recorded, as many as a form carries: those in no book, those whose bill was paid as much by a payment that they
    /// do not name, and those that were taken back.
    func openRows(_ result: Reconciliation, _ byBill: [Reconciliation.Match], _ context: OfficerContext) async throws -> [OpenRow] {
        let officer = context.officer
        var left = Self.mostCarried.rows
        func some<Each>(_ all: [Each]) -> [Each] {
            let some = Array(all.prefix(left))
            left -= some.count
            return some
        }
        let missing = some(result.onlyAtBank).map { ($0, RowPart.missing, [String]()) }
        let matched = try await fees.recordable(some(byBill)).map { ($0, RowPart.matched, [String]()) }
        let taken = some(result.takenBack)
        let takenBack = zip(try await fees.recordable(taken, of: officer.agency), taken).map {
            ($0, RowPart.takenBack, said(of: $1, context.words))
        }
        return try (missing + matched + takenBack).map { row, part, said in
            try openRow(seal(row, of: result, part, said, officer), officer)
        }
    }

    /// Rows to be recorded, each under its heading, in one form that carries those that are left.
    func recordingForm(
        _ rows: [OpenRow],
        _ context: OfficerContext,
        more: Int = 0,
        state: FormState = .empty
    ) async throws -> HTML {
        guard !rows.isEmpty else { return HTML() }
        let t = context.words
        let isCarried =
            rows.count <= Self.mostCarried.rows && rows.reduce(0) { $0 + $1.sealed.utf8.count } <= Self.mostCarried.bytes
        let bills = try await fees.find(rows.compactMap(\.bill))
        let doubts = try await fees.doubts(of: rows.map { ($0.finding, $0.bill) })
        let recorded = try await fees.recorded(rows.map(\.finding))
        func section(_ part: RowPart) -> HTML {
            let items = HTML(
                rows.indices.filter { rows[$0].part == part }.map { index in
                    let row = rows[index]
                    let bill = row.bill.flatMap { bills[$0] }
                    let carried: HTML = isCarried ? "<input type=\"hidden\" name=\"sisa\" value=\"\(row.sealed)\">" : HTML()
                    let said = HTML(row.said.map { "<p>\($0)</p>" as HTML })
                    let deed =
                        recorded[index].map { known($0, for: bill, t) } ?? proposing(row, bill, doubts[index], context, state)
                    return
                        "<li>\(carried)<b>\(t.rupiah(row.finding.amount))</b><p>\(row.finding.day.long(t.language)): \(row.finding.text)</p>\(said)\(deed)</li>"
                        as HTML
                }
            )
            guard !items.isEmpty else { return HTML() }
            let id = part.rawValue
            return "<section aria-labelledby=\"\(id)\"><h2 id=\"\(id)\">\(part.title(t))</h2><ul class=\"list\">\(items)</ul></section>"
        }
        let rest: HTML =
            more > 0
            ? "<p>\(t("Dan \(more) baris lagi. Catat yang ini dulu, lalu cocokkan lagi.", "And \(more) more rows. Record these first, then compare again."))</p>"
            : HTML()
        return """
            <form method="post" action="\(Link("meja", "kas", "catat"))"><button disabled hidden></button>\(hidden(context.visitor))\(HTML(RowPart.allCases.map(section)))</form>\(rest)
            """
    }

    /// What a row is recorded as; for whom only where it is of the bill that it names.
    private func known(_ payment: Payment, for bill: Bill?, _ t: Words) -> HTML {
        guard bill?.number == payment.bill else {
            return "<p class=\"small\">\(t("Sudah tercatat untuk tagihan lain.", "It is recorded for another bill."))</p>"
        }
        return """
            <p class="small">\(t("Sudah tercatat: \(payment.receipt).", "It is recorded: \(payment.receipt)."))</p>\(doubtLink(.payment(payment), t))
            """
    }

    /// For which bill a row is proposed: with one press where nothing speaks against it, else with what does, and a reason.
    private func proposing(
        _ row: OpenRow,
        _ bill: Bill?,
        _ doubt: Fees.RowDoubt,
        _ context: OfficerContext,
        _ state: FormState
    ) -> HTML {
        let t = context.words
        guard !doubt.isProposed else {
            return
                "<p class=\"small\">\(t("Sudah diusulkan; menunggu kepala instansi.", "It is proposed; it waits for the head of an agency."))</p>"
        }
        let owing: HTML =
            bill.map { bill in
                bill.outstanding == 0 || bill.outstanding == row.finding.amount
                    ? HTML()
                    : "<p class=\"small\">\(t("Tagihannya kurang \(t.rupiah(bill.outstanding)).", "The bill still owes \(t.rupiah(bill.outstanding))."))</p>"
            } ?? HTML()
        let isOpen = [row.code, row.reason].contains { state.fault($0, t) != nil }
        if let bill, !doubt.speaks, !isOpen {
            return """
                \(owing)<p><button class="button secondary" name="usul" value="\(row.sealed)">\(t("Usulkan untuk \(bill.docket)", "Propose it for \(bill.docket)"))</button></p>
                """
        }
        let whose: HTML =
            bill.map { "<p class=\"small\">\(t("Menyebut tagihan \($0.docket).", "It names the bill of \($0.docket)."))</p>" as HTML }
            ?? HTML()
        let code = Field(name: row.code, label: t("Kode bayar", "Payment code")).input(
            state,
            t,
            value: bill?.number ?? "",
            inputMode: "numeric",
            isShort: true
        )
        let why = Field(
            name: row.reason,
            label: t(
                "Mengapa tetap dicatat; kepala instansi membacanya",
                "Why it is to be recorded all the same; the head of the agency reads it"
            )
        ).input(state, t)
        return """
            \(warning(objections(doubt, of: bill, agency: context.officer.agency, t)))\(whose)\(owing)<details\(.flag("open", isOpen || !state.value(row.reason).isEmpty))><summary>\(t("Usulkan untuk dicatat", "Propose to record it"))</summary>\(code)\(why)<p><button class="button secondary" name="usul" value="\(row.sealed)">\(t("Usulkan kepada kepala instansi", "Propose it to the head of the agency"))</button></p></details>
            """
    }

    private func seal(
        _ missing: Reconciliation.Recordable,
        of result: Reconciliation,
        _ part: RowPart,
        _ said: [String],
        _ officer: Officer
    ) throws -> String {
        let row = missing.row
        let content: JSON = [
            "bill": JSON(missing.bill?.number), "amount": JSON(row.amount), "day": .string(row.day.description), "text": .string(row.text),
            "ordinal": JSON(row.ordinal), "statement": .string(result.fingerprint), "officer": .string(officer.account.description),
            "compared": JSON(result.compared), "mirrored": .bool(missing.isMirrored), "order": JSON(missing.order),
            "part": .string(part.rawValue), "said": .array(said.map { .string($0) }),
            "alike": .array(missing.alike.map { .string($0.label) }),
        ]
        return try journal.vault.sealPassing(content.canonical).base64URL
    }

    private func openRow(_ sealed: String, _ officer: Officer) throws -> OpenRow {
        guard let closed = [UInt8](base64URL: sealed), let bytes = try? journal.vault.openPassing(closed),
            let row = try? JSON(parsing: bytes), row["officer"]?.string == officer.account.description,
            let amount = row["amount"]?.integer, let day = row["day"]?.string.flatMap({ CivilDate($0) }), let text = row["text"]?.string,
            let statement = row["statement"]?.string, let ordinal = row["ordinal"]?.integer, let compared = row["compared"]?.integer
        else { throw Self.noSuchRow }
        var finding = BankStatement.Finding(
            text: text,
            amount: Int(amount),
            day: day,
            ordinal: Int(ordinal),
            fingerprint: statement,
            compared: Int(compared)  // sound: nobody but we could have sealed it
        )
        let part = row["part"]?.string.flatMap { RowPart(rawValue: $0) } ?? .missing
        finding.alike = row["alike"]?.array?.compactMap(\.string) ?? []
        finding.order = row["order"]?.string
        finding.isTakenBack = part == .takenBack
        finding.isMirrored = row["mirrored"]?.bool ?? false
        return OpenRow(
            sealed: sealed,
            finding: finding,
            bill: row["bill"]?.string,
            part: part,
            said: row["said"]?.array?.compactMap(\.string) ?? []
        )
    }

    /// Proposes money that only the bank knows of, and shows what is left, with what was typed for it. The same row is proposed once,
    /// however often it is sent.
    func proposeFromStatement(_ form: Form, _ context: OfficerContext) async throws -> Response {
        let t = context.words
        let rows = form.all("sisa").prefix(Self.mostCarried.rows).compactMap { try? openRow($0, context.officer) }
        let sent = form["usul"]
        do {
            let row = try openRow(sent, context.officer)
            try await propose(row, form, context.officer)
            let done = doneNotice(
                t(
                    "Usul tercatat: \(t.rupiah(row.finding.amount)). Kepala instansi yang memutuskan; sampai saat itu belum dihitung.",
                    "It is proposed: \(t.rupiah(row.finding.amount)). The head of the agency decides; until then it does not count."
                )
            )
            let others = try await recordingForm(rows.filter { $0.sealed != sent }, context, state: FormState(typed: form))
            return try await reconciliationPage(context, left: "\(done)\(compareAgain(t))\(others)")
        } catch let problem as Problem where problem.keepsForm {
            let row = try? openRow(sent, context.officer)
            let shown = rows + [row].compactMap { $0 }.filter { row in !rows.contains { $0.sealed == row.sealed } }
            let state = FormState(problem: problem, typed: form)
            return try await reconciliationPage(
                context,
                left: "\(compareAgain(t))\(try await recordingForm(shown, context, state: state))",
                state: state,
                status: problem.httpStatus
            )
        }
    }

    /// What else the comparison showed is shown by comparing again: the statement is not kept.
    private func compareAgain(_ t: Words) -> HTML {
        """
        <p><a href="\(Link("meja", "kas", "cocokkan"))">\(t("Cocokkan lagi untuk melihat seluruh hasilnya", "Compare again to see the whole result"))</a></p>
        """
    }

    /// Proposes a row for the bill whose code was typed, or else for the one that it names; the faults stand at the row's own fields.
    private func propose(_ row: OpenRow, _ form: Form, _ officer: Officer) async throws {
        let code = form.has(row.code) ? form[row.code].filter { !$0.isWhitespace } : row.bill ?? ""
        guard try await fees.find(code)?.agency == officer.agency else {
            throw Problem.fields([Problem.Field(row.code, Self.noOwnBill)])
        }
        do {
            try await fees.propose(row.finding, for: code, reason: form[row.reason], key: form["sekali"], by: officer)
        } catch let problem as Problem where problem.fields.contains(where: { $0.name == "alasan" }) {
            throw Problem.fields(problem.fields.map { Problem.Field(row.reason, $0.message) })
        }
    }

    private static let noOwnBill = Text(
        id: "Tidak ada tagihan kantor Anda dengan kode ini",
        en: "Your office has no bill with this code"
    )

    private static let noSuchRow = Problem(
        "statement.no-such-row",
        .conflict,
        Text(id: "Baris ini tidak ada di rekening koran yang Anda cocokkan", en: "This row stands in no statement that you compared"),
        remedy: Text(
            id: "Cocokkan rekening korannya lagi, lalu catat dari sana.",
            en: "Compare the statement again, and record it from there."
        )
    )
}
