// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Hummingbird
import Identity
import Journal
import Markup
import Storage
import TransparencyLog
import Web

/// For auditors and administrators: when the record was last held against itself, and what of it did not hold.
extension Portal {
    /// Longer than this after the last whole audit the page says that one is missing; they are daily.
    private static let auditDays = 2

    /// Shows what is known.
    func auditPage(_ context: OfficerContext) async throws -> Response {
        let t = context.words
        guard context.officer.seesAudits else { throw Problem.notFound }
        let book = ledger.book.content
        let standing = book.findings.filter { $0.until == nil }
        let over = book.findings.filter { $0.until != nil }
        let entries = try await auditedEntries(book.findings)
        func list(_ findings: [AuditBook.Finding]) -> HTML {
            "<ul class=\"list\">\(HTML(findings.reversed().map { finding($0, entries[$0.contradiction.place], context) }))</ul>"
        }
        let main: HTML = """
            <h1>\(t("Pemeriksaan catatan kota", "The audit of the city’s record"))</h1>
            <p>\(t("Setiap hari semua catatan dibandingkan dengan buku besar yang ditandatangani, dan semua tabel dihitung ulang dari catatan.", "Every day all entries are compared with the signed ledger, and every table is worked out anew from the entries."))</p>
            \(standing.isEmpty ? state(book.last, t) : alarm(standing, list(standing), t))
            \(book.last.map { facts($0, t) } ?? HTML())
            \(over.isEmpty ? HTML() : "<section aria-labelledby=\"h-lalu\"><h2 id=\"h-lalu\">\(t("Pernah ditemukan, kini cocok", "Found once, holding now"))</h2>\(list(over))</section>")
            <p><a href="\(Link("buku-besar"))">\(t("Buku besar publik", "The public ledger"))</a></p>
            """
        return respond(
            staffPage(t("Pemeriksaan catatan", "Audit of the record"), context, section: .audit, main: main),
            context.visitor
        )
    }

    private func state(_ last: AuditBook.Audit?, _ t: Words) -> HTML {
        guard let last else {
            return """
                <div class="box" role="status"><p>\(t("Belum ada pemeriksaan lengkap. Yang pertama mulai semenit setelah kota dibuka; catatan terbaru sudah diperiksa saat dibuka.", "No audit of everything has ended yet. The first begins a minute after the city opens; the newest entries are looked at as it opens."))</p></div>
                """
        }
        guard now <= last.at.adding(seconds: Int64(Self.auditDays) * 86_400) else {
            return """
                <div class="notice bad" role="alert">\(Icon.warning.html)<p><b>\(t("Pemeriksaan harian tidak berjalan", "The daily audit does not come to its end"))</b>. \(t("Yang terakhir selesai \(last.at.stamp(t.language, zone: city.zone)), dan semuanya cocok. Lihat sebabnya di log program.", "The last ended \(last.at.stamp(t.language, zone: city.zone)), and everything held. The program’s log says why."))</p></div>
                """
        }
        return """
            <div class="box primary" role="status"><p><b>\(t("Semuanya cocok", "Everything holds"))</b>: \(t("catatan, buku besar, dan tabel tidak saling bertentangan.", "entries, ledger and tables do not contradict each other."))</p></div>
            """
    }

    private func alarm(_ standing: [AuditBook.Finding], _ list: HTML, _ t: Words) -> HTML {
        let advice =
            standing.allSatisfy { $0.contradiction.isOfTable }
            ? t(
                "Catatannya sendiri cocok; hanya tabel yang diubah di luar program. Cari tahu siapa yang mengubahnya, lalu jalankan balai rebuild dan balai audit.",
                "The entries themselves hold; only tables were edited outside the program. Find out who did it, then run balai rebuild and balai audit."
            )
            : t(
                "Simpan salinan folder data sebagai bukti. Bandingkan dengan cadangan; pulihkan cadangan terbaru yang cocok.",
                "Keep a copy of the data folder as evidence. Compare it with a backup; restore the newest one that holds."
            )
        return """
            <section class="box warning" role="alert" aria-labelledby="h-beda"><h2 id="h-beda">\(t("Ada yang tidak cocok", "Something does not hold"))</h2>
            \(list)
            <p>\(t("Kota tetap melayani, tetapi tidak menandatangani apa pun yang baru, dan buku besar publik mengatakannya. Ini berakhir bila pemeriksaan lengkap tidak menemukannya lagi.", "The city goes on serving but signs nothing new, and the public ledger says so. It ends when a whole audit finds it no more."))</p>
            <p>\(advice)</p></section>
            """
    }

    private func facts(_ last: AuditBook.Audit, _ t: Words) -> HTML {
        """
        <dl class="facts"><div><dt>\(t("Pemeriksaan lengkap terakhir", "Last audit of everything"))</dt><dd><time datetime="\(last.at.rfc3339(in: city.zone))">\(last.at.stamp(t.language, zone: city.zone))</time></dd></div>
        <div><dt>\(t("Catatan dibandingkan", "Entries compared"))</dt><dd>\(t.number(last.entries))</dd></div>
        <div><dt>\(t("Di antaranya bertanda tangan", "Of them signed"))</dt><dd>\(t.number(last.signed))</dd></div>
        <div><dt>\(t("Tabel dihitung ulang", "Tables worked out anew"))</dt><dd>\(last.tables.map { t.number($0) } ?? t("tidak, sebab catatannya tidak cocok", "none, as the entries do not hold"))</dd></div></dl>
        """
    }

    /// One contradiction, with what its entry says of itself.
    private func finding(_ finding: AuditBook.Finding, _ entry: AuditedEntry?, _ context: OfficerContext) -> HTML {
        let t = context.words
        let about: HTML? = entry.map { entry in
            let docket = entry.stream.split(separator: "/").last.map(String.init) ?? entry.stream
            let link: HTML =
                entry.stream.hasPrefix("complaint/") && context.officer.seesAll
                ? "<a href=\"\(Link("meja", "berkas", docket))\">\(docket)</a>" : "\(docket)"
            return "<p class=\"small\"><code>\(entry.kind)</code> · \(link) · \(entry.at.stamp(t.language, zone: city.zone))</p>"
        }
        let until = finding.until.map {
            t(", cocok lagi \($0.stamp(t.language, zone: city.zone))", ", holding again \($0.stamp(t.language, zone: city.zone))")
        }
        return """
            <li><b>\(Self.place(finding.contradiction.place, t))</b><span class="muted">\(t("ditemukan", "found")) \(finding.since.stamp(t.language, zone: city.zone))\(until ?? "")</span><p>\(t(finding.contradiction.finding)).</p>\(about)</li>
            """
    }

    /// A place of the record, as people call it.
    private static func place(_ place: String, _ t: Words) -> String {
        let parts = place.split(separator: " ", maxSplits: 1).map(String.init)
        let name = parts.count > 1 ? parts[1] : ""
        return switch parts.first {
        case "entry": t("Catatan nomor \(name)", "Entry number \(name)")
        case "stream": t("Urutan \(name)", "Stream \(name)")
        case "table": t("Tabel \(name)", "Table \(name)")
        case "person": t("Kunci orang \(name)", "Key of person \(name)")
        case "journal": t("Jurnal", "Journal")
        case "ledger": t("Buku besar", "Ledger")
        default: t("Buku pemeriksaan", "Book of audits")
        }
    }

    private struct AuditedEntry: Sendable {
        let kind: String
        let stream: String
        let at: Instant
    }

    /// The entries that findings name, as far as they are there, by place.
    private func auditedEntries(_ findings: [AuditBook.Finding]) async throws -> [String: AuditedEntry] {
        let places = Set(findings.map(\.contradiction.place))
        return try await journal.read { snapshot in
            var found: [String: AuditedEntry] = [:]
            for place in places {
                guard place.hasPrefix("entry "), let sequence = Int(digits: place.dropFirst(6).utf8) else { continue }
                found[place] = try snapshot.find("SELECT kind, stream, at FROM entry WHERE seq = \(sequence)") {
                    AuditedEntry(kind: try $0(0), stream: try $0(1), at: try $0(2))
                }
            }
            return found
        }
    }
}
