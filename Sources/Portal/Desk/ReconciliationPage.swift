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

/// The bank's statement beside the city's books.
extension Portal {
    /// A row that only the bank knows of, as the form carries it that records it: closed, so that nobody records what no statement
    /// said, and so that those left can be shown again.
    private struct OpenRow {
        let sealed: String
        let finding: BankStatement.Finding
        /// The bill of the officer's agency that the bank names; nil where it names none.
        let bill: String?
        /// Under which heading it stands.
        let part: Part
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
    private enum Part: String, CaseIterable {
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

    /// How many rows a form carries along, and of how many bytes, below what is taken of a form; what is beyond is compared again.
    private static let mostCarried = (rows: 200, bytes: FormLimits.fields * 3 / 4)

    /// Shows the form, with the result of a statement that has just been compared.
    func reconciliationPage(
        _ context: OfficerContext,
        _ result: Reconciliation? = nil,
        left: HTML = HTML(),
        state: FormState = .empty,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let t = context.words
        guard context.officer.roles.contains(.treasurer) else { throw Problem.notFound }
        let file = Field(
            name: "statement",
            label: t("Rekening koran (CSV)", "Bank statement (CSV)"),
            help: t(
                "Kolom tanggal, kredit, dan keterangan; atau jumlah dengan DB/CR. Berkasnya tidak disimpan, hanya sidiknya.",
                "Columns date, credit and description; or amount with DB/CR. The file is not kept, only its fingerprint."
            )
        ).html(state, t) { described, isInvalid in
            """
            <input id="statement" name="statement" type="file" accept="text/csv,.csv"\(.value("aria-describedby", described))\(.value("aria-invalid", isInvalid ? "true" : nil))>
            """
        }
        var compared = HTML()
        if let result { compared = try await outcome(result, context) }
        let main: HTML = """
            \(state.summary(t))<h1>\(t("Cocokkan dengan bank", "Compare with the bank"))</h1>
            <form method="post" action="\(Link("meja", "kas", "cocokkan"))" enctype="multipart/form-data">\(hidden(context.visitor))\(file)<p><button class="button">\(t("Cocokkan", "Compare"))</button></p></form>
            \(compared)\(left)
            """
        return respond(
            staffPage(
                t("Cocokkan dengan bank", "Compare with the bank"),
                context,
                section: .services,
                crumbs: [(t("Meja kerja", "Desk"), Link("meja")), (t("Kas", "Cash"), Link("meja", "kas"))],
                hasErrors: state.problem != nil,
                main: main
            ),
            context.visitor,
            status: status
        )
    }

    private func outcome(_ result: Reconciliation, _ context: OfficerContext) async throws -> HTML {
        let t = context.words
        func rupiah(_ amounts: [Int]) -> String { t.rupiah(amounts.reduce(0, +)) }
        let byBill = result.matched.filter { $0.ground == .bill }
        let byAmount = result.matched.filter { $0.ground == .amount }
        let unsure = byBill + byAmount
        let shown = try await openRows(result, byBill, context)
        let isClean =
            [
                result.onlyAtBank.isEmpty, result.onlyHere.isEmpty, result.takenBack.isEmpty, result.loneDebits.isEmpty,
                result.covered.isEmpty,
            ]
            .allSatisfy { $0 } && result.open == 0
        return """
            <h2>\(result.days.lowerBound.long(t.language)) – \(result.days.upperBound.long(t.language))</h2>
            <p class="notice \(isClean && unsure.isEmpty ? "good" : "warn")" role="status" tabindex="-1" autofocus>\(isClean && unsure.isEmpty ? Icon.check.html : Icon.warning.html)<span>\(verdict(isClean, unsure.count, t))</span></p>
            <dl class="facts"><div><dt>\(t("Cocok", "In both"))</dt><dd>\("\(result.matched.count)"), \(rupiah(result.matched.map(\.booked.amount)))</dd></div><div><dt>\(t("Hanya di bank", "Only at the bank"))</dt><dd>\("\(result.onlyAtBank.count)"), \(rupiah(result.onlyAtBank.map(\.row.amount)))</dd></div><div><dt>\(t("Hanya di sini", "Only here"))</dt><dd>\("\(result.onlyHere.count)"), \(rupiah(result.onlyHere.map(\.amount)))</dd></div>\(result.takenBack.isEmpty ? HTML() : "<div><dt>\(t("Ditarik kembali", "Taken back"))</dt><dd>\("\(result.takenBack.count)"), \(rupiah(result.takenBack.map(\.row.amount)))</dd></div>")</dl>
            \(result.open == 0 ? HTML() : "<p class=\"notice warn\">\(Icon.warning.html)<span><a href=\"\(Link("meja", "kas"))\">\(t("\(result.open) kali bank menarik uang, atau memberitahukannya lagi, dan belum ada yang menindaklanjuti", "\(result.open) times the bank took money back, or told of it again, and nobody has looked into it"))</a></span></p>")
            \(try await recordingForm(shown, context, more: result.onlyAtBank.count + byBill.count + result.takenBack.count - shown.count))
            \(list("r2", t("Tercatat, tidak masuk ke bank", "Recorded, did not come in"), result.onlyHere, t) { item(nil, $0, t) })
            \(list("r6", t("Tercatat utuh, padahal ditarik bank", "Recorded whole, though the bank took it back"), result.covered, t) { covered($0, t) })
            \(list("r7", t("Keluar; uang masuknya tidak ada di berkas ini", "Went out; what came in is not in this file"), result.loneDebits, t) { loneDebit($0, t) })
            \(list("r3", t("Cocok menurut hari dan jumlah saja: periksa", "In both by day and amount alone: look at them"), byAmount, t) { item($0.row, $0.booked, t) })
            """
    }

    private func verdict(_ isClean: Bool, _ unsure: Int, _ t: Words) -> String {
        if !isClean { return t("Ada selisih. Periksa yang di bawah.", "They differ. Look at what is below.") }
        if unsure == 0 { return t("Cocok: semua uang masuk ada di buku.", "They agree: all money that came in is in the books.") }
        return t(
            "Jumlahnya cocok, tetapi \(unsure) baris tidak menyebut rujukan pembayarannya: periksa di bawah.",
            "The sums agree, but \(unsure) rows do not name the payment: look at them below."
        )
    }

    /// A part of the result, at most as much as a form carries.
    private func list<Each>(_ id: String, _ title: String, _ all: [Each], _ t: Words, _ item: (Each) -> HTML) -> HTML {
        guard !all.isEmpty else { return HTML() }
        let more = all.count - Self.mostCarried.rows
        return """
            <section aria-labelledby="\(id)"><h2 id="\(id)">\(title)</h2><ul class="list">\(HTML(all.prefix(Self.mostCarried.rows).map(item)))</ul>\(more > 0 ? "<p>\(t("Dan \(more) lagi.", "And \(more) more."))</p>" : HTML())</section>
            """
    }

    /// What the books hold beside the row of the bank that it is taken for.
    private func item(_ row: BankStatement.Row?, _ booked: Reconciliation.Booked, _ t: Words) -> HTML {
        """
        <li><b>\(t.rupiah(booked.amount))</b>\(row.map { "<p>\($0.day.long(t.language)): \($0.text)</p>" as HTML })<p>\(self.booked(booked, t))</p>\(row == nil ? doubtLink(booked, t) : HTML())</li>
        """
    }

    /// The way to say of a payment that its money is not there.
    private func doubtLink(_ booked: Reconciliation.Booked, _ t: Words) -> HTML {
        guard let payment = booked.payment, payment.mayBeDoubted else { return HTML() }
        return """
            <p><a href="\(Link("meja", "kas", query: [("kode", payment.bill)]))">\(t("Uangnya tidak ada?", "Is its money not there?"))<span class="sr"> \(payment.receipt)</span></a></p>
            """
    }

    /// A payment of which the bank took something back.
    private func covered(_ covered: Reconciliation.Covered, _ t: Words) -> HTML {
        """
        <li><b>\(t.rupiah(covered.amount))</b> \(t("dari \(t.rupiah(covered.payment.amount))", "of \(t.rupiah(covered.payment.amount))"))<p>\(booked(.payment(covered.payment), t))</p>\(doubtLink(.payment(covered.payment), t))</li>
        """
    }

    /// Money that went out, with what it names in the books.
    private func loneDebit(_ debit: Reconciliation.LoneDebit, _ t: Words) -> HTML {
        let named = HTML(
            debit.booked.map { booked in
                let isStanding = booked.payment.map { !$0.isReversed } ?? false
                let standing = isStanding ? t("Masih tercatat: ", "Still recorded: ") : ""
                return "<p>\(standing)\(self.booked(booked, t))</p>\(doubtLink(booked, t))" as HTML
            }
        )
        return """
            <li><b>\(t.rupiah(debit.row.amount))</b><p>\(t("Baris \(debit.row.line)", "Line \(debit.row.line)")): \(debit.row.day.long(t.language)), \(debit.row.text)</p>\(named)</li>
            """
    }

    /// What a comparison says of a row that was taken back.
    private func said(of taken: Reconciliation.TakenBack, _ t: Words) -> [String] {
        let debit = taken.debit.map {
            "\(t("Keluar lagi, baris \($0.line)", "Went out again, line \($0.line)")): \($0.day.long(t.language)), \($0.text)"
        }
        let booked = taken.booked.map { booked in
            if booked.payment?.isReversed == false {
                return
                    "\(t("Masih tercatat: ", "Still recorded: "))\(self.booked(booked, t))\(t(". Tanyakan kepada bank.", ". Ask the bank."))"
            }
            guard booked.payment != nil, taken.debit == nil else { return self.booked(booked, t) }
            return
                "\(self.booked(booked, t))\(t(": di buku sudah ditarik kembali, di berkas ini uangnya masuk dan tidak keluar lagi. Tanyakan kepada bank.", ": the books say that it was taken back, in this file its money came in and did not go out again. Ask the bank."))"
        }
        return [debit, booked].compactMap { $0 }
    }

    /// Rows that can be recorded, as many as a form carries: those in no book, those whose bill was paid as much by a payment that they
    /// do not name, and those that were taken back.
    private func openRows(_ result: Reconciliation, _ byBill: [Reconciliation.Match], _ context: OfficerContext) async throws -> [OpenRow] {
        let officer = context.officer
        var left = Self.mostCarried.rows
        func some<Each>(_ all: [Each]) -> [Each] {
            let some = Array(all.prefix(left))
            left -= some.count
            return some
        }
        let missing = some(result.onlyAtBank).map { ($0, Part.missing, [String]()) }
        let matched = try await fees.missing(some(byBill)).map { ($0, Part.matched, [String]()) }
        let taken = some(result.takenBack)
        let takenBack = zip(try await fees.missing(taken, of: officer.agency), taken).map {
            ($0, Part.takenBack, said(of: $1, context.words))
        }
        return try (missing + matched + takenBack).map { row, part, said in
            try openRow(seal(row, of: result, part, said, officer), officer)
        }
    }

    /// Rows to be recorded, each under its heading, in one form that carries those that are left.
    private func recordingForm(
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
        func section(_ part: Part) -> HTML {
            let items = HTML(
                zip(rows, doubts).filter { $0.0.part == part }.map { row, doubt in
                    let carried: HTML = isCarried ? "<input type=\"hidden\" name=\"sisa\" value=\"\(row.sealed)\">" : HTML()
                    let said = HTML(row.said.map { "<p>\($0)</p>" as HTML })
                    return
                        "<li>\(carried)<b>\(t.rupiah(row.finding.amount))</b><p>\(row.finding.day.long(t.language)): \(row.finding.text)</p>\(said)\(recording(row, row.bill.flatMap { bills[$0] }, doubt, context, state))</li>"
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
            <form method="post" action="\(Link("meja", "kas", "catat"))"><button disabled hidden></button>\(hidden(context.visitor))\(HTML(Part.allCases.map(section)))</form>\(rest)
            """
    }

    /// For which bill a row can be recorded: at once where nothing speaks against it, else by a proposal, with what does.
    private func recording(
        _ row: OpenRow,
        _ bill: Bill?,
        _ doubt: Fees.RowDoubt,
        _ context: OfficerContext,
        _ state: FormState
    ) -> HTML {
        let t = context.words
        let owing: HTML =
            bill.map { bill in
                bill.outstanding == 0 || bill.outstanding == row.finding.amount
                    ? HTML()
                    : "<p class=\"small\">\(t("Tagihannya kurang \(t.rupiah(bill.outstanding)).", "The bill still owes \(t.rupiah(bill.outstanding))."))</p>"
            } ?? HTML()
        if let bill, !doubt.needsTwo, state.fault(row.reason, t) == nil {
            return """
                \(owing)<p><button class="button secondary" name="baris" value="\(row.sealed)">\(t("Catat untuk \(bill.docket)", "Record it for \(bill.docket)"))</button></p>
                """
        }
        guard !doubt.isProposed else {
            return
                "<p class=\"small\">\(t("Sudah diusulkan; menunggu kepala instansi.", "It is proposed; it waits for the head of an agency."))</p>"
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
        let isOpen = [row.code, row.reason].contains { state.fault($0, t) != nil }
        return """
            \(warning(objections(doubt, of: bill, agency: context.officer.agency, t)))\(whose)\(owing)<details\(.flag("open", isOpen))><summary>\(t("Usulkan untuk dicatat", "Propose to record it"))</summary>\(code)\(why)<p><button class="button secondary" name="usul" value="\(row.sealed)">\(t("Usulkan kepada kepala instansi", "Propose it to the head of the agency"))</button></p></details>
            """
    }

    private func booked(_ booked: Reconciliation.Booked, _ t: Words) -> String {
        switch booked {
        case .payment(let payment):
            "\(payment.receipt), \(payment.docket), \(t(payment.method.name)), \(payment.at.stamp(t.language, zone: city.zone))"
        case .deposit(let deposit):
            [
                "\(t("Setoran", "Deposit")) \(slip(deposit.reference, CivilDate(deposit.valueDay), t))",
                deposit.cashier.map { t("Petugas \($0)", "Officer \($0)") },
            ].compactMap { $0 }.joined(separator: ", ")
        case .returned(let movement, let order):
            "\(t(Movement.Kind.returned.name)): \(order), \(movement.reference), \(movement.docket)"
        case .undoing(let undoing):
            [
                t("Bank menariknya kembali", "The bank took it back"), undoing.name,
                undoing.day.long(t.language),
            ].joined(separator: ", ")
        }
    }

    private func seal(
        _ missing: Reconciliation.Missing,
        of result: Reconciliation,
        _ part: Part,
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

    /// Compares a statement.
    func takeStatement(_ request: Request, _ context: OfficerContext) async throws -> Response {
        guard context.officer.roles.contains(.treasurer) else { throw Problem.notFound }
        let form = try await formWithFiles(request, context.visitor)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        do {
            let bytes = try form.files["statement"]?.first?.content() ?? []
            guard !bytes.isEmpty else {
                throw Problem.fields([Problem.Field("statement", Text(id: "Pilih berkasnya", en: "Choose the file"))])
            }
            let result = try await fees.reconcile(try await BankStatement.read(bytes), by: context.officer)
            return try await reconciliationPage(context, result)
        } catch let problem as Problem where problem.keepsForm {
            return try await reconciliationPage(context, state: FormState(problem: problem, typed: form), status: problem.httpStatus)
        }
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
        let part = row["part"]?.string.flatMap { Part(rawValue: $0) } ?? .missing
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

    /// Records money that only the bank knows of, or proposes to, and shows what is left to be recorded. The same row is taken once,
    /// however often it is sent.
    func recordFromStatement(_ form: Form, _ context: OfficerContext) async throws -> Response {
        let t = context.words
        let rows = form.all("sisa").prefix(Self.mostCarried.rows).compactMap { try? openRow($0, context.officer) }
        let sent = form.has("usul") ? form["usul"] : form["baris"]
        let others = rows.filter { $0.sealed != sent }
        do {
            let row = try openRow(sent, context.officer)
            if form.has("usul") {
                try await propose(row, form, context.officer)
                let done = doneNotice(
                    t(
                        "Usul tercatat: \(t.rupiah(row.finding.amount)). Kepala instansi yang memutuskan; sampai saat itu belum dihitung.",
                        "It is proposed: \(t.rupiah(row.finding.amount)). The head of the agency decides; until then it does not count."
                    )
                )
                return try await reconciliationPage(
                    context,
                    left: "\(done)\(compareAgain(t))\(try await recordingForm(others, context))"
                )
            }
            guard let bill = row.bill else { throw Self.noSuchRow }
            let (payment, isRepeat) = try await fees.take(row.finding, for: bill, officer: context.officer)
            let what = "\(payment.receipt), \(t.rupiah(payment.amount))"
            let done = doneNotice(
                isRepeat
                    ? t(
                        "Baris ini sudah tercatat: \(what) untuk \(payment.docket).",
                        "This row is recorded already: \(what) for \(payment.docket)."
                    )
                    : t("Tercatat: \(what) untuk \(payment.docket).", "Recorded: \(what) for \(payment.docket).")
            )
            return try await reconciliationPage(
                context,
                left: "\(done)\(compareAgain(t))\(try await recordingForm(others, context))",
                status: isRepeat ? .conflict : .ok
            )
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

    /// Proposes a row for the bill whose code was typed; the faults stand at the row's own fields.
    private func propose(_ row: OpenRow, _ form: Form, _ officer: Officer) async throws {
        let code = form[row.code].filter { !$0.isWhitespace }
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
