// swift-tools-version: 6.3
import PackageDescription

/// A package with potentials of its own, and the tool that trains, evaluates, moves and serves them.
let package = Package(
  name: "Author",
  products: [
    .library(name: "AuthorModels", targets: ["AuthorModels"]),
    .executable(name: "author", targets: ["author"]),
  ],
  dependencies: [.package(name: "AtomFlow", path: "../..")],
  targets: [
    .target(
      name: "AuthorModels", dependencies: [.product(name: "AtomFlow", package: "AtomFlow")]),
    .executableTarget(
      name: "author",
      dependencies: ["AuthorModels", .product(name: "AtomFlowTool", package: "AtomFlow")]),
  ]
)
