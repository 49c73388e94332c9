// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Foundation

/// What somebody reports: the answers of the form, before and at filing.
public struct Report: Sendable, Hashable {
    /// How the reporter can be reached.
    public typealias Contact = Essentials.Contact

    /// The kind of problem, by code.
    public var category = ""
    /// Answers to the questions of the kind, by name.
    public var answers: [String: String] = [:]
    /// What happened, in the reporter's words.
    public var story = ""
    /// The place on the map.
    public var place: Point?
    /// The district, by code.
    public var district = ""
    /// The subdistrict, by code.
    public var subdistrict = ""
    /// The neighbourhood (lingkungan), as a numeral.
    public var neighbourhood = ""
    /// Street and landmark.
    public var address = ""
    /// Photos, by name in the file store.
    public var photos: [String] = []
    /// The reporter's name.
    public var name = ""
    /// How the reporter can be reached.
    public var contact = Contact.none
    /// Whether the text is hidden from the public (*rahasia*).
    public var isConfidential = false
    /// Whether the name is hidden from the public (*anonim*).
    public var isNameHidden = true
    /// The language for messages.
    public var language = Language.indonesian
    /// How it came in: `web`, `sms`, `counter`, `telephone`, `letter`, `open311`, `import`.
    public var channel = "web"
    /// The agenda number of the letter that it came in by; empty for everything else.
    public var reference = ""

    /// Nothing yet.
    public init() {}

    /// The longest story, in characters.
    public static let storyLimit = 4000
    /// The longest address, in characters.
    public static let addressLimit = 300
    /// The most photos.
    public static let photoLimit = 5

    /// A short title: the kind and the street.
    public func title(_ category: ComplaintRules.Category, region: String) -> String {
        let street = address.split(whereSeparator: { $0 == "," || $0 == "\n" }).first.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
        let place = street.isEmpty ? region : String(street.prefix(80))
        return place.isEmpty ? category.name.id : "\(category.name.id), \(place)"
    }
}

extension Report {
    /// The report as it is sealed.
    public var json: JSON {
        JSON.compact([
            "category": .string(category), "answers": answers.isEmpty ? .null : .object(answers.mapValues(JSON.string)),
            "story": .string(story), "latitude": place.map { .number($0.latitude) } ?? .null,
            "longitude": place.map { .number($0.longitude) } ?? .null, "district": .string(district),
            "subdistrict": .string(subdistrict), "neighbourhood": JSON(neighbourhood.isEmpty ? nil : neighbourhood),
            "address": JSON(address.isEmpty ? nil : address), "photos": photos.isEmpty ? .null : .array(photos.map(JSON.string)),
            "name": JSON(name.isEmpty ? nil : name), "mail": { if case .mail(let mail) = contact { .string(mail) } else { .null } }(),
            "phone": { if case .phone(let phone) = contact { .string(phone) } else { .null } }(),
            "confidential": .bool(isConfidential), "nameHidden": .bool(isNameHidden), "language": .string(language.rawValue),
            "channel": .string(channel), "reference": JSON(reference.isEmpty ? nil : reference),
        ])
    }

    /// Reads a report back.
    public init(json: JSON) {
        category = json["category"]?.string ?? ""
        answers = (json["answers"]?.object ?? [:]).compactMapValues(\.string)
        story = json["story"]?.string ?? ""
        if let latitude = json["latitude"]?.double, let longitude = json["longitude"]?.double {
            place = Point(latitude: latitude, longitude: longitude)
        }
        district = json["district"]?.string ?? ""
        subdistrict = json["subdistrict"]?.string ?? ""
        neighbourhood = json["neighbourhood"]?.string ?? ""
        address = json["address"]?.string ?? ""
        photos = (json["photos"]?.array ?? []).compactMap(\.string)
        name = json["name"]?.string ?? ""
        if let mail = json["mail"]?.string { contact = .mail(mail) } else if let phone = json["phone"]?.string { contact = .phone(phone) }
        isConfidential = json["confidential"]?.bool ?? false
        isNameHidden = json["nameHidden"]?.bool ?? true
        language = json["language"]?.string.flatMap(Language.init) ?? .indonesian
        channel = json["channel"]?.string ?? "web"
        reference = json["reference"]?.string ?? ""
    }
}

extension Report {
    /// The report without what nobody sees, or wrote.
    func plain() -> Report {
        var report = self
        report.story = story.plain(isOneLine: false)
        report.address = address.plain(isOneLine: false)
        report.neighbourhood = neighbourhood.plain(isOneLine: true)
        report.name = name.plain(isOneLine: true)
        report.reference = reference.plain(isOneLine: true)
        report.answers = answers.mapValues { $0.plain(isOneLine: true) }
        return report
    }

    /// The steps of the form, in order.
    public enum Step: String, Sendable, CaseIterable {
        /// What happened.
        case problem = "masalah"
        /// Where.
        case place = "lokasi"
        /// Photos and contact.
        case contact = "kontak"
        /// The review.
        case review = "periksa"
    }

    /// What is wrong with the answers of a step.
    public func faults(in step: Step, city: City) -> [Problem.Field] {
        // Who writes from a plain telephone has said enough with the story; an officer asks for the rest.
        if channel == "sms" { return storyFaults() }
        return switch step {
        case .problem: problemFaults(city)
        case .place: placeFaults(city)
        case .contact: contactFaults(city)
        case .review: Step.allCases.filter { $0 != .review }.flatMap { faults(in: $0, city: city) }
        }
    }

    private func problemFaults(_ city: City) -> [Problem.Field] {
        var faults = storyFaults()
        guard let category = city.complaints.category(category) else {
            return [Problem.Field("category", Text(id: "Pilih jenis masalahnya", en: "Choose the kind of problem"))] + faults
        }
        for question in category.asked(answers) {
            let field = "answer-\(question.name)"
            let answer = answers[question.name] ?? ""
            if answer.isEmpty {
                if question.isRequired {
                    faults.append(Problem.Field(field, Text(id: "Jawab: \(question.label.id)", en: "Answer: \(question.label.en)")))
                }
                continue
            }
            switch question.kind {
            case .choice:
                guard let option = question.options.first(where: { $0.code == answer }) else {
                    faults.append(Problem.Field(field, Text(id: "Pilih salah satu jawaban", en: "Choose one of the answers")))
                    continue
                }
                if let stop = option.stop { faults.append(Problem.Field(field, stop)) }
            case .number:
                guard let number = Int(digits: answer.utf8), number < 100_000 else {
                    faults.append(Problem.Field(field, Text(id: "Tulis angka saja, misalnya 30", en: "Write digits only, such as 30")))
                    continue
                }
            case .text:
                if answer.count > 200 {
                    faults.append(Problem.Field(field, Text(id: "Paling panjang 200 huruf", en: "At most 200 characters")))
                }
            }
        }
        return faults
    }

    private func storyFaults() -> [Problem.Field] {
        var faults: [Problem.Field] = []
        let length = story.trimmingCharacters(in: .whitespacesAndNewlines).count
        if length < 10 {
            faults.append(
                Problem.Field(
                    "story",
                    Text(id: "Ceritakan apa yang terjadi, paling sedikit 10 huruf", en: "Tell what happened, in at least 10 characters")
                )
            )
        } else if length > Self.storyLimit {
            faults.append(
                Problem.Field(
                    "story",
                    Text(
                        id: "Cerita paling panjang 4.000 huruf; yang Anda tulis \(Language.indonesian.number(length))",
                        en: "At most 4,000 characters; you wrote \(Language.english.number(length))"
                    )
                )
            )
        }
        return faults
    }

    private func placeFaults(_ city: City) -> [Problem.Field] {
        guard let category = city.complaints.category(category), category.needsPlace else { return [] }
        var faults: [Problem.Field] = []
        if let place, city.regions.locate(place) == nil {
            faults.append(
                Problem.Field(
                    "place",
                    Text(
                        id: "Tanda di peta ada di luar \(city.name.id). Pindahkan, atau pilih kelurahan",
                        en: "The pin lies outside \(city.name.en). Move it, or choose a subdistrict"
                    )
                )
            )
        }
        if city.regions[subdistrict]?.parent == nil {
            faults.append(Problem.Field("subdistrict", Text(id: "Pilih kelurahan", en: "Choose a subdistrict")))
        } else if !district.isEmpty, city.regions[subdistrict]?.parent != district {
            faults.append(
                Problem.Field(
                    "subdistrict",
                    Text(
                        id: "Kelurahan ini bukan di kecamatan yang dipilih. Muat ulang daftarnya",
                        en: "This subdistrict is not in the chosen district. Reload the list"
                    )
                )
            )
        }
        if address.trimmingCharacters(in: .whitespacesAndNewlines).count < 4 {
            faults.append(
                Problem.Field(
                    "address",
                    Text(
                        id: "Tulis nama jalan dan patokan, misalnya “Jalan Thamrin, depan halte”",
                        en: "Write the street and a landmark, such as “Jalan Thamrin, by the bus stop”"
                    )
                )
            )
        } else if address.count > Self.addressLimit {
            faults.append(Problem.Field("address", Text(id: "Paling panjang 300 huruf", en: "At most 300 characters")))
        }
        if neighbourhood.count > 10 {
            faults.append(
                Problem.Field(
                    "neighbourhood",
                    Text(id: "Tulis nomor lingkungan, misalnya IV", en: "Write the neighbourhood’s number, such as IV")
                )
            )
        }
        return faults
    }

    private func contactFaults(_ city: City) -> [Problem.Field] {
        var faults: [Problem.Field] = []
        if let category = city.complaints.category(category), !category.allowsAnonymous, contact == .none {
            faults.append(
                Problem.Field(
                    "contact",
                    Text(
                        id: "Jenis laporan ini perlu nomor HP atau email, supaya bisa dijawab",
                        en: "This kind of report needs a mobile number or e-mail, so that it can be answered"
                    )
                )
            )
        }
        if photos.count > Self.photoLimit {
            faults.append(
                Problem.Field("photo", Text(id: "Paling banyak \(Self.photoLimit) foto", en: "At most \(Self.photoLimit) photos"))
            )
        }
        if name.count > 100 {
            faults.append(Problem.Field("name", Text(id: "Nama paling panjang 100 huruf", en: "A name has at most 100 characters")))
        }
        return faults
    }
}
