// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Journal
import Storage

/// What is matter of a legal case: reports that were closed for a reason of which the pack says so, and what was merged into them.
/// Nothing of it is destroyed (UU 27/2022 art. 15(1)(b) and 44(1)(c), UU 43/2009 art. 51(1)(d)) until the city closes it for
/// another reason.
extension Complaints {
    /// The numbers of these cases, as a query.
    var evidence: SQL {
        """
        WITH RECURSIVE evidence (docket) AS (
            SELECT docket FROM complaint WHERE reason IN \(in: city.complaints.evidenceReasons)
            UNION
            SELECT complaint.docket FROM complaint JOIN evidence ON complaint.parent = evidence.docket
            WHERE complaint.outcome = 'duplicate'
        ) SELECT docket FROM evidence
        """
    }

    /// The case because of which somebody's data has to stay; nil where there is none. The parts of a split report share one person.
    func evidence(of person: Identifier, in snapshot: Snapshot) throws -> String? {
        try snapshot.find(
            "SELECT docket FROM complaint WHERE person = \(person.description) AND docket IN (\(evidence)) ORDER BY filed_at LIMIT 1"
        ) { try $0(0, as: String.self) }
    }

    /// Why the data of a case’s reporter has to stay, in words for them; nil where it need not.
    public func evidenceNotice(on complaint: Complaint) async throws -> Text? {
        try await journal.read { try evidence(of: complaint.person, in: $0) }.map(Self.kept)
    }

    static func kept(_ docket: String) -> Text {
        Text(
            id: "Laporan \(docket) sedang diperiksa polisi atau pengadilan, jadi data Anda di dalamnya belum boleh dihapus "
                + "(UU 27/2022 ps. 15 ayat (1) huruf b, UU 43/2009 ps. 51 ayat (1) huruf d).",
            en: "Report \(docket) is before the police or a court, so your data in it may not be erased yet "
                + "(Law 27/2022 art. 15(1)(b), Law 43/2009 art. 51(1)(d))."
        )
    }

    /// When it need not stay any more.
    public static let keptUntil = Text(
        id: "Bisa dihapus setelah perkaranya selesai dan instansi menutup laporan dengan sebab lain.",
        en: "It can be erased once the legal case is over and the agency has closed the report for another reason."
    )

    /// Whether a case is closed for a reason that makes it matter of a legal case.
    public func isEvidence(_ complaint: Complaint) -> Bool {
        !complaint.stage.isOpen && complaint.reason.map(city.complaints.evidenceReasons.contains) == true
    }

    /// The reason for which a case was last closed by the city, where it makes it matter of a legal case: a reporter who disputes
    /// that end and then takes the report back has not ended the legal case.
    func standingEvidence(_ docket: String, in snapshot: Snapshot) throws -> String? {
        let facts = try snapshot.find(
            """
            SELECT facts FROM complaint_event WHERE docket = \(docket) AND kind IN ('complaint.closed-unfixed', 'complaint.done')
            ORDER BY version DESC LIMIT 1
            """
        ) { try JSON(parsing: try $0(0, as: String.self).utf8) }
        return facts?["reason"]?.string.flatMap { city.complaints.evidenceReasons.contains($0) ? $0 : nil }
    }
}
