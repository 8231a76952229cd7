import Atomistic
import Foundation
import Graph
import Tensors

/// A model that is part of the program, known by its name.
enum BuiltInModel: String, CaseIterable, ArgumentValue {
  /// The flexible water model of Wu, Tepper and Voth (2006).
  case spcfw
  /// Rahman's Lennard-Jones model of argon (1964), shifted in energy and force at 2.5 σ.
  case argon

  var potential: any Potential {
    switch self {
    case .spcfw: FlexibleWater()
    case .argon:
      LennardJones(
        [.init(.argon, .argon): .init(epsilon: 119.8 * Units.boltzmann, sigma: 3.405)],
        cutoff: 2.5 * 3.405)
    }
  }
}

/// Where forces come from: a model directory, or a model that is part of the program.
///
/// A word such as `spcfw` is the built-in model; a directory of that name is `./spcfw`.
enum ModelSource {
  case builtIn(BuiltInModel)
  case directory(URL, PotentialModel)

  /// Finds the model that a word of the command line means.
  ///
  /// Throws what is wrong with the directory.
  init(_ word: String) throws {
    if let model = BuiltInModel(rawValue: word) {
      self = .builtIn(model)
    } else {
      let url = URL(fileURLWithPath: word)
      self = .directory(url, try PotentialModel.load(url))
    }
  }

  var potential: any Potential {
    switch self {
    case .builtIn(let model): model.potential
    case .directory(_, let model): model.network
    }
  }

  /// The network with its training ranges, where there is one.
  var network: BehlerParrinello? {
    switch self {
    case .builtIn: nil
    case .directory(_, let model): model.network
    }
  }

  /// The weights, where there are any.
  func state<Scalar: RealScalar>(_: Scalar.Type) -> State<Scalar>? {
    switch self {
    case .builtIn: nil
    case .directory(_, let model): model.state()
    }
  }
}

extension StructureOptions {
  /// Reads a file; input.data without units is in the model's, if it has any.
  ///
  /// Throws whatever is wrong with it, in a sentence.
  func read(_ file: String, model: ModelSource) throws(FormatError) -> StructureSet {
    switch model {
    case .builtIn: try read(file)
    case .directory(_, let model): try read(file, model: model)
    }
  }
}
