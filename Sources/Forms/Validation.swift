// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Foundation

/// Where answers are checked: what the day is, which regions there are, and what else is known.
public struct FormRules: Sendable {
    /// The day.
    public let today: CivilDate
    /// The day of filing; nil where nothing has been filed yet.
    public let filed: CivilDate?
    /// The regions of the city.
    public let regions: Regions
    /// Every question of the service outside groups, so that conditions find what they name.
    public let questions: [Questionnaire.Question]

    /// Rules for a day in a city.
    public init(today: CivilDate, filed: CivilDate? = nil, regions: Regions, questions: [Questionnaire.Question]) {
        self.today = today
        self.filed = filed
        self.regions = regions
        self.questions = questions
    }

    /// Whether a condition holds; what cannot be worked out does not.
    public func holds(_ condition: Essentials.Expression?, _ answers: Answers) -> Bool {
        guard let condition else { return true }
        return (try? condition.value(answers.values(for: questions, today: today, filed: filed))) == .bool(true)
    }

    /// What a form comes to: its questions in order, where each condition knows only the answers to what was asked before it. What a
    /// change of mind left behind counts as not answered, however many conditions hang on it.
    public struct Course: Sendable {
        /// A page that is asked, with those of its questions that are.
        public struct Step: Sendable {
            /// The page.
            public let page: Questionnaire.Page
            /// Its questions that are asked.
            public let questions: [Questionnaire.Question]
        }

        /// The pages that are asked, in order.
        public fileprivate(set) var steps: [Step] = []
        /// The answers to what is asked, and no others.
        public fileprivate(set) var answers = Answers()
    }

    /// The course of a form with these answers.
    public func course(_ questionnaire: Questionnaire, _ answers: Answers) -> Course {
        var course = Course()
        for page in questionnaire.pages where holds(page.condition, course.answers) {
            let questions = take(page.questions, from: answers, into: &course.answers)
            course.steps.append(Course.Step(page: page, questions: questions))
        }
        return course
    }

    /// The questions of an act that these answers lead to; what was answered before them is known to their conditions.
    public func asked(_ questions: [Questionnaire.Question], _ answers: Answers) -> [Questionnaire.Question] {
        var known = answers.without(questions.map(\.code))
        return take(questions, from: answers, into: &known)
    }

    /// What has to be put right, in the order of the questions.
    public func faults(_ questions: [Questionnaire.Question], _ answers: Answers) -> [Problem.Field] {
        var known = answers.without(questions.map(\.code))
        let asked = take(questions, from: answers, into: &known)
        return asked.flatMap { faults($0, known, in: known, name: $0.code) }
    }

    /// What has to be put right anywhere, with the page on which it is asked.
    public func faults(_ questionnaire: Questionnaire, _ answers: Answers) -> [(page: Questionnaire.Page, fields: [Problem.Field])] {
        let course = course(questionnaire, answers)
        return course.steps.map { step in
            (step.page, step.questions.flatMap { faults($0, course.answers, in: course.answers, name: $0.code) })
        }.filter { !$0.fields.isEmpty }
    }

    /// The answers to what was asked, without what a change of mind left behind.
    public func relevant(_ questionnaire: Questionnaire, _ answers: Answers) -> Answers { course(questionnaire, answers).answers }

    /// The questions of one of a group that its answers lead to.
    ///
    /// - Parameters:
    ///   - inner: what each of the group answers.
    ///   - group: the answers of the one.
    ///   - answers: those outside the group.
    public func asked(_ inner: [Questionnaire.Question], _ group: Answers, beside answers: Answers) -> [Questionnaire.Question] {
        inside(inner).asked(inner, answers.merging(group))
    }

    /// The rules within a group, whose conditions know its own questions too.
    private func inside(_ inner: [Questionnaire.Question]) -> FormRules {
        FormRules(today: today, filed: filed, regions: regions, questions: questions + inner)
    }

    /// Goes through questions in order: gives those that are asked, and adds their answers to what is known.
    private func take(
        _ questions: [Questionnaire.Question],
        from answers: Answers,
        into known: inout Answers
    ) -> [Questionnaire.Question] {
        questions.filter { question in
            guard holds(question.condition, known) else { return false }
            guard case .group(_, _, let inner) = question.kind else {
                known.copy(question.code, from: answers)
                return true
            }
            let outside = known
            let groups = answers.groups(question.code).map { group in
                var all = outside
                let asked = inside(inner).take(inner, from: group, into: &all)
                return Answers(asked.map(\.code), of: all)
            }
            known.set(question.code, groups: groups)
            return true
        }
    }

    private func faults(
        _ question: Questionnaire.Question,
        _ own: Answers,
        in all: Answers,
        name: String
    ) -> [Problem.Field] {
        if case .group(let range, let item, let questions) = question.kind {
            let groups = own.groups(question.code)
            if groups.count < range.lowerBound {
                return [
                    Problem.Field(
                        name,
                        Text(
                            id: "Isi paling sedikit \(range.lowerBound) \(item.id)",
                            en: "Fill in at least \(range.lowerBound): \(item.en)"
                        )
                    )
                ]
            }
            if groups.count > range.upperBound {
                let most = range.upperBound
                return [Problem.Field(name, Text(id: "Paling banyak \(most) \(item.id)", en: "At most \(most): \(item.en)"))]
            }
            return groups.enumerated().flatMap { index, group in
                inside(questions).asked(questions, all.merging(group)).flatMap {
                    inside(questions).faults($0, group, in: all.merging(group), name: "\(name).\(index + 1).\($0.code)")
                }
            }
        }
        if let message = fault(question, own) { return [Problem.Field(name, message)] }
        if own[question.code].isEmpty, own.files(question.code).isEmpty { return [] }
        let failed = question.checks.first { !holds($0.condition, all) }
        return failed.map { [Problem.Field(name, $0.message)] } ?? []
    }

    private func fault(_ question: Questionnaire.Question, _ answers: Answers) -> Text? {
        let label = question.label
        let text = answers[question.code]
        func say(_ id: String, _ en: String) -> Text { Text(id: "\(label.id): \(id)", en: "\(label.en): \(en)") }
        if case .files(let most) = question.kind {
            let count = answers.files(question.code).count
            if count == 0 { return question.isOptional ? nil : say("sertakan fotonya atau PDF", "add a photo or a PDF") }
            return count > most ? say("paling banyak \(most) berkas", "at most \(most) files") : nil
        }
        if case .declaration = question.kind {
            return text == "ya" || question.isOptional ? nil : Text(id: "Centang “\(label.id)”", en: "Tick “\(label.en)”")
        }
        if text.isEmpty {
            if question.isOptional { return nil }
            if case .choice = question.kind { return say("pilih salah satu", "choose one") }
            if case .slot = question.kind {
                return say("lihat waktu yang kosong, lalu pilih satu", "look at the free times, then choose one")
            }
            return say("isi lebih dulu", "fill this in")
        }
        switch question.kind {
        case .text(let most), .paragraph(let most):
            let isOneLine = if case .text = question.kind { true } else { false }
            if text.plain(isOneLine: isOneLine) != text {
                return say("ada tanda yang tidak tampak di dalamnya; ketik lagi", "there is something unseen in it; type it again")
            }
            if question.isLatin, let fault = LatinName.fault(text) { return say(fault.id, fault.en) }
            return text.count > most ? say("paling panjang \(most) huruf", "at most \(most) characters") : nil
        case .number(let range, let places):
            // What was read is kept as it is counted with; anything else is what could not be read.
            switch Decimal.typed(text, places: places) {
            case .one(let value) where value.description == text && range.contains(value): return nil
            case .refused(let why): return say(why.id, why.en)
            case .one, .nothing: break
            }
            func bounds(_ language: Language) -> (String, String) {
                (language.decimal(range.lowerBound), language.decimal(range.upperBound))
            }
            let (id, en) = (bounds(.indonesian), bounds(.english))
            return say("tulis angka dari \(id.0) sampai \(id.1)", "write a number from \(en.0) to \(en.1)")
        case .date(let past, let future):
            if let why = CivilDate.typed(text).fault { return say(why.id, why.en) }
            guard let date = CivilDate(text), date.days > CivilDate.oldest.days, date.days < today.days + 36_600 else {
                return say("tulis tanggal seperti 31/01/2026", "write a date such as 31/01/2026")
            }
            if !past, date < today { return say("pilih tanggal mulai hari ini", "choose a date from today on") }
            if !future, date > today { return say("tanggal ini belum tiba", "this date has not come yet") }
            return nil
        case .choice(let options):
            return options.contains { $0.code == text } ? nil : say("pilih salah satu", "choose one")
        case .residentNumber:
            guard let number = ResidentNumber(text) else {
                return say(
                    "NIK terdiri dari 16 angka dengan tanggal lahir di dalamnya; periksa lagi di KTP atau KK",
                    "a NIK has 16 digits with the date of birth among them; look at the ID card or family card again"
                )
            }
            return isKnown(number.region) ? nil : say("kode wilayah \(number.region) tidak ada", "there is no region \(number.region)")
        case .familyCard:
            return ResidentNumber.familyCard(text) == nil
                ? say(
                    "nomor KK terdiri dari 16 angka; periksa lagi di kanan atas kartunya",
                    "a family card number has 16 digits; look at the top of the card again"
                )
                : nil
        case .contact:
            return Contact(text) == nil ? Contact.howToWrite : nil
        case .subdistrict:
            return regions[text]?.parent == nil ? say("pilih kelurahan dari daftar", "choose a subdistrict of the list") : nil
        case .slot(let venue):
            // Whether it is still free shows when it is kept.
            guard let slot = Slot(text), venue.resource(slot.resource) != nil, venue.rules.lengths.contains(slot.minutes),
                slot.starts.count <= venue.rules.weeks, let first = slot.starts.first, first.day >= today
            else { return say("pilih waktu dari daftar", "choose a time of the list") }
            return nil
        case .files, .declaration, .group: return nil
        }
    }

    /// Whether a district of this city exists, or once did; of other cities only the pattern can be checked.
    private func isKnown(_ region: String) -> Bool {
        guard let own = regions.districts.first?.code.prefix(5), region.hasPrefix(own) else { return true }
        return regions[region] != nil
    }
}

extension CivilDate {
    /// Nobody alive was born before it, and no paper that is still used was written.
    fileprivate static let oldest = CivilDate(days: -36_525)
}

extension Questionnaire.Question {
    /// An answer as it was typed or sent, brought into the form in which it is kept. What cannot be read stays as it was, to be
    /// shown again with its fault.
    public func normalised(_ text: String) -> String {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        switch kind {
        case .number(_, let places):
            return Decimal.typed(trimmed, places: places).value?.description ?? trimmed
        case .date: return CivilDate.typed(trimmed).value?.description ?? trimmed
        case .residentNumber: return ResidentNumber(trimmed)?.digits ?? trimmed
        case .familyCard: return ResidentNumber.familyCard(trimmed) ?? trimmed
        case .contact: return Contact(trimmed)?.address ?? trimmed
        case .text: return text.plain(isOneLine: true)
        case .paragraph: return text.plain(isOneLine: false)
        default: return trimmed
        }
    }

    /// An answer as it is shown to people.
    public func shown(_ text: String, in language: Language, regions: Regions) -> String {
        switch kind {
        case .number:
            Decimal(string: text, locale: Locale(identifier: "en_US_POSIX")).map { language.decimal($0) } ?? text
        case .date: CivilDate(text)?.long(language) ?? text
        case .choice(let options): options.first { $0.code == text }.map { $0.label(language) } ?? text
        case .subdistrict: text.isEmpty ? "" : regions.fullName(text)
        case .slot(let venue):
            Slot(text).map { slot in
                "\(venue.resource(slot.resource)?.name(language) ?? slot.resource): \(slot.times(language).joined(separator: "; "))"
            } ?? text
        case .declaration: text == "ya" ? Text(id: "Ya", en: "Yes")(language) : ""
        default: text
        }
    }
}
