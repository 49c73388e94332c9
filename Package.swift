// swift-tools-version: 6.2
// SPDX-License-Identifier: EUPL-1.2

import PackageDescription

/// Packages are few on purpose: each one costs a newcomer's first minutes.
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdHTTP2: Target.Dependency = .product(name: "HummingbirdHTTP2", package: "hummingbird")
let hummingbirdTLS: Target.Dependency = .product(name: "HummingbirdTLS", package: "hummingbird")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

/// A room of the house. What it may import is what is listed here, and the list only ever points down.
func room(_ name: String, _ dependencies: [Target.Dependency] = [], at path: String? = nil) -> Target {
    .target(name: name, dependencies: dependencies, path: path)
}

/// The tests of a room.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies)
}

/// A library of the machine's, found by its module map.
func system(_ name: String, package: String, apt: String) -> Target {
    .systemLibrary(name: name, path: "Sources/System/\(name)", pkgConfig: package, providers: [.apt([apt])])
}

let package = Package(
    name: "balai",
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        system("CLibPQ", package: "libpq", apt: "libpq-dev"),
        system("CSodium", package: "libsodium", apt: "libsodium-dev"),
        system("CTurboJPEG", package: "libturbojpeg", apt: "libturbojpeg0-dev"),
        system("CSpng", package: "spng", apt: "libspng-dev"),
        system("CWebP", package: "libwebpdemux", apt: "libwebp-dev"),
        system("CHeif", package: "libheif", apt: "libheif-dev"),
        .target(name: "CSandbox", path: "Sources/System/CSandbox"),
        system("CQREncode", package: "libqrencode", apt: "libqrencode-dev"),
        system("CZlib", package: "zlib", apt: "zlib1g-dev"),
        .systemLibrary(name: "CProcess", path: "Sources/System/CProcess"),

        // Ground
        room("Essentials"),
        room("Supervision", ["CProcess"]),
        room("Markup", ["Essentials"]),
        room("Storage", ["Essentials"]),
        room("StorageSQLite", ["Storage", grdb, sqlite]),
        room("StoragePostgres", ["Essentials", "Storage", "CLibPQ"]),
        room("Definitions", ["Essentials", yams]),
        room("TransparencyLog", ["Essentials", crypto]),
        room("Journal", ["Essentials", "Storage", "TransparencyLog", crypto, logging, lifecycle]),

        // Engines
        room("Identity", ["Essentials", "Storage", "Journal", "Definitions", "CSodium", crypto, nioPosix]),
        room("Cases", ["Essentials", "Storage", "Journal", "Definitions", logging]),
        room(
            "Documents",
            [
                "Essentials", "Storage", "Journal", "CTurboJPEG", "CSpng", "CWebP", "CHeif", "CSandbox", "CQREncode", "CZlib", crypto,
                nioPosix,
            ]
        ),
        room("Forms", ["Essentials", "Definitions"]),
        room("Fees", ["Essentials", "Storage", "Journal", "Identity", crypto]),
        room("Bookings", ["Essentials", "Storage", "Journal", "Definitions", "Identity"]),
        room("Notifications", ["Essentials", "Storage", "Journal", "Definitions", logging, lifecycle, nioCore, nioPosix, nioSSL]),
        room(
            "Residents",
            ["Essentials", "Storage", "Journal", "Definitions", "Forms", "Identity", "Notifications", crypto, cryptoExtras]
        ),
        room(
            "Services",
            [
                "Essentials", "Storage", "Journal", "Definitions", "Identity", "Cases", "Forms", "Fees", "Documents", "Notifications",
                "Bookings", "Residents", logging, lifecycle,
            ]
        ),

        // Capabilities
        room(
            "Complaints",
            [
                "Essentials", "Storage", "Journal", "Definitions", "Identity", "Cases", "Documents", "Notifications", "Residents", logging,
            ],
            at: "Sources/Capabilities/Complaints"
        ),

        // Surfaces
        room("Web", ["Essentials", "Markup", "Supervision", "Storage", "Journal", "CZlib", crypto, hummingbird, logging, nioCore]),
        room(
            "Portal",
            [
                "Essentials", "Markup", "Web", "Complaints", "Identity", "Cases", "Definitions", "Documents", "Journal", "Storage",
                "TransparencyLog", "Notifications", "Forms", "Fees", "Services", "Queues", "Residents", "Bookings",
                "FoodPrices", hummingbird, logging,
            ]
        ),
        room(
            "Open311",
            ["Essentials", "Web", "Complaints", "Definitions", "Journal", "Cases", hummingbird],
            at: "Sources/Capabilities/Open311"
        ),
        room(
            "Queues",
            ["Essentials", "Storage", "Journal", "Definitions", "Identity"],
            at: "Sources/Capabilities/Queues"
        ),
        room(
            "FoodPrices",
            ["Essentials", "Storage", "Journal", "Definitions", "Identity"],
            at: "Sources/Capabilities/FoodPrices"
        ),
        room(
            "BankNotices",
            ["Essentials", "Web", "Fees", "Journal", "Storage", hummingbird, crypto, cryptoExtras],
            at: "Sources/Capabilities/BankNotices"
        ),

        // Composition root
        .executableTarget(
            name: "balai",
            dependencies: [
                "Portal", "Open311", "BankNotices", "Complaints", "StorageSQLite", "StoragePostgres", "Identity", "Notifications", "Web",
                "TransparencyLog", "Journal", "Definitions", "Storage", "Essentials", "Cases", "Documents", "Forms", "Fees", "Services",
                "Queues", "Residents", "Bookings", "FoodPrices",
                hummingbird, hummingbirdCore, hummingbirdHTTP2, hummingbirdTLS, arguments, logging, lifecycle, unixSignals, nioSSL, nioCore,
                crypto, nioHTTP1, "Supervision",
            ],
            path: "Sources/Balai"
        ),

        // Tests: one folder for each room, and the city as a whole
        room(
            "TestSupport",
            [
                "Bookings", "Complaints", "Cases", "Definitions", "Documents", "Essentials", "Fees", "FoodPrices", "Identity", "Journal",
                "Notifications", "Residents",
                "Services", "Storage", "StorageSQLite", "StoragePostgres", logging,
                crypto,
            ]
        ),
        tests("EssentialsTests", ["Essentials"]),
        tests("MarkupTests", ["Markup"]),
        tests("DefinitionsTests", ["Definitions", "Essentials"]),
        tests("TransparencyLogTests", ["TransparencyLog", "Essentials"]),
        tests("JournalTests", ["Journal", "Storage", "StorageSQLite", "Essentials", "TestSupport"]),
        tests("IdentityTests", ["Identity", "Storage", "Journal", "Essentials", "TestSupport"]),
        tests("SupervisionTests", ["Supervision"]),
        tests("WebTests", ["Web", "Essentials", "Supervision", hummingbird, nioCore, crypto]),
        tests("FormsTests", ["Forms", "Definitions", "Essentials", "TestSupport"]),
        tests("FeesTests", ["Fees", "Definitions", "Identity", "Journal", "Storage", "Essentials", "TestSupport"]),
        tests(
            "ResidentsTests",
            [
                "Residents", "Definitions", "Identity", "Journal", "Notifications", "Services", "Storage", "Essentials", "TestSupport",
                crypto,
            ]
        ),
        tests(
            "BookingsTests",
            [
                "Bookings", "Definitions", "Fees", "Forms", "Identity", "Journal", "Notifications", "Services", "Storage", "Essentials",
                "TestSupport",
            ]
        ),
        tests(
            "FoodPricesTests",
            ["FoodPrices", "Definitions", "Identity", "Journal", "Storage", "Essentials", "TestSupport"]
        ),
        // Every parser of our own against what nobody would send
        tests(
            "ParserTests",
            [
                "BankNotices", "Cases", "Definitions", "Documents", "Essentials", "Fees", "Forms", "Open311", "Residents",
                "TestSupport", "TransparencyLog", "Web", hummingbird,
            ]
        ),
        tests("DocumentsTests", ["Documents", "Essentials", "TestSupport"]),
        tests("BankNoticesTests", ["BankNotices", "Essentials", crypto]),
        tests(
            "ServicesTests",
            [
                "Cases", "Complaints", "Services", "Definitions", "Documents", "Essentials", "Fees", "Forms", "Identity", "Journal",
                "Notifications", "Portal", "Residents", "Storage", "TestSupport",
            ]
        ),
        tests(
            "ComplaintsTests",
            [
                "Complaints", logging, "Cases", "Definitions", "Documents", "Identity", "Journal", "Notifications", "Storage", "Essentials",
                "Open311", "Portal", "Residents", "TestSupport", "Web", crypto,
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .treatAllWarnings(as: .error),
    ]
}
