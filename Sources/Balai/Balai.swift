// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Definitions
import Essentials
import Foundation
import Logging
import Storage
import Supervision

/// The command line: one program, one city at a time.
@main
struct Balai: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "balai",
        abstract: "A whole city’s e-government in one program.",
        subcommands: [
            Serve.self, Demo.self, Check.self, NewCity.self, Staff.self, Import.self, Verify.self, Audit.self, Rebuild.self, Move.self,
            Backup.self,
            Restore.self, Erase.self,
            RotateKey.self, ReadPicture.self, Routes.self,
        ]
    )

    /// Runs the command; says what went wrong in words, without a trace.
    static func main() async {
        DataFolder.closeNewFiles()
        do {
            var command = try parseAsRoot()
            // A city that is open has a parent, which starts it again when a fault ends it.
            if command is any Supervised, !Supervisor.isWatched { Foundation.exit(Supervisor().run()) }
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let problem as Problem {
            fail("\(problem.title.en)\n\(problem.remedy?.en ?? "")\(problem.fields.map { "\n  \($0.name): \($0.message.en)" }.joined())")
        } catch let faults as PackFaults {
            fail("\(faults)\n\(faults.diagnostics.count) fault(s)")
        } catch let error as StorageError {
            fail("The database cannot be used: \(error)")
        } catch {
            exit(withError: error)
        }
    }

    private static func fail(_ message: String) -> Never {
        FileHandle.standardError.write(Data((message.trimmingCharacters(in: .whitespacesAndNewlines) + "\n").utf8))
        Foundation.exit(1)
    }
}

/// A command that keeps a city open.
protocol Supervised: AsyncParsableCommand {}

/// Which city, and where its data lies: options of most commands.
struct CityOptions: ParsableArguments {
    @Option(help: "The city’s pack: a name below City/, or a folder.")
    var city = "medan"

    @Option(help: "The folder of the city’s data.")
    var data = "data/medan"

    @Option(help: "A PostgreSQL database, postgres://…; SQLite in the data folder unless given.")
    var database: String?

    @Option(help: "The public origin, such as https://balai.example.go.id.")
    var origin = "http://127.0.0.1:8080"

    var pack: URL {
        get throws {
            let folder = URL(fileURLWithPath: city)
            if FileManager.default.fileExists(atPath: folder.appendingPathComponent("city.yaml").path) { return folder }
            return try Home.find().appendingPathComponent("City").appendingPathComponent(city)
        }
    }

    /// Opens the city.
    ///
    /// - Parameters:
    ///   - isAlone: whether no other process may do so too, as for serving.
    ///   - isRestoring: whether it is the one that is still being put back.
    ///   - isLeaving: whether only its journal is read, to be moved.
    func open(
        isAlone: Bool = false,
        isRestoring: Bool = false,
        isLeaving: Bool = false,
        clock: Clock = .machine
    ) async throws -> CityHall {
        let folder = URL(fileURLWithPath: data)
        if !isRestoring { try HalfMade(folder).refuse() }
        let hall = try await CityHall.open(
            pack: try pack,
            data: folder,
            databaseURL: database,
            origin: origin,
            isAlone: isAlone,
            isLeaving: isLeaving,
            clock: clock
        )
        return hall
    }
}

/// Log lines as they are read by people and by programs: one a line, key=value, to standard error.
func makeLogger() -> Logger {
    LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
    var logger = Logger(label: "balai")
    logger.logLevel = ProcessInfo.processInfo.environment["LOG_LEVEL"].flatMap { Logger.Level(rawValue: $0) } ?? .notice
    return logger
}
