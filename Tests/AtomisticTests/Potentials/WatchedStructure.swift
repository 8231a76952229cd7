import Atomistic

/// A structure with the values whose ranges a network knows, and those outside of their ranges.
struct WatchedStructure {
  /// The values outside.
  let found: [Extrapolation]
  /// The descriptors of each network's atoms, row by row.
  let descriptors: [[[Double]]]

  init(_ structure: Structure, _ network: BehlerParrinello, tolerance: Double = 1e-6) throws {
    guard let watch = ExtrapolationWatch(network) else {
      preconditionFailure("the network states no ranges")
    }
    let calculator = Calculator<Double>(network, skin: 0, observing: watch.observables)
    try calculator.evaluate(structure)
    var count = ExtrapolationCount()
    found = watch.add(structure, by: calculator, to: &count, tolerance: tolerance)
    descriptors = network.networks.enumerated().map { number, own in
      let width = own.symmetryFunctions.count
      let values = Array(calculator.observed(2 * number))
      return stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
    }
  }
}
