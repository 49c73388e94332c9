// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import TestSupport
import Testing

@testable import Documents

/// The process that reads pictures, from outside: whatever it does, the city gets a photo or a reason.
@Suite("Pictures are read by a process of their own")
struct PictureTests {
    /// A program that does something else where one waits for pictures.
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
            (PictureDesks.Ending.exit(0), "photo.damaged"), (.signal(SIGSEGV), "photo.damaged"), (.signal(SIGBUS), "photo.damaged"),
            (.signal(SIGKILL), "photo.tooCostly"), (.signal(SIGXCPU), "photo.tooCostly"), (.signal(SIGALRM), "photo.busy"),
            (.exit(22), "photo.gif"), (.exit(24), "photo.tooLarge"), (.exit(1), "photo.unbounded"),
        ]
    )
    func endings(ending: PictureDesks.Ending, code: String) throws {
        for answer in [[], Array("no photo at all".utf8)] {
            let problem = #expect(throws: Problem.self) {
                try PictureReader.outcome(PictureDesks.Reading(ending: ending, answer: answer), field: "foto")
            }
            #expect(problem?.code == code && problem?.fields.map(\.name) == ["foto"])
        }
    }

    @Test("Pictures that come one after the other find the same process waiting")
    func waits() async throws {
        let desks = PictureDesks(program: TestCity.program, arguments: ["balai", "picture", "--waiting"], patience: 60)
        for _ in 0..<3 { #expect(try desks.read([1]).ending == .exit(PictureVerdict.notPicture.rawValue)) }
        #expect(desks.waiting.count == 1)
    }

    @Test("One that fell while it waited is replaced, and nobody notices")
    func fell() async throws {
        let desks = PictureDesks(program: TestCity.program, arguments: ["balai", "picture", "--waiting"], patience: 60)
        _ = try desks.read([1])
        let first = try #require(desks.waiting.first)
        kill(first, SIGKILL)
        usleep(100_000)
        #expect(try desks.read([1]).ending == .exit(PictureVerdict.notPicture.rawValue))
        #expect(desks.waiting.count == 1 && desks.waiting != [first] && kill(first, 0) == -1)
    }

    @Test("One that falls with a picture costs that picture, which is asked for again")
    func falls() async throws {
        let problem = await #expect(throws: Problem.self) { try await reader("exit 0").photo([1], field: "foto") }
        #expect(problem?.code == "photo.reader" && problem?.status == .unavailable && problem?.fields.map(\.name) == ["foto"])
    }

    @Test("One that takes too long is ended with what it started, and is gone")
    func late() async throws {
        let folder = try TestDatabase.temporaryFolder()
        let file = folder.appendingPathComponent("pid")
        let problem = await #expect(throws: Problem.self) {
            try await reader("sleep 1000 & echo $! $$ > \(file.path); wait", patience: 1).photo([1], field: "foto")
        }
        #expect(problem?.code == "photo.tooCostly")
        let processes = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
        #expect(processes.count == 2)
        // What it started has its end fetched by the machine, a moment later.
        for process in processes { #expect(kill(process, 0) == -1 || Self.isZombie(process)) }
    }

    private static func isZombie(_ process: Int32) -> Bool {
        (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8))?.contains(") Z ") ?? true
    }

    @Test("It is given no environment and nothing open but its own ends")
    func inherits() async throws {
        setenv("BALAI_KANNEL", "http://user:secret@gateway", 1)
        let open = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/etc/hostname"))
        let file = try TestDatabase.temporaryFolder().appendingPathComponent("found")
        let script = """
            found="$BALAI_KANNEL$HOME"
            for file in /proc/$$/fd/*; do case ${file##*/} in 0|1|2) ;; *) [ -e $file ] && found="$found $file" ;; esac; done
            echo "nothing$found" > \(file.path)
            """
        _ = await #expect(throws: Problem.self) { try await reader(script).photo([1], field: "foto") }
        #expect(try String(contentsOf: file, encoding: .utf8) == "nothing\n")
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
