import Testing
import Train

/// A row of the contract: an optimizer with settings that learn.
struct OptimizerCase: Sendable, CustomTestStringConvertible {
  var name: String
  /// The settings for networks.
  var network: any Optimizer
  /// The settings for valleys, and the steps down to a thousandth of the loss.
  var valley: any Optimizer
  var valleySteps: Int

  var testDescription: String { name }

  static let all = [
    OptimizerCase(
      name: "ekf", network: ExtendedKalmanFilter(),
      valley: ExtendedKalmanFilter(processNoise: .constant(0.01)), valleySteps: 200),
    OptimizerCase(
      name: "fading ekf",
      network: ExtendedKalmanFilter(measurementNoise: .fading(initial: 0.98, nu: 0.99)),
      valley: ExtendedKalmanFilter(measurementNoise: .fading(initial: 0.8, nu: 0.9999)),
      valleySteps: 200),
    OptimizerCase(
      name: "layer ekf", network: ExtendedKalmanFilter(covariance: .layer),
      valley: ExtendedKalmanFilter(processNoise: .constant(0.01), covariance: .element),
      valleySteps: 200),
    OptimizerCase(
      name: "node ekf", network: ExtendedKalmanFilter(covariance: .node),
      valley: ExtendedKalmanFilter(processNoise: .constant(0.01), covariance: .node),
      valleySteps: 2000),
    OptimizerCase(
      name: "diagonal ekf", network: ExtendedKalmanFilter(covariance: .diagonal),
      valley: ExtendedKalmanFilter(processNoise: .constant(0.01), covariance: .diagonal),
      valleySteps: 2000),
    OptimizerCase(
      name: "kronecker ekf", network: ExtendedKalmanFilter(covariance: .kronecker),
      valley: ExtendedKalmanFilter(
        measurementNoise: .fading(initial: 0.9, nu: 0.9999), covariance: .kronecker),
      valleySteps: 2000),
    OptimizerCase(
      name: "runs of weights, separate innovations",
      network: ExtendedKalmanFilter(
        measurementNoise: .fading(initial: 0.98, nu: 0.9987), covariance: .blocks(of: 5),
        innovation: .separate),
      valley: ExtendedKalmanFilter(processNoise: .constant(0.01), covariance: .blocks(of: 2)),
      valleySteps: 200),
    OptimizerCase(
      name: "ekf that weighs wild labels", network: ExtendedKalmanFilter(wildLabels: .weigh),
      valley: ExtendedKalmanFilter(processNoise: .constant(0.01), wildLabels: .weigh),
      valleySteps: 2000),
    OptimizerCase(
      name: "gradient ekf",
      network: GradientKalmanFilter(learningRate: .constant(1), epsilon: 0.01),
      valley: GradientKalmanFilter(learningRate: .constant(0.01), processNoise: .constant(0.01)),
      valleySteps: 5000),
    OptimizerCase(
      name: "adam",
      network: Adam(
        learningRate: .exponential(initial: 0.01, factor: 0.9, every: 7), clipNorm: 1),
      valley: Adam(learningRate: .constant(0.01)), valleySteps: 5000),
    OptimizerCase(
      name: "sgd", network: GradientDescent(learningRate: .constant(0.01), momentum: 0.9),
      valley: GradientDescent(learningRate: .constant(5e-4), momentum: 0.9), valleySteps: 5000),
    OptimizerCase(
      name: "of another package", network: ClippedFilter(),
      valley: ClippedFilter(processNoise: .constant(0.01)), valleySteps: 200),
  ]
}
