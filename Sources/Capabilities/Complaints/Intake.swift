// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Identity
import Journal

/// Reports that the staff writes down for somebody: at a counter, on the telephone, from a letter.
extension Complaints {
    /// Ways in which a report reaches an officer's hands.
    public static let intakeChannels: [(code: String, name: Text)] = [
        ("counter", Text(id: "Datang ke loket", en: "At a counter")),
        ("telephone", Text(id: "Telepon", en: "By telephone")),
        ("letter", Text(id: "Surat", en: "By letter")),
        ("social", Text(id: "Media sosial atau WhatsApp", en: "Social media or WhatsApp")),
    ]

    /// The name of a way in which reports come; the code itself where it is none of ours.
    public static func channelName(_ code: String) -> Text {
        let others = [
            ("web", Text(id: "Situs ini", en: "This site")), ("sms", Text(id: "SMS", en: "SMS")),
            ("open311", Text(id: "Aplikasi lain (Open311)", en: "Another app (Open311)")), ("import", Text(id: "Impor", en: "Import")),
        ]
        return (intakeChannels + others).first { $0.0 == code }?.1 ?? Text(id: code, en: code)
    }

    /// Days back to which the day of receipt may lie.
    static let receiptReach = 60

    /// Files a report for somebody. The clocks run from the day on which it was received, whenever it is typed in; the
    /// report needs no confirmation, since an officer vouches for it by name; a code goes to the contact all the same, and until the
    /// reporter writes it on the page of the case nothing that opens the case goes there.
    ///
    /// - Parameters:
    ///   - report: what was told; its channel says how it came in.
    ///   - person: whose key seals it, and has sealed its photos.
    ///   - received: the day on which it reached the city.
    ///   - key: the idempotency key of the form.
    ///   - officer: who writes it down.
    public func file(
        _ report: Report,
        person: Identifier,
        received: CivilDate,
        key: String,
        by officer: Officer
    ) async throws -> Receipt {
        guard officer.takesReports else { throw Self.notAllowed }
        let now = journal.clock.now
        let today = now.date(in: city.zone)
        var faults = report.faults(in: .review, city: city)
        if received > today || received < today.adding(days: -Self.receiptReach) {
            faults.append(
                Problem.Field(
                    "received",
                    Text(
                        id: "Tanggal terima: hari ini, atau paling lama \(Self.receiptReach) hari lalu",
                        en: "Received: today, or at most \(Self.receiptReach) days ago"
                    )
                )
            )
        }
        if !Self.intakeChannels.contains(where: { $0.code == report.channel }) {
            faults.append(Problem.Field("channel", Text(id: "Pilih cara laporan ini masuk", en: "Choose how it came in")))
        }
        if report.channel == "letter", report.reference.isEmpty {
            faults.append(Problem.Field("reference", Text(id: "Tulis nomor agenda surat", en: "Write the letter’s agenda number")))
        } else if report.reference.count > 60 {
            faults.append(Problem.Field("reference", Text(id: "Paling panjang 60 huruf", en: "At most 60 characters")))
        }
        guard faults.isEmpty else { throw Problem.fields(faults) }
        return try await file(
            report,
            person: person,
            key: "intake:\(officer.account):\(key)",
            isTrusted: true,
            by: officer.actor,
            at: received == today
                ? now : Instant(received, minuteOfDay: city.calendar.hours(on: received)?.opens ?? 8 * 60, zone: city.zone)
        )
    }
}
