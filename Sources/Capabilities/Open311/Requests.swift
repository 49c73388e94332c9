// SPDX-License-Identifier: EUPL-1.2

import Cases
import Complaints
import Definitions
import Essentials
import Foundation
import HTTPTypes
import Hummingbird
import Journal
import Web

/// Reports, read and written as the standard says. The read side never shows who reported.
extension GeoReport {
    /// The longest time that one question may span, and the most rows it is answered with.
    private static let span: Int64 = 90 * 86_400
    private static let limit = 1000

    func requests(_ request: Request) async throws -> Tree {
        if let ids = request.query("service_request_id") {
            var found: [Tree] = []
            for id in ids.split(separator: ",").prefix(Self.limit) {
                if let docket = Docket(String(id)), let complaint = try await complaints.find(docket.description), complaint.isPublic {
                    found.append(self.request(complaint))
                }
            }
            if found.isEmpty { throw Refusal(status: .notFound, description: "service_request_id \(ids) is not known") }
            return .list("service_requests", found)
        }
        let (start, end) = try span(request)
        var filter = ComplaintFilter(.everyone)
        filter.filedFrom = start
        filter.filedBefore = end.adding(seconds: 1)
        let states = Set((request.query("status") ?? "open,closed").split(separator: ",").map(String.init))
        guard states.isSubset(of: ["open", "closed"]) else { throw Refusal(status: .badRequest, description: "status is open or closed") }
        if states.count == 1 { filter.isOpen = states.contains("open") }
        let codes = request.query("service_code")?.split(separator: ",").map(String.init) ?? []
        for code in codes where city.complaints.category(code) == nil {
            throw Refusal(status: .notFound, description: "service_code \(code) is not known")
        }
        filter.categories = Set(codes)
        let rows = try await complaints.list(filter, page: try page(request), size: try pageSize(request))
        return .list("service_requests", rows.map(self.request))
    }

    /// The time that a question spans, 90 days at most as the standard says. One date alone is a beginning or an end of 90 days;
    /// more is refused, since an answer with a part left out would look whole.
    private func span(_ request: Request) throws -> (start: Instant, end: Instant) {
        let now = complaints.journal.clock.now
        let (first, last) = (try moment(request, "start_date"), try moment(request, "end_date"))
        let end = last ?? first.map { min(now, $0.adding(seconds: Self.span)) } ?? now
        let start = first ?? end.adding(seconds: -Self.span)
        guard start <= end || (last == nil && start > now) else {
            throw Refusal(status: .badRequest, description: "start_date is after end_date")
        }
        guard start.adding(seconds: Self.span + 86_400) > end else {
            throw Refusal(status: .badRequest, description: "start_date and end_date may not span more than 90 days")
        }
        return (start, end)
    }

    private func page(_ request: Request) throws -> PageNumber {
        guard let text = request.query("page") else { return .first }
        guard let page = PageNumber(text) else {
            throw Refusal(status: .badRequest, description: "page is a number from 1 to \(PageNumber.bounds.upperBound)")
        }
        return page
    }

    private func pageSize(_ request: Request) throws -> Int {
        guard let text = request.query("page_size") else { return Self.limit }
        guard let size = Int(outside: text, in: 1...Self.limit) else {
            throw Refusal(status: .badRequest, description: "page_size is a number from 1 to \(Self.limit)")
        }
        return size
    }

    private func moment(_ request: Request, _ name: String) throws -> Instant? {
        guard let text = request.query(name) else { return nil }
        // A plus sign in an unescaped query arrives as a space.
        guard let instant = Instant(rfc3339: text) ?? Instant(rfc3339: text.replacing(" ", with: "+")) else {
            throw Refusal(status: .badRequest, description: "\(name) is no W3C date and time with a zone, such as 2026-11-24T00:00:00Z")
        }
        return instant
    }

    func request(_ complaint: Complaint) -> Tree {
        let category = city.complaints.category(complaint.category)
        return .object(
            "request",
            [
                ("service_request_id", .text(complaint.docket)), ("status", .text(complaint.stage.isOpen ? "open" : "closed")),
                ("status_notes", .text(complaint.outcome.map(\.name.id) ?? complaint.stage.name.id)),
                ("service_name", .text(category?.name.id ?? complaint.category)),
                ("service_code", .text(complaint.category)), ("description", .text(complaint.story)),
                ("agency_responsible", .text(city.agency(complaint.agency).name)),
                ("service_notice", .absent), ("requested_datetime", .text(complaint.filedAt.rfc3339(in: city.zone))),
                ("updated_datetime", .text((complaint.endedAt ?? complaint.updatedAt).rfc3339(in: city.zone))),
                ("expected_datetime", .text(complaint.resolutionDue?.rfc3339(in: city.zone))),
                ("address", .text(complaint.address.isEmpty ? nil : complaint.address)),
                ("address_id", .absent), ("zipcode", .text(complaint.subdistrict.flatMap { city.regions[$0]?.postalCode })),
                ("lat", complaint.place.map { .decimal($0.latitude) } ?? .absent),
                ("long", complaint.place.map { .decimal($0.longitude) } ?? .absent),
                ("media_url", .text(complaint.photos.first.map { "\(origin)/berkas/\(complaint.docket)/foto/\($0)" })),
            ]
        )
    }

    func file(_ form: Form) async throws -> Tree {
        let client = try self.client(form)
        guard !form["service_code"].isEmpty else { throw Refusal(status: .badRequest, description: "service_code was not provided") }
        guard let category = city.complaints.category(form["service_code"]) else {
            throw Refusal(status: .notFound, description: "service_code \(form["service_code"]) is not known")
        }
        var report = Report()
        report.channel = "open311"
        report.category = category.code
        report.story = form["description"].isEmpty ? "\(category.name.id): \(category.description.id)" : form["description"]
        report.address = form["address_string"]
        if !form["lat"].isEmpty || !form["long"].isEmpty {
            guard let place = Point(latitude: form["lat"], longitude: form["long"]), let region = city.regions.locate(place)
            else {
                throw Refusal(status: .badRequest, description: "lat and long are no place in \(city.name.en)")
            }
            report.place = place
            report.subdistrict = region.code
            report.district = region.parent ?? ""
            if report.address.isEmpty { report.address = "\(region.name), \(place.latitude) \(place.longitude)" }
        } else if category.needsPlace {
            guard !report.address.isEmpty else {
                throw Refusal(status: .badRequest, description: "lat and long, or address_string, were not provided")
            }
            guard let region = region(in: report.address) else {
                throw Refusal(
                    status: .badRequest,
                    description: "address_string names no subdistrict of \(city.name.en); give lat and long, or add the kelurahan"
                )
            }
            report.subdistrict = region.code
            report.district = region.parent ?? ""
        }
        for question in category.questions {
            report.answers[question.name] =
                form.all("attribute[\(question.name)]").first ?? form.all("attribute[\(question.name)][]").first ?? ""
        }
        report.name = [form["first_name"], form["last_name"]].filter { !$0.isEmpty }.joined(separator: " ")
        // Both may be left out, so one that cannot be read refuses nothing; the answer says so.
        let contacts = [form["email"], form["phone"]].filter { !$0.isEmpty }
        report.contact = contacts.lazy.compactMap { Report.Contact($0) }.first ?? .none
        let notices = [
            category.elsewhere?.id,
            report.contact == .none && !contacts.isEmpty
                ? "Kontak tidak terbaca, jadi kabar tidak bisa dikirim (email or phone cannot be read: no news will be sent)" : nil,
        ].compactMap { $0 }
        // A client that tries again within a day, with the same words at the same place, finds its first case while that goes on.
        let seed = [client, form["device_id"], form["account_id"], report.json.canonical.hex]
        let receipt = try await complaints.file(
            report,
            person: Identifier(at: complaints.journal.clock.now),
            // Kept as a keyed hash only: whoever has the database alone must not find out who reported by guessing numbers.
            key: "open311:\(complaints.journal.vault.tokenHash("open311", parts: seed))",
            within: 86_400,
            isTrusted: true,
            by: Actor(role: "integration", unit: client)
        )
        return .list(
            "service_requests",
            [
                .object(
                    "request",
                    [
                        ("service_request_id", .text(receipt.docket)),
                        ("service_notice", .text(notices.isEmpty ? nil : notices.joined(separator: ". "))),
                        ("account_id", .absent),
                    ]
                )
            ]
        )
    }

    /// The subdistrict that an address names; a longer name wins over one that it contains.
    private func region(in address: String) -> Regions.Region? {
        let text = address.lowercased()
        return city.regions.subdistricts.filter { text.contains($0.name.lowercased()) }.max { $0.name.count < $1.name.count }
    }

    /// Which program writes: its key's name. Keys stand in `BALAI_OPEN311_KEYS` as name:key, with commas.
    private func client(_ form: Form) throws -> String {
        let key = form["api_key"]
        guard !key.isEmpty else { throw Refusal(status: .badRequest, description: "api_key was not provided") }
        for (name, known) in clients where constantTimeEqual(Array(known.utf8), Array(key.utf8)) { return name }
        throw Refusal(status: .forbidden, description: "api_key is not known")
    }

    // MARK: The updates extension

    private static let shown: Set<String> = [
        "complaint.filed", "complaint.confirmed", "complaint.verified", "complaint.forwarded", "complaint.answered", "complaint.asked",
        "complaint.scheduled",
        "complaint.work-reported", "complaint.done",
        "complaint.closed-unfixed", "complaint.closed", "complaint.disputed", "complaint.written",
    ]

    func updates(_ request: Request) async throws -> Tree {
        let end = try moment(request, "end_date") ?? complaints.journal.clock.now
        let start = try moment(request, "start_date") ?? end.adding(seconds: -86_400)
        var found: [Tree] = []
        for complaint in try await complaints.updated(from: start, until: end, limit: Self.limit) {
            for event in try await complaints.timeline(of: complaint, isPrivate: false, isStaff: false)
            where Self.shown.contains(event.kind) && event.at >= start && event.at <= end {
                found.append(
                    .object(
                        "request_update",
                        [
                            ("update_id", .text(event.entry)), ("service_request_id", .text(complaint.docket)),
                            ("status", .text(status(event))),
                            ("description", .text(event.text ?? "")), ("updated_datetime", .text(event.at.rfc3339(in: city.zone))),
                            ("media_url", .text(event.facts["attached"]?.array?.first?.string.map { "\(origin)/foto/\($0)" })),
                        ]
                    )
                )
            }
        }
        return .list("service_request_updates", Array(found.prefix(Self.limit)))
    }

    private func status(_ event: ComplaintEvent) -> String {
        switch event.facts["stage"]?.string {
        case "received": "OPEN"
        case "forwarded": "INVESTIGATING"
        case "working", "scheduled", "waiting", "reported": "IN_PROGRESS"
        case "resolved", "closed": event.facts["outcome"]?.string == "fixed" ? "FIXED" : "CLOSED"
        default: "OPEN"
        }
    }

    func takeUpdate(_ form: Form) async throws -> Tree {
        _ = try client(form)
        guard let docket = Docket(form["service_request_id"]), let complaint = try await complaints.find(docket.description),
            complaint.isPublic
        else {
            throw Refusal(status: .notFound, description: "service_request_id \(form["service_request_id"]) is not known")
        }
        guard !form["update_id"].isEmpty else { throw Refusal(status: .badRequest, description: "update_id was not provided") }
        if form["status"].uppercased() == "OPEN", complaint.stage == .resolved || complaint.stage == .closed {
            try await complaints.challenge(complaint.docket, text: form["description"], key: "open311:\(form["update_id"])")
        } else {
            try await complaints.write(complaint.docket, text: form["description"], key: "open311:\(form["update_id"])")
        }
        return .list("service_request_updates", [.object("request_update", [("update_id", .text(form["update_id"]))])])
    }
}
