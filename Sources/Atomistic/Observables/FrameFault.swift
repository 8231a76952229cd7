/// Something that an observable needs and a frame lacks; the trajectory adds file and frame.
public struct FrameFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// What should have been there, as a noun phrase.
  public var expected: String
  /// The content that was found, as a noun phrase.
  public var found: String
  /// What to do, as an imperative clause.
  public var advice: String?

  /// Describes a fault.
  public init(expected: String, found: String, advice: String? = nil) {
    (self.expected, self.found, self.advice) = (expected, found, advice)
  }

  /// One sentence with everything that is known.
  public var description: String {
    "expected \(expected), found \(found)" + (advice.map { "; \($0)" } ?? "")
  }
}
