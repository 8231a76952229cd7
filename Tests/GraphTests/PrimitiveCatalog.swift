import Foundation
import Graph
import Testing

extension PrimitiveCase {
  /// One row or more for each primitive.
  static let catalog: [PrimitiveCase] = elementwise + rows + matrices

  /// Files beside the primitives that hold none, or one that only the compiler makes.
  static let exempt: [String: String] = [
    "AxisView": "a view of shapes for kernels",
    "DoubleScratch": "what kernels of linear algebra share",
    "Elementwise": "the protocol of elementwise primitives",
    "ElementwiseLoops": "the loops of elementwise primitives",
    "Copy": "made by the compiler for variables that change",
    "LinearSolve": "the protocol of primitives that solve linear equations",
  ]
}

@Suite("The catalog of primitives")
struct PrimitiveCatalogTests {
  @Test("has a row for each file in Sources/Graph/Primitives")
  func completeness() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources/Graph/Primitives").standardized
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(6)) }
    let known = Set(PrimitiveCase.catalog.map(\.file)).union(PrimitiveCase.exempt.keys)
    #expect(Set(files).subtracting(known) == [])
    #expect(known.subtracting(files) == [])
  }

  @Test("names rows after what they hold", arguments: PrimitiveCase.catalog)
  func names(row: PrimitiveCase) {
    let primitives = topologicalOrder(of: [row.value]).compactMap(\.primitive)
    #expect(primitives.contains { String(describing: type(of: $0)) == row.file })
  }
}
