// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Definitions
import Essentials
import Fees
import Foundation
import Identity
import Journal
import Storage

/// Staff accounts.
struct Staff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create, disable or reset a staff account, or appoint an acting official.",
        subcommands: [Add.self, Disable.self, Reset.self, Acting.self]
    )

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create an account; prints the one-time link with which its owner sets a password."
        )

        @OptionGroup var options: CityOptions
        @Option(help: "The sign-in name.") var login: String
        @Option(help: "The person’s name.") var name: String
        @Option(help: "The agency, by code.") var agency: String
        @Option(help: "Roles, with commas: \(Role.allCases.map(\.rawValue).joined(separator: ", ")).") var roles: String
        @Option(help: "Districts to which the account is limited, by code, with commas.") var districts = ""

        func run() async throws {
            let hall = try await options.open()
            guard hall.city.agencies[agency] != nil else { throw ValidationError("The agency \(agency) is not in the pack.") }
            let chosen = roles.split(separator: ",").compactMap { Role(rawValue: String($0)) }
            guard chosen.count == roles.split(separator: ",").count, !chosen.isEmpty else {
                throw ValidationError("Roles are: \(Role.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            guard !chosen.contains(.auditor) || chosen.count == 1 else {
                throw ValidationError("An auditor reads everything and changes nothing: give the role auditor alone.")
            }
            let screening = hall.city.complaints.screeningAgency
            guard !chosen.contains(.screener) || agency == screening else {
                throw ValidationError("A screener reads the reports of the whole city: only \(screening), which screens them, has one.")
            }
            let token = try await hall.accounts.create(
                login: login,
                name: name,
                agency: agency,
                roles: Set(chosen),
                districts: Set(districts.split(separator: ",").map(String.init)),
                by: .system
            )
            print("\(options.origin)/masuk/klaim/\(token)")
            await hall.database.close()
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Disable an account: its sessions and keys end at once; what it did stays on record.",
            discussion: "Whoever holds cash hands it over or closes the till first, on the page “Kas”."
        )

        @OptionGroup var options: CityOptions
        @Option(help: "The officer’s number.") var number: Int
        @Option(help: "Why cash is left in the till: only where its holder cannot hand it over any more.") var withCashLeft: String?

        func run() async throws {
            let hall = try await options.open()
            let (fees, reason, number) = (hall.fees, withCashLeft, number)
            let isDisabled = try await hall.accounts.disable(number: number, by: .system) { officer, act in
                if reason != nil {
                    // A reason for what is not so would stand on record as if it were.
                    do {
                        try fees.leaveTill(of: officer, because: nil, by: .system, in: act)
                        throw ValidationError("No cash lies in the till of officer \(number): leave --with-cash-left out.")
                    } catch let problem as Problem where problem.code == "account.cash-left" {}
                }
                try fees.leaveTill(of: officer, because: reason, by: .system, in: act)
            }
            guard isDisabled else { throw ValidationError("There is no officer \(number), or the account is disabled already.") }
            let known = try await hall.journal.read { snapshot in
                try snapshot.find("SELECT id, name FROM account WHERE number = \(number)") {
                    (account: try $0(0, as: String.self), name: try $0(1, as: String.self))
                }
            }
            print("Officer \(number), \(known?.name ?? ""), can no longer sign in.")
            let today = hall.journal.clock.now.date(in: hall.city.zone)
            for acting in try await hall.accounts.actingOfficials(from: today) where acting.account == known?.account {
                let until = acting.dates.upperBound
                print("They stand in at \(acting.agency) (\(acting.standing.mark)) until \(until): appoint somebody else there.")
            }
            await hall.database.close()
        }
    }

    struct Reset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take lost credentials off an account; prints the one-time link with which its owner sets new ones."
        )

        @OptionGroup var options: CityOptions
        @Option(help: "The officer’s number.") var number: Int
        @Option(help: "Why, for the record; the owner reads it.") var reason: String

        func run() async throws {
            let hall = try await options.open()
            guard let token = try await hall.accounts.reset(number: number, reason: reason, by: .system) else {
                throw ValidationError("There is no officer \(number), or the account is disabled.")
            }
            print("\(options.origin)/masuk/klaim/\(token)")
            await hall.database.close()
        }
    }

    struct Acting: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Appoint an acting official (Plt/Plh) of an agency for some days.")

        @OptionGroup var options: CityOptions
        @Option(help: "The officer’s number.") var number: Int
        @Option(help: "The agency, by code.") var agency: String
        @Option(help: "plt where the office is vacant for good, plh where its holder is away for a time.") var standing: String
        @Option(help: "The number of the order (surat perintah).") var order: String
        @Option(help: "First day, YYYY-MM-DD.") var from: String
        @Option(help: "Last day, YYYY-MM-DD.") var until: String

        func run() async throws {
            let hall = try await options.open()
            guard let from = CivilDate(from), let until = CivilDate(until), from <= until else {
                throw ValidationError("Dates are YYYY-MM-DD, the first not after the last.")
            }
            guard hall.city.agencies[agency] != nil else { throw ValidationError("The agency \(agency) is not in the pack.") }
            guard let standing = Accounts.ActingStanding(rawValue: standing) else { throw ValidationError("The standing is plt or plh.") }
            let number = number
            let account = try await hall.journal.read {
                try $0.find("SELECT id FROM account WHERE number = \(number)") { try $0(0, as: String.self) }
            }
            guard let account = account.flatMap({ Identifier($0) }) else { throw ValidationError("There is no officer \(number).") }
            let appointment = Accounts.Appointment(account, at: agency, as: standing, order: order, on: from...until)
            try await hall.accounts.appointActing(appointment, within: hall.city.vacancy, by: .system)
            print("Officer \(number) acts for \(agency) (\(standing.mark), order \(appointment.order)) from \(from) to \(until).")
            await hall.database.close()
        }
    }
}
