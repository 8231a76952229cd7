/// The symbols reachable from the roots, operands before users, each once.
///
/// The order is a depth-first post-order from the first root on, so it is the same for the same
/// expression. An explicit stack stands in for recursion, since chains may be very long.
public func topologicalOrder(of roots: [Symbol]) -> [Symbol] {
  topologicalOrder(of: roots, operands: \.operands)
}

/// The same order of a graph in which some symbols have other operands.
func topologicalOrder(of roots: [Symbol], operands: (Symbol) -> [Symbol]) -> [Symbol] {
  var order: [Symbol] = []
  // Most graphs have some hundred symbols, and growing a set costs as much as filling it.
  var visited = Set<Symbol>(minimumCapacity: 256)
  var stack: [(symbol: Symbol, operands: [Symbol], next: Int)] = []
  for root in roots where visited.insert(root).inserted {
    stack.append((root, operands(root), 0))
    while !stack.isEmpty {
      let last = stack.count - 1
      let next = stack[last].next
      if next == stack[last].operands.count {
        order.append(stack.removeLast().symbol)
      } else {
        let operand = stack[last].operands[next]
        stack[last].next += 1
        if visited.insert(operand).inserted { stack.append((operand, operands(operand), 0)) }
      }
    }
  }
  return order
}

/// The symbols of `order` whose value depends on any of the sources, the sources included.
func dependents(on sources: some Sequence<Symbol>, in order: [Symbol]) -> Set<Symbol> {
  var result = Set(sources)
  for symbol in order where symbol.operands.contains(where: result.contains) {
    result.insert(symbol)
  }
  return result
}
