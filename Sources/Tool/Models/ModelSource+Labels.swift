import Atomistic
import Synchronization
import Tensors

/// What a model says of structures.
struct Predictions {
  /// Energy, forces and stress of each.
  var labels: [Labels]
  /// What lies outside of the training range in each; empty for a model without one.
  var extrapolations: [StructureExtrapolations]

  /// Warns if the model had to extrapolate.
  func warnOfExtrapolation(in tool: Tool) {
    guard let summary = StructureExtrapolations.summary(of: extrapolations) else { return }
    tool.warn(summary)
  }
}

extension ModelSource {
  /// The model's energy, forces and stress of structures, in double precision.
  ///
  /// Structures are shared out among the workers, each with a calculator of its own. Throws the first
  /// structure's fault, with its number.
  func predictions(
    of structures: [Structure], workers: Workers, progress: @escaping @Sendable (Int) -> Void
  ) throws -> Predictions {
    typealias Prediction = (labels: Labels, extrapolations: StructureExtrapolations?)
    let results = Mutex([Result<Prediction, any Error>?](repeating: nil, count: structures.count))
    let done = Mutex(0)
    let parts = min(workers.count, max(1, structures.count))
    let watch = ExtrapolationWatch(potential)
    workers.forEach(parts) { part in
      let calculator = calculator(watch: watch)
      for number in stride(from: part, to: structures.count, by: parts) {
        let structure = structures[number]
        let result = Result {
          let labels: Labels = try calculator(structure)
          return (labels, watch?.found(in: structure, by: calculator)) as Prediction
        }
        results.withLock { $0[number] = result }
        progress(
          done.withLock {
            $0 += 1
            return $0
          })
      }
    }
    let predictions = try results.withLock { $0 }.enumerated().map { number, result in
      do { return try result!.get() } catch {
        throw StructureFault(description: "structure \(number + 1): \(error)")
      }
    }
    return Predictions(
      labels: predictions.map(\.labels), extrapolations: predictions.compactMap(\.extrapolations))
  }
}

/// What is wrong with one of many structures.
struct StructureFault: Error, CustomStringConvertible {
  let description: String
}

extension PotentialMetrics {
  /// Compares predictions with the labels of structures, where they have any.
  init(predicted: [Labels], structures: [Structure]) {
    var energies: [Double] = []
    var forces: [Double] = []
    for (found, structure) in zip(predicted, structures) {
      if let energy = structure.labels.energy, let predicted = found.energy {
        energies.append((predicted - energy) / Double(structure.count))
      }
      for (a, b) in zip(found.forces ?? [], structure.labels.forces ?? []) {
        forces += [a.x - b.x, a.y - b.y, a.z - b.z]
      }
    }
    self.init(
      energy: energies.isEmpty ? nil : ErrorSummary(energies),
      force: forces.isEmpty ? nil : ErrorSummary(forces))
  }
}

extension Arguments {
  /// A number of threads, at least one.
  func threads(_ option: Option<Int>) throws(UsageError) -> Int {
    let count = value(option)
    guard (1...1024).contains(count) else {
      throw .rule("--threads should lie in 1...1024, but is \(count).")
    }
    return count
  }
}
