// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

/// Reads one service: its questions, its stages and acts, its fee, its documents, and the stories that prove it.
struct ServiceLoader {
    let reader: PackReader
    let file: String
    /// The agency, where the city names it apart from the service.
    let agency: String?
    /// Agencies whose counters fill it in, where the city names them apart from the service.
    var counters: Set<String> = []
    /// Parts of the standard that hold for every service of the city.
    let standard: [Service.Standard.Part: Text]
    let levies: [Levy]
    let venues: [Venue]
    /// Agencies that may be named; nil where they need not be checked: an older version's were.
    let agencies: Set<String>?
    let events: Set<String>?
    let zone: TimeZoneOffset

    /// A definition stands in the public log whole, whose entries have at most 65,535 bytes.
    private static let sizeLimit = 50_000

    func load() -> Service? {
        guard let data = reader.data(file) else { return nil }
        return load(data)
    }

    func load(_ data: [UInt8]) -> Service? {
        guard let head = reader.yaml(data, file) else { return nil }
        if data.count > Self.sizeLimit {
            head.place.report(
                "the file has \(data.count) bytes, more than \(Self.sizeLimit)",
                fix: "Split the service, or shorten its texts."
            )
        }
        let code = head.string("code")
        let docket = head.required("docket").flatMap { node in
            node.string().flatMap { text -> String? in
                if text.wholeMatch(of: /[A-Z]{3}/) != nil, text != "LPR" { return text }
                node.report("“\(text)” is no beginning of a case number", fix: "Write three capitals, not LPR.")
                return nil
            }
        }
        let name = head.text("name")
        let summary = head.text("summary")
        let keywords = head.strings("keywords")
        let event = head.required("event").flatMap { known($0, events, "life event") }
        let office = agency ?? head.required("agency").flatMap { known($0, agencies?.union(["district"]), "agency") }
        let others = (head.optional("counters")?.list() ?? []).compactMap { known($0, agencies?.union(["district"]), "agency") }
        let standard = head.required("standard")?.mapping().flatMap(readStandard)
        let limit = head.required("limit").flatMap { promise($0, "resolution") }
        let assurance = head.optional("assurance") == nil ? Assurance.anonymous : head.choice("assurance", Assurance.self)
        var questions = QuestionnaireLoader(venues: venues)
        var pages = head.flag("on-behalf") ? questions.onBehalf(reader) : []
        pages += head.required("form").map { questions.pages($0) } ?? []
        let asksWhere = pages.flatMap(\.questions).contains { if case .subdistrict = $0.kind { true } else { false } }
        if office == "district", !asksWhere {
            head.place.report(
                "the district’s office is found by a subdistrict, which nothing asks",
                fix: "Ask a question of the kind subdistrict."
            )
        }
        let shortForm = head.optional("sms")?.mapping().flatMap { readShortForm($0, pages.flatMap(\.questions)) }
        let stageNodes = head.required("stages")?.list() ?? []
        let stages = stageNodes.compactMap { stage($0, &questions) }
        let immediately = head.optional("immediately")
        let fee = head.required("fee")?.mapping().flatMap { readFee($0, questions.names) }
        let documents = (head.optional("documents")?.list() ?? []).compactMap { document($0, questions.names) }
        let register = (head.optional("register")?.list() ?? []).compactMap { registerColumn($0, questions.names) }
        let hasPublicCases = head.flag("public-cases")
        let stories = head.optional("scenarios")?.list() ?? []
        let scenarios = stories.compactMap { ScenarioLoader(zone: zone).load($0) }
        head.finish()
        if stories.isEmpty { head.place.report("no story proves this service", fix: "Add at least one under scenarios.") }
        guard let code, let docket, let name, let summary, let event, let office, let standard, let limit, let fee, let assurance,
            !stages.isEmpty
        else {
            return nil
        }
        check(stages, limit, documents, fee, stageNodes)
        checkAtOnce(immediately, stages.first)
        checkSlots(pages.flatMap(\.questions), stages, stageNodes, head)
        return Service(
            code: code,
            docket: docket,
            name: name,
            summary: summary,
            keywords: keywords,
            event: event,
            agency: office,
            counters: counters.union(others),
            standard: standard,
            limit: limit,
            assurance: assurance,
            shortForm: shortForm,
            questionnaire: Questionnaire(pages: pages),
            stages: stages,
            immediately: immediately?.string(),
            fee: fee,
            documents: documents,
            register: register.isEmpty ? nil : register,
            hasPublicCases: hasPublicCases,
            scenarios: scenarios,
            fingerprint: fingerprint(data + Array((office + Self.foundations(fee, pages, stages)).utf8)),
            source: String(decoding: data, as: UTF8.self)
        )
    }

    /// The texts that a service rests on beside its own: where a tariff changes, so does the version under which cases are filed.
    private static func foundations(_ fee: Service.Fee, _ pages: [Questionnaire.Page], _ stages: [Service.Stage]) -> String {
        let levy: String = if case .levy(let levy, _) = fee { levy.source.rules + levy.source.figures } else { "" }
        let questions = pages.flatMap(\.questions) + stages.flatMap { $0.actions.flatMap(\.questions) }
        return levy + questions.map { if case .slot(let venue) = $0.kind { venue.source } else { "" } }.joined()
    }

    func known(_ node: NodeReader, _ names: Set<String>?, _ what: String) -> String? {
        guard let text = node.string() else { return nil }
        if names?.contains(text) ?? true { return text }
        node.report("there is no \(what) “\(text)”", fix: "Known: \(names?.sorted().joined(separator: ", ") ?? "").")
        return nil
    }

    private func readStandard(_ mapping: MappingReader) -> Service.Standard? {
        let requirements = (mapping.required("requirements")?.list() ?? []).compactMap { $0.text() }
        var parts = standard
        for part in Service.Standard.Part.allCases where part != .requirements {
            if let text = mapping.optional(part.rawValue)?.text() { parts[part] = text }
            if parts[part] == nil, agencies != nil {
                mapping.place.report(
                    "the standard does not say “\(part.rawValue)”",
                    fix: "Add `\(part.rawValue): { id: …, en: … }` (PermenPANRB 15/2014)."
                )
            }
        }
        mapping.finish()
        return Service.Standard(requirements: requirements, parts: parts)
    }

    private func promise(_ node: NodeReader, _ name: String) -> Promise? {
        guard let mapping = node.mapping() else { return nil }
        let days = mapping.int("days", in: 1...1000)
        let isCalendar = mapping.flag("calendar")
        let basis = mapping.text("basis")
        mapping.finish()
        guard let days, let basis else { return nil }
        return Promise(name: name, limit: Limit(days: days, unit: isCalendar ? .calendarDays : .workingDays), basis: basis)
    }

    /// Words that an SMS may begin with already.
    private static let takenWords: Set<String> = [
        "LAPOR", "REPORT", "CEK", "STATUS", "CHECK", "IKUT", "IKUTI", "FOLLOW", "STOP", "BERHENTI", "BANTUAN", "HELP", "INFO", "HARGA",
        "PRICE",
    ]

    private func readShortForm(_ mapping: MappingReader, _ questions: [Questionnaire.Question]) -> Service.ShortForm? {
        let keyword = mapping.required("keyword").flatMap { node -> String? in
            guard let text = node.string() else { return nil }
            if text.wholeMatch(of: /[A-Z]{3,12}/) != nil, !Self.takenWords.contains(text) { return text }
            node.report("“\(text)” cannot begin an SMS", fix: "Write 3 to 12 capitals that no other message begins with.")
            return nil
        }
        let asks = (mapping.required("asks")?.list() ?? []).compactMap { node -> String? in
            guard let code = node.string() else { return nil }
            switch questions.first(where: { $0.code == code })?.kind {
            case .text, .paragraph, .number, .date, .choice, .residentNumber, .familyCard, .subdistrict: return code
            case nil: node.report("there is no question “\(code)”", fix: "Name a question of the form.")
            default: node.report("“\(code)” cannot be answered by SMS", fix: "Leave it to the web or the counter.")
            }
            return nil
        }
        mapping.finish()
        guard let keyword, !asks.isEmpty else { return nil }
        return Service.ShortForm(keyword: keyword, asks: asks)
    }

    // MARK: Stages

    private func stage(_ node: NodeReader, _ questions: inout QuestionnaireLoader) -> Service.Stage? {
        guard let mapping = node.mapping() else { return nil }
        let code = mapping.code("code")
        let name = mapping.text("name")
        let status = mapping.choice("status", CaseStatus.self)
        let limit = mapping.optional("limit").flatMap { promise($0, code ?? "") }
        var actions: [Service.Action] = []
        for node in mapping.optional("actions")?.list() ?? [] {
            if let action = action(node, &questions) { actions.append(action) }
        }
        let clearances = (mapping.optional("clearances")?.list() ?? []).compactMap(clearance)
        let whenCleared = mapping.optional("when-cleared")?.string()
        let whenPaid = mapping.optional("when-paid")?.string()
        let overdue = mapping.optional("when-overdue")?.mapping().flatMap { mapping -> Service.Overdue? in
            let stage = mapping.string("stage")
            let basis = mapping.text("basis")
            let issues = mapping.strings("issues")
            let silence = mapping.optional("silence") == nil ? nil : mapping.choice("silence", Service.Silence.self)
            mapping.finish()
            guard let stage, let basis else { return nil }
            return Service.Overdue(stage: stage, basis: basis, issues: issues, silence: silence)
        }
        let isDelivered = mapping.flag("delivered")
        mapping.finish()
        if clearances.isEmpty != (whenCleared == nil) {
            node.report("clearances and “when-cleared” belong together", fix: "Say where the case goes once every office has agreed.")
        }
        guard let code, let name, let status else { return nil }
        return Service.Stage(
            code: code,
            name: name,
            status: status,
            limit: limit,
            actions: actions,
            clearances: clearances,
            whenCleared: whenCleared,
            whenPaid: whenPaid,
            whenOverdue: overdue,
            isDelivered: isDelivered
        )
    }

    private func action(_ node: NodeReader, _ questions: inout QuestionnaireLoader) -> Service.Action? {
        guard let mapping = node.mapping() else { return nil }
        let code = mapping.code("code")
        let name = mapping.text("name")
        let actors = (mapping.required("by")?.list() ?? []).compactMap { node -> Service.Performer? in
            guard let text = node.string() else { return nil }
            if let performer = Service.Performer(rawValue: text) { return performer }
            node.report("“\(text)” does nothing here", fix: "Known: \(Service.Performer.allCases.map(\.rawValue).joined(separator: ", ")).")
            return nil
        }
        if actors.isEmpty { node.report("nobody may do this", fix: "Name at least one under `by`.") }
        let target = mapping.optional("to")?.string()
        let more = mapping.optional("extends").flatMap { promise($0, code ?? "") }
        let asked = questions.questions(mapping.optional("asks"))
        let guards = questions.checks(mapping.optional("guard"))
        let note = mapping.optional("note") == nil ? Service.Note.none : mapping.choice("note", Service.Note.self)
        let bills = mapping.flag("bills")
        let issues = mapping.strings("issues")
        let revokes = mapping.flag("revokes")
        let givesBack = mapping.flag("gives-back")
        let revises = mapping.flag("revises")
        let otherThan = mapping.names("other-than")
        let notice = mapping.optional("notice")?.text()
        let isAdverse = mapping.flag("adverse")
        mapping.finish()
        guard let code, let name, let note else { return nil }
        return Service.Action(
            code: code,
            name: name,
            actors: Set(actors),
            target: target,
            extends: more,
            guards: guards,
            questions: asked,
            note: note,
            bills: bills,
            issues: issues,
            revokes: revokes,
            givesBack: givesBack,
            revises: revises,
            otherThan: otherThan,
            notice: notice,
            isAdverse: isAdverse
        )
    }

    private func clearance(_ node: NodeReader) -> Service.Clearance? {
        guard let mapping = node.mapping() else { return nil }
        let code = mapping.code("code")
        let name = mapping.text("name")
        let agency = mapping.required("agency").flatMap { known($0, agencies, "agency") }
        let limit = mapping.required("limit").flatMap { promise($0, code ?? "") }
        let deemed = mapping.optional("deemed")?.text()
        mapping.finish()
        guard let code, let name, let agency, let limit else { return nil }
        return Service.Clearance(code: code, name: name, agency: agency, limit: limit, deemed: deemed)
    }
}
