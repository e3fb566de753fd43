// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that users of pinfi resolve and build nothing of this.
let package = Package(
    name: "pinfi-benchmarks",
    dependencies: [
        // The name, since the identity is the name of the folder of the checkout, which may be anything.
        .package(name: "pinfi", path: "../"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        .target(name: "CPeers", linkerSettings: [.linkedLibrary("gsl")]),
        .target(name: "CBoostPeer"),
        // Peers of whole commands.
        .executableTarget(
            name: "gsl-ensemble", dependencies: ["CPeers"], linkerSettings: [.linkedLibrary("m")]),
        .executableTarget(
            name: "empty-program",
            dependencies: [
                .product(name: "NumericalMethods", package: "pinfi"), .product(name: "Reporting", package: "pinfi"),
            ]),
        .executableTarget(
            name: "pinfi-benchmarks",
            dependencies: [
                "CBoostPeer", "CPeers",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "DissipativeMarket", package: "pinfi"),
                .product(name: "NumericalMethods", package: "pinfi"),
                .product(name: "Parallelism", package: "pinfi"),
                .product(name: "PopulationSimulation", package: "pinfi"),
                .product(name: "ProtocolSimulation", package: "pinfi"),
                .product(name: "Reporting", package: "pinfi"),
                .product(name: "RoleDynamics", package: "pinfi"),
                .product(name: "pinfi", package: "pinfi"),
            ]),
        .executableTarget(
            name: "pinfi-coverage",
            dependencies: [
                .product(name: "Parallelism", package: "pinfi"),
                .product(name: "RewardStudies", package: "pinfi"),
            ]),
        .executableTarget(
            name: "pinfi-instructions",
            dependencies: [
                "CPeers",
                .product(name: "DissipativeMarket", package: "pinfi"),
                .product(name: "NumericalMethods", package: "pinfi"),
                .product(name: "RoleDynamics", package: "pinfi"),
            ]),
    ],
    cxxLanguageStandard: .cxx17
)
