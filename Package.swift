// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "pinfi",
    products: [
        .library(name: "DissipativeMarket", targets: ["DissipativeMarket"]),
        .library(name: "Reporting", targets: ["Reporting"]),
        .library(name: "Figures", targets: ["Figures"]),
        .library(name: "TableExpectations", targets: ["TableExpectations"]),
        .library(name: "NumericalMethods", targets: ["NumericalMethods"]),
        .library(name: "RoleDynamics", targets: ["RoleDynamics"]),
        .library(name: "PopulationSimulation", targets: ["PopulationSimulation"]),
        .library(name: "ProtocolSimulation", targets: ["ProtocolSimulation"]),
        .library(name: "RewardStudies", targets: ["RewardStudies"]),
        .library(name: "Parallelism", targets: ["Parallelism"]),
        .executable(name: "pinfi", targets: ["pinfi"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
    ],
    targets: [
        // C shims without a stable API.
        .systemLibrary(name: "CGSL"),
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas"),
        .systemLibrary(name: "CLAPACKE", pkgConfig: "lapacke"),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto"),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1"),
        .systemLibrary(name: "CSystem"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .target(name: "CNumberFormat"),
        .target(name: "CVectorKernels"),
        .target(name: "CStartup"),

        .target(name: "Parallelism"),
        .target(
            name: "NumericalMethods",
            dependencies: [
                "CGSL", "CLAPACKE", "COpenBLAS", "CVectorKernels", "Parallelism",
                .product(name: "ComplexModule", package: "swift-numerics"),
                .product(name: "RealModule", package: "swift-numerics"),
            ]),
        .target(name: "DissipativeMarket", dependencies: ["CVectorKernels", "Parallelism"]),
        .target(
            name: "RoleDynamics",
            dependencies: [
                "CVectorKernels", "DissipativeMarket", "NumericalMethods", "Parallelism",
                .product(name: "ComplexModule", package: "swift-numerics"),
                .product(name: "RealModule", package: "swift-numerics"),
            ]),
        .target(
            name: "PopulationSimulation",
            dependencies: ["DissipativeMarket", "NumericalMethods", "Parallelism", "RoleDynamics"]),
        .target(
            name: "RewardStudies",
            dependencies: [
                "DissipativeMarket", "NumericalMethods", "Parallelism", "RoleDynamics",
                .product(name: "RealModule", package: "swift-numerics"),
            ]),
        .target(
            name: "ProtocolSimulation",
            dependencies: ["DissipativeMarket", "NumericalMethods", "Parallelism", "RoleDynamics"]),
        .target(
            name: "Reporting",
            dependencies: ["CCrypto", "CNumberFormat", "CSystem", "CYAML", "CZlib", "Parallelism"]),
        .target(name: "Figures", dependencies: ["Reporting"]),
        // Imports Swift Testing, so that no executable may depend on it.
        .target(name: "TableExpectations", dependencies: ["Reporting"]),
        // The commands are several modules, so that they compile side by side: a release build waits for the largest.
        .target(
            name: "CommandRun",
            dependencies: [
                .product(name: "ArgumentParser", package: "swift-argument-parser"), "DissipativeMarket",
                "Figures", "NumericalMethods", "Parallelism", "Reporting", "RoleDynamics",
            ]),
        .target(
            name: "MarketCommands",
            dependencies: [
                .product(name: "ArgumentParser", package: "swift-argument-parser"), "CommandRun",
                "DissipativeMarket", "Figures", "NumericalMethods", "Parallelism", "Reporting", "RoleDynamics",
            ],
            // In the code, so that the executable needs no file beside it.
            resources: [.embedInCode("Reproduction/figure4-expected.csv")]),
        .target(
            name: "DynamicsCommands",
            dependencies: [
                .product(name: "ArgumentParser", package: "swift-argument-parser"), "CommandRun",
                "DissipativeMarket", "Figures", "NumericalMethods", "Parallelism",
                "PopulationSimulation", "ProtocolSimulation", "Reporting", "RoleDynamics",
            ]),
        .target(
            name: "RewardCommands",
            dependencies: [
                .product(name: "ArgumentParser", package: "swift-argument-parser"), "CommandRun",
                "DissipativeMarket", "Figures", "NumericalMethods", "Parallelism", "Reporting", "RewardStudies",
                "RoleDynamics",
            ]),
        .target(
            name: "PinFiCommands",
            dependencies: [
                .product(name: "ArgumentParser", package: "swift-argument-parser"), "CommandRun",
                "DynamicsCommands", "MarketCommands", "NumericalMethods", "Parallelism", "Reporting",
                "RewardCommands", "RoleDynamics",
            ]),
        .executableTarget(name: "pinfi", dependencies: ["CStartup", "PinFiCommands"]),

        .target(name: "TestSupport"),
        .testTarget(
            name: "DissipativeMarketTests", dependencies: ["DissipativeMarket", "TestSupport"],
            exclude: ["References/generate.py"]),
        .testTarget(name: "NumericalMethodsTests", dependencies: ["NumericalMethods", "TestSupport"]),
        .testTarget(name: "RoleDynamicsTests", dependencies: ["CVectorKernels", "RoleDynamics", "TestSupport"]),
        .testTarget(
            name: "PopulationSimulationTests", dependencies: ["PopulationSimulation", "RoleDynamics", "TestSupport"]),
        .testTarget(name: "RewardStudiesTests", dependencies: ["RewardStudies", "TestSupport"]),
        .testTarget(
            name: "ProtocolSimulationTests", dependencies: ["ProtocolSimulation", "RoleDynamics", "TestSupport"]),
        .testTarget(name: "ParallelismTests", dependencies: ["Parallelism"]),
        .testTarget(name: "ReportingTests", dependencies: ["CNumberFormat", "CZlib", "Reporting", "TestSupport"]),
        .testTarget(name: "FiguresTests", dependencies: ["Figures", "TestSupport"]),
        .testTarget(
            name: "PinFiCommandsTests",
            dependencies: [
                "CommandRun", "DynamicsCommands", "Figures", "pinfi", "Reporting", "RoleDynamics", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
    ],
    cxxLanguageStandard: .cxx17
)
