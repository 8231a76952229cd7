public import Graph
public import Tensors

/// The errors of one kind of label over a set: what `evaluate` reports.
public struct ErrorSummary: Sendable, Codable, Equatable {
  /// The root of the mean squared error.
  public var rmse: Double
  /// The mean absolute error.
  public var mae: Double
  /// The largest absolute error.
  public var max: Double
  /// The number of labels.
  public var count: Int

  /// Summarises errors.
  public init(_ errors: some Sequence<Double>) {
    var (squares, sum, largest, count) = (0.0, 0.0, 0.0, 0)
    for error in errors {
      squares += error * error
      sum += abs(error)
      // A maximum that NaN does not get lost in.
      if !(abs(error) <= largest || largest.isNaN) { largest = abs(error) }
      count += 1
    }
    rmse = count > 0 ? (squares / Double(count)).squareRoot() : 0
    mae = count > 0 ? sum / Double(count) : 0
    max = largest
    self.count = count
  }
}

/// Errors of energies in eV per atom and of force components in eV/angstrom.
public struct PotentialMetrics: Sendable, Codable, Equatable {
  /// The errors of energies in eV per atom, unless there were no labels.
  public var energy: ErrorSummary?
  /// The errors of force components in eV/angstrom, unless there were no labels.
  public var force: ErrorSummary?

  /// Makes metrics.
  public init(energy: ErrorSummary?, force: ErrorSummary?) {
    self.energy = energy
    self.force = force
  }
}

/// Predicts the energies and forces of cached structures: one pass of the networks and one of the
/// stored derivatives.
public final class CachedPredictions<Scalar: RealScalar> {
  private let cache: DescriptorCache<Scalar>
  private let networks: [ElementNetwork]
  private let session: Session<Scalar>
  private let feed = Feed<Scalar>()

  /// Compiles the networks' energies and slopes on a state that holds their weights.
  public init(
    _ networks: [ElementNetwork], cache: DescriptorCache<Scalar>, state: State<Scalar>,
    workers: Workers
  ) {
    self.cache = cache
    self.networks = networks
    let energies = networks.map { $0.energies($0.descriptors).sum() }
    let slopes = zip(energies, networks).map { gradient(of: $0, by: $1.descriptors) }
    session = Session(Program(energies + slopes), state: state, workers: workers)
  }

  /// The energy of a structure without reference energies in eV, and its forces in eV/angstrom.
  public func callAsFunction(_ structure: Int) -> (energy: Double, forces: [SIMD3<Double>]) {
    let layout = cache.layouts[structure]
    for (element, network) in networks.enumerated() {
      let block = cache.descriptors(of: structure, element: element)
      let values = feed.values("\(network.element).descriptors")
      values.resize(to: 0)
      values.append(contentsOf: UnsafeBufferPointer(block))
      feed[axis: "\(network.element).rows"] = block.count / network.width
    }
    do { try session.run(feed) } catch { trap("CachedPredictions: \(error)") }
    let energy = networks.indices.reduce(0.0) { $0 + Double(session.output($1)[0]) }
    let atoms = layout.atoms.reduce(0) { $0 + $1.count }
    let block = cache.base(structure)
    var forces = [SIMD3<Double>](repeating: .zero, count: atoms)
    for element in networks.indices {
      guard let slopes = session.output(networks.count + element).baseAddress else { continue }
      let width = networks[element].width
      for atom in 0..<atoms {
        let entries = layout.entries(moved: atom, element)
        let slab = block + layout.slab(moved: atom, element)
        for axis in 0..<3 {
          forces[atom][axis] -= contract(
            slab + axis * entries.count * width, slopes, layout.rows, entries, width: width)
        }
      }
    }
    return (energy, forces)
  }
}

/// `Σ_e Σ_f derivatives[e, f] slopes[rows[e], f]`.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
private func contract<Scalar: RealScalar>(
  _ derivatives: UnsafePointer<Scalar>, _ slopes: UnsafePointer<Scalar>, _ rows: [Int32],
  _ entries: Range<Int>, width: Int
) -> Double {
  var total = Scalar.zero
  var lanes = SIMD8<Scalar>.zero
  var derivative = derivatives
  for entry in entries {
    let slope = slopes + Int(rows[entry]) * width
    var function = 0
    while function + 8 <= width {
      lanes.addProduct(derivative.lanes(at: function), slope.lanes(at: function))
      function += 8
    }
    while function < width {
      total += derivative[function] * slope[function]
      function += 1
    }
    derivative += width
  }
  return Double(total + lanes.sum())
}

extension CachedPredictions {
  /// The errors over some structures, whose energies are given without reference energies.
  public func metrics(
    of members: [Int], structures: [Structure], energies: [Double?]
  ) -> PotentialMetrics {
    var energyErrors: [Double] = []
    var forceErrors: [Double] = []
    for member in members {
      let predicted = self(member)
      if let energy = energies[member] {
        energyErrors.append((predicted.energy - energy) / Double(structures[member].count))
      }
      if let forces = structures[member].labels.forces {
        for (found, expected) in zip(predicted.forces, forces) {
          let difference = found - expected
          forceErrors += [difference.x, difference.y, difference.z]
        }
      }
    }
    return PotentialMetrics(
      energy: energyErrors.isEmpty ? nil : ErrorSummary(energyErrors),
      force: forceErrors.isEmpty ? nil : ErrorSummary(forceErrors))
  }
}
