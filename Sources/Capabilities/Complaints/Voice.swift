// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Essentials
import Identity
import Journal
import Storage

/// Acts of residents: the reporter's own, and those open to anyone.
extension Complaints {
    /// Whether a key is the reporter's.
    public func holds(_ key: String?, of complaint: Complaint) -> Bool {
        guard let key else { return false }
        return constantTimeEqual(Array(journal.vault.tokenHash(key).utf8), Array(complaint.accessHash.utf8))
    }

    /// The reporter writes; a question that was open is answered by it, and the clocks run again.
    public func write(_ docket: String, text: String, photos: [String] = [], key: String? = nil) async throws {
        try await act(on: docket, key: key, of: .string(text)) { act, complaint in
            let text = try require(text, field: "text")
            guard complaint.stage != .closed else { return try require(complaint, in: [], Text(id: "Menulis", en: "Writing")) }
            var clock = complaint.clock
            var stage = complaint.stage
            if stage == .waiting {
                clock.resume(at: act.now)
                stage = clock.promises["verification"]?.met == nil ? .received : .working
            }
            try act.append(
                "complaint.written",
                to: complaint.stream,
                by: .resident,
                facts: state(
                    complaint,
                    stage: stage,
                    clock: clock,
                    now: act.now,
                    outcome: complaint.outcome,
                    more: [
                        "reason": JSON(complaint.reason), "attached": photos.isEmpty ? .null : .array(photos.map(JSON.string)),
                    ]
                ),
                personal: Personal(of: complaint.person, ["text": .string(text)])
            )
            try attach(photos, to: docket, in: act)
        }
    }

    /// The reporter judges the handling: 1 not good, 2 fair, 3 good.
    public func rate(_ docket: String, rating: Int, text: String, key: String? = nil) async throws {
        try await act(on: docket, key: key) { act, complaint in
            guard (1...3).contains(rating) else {
                throw Problem.fields([Problem.Field("rating", Text(id: "Pilih salah satu nilai", en: "Choose one of the ratings"))])
            }
            try require(complaint, in: [.resolved, .closed], Text(id: "Menilai", en: "Rating"))
            guard text.count <= 1000 else {
                throw Problem.fields([Problem.Field("text", Text(id: "Paling panjang 1.000 huruf", en: "At most 1,000 characters"))])
            }
            // A good verdict ends the wait for one; a bad one leaves the door to a dispute open.
            let stage: Stage = rating == 1 ? complaint.stage : .closed
            var clock = complaint.clock
            if stage == .closed { clock.meet("reaction", at: act.now) }
            try act.append(
                "complaint.rated",
                to: complaint.stream,
                by: .resident,
                facts: state(
                    complaint,
                    stage: stage,
                    clock: clock,
                    now: act.now,
                    outcome: complaint.outcome,
                    more: ["reason": JSON(complaint.reason), "rating": JSON(rating)]
                ),
                personal: text.isEmpty ? nil : Personal(of: complaint.person, ["text": .string(text)])
            )
        }
    }

    /// The last moment at which the reporter may say “not fixed”; nil when the case is not done.
    public func disputableUntil(_ complaint: Complaint) -> Instant? {
        guard complaint.stage == .resolved || complaint.stage == .closed, complaint.outcome == .fixed || complaint.outcome == .notFixed
        else { return nil }
        return complaint.clock.deadline("reaction", calendar: city.calendar, now: journal.clock.now)?.dueAt
    }

    /// The reporter says that it is not fixed: within the window the case opens again, and its clock runs on.
    public func dispute(_ docket: String, text: String, photos: [String] = [], key: String? = nil) async throws {
        try await act(on: docket, key: key, of: .string(text)) { act, complaint in
            let text = try require(text, field: "text")
            guard let last = disputableUntil(complaint), act.now <= last else {
                throw Problem(
                    "complaint.window-closed",
                    .conflict,
                    Text(id: "Waktu untuk membuka kembali berkas ini sudah lewat", en: "The time to reopen this case has passed"),
                    remedy: Text(
                        id: "Buat laporan baru dan sebut nomor ini, atau adukan ke Ombudsman.",
                        en: "Make a new report naming this number, or turn to the Ombudsman."
                    )
                )
            }
            var clock = complaint.clock
            clock.reopen("resolution")
            clock.meet("reaction", at: act.now)
            try act.append(
                "complaint.disputed",
                to: complaint.stream,
                by: .resident,
                facts: state(
                    complaint,
                    stage: .working,
                    clock: clock,
                    now: act.now,
                    more: ["attached": photos.isEmpty ? .null : .array(photos.map(JSON.string))]
                ),
                personal: Personal(of: complaint.person, ["text": .string(text)])
            )
            try attach(photos, to: docket, in: act)
        }
    }

    /// The reporter takes the report back.
    public func withdraw(_ docket: String, key: String? = nil) async throws {
        try await act(on: docket, key: key) { act, complaint in
            try require(
                complaint,
                in: [.unconfirmed, .received, .forwarded, .working, .scheduled, .waiting],
                Text(id: "Menarik laporan", en: "Withdrawing")
            )
            var clock = complaint.clock
            clock.resume(at: act.now)
            try act.append(
                "complaint.withdrawn",
                to: complaint.stream,
                by: .resident,
                facts: state(
                    complaint,
                    stage: .closed,
                    clock: clock,
                    now: act.now,
                    outcome: .withdrawn
                )
            )
        }
    }

    /// Anyone follows a public complaint, instead of filing it again.
    public func follow(_ docket: String, contact text: String, language: Language) async throws {
        let address = try Contact(required: text).address ?? ""
        let index = journal.vault.blindIndex(address)
        try await act(on: docket, key: nil) { act, complaint in
            guard complaint.isPublic else { throw Self.noSuchCase }
            guard
                try act.snapshot.count("SELECT count(*) FROM complaint_follower WHERE docket = \(docket) AND contact_index = \(index)") == 0
            else { return }
            try act.append(
                "complaint.followed",
                to: complaint.stream,
                by: .resident,
                facts: ["docket": .string(docket)],
                personal: Personal(of: Identifier(at: act.now), ["contact": .string(address), "language": .string(language.rawValue)])
            )
        }
    }

    /// Anyone says that a place called fixed is not; counted in the open, and the agency is told.
    public func challenge(_ docket: String, text: String, key: String? = nil) async throws {
        try await act(on: docket, key: key, of: .string(text)) { act, complaint in
            guard complaint.isPublic else { throw Self.noSuchCase }
            try require(complaint, in: [.resolved, .closed], Text(id: "Menyanggah", en: "Challenging"))
            let text = try require(text, field: "text", limit: 1000)
            try act.append(
                "complaint.challenged",
                to: complaint.stream,
                by: .resident,
                facts: ["docket": .string(docket)],
                personal: Personal(of: Identifier(at: act.now), ["text": .string(text)])
            )
        }
    }
}
