// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Storage

/// A place that is kept for a case.
public struct Booking: Sendable, Hashable {
    /// Its name.
    public let id: String
    /// The case that it is for.
    public let docket: String
    /// The venue, by code.
    public let venue: String
    /// The resource, by code.
    public let resource: String
    /// When it begins.
    public let starts: Instant
    /// When it ends.
    public let ends: Instant

    static let columns: SQL = "id, docket, venue, resource, starts_at, ends_at"

    init(_ row: Row) throws {
        id = try row(0)
        docket = try row(1)
        venue = try row(2)
        resource = try row(3)
        starts = try row(4)
        ends = try row(5)
    }
}

/// A time in which something cannot be booked: a repair, an event of the city's own.
public struct Closure: Sendable, Hashable {
    /// Its name.
    public let id: String
    /// The venue, by code.
    public let venue: String
    /// The resource, by code.
    public let resource: String
    /// When it begins.
    public let starts: Instant
    /// When it ends.
    public let ends: Instant
    /// Why, for everybody to read.
    public let reason: String

    static let columns: SQL = "id, venue, resource, starts_at, ends_at, reason"

    init(_ row: Row) throws {
        id = try row(0)
        venue = try row(1)
        resource = try row(2)
        starts = try row(3)
        ends = try row(4)
        reason = try row(5)
    }
}
