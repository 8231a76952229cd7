public import Foundation
import Layers
import Tensors

/// The file `model.safetensors` of a model directory.
///
/// Tensors, in double precision: the weights under their variables' names, and for each element
/// `O.ranges`, [functions, 4], with minimum, maximum, mean and standard deviation (NaN where it is
/// not known) of its descriptors, and `O.energyOffset`, a scalar in eV. The metadata hold text and
/// JSON: format version, units, scaling, and the symmetry functions and layers of each element.
extension PotentialModel {
  /// The name of the file in a model directory.
  public static let fileName = "model.safetensors"

  /// The version of the format that is written; others are not read.
  public static let formatVersion = "1"

  /// The parts of a network that are text.
  private struct Layout: Codable {
    var symmetryFunctions: [SymmetryFunction]
    var hiddenNodes: [Int]
    var hiddenActivations: [Activation]
  }

  /// Reads the model of a directory.
  ///
  /// - Parameter directory: The model directory.
  /// - Returns: The model with its weights.
  /// - Throws: `SafeTensorsError` or `ModelFileError` that names file and key.
  public static func load(_ directory: URL) throws -> PotentialModel {
    let url = directory.appendingPathComponent(fileName)
    return try PotentialModel(Reader(url.path, try SafeTensors(contentsOf: url)))
  }

  /// Writes the model into a directory, beside the old file first, so that none is ever half written.
  ///
  /// - Parameter directory: The model directory, which is made if need be.
  /// - Throws: `SafeTensorsError` where the file cannot be written.
  public func save(to directory: URL) throws {
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    try contents().write(to: directory.appendingPathComponent(Self.fileName))
  }

  private func contents() throws -> SafeTensors {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func json(_ value: some Encodable) throws -> String {
      String(decoding: try encoder.encode(value), as: UTF8.self)
    }
    var file = SafeTensors()
    var start = 0
    for variable in network.variables {
      file.tensors[variable.name] = Tensor(
        Array(parameters[start..<start + variable.count]), shape: variable.extents)
      start += variable.count
    }
    for own in network.networks {
      let symbol = own.element.symbol
      let ranges = own.ranges.flatMap { [$0.minimum, $0.maximum, $0.mean, $0.sigma ?? .nan] }
      file.tensors["\(symbol).ranges"] = Tensor(ranges, shape: [own.ranges.count, 4])
      file.tensors["\(symbol).energyOffset"] = Tensor([own.energyOffset], shape: [])
      file.metadata["\(symbol).network"] = try json(
        Layout(
          symmetryFunctions: own.symmetryFunctions, hiddenNodes: own.hiddenNodes,
          hiddenActivations: own.hiddenActivations))
    }
    file.metadata["format"] = Self.formatVersion
    file.metadata["program"] = AtomFlowVersion.text
    file.metadata["model"] = "BehlerParrinello"
    file.metadata["elements"] = network.elements.map(\.symbol).joined(separator: " ")
    file.metadata["descriptorLengthUnit"] = network.lengthUnit.rawValue
    file.metadata["units"] = "eV, angstrom"
    file.metadata["fileUnits"] = try json(network.fileUnits)
    file.metadata["energyFactor"] = "\(network.energyFactor)"
    file.metadata["scaling"] = try json(network.scaling)
    file.metadata["seed"] = seed.map(String.init)
    return file
  }

  /// Takes what it expects out of a file, and names the key where something else is there.
  private struct Reader {
    let path: String
    let file: SafeTensors

    init(_ path: String, _ file: SafeTensors) { (self.path, self.file) = (path, file) }

    func error(_ key: String?, _ expected: String, _ found: String) -> ModelFileError {
      ModelFileError(file: path, key: key, expected: expected, found: found)
    }

    func text(_ key: String, among known: [String]? = nil) throws -> String {
      guard let text = file.metadata[key] else {
        throw error(key, "an entry of the metadata", "none")
      }
      if let known, !known.contains(text) {
        throw error(key, known.joined(separator: " or "), "'\(text)'")
      }
      return text
    }

    func number(_ key: String) throws -> Double {
      let text = try text(key)
      guard let number = Double(text), number.isFinite else {
        throw error(key, "a number", "'\(text)'")
      }
      return number
    }

    func json<Value: Decodable>(_ key: String, _ what: String) throws -> Value {
      let text = try text(key)
      do {
        return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
      } catch {
        throw self.error(key, what, "'\(text.prefix(80))'")
      }
    }

    func tensor(_ key: String, _ shape: [Int]) throws -> [Double] {
      guard let tensor = file.tensors[key] else { throw error(key, "a tensor", "none") }
      guard tensor.shape == shape, tensor.scalarType == .float64 else {
        throw error(key, "float64 of shape \(shape)", "\(tensor.scalarType) of \(tensor.shape)")
      }
      return tensor.doubles
    }

    /// A tensor whose elements are all finite.
    func finite(_ key: String, _ shape: [Int]) throws -> [Double] {
      let values = try tensor(key, shape)
      if let place = values.firstIndex(where: { !$0.isFinite }) {
        throw error(key, "finite numbers", "\(values[place]) at place \(place)")
      }
      return values
    }
  }

  private init(_ reader: Reader) throws {
    _ = try reader.text("format", among: [Self.formatVersion])
    _ = try reader.text("model", among: ["BehlerParrinello"])
    _ = try reader.text("units", among: ["eV, angstrom"])
    let unit = try reader.text("descriptorLengthUnit", among: LengthUnit.allCases.map(\.rawValue))
    let scaling: DescriptorScaling = try reader.json("scaling", "a scaling")
    let elements = try reader.text("elements").split(separator: " ").map { symbol in
      guard let element = Element(symbol: symbol) else {
        throw reader.error("elements", "symbols of elements", "'\(symbol)'")
      }
      return element
    }
    guard !elements.isEmpty, elements == Set(elements).sorted() else {
      throw reader.error("elements", "different elements sorted by number", "\(elements)")
    }
    let networks = try elements.map { try Self.network(of: $0, scaling, reader) }
    let network = BehlerParrinello(
      networks: networks, scaling: scaling, lengthUnit: LengthUnit(rawValue: unit)!,
      energyFactor: try reader.number("energyFactor"),
      fileUnits: try reader.json("fileUnits", "units of length and energy"))
    var known = Set(network.variables.map(\.name))
    for element in elements { known.formUnion(["\(element).ranges", "\(element).energyOffset"]) }
    if let stranger = reader.file.tensors.keys.sorted().first(where: { !known.contains($0) }) {
      throw reader.error(stranger, "no tensor of this name in this model", "one")
    }
    var seed: UInt64?
    if let text = reader.file.metadata["seed"] {
      seed = UInt64(text)
      if seed == nil { throw reader.error("seed", "a whole number", "'\(text)'") }
    }
    let parameters = try network.variables.flatMap { try reader.finite($0.name, $0.extents) }
    self.init(network, parameters: parameters, seed: seed)
  }

  private static func network(
    of element: Element, _ scaling: DescriptorScaling, _ reader: Reader
  ) throws -> BehlerParrinello.Network {
    let key = "\(element).network"
    let layout: Layout = try reader.json(key, "symmetry functions and layers")
    guard layout.hiddenNodes.count == layout.hiddenActivations.count,
      layout.hiddenNodes.allSatisfy({ $0 > 0 }), !layout.symmetryFunctions.isEmpty
    else {
      throw reader.error(
        key, "symmetry functions, and an activation for each hidden layer of at least one node",
        "\(layout.symmetryFunctions.count) functions, layers of \(layout.hiddenNodes) nodes and "
          + "\(layout.hiddenActivations.count) activations")
    }
    guard layout.symmetryFunctions == layout.symmetryFunctions.sorted() else {
      throw reader.error(key, "symmetry functions in n2p2's order", "another order")
    }
    let rows = reader.file.tensors["\(element).ranges"]?.shape.first == 0 && scaling == .none
    let count = rows ? 0 : layout.symmetryFunctions.count
    let numbers = try reader.tensor("\(element).ranges", [count, 4])
    let ranges = try (0..<count).map { row in
      let (low, high, mean) = (numbers[4 * row], numbers[4 * row + 1], numbers[4 * row + 2])
      let sigma = numbers[4 * row + 3]
      guard low.isFinite, high.isFinite, mean.isFinite, low <= high, !(sigma < 0) else {
        throw reader.error(
          "\(element).ranges", "a minimum not above the maximum and no negative deviation",
          "\(numbers[4 * row..<4 * row + 4]) in row \(row)")
      }
      return DescriptorRange(
        minimum: low, maximum: high, mean: mean, sigma: sigma.isNaN ? nil : sigma)
    }
    if case .sigma = scaling, ranges.contains(where: { $0.sigma == nil }) {
      throw reader.error(
        "\(element).ranges", "standard deviations, which this scaling needs", "none")
    }
    return BehlerParrinello.Network(
      element: element, symmetryFunctions: layout.symmetryFunctions, ranges: ranges,
      hiddenNodes: layout.hiddenNodes, hiddenActivations: layout.hiddenActivations,
      energyOffset: try reader.finite("\(element).energyOffset", [])[0])
  }
}
