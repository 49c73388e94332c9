// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// A whole city as its pack defines it: checked, immutable, shared by every request.
public struct City: Sendable {
    /// A short name for files and addresses: `medan`.
    public let code: String
    /// “Kota Medan”.
    public let name: Text
    /// How the city can be reached without internet.
    public let contact: Contact
    /// The centre of the map.
    public let centre: Point
    /// Every agency, by its code.
    public let agencies: [String: Agency]
    /// Agencies in the order of the pack.
    public let agencyOrder: [String]
    /// Districts and subdistricts.
    public let regions: Regions
    /// Working days.
    public let calendar: WorkingCalendar
    /// What can be reported, and what the city promises.
    public let complaints: ComplaintRules
    /// The words in which it writes to people.
    public let messages: Messages
    /// Its levies, which anyone can work out.
    public let levies: [Levy]
    /// What can be booked.
    public let venues: [Venue]
    /// The food whose prices it watches; nil where it watches none.
    public let foodMarkets: FoodMarkets?
    /// Services that can be applied for.
    public let services: ServiceCatalogue
    /// What it has to say at the door of a report.
    public let notices: [Notice]
    /// Hours of the night in which no SMS goes out but the urgent ones; nil where there are none.
    public let quietHours: QuietHours?
    /// How long one person may stand in where an office is vacant (Plt); nil where the city sets no limit.
    public let vacancy: Vacancy?
    /// Where pictures of the map come from; nil for our own boundaries alone.
    public let tiles: Tiles?
    /// A hash of the pack's files: the version that a case was filed under.
    public let fingerprint: String

    /// How long one person may stand in where an office is vacant (Plt).
    public struct Vacancy: Sendable {
        /// The most months of one appointment.
        public let months: Int
        /// How often it may be renewed.
        public let renewals: Int
        /// The rule.
        public let basis: Text

        /// A limit.
        public init(months: Int, renewals: Int, basis: Text) {
            self.months = months
            self.renewals = renewals
            self.basis = basis
        }
    }

    /// Something to know before reporting.
    public struct Notice: Sendable {
        /// When it is shown. Office hours are those of the calendar, with its holidays.
        public enum Hours: String, Sendable, CaseIterable {
            case always
            case officeHours = "office-hours"
            case outsideOfficeHours = "outside-office-hours"
        }

        /// When it is shown.
        public let hours: Hours
        /// What it says.
        public let text: Text
    }

    /// A server of map pictures, in the scheme of OpenStreetMap.
    public struct Tiles: Sendable {
        /// The address, with `{z}`, `{x}` and `{y}`.
        public let address: String
        /// Whose map it is, as its licence wants it said.
        public let attribution: String

        /// A server of map pictures.
        public init(address: String, attribution: String) {
            self.address = address
            self.attribution = attribution
        }

        /// The origin that pages must be allowed to load pictures from.
        public var origin: String { address.split(separator: "/", maxSplits: 3).prefix(2).joined(separator: "//") }
    }

    /// The notices to be shown at a moment.
    public func notices(at instant: Instant) -> [Notice] {
        let isOpen = calendar.isOpen(at: instant)
        return notices.filter { $0.hours == .always || ($0.hours == .officeHours) == isOpen }
    }

    /// What only the city can decide and its pack does not say, for whoever keeps the pack.
    public var undecided: [String] {
        func notice(_ file: String, _ whose: String) -> String {
            "\(file) does not say how long personal data of \(whose) is kept (`retention`). Nothing of it is erased by time."
        }
        var notices: [String] = []
        if complaints.retention == nil { notices.append(notice("complaints/promises.yaml", "reports")) }
        if services.retention == nil { notices.append(notice("services.yaml", "applications without a document")) }
        return notices
    }

    /// The city's zone.
    public var zone: TimeZoneOffset { calendar.zone }

    /// An agency; traps for a code that the pack did not define, which loading has ruled out.
    public func agency(_ code: String) -> Agency {
        agencies[code] ?? Agency(code: code, name: code, short: code, phone: nil, superior: nil, district: nil)
    }

    /// Ways to reach the city, none of which needs the internet.
    public struct Contact: Sendable {
        /// The number for emergencies, 112.
        public let emergency: String
        /// Telephone for questions and reports.
        public let telephone: String
        /// Where an SMS report goes.
        public let sms: String
        /// Where counters are, and when they are open.
        public let counters: Text
        /// The official in charge of personal data (UU 27/2022 art 53).
        public let dataProtection: String
    }
}

/// An office of the city (perangkat daerah) that answers for its work.
public struct Agency: Sendable, Hashable {
    /// A short code, stable.
    public let code: String
    /// Its official name.
    public let name: String
    /// How people call it.
    public let short: String
    /// Its telephone.
    public let phone: String?
    /// Who it answers to: the next step of escalation after its own head.
    public let superior: String?
    /// The district that it is the office of, if it is one.
    public let district: String?

    /// An agency.
    public init(code: String, name: String, short: String, phone: String?, superior: String?, district: String?) {
        self.code = code
        self.name = name
        self.short = short
        self.phone = phone
        self.superior = superior
        self.district = district
    }
}

/// Districts (kecamatan) and subdistricts (kelurahan), with their boundaries.
public struct Regions: Sendable {
    /// A district or subdistrict.
    public struct Region: Sendable {
        /// The code of the Ministry of Home Affairs: `12.71.01` or `12.71.01.1001`.
        public let code: String
        /// Its name.
        public let name: String
        /// The district that a subdistrict belongs to; nil for a district.
        public let parent: String?
        /// Its postal code, where it has one of its own.
        public let postalCode: String?
        /// A place inside it.
        public let centre: Point
        /// Its boundary.
        public let area: Area
    }

    /// Districts in the order of their codes.
    public let districts: [Region]
    /// Subdistricts in the order of their codes.
    public let subdistricts: [Region]
    private let byCode: [String: Region]

    /// Regions of a city.
    public init(districts: [Region], subdistricts: [Region]) {
        self.districts = districts
        self.subdistricts = subdistricts
        byCode = Dictionary((districts + subdistricts).map { ($0.code, $0) }, uniquingKeysWith: { $1 })
    }

    /// A region by its code.
    public subscript(_ code: String) -> Region? { byCode[code] }

    /// Subdistricts of a district.
    public func subdistricts(of district: String) -> [Region] { subdistricts.filter { $0.parent == district } }

    /// The subdistrict in which a place lies; nil outside the city.
    public func locate(_ point: Point) -> Region? { subdistricts.first { $0.area.contains(point) } }

    /// The subdistrict whose name occurs in a text; nil when none does, or several that are not told apart by their district.
    public func named(in text: String) -> Region? {
        let folded = " \(Self.folded(text)) "
        let found = subdistricts.filter { folded.contains(" \(Self.folded($0.name)) ") }
        // “Sei Rengas I” occurs in “Sei Rengas II” too: of names within names the longest is meant.
        let longest = found.map(\.name.count).max() ?? 0
        let best = found.filter { $0.name.count == longest }
        if best.count == 1 { return best[0] }
        let told = best.filter { $0.parent.flatMap { byCode[$0] }.map { folded.contains(" \(Self.folded($0.name)) ") } ?? false }
        return told.count == 1 ? told[0] : nil
    }

    /// The district whose name occurs in a text.
    public func district(namedIn text: String) -> Region? {
        let folded = " \(Self.folded(text)) "
        return districts.filter { folded.contains(" \(Self.folded($0.name)) ") }.max { $0.name.count < $1.name.count }
    }

    private static func folded(_ text: String) -> String {
        text.lowercased().map { $0.isLetter || $0.isNumber ? $0 : " " }.split(separator: " ").map { String($0) }.joined(separator: " ")
    }

    /// “Sei Rengas Permata, Medan Area”.
    public func fullName(_ code: String) -> String {
        guard let region = byCode[code] else { return code }
        guard let parent = region.parent.flatMap({ byCode[$0] }) else { return region.name }
        return "\(region.name), \(parent.name)"
    }
}
