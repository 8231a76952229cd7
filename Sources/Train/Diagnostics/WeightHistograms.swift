public import Tensors

/// The distribution of each parameter's elements, `weights/<name>` in TensorBoard.
public struct WeightHistograms: TrainingDiagnostic, Hashable {
  /// Makes the diagnostic.
  public init() {}

  /// The elements of each trainable variable.
  public func histograms<Scalar: RealScalar>(
    of moment: TrainingMoment<Scalar>
  ) -> [(tag: String, values: [Double])] {
    moment.state.variables.filter(\.isTrainable).map {
      ("weights/\($0.name)", moment.state[$0].map(Double.init))
    }
  }
}
