// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Testing
import Web

/// Where uploads lie until they are taken or refused.
@Suite struct StagingTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("balai-staging-\(UUID().uuidString)")

    private var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] }

    private func request(_ parts: [(name: String, fileName: String?, bytes: [UInt8])], isWhole: Bool = true) -> Request {
        var body: [UInt8] = []
        for part in parts {
            let file = part.fileName.map { "; filename=\"\($0)\"" } ?? ""
            body +=
                Array("--x\r\nContent-Disposition: form-data; name=\"\(part.name)\"\(file)\r\n\r\n".utf8) + part.bytes + Array("\r\n".utf8)
        }
        if isWhole { body += Array("--x--\r\n".utf8) }
        return Request(
            head: HTTPRequest(
                method: .post,
                scheme: "http",
                authority: "x",
                path: "/",
                headerFields: [.contentType: "multipart/form-data; boundary=x"]
            ),
            body: RequestBody(buffer: ByteBuffer(bytes: body))
        )
    }

    private func read(_ request: Request, _ staging: Staging, from network: String = "10.0.0.1") async throws -> Form {
        try await Form(request, staging: staging, from: network) { token in
            guard token == "sah" else { throw Problem("form.foreign", .forbidden, Text(id: "bukan", en: "no")) }
        }
    }

    private let token = (name: "token", fileName: String?.none, bytes: Array("sah".utf8))

    @Test("A file lies in the staging place without a name, and is gone with the form")
    func lifetime() async throws {
        let staging = try Staging(folder: folder)
        var form: Form? = try await read(request([token, ("photo", "a.jpg", [1, 2, 3])]), staging)
        #expect(try form?.files["photo"]?.first?.content() == [1, 2, 3])
        #expect(names.isEmpty && staging.bytes == 3)
        form = nil
        #expect(staging.bytes == 0)
        let permissions = try FileManager.default.attributesOfItem(atPath: folder.path)[.posixPermissions] as? Int
        #expect(permissions == 0o700)
    }

    @Test("One network does not take the room of all, and has it again once its forms are gone")
    func networks() async throws {
        let staging = try Staging(folder: folder, limit: 400)
        var first: Form? = try await read(request([token, ("photo", "a.jpg", [UInt8](repeating: 1, count: 100))]), staging)
        #expect(throws: Never.self) { try first?.files["photo"]?.first?.content() }
        let second = try await read(request([token, ("photo", "b.jpg", [1])]), staging)
        let refused = #expect(throws: Problem.self) { try second.files["photo"]?.first?.content() }
        #expect(refused?.status == .unavailable)
        let other = try await read(request([token, ("photo", "c.jpg", [1])]), staging, from: "10.9.0.1")
        #expect(try other.files["photo"]?.first?.content() == [1])
        first = nil
        let again = try await read(request([token, ("photo", "d.jpg", [1])]), staging)
        #expect(try again.files["photo"]?.first?.content() == [1])
    }

    @Test("What an earlier run left is removed at the start")
    func start() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("foto".utf8).write(to: folder.appendingPathComponent("lama"))
        _ = try Staging(folder: folder)
        #expect(names.isEmpty)
    }

    @Test("Before the token has been checked nothing of a file is kept")
    func tokenFirst() async throws {
        let staging = try Staging(folder: folder, limit: 0)
        // With no room at all, a file that had been admitted would say that there is none.
        let problem = await #expect(throws: Problem.self) { try await read(request([("photo", "a.jpg", [1]), token]), staging) }
        #expect(problem?.status == .forbidden)
    }

    @Test("A form that is cut off or broken leaves nothing")
    func cutOff() async throws {
        let staging = try Staging(folder: folder)
        let broken = request([token, ("photo", "a.jpg", [UInt8](repeating: 7, count: 100_000))], isWhole: false)
        await #expect(throws: Problem.self) { try await read(broken, staging) }
        #expect(names.isEmpty && staging.bytes == 0)
    }

    @Test("A file that is too large is refused at its field, and what was typed is kept")
    func tooLarge() async throws {
        let staging = try Staging(folder: folder)
        let large = [UInt8](repeating: 7, count: FormLimits.file + 1)
        let form = try await read(request([token, ("story", nil, Array("cerita".utf8)), ("photo", "a.jpg", large)]), staging)
        #expect(form["story"] == "cerita" && staging.bytes == 0)
        let problem = #expect(throws: Problem.self) { try form.files["photo"]?.first?.content() }
        #expect(problem?.status == .unacceptable && problem?.fields.first?.name == "photo")
    }

    @Test("All uploads together have a bound: past it a file is told to come back, and what was typed is kept")
    func full() async throws {
        let staging = try Staging(folder: folder, limit: 10)
        let first = try await read(request([token, ("photo", "a.jpg", [UInt8](repeating: 7, count: 8))]), staging)
        let second = try await read(request([token, ("story", nil, [65]), ("photo", "b.jpg", [UInt8](repeating: 7, count: 8))]), staging)
        let problem = #expect(throws: Problem.self) { try second.files["photo"]?.first?.content() }
        #expect(problem?.status == .unavailable && second["story"] == "A")
        #expect(first.files["photo"]?.count == 1)
    }

    @Test("An empty file field sends nothing; a photo of no bytes is there, to be told of")
    func empty() async throws {
        let staging = try Staging(folder: folder)
        let form = try await read(request([token, ("photo", "", []), ("photo", "kosong.jpg", [])]), staging)
        #expect(form.files["photo"]?.map(\.size) == [0])
    }

    @Test("A page that takes no files keeps none")
    func none() async throws {
        let form = try await Form(request([token, ("photo", "a.jpg", [1])]))
        #expect(form.files.sizes.isEmpty && form["token"] == "sah")
    }
}
