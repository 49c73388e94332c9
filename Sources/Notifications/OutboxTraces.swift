// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Journal
import Storage

/// What an erasure takes out of the outbox. Messages are worked out from nothing; only waiting ones hold any words.
public struct OutboxTraces: Projection {
    /// Nothing that replay fills.
    public let tables: [SchemaName] = []

    private let vault: Vault

    /// The vault opens what waits.
    public init(vault: Vault) { self.vault = vault }

    /// Messages follow from no entry.
    public func apply(_ entry: Entry, in transaction: Transaction) throws {}

    /// Takes away what waits to be sent about the person's own cases, by whomever it is awaited; what goes to them about
    /// others' cases, or about none; and what names a case of theirs among others. A letter that tells of an erasure (UU 27/2022
    /// art. 45) stays until it is sent: it may wait for the night to end while the next of its reader's data is erased.
    public func forget(_ erased: Erased, in transaction: Transaction) throws {
        let waiting = try transaction.rows("SELECT id, docket, sealed FROM outbox WHERE sealed IS NOT NULL") {
            (id: try $0(0, as: String.self), docket: try $0(1, as: String.self), sealed: try $0(2, as: [UInt8].self))
        }
        for message in waiting {
            let content = try JSON(parsing: vault.openPassing(message.sealed))
            guard content["outlives"]?.bool != true else { continue }
            let body = content["body"]?.string ?? ""
            let isTheirs = erased.contacts.contains(content["to"]?.string ?? "")
            guard
                erased.own.contains(message.docket) || erased.own.contains(where: body.contains)
                    || isTheirs && (message.docket.isEmpty || erased.touched.contains(message.docket))
            else { continue }
            try transaction.execute("DELETE FROM outbox WHERE id = \(message.id)")
        }
    }
}
