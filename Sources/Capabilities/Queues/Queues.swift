// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Identity
import Journal
import Storage

/// Numbers for people who wait in the hall of an office: taken on a phone or from the clerk, called to a counter, shown on a
/// screen. Nothing of who waits is kept.
public struct Queues: Sendable {
    /// A number.
    public struct Ticket: Sendable, Hashable {
        /// Its name, known to its holder alone.
        public let id: String
        /// The office, by the agency’s code.
        public let office: String
        /// The number of its day, from 1.
        public let number: Int
        /// `waiting`, `called`, `served` or `absent`.
        public let state: String
        /// The counter that it was called to.
        public let counter: Int?

        static let columns: SQL = "id, office, number, state, counter"

        init(_ row: Row) throws {
            id = try row(0)
            office = try row(1)
            number = try row(2)
            state = try row(3)
            counter = try row.optional(4)
        }
    }

    /// The most numbers of an office on one day.
    public static let daily = 999
    /// Counters of an office.
    public static let counters = 1...30

    private let journal: Journal
    private let city: City
    private let throttle = Throttle()

    /// Queues of a city.
    public init(journal: Journal, city: City) {
        self.journal = journal
        self.city = city
    }

    private var today: CivilDate { journal.clock.now.date(in: city.zone) }

    /// Takes the next number of an office. The same form takes one, however often it is sent.
    ///
    /// - Parameter address: of whoever asks, so that nobody takes all of them.
    public func take(at office: String, key: String, address: String?) async throws -> Ticket {
        guard city.agencies[office] != nil else { throw Problem.notFound }
        if let address, !throttle.allows(address, limit: 20, now: journal.clock.now) {
            throw Problem(
                "queue.too-many",
                .tooMany,
                Text(id: "Terlalu banyak nomor diambil dari sini", en: "Too many numbers were taken from here"),
                remedy: Text(id: "Minta nomor kepada petugas di pintu.", en: "Ask the clerk at the door for one."),
                retryAfter: 900
            )
        }
        let day = today
        let result = try await journal.commit(once: "queue:\(key)", of: .string(office)) { act in
            let number =
                try act.snapshot.count("SELECT COALESCE(MAX(number), 0) FROM queue_ticket WHERE office = \(office) AND day = \(day)") + 1
            guard number <= Self.daily else {
                throw Problem("queue.full", .conflict, Text(id: "Nomor hari ini habis", en: "No numbers are left today"))
            }
            let id = Identifier(at: act.now).description
            try act.append(
                "queue.taken",
                to: "queue/\(office)/\(day)",
                by: .resident,
                facts: ["ticket": .string(id), "office": .string(office), "day": .string(day.description), "number": JSON(number)]
            )
            return id
        }
        guard let ticket = try await find(result.result) else { throw Problem.notFound }
        return ticket
    }

    /// A number by its name.
    public func find(_ id: String) async throws -> Ticket? {
        try await journal.read { try $0.find("SELECT \(Ticket.columns) FROM queue_ticket WHERE id = \(id)") { try Ticket($0) } }
    }

    /// Calls the next number to a counter; whoever stood there has been served, or has not come.
    ///
    /// - Returns: the number called; nil when nobody waits.
    public func callNext(to counter: Int, lastCame: Bool, by officer: Officer) async throws -> Ticket? {
        guard !officer.roles.isDisjoint(with: [.clerk, .officer, .head]) else {
            throw Problem(
                "queue.not-allowed",
                .forbidden,
                Text(id: "Hanya petugas loket yang memanggil", en: "Only counter staff calls numbers")
            )
        }
        guard Self.counters.contains(counter) else {
            throw Problem.fields([Problem.Field("counter", Text(id: "Pilih loket 1 sampai 30", en: "Choose a counter from 1 to 30"))])
        }
        let day = today
        let stream = "queue/\(officer.agency)/\(day)"
        let id = try await journal.commit { act -> String? in
            let standing = try act.snapshot.rows(
                "SELECT id FROM queue_ticket WHERE office = \(officer.agency) AND day = \(day) AND state = 'called' AND counter = \(counter)"
            ) { try $0(0, as: String.self) }
            for ticket in standing {
                try act.append(
                    lastCame ? "queue.served" : "queue.absent",
                    to: stream,
                    by: officer.actor,
                    facts: ["ticket": .string(ticket)]
                )
            }
            let next = try act.snapshot.find(
                "SELECT id FROM queue_ticket WHERE office = \(officer.agency) AND day = \(day) AND state = 'waiting' ORDER BY number LIMIT 1"
            ) { try $0(0, as: String.self) }
            guard let next else { return nil }
            try act.append("queue.called", to: stream, by: officer.actor, facts: ["ticket": .string(next), "counter": JSON(counter)])
            return next
        }
        return try await id.asyncFlatMap { try await find($0) }
    }

    /// What the screen of an office shows.
    public struct Board: Sendable {
        /// Numbers at the counters now, the last called first.
        public let called: [Ticket]
        /// How many wait.
        public let waiting: Int
        /// Minutes that one takes at a counter, from the day’s own; nil before anyone was served.
        public let minutesEach: Int?
        /// Counters that called somebody today.
        public let counters: Int
    }

    /// The screen of an office.
    public func board(of office: String) async throws -> Board {
        let day = today
        return try await journal.read { snapshot in
            let called = try snapshot.rows(
                "SELECT \(Ticket.columns) FROM queue_ticket WHERE office = \(office) AND day = \(day) AND state = 'called' ORDER BY called_at DESC"
            ) { try Ticket($0) }
            let waiting = try snapshot.count(
                "SELECT count(*) FROM queue_ticket WHERE office = \(office) AND day = \(day) AND state = 'waiting'"
            )
            let times = try snapshot.rows(
                """
                SELECT ended_at - called_at FROM queue_ticket WHERE office = \(office) AND day = \(day) AND state = 'served'
                ORDER BY ended_at DESC LIMIT 20
                """
            ) { try $0(0, as: Int.self) }
            let counters = try snapshot.count(
                "SELECT count(DISTINCT counter) FROM queue_ticket WHERE office = \(office) AND day = \(day) AND counter IS NOT NULL"
            )
            let each = times.isEmpty ? nil : max(1, times.reduce(0, +) / times.count / 60_000)
            return Board(called: called, waiting: waiting, minutesEach: each, counters: counters)
        }
    }

    /// How many wait before a number.
    public func before(_ ticket: Ticket) async throws -> Int {
        let day = today
        return try await journal.read { snapshot in
            try snapshot.count(
                """
                SELECT count(*) FROM queue_ticket
                WHERE office = \(ticket.office) AND day = \(day) AND state = 'waiting' AND number < \(ticket.number)
                """
            )
        }
    }
}

extension Optional where Wrapped: Sendable {
    fileprivate func asyncFlatMap<T>(_ transform: (Wrapped) async throws -> T?) async rethrows -> T? {
        guard let value = self else { return nil }
        return try await transform(value)
    }
}
