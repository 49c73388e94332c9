// SPDX-License-Identifier: EUPL-1.2

import Cases
import Essentials
import Journal
import Storage

/// Complaints as pages read them, worked out from entries.
public struct ComplaintProjection: Projection {
    private let vault: Vault

    /// The tables that replay fills, and empties first.
    public let tables: [SchemaName] = [
        "complaint", "complaint_event", "complaint_follower", "complaint_contact", "personal_view", "escalation", "area_watch",
        "contact_block", "promise",
    ]

    /// The projection; the vault is needed for the blind indexes of contacts.
    public init(vault: Vault) {
        self.vault = vault
    }

    /// Empties the tables and lets the index of words wait.
    public func empty(in transaction: Transaction) throws {
        try ComplaintTables.words.suspend(in: transaction)
        for table in tables { try transaction.execute("DELETE FROM \(name: table)") }
    }

    /// Fills the index of words.
    public func finish(in transaction: Transaction) throws { try ComplaintTables.words.resume(in: transaction) }

    /// Brings the tables up to date with one entry.
    public func apply(_ entry: Entry, in transaction: Transaction) throws {
        if entry.kind == "person.erased" { return try erase(entry, in: transaction) }
        switch entry.kind {
        case "area.watched": return try watch(entry, in: transaction)
        case "area.unwatched": return try unwatch(entry, in: transaction)
        case "contact.blocked": return try block(entry, in: transaction)
        case "contact.unblocked": return try unblock(entry, in: transaction)
        case "promise.published": return try publish(entry, in: transaction)
        default: break
        }
        guard entry.stream.hasPrefix("complaint/") else { return }
        switch entry.kind {
        case "complaint.filed":
            try file(entry, in: transaction)
            return try event(entry, in: transaction)
        case "complaint.followed": try follow(entry, in: transaction)
        case "complaint.unfollowed": try unfollow(entry, in: transaction)
        case "complaint.viewed": try view(entry, in: transaction)
        case Complaints.contactChanged:
            // Of whoever is erased no contact is left that could be exchanged.
            guard let contact = entry.personal?["contact"]?.string else { break }
            let index = vault.blindIndex(contact)
            try transaction.execute("UPDATE complaint_contact SET contact_index = \(index) WHERE docket = \(entry.docket)")
        case Complaints.contactReleased:
            // Letters go there as before; nobody finds the report by it any more.
            let index = "released-\(entry.docket)"
            try transaction.execute("UPDATE complaint_contact SET contact_index = \(index) WHERE docket = \(entry.docket)")
        default: break
        }
        try change(entry, in: transaction)
        if entry.kind != "complaint.viewed", !Complaints.accountKinds.contains(entry.kind) { try event(entry, in: transaction) }
    }

    private func file(_ entry: Entry, in transaction: Transaction) throws {
        let facts = entry.facts
        let report = Report(json: entry.personal ?? [:])
        let docket = entry.docket
        let isConfidential = facts["confidential"]?.bool ?? false
        let title = isConfidential ? (facts["title"]?.string ?? "") : (entry.personal?["title"]?.string ?? facts["title"]?.string ?? "")
        let story: String? = isConfidential || entry.personal == nil ? nil : report.story
        let address = isConfidential ? "" : report.address
        let place = isConfidential ? nil : report.place
        let stage = facts["stage"]?.string.flatMap(Stage.init) ?? .unconfirmed
        try transaction.execute(
            """
            INSERT INTO complaint (docket, version, stage, is_open, is_public, category, classification, agency, rule,
                district, subdistrict, latitude, longitude, address, title, story, is_confidential, is_name_hidden, public_name,
                person, channel, filed_at, updated_at, followers, challenges, parent, access_hash, clock,
                next_due, resolution_due, language, photos, reference, search)
            VALUES (\(docket), \(entry.version), \(stage.rawValue), 1, \(stage != .unconfirmed && !isConfidential),
                \(facts["category"]?.string ?? ""), \(facts["classification"]?.string ?? ""), \(facts["agency"]?.string ?? ""),
                \(facts["rule"]?.integer ?? 0), \(facts["district"]?.string), \(facts["subdistrict"]?.string),
                \(place?.latitude), \(place?.longitude), \(address), \(title), \(story), \(isConfidential), \(report.isNameHidden),
                \(report.isNameHidden || report.name.isEmpty ? String?.none : report.name),
                \(entry.person?.description ?? ""), \(facts["channel"]?.string ?? ""), \(entry.at), \(entry.at), 0, 0,
                \(facts["parent"]?.string), \(entry.inner?["access"]?.string ?? ""),
                \(String(decoding: (facts["clock"] ?? [:]).canonical, as: UTF8.self)),
                \(facts["due"]?["next"]?.integer), \(facts["due"]?["resolution"]?.integer), \(report.language.rawValue),
                \(report.photos.joined(separator: ",")), \(facts["reference"]?.string),
                \(Self.searchable("\(docket) \(facts["reference"]?.string ?? "") \(title) \(story ?? "") \(address)")))
            """
        )
        if let contact = report.contact.address {
            try transaction.execute(
                """
                INSERT INTO complaint_contact (contact_index, docket, is_proven)
                VALUES (\(vault.blindIndex(contact)), \(docket), \(facts["proven"]?.bool == true)) ON CONFLICT DO NOTHING
                """
            )
        }
    }

    /// Every change of state says in its facts what the state is afterwards; nothing is worked out twice.
    private func change(_ entry: Entry, in transaction: Transaction) throws {
        let facts = entry.facts
        // Every column is written from what the entry says, or kept: one statement, for most entries the only one.
        let isLook = entry.kind == "complaint.viewed" || Complaints.accountKinds.contains(entry.kind)
        let stage = facts["stage"]?.string.flatMap(Stage.init)
        let isListed = stage != .unconfirmed && facts["outcome"]?.string != Outcome.invalid.rawValue
        let stageColumns: SQL =
            stage.map { stage in
                """
                , stage = \(stage.rawValue), is_open = \(stage.isOpen), outcome = \(facts["outcome"]?.string), reason = \(facts["reason"]?.string),
                ended_at = CASE WHEN \(stage.isOpen ? 1 : 0) = 1 THEN NULL ELSE COALESCE(ended_at, \(entry.at)) END,
                is_public = CASE WHEN is_confidential = 0 AND \(isListed ? 1 : 0) = 1 THEN 1 ELSE 0 END
                """
            } ?? ""
        let clockColumns: SQL =
            facts["clock"].map { clock in
                """
                , clock = \(String(decoding: clock.canonical, as: UTF8.self)),
                next_due = \(facts["due"]?["next"]?.integer), resolution_due = \(facts["due"]?["resolution"]?.integer)
                """
            } ?? ""
        try transaction.execute(
            """
            UPDATE complaint SET version = \(entry.version), updated_at = COALESCE(\(isLook ? Instant?.none : entry.at), updated_at)
            \(stageColumns) \(clockColumns) WHERE docket = \(entry.docket)
            """
        )
        if let agency = facts["agency"]?.string {
            try transaction.execute(
                "UPDATE complaint SET agency = \(agency), rule = \(facts["rule"]?.integer ?? 0), officer = NULL WHERE docket = \(entry.docket)"
            )
        }
        if let category = facts["category"]?.string, let classification = facts["classification"]?.string {
            try transaction.execute(
                "UPDATE complaint SET category = \(category), classification = \(classification) WHERE docket = \(entry.docket)"
            )
        }
        if entry.kind == "complaint.assigned" {
            try transaction.execute("UPDATE complaint SET officer = \(entry.inner?["officer"]?.string) WHERE docket = \(entry.docket)")
        }
        if let date = facts["scheduled"]?.string {
            try transaction.execute("UPDATE complaint SET scheduled_for = \(date) WHERE docket = \(entry.docket)")
        }
        if entry.kind == "complaint.work-reported" {
            try transaction.execute("UPDATE complaint SET reported_by = \(entry.actor.account?.description) WHERE docket = \(entry.docket)")
        }
        if let rating = facts["rating"]?.integer {
            try transaction.execute("UPDATE complaint SET rating = \(rating) WHERE docket = \(entry.docket)")
        }
        if entry.kind != "complaint.filed", facts["proven"]?.bool == true {
            try transaction.execute("UPDATE complaint_contact SET is_proven = 1 WHERE docket = \(entry.docket)")
        }
        switch facts["confidential"]?.bool {
        case true: try hide(entry, in: transaction)
        case false: try show(entry, in: transaction)
        case nil: break
        }
        if let reply = facts["reply"]?.string { try publish(entry, reply, in: transaction) }
        // What residents attach to a reply is shown once the reply is.
        if !Complaints.replyKinds.contains(entry.kind), let photos = facts["attached"]?.array?.compactMap(\.string), !photos.isEmpty {
            let names = photos.joined(separator: ",")
            // While a case is confidential, what comes to it stays so if it is opened again.
            try transaction.execute(
                """
                UPDATE complaint SET photos = CASE WHEN photos = '' THEN \(names) ELSE photos || ',' || \(names) END
                WHERE docket = \(entry.docket) AND is_confidential = 0
                """
            )
        }
        if entry.kind == "complaint.challenged" {
            try transaction.execute("UPDATE complaint SET challenges = challenges + 1 WHERE docket = \(entry.docket)")
        }
        if let parent = facts["into"]?.string {
            try transaction.execute("UPDATE complaint SET parent = \(parent) WHERE docket = \(entry.docket)")
            try mergeFollowers(of: entry, into: parent, in: transaction)
        }
        if entry.kind == "complaint.redacted" { try redact(entry, in: transaction) }
        if entry.kind == "complaint.escalated" {
            try transaction.execute(
                """
                INSERT INTO escalation (docket, promise, rung, at, told)
                VALUES (\(facts["docket"]?.string ?? ""), \(facts["promise"]?.string ?? ""), \(facts["rung"]?.integer ?? 0), \(entry.at), \(entry.inner?["told"]?.string))
                """
            )
        }
    }

    /// What a confidential case says leaves the tables: it is read from its entries, by those who may.
    private func hide(_ entry: Entry, in transaction: Transaction) throws {
        let title = entry.facts["title"]?.string ?? ""
        let reference = try transaction.find("SELECT reference FROM complaint WHERE docket = \(entry.docket)") {
            try $0.optional(0, as: String.self)
        }
        try transaction.execute(
            """
            UPDATE complaint SET is_confidential = 1, is_public = 0, story = NULL, address = '', latitude = NULL, longitude = NULL,
                public_name = NULL, title = \(title), search = \(Self.searchable("\(entry.docket) \((reference ?? nil) ?? "") \(title)"))
            WHERE docket = \(entry.docket)
            """
        )
        try transaction.execute("UPDATE complaint_event SET text = NULL WHERE docket = \(entry.docket)")
        try transaction.execute("UPDATE complaint_event SET is_private = 1 WHERE docket = \(entry.docket) AND role = 'resident'")
    }

    /// A case that is opened again: its report as it was filed or edited, and what officers wrote before it was hidden.
    private func show(_ entry: Entry, in transaction: Transaction) throws {
        let report = Report(json: entry.personal ?? [:])
        let story: String? = entry.personal == nil ? nil : report.story
        let title = entry.personal?["title"]?.string ?? ""
        let reference = report.reference
        try transaction.execute(
            """
            UPDATE complaint SET is_confidential = 0, story = \(story), address = \(report.address), latitude = \(report.place?.latitude),
                longitude = \(report.place?.longitude), title = \(title),
                public_name = \(report.isNameHidden || report.name.isEmpty ? String?.none : report.name),
                is_public = CASE WHEN stage <> 'unconfirmed' AND COALESCE(outcome, '') <> 'invalid' THEN 1 ELSE 0 END,
                search = \(Self.searchable("\(entry.docket) \(reference) \(title) \(story ?? "") \(report.address)"))
            WHERE docket = \(entry.docket)
            """
        )
        for (written, text) in entry.inner?["texts"]?.object ?? [:] {
            try transaction.execute(
                "UPDATE complaint_event SET text = \(text.string) WHERE docket = \(entry.docket) AND entry = \(written)"
            )
        }
    }

    /// A resident's reply that is shown to everybody, or no more.
    private func publish(_ entry: Entry, _ reply: String, in transaction: Transaction) throws {
        let isShown = entry.kind == "complaint.reply-published"
        try transaction.execute(
            """
            UPDATE complaint_event SET is_private = \(!isShown), text = \(isShown ? entry.personal?["text"]?.string : nil)
            WHERE docket = \(entry.docket) AND entry = \(reply)
            """
        )
        let withdrawn = Set((entry.facts["withdrawn"]?.array ?? []).compactMap(\.string))
        guard !withdrawn.isEmpty else { return }
        let photos = try transaction.find("SELECT photos FROM complaint WHERE docket = \(entry.docket)") { try $0(0, as: String.self) }
        let kept = (photos ?? "").split(separator: ",").map(String.init).filter { !withdrawn.contains($0) }
        try transaction.execute("UPDATE complaint SET photos = \(kept.joined(separator: ",")) WHERE docket = \(entry.docket)")
    }

    private func follow(_ entry: Entry, in transaction: Transaction) throws {
        guard let person = entry.person, let docket = entry.facts["docket"]?.string else { return }
        // An erased follower keeps a place that nobody can find any more.
        let index = entry.personal?["contact"]?.string.map(vault.blindIndex) ?? "erased-\(entry.id)"
        let added = try transaction.execute(
            """
            INSERT INTO complaint_follower (docket, contact_index, person, entry)
            VALUES (\(docket), \(index), \(person.description), \(entry.id)) ON CONFLICT (docket, contact_index) DO NOTHING
            """
        )
        if added == 1 { try transaction.execute("UPDATE complaint SET followers = followers + 1 WHERE docket = \(docket)") }
    }

    /// What was taken out of view must not be found by searching for it either.
    private func redact(_ entry: Entry, in transaction: Transaction) throws {
        // Nil once the reporter is erased, whose words they are.
        let story = entry.personal?["story"]?.string
        let known = try transaction.find("SELECT docket, title, address FROM complaint WHERE docket = \(entry.docket)") {
            "\(try $0(0, as: String.self)) \(try $0(1, as: String.self)) \(story ?? "") \(try $0(2, as: String.self))"
        }
        try transaction.execute(
            """
            UPDATE complaint SET story = \(story), photos = \(entry.personal?["photos"]?.string ?? ""), search = \(Self.searchable(known ?? ""))
            WHERE docket = \(entry.docket)
            """
        )
    }

    private func unfollow(_ entry: Entry, in transaction: Transaction) throws {
        guard let docket = entry.facts["docket"]?.string, let follower = entry.facts["follower"]?.string else { return }
        let gone = try transaction.execute("DELETE FROM complaint_follower WHERE docket = \(docket) AND entry = \(follower)")
        if gone == 1 { try transaction.execute("UPDATE complaint SET followers = followers - 1 WHERE docket = \(docket)") }
    }

    private func watch(_ entry: Entry, in transaction: Transaction) throws {
        guard let person = entry.person, let region = entry.facts["region"]?.string else { return }
        let index = entry.personal?["contact"]?.string.map(vault.blindIndex) ?? "erased-\(entry.id)"
        try transaction.execute(
            """
            INSERT INTO area_watch (region, contact_index, person, entry, since)
            VALUES (\(region), \(index), \(person.description), \(entry.id), \(entry.at)) ON CONFLICT (region, contact_index) DO NOTHING
            """
        )
    }

    private func unwatch(_ entry: Entry, in transaction: Transaction) throws {
        guard let region = entry.facts["region"]?.string, let watcher = entry.facts["watcher"]?.string else { return }
        try transaction.execute("DELETE FROM area_watch WHERE region = \(region) AND entry = \(watcher)")
    }

    private func block(_ entry: Entry, in transaction: Transaction) throws {
        guard let inner = entry.inner, let person = entry.person, let until = inner["until"]?.integer else { return }
        try transaction.execute(
            """
            INSERT INTO contact_block (entry, person, contact_index, docket, reason, until)
            VALUES (\(entry.id), \(person.description), \(entry.personal?["contact"]?.string ?? "erased-\(entry.id)"), \(entry.facts["docket"]?.string ?? ""), \(inner["reason"]?.string ?? ""), \(until))
            """
        )
    }

    private func unblock(_ entry: Entry, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM contact_block WHERE entry = \(entry.facts["block"]?.string ?? "")")
    }

    private func publish(_ entry: Entry, in transaction: Transaction) throws {
        let facts = entry.facts
        try transaction.execute(
            """
            INSERT INTO promise (fingerprint, basis_id, basis_en)
            VALUES (\(facts["promise"]?.string ?? ""), \(facts["basis"]?["id"]?.string ?? ""), \(facts["basis"]?["en"]?.string ?? ""))
            """
        )
    }

    private func mergeFollowers(of entry: Entry, into parent: String, in transaction: Transaction) throws {
        guard let docket = entry.facts["docket"]?.string else { return }
        try transaction.execute(
            """
            INSERT INTO complaint_follower (docket, contact_index, person, entry)
            SELECT \(parent), contact_index, person, entry FROM complaint_follower WHERE docket = \(docket)
            ON CONFLICT (docket, contact_index) DO NOTHING
            """
        )
        // They follow the other now, and stop there: one place for each.
        try transaction.execute("DELETE FROM complaint_follower WHERE docket = \(docket)")
        // A reporter who left no contact cannot be told anything, and counts all the same.
        try transaction.execute(
            """
            UPDATE complaint SET followers = (SELECT count(*) FROM complaint_follower WHERE docket = \(parent))
                + (
                    SELECT count(*) FROM complaint AS merged WHERE merged.parent = \(parent) AND merged.outcome = 'duplicate'
                        AND NOT EXISTS (SELECT 1 FROM complaint_contact WHERE complaint_contact.docket = merged.docket)
                )
            WHERE docket = \(parent)
            """
        )
    }

    private func view(_ entry: Entry, in transaction: Transaction) throws {
        let facts = entry.facts
        let found = try transaction.find("SELECT person FROM complaint WHERE docket = \(entry.docket)") { try $0(0, as: String.self) }
        guard let person = found else { return }
        try transaction.execute(
            """
            INSERT INTO personal_view (entry, person, docket, at, account, agency, purpose)
            VALUES (\(entry.id), \(person), \(entry.docket), \(entry.at), \(entry.actor.account?.description), \(entry.actor.unit), \(facts["purpose"]?.string ?? ""))
            """
        )
    }

    private func event(_ entry: Entry, in transaction: Transaction) throws {
        let found = try transaction.find("SELECT is_confidential FROM complaint WHERE docket = \(entry.docket)") {
            try $0(0, as: Bool.self)
        }
        guard let isConfidential = found else { return }
        let isInternal = Complaints.internalKinds.contains(entry.kind)
        // What is said in a confidential case is said to its reporter alone, and stays so if the case is opened again.
        let isSaid = entry.kind != "complaint.filed" && entry.inner?["text"] != nil
        let isPrivate = Complaints.replyKinds.contains(entry.kind) || isConfidential && isSaid
        // What a confidential case says is read from its entries, by those who may, and never lies in a table.
        // The story itself stands in the case's row alone, where it can be taken out of view.
        let isHidden = isConfidential || isPrivate || isInternal && entry.kind != "complaint.noted" || entry.kind == "complaint.filed"
        let text = isHidden ? nil : (entry.inner?["text"]?.string ?? entry.personal?["text"]?.string)
        try transaction.execute(
            """
            INSERT INTO complaint_event (docket, version, entry, seq, kind, at, role, agency, account, facts, text, is_internal, is_private)
            VALUES (\(entry.docket), \(entry.version), \(entry.id), \(entry.sequence), \(entry.kind), \(entry.at), \(entry.actor.role),
                \(entry.actor.unit), \(entry.actor.account?.description), \(Self.shown(entry)), \(text), \(isInternal), \(isPrivate))
            """
        )
    }

    /// The facts that the timeline tells; what the case's own row holds is left out.
    private static func shown(_ entry: Entry) -> String {
        var members = entry.facts.object ?? [:]
        if entry.kind == "complaint.filed" {
            members = members.filter { ["stage", "agency", "rule"].contains($0.key) }
        } else {
            for name in ["clock", "due", "docket"] { members[name] = nil }
            // Photos stand with the reply that they came with.
            if members["reply"] != nil { members["attached"] = nil }
        }
        return String(decoding: JSON.object(members).canonical, as: UTF8.self)
    }

    private func erase(_ entry: Entry, in transaction: Transaction) throws {
        guard let person = entry.facts["person"]?.string else { return }
        let dockets = try transaction.rows("SELECT docket FROM complaint WHERE person = \(person)") { try $0(0, as: String.self) }
        for docket in dockets {
            try transaction.execute(
                """
                UPDATE complaint SET story = NULL, address = '', latitude = NULL, longitude = NULL, public_name = NULL, photos = '',
                    title = CASE WHEN is_confidential = 1 THEN title ELSE '' END, search = \(Self.searchable(docket)), is_name_hidden = 1, language = 'id'
                WHERE docket = \(docket)
                """
            )
            try transaction.execute("UPDATE complaint_event SET text = NULL WHERE docket = \(docket) AND role = 'resident'")
            try transaction.execute("DELETE FROM complaint_contact WHERE docket = \(docket)")
        }
        try transaction.execute("UPDATE complaint_follower SET contact_index = 'erased-' || entry WHERE person = \(person)")
        try transaction.execute("UPDATE area_watch SET contact_index = 'erased-' || entry WHERE person = \(person)")
        try transaction.execute("DELETE FROM contact_block WHERE person = \(person)")
    }

    /// Takes away drafts, and what was asked for from the same contact and waits to be confirmed.
    public func forget(_ erased: Erased, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM complaint_draft WHERE person = \(erased.person.description)")
        let asked = try transaction.rows("SELECT token_hash, sealed FROM subscription_request") {
            (hash: try $0(0, as: String.self), sealed: try $0(1, as: [UInt8].self))
        }
        for request in asked {
            let content = try JSON(parsing: vault.openPassing(request.sealed))
            guard let contact = content["contact"]?.string, erased.contacts.contains(contact) else { continue }
            try transaction.execute("DELETE FROM subscription_request WHERE token_hash = \(request.hash)")
        }
    }

    /// Text brought into the form in which it is searched: lower case, without what is not letter or number.
    static func searchable(_ text: String) -> String {
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return String(text.lowercased().map { $0.isLetter || $0.isNumber ? $0 : " " }) }
        // Most text is ASCII, for which the tables of Unicode need not be asked.
        return String(
            decoding: text.utf8.map { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
                case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte + 32
                default: UInt8(ascii: " ")
                }
            },
            as: UTF8.self
        )
    }
}

extension Entry {
    /// The case that an entry of a complaint's stream is about.
    fileprivate var docket: String { String(stream.dropFirst("complaint/".count)) }
}
