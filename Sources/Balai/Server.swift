// SPDX-License-Identifier: EUPL-1.2

import BankNotices
import Complaints
import Definitions
import Documents
import Essentials
import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdHTTP2
import HummingbirdTLS
import Journal
import Logging
import NIOCore
import NIOSSL
import Notifications
import Open311
import Portal
import ServiceLifecycle
import Services
import Storage
import Supervision
import TransparencyLog
import UnixSignals
import Web

/// Everything that runs while a city is open: the listener and the duties, stopped in order.
struct Server {
    /// How it listens.
    struct Settings: Sendable {
        var host = "127.0.0.1"
        var port = 8080
        var origin: String
        var isDemo = false
        var certificate: String?
        var privateKey: String?
        var trustsProxy = false
        var limits = LimitMiddleware.Limits()
        var smtp: (host: String, port: Int, sender: String, security: SMTPCarrier.Security)?
        var kannel: String?
        var messageSecret: String?
        var partners: [Partner] = []
    }

    let hall: CityHall
    let settings: Settings
    let home: URL
    let logger: Logger
    /// The parent's watch; nil where there is none.
    var watch: Watch?

    /// Middleware from the outside in, then the routes.
    func router(publisher: LedgerPublisher) throws -> Router<VisitorContext> {
        let isSecure = settings.origin.hasPrefix("https://")
        let meter = Meter(restarts: watch?.history.restarts ?? [])
        let token = FormToken(key: hall.vault.key(for: .tokens), origin: settings.origin)
        let portal = Portal(
            complaints: hall.complaints,
            services: hall.services,
            fees: hall.fees,
            documents: hall.documents,
            queues: hall.queues,
            accounts: hall.accounts,
            residents: hall.residents,
            food: hall.food,
            assets: Assets(folders: [URL(fileURLWithPath: "/usr/share/javascript/leaflet"), home.appendingPathComponent("Public")]),
            token: token,
            staging: try Staging(folder: CityHall.Places(data: hall.data).staging),
            ledger: publisher,
            ledgerFolder: LedgerFolder(CityHall.Places(data: hall.data).ledger),
            verifier: hall.signer.verifier,
            origin: settings.origin,
            isDemo: settings.isDemo,
            meter: meter,
            messageSecret: settings.messageSecret
        )
        let router = Router(context: VisitorContext.self, options: .autoGenerateHeadEndpoints)
        if let questions = QuestionsMiddleware() { router.add(middleware: questions) }
        router.add(middleware: LogMiddleware(meter: meter))
        router.add(middleware: CompressionMiddleware())
        router.add(middleware: SecurityMiddleware(isSecure: isSecure, pictures: hall.city.tiles?.origin))
        router.add(middleware: CookieMiddleware(isSecure: isSecure))
        router.add(middleware: VisitorMiddleware(token: token))
        router.add(middleware: ProblemMiddleware(origin: settings.origin, page: { portal.problemPage($0, $1) }))
        if let watch { router.add(middleware: WatchMiddleware(watch: watch)) }
        router.add(middleware: LimitMiddleware(limits: settings.limits, trustsProxy: settings.trustsProxy, clock: hall.journal.clock))
        portal.addRoutes(to: router)
        GeoReport(complaints: hall.complaints, origin: settings.origin).addRoutes(to: router)
        if !settings.partners.isEmpty { BankNotices(fees: hall.fees, partners: settings.partners).addRoutes(to: router) }
        router.add(middleware: FormAddressMiddleware(routes: router.routes, elsewhere: Portal.formsElsewhere))
        return router
    }

    private func application(
        publisher: LedgerPublisher,
        onReady: @escaping @Sendable () -> Void
    ) throws -> some ApplicationProtocol {
        Application(
            responder: HeadResponder(try router(publisher: publisher).buildResponder()),
            server: try listener(),
            configuration: ApplicationConfiguration(address: .hostname(settings.host, port: settings.port), serverName: nil),
            onServerRunning: { [watch] _ in
                watch?.listens()
                onReady()
            },
            logger: logger
        )
    }

    private func listener() throws -> HTTPServerBuilder {
        // A client that says nothing for 30 seconds is let go, and no header may be longer than a page.
        let http1 = HTTP1Channel.Configuration(
            additionalChannelHandlers: [HostRule.Installer()],
            idleTimeout: .seconds(30),
            httpDecoderConfiguration: .init(maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100)
        )
        guard let certificate = settings.certificate, let privateKey = settings.privateKey else { return .http1(configuration: http1) }
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: privateKey, format: .pem))
        )
        // Older versions have known weaknesses, and every telephone of the last ten years speaks this one (RFC 8996, RFC 9325).
        tls.minimumTLSVersion = .tlsv12
        tls.cipherSuites = "ECDHE+AESGCM:ECDHE+CHACHA20"
        return try .http2Upgrade(tlsConfiguration: tls, configuration: .init(idleTimeout: .seconds(30), streamConfiguration: http1))
    }

    /// Where the SMS gateway tells what became of a message; nil where nothing is agreed with it.
    private var receipts: URLComponents? {
        guard let secret = settings.messageSecret else { return nil }
        var address = URLComponents(string: "\(settings.origin)/sms/kannel/kabar")
        address?.queryItems = [URLQueryItem(name: "sandi", value: secret)]
        return address
    }

    /// A connection is a file to the system, which gives a program 1,024 of them unless it asks for more.
    private static func allowManyConnections() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// Runs until SIGTERM or SIGINT; then takes no more, finishes what is under way, and closes the store last.
    func run(onReady: @escaping @Sendable () -> Void = {}) async throws {
        Self.allowManyConnections()
        if try await !hall.uploads.check() {
            logger.warning("no filter of system calls here: pictures are read with bounds on memory, time and files only")
        }
        try await hall.complaints.publishPromises()
        try await hall.services.publishDefinitions()
        let publisher = hall.publisher
        let folder = FolderCarrier(folder: CityHall.Places(data: hall.data).outbox)
        var carriers: [Message.Channel: any Carrier] = [.mail: folder, .sms: folder]
        if let smtp = settings.smtp {
            carriers[.mail] = SMTPCarrier(host: smtp.host, port: smtp.port, sender: smtp.sender, security: smtp.security)
        }
        if let kannel = settings.kannel.flatMap({ KannelCarrier(gateway: $0, receipts: receipts) }) { carriers[.sms] = kannel }
        let services: [any ServiceLifecycle.Service] = [
            LedgerDuty(journal: hall.journal, publisher: publisher, logger: logger),
            ErasureDuty(journal: hall.journal, zone: hall.city.zone, leftovers: hall.leftovers, logger: logger),
            AuditDuty(hall.wholeAudit, logger: logger),
            OutboxDuty(outbox: Outbox(journal: hall.journal, quiet: hall.city.quietHours), carriers: carriers, logger: logger),
            ComplaintDuty(complaints: hall.complaints, logger: logger),
            ServiceDuty(services: hall.services, documents: hall.documents, logger: logger),
            try application(publisher: publisher, onReady: onReady),
        ]
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        )
        try await group.run()
        await hall.database.close()
    }
}
