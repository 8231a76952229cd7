import Tensors

/// The distribution of the first value of a variable.
public enum Initializer: Hashable, Sendable {
  /// One value everywhere.
  case constant(Double)
  /// A multiple of the identity matrix, or of one in the last two axes for each place of the others.
  case identity(scale: Double)
  /// Given values, row by row.
  case values([Double])
  /// Uniform within ±√(6 / (inputs + outputs)) for a matrix [inputs, outputs] (Glorot and Bengio
  /// 2010).
  case xavierUniform
  /// Uniform within ± the bound.
  case uniform(bound: Double)
  /// Nguyen and Widrow (1990): each neuron's weights, a column of a matrix [inputs, outputs], are
  /// scaled to the norm `0.7 · outputs^(1 / inputs)`.
  case nguyenWidrow

  func fill<Scalar: RealScalar>(
    _ values: UnsafeMutableBufferPointer<Scalar>, extents: [Int], name: String, seed: UInt64
  ) {
    var random = RandomStream(seed: seed, stream: Initializer.stream(of: name))
    func uniform(_ bound: Double) {
      for index in values.indices {
        values[index] = Scalar(bound * (2 * random.uniformDouble() - 1))
      }
    }
    switch self {
    case .constant(let value): values.update(repeating: Scalar(value))
    case .identity(let scale):
      values.update(repeating: 0)
      let (height, width) = (extents[extents.count - 2], extents[extents.count - 1])
      for row in 0..<(width == 0 ? 0 : values.count / width) {
        values[row * width + row % height] = Scalar(scale)
      }
    case .values(let given):
      ensure(
        given.count == values.count,
        "the variable '\(name)' has \(values.count) elements, its initializer \(given.count)")
      for index in values.indices { values[index] = Scalar(given[index]) }
    case .xavierUniform:
      uniform((6 / Double(extents[0] + (extents.count > 1 ? extents[1] : 0))).squareRoot())
    case .uniform(let bound): uniform(bound)
    case .nguyenWidrow:
      uniform(1)
      let (inputs, outputs) = (extents[0], extents[1])
      let norm = 0.7 * power(Double(outputs), 1 / Double(inputs))
      for column in 0..<outputs {
        let elements = (0..<inputs).map { $0 * outputs + column }
        let length = elements.reduce(0) { $0 + Double(values[$1] * values[$1]) }.squareRoot()
        for element in elements { values[element] *= Scalar(norm / max(length, 1e-300)) }
      }
    }
  }

  private func power(_ base: Double, _ exponent: Double) -> Double {
    Double.power(.init(repeating: base), .init(repeating: exponent))[0]
  }

  /// A number for a name: the 64-bit FNV-1a hash of its bytes.
  private static func stream(of name: String) -> UInt64 {
    name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
