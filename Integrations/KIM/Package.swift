// swift-tools-version: 6.3
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
]

/// The model driver by which programs with the KIM API, such as LAMMPS, run models of AtomFlow.
let package = Package(
  name: "AtomFlowKIM",
  products: [
    // What a driver for models of one's own is made of.
    .library(name: "AtomFlowKIM", targets: ["AtomFlowKIM", "KIMSchema"]),
    // The KIM API asks for the file libkim-api-model-driver.so.
    .library(name: "kim-api-model-driver", type: .dynamic, targets: ["Driver"]),
  ],
  dependencies: [.package(name: "AtomFlow", path: "../..")],
  targets: [
    .systemLibrary(name: "CKIM", providers: [.apt(["libkim-api-dev"])]),
    .target(
      name: "AtomFlowKIM", dependencies: ["CKIM", .product(name: "AtomFlow", package: "AtomFlow")],
      swiftSettings: settings),
    .target(name: "KIMSchema", dependencies: ["CKIM"]),
    .target(
      name: "Driver",
      dependencies: [
        "AtomFlowKIM", "CKIM", "KIMSchema", .product(name: "AtomFlow", package: "AtomFlow"),
      ],
      swiftSettings: settings),
  ]
)
