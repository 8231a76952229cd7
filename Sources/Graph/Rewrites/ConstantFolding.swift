/// `f(c, d, …) = f(c, d, …)`, computed once, for elementwise `f` of constants.
///
/// In double precision, so a program in single precision rounds the result and not the operands.
struct ConstantFolding: Rewrite {
  func concerns(_ operation: any Primitive.Type) -> Bool { operation is any Elementwise.Type }

  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol? {
    guard let function = primitive as? any Elementwise, !symbol.operands.isEmpty else { return nil }
    let values = symbol.operands.compactMap(\.fillValue)
    guard values.count == symbol.operands.count else { return nil }
    return .fill(function.value(of: values), symbol.shape)
  }
}

extension Elementwise {
  /// The function's value for one element.
  fileprivate func value(of operands: [Double]) -> Double {
    var result = Double.nan
    operands.withUnsafeBufferPointer { elements in
      let base = elements.baseAddress.unsafelyUnwrapped
      let pointers = operands.indices.map { base + $0 }
      pointers.withUnsafeBufferPointer {
        apply($0.baseAddress.unsafelyUnwrapped, into: &result, count: 1)
      }
    }
    return result
  }
}
