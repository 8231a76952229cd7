/// The most operations that one chain fuses; more would not leave its tiles in the cache.
private let longestChain = 64

/// The expressions with chains of elementwise operations fused into one node each.
///
/// An elementwise symbol joins the chain of its readers if all of them are in one chain, and so does
/// a product of rows with a small matrix; so what is fused is read nowhere else and never needs
/// memory. Constants and broadcasts that only feed chains are made tile by tile inside each of them.
func fused(_ roots: [Symbol]) -> [Symbol] {
  let order = topologicalOrder(of: roots)
  var numbers: [Symbol: Int] = [:]
  for (number, symbol) in order.enumerated() { numbers[symbol] = number }
  let heads = chainHeads(order, roots: roots, numbers)

  // In the order of the symbols; those inside a chain stay as they are, since nobody else reads them.
  var results = order
  for (number, symbol) in order.enumerated() {
    if heads[number] == number {
      let chain = ChainBuilder(head: symbol) { heads[numbers[$0]!] == number }
      results[number] = Symbol(
        .operation(chain.primitive), operands: chain.operands.map { results[numbers[$0]!] },
        type: symbol.type, remarks: symbol.node.remarks)
    } else if heads[number] == nil {
      results[number] = symbol.replacingOperands(symbol.operands.map { results[numbers[$0]!] })
    }
  }
  return roots.map { results[numbers[$0]!] }
}

/// Who reads a symbol.
private enum Readers {
  case none
  /// Members of one chain, named by the number of its head.
  case chain(Int)
  /// Members of several chains, or others.
  case several

  mutating func add(_ chain: Int?) {
    switch (self, chain) {
    case (.none, let chain?): self = .chain(chain)
    case (.chain(let known), let chain?) where known == chain: break
    default: self = .several
    }
  }
}

/// The number of the last symbol of the chain that each elementwise symbol is in.
private func chainHeads(
  _ order: [Symbol], roots: [Symbol], _ numbers: [Symbol: Int]
) -> [Int?] {
  var heads = [Int?](repeating: nil, count: order.count)
  var readers = [Readers](repeating: .none, count: order.count)
  var lengths = [Int](repeating: 0, count: order.count)
  for root in roots { readers[numbers[root]!] = .several }
  for (number, symbol) in order.enumerated().reversed() {
    var joined: Int?
    if case .chain(let chain) = readers[number], lengths[chain] < longestChain { joined = chain }
    let isElementwise = symbol.primitive is any Elementwise
    if isElementwise {
      heads[number] = joined ?? number
    } else if symbol.rowProduct != nil {
      heads[number] = joined
    }
    if let head = heads[number] { lengths[head] += 1 }
    // The rows and the matrix of a product are other elements than those of the tile.
    let reader = isElementwise ? heads[number] : nil
    for operand in symbol.operands { readers[numbers[operand]!].add(reader) }
  }
  return heads
}

extension Symbol {
  /// The operation, if it is a product of rows with a small matrix.
  fileprivate var rowProduct: MatMul? {
    guard let product = primitive as? MatMul, rank == 2,
      product.rowOperands(operands.map(\.type), result: type) != nil
    else { return nil }
    return product
  }
}

/// One chain while it is turned into a primitive.
private struct ChainBuilder {
  private(set) var operands: [Symbol] = []
  private(set) var steps: [FusedChain.Step] = []
  private var registers: [Symbol: Int] = [:]
  private let shape: Shape

  init(head: Symbol, isMember: (Symbol) -> Bool) {
    shape = head.shape
    let members = topologicalOrder(of: head, within: isMember)
    var uses: [Symbol: Int] = [:]
    for operand in members.flatMap(\.operands) { uses[operand, default: 0] += 1 }
    /// The product that an addition reads and nobody else, which starts from the other summand then.
    func product(of sum: Symbol) -> Int? {
      guard sum.primitive is Add else { return nil }
      return sum.operands.lastIndex { isMember($0) && $0.rowProduct != nil && uses[$0] == 1 }
    }
    let started = Set(members.compactMap { sum in product(of: sum).map { sum.operands[$0] } })
    for symbol in members where !started.contains(symbol) {
      if let place = product(of: symbol) {
        let other = register(for: symbol.operands[1 - place])
        append(symbol.operands[place], plus: other)
      } else if let function = symbol.primitive as? any Elementwise {
        let arguments = symbol.operands.map { register(for: $0) }
        steps.append(.apply(function, arguments))
      } else {
        append(symbol, plus: nil)
      }
      registers[symbol] = steps.count - 1
    }
  }

  /// Appends a product, added to a register if there is one.
  private mutating func append(_ product: Symbol, plus register: Int?) {
    steps.append(
      .product(
        product.rowProduct!, rows: operand(product.operands[0]),
        matrix: operand(product.operands[1]), plus: register))
  }

  var primitive: FusedChain { FusedChain(steps: steps, shape: shape) }

  /// The register that holds a symbol: a step already taken, a constant, a broadcast or an operand.
  private mutating func register(for symbol: Symbol) -> Int {
    if let register = registers[symbol] { return register }
    if let value = symbol.fillValue {
      steps.append(.fill(value))
    } else if let broadcast = symbol.primitive as? Broadcast {
      steps.append(.broadcast(operand(symbol.operands[0]), broadcast))
    } else {
      steps.append(.operand(operand(symbol)))
    }
    registers[symbol] = steps.count - 1
    return steps.count - 1
  }

  private mutating func operand(_ symbol: Symbol) -> Int {
    if let index = operands.firstIndex(of: symbol) { return index }
    operands.append(symbol)
    return operands.count - 1
  }
}

/// The symbols of one connected part of the graph, operands before users.
private func topologicalOrder(of head: Symbol, within isMember: (Symbol) -> Bool) -> [Symbol] {
  var order: [Symbol] = []
  var visited: Set<Symbol> = [head]
  var stack: [(symbol: Symbol, next: Int)] = [(head, 0)]
  while let (symbol, next) = stack.last {
    if next == symbol.operands.count {
      order.append(symbol)
      stack.removeLast()
    } else {
      stack[stack.count - 1].next += 1
      let operand = symbol.operands[next]
      if isMember(operand), visited.insert(operand).inserted { stack.append((operand, 0)) }
    }
  }
  return order
}
