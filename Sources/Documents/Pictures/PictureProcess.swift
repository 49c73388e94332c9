// SPDX-License-Identifier: EUPL-1.2

import CSandbox
import Glibc

/// The process that reads one picture: its bytes come in by standard input, the photo goes out by standard output, and what is
/// wrong with it is the exit status.
public enum PictureProcess {
    /// Waits at standard input, a socket, for pictures: two open files each, the picture and where the photo goes. Each is read by a
    /// process of its own, forked from this one, which has loaded the program already and never sees what was sent. How that process
    /// ended goes back (the status of `waitpid`). Ends when the other end does.
    public static func wait() -> Never {
        warmUp()
        var files: [Int32] = [-1, -1]
        while sandbox_take(STDIN_FILENO, &files) == 0 {
            let reader = sandbox_fork()
            if reader == 0 {
                dup2(files[0], STDIN_FILENO)
                dup2(files[1], STDOUT_FILENO)
                for file in files { close(file) }
                run()
            }
            for file in files { close(file) }
            var status = PictureVerdict.unbounded.rawValue << 8
            while reader > 0, waitpid(reader, &status, 0) < 0, errno == EINTR {}
            guard send(STDIN_FILENO, &status, MemoryLayout.size(ofValue: status), Int32(MSG_NOSIGNAL)) > 0 else { break }
        }
        _exit(0)
    }

    /// Reads pictures of our own, so that what is looked up and bound the first time need not be by each process that is forked.
    private static func warmUp() {
        guard let photo = try? Photo(decoding: PictureReader.sample) else { return }
        _ = try? Photo(decoding: photo.full).sent
    }

    /// Reads a picture, and ends.
    public static func run() -> Never {
        do {
            let isFiltered = try Confinement.enter()
            let upload = try read(most: Uploads.limit)
            let photo = try Photo(decoding: upload)
            try write([isFiltered ? 1 : 0] + photo.sent)
            _exit(0)
        } catch let verdict as PictureVerdict {
            _exit(verdict.rawValue)
        } catch {
            _exit(PictureVerdict.damaged.rawValue)
        }
    }

    private static func read(most: Int) throws -> [UInt8] {
        let bytes = [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
            while count < most {
                let got = Glibc.read(STDIN_FILENO, buffer.baseAddress.map { $0 + count }, most - count)
                guard got > 0 else { break }
                count += got
            }
        }
        if bytes.isEmpty { throw PictureVerdict.empty }
        return bytes
    }

    private static func write(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            guard count > 0 else { throw PictureVerdict.damaged }
            sent += count
        }
    }
}

extension Photo {
    /// Decodes a picture, known by its content and not its name, and encodes it anew.
    init(decoding upload: [UInt8]) throws {
        let picture = try PictureFormat(of: upload).decode(upload)
        full = try picture.jpeg(quality: 78)
        var small = try Reduction(width: picture.width, height: picture.height, longest: Self.longest.thumbnail)
        picture.pixels.withUnsafeBufferPointer { pixels in
            guard let start = pixels.baseAddress else { return }
            for row in 0..<picture.height { small.add(start + 3 * picture.width * row, samples: 3) }
        }
        thumbnail = try small.picture.jpeg(quality: 72)
    }
}

/// What kind of file a picture is, by its first bytes.
enum PictureFormat {
    case jpeg
    case png
    case webp
    case heif

    init(of bytes: [UInt8]) throws {
        func text(_ range: Range<Int>) -> String {
            String(decoding: bytes[min(range.lowerBound, bytes.count)..<min(range.upperBound, bytes.count)], as: UTF8.self)
        }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if text(0..<4) == "RIFF", text(8..<12) == "WEBP" {
            self = .webp
        } else if text(0..<4) == "GIF8" {
            throw PictureVerdict.gif
        } else if text(4..<8) == "ftyp" {
            switch text(8..<12) {
            case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1": self = .heif
            case "avif", "avis": throw PictureVerdict.avif
            default: throw PictureVerdict.notPicture
            }
        } else {
            throw PictureVerdict.notPicture
        }
    }

    /// The picture, turned as its file asks for.
    func decode(_ bytes: [UInt8]) throws -> Picture {
        switch self {
        case .jpeg: try JPEGFile.decode(bytes)
        case .png: try PNGFile.decode(bytes)
        case .webp: try WebPFile.decode(bytes)
        case .heif: try HEIFFile.decode(bytes)
        }
    }
}
