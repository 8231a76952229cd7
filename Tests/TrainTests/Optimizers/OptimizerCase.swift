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
      name: "ekf that measures its noise",
      network: ExtendedKalmanFilter(measurementNoise: .measured(MeasuredNoise())),
      valley: ExtendedKalmanFilter(
        measurementNoise: .measured(MeasuredNoise()), processNoise: .constant(0.01)),
      valleySteps: 2000),
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
        learningRate: .exponential(initial: 0.01, factor: 0.9, every: 7), clipNorm: .together(1)),
      valley: Adam(learningRate: .constant(0.01)), valleySteps: 5000),
    OptimizerCase(
      name: "adam that waits for the validation loss",
      network: Adam(
        learningRate: .warmUp(steps: 3, then: .constant(0.3)),
        plateau: Plateau(factor: 0.5, patience: 1), clipNorm: .perVariable(0.5)),
      valley: Adam(
        learningRate: .cosine(initial: 0.02, final: 0.002, steps: 5000),
        clipNorm: .perVariable(10)), valleySteps: 5000),
    OptimizerCase(
      name: "adamW",
      network: AdamW(Adam(learningRate: .constant(0.01)), weightDecay: 0.1),
      valley: AdamW(Adam(learningRate: .constant(0.01)), weightDecay: 1e-6), valleySteps: 5000),
    OptimizerCase(
      name: "soap",
      network: SOAP(Adam(learningRate: .constant(0.01)), turnEvery: 3),
      valley: SOAP(Adam(learningRate: .constant(0.01))), valleySteps: 5000),
    OptimizerCase(
      name: "muon",
      network: Muon(learningRate: .constant(0.02), adam: Adam(learningRate: .constant(0.01))),
      valley: Muon(learningRate: .constant(0.01), adam: Adam(learningRate: .constant(0.01))),
      valleySteps: 5000),
    OptimizerCase(
      name: "spring", network: Spring(learningRate: .constant(0.1), momentum: 0.9, clipNorm: 0.3),
      valley: Spring(learningRate: .constant(0.05), momentum: 0.5, damping: .constant(1)),
      valleySteps: 5000),
    OptimizerCase(
      name: "levenbergMarquardt", network: LevenbergMarquardt(),
      valley: LevenbergMarquardt(damping: 0.01), valleySteps: 200),
    OptimizerCase(
      name: "lbfgs", network: LBFGS(), valley: LBFGS(pairs: 3), valleySteps: 200),
    OptimizerCase(
      name: "sgd", network: GradientDescent(learningRate: .constant(0.01), momentum: 0.9),
      valley: GradientDescent(learningRate: .constant(5e-4), momentum: 0.9), valleySteps: 5000),
    OptimizerCase(
      name: "of another package", network: ClippedFilter(),
      valley: ClippedFilter(processNoise: .constant(0.01)), valleySteps: 200),
  ]
}
