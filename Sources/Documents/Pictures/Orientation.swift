// SPDX-License-Identifier: EUPL-1.2

/// How a camera was held, as EXIF says it.
enum Orientation {
    /// The orientation of EXIF data, from its byte order on (`II*` or `MM*`, as TIFF begins): 1 to 8; 1 where there is none.
    static func read(exif: some Collection<UInt8>) -> Int {
        var bytes = Array(exif)
        // Some writers keep the name that begins the segment of a JPEG file.
        if bytes.starts(with: Array("Exif\0\0".utf8)) { bytes.removeFirst(6) }
        let isLittle = bytes.starts(with: Array("II".utf8))
        func number(_ at: Int, _ count: Int) -> Int? {
            guard at >= 0, at + count <= bytes.count else { return nil }
            let part = bytes[at..<at + count]
            return isLittle ? part.reversed().reduce(0) { $0 << 8 | Int($1) } : part.reduce(0) { $0 << 8 | Int($1) }
        }
        guard let start = number(4, 4), let count = number(start, 2) else { return 1 }
        for index in 0..<min(count, 512) {
            let field = start + 2 + 12 * index
            if number(field, 2) == 0x0112 { return number(field + 8, 2) ?? 1 }
        }
        return 1
    }

    /// The EXIF orientation of a JPEG file.
    static func read(jpeg bytes: [UInt8]) -> Int {
        var position = 2
        while position + 4 <= bytes.count, bytes[position] == 0xFF {
            let marker = bytes[position + 1]
            switch marker {
            // A filling byte, and markers that stand alone.
            case 0xFF: position += 1
            case 0x01, 0xD0...0xD8: position += 2
            case 0xD9, 0xDA: return 1
            default:
                let end = position + 2 + Int(bytes[position + 2]) << 8 + Int(bytes[position + 3])
                let content = bytes[min(position + 4, bytes.count)..<min(max(end, position + 4), bytes.count)]
                if marker == 0xE1, content.starts(with: Array("Exif\0\0".utf8)) { return read(exif: content) }
                position = max(end, position + 4)
            }
        }
        return 1
    }
}
