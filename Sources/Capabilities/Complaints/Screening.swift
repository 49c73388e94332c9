// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Essentials
import Identity
import Journal
import Storage

/// Acts of those who read reports first, and move cases between agencies.
extension Complaints {
    /// Reads a report and hands it to the agency that answers for it; its clock for an answer begins.
    public func verify(_ docket: String, agency: String? = nil, key: String? = nil, by officer: Officer) async throws {
        try await act(on: docket, key: key) { act, complaint in
            try require(officer, screens: complaint)
            try require(complaint, in: [.received], Text(id: "Meneruskan", en: "Forwarding"))
            let target = agency ?? complaint.agency
            guard city.agencies[target] != nil else { throw Self.unknownAgency }
            var clock = complaint.clock
            clock.meet("verification", at: act.now)
            clock.start("answer", at: act.now)
            let facts = state(
                complaint,
                stage: .forwarded,
                clock: clock,
                now: act.now,
                more: [
                    "agency": .string(target), "rule": JSON(target == complaint.agency ? complaint.rule : 0),
                ]
            )
            try act.append("complaint.verified", to: complaint.stream, by: officer.actor, facts: facts)
            try tellAll(complaint, .verified, ["agency": Text(same: agencyName(target))], in: act)
        }
    }

    /// Hands a case to another agency, with a reason; no clock begins anew.
    public func forward(_ docket: String, to agency: String, reason: String, key: String? = nil, by officer: Officer) async throws {
        try await act(on: docket, key: key) { act, complaint in
            try require(officer, mayWorkOn: complaint)
            try require(complaint, in: [.received, .forwarded, .working, .scheduled], Text(id: "Meneruskan", en: "Forwarding"))
            guard city.agencies[agency] != nil else { throw Self.unknownAgency }
            let text = try require(reason, field: "text", limit: 500)
            var clock = complaint.clock
            if complaint.stage == .received {
                clock.meet("verification", at: act.now)
                clock.start("answer", at: act.now)
            }
            try act.append(
                "complaint.forwarded",
                to: complaint.stream,
                by: officer.actor,
                facts: state(complaint, stage: .forwarded, clock: clock, now: act.now, more: ["agency": .string(agency), "rule": 0]),
                inner: ["text": .string(text)]
            )
            try tellAll(complaint, .forwarded, ["agency": Text(same: agencyName(agency))], in: act)
        }
    }

    /// Sends a case back to those who forwarded it: the wrong agency is never a dead end.
    public func sendBack(_ docket: String, reason: String, key: String? = nil, by officer: Officer) async throws {
        try await act(on: docket, key: key) { act, complaint in
            try require(officer, mayWorkOn: complaint)
            try require(complaint, in: [.forwarded, .working, .scheduled], Text(id: "Mengembalikan", en: "Sending back"))
            let text = try require(reason, field: "text", limit: 500)
            var clock = complaint.clock
            clock.reopen("verification")
            try act.append(
                "complaint.sent-back",
                to: complaint.stream,
                by: officer.actor,
                facts: state(
                    complaint,
                    stage: .received,
                    clock: clock,
                    now: act.now,
                    more: ["agency": .string(city.complaints.screeningAgency), "rule": 0]
                ),
                inner: ["text": .string(text)]
            )
        }
    }

    /// Gives a case another kind. Routing is run again and names its rule; the clock keeps what has run, and only its
    /// limit follows the new class.
    public func recategorise(_ docket: String, to code: String, key: String? = nil, by officer: Officer) async throws {
        try await act(on: docket, key: key) { act, complaint in
            try require(officer, mayWorkOn: complaint)
            try require(complaint, in: [.received, .forwarded, .working, .scheduled], Text(id: "Mengganti jenis", en: "Changing the kind"))
            guard let category = city.complaints.category(code) else {
                throw Problem.fields([Problem.Field("category", Text(id: "Pilih jenis yang ada", en: "Choose a kind that exists"))])
            }
            var clock = complaint.clock
            if category.classification != complaint.classification {
                clock.govern("resolution", by: city.complaints.promise("resolution", for: category.classification))
            }
            let route = city.complaints.route(category, district: complaint.district, city: city.agencies)
            let isHidden = category.isConfidential && !complaint.isConfidential
            try act.append(
                "complaint.recategorised",
                to: complaint.stream,
                by: officer.actor,
                facts: state(
                    complaint,
                    stage: complaint.stage,
                    clock: clock,
                    now: act.now,
                    more: [
                        "category": .string(category.code), "classification": .string(category.classification.rawValue),
                        "from": .string(complaint.category), "agency": JSON(route?.agency ?? complaint.agency),
                        "rule": JSON(route?.rule.number ?? 0),
                    ].merging(isHidden ? confidentialFacts(category.code) : [:]) { $1 }
                )
            )
            if isHidden { try hideBelonging(to: complaint, by: officer.actor, in: act) }
        }
    }

    /// Closes a case that is not fixed, saying why; never counted as success. One that was matter of a legal case is closed again
    /// for another reason when that is over, and its reporter may react anew.
    public func closeUnfixed(_ docket: String, reason: String, text: String, key: String? = nil, by officer: Officer) async throws {
        try await act(on: docket, key: key) { act, complaint in
            try require(officer, mayWorkOn: complaint)
            let isAgain = isEvidence(complaint)
            if !isAgain {
                try require(complaint, in: [.received, .forwarded, .working, .scheduled, .waiting], Text(id: "Menutup", en: "Closing"))
            }
            guard let known = city.complaints.reasons.first(where: { $0.code == reason }), !(isAgain && known.isEvidence) else {
                throw Problem.fields([Problem.Field("reason", Text(id: "Pilih sebabnya", en: "Choose the reason"))])
            }
            let text = try require(text, field: "text")
            var clock = complaint.clock
            clock.resume(at: act.now)
            for promise in ["verification", "answer", "resolution"] { clock.meet(promise, at: act.now) }
            // What was merged, taken back or archived stays so: there is nothing new to react to.
            let ended = isAgain && complaint.stage == .closed && complaint.outcome != .notFixed ? complaint.outcome : nil
            if ended == nil { clock.start("reaction", at: act.now) }
            try act.append(
                "complaint.closed-unfixed",
                to: complaint.stream,
                by: officer.actor,
                facts: state(
                    complaint,
                    stage: ended == nil ? .resolved : .closed,
                    clock: clock,
                    now: act.now,
                    outcome: ended ?? .notFixed,
                    more: ["reason": .string(known.code)]
                ),
                inner: ["text": .string(text)]
            )
            try tellAll(complaint, .closedUnfixed, ["reason": known.label], in: act)
        }
    }

    /// Joins a complaint to another that says the same; whoever reported it, and those who follow it, follow the other from now on.
    public func merge(_ docket: String, into other: String, key: String? = nil, by officer: Officer) async throws {
        try await act(on: docket, key: key) { act, complaint in
            try require(officer, mayWorkOn: complaint)
            try require(complaint, in: [.received, .forwarded, .working, .scheduled, .waiting], Text(id: "Menggabungkan", en: "Merging"))
            guard let number = Docket(other)?.description, number != docket, let target = try Self.find(number, in: act.snapshot),
                officer.sees(agency: target.agency, district: target.district), target.stage != .unconfirmed, target.stage != .closed
            else {
                throw Problem.fields([
                    Problem.Field(
                        "into",
                        Text(
                            id: "Tulis nomor berkas lain yang masih berjalan: yang ditarik, digabung, atau ditutup tidak ditangani lagi",
                            en: "Write the number of another case that is still handled: not one withdrawn, merged or closed"
                        )
                    )
                ])
            }
            guard target.isConfidential == complaint.isConfidential else {
                throw Problem.fields([
                    Problem.Field(
                        "into",
                        Text(
                            id: "Laporan rahasia tidak bisa digabung dengan yang terbuka",
                            en: "A confidential report cannot join a public one"
                        )
                    )
                ])
            }
            var clock = complaint.clock
            clock.resume(at: act.now)
            for promise in ["verification", "answer", "resolution"] { clock.meet(promise, at: act.now) }
            try tellAll(complaint, .merged, ["other": Text(same: target.docket)], in: act)
            try act.append(
                "complaint.merged",
                to: complaint.stream,
                by: officer.actor,
                facts: state(
                    complaint,
                    stage: .closed,
                    clock: clock,
                    now: act.now,
                    outcome: .duplicate,
                    more: ["into": .string(target.docket)]
                )
            )
            try act.append(
                "complaint.joined",
                to: target.stream,
                by: officer.actor,
                facts: ["docket": .string(target.docket), "other": .string(docket)]
            )
            guard let report = try report(of: complaint, in: act.snapshot), let contact = report.contact.address else { return }
            try act.append(
                "complaint.followed",
                to: target.stream,
                by: .system,
                facts: ["docket": .string(target.docket)],
                personal: Personal(
                    of: complaint.person,
                    ["contact": .string(contact), "language": .string(report.language.rawValue)]
                )
            )
        }
    }

    /// Splits off a part for another agency as a case of its own; the parts know each other.
    public func split(_ docket: String, agency: String, text: String, key: String? = nil, by officer: Officer) async throws {
        guard let report = try await journal.read({ snapshot in try self.report(of: Self.require(docket, in: snapshot), in: snapshot) })
        else { throw Self.noSuchCase }
        try await act(on: docket, key: key) { act, complaint in
            try require(officer, mayWorkOn: complaint)
            try require(complaint, in: [.received, .forwarded, .working, .scheduled], Text(id: "Memecah", en: "Splitting"))
            guard city.agencies[agency] != nil else { throw Self.unknownAgency }
            let children = try act.snapshot.count(
                "SELECT count(*) FROM complaint WHERE parent = \(docket) AND outcome IS DISTINCT FROM 'duplicate'"
            )
            guard children < 10 else {
                throw Problem(
                    "complaint.too-many-parts",
                    .conflict,
                    Text(id: "Berkas ini sudah punya 10 bagian", en: "This case has 10 parts already")
                )
            }
            var part = report
            // The part is of the kind that the case is now, and as confidential as the case is now.
            part.category = complaint.category
            part.isConfidential = complaint.isConfidential
            part.story = try require(text, field: "text")
            part.photos = []
            let new = try newDocket(in: act)
            try open(
                part,
                docket: new,
                person: complaint.person,
                accessHash: complaint.accessHash,
                at: act.now,
                by: officer.actor,
                isConfirmed: true,
                isProven: try isProven(complaint, in: act.snapshot) && !isReleased(docket, in: act.snapshot),
                parent: docket,
                agency: agency,
                in: act
            )
            try act.append(
                "complaint.split",
                to: complaint.stream,
                by: officer.actor,
                facts: ["docket": .string(docket), "part": .string(new), "agencyOfPart": .string(agency)]
            )
        }
    }

    /// Takes a text or photos out of public view; what was there stays in the journal, and that it was done is public.
    ///
    /// - Parameter seen: the text that was edited; when another has changed it since, nothing is overwritten.
    public func redact(
        _ docket: String,
        story: String,
        seen: String? = nil,
        keeping photos: [String],
        key: String? = nil,
        by officer: Officer
    ) async throws {
        try await act(on: docket, key: key) { act, complaint in
            guard officer.roles.contains(.screener) else { throw Self.notAllowed }
            if let seen, seen != complaint.story ?? "" {
                throw Problem(
                    "complaint.changed",
                    .conflict,
                    Text(id: "Teks ini sudah diubah orang lain", en: "Somebody else has changed this text"),
                    remedy: Text(
                        id: "Yang berlaku sekarang ada di percakapan di atas. Bandingkan, lalu simpan lagi.",
                        en: "What holds now stands in the conversation above. Compare, then save again."
                    )
                )
            }
            guard !complaint.isConfidential else {
                throw Problem(
                    "complaint.confidential",
                    .conflict,
                    Text(id: "Laporan rahasia tidak ditampilkan", en: "A confidential report is not shown")
                )
            }
            let story = try require(story, field: "story")
            let kept = complaint.photos.filter(photos.contains)
            try act.append(
                "complaint.redacted",
                to: complaint.stream,
                by: officer.actor,
                facts: ["docket": .string(docket), "photosHidden": JSON(complaint.photos.count - kept.count)],
                // What is left of the reporter's words is still theirs.
                personal: Personal(of: complaint.person, ["story": .string(story), "photos": .string(kept.joined(separator: ","))])
            )
        }
    }

    static let unknownAgency = Problem.fields([Problem.Field("agency", Text(id: "Pilih instansi", en: "Choose an agency"))])
    /// The role of an officer does not reach so far.
    public static let notAllowed = Problem(
        "officer.not-allowed",
        .forbidden,
        Text(id: "Peran Anda tidak boleh melakukan ini", en: "Your role may not do this")
    )

    private func require(_ officer: Officer, screens complaint: Complaint) throws {
        guard officer.roles.contains(.screener) || officer.mayWork(agency: complaint.agency, district: complaint.district) else {
            throw Self.notAllowed
        }
    }
}
