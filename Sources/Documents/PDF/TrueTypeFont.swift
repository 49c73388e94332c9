// SPDX-License-Identifier: EUPL-1.2

import Foundation

/// A TrueType font: widths for setting lines, and the outlines of the glyphs that a document uses, to embed in it.
final class TrueTypeFont {
    /// Its name in the document.
    let name: String
    /// Ascent, descent and the box of all glyphs, in thousandths of the size.
    let ascent: Int
    let descent: Int
    let box: [Int]
    private let bytes: [UInt8]
    private let tables: [String: Range<Int>]
    private let unitsPerEm: Int
    private let isLongLoca: Bool
    private let metrics: Int
    private let glyphs: Int
    private var glyphOf: [UInt32: Int] = [:]
    /// The glyphs used so far, each with the character that it stands for.
    private(set) var used: [Int: UInt32] = [0: 0xFFFD]

    init?(file: URL, name: String) {
        guard let data = FileManager.default.contents(atPath: file.path) else { return nil }
        let bytes = Array(data)
        func number(_ at: Int, _ count: Int) -> Int { bytes[at..<at + count].reduce(0) { $0 << 8 | Int($1) } }
        func signed(_ at: Int) -> Int { Int(Int16(truncatingIfNeeded: number(at, 2))) }
        guard bytes.count > 12, number(0, 4) == 0x0001_0000 else { return nil }
        var tables: [String: Range<Int>] = [:]
        for index in 0..<number(4, 2) {
            let entry = 12 + 16 * index
            let start = number(entry + 8, 4)
            guard start + number(entry + 12, 4) <= bytes.count else { return nil }
            tables[String(decoding: bytes[entry..<entry + 4], as: UTF8.self)] = start..<start + number(entry + 12, 4)
        }
        guard let head = tables["head"]?.lowerBound, let hhea = tables["hhea"]?.lowerBound, let maxp = tables["maxp"]?.lowerBound,
            let cmap = tables["cmap"]?.lowerBound, tables["glyf"] != nil, tables["loca"] != nil, tables["hmtx"] != nil
        else { return nil }
        let unitsPerEm = number(head + 18, 2)
        func thousandths(_ value: Int) -> Int { value * 1000 / unitsPerEm }
        self.name = name
        self.bytes = bytes
        self.tables = tables
        self.unitsPerEm = unitsPerEm
        isLongLoca = number(head + 50, 2) == 1
        metrics = number(hhea + 34, 2)
        glyphs = number(maxp + 4, 2)
        ascent = thousandths(signed(hhea + 4))
        descent = thousandths(signed(hhea + 6))
        box = (0..<4).map { thousandths(signed(head + 36 + 2 * $0)) }
        for index in 0..<number(cmap + 2, 2) {
            let table = cmap + number(cmap + 4 + 8 * index + 4, 4)
            // Segments of the basic plane: enough for every language that the city writes in.
            guard number(cmap + 4 + 8 * index, 2) == 3, number(table, 2) == 4 else { continue }
            let segments = number(table + 6, 2) / 2
            for segment in 0..<segments {
                let end = number(table + 14 + 2 * segment, 2)
                let start = number(table + 16 + 2 * (segments + segment), 2)
                let delta = number(table + 16 + 2 * (2 * segments + segment), 2)
                let offsetAt = table + 16 + 2 * (3 * segments + segment)
                let offset = number(offsetAt, 2)
                guard start <= end, end < 0xFFFF else { continue }
                for code in start...end {
                    let raw = offset == 0 ? code : number(offsetAt + offset + 2 * (code - start), 2)
                    if raw != 0 || offset == 0 { glyphOf[UInt32(code)] = (raw + delta) & 0xFFFF }
                }
            }
        }
    }

    private func number(_ at: Int, _ count: Int) -> Int { bytes[at..<at + count].reduce(0) { $0 << 8 | Int($1) } }

    /// The characters that it has.
    var characters: Set<UInt32> { Set(glyphOf.lazy.filter { $0.value != 0 }.map(\.key)) }

    /// The glyphs of a text, of which it has every character (``Typeface/first(for:)``).
    func glyphs(_ text: String) -> [Int] {
        text.unicodeScalars.map { scalar in
            let glyph = glyphOf[scalar.value] ?? 0
            if glyph != 0 { used[glyph] = scalar.value }
            return glyph
        }
    }

    /// The width of a glyph in thousandths of the size.
    func width(_ glyph: Int) -> Int {
        let hmtx = tables["hmtx"]?.lowerBound ?? 0
        return number(hmtx + 4 * min(glyph, metrics - 1), 2) * 1000 / unitsPerEm
    }

    /// The width of a text at a size, in points.
    func width(_ text: String, size: Double) -> Double {
        Double(text.unicodeScalars.reduce(0) { $0 + width(glyphOf[$1.value] ?? 0) }) * size / 1000
    }

    private func outline(_ glyph: Int) -> Range<Int> {
        let loca = tables["loca"]?.lowerBound ?? 0
        let glyf = tables["glyf"]?.lowerBound ?? 0
        let start = isLongLoca ? number(loca + 4 * glyph, 4) : 2 * number(loca + 2 * glyph, 2)
        let end = isLongLoca ? number(loca + 4 * glyph + 4, 4) : 2 * number(loca + 2 * glyph + 2, 2)
        return glyf + start..<glyf + max(start, end)
    }

    /// The font with no outlines but those of the glyphs used; glyph numbers stay.
    func subset() -> [UInt8] {
        var wanted = Set(used.keys)
        var waiting = Array(wanted)
        while let glyph = waiting.popLast() {
            let range = outline(glyph)
            guard range.count > 10, Int16(truncatingIfNeeded: number(range.lowerBound, 2)) < 0 else { continue }
            // A glyph put together of others.
            var position = range.lowerBound + 10
            while position + 4 <= range.upperBound {
                let flags = number(position, 2)
                let part = number(position + 2, 2)
                if wanted.insert(part).inserted { waiting.append(part) }
                position += 4 + (flags & 1 != 0 ? 4 : 2) + (flags & 8 != 0 ? 2 : flags & 0x40 != 0 ? 4 : flags & 0x80 != 0 ? 8 : 0)
                if flags & 0x20 == 0 { break }
            }
        }
        var glyf: [UInt8] = []
        var loca: [UInt8] = []
        for glyph in 0...glyphs {
            loca += Self.big(glyf.count, 4)
            guard glyph < glyphs, wanted.contains(glyph) else { continue }
            glyf += bytes[outline(glyph)]
            while glyf.count % 4 != 0 { glyf.append(0) }
        }
        var parts: [(String, [UInt8])] = []
        for name in ["cvt ", "fpgm", "head", "hhea", "hmtx", "maxp", "prep"] {
            guard let range = tables[name] else { continue }
            var part = Array(bytes[range])
            if name == "head" {
                part.replaceSubrange(8..<12, with: [0, 0, 0, 0])
                part.replaceSubrange(50..<52, with: [0, 1])
            }
            parts.append((name, part))
        }
        parts += [("glyf", glyf), ("loca", loca)]
        parts.sort { $0.0 < $1.0 }
        var directory: [UInt8] = [0, 1, 0, 0] + Self.big(parts.count, 2) + [0, 0, 0, 0, 0, 0]
        var body: [UInt8] = []
        for (name, part) in parts {
            var padded = part
            while padded.count % 4 != 0 { padded.append(0) }
            let sum = stride(from: 0, to: padded.count, by: 4).reduce(UInt32(0)) { sum, at in
                sum &+ padded[at..<at + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            }
            directory +=
                Array(name.utf8) + Self.big(Int(sum), 4) + Self.big(12 + 16 * parts.count + body.count, 4) + Self.big(part.count, 4)
            body += padded
        }
        return directory + body
    }

    private static func big(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
