// SPDX-License-Identifier: EUPL-1.2

import Foundation

/// A place on the ground, in degrees (WGS 84).
public struct Point: Hashable, Sendable {
    /// Degrees north.
    public let latitude: Double
    /// Degrees east.
    public let longitude: Double

    /// A place; nil outside the globe.
    public init?(latitude: Double, longitude: Double) {
        guard abs(latitude) <= 90, abs(longitude) <= 180 else { return nil }
        self.latitude = latitude
        self.longitude = longitude
    }

    /// Metres to another place along the surface (haversine, mean radius 6,371,009 m).
    public func distance(to other: Point) -> Double {
        let radians = Double.pi / 180
        let latitudes = sin((other.latitude - latitude) * radians / 2)
        let longitudes = sin((other.longitude - longitude) * radians / 2)
        let chord =
            latitudes * latitudes + cos(latitude * radians) * cos(other.latitude * radians) * longitudes * longitudes
        return 2 * 6_371_009 * asin(min(1, chord.squareRoot()))
    }
}

/// An area with holes: rings of longitude and latitude, the first of each polygon its outer edge.
public struct Area: Sendable {
    /// A corner of a ring: (degrees east, degrees north).
    public typealias Corner = (longitude: Double, latitude: Double)

    /// The rings of each polygon.
    public let polygons: [[[Corner]]]
    /// West, south, east, north.
    public let bounds: (west: Double, south: Double, east: Double, north: Double)

    /// An area of polygons.
    public init(polygons: [[[Corner]]]) {
        self.polygons = polygons
        let corners = polygons.joined().joined()
        bounds = (
            corners.map(\.longitude).min() ?? 0, corners.map(\.latitude).min() ?? 0, corners.map(\.longitude).max() ?? 0,
            corners.map(\.latitude).max() ?? 0
        )
    }

    /// Whether a place lies inside (even-odd rule).
    public func contains(_ point: Point) -> Bool {
        guard point.longitude >= bounds.west, point.longitude <= bounds.east, point.latitude >= bounds.south,
            point.latitude <= bounds.north
        else { return false }
        return polygons.contains { rings in
            rings.reduce(false) { inside, ring in inside != Self.isInside(ring, point) }
        }
    }

    private static func isInside(_ ring: [Corner], _ point: Point) -> Bool {
        guard var previous = ring.last else { return false }
        var inside = false
        for corner in ring {
            if (corner.latitude > point.latitude) != (previous.latitude > point.latitude),
                point.longitude < (previous.longitude - corner.longitude) * (point.latitude - corner.latitude)
                    / (previous.latitude - corner.latitude) + corner.longitude
            {
                inside.toggle()
            }
            previous = corner
        }
        return inside
    }
}
