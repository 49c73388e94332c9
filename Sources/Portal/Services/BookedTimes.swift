// SPDX-License-Identifier: EUPL-1.2

import Bookings
import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Journal
import Markup
import Services
import Web

/// The times that are kept for a case, on its page and for the calendar of a phone.
extension Portal {
    /// A resource with its venue.
    func place(_ booking: Booking) -> (venue: Venue, resource: Venue.Resource)? {
        guard let venue = city.venues.first(where: { $0.code == booking.venue }), let resource = venue.resource(booking.resource) else {
            return nil
        }
        return (venue, resource)
    }

    /// A booking's time in words.
    func when(_ booking: Booking, _ language: Language) -> String {
        let start = booking.starts
        let minutes = Int((booking.ends.milliseconds - start.milliseconds) / 60_000)
        return "\(start.date(in: city.zone).full(language)), \(Slot.span(start.minuteOfDay(in: city.zone), minutes, language))"
    }

    /// What is kept for a case; nothing where there is nothing.
    ///
    /// - Parameter isApplicant: whether whoever looks is the applicant, who can take it along.
    func booked(_ serviceCase: Case, isApplicant: Bool, _ t: Words) async throws -> HTML {
        let found = try await journal.read { try BookingOffice.bookings(of: serviceCase.docket, in: $0) }
        guard !found.isEmpty else { return HTML() }
        let items = HTML(
            found.map { booking in
                let resource = place(booking)?.resource
                return """
                    <li><b>\(when(booking, t.language))</b><p>\(resource.map { t($0.name) } ?? booking.resource)\(resource?.address.map { ", \($0)" } ?? "")</p></li>
                    """
            }
        )
        let file: HTML =
            isApplicant
            ? "<p class=\"small screen-only\"><a href=\"\(Link("berkas", serviceCase.docket, "jadwal.ics"))\">\(t("Masukkan ke kalender ponsel", "Put it into your phone’s calendar"))</a></p>"
            : HTML()
        return """
            <section aria-labelledby="h-jadwal"><h2 id="h-jadwal">\(t("Jadwal", "Booked"))</h2><ul class="list">\(items)</ul>\(file)</section>
            """
    }

    /// The times of a case as a calendar (RFC 5545), for its applicant.
    func calendarFile(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let (serviceCase, service) = try await requireHolder(request, context)
        let found = try await journal.read { try BookingOffice.bookings(of: serviceCase.docket, in: $0) }
        let events = found.map { booking -> CalendarFile.Event in
            let resource = place(booking)?.resource
            return CalendarFile.Event(
                uid: "\(booking.id)@\(origin.split(separator: "/").last ?? "balai")",
                starts: booking.starts,
                ends: booking.ends,
                title: service.name(context.language),
                place: [resource.map { $0.name(context.language) }, resource?.address].compactMap { $0 }.joined(separator: ", "),
                address: "\(origin)/berkas/\(serviceCase.docket)"
            )
        }
        var response = Response.text(CalendarFile(events: events, at: now).text, type: "text/calendar; charset=utf-8")
        response.headers[.contentDisposition] = "attachment; filename=\"jadwal.ics\""
        response.headers[.cacheControl] = "private, no-store"
        return response
    }
}
