public import Tensors

/// The size of the parameters w and their distance from the first values: `|w|` as `weights.norm` and
/// `|w - w(0)|` as `weights.distance`.
///
/// A distance that still grows at the end of a run asks for more steps; a norm that grows without
/// bound warns of overfitting.
public struct WeightNorms: TrainingDiagnostic, Hashable {
  /// Makes the diagnostic.
  public init() {}

  /// The column of the distance in `metrics.csv`.
  public static let distanceName = "weights.distance"

  /// `weights.norm` and `weights.distance`.
  public var names: [String] { ["weights.norm", Self.distanceName] }

  /// Both norms, summed up in double precision.
  public func scalars<Scalar: RealScalar>(of moment: TrainingMoment<Scalar>) -> [Double?] {
    let weights = moment.state.parameters.elements
    let squares = zip(weights, moment.initialParameters).reduce((norm: 0.0, distance: 0.0)) {
      let (value, change) = (Double($1.0), Double($1.0) - Double($1.1))
      return ($0.norm + value * value, $0.distance + change * change)
    }
    return [squares.norm.squareRoot(), squares.distance.squareRoot()]
  }
}
