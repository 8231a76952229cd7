import Tensors
import Testing

@Test(
  "The first index out of range is found wherever it stands", arguments: [0, 1, 31, 32, 33, 100])
func indexRange(count: Int) {
  let good = (0..<count).map { Int32($0 % 9) }
  #expect(firstIndex(outside: 9, in: good, count: count) == nil)
  #expect(firstIndex(outside: .max, in: good, count: count) == nil)
  #expect(firstIndex(outside: 0, in: good, count: count) == (count == 0 ? nil : 0))
  for place in 0..<count {
    for wrong in [Int32(9), -1, .min, .max] {
      var indices = good
      indices[place] = wrong
      #expect(firstIndex(outside: 9, in: indices, count: count) == place)
      if wrong < 0 { #expect(firstIndex(outside: .max, in: indices, count: count) == place) }
    }
  }
}
