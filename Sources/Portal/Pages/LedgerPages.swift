// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Essentials
import HTTPTypes
import Hummingbird
import Journal
import Markup
import Storage
import TransparencyLog
import Web

/// The public log: its page for people, and its files for everybody's programs.
extension Portal {
    /// What the ledger is, how large it is, and how to check it without us.
    func ledgerPage(_ context: VisitorContext) async throws -> Response {
        let t = context.words
        let size = await ledger.size
        let contradictions = ledger.contradictions
        // Where it does not hold is for everybody; what exactly may name people, and stands in the log of the program.
        let mark: HTML =
            contradictions.isEmpty
            ? HTML()
            : """
            <div class="box warning" role="alert"><p><strong>\(t("Catatan kota bertentangan dengan buku ini.", "The city’s record contradicts this book."))</strong> \(t("Sejak ditemukan, tidak ada pernyataan baru yang ditandatangani. Yang sudah ditandatangani tetap berlaku.", "Since it was found nothing new is signed. What was signed stands."))</p>
            <ul>\(HTML(contradictions.map { "<li><code>\($0.place)</code></li>" }))</ul></div>
            """
        let main: HTML = """
            <h1>\(t("Buku besar publik", "The public ledger"))</h1>
            \(mark)
            <p class="large">\(t("Setiap langkah setiap berkas adalah satu baris di buku ini. Baris tidak bisa diubah, dihapus, atau disisipkan tanpa ketahuan.", "Every step of every case is a line in this book. No line can be changed, removed or slipped in unnoticed."))</p>
            <dl class="facts"><div><dt>\(t("Baris", "Lines"))</dt><dd>\(t.number(size))</dd></div></dl>
            <h2>\(t("Kunci kota", "The city’s key"))</h2><p class="box code">\(verifier.description)</p>
            <h2>\(t("Periksa sendiri", "Check it yourself"))</h2>
            <p>\(t("Di komputer mana pun dengan program Balai:", "On any computer with the Balai program:"))</p><p class="box code">balai verify \(origin)/ledger --key "\(verifier.description)"</p>
            <p>\(t("Program ini mengunduh semua baris, menghitung ulang pohon hash-nya, dan memeriksa tanda tangan. Formatnya terbuka (C2SP tlog-tiles), jadi program lain pun bisa.", "It downloads every line, works the hash tree out again and checks the signature. The format is open (C2SP tlog-tiles), so other programs can too."))</p>
            <h2>\(t("Apa yang tidak ada di sini", "What is not in it"))</h2><p>\(t("Tidak ada nama, kontak, cerita, atau alamat. Di tempatnya ada sidik bergaram, yang mati bersama kuncinya saat data Anda dihapus.", "No name, contact, story or address. In their place stand salted hashes, which die with their key when your data is erased."))</p>
            <ul><li><a href="\(Link("ledger", "checkpoint"))">\(t("Pernyataan terakhir (checkpoint)", "Latest checkpoint"))</a></li><li><a href="\(Link("ledger", "vkey"))">vkey</a></li></ul>
            """
        return respond(Page(title: t("Buku besar publik", "Public ledger"), section: .ledger, isNarrow: true, main: main), context)
    }

    /// The latest signed checkpoint.
    func checkpoint() async throws -> Response {
        try await publish()
        guard let note = ledgerFolder.checkpoint else { throw Problem.notFound }
        var response = Response.text(note)
        response.headers[.cacheControl] = "no-cache"
        return response
    }

    /// Signs what is new, about once a second however many ask. Over a contradiction nothing is, and what was signed before is served.
    private func publish() async throws {
        let entries = try await journal.read { try $0.count("SELECT size FROM journal_head WHERE id = 1") }
        while await ledger.size < entries, case let rest = await ledger.rest, rest > .zero { try await Task.sleep(for: rest) }
        guard await ledger.size < entries else { return }
        do {
            try await journal.publishPending(through: ledger)
        } catch is Contradiction {}
    }

    /// A tile or bundle; its content never changes.
    func tile(_ request: Request) async throws -> Response {
        let path = String(request.uri.path.dropFirst("/ledger/".count))
        let isTile =
            path.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2F || $0 == 0x2E }
            && !path.contains("..")
        guard isTile, let bytes = try? await ledgerFolder.bytes(path) else { throw Problem.notFound }
        var response = Response.bytes(bytes, type: "application/octet-stream")
        response.headers[.cacheControl] = "public, max-age=31536000, immutable"
        return response
    }

    /// The offline proof that a case was filed.
    func ledgerReceipt(_ context: VisitorContext) async throws -> Response {
        let complaint = try await requireCase(context)
        guard let filing = try await complaints.filing(of: complaint.docket) else { throw Problem.notFound }
        try await publish()
        guard let proof = try await ledger.proof(index: filing.sequence) else { throw Problem.unavailable(cause: nil) }
        // The leaf itself travels with its proof, so that the receipt needs nothing else.
        let lines = proof.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        let text = "\(lines[0])\nextra \(filing.leaf.base64)\n\(lines.count > 1 ? lines[1] : "")"
        var response = Response.text(text)
        response.headers[.contentDisposition] = "attachment; filename=\"\(complaint.docket).tlog-proof\""
        return response
    }
}
