public import Foundation
import Tensors

/// Writes a file with one wrong bit, a random one, and calls `body` with its number; so many times.
public func forEachWrongBit(
  of file: URL, times: Int = 1000, seed: UInt64, _ body: (_ bit: Int) throws -> Void
) throws {
  let whole = try Data(contentsOf: file)
  var random = RandomStream(seed: seed)
  for _ in 0..<times {
    var bytes = whole
    let bit = random.integer(below: 8 * whole.count)
    bytes[bit / 8] ^= 1 << UInt8(bit % 8)
    try bytes.write(to: file)
    try body(bit)
  }
}
