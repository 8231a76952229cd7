import Atomistic
import Foundation
import Graph
import Tensors
import Train

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
enum ModelSource: Sendable {
  /// The argument that names a model, of all commands that compute with one.
  static let argument = Positional<String>(
    "MODEL", help: "A model directory, or \(BuiltInModel.choices.joined(separator: " or ")).")

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
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
      guard exists, isFolder.boolValue else { throw NoSuchModel(word: word, isFile: exists) }
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

  /// The units of the files that the model was made from, where there are any.
  var fileUnits: UnitSystem? { network?.fileUnits }

  /// Computes energy, forces and stress of one structure after another in double precision, and
  /// what a watch wants to see.
  func calculator(
    workers: Workers = Workers(count: 1), watch: ExtrapolationWatch? = nil
  ) -> Calculator<Double> {
    Calculator(
      potential, state: state(Double.self), workers: workers,
      observing: { watch?.descriptors($0) ?? [] })
  }

  /// The weights, where there are any.
  func state<Scalar: RealScalar>(_: Scalar.Type) -> State<Scalar>? {
    switch self {
    case .builtIn: nil
    case .directory(_, let model): model.state()
    }
  }
}

/// A word that names neither a model directory nor a model of the program.
struct NoSuchModel: Error, CustomStringConvertible {
  let word: String
  let isFile: Bool

  var description: String {
    guard !isFile else { return "expected a model directory, but \(word) is a file." }
    let models = BuiltInModel.choices.sorted()
    let guess = nearestName(to: word, among: models).map { "; did you mean \($0)?" }
    return "there is no model directory '\(word)'"
      + (guess ?? "; models without one are \(models.joined(separator: " and ")).")
  }
}
