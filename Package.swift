// swift-tools-version: 6.3
import PackageDescription

/// The processors that the package is built for: this machine's, or those that ATOMFLOW_PROCESSOR names,
/// such as `x86-64-v3`.
let processor = Context.environment["ATOMFLOW_PROCESSOR"] ?? "native"

/// For the modules that have to run on all processors, to say that others cannot.
let settingsForAnyProcessor: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Every other target is compiled for the vector units of these processors. The libraries are
/// optimised in debug builds too, since unoptimised kernels make the tests a hundred times slower;
/// the checks of a debug build (`assert`) stay on there.
/// Without `errno`, a square root is one instruction instead of a branch around a library call.
let settings =
  settingsForAnyProcessor + [
    .unsafeFlags(["-Xcc", "-march=\(processor)", "-Xcc", "-fno-math-errno"])
  ]
let librarySettings =
  settings + [
    .unsafeFlags(
      [
        "-O", "-disable-batch-mode", "-whole-module-optimization", "-num-threads", "2",
        "-assert-config", "Debug",
      ],
      .when(configuration: .debug))
  ]

/// A module may know only those above it. Folders carry plain names; a module whose folder's name
/// is also a type is called by the plural.
func library(_ name: String, folder: String? = nil, knows: [Target.Dependency]) -> Target {
  .target(
    name: name, dependencies: knows, path: "Sources/\(folder ?? name)",
    swiftSettings: librarySettings)
}

func tests(of name: String, knows: [Target.Dependency]) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: knows + ["TestSupport"],
    path: "Tests/\(name)Tests", swiftSettings: settings)
}

let package = Package(
  name: "AtomFlow",
  products: [
    .library(
      name: "AtomFlow", targets: ["Processors", "Tensors", "Graph", "Layers", "Atomistic", "Train"]),
    .library(name: "AtomFlowTool", targets: ["AtomFlowTool"]),
    .executable(name: "atomflow", targets: ["atomflow"]),
  ],
  targets: [
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev", "liblapack-dev"])]),
    .target(
      name: "Processors", dependencies: ["COpenBLAS"], path: "Sources/Processor",
      swiftSettings: settingsForAnyProcessor),
    library("Tensors", folder: "Tensor", knows: ["COpenBLAS", "Processors"]),
    library("Graph", knows: ["Tensors"]),
    library("Layers", knows: ["Tensors", "Graph"]),
    library("Atomistic", knows: ["Tensors", "Graph", "Layers"]),
    library("Train", knows: ["Tensors", "Graph", "Atomistic"]),
    .target(
      name: "Benchmarks",
      dependencies: ["Processors", "Tensors", "Graph", "Layers", "Atomistic", "Train"],
      path: "Benchmarks", exclude: ["Peers"], swiftSettings: librarySettings),
    .target(
      name: "ProcessorCheck", dependencies: ["Processors", "Tensors"],
      swiftSettings: settingsForAnyProcessor),
    .target(
      name: "AtomFlowTool",
      dependencies: [
        "ProcessorCheck", "Tensors", "Graph", "Layers", "Atomistic", "Train", "Benchmarks",
      ],
      path: "Sources/Tool", swiftSettings: settings),
    // The tool's defaults are compiled into the executable, so it follows changes of Train, too.
    .executableTarget(
      name: "atomflow", dependencies: ["AtomFlowTool", "Train"], swiftSettings: settings),
    .target(
      name: "TestSupport", dependencies: ["Tensors", "Graph", "Layers", "Atomistic"],
      path: "Tests/TestSupport", swiftSettings: librarySettings),
    tests(of: "Tensor", knows: ["Processors", "Tensors"]),
    tests(of: "Graph", knows: ["Tensors", "Graph"]),
    tests(of: "Layers", knows: ["Tensors", "Graph", "Layers"]),
    tests(of: "Atomistic", knows: ["Tensors", "Graph", "Layers", "Atomistic"]),
    tests(of: "Train", knows: ["Tensors", "Graph", "Layers", "Atomistic", "Train"]),
    tests(of: "Benchmarks", knows: ["Tensors", "Atomistic", "Train", "Benchmarks"]),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "atomflow", "AtomFlowTool", "Graph", "Layers", "Atomistic", "Train", "Benchmarks",
        "Tensors", "TestSupport",
      ],
      path: "Tests/CommandTests", swiftSettings: settings),
    .testTarget(
      name: "FuzzTests",
      dependencies: ["AtomFlowTool", "Graph", "Atomistic", "Train", "Tensors", "TestSupport"],
      path: "Tests/FuzzTests", swiftSettings: librarySettings),
  ]
)
