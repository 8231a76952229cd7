// swift-tools-version: 6.3
import PackageDescription

/// A package with potentials of its own, and the tool that trains, evaluates, moves and serves them.
let package = Package(
  name: "Author",
  dependencies: [.package(name: "AtomFlow", path: "../..")],
  targets: [
    .executableTarget(
      name: "author",
      dependencies: [
        .product(name: "AtomFlow", package: "AtomFlow"),
        .product(name: "AtomFlowTool", package: "AtomFlow"),
      ])
  ]
)
