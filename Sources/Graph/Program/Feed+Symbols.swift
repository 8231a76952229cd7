extension Feed {
  public func values(of symbol: Symbol) -> Buffer<Scalar> { values(symbol.placeholderName!) }
  public func indices(of symbol: Symbol) -> Buffer<Int32> { indices(symbol.placeholderName!) }
  public func set(_ symbol: Symbol, _ values: some Collection<Double>) {
    set(symbol.placeholderName!, values)
  }
  public func set(_ symbol: Symbol, indices values: some Collection<Int>) {
    set(symbol.placeholderName!, indices: values)
  }
}
