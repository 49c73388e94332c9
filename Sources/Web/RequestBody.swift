// SPDX-License-Identifier: EUPL-1.2

import Essentials
import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// The same request with another body, and where it is given with other cookies.
    public func carrying(_ bytes: [UInt8], type: String, cookies: String? = nil) -> Request {
        var head = head
        head.headerFields[.contentType] = type
        head.headerFields[.contentLength] = String(bytes.count)
        if let cookies { head.headerFields[.cookie] = cookies }
        return Request(head: head, body: RequestBody(buffer: ByteBuffer(bytes: bytes)))
    }

    /// The bytes of a request that is no form.
    ///
    /// - Throws: a problem where there are more than the limit.
    public func bytes(limit: Int) async throws -> [UInt8] {
        Questions.note(.body, "")
        var bytes: [UInt8] = []
        for try await buffer in body {
            bytes += buffer.readableBytesView
            guard bytes.count <= limit else {
                throw Problem("request.too-large", .tooLarge, Text(id: "Paling besar \(limit) bita", en: "At most \(limit) bytes"))
            }
        }
        return bytes
    }

    /// The JSON object that a program sends. A page of another site cannot send this media type without asking first, so no
    /// form token is needed.
    public func object(limit: Int) async throws -> JSON {
        guard headers[.contentType]?.hasPrefix("application/json") == true else {
            throw Problem("request.type", .unsupportedType, Text(id: "Kirim sebagai application/json", en: "Send application/json"))
        }
        guard let json = try? JSON(parsing: try await bytes(limit: limit)), json.object != nil else {
            throw Problem("request.malformed", .badRequest, Text(id: "Isinya bukan objek JSON", en: "The body is no JSON object"))
        }
        return json
    }
}
