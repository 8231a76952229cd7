/// The most operations that one chain fuses; more would not leave its tiles in the cache.
private let longestChain = 64

/// The expressions with chains of elementwise operations fused into one node each.
///
/// An elementwise symbol joins the chain of its readers if all of them are in one chain; so what is
/// fused is read nowhere else and never needs memory. Constants and broadcasts that only feed
/// chains are made tile by tile inside each of them.
func fused(_ roots: [Symbol]) -> [Symbol] {
  let order = topologicalOrder(of: roots)
  var readers: [Symbol: [Symbol]] = [:]
  for symbol in order {
    for operand in symbol.operands { readers[operand, default: []].append(symbol) }
  }
  let isRoot = Set(roots)
  var chainHead: [Symbol: Symbol] = [:]
  var lengths: [Symbol: Int] = [:]
  for symbol in order.reversed() where symbol.primitive is any Elementwise {
    let heads = Set((readers[symbol] ?? []).map { chainHead[$0] })
    if !isRoot.contains(symbol), heads.count == 1, case let head?? = heads.first,
      lengths[head]! < longestChain
    {
      chainHead[symbol] = head
      lengths[head]! += 1
    } else {
      chainHead[symbol] = symbol
      lengths[symbol] = 1
    }
  }

  var results: [Symbol: Symbol] = [:]
  for symbol in order {
    if let head = chainHead[symbol], head != symbol { continue }
    if chainHead[symbol] == symbol {
      let chain = FusedChain(head: symbol, members: chainHead)
      let operands = chain.operands.map { results[$0]! }
      results[symbol] = Symbol(
        .operation(chain.primitive), operands: operands, type: symbol.type)
    } else {
      let operands = symbol.operands.map { results[$0]! }
      results[symbol] =
        operands == symbol.operands
        ? symbol : Symbol(symbol.node.kind, operands: operands, type: symbol.type)
    }
  }
  return roots.map { results[$0]! }
}

/// One chain while it is turned into a primitive.
private struct FusedChain {
  private(set) var operands: [Symbol] = []
  private(set) var steps: [FusedElementwise.Step] = []
  private var registers: [Symbol: Int] = [:]
  private let shape: Shape

  init(head: Symbol, members: [Symbol: Symbol]) {
    shape = head.shape
    for symbol in topologicalOrder(of: head, within: { members[$0] == head }) {
      let arguments = symbol.operands.map { register(for: $0) }
      steps.append(.apply(symbol.primitive as! any Elementwise, arguments))
      registers[symbol] = steps.count - 1
    }
  }

  var primitive: FusedElementwise { FusedElementwise(steps: steps, shape: shape) }

  /// The register that holds a symbol: a step already taken, a constant, a broadcast or an operand.
  private mutating func register(for symbol: Symbol) -> Int {
    if let register = registers[symbol] { return register }
    if let value = symbol.fillValue {
      steps.append(.fill(value))
    } else if let broadcast = symbol.primitive as? Broadcast, broadcast.hasPattern {
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
