// swift-tools-version: 6.3
import PackageDescription

let package = Package(
  name: "UserLayer",
  dependencies: [.package(name: "AtomFlow", path: "../..")],
  targets: [
    .executableTarget(
      name: "UserLayer", dependencies: [.product(name: "AtomFlow", package: "AtomFlow")])
  ]
)
