import Testing

@testable import Atomistic

@Suite("The nearest name")
struct NearestNameTests {
  @Test(
    "the nearest name is found or none",
    arguments: [
      ("learning_rate", "learningRate"), ("LEARNINGRATE", "learningRate"), ("sede", "seed"),
      ("learn", "learningRate"), ("forget", nil), ("", nil), ("x", nil),
    ])
  func nearest(name: String, expected: String?) {
    let known = ["seed", "learningRate", "layers", "steps"]
    #expect(nearestName(to: name, among: known) == expected)
    #expect(nearestName(to: name, among: []) == nil)
    #expect(levenshteinDistance(Array("kitten"), Array("sitting")) == 3)
  }
}
