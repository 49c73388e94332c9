// SPDX-License-Identifier: EUPL-1.2

import Cases
import Testing

@Suite struct DocketTests {
    @Test("A number is read as people write it", arguments: ["%@", " %@ ", "lower", "nohyphen"])
    func reading(style: String) throws {
        var random = SystemRandomNumberGenerator()
        let docket = Docket(kind: "LPR", year: 2026, using: &random)
        let text =
            switch style {
            case "lower": docket.description.lowercased()
            case "nohyphen": docket.description.replacing("-", with: "")
            default: style.replacing("%@", with: docket.description)
            }
        #expect(Docket(text) == docket)
    }

    @Test("Every wrong character and every exchange of two neighbours is noticed")
    func checkSymbol() {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("346789ACDEFHJKMNPQRTWXY")
        for _ in 0..<200 {
            let text = Array(Docket(kind: "LPR", year: 2026, using: &random).description)
            for index in text.indices.dropFirst(7) where text[index] != "-" {
                for other in alphabet where other != text[index] {
                    var wrong = text
                    wrong[index] = other
                    #expect(Docket(String(wrong)) == nil)
                }
                let next = index + 1 < text.count && text[index + 1] == "-" ? index + 2 : index + 1
                if next < text.count, text[next] != text[index] {
                    var swapped = text
                    swapped.swapAt(index, next)
                    #expect(Docket(String(swapped)) == nil)
                }
            }
        }
    }

    @Test("It holds no characters that look alike")
    func lookAlikes() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            #expect(
                !Docket(kind: "LPR", year: 2026, using: &random).description.dropFirst(7).contains {
                    "0O1IL2Z5S8BUVG".replacing("8", with: "").contains($0)
                }
            )
        }
    }
}
