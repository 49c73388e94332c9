// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import BankNotices
import Definitions
import Essentials
import Foundation
import Notifications
import Supervision
import Web

extension SMTPCarrier.Security: ExpressibleByArgument {}

/// How to listen: options of `serve` and `demo`.
struct ListenOptions: ParsableArguments {
    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on.")
    var port = 8080

    @Option(help: "A certificate chain (PEM), for TLS and HTTP/2 in the program itself.")
    var certificate: String?

    @Option(help: "The certificate’s private key (PEM).")
    var privateKey: String?

    @Flag(help: "Believe X-Forwarded-For: our own proxy stands in front.")
    var behindProxy = false

    @Option(help: "Writes a minute and address; 0 for no bound.")
    var writeLimit = 300

    @Option(help: "Reads a minute and address; 0 for no bound.")
    var readLimit = 6000

    @Option(help: "The mail server, host:port; mail goes to the folder outbox/ unless given.")
    var smtp: String?

    @Option(help: "TLS to the mail server: none, opportunistic, required (whoever’s certificate), verified (a valid one).")
    var smtpTLS = SMTPCarrier.Security.opportunistic

    @Option(help: "The address that mail comes from.")
    var mailFrom = "balai@localhost"

    @Option(help: "A Kannel SMS gateway, http://user:password@host:13013/cgi-bin/sendsms; SMS goes to outbox/ unless given.")
    var kannel: String?

    func settings(origin: String) throws -> Server.Settings {
        var settings = Server.Settings(origin: origin)
        settings.host = host
        settings.port = port
        settings.certificate = certificate
        settings.privateKey = privateKey
        settings.trustsProxy = behindProxy
        settings.limits = LimitMiddleware.Limits(writes: writeLimit, reads: readLimit)
        // Secrets come by the environment, where `ps` does not show them.
        settings.kannel = kannel ?? ProcessInfo.processInfo.environment["BALAI_KANNEL"]
        settings.messageSecret = ProcessInfo.processInfo.environment["BALAI_SMS_SECRET"]
        // Banks with commas between them.
        let partners = (ProcessInfo.processInfo.environment["BALAI_SNAP"] ?? "").split(separator: ",").map(String.init)
        settings.partners = try partners.map { try Partner($0) }
        if let parts = smtp?.split(separator: ":"), let host = parts.first {
            settings.smtp = (String(host), parts.count > 1 ? Int(parts[1]) ?? 25 : 25, mailFrom, smtpTLS)
        }
        return settings
    }
}

/// Opens a city.
struct Serve: Supervised {
    static let configuration = CommandConfiguration(abstract: "Open a city.")

    @OptionGroup var options: CityOptions
    @OptionGroup var listen: ListenOptions

    func run() async throws {
        let watch = Watch.begin()
        let hall = try await options.open(isAlone: true)
        let server = Server(
            hall: hall,
            settings: try listen.settings(origin: options.origin),
            home: try Home.find(),
            logger: makeLogger(),
            watch: watch
        )
        let address = "\(listen.host):\(listen.port)"
        try await server.run {
            print("\(hall.city.name.en) is open at \(address)")
            fflush(nil)
        }
    }
}
