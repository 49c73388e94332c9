// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Glibc

/// Has pictures that somebody sent read by a process of their own (``PictureProcess``), bounded in memory, time and files: a
/// bomb, or a hole in a decoder, ends that process and reaches nothing.
public struct PictureReader: Sendable {
    /// The most that a picture may say it holds; telephones take up to 200.
    static let megapixels = 200
    /// Bytes of pictures that may wait for their turn: some sixty of a telephone's, and a thousand small ones.
    private static let backlog = 256 << 20
    /// What the smallest counts.
    private static let least = 256 << 10

    private let desks: PictureDesks
    private let pool: WorkerPool

    /// A reader.
    ///
    /// - Parameters:
    ///   - program: the file of the program to run; the one that runs unless another is given.
    ///   - arguments: what it is told, its name first.
    ///   - width: how many are read at once; each may take half a gigabyte.
    ///   - patience: seconds that a picture is given.
    public init(
        program: String = "/proc/self/exe",
        arguments: [String] = ["balai", "picture", "--waiting"],
        width: Int = 2,
        patience: Int = 20
    ) {
        desks = PictureDesks(program: program, arguments: arguments, patience: Double(patience))
        pool = WorkerPool(name: "balai.pictures", width: width, backlog: Self.backlog)
    }

    /// Reads a picture: JPEG, PNG, WebP or HEIC, known by its content and not its name.
    ///
    /// - Parameter field: the field that a refusal names.
    /// - Throws: ``Problem`` for anything else, for one too large, for one that cannot be read, and where too many wait.
    public func photo(_ upload: [UInt8], field: String) async throws -> Photo { try await read(upload, field: field).photo }

    /// Reads a picture of our own, so that a machine on which nobody's could be read is known when the city opens.
    ///
    /// - Returns: whether the kernel filters what such a process may ask of it; its bounds hold in either case.
    /// - Throws: ``Problem`` that says what is missing.
    public func check() async throws -> Bool {
        do {
            return try await read(Self.sample, field: "photo").isFiltered
        } catch let problem as Problem {
            throw Problem(
                "photo.reader",
                .fault,
                Text(id: "Foto tidak bisa dibaca dengan aman di mesin ini", en: "Pictures cannot be read safely on this machine"),
                remedy: Text(
                    id: "Proses pembaca foto (`balai picture`) harus bisa dijalankan dan dibatasi: /proc, setrlimit, dan pustaka gambar.",
                    en:
                        "The process that reads them (`balai picture`) has to start and be bounded: /proc, setrlimit and the picture libraries (\(problem.code))."
                ),
                cause: problem.cause
            )
        }
    }

    /// Two by two pixels, grey (PNG).
    static let sample: [UInt8] = [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 2, 0, 0, 0, 2, 8, 0, 0, 0, 0,
        0x57, 0xDD, 0x52, 0xF8, 0x00, 0x00, 0x00, 0x0E, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9C, 0x63, 0x68, 0x68, 0x60, 0x68, 0x68,
        0x00, 0x00, 0x06, 0x06, 0x02, 0x01, 0x2C, 0xC1, 0x50, 0xD7, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42,
        0x60, 0x82,
    ]

    private func read(_ upload: [UInt8], field: String) async throws -> (photo: Photo, isFiltered: Bool) {
        do {
            return try Self.outcome(try await pool.run(weight: max(Self.least, upload.count)) { try desks.read(upload) }, field: field)
        } catch let problem as Problem where problem.fields.isEmpty {
            throw Self.later(problem.code, problem.title, field: field, cause: problem.cause)
        }
    }

    /// The photo that came back, or what the person is told, by how the process ended.
    static func outcome(_ read: PictureDesks.Reading, field: String) throws -> (photo: Photo, isFiltered: Bool) {
        switch read.ending {
        case .exit(0):
            guard let flag = read.answer.first, let photo = Photo(sent: read.answer.dropFirst()) else {
                throw PictureVerdict.damaged.problem(field: field, cause: read.ending)
            }
            return (photo, flag == 1)
        case .exit(let status): throw (PictureVerdict(rawValue: status) ?? .unbounded).problem(field: field, cause: read.ending)
        case .signal(SIGALRM):
            // Its time by the clock was over before its time on the processor: the machine is busy, the photo may be a good one.
            let title = Text(id: "Terlalu banyak foto sedang dibaca", en: "Too many photos are being read")
            throw later("photo.busy", title, field: field, cause: read.ending)
        case .signal(SIGSEGV), .signal(SIGBUS): throw PictureVerdict.damaged.problem(field: field, cause: read.ending)
        case .signal: throw PictureVerdict.tooCostly.problem(field: field, cause: read.ending)
        }
    }

    private static func later(_ code: String, _ title: Text, field: String, cause: (any Error)?) -> Problem {
        let later = Text(
            id: "Foto ini belum disimpan; kirim lagi sebentar lagi",
            en: "This photo was not kept yet; send it again shortly"
        )
        return Problem(code, .unavailable, title, fields: [Problem.Field(field, later)], retryAfter: 5, cause: cause)
    }
}
