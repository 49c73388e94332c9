// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Identity
import Markup
import Web

/// Contacts that may not file for a while; the screener who blocks them can also let them in again.
extension Portal {
    /// Shows them.
    func blocksPage(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let t = context.words
        guard context.officer.seesAll else { throw Problem.notFound }
        let blocks = try await complaints.blocks()
        let mayLift = context.officer.roles.contains(.screener)
        let items = HTML(
            blocks.map { block in
                let lift: HTML =
                    mayLift
                    ? "<form method=\"post\" action=\"\(Link("meja", "blokir"))\">\(hidden(context.visitor))<button class=\"text-button\" name=\"entri\" value=\"\(block.entry)\">\(t("Cabut", "Lift"))<span class=\"sr\"> \(block.docket)</span></button></form>"
                    : HTML()
                return """
                    <li><a href="\(Link("meja", "berkas", block.docket))">\(block.docket)</a><span>\(t("sampai", "until")) \(block.until.date(in: city.zone).long(t.language))</span><p>\(block.reason)</p>\(lift)</li>
                    """
            }
        )
        let main: HTML = """
            \(request.query("selesai") == nil ? HTML() : doneNotice(t("Blokirnya dicabut.", "The block is lifted.")))
            <h1>\(t("Kontak yang diblokir", "Blocked contacts"))</h1>
            <p>\(t("Kontak yang dipakai untuk melecehkan, paling lama \(Complaints.blockDays) hari. Telepon dan loket tetap terbuka bagi mereka.", "Contacts used for abuse, for \(Complaints.blockDays) days at most. Telephone and counters stay open to them."))</p>
            \(blocks.isEmpty ? "<p class=\"box\">\(t("Tidak ada.", "None."))</p>" : "<ul class=\"list\">\(items)</ul>")
            """
        return respond(
            staffPage(
                t("Kontak yang diblokir", "Blocked contacts"),
                context,
                crumbs: [(t("Meja kerja", "Desk"), Link("meja"))],
                main: main
            ),
            context.visitor
        )
    }

    /// Lifts one.
    func liftBlock(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let form = try await Form(request)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        try await complaints.unblock(form["entri"], by: context.officer)
        return .seeOther(Link("meja", "blokir", query: [("selesai", "1")]))
    }
}
