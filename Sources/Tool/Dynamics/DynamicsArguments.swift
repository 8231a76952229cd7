public import Atomistic
import Tensors

/// The names of the ensembles.
enum EnsembleName: String, CaseIterable, ArgumentValue { case nve, nvt, npt }

extension Precision: ArgumentValue {}
extension Thermostat.Method: ArgumentValue {}
extension Barostat.Method: ArgumentValue {}

extension ExtrapolationPolicy: ArgumentValue {
  /// Reads a word; nil where it does not fit.
  public init?(argument: String) {
    switch argument {
    case "ignore": self = .ignore
    case "warn": self = .warn
    default:
      let words = argument.split(separator: ":", omittingEmptySubsequences: false)
      guard words.count == 2, words[0] == "stop", let count = Int(words[1]), count >= 0 else {
        return nil
      }
      self = .stop(after: count)
    }
  }

  /// The requirement on a word.
  public static var expectation: String { "ignore, warn or stop:N" }

  /// The word that gives the value back.
  public var argument: String {
    switch self {
    case .ignore: "ignore"
    case .warn: "warn"
    case .stop(let count): "stop:\(count)"
    }
  }
}

/// Two numbers above zero, as in `0.5:2`.
struct PositiveRange: ArgumentValue {
  let range: ClosedRange<Double>

  init?(argument: String) {
    let words = argument.split(separator: ":", omittingEmptySubsequences: false)
    let ends = words.compactMap { Double($0) }
    guard words.count == 2, ends.count == 2, ends[0] > 0, ends[1] > ends[0], ends[1].isFinite else {
      return nil
    }
    range = ends[0]...ends[1]
  }

  static var expectation: String { "two numbers above 0 as in 0.5:2" }
  var argument: String { "\(range.lowerBound):\(range.upperBound)" }
}

/// The number of repetitions of a cell along its vectors, as in `2,2,2`.
struct Repetition: ArgumentValue {
  let counts: SIMD3<Int>

  init?(argument: String) {
    let words = argument.split(separator: ",", omittingEmptySubsequences: false)
    let counts = words.compactMap { Int($0) }
    guard words.count == 3, counts.count == 3, counts.allSatisfy({ (1...100).contains($0) }) else {
      return nil
    }
    self.counts = SIMD3(counts)
  }

  static var expectation: String { "three whole numbers from 1 to 100 as in 2,2,2" }
  var argument: String { "\(counts.x),\(counts.y),\(counts.z)" }
}
