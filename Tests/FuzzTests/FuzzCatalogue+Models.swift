import Atomistic
import Foundation
import Tensors
import TestSupport
import Train

/// Files of models, which are used for a prediction and an export.
extension FuzzCatalogue {
  static let models = [
    FuzzedReader(name: "safetensors", layout: .safeTensors, inputs: 1500) { folder in
      [try modelFile(ModelFixtures.water, folder)]
    } read: { input in
      _ = try SafeTensors(bytes: Data(input.bytes))
    },
    FuzzedReader(name: "model", layout: .safeTensors, inputs: 150) { folder in
      let models =
        [ModelFixtures.water, ModelFixtures.threeElements] + ModelFixtures.messagePassing
      return try models.map { try modelFile($0, folder) }
    } read: { input in
      _ = try input.written(as: TrainedModel.fileName)
      let model = try TrainedModel.load(input.folder, kinds: Catalog.standard.models)
      try use(model, input.folder)
    },
    FuzzedReader(name: "n2p2", layout: .text, inputs: 250) { folder in
      let exported = folder.appendingPathComponent("n2p2")
      try FileManager.default.createDirectory(at: exported, withIntermediateDirectories: true)
      _ = try ModelExport.n2p2.write(ModelFixtures.threeElements, to: exported)
      return try n2p2Files(folder).map { Array(try Data(contentsOf: $0)) }
    } read: { input in
      let file = try n2p2Files(input.folder)[input.entry]
      let whole = try Data(contentsOf: file)
      defer { try? whole.write(to: file) }
      try Data(input.bytes).write(to: file)
      let potential = try N2P2Potential(directory: input.folder.appendingPathComponent("n2p2"))
      try use(TrainedModel(potential), input.folder)
    },
  ]

  private static func modelFile(_ model: TrainedModel, _ folder: URL) throws -> [UInt8] {
    try model.save(to: folder)
    let file = folder.appendingPathComponent(TrainedModel.fileName)
    return unchecked(Array(try Data(contentsOf: file)))
  }

  private static func n2p2Files(_ folder: URL) throws -> [URL] {
    let exported = folder.appendingPathComponent("n2p2")
    return try FileManager.default.contentsOfDirectory(atPath: exported.path).sorted()
      .map { exported.appendingPathComponent($0) }
  }

  private static func use(_ model: TrainedModel, _ folder: URL) throws {
    let exported = folder.appendingPathComponent("exported")
    try FileManager.default.createDirectory(at: exported, withIntermediateDirectories: true)
    // With many neighbours the work and the memory are those that the model asks for.
    let isShort = model.potential.cutoff < 10
    try? model.calculator(Double.self).evaluate(
      isShort ? ModelFixtures.waterBox : ModelFixtures.waterMolecule)
    let kind = Catalog.standard.models.first { $0.type == type(of: model.potential) }
    for format in kind?.exports ?? [] { _ = try format.write(model, to: exported) }
  }
}
