public import Graph

extension Activation {
  /// Returns the function of each element.
  public func callAsFunction(_ x: Symbol) -> Symbol {
    switch self {
    case .identity: x
    case .tanh: x.tanh()
    case .logistic: x.sigmoid()
    case .softplus: x.softplus()
    case .rectifier: x.maximum(0)
    case .gaussian: (x * x * -0.5).exp()
    case .cosine: x.cos()
    case .reverseLogistic: (-x).sigmoid()
    case .exponential: (-x).exp()
    case .harmonic: x * x
    }
  }
}
