// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Essentials
import Identity
import Journal
import Storage

/// Acts of those who work on a case.
extension Complaints {
    private static let working: Set<Stage> = [.forwarded, .working, .scheduled]

    /// Gives a case to a colleague, or takes it oneself.
    public func assign(_ docket: String, to account: String, key: String? = nil, by officer: Officer) async throws {
        try await act(on: docket, key: key) { act, complaint in
            try require(officer, mayWorkOn: complaint)
            guard complaint.stage.isOpen else { return try require(complaint, in: [], Text(id: "Menugaskan", en: "Assigning")) }
            guard let colleague = try Accounts.officer(account, in: act.snapshot),
                colleague.sees(agency: complaint.agency, district: complaint.district)
            else {
                throw Problem.fields([
                    Problem.Field("officer", Text(id: "Pilih petugas instansi ini", en: "Choose an officer of this agency"))
                ])
            }
            try act.append(
                "complaint.assigned",
                to: complaint.stream,
                by: officer.actor,
                facts: ["docket": .string(docket), "number": JSON(colleague.number)],
                inner: ["officer": .string(account)]
            )
        }
    }

    /// Writes to the reporter in the open; the first time, this keeps the promise of an answer.
    public func reply(_ docket: String, text: String, key: String? = nil, by officer: Officer) async throws {
        try await act(on: docket, key: key) { act, complaint in
            try require(officer, mayWorkOn: complaint)
            guard complaint.stage != .closed else { return try require(complaint, in: [], Text(id: "Membalas", en: "Replying")) }
            let text = try require(text, field: "text")
            var clock = complaint.clock
            clock.meet("answer", at: act.now)
            let stage: Stage = complaint.stage == .forwarded ? .working : complaint.stage
            try act.append(
                "complaint.answered",
                to: complaint.stream,
                by: officer.actor,
                facts: state(
                    complaint,
                    stage: stage,
                    clock: clock,
                    now: act.now,
                    outcome: complaint.outcome,
                    more: ["reason": JSON(complaint.reason)]
                ),
                inner: ["text": .string(text)]
            )
            try tellAll(complaint, .answered, ["agency": Text(same: agencyName(officer.agency))], in: act)
        }
    }

    /// Writes a note that only the staff can read.
    public func note(_ docket: String, text: String, key: String? = nil, by officer: Officer) async throws {
        try await act(on: docket, key: key) { act, complaint in
            try require(officer, mayWorkOn: complaint)
            try act.append(
                "complaint.noted",
                to: complaint.stream,
                by: officer.actor,
                facts: ["docket": .string(docket)],
                inner: ["text": .string(try require(text, field: "text"))]
            )
        }
    }

    /// Asks the reporter; every clock stands still until the answer, or until the question lapses.
    public func ask(_ docket: String, text: String, key: String? = nil, by officer: Officer) async throws {
        try await act(on: docket, key: key) { act, complaint in
            try require(officer, mayWorkOn: complaint)
            try require(complaint, in: Self.working.union([.received]), Text(id: "Bertanya", en: "Asking"))
            let text = try require(text, field: "text")
            var clock = complaint.clock
            clock.meet("answer", at: act.now)
            clock.pause(at: act.now, reason: Text(id: "Menunggu jawaban pelapor", en: "Waiting for the reporter’s answer"))
            try act.append(
                "complaint.asked",
                to: complaint.stream,
                by: officer.actor,
                facts: state(complaint, stage: .waiting, clock: clock, now: act.now),
                inner: ["text": .string(text)]
            )
            try tellAll(complaint, .asked, in: act)
        }
    }

    /// Plans the work for a date, which the reporter is told.
    public func schedule(_ docket: String, for date: CivilDate, text: String, key: String? = nil, by officer: Officer) async throws {
        try await act(on: docket, key: key) { act, complaint in
            try require(officer, mayWorkOn: complaint)
            try require(complaint, in: Self.working, Text(id: "Menjadwalkan", en: "Scheduling"))
            let today = act.now.date(in: city.zone)
            guard date >= today, date <= today.adding(days: 366) else {
                throw Problem.fields([
                    Problem.Field(
                        "date",
                        Text(id: "Pilih tanggal mulai hari ini sampai setahun ke depan", en: "Choose a date from today to a year ahead")
                    )
                ])
            }
            var clock = complaint.clock
            clock.meet("answer", at: act.now)
            try act.append(
                "complaint.scheduled",
                to: complaint.stream,
                by: officer.actor,
                facts: state(complaint, stage: .scheduled, clock: clock, now: act.now, more: ["scheduled": .string(date.description)]),
                inner: text.isEmpty ? nil : ["text": .string(try require(text, field: "text"))]
            )
            try tellAll(complaint, .scheduled, ["date": Text(id: date.full(.indonesian), en: date.full(.english))], in: act)
        }
    }

    /// Takes more days for the resolution, once, before it is due, with a reason that the reporter reads (UU 30/2014: an act, not a
    /// silence).
    public func extend(_ docket: String, days: Int, reason: String, key: String? = nil, by officer: Officer) async throws {
        try await act(on: docket, key: key) { act, complaint in
            try require(officer, mayWorkOn: complaint)
            guard officer.roles.contains(.head) else { throw Self.notAllowed }
            try require(complaint, in: Self.working, Text(id: "Memperpanjang", en: "Extending"))
            guard complaint.clock.extensions.isEmpty else {
                throw Problem(
                    "complaint.extended-before",
                    .conflict,
                    Text(id: "Tenggat hanya bisa diperpanjang sekali", en: "A deadline can be extended only once")
                )
            }
            if let deadline = complaint.clock.deadline("resolution", calendar: city.calendar, now: act.now), deadline.dueAt < act.now {
                throw Problem(
                    "complaint.overdue",
                    .conflict,
                    Text(
                        id: "Tenggat sudah lewat pada \(deadline.due.full(.indonesian))",
                        en: "The deadline passed on \(deadline.due.full(.english))"
                    ),
                    remedy: Text(
                        id: "Perpanjangan hanya bisa sebelum tenggat. Tulis kepada pelapor kapan ini selesai.",
                        en: "It can be extended only before it is due. Write to the reporter when it will be done."
                    )
                )
            }
            let limit = complaint.clock.promises["resolution"]?.limit.days ?? 0
            guard (1...max(1, limit)).contains(days) else {
                throw Problem.fields([
                    Problem.Field(
                        "days",
                        Text(id: "Paling banyak \(limit) hari, yaitu janji semula", en: "At most \(limit) days, as many as first promised")
                    )
                ])
            }
            let reason = try require(reason, field: "text", limit: 500)
            var clock = complaint.clock
            clock.extend(days: days, reason: Text(same: reason))
            try act.append(
                "complaint.extended",
                to: complaint.stream,
                by: officer.actor,
                facts: state(complaint, stage: complaint.stage, clock: clock, now: act.now, more: ["days": JSON(days)]),
                inner: ["text": .string(reason)]
            )
            try tellAll(complaint, .extended, ["days": Text(same: "\(days)")], in: act)
        }
    }

    /// Says that the work is done, with a photo of the result; it counts only once a second person has confirmed it.
    public func reportDone(_ docket: String, text: String, photos: [String], key: String? = nil, by officer: Officer) async throws {
        try await act(on: docket, key: key) { act, complaint in
            try require(officer, mayWorkOn: complaint)
            try require(complaint, in: Self.working, Text(id: "Melaporkan selesai", en: "Reporting it done"))
            let text = try require(text, field: "text")
            if city.complaints.category(complaint.category)?.needsPlace == true, photos.isEmpty {
                throw Problem.fields([
                    Problem.Field(
                        "photo",
                        Text(id: "Sertakan foto hasil dari titik yang sama", en: "Add a photo of the result from the same spot")
                    )
                ])
            }
            var clock = complaint.clock
            clock.meet("answer", at: act.now)
            try act.append(
                "complaint.work-reported",
                to: complaint.stream,
                by: officer.actor,
                facts: state(
                    complaint,
                    stage: .reported,
                    clock: clock,
                    now: act.now,
                    more: ["attached": photos.isEmpty ? .null : .array(photos.map(JSON.string))]
                ),
                inner: ["text": .string(text)]
            )
            try attach(photos, to: docket, in: act)
        }
    }

    /// Confirms as a second person that the work is done.
    public func confirmDone(_ docket: String, key: String? = nil, by officer: Officer) async throws {
        try await act(on: docket, key: key) { act, complaint in
            try require(officer, mayWorkOn: complaint)
            try require(complaint, in: [.reported], Text(id: "Mengonfirmasi", en: "Confirming"))
            guard complaint.reportedBy != officer.account.description else {
                throw Problem(
                    "complaint.same-person",
                    .conflict,
                    Text(id: "Yang melaporkan selesai tidak boleh mengonfirmasinya", en: "Whoever reported it done may not confirm it"),
                    remedy: Text(
                        id: "Minta rekan atau kepala instansi memeriksa fotonya.",
                        en: "Ask a colleague or the head of the agency to check the photo."
                    )
                )
            }
            var clock = complaint.clock
            clock.meet("resolution", at: act.now)
            clock.start("reaction", at: act.now)
            try act.append(
                "complaint.done",
                to: complaint.stream,
                by: officer.actor,
                facts: state(complaint, stage: .resolved, clock: clock, now: act.now, outcome: .fixed, more: ["reason": .null])
            )
            let reaction = clock.promises["reaction"]?.limit.text ?? Text(same: "")
            try tellAll(complaint, .done, ["days": reaction], in: act)
        }
    }

    /// Finds that the work is not done after all.
    public func rejectDone(_ docket: String, reason: String, key: String? = nil, by officer: Officer) async throws {
        try await act(on: docket, key: key) { act, complaint in
            try require(officer, mayWorkOn: complaint)
            try require(complaint, in: [.reported], Text(id: "Menolak hasil", en: "Rejecting the result"))
            let text = try require(reason, field: "text", limit: 500)
            try act.append(
                "complaint.done-rejected",
                to: complaint.stream,
                by: officer.actor,
                facts: state(complaint, stage: .working, clock: complaint.clock, now: act.now),
                inner: ["text": .string(text)]
            )
        }
    }

    /// Why personal data is looked at.
    public static let purposes: [(code: String, name: Text)] = [
        ("contact", Text(id: "Menghubungi pelapor", en: "Contacting the reporter")),
        ("field", Text(id: "Memeriksa lapangan", en: "Checking the place")),
        ("screening", Text(id: "Memeriksa laporan", en: "Checking the report")),
        ("audit", Text(id: "Pemeriksaan", en: "Audit")),
    ]

    /// What a look at data was for, in words; that a confidential report was read is no purpose to choose.
    public static func purposeName(_ code: String) -> Text? {
        code == reading
            ? Text(id: "Membuka laporan rahasia ini", en: "Opened this confidential report") : purposes.first { $0.code == code }?.name
    }

    private static let reading = "reading"

    /// Records that an officer opened a confidential report, whose words are sealed; once a day for each officer, so that the list
    /// says something. What everybody may read is not recorded.
    public func recordView(_ docket: String, by officer: Officer) async throws {
        try await journal.commit { act in
            let complaint = try Self.require(docket, in: act.snapshot)
            guard officer.sees(agency: complaint.agency, district: complaint.district) else { throw Self.notAllowed }
            guard complaint.isConfidential else { return }
            let today = act.now.date(in: city.zone).description
            let key = "view:\(docket):\(officer.account):\(today)"
            guard try act.snapshot.count("SELECT count(*) FROM idempotency WHERE key = \(key)") == 0 else { return }
            try act.append("complaint.viewed", to: complaint.stream, by: officer.actor, facts: ["purpose": .string(Self.reading)])
            try act.operate { try $0.execute("INSERT INTO idempotency (key, result, at) VALUES (\(key), '', \(act.now))") }
        }
    }

    /// Opens the reporter's data for an officer, and records that it was done, by whom and why.
    public func openPersonalData(_ docket: String, purpose: String, by officer: Officer) async throws -> Report? {
        guard Self.purposes.contains(where: { $0.code == purpose }) else {
            throw Problem.fields([Problem.Field("purpose", Text(id: "Pilih keperluannya", en: "Choose what it is for"))])
        }
        return try await journal.commit { act in
            let complaint = try Self.require(docket, in: act.snapshot)
            guard officer.sees(agency: complaint.agency, district: complaint.district) else { throw Self.notAllowed }
            try act.append("complaint.viewed", to: complaint.stream, by: officer.actor, facts: ["purpose": .string(purpose)])
            return try report(of: complaint, in: act.snapshot)
        }
    }
}
