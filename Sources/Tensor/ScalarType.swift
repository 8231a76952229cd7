/// The element types a tensor may have.
public enum ScalarType: String, Sendable, Hashable, CaseIterable {
  case float32, float64, int32

  /// The size of one element in bytes.
  public var size: Int { self == .float64 ? 8 : 4 }
}
