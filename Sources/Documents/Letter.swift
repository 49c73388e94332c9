// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// An official letter or certificate: what stands on it, fixed when it is issued.
public struct Letter: Sendable, Hashable {
    /// A label with its value.
    public struct Fact: Sendable, Hashable {
        /// What it is.
        public let label: String
        /// What it says.
        public let value: String

        /// A label with its value.
        public init(label: String, value: String) {
            self.label = label
            self.value = value
        }
    }

    /// A part of its body.
    public enum Block: Sendable, Hashable {
        /// A paragraph.
        case paragraph(String)
        /// Labels with values.
        case facts([Fact])
    }

    /// What stands for the number in the words of a template until the number is known.
    public static let numberMark = "\u{2402}"

    /// “PEMERINTAH KOTA MEDAN”.
    public let government: String
    /// The agency.
    public let agency: String
    /// Its address.
    public let address: String
    /// The title.
    public let title: String
    /// The number; empty until it is issued.
    public var number = ""
    /// The body.
    public let blocks: [Block]
    /// Where it is signed.
    public let place: String
    /// When.
    public let date: CivilDate
    /// The office that signs.
    public let signer: String

    /// A letter without a number.
    public init(
        government: String,
        agency: String,
        address: String,
        title: String,
        blocks: [Block],
        place: String,
        date: CivilDate,
        signer: String
    ) {
        self.government = government
        self.agency = agency
        self.address = address
        self.title = title
        self.blocks = blocks
        self.place = place
        self.date = date
        self.signer = signer
    }

    /// Everything that is drawn of it.
    var texts: [String] {
        let parts = blocks.flatMap { block -> [String] in
            switch block {
            case .paragraph(let text): [text]
            case .facts(let facts): facts.flatMap { [$0.label, $0.value] }
            }
        }
        // What stands beside them: of a number, of nothing, of the day.
        let own = ["Nomor: –,", date.long(.indonesian), "Periksa keaslian: pindai kode, atau buka"]
        return [government, agency, agency.uppercased(), address, title, number, place, signer] + parts + own
    }

    /// Makes sure that the letter can be drawn, before anything of it is recorded.
    ///
    /// - Throws: ``Problem`` that names the characters that cannot be.
    func requireDrawable() throws {
        // The number takes its mark's place when it is known.
        _ = try Typeface.first(for: texts.map { $0.replacing(Self.numberMark, with: "") })
    }

    /// As it is kept.
    var json: JSON {
        [
            "government": .string(government), "agency": .string(agency), "address": .string(address), "title": .string(title),
            "number": .string(number), "place": .string(place), "date": .string(date.description), "signer": .string(signer),
            "blocks": .array(
                blocks.map { block in
                    switch block {
                    case .paragraph(let text): .string(text)
                    case .facts(let facts): .array(facts.map { [.string($0.label), .string($0.value)] })
                    }
                }
            ),
        ]
    }

    init?(json: JSON?) {
        guard let json, let date = json["date"]?.string.flatMap({ CivilDate($0) }) else { return nil }
        func text(_ name: String) -> String { json[name]?.string ?? "" }
        let number = text("number")
        func filled(_ text: String) -> String { text.replacing(Self.numberMark, with: number) }
        self.init(
            government: text("government"),
            agency: text("agency"),
            address: text("address"),
            title: text("title"),
            blocks: (json["blocks"]?.array ?? []).map { block in
                if let text = block.string { return .paragraph(filled(text)) }
                return .facts(
                    (block.array ?? []).map {
                        Fact(label: $0.array?.first?.string ?? "", value: filled($0.array?.last?.string ?? ""))
                    }
                )
            },
            place: text("place"),
            date: date,
            signer: text("signer")
        )
        self.number = number
    }
}
