internal import COpenBLAS
internal import Foundation

/// The kernels that OpenBLAS uses, and how they were chosen.
public struct OpenBLASKernels: Hashable, Sendable {
  /// The processor whose kernels OpenBLAS chose itself.
  public let chosen: String
  /// The processor whose kernels are used.
  public let core: String
  /// The processors whose kernels were tried and gave wrong results.
  public let rejected: [String]

  /// What a user should know, in a sentence; `nil` where OpenBLAS's own choice fits.
  public var remark: String? {
    let wrong = rejected.joined(separator: " and ")
    if core == chosen {
      return wrong.isEmpty
        ? nil
        : "OpenBLAS stays with its slow kernels for \(core), since those for \(wrong) give wrong "
          + "results."
    }
    return rejected.contains(chosen)
      ? "OpenBLAS's kernels for \(wrong) give wrong results here; those for \(core) are used."
      : "OpenBLAS does not know this processor and chose kernels for \(chosen); those for \(core) "
        + "are used, which passed a check of results."
  }

  /// Keeps OpenBLAS's own choice if its vectors are as wide as the processor's and its results right,
  /// or if it is the user's; else tries the kernels of others.
  init(
    choosingFor bits: Int, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(OpenBLASError) {
    let chosen = OpenBLAS.coreName
    self.chosen = chosen
    let isUsers = environment[OpenBLAS.coreVariable] != nil
    let own = isUsers ? bits : Self.bits(of: chosen)
    let wider = Self.cores.filter { own < $0.bits && $0.bits <= bits }
    var wrong: [String] = []
    for name in wider.map(\.name) + [chosen] {
      if name != OpenBLAS.coreName { OpenBLAS.useKernels(of: name) }
      // A library that was built without these kernels keeps others.
      guard OpenBLAS.coreName == name else { continue }
      if Self.giveRightResults {
        (core, rejected) = (name, wrong)
        return
      }
      wrong.append(name)
    }
    throw .wrongResults(tried: wrong)
  }

  /// Processors whose kernels are made for vectors of some width, the widest first.
  private static let cores: [(name: String, bits: Int)] = [("SkylakeX", 512), ("Haswell", 256)]

  /// The width of the vectors that the kernels of a processor use; a name that is not known is newer
  /// than this list and taken to fit.
  private static func bits(of core: String) -> Int {
    switch core.lowercased() {
    case "prescott", "core2", "penryn", "dunnington", "nehalem", "athlon", "opteron",
      "opteron_sse3", "barcelona", "bobcat", "atom", "nano", "katmai", "coppermine", "northwood",
      "banias":
      128
    case "sandybridge", "bulldozer", "piledriver", "steamroller": 192  // AVX without AVX2
    case "haswell", "zen", "excavator": 256
    default: 512
    }
  }

  /// Whether products in both precisions and a Cholesky factor agree with plain loops.
  static var giveRightResults: Bool {
    isProductRight(Float.self, tolerance: 1e-5) && isProductRight(Double.self, tolerance: 1e-13)
      && isFactorRight
  }

  /// Numbers without a pattern, in -1 ... 1.
  private static func numbers<Scalar: RealScalar>(_: Scalar.Type, count: Int) -> [Scalar] {
    (0..<count).map { Scalar(Double(($0 &* 7919 &+ 13) % 2003) / 1001 - 1) }
  }

  /// Compares `A B` and `Aᵀ B` of sizes that no block divides.
  private static func isProductRight<Scalar: RealScalar>(
    _: Scalar.Type, tolerance: Double
  ) -> Bool {
    let (rows, columns, inner) = (103, 89, 97)
    let a = numbers(Scalar.self, count: rows * inner)
    let b = numbers(Scalar.self, count: inner * columns)
    for isTransposed in [false, true] {
      var product = [Scalar](repeating: .nan, count: rows * columns)
      Scalar.multiply(
        a, transposed: isTransposed, leading: isTransposed ? rows : inner, b, transposed: false,
        leading: columns, into: &product, leading: columns, rows: rows, columns: columns,
        inner: inner, alpha: 1, beta: 0)
      var exact = [Double](repeating: 0, count: columns)
      for row in 0..<rows {
        for column in 0..<columns { exact[column] = 0 }
        for k in 0..<inner {
          let factor = Double(a[isTransposed ? k * rows + row : row * inner + k])
          for column in 0..<columns { exact[column] += factor * Double(b[k * columns + column]) }
        }
        for column in 0..<columns {
          let error = abs(Double(product[row * columns + column]) - exact[column])
          guard error <= tolerance * Double(inner) else { return false }
        }
      }
    }
    return true
  }

  /// Compares `L Lᵀ` with the matrix that was factored.
  private static var isFactorRight: Bool {
    let n = 75
    let a = numbers(Double.self, count: n * n)
    func entry(_ i: Int, _ j: Int) -> Double {
      (i == j ? Double(n) : 0) + (a[i * n + j] + a[j * n + i]) / 2
    }
    var factor = (0..<n * n).map { entry($0 / n, $0 % n) }
    guard LinearAlgebra.choleskyFactor(&factor, size: n) == nil else { return false }
    for i in 0..<n {
      for j in 0...i {
        let product = (0...j).reduce(0) { $0 + factor[i * n + $1] * factor[j * n + $1] }
        guard abs(product - entry(i, j)) <= 1e-12 * Double(n) else { return false }
      }
    }
    return true
  }
}
