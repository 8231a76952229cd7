extension String {
  /// The text for a sentence: what a damaged file holds may have any length.
  func shortened(to most: Int = 300) -> String {
    count <= most ? self : prefix(most - 3) + "..."
  }
}
