import Atomistic
import Foundation
import Graph
import Tensors
import Train

/// The source of forces: a model directory, or a potential of the catalogue.
///
/// A word such as `spcfw` is the potential of the catalogue; a directory of that name is `./spcfw`.
enum ModelSource: Sendable {
  /// The argument that names a model, of all commands that compute with one.
  static let argument = Positional<String>(
    "MODEL",
    help: "A model directory, or a potential of the program by its name: \(standardNames).")

  /// The names of the potentials of this library, for the help.
  static let standardNames = Catalog.standard.potentials.map(\.name).joined(separator: " or ")

  case builtIn(BuiltInPotential)
  case directory(URL, TrainedModel)

  /// Finds the model that a word of the command line means.
  ///
  /// Throws a `ToolError` where there is none, and what is wrong with the directory.
  init(_ word: String, in catalog: Catalog) throws {
    if let potential = catalog.potentials.first(where: { $0.name == word }) {
      self = .builtIn(potential)
      return
    }
    let url = URL(fileURLWithPath: word)
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
    guard exists else { throw Self.noSuchModel(word, catalog) }
    guard isFolder.boolValue else {
      throw ToolError("expected a model directory, but \(word) is a file.")
    }
    self = .directory(url, try TrainedModel.load(url, kinds: catalog.models))
  }

  private static func noSuchModel(_ word: String, _ catalog: Catalog) -> ToolError {
    let names = catalog.potentials.map(\.name).sorted()
    let guess = nearestName(to: word, among: names).map { "; did you mean \($0)?" }
    return ToolError(
      "there is no model directory '\(word)'"
        + (guess ?? "; models without one are \(names.joined(separator: " and "))."))
  }

  var potential: any Potential {
    switch self {
    case .builtIn(let model): model.potential
    case .directory(_, let model): model.potential
    }
  }

  /// The files that it was read from.
  var files: [String] {
    switch self {
    case .builtIn: []
    case .directory(let url, _): [url.appendingPathComponent(TrainedModel.fileName).path]
    }
  }

  /// The program and the model, for the headers of files of its values.
  var provenance: [String: String] {
    let model: String? =
      switch self {
      case .builtIn(let potential): potential.name
      case .directory(_, let model): model.fileChecksum
      }
    var provenance = ["program": AtomFlowVersion.text]
    provenance["model"] = model
    return provenance
  }

  /// The units of the files that the model was made from, where there are any.
  var fileUnits: UnitSystem? { potential.fileUnits }

  /// Computes energy, forces and stress of one structure after another in double precision, and the
  /// values that a watch looks at.
  func calculator(
    workers: Workers = Workers(count: 1), watch: ExtrapolationWatch? = nil
  ) -> Calculator<Double> {
    Calculator(
      potential, state: state(Double.self), workers: workers,
      observing: { watch?.observables($0) ?? [] })
  }

  /// The weights, where there are any.
  func state<Scalar: RealScalar>(_: Scalar.Type) -> State<Scalar>? {
    switch self {
    case .builtIn: nil
    case .directory(_, let model): model.state()
    }
  }
}
