// swift-tools-version: 6.3
import PackageDescription

/// The tours of the README and the articles: each a program of one file that uses AtomFlow as any
/// package does, and ends with status 1 when its result is wrong.
func tour(_ name: String) -> Target {
  .executableTarget(name: name, dependencies: [.product(name: "AtomFlow", package: "AtomFlow")])
}

let package = Package(
  name: "Tours",
  dependencies: [.package(name: "AtomFlow", path: "../..")],
  targets: [
    "TrainAPotential", "WriteALayer", "WriteAPrimitive", "MoveAndMeasure", "Jacobian",
    "SwitchOptimizer",
  ].map(tour)
)
