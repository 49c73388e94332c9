// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Identity
import Journal
import Storage

/// Cases as an officer's desk lists them.
extension Services {
    /// What an officer looks for.
    public struct Inbox: Sendable {
        /// Only cases of this service.
        public var service: String?
        /// Only cases in this stage.
        public var stage: String?
        /// Whether ended cases are wanted.
        public var isEnded = false
        /// Whether only what is past a limit is wanted.
        public var isLate = false

        /// Every open case.
        public init() {}
    }

    /// The cases that an officer sees, the nearest due date first, with how many there are.
    public func inbox(_ inbox: Inbox, of officer: Officer, page: PageNumber, size: Int = 25) async throws -> (cases: [Case], total: Int) {
        var conditions: [SQL] = [inbox.isEnded ? "is_open = 0" : "is_open = 1"]
        if officer.roles.isDisjoint(with: [.supervisor, .auditor]) { conditions += Self.within(officer) }
        if inbox.isLate { conditions.append("next_due < \(journal.clock.now)") }
        if let service = inbox.service { conditions.append("service = \(service)") }
        if let stage = inbox.stage { conditions.append("stage = \(stage)") }
        let condition = SQL.all(conditions)
        return try await journal.read { snapshot in
            let total = try snapshot.count("SELECT count(*) FROM service_case WHERE \(condition)")
            let cases = try snapshot.rows(
                """
                SELECT \(Case.columns) FROM service_case WHERE \(condition)
                ORDER BY CASE WHEN next_due IS NULL THEN 1 ELSE 0 END, next_due, filed_at DESC LIMIT \(size) OFFSET \(page.offset(of: size))
                """
            ) { try Case($0) }
            return (cases, total)
        }
    }

    /// What ``Sight`` says of a case, as the database can look for it: cases of the officer's agency, those that wait for its word,
    /// and for a treasurer those with a bill.
    private static func within(_ officer: Officer) -> [SQL] {
        let isWorker = !officer.roles.isDisjoint(with: [.clerk, .officer, .head, .signer])
        let isAsked = !officer.roles.isDisjoint(with: [.officer, .head])
        let own: SQL =
            switch (isWorker, isAsked) {
            case (true, true):
                """
                agency = \(officer.agency)
                OR docket IN (SELECT docket FROM service_clearance WHERE agency = \(officer.agency) AND is_given = 0)
                """
            case (true, false): "agency = \(officer.agency)"
            case (false, _) where officer.roles.contains(.treasurer):
                "agency = \(officer.agency) AND docket IN (SELECT docket FROM bill)"
            default: "1 = 0"
            }
        guard !officer.districts.isEmpty else { return [own] }
        let districts = officer.districts.sorted().map { "subdistrict LIKE \("\($0).%")" as SQL }
        return [own, .any(["subdistrict IS NULL"] + districts)]
    }

    /// Cases of a service as everybody may see them, newest first.
    ///
    /// - Parameter limit: how many at most; a page of them, or a whole file.
    public func publicCases(of service: String, page: PageNumber = .first, limit: Int = 25) async throws -> (rows: [Case], total: Int) {
        try await journal.read { snapshot in
            let rows = try snapshot.rows(
                """
                SELECT \(Case.columns) FROM service_case WHERE service = \(service)
                ORDER BY filed_at DESC, docket LIMIT \(limit) OFFSET \(page.offset(of: limit))
                """
            ) { try Case($0) }
            return (rows, try snapshot.count("SELECT count(*) FROM service_case WHERE service = \(service)"))
        }
    }

    /// Cases that were filed with any of these contacts, which have to be proven for each case, newest first.
    ///
    /// - Parameter limit: how many a page shows at most; nil for all.
    public func ownCases(of contacts: [Contact], limit: Int? = nil) async throws -> [Case] {
        let indexes = contacts.compactMap(\.address).map { journal.vault.blindIndex($0) }
        return try await journal.read { snapshot in
            try snapshot.rows(
                """
                SELECT \(Case.columns) FROM service_case
                WHERE docket IN (SELECT docket FROM service_contact WHERE is_confirmed = 1 AND contact_index IN \(in: indexes))
                ORDER BY filed_at DESC LIMIT \(limit ?? .max)
                """
            ) { try Case($0) }
        }
    }

    /// Those of them whose applicant is to be erased as soon as nothing stands in the way.
    public func erasureWishes(of contacts: [Contact]) async throws -> Set<String> {
        let indexes = contacts.compactMap(\.address).map { journal.vault.blindIndex($0) }
        return try await journal.read { snapshot in
            Set(
                try snapshot.rows(
                    """
                    SELECT docket FROM service_case WHERE erasure_wished_at IS NOT NULL
                        AND docket IN (SELECT docket FROM service_contact WHERE is_confirmed = 1 AND contact_index IN \(in: indexes))
                    """
                ) { try $0(0, as: String.self) }
            )
        }
    }

    /// Whether a case was filed with any of these contacts, which has to be proven for it.
    public func belongs(_ docket: String, to contacts: [Contact]) async throws -> Bool {
        let indexes = contacts.compactMap(\.address).map { journal.vault.blindIndex($0) }
        return try await journal.read {
            try $0.count(
                "SELECT count(*) FROM service_contact WHERE docket = \(docket) AND is_confirmed = 1 AND contact_index IN \(in: indexes)"
            ) > 0
        }
    }

    /// How many cases of a service that were filed in the year before now were decided, or should have been by now, and how many of them
    /// were within their limit.
    public func punctuality(of service: String) async throws -> (decided: Int, inTime: Int) {
        let from = journal.clock.now.adding(seconds: -365 * 86_400)
        return try await journal.read { snapshot in
            try snapshot.find(
                """
                SELECT count(*), CAST(COALESCE(SUM(CASE WHEN met_at <= due THEN 1 ELSE 0 END), 0) AS INTEGER)
                FROM service_case WHERE service = \(service) AND filed_at > \(from)
                    AND (status = 'decided' OR (status = 'in-progress' AND (met_at IS NOT NULL OR due < \(journal.clock.now))))
                """
            ) { (decided: try $0(0), inTime: try $0(1)) } ?? (0, 0)
        }
    }
}
