// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Essentials
import HTTPTypes
import Hummingbird
import Residents
import Services
import Web

/// Whoever acts on a report or an application as the one whose it is.
///
/// | | reads, writes, answers | ends it, erases it, says where money and letters go |
/// |---|---|---|
/// | the case's own key | yes | yes |
/// | a session of the account that its proven contact belongs to | yes | within a quarter of an hour of a code or passkey that is no newcomer to the account |
///
/// Answers that are gone through again from an account are open to whoever is signed in to it, and to nobody else.
///
/// Nobody is erased while the account that the case belongs to is not settled, whoever asks.
enum CaseHolder {
    /// Somebody with the case's own key, from filing it or out of a letter.
    case key
    /// Somebody who is signed in. What a session opens ends with it.
    case account(Resident, session: String)
}

extension Portal {
    /// What is sent to a case that ends it, destroys it, or says where money or its letters go, or that none go; an act of a service that ends it is
    /// another.
    private static let graveDeeds: Set<String> = ["penarikan", "penghapusan", "hapus-data", "rekening", "kontak", "kabar"]

    /// Who acts on a report; nil for everybody whose it is not.
    func holder(_ request: Request, of complaint: Complaint) async throws -> CaseHolder? {
        if complaints.holds(request.cookie("kunci-\(complaint.docket)"), of: complaint) { return .key }
        return try await account(request) { try await complaints.belongs(complaint.docket, to: $0) }
    }

    /// Who acts on an application; nil for everybody whose it is not.
    func holder(_ request: Request, of serviceCase: Case) async throws -> CaseHolder? {
        if services.holds(request.cookie("kunci-\(serviceCase.docket)"), of: serviceCase) { return .key }
        return try await account(request) { try await services.belongs(serviceCase.docket, to: $0) }
    }

    private func account(_ request: Request, if isOwn: ([Contact]) async throws -> Bool) async throws -> CaseHolder? {
        guard let session = request.cookie("warga"), let resident = try await resident(request), try await isOwn(resident.contacts) else {
            return nil
        }
        return .account(resident, session: session)
    }

    /// Lets what somebody sent to their case through; what an account may do only freshly proven asks for a code first.
    ///
    /// - Parameter isGrave: whether it ends or destroys something, or says where money goes.
    func proven(_ request: Request, _ context: VisitorContext, by holder: CaseHolder?, isGrave: Bool) async throws -> Proof {
        guard isGrave, case .account(let resident, let session) = holder else { return .goOn(request) }
        return try await proven(request, context, resident, session, byOwner: true)
    }

    /// Whether what is sent to a case is grave, by the end of its address.
    func isGrave(_ act: String) -> Bool { Self.graveDeeds.contains(act) }
}
