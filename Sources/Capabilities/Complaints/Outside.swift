// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Essentials
import Identity
import Journal
import Notifications
import Storage

/// Offices outside the city: a case is passed to them by mail, and they answer by the link in it, without any account.
extension Complaints {
    /// Passes a case to an office outside the city, by mail, and tells the reporter where it went.
    public func forwardOutside(
        _ docket: String,
        to office: String,
        mail: String,
        text: String,
        key: String? = nil,
        by officer: Officer
    ) async throws {
        try await act(on: docket, key: key) { act, complaint in
            try require(officer, mayWorkOn: complaint)
            try require(
                complaint,
                in: [.received, .forwarded, .working, .scheduled],
                Text(id: "Meneruskan ke luar", en: "Passing on outside")
            )
            let office = try require(office, field: "office", limit: 120)
            let text = try require(text, field: "text")
            guard case .mail(let address)? = Report.Contact(mail) else {
                throw Problem.fields([
                    Problem.Field("mail", Text(id: "Tulis alamat email instansinya", en: "Write the office’s e-mail address"))
                ])
            }
            var clock = complaint.clock
            clock.meet("answer", at: act.now)
            try act.append(
                "complaint.passed-outside",
                to: complaint.stream,
                by: officer.actor,
                facts: state(complaint, stage: .working, clock: clock, now: act.now, more: ["office": .string(office)]),
                inner: ["text": .string(text)]
            )
            let link = "\(origin)/jawab/\(docket)/\(answerTag(docket, office: office))"
            let body = """
                Kepada \(office)

                \(city.name.id) meneruskan laporan warga \(docket): \(complaint.title)
                \(complaint.story ?? "")

                \(text)

                Jawab lewat tautan ini, tanpa akun; jawaban Anda tampil di berkas:
                \(link)?kantor=\(Self.escaped(office))

                Perkembangan: \(origin)/berkas/\(docket)
                """
            let message = Message(
                channel: .mail,
                recipient: address,
                subject: "\(docket): \(complaint.title)",
                body: body,
                docket: docket
            )
            try Outbox.enqueue(message, in: act, vault: journal.vault)
            try tellAll(complaint, .outside, ["office": Text(same: office)], in: act)
        }
    }

    /// Whether a link is the one that an office was given.
    public func holdsAnswerLink(_ tag: String, office: String, of complaint: Complaint) -> Bool {
        constantTimeEqual(Array(tag.utf8), Array(answerTag(complaint.docket, office: office).utf8))
    }

    /// An office outside the city answers. The answer stands in the open; the city still answers for the case.
    public func answerFromOutside(_ docket: String, office: String, tag: String, text: String, key: String? = nil) async throws {
        try await act(on: docket, key: key) { act, complaint in
            guard holdsAnswerLink(tag, office: office, of: complaint) else { throw Self.noSuchCase }
            guard complaint.stage.isOpen else { return try require(complaint, in: [], Text(id: "Menjawab", en: "Answering")) }
            let text = try require(text, field: "text")
            try act.append(
                "complaint.answered-outside",
                to: complaint.stream,
                by: Actor(role: "outside"),
                facts: ["docket": .string(docket), "office": .string(office)],
                inner: ["text": .string(text)]
            )
            try tellAll(complaint, .outsideAnswered, ["office": Text(same: office)], in: act)
        }
    }

    private func answerTag(_ docket: String, office: String) -> String {
        String(journal.vault.tokenHash("outside:\(docket):\(office)").prefix(22))
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            return isPlain ? String(UnicodeScalar(byte)) : "%\([byte].hex.uppercased())"
        }.joined()
    }
}
