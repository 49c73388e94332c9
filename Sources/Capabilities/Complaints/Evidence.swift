// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Journal
import Storage

/// What is matter of a legal case: reports that the city last closed for a reason of which the pack says so, open again, withdrawn
/// or merged as they may be since, and what was merged into them. Nothing of it is destroyed (UU 27/2022 art. 15(1)(b) and 44(1)(c),
/// UU 43/2009 art. 51(1)(d)) until the city closes it for another reason, or as fixed.
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

    /// Whether a case has ended and is matter of a legal case.
    public func isEvidence(_ complaint: Complaint) -> Bool {
        !complaint.stage.isOpen && complaint.reason.map(city.complaints.evidenceReasons.contains) == true
    }
}
