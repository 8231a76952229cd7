public import Graph
public import Tensors

/// Numbers that a run works out with each evaluation, for `metrics.csv` and TensorBoard.
///
/// They are a function of the moment alone, so that a resumed run writes the same.
/// A diagnostic that is a graph over the variables runs a `Session` on the moment's state.
public protocol TrainingDiagnostic: Sendable {
  /// The names of its scalars, columns of `metrics.csv` after the metrics; in TensorBoard dots become
  /// slashes.
  var names: [String] { get }

  /// One number for each name, nil where there is none at this moment.
  func scalars<Scalar: RealScalar>(of moment: TrainingMoment<Scalar>) throws -> [Double?]

  /// Distributions for TensorBoard, each by its tag.
  func histograms<Scalar: RealScalar>(
    of moment: TrainingMoment<Scalar>
  ) throws -> [(tag: String, values: [Double])]
}

extension TrainingDiagnostic {
  /// None.
  public var names: [String] { [] }

  /// None.
  public func scalars<Scalar: RealScalar>(
    of moment: TrainingMoment<Scalar>
  ) throws -> [Double?] { [] }

  /// None.
  public func histograms<Scalar: RealScalar>(
    of moment: TrainingMoment<Scalar>
  ) throws -> [(tag: String, values: [Double])] { [] }
}

/// A training between two steps, as a diagnostic sees it.
public struct TrainingMoment<Scalar: RealScalar> {
  /// The values of parameters and optimizer memory now, to be read only.
  public let state: State<Scalar>

  /// The elements of all parameters before the first step, in the order of `state.parameters`.
  public let initialParameters: [Scalar]

  /// The number of steps done.
  public let step: Int

  /// Makes a moment.
  public init(state: State<Scalar>, initialParameters: [Scalar], step: Int) {
    self.state = state
    self.initialParameters = initialParameters
    self.step = step
  }
}
