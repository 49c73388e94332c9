// SPDX-License-Identifier: EUPL-1.2

import Crypto
import Essentials

/// Who did something. Role and unit are open; the account is kept inside the city.
public struct Actor: Hashable, Sendable {
    /// What kind of actor: `resident`, `officer`, `system`, `integration`.
    public let role: String
    /// The unit for which an officer acted.
    public let unit: String?
    /// The account, never public.
    public let account: Identifier?

    /// Who did something.
    public init(role: String, unit: String? = nil, account: Identifier? = nil) {
        self.role = role
        self.unit = unit
        self.account = account
    }

    /// The program itself, at the bidding of a clock.
    public static let system = Actor(role: "system")
    /// Whoever reported, or somebody who did not say who they are.
    public static let resident = Actor(role: "resident")
}

/// Personal data of an entry, to be sealed under the key of the person it is about.
public struct Personal: Hashable, Sendable {
    /// Whose data it is.
    public let person: Identifier
    /// The data.
    public let data: JSON

    /// Personal data of one person.
    public init(of person: Identifier, _ data: JSON) {
        self.person = person
        self.data = data
    }
}

/// One thing that happened, as it stands in the journal.
public struct Entry: Sendable {
    /// Its place among all entries, from 0, without gaps; also its leaf in the public log.
    public let sequence: Int
    /// Its name.
    public let id: String
    /// What it is about, such as `complaint/01k…`.
    public let stream: String
    /// Its place in the stream, from 1.
    public let version: Int
    /// What happened, such as `complaint.filed`.
    public let kind: String
    /// When.
    public let at: Instant
    /// Who did it.
    public let actor: Actor
    /// What everybody may know.
    public let facts: JSON
    /// What stays inside the city; never personal data of residents.
    public let inner: JSON?
    /// Whose personal data is sealed in it.
    public let person: Identifier?
    /// The personal data; nil when there is none, or its key has been destroyed.
    public let personal: JSON?

    /// Whether a resident did it themselves: then they agreed to it.
    public var isAgreed: Bool { actor.role == Actor.resident.role }
}

/// The public leaf of an entry: its open part, and salted commitments to the rest.
enum Leaf {
    /// SHA-256(salt ‖ canonical JSON). Without the salt nothing can be guessed from it, however few the possible values.
    static func commitment(to value: JSON, salt: [UInt8]) -> String {
        Array(SHA256.hash(data: salt + value.canonical)).base64
    }

    /// SHA-256 of bytes that are sealed already: also of somebody who is erased it can be told that nobody exchanged them.
    static func commitment(toSealed bytes: [UInt8]) -> String { Array(SHA256.hash(data: bytes)).base64 }

    static func bytes(
        id: String,
        stream: String,
        version: Int,
        kind: String,
        at: Instant,
        actor: Actor,
        facts: JSON,
        inner: String?,
        personal: String?,
        sealed: String?
    ) -> [UInt8] {
        JSON.compact([
            "actor": JSON.compact(["role": .string(actor.role), "unit": JSON(actor.unit)]),
            "at": .integer(at.milliseconds),
            "facts": facts,
            "id": .string(id),
            "inner": JSON(inner),
            "kind": .string(kind),
            "personal": JSON(personal),
            "sealed": JSON(sealed),
            "stream": .string(stream),
            "version": JSON(version),
        ]).canonical
    }
}
