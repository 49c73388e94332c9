// SPDX-License-Identifier: EUPL-1.2

import Bookings
import Definitions
import Essentials
import Forms
import Markup
import Services
import Web

/// A question that is answered with a time to come: first what, when and how long, then one of the times that are free. It works
/// by ordinary buttons; nothing is kept until the form is sent.
extension Portal {
    /// What is looked for, and what is free.
    struct SlotOffer {
        let venue: Venue
        let search: SlotSearch
        let choices: [BookingOffice.Choice]
        let nextDays: [(day: CivilDate, count: Int)]
    }

    /// What somebody looks for at a venue.
    struct SlotSearch: Equatable {
        var resource: String
        var day: CivilDate
        var minutes: Int
        var weeks: Int

        /// As it travels with the form, and is kept with a draft.
        var text: String { "\(resource)|\(day)|\(minutes)|\(weeks)" }

        init(resource: String, day: CivilDate, minutes: Int, weeks: Int) {
            self.resource = resource
            self.day = day
            self.minutes = minutes
            self.weeks = weeks
        }

        init?(_ text: String) {
            let parts = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 4, let day = CivilDate(parts[1]), let minutes = Int(outside: parts[2], in: 1...1440),
                let weeks = Int(outside: parts[3], in: 1...Slot.most)
            else {
                return nil
            }
            self.init(resource: parts[0], day: day, minutes: minutes, weeks: weeks)
        }
    }

    /// The times that each question of a page offers.
    func slotOffers(_ questions: [Questionnaire.Question], _ answers: Answers, _ state: FormState) async throws -> [String: SlotOffer] {
        var offers: [String: SlotOffer] = [:]
        for question in questions {
            guard case .slot(let venue) = question.kind, let first = venue.resources.first else { continue }
            let typed = state.typed.flatMap { slotSearch(question.code, venue, $0) }
            let kept = SlotSearch(answers["\(question.code).cari"])
            let chosen = Slot(answers[question.code]).flatMap { slot in
                slot.starts.first.map { SlotSearch(resource: slot.resource, day: $0.day, minutes: slot.minutes, weeks: slot.starts.count) }
            }
            var search: SlotSearch
            if let asked = typed ?? kept ?? chosen {
                search = asked
            } else {
                search = SlotSearch(resource: first.code, day: now.date(in: city.zone), minutes: venue.rules.lengths[0], weeks: 1)
                // The first day that has anything to offer.
                if try await bookings.choices(first, of: venue, on: search.day, minutes: search.minutes).isEmpty {
                    let next = try await bookings.nextDays(first, of: venue, after: search.day, minutes: search.minutes, most: 1)
                    search.day = next.first?.day ?? search.day
                }
            }
            guard let resource = venue.resource(search.resource) else { continue }
            offers[question.code] = SlotOffer(
                venue: venue,
                search: search,
                choices: try await bookings.choices(
                    resource,
                    of: venue,
                    on: search.day,
                    minutes: search.minutes,
                    weeks: min(search.weeks, venue.rules.weeks)
                ),
                nextDays: try await bookings.nextDays(resource, of: venue, after: search.day, minutes: search.minutes, most: 4)
            )
        }
        return offers
    }

    /// What a form says is looked for; nil where it does not ask.
    private func slotSearch(_ code: String, _ venue: Venue, _ form: Form) -> SlotSearch? {
        guard let resource = venue.resource(form["\(code).apa"]) else { return nil }
        let today = now.date(in: city.zone)
        let day = CivilDate.typed(form["\(code).lain"].isEmpty ? form["\(code).hari"] : form["\(code).lain"]).value ?? today
        let minutes = Int(outside: form["\(code).lama"], in: 1...1440) ?? venue.rules.lengths[0]
        return SlotSearch(
            resource: resource.code,
            day: min(max(day, today), today.adding(days: venue.rules.ahead)),
            minutes: venue.rules.lengths.contains(minutes) ? minutes : venue.rules.lengths[0],
            weeks: Int(outside: form["\(code).minggu"], in: 1...venue.rules.weeks) ?? 1
        )
    }

    /// What a form says to a question of the kind slot, over earlier answers. Looking somewhere else unmakes the choice.
    func readSlot(_ question: Questionnaire.Question, _ venue: Venue, _ form: Form, into answers: inout Answers) {
        guard let search = slotSearch(question.code, venue, form) else {
            if form.has(question.code) { answers[question.code] = form[question.code] }
            return
        }
        answers["\(question.code).cari"] = search.text
        answers[question.code] = isLooking(question, venue, form) ? "" : form[question.code]
    }

    /// Whether a form asks for other times instead of taking one.
    func isLooking(_ question: Questionnaire.Question, _ venue: Venue, _ form: Form) -> Bool {
        guard let search = slotSearch(question.code, venue, form) else { return false }
        return form["lihat"] == question.code || form.has("\(question.code).lain") || SlotSearch(form["\(question.code).untuk"]) != search
    }

    /// Whether a form asks for other times at any of its questions.
    func isLooking(_ questions: [Questionnaire.Question], _ form: Form) -> String? {
        for question in questions {
            if case .slot(let venue) = question.kind, isLooking(question, venue, form) { return question.code }
        }
        return nil
    }

    /// The field.
    func slotField(_ question: Questionnaire.Question, _ value: String, _ offer: SlotOffer, _ state: FormState, _ t: Words) -> HTML {
        let code = question.code
        let (venue, search) = (offer.venue, offer.search)
        let fault = state.fault(code, t)
        let resource = venue.resource(search.resource)
        let what: HTML =
            venue.resources.count == 1
            ? "<input type=\"hidden\" name=\"\(code).apa\" value=\"\(search.resource)\">"
            : select("\(code).apa", t("Yang dipesan", "What"), search.resource, venue.resources.map { ($0.code, t($0.name)) })
        let length: HTML =
            venue.rules.lengths.count == 1
            ? "<input type=\"hidden\" name=\"\(code).lama\" value=\"\("\(search.minutes)")\">"
            : select("\(code).lama", t("Lamanya", "How long"), "\(search.minutes)", venue.rules.lengths.map { ("\($0)", duration($0, t)) })
        let weeks: HTML =
            venue.rules.weeks == 1
            ? HTML()
            : select(
                "\(code).minggu",
                t("Setiap minggu", "Every week"),
                "\(search.weeks)",
                (1...venue.rules.weeks).map { ("\($0)", $0 == 1 ? t("sekali saja", "only once") : t("\($0) minggu", "for \($0) weeks")) }
            )
        let today = now.date(in: city.zone)
        let chosen = state.typed.map { $0.has(code) ? $0[code] : value } ?? value
        let choices = HTML(
            offer.choices.enumerated().map { index, choice in
                let minute = choice.slot.starts.first?.minute ?? 0
                let left = choice.leftOut.map { "\($0.start.day.short(t.language)): \(t($0.reason))" }.joined(separator: ", ")
                let detail =
                    search.weeks == 1
                    ? ""
                    : t("\(choice.slot.starts.count) dari \(search.weeks) minggu", "\(choice.slot.starts.count) of \(search.weeks) weeks")
                        + (left.isEmpty ? "" : t("; tidak: \(left)", "; not: \(left)"))
                return """
                    <li><label><input type="radio" name="\(code)" value="\(choice.slot.description)"\(.flag("checked", choice.slot.description == chosen))><span><b>\(Slot.span(minute, search.minutes, t.language))</b>\(detail.isEmpty ? HTML() : " \(detail)")</span></label></li>
                    """
            }
        )
        // Whoever asks for a series reads which weeks are left out.
        let style = search.weeks == 1 ? "choices times" : "choices"
        let days = HTML(
            offer.nextDays.map {
                "<button class=\"text-button\" name=\"\(code).lain\" value=\"\($0.day.description)\">\($0.day.weekdayName(t.language)), \($0.day.short(t.language)) (\("\($0.count)"))</button> "
                    as HTML
            }
        )
        let rate = resource?.rate(on: search.day).map { rate in
            let amount = search.day.weekday > 5 ? rate.weekend : rate.weekday
            return
                "<p class=\"small\">\(amount == 0 ? t("Gratis.", "Free.") : t("Rp\(t.number(amount)) per jam hari itu.", "Rp\(t.number(amount)) an hour on that day."))</p>"
                as HTML
        }
        return """
            <fieldset class="\(fault == nil ? "field slot" : "field slot invalid")" id="\(state.id(of: code))"><legend>\(t(question.label))</legend>\(question.help.map { "<p class=\"help\">\(t($0))</p>" as HTML })\(fault.map { "<p class=\"error-text\">\(Icon.warning.html) \($0)</p>" as HTML })
            <div class="filters">\(what)<p><label for="\(code).hari">\(t("Hari", "Day"))</label> <input id="\(code).hari" name="\(code).hari" type="date" value="\(search.day.description)" min="\(today.description)" max="\(today.adding(days: venue.rules.ahead).description)"></p>\(length)\(weeks)<input type="hidden" name="\(code).untuk" value="\(search.text)"><p><button class="button secondary" name="lihat" value="\(code)">\(t("Lihat waktu kosong", "Show free times"))</button></p></div>
            <p><b>\(resource.map { t($0.name) } ?? "")</b>, \(search.day.full(t.language))\(resource?.address.map { ". \($0)" } ?? "")</p>\(rate)
            \(offer.choices.isEmpty ? "<p class=\"notice\" role=\"status\">\(t("Tidak ada waktu kosong pada hari itu.", "Nothing is free on that day."))</p>" : "<ul class=\"\(style)\">\(choices)</ul>")
            \(offer.nextDays.isEmpty ? HTML() : "<p>\(t("Hari lain yang kosong:", "Other days with free times:")) \(days)</p>")</fieldset>
            """
    }

    private func select(_ name: String, _ label: String, _ value: String, _ options: [(String, String)]) -> HTML {
        """
        <p><label for="\(name)">\(label)</label> <select id="\(name)" name="\(name)">\(HTML(options.map { "<option value=\"\($0.0)\"\(.flag("selected", $0.0 == value))>\($0.1)</option>" }))</select></p>
        """
    }

    private func duration(_ minutes: Int, _ t: Words) -> String {
        minutes.isMultiple(of: 60) ? t("\(minutes / 60) jam", "\(minutes / 60) h") : t("\(minutes) menit", "\(minutes) min")
    }
}
