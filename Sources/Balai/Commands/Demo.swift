// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Definitions
import Essentials
import Foundation
import Identity
import Journal
import Storage
import Supervision

/// Opens the demo city: Medan with invented reports spread over a year.
struct Demo: Supervised {
    static let configuration = CommandConfiguration(abstract: "Create the demo city where there is none, and open it.")

    @Option(help: "The folder of the demo’s data.")
    var data = "data/demo"

    @Option(help: "A PostgreSQL database, postgres://…; SQLite in the data folder unless given.")
    var database: String?

    @Option(help: "Invented reports.")
    var reports = 400

    @Flag(help: "Create the city and stop.")
    var createOnly = false

    @OptionGroup var listen: ListenOptions

    func run() async throws {
        let watch = Watch.begin()
        let home = try Home.find()
        // By name: authenticators of passkeys know no numbers.
        let origin = "http://\(listen.host == "127.0.0.1" ? "localhost" : listen.host):\(listen.port)"
        let pack = home.appendingPathComponent("City/medan")
        let folder = URL(fileURLWithPath: data)
        let halfMade = HalfMade(folder)
        try halfMade.refuse()
        let fresh = try await CityHall.open(pack: pack, data: folder, databaseURL: database, origin: origin, isAlone: true)
        if try await fresh.journal.read({ try $0.count("SELECT size FROM journal_head WHERE id = 1") }) == 0 {
            print("Creating the demo city in \(data) …")
            try halfMade.mark(by: .demo)
            let picture = try Data(contentsOf: home.appendingPathComponent("Public/demo-result.png"))
            try await DemoCity(hall: fresh, reports: reports, picture: Array(picture)).create { done, of in
                if done % 50 == 0 || done == of { print("  \(done) of \(of) reports") }
            }
            try halfMade.clear()
        }
        let links = try await DemoStaff.claimLinks(hall: fresh)
        if createOnly { return await fresh.database.close() }
        var settings = try listen.settings(origin: origin)
        settings.isDemo = true
        let server = Server(hall: fresh, settings: settings, home: home, logger: makeLogger(), watch: watch)
        try await server.run {
            print("\nBalai \(fresh.city.name.en) is open: \(origin)\n")
            print("  Residents   \(origin)/lapor   report a problem, no account needed")
            print("              \(origin)/layanan   papers and permits: apply, pay, download")
            print("              \(origin)/laporan   every public report")
            print("              \(origin)/saya   everything of yours, by a code or a passkey")
            print("              \(origin)/sarana, \(origin)/harga   bookings, food prices")
            print("  Messages    \(folder.appendingPathComponent("outbox").path)   e-mail and SMS that would be sent")
            print("  Proof       balai verify \(origin)/ledger\n")
            if !links.isEmpty {
                print("Staff: open a link once to set a password and a one-time-code app.")
                for link in links {
                    print("  \(link.role.padding(toLength: 66, withPad: " ", startingAt: 0)) \(origin)/masuk/klaim/\(link.token)")
                }
                print("")
            }
            // Output to a file or pipe is buffered; whoever waits for these lines must see them now.
            fflush(nil)
        }
    }
}
