/// The cases of the suite, by name.
public enum BenchmarkSuite {
  /// The precisions that cases are measured in.
  public enum Precision: String, CaseIterable, Sendable {
    case float32, float64, both
  }

  /// All cases, in order; those in `Double` are called like those in `Float` and `-float64`.
  public static func benchmarks(_ precision: Precision = .float32) -> [Benchmark] {
    let single = precision == .float64 ? [] : cases(Float.self)
    let double = precision == .float32 ? [] : cases(Double.self)
    return single + double
  }

  /// The cases of a name: the one called so, or all whose names begin with it and a hyphen.
  ///
  /// Without names, all of them; `nil` for the first name that fits none.
  public static func select(
    _ names: [String], from benchmarks: [Benchmark]
  ) -> Result<[Benchmark], UnknownName> {
    guard !names.isEmpty else { return .success(benchmarks) }
    let known = Set(benchmarks.map(\.name))
    func matches(_ benchmark: Benchmark, _ name: String) -> Bool {
      known.contains(name) ? benchmark.name == name : benchmark.name.hasPrefix(name + "-")
    }
    if let stranger = names.first(where: { name in !benchmarks.contains { matches($0, name) } }) {
      return .failure(UnknownName(name: stranger))
    }
    return .success(benchmarks.filter { benchmark in names.contains { matches(benchmark, $0) } })
  }

  /// A name that is no case's.
  public struct UnknownName: Error, Hashable {
    /// The name.
    public let name: String

    /// Keeps a name.
    public init(name: String) { self.name = name }
  }
}
