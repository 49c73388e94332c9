// SPDX-License-Identifier: EUPL-1.2

import CProcess
import Foundation
import Synchronization

/// Requests that are being answered, in memory that outlives the process: when it ends by a fault, its parent reads here which of
/// them was under way. Holds the route, never the path, and a digest of the rest.
public final class FlightTable: @unchecked Sendable {
    // Unchecked: the memory is raw. A slot belongs to the one request that took it, until it gives it back.

    /// One request.
    public struct Request: Hashable, Sendable {
        /// Its method.
        public let method: String
        /// The pattern of its address.
        public let route: String
        /// Names this very request, with as much of its body as had come.
        public let digest: UInt64
        /// Bytes of its body that had come.
        public let length: Int
    }

    /// The slot of the request that this task answers; -1 where it answers none.
    @TaskLocal public static var current: Int32 = -1

    private static let slots = 2048
    private static let slotSize = 256
    /// Where in a slot the state, the digest, the length and the text stand.
    private static let digestPlace = 8
    private static let lengthPlace = 16
    private static let textPlace = 24
    private static let headerSize = 64
    private static let size = headerSize + slots * slotSize

    /// The descriptor of the memory, which a child inherits.
    let descriptor: Int32
    private let memory: UnsafeMutableRawPointer
    private let free: Mutex<[Int32]>

    /// New memory; nil where the system gives none.
    convenience init?() {
        let descriptor = shared_memory()
        guard descriptor >= 0, ftruncate(descriptor, off_t(Self.size)) == 0 else { return nil }
        self.init(descriptor: descriptor)
    }

    /// The memory that a parent made.
    init?(descriptor: Int32) {
        guard let memory = mmap(nil, Self.size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), memory != MAP_FAILED else { return nil }
        self.descriptor = descriptor
        self.memory = memory
        free = Mutex((0..<Int32(Self.slots)).reversed())
    }

    deinit {
        munmap(memory, Self.size)
        close(descriptor)
    }

    /// Forgets everything, for a new child.
    func clear() { memset(memory, 0, Self.size) }

    /// Whether the child has opened its door.
    var isListening: Bool {
        get { memory.load(as: UInt64.self) != 0 }
        set { memory.storeBytes(of: newValue ? 1 : 0, as: UInt64.self) }
    }

    /// The slot of the request in whose task a fault happened; -1 where that is not known. Set from a signal handler.
    var culprit: Int32 {
        get { memory.load(fromByteOffset: 8, as: Int32.self) - 1 }
        set { memory.storeBytes(of: newValue + 1, toByteOffset: 8, as: Int32.self) }
    }

    private func slot(_ index: Int32) -> UnsafeMutableRawPointer {
        memory.advanced(by: Self.headerSize + Int(index) * Self.slotSize)
    }

    /// Notes that a request is being answered.
    ///
    /// - Returns: its slot; -1 where all are taken, and this request goes unnoted.
    public func enter(method: String, route: String, digest: UInt64) -> Int32 {
        guard let index = free.withLock({ $0.popLast() }) else { return -1 }
        let slot = slot(index)
        slot.storeBytes(of: digest, toByteOffset: Self.digestPlace, as: UInt64.self)
        slot.storeBytes(of: 0, toByteOffset: Self.lengthPlace, as: Int.self)
        var end = Self.textPlace
        for byte in method.utf8.prefix(16) {
            slot.storeBytes(of: byte, toByteOffset: end, as: UInt8.self)
            end += 1
        }
        slot.storeBytes(of: 0x20, toByteOffset: end, as: UInt8.self)
        end += 1
        for byte in route.utf8.prefix(Self.slotSize - 1 - end) {
            slot.storeBytes(of: byte, toByteOffset: end, as: UInt8.self)
            end += 1
        }
        slot.storeBytes(of: 0, toByteOffset: end, as: UInt8.self)
        slot.storeBytes(of: 1, as: UInt8.self)
        return index
    }

    /// Notes what more is known of a request.
    public func update(_ index: Int32, digest: UInt64, length: Int) {
        guard index >= 0 else { return }
        slot(index).storeBytes(of: digest, toByteOffset: Self.digestPlace, as: UInt64.self)
        slot(index).storeBytes(of: length, toByteOffset: Self.lengthPlace, as: Int.self)
    }

    /// Notes that a request has been answered.
    public func leave(_ index: Int32) {
        guard index >= 0 else { return }
        slot(index).storeBytes(of: 0, as: UInt8.self)
        free.withLock { $0.append(index) }
    }

    /// Requests that are being answered.
    var underWay: [Request] { (0..<Int32(Self.slots)).compactMap(request) }

    /// The request in a slot; nil where there is none.
    func request(_ index: Int32) -> Request? {
        guard index >= 0, index < Int32(Self.slots), slot(index).load(as: UInt8.self) == 1 else { return nil }
        let slot = slot(index)
        let text = String(cString: slot.advanced(by: Self.textPlace).assumingMemoryBound(to: CChar.self))
        let parts = text.split(separator: " ", maxSplits: 1)
        return Request(
            method: parts.first.map(String.init) ?? "",
            route: parts.count > 1 ? String(parts[1]) : "",
            digest: slot.load(fromByteOffset: Self.digestPlace, as: UInt64.self),
            length: slot.load(fromByteOffset: Self.lengthPlace, as: Int.self)
        )
    }
}
