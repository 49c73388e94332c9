// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials
import Hummingbird
import Markup
import Notifications
import Web

/// What the city writes to people, as it is sent: for those who change the words in the pack.
extension Portal {
    /// Shows every message with examples filled in.
    func messagesPage(_ context: OfficerContext) -> Response {
        let t = context.words
        let items = HTML(
            zip(complaints.messageSamples(.indonesian), complaints.messageSamples(.english)).map { id, en in
                """
                <section aria-labelledby="p-\(id.name)"><h2 id="p-\(id.name)" class="code">\(id.name)</h2><div class="two">\(sample(id.written, .indonesian, t))\(sample(en.written, .english, t))</div></section>
                """
            }
        )
        let main: HTML = """
            <h1>\(t("Pesan kota", "The city’s messages"))</h1>
            <p>\(t("Begini pesan dikirim, diisi dengan contoh. Kata-katanya ada di National/id/messages.yaml; ubah di messages.yaml paket kota, periksa dengan “balai check”, lalu mulai ulang.", "This is how messages are sent, filled in with examples. Their words stand in National/id/messages.yaml; change them in the messages.yaml of the city’s pack, run “balai check”, and restart."))</p>
            \(items)
            """
        return respond(
            staffPage(t("Pesan kota", "The city’s messages"), context, crumbs: [(t("Meja kerja", "Desk"), Link("meja"))], main: main),
            context.visitor
        )
    }

    private func sample(_ written: Written, _ language: Language, _ t: Words) -> HTML {
        let parts = ShortMessage.parts(written.short)
        return """
            <div class="box" lang="\(language.rawValue)"><h3>SMS</h3><p>\(written.short)</p><p class="small muted" lang="\(t.language.rawValue)">\(t("\(written.short.count) huruf, \(parts) SMS", "\(written.short.count) characters, \(parts) SMS"))</p><h3>\(t("Surel", "E-mail"))</h3><p><b>\(written.subject)</b></p><pre>\(written.long)</pre></div>
            """
    }
}
