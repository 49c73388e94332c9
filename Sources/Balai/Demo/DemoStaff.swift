// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Foundation
import Identity
import Journal

/// Invented staff of the demo city.
enum DemoStaff {
    struct Member {
        let login: String
        let name: String
        let agency: String
        let roles: Set<Role>
        let isPrinted: Bool
    }

    /// One of each kind to try, whose links are printed; the rest are heads and colleagues who make the city work.
    /// Bapenda and Dinkes have no head on purpose, so that an escalation there raises its alarm.
    static func members(districtOffices: [String]) -> [Member] {
        var members = [
            Member(login: "penghubung", name: "Rani (penghubung)", agency: "diskominfo", roles: [.screener], isPrinted: true),
            Member(login: "petugas", name: "Ucok (pelaksana)", agency: "sdabmbk", roles: [.officer], isPrinted: true),
            Member(login: "kepala", name: "Butet (kepala)", agency: "sdabmbk", roles: [.head, .officer], isPrinted: true),
            Member(login: "petugas-dlh", name: "Siti (pelaksana)", agency: "dlh", roles: [.officer], isPrinted: true),
            Member(login: "pengawas", name: "Setda (pengawas)", agency: "setda", roles: [.supervisor], isPrinted: true),
            Member(login: "loket", name: "Lina (loket)", agency: "disdukcapil", roles: [.clerk], isPrinted: true),
            Member(login: "petugas-akta", name: "Tagor (petugas akta)", agency: "disdukcapil", roles: [.officer], isPrinted: true),
            Member(
                login: "penanda-tangan",
                name: "Kadis Dukcapil (penanda tangan)",
                agency: "disdukcapil",
                roles: [.signer, .head],
                isPrinted: true
            ),
            Member(login: "petugas-izin", name: "Dewi (petugas izin)", agency: "dpmptsp", roles: [.officer, .clerk], isPrinted: true),
            Member(login: "teknis-izin", name: "Hasan (pemeriksa teknis)", agency: "dpmptsp", roles: [.officer], isPrinted: true),
            Member(
                login: "kadis-izin",
                name: "Kadis DPMPTSP (penanda tangan)",
                agency: "dpmptsp",
                roles: [.signer, .head],
                isPrinted: true
            ),
            Member(login: "bendahara", name: "Rosa (bendahara)", agency: "dpmptsp", roles: [.treasurer], isPrinted: true),
            Member(login: "petugas-pasar", name: "Rini (petugas pasar)", agency: "ketapang", roles: [.officer], isPrinted: true),
            Member(
                login: "petugas-olahraga",
                name: "Johan (sarana olahraga)",
                agency: "dispora",
                roles: [.officer, .treasurer],
                isPrinted: true
            ),
            Member(login: "petugas-kb", name: "Lamria (konselor KB)", agency: "dp3apmp2kb", roles: [.officer], isPrinted: false),
            Member(login: "auditor", name: "Inspektorat (auditor)", agency: "inspektorat", roles: [.auditor], isPrinted: true),
        ]
        for agency in [
            "diskominfo", "dlh", "dishub", "satpolpp", "pkpcktr", "disdukcapil", "dinsos", "dpmptsp", "bpbd", "disdikbud", "ketapang",
            "bkpsdm", "inspektorat", "dispora", "dispusip", "dp3apmp2kb",
        ] + districtOffices {
            members.append(
                Member(
                    login: "kepala-\(agency)",
                    name: "Kepala \(agency)",
                    agency: agency,
                    roles: [.head, .officer],
                    // Whoever orders that money for a booked place goes back.
                    isPrinted: agency == "dispora"
                )
            )
            members.append(
                Member(login: "petugas2-\(agency)", name: "Petugas \(agency)", agency: agency, roles: [.officer], isPrinted: false)
            )
        }
        for agency in ["bapenda", "dinkes"] {
            members.append(
                Member(
                    login: "petugas-\(agency)",
                    name: "Petugas \(agency)",
                    agency: agency,
                    roles: [.officer],
                    isPrinted: agency == "dinkes"
                )
            )
        }
        return members
    }

    /// The links that have not been used, made anew so that they can be printed at every start.
    static func claimLinks(hall: CityHall) async throws -> [(role: String, token: String)] {
        var links: [(String, String)] = []
        for member in members(districtOffices: []) where member.isPrinted {
            if let token = try await hall.accounts.renewClaim(login: member.login) {
                links.append(("\(member.name), \(hall.city.agency(member.agency).short), \(member.login)", token))
            }
        }
        return links
    }
}
