extension [any Rewrite] {
  /// The laws that the compiler applies.
  static var standard: [any Rewrite] {
    [AddZero(), MultiplyByOne(), BroadcastOfFill()]
  }
}
