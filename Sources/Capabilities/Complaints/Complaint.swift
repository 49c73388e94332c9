// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Essentials
import Identity
import Storage

/// Where a complaint stands. The city's words; the closed set of statuses follows from them.
public enum Stage: String, Sendable, CaseIterable {
    /// Filed; the contact is not confirmed yet.
    case unconfirmed
    /// Confirmed, waiting to be read.
    case received
    /// Read, and with the agency that answers for it.
    case forwarded
    /// Being worked on.
    case working
    /// Planned for a date.
    case scheduled
    /// Waiting for an answer of the reporter; the clocks stand still.
    case waiting
    /// Said to be done; a second person has still to confirm it.
    case reported
    /// Done or answered; the reporter may react.
    case resolved
    /// Closed.
    case closed

    /// The stage in words.
    public var name: Text {
        switch self {
        case .unconfirmed: Text(id: "Belum dikonfirmasi", en: "Not confirmed")
        case .received: Text(id: "Diterima", en: "Received")
        case .forwarded: Text(id: "Diteruskan ke dinas", en: "With the agency")
        case .working: Text(id: "Sedang dikerjakan", en: "Being worked on")
        case .scheduled: Text(id: "Dijadwalkan", en: "Scheduled")
        case .waiting: Text(id: "Menunggu jawaban pelapor", en: "Waiting for the reporter")
        case .reported: Text(id: "Hasil sedang diperiksa", en: "Result being checked")
        case .resolved: Text(id: "Selesai, menunggu penilaian", en: "Done, awaiting your verdict")
        case .closed: Text(id: "Ditutup", en: "Closed")
        }
    }

    /// Whether the city still owes something.
    public var isOpen: Bool { self != .resolved && self != .closed }
}

/// How a complaint ended.
public enum Outcome: String, Sendable, CaseIterable {
    /// The problem is gone, as a second person confirmed.
    case fixed
    /// Not fixed, for a reason that is given.
    case notFixed = "not-fixed"
    /// The same as another complaint.
    case duplicate
    /// Taken back by the reporter.
    case withdrawn
    /// Never confirmed, or no complaint.
    case invalid

    /// The outcome in words.
    public var name: Text {
        switch self {
        case .fixed: Text(id: "Selesai", en: "Fixed")
        case .notFixed: Text(id: "Ditutup, belum selesai", en: "Closed, not fixed")
        case .duplicate: Text(id: "Digabung dengan laporan lain", en: "Merged with another report")
        case .withdrawn: Text(id: "Ditarik pelapor", en: "Withdrawn by the reporter")
        case .invalid: Text(id: "Diarsipkan", en: "Archived")
        }
    }
}

/// A complaint as it stands now: one row, worked out from its entries.
public struct Complaint: Sendable {
    /// Its number.
    public let docket: String
    /// Its stream in the journal.
    public var stream: String { "complaint/\(docket)" }
    /// How many entries it has; acts on an older version are refused.
    public let version: Int
    /// Where it stands.
    public let stage: Stage
    /// How it ended.
    public let outcome: Outcome?
    /// Why it was closed unfixed, by code.
    public let reason: String?
    /// The kind of problem, by code.
    public let category: String
    /// Its class.
    public let classification: ComplaintRules.Classification
    /// The agency that answers for it.
    public let agency: String
    /// The rule of routing that chose the agency.
    public let rule: Int
    /// The officer who holds it.
    public let officer: String?
    /// District and subdistrict, by code.
    public let district: String?
    /// The subdistrict, by code.
    public let subdistrict: String?
    /// The place on the map.
    public let place: Point?
    /// Street and landmark; empty for a confidential one.
    public let address: String
    /// A short title.
    public let title: String
    /// The public text; nil for a confidential one, or when the reporter has been erased.
    public let story: String?
    /// Whether the text is hidden from the public.
    public let isConfidential: Bool
    /// Whether the name is hidden from the public.
    public let isNameHidden: Bool
    /// The name to show; nil when it is hidden.
    public let publicName: String?
    /// Whose personal data it holds.
    public let person: Identifier
    /// How it came in.
    public let channel: String
    /// When it was filed.
    public let filedAt: Instant
    /// When something last happened.
    public let updatedAt: Instant
    /// When it was resolved or closed.
    public let endedAt: Instant?
    /// The next due date of an open promise; nil when none is open or the clocks stand still.
    public let nextDue: Instant?
    /// When the resolution is due.
    public let resolutionDue: Instant?
    /// The date for which work is planned.
    public let scheduledFor: CivilDate?
    /// People who follow it.
    public let followers: Int
    /// People who said that it is not fixed.
    public let challenges: Int
    /// The complaint that it was merged into, or split from.
    public let parent: String?
    /// The reporter's verdict, 1 to 3.
    public let rating: Int?
    /// Who said that it is done, and so may not be the one to confirm it.
    public let reportedBy: String?
    /// The hash of the reporter's key.
    public let accessHash: String
    /// Its clocks as the projection wrote them; lists never read them.
    private let clockText: String
    /// The reporter's language for messages.
    public let language: Language
    /// Names of its photos that the public may see.
    public let photos: [String]
    /// The agenda number of the letter that it came in by.
    public let reference: String?

    static let columns: SQL = """
        docket, version, stage, outcome, reason, category, classification, agency, rule, officer, district,
        subdistrict, latitude, longitude, address, title, story, is_confidential, is_name_hidden, public_name, person,
        channel, filed_at, updated_at, ended_at, next_due, resolution_due, scheduled_for, followers, challenges, parent,
        rating, reported_by, access_hash, clock, language, photos, reference
        """

    init(_ row: Row) throws {
        docket = try row(0)
        version = try row(1)
        stage = Stage(rawValue: try row(2)) ?? .received
        outcome = try row.optional(3, as: String.self).flatMap(Outcome.init)
        reason = try row.optional(4)
        category = try row(5)
        classification = ComplaintRules.Classification(rawValue: try row(6)) ?? .ordinary
        agency = try row(7)
        rule = try row(8)
        officer = try row.optional(9)
        district = try row.optional(10)
        subdistrict = try row.optional(11)
        if let latitude = try row.optional(12, as: Double.self), let longitude = try row.optional(13, as: Double.self) {
            place = Point(latitude: latitude, longitude: longitude)
        } else {
            place = nil
        }
        address = try row(14)
        title = try row(15)
        story = try row.optional(16)
        isConfidential = try row(17)
        isNameHidden = try row(18)
        publicName = try row.optional(19)
        guard let person = Identifier(try row(20, as: String.self)) else { throw StorageError.statement("complaint.person") }
        self.person = person
        channel = try row(21)
        filedAt = try row(22)
        updatedAt = try row(23)
        endedAt = try row.optional(24)
        nextDue = try row.optional(25)
        resolutionDue = try row.optional(26)
        scheduledFor = try row.optional(27)
        followers = try row(28)
        challenges = try row(29)
        parent = try row.optional(30)
        rating = try row.optional(31)
        reportedBy = try row.optional(32)
        accessHash = try row(33)
        clockText = try row(34)
        language = Language(rawValue: try row(35)) ?? .indonesian
        photos = try row(36, as: String.self).split(separator: ",").map(String.init)
        reference = try row.optional(37)
    }

    /// Its clocks, read when asked for. For an act `requireClock` has seen that they can be.
    public var clock: ClockLedger { ClockLedger(json: (try? JSON(parsing: clockText.utf8)) ?? .null) }

    /// Stops an act on a case whose clocks cannot be read, before it writes others over them.
    func requireClock() throws { _ = try JSON(parsing: clockText.utf8) }

    /// Whether somebody other than the reporter and the staff may read it.
    public var isPublic: Bool { !isConfidential && stage != .unconfirmed && outcome != .invalid }
}
