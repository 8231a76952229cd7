public import Foundation
public import Layers
import Tensors

/// A potential in the files of n2p2 and RuNNer, as plain values.
///
/// The energy of a structure of `N` atoms, in the units of the files:
///
///     G_i    descriptors of atom i, in the sorted order of its element's `symmetryFunctions`
///     x_i    = factor · G_i + offset              (`scaling.map(for: ranges[f])`)
///     e_i    = network of the element of i        (x · W + b, hidden activations, linear output)
///     E_net  = Σ_i e_i
///     E      = E_net / conv_energy + N mean_energy + Σ_i atom_energy(element of i)
///     F      = -dE/dr = F_net conv_length / conv_energy
///
/// Without normalisation `E = E_net + Σ_i atom_energy`. Descriptors are taken in the length unit of
/// the files, which the files do not name: `units` holds what the user knows of them, and the
/// numbers stay as they were read. `N2P2Normalization` says why descriptors need no conversion.
/// Neighbours are all periodic images within the cutoff, other images of the atom itself included.
///
/// Column order is not file order: elements are sorted by atomic number and functions as
/// `SymmetryFunction` compares.
public struct N2P2Potential: Hashable, Sendable {
  /// All that belongs to the atoms of one element.
  public struct Species: Hashable, Sendable {
    /// Functions, layer sizes, activations, and the energy of an atom.
    public var settings: N2P2Settings.Species
    /// The values of each symmetry function over the training set; empty without scaling.
    public var ranges: [DescriptorRange]
    /// The network.
    public var weights: N2P2Weights

    /// The scaling of each descriptor.
    public func maps(_ scaling: DescriptorScaling) -> [DescriptorScaling.Map] {
      scaling == .none
        ? settings.symmetryFunctions.map { _ in DescriptorScaling.Map(factor: 1, offset: 0) }
        : ranges.map(scaling.map)
    }
  }

  /// The units of all lengths and energies of the value.
  public var units: UnitSystem
  /// The elements, sorted by atomic number.
  public var elements: [Species]
  /// The scaling of all descriptors.
  public var scaling: DescriptorScaling
  /// The units of the network, where they are not those of the files.
  public var normalization: N2P2Normalization?
  /// The lowest and highest energy per atom of the training set, where known.
  public var energyRange: ClosedRange<Double>?
  /// Settings that do not concern the model.
  public var otherSettings: [N2P2Settings.OtherSetting]
  /// Sentences on what the files do not say, and on functions that n2p2 cannot scale.
  public let remarks: [String]

  /// Puts a potential together; the parts must fit.
  public init(
    settings: N2P2Settings, scaling: N2P2Scaling?, weights: [N2P2Weights],
    units: UnitSystem = .atomic
  ) {
    ensure(
      weights.count == settings.elements.count,
      "N2P2Potential: \(settings.elements.count) elements need as many networks, not "
        + "\(weights.count)")
    self.units = units
    elements = settings.elements.indices.map { index in
      Species(
        settings: settings.elements[index], ranges: scaling?.ranges[index] ?? [],
        weights: weights[index])
    }
    self.scaling = settings.scaling
    normalization = settings.normalization
    energyRange = scaling?.energyRange
    otherSettings = settings.otherSettings
    remarks = settings.remarks + Self.remarks(on: elements, settings.scaling)
  }

  /// A sentence on the functions of each element whose scaling divides by zero in n2p2.
  private static func remarks(
    on elements: [Species], _ scaling: DescriptorScaling
  ) -> [String] {
    elements.compactMap { own in
      let columns = scaling.constantColumns(in: own.ranges)
      guard !columns.isEmpty else { return nil }
      let numbers = columns.map { "\($0 + 1)" }.joined(separator: ", ")
      return "scaling.data: min = max for function \(numbers) of "
        + "\(N2P2Line.symbol(own.settings.atomicNumber)): n2p2 and RuNNer divide by zero there and "
        + "give no energy; here such a function is a constant, so that energies have nothing to be "
        + "compared with"
    }
  }

  /// Reads `input.nn`, `scaling.data` and the `weights.<ZZZ>.data` of a folder.
  ///
  /// - Parameters:
  ///   - directory: The folder; without scaling it need not hold `scaling.data`.
  ///   - units: The units in which the potential was made.
  /// - Throws: A `FormatError` for a file that is missing, malformed or does not fit the others.
  public init(directory: URL, units: UnitSystem = .atomic) throws(FormatError) {
    func read(_ name: String) throws(FormatError) -> String {
      let path = directory.appending(path: name).path
      guard FileManager.default.fileExists(atPath: path) else {
        throw FormatError(
          file: name, line: nil, expected: "a file in \(directory.path)", found: "none")
      }
      return try FileBytes.text(path)
    }
    let settings = try N2P2Settings(parsing: try read("input.nn")) { number throws(FormatError) in
      let name = N2P2Weights.fileName(atomicNumber: number)
      return N2P2Line.lines(of: try read(name), file: name).count
    }
    var scaling: N2P2Scaling?
    if settings.scaling != .none {
      let own = try N2P2Scaling(
        parsing: try read("scaling.data"), counts: settings.elements.map(\.symmetryFunctions.count))
      try own.require(settings.scaling)
      scaling = own
    }
    var weights: [N2P2Weights] = []
    for element in settings.elements {
      let name = N2P2Weights.fileName(atomicNumber: element.atomicNumber)
      weights.append(
        try N2P2Weights(parsing: try read(name), layerSizes: element.layerSizes, file: name))
    }
    self.init(settings: settings, scaling: scaling, weights: weights, units: units)
  }

  /// Writes `input.nn`, `scaling.data` and the weights into a folder that exists.
  ///
  /// - Parameter directory: The folder.
  /// - Throws: A `FormatError` where the format cannot hold the model, and a `FileError` where a file
  ///   cannot be written.
  public func write(to directory: URL) throws {
    let settings = N2P2Settings(
      elements: elements.map(\.settings), scaling: scaling, normalization: normalization,
      otherSettings: otherSettings)
    var files = [("input.nn", try settings.text())]
    if scaling != .none {
      let ranges = N2P2Scaling(ranges: elements.map(\.ranges), energyRange: energyRange)
      files.append(("scaling.data", ranges.text))
    }
    for element in elements {
      let name = N2P2Weights.fileName(atomicNumber: element.settings.atomicNumber)
      files.append((name, element.weights.text))
    }
    for (name, text) in files {
      try WholeFile.write(text, to: directory.appending(path: name).path)
    }
  }
}

extension N2P2Scaling {
  /// The file must hold the numbers that the scaling of the settings needs.
  fileprivate func require(_ scaling: DescriptorScaling) throws(FormatError) {
    guard case .sigma = scaling, ranges.joined().contains(where: { $0.sigma == nil }) else {
      return
    }
    throw FormatError(
      file: "scaling.data", line: nil, expected: "a column with sigma", found: "lines without",
      advice: "input.nn says scale_symmetry_functions_sigma; RuNNer's files have no sigma")
  }
}
