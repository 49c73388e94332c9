// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Documents

/// The process that reads pictures for the city that started it; of no use to people.
struct ReadPicture: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "picture", abstract: "Read one picture.", shouldDisplay: false)

    @Flag(help: "Wait for pictures at a socket, and read each in a process of its own.")
    var waiting = false

    func run() { if waiting { PictureProcess.wait() } else { PictureProcess.run() } }
}
