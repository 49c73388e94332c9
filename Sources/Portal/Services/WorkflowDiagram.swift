// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Foundation
import Synchronization

extension Service {
    /// The ways that lead out of a stage, each with who or what takes a case along.
    func ways(from stage: Stage) -> [(target: String, name: Text, by: Text)] {
        var ways: [(target: String, name: Text, by: Text)] = []
        for action in stage.actions {
            guard let code = action.target, let target = self.stage(code), code != stage.code else { continue }
            let who = action.actors.map(\.name).sorted { $0.id < $1.id }
            let by = Text(
                id: "\(action.name.id) (\(who.map(\.id).joined(separator: ", ")))",
                en: "\(action.name.en) (\(who.map(\.en).joined(separator: ", ")))"
            )
            ways.append((code, target.name, by))
        }
        if let code = stage.whenCleared, let target = self.stage(code) {
            ways.append((code, target.name, Text(id: "semua instansi setuju", en: "every office agrees")))
        }
        if let code = stage.whenPaid, let target = self.stage(code) {
            ways.append((code, target.name, Text(id: "tagihan lunas", en: "the bill is paid")))
        }
        if let overdue = stage.whenOverdue, let target = self.stage(overdue.stage) {
            ways.append((overdue.stage, target.name, Text(id: "waktunya habis", en: "its time is over")))
        }
        return ways
    }
}

/// The course of an application drawn by Graphviz; where it is not installed, the list in words says the same.
enum WorkflowDiagram {
    private static let program = URL(fileURLWithPath: "/usr/bin/dot")
    private static let pool = WorkerPool(name: "balai.diagrams", width: 1)
    private static let drawn = Drawn()

    /// Whether pictures can be drawn.
    static let isAvailable = FileManager.default.isExecutableFile(atPath: program.path)

    /// The picture; nil where it cannot be drawn.
    static func svg(_ service: Service, language: Language) async throws -> [UInt8]? {
        guard isAvailable else { return nil }
        let key = "\(service.fingerprint) \(language.rawValue)"
        if let known = drawn.pictures.withLock({ $0[key] }) { return known }
        let text = dot(service, language)
        let picture = try await pool.run { try draw(text) }
        drawn.pictures.withLock { $0[key] = picture }
        return picture
    }

    private final class Drawn: Sendable {
        let pictures = Mutex<[String: [UInt8]]>([:])
    }

    static func dot(_ service: Service, _ language: Language) -> String {
        func quoted(_ text: String) -> String { "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\"" }
        func wrapped(_ text: String, _ width: Int) -> String {
            var lines = [""]
            for word in text.split(separator: " ") {
                if lines[lines.count - 1].count + word.count > width, !lines[lines.count - 1].isEmpty { lines.append("") }
                lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
            }
            return lines.joined(separator: "\n")
        }
        var text = "digraph service {\nbgcolor=transparent; rankdir=TB; ranksep=0.35; nodesep=0.25;\n"
        text +=
            "node [shape=box style=filled fillcolor=\"#f1f6f3\" color=\"#0a5c46\" fontname=\"sans-serif\" fontsize=12 fontcolor=\"#10211a\"];\n"
        text += "edge [color=\"#6b7d74\" fontname=\"sans-serif\" fontsize=9 fontcolor=\"#40514a\"];\n"
        for stage in service.stages {
            let fill: String
            switch stage.status {
            case .inProgress: fill = "#f1f6f3"
            case .waiting: fill = "#e4e9f5"
            case .decided: fill = "#d9f0e3"
            case .closed: fill = "#eeeeee"
            }
            text += "\(quoted(stage.code)) [label=\(quoted(wrapped(stage.name(language), 22))) fillcolor=\"\(fill)\"];\n"
            var seen: Set<String> = []
            for way in service.ways(from: stage) where seen.insert(way.target).inserted {
                text += "\(quoted(stage.code)) -> \(quoted(way.target));\n"
            }
        }
        return text + "}\n"
    }

    private static func draw(_ text: String) throws -> [UInt8] {
        let process = Process()
        process.executableURL = program
        process.arguments = ["-Tsvg"]
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try input.fileHandleForWriting.close()
        let picture = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Array(picture)
    }
}
