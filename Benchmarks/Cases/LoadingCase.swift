import Atomistic
import Foundation

/// Case 5: a dataset of labelled boxes, read from a file.
struct LoadingCase {
  func measure(_ name: String, _ context: BenchmarkContext) throws -> BenchmarkResult {
    let structures = try context.water(Float.self).structures
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("atomflow-bench-\(ProcessInfo.processInfo.processIdentifier).extxyz")
    try StructureFile.write(
      (0..<8).flatMap { _ in structures }, to: file.path)
    defer { try? FileManager.default.removeItem(at: file) }
    let time = try context.stopwatch.measure { _ = try StructureFile.read(file.path) }
    return BenchmarkResult(
      name: name, time: time, yield: Yield(8 * structures.count, .structures))
  }
}
