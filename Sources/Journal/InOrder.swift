// SPDX-License-Identifier: EUPL-1.2

/// Loads the parts of something long, a few ahead of the one that is looked at, and hands them over in order: so that both cores
/// work where reading and what is done with it take as long as each other.
///
/// - Parameters:
///   - starts: where the parts begin.
///   - ahead: how many are loaded while one is looked at.
///   - take: looks at one; gives whether to go on.
func inOrder<Part: Sendable>(
    _ starts: StrideTo<Int>,
    ahead: Int,
    load: @escaping @Sendable (Int) async throws -> Part,
    take: (Int, Part) async throws -> Bool
) async throws {
    try await withThrowingTaskGroup(of: (start: Int, part: Part).self) { group in
        var waiting = starts.makeIterator()
        var ready: [Int: Part] = [:]
        func loadNext() {
            guard let start = waiting.next() else { return }
            group.addTask { (start, try await load(start)) }
        }
        for _ in 0..<ahead { loadNext() }
        for start in starts {
            while ready[start] == nil, let loaded = try await group.next() { ready[loaded.start] = loaded.part }
            guard let part = ready.removeValue(forKey: start) else { return }
            loadNext()
            guard try await take(start, part) else { return group.cancelAll() }
        }
    }
}
