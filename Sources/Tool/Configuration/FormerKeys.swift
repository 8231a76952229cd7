/// Keys of configurations of version 0.1.0, and what to write instead.
enum FormerKeys {
  /// The advice for each key that is no more.
  static let advice: [String: String] = {
    var advice = [
      "loss.energyWeight": "write loss: { energy: … }",
      "loss.forceWeight": "write loss: { force: … }",
      "schedule.energiesPerStep": "write schedule: { randomLabels: { energy: …, force: … } }",
      "schedule.forcesPerStep": "write schedule: { randomLabels: { energy: …, force: … } }",
      "data.energyKey": "write data: { keys: { energy: … } }",
      "data.forceKey": "write data: { keys: { force: … } }",
      "data.stressKey": "write data: { keys: { stress: … } }",
    ]
    for key in ["hidden", "activation", "initialization", "descriptors", "scaling"] {
      advice["network.\(key)"] = "write network: { behlerParrinello: { \(key): … } }"
    }
    return advice
  }()
}
