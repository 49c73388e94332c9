// SPDX-License-Identifier: EUPL-1.2

import Crypto
import Essentials
import Foundation
import HTTPTypes
import Hummingbird
import Markup

/// Files for browsers, read once, compressed once, and named by their content so that they can be kept for ever.
public struct Assets: Sendable {
    struct Asset: Sendable {
        let type: String
        let plain: [UInt8]
        let compressed: [UInt8]?
    }

    private let byAddress: [String: Asset]
    private let addresses: [String: String]

    private static let types = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml", "png": "image/png",
        "json": "application/json; charset=utf-8", "webmanifest": "application/manifest+json",
    ]

    /// Reads folders; a file of a later one takes the place of an earlier one's of the same name.
    public init(folders: [URL]) {
        var byAddress: [String: Asset] = [:]
        var addresses: [String: String] = [:]
        for folder in folders {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.sorted() ?? [] {
                let url = folder.appendingPathComponent(name)
                guard let type = Self.types[url.pathExtension], let data = FileManager.default.contents(atPath: url.path) else { continue }
                let bytes = Array(data)
                let hash = Array(SHA256.hash(data: bytes).prefix(6)).hex
                let address = "\(url.deletingPathExtension().lastPathComponent).\(hash).\(url.pathExtension)"
                let compressed = type.hasPrefix("image/png") ? nil : GZip.compress(bytes, level: 9)
                byAddress[address] = Asset(type: type, plain: bytes, compressed: compressed)
                addresses[name] = address
            }
        }
        self.byAddress = byAddress
        self.addresses = addresses
    }

    /// The address of a file; nil when there is none of that name.
    public func link(_ name: String) -> Link? { addresses[name].map { Link("aset", $0) } }

    /// The content of a file by its plain name.
    public func content(_ name: String) -> [UInt8]? { addresses[name].flatMap { byAddress[$0]?.plain } }

    /// Answers for an address below `/aset/`; nil when there is nothing.
    public func response(_ address: String, for request: Request) -> Response? {
        guard let asset = byAddress[address] else { return nil }
        let takesGzip = request.headers[.acceptEncoding]?.contains("gzip") == true && asset.compressed != nil
        var response: Response
        if takesGzip, let compressed = asset.compressed {
            response = .bytes(compressed, type: asset.type)
            response.headers[.contentEncoding] = "gzip"
        } else {
            response = .bytes(asset.plain, type: asset.type)
        }
        response.headers[.vary] = "Accept-Encoding"
        let tag = "\"\(address)\(takesGzip ? "-gz" : "")\""
        return response.tagged(for: request, tag, cache: "public, max-age=31536000, immutable")
    }
}
