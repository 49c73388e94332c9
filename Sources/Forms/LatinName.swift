// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// Names as the civil registry writes them: Latin letters, with the marks of other languages’ (Permendagri 73/2022 art. 4 and 5).
public enum LatinName {
    /// The same as a pattern of JSON Schema.
    static let pattern = #"^[A-Za-zÀ-ÖØ-öø-ɏḀ-ỿʻʼ\u0300-\u036F '’.,-]+$"#

    /// What is wrong with a name; nil where nothing is.
    static func fault(_ name: String) -> Text? {
        let foreign = name.filter { !$0.unicodeScalars.allSatisfy(isAllowed) }
        guard !foreign.isEmpty || !name.contains(where: \.isLetter) else { return nil }
        if foreign.isEmpty { return Text(id: "tulis namanya dengan huruf", en: "write the name in letters") }
        var shown: [Character] = []
        for character in foreign where !shown.contains(character) && shown.count < 5 { shown.append(character) }
        let list = shown.map { "“\($0)”" }.joined(separator: ", ")
        return Text(
            id: "tulis dengan huruf Latin seperti di KTP atau paspor (Permendagri 73/2022); tidak bisa: \(list)",
            en: "write it in Latin letters, as on the ID card or passport (Permendagri 73/2022); not possible: \(list)"
        )
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "a"..."z", "\u{C0}"..."\u{D6}", "\u{D8}"..."\u{F6}", "\u{F8}"..."\u{24F}", "\u{1E00}"..."\u{1EFF}": true
        // Okina, apostrophes, marks that stand with no letter in one character, and what joins and shortens names.
        case "\u{2BB}", "\u{2BC}", "\u{300}"..."\u{36F}", " ", "'", "’", "-", ".", ",": true
        default: false
        }
    }
}
