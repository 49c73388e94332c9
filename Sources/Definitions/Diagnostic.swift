// SPDX-License-Identifier: EUPL-1.2

/// One fault of a pack: where it is, what is wrong, and how to put it right.
public struct Diagnostic: Error, Hashable, Sendable, CustomStringConvertible, Comparable {
    /// The file, relative to where the packs lie.
    public let file: String
    /// The line, from 1.
    public let line: Int
    /// The column, from 1.
    public let column: Int
    /// What is wrong.
    public let message: String
    /// How to put it right.
    public let fix: String

    /// A fault at a place.
    public init(file: String, line: Int, column: Int, message: String, fix: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.fix = fix
    }

    /// As people and files write it.
    public var description: String { "\(file):\(line):\(column): \(message). \(fix)" }

    /// The order in which lists are shown.
    public static func < (left: Diagnostic, right: Diagnostic) -> Bool {
        (left.file, left.line, left.column, left.message) < (right.file, right.line, right.column, right.message)
    }
}

/// Every fault of a pack, at once.
public struct PackFaults: Error, CustomStringConvertible {
    /// In the order of files and lines.
    public let diagnostics: [Diagnostic]

    /// Faults of a pack.
    public init(diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

    /// As people and files write it.
    public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
