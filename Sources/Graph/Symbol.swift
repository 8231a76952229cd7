import Tensors

/// A value of the graph: a handle on an immutable node of an expression DAG.
///
/// There is no graph object; a graph is whatever is reachable from a symbol. `Program` merges
/// nodes that are equal as expressions.
public struct Symbol: Sendable {
  let node: Node

  init(
    _ kind: Node.Kind, operands: [Symbol] = [], type: TensorType, remarks: Node.Remarks = .init()
  ) {
    node = Node(kind, operands: operands, type: type, remarks: remarks)
  }

  /// The kind of the elements and the shape.
  public var type: TensorType { node.type }

  /// The extents.
  public var shape: Shape { node.type.shape }

  /// The number of axes.
  public var rank: Int { node.type.shape.rank }

  /// A value that the feed gives under this name; for an index with relations that its elements fulfil
  /// in every feed.
  public static func placeholder(
    _ name: String, _ shape: Shape, _ elements: ElementKind = .real, facts: [IndexFact] = []
  ) -> Symbol {
    let type = TensorType(elements, shape)
    for fact in facts {
      ensure(
        fact.fits(type),
        "placeholder '\(name)': gathering \(fact.types.partition) by \(type) does not give "
          + "\(fact.types.result)")
    }
    return Symbol(.placeholder(name), type: type, remarks: .init(facts: facts))
  }

  /// Returns the same value under a name that printed programs show, such as `H.descriptors`.
  ///
  /// Names change neither values nor the merging of equal expressions. A value that the compiler
  /// computes within another, in the middle of a fused chain, loses its name; placeholders and variables
  /// keep their own.
  public func named(_ name: String) -> Symbol {
    node.isOperation ? remarking { $0.label = name } : self
  }

  /// The same expression with other remarks.
  func remarking(_ change: (inout Node.Remarks) -> Void) -> Symbol {
    var remarks = node.remarks
    change(&remarks)
    return Symbol(node.kind, operands: operands, type: type, remarks: remarks)
  }

  /// The symbols this one is computed from, in the order of the primitive's rules; none for
  /// placeholders and variables.
  public var operands: [Symbol] { node.operands }

  /// The name that `named(_:)` gave the value for printed programs, if there is one.
  public var label: String? { node.remarks.label }

  /// The name under which a feed gives the value, if the symbol is a placeholder.
  public var placeholderName: String? {
    if case .placeholder(let name) = node.kind { name } else { nil }
  }

  /// The operation that computes this symbol, or nil for placeholders and variables.
  public var primitive: (any Primitive)? {
    if case .operation(let primitive) = node.kind { primitive } else { nil }
  }
}

/// Placeholders and variables are equal if they have the same name and type, wherever they were made;
/// operations are equal only to themselves. Remarks make no difference.
extension Symbol: Hashable {
  /// Whether both are the same node, or inputs of the same name and type.
  public static func == (left: Symbol, right: Symbol) -> Bool {
    if left.node === right.node { return true }
    // Copying kinds costs more than all the rest here, and this is asked very often.
    guard let name = left.node.nameHash, name == right.node.nameHash else { return false }
    switch (left.node.kind, right.node.kind) {
    case (.placeholder(let a), .placeholder(let b)): return a == b && left.type == right.type
    case (.variable(let a), .variable(let b)): return a == b
    default: return false
    }
  }

  /// Hashes a name for inputs and the identity of the node for operations.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(node.nameHash ?? Int(bitPattern: ObjectIdentifier(node)))
  }
}

/// An immutable node; the class is there for identity alone.
final class Node: Sendable {
  enum Kind: Sendable {
    case placeholder(String)
    case variable(Variable)
    case operation(any Primitive)
  }

  /// Remarks on a value that do not change it.
  struct Remarks: Sendable {
    /// Relations that an index fulfils.
    var facts: [IndexFact] = []
    /// The name that printed programs show.
    var label: String?
    /// The operation at which a Jacobian becomes dense.
    var fallback: DenseFallback?
  }

  let kind: Kind
  let type: TensorType
  /// The hash of the name of a placeholder or variable; nil for operations.
  let nameHash: Int?
  let remarks: Remarks
  /// Changed by `deinit` alone, when no other thread can read it.
  nonisolated(unsafe) private(set) var operands: [Symbol]

  init(_ kind: Kind, operands: [Symbol], type: TensorType, remarks: Remarks) {
    self.kind = kind
    self.remarks = remarks
    self.operands = operands
    self.type = type
    nameHash =
      switch kind {
      case .placeholder(let name): name.hashValue
      case .variable(let variable): variable.name.hashValue
      case .operation: nil
      }
  }

  /// Whether the kind is an operation, to be known without a copy of it.
  var isOperation: Bool { nameHash == nil }

  /// Releases a long chain of nodes one by one; the default would recurse and overflow the stack.
  deinit {
    var pending: [Node] = []
    func release(_ symbols: inout [Symbol]) {
      while var node = symbols.popLast()?.node {
        if isKnownUniquelyReferenced(&node) { pending.append(node) }
      }
    }
    release(&operands)
    while let node = pending.popLast() { release(&node.operands) }
  }
}
