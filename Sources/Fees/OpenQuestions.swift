// SPDX-License-Identifier: EUPL-1.2

import Storage

extension Fees {
    /// Whether it is still open how much somebody paid for a case: a recording of it is doubted or proposed, a bank took money back that is in
    /// no book or was more, or told again of what is booked out.
    public static func hasQuestions(about docket: String, in snapshot: Snapshot) throws -> Bool {
        try snapshot.count("SELECT count(*) FROM payment WHERE docket = \(docket) AND doubt <> '' AND is_reversed = 0") > 0
            || snapshot.count("SELECT count(*) FROM stray_reversal WHERE docket = \(docket) AND state = 'open'") > 0
            || snapshot.count("SELECT count(*) FROM recording_proposal WHERE docket = \(docket) AND state = 'open'") > 0
            || snapshot.count("SELECT count(*) FROM told_again WHERE docket = \(docket) AND closed_at = 0") > 0
    }
}
