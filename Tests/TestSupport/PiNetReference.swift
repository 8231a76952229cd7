public import Atomistic
import Foundation
public import Graph
import Layers
public import Tensors

/// A network that PiNN computed numbers of, read from its file.
public struct PiNetReference {
  /// The file.
  public let file: ReferenceFile
  /// The network.
  public let potential: any TrainablePotential
  /// The part of each block in the energies, [atoms].
  public let blockEnergies: @Sendable (AtomisticInputs) -> [Symbol]

  /// The names of all files in the folder that hold a network.
  public static let names = files("pinet")

  /// The names of all files in the folder that hold steps of an optimizer.
  public static let traces = files("trace")

  private static func files(_ prefix: String) -> [String] {
    guard let folder = ReferenceFile.folder?.appendingPathComponent("pinet"),
      let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    else { return [] }
    return files.filter { $0.hasPrefix(prefix) && $0.hasSuffix(".json") }.sorted()
  }

  /// Reads a file and makes its network.
  public init(_ name: String) throws {
    file = try ReferenceFile("pinet/\(name)")
    let params = file["network"]["params"]
    let elements = params["atom_types"].ints.map { Element(number: $0)! }
    if file["network"]["name"].text == "PiNet" {
      let network = try PiNet(Self.settings(params), elements: elements)
      (potential, blockEnergies) = (network, network.blockEnergies)
    } else {
      var settings = PiNet2.Settings()
      settings.common = try Self.settings(params)
      settings.rank = PiNet2.Settings.Rank(rawValue: params["rank"].int)!
      settings.weighted = params["weighted"].int != 0
      settings.quadrupole = .unevenQuadrupole
      let network = try PiNet2(settings, elements: elements)
      (potential, blockEnergies) = (network, network.blockEnergies)
    }
  }

  private static func settings(_ params: ReferenceFile) throws -> PiNetSettings {
    var settings = PiNetSettings()
    settings.cutoff = params["rc"].double
    settings.cutoffFunction = .init(rawValue: params["cutoff_type"].text)!
    settings.basis = .init(rawValue: params["basis_type"].text)!
    settings.basisCount = params["n_basis"].int
    if params.has("center") {
      settings.centers = params["center"].doubles
      settings.gammas = params["gamma"].doubles
    } else {
      settings.gamma = params["gamma"].double
    }
    settings.depth = params["depth"].int
    settings.pp = params["pp_nodes"].ints
    settings.pi = params["pi_nodes"].ints
    settings.ii = params["ii_nodes"].ints
    settings.out = params["out_nodes"].ints
    let words = ["swish": Activation.silu]
    let word = params["act"].text
    settings.activation = words[word] ?? Activation(rawValue: word)!
    return settings
  }

  /// The name of one of PiNN's arrays here.
  private static func name(of array: String) -> String {
    let parts = array.split(separator: ".").map(String.init)
    let block = "block\(Int(parts[0].dropFirst(5))! + 1)"
    let kind = parts[parts.count - 1] == "kernel" ? "weights" : "bias"
    var middle = Array(parts[1..<parts.count - 1])
    if middle[0] == "p1" { middle.removeFirst() }
    if middle == ["out", "last"] { middle = ["output"] }
    let words = ["res": "residual", "res1": "residual", "wi": "first", "wj": "second"]
    middle = middle.map { part in
      if let word = words[part] { return word }
      // PiNN counts layers from zero.
      let stacks = ["pp", "pi", "ii", "mix", "out"]
      guard let stack = stacks.first(where: part.hasPrefix),
        let number = Int(part.dropFirst(stack.count))
      else { return part }
      return "\(stack)\(number + 1)"
    }
    return ([block] + middle + [kind]).joined(separator: ".")
  }

  /// The names and shapes of PiNN's arrays, in order.
  private var arrays: [(name: String, shape: [Int])] {
    if file.has("weight_names") {
      return zip(file["weight_names"].list, file["weight_shapes"].list).map { ($0.text, $1.ints) }
    }
    return file["weights"].list.map { ($0["name"].text, $0["shape"].ints) }
  }

  /// The places of each variable's elements among PiNN's weights, and those of the weights that have no
  /// variable here.
  public func places() -> (variables: [(Variable, [Int])], unused: [Int]) {
    var start = 0
    var found: [String: [Int]] = [:]
    var unused: [Int] = []
    let variables = Dictionary(
      uniqueKeysWithValues: potential.variables.map { ($0.name, $0) })
    for (name, shape) in arrays {
      let count = shape.reduce(1, *)
      defer { start += count }
      guard let variable = variables[Self.name(of: name)] else {
        unused += start..<start + count
        continue
      }
      // The last block makes only the columns that energies depend on.
      let (columns, kept) = (shape[shape.count - 1], variable.extents[shape.count - 1])
      precondition(variable.extents.dropLast() == shape.dropLast() && kept <= columns, name)
      for place in 0..<count {
        if place % columns < kept {
          found[variable.name, default: []].append(start + place)
        } else {
          unused.append(start + place)
        }
      }
    }
    return (potential.variables.map { ($0, found[$0.name]!) }, unused)
  }

  /// Sets the variables of a state to PiNN's weights.
  public func set(_ weights: [Double], in state: State<Double>) {
    for (variable, places) in places().variables {
      for (index, place) in places.enumerated() { state[variable][index] = weights[place] }
    }
  }

  /// A state with the network's weights in the file.
  func state() -> State<Double> {
    let state = State<Double>(potential.variables, seed: 0)
    set(file["weights"].list.flatMap { $0["values"].doubles }, in: state)
    return state
  }

  /// One of the file's structures.
  public static func structure(_ record: ReferenceFile) -> Structure {
    func vector(_ row: ReferenceFile) -> SIMD3<Double> { SIMD3(row.doubles) }
    let cell =
      record.has("cell")
      ? Cell(
        Matrix3(
          vector(record["cell"][0]), vector(record["cell"][1]), vector(record["cell"][2])))
      : nil
    return Structure(
      elements: record["species"].ints.map { Element(number: $0)! },
      positions: record["positions"].list.map(vector), cell: cell)
  }

  /// The structure of the file that has this label.
  public func structure(named label: String) -> Structure {
    Self.structure(file["structures"].list.first { $0["label"].text == label }!)
  }

  /// The values of outputs for a structure, and the number of its pairs.
  public func run(
    _ outputs: [Symbol], _ structure: Structure
  ) throws -> (values: [[Double]], pairs: Int) {
    let session = Session(
      Program(outputs), state: state(), workers: Workers(count: 1))
    let feed = StructureFeed<Double>(elements: potential.elements)
    let list = try NeighborList(structure, cutoff: potential.cutoff)
    try feed.set([structure], neighbors: [list], for: potential)
    try session.run(feed.feed)
    return (outputs.indices.map { Array(session.output($0)) }, list.count)
  }
}
