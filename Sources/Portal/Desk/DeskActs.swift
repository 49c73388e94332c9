// SPDX-License-Identifier: EUPL-1.2

import Cases
import Complaints
import Definitions
import Essentials
import HTTPTypes
import Hummingbird
import Identity
import Markup
import Notifications
import Web

/// What officers do to a case.
extension Portal {
    /// Takes an act of an officer on a case.
    func takeDeskAct(_ request: Request, _ context: OfficerContext) async throws -> Response {
        let complaint = try await requireCase(context.visitor)
        let form = try await formWithFiles(request, context.visitor)
        try token.check(form["token"], request, visitor: context.visitor.visitor)
        let act = context.visitor.parameters.get("tindakan") ?? ""
        let docket = complaint.docket
        let officer = context.officer
        let key = onceKey(form, for: act)
        let text = form["text-\(act)"]
        var photos = ChosenFiles()
        do {
            if act == "data-pelapor" {
                let report = try await complaints.openPersonalData(docket, purpose: form["purpose"], by: officer)
                return try await deskCase(request, context, opened: report ?? Report())
            }
            if act == "tulis", form.has("isikan") {
                let template = city.complaints.templates.first { $0.code == form["template"] }
                let filled = try Form(urlEncoded: Array("kind=\(form["kind"])&text=\(Self.encode(template.map { $0.body.id } ?? ""))".utf8))
                return try await deskCase(request, context, state: FormState(problem: nil, typed: filled))
            }
            try await named(act == "tulis" ? "text" : "text-\(act)") {
                switch act {
                case "tulis":
                    switch form["kind"] {
                    case "ask": try await complaints.ask(docket, text: form["text"], key: key, by: officer)
                    case "note": try await complaints.note(docket, text: form["text"], key: key, by: officer)
                    default: try await complaints.reply(docket, text: form["text"], key: key, by: officer)
                    }
                case "verifikasi": try await complaints.verify(docket, agency: form["agency"], key: key, by: officer)
                case "konfirmasi": try await complaints.confirmDone(docket, key: key, by: officer)
                case "tolak-hasil": try await complaints.rejectDone(docket, reason: text, key: key, by: officer)
                case "tugaskan": try await complaints.assign(docket, to: form["officer"], key: key, by: officer)
                case "jadwal":
                    guard let date = CivilDate.typed(form["date"]).value else {
                        throw Problem.fields([
                            Problem.Field("date", Text(id: "Pilih tanggal, misalnya 2026-11-25", en: "Choose a date, such as 2026-11-25"))
                        ])
                    }
                    try await complaints.schedule(docket, for: date, text: "", key: key, by: officer)
                case "selesai":
                    try await takePhotos(form, person: officer.account, into: &photos)
                    try await complaints.reportDone(docket, text: text, photos: photos.names, key: key, by: officer)
                case "perpanjang":
                    let days = Int(outside: form["days"], in: 1...366) ?? 0
                    try await complaints.extend(docket, days: days, reason: text, key: key, by: officer)
                case "kembalikan": try await complaints.sendBack(docket, reason: text, key: key, by: officer)
                case "teruskan": try await complaints.forward(docket, to: form["agency-2"], reason: text, key: key, by: officer)
                case "ke-luar":
                    try await complaints.forwardOutside(docket, to: form["office"], mail: form["mail"], text: text, key: key, by: officer)
                case "jenis": try await complaints.recategorise(docket, to: form["category"], key: key, by: officer)
                case "gabung": try await complaints.merge(docket, into: form["into"], key: key, by: officer)
                case "pecah": try await complaints.split(docket, agency: form["agency-3"], text: text, key: key, by: officer)
                case "tutup": try await complaints.closeUnfixed(docket, reason: form["reason"], text: text, key: key, by: officer)
                case "rahasiakan": try await complaints.makeConfidential(docket, reason: text, key: key, by: officer)
                case "buka": try await complaints.makePublic(docket, reason: text, key: key, by: officer)
                case "terbitkan": try await complaints.publishReply(form["balasan"], of: docket, key: key, by: officer)
                case "sembunyikan": try await complaints.hideReply(form["balasan"], of: docket, key: key, by: officer)
                case "blokir": try await complaints.blockContact(docket, reason: text, key: key, by: officer)
                case "sunting":
                    try await complaints.redact(
                        docket,
                        story: form["story"],
                        seen: form["semula"],
                        keeping: form.all("keep"),
                        key: key,
                        by: officer
                    )
                default: throw Problem.notFound
                }
            }
        } catch let problem as Problem where problem.keepsForm {
            let state = FormState(problem: problem, typed: form, kept: ["photo": photos.names])
            return try await deskCase(request, context, state: state, status: problem.httpStatus)
        }
        // Forwarding may take the case out of the officer's sight; the desk is where to go on then.
        if let after = try await complaints.find(docket), !officer.sees(agency: after.agency, district: after.district) {
            return .seeOther(Link("meja", query: [("tercatat", docket)]))
        }
        return .seeOther(Link("meja", "berkas", docket, query: [("selesai", act)]))
    }

    private static func encode(_ text: String) -> String { text.utf8.map { "%\([$0].hex)" }.joined() }
}
