public import Tensors

/// A primitive that computes each element of its result from the same element of its operands.
///
/// All operands and the result are real and of one shape. Chains of such primitives are fused and
/// run tile by tile, so that what lies between them stays in the cache.
public protocol Elementwise: Primitive {
  /// The number of operands.
  static var arity: Int { get }

  /// Computes `count` elements; an operand may be the result's own memory.
  func apply<Scalar: RealScalar>(
    _ operands: UnsafePointer<UnsafePointer<Scalar>>, into result: UnsafeMutablePointer<Scalar>,
    count: Int)

  /// Whether the result is zero for certain where the operands marked are zero.
  ///
  /// Rows of a segmented batch are zero in foreign slices and must stay so.
  func vanishes(whereZero isZero: [Bool]) -> Bool

  /// Whether it takes about as long as an addition.
  var isArithmetic: Bool { get }
}

extension Elementwise {
  /// False: a function.
  public var isArithmetic: Bool { false }

  /// Low for arithmetic.
  public func rowCost(_ operands: [TensorType], result: TensorType) -> RowCost {
    isArithmetic ? .low : .equal
  }

  /// The type that all operands share.
  public func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(
      operands.count == Self.arity && operands.allSatisfy { $0.elements == .real }
        && operands.dropFirst().allSatisfy { $0.shape == operands[0].shape },
      "needs \(Self.arity) real operand(s) of one shape")
    return operands[0]
  }

  /// Computes all elements in one go.
  public func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    withUnsafeTemporaryAllocation(of: UnsafePointer<Scalar>.self, capacity: Self.arity) {
      for operand in 0..<Self.arity { $0[operand] = operands[operand] }
      apply(
        UnsafePointer($0.baseAddress.unsafelyUnwrapped), into: result.base,
        count: result.shape.count)
    }
  }

  /// The same operation, with operands that have no slices repeated.
  public func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    applied(to: operands.repeated(slices, unless: isBatched))
  }

  /// Stays segmented if all rows that come from slices have the same segments and the result is zero
  /// where they are.
  public func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    guard let first = operands.lazy.compactMap(\.segmented).first else { return nil }
    var values: [Symbol] = []
    var isZero: [Bool] = []
    for operand in operands {
      switch operand {
      case .shared(let symbol):
        values.append(symbol)
        isZero.append(symbol.fillValue == 0)
      case .segmented(let other)
      where other.axis == first.axis
        && other.hasSameSegments(as: first):
        values.append(other.value)
        isZero.append(true)
      case .segmented, .perSlice: return nil
      }
    }
    return vanishes(whereZero: isZero) ? first.with(applied(to: values)) : nil
  }

  /// All: an element needs the same element of each operand.
  public func rowOperands(_ operands: [TensorType], result: TensorType) -> [Bool]? {
    operands.map { _ in true }
  }

  /// True: an element is read before the same one is written.
  public func canOverwrite(operand: Int) -> Bool { true }
}

/// An elementwise primitive of one operand: two lines, value and derivative.
///
/// The loop over vectors is compiled in the module of the primitive, for `Float` and for `Double`.
public protocol UnaryElementwise: Elementwise {
  /// The value for a vector of elements.
  func value<Vector: RealVector>(at x: Vector) -> Vector

  /// The derivative, given operand and result.
  func derivative(at x: Symbol, result y: Symbol) -> Symbol
}

extension UnaryElementwise {
  /// One.
  public static var arity: Int { 1 }

  /// False: zero may become another value.
  public func vanishes(whereZero isZero: [Bool]) -> Bool { false }

  /// The cotangent times the derivative.
  public func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    [cotangent * derivative(at: operands[0], result: result)]
  }

  /// Computes vector after vector, the last one perhaps partly.
  @inlinable @inline(__always)
  public func apply<Scalar: RealScalar>(
    _ operands: UnsafePointer<UnsafePointer<Scalar>>, into result: UnsafeMutablePointer<Scalar>,
    count: Int
  ) {
    onConcreteScalar(operands, result, floats: { unaryLoop($0, $1, count) }) {
      unaryLoop($0, $1, count)
    }
  }

  @inlinable @inline(__always)
  func unaryLoop<Scalar: RealScalar>(
    _ operands: UnsafePointer<UnsafePointer<Scalar>>, _ result: UnsafeMutablePointer<Scalar>,
    _ count: Int
  ) {
    let x = operands[0]
    forEachVector(of: count, into: result) { value(at: load(x, $0, $1)) }
  }
}

/// An elementwise primitive of two operands.
protocol BinaryElementwise: Elementwise {
  /// The value for a vector of elements.
  func value<Vector: RealVector>(at x: Vector, _ y: Vector) -> Vector
}

extension BinaryElementwise {
  static var arity: Int { 2 }

  func vanishes(whereZero isZero: [Bool]) -> Bool { false }

  @inline(__always)
  func apply<Scalar: RealScalar>(
    _ operands: UnsafePointer<UnsafePointer<Scalar>>, into result: UnsafeMutablePointer<Scalar>,
    count: Int
  ) {
    onConcreteScalar(operands, result, floats: { binaryLoop($0, $1, count) }) {
      binaryLoop($0, $1, count)
    }
  }

  @inline(__always)
  private func binaryLoop<Scalar: RealScalar>(
    _ operands: UnsafePointer<UnsafePointer<Scalar>>, _ result: UnsafeMutablePointer<Scalar>,
    _ count: Int
  ) {
    let x = operands[0]
    let y = operands[1]
    forEachVector(of: count, into: result) { value(at: load(x, $0, $1), load(y, $0, $1)) }
  }
}

/// An elementwise primitive of three operands.
protocol TernaryElementwise: Elementwise {
  /// The value for a vector of elements.
  func value<Vector: RealVector>(at x: Vector, _ y: Vector, _ z: Vector) -> Vector
}

extension TernaryElementwise {
  static var arity: Int { 3 }

  @inline(__always)
  func apply<Scalar: RealScalar>(
    _ operands: UnsafePointer<UnsafePointer<Scalar>>, into result: UnsafeMutablePointer<Scalar>,
    count: Int
  ) {
    onConcreteScalar(operands, result, floats: { ternaryLoop($0, $1, count) }) {
      ternaryLoop($0, $1, count)
    }
  }

  @inline(__always)
  private func ternaryLoop<Scalar: RealScalar>(
    _ operands: UnsafePointer<UnsafePointer<Scalar>>, _ result: UnsafeMutablePointer<Scalar>,
    _ count: Int
  ) {
    let (x, y, z) = (operands[0], operands[1], operands[2])
    forEachVector(of: count, into: result) {
      value(at: load(x, $0, $1), load(y, $0, $1), load(z, $0, $1))
    }
  }
}
