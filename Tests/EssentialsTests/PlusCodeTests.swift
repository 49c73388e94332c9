// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Testing

/// Vectors are those that the Open Location Code project publishes (decoding and short codes).
@Suite struct PlusCodeTests {
    @Test(
        "A full code is the middle of its square",
        arguments: [
            ("8FVC2222+22", 47.0000625, 8.0000625), ("4VCPPQGP+Q9", -41.2730625, 174.7859375), ("7FG49QCJ+2VX", 20.3701125, 2.782234375),
            ("8fvc2222+22", 47.0000625, 8.0000625),
        ]
    )
    func full(code: String, latitude: Double, longitude: Double) throws {
        let anywhere = try #require(Point(latitude: 0, longitude: 0))
        let point = try #require(Point(plusCode: code, near: anywhere))
        #expect(abs(point.latitude - latitude) < 1e-7)
        #expect(abs(point.longitude - longitude) < 1e-7)
    }

    @Test(
        "A short code is the nearest place that ends like it",
        arguments: [
            ("CJ+2VX", 51.3708675, -1.217765625), ("9QCJ+2VX", 51.3852125, -1.217765625), ("9QCJ+2VX", 51.3701125, -1.5),
            ("CJ+2VX", 51.3701125, -1.24),
        ]
    )
    func short(code: String, latitude: Double, longitude: Double) throws {
        let near = try #require(Point(latitude: latitude, longitude: longitude))
        let point = try #require(Point(plusCode: code, near: near))
        #expect(abs(point.latitude - 51.3701125) < 1e-6)
        #expect(abs(point.longitude + 1.217765625) < 1e-4)
    }

    @Test("What is no code is none", arguments: ["", "+", "8FVC2222", "8FVC2222+2", "8FVA2222+22", "8FVC222+22", "a+b", "XXXXXXXX+XX"])
    func none(code: String) throws {
        #expect(Point(plusCode: code, near: try #require(Point(latitude: 0, longitude: 0))) == nil)
    }

    @Test("No text makes it trap")
    func random() throws {
        var generator = SystemRandomNumberGenerator()
        let letters = Array("23456789CFGHJMPQRVWX+0a ")
        let near = try #require(Point(latitude: 3.59, longitude: 98.67))
        for _ in 0..<20_000 {
            let text = String((0..<Int.random(in: 0...16, using: &generator)).compactMap { _ in letters.randomElement(using: &generator) })
            if let point = Point(plusCode: text, near: near) { #expect(abs(point.latitude) <= 90) }
        }
    }
}
