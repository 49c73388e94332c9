// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Hummingbird
import Storage
import Web

/// Prints every address that the program answers, from the router itself, so that a drill can leave none out.
struct Routes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print method and path of every route that `serve` would answer.",
        shouldDisplay: false
    )

    @OptionGroup var options: CityOptions
    @OptionGroup var listen: ListenOptions

    func run() async throws {
        let hall = try await options.open()
        let server = Server(hall: hall, settings: try listen.settings(origin: options.origin), home: try Home.find(), logger: makeLogger())
        for route in try server.router(publisher: hall.publisher).routes { print("\(route.method.rawValue) \(route.path)") }
        await hall.database.close()
    }
}
