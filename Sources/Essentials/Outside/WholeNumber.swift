// SPDX-License-Identifier: EUPL-1.2

extension Int {
    /// A whole number that a program, a page or a stranger sends: ASCII digits with at most a minus sign before them, within
    /// bounds that the reader names. Nil for anything else, so that whatever is reckoned with it afterwards cannot overflow.
    ///
    /// What people type into a field for money or quantities is read elsewhere, with its separators.
    public init?(outside text: some StringProtocol, in bounds: ClosedRange<Int>) {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        guard text.utf8.count <= 20, let size = Int(digits: isNegative ? text.utf8.dropFirst() : text.utf8[...]) else { return nil }
        let value = isNegative ? -size : size
        guard bounds.contains(value) else { return nil }
        self = value
    }
}
