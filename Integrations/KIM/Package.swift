// swift-tools-version: 6.3
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Linking with Swift's runtime inside, for install.sh: of itself `--static-swift-stdlib` is for executables.
let linking: [LinkerSetting] =
  Context.environment["ATOMFLOW_STATIC_RUNTIME"] == nil ? [] : [.unsafeFlags(["-static-stdlib"])]

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
    // Part of every driver, so that what it says of linking holds for all.
    .target(name: "KIMSchema", dependencies: ["CKIM"], linkerSettings: linking),
    .target(
      name: "Driver",
      dependencies: [
        "AtomFlowKIM", "CKIM", "KIMSchema", .product(name: "AtomFlow", package: "AtomFlow"),
      ],
      swiftSettings: settings),
  ]
)
