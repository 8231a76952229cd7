import Atomistic
import Foundation
import Tensors
import TestSupport

/// Files of structures.
extension FuzzCatalogue {
  static let structures = [
    FuzzedReader(name: "extxyz", layout: .text, inputs: 1500) { _ in
      [ExtendedXYZ.text(labelled), ExtendedXYZ.text([ModelFixtures.molecule])]
    } read: { input in
      _ = try DatasetSummary(ExtendedXYZ.read(text: input.bytes, file: "damaged.extxyz"))
    },
    FuzzedReader(name: "runner", layout: .text, inputs: 1500) { folder in
      let file = folder.appendingPathComponent("input.data")
      try StructureFile.write(labelled, to: file.path, format: .runnerData)
      return [Array(try Data(contentsOf: file))]
    } read: { input in
      _ = try DatasetSummary(RunnerData.read(text: input.bytes, file: "damaged.data"))
    },
    FuzzedReader(name: "npy", layout: .numpy, inputs: 2000) { _ in
      [NumpyArray(shape: [3, 4], values: (0..<12).map(Double.init)).bytes]
    } read: { input in
      _ = try NumpyArray(bytes: input.bytes, file: "damaged.npy")
    },
    FuzzedReader(name: "deepmd", layout: .numpy, inputs: 300) { folder in
      try DeePMDSystem.write(labelled, to: folder.appendingPathComponent("system").path)
      return try deepmdFiles(folder).map { Array(try Data(contentsOf: $0)) }
    } read: { input in
      // Files of text have no header: they are changed as bytes are.
      let file = try deepmdFiles(input.folder)[input.entry]
      let whole = try Data(contentsOf: file)
      defer { try? whole.write(to: file) }
      try Data(input.bytes).write(to: file)
      _ = try DatasetSummary(
        DeePMDSystem.read(input.folder.appendingPathComponent("system").path))
    },
  ]

  /// Structures with energies, forces and stresses.
  private static let labelled: [Structure] = (0..<3).map { number in
    var structure = ModelFixtures.waterBox
    structure.positions[0].x += 0.1 * Double(number)
    structure.labels.energy = -17.25 - Double(number)
    structure.labels.forces = structure.positions.map { 0.01 * $0 }
    structure.labels.stress = Matrix3.identity * 0.001
    structure.name = "frame \(number)"
    return structure
  }

  private static func deepmdFiles(_ folder: URL) throws -> [URL] {
    let system = folder.appendingPathComponent("system").path
    return try FileManager.default.subpathsOfDirectory(atPath: system)
      .filter { $0.hasSuffix(".raw") || $0.hasSuffix(".npy") }.sorted()
      .map { URL(fileURLWithPath: system).appendingPathComponent($0) }
  }
}
