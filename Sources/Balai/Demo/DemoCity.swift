// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Documents
import Essentials
import Fees
import FoodPrices
import Foundation
import Identity
import Journal
import Services
import Synchronization

/// Fills an empty city with invented reports of the past year, by the same acts that people use. What happens, where and
/// when follows from a seed; only the numbers of the cases are drawn anew.
struct DemoCity {
    let hall: CityHall
    let reports: Int
    /// The picture that stands for every photo of a result.
    let picture: [UInt8]

    /// A generator whose numbers follow from its seed (SplitMix64).
    struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    /// A clock that the story sets.
    private final class StoryClock: Sendable {
        let now: Mutex<Instant>
        init(_ now: Instant) { self.now = Mutex(now) }
        func set(_ instant: Instant) { now.withLock { $0 = instant } }
        var clock: Clock { Clock { self.now.withLock { $0 } } }
    }

    /// Writes a year of reports.
    func create(progress: (Int, Int) -> Void) async throws {
        let end = hall.journal.clock.now
        let story = StoryClock(end.adding(seconds: -366 * 86_400))
        let journal = Journal(database: hall.database, vault: hall.vault, projections: hall.journal.projections, clock: story.clock)
        let complaints = Complaints(
            journal: journal,
            city: hall.city,
            files: hall.complaints.files,
            uploads: hall.uploads,
            origin: hall.complaints.origin
        )
        try await complaints.publishPromises()
        try await hall.services.publishDefinitions()
        let accounts = Accounts(journal: journal, zone: hall.city.zone)
        let offices = hall.city.agencyOrder.filter { hall.city.agency($0).district != nil }
        for member in DemoStaff.members(districtOffices: offices) {
            _ = try await accounts.create(login: member.login, name: member.name, agency: member.agency, roles: member.roles, by: .system)
        }
        var random = Seeded(state: 2026)
        let plan = (0..<reports).map { index in
            // More in the rainy months and toward the present, as a city's own curve has it.
            let days = Double.random(in: 0..<1, using: &random)
            return (
                index: index, at: end.adding(seconds: -Int64(days * days * 360 * 86_400) - Int64.random(in: 3600..<40_000, using: &random))
            )
        }.sorted { $0.at < $1.at }
        for (done, item) in plan.enumerated() {
            try await tell(item.index, at: item.at, until: end, story, complaints, accounts, &random)
            progress(done + 1, plan.count)
        }
        let services = Services(
            journal: journal,
            city: hall.city,
            files: hall.services.files,
            uploads: hall.uploads,
            origin: hall.services.origin,
            keepers: [complaints]
        )
        let fees = Fees(journal: journal, zone: hall.city.zone, happened: { act, news in try services.heard(news, in: act) })
        try await DemoApplications(services: services, fees: fees, accounts: accounts, picture: picture).create { days in
            story.set(end.adding(seconds: -days * 86_400))
        }
        if let food = FoodWatch(journal: journal, city: hall.city), let officer = try await accounts.officer(login: "petugas-pasar") {
            try await DemoFood(food: food, officer: officer).create(using: &random) { days in
                story.set(end.adding(seconds: -days * 86_400))
            }
        }
        story.set(end)
        try await hall.documents.sealPending()
        try await services.doDuties()
        try await complaints.doDuties()
        try await joinTwo(complaints, accounts)
    }

    /// Where reports stand that are handled, and that others may join.
    private static let joinable: Set<Stage> = [.received, .forwarded, .working, .scheduled]

    /// Joins one open report to another of its agency, so that a newcomer meets this end too.
    private func joinTwo(_ complaints: Complaints, _ accounts: Accounts) async throws {
        var filter = ComplaintFilter(.everyone)
        filter.isOpen = true
        let open = try await complaints.list(filter, size: 200).filter { Self.joinable.contains($0.stage) }
        for (index, first) in open.enumerated() {
            guard let second = open[(index + 1)...].first(where: { $0.agency == first.agency && $0.category == first.category }),
                let worker = try await accounts.colleagues(in: first.agency).first(where: { $0.roles.contains(.officer) })
            else { continue }
            return try await complaints.merge(first.docket, into: second.docket, by: worker)
        }
    }

    // MARK: One report

    private func tell(
        _ index: Int,
        at filedAt: Instant,
        until end: Instant,
        _ story: StoryClock,
        _ complaints: Complaints,
        _ accounts: Accounts,
        _ random: inout Seeded
    ) async throws {
        let scene = DemoScenes.all[index % DemoScenes.all.count]
        guard let category = hall.city.complaints.category(scene.category),
            let region = hall.city.regions.subdistricts.randomElement(using: &random)
        else { return }
        var report = Report()
        report.category = category.code
        report.story = scene.story
        report.channel = ["web", "web", "web", "telephone", "counter"].randomElement(using: &random) ?? "web"
        for question in category.questions {
            report.answers[question.name] = question.options.first { $0.stop == nil }?.code ?? (question.kind == .number ? "30" : "")
        }
        if category.needsPlace {
            report.district = region.parent ?? ""
            report.subdistrict = region.code
            report.address =
                "\(DemoScenes.streets.randomElement(using: &random) ?? "Jalan"), \(DemoScenes.landmarks.randomElement(using: &random) ?? "")"
            report.place = Point(
                latitude: region.centre.latitude + Double.random(in: -0.001...0.001, using: &random),
                longitude: region.centre.longitude + Double.random(in: -0.001...0.001, using: &random)
            )
            if let place = report.place, hall.city.regions.locate(place)?.code != region.code { report.place = nil }
        }
        report.isConfidential = Int.random(in: 0..<20, using: &random) == 0
        if !category.allowsAnonymous || Int.random(in: 0..<3, using: &random) > 0 { report.contact = .mail("warga\(index)@contoh.example") }
        story.set(filedAt)
        let isConfirmed = Int.random(in: 0..<40, using: &random) > 0
        let receipt = try await complaints.file(report, person: Identifier(at: filedAt), key: "demo-\(index)", isTrusted: isConfirmed)
        guard isConfirmed else { return }
        try await handle(receipt, scene, from: filedAt, until: end, story, complaints, accounts, &random)
    }

    /// Carries a report as far as its story and the present allow. Each step waits some hours or days of office time.
    private func handle(
        _ receipt: Complaints.Receipt,
        _ scene: DemoScenes.Scene,
        from start: Instant,
        until end: Instant,
        _ story: StoryClock,
        _ complaints: Complaints,
        _ accounts: Accounts,
        _ random: inout Seeded
    ) async throws {
        let docket = receipt.docket
        var now = start
        /// Lets time pass, a day at a time, so that what time does is done on its day.
        func pass(until moment: Instant) async throws {
            while now < moment {
                now = min(now.adding(seconds: 86_400), moment)
                story.set(now)
                try await complaints.keepTime(of: docket)
            }
        }
        func wait(_ hours: ClosedRange<Int>) async throws -> Bool {
            let next = now.adding(seconds: Int64(Int.random(in: hours, using: &random)) * 3600)
            guard next < end else {
                try await pass(until: end)
                return false
            }
            try await pass(until: next)
            return true
        }
        let screeners = try await accounts.colleagues(in: hall.city.complaints.screeningAgency)
        guard let screener = screeners.first(where: { $0.roles.contains(.screener) }), try await wait(2...70) else { return }
        try await complaints.verify(docket, by: screener)
        guard let complaint = try await complaints.find(docket) else { return }
        let team = try await accounts.colleagues(in: complaint.agency)
        guard let worker = team.first(where: { $0.roles.contains(.officer) }), try await wait(4...60) else { return }
        try await complaints.assign(docket, to: worker.account.description, by: worker)
        var fate = Int.random(in: 0..<100, using: &random)
        // What lies or waits is recent: even a slow city ends its old cases, late.
        let isOld = start.adding(seconds: 40 * 86_400) < end
        if isOld, fate < 8 || (26..<34).contains(fate) || (94..<98).contains(fate) {
            fate = 84
            guard try await wait(200...700) else { return }
        }
        if fate == 99 { return try await complaints.withdraw(docket) }
        // Officers join a report to one that they see.
        if fate == 98, complaint.isPublic,
            let other = try await complaints.list(
                ComplaintFilter(.desk(agency: worker.agency, districts: worker.districts.sorted())),
                size: 20
            )
            .first(where: { $0.docket != docket && $0.isPublic && Self.joinable.contains($0.stage) })
        {
            return try await complaints.merge(docket, into: other.docket, by: worker)
        }
        // Some cases lie: their promises lapse, and the ladder is climbed.
        if fate < 8 { return try await pass(until: end) }
        guard try await wait(6...120) else { return }
        try await complaints.reply(docket, text: scene.answer, by: worker)
        if complaint.isPublic, Int.random(in: 0..<4, using: &random) == 0 {
            try await complaints.follow(docket, contact: "pengikut\(docket.suffix(3))@contoh.example", language: .indonesian)
        }
        if fate < 20 {
            guard try await wait(10...60) else { return }
            try await complaints.ask(docket, text: "Mohon tulis patokan yang lebih jelas, atau kirim foto.", by: worker)
            guard fate < 17, try await wait(12...90) else { return }
            try await complaints.write(docket, text: "Tepat di depan gerbang, dekat tiang listrik. Terima kasih sudah bertanya.")
        }
        if fate < 26 {
            guard try await wait(20...100) else { return }
            try await complaints.closeUnfixed(
                docket,
                reason: fate < 23 ? "no-budget" : "not-city",
                text: "Kami sudah memeriksa. Penjelasan lengkap ada di bawah berkas ini.",
                by: worker
            )
            return try await pass(until: min(end, now.adding(seconds: 20 * 86_400)))
        }
        if fate < 50 {
            guard try await wait(10...80) else { return }
            try await complaints.schedule(
                docket,
                for: now.date(in: hall.city.zone).adding(days: Int.random(in: 2...6, using: &random)),
                text: "",
                by: worker
            )
        }
        if fate < 34 { return try await pass(until: end) }
        guard try await wait(24...260) else { return }
        var photos: [String] = []
        if hall.city.complaints.category(complaint.category)?.needsPlace == true {
            photos = [try await complaints.addPhoto(picture, person: worker.account)]
        }
        try await complaints.reportDone(docket, text: scene.result, photos: photos, by: worker)
        guard let second = team.first(where: { $0.account != worker.account }), fate < 94, try await wait(3...40) else { return }
        try await complaints.confirmDone(docket, by: second)
        guard try await wait(10...120) else { return }
        switch fate {
        case ..<40: try await complaints.dispute(docket, text: "Baru dua hari sudah rusak lagi. Mohon dilihat.")
        case ..<70: try await complaints.rate(docket, rating: 3, text: "Terima kasih, cepat.")
        case ..<80: try await complaints.rate(docket, rating: 2, text: "")
        case ..<84: try await complaints.rate(docket, rating: 1, text: "Petugasnya tidak memberi kabar.")
        default:
            guard try await wait(270...300) else { return }
            if fate < 88, complaint.isPublic { try await complaints.challenge(docket, text: "Saya lewat pagi ini, belum beres.") }
        }
    }
}
