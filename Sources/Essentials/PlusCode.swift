// SPDX-License-Identifier: EUPL-1.2

/// Open Location Codes (“Plus Codes”): the addresses of places that have none.
/// Source: the Open Location Code specification, sections “Encoding”, “Decoding” and “Short codes”.
extension Point {
    private static let digits = Array("23456789CFGHJMPQRVWX".utf8)
    /// Degrees that each of the first five pairs of digits stands for.
    private static let spans = [20.0, 1.0, 0.05, 0.0025, 0.000125]

    /// The middle of the square that a code names; nil when it is no code.
    ///
    /// - Parameters:
    ///   - plusCode: full (`6PH57PWC+V5`) or short (`7PWC+V5`), in either case.
    ///   - reference: a place near which a short code is meant.
    public init?(plusCode text: String, near reference: Point) {
        let code = text.uppercased()
        guard let plus = code.utf8.firstIndex(of: UInt8(ascii: "+")) else { return nil }
        let head = Array(code.utf8[..<plus])
        let tail = Array(code.utf8[plus...].dropFirst())
        guard [2, 4, 6, 8].contains(head.count), tail.isEmpty || (2...7).contains(tail.count),
            let values = Self.values(head + tail)
        else { return nil }
        let missing = 8 - head.count
        let full = Self.values(Self.leading(missing / 2, of: reference)) ?? []
        guard let (south, west, height, width) = Self.square(full + values) else { return nil }
        var latitude = south + height / 2
        var longitude = west + width / 2
        if missing > 0 {
            // The nearest of the squares that share these last digits.
            let span = Self.spans[missing / 2 - 1]
            if reference.latitude + span / 2 < latitude, latitude - span >= -90 { latitude -= span }
            if reference.latitude - span / 2 > latitude, latitude + span <= 90 { latitude += span }
            if reference.longitude + span / 2 < longitude { longitude -= span }
            if reference.longitude - span / 2 > longitude { longitude += span }
        }
        self.init(latitude: latitude, longitude: longitude)
    }

    private static func values(_ text: [UInt8]) -> [Int]? {
        let values = text.compactMap { digits.firstIndex(of: $0) }
        return values.count == text.count ? values : nil
    }

    /// The first pairs of the code of a place.
    private static func leading(_ pairs: Int, of point: Point) -> [UInt8] {
        var latitude = min(max(point.latitude + 90, 0), 179.999_999)
        var longitude = min(max(point.longitude + 180, 0), 359.999_999)
        return spans.prefix(pairs).flatMap { span in
            let (row, column) = (Int(latitude / span), Int(longitude / span))
            latitude -= Double(row) * span
            longitude -= Double(column) * span
            return [digits[row], digits[column]]
        }
    }

    private static func square(_ values: [Int]) -> (south: Double, west: Double, height: Double, width: Double)? {
        guard values.count >= 8, values.count % 2 == 0 || values.count > 10, values[0] < 9, values[1] < 18 else { return nil }
        var (south, west, height, width) = (-90.0, -180.0, 20.0, 20.0)
        for (pair, span) in spans.enumerated() where 2 * pair + 1 < min(values.count, 10) {
            south += Double(values[2 * pair]) * span
            west += Double(values[2 * pair + 1]) * span
            (height, width) = (span, span)
        }
        // Beyond ten digits each names one of five rows and four columns.
        for value in values.dropFirst(10) {
            height /= 5
            width /= 4
            south += Double(value / 4) * height
            west += Double(value % 4) * width
        }
        return (south, west, height, width)
    }
}
