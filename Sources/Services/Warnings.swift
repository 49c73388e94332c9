// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Journal
import Notifications

/// What the owner of a case is told at once, at any hour and whatever else they want to hear, since it may have been somebody else who has
/// come to it: only at a contact that is proven.
extension Services {
    /// That somebody wishes the applicant to be erased, and how to take it back.
    public func tellErasureWished(_ docket: String) async throws {
        try await journal.commit { act in
            let what = Text(id: "permohonan \(docket)", en: "application \(docket)")
            try warn(.erasureWished, ["what": what], docket, in: act)
        }
    }

    /// That money of a case goes to another account from now on.
    public func tellAccountGiven(_ account: Refund.Account, of docket: String, in act: Act) throws {
        // A dot that telephones have no sign for would halve what fits into an SMS.
        let masked = Text(same: account.masked.replacing("•", with: "*"))
        try warn(
            .refundAccount,
            ["docket": Text(same: docket), "account": masked, "telephone": Text(same: city.contact.telephone)],
            docket,
            in: act
        )
    }

    private func warn(_ letter: Messages.Letter, _ values: [String: Text], _ docket: String, in act: Act) throws {
        let serviceCase = try Self.require(docket, in: act.snapshot)
        let story = try story(of: serviceCase, in: act.snapshot)
        guard story.isContactConfirmed, let contact = Contact(story.contact) else { return }
        let words = city.messages(letter, values.merging(["link": Text(same: "\(origin)/berkas/\(docket)")]) { $1 })
        try Written(words, serviceCase.language).send(to: contact, about: docket, isUrgent: true, in: act, vault: journal.vault)
    }
}
