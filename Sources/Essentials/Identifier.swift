// SPDX-License-Identifier: EUPL-1.2

/// A name for one record: 48 bits of time and 80 of chance, as 26 letters and digits that sort by age.
public struct Identifier: Hashable, Sendable, CustomStringConvertible, Comparable {
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// The 26 characters.
    public let description: String

    /// A new identifier, made at a moment.
    public init(at instant: Instant) {
        var generator = SystemRandomNumberGenerator()
        self.init(at: instant, using: &generator)
    }

    /// A new identifier from a given source of chance; tests and the demo city use a seeded one.
    public init(at instant: Instant, using generator: inout some RandomNumberGenerator) {
        var characters = [UInt8](repeating: 0, count: 26)
        var time = UInt64(bitPattern: instant.milliseconds)
        for index in stride(from: 9, through: 0, by: -1) {
            characters[index] = Self.alphabet[Int(time & 31)]
            time >>= 5
        }
        // Two draws of 40 bits: each is a call to the kernel.
        for half in 0..<2 {
            var chance = generator.next()
            for index in 0..<8 {
                characters[10 + 8 * half + index] = Self.alphabet[Int(chance & 31)]
                chance >>= 5
            }
        }
        description = String(decoding: characters, as: UTF8.self)
    }

    /// An identifier read back; nil when it is not one.
    public init?(_ text: String) {
        guard text.utf8.count == 26, text.utf8.allSatisfy(Self.alphabet.contains) else { return nil }
        description = text
    }

    /// The moment at which it was made.
    public var instant: Instant {
        let time = description.utf8.prefix(10).reduce(UInt64(0)) { time, letter in
            time << 5 | UInt64(Self.alphabet.firstIndex(of: letter) ?? 0)
        }
        return Instant(milliseconds: Int64(bitPattern: time))
    }

    /// As people and files write it.
    public static func < (left: Identifier, right: Identifier) -> Bool { left.description < right.description }
}
