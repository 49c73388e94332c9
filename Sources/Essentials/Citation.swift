// SPDX-License-Identifier: EUPL-1.2

extension Text {
    /// The law that a ground names, as letters give it: “UU 27/2022 ps. 42 ayat (1) huruf a dan 44”, “Law 27/2022 art. 42(1)(a) and 44”.
    /// What stands around it, such as that a city has still to confirm it, is for those who run the city. A ground that names no such
    /// law is given whole.
    public var law: Text {
        let indonesian =
            /UU \d+\/\d{4} ps\. \d+(?: ayat \(\d+\))?(?: huruf [a-z]\b)?(?:(?:,| dan) \d+(?: ayat \(\d+\))?(?: huruf [a-z]\b)?)*/
        let english = /Law \d+\/\d{4} art\. \d+(?:\(\d+\))?(?:\([a-z]\))?(?:(?:,| and) \d+(?:\(\d+\))?(?:\([a-z]\))?)*/
        guard let law = id.firstMatch(of: indonesian).map({ String($0.0) }) else { return self }
        return Text(id: law, en: en.firstMatch(of: english).map { String($0.0) } ?? Self.translated(law))
    }

    private static func translated(_ law: String) -> String {
        law.replacing("UU ", with: "Law ").replacing("ps. ", with: "art. ").replacing(" dan ", with: " and ").replacing(" ayat ", with: "")
            .replacing(/\ huruf ([a-z])/) { "(\($0.1))" }
    }
}
