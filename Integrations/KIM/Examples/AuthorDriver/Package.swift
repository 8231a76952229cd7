// swift-tools-version: 6.3
import PackageDescription

/// The model driver of a package with potentials of its own, `Examples/Author`.
let package = Package(
  name: "AuthorDriver",
  products: [
    // Installed as libkim-api-model-driver.so; products of one build have names of their own.
    .library(name: "AuthorDriver", type: .dynamic, targets: ["AuthorDriver"])
  ],
  dependencies: [
    .package(name: "AtomFlowKIM", path: "../.."),
    .package(name: "Author", path: "../../../../Examples/Author"),
  ],
  targets: [
    .target(
      name: "AuthorDriver",
      dependencies: [
        .product(name: "AtomFlowKIM", package: "AtomFlowKIM"),
        .product(name: "AuthorModels", package: "Author"),
      ])
  ]
)
