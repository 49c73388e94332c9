// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Documents

/// The process that reads one picture for the city that started it; of no use to people.
struct ReadPicture: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "picture", abstract: "Read one picture.", shouldDisplay: false)

    func run() { PictureProcess.run() }
}
