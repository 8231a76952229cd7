import Atomistic
import Graph
import Train

/// The source of the first weights, the frozen ones, weight decay, and their average.
struct WeightConfiguration: Codable, Equatable {
  /// A model directory whose weights are taken over by name; nil means to draw all.
  var from: String?
  /// Patterns of the names of variables that keep their first values, such as `H.*`.
  var frozen: [VariablePattern] = []
  /// The strength λ of weight decay, `λ |w|²` in the loss.
  var decay = 0.0
  /// The factor d of the running mean of weights that models have; nil for the last weights.
  var average: Double?

  private enum CodingKeys: String, CodingKey { case from, frozen, decay, average }

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    from = try container.decodeIfPresent(String.self, forKey: .from)
    frozen = try container.decode(.frozen, default: frozen)
    decay = try container.decode(.decay, default: decay)
    average = try container.decodeIfPresent(Double.self, forKey: .average)
    try container.requireNotNegative(decay, .decay)
    if let average {
      try container.requirePositive(average, .average)
      try container.requireFraction(average, .average)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(from, forKey: .from)
    try container.encode(frozen, forKey: .frozen)
    try container.encode(decay, forKey: .decay)
    try container.encode(average, forKey: .average)
  }
}
