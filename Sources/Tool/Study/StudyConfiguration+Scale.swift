extension StudyConfiguration {
  /// The study at another size: frames, equilibration, training steps and simulation steps times a factor,
  /// with the intervals of evaluations and frames; seeds and arms stay, so that the time goes with the factor.
  ///
  /// Steps that an arm sets itself are scaled as well.
  func scaled(by factor: Double) -> StudyConfiguration {
    guard factor != 1 else { return self }
    func scaled(_ count: Int, atLeast least: Int = 1) -> Int {
      max(min(least, count), Int((Double(count) * factor).rounded()))
    }
    var study = self
    for index in study.regimes.indices {
      study.regimes[index].frames = scaled(study.regimes[index].frames, atLeast: 12)
      study.regimes[index].equilibration = scaled(
        study.regimes[index].equilibration, atLeast: 100)
    }
    study.training.run.steps = scaled(study.training.run.steps, atLeast: 20)
    study.training.run.evaluateEvery = scaled(study.training.run.evaluateEvery)
    study.training.run.checkpointEvery = scaled(study.training.run.checkpointEvery)
    study.training.run.keepEvery = study.training.run.keepEvery.map { scaled($0) }
    for (index, arm) in study.arms.enumerated() {
      for key in ["run.steps", "run.evaluateEvery", "run.checkpointEvery", "run.keepEvery"] {
        guard case .integer(let steps)? = arm.set[key] else { continue }
        study.arms[index].set[key] = .integer(scaled(steps, atLeast: 1))
      }
    }
    for index in study.simulations.indices {
      let steps = study.simulations[index].steps
      study.simulations[index].steps = scaled(steps, atLeast: 40)
      study.simulations[index].frameEvery = scaled(study.simulations[index].frameEvery)
      study.simulations[index].logEvery = scaled(study.simulations[index].logEvery)
    }
    return study
  }
}
