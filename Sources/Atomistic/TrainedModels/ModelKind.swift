public import Foundation
public import Tensors

/// A row of a catalogue: a kind of trainable potential, and its ties to files of other programs and
/// of older versions.
public struct ModelKind: Sendable {
  /// The type of the potential.
  public let type: any TrainablePotential.Type
  /// The formats of other programs that a model of this kind can be written to.
  public let exports: [ModelExport]
  /// Turns a file of an older format into one of the present; nil where the file is not of this kind.
  let upgrade: @Sendable (_ file: SafeTensors, _ path: String) throws -> SafeTensors?

  /// Makes a row.
  ///
  /// - Parameters:
  ///   - type: The type of the potential.
  ///   - exports: The formats that a model of this kind can be written to.
  ///   - upgrade: Turns a file of an older format into one of the present; nil where the file is not
  ///     of this kind.
  public init(
    _ type: any TrainablePotential.Type, exports: [ModelExport] = [],
    upgrade: @escaping @Sendable (SafeTensors, String) throws -> SafeTensors? = { _, _ in nil }
  ) {
    self.type = type
    self.exports = exports
    self.upgrade = upgrade
  }

  /// The name in configurations and model files.
  public var name: String { type.kind }
}

/// A format of another program that trained models of one kind, or of every kind, can be written to.
public struct ModelExport: Sendable {
  /// The name of the format, such as `n2p2`.
  public let name: String
  private let writer:
    @Sendable (_ model: TrainedModel, _ folder: URL, _ energyUnit: EnergyUnit?) throws -> String

  /// Makes a format of a name and a writer.
  ///
  /// - Parameters:
  ///   - name: The name of the format.
  ///   - write: Writes files of a potential and its weights, in the order of its variables, into a
  ///     folder, and returns some lines on them; without a unit of energy in that of the model's files.
  public init<Model: TrainablePotential>(
    name: String,
    write:
      @escaping @Sendable (
        _ potential: Model, _ parameters: [Double], _ folder: URL, _ energyUnit: EnergyUnit?
      ) throws -> String
  ) {
    self.name = name
    writer = { model, folder, unit in
      guard let potential = model.potential as? Model else {
        throw ModelFileError(
          file: folder.path, expected: "a model of the kind \(Model.kind)",
          found: "one of the kind \(type(of: model.potential).kind)")
      }
      return try write(potential, model.parameters, folder, unit)
    }
  }

  /// Makes a format that models of every kind can be written to.
  ///
  /// - Parameters:
  ///   - name: The name of the format.
  ///   - write: Writes files of a model into a folder and returns some lines on them.
  public init(
    name: String, write: @escaping @Sendable (_ model: TrainedModel, _ folder: URL) throws -> String
  ) {
    self.name = name
    writer = { model, folder, _ in try write(model, folder) }
  }

  /// Writes the files of a model into a folder and returns some lines on them.
  ///
  /// Throws what the writer throws.
  public func write(
    _ model: TrainedModel, to folder: URL, energyUnit: EnergyUnit? = nil
  ) throws -> String {
    try writer(model, folder, energyUnit)
  }
}
