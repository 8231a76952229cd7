public import Tensors

/// The values of variables: parameters and optimizer memory. Training state is here and nowhere else.
///
/// All trainable parameters lie side by side in one flat buffer, in the order they were given, so
/// that the columns of a Jacobian, the rows of a covariance and the update of the weights line up.
public final class State<Scalar: RealScalar> {
  /// The variables, trainable parameters first.
  public let variables: [Variable]

  /// The flat buffer of all trainable parameters.
  public let parameters: Buffer<Scalar>

  private var memory: [Buffer<Scalar>] = []
  private var offsets: [Int] = []
  private var places: [String: Int] = [:]

  /// Makes the initial values of the variables.
  ///
  /// Each variable draws from a random stream of its own, chosen by its name, so that its first
  /// value does not depend on what else the model holds.
  public init(_ variables: [Variable], seed: UInt64) {
    let unique = variables.uniqued()
    let trainable = unique.filter(\.isTrainable)
    self.variables = trainable + unique.filter { !$0.isTrainable }
    parameters = Buffer(capacity: trainable.reduce(0) { $0 + $1.count })
    parameters.resize(to: trainable.reduce(0) { $0 + $1.count })
    var offset = 0
    for (place, variable) in self.variables.enumerated() {
      ensure(
        places.updateValue(place, forKey: variable.name) == nil,
        "State: two different variables are called '\(variable.name)'")
      if variable.isTrainable {
        memory.append(parameters)
        offsets.append(offset)
        offset += variable.count
      } else {
        let buffer = Buffer<Scalar>(capacity: variable.count)
        buffer.resize(to: variable.count)
        memory.append(buffer)
        offsets.append(0)
      }
      variable.initializer.fill(
        self[variable], extents: variable.extents, name: variable.name, seed: seed)
    }
  }

  /// The elements of one variable, row by row.
  public subscript(variable: Variable) -> UnsafeMutableBufferPointer<Scalar> {
    guard let place = places[variable.name] else {
      trap("State holds no variable '\(variable.name)'")
    }
    return UnsafeMutableBufferPointer(
      start: memory[place].base + offsets[place], count: variable.count)
  }

  /// Whether the state holds a variable of this name.
  public func holds(_ variable: Variable) -> Bool { places[variable.name] != nil }
}
