extension Workers {
  /// Computes a value for each of `0 ..< count`, with something that each thread makes once for itself,
  /// such as a session and its memory.
  ///
  /// - Parameters:
  ///   - count: The number of values.
  ///   - context: Makes what a thread needs, when it computes its first value.
  ///   - body: Computes a value.
  /// - Returns: The values in order, whichever threads computed them.
  public func map<Context, Value>(
    _ count: Int, with context: @Sendable () -> Context,
    _ body: @Sendable (Context, _ number: Int) -> Value
  ) -> [Value] {
    let contexts = Slots<Context>(count: self.count)
    let values = Slots<Value>(count: count)
    forEach(count) { number, thread in
      let own = contexts[thread] ?? context()
      contexts[thread] = own
      values[number] = body(own, number)
    }
    return (0..<count).map { number in
      guard let value = values[number] else { trap("Workers: value \(number) was not computed") }
      return value
    }
  }
}

/// Places that are each used by one thread at a time: those of a thread's context by that thread, those
/// of values once, and read when all threads have ended. So nothing needs a lock.
private final class Slots<Element>: @unchecked Sendable {
  private let elements: UnsafeMutableBufferPointer<Element?>

  init(count: Int) {
    elements = .allocate(capacity: count)
    elements.initialize(repeating: nil)
  }

  deinit {
    elements.deinitialize()
    elements.deallocate()
  }

  subscript(index: Int) -> Element? {
    get { elements[index] }
    set { elements[index] = newValue }
  }
}
