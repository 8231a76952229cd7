import Graph

/// Covariances whose blocks are triangles, each a `Covariance`.
///
/// Numbers kept: half of Σ n_b² live ones for blocks of n_b weights. With a shared innovation the step
/// is the Kalman filter's for the block-diagonal P, the decoupled filter of Puskorius and Feldkamp (1991).
extension CovarianceForm {
  /// One block of all weights.
  public static let full = CovarianceForm("full", partition: \.whole, start: triangle)

  /// A block for each network. In a Behler-Parrinello model that is one for each element.
  public static let element = CovarianceForm("element", partition: \.networks, start: triangle)

  /// A block for each layer.
  public static let layer = CovarianceForm("layer", partition: \.layers, start: triangle)

  /// Blocks of at most so many weights; large variables are split and small ones gathered as RLEKF
  /// does (Hu et al., AAAI 2023).
  public static func blocks(of size: Int) -> CovarianceForm {
    CovarianceForm("blocks", size: size, partition: { $0.runs(of: size) }, start: triangle)
  }

  @Sendable private static func triangle(
    _ block: ParameterBlock, _ start: CovarianceStart
  ) -> any BlockCovariance {
    Covariance(
      block.variablePrefix, count: block.count, epsilon: start.epsilon, forgets: start.forgets)
  }
}

extension ParameterBlock {
  /// The beginning of the names of the variables that hold the block's covariance.
  var variablePrefix: String { name.isEmpty ? "kalman" : "kalman.\(name)" }
}
