// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// On what ground somebody's data is erased.
public struct ErasureGround: Sendable, Hashable {
    /// The rule: a law, a judgment. The journal keeps it in Indonesian; the letter says it in its reader's language.
    public let basis: Text
    /// Whether the time is over for which the city keeps the data (UU 27/2022 art. 42(1)(a), 44(1)(a)), and nobody asked.
    public let isTimeOver: Bool
    /// Whether what the office wrote about its decision goes too. A wish of whoever it is about is no reason for that (UU 27/2022 art. 43(1)(a)
    /// to (c), 44(1)(b), 50(1)); that the time is over is one, and so may be that data was held unlawfully (art. 43(1)(d)) or a judgment.
    public let endsReasons: Bool

    /// That whoever the data is about wished it.
    public static let ownWish = ErasureGround("UU 27/2022 ps. 8")

    /// A ground that somebody names, in Indonesian.
    public init(_ basis: String, endsReasons: Bool = false) {
        self.basis = Text(same: basis)
        isTimeOver = false
        self.endsReasons = endsReasons
    }

    /// That the time is over, by a rule of the pack.
    public init(timeIsOver basis: Text) {
        self.basis = basis
        isTimeOver = true
        endsReasons = true
    }
}
