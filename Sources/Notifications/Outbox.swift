// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Journal
import Logging
import ServiceLifecycle
import Storage

/// Something to tell somebody, by a channel that they gave.
public struct Message: Sendable {
    /// How to reach somebody.
    public enum Channel: String, Sendable {
        /// Electronic mail.
        case mail
        /// A short message to a telephone.
        case sms
    }

    /// How.
    public let channel: Channel
    /// The address or the number in international form.
    public let recipient: String
    /// The subject; unused for SMS.
    public let subject: String
    /// The text; for SMS at most 160 characters.
    public let body: String
    /// The case that it is about.
    public let docket: String
    /// Whether it tells of an erasure (UU 27/2022 art. 45): the next of its reader's data leaves it where it is.
    public let outlivesErasure: Bool

    /// Something to tell somebody.
    public init(channel: Channel, recipient: String, subject: String, body: String, docket: String, outlivesErasure: Bool = false) {
        self.channel = channel
        self.recipient = recipient
        self.subject = subject
        self.body = body
        self.docket = docket
        self.outlivesErasure = outlivesErasure
    }
}

/// Takes messages to where they are read.
public protocol Carrier: Sendable {
    /// Hands a message over; throws when it was not taken. May be called twice for one message.
    func deliver(_ message: Message, id: String) async throws
}

/// Why a message was not taken: at which step, and what was answered. Goes into the log and onto the desk, so it holds neither
/// the recipient nor the text.
public struct DeliveryFailure: Error, CustomStringConvertible {
    /// What was being done.
    public let step: String
    /// What happened.
    public let cause: String

    /// A failure at a step.
    public init(step: String, cause: String) {
        self.step = step
        self.cause = cause
    }

    /// Both in one line.
    public var description: String { "\(step): \(cause)" }
}

/// Messages waiting to go out. They are written in the transaction of the act that they tell of, so that none is lost
/// and none is sent for an act that did not happen.
public struct Outbox: Sendable {
    /// The table of messages.
    public static let migrations = [
        Migration(
            "20261124-c-outbox",
            """
            CREATE TABLE outbox (
                id TEXT NOT NULL PRIMARY KEY,
                channel TEXT NOT NULL,
                docket TEXT NOT NULL,
                sealed BLOB,
                created_at INTEGER NOT NULL,
                next_at INTEGER NOT NULL,
                attempts INTEGER NOT NULL,
                state TEXT NOT NULL,
                failure TEXT,
                is_urgent INTEGER NOT NULL
            );
            CREATE INDEX outbox_due ON outbox (next_at) WHERE state = 'waiting';
            CREATE INDEX outbox_docket ON outbox (docket);
            """
        )
    ]

    /// Tries before a message is given up: with doubling pauses from 30 seconds, about a day.
    public static let attempts = 12

    private let journal: Journal
    private let quiet: QuietHours?

    /// The outbox of a city.
    ///
    /// - Parameter quiet: hours in which no SMS goes out but the urgent ones.
    public init(journal: Journal, quiet: QuietHours? = nil) {
        self.journal = journal
        self.quiet = quiet
    }

    /// Puts a message into the outbox within an act.
    ///
    /// - Parameters:
    ///   - isUrgent: whether it goes out at night too: somebody is waiting for it.
    ///   - outlivesErasure: whether ``OutboxTraces`` leaves it, as the letter that tells of an erasure.
    public static func enqueue(
        _ message: Message,
        isUrgent: Bool = false,
        outlivesErasure: Bool = false,
        in act: Act,
        vault: Vault
    ) throws {
        let content: JSON = .compact([
            "to": .string(message.recipient), "subject": .string(message.subject), "body": .string(message.body),
            "outlives": outlivesErasure ? true : .null,
        ])
        let sealed = try vault.sealPassing(content.canonical)
        try act.operate { transaction in
            try transaction.execute(
                """
                INSERT INTO outbox (id, channel, docket, sealed, created_at, next_at, attempts, state, is_urgent)
                VALUES (\(Identifier(at: act.now).description), \(message.channel.rawValue), \(message.docket), \(sealed), \(act.now),
                    \(act.now), 0, 'waiting', \(isUrgent))
                """
            )
        }
    }

    /// Sends what waits to be told of a case at one contact to another: what waits for the night to end would tell somebody else of it.
    ///
    /// - Parameter link: where the case is found, for an SMS in the place of a mail.
    public static func redirect(
        _ docket: String,
        from old: Contact,
        to new: Contact,
        link: String,
        in act: Act,
        vault: Vault
    ) throws {
        let waiting = try act.snapshot.rows("SELECT id, channel, sealed FROM outbox WHERE docket = \(docket) AND sealed IS NOT NULL") {
            (id: try $0(0, as: String.self), channel: try $0(1, as: String.self), sealed: try $0(2, as: [UInt8].self))
        }
        for message in waiting {
            var content = try JSON(parsing: vault.openPassing(message.sealed)).object ?? [:]
            guard content["to"]?.string == old.address else { continue }
            let channel: Message.Channel = if case .phone = new { .sms } else { .mail }
            if message.channel != channel.rawValue {
                if channel == .mail {
                    content["subject"] = .string(docket)
                } else {
                    content["body"] = .string("\(ShortMessage.plain(content["subject"]?.string ?? docket).prefix(200)) \(link)")
                    content["subject"] = ""
                }
            }
            content["to"] = JSON(new.address)
            let sealed = try vault.sealPassing(JSON.object(content).canonical)
            try act.operate {
                try $0.execute("UPDATE outbox SET channel = \(channel.rawValue), sealed = \(sealed) WHERE id = \(message.id)")
            }
        }
    }

    /// How messages about a case fared.
    public struct Delivery: Sendable {
        /// How it went out.
        public let channel: Message.Channel
        /// `waiting`, `sent`, `delivered` (the telephone has it) or `failed`.
        public let state: String
        /// When it was written.
        public let createdAt: Instant
        /// Why the last try failed.
        public let failure: String?
        /// The case.
        public let docket: String
    }

    /// Messages that wait or were given up, oldest first.
    public func unsent() async throws -> [Delivery] {
        try await journal.read { snapshot in
            try snapshot.rows(
                "SELECT channel, state, created_at, failure, docket FROM outbox WHERE state IN ('waiting', 'failed') ORDER BY created_at LIMIT 200",
                Self.decode
            )
        }
    }

    /// How messages about a case fared, newest first.
    public func deliveries(of docket: String) async throws -> [Delivery] {
        try await journal.read { snapshot in
            try snapshot.rows(
                "SELECT channel, state, created_at, failure, docket FROM outbox WHERE docket = \(docket) ORDER BY created_at DESC LIMIT 50",
                Self.decode
            )
        }
    }

    private static func decode(_ row: Row) throws -> Delivery {
        Delivery(
            channel: Message.Channel(rawValue: try row(0, as: String.self)) ?? .mail,
            state: try row(1),
            createdAt: try row(2),
            failure: try row.optional(3),
            docket: try row(4)
        )
    }

    /// Notes what an operator says became of a message that was handed over. Its word may come before the gateway has answered us,
    /// and then counts more than that answer; what has arrived stays arrived.
    ///
    /// - Parameter failure: why it did not arrive; nil where it did.
    public func note(receipt id: String, failure: String?) async throws {
        let state = failure == nil ? "delivered" : "failed"
        try await journal.operate {
            try $0.execute(
                "UPDATE outbox SET state = \(state), failure = \(failure), sealed = NULL WHERE id = \(id) AND state <> 'delivered'"
            )
        }
    }

    /// Sends everything that is due, each message tried once.
    ///
    /// - Returns: how many messages were handed over.
    @discardableResult
    public func sendDue(by carriers: [Message.Channel: any Carrier], logger: Logger) async throws -> Int {
        var total = 0
        while !Task.isCancelled {
            let sent = try await sendSome(by: carriers, logger: logger)
            total += sent
            if sent == 0 { break }
        }
        return total
    }

    private func sendSome(by carriers: [Message.Channel: any Carrier], logger: Logger) async throws -> Int {
        let now = journal.clock.now
        let isQuiet = quiet?.contain(now) ?? false
        let due = try await journal.read { snapshot in
            try snapshot.rows(
                """
                SELECT id, channel, docket, sealed, attempts FROM outbox WHERE state = 'waiting' AND next_at <= \(now)
                    AND (\(isQuiet ? 1 : 0) = 0 OR channel = 'mail' OR is_urgent = 1) ORDER BY next_at LIMIT 50
                """
            ) {
                (
                    id: try $0(0, as: String.self), channel: try $0(1, as: String.self), docket: try $0(2, as: String.self),
                    sealed: try $0(3, as: [UInt8].self), attempts: try $0(4, as: Int.self)
                )
            }
        }
        var sent = 0
        for row in due {
            guard let channel = Message.Channel(rawValue: row.channel), let carrier = carriers[channel] else { continue }
            let content = try JSON(parsing: journal.vault.openPassing(row.sealed))
            let message = Message(
                channel: channel,
                recipient: content["to"]?.string ?? "",
                subject: content["subject"]?.string ?? "",
                body: content["body"]?.string ?? "",
                docket: row.docket,
                outlivesErasure: content["outlives"]?.bool == true
            )
            do {
                try await carrier.deliver(message, id: row.id)
                // What was sent is no longer kept: only that it was.
                try await journal.operate {
                    try $0.execute(
                        "UPDATE outbox SET state = 'sent', sealed = NULL, failure = NULL WHERE id = \(row.id) AND state = 'waiting'"
                    )
                }
                sent += 1
            } catch {
                let failure = (error as? DeliveryFailure)?.description ?? String(describing: type(of: error))
                logger.warning(
                    "message not delivered",
                    metadata: ["id": "\(row.id)", "channel": "\(row.channel)", "cause": "\(failure)"]
                )
                let attempts = row.attempts + 1
                let next = now.adding(seconds: 30 << Int64(min(attempts, 11)))
                let isGivenUp = attempts >= Self.attempts
                let state = isGivenUp ? "failed" : "waiting"
                let note = String(failure.prefix(200))
                try await journal.operate {
                    // What was given up is no longer kept either.
                    try $0.execute(
                        """
                        UPDATE outbox SET attempts = \(attempts), next_at = \(next), state = \(state), failure = \(note),
                            sealed = CASE WHEN \(isGivenUp ? 1 : 0) = 1 THEN NULL ELSE sealed END
                        WHERE id = \(row.id) AND state = 'waiting'
                        """
                    )
                }
            }
        }
        return sent
    }
}

/// The duty that sends what is due.
public struct OutboxDuty: ServiceLifecycle.Service {
    private let outbox: Outbox
    private let carriers: [Message.Channel: any Carrier]
    private let logger: Logger

    /// Sends by the given carriers.
    public init(outbox: Outbox, carriers: [Message.Channel: any Carrier], logger: Logger) {
        self.outbox = outbox
        self.carriers = carriers
        self.logger = logger
    }

    /// Looks every two seconds until the program stops.
    public func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await outbox.sendDue(by: carriers, logger: logger)
                } catch {
                    logger.error("outbox not read", metadata: ["error": "\(error)"])
                }
                try await Task.sleep(for: .seconds(2))
            }
        }
    }
}
