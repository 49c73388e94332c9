// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// A QRIS payload (EMVCo merchant-presented mode, Bank Indonesia's profile): tags of two digits, lengths of two digits, values,
/// and a CRC over everything. The merchant's part comes from the city's bank; only amount and bill are added here.
public struct QRIS: Hashable, Sendable {
    /// One field.
    public struct Field: Hashable, Sendable {
        /// Two digits.
        public let tag: String
        /// Its value.
        public let value: String
    }

    /// Its fields, without the CRC.
    public let fields: [Field]

    /// Why a payload is none.
    public enum Fault: Error, Equatable {
        /// A length points beyond the end, or a tag is no number.
        case malformed
        /// The CRC does not match.
        case checksum
        /// It does not begin as the standard says.
        case version
    }

    /// Reads a payload.
    public init(_ payload: String) throws(Fault) {
        let bytes = Array(payload.utf8)
        var fields: [Field] = []
        var position = 0
        while position < bytes.count {
            guard position + 4 <= bytes.count, Int(digits: bytes[position..<position + 2]) != nil,
                let length = Int(digits: bytes[position + 2..<position + 4]), position + 4 + length <= bytes.count
            else { throw .malformed }
            let tag = String(decoding: bytes[position..<position + 2], as: UTF8.self)
            fields.append(Field(tag: tag, value: String(decoding: bytes[position + 4..<position + 4 + length], as: UTF8.self)))
            position += 4 + length
        }
        guard fields.first == Field(tag: "00", value: "01") else { throw .version }
        guard let last = fields.last, last.tag == "63", fields.count(where: { $0.tag == "63" }) == 1, last.value.utf8.count == 4 else {
            throw .checksum
        }
        guard Self.checksum(Array(bytes.dropLast(4))) == last.value.uppercased() else { throw .checksum }
        self.fields = Array(fields.dropLast())
    }

    private init(fields: [Field]) { self.fields = fields }

    /// The value of a field; nil where there is none.
    public subscript(_ tag: String) -> String? { fields.first { $0.tag == tag }?.value }

    /// The same merchant asking for an amount, once, for a bill (tag 62, template 01).
    public func asking(_ rupiah: Int, bill: String) -> QRIS {
        var own = fields.filter { !["01", "54", "55", "56", "57", "62"].contains($0.tag) }
        own += [Field(tag: "01", value: "12"), Field(tag: "54", value: String(rupiah)), Field(tag: "62", value: Self.encode("01", bill))]
        return QRIS(fields: own.sorted { $0.tag < $1.tag })
    }

    /// The payload as it goes into the picture.
    public var payload: String {
        let text = fields.map { Self.encode($0.tag, $0.value) }.joined() + "6304"
        return text + Self.checksum(Array(text.utf8))
    }

    private static func encode(_ tag: String, _ value: String) -> String { "\(tag)\(value.utf8.count.padded(2))\(value)" }

    /// CRC-16/CCITT-FALSE as four capital hexadecimal digits.
    static func checksum(_ bytes: [UInt8]) -> String {
        var crc: UInt16 = 0xFFFF
        for byte in bytes {
            crc ^= UInt16(byte) << 8
            for _ in 0..<8 { crc = crc & 0x8000 != 0 ? crc << 1 ^ 0x1021 : crc << 1 }
        }
        return [UInt8(crc >> 8), UInt8(crc & 0xFF)].hex.uppercased()
    }
}
