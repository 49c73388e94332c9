// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

/// A letter drawn as a PDF that can be kept (PDF/A-2a), read aloud (PDF/UA-1) and signed: tagged, its fonts inside, its colours
/// defined, room for a signature.
struct LetterDrawing {
    /// What stands under a letter so that anyone can check it.
    struct Seal {
        /// The address of the page that says whether it holds.
        let address: String
        /// The same to type.
        let code: String
        /// Who signs it with what, in words.
        let note: String
    }

    /// Why a letter cannot be drawn.
    struct NoFont: Error {}

    private static let width = 595.28
    private static let height = 841.89
    private static let margin = 64.0
    private let regular: TrueTypeFont
    private let bold: TrueTypeFont
    private var pages: [String] = []
    private var y = 0.0
    /// What each page's marked pieces belong to: indexes of elements.
    private var marks: [[Int]] = []
    private var elements: [Element] = []

    /// A part of the structure that a reader follows.
    private struct Element {
        let type: String
        let attributes: String
        let parent: Int?
        var pieces: [(page: Int, mark: Int)] = []
        var children: [Int] = []
    }

    /// Draws a letter.
    ///
    /// - Returns: the file, with room for a signature that is not filled yet.
    static func draw(_ letter: Letter, seal: Seal, at now: Instant) throws -> [UInt8] {
        guard let fonts = try Typeface.first(for: letter.texts + [seal.code, seal.note]).fonts else { throw NoFont() }
        var drawing = LetterDrawing(regular: fonts.regular, bold: fonts.bold)
        drawing.lay(letter, seal)
        return drawing.file(title: "\(letter.title) \(letter.number)", at: now)
    }

    private init(regular: TrueTypeFont, bold: TrueTypeFont) {
        self.regular = regular
        self.bold = bold
        newPage()
    }

    // MARK: Laying out

    private mutating func lay(_ letter: Letter, _ seal: Seal) {
        paragraph("P", letter.government, bold, 13, isCentred: true)
        paragraph("P", letter.agency.uppercased(), bold, 15, isCentred: true)
        paragraph("P", letter.address, regular, 10, isCentred: true)
        rule(2)
        y -= 14
        paragraph("H1", letter.title, bold, 15, isCentred: true)
        paragraph("P", "Nomor: \(letter.number)", regular, 11.5, isCentred: true)
        y -= 12
        for block in letter.blocks {
            switch block {
            case .paragraph(let text): paragraph("P", text, regular, 11.5)
            case .facts(let facts): table(facts)
            }
            y -= 8
        }
        y -= 10
        foot(letter, seal)
    }

    private mutating func newPage() {
        pages.append("/CS0 cs 0 sc /CS0 CS 0 SC\n")
        marks.append([])
        y = Self.height - 56
    }

    private mutating func need(_ space: Double) { if y - space < 56 { newPage() } }

    private mutating func element(_ type: String, attributes: String = "", in parent: Int? = nil) -> Int {
        elements.append(Element(type: type, attributes: attributes, parent: parent))
        let index = elements.count - 1
        if let parent { elements[parent].children.append(index) }
        return index
    }

    /// Marks what `draw` draws as a part of an element.
    private mutating func marked(_ element: Int, _ operators: String) {
        let page = pages.count - 1
        let mark = marks[page].count
        marks[page].append(element)
        elements[element].pieces.append((page, mark))
        pages[page] += "/\(elements[element].type) <</MCID \(mark)>> BDC\n\(operators)EMC\n"
    }

    private static func number(_ value: Double) -> String { String(format: "%.2f", value) }

    private func line(_ text: String, _ font: TrueTypeFont, _ size: Double, x: Double, y: Double) -> String {
        let codes = font.glyphs(text).flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }.hex
        return "BT /\(font === bold ? "F2" : "F1") \(Self.number(size)) Tf \(Self.number(x)) \(Self.number(y)) Td <\(codes)> Tj ET\n"
    }

    private func lines(_ text: String, _ font: TrueTypeFont, _ size: Double, width: Double) -> [String] {
        var lines: [String] = []
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var line = ""
            for word in paragraph.split(separator: " ") {
                // A word wider than the line is cut, so that nothing runs off the paper.
                var rest = String(word)
                while font.width(rest, size: size) > width, rest.count > 1 {
                    var part = rest
                    while font.width(part, size: size) > width, part.count > 1 { part.removeLast() }
                    if !line.isEmpty { lines.append(line) }
                    line = ""
                    lines.append(part)
                    rest = String(rest.dropFirst(part.count))
                }
                let longer = line.isEmpty ? rest : "\(line) \(rest)"
                if font.width(longer, size: size) > width {
                    lines.append(line)
                    line = rest
                } else {
                    line = longer
                }
            }
            lines.append(line)
        }
        return lines
    }

    private mutating func paragraph(_ type: String, _ text: String, _ font: TrueTypeFont, _ size: Double, isCentred: Bool = false) {
        let element = element(type)
        let width = Self.width - 2 * Self.margin
        for text in lines(text, font, size, width: width) {
            need(size * 1.4)
            y -= size * 1.4
            let x = isCentred ? (Self.width - font.width(text, size: size)) / 2 : Self.margin
            marked(element, line(text, font, size, x: x, y: y))
        }
    }

    private mutating func table(_ facts: [Letter.Fact]) {
        let table = element("Table")
        let size = 11.5
        let labelWidth = min(190, (facts.map { regular.width($0.label, size: size) }.max() ?? 0) + 14)
        let valueX = Self.margin + labelWidth + 12
        for fact in facts {
            let labels = lines(fact.label, regular, size, width: labelWidth)
            let values = lines(fact.value.isEmpty ? "–" : fact.value, regular, size, width: Self.width - Self.margin - valueX)
            need(Double(max(labels.count, values.count)) * size * 1.4)
            let row = element("TR", in: table)
            let head = element("TH", attributes: "/A<</O/Table/Scope/Row>>", in: row)
            let cell = element("TD", in: row)
            for (index, text) in labels.enumerated() {
                marked(head, line(text, regular, size, x: Self.margin, y: y - size * 1.4 * Double(index + 1)))
            }
            for (index, text) in values.enumerated() {
                let shown = index == 0 ? ": \(text)" : text
                let x = index == 0 ? valueX - regular.width(": ", size: size) : valueX
                marked(cell, line(shown, regular, size, x: x, y: y - size * 1.4 * Double(index + 1)))
            }
            y -= Double(max(labels.count, values.count)) * size * 1.4
        }
    }

    /// Where and when, who signs, and how anyone checks it.
    private mutating func foot(_ letter: Letter, _ seal: Seal) {
        need(190)
        let top = y
        let x = Self.width / 2 + 20
        let signature = element("P")
        let width = Self.width - Self.margin - x
        var signed = ["\(letter.place), \(letter.date.long(.indonesian))"]
        signed += lines(letter.signer, regular, 11.5, width: width)
        for text in signed {
            y -= 16
            marked(signature, line(text, regular, 11.5, x: x, y: y))
        }
        y -= 10
        for text in lines(seal.note, regular, 9, width: width) {
            y -= 12
            marked(signature, line(text, regular, 9, x: x, y: y))
        }
        let after = y
        if let code = QRCode(seal.address) {
            let side = 104.0
            let module = side / Double(code.size + 8)
            let bottom = top - side - 4
            let box = [Self.margin, bottom, Self.margin + side, bottom + side].map(Self.number).joined(separator: " ")
            let alt = PDFFile.text("Kode QR ke halaman pemeriksaan keaslian dokumen ini: \(seal.address)")
            let figure = element("Figure", attributes: "/Alt \(alt)/A<</O/Layout/BBox[\(box)]/Placement/Block>>")
            let squares = code.runs.map { run in
                let left = Self.margin + Double(run.column + 4) * module
                let low = bottom + side - Double(run.row + 5) * module
                return "\(Self.number(left)) \(Self.number(low)) \(Self.number(Double(run.length) * module)) \(Self.number(module)) re\n"
            }
            marked(figure, squares.joined() + "f\n")
            y = bottom - 4
        }
        let check = element("P")
        for text in ["Periksa keaslian: pindai kode, atau buka", seal.code] {
            y -= 12
            marked(check, line(text, regular, 9, x: Self.margin, y: y))
        }
        y = min(y, after) - 8
    }

    private mutating func rule(_ thickness: Double) {
        y -= 8
        let (from, to, at) = (Self.number(Self.margin), Self.number(Self.width - Self.margin), Self.number(y))
        pages[pages.count - 1] += "/Artifact BMC\n\(thickness) w \(from) \(at) m \(to) \(at) l S\nEMC\n"
    }

    // MARK: Putting together

    private func file(title: String, at now: Instant) -> [UInt8] {
        var file = PDFFile()
        let root = file.reserve()
        let tree = file.reserve()
        let pageTree = file.reserve()
        let document = file.reserve()
        let form = file.reserve()
        let widget = file.reserve()
        let pageNumbers = pages.map { _ in file.reserve() }
        let elementNumbers = elements.map { _ in file.reserve() }
        let fonts = [regular, bold].map { embed($0, in: &file) }
        let grey = file.add("[/CalGray<</WhitePoint[0.9505 1 1.089]/Gamma 2.2>>]")
        for (index, element) in elements.enumerated() {
            let pieces = element.pieces.map { "<</Type/MCR/Pg \(pageNumbers[$0.page]) 0 R/MCID \($0.mark)>>" }
            let children = element.children.map { "\(elementNumbers[$0]) 0 R" }
            let parent = element.parent.map { elementNumbers[$0] } ?? document
            file.set(
                elementNumbers[index],
                "<</Type/StructElem/S/\(element.type)/P \(parent) 0 R\(element.attributes)/K[\((pieces + children).joined(separator: " "))]>>"
            )
        }
        let top = elements.indices.filter { elements[$0].parent == nil }.map { "\(elementNumbers[$0]) 0 R" }
        file.set(document, "<</Type/StructElem/S/Document/P \(tree) 0 R/K[\(top.joined(separator: " ")) \(form) 0 R]>>")
        file.set(form, "<</Type/StructElem/S/Form/P \(document) 0 R/K[<</Type/OBJR/Obj \(widget) 0 R/Pg \(pageNumbers[0]) 0 R>>]>>")
        for (index, page) in pages.enumerated() {
            let content = file.add(stream: Array(page.utf8))
            let annotations = index == 0 ? "/Annots[\(widget) 0 R]" : ""
            file.set(
                pageNumbers[index],
                """
                <</Type/Page/Parent \(pageTree) 0 R/MediaBox[0 0 \(Self.width) \(Self.height)]/Contents \(content) 0 R/StructParents \(index)\
                /Tabs/S/Resources<</Font<</F1 \(fonts[0]) 0 R/F2 \(fonts[1]) 0 R>>/ColorSpace<</CS0 \(grey) 0 R>>>>\(annotations)>>
                """
            )
        }
        let kids = pageNumbers.map { "\($0) 0 R" }.joined(separator: " ")
        file.set(pageTree, "<</Type/Pages/Kids[\(kids)]/Count \(pages.count)>>")
        var parents = marks.enumerated().map { index, marks in
            "\(index)[\(marks.map { "\(elementNumbers[$0]) 0 R" }.joined(separator: " "))]"
        }
        parents.append("\(pages.count) \(form) 0 R")
        file.set(
            tree,
            "<</Type/StructTreeRoot/K \(document) 0 R/ParentTree<</Nums[\(parents.joined(separator: " "))]>>/ParentTreeNextKey \(pages.count + 1)>>"
        )
        let signature = file.add(SignatureRoom.dictionary(at: now))
        file.set(
            widget,
            """
            <</Type/Annot/Subtype/Widget/FT/Sig/T(Tanda tangan)/TU \(PDFFile.text("Tanda tangan elektronik"))/V \(signature) 0 R\
            /Rect[0 0 0 0]/F 4/P \(pageNumbers[0]) 0 R/StructParent \(pages.count)>>
            """
        )
        let metadata = file.add(stream: Array(Self.metadata(title: title, at: now).utf8), "/Type/Metadata/Subtype/XML", isCompressed: false)
        file.set(
            root,
            """
            <</Type/Catalog/Pages \(pageTree) 0 R/Lang(id-ID)/MarkInfo<</Marked true>>/StructTreeRoot \(tree) 0 R/Metadata \(metadata) 0 R\
            /ViewerPreferences<</DisplayDocTitle true>>/AcroForm<</Fields[\(widget) 0 R]/SigFlags 3>>>>
            """
        )
        let info = file.add("<</Title \(PDFFile.text(title))/Producer(Balai)/CreationDate \(PDFFile.date(now))>>")
        return file.bytes(root: root, info: info, identifier: Array([UInt8].random(count: 16)))
    }

    private func embed(_ font: TrueTypeFont, in file: inout PDFFile) -> Int {
        let subset = font.subset()
        let program = file.add(stream: subset, "/Length1 \(subset.count)")
        let box = font.box.map(String.init).joined(separator: " ")
        let descriptor = file.add(
            """
            <</Type/FontDescriptor/FontName/\(font.name)/Flags 4/FontBBox[\(box)]/ItalicAngle 0/Ascent \(font.ascent)/Descent \(font.descent)\
            /CapHeight 660/StemV \(font === bold ? 140 : 80)/FontFile2 \(program) 0 R>>
            """
        )
        let used = font.used.sorted { $0.key < $1.key }
        let widths = used.map { "\($0.key)[\(font.width($0.key))]" }.joined(separator: " ")
        let descendant = file.add(
            """
            <</Type/Font/Subtype/CIDFontType2/BaseFont/\(font.name)/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>\
            /FontDescriptor \(descriptor) 0 R/DW 500/W[\(widths)]/CIDToGIDMap/Identity>>
            """
        )
        var map = "/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        map += "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n"
        map += "1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n"
        for start in stride(from: 0, to: used.count, by: 100) {
            let part = used[start..<min(start + 100, used.count)]
            map += "\(part.count) beginbfchar\n"
            for (glyph, character) in part { map += String(format: "<%04X><%04X>\n", glyph, character) }
            map += "endbfchar\n"
        }
        map += "endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n"
        let unicode = file.add(stream: Array(map.utf8))
        return file.add(
            """
            <</Type/Font/Subtype/Type0/BaseFont/\(font.name)/Encoding/Identity-H/DescendantFonts[\(descendant) 0 R]/ToUnicode \(unicode) 0 R>>
            """
        )
    }

    /// What the file says of itself (XMP), the same as its own dictionary.
    private static func metadata(title: String, at now: Instant) -> String {
        let escaped = title.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
        let date = now.rfc3339()
        let second = date.contains(".") ? date.prefix(19) + "Z" : date[...]
        return """
            <?xpacket begin="\u{FEFF}" id="W5M0MpCehiHzreSzNTczkc9d"?>
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
            <dc:title><rdf:Alt><rdf:li xml:lang="x-default">\(escaped)</rdf:li></rdf:Alt></dc:title>
            <pdf:Producer>Balai</pdf:Producer><xmp:CreateDate>\(second)</xmp:CreateDate>
            <pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>
            </rdf:Description>
            <rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
            <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema><pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>Part of ISO 14289</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>
            </rdf:Description></rdf:RDF></x:xmpmeta>
            <?xpacket end="w"?>
            """
    }
}
