// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Essentials
import Journal
import Storage

/// What the city promises, in the public log: each promise once, in the words in which it was made. A case refers to the
/// promises in force when it was filed, and keeps them whatever the pack says later.
extension Complaints {
    /// Publishes the pack's promises that the log does not have yet; to be called before anything is filed under them.
    public func publishPromises() async throws {
        let promises = city.complaints.allPromises
        let known = try await journal.read { try Set($0.rows("SELECT fingerprint FROM promise") { try $0(0, as: String.self) }) }
        guard promises.contains(where: { !known.contains($0.fingerprint) }) else { return }
        try await journal.commit { act in
            for promise in promises {
                let stream = "promise/\(promise.fingerprint)"
                guard try act.snapshot.count("SELECT count(*) FROM entry WHERE stream = \(stream)") == 0 else { continue }
                try act.append(
                    "promise.published",
                    to: stream,
                    by: .system,
                    facts: [
                        "promise": .string(promise.fingerprint), "name": .string(promise.name), "days": JSON(promise.limit.days),
                        "unit": .string(promise.limit.unit.rawValue), "basis": promise.basis.json,
                    ]
                )
            }
        }
    }

    /// The rule behind each promise of a case, by the promise's fingerprint: law and article, or the city's own standard.
    public func bases(of clock: ClockLedger) async throws -> [String: Text] {
        let wanted = Set(clock.promises.values.map(\.rule))
        let current = city.complaints.allPromises.filter { wanted.contains($0.fingerprint) }.map { ($0.fingerprint, $0.basis) }
        var bases = Dictionary(current, uniquingKeysWith: { $1 })
        guard bases.count < wanted.count else { return bases }
        // Made under an earlier pack.
        let published = try await journal.read { snapshot in
            try snapshot.rows("SELECT fingerprint, basis_id, basis_en FROM promise WHERE fingerprint IN \(in: wanted.sorted())") { row in
                (try row(0, as: String.self), Text(id: try row(1), en: try row(2)))
            }
        }
        bases.merge(published) { $1 }
        return bases
    }
}
