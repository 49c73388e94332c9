// SPDX-License-Identifier: EUPL-1.2

extension Instant {
    /// A moment from whole seconds since the epoch, as links, keys and challenges carry them; nil where no calendar has it.
    ///
    /// - Parameter text: digits of the radix and nothing else.
    public init?(outsideSeconds text: some StringProtocol, radix: Int = 10) {
        // Twelve digits of base ten reach beyond the year 9999, and so do eight of base 36.
        guard (1...12).contains(text.utf8.count), text.utf8.first.map({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) == true,
            let seconds = Int64(text, radix: radix), Self.seconds.contains(seconds)
        else { return nil }
        self.init(milliseconds: seconds * 1000)
    }
}
