// SPDX-License-Identifier: EUPL-1.2

/// A decoded picture: red, green and blue of each pixel, row by row.
struct Picture {
    let width: Int
    let height: Int
    let pixels: [UInt8]

    /// Turned and mirrored as an orientation of EXIF asks for: the values 1 to 8 of tag 0x0112; any other changes nothing.
    func turned(_ orientation: Int) -> Picture {
        guard (2...8).contains(orientation) else { return self }
        let isOnItsSide = orientation >= 5
        let (newWidth, newHeight) = isOnItsSide ? (height, width) : (width, height)
        let turned = [UInt8](unsafeUninitializedCapacity: pixels.count) { target, count in
            pixels.withUnsafeBufferPointer { source in
                var next = 0
                var y = 0
                while y < newHeight {
                    var x = 0
                    while x < newWidth {
                        let column: Int
                        let row: Int
                        switch orientation {
                        case 2: (column, row) = (width - 1 - x, y)
                        case 3: (column, row) = (width - 1 - x, height - 1 - y)
                        case 4: (column, row) = (x, height - 1 - y)
                        case 5: (column, row) = (y, x)
                        case 6: (column, row) = (y, height - 1 - x)
                        case 7: (column, row) = (width - 1 - y, height - 1 - x)
                        default: (column, row) = (width - 1 - y, x)
                        }
                        let from = 3 * (row * width + column)
                        target[next] = source[from]
                        target[next + 1] = source[from + 1]
                        target[next + 2] = source[from + 2]
                        next += 3
                        x += 1
                    }
                    y += 1
                }
            }
            count = pixels.count
        }
        return Picture(width: newWidth, height: newHeight, pixels: turned)
    }
}

/// Makes a picture smaller while its rows come in: each pixel of the result is the mean of the area that it covers, so that no
/// more than one row of a large picture need ever be there.
struct Reduction {
    /// The largest side of any picture.
    static let side = 65_535

    let width: Int
    let height: Int
    private let sourceWidth: Int
    private let sourceHeight: Int
    private var pixels: [UInt8]
    /// Sums over the row that came in, then over the rows that fall into the one that is being made.
    private var across: [UInt64]
    private var down: [UInt64]
    private var line = 0
    /// How much of the row that is being made is still to be covered, in parts of which each row that comes in covers `height`.
    private var room: Int

    /// A reduction to at most `longest` pixels on the longer side; never an enlargement.
    init(width: Int, height: Int, longest: Int) throws {
        guard (1...Self.side).contains(width), (1...Self.side).contains(height), width * height <= PictureReader.megapixels * 1_000_000
        else { throw width < 1 || height < 1 ? PictureVerdict.damaged : PictureVerdict.tooLarge }
        let longer = max(width, height)
        sourceWidth = width
        sourceHeight = height
        self.width = longer <= longest ? width : max(1, width * longest / longer)
        self.height = longer <= longest ? height : max(1, height * longest / longer)
        pixels = []
        pixels.reserveCapacity(3 * self.width * self.height)
        across = [UInt64](repeating: 0, count: 3 * self.width)
        down = across
        room = height
    }

    /// Takes the next row, with three or four samples a pixel; the fourth is how much it covers of the white beneath.
    mutating func add(_ row: UnsafePointer<UInt8>, samples: Int) {
        sum(row, samples)
        if height <= room {
            gather(height)
            room -= height
        } else {
            let rest = height - room
            if room > 0 { gather(room) }
            finish()
            gather(rest)
            room = sourceHeight - rest
        }
        if room == 0, line < height {
            finish()
            room = sourceHeight
        }
    }

    private mutating func sum(_ row: UnsafePointer<UInt8>, _ samples: Int) {
        let share = UInt64(width)
        let whole = UInt64(sourceWidth)
        across.withUnsafeMutableBufferPointer { across in
            across.update(repeating: 0)
            var target = 0
            var room = whole
            var source = row
            let end = row + sourceWidth * samples
            while source < end {
                var red = UInt64(source[0])
                var green = UInt64(source[1])
                var blue = UInt64(source[2])
                if samples == 4, source[3] < 255 {
                    let cover = UInt64(source[3])
                    let white = 255 &* (255 &- cover)
                    red = (red &* cover &+ white &+ 127) / 255
                    green = (green &* cover &+ white &+ 127) / 255
                    blue = (blue &* cover &+ white &+ 127) / 255
                }
                let first = min(share, room)
                across[target] &+= red &* first
                across[target &+ 1] &+= green &* first
                across[target &+ 2] &+= blue &* first
                room &-= first
                if room == 0 {
                    room = whole
                    target &+= 3
                    let rest = share &- first
                    if rest > 0 {
                        across[target] &+= red &* rest
                        across[target &+ 1] &+= green &* rest
                        across[target &+ 2] &+= blue &* rest
                        room &-= rest
                    }
                }
                source += samples
            }
        }
    }

    private mutating func gather(_ share: Int) {
        let share = UInt64(share)
        across.withUnsafeBufferPointer { across in
            down.withUnsafeMutableBufferPointer { down in
                var index = 0
                while index < down.count {
                    down[index] &+= across[index] &* share
                    index &+= 1
                }
            }
        }
    }

    private mutating func finish() {
        let area = UInt64(sourceWidth) * UInt64(sourceHeight)
        for index in down.indices {
            pixels.append(UInt8(truncatingIfNeeded: (down[index] + area / 2) / area))
            down[index] = 0
        }
        line += 1
    }

    /// What has come out, once every row has come in.
    var picture: Picture { Picture(width: width, height: height, pixels: pixels) }
}
