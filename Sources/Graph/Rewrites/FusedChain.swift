import Tensors

/// A chain of elementwise primitives, and of products that they alone read, that runs tile by tile, so
/// that only its operands and its result touch memory.
///
/// So a product's bias and activation, say, are applied while its rows are in the first-level cache.
/// Made by the compiler after all transformations, so it is no primitive and has no derivative.
struct FusedChain: Kernel {
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
    /// The rows of one operand times the matrix that is another, added to an earlier register if there
    /// is one.
    case product(MatMul, rows: Int, matrix: Int, plus: Int?)
  }

  let steps: [Step]

  /// The steps as they are read for each tile, without references to be counted.
  let actions: [Action]
  let primitives: [any Elementwise]
  let products: [Product]
  /// The piece of memory that each step except the last writes to, and the number of pieces.
  let targets: [Int]
  let targetCount: Int

  /// A step, with primitives and products by their number.
  enum Action {
    case operand(Int)
    /// An operand repeated, and the axes of the result that it has.
    case broadcast(Int, first: Int, end: Int)
    /// An operand repeated along axes between its own.
    case strided(Int, Broadcast)
    case fill(Double)
    /// An operation on up to three earlier registers.
    case apply(Int, Int, Int, Int)
    case product(Int, plus: Int?)
  }

  /// A product and its operands.
  struct Product {
    let rows: Int, matrix: Int
    let transposesMatrix: Bool
  }

  init(steps: [Step]) {
    self.steps = steps
    var primitives: [any Elementwise] = []
    var products: [Product] = []
    actions = steps.map { step in
      switch step {
      case .operand(let operand): return .operand(operand)
      case .broadcast(let operand, let broadcast):
        guard broadcast.hasPattern else { return .strided(operand, broadcast) }
        let first = broadcast.axes.first ?? 0
        return .broadcast(operand, first: first, end: first + broadcast.axes.count)
      case .fill(let value): return .fill(value)
      case .apply(let primitive, let sources):
        ensure((1...3).contains(sources.count), "fused operations have one to three operands")
        primitives.append(primitive)
        return .apply(
          primitives.count - 1, sources[0], sources.dropFirst().first ?? 0,
          sources.dropFirst(2).first ?? 0)
      case .product(let product, let rows, let matrix, let plus):
        ensure(!product.transposeA, "a fused product takes its rows as they lie")
        products.append(
          Product(rows: rows, matrix: matrix, transposesMatrix: product.transposeB))
        return .product(products.count - 1, plus: plus)
      }
    }
    self.primitives = primitives
    self.products = products
    (targets, targetCount) = Self.targets(of: steps)
  }

  /// A piece of memory for each step that is not an operand, given again after the last step that reads
  /// it, so that few of them are in the cache beside the operands.
  private static func targets(of steps: [Step]) -> ([Int], count: Int) {
    var lastReader = [Int?](repeating: nil, count: steps.count)
    for (number, step) in steps.enumerated() {
      for source in step.sources { lastReader[source] = number }
    }
    var targets: [Int] = []
    var free: [Int] = []
    var count = 0
    for (number, step) in steps.enumerated() {
      // An operation may write over what it reads.
      for source in Set(step.sources).sorted()
      where lastReader[source] == number && steps[source].isPassing {
        free.append(targets[source])
      }
      if step.isPassing, let target = free.popLast() {
        targets.append(target)
      } else {
        targets.append(count)
        if case .operand = step {} else { count += 1 }
      }
    }
    return (targets, count)
  }

  var name: String { "fused" }

  var text: String { "fused[\(steps.map(\.text).joined(separator: "; "))]" }

  /// A variable may change in place if it is read element by element only.
  func canOverwrite(operand: Int) -> Bool {
    steps.allSatisfy { step in
      switch step {
      case .broadcast(let other, _): other != operand
      case .product(_, let rows, let matrix, _): rows != operand && matrix != operand
      case .operand, .fill, .apply: true
      }
    }
  }

  /// Operands of the result's shape, those that are repeated along other axes than the first, and the
  /// rows of products.
  func blockOperands(_ operands: [TensorType], result: TensorType) -> [Bool]? {
    var taken = [Bool?](repeating: nil, count: operands.count)
    for step in steps {
      let reads: [(operand: Int, byRows: Bool)]
      switch step {
      case .operand(let number): reads = [(number, true)]
      case .broadcast(let number, let broadcast): reads = [(number, broadcast.axes.first == 0)]
      case .product(_, let rows, let matrix, _): reads = [(rows, true), (matrix, false)]
      case .fill, .apply: continue
      }
      for (operand, byRows) in reads {
        if let known = taken[operand], known != byRows { return nil }
        taken[operand] = byRows
      }
    }
    return taken.map { $0 ?? false }
  }

  /// Low for arithmetic, high for products and for more than one function.
  func rowCost(_ operands: [TensorType], result: TensorType) -> RowCost {
    let functions = primitives.count { !$0.isArithmetic }
    if !products.isEmpty || functions > 1 { return .high }
    return functions == 0 ? .low : .equal
  }

  var sharesWork: Bool { true }

  var valuesPerElement: Int { 1 + products.count }
}

extension FusedChain.Step {
  /// The earlier registers that the step reads.
  fileprivate var sources: [Int] {
    switch self {
    case .operand, .broadcast, .fill: []
    case .apply(_, let arguments): arguments
    case .product(_, _, _, let plus): plus.map { [$0] } ?? []
    }
  }

  /// Whether the register is computed anew for each tile: constants and repeated values may stay.
  fileprivate var isPassing: Bool {
    switch self {
    case .operand, .broadcast, .fill: false
    case .apply, .product: true
    }
  }

  /// The step as printed programs show it.
  var text: String {
    switch self {
    case .operand(let operand): return "#\(operand)"
    case .broadcast(let operand, let broadcast): return "#\(operand) along \(broadcast.axes)"
    case .fill(let value): return "\(value)"
    case .apply(let primitive, let arguments):
      return "\(primitive.text)(\(arguments.map(String.init).joined(separator: ", ")))"
    case .product(let product, let rows, let matrix, let plus):
      let text = "#\(rows) · #\(matrix)\(product.transposeB ? "ᵀ" : "")"
      return plus.map { "\($0) + \(text)" } ?? text
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
