// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// A resident's identity number (NIK): region, date of birth, serial (PP 40/2019 art 30–31). Its structure is checked; whether
/// it exists only the population register knows.
public struct ResidentNumber: Hashable, Sendable {
    /// Sixteen digits.
    public let digits: String
    /// Whether it is a woman's: the day of birth has 40 added.
    public let isFemale: Bool
    /// Day and month of birth, and the last two digits of the year: the century is not in it.
    public let birth: (day: Int, month: Int, year: Int)

    /// Reads a number as people write it, with spaces, dots or hyphens; nil when it cannot be one.
    public init?(_ text: String) {
        guard let (digits, numbers) = Self.sixteen(text), let birth = Self.date(numbers, isFemale: numbers[6] >= 4) else { return nil }
        self.digits = digits
        isFemale = numbers[6] >= 4
        self.birth = birth
    }

    /// Equal when the digits are.
    public static func == (left: ResidentNumber, right: ResidentNumber) -> Bool { left.digits == right.digits }

    /// In agreement with `==`.
    public func hash(into hasher: inout Hasher) { hasher.combine(digits) }

    /// The region in which it was issued: `12.71.01`.
    public var region: String { Self.region(digits) }

    /// Whether it can be the number of somebody born on a date.
    public func fits(_ date: CivilDate) -> Bool {
        let parts = date.parts
        return parts.day == birth.day && parts.month == birth.month && parts.year % 100 == birth.year
    }

    /// The number with most of it hidden: `1271 •••• •••• 0007`.
    public static func masked(_ digits: String) -> String { "\(digits.prefix(4)) •••• •••• \(digits.suffix(4))" }

    /// Reads the number of a family card (KK): region, date of issue, serial.
    public static func familyCard(_ text: String) -> String? {
        guard let (digits, numbers) = sixteen(text), date(numbers, isFemale: false) != nil else { return nil }
        return digits
    }

    static func region(_ digits: String) -> String {
        let code = Array(digits)
        return "\(String(code[0..<2])).\(String(code[2..<4])).\(String(code[4..<6]))"
    }

    private static func sixteen(_ text: String) -> (digits: String, numbers: [Int])? {
        let digits = text.filter { $0 != " " && $0 != "." && $0 != "-" }
        let numbers = digits.utf8.map { Int($0) - 0x30 }
        guard numbers.count == 16, numbers.allSatisfy((0...9).contains), numbers[12...].contains(where: { $0 != 0 }),
            (11...96).contains(numbers[0] * 10 + numbers[1])
        else { return nil }
        return (digits, numbers)
    }

    private static func date(_ numbers: [Int], isFemale: Bool) -> (day: Int, month: Int, year: Int)? {
        let day = numbers[6] * 10 + numbers[7] - (isFemale ? 40 : 0)
        let month = numbers[8] * 10 + numbers[9]
        let year = numbers[10] * 10 + numbers[11]
        // The century is not in the number: a date of either will do.
        guard [1900, 2000].contains(where: { CivilDate(year: $0 + year, month: month, day: day) != nil }) else { return nil }
        return (day, month, year)
    }
}
