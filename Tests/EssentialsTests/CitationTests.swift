// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Testing

@Suite("The law in a letter")
struct CitationTests {
    @Test("is named in the language of the reader, without what a city has still to do about it")
    func law() {
        #expect(Text(same: "UU 27/2022 ps. 8").law == Text(id: "UU 27/2022 ps. 8", en: "Law 27/2022 art. 8"))
        let retention = Text(
            id: "Retensi: 5 tahun (UU 27/2022 ps. 43; harus dikonfirmasi kota)",
            en: "Retention: 5 years (to be confirmed)"
        )
        #expect(retention.law == Text(id: "UU 27/2022 ps. 43", en: "Law 27/2022 art. 43"))
        let both = Text(
            id: "Masa retensi habis: 5 tahun (UU 27/2022 ps. 42 ayat (1) huruf a dan 44 ayat (1) huruf a; lamanya harus dikonfirmasi)",
            en: "The time is over: 5 years (Law 27/2022 art. 42(1)(a) and 44(1)(a); its length to be confirmed)"
        )
        let law = Text(id: "UU 27/2022 ps. 42 ayat (1) huruf a dan 44 ayat (1) huruf a", en: "Law 27/2022 art. 42(1)(a) and 44(1)(a)")
        #expect(both.law == law && Text(same: both.id).law == law)
        #expect(Text(id: "Perda", en: "By-law").law == Text(id: "Perda", en: "By-law"))
    }
}
