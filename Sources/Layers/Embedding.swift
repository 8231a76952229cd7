public import Graph
import Tensors

/// A trainable row for each element: atomic numbers `[atoms]` to features `[atoms, channels]`.
///
///     y_i = W_{k(Z_i)},   k(Z) the place of Z among the elements
///
/// Its variable is `<name>.weights`, `[elements, channels]`. The derivative by a row of W is the sum
/// over the atoms of the element. An element that is not in the list stops the program, since there is
/// no row to gather.
public struct Embedding: Hashable, Sendable {
  /// The atomic numbers, in the order of the rows.
  public let elements: [Int]
  /// The matrix W.
  public let weights: Variable

  /// Makes rows for the elements, given by atomic number; they start with mean zero and variance one.
  public init(
    _ name: String, elements: [Int], channels: Int,
    weights: Initializer = .uniform(bound: 3.0.squareRoot())
  ) {
    ensure(
      !elements.isEmpty && Set(elements).count == elements.count
        && elements.allSatisfy(ElementTable.atomicNumbers.contains),
      "Embedding: '\(name)' needs different atomic numbers from 1 to 118, not \(elements)")
    self.elements = elements
    self.weights = Variable(
      "\(name).weights", [elements.count, channels], initializer: weights)
  }

  /// Returns the row of each atom, given its atomic number, an index of shape `[atoms]`.
  public func callAsFunction(_ atomicNumbers: Symbol) -> Symbol {
    // Other elements get the number behind the last row, which no gather accepts.
    var places = [Int32](
      repeating: Int32(elements.count), count: ElementTable.atomicNumbers.upperBound + 1)
    for (place, element) in elements.enumerated() { places[element] = Int32(place) }
    let place = Symbol.constant(Tensor(.int32(places), shape: [places.count]))
      .gathered(by: atomicNumbers)
    return weights.symbol.gathered(by: place)
  }
}
