import Tensors

/// A chain of elementwise primitives that runs tile by tile, so that only its operands and its result
/// touch memory.
///
/// Made by the compiler after all transformations, so it needs no derivative.
struct FusedElementwise: Primitive {
  /// What fills one register of a tile.
  enum Step: Sendable {
    /// An operand's own elements.
    case operand(Int)
    /// An operand repeated.
    case broadcast(Int, Broadcast)
    /// A constant.
    case fill(Double)
    /// An operation on earlier registers.
    case apply(any Elementwise, [Int])
  }

  var steps: [Step]
  var shape: Shape

  /// Elements of a tile: small enough that a dozen registers stay in the first-level cache, large
  /// enough that the call for each step costs little.
  private static let tile = 1024

  /// Elements of a chunk that one thread takes.
  private static let chunk = 16 * tile

  var name: String { "fused" }

  var text: String { "fused[\(steps.map(\.text).joined(separator: "; "))]" }

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType { .real(shape) }

  private func chunks(_ count: Int) -> Int { (count + Self.chunk - 1) / Self.chunk }

  func scratchCount(_ shapes: [ResolvedShape], result: ResolvedShape, workers: Workers) -> Int {
    chunks(result.count) * steps.count * Self.tile
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    let count = result.shape.count
    operands.workers.forEach(chunks(count)) { chunk in
      let registers = operands.scratch + chunk * steps.count * Self.tile
      let end = min(count, (chunk + 1) * Self.chunk)
      withUnsafeTemporaryAllocation(of: UnsafePointer<Scalar>.self, capacity: steps.count + 3) {
        let places = $0.baseAddress.unsafelyUnwrapped
        for start in stride(from: chunk * Self.chunk, to: end, by: Self.tile) {
          runTile(
            operands, registers, places, from: start, min(Self.tile, end - start), result,
            isFirst: start == chunk * Self.chunk)
        }
      }
    }
  }

  /// Runs all steps on one tile; `places[i]` is where register `i` lies.
  private func runTile<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, _ registers: UnsafeMutablePointer<Scalar>,
    _ places: UnsafeMutablePointer<UnsafePointer<Scalar>>, from start: Int, _ length: Int,
    _ result: Destination<Scalar>, isFirst: Bool
  ) {
    let arguments = places + steps.count
    for (number, step) in steps.enumerated() {
      let register = registers + number * Self.tile
      switch step {
      case .operand(let operand): places[number] = operands[operand] + start
      case .broadcast(let operand, let broadcast):
        let pattern = broadcast.pattern(in: result.shape).unsafelyUnwrapped
        places[number] = UnsafePointer(register)
        if pattern.count > 1 || isFirst {
          pattern.repeatElements(
            of: operands[operand], from: start, pattern.count > 1 ? length : Self.tile,
            into: register)
        }
      case .fill(let value):
        places[number] = UnsafePointer(register)
        if isFirst { register.update(repeating: Scalar(value), count: Self.tile) }
      case .apply(let primitive, let sources):
        let target = number == steps.count - 1 ? result.base + start : register
        for (index, source) in sources.enumerated() { arguments[index] = places[source] }
        primitive.apply(UnsafePointer(arguments), into: target, count: length)
        places[number] = UnsafePointer(target)
      }
    }
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    preconditionFailure("fused chains are made by the compiler, after all derivatives")
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    preconditionFailure("fused chains are made by the compiler, after all batching")
  }

  /// A variable may change in place if it is read element by element only.
  func canOverwrite(operand: Int) -> Bool {
    !steps.contains { if case .broadcast(operand, _) = $0 { true } else { false } }
  }

  /// Operands of the result's shape, and those that are repeated along other axes than the first.
  func rowOperands(_ operands: [TensorType], result: TensorType) -> [Bool]? {
    var taken = [Bool?](repeating: nil, count: operands.count)
    for step in steps {
      let (operand, byRows): (Int, Bool)
      switch step {
      case .operand(let number): (operand, byRows) = (number, true)
      case .broadcast(let number, let broadcast):
        (operand, byRows) = (number, broadcast.axes.first == 0)
      case .fill, .apply: continue
      }
      if let known = taken[operand], known != byRows { return nil }
      taken[operand] = byRows
    }
    return taken.map { $0 ?? false }
  }

  var sharesWork: Bool { true }

  static func == (left: FusedElementwise, right: FusedElementwise) -> Bool {
    left.shape == right.shape && left.steps.map(\.key) == right.steps.map(\.key)
  }

  func hash(into hasher: inout Hasher) { hasher.combine(steps.map(\.key)) }
}

extension FusedElementwise.Step {
  /// What makes two steps equal.
  fileprivate var key: [AnyHashable] {
    switch self {
    case .operand(let operand): [0, operand]
    case .broadcast(let operand, let broadcast): [1, operand, broadcast]
    case .fill(let value): [2, value]
    case .apply(let primitive, let arguments): [3, AnyHashable(primitive), arguments]
    }
  }
}

extension FusedElementwise.Step {
  /// The step as printed programs show it.
  var text: String {
    switch self {
    case .operand(let operand): "#\(operand)"
    case .broadcast(let operand, let broadcast): "#\(operand) along \(broadcast.axes)"
    case .fill(let value): "\(value)"
    case .apply(let primitive, let arguments):
      "\(primitive.name)(\(arguments.map(String.init).joined(separator: ", ")))"
    }
  }
}

extension Broadcast {
  /// Whether the operand's axes lie side by side in the result, for any sizes.
  var hasPattern: Bool {
    guard let first = axes.first, let last = axes.last else { return true }
    return last - first == axes.count - 1
  }
}
