// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

/// What a letter is set in: one typeface for the whole of it, the first that has all of its characters.
struct Typeface: Sendable {
    private let folder: String
    private let names: (regular: String, bold: String)
    /// What both its weights have.
    private let characters: Set<UInt32>

    /// Those that Debian has in `fonts-liberation` and `fonts-dejavu-core`: the first is the one that papers are known by, the
    /// second has the rest of the Latin letters, such as the Vietnamese ones. One that is not installed is not there.
    private static let all: [Typeface] = [
        Typeface(folder: "liberation", regular: "LiberationSerif-Regular", bold: "LiberationSerif-Bold"),
        Typeface(folder: "dejavu", regular: "DejaVuSerif", bold: "DejaVuSerif-Bold"),
    ].compactMap { $0 }

    private init?(folder: String, regular: String, bold: String) {
        self.folder = folder
        names = (regular, bold)
        guard let regular = Self.load(folder, regular), let bold = Self.load(folder, bold) else { return nil }
        // Fonts have glyphs of nothing for marks of direction; a paper has no use for them.
        characters = regular.characters.intersection(bold.characters).filter { Unicode.Scalar($0)?.isUnseen == false }
    }

    private static func load(_ folder: String, _ name: String) -> TrueTypeFont? {
        let file = URL(fileURLWithPath: "/usr/share/fonts/truetype/\(folder)/\(name).ttf")
        return TrueTypeFont(file: file, name: "BALAIA+\(name)")
    }

    /// Its two fonts, of which a letter notes what it uses.
    var fonts: (regular: TrueTypeFont, bold: TrueTypeFont)? {
        guard let regular = Self.load(folder, names.regular), let bold = Self.load(folder, names.bold) else { return nil }
        return (regular, bold)
    }

    /// The typeface for some texts.
    ///
    /// - Throws: a problem that names what none of them has: no paper says “?” where somebody wrote something.
    static func first(for texts: [String]) throws -> Typeface {
        let needed = Set(texts.joined().unicodeScalars.map(\.value)).subtracting([0x0A])
        if let found = all.first(where: { needed.isSubset(of: $0.characters) }) { return found }
        let missing = needed.filter { scalar in !all.contains { $0.characters.contains(scalar) } }
        let shown = missing.sorted().prefix(5).map { value in
            let code = "U+\(String(format: "%04X", value))"
            return Unicode.Scalar(value).map { $0.properties.isGraphic ? "“\($0)” (\(code))" : code } ?? code
        }
        throw Problem(
            "document.characters",
            .conflict,
            Text(
                id: "Surat ini berisi huruf yang tidak bisa dicetak: \(shown.joined(separator: ", "))",
                en: "This paper holds characters that cannot be printed: \(shown.joined(separator: ", "))"
            ),
            remedy: Text(
                id: "Belum ada yang diterbitkan. Minta pemohon menulisnya dengan huruf Latin, seperti di KTP atau paspornya, lalu ulangi.",
                en: "Nothing was issued. Ask the applicant to write it in Latin letters, as on the ID card or passport, then try again."
            )
        )
    }
}

extension Unicode.Scalar.Properties {
    fileprivate var isGraphic: Bool {
        switch generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
