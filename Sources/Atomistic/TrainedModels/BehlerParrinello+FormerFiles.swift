import Layers
public import Tensors

/// Model files of version 0.1.0, whose format is 1.
///
/// Beside the weights they hold tensors `O.ranges`, [functions, 4], with minimum, maximum, mean and
/// standard deviation (NaN where it is not known), and `O.energyOffset`, a scalar in eV; and metadata
/// `O.network` with symmetry functions and layers, for each element.
extension BehlerParrinello {
  private struct Layout: Codable {
    var symmetryFunctions: [SymmetryFunction]
    var hiddenNodes: [Int]
    var hiddenActivations: [Activation]
  }

  /// The file in the present format, if it is one of format 1.
  public static func upgraded(_ file: SafeTensors, path: String) throws -> SafeTensors? {
    guard file.metadata["format"] == "1", file.metadata["model"] == "BehlerParrinello" else {
      return nil
    }
    let reader = ModelFileReader(path, file)
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
    let model = BehlerParrinello(
      networks: try elements.map { try network(of: $0, scaling, reader) }, scaling: scaling,
      lengthUnit: LengthUnit(rawValue: unit) ?? .bohr,
      energyFactor: try reader.number("energyFactor"),
      fileUnits: try reader.json("fileUnits", "units of length and energy"))
    var upgraded = file
    for element in elements {
      upgraded.tensors["\(element).ranges"] = nil
      upgraded.tensors["\(element).energyOffset"] = nil
    }
    upgraded.metadata = try TrainedModel.metadata(of: model, seed: nil)
    upgraded.metadata["seed"] = file.metadata["seed"]
    return upgraded
  }

  private static func network(
    of element: Element, _ scaling: DescriptorScaling, _ reader: ModelFileReader
  ) throws -> Network {
    let key = "\(element).network"
    let layout: Layout = try reader.json(key, "symmetry functions and layers")
    guard layout.hiddenNodes.count == layout.hiddenActivations.count,
      layout.hiddenNodes.allSatisfy({ $0 > 0 }), !layout.symmetryFunctions.isEmpty,
      layout.symmetryFunctions == layout.symmetryFunctions.sorted()
    else {
      throw reader.error(
        key, "symmetry functions in n2p2's order, and an activation for each hidden layer",
        "\(layout.symmetryFunctions.count) functions, layers of \(layout.hiddenNodes) nodes and "
          + "\(layout.hiddenActivations.count) activations")
    }
    let isEmpty = reader.file.tensors["\(element).ranges"]?.shape.first == 0 && scaling == .none
    let count = isEmpty ? 0 : layout.symmetryFunctions.count
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
    return Network(
      element: element, symmetryFunctions: layout.symmetryFunctions, ranges: ranges,
      hiddenNodes: layout.hiddenNodes, hiddenActivations: layout.hiddenActivations,
      energyOffset: try reader.finite("\(element).energyOffset", [])[0])
  }
}
