public import Tensors

/// The neighbours of one atom, in memory that the caller owns.
public struct AtomEnvironment<Scalar: RealScalar> {
  /// The vectors from the atom to its neighbours, `[count, 3]`, in the length unit of the functions.
  public let displacements: UnsafePointer<Scalar>
  /// The atomic numbers of the neighbours, `[count]`.
  public let elements: UnsafePointer<Int32>
  /// The number of neighbours; those beyond the functions' reach do no harm.
  public let count: Int

  /// Makes an environment of borrowed memory.
  public init(
    displacements: UnsafePointer<Scalar>, elements: UnsafePointer<Int32>, count: Int
  ) {
    self.displacements = displacements
    self.elements = elements
    self.count = count
  }
}
