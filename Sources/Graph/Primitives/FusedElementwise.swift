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

  let steps: [Step]
  let shape: Shape

  /// The steps without references to be counted: what is read for each tile.
  private let actions: [Action]
  private let primitives: [any Elementwise]

  /// A step, with primitives by their number.
  private enum Action {
    case operand(Int)
    /// An operand repeated, and the axes of the result that it has.
    case broadcast(Int, first: Int, end: Int)
    case fill(Double)
    /// An operation on up to three earlier registers.
    case apply(Int, Int, Int, Int)
  }

  init(steps: [Step], shape: Shape) {
    (self.steps, self.shape) = (steps, shape)
    var primitives: [any Elementwise] = []
    actions = steps.map { step in
      switch step {
      case .operand(let operand): return .operand(operand)
      case .broadcast(let operand, let broadcast):
        let first = broadcast.axes.first ?? 0
        return .broadcast(operand, first: first, end: first + broadcast.axes.count)
      case .fill(let value): return .fill(value)
      case .apply(let primitive, let sources):
        precondition((1...3).contains(sources.count), "fused operations have one to three operands")
        primitives.append(primitive)
        return .apply(
          primitives.count - 1, sources[0], sources.dropFirst().first ?? 0,
          sources.dropFirst(2).first ?? 0)
      }
    }
    self.primitives = primitives
  }

  /// The most elements of a tile: small enough that a dozen registers stay in the first-level cache,
  /// large enough that the call for each step costs little.
  private static let largestTile = 1024

  var name: String { "fused" }

  var text: String { "fused[\(steps.map(\.text).joined(separator: "; "))]" }

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType { .real(shape) }

  /// Elements of a tile: whole rows and whole vectors if possible, so that what repeats from row to
  /// row is the same in all tiles.
  private func tile(_ shape: ResolvedShape) -> Int {
    let row = shape.rank == 0 ? 1 : shape[shape.rank - 1]
    guard row > 0, row <= Self.largestTile else { return Self.largestTile }
    let unit = 8 * row <= Self.largestTile ? 8 * row : row
    return Self.largestTile / unit * unit
  }

  /// Chunks of sixteen tiles that one thread takes.
  private func chunks(_ shape: ResolvedShape) -> Int {
    let chunk = 16 * tile(shape)
    return (shape.count + chunk - 1) / chunk
  }

  func scratchCount(_ shapes: [ResolvedShape], result: ResolvedShape, workers: Workers) -> Int {
    workers.count * steps.count * Self.largestTile
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    let (count, tile) = (result.shape.count, tile(result.shape))
    operands.workers.forEach(chunks(result.shape)) { chunk, thread in
      let registers = operands.scratch + thread * actions.count * Self.largestTile
      let end = min(count, (chunk + 1) * 16 * tile)
      withUnsafeTemporaryAllocation(of: UnsafePointer<Scalar>.self, capacity: actions.count + 3) {
        let places = $0.baseAddress.unsafelyUnwrapped
        var start = chunk * 16 * tile
        var isFirst = true
        while start < end {
          runTile(
            operands, registers, places, from: start, min(tile, end - start), of: tile, result,
            isFirst: isFirst)
          start += tile
          isFirst = false
        }
      }
    }
  }

  /// Runs all steps on one tile; `places[i]` is where register `i` lies.
  @inline(__always)
  private func runTile<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, _ registers: UnsafeMutablePointer<Scalar>,
    _ places: UnsafeMutablePointer<UnsafePointer<Scalar>>, from start: Int, _ length: Int,
    of tile: Int, _ result: Destination<Scalar>, isFirst: Bool
  ) {
    let arguments = places + actions.count
    for number in actions.indices {
      let register = registers + number * Self.largestTile
      switch actions[number] {
      case .operand(let operand): places[number] = operands[operand] + start
      case .broadcast(let operand, let first, let end):
        let pattern = RepeatPattern(
          count: result.shape.count(first..<end),
          repeats: result.shape.count(end..<result.shape.rank))
        places[number] = UnsafePointer(register)
        let isSame = pattern.count == 1 || pattern.repeats == 1 && tile % pattern.count == 0
        if !isSame || isFirst {
          pattern.repeatElements(
            of: operands[operand], from: start, isSame ? tile : length, into: register)
        }
      case .fill(let value):
        places[number] = UnsafePointer(register)
        if isFirst { register.update(repeating: Scalar(value), count: tile) }
      case .apply(let primitive, let first, let second, let third):
        let target = number == actions.count - 1 ? result.base + start : register
        arguments[0] = places[first]
        arguments[1] = places[second]
        arguments[2] = places[third]
        primitives[primitive].apply(UnsafePointer(arguments), into: target, count: length)
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
