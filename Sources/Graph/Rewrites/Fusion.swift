/// The most operations that one chain fuses; more would not leave its tiles in the cache.
private let longestChain = 64

/// A chain of operations that one kernel computes; its last symbol stands for it.
struct Chain {
  let kernel: FusedChain
  let operands: [Symbol]
}

/// The chains of elementwise operations in some expressions, by the last symbol of each.
///
/// An elementwise symbol joins the chain of its readers if all of them are in one chain, and so does
/// a product of rows with a small matrix; so what is fused is read nowhere else and never needs
/// memory. Constants and broadcasts that only feed chains are made tile by tile inside each of them.
func chains(in roots: [Symbol]) -> [Symbol: Chain] {
  let order = topologicalOrder(of: roots)
  var numbers: [Symbol: Int] = [:]
  for (number, symbol) in order.enumerated() { numbers[symbol] = number }
  let heads = chainHeads(order, roots: roots, numbers)

  var chains: [Symbol: Chain] = [:]
  for (number, symbol) in order.enumerated() where heads[number] == number {
    let chain = ChainBuilder(head: symbol) { heads[numbers[$0]!] == number }
    chains[symbol] = Chain(kernel: FusedChain(steps: chain.steps), operands: chain.operands)
  }
  return chains
}

/// The readers of a symbol.
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
      product.blockOperands(operands.map(\.type), result: type) != nil
    else { return nil }
    return product
  }
}

/// One chain while it is turned into a kernel.
private struct ChainBuilder {
  private(set) var operands: [Symbol] = []
  private(set) var steps: [FusedChain.Step] = []
  private var registers: [Symbol: Int] = [:]

  init(head: Symbol, isMember: (Symbol) -> Bool) {
    let members = topologicalOrder(of: [head]) { $0.operands.filter(isMember) }
    var uses: [Symbol: Int] = [:]
    for operand in members.flatMap(\.operands) { uses[operand, default: 0] += 1 }
    /// The product that only this addition reads; the product then starts from the other summand.
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
