// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation

/// A place found by what somebody wrote.
public struct FoundPlace: Sendable, Hashable {
    /// The spot, where the words name one.
    public let point: Point?
    /// The district, by code.
    public let district: String
    /// The subdistrict, by code; nil when only the district was named.
    public let subdistrict: String?
}

extension City {
    /// Finds a place by coordinates (`3.5952, 98.6722`), by Plus Code, or by the name of a subdistrict or district.
    /// Nil when the words name none, or one outside the city.
    public func findPlace(_ text: String) -> FoundPlace? {
        if let point = coordinates(text) ?? plusCode(text) {
            return regions.locate(point).map { FoundPlace(point: point, district: $0.parent ?? "", subdistrict: $0.code) }
        }
        if let region = regions.named(in: text) { return FoundPlace(point: nil, district: region.parent ?? "", subdistrict: region.code) }
        return regions.district(namedIn: text).map { FoundPlace(point: nil, district: $0.code, subdistrict: nil) }
    }

    private func coordinates(_ text: String) -> Point? {
        let parts = text.split { $0 == "," || $0 == " " || $0 == ";" }
        guard parts.count == 2 else { return nil }
        return Point(latitude: parts[0], longitude: parts[1])
    }

    private func plusCode(_ text: String) -> Point? {
        text.split(separator: " ").lazy.compactMap {
            Point(plusCode: $0.trimmingCharacters(in: CharacterSet(charactersIn: ",.")), near: self.centre)
        }.first
    }
}
