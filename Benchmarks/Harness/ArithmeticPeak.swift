import Tensors

/// The best rates of arithmetic of a machine in one precision, with all threads at once.
public struct ArithmeticPeak: Codable, Hashable, Sendable {
  /// OpenBLAS's products of large matrices, in GFLOP/s.
  public var products: Double
  /// Multiplications and additions of our own vectors that stay in registers, in GFLOP/s.
  public var vectors: Double

  /// The larger of both, which shares of the peak are counted against.
  public var best: Double { max(products, vectors) }

  /// Describes known rates.
  public init(products: Double, vectors: Double) {
    self.products = products
    self.vectors = vectors
  }

  /// Measures the rates.
  init<Scalar: RealScalar>(_: Scalar.Type, _ workers: Workers, rounds: Int) {
    products = bestRate(of: workers, rounds: rounds, Product<Scalar>(threads: workers.count))
    vectors = bestRate(of: workers, rounds: rounds, Registers<Scalar>())
  }
}

/// Arithmetic that threads do independently of each other.
private protocol Exercise: Sendable {
  /// The multiplications and additions of a thread.
  var operations: Int { get }
  func run(thread: Int)
}

/// The best rate in GFLOP/s of some rounds.
private func bestRate(of workers: Workers, rounds: Int, _ exercise: some Exercise) -> Double {
  let best = (0..<rounds).reduce(Duration.seconds(1000)) { best, _ in
    let time = ContinuousClock().measure {
      workers.forEach(workers.count) { exercise.run(thread: $0) }
    }
    return min(best, time)
  }
  return Double(workers.count * exercise.operations) / (best / .seconds(1)) / 1e9
}

/// A product of matrices of 1024 x 1024.
private final class Product<Scalar: RealScalar>: Exercise, @unchecked Sendable {
  private let n = 1024
  private let matrices: UnsafeMutablePointer<Scalar>

  var operations: Int { 2 * n * n * n }

  init(threads: Int) {
    matrices = .allocate(capacity: threads * 3 * n * n)
    matrices.initialize(repeating: 0.5, count: threads * 3 * n * n)
  }

  deinit { matrices.deallocate() }

  func run(thread: Int) {
    let a = matrices + thread * 3 * n * n
    Scalar.multiply(
      a, transposed: false, leading: n, a + n * n, transposed: false, leading: n,
      into: a + 2 * n * n, leading: n, rows: n, columns: n, inner: n, alpha: 1, beta: 0)
  }
}

/// Sums of products in as many registers as hide the time that each operation takes.
private struct Registers<Scalar: RealScalar>: Exercise {
  private let steps = 200_000

  var operations: Int { 2 * 12 * Scalar.lanes * steps }

  func run(thread: Int) {
    let sum = sums(steps, factor: Scalar(0.999), thread: Scalar(thread))
    ensure(sum == sum, "ArithmeticPeak: a sum is not a number")
  }
}

@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
@inline(never)
private func sums<Scalar: RealScalar>(_ steps: Int, factor: Scalar, thread: Scalar) -> Scalar {
  let x = Scalar.Vector(repeating: factor)
  let y = Scalar.Vector(repeating: thread)
  var (a, b, c, d, e, f) = (y, y, y, y, y, y)
  var (g, h, i, j, k, l) = (y, y, y, y, y, y)
  for _ in 0..<steps {
    a = y.addingProduct(a, x)
    b = y.addingProduct(b, x)
    c = y.addingProduct(c, x)
    d = y.addingProduct(d, x)
    e = y.addingProduct(e, x)
    f = y.addingProduct(f, x)
    g = y.addingProduct(g, x)
    h = y.addingProduct(h, x)
    i = y.addingProduct(i, x)
    j = y.addingProduct(j, x)
    k = y.addingProduct(k, x)
    l = y.addingProduct(l, x)
  }
  let first = a + b + c + d
  let second = e + f + g + h
  return (first + second + i + j + k + l).total
}
