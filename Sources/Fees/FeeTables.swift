// SPDX-License-Identifier: EUPL-1.2

import Storage

extension FeeProjection {
    /// The tables of money.
    public static let migrations = [
        Migration(
            "20261125-a-fees",
            """
            CREATE TABLE bill (
                number TEXT NOT NULL PRIMARY KEY,
                docket TEXT NOT NULL,
                agency TEXT NOT NULL,
                amount INTEGER NOT NULL,
                paid INTEGER NOT NULL,
                excess INTEGER NOT NULL,
                pending INTEGER NOT NULL,
                is_cancelled INTEGER NOT NULL,
                issued_at INTEGER NOT NULL,
                due TEXT NOT NULL,
                lines TEXT NOT NULL
            );
            CREATE INDEX bill_docket ON bill (docket);
            CREATE INDEX bill_excess ON bill (agency, issued_at) WHERE excess > pending;
            CREATE TABLE payment (
                reference TEXT NOT NULL PRIMARY KEY,
                receipt TEXT NOT NULL UNIQUE,
                bill TEXT NOT NULL,
                docket TEXT NOT NULL,
                agency TEXT NOT NULL,
                amount INTEGER NOT NULL,
                method TEXT NOT NULL,
                at INTEGER NOT NULL,
                taken TEXT NOT NULL,
                is_reversed INTEGER NOT NULL
            );
            CREATE INDEX payment_taken ON payment (taken, method);
            CREATE INDEX payment_bill ON payment (bill);
            CREATE TABLE refund (
                id TEXT NOT NULL PRIMARY KEY,
                bill TEXT NOT NULL,
                docket TEXT NOT NULL,
                agency TEXT NOT NULL,
                amount INTEGER NOT NULL,
                method TEXT NOT NULL,
                ground TEXT NOT NULL,
                ordered_by TEXT NOT NULL,
                ordered_at INTEGER NOT NULL,
                state TEXT NOT NULL,
                receipt TEXT UNIQUE,
                carried_at INTEGER,
                reference TEXT NOT NULL
            );
            CREATE INDEX refund_bill ON refund (bill);
            CREATE INDEX refund_open ON refund (agency, ordered_at) WHERE state = 'ordered';
            CREATE TABLE movement (
                entry TEXT NOT NULL PRIMARY KEY,
                day TEXT NOT NULL,
                at INTEGER NOT NULL,
                kind TEXT NOT NULL,
                method TEXT NOT NULL,
                agency TEXT NOT NULL,
                cashier TEXT,
                cash INTEGER NOT NULL,
                bank INTEGER NOT NULL,
                receipt TEXT NOT NULL,
                bill TEXT NOT NULL,
                docket TEXT NOT NULL,
                reference TEXT NOT NULL
            );
            CREATE INDEX movement_day ON movement (day, entry);
            CREATE INDEX movement_slip ON movement (agency, reference) WHERE kind IN ('handed-over', 'closed');
            CREATE INDEX movement_till ON movement (cashier, day) WHERE cash <> 0;
            CREATE TABLE money (
                entry TEXT NOT NULL,
                line INTEGER NOT NULL,
                account TEXT NOT NULL,
                agency TEXT NOT NULL,
                bill TEXT,
                day TEXT NOT NULL,
                amount INTEGER NOT NULL,
                PRIMARY KEY (entry, line)
            );
            CREATE TABLE money_balance (
                agency TEXT NOT NULL,
                account TEXT NOT NULL,
                amount INTEGER NOT NULL,
                PRIMARY KEY (agency, account)
            );
            CREATE TABLE cash_closing (
                day TEXT NOT NULL,
                cashier TEXT NOT NULL,
                agency TEXT NOT NULL,
                opening INTEGER NOT NULL,
                taken INTEGER NOT NULL,
                given_back INTEGER NOT NULL,
                handed_over INTEGER NOT NULL,
                counted INTEGER NOT NULL,
                reason TEXT NOT NULL,
                at INTEGER NOT NULL,
                PRIMARY KEY (cashier, day)
            );
            """
        ),
        Migration(
            "20261130-a-slip-days",
            """
            ALTER TABLE movement ADD COLUMN slip_day TEXT NOT NULL DEFAULT '';
            ALTER TABLE refund ADD COLUMN slip_day TEXT NOT NULL DEFAULT '';
            ALTER TABLE refund ADD COLUMN undone TEXT NOT NULL DEFAULT '';
            """
        ),
        Migration(
            "20261130-b-doubts",
            """
            ALTER TABLE payment ADD COLUMN doubt TEXT NOT NULL DEFAULT '';
            ALTER TABLE payment ADD COLUMN doubted_by TEXT NOT NULL DEFAULT '';
            ALTER TABLE payment ADD COLUMN doubted_at INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE payment ADD COLUMN freed TEXT NOT NULL DEFAULT '';
            CREATE INDEX payment_doubt ON payment (agency, doubted_at) WHERE doubt <> '' AND is_reversed = 0;
            CREATE INDEX payment_freed ON payment (freed) WHERE freed <> '';
            """
        ),
        Migration(
            "20261130-c-stray-reversals",
            """
            CREATE TABLE stray_reversal (
                entry TEXT NOT NULL PRIMARY KEY,
                reference TEXT NOT NULL,
                receipt TEXT NOT NULL,
                bill TEXT NOT NULL,
                docket TEXT NOT NULL,
                agency TEXT NOT NULL,
                amount INTEGER NOT NULL,
                at INTEGER NOT NULL,
                note TEXT NOT NULL
            );
            CREATE INDEX stray_reversal_reference ON stray_reversal (reference);
            CREATE INDEX stray_reversal_bill ON stray_reversal (bill);
            CREATE INDEX stray_reversal_open ON stray_reversal (agency, at) WHERE note = '';
            """
        ),
        // Every page of the desk asks which tills wait: what is open is few, whatever lies in the books of years.
        Migration(
            "20261130-e-open-cash",
            """
            ALTER TABLE movement ADD COLUMN is_open INTEGER NOT NULL DEFAULT 0;
            UPDATE movement SET is_open = 1 WHERE cash <> 0 AND kind <> 'closed' AND cashier IS NOT NULL
                AND day > COALESCE((SELECT MAX(cash_closing.day) FROM cash_closing WHERE cash_closing.cashier = movement.cashier), '');
            CREATE INDEX movement_open ON movement (cashier, day) WHERE is_open = 1;
            DROP INDEX bill_excess;
            CREATE INDEX bill_excess ON bill (agency, issued_at) WHERE excess <> pending;
            """
        ),
        // Whether the money is there; who counted a till that somebody left, before whom, and why it was left; whose key a doubt is under.
        Migration(
            "20261130-f-undoings",
            """
            ALTER TABLE stray_reversal ADD COLUMN told TEXT NOT NULL DEFAULT '';
            ALTER TABLE stray_reversal ADD COLUMN state TEXT NOT NULL DEFAULT 'open';
            ALTER TABLE stray_reversal ADD COLUMN settled_by TEXT NOT NULL DEFAULT '';
            ALTER TABLE stray_reversal ADD COLUMN settled_at INTEGER NOT NULL DEFAULT 0;
            UPDATE stray_reversal SET state = 'gone' WHERE note <> '';
            UPDATE stray_reversal SET state = 'booked' WHERE receipt IN (SELECT payment.receipt FROM payment WHERE is_reversed = 1);
            DROP INDEX stray_reversal_open;
            CREATE INDEX stray_reversal_open ON stray_reversal (agency, at) WHERE state = 'open';
            CREATE INDEX stray_reversal_receipt ON stray_reversal (receipt);
            ALTER TABLE cash_closing ADD COLUMN counted_by TEXT NOT NULL DEFAULT '';
            ALTER TABLE cash_closing ADD COLUMN witness TEXT NOT NULL DEFAULT '';
            ALTER TABLE cash_closing ADD COLUMN left_because TEXT NOT NULL DEFAULT '';
            ALTER TABLE payment ADD COLUMN doubt_key TEXT NOT NULL DEFAULT '';
            CREATE INDEX payment_doubt_key ON payment (doubt_key) WHERE doubt_key <> '';
            """
        ),
        // What two people record, and what a bank told of again after it was booked out.
        Migration(
            "20261201-a-proposals",
            """
            CREATE TABLE recording_proposal (
                entry TEXT NOT NULL PRIMARY KEY,
                seq INTEGER NOT NULL,
                bill TEXT NOT NULL,
                docket TEXT NOT NULL,
                agency TEXT NOT NULL,
                amount INTEGER NOT NULL,
                day TEXT NOT NULL,
                own TEXT NOT NULL,
                statement TEXT NOT NULL,
                ordinal INTEGER NOT NULL,
                said TEXT NOT NULL,
                text TEXT NOT NULL,
                reason TEXT NOT NULL,
                reason_key TEXT NOT NULL,
                proposed_by TEXT NOT NULL,
                at INTEGER NOT NULL,
                state TEXT NOT NULL,
                decided_by TEXT NOT NULL,
                decided_at INTEGER NOT NULL,
                note TEXT NOT NULL,
                note_key TEXT NOT NULL
            );
            CREATE INDEX recording_proposal_open ON recording_proposal (agency, at) WHERE state = 'open';
            CREATE INDEX recording_proposal_own ON recording_proposal (own);
            CREATE INDEX recording_proposal_docket ON recording_proposal (docket);
            CREATE INDEX recording_proposal_declined ON recording_proposal (agency, decided_at) WHERE state = 'declined';
            CREATE INDEX recording_proposal_reason_key ON recording_proposal (reason_key);
            CREATE INDEX recording_proposal_note_key ON recording_proposal (note_key) WHERE note_key <> '';
            CREATE TABLE told_again (
                entry TEXT NOT NULL PRIMARY KEY,
                reference TEXT NOT NULL,
                receipt TEXT NOT NULL,
                bill TEXT NOT NULL,
                docket TEXT NOT NULL,
                agency TEXT NOT NULL,
                amount INTEGER NOT NULL,
                at INTEGER NOT NULL,
                told TEXT NOT NULL,
                note TEXT NOT NULL,
                note_key TEXT NOT NULL,
                closed_by TEXT NOT NULL,
                closed_at INTEGER NOT NULL
            );
            CREATE INDEX told_again_note_key ON told_again (note_key) WHERE note_key <> '';
            CREATE INDEX told_again_receipt ON told_again (receipt);
            CREATE INDEX told_again_bill ON told_again (bill);
            CREATE INDEX told_again_docket ON told_again (docket);
            CREATE INDEX told_again_open ON told_again (agency, at) WHERE closed_at = 0;
            CREATE INDEX told_again_closed ON told_again (agency, closed_at) WHERE closed_at > 0;
            """
        ),
        // What the city books out of what a bank told; all that was said of an undoing; whose key it is under, and why money came back.
        Migration(
            "20261201-b-not-there",
            """
            ALTER TABLE payment ADD COLUMN is_not_there INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE refund ADD COLUMN undone_key TEXT NOT NULL DEFAULT '';
            CREATE INDEX refund_undone_key ON refund (undone_key) WHERE undone_key <> '';
            ALTER TABLE stray_reversal ADD COLUMN note_key TEXT NOT NULL DEFAULT '';
            CREATE INDEX stray_reversal_note_key ON stray_reversal (note_key) WHERE note_key <> '';
            CREATE INDEX stray_reversal_docket ON stray_reversal (docket);
            CREATE TABLE undoing_saying (
                entry TEXT NOT NULL PRIMARY KEY,
                seq INTEGER NOT NULL,
                settles TEXT NOT NULL,
                is_here INTEGER NOT NULL,
                note TEXT NOT NULL,
                note_key TEXT NOT NULL,
                said_by TEXT NOT NULL,
                at INTEGER NOT NULL
            );
            CREATE INDEX undoing_saying_settles ON undoing_saying (settles);
            CREATE INDEX undoing_saying_note_key ON undoing_saying (note_key) WHERE note_key <> '';
            """
        ),
    ]
}
