// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Essentials
import Journal
import Notifications
import Storage

/// What happened to a complaint, told to everybody who follows it. The act leaves one row, however many they are, and the duty writes
/// to them in pages: an answer to five thousand followers must not keep every other act of the city waiting.
extension Complaints {
    /// Followers that are written to in one step.
    private static let newsPage = 100

    /// Leaves news for the followers within the act that it tells of; nothing where there are none.
    func announce(_ complaint: Complaint, _ name: Messages.News, _ values: [String: Text], in act: Act) throws {
        let isFollowed = try act.snapshot.find("SELECT 1 FROM complaint_follower WHERE docket = \(complaint.docket) LIMIT 1") { _ in true }
        guard isFollowed == true else { return }
        let content = String(decoding: JSON.object(values.mapValues(\.json)).canonical, as: UTF8.self)
        try act.operate {
            try $0.execute(
                """
                INSERT INTO complaint_news (id, docket, name, content, after)
                VALUES (\(Identifier(at: act.now).description), \(complaint.docket), \(name.rawValue), \(content), '')
                """
            )
        }
    }

    /// Writes to followers what is new, each piece of news on its own.
    public func sendNews() async throws {
        try await book.each("complaint.news", DutyBook.Items("complaint_news", key: "id", where: "1 = 1")) { id in
            while try await sendPage(of: id) {}
            return nil
        }
    }

    /// Writes to the next of those who hear of it; who has been written to is known in the same step, so that a stop anywhere leaves
    /// nobody out and writes to nobody twice.
    ///
    /// - Returns: whether there may be more.
    private func sendPage(of id: String) async throws -> Bool {
        try await journal.commit { act in
            guard let news = try Self.news(id, in: act.snapshot), let complaint = try Self.find(news.docket, in: act.snapshot) else {
                return false
            }
            // Of a confidential case only those hear who reported it, or one that was merged into it.
            let who: SQL = complaint.isConfidential ? "AND person IN (SELECT person FROM complaint)" : ""
            let followers = try act.snapshot.rows(
                """
                SELECT person, entry FROM complaint_follower WHERE docket = \(news.docket) AND entry > \(news.after) \(who)
                AND NOT EXISTS (
                    SELECT 1 FROM complaint_follower AS twin WHERE twin.docket = complaint_follower.docket
                        AND twin.contact_index = complaint_follower.contact_index AND twin.entry < complaint_follower.entry
                ) ORDER BY entry LIMIT \(Self.newsPage)
                """
            ) { (person: try $0(0, as: String.self), entry: try $0(1, as: String.self)) }
            let reporter = try report(of: complaint, in: act.snapshot)?.contact
            for follower in followers { try write(news, to: follower.person, follower.entry, butNot: reporter, in: act) }
            let last = followers.count < Self.newsPage ? nil : followers.last?.entry
            try act.operate { transaction in
                if let last {
                    try transaction.execute("UPDATE complaint_news SET after = \(last) WHERE id = \(id)")
                } else {
                    try transaction.execute("DELETE FROM complaint_news WHERE id = \(id)")
                }
            }
            return last != nil
        }
    }

    private struct News {
        let id: String
        let docket: String
        /// Nil where an earlier program wrote something that this one does not say any more.
        let name: Messages.News?
        let values: [String: Text]
        let after: String
    }

    private static func news(_ id: String, in snapshot: Snapshot) throws -> News? {
        try snapshot.find("SELECT id, docket, name, content, after FROM complaint_news WHERE id = \(id)") { row in
            let content = try JSON(parsing: try row(3, as: String.self).utf8)
            return News(
                id: try row(0),
                docket: try row(1),
                name: Messages.News(rawValue: try row(2, as: String.self)),
                values: (content.object ?? [:]).mapValues { Text(json: $0) },
                after: try row(4)
            )
        }
    }

    private func write(
        _ news: News,
        to follower: String,
        _ entry: String,
        butNot reporter: Report.Contact?,
        in act: Act
    ) throws {
        guard let name = news.name, let person = Identifier(follower),
            let told = try journal.entries(about: person, in: act.snapshot).first(where: { $0.id == entry })?.personal,
            let contact = told["contact"]?.string.flatMap({ Report.Contact($0) }), contact != reporter
        else { return }
        let language = told["language"]?.string.flatMap(Language.init) ?? .indonesian
        let written = written(name, news.values, docket: news.docket, language, stop: stopLink(entry))
        try written.send(to: contact, about: news.docket, in: act, vault: journal.vault)
    }
}
