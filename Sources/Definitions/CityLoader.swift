// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

extension City {
    /// Reads and checks a city's pack.
    ///
    /// - Parameter folder: the pack, such as `City/medan`.
    /// - Throws: ``PackFaults`` with every fault at once.
    public init(folder: URL) throws {
        let reader = PackReader(folder: folder)
        let loader = CityLoader(reader: reader)
        let city = loader.load()
        guard reader.diagnostics.isEmpty, let city else { throw PackFaults(diagnostics: reader.diagnostics.sorted()) }
        self = city
    }
}

/// Puts a city together from the files of its pack.
private struct CityLoader {
    let reader: PackReader

    func load() -> City? {
        let head = reader.yaml("city.yaml")
        let code = head?.string("code")
        let name = head?.text("name")
        let zone = head?.required("utc-offset").flatMap { node in
            node.string().flatMap { text -> TimeZoneOffset? in
                if let zone = TimeZoneOffset(text) { return zone }
                node.report("“\(text)” is not an offset", fix: "Write +07:00 for WIB.")
                return nil
            }
        }
        let centre = head?.required("centre").flatMap(point)
        let contact = head?.required("contact")?.mapping().flatMap(contact)
        head?.finish()
        let regions = regions()
        let agencies = agencies(districts: Set(regions.districts.map(\.code)))
        let calendar = zone.flatMap(calendar)
        let rules = ComplaintRulesLoader(
            reader: reader,
            agencies: Set(agencies.map(\.code)),
            districts: Set(regions.districts.map(\.code)),
            districtOffices: Set(agencies.compactMap(\.district))
        ).load()
        guard let code, let name, let centre, let contact, let calendar, let rules else { return nil }
        return City(
            code: code,
            name: name,
            contact: contact,
            centre: centre,
            agencies: Dictionary(agencies.map { ($0.code, $0) }, uniquingKeysWith: { $1 }),
            agencyOrder: agencies.map(\.code),
            regions: regions,
            calendar: calendar,
            complaints: rules,
            fingerprint: fingerprint(reader.content)
        )
    }

    private func contact(_ mapping: MappingReader) -> City.Contact? {
        let emergency = mapping.string("emergency")
        let telephone = mapping.string("telephone")
        let sms = mapping.string("sms")
        let counters = mapping.text("counters")
        let protection = mapping.string("data-protection")
        mapping.finish()
        guard let emergency, let telephone, let sms, let counters, let protection else { return nil }
        return City.Contact(emergency: emergency, telephone: telephone, sms: sms, counters: counters, dataProtection: protection)
    }

    private func point(_ node: NodeReader) -> Point? {
        let numbers = node.list().compactMap { $0.string() }.compactMap(Double.init)
        if numbers.count == 2, let point = Point(latitude: numbers[0], longitude: numbers[1]) { return point }
        node.report("a place is [latitude, longitude] in degrees", fix: "Write [3.5952, 98.6722].")
        return nil
    }

    // MARK: Regions

    private func regions() -> Regions {
        let rows = reader.table("regions.csv", columns: ["code", "parent", "name", "postal_code", "latitude", "longitude"])
        let areas = boundaries("boundaries/districts.geojson").merging(boundaries("boundaries/subdistricts.geojson")) { $1 }
        var districts: [Regions.Region] = []
        var subdistricts: [Regions.Region] = []
        let codes = Set(rows.compactMap { $0.fields["code"] })
        for row in rows {
            guard let code = row.fields["code"], let name = row.fields["name"], let parent = row.fields["parent"],
                let latitude = row.fields["latitude"].flatMap(Double.init),
                let longitude = row.fields["longitude"].flatMap(Double.init),
                let centre = Point(latitude: latitude, longitude: longitude)
            else {
                reader.report("regions.csv", row.line, 1, "code, name, latitude and longitude are needed", fix: "Fill them in.")
                continue
            }
            if !parent.isEmpty, !codes.contains(parent) {
                reader.report("regions.csv", row.line, 1, "the parent “\(parent)” does not exist", fix: "Add it, or correct the code.")
            }
            guard let area = areas[code] else {
                reader.report("regions.csv", row.line, 1, "“\(code)” has no boundary", fix: "Add a feature with this id to boundaries/.")
                continue
            }
            let region = Regions.Region(
                code: code,
                name: name,
                parent: parent.isEmpty ? nil : parent,
                postalCode: row.fields["postal_code"].flatMap { $0.isEmpty ? nil : $0 },
                centre: centre,
                area: area
            )
            if parent.isEmpty { districts.append(region) } else { subdistricts.append(region) }
        }
        return Regions(districts: districts, subdistricts: subdistricts)
    }

    private func boundaries(_ file: String) -> [String: Area] {
        guard let data = reader.data(file) else { return [:] }
        let document: JSON
        do {
            document = try JSON(parsing: data)
        } catch {
            reader.report(file, 1, error.offset + 1, "not JSON: \(error.expected) is needed", fix: "Export the layer as GeoJSON again.")
            return [:]
        }
        var areas: [String: Area] = [:]
        for feature in document["features"]?.array ?? [] {
            guard let id = feature["id"]?.string, let geometry = feature["geometry"] else { continue }
            let coordinates = geometry["coordinates"]?.array ?? []
            let polygons = geometry["type"]?.string == "MultiPolygon" ? coordinates.map { $0.array ?? [] } : [coordinates]
            areas[id] = Area(
                polygons: polygons.map { rings in
                    rings.map { ring in
                        (ring.array ?? []).compactMap { corner in
                            guard let numbers = corner.array, numbers.count >= 2, let x = numbers[0].double, let y = numbers[1].double
                            else { return nil }
                            return (longitude: x, latitude: y)
                        }
                    }
                }
            )
        }
        return areas
    }

    // MARK: Organisation

    private func agencies(districts: Set<String>) -> [Agency] {
        guard let head = reader.yaml("organisation.yaml") else { return [] }
        var agencies: [(Agency, NodeReader)] = []
        for node in head.required("agencies")?.list() ?? [] {
            guard let mapping = node.mapping() else { continue }
            let code = mapping.string("code")
            let name = mapping.string("name")
            let short = mapping.optional("short")?.string()
            let phone = mapping.optional("phone")?.string()
            let superior = mapping.optional("superior")?.string()
            let district = mapping.optional("district")?.string()
            mapping.finish()
            guard let code, let name else { continue }
            if agencies.contains(where: { $0.0.code == code }) { node.report("the agency “\(code)” is defined twice", fix: "Keep one.") }
            if let district, !districts.contains(district) {
                node.report("the district “\(district)” does not exist", fix: "Use a code of regions.csv.")
            }
            agencies.append(
                (Agency(code: code, name: name, short: short ?? name, phone: phone, superior: superior, district: district), node)
            )
        }
        head.finish()
        let codes = Set(agencies.map(\.0.code))
        for (agency, node) in agencies {
            if let superior = agency.superior, !codes.contains(superior) {
                node.report("the superior “\(superior)” does not exist", fix: "Use the code of another agency.")
            }
        }
        return agencies.map(\.0)
    }

    // MARK: Calendar

    private func calendar(_ zone: TimeZoneOffset) -> WorkingCalendar? {
        guard let head = reader.yaml("calendar/hours.yaml") else { return nil }
        let start = reader.content.count
        var week: [Int: WorkingCalendar.Hours] = [:]
        if let hours = head.required("week")?.mapping() { week = weekHours(hours) }
        var special: [WorkingCalendar.SpecialHours] = []
        for node in head.optional("exceptions")?.list() ?? [] {
            guard let mapping = node.mapping() else { continue }
            let from = mapping.string("from").flatMap { CivilDate($0) }
            let until = mapping.string("until").flatMap { CivilDate($0) }
            _ = mapping.text("reason")
            let hours = mapping.required("week")?.mapping().map(weekHours)
            mapping.finish()
            guard let from, let until, from <= until, let hours else {
                node.report("an exception needs from, until (YYYY-MM-DD, in order) and week", fix: "See City/contoh/calendar/hours.yaml.")
                continue
            }
            special.append(WorkingCalendar.SpecialHours(dates: from...until, hours: hours))
        }
        head.finish()
        if week.isEmpty { head.place.report("no weekday has hours", fix: "Add `monday: 07:30-16:00` under week.") }
        let file = "calendar/holidays.csv"
        var holidays: [CivilDate: WorkingCalendar.Holiday] = [:]
        let rows = reader.table(file, columns: ["date", "kind", "name_id", "name_en", "decree"])
        for row in rows {
            guard let date = row.fields["date"].flatMap({ CivilDate($0) }) else {
                reader.report(file, row.line, 1, "“\(row.fields["date"] ?? "")” is not a date", fix: "Write it as 2026-12-25.")
                continue
            }
            guard let kind = row.fields["kind"], ["holiday", "joint-leave"].contains(kind) else {
                reader.report(file, row.line, 1, "the kind is holiday or joint-leave", fix: "Correct the column kind.")
                continue
            }
            guard let id = row.fields["name_id"], let en = row.fields["name_en"], let decree = row.fields["decree"], !id.isEmpty,
                !en.isEmpty, !decree.isEmpty
            else {
                reader.report(file, row.line, 1, "name_id, name_en and decree are needed", fix: "Fill them in: a day off needs its decree.")
                continue
            }
            // Two feasts on one day are one day off with both names.
            let first = holidays[date]
            holidays[date] = WorkingCalendar.Holiday(
                name: first.map { Text(id: "\($0.name.id), \(id)", en: "\($0.name.en), \(en)") } ?? Text(id: id, en: en),
                decree: decree,
                isJointLeave: kind == "joint-leave" && (first?.isJointLeave ?? true)
            )
        }
        let last = holidays.keys.max() ?? CivilDate(days: 0)
        return WorkingCalendar(
            holidays: holidays,
            hours: week,
            specialHours: special,
            zone: zone,
            decreedUntil: CivilDate(year: last.parts.year, month: 12, day: 31) ?? last,
            fingerprint: fingerprint(Array(reader.content[start...]) + Array(week.description.utf8))
        )
    }

    private static let weekdays = ["monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6, "sunday": 7]

    private func weekHours(_ mapping: MappingReader) -> [Int: WorkingCalendar.Hours] {
        var week: [Int: WorkingCalendar.Hours] = [:]
        for (name, node) in mapping.members() {
            guard let weekday = Self.weekdays[name] else {
                node.report("“\(name)” is no weekday", fix: "Use monday … sunday.")
                continue
            }
            let minutes = (node.string() ?? "").split(separator: "-").map { time -> Int? in
                let parts = time.split(separator: ":").compactMap { Int(digits: $0.utf8) }
                return parts.count == 2 && parts[0] < 25 && parts[1] < 60 ? parts[0] * 60 + parts[1] : nil
            }
            guard minutes.count == 2, let opens = minutes[0], let closes = minutes[1], opens < closes else {
                node.report("hours are opening-closing", fix: "Write 07:30-16:00.")
                continue
            }
            week[weekday] = WorkingCalendar.Hours(opens: opens, closes: closes)
        }
        return week
    }
}

/// A short hash of content. Not a secret's: it only has to notice change.
func fingerprint(_ content: [UInt8]) -> String {
    // FNV-1a, 64 bits.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in content {
        hash ^= UInt64(byte)
        hash = hash &* 0x100_0000_01b3
    }
    return String(hash, radix: 16)
}
