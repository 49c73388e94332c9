// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// How sure the city is of whom it deals with. Each service says what it needs; most need nothing.
public enum Assurance: String, Sendable, CaseIterable, Comparable {
    /// Nobody knows.
    case anonymous
    /// A telephone or a mailbox is theirs: a code that went there came back.
    case contact
    /// An officer looked at the identity card once, with the person in front of them.
    case identified

    /// Surer than another.
    public static func < (first: Assurance, second: Assurance) -> Bool { first.rank < second.rank }

    private var rank: Int {
        switch self {
        case .anonymous: 0
        case .contact: 1
        case .identified: 2
        }
    }

    /// The level in words.
    public var name: Text {
        switch self {
        case .anonymous: Text(id: "Kontak belum terbukti", en: "Contact not proven")
        case .contact: Text(id: "Kontak terbukti", en: "Contact proven")
        case .identified: Text(id: "Identitas sudah diperiksa", en: "Identity checked")
        }
    }
}
