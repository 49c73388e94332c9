// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import TestSupport
import Testing

@testable import Documents

/// The process that reads pictures, from outside: whatever it does, the city gets a photo or a reason.
@Suite("Pictures are read by a process of their own")
struct PictureTests {
    /// A program that does something else in its place.
    private func reader(_ script: String, patience: Int = 60) -> PictureReader {
        PictureReader(program: "/bin/sh", arguments: ["sh", "-c", script], patience: patience)
    }

    @Test("The program itself reads pictures here, bounded and filtered")
    func itself() async throws {
        #expect(try await PictureReader(program: TestCity.program).check())
    }

    @Test(
        "However it ends, the person is told at the field",
        arguments: [
            ("exit 0", "photo.damaged"), ("echo no photo at all", "photo.damaged"), ("kill -SEGV $$", "photo.damaged"),
            ("kill -KILL $$", "photo.tooCostly"), ("exit 22", "photo.gif"), ("exit 24", "photo.tooLarge"), ("exit 1", "photo.unbounded"),
            ("yes", "photo.tooCostly"),
        ]
    )
    func endings(script: String, code: String) async throws {
        let problem = await #expect(throws: Problem.self) { try await reader(script).photo([1], field: "foto") }
        #expect(problem?.code == code && problem?.fields.map(\.name) == ["foto"])
    }

    @Test("One that takes too long is ended, and is gone")
    func late() async throws {
        let folder = try TestDatabase.temporaryFolder()
        let file = folder.appendingPathComponent("pid")
        let problem = await #expect(throws: Problem.self) {
            try await reader("echo $$ > \(file.path); exec sleep 1000", patience: 1).photo([1], field: "foto")
        }
        #expect(problem?.code == "photo.tooCostly")
        let process = try #require(Int32(String(contentsOf: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(kill(process, 0) == -1)
    }

    @Test("It is given no environment and nothing open but its own ends")
    func inherits() async throws {
        setenv("BALAI_KANNEL", "http://user:secret@gateway", 1)
        let open = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/etc/hostname"))
        let script = """
            [ -n "$BALAI_KANNEL$HOME" ] && exit 22
            for file in /proc/$$/fd/*; do case ${file##*/} in 0|1|2) ;; *) [ -e $file ] && exit 23 ;; esac; done
            exit 24
            """
        let problem = await #expect(throws: Problem.self) { try await reader(script).photo([1], field: "foto") }
        #expect(problem?.code == "photo.tooLarge")
        try open.close()
    }

    @Test("A program that is not there is told when the city opens, and to whoever sends a photo")
    func missing() async throws {
        let reader = PictureReader(program: "/nowhere/balai")
        let atStart = await #expect(throws: Problem.self) { try await reader.check() }
        #expect(atStart?.status == .fault && atStart?.remedy != nil)
        let problem = await #expect(throws: Problem.self) { try await reader.photo([1], field: "foto") }
        #expect(problem?.status == .unavailable && problem?.fields.map(\.name) == ["foto"])
    }

    @Test("Making it smaller keeps the mean of what each pixel covers", arguments: [(7, 5, 3), (640, 480, 320), (1, 900, 4), (65, 1, 64)])
    func means(width: Int, height: Int, longest: Int) throws {
        var reduction = try Reduction(width: width, height: height, longest: longest)
        let row = [UInt8](repeating: 200, count: 3 * width)
        for _ in 0..<height { row.withUnsafeBufferPointer { reduction.add($0.baseAddress!, samples: 3) } }
        let picture = reduction.picture
        #expect(max(picture.width, picture.height) == longest && picture.pixels.count == 3 * picture.width * picture.height)
        #expect(picture.pixels.allSatisfy { $0 == 200 })
    }

    @Test("Orientations that lie say nothing", arguments: ["", "II", "II*\0\u{FF}", "MM\0*\0\0\0\u{8}\0\u{1}", "Exif\0\0II*\0"])
    func orientation(text: String) {
        #expect(Orientation.read(exif: text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }) == 1)
    }
}
