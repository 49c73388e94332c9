// SPDX-License-Identifier: EUPL-1.2

import Bookings
import Complaints
import Definitions
import Documents
import Essentials
import Fees
import FoodPrices
import Identity
import Journal
import Notifications
import Queues
import Residents
import Services
import TransparencyLog
import Web

/// What pages need: the city, its acts, and where things are served.
public struct Portal: Sendable {
    /// Complaints.
    public let complaints: Complaints
    /// Services that can be applied for.
    public let services: Services
    /// Bills and payments.
    public let fees: Fees
    /// Documents that were issued.
    public let documents: DocumentOffice
    /// Numbers of waiting people.
    public let queues: Queues
    /// Staff accounts.
    public let accounts: Accounts
    /// Accounts of residents.
    public let residents: Residents
    /// What can be booked.
    public let bookings: BookingOffice
    /// Prices of food; nil where the city watches none.
    public let food: FoodWatch?
    /// Stylesheet, scripts and pictures.
    public let assets: Assets
    /// Tokens of forms.
    public let token: FormToken
    /// Where uploads lie until they are taken or refused.
    public let staging: Staging
    /// The public log.
    public let ledger: LedgerPublisher
    /// Its files.
    public let ledgerFolder: LedgerFolder
    /// The key with which anyone checks it.
    public let verifier: NoteVerifier
    /// The public origin, without a slash at the end.
    public let origin: String
    /// Whether this is the demo city, which every page says.
    public let isDemo: Bool
    /// Counters.
    public let meter: Meter
    /// What an SMS gateway must know to hand messages over; nil where there is none.
    public let messageSecret: String?
    /// Names this run of the program.
    let run = [UInt8].random(count: 6).hex
    /// What the home page counts: a scan of a year of cases, so at most every half minute.
    let homeFigures = Recent<(figures: Complaints.Figures, byDistrict: [String: Int])>(seconds: 30)

    /// Pages of a city.
    public init(
        complaints: Complaints,
        services: Services,
        fees: Fees,
        documents: DocumentOffice,
        queues: Queues,
        accounts: Accounts,
        residents: Residents,
        food: FoodWatch?,
        assets: Assets,
        token: FormToken,
        staging: Staging,
        ledger: LedgerPublisher,
        ledgerFolder: LedgerFolder,
        verifier: NoteVerifier,
        origin: String,
        isDemo: Bool,
        meter: Meter,
        messageSecret: String? = nil
    ) {
        self.complaints = complaints
        self.services = services
        self.fees = fees
        self.documents = documents
        self.queues = queues
        self.accounts = accounts
        self.residents = residents
        bookings = services.bookings
        self.food = food
        self.assets = assets
        self.token = token
        self.staging = staging
        self.ledger = ledger
        self.ledgerFolder = ledgerFolder
        self.verifier = verifier
        self.origin = origin
        self.isDemo = isDemo
        self.meter = meter
        self.messageSecret = messageSecret
    }

    /// The city.
    var city: City { complaints.city }
    /// The journal.
    var journal: Journal { complaints.journal }
    /// Whether the public origin is `https`.
    var isSecure: Bool { origin.hasPrefix("https://") }
    /// The time.
    var now: Instant { journal.clock.now }
}

/// Picks the sentence of a page's language. Both are always written, side by side.
struct Words: Sendable {
    let language: Language

    func callAsFunction(_ id: String, _ en: String) -> String { language == .indonesian ? id : en }
    func callAsFunction(_ text: Text) -> String { text(language) }
    func number(_ value: Int) -> String { language.number(value) }
    func rupiah(_ value: Int) -> String { language.rupiah(value) }
}

extension Int {
    /// A number with its English noun: “1 photo has”, “2 photos have”.
    func counted(_ one: String, _ many: String) -> String { self == 1 ? "1 \(one)" : "\(self) \(many)" }
}

extension VisitorContext {
    /// The words of this request's language.
    var words: Words { Words(language: language) }
}
