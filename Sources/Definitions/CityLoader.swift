// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

extension City {
    /// Reads and checks a city's pack.
    ///
    /// - Parameters:
    ///   - folder: the pack, such as `City/medan`.
    ///   - nations: the folder of the packs of nations; beside the folder of cities unless it is said.
    /// - Throws: ``PackFaults`` with every fault at once.
    public init(folder: URL, nations: URL? = nil) throws {
        let reader = PackReader(folder: folder)
        let beside = folder.standardizedFileURL.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("National")
        let loader = CityLoader(reader: reader, nations: nations ?? beside)
        let city = loader.load()
        guard reader.diagnostics.isEmpty, let city else { throw PackFaults(diagnostics: reader.diagnostics.sorted()) }
        self = city
    }
}

/// Puts a city together from the files of its pack.
private struct CityLoader {
    let reader: PackReader
    let nations: URL

    func load() -> City? {
        let head = reader.yaml("city.yaml")
        // Law that all its cities share: days off, promises at most, retention. Without one, the city's pack says it all.
        let nation = head?.optional("nation")?.string().map { code in
            PackReader(folder: nations.appendingPathComponent(code), label: "National/\(code)/", gathered: reader.gathered)
        }
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
        let notices = (head?.optional("notices")?.list() ?? []).compactMap(notice)
        let quiet = zone.flatMap { zone in head?.optional("quiet-hours")?.mapping().flatMap { quietHours($0, zone) } }
        let vacancy = head?.optional("vacancy")?.mapping().flatMap(vacancy)
        let tiles = head?.optional("tiles")?.mapping().flatMap(tiles)
        head?.finish()
        let regions = regions()
        let agencies = agencies(districts: Set(regions.districts.map(\.code)))
        let calendar = zone.flatMap { CalendarLoader(reader: reader, nation: nation).load($0) }
        let rules = ComplaintRulesLoader(
            reader: reader,
            nation: nation,
            agencies: Set(agencies.map(\.code)),
            districts: Set(regions.districts.map(\.code)),
            districtOffices: Set(agencies.compactMap(\.district))
        ).load()
        let messages = MessagesLoader(reader: reader, nation: nation).load()
        let levies = LevyLoader(reader: reader, nation: nation).load()
        let venues = VenueLoader(reader: reader, agencies: Set(agencies.map(\.code))).load()
        let catalogue = zone.flatMap { zone in
            CatalogueLoader(
                reader: reader,
                nation: nation,
                agencies: Set(agencies.map(\.code)),
                levies: levies,
                venues: venues,
                zone: zone
            ).load()
        }
        let markets = FoodMarketsLoader(
            reader: reader,
            agencies: Set(agencies.map(\.code)),
            subdistricts: Set(regions.subdistricts.map(\.code))
        ).load()
        guard let code, let name, let centre, let contact, let calendar, let rules, let messages, let catalogue else { return nil }
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
            messages: messages,
            levies: levies,
            venues: venues,
            foodMarkets: markets,
            services: catalogue,
            notices: notices,
            quietHours: quiet,
            vacancy: vacancy,
            tiles: tiles,
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

    private func notice(_ node: NodeReader) -> City.Notice? {
        guard let mapping = node.mapping() else { return nil }
        let hours = mapping.choice("hours", City.Notice.Hours.self)
        let text = mapping.text("text")
        mapping.finish()
        guard let hours, let text else { return nil }
        return City.Notice(hours: hours, text: text)
    }

    private func vacancy(_ mapping: MappingReader) -> City.Vacancy? {
        let months = mapping.int("months", in: 1...24)
        let renewals = mapping.int("renewals", in: 0...10)
        let basis = mapping.text("basis")
        mapping.finish()
        guard let months, let renewals, let basis else { return nil }
        return City.Vacancy(months: months, renewals: renewals, basis: basis)
    }

    private func quietHours(_ mapping: MappingReader, _ zone: TimeZoneOffset) -> QuietHours? {
        let from = mapping.minute("from")
        let until = mapping.minute("until")
        mapping.finish()
        guard let from, let until else { return nil }
        return QuietHours(from: from, until: until, zone: zone)
    }

    private func tiles(_ mapping: MappingReader) -> City.Tiles? {
        let node = mapping.required("address")
        let address = node?.string()
        let attribution = mapping.string("attribution")
        mapping.finish()
        guard let address, let attribution else { return nil }
        guard address.hasPrefix("https://"), !address.contains(" "), !address.contains(";"), !address.contains(","),
            ["{z}", "{x}", "{y}"].allSatisfy(address.contains)
        else {
            node?.report("“\(address)” is no address of map pictures", fix: "Write https://tiles.example.org/{z}/{x}/{y}.png.")
            return nil
        }
        return City.Tiles(address: address, attribution: attribution)
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
