// SPDX-License-Identifier: EUPL-1.2

/// What fits into an SMS (3GPP TS 23.038): 160 letters of the telephones' own alphabet, or 70 where one sign is not of it.
public enum ShortMessage {
    private static let basic = Set(
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
            .unicodeScalars
    )
    /// Signs that take the room of two.
    private static let extended = Set("^{}\\[~]|€".unicodeScalars)
    private static let replacements: [Character: String] = [
        "“": "\"", "”": "\"", "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "\u{A0}": " ",
    ]

    /// The text with typographer's signs put in the way that telephones know.
    public static func plain(_ text: String) -> String { text.map { replacements[$0] ?? String($0) }.joined() }

    /// Into how many messages a text is cut, each of which is paid for.
    public static func parts(_ text: String) -> Int {
        var room = 0
        for scalar in text.unicodeScalars {
            if basic.contains(scalar) {
                room += 1
            } else if extended.contains(scalar) {
                room += 2
            } else {
                let units = text.utf16.count
                return units <= 70 ? 1 : (units + 66) / 67
            }
        }
        return room <= 160 ? 1 : (room + 152) / 153
    }
}
