import Tensors

/// The optimizers that a configuration can name.
///
/// Another package adds its own and decodes with the longer catalogue:
///
///     let catalog = OptimizerCatalog.standard.adding(Lion.self)
///     try document.decode(OptimizerChoice.self, userInfo: [.optimizers: catalog])
public struct OptimizerCatalog: Sendable {
  /// The types of optimizers, in the order in which messages list them.
  public private(set) var rows: [any Optimizer.Type]

  /// The optimizers of this library.
  public static let standard = OptimizerCatalog([
    ExtendedKalmanFilter.self, Adam.self, AdamW.self, SOAP.self, Muon.self, GradientDescent.self,
    Spring.self, LevenbergMarquardt.self, LBFGS.self, GradientKalmanFilter.self,
  ])

  /// Makes a catalogue of optimizers whose kinds differ.
  public init(_ rows: [any Optimizer.Type]) {
    let repeated = Dictionary(grouping: rows) { $0.kind }.first { $0.value.count > 1 }
    ensure(
      repeated == nil,
      "OptimizerCatalog: two optimizers have the kind '\(repeated?.key ?? "")': "
        + "\(repeated?.value ?? [])")
    self.rows = rows
  }

  /// The catalogue with one more optimizer at its end; its kind is a new one.
  public func adding(_ row: any Optimizer.Type) -> Self { Self(rows + [row]) }

  /// The names of all optimizers.
  public var kinds: [String] { rows.map { $0.kind } }

  /// The optimizer of a name, nil if there is none.
  public subscript(kind: String) -> (any Optimizer.Type)? { rows.first { $0.kind == kind } }
}

extension CodingUserInfoKey {
  /// The `OptimizerCatalog` in which a decoder finds optimizers; without it, it takes the standard one.
  public static let optimizers = CodingUserInfoKey(rawValue: "atomflow.optimizers")!
}
