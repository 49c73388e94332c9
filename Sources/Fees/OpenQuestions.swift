// SPDX-License-Identifier: EUPL-1.2

import Storage

extension Fees {
    /// Whether it is still open how much somebody paid for a case: a recording of it is doubted, or a bank took money back that is in no
    /// book or was more.
    public static func hasQuestions(about docket: String, in snapshot: Snapshot) throws -> Bool {
        try snapshot.count("SELECT count(*) FROM payment WHERE docket = \(docket) AND doubt <> '' AND is_reversed = 0") > 0
            || snapshot.count("SELECT count(*) FROM stray_reversal WHERE docket = \(docket) AND state = 'open'") > 0
    }
}
