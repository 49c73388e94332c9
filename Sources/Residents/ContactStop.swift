// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Journal

/// The rule for every proven contact that is to give way, of a case or of an account: its owner is told, and can stop it by a link
/// for some days, for which everything stays as it is.
public enum ContactStop {
    /// Days for which the owner of a contact can stop it.
    public static let days = 3

    /// Seconds of those days.
    public static let seconds = Int64(days) * 86_400

    /// What a link to stop something ends with.
    ///
    /// - Parameters:
    ///   - purpose: what it stops, with whatever it is bound to.
    ///   - until: when it is too late.
    public static func tag(_ purpose: String, until: Instant, vault: Vault) -> String {
        String(vault.tokenHash("stop-exchange:\(purpose):\(until.milliseconds)").prefix(22))
    }

    /// Whether somebody brought the tag of a link.
    public static func isTag(_ tag: String, _ purpose: String, until: Instant, vault: Vault) -> Bool {
        constantTimeEqual(Array(tag.utf8), Array(Self.tag(purpose, until: until, vault: vault).utf8))
    }
}
