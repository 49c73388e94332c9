// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Journal

/// What somebody on the staff may do. Roles are few; what each permits is written in one place.
public enum Role: String, Sendable, CaseIterable {
    /// Reads new reports, classes and forwards them (admin instansi / koordinator).
    case screener
    /// Works on the cases of an agency (pejabat pelaksana).
    case officer
    /// Heads an agency: assigns, extends, confirms work, orders money to be given back (kepala perangkat daerah, pengguna anggaran).
    case head
    /// Sees every case; told when an agency fails (Sekretaris Daerah).
    case supervisor
    /// Reads everything, changes nothing (inspektorat); whoever holds it holds nothing else.
    case auditor
    /// Accounts and keys; no cases.
    case administrator
    /// Files for residents at the counter (petugas loket).
    case clerk
    /// Signs what an agency issues (pejabat penanda tangan).
    case signer
    /// Takes money, notes what the treasury gave back, and closes the cash (bendahara penerimaan).
    case treasurer

    /// The role in words.
    public var name: Text {
        switch self {
        case .screener: Text(id: "Penghubung", en: "Screener")
        case .officer: Text(id: "Pelaksana", en: "Officer")
        case .head: Text(id: "Kepala", en: "Head")
        case .supervisor: Text(id: "Pengawas", en: "Supervisor")
        case .auditor: Text(id: "Auditor", en: "Auditor")
        case .administrator: Text(id: "Administrator", en: "Administrator")
        case .clerk: Text(id: "Petugas loket", en: "Clerk")
        case .signer: Text(id: "Penanda tangan", en: "Signer")
        case .treasurer: Text(id: "Bendahara", en: "Treasurer")
        }
    }
}

/// Somebody on the staff, signed in.
public struct Officer: Sendable, Hashable {
    /// The account.
    public let account: Identifier
    /// The number under which residents meet the officer: “Petugas 214”.
    public let number: Int
    /// The name, for colleagues.
    public let name: String
    /// The agency.
    public let agency: String
    /// What the officer may do.
    public let roles: Set<Role>
    /// The districts to which the officer is limited; empty for all.
    public let districts: Set<String>

    /// Somebody on the staff.
    public init(account: Identifier, number: Int, name: String, agency: String, roles: Set<Role>, districts: Set<String>) {
        self.account = account
        self.number = number
        self.name = name
        self.agency = agency
        // Whoever audits must not have acted: beside it no other role counts, whatever an account was given.
        self.roles = roles.contains(.auditor) ? [.auditor] : roles
        self.districts = districts
    }

    /// The officer as the actor of an entry.
    public var actor: Actor { Actor(role: "officer", unit: agency, account: account) }

    /// Whether the officer may see cases of every agency.
    public var seesAll: Bool { !roles.isDisjoint(with: [.screener, .supervisor, .auditor]) }

    /// Whether the officer may read what audits of the record found.
    public var seesAudits: Bool { !roles.isDisjoint(with: [.auditor, .administrator]) }

    /// Whether reports are any of the officer's business: whoever keeps accounts, counters, signatures or cash sees none.
    public var handlesReports: Bool { seesAll || !roles.isDisjoint(with: [.officer, .head]) }

    /// Whether the officer may write down what residents say at a counter, on the telephone or in a letter.
    public var takesReports: Bool { !roles.isDisjoint(with: [.clerk, .screener, .officer, .head]) }

    /// Whether the officer may see a case of an agency and a district.
    public func sees(agency: String, district: String?) -> Bool {
        (seesAll || (!roles.isDisjoint(with: [.officer, .head]) && agency == self.agency))
            && (districts.isEmpty || district.map(districts.contains) ?? true)
    }

    /// Whether the officer may change a case of an agency and a district.
    public func mayWork(agency: String, district: String?) -> Bool {
        sees(agency: agency, district: district)
            && (roles.contains(.screener) || (!roles.isDisjoint(with: [.officer, .head]) && agency == self.agency))
    }
}
