import Glibc

/// A stream of random numbers that is named by a seed and a number, and knows its position.
///
/// Streams of one seed are independent of each other: give each purpose (initial weights, shuffling,
/// a thermostat) its own. A decoded stream goes on with the numbers the encoded one would have
/// given next, bit for bit. The generator is Philox4x32-10.
public struct RandomStream: RandomNumberGenerator, Sendable, Codable, Equatable {
  /// What all streams of a run have in common.
  public let seed: UInt64

  /// The number of this stream among those of the seed.
  public let stream: UInt64

  /// The number of words of 32 bits taken.
  public private(set) var position: UInt64 = 0

  /// The four words around the position, once one of them was taken.
  private var block: SIMD4<UInt32>?

  private enum CodingKeys: CodingKey { case seed, stream, position }

  /// Starts a stream at its beginning.
  public init(seed: UInt64, stream: UInt64 = 0) {
    self.seed = seed
    self.stream = stream
  }

  /// Whether two streams give the same numbers from here on.
  public static func == (a: RandomStream, b: RandomStream) -> Bool {
    a.seed == b.seed && a.stream == b.stream && a.position == b.position
  }

  /// The next 32 random bits.
  public mutating func nextUInt32() -> UInt32 {
    let word = Int(position & 3)
    let current: SIMD4<UInt32>
    if word > 0, let block {
      current = block
    } else {
      let number = position >> 2
      current = Philox.block(
        counter: SIMD4(number.low, number.high, stream.low, stream.high),
        key: SIMD2(seed.low, seed.high))
      block = current
    }
    position &+= 1
    return current[word]
  }

  /// The next 64 random bits, the lower half first.
  public mutating func nextUInt64() -> UInt64 {
    let low = UInt64(nextUInt32())
    return low | UInt64(nextUInt32()) << 32
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 { nextUInt64() }

  /// A number in [0, 1), a multiple of 2⁻⁵³.
  public mutating func uniformDouble() -> Double { Double(nextUInt64() >> 11) * 0x1p-53 }

  /// A number in [0, 1), a multiple of 2⁻²⁴.
  public mutating func uniformFloat() -> Float { Float(nextUInt32() >> 8) * 0x1p-24 }

  /// A number from the normal distribution of mean zero and variance one.
  ///
  /// The cosine half of the transformation of Box and Muller, `√(-2 ln(1 - u)) cos(2π v)`; the sine
  /// half is not kept, so that the position says all about the stream. Each takes four words.
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniformDouble())).squareRoot()
    return radius * cos(2 * Double.pi * uniformDouble())
  }

  /// An integer in `0 ..< bound`, each equally likely (Lemire's method with rejection).
  public mutating func integer(below bound: Int) -> Int {
    ensure(bound > 0, "RandomStream: there is no integer below \(bound) to choose")
    let bound = UInt64(bound)
    var product = nextUInt64().multipliedFullWidth(by: bound)
    if product.low < bound {
      let rejected = (0 &- bound) % bound
      while product.low < rejected { product = nextUInt64().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// Puts the elements into a random order, each equally likely (Fisher and Yates).
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, integer(below: last + 1))
    }
  }
}

extension UInt64 {
  fileprivate var low: UInt32 { UInt32(truncatingIfNeeded: self) }
  fileprivate var high: UInt32 { UInt32(self >> 32) }
}
