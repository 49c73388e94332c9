// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Essentials
import Identity
import Journal
import Notifications
import Storage

/// News for those who asked for it: of one case, or of a whole area. Nobody is signed up by somebody else: what is asked
/// on a page counts once the link in a message has been followed.
extension Complaints {
    /// What somebody wants to hear about.
    public enum Subject: Hashable, Sendable {
        /// One case, by docket.
        case complaint(String)
        /// A district or subdistrict, by code.
        case area(String)

        var text: String {
            switch self {
            case .complaint(let docket): "berkas:\(docket)"
            case .area(let code): "wilayah:\(code)"
            }
        }

        init?(_ text: String) {
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            switch parts.first {
            case "berkas" where parts.count == 2: self = .complaint(parts[1])
            case "wilayah" where parts.count == 2: self = .area(parts[1])
            default: return nil
            }
        }
    }

    /// Seconds for which a subscription waits to be confirmed.
    static let subscriptionWait: Int64 = 3 * 86_400

    /// Asks for news: a message with a link goes to the contact, and nothing more until the link is followed.
    public func askToSubscribe(to subject: Subject, contact text: String, language: Language, network: String? = nil) async throws {
        let contact = try Contact(required: text)
        let name = try await name(of: subject)
        let address = contact.address ?? ""
        if let later = MessageBudget.take(for: contact, from: network, vault: journal.vault, now: journal.clock.now) {
            throw MessageBudget.refused(until: later, zone: city.zone)
        }
        let token = [UInt8].random(count: 12).base64URL
        let content: JSON = [
            "subject": .string(subject.text), "contact": .string(address), "language": .string(language.rawValue),
        ]
        let sealed = try journal.vault.sealPassing(content.canonical)
        try await journal.commit { act in
            try act.operate {
                try $0.execute(
                    """
                    INSERT INTO subscription_request (token_hash, sealed, expires_at)
                    VALUES (\(journal.vault.tokenHash(token)), \(sealed), \(act.now.adding(seconds: Self.subscriptionWait)))
                    """
                )
            }
            let link = "\(origin)/ikuti/\(token)"
            try tell(contact, .agree, ["name": name, "link": Text(same: link)], language, in: act)
        }
    }

    /// What a link of ``askToSubscribe(to:contact:language:)`` is about; nil when it is old or made up.
    public func pendingSubscription(_ token: String) async throws -> (subject: Subject, name: Text)? {
        guard let request = try await journal.read({ try subscriptionRequest(token, in: $0) }) else { return nil }
        return (request.subject, try await name(of: request.subject))
    }

    /// Agrees to news: from now on they are sent.
    public func confirmSubscription(_ token: String) async throws -> Subject? {
        guard let request = try await journal.read({ try subscriptionRequest(token, in: $0) }) else { return nil }
        try await subscribe(to: request.subject, contact: request.contact, language: request.language)
        try await journal.operate {
            try $0.execute("DELETE FROM subscription_request WHERE token_hash = \(journal.vault.tokenHash(token))")
        }
        return request.subject
    }

    /// Subscribes a contact that is known to be its owner's. Doing it twice changes nothing.
    func subscribe(to subject: Subject, contact: String, language: Language) async throws {
        switch subject {
        case .complaint(let docket): try await follow(docket, contact: contact, language: language)
        case .area(let code):
            let index = journal.vault.blindIndex(contact)
            try await journal.commit { act in
                guard
                    try act.snapshot.count("SELECT count(*) FROM area_watch WHERE region = \(code) AND contact_index = \(index)") == 0
                else { return }
                try act.append(
                    "area.watched",
                    to: "area/\(code)",
                    by: .resident,
                    facts: ["region": .string(code)],
                    personal: Personal(
                        of: Identifier(at: act.now),
                        ["contact": .string(contact), "language": .string(language.rawValue)]
                    )
                )
            }
        }
    }

    private func subscriptionRequest(
        _ token: String,
        in snapshot: Snapshot
    ) throws -> (subject: Subject, contact: String, language: Language)? {
        let sealed = try snapshot.find(
            "SELECT sealed FROM subscription_request WHERE token_hash = \(journal.vault.tokenHash(token)) AND expires_at > \(journal.clock.now)"
        ) { try $0(0, as: [UInt8].self) }
        guard let sealed else { return nil }
        let content = try JSON(parsing: journal.vault.openPassing(sealed))
        guard let subject = content["subject"]?.string.flatMap({ Subject($0) }), let contact = content["contact"]?.string else {
            return nil
        }
        return (subject, contact, content["language"]?.string.flatMap(Language.init) ?? .indonesian)
    }

    private func name(of subject: Subject) async throws -> Text {
        switch subject {
        case .complaint(let docket):
            guard let complaint = try await find(docket), complaint.isPublic else { throw Self.noSuchCase }
            return Text(same: complaint.docket)
        case .area(let code):
            guard let region = city.regions[code] else { throw Problem.notFound }
            return Text(id: "laporan di \(region.name)", en: "reports in \(region.name)")
        }
    }

    // MARK: Ending it

    /// The link by which a subscriber stops, without any account.
    func stopLink(_ entry: String) -> String { "\(origin)/berhenti/\(entry)/\(stopTag(entry))" }

    func stopTag(_ entry: String) -> String { String(journal.vault.tokenHash("unfollow:\(entry)").prefix(22)) }

    /// What a stop link is about; nil when it is made up, or has been followed before.
    public func subscription(entry: String, tag: String) async throws -> Subject? {
        guard constantTimeEqual(Array(tag.utf8), Array(stopTag(entry).utf8)) else { return nil }
        return try await journal.read { snapshot in
            if let docket = try snapshot.find(
                "SELECT docket FROM complaint_follower WHERE entry = \(entry)",
                { try $0(0, as: String.self) }
            ) {
                return .complaint(docket)
            }
            return try snapshot.find("SELECT region FROM area_watch WHERE entry = \(entry)") { .area(try $0(0)) }
        }
    }

    /// A subscriber stops; what was known about them is erased.
    public func stop(entry: String, tag: String) async throws {
        guard let subject = try await subscription(entry: entry, tag: tag) else { return }
        try await stop(subject, entry: entry)
    }

    /// Ends every subscription of a contact, as somebody asks for by SMS; gives how many there were.
    public func stopAll(contact: String) async throws -> Int {
        let index = journal.vault.blindIndex(contact)
        let found = try await journal.read { snapshot in
            try snapshot.rows("SELECT entry, docket FROM complaint_follower WHERE contact_index = \(index)") {
                (try $0(0, as: String.self), Subject.complaint(try $0(1)))
            }
                + snapshot.rows("SELECT entry, region FROM area_watch WHERE contact_index = \(index)") {
                    (try $0(0, as: String.self), Subject.area(try $0(1)))
                }
        }
        for (entry, subject) in found { try await stop(subject, entry: entry) }
        return found.count
    }

    private func stop(_ subject: Subject, entry: String) async throws {
        try await journal.commit { act in
            let row: SQL
            switch subject {
            case .complaint(let docket):
                row = "SELECT person FROM complaint_follower WHERE docket = \(docket) AND entry = \(entry)"
            case .area(let code): row = "SELECT person FROM area_watch WHERE region = \(code) AND entry = \(entry)"
            }
            guard let person = try act.snapshot.find(row, { try $0(0, as: String.self) }).flatMap({ Identifier($0) }) else { return }
            switch subject {
            case .complaint(let docket):
                let complaint = try Self.require(docket, in: act.snapshot)
                try act.append(
                    "complaint.unfollowed",
                    to: complaint.stream,
                    by: .resident,
                    facts: ["docket": .string(docket), "follower": .string(entry)]
                )
            case .area(let code):
                try act.append(
                    "area.unwatched",
                    to: "area/\(code)",
                    by: .resident,
                    facts: ["region": .string(code), "watcher": .string(entry)]
                )
            }
            // Whoever follows because their own report was merged stops following, and keeps their report.
            guard try act.snapshot.count("SELECT count(*) FROM complaint WHERE person = \(person.description)") == 0 else { return }
            // No letter of art. 45: who stops is answered at once, on the page or by SMS, and asked to hear no more.
            try act.erase(person, by: .resident, basis: "UU 27/2022 ps. 9")
        }
    }

    // MARK: The digest

    /// Minute of the day from which the digest of areas goes out.
    private static let digestMinute = 7 * 60

    /// Tells those who watch an area what came in and what was done since the last time, at most once a day.
    func sendAreaDigests() async throws {
        let now = journal.clock.now
        let morning = Instant(now.date(in: city.zone), minuteOfDay: Self.digestMinute, zone: city.zone)
        guard now >= morning else { return }
        try await book.each("area.digest", DutyBook.Items("area_watch", key: "entry", where: "1 = 1")) { entry in
            try await sendDigest(of: entry, morning)
            return morning.adding(seconds: 86_400)
        }
    }

    private func sendDigest(of entry: String, _ morning: Instant) async throws {
        let now = journal.clock.now
        try await journal.commit { act in
            let watch = try act.snapshot.find(
                """
                SELECT region, person, COALESCE(sent_at, since) FROM area_watch
                LEFT JOIN area_digest ON area_digest.entry = area_watch.entry WHERE area_watch.entry = \(entry)
                """
            ) { (region: try $0(0, as: String.self), person: try $0(1, as: String.self), since: try $0(2, as: Instant.self)) }
            guard let watch, watch.since < morning else { return }
            try act.operate {
                try $0.execute(
                    """
                    INSERT INTO area_digest (entry, sent_at) VALUES (\(entry), \(now))
                    ON CONFLICT (entry) DO UPDATE SET sent_at = excluded.sent_at
                    """
                )
            }
            guard let person = Identifier(watch.person), let region = city.regions[watch.region],
                let data = try journal.entries(about: person, in: act.snapshot).first(where: { $0.id == entry })?.personal,
                let contact = data["contact"]?.string.flatMap({ Report.Contact($0) })
            else { return }
            var area = ComplaintFilter(.everyone)
            if region.parent == nil { area.district = region.code } else { area.subdistrict = region.code }
            var filed = area
            filed.filedFrom = watch.since
            let new = try act.snapshot.rows(
                "SELECT docket, title FROM complaint WHERE \(filed.condition) ORDER BY filed_at DESC LIMIT 20"
            ) { (docket: try $0(0, as: String.self), title: try $0(1, as: String.self)) }
            let newCount = try act.snapshot.count("SELECT count(*) FROM complaint WHERE \(filed.condition)")
            let done = try act.snapshot.count(
                "SELECT count(*) FROM complaint WHERE \(area.condition) AND outcome = 'fixed' AND ended_at >= \(watch.since)"
            )
            guard newCount + done > 0 else { return }
            let language = data["language"]?.string.flatMap(Language.init) ?? .indonesian
            let list = new.map { "\($0.docket) \($0.title)\n\(origin)/berkas/\($0.docket)" }.joined(separator: "\n\n")
            try tell(
                contact,
                .digest,
                [
                    "area": Text(same: region.name), "new": Text(same: "\(newCount)"), "done": Text(same: "\(done)"),
                    "link": Text(same: "\(origin)/wilayah/\(region.code)"), "list": Text(same: list),
                    "stop": Text(same: stopLink(entry)),
                ],
                language,
                in: act
            )
        }
    }
}
