// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Essentials
import Forms
import Hummingbird
import Markup
import Residents
import Services
import Web

/// Asked once: answers that the city has already, taken over into a form by whoever gave them.
extension Portal {
    /// The cases of this browser from which answers can be taken over.
    func earlier(_ request: Request) -> [String] {
        request.headers[values: .cookie].flatMap { $0.split(separator: ";") }.compactMap { pair in
            let name = pair.split(separator: "=")[0].drop { $0 == " " }
            guard name.hasPrefix("pakai-") else { return nil }
            return Docket(String(name.dropFirst("pakai-".count)))?.description
        }
    }

    func prefillSource(_ request: Request, _ writing: Writing, _ docket: String) async throws -> String {
        guard earlier(request).contains(docket), let found = try await services.find(docket),
            services.holds(request.cookie("pakai-\(docket)"), of: found.serviceCase)
        else { throw Problem.notFound }
        return docket
    }

    /// Within the page's own form, so that what was typed already is sent along and kept.
    func prefillOffer(
        _ request: Request,
        _ writing: Writing,
        _ asked: [Questionnaire.Question],
        _ resident: Resident?,
        _ t: Words
    ) -> HTML {
        let isOpen = asked.contains { $0.known != nil && writing.draft.answers[$0.code].isEmpty }
        guard writing.draft.clerk == nil, ["", Questionnaire.forOneself].contains(writing.draft.answers[Questionnaire.forWhom]), isOpen
        else {
            return HTML()
        }
        let source: (name: String, value: String)
        if let resident {
            let known = Set(resident.details.keys).union([.contact])
            guard asked.contains(where: { $0.known.map(known.contains) ?? false && writing.draft.answers[$0.code].isEmpty }) else {
                return HTML()
            }
            source = (t("di halaman Anda", "on your page"), "akun")
        } else if let docket = earlier(request).last {
            source = (t("di berkas \(docket)", "in case \(docket)"), docket)
        } else {
            return HTML()
        }
        return """
            <div class="box"><p>\(t("Data diri Anda sudah ada \(source.name).", "Your details are \(source.name) already.")) \(t("Dengan menekan tombol ini Anda setuju kami memakainya di sini.", "By pressing this button you agree that we use them here."))</p><p><button class="button secondary" name="isikan" value="\(source.value)">\(t("Pakai data itu, saya tidak mengetik lagi", "Use them; I need not type again"))</button></p></div>
            """
    }
}
