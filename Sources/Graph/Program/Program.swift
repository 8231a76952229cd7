import Tensors

/// The machine's form of a graph: a flat list of instructions with dense numbers for values.
///
/// Symbols are for people, programs for the machine. `init` is the compiler: rewrites, fusion,
/// schedule and storage. A `Session` runs the program; nothing is looked up by name there.
public struct Program: Sendable {
  struct Placeholder: Sendable, Hashable {
    var name: String
    var type: TensorType
    /// The extents below which all indices have to lie.
    var bounds: [Extent] = []
  }

  /// The place of a value.
  enum Storage: Sendable, Hashable {
    case placeholder(Int)
    case variable(Int)
    case slot(Int)
    /// Memory of the thread at work for one block of rows: needed within a task alone.
    case block(Int)
    /// The memory of another value, under another shape.
    case view(of: Int)
  }

  struct Value: Sendable {
    var type: TensorType
    var storage: Storage
    /// The name given by `Symbol.named`.
    var label: String?
  }

  struct Instruction: Sendable {
    var kernel: any Kernel
    var operands: [Int]
    var result: Int
    /// The extents below which the elements of the result, an index, have to lie and of which that
    /// does not follow from the operands.
    var resultBounds: [Extent] = []
    /// Depends on sizes alone, so it runs once for each set of sizes.
    var isConstant: Bool
  }

  /// Instructions that do not depend on each other's results, except by the rows of one task.
  struct Phase: Sendable {
    var tasks: [Task]

    /// One instruction, or several that work on the same rows one after the other.
    struct Task: Sendable {
      var instructions: Range<Int>
      /// The operands of each instruction that are taken row by row; `nil` for a single instruction
      /// that is run as a whole.
      var rowOperands: [[Bool]]?
      /// The instructions whose results are sums over the rows.
      var sums: Set<Int> = []
      /// The number of slots in a thread's memory for one block of rows.
      var blockSlots = 0
    }
  }

  /// One new value for a variable; `isInPlace` if its instruction has already written it there.
  struct Update: Sendable {
    var variable: Int
    var value: Int
    var isInPlace: Bool
  }

  var placeholders: [Placeholder] = []
  var values: [Value] = []
  var instructions: [Instruction] = []
  /// The order in which instructions run that are not constant.
  var phases: [Phase] = []
  var updates: [Update] = []
  var outputs: [Int] = []
  var slots: [Slot] = []
  /// The named axes whose sizes the feed gives.
  var axes: [String] = []

  /// The variables that the program reads or writes.
  public internal(set) var variables: [Variable] = []

  /// The operations of Jacobians that do not keep the rows of different errors apart, each once.
  public let denseFallbacks: [DenseFallback]

  /// The expressions that are computed, after all rewrites; what printing shows.
  let roots: [Symbol]

  /// Compiles the symbols to compute and the new values of variables.
  ///
  /// All updates see the old values of all variables; they take effect together at the end of a run.
  public init(_ outputs: [Symbol], updates: [Variable: Symbol] = [:], options: Options = Options())
  {
    let updated = updates.keys.sorted { $0.name < $1.name }
    for variable in updated {
      ensure(
        updates[variable]!.type == variable.symbol.type,
        "the new value \(updates[variable]!.type) does not fit the variable '\(variable.name)' "
          + "\(variable.symbol.type)")
    }
    var roots = outputs + updated.map { updates[$0]! }
    let order = topologicalOrder(of: roots)
    denseFallbacks = order.compactMap(\.node.remarks.fallback).uniqued()
    if options.simplifies { roots = simplified(roots, order, by: .standard) }
    if options.fuses { roots = withSumsOfSegmentedMatMul(roots) }
    if !updates.isEmpty { roots = roots.map { $0.isVariableMemory ? Copy()($0) : $0 } }
    self.roots = roots
    var builder = ProgramBuilder(outputCount: outputs.count, updated: updated)
    builder.lower(roots, chains: options.fuses ? chains(in: roots) : [:])
    builder.assignStorage(interleaving: options.interleaves)
    builder.finish(&self)
  }

  /// The optimisations of the compiler; turned off to compare, and to look at single
  /// operations.
  public struct Options: Sendable {
    /// Merges equal expressions and applies the rewrite laws.
    public var simplifies = true
    /// Computes chains of elementwise operations, and products that they read, tile by tile, so that
    /// what lies between them stays in the cache.
    public var fuses = true
    /// Runs instructions that do not depend on each other side by side, and several that work on the
    /// same rows block by block; otherwise one after the other, each as a whole.
    public var interleaves = true

    /// Chooses the optimisations; without arguments all of them.
    public init(simplifies: Bool = true, fuses: Bool = true, interleaves: Bool = true) {
      self.simplifies = simplifies
      self.fuses = fuses
      self.interleaves = interleaves
    }
  }

  /// The slot among those for a block of rows that a value lies in, if it lies in one.
  func blockSlot(of value: Int) -> Int? {
    switch values[value].storage {
    case .block(let slot): slot
    case .view(let source): blockSlot(of: source)
    case .placeholder, .variable, .slot: nil
    }
  }

  /// Memory that values share whose lives do not overlap.
  struct Slot: Sendable, Hashable {
    var elements: ElementKind
    var count: Extent
    /// Whether a constant lives here, which keeps its slot for itself.
    var isConstant: Bool
  }
}
