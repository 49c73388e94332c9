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

extension Portal {
    /// Where a form stands whose address is not below that of its page.
    public static let formsElsewhere = [
        "/keluar": Link("meja", "akun"), "/meja/akses": Link("meja", "akun"), "/loket/layanan": Link("meja", "layanan"),
    ]

    /// Every address of the pages, and who answers it.
    public func addRoutes(to router: Router<VisitorContext>) {
        // Pages for everybody
        router.get("/") { _, context in try await home(context) }
        router.get("/lacak") { try await track($0, $1) }
        router.get("/laporan") { try await reports($0, $1) }
        router.get("/wilayah/:kode") { try await area($1) }
        router.get("/hitung") { levies($1) }
        router.get("/hitung/:retribusi") { try levy($0, $1) }
        router.get("/kinerja") { try await performance($0, $1) }
        router.get("/buku-besar") { try await ledgerPage($1) }
        router.get("/privasi") { privacy($1) }
        router.get("/aksesibilitas") { accessibility($1) }
        router.get("/luring") { offlinePage($1) }
        router.get("/masalah/:kode") { problemType($1) }
        router.get("/bahasa/:bahasa") { try chooseLanguage($0, $1) }

        // Services
        router.get("/cari") { search($0, $1) }
        router.get("/layanan") { catalogue($0, $1) }
        router.get("/layanan/:kode") { _, context in try await servicePage(context) }
        router.post("/layanan/:kode/ajukan") { try await startApplication($0, $1) }
        router.get("/layanan/:kode/alur.svg") { try await workflowPicture($0, $1) }
        router.get("/layanan/:kode/skema.json") { try serviceSchema($0, $1) }
        router.get("/layanan/:kode/formulir") { _, context in try blankForm(context) }
        router.get("/layanan/:kode/berkas") { try await publicCases($0, $1) }
        router.get("/layanan/:kode/berkas.csv") { request, context in
            try await whenChanged(request) { try await publicCasesFile(request, context) }
        }
        router.get("/layanan/:kode/daftar") { try await publicRegister($0, $1) }
        router.get("/permohonan/:draf/:halaman") { try await applicationPage($0, $1) }
        router.post("/permohonan/:draf/:halaman") { try await takeApplicationPage($0, $1) }
        router.get("/permohonan/:draf/berkas/:nama") { try await draftFile($0, $1) }
        router.get("/verifikasi") { verificationDoor($0, $1) }
        router.post("/verifikasi") { try await verifyFile($0, $1) }
        router.get("/verifikasi/:sidik") { _, context in try await verification(context) }

        router.post("/api/v1/services/:kode/drafts") { _, context in try await apiDraft(context) }
        router.post("/api/v1/drafts/:draf/files/:pertanyaan") { try await apiFile($0, $1) }
        router.post("/api/v1/drafts/:draf/submission") { try await apiSubmit($0, $1) }

        // What can be booked
        router.get("/sarana") { _, context in venueList(context) }
        router.get("/sarana/:kode") { try await venueBoard($0, $1) }
        router.get("/api/v1/venues/:kode/slots") { try await freeSlots($0, $1) }
        router.get("/meja/jadwal", use: staff { try await schedulePage($0, $1) })
        router.post("/meja/jadwal/:apa", use: staff { try await takeScheduleAct($0, $1) })

        // Food
        router.get("/harga") { try await foodPrices($0, $1) }
        router.get("/harga/:bahan") { _, context in try await foodPrice(context) }
        router.get("/data/harga.csv") { request, _ in try await whenChanged(request) { try await foodExport(request) } }
        router.get("/meja/harga", use: staff { try await foodDesk($0, $1) })
        router.post("/meja/harga", use: staff { try await takeFoodReport($0, $1) })

        // Waiting
        router.get("/antrean") { _, context in queueDoor(context) }
        router.get("/antrean/:instansi") { _, context in try await queueBoard(context) }
        router.post("/antrean/:instansi") { try await takeNumber($0, $1) }
        router.get("/antrean/:instansi/:nomor") { _, context in try await queueTicket(context) }
        router.get("/loket/antrean", use: staff { try await queueDesk($0, $1) })
        router.post("/loket/antrean", use: staff { try await callNext($0, $1) })

        // Reporting
        router.get("/lapor") { try await reportStart($0, $1) }
        router.post("/lapor") { try await startReport($0, $1) }
        router.get("/lapor/luring") { wholeReportPage($1) }
        router.post("/lapor/luring") { try await takeWholeReport($0, $1) }
        router.get("/lapor/:draf/disimpan") { try await reportSaved($1) }
        router.get("/lapor/:draf/foto/:foto") { try await draftPhoto($1) }
        router.get("/lapor/:draf/:langkah") { try await reportStep($0, $1) }
        router.post("/lapor/:draf/:langkah") { try await takeReportStep($0, $1) }

        // A case
        router.get("/berkas/:nomor") { try await casePage($0, $1) }
        router.get("/berkas/:nomor/tanda-terima") { try await receipt($0, $1) }
        router.get("/berkas/:nomor/konfirmasi") { try await confirmation($0, $1) }
        router.get("/berkas/:nomor/formulir") { try await filledForm($0, $1) }
        router.get("/berkas/:nomor/jadwal.ics") { try await calendarFile($0, $1) }
        router.get("/berkas/:nomor/feed.atom") { try await caseFeed($0, $1) }
        // Named beside the page of the same address: the router looks at literal names first, for every method.
        router.post("/berkas/:nomor/konfirmasi") { try await takeCaseAct($0, $1) }
        router.post("/berkas/:nomor/:tindakan") { try await takeCaseAct($0, $1) }
        router.post("/berkas/:nomor/langkah/:aksi") { try await takeApplicantAct($0, $1) }
        router.get("/berkas/:nomor/data.json") { try await downloadData($0, $1) }
        router.get("/berkas/:nomor/dokumen/:dokumen") { try await downloadDocument($0, $1) }
        router.get("/berkas/:nomor/foto/:foto") { try await photo($0, $1) }
        router.get("/berkas/:nomor/lampiran/:nama") { try await downloadAttachment($0, $1) }
        router.get("/berkas/:nomor/kuitansi/:kuitansi") { try await paymentReceipt($0, $1) }

        // Residents
        router.get("/saya") { try await ownPage($0, $1) }
        router.post("/saya") { try await sendSignInCode($0, $1) }
        router.get("/saya/kode") { codePage($0, $1) }
        router.post("/saya/kode") { try await takeCode($0, $1) }
        router.post("/saya/masuk") { try await takePasskey($0, $1) }
        router.get("/saya/data.json") { request, _ in try await downloadOwnData(request) }
        router.post("/saya/:apa") { try await takeOwnAct($0, $1) }

        for method in [HTTPRequest.Method.get, .post] {
            router.on("/auth/passkey/register/options", method: method) { try await passkeyCreationOptions($0, $1) }
            router.on("/auth/passkey/login/options", method: method) { passkeyRequestOptions($0, $1) }
        }
        router.post("/auth/passkey/register/verify") { try await passkeyRegister($0, $1) }
        router.post("/auth/passkey/login/verify") { try await passkeySignIn($0, $1) }

        // By a link in a message
        router.post("/wilayah/:kode/ikuti") { try await subscribeToArea($0, $1) }
        router.get("/ikuti/:tautan") { try await agreementPage($1) }
        router.post("/ikuti/:tautan") { try await agree($0, $1) }
        router.get("/berhenti/:entri/:tanda") { try await stopPage($1) }
        router.post("/berhenti/:entri/:tanda") { try await stop($0, $1) }
        router.get("/kontak/:nomor/:tanda") { try await exchangePage($1) }
        router.post("/kontak/:nomor/:tanda") { try await stopExchange($0, $1) }
        router.get("/jawab/:nomor/:tanda") { try await outsidePage($0, $1) }
        router.post("/jawab/:nomor/:tanda") { try await takeOutsideAnswer($0, $1) }
        router.get("/sms/kannel/kabar") { request, _ in try await shortMessageReceipt(request) }
        router.get("/sms/kannel") { request, _ in try await shortMessage(request) }
        router.post("/sms/kannel") { request, _ in try await shortMessage(request) }

        // The desk
        router.get("/masuk") { signInPage($0, $1) }
        router.post("/masuk") { try await signIn($0, $1) }
        router.get("/masuk/klaim/:klaim") { try await claimPage($1) }
        router.post("/masuk/klaim/:klaim") { try await claim($0, $1) }
        router.post("/keluar", use: staff { try await signOut($0, $1) })
        router.get("/meja", use: staff { try await desk($0, $1) })
        router.get("/meja/laporan.csv") { try await deskExport($0, $1) }
        router.get("/meja/akun", use: staff { try await accountPage($1) })
        router.post("/meja/akun/:apa", use: staff { try await takeAccountAct($0, $1) })
        router.get("/meja/petugas", use: staff { try await staffListPage($1) })
        router.post("/meja/petugas", use: staff { try await resetAccount($0, $1) })
        router.post("/meja/akses", use: staff { try await changeAccess($0, $1) })
        router.get("/meja/audit", use: staff { try await auditPage($1) })
        router.get("/meja/pesan", use: staff { messagesPage($1) })
        router.get("/loket", use: staff { try intakePage($1) })
        router.post("/loket", use: staff { try await takeIntake($0, $1) })
        router.get("/loket/identitas", use: staff { try identityPage($0, $1) })
        router.post("/loket/identitas", use: staff { try await takeIdentity($0, $1) })
        router.get("/meja/pejabat", use: staff { try await officialsPage($0, $1) })
        router.post("/meja/pejabat", use: staff { try await appoint($0, $1) })
        router.get("/meja/blokir", use: staff { try await blocksPage($0, $1) })
        router.post("/meja/blokir", use: staff { try await liftBlock($0, $1) })
        router.post("/meja/massal", use: staff { try await bulk($0, $1) })
        router.get("/meja/berkas/:nomor", use: staff { try await deskCase($0, $1) })
        router.post("/meja/berkas/:nomor/:tindakan", use: staff { try await takeDeskAct($0, $1) })

        router.get("/meja/layanan", use: staff { try await deskServices($0, $1) })
        router.post("/loket/layanan", use: staff { try await startAtCounter($0, $1) })
        router.get("/meja/permohonan/:nomor", use: staff { try await deskServiceCase($0, $1) })
        router.post("/meja/permohonan/:nomor/pesan", use: staff { try await takeDeskMessage($0, $1) })
        router.post("/meja/permohonan/:nomor/kontak", use: staff { try await takeDeskContact($0, $1) })
        router.get("/meja/permohonan/:nomor/lampiran/:nama", use: staff { try await deskAttachment($0, $1) })
        router.get("/meja/permohonan/:nomor/dokumen/:dokumen", use: staff { try await deskDocument($0, $1) })
        router.post("/meja/permohonan/:nomor/:apa/:aksi", use: staff { try await takeDeskServiceAct($0, $1) })
        router.get("/meja/kas", use: staff { try await cashPage($0, $1) })
        router.post("/meja/kas", use: staff { try await takeCash($0, $1) })
        router.get("/meja/kas/kuitansi/:kuitansi", use: staff { try await cashReceipt($1) })
        router.get("/meja/kas/cocokkan", use: staff { try await reconciliationPage($1) })
        router.post("/meja/kas/cocokkan", use: staff { try await takeStatement($0, $1) })
        router.post("/meja/kas/:apa", use: staff { try await takeCashAct($0, $1) })
        router.get("/meja/kas.csv", use: staff { try await cashExport($0, $1) })

        // For programs
        router.get("/laporan/peta.json") { try await mapData($0, $1) }
        router.get("/peta/kecamatan.json") { request, _ in boundaries(request) }
        router.get("/laporan/feed.atom") { request, _ in try await reportsFeed(request) }
        router.get("/wilayah/:kode/feed.atom") { try await areaFeed($0, $1) }
        router.get("/data/laporan.csv") { request, _ in try await csv(request) }
        router.get("/ledger/checkpoint") { _, _ in try await checkpoint() }
        router.get("/ledger/vkey") { _, _ in Response.text("\(verifier)\n") }
        router.get("/ledger/tile/**") { request, _ in try await tile(request) }
        router.get("/ledger/receipts/:nomor") { try await ledgerReceipt($1) }

        // Operations
        router.get("/healthz") { _, _ in try await health() }
        router.get("/metrics") { _, _ in try await metrics() }
        router.get("/aset/:berkas") { request, context in
            guard let response = assets.response(context.parameters.get("berkas") ?? "", for: request) else { throw Problem.notFound }
            return response
        }
        router.get("/manifest.webmanifest") { _, _ in manifest() }
        router.get("/sw.js") { _, _ in try serviceWorker() }
        router.get("/robots.txt") { _, _ in robots() }
        router.get("/sitemap.xml") { _, _ in sitemap() }
        router.get("/.well-known/security.txt") { _, _ in securityText() }
        router.get("/.well-known/change-password") { _, _ in Response(status: .found, headers: [.location: "/meja/akun#sandi"]) }
    }

    /// Whether the city can take and keep what it is given.
    private func health() async throws -> Response {
        // A write that changes nothing still has to reach the disk.
        try await journal.operate { try $0.execute("UPDATE journal_head SET size = size WHERE id = 1") }
        return .text("ok\n")
    }

    private func metrics() async throws -> Response {
        let entries = try await journal.read { try $0.count("SELECT size FROM journal_head WHERE id = 1") }
        let published = await ledger.size
        let erasures = try await journal.unfinishedErasures()
        let text = meter.text(gauges: [
            ("balai_erasures_unfinished", "People erased of whom bytes may still lie in a file.", erasures),
            ("balai_journal_entries", "Entries in the journal.", entries),
            ("balai_ledger_leaves", "Leaves under the signed checkpoint.", published),
            (
                "balai_record_contradictions", "What does not hold between journal, log and tables; 0 is good.",
                ledger.contradictions.count
            ),
            (
                "balai_record_audited", "When the last audit of the whole record ended, in seconds since 1970; 0 before the first.",
                Int(ledger.book.content.last?.at.milliseconds ?? 0) / 1000
            ),
        ])
        return .text(text, type: "text/plain; version=0.0.4; charset=utf-8")
    }
}
